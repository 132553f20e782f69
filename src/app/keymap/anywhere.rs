//! Commands that work anywhere.

use crate::app::command::{Command, Scope, always};
use crate::app::cx::{Go, Pane};
use crate::app::door;
use crate::app::event::Effect;
use crate::app::giving;
use crate::app::layers::chooser::{Chooser, Entry};
use crate::app::layers::then::Then;
use crate::app::layers::{Layer, Reading};
use crate::app::rooms::Rooms;
use crate::app::transfers;
use crate::domain::text::{Lang, t};

/// The rows.
pub static COMMANDS: &[Command] = &[
    Command {
        scope: Scope::Anywhere,
        name: "search",
        code: 9001,
        keys: &["F2"],
        label: t("查找", "Search"),
        help: t("查找客户", "Search customers"),
        bar: 2,
        enabled: always,
        run: |r| r.go(Go::Focus(Pane::Search)),
    },
    Command {
        scope: Scope::Anywhere,
        name: "archive",
        code: 9002,
        keys: &["F3"],
        label: t("档案", "Archive"),
        help: t("看客户档案", "Show the archive"),
        bar: 3,
        enabled: always,
        run: show_archive,
    },
    Command {
        scope: Scope::Anywhere,
        name: "board",
        code: 9003,
        keys: &["F6"],
        label: t("看板", "Board"),
        help: t("看分级看板", "Show the tier board"),
        bar: 6,
        enabled: always,
        run: |r| r.go(Go::Focus(Pane::Board)),
    },
    Command {
        scope: Scope::Anywhere,
        name: "today",
        code: 9004,
        keys: &["F7"],
        label: t("今日", "Today"),
        help: t("看今日任务", "Show today's queue"),
        bar: 7,
        enabled: always,
        run: |r| r.go(Go::Focus(Pane::Agenda)),
    },
    Command {
        scope: Scope::Anywhere,
        name: "help",
        code: 9005,
        keys: &["F1", "?"],
        label: t("帮助", "Help"),
        help: t("这一屏的按键，可输入查找", "The keys of this screen, searchable"),
        bar: 1,
        enabled: always,
        run: |r| r.go(Go::Help),
    },
    Command {
        scope: Scope::Anywhere,
        name: "menu",
        code: 9006,
        keys: &["F9"],
        label: t("菜单", "Menu"),
        help: t("全部功能，可输入代码、汉字或拼音首字母", "Everything, by code, word or pinyin initials"),
        bar: 9,
        enabled: always,
        run: |r| r.go(Go::Palette),
    },
    Command {
        scope: Scope::Anywhere,
        name: "palette",
        code: 9007,
        keys: &["C-p", ":"],
        label: t("命令", "Command"),
        help: t("输入命令", "Type a command"),
        bar: 20,
        enabled: always,
        run: |r| r.go(Go::Palette),
    },
    Command {
        scope: Scope::Anywhere,
        name: "refresh",
        code: 9008,
        keys: &["F5"],
        label: t("刷新", "Refresh"),
        help: t("重新读取", "Read anew"),
        bar: 5,
        enabled: always,
        run: |r| r.go(Go::Refresh),
    },
    Command {
        scope: Scope::Anywhere,
        name: "new",
        code: 9101,
        keys: &["C-n"],
        label: t("新客户", "New"),
        help: t("新建客户，六项即可", "A new customer in six fields"),
        bar: 12,
        enabled: always,
        run: |r| r.go(Go::New),
    },
    Command {
        scope: Scope::Anywhere,
        name: "log",
        code: 9102,
        keys: &["C-l"],
        label: t("记联络", "Log"),
        help: t("给当前客户记一次联络", "Log a contact with the customer under the cursor"),
        bar: 0,
        enabled: has_current,
        run: |r| r.go(Go::Log),
    },
    Command {
        scope: Scope::Anywhere,
        name: "handover",
        code: 9103,
        keys: &["C-o"],
        label: t("交接", "Hand over"),
        help: t("把当前客户的事转给同事，附一句理由", "Hand the customer's matter to a colleague with a reason"),
        bar: 0,
        enabled: has_current,
        run: |r| r.go(Go::HandOver),
    },
    Command {
        scope: Scope::Anywhere,
        name: "task",
        code: 9104,
        keys: &["C-k"],
        label: t("自办", "Own task"),
        help: t("给自己记一件带日期的事，可重复", "A task of one's own with a date; it may repeat"),
        bar: 0,
        enabled: always,
        run: |r| r.go(Go::NewTask),
    },
    Command {
        scope: Scope::Anywhere,
        name: "park",
        code: 9105,
        keys: &["C-t"],
        label: t("挂起", "Park"),
        help: t(
            "挂起未保存的表单；没有未保存的就取回一张",
            "Park the unsaved form; with none unsaved, take one up again",
        ),
        bar: 0,
        enabled: always,
        run: |r| r.go(Go::Park),
    },
    Command {
        scope: Scope::Anywhere,
        name: "follow",
        code: 9106,
        keys: &["C-f"],
        label: t("关注", "Follow"),
        help: t("关注或不再关注当前客户", "Follow the customer under the cursor, or no longer"),
        bar: 0,
        enabled: has_current,
        run: |r| r.go(Go::Follow),
    },
    Command {
        scope: Scope::Anywhere,
        name: "copy",
        code: 9107,
        keys: &["C-y"],
        label: t("复制", "Copy"),
        help: t("复制当前客户的客户号和姓名", "Copy number and name of the customer under the cursor"),
        bar: 0,
        enabled: has_current,
        run: copy,
    },
    Command {
        scope: Scope::Anywhere,
        name: "hide",
        code: 9201,
        keys: &["F12"],
        label: t("遮挡", "Cover"),
        help: t(
            "客户看得到屏幕时遮住别人的姓名、金额、号码和备注；再按一次打开",
            "Cover others' names, sums, numbers and notes while the customer looks on; again uncovers",
        ),
        bar: 11,
        enabled: always,
        run: door::cover,
    },
    Command {
        scope: Scope::Anywhere,
        name: "lock",
        code: 9202,
        keys: &["F10"],
        label: t("锁屏", "Lock"),
        help: t(
            "锁屏：什么都看不到，凭密码返回（没有密码按 Enter）",
            "Lock: nothing is to be seen, the password brings it back (Enter without one)",
        ),
        bar: 10,
        enabled: always,
        run: door::lock,
    },
    Command {
        scope: Scope::Anywhere,
        name: "messages",
        code: 9203,
        keys: &["C-g"],
        label: t("消息", "Messages"),
        help: t("看这次开机以来的全部消息", "All messages of this sitting"),
        bar: 0,
        enabled: always,
        run: messages,
    },
    Command {
        scope: Scope::Anywhere,
        name: "lang",
        code: 9204,
        keys: &["C-e"],
        label: t("English", "中文"),
        help: t("换成英文界面", "Switch the screen to Chinese"),
        bar: 0,
        enabled: always,
        run: |r| {
            let next = if r.shared.lang == Lang::Zh { Lang::En } else { Lang::Zh };
            r.go(Go::Lang(next));
        },
    },
    Command {
        scope: Scope::Anywhere,
        name: "theme",
        code: 9205,
        keys: &[],
        label: t("配色", "Theme"),
        help: t("换配色", "Change the colours"),
        bar: 0,
        enabled: always,
        run: themes,
    },
    Command {
        scope: Scope::Anywhere,
        name: "me",
        code: 9206,
        keys: &["F11", "A-u"],
        label: t("换人", "Who"),
        help: t(
            "换一位同事使用这台机器；没存的表单各归各的",
            "Another colleague works here; unsaved forms stay with whose they are",
        ),
        bar: 0,
        enabled: always,
        run: door::switch,
    },
    Command {
        scope: Scope::Anywhere,
        name: "password",
        code: 9210,
        keys: &[],
        label: t("改密码", "Password"),
        help: t("改自己的登录密码", "Change one's own password"),
        bar: 0,
        enabled: |r| r.shared.me.is_some() && !r.shared.read_only() && !r.shared.start.demo,
        run: door::own,
    },
    Command {
        scope: Scope::Anywhere,
        name: "suspend",
        code: 9207,
        keys: &["C-z"],
        label: t("暂离", "Suspend"),
        help: t("回到命令行，fg 返回", "Back to the shell; fg returns"),
        bar: 0,
        enabled: always,
        run: |r| r.out.effects.push(Effect::Suspend),
    },
    Command {
        scope: Scope::Anywhere,
        name: "back",
        code: 9208,
        keys: &[],
        label: t("返回", "Back"),
        help: t("退回上一步", "One step back"),
        bar: 0,
        enabled: always,
        run: |r| r.go(Go::Back),
    },
    Command {
        scope: Scope::Anywhere,
        name: "quit",
        code: 9209,
        keys: &["C-q"],
        label: t("退出", "Quit"),
        help: t("退出程序", "Leave the program"),
        bar: 21,
        enabled: always,
        run: |r| r.go(Go::Quit),
    },
    Command {
        scope: Scope::Anywhere,
        name: "transfer",
        code: 9401,
        keys: &["C-b"],
        label: t("移交", "Transfer"),
        help: t(
            "把当前客户移交给同事，对方接受才换责任人",
            "Hand the customer to another keeper, who accepts or refuses",
        ),
        bar: 0,
        enabled: has_current,
        run: transfers::propose,
    },
    Command {
        scope: Scope::Anywhere,
        name: "orphans",
        code: 9402,
        keys: &[],
        label: t("无人维护", "Unkept"),
        help: t("没有责任人、责任人已离岗、移交逾期、岗位不对的客户", "Customers without the right keeper, and why"),
        bar: 0,
        enabled: transfers::heads,
        run: transfers::orphans,
    },
    Command {
        scope: Scope::Anywhere,
        name: "slip",
        code: 9403,
        keys: &[],
        label: t("转介单", "Slip"),
        help: t("打印当前移交的转介单", "Print the slip of the hand-over under the cursor"),
        bar: 0,
        enabled: |r| transfers::current(r).is_some(),
        run: |r| {
            if let Some(item) = transfers::current(r) {
                transfers::chosen(r, &item, "slip");
            }
        },
    },
    Command {
        scope: Scope::Anywhere,
        name: "assign.put_back",
        code: 9404,
        keys: &[],
        label: t("恢复分户", "Put back"),
        help: t("把刚才整批换的责任人恢复回去", "Put the keepers of the last batch back"),
        bar: 0,
        enabled: |r| !r.assigned.is_empty(),
        run: giving::put_back,
    },
    Command {
        scope: Scope::Anywhere,
        name: "delegate",
        code: 9405,
        keys: &[],
        label: t("代理", "Stand in"),
        help: t("不在岗的几天由同事代理，或结束代理", "A colleague stands in for some days, or no longer"),
        bar: 0,
        enabled: |r| r.shared.me.is_some(),
        run: transfers::delegate,
    },
    Command {
        scope: Scope::Anywhere,
        name: "support",
        code: 9407,
        keys: &[],
        label: t("请协助", "Support"),
        help: t(
            "打印大客户的协助申请单，交个人金融部",
            "Print the paper that asks head office to help with a big customer",
        ),
        bar: 0,
        enabled: transfers::is_big,
        run: transfers::support,
    },
    Command {
        scope: Scope::Anywhere,
        name: "leave",
        code: 9406,
        keys: &[],
        label: t("离岗移交", "Leaving"),
        help: t(
            "同事离岗：客户和任务全部移交，先看再办",
            "A colleague leaves: all customers and tasks go over, shown first",
        ),
        bar: 0,
        enabled: transfers::dismisses,
        run: transfers::who_leaves,
    },
    Command {
        scope: Scope::Anywhere,
        name: "duplicates",
        code: 9501,
        keys: &[],
        label: t("疑似重复", "Duplicates"),
        help: t("可能是同一人的档案：并排核对、合并、拆开", "Archives that may be one person's: compare, merge, part"),
        bar: 0,
        enabled: |r| r.shared.me.is_some(),
        run: crate::app::twins::find,
    },
    Command {
        scope: Scope::Anywhere,
        name: "rights",
        code: 9702,
        keys: &[],
        label: t("权限", "Rights"),
        help: t(
            "本岗位能做什么、到什么范围，不能做的可请谁",
            "What your post may do and how far, and whom to ask for the rest",
        ),
        bar: 0,
        enabled: |r| r.shared.me.is_some(),
        run: crate::app::rights::show,
    },
    Command {
        scope: Scope::Anywhere,
        name: "audit",
        code: 9701,
        keys: &[],
        label: t("变更日志", "Change log"),
        help: t(
            "谁看过、改过、导出过什么：按客户、员工、日期、动作查",
            "Who saw, changed and exported what, by customer, staff, day, action",
        ),
        bar: 0,
        enabled: crate::app::audit::may,
        run: crate::app::audit::show,
    },
];

fn has_current(r: &Rooms) -> bool {
    r.current().is_some()
}

fn show_archive(r: &mut Rooms) {
    match r.current() {
        // From a list F3 opens whom the cursor stands on.
        Some((id, ..)) if r.focus != Pane::Archive => r.go(Go::Open(id, true)),
        _ => r.go(Go::Focus(Pane::Archive)),
    }
}

fn copy(r: &mut Rooms) {
    let Some((id, name, _)) = r.current() else { return };
    let no = r.shared.index.as_ref().and_then(|i| i.row(id)).map(|row| row.no).unwrap_or_default();
    r.shared.look(|line| line.of(id).to("no name"), crate::domain::access::Action::Copy);
    r.out.effects.push(Effect::Copy(format!("{no} {name}").trim().to_owned()));
    r.with(|cx| cx.note(t("已复制客户号和姓名", "Copied number and name")));
}

fn messages(r: &mut Rooms) {
    let lines =
        r.shared.messages.all().iter().rev().map(|m| format!("{}  {}", m.at.format("%H:%M:%S"), m.text)).collect();
    let title = r.shared.say(t("消息", "Messages")).to_owned();
    r.layers.push(Layer::Reading(Reading { title, lines, top: 0, print: None }));
}

fn themes(r: &mut Rooms) {
    let names = [
        ("dark", t("深色", "Dark")),
        ("light", t("浅色", "Light")),
        ("high-contrast", t("高对比", "High contrast")),
        ("mono", t("单色", "Monochrome")),
        ("green", t("绿屏", "Green screen")),
    ];
    let entries = names.iter().map(|(code, label)| Entry::new(*code, label.get(r.shared.lang), "")).collect();
    let title = r.shared.say(t("配色", "Theme"));
    r.layers.push(Layer::Chooser(Chooser::new(title, entries, Then::Theme).at(&r.shared.theme)));
}

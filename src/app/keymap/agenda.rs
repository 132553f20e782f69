//! Commands of the queue. Letters work while no filter is typed; each has a code, and most an F-key or arrow, for when an IME is on.

use crate::app::command::{Command, Scope};
use crate::app::cx::{Go, Pane};
use crate::app::panes::agenda::rows::View;
use crate::app::panes::agenda::transfer;
use crate::app::rooms::Rooms;
use crate::app::transfers;
use crate::domain::agenda::{Detail, Source};
use crate::domain::text::t;

const HERE: Scope = Scope::In(Pane::Agenda);

fn free(r: &Rooms) -> bool {
    !r.agenda.typing()
}

/// A line is under the cursor; its F-keys work also while a filter is typed.
fn on_line(r: &Rooms) -> bool {
    r.agenda.current().is_some()
}

/// A line is under the cursor, and letters and editing keys are not text.
fn line(r: &Rooms) -> bool {
    free(r) && on_line(r)
}

/// A line, or a contract of the wall, for which a contact can be logged.
fn doable(r: &Rooms) -> bool {
    on_line(r) || r.agenda.brick().is_some()
}

/// A contract that matures is under the cursor, on the wall or in the queue.
fn contract(r: &Rooms) -> bool {
    free(r) && r.agenda.contract().is_some()
}

fn own(r: &Rooms) -> bool {
    free(r) && r.agenda.current().is_some_and(|i| i.source == Source::Own)
}

/// A hand-over that the one who works here answers.
fn answers(r: &Rooms) -> bool {
    free(r)
        && r.agenda
            .current()
            .is_some_and(|i| matches!(&i.detail, Detail::Transfer(x) if transfer::answers(&r.shared, x)))
}

fn choose(r: &mut Rooms, code: &str) {
    if let Some(item) = r.agenda.current().cloned() {
        transfers::chosen(r, &item, code);
    }
}

/// The rows.
pub static COMMANDS: &[Command] = &[
    Command {
        scope: HERE,
        name: "agenda.log",
        code: 4001,
        keys: &["F8", "c"],
        label: t("完成", "Do"),
        help: t(
            "做完这一条：记联络（渠道、结果、备注、Enter）；自办直接完成",
            "Do the line: log a contact (channel, outcome, note, Enter); an own task is done at once",
        ),
        bar: 8,
        enabled: doable,
        run: |r| r.in_agenda(|p, cx| p.log(cx)),
    },
    Command {
        scope: HERE,
        name: "agenda.done",
        code: 4002,
        keys: &["d"],
        label: t("已办", "Done"),
        help: t("不记联络，直接标为已办（如礼品已送）", "Done without a contact, at once (a gift was sent, say)"),
        bar: 0,
        enabled: line,
        run: |r| r.in_agenda(|p, cx| p.finish(cx)),
    },
    Command {
        scope: HERE,
        name: "agenda.snooze",
        code: 4003,
        keys: &["s"],
        label: t("推迟", "Snooze"),
        help: t("推迟到某天，写一句理由", "Put off until a day, with a reason"),
        bar: 13,
        enabled: line,
        run: |r| r.in_agenda(|p, cx| p.snooze(cx)),
    },
    Command {
        scope: HERE,
        name: "agenda.hand_on",
        code: 4004,
        keys: &["F4", "h"],
        label: t("转办", "Hand on"),
        help: t("把这一条转给同事，写一句理由", "Hand the line on to a colleague, with a reason"),
        bar: 4,
        enabled: on_line,
        run: |r| r.in_agenda(|p, cx| p.hand_on(cx)),
    },
    Command {
        scope: HERE,
        name: "agenda.cancel",
        code: 4005,
        keys: &["x", "Delete"],
        label: t("取消", "Cancel"),
        help: t("这一条不办了，写一句理由", "The line will not be done; say why"),
        bar: 14,
        enabled: line,
        run: |r| r.in_agenda(|p, cx| p.cancel(cx)),
    },
    Command {
        scope: HERE,
        name: "agenda.take_back",
        code: 4009,
        keys: &["u", "C-z"],
        label: t("取回", "Take back"),
        help: t(
            "取回刚才办的、推迟的、转办的、取消的",
            "Take back the last line done, put off, handed on or cancelled",
        ),
        bar: 0,
        enabled: free,
        run: |r| r.in_agenda(|p, cx| p.take_back(cx)),
    },
    Command {
        scope: HERE,
        name: "agenda.accept",
        code: 4011,
        keys: &["y"],
        label: t("接受", "Accept"),
        help: t(
            "接受移交，从此做责任人；F8 还有拒绝、打印",
            "Accept the hand-over and keep the customer; F8 has the rest",
        ),
        bar: 0,
        enabled: answers,
        run: |r| choose(r, "accept"),
    },
    Command {
        scope: HERE,
        name: "agenda.refuse",
        code: 4012,
        keys: &["n"],
        label: t("拒绝", "Refuse"),
        help: t("拒绝移交，写一句理由，退回移出人", "Refuse the hand-over with a reason; it goes back to the giver"),
        bar: 0,
        enabled: answers,
        run: |r| choose(r, "refuse"),
    },
    Command {
        scope: HERE,
        name: "agenda.task",
        code: 4006,
        keys: &["a", "Insert"],
        label: t("自办", "Own task"),
        help: t("给自己记一件带日期的事，可重复", "A task of one's own with a date; it may repeat"),
        bar: 15,
        enabled: free,
        run: |r| r.go(Go::NewTask),
    },
    Command {
        scope: HERE,
        name: "agenda.edit",
        code: 4007,
        keys: &["e"],
        label: t("修改", "Change"),
        help: t("修改自办事项的事由、日期、重复", "Change text, date or rhythm of a task of one's own"),
        bar: 0,
        enabled: own,
        run: |r| r.in_agenda(|p, cx| p.edit(cx)),
    },
    Command {
        scope: HERE,
        name: "agenda.print",
        code: 4008,
        keys: &["p"],
        label: t("打印", "Print"),
        help: t("看要打印的任务清单，F8 存成文件", "The list as it will be printed; F8 writes the file"),
        bar: 0,
        enabled: |r| free(r) && !matches!(r.agenda.view, View::Month | View::Wall),
        run: |r| r.in_agenda(|p, cx| p.print(cx)),
    },
    Command {
        scope: HERE,
        name: "agenda.result",
        code: 4010,
        keys: &["r"],
        label: t("去向", "Result"),
        help: t(
            "记到期去向：续存、转理财、部分留存、流出",
            "What becomes of what matures: renewed, converted, partly kept, left",
        ),
        bar: 0,
        enabled: contract,
        run: |r| r.in_agenda(|p, cx| p.result(cx)),
    },
    Command {
        scope: HERE,
        name: "agenda.today",
        code: 4101,
        keys: &["t"],
        label: t("今天", "Today"),
        help: t("看今天：逾期、今天、三天内", "Today: overdue, today, the next three days"),
        bar: 0,
        enabled: free,
        run: |r| r.in_agenda(|p, cx| p.show(View::Today, cx)),
    },
    Command {
        scope: HERE,
        name: "agenda.week",
        code: 4102,
        keys: &["w"],
        label: t("本周", "Week"),
        help: t("看一周七天；左右键换周", "The seven days of a week; left and right change it"),
        bar: 16,
        enabled: free,
        run: |r| r.in_agenda(|p, cx| p.show(View::Week, cx)),
    },
    Command {
        scope: HERE,
        name: "agenda.month",
        code: 4103,
        keys: &["m"],
        label: t("月历", "Month"),
        help: t(
            "看月历：农历、节假日、每天几件；Enter 看那一天",
            "The month: lunar days, holidays, lines a day; Enter shows the day",
        ),
        bar: 17,
        enabled: free,
        run: |r| r.in_agenda(|p, cx| p.show(View::Month, cx)),
    },
    Command {
        scope: HERE,
        name: "agenda.wall",
        code: 4106,
        keys: &["b"],
        label: t("到期墙", "Maturities"),
        help: t(
            "到期墙：30 天内按天到期的合同、金额、责任人，续存率；Enter 看那一天",
            "The maturity wall: contracts, sums, keepers of the next 30 days, retained share; Enter shows the day",
        ),
        bar: 0,
        enabled: free,
        run: |r| r.in_agenda(|p, cx| p.show(View::Wall, cx)),
    },
    Command {
        scope: HERE,
        name: "agenda.scope",
        code: 4104,
        keys: &["Tab", "]"],
        label: t("范围", "Whose"),
        help: t("换范围：我的、团队、网点", "Whose lines: mine, my team's, the branch's"),
        bar: 18,
        enabled: free,
        run: |r| r.in_agenda(|p, cx| p.step_scope(1, cx)),
    },
    Command {
        scope: HERE,
        name: "agenda.scope_back",
        code: 4105,
        keys: &["S-Tab", "["],
        label: t("范围", "Whose"),
        help: t("换回上一个范围", "The scope before"),
        bar: 0,
        enabled: free,
        run: |r| r.in_agenda(|p, cx| p.step_scope(2, cx)),
    },
];

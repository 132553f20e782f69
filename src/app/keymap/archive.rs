//! Commands of the archive pane.

use crate::app::command::{Command, Scope, always};
use crate::app::cx::Pane;
use crate::app::panes::archive::tabs::Tab;
use crate::app::rooms::Rooms;
use crate::domain::text::t;

const HERE: Scope = Scope::In(Pane::Archive);

fn open(r: &Rooms) -> bool {
    r.archive.opened().is_some()
}

fn on_card(r: &Rooms) -> bool {
    open(r) && !r.archive.typing()
}

fn on_list(r: &Rooms) -> bool {
    on_card(r) && matches!(r.archive.tab, Tab::Kin | Tab::Links)
}

/// The rows.
pub static COMMANDS: &[Command] = &[
    Command {
        scope: HERE,
        name: "archive.save",
        code: 2001,
        keys: &["F8", "C-s"],
        label: t("保存", "Save"),
        help: t("保存改动", "Save the changes"),
        bar: 8,
        enabled: open,
        run: |r| r.in_archive(|p, cx| p.save(cx)),
    },
    Command {
        scope: HERE,
        name: "archive.pick",
        code: 2002,
        keys: &["F4"],
        label: t("选项", "Choices"),
        help: t("列出这一项的可选值", "List the choices of the field"),
        bar: 4,
        enabled: |r| open(r) && matches!(r.archive.tab, Tab::Group(_)),
        run: |r| r.in_archive(|p, cx| p.pick(cx)),
    },
    Command {
        scope: HERE,
        name: "archive.undo",
        code: 2003,
        keys: &["C-z"],
        label: t("撤销", "Undo"),
        help: t("撤销上一项改动", "Take back the last step"),
        bar: 0,
        enabled: open,
        run: |r| r.in_archive(|p, cx| p.undo(cx)),
    },
    Command {
        scope: HERE,
        name: "archive.redo",
        code: 2004,
        keys: &["C-y"],
        label: t("重做", "Redo"),
        help: t("重做撤销的改动", "Make an undone step again"),
        bar: 0,
        enabled: |r| r.archive.typing(),
        run: |r| r.in_archive(|p, cx| p.redo(cx)),
    },
    Command {
        scope: HERE,
        name: "archive.log",
        code: 2005,
        keys: &["c"],
        label: t("记联络", "Log"),
        help: t("记一次联络：渠道、结果、备注、Enter", "Log a contact: channel, outcome, note, Enter"),
        bar: 13,
        enabled: on_card,
        run: |r| r.in_archive(|p, cx| p.log(cx)),
    },
    Command {
        scope: HERE,
        name: "archive.next",
        code: 2006,
        keys: &["PgDn"],
        label: t("后一页", "Next tab"),
        help: t("后一页", "The next tab"),
        bar: 0,
        enabled: |r| open(r) && matches!(r.archive.tab, Tab::Group(_)),
        run: |r| r.in_archive(|p, cx| p.step_tab(1, cx)),
    },
    Command {
        scope: HERE,
        name: "archive.previous",
        code: 2007,
        keys: &["PgUp"],
        label: t("前一页", "Previous tab"),
        help: t("前一页", "The previous tab"),
        bar: 0,
        enabled: |r| open(r) && matches!(r.archive.tab, Tab::Group(_)),
        run: |r| r.in_archive(|p, cx| p.step_tab(-1, cx)),
    },
    Command {
        scope: HERE,
        name: "archive.kin",
        code: 2011,
        keys: &["A-9"],
        label: t("家人", "Kin"),
        help: t("看家庭成员和每年的日子", "Family members and yearly occasions"),
        bar: 0,
        enabled: open,
        run: |r| r.in_archive(|p, cx| p.show_tab(Tab::Kin, cx)),
    },
    Command {
        scope: HERE,
        name: "archive.links",
        code: 2012,
        keys: &["A-0", "0"],
        label: t("人脉", "Links"),
        help: t("看人脉和记事", "Links and remarks"),
        bar: 0,
        enabled: on_card,
        run: |r| r.in_archive(|p, cx| p.show_tab(Tab::Links, cx)),
    },
    Command {
        scope: HERE,
        name: "archive.contacts",
        code: 2013,
        keys: &["l"],
        label: t("联络", "Contacts"),
        help: t("看维护台账", "The ledger"),
        bar: 0,
        enabled: on_card,
        run: |r| r.in_archive(|p, cx| p.show_tab(Tab::Contacts, cx)),
    },
    Command {
        scope: HERE,
        name: "archive.assets",
        code: 2014,
        keys: &["m"],
        label: t("资产", "Assets"),
        help: t("看资产变化", "Assets over time"),
        bar: 0,
        enabled: on_card,
        run: |r| r.in_archive(|p, cx| p.show_tab(Tab::Assets, cx)),
    },
    Command {
        scope: HERE,
        name: "archive.changes",
        code: 2015,
        keys: &["h"],
        label: t("变更", "Changes"),
        help: t("看谁改过什么，Enter 恢复一项", "Who changed what; Enter puts a field back"),
        bar: 0,
        enabled: on_card,
        run: |r| r.in_archive(|p, cx| p.show_tab(Tab::Changes, cx)),
    },
    Command {
        scope: HERE,
        name: "archive.add",
        code: 2021,
        keys: &["Insert", "a"],
        label: t("添加", "Add"),
        help: t("添加家人、日子、人脉、记事", "Add a family member, occasion, link or remark"),
        bar: 14,
        enabled: on_card,
        run: |r| r.in_archive(|p, cx| p.add_part(cx)),
    },
    Command {
        scope: HERE,
        name: "archive.remove",
        code: 2022,
        keys: &["Delete"],
        label: t("删除", "Remove"),
        help: t("删除光标所在的一行", "Remove the row under the cursor"),
        bar: 0,
        enabled: on_list,
        run: |r| r.in_archive(|p, cx| p.remove_part(cx)),
    },
    Command {
        scope: HERE,
        name: "archive.linked",
        code: 2023,
        keys: &["o"],
        label: t("打开关联", "Open linked"),
        help: t("打开这一行关联的客户", "Open the archive that the row is linked to"),
        bar: 0,
        enabled: on_list,
        run: |r| r.in_archive(|p, cx| p.open_linked(cx)),
    },
    Command {
        scope: HERE,
        name: "archive.verified",
        code: 2024,
        keys: &["v"],
        label: t("已核对", "Verified"),
        help: t("今天核对过，资料无变化", "Verified today, nothing changed"),
        bar: 0,
        enabled: on_card,
        run: |r| r.in_archive(|p, cx| p.verified(cx)),
    },
    Command {
        scope: HERE,
        name: "archive.hold",
        code: 2025,
        keys: &["t"],
        label: t("定级", "Hold tier"),
        help: t("人工定级，写理由和到期日", "Hold the tier by hand, with a reason and an end"),
        bar: 0,
        enabled: on_card,
        run: |r| r.go(crate::app::cx::Go::Hold),
    },
    Command {
        scope: HERE,
        name: "archive.keeper",
        code: 2026,
        keys: &["k"],
        label: t("换责任人", "Keeper"),
        help: t("换责任人", "Give the customer to another keeper"),
        bar: 0,
        enabled: on_card,
        run: |r| r.go(crate::app::cx::Go::Keeper),
    },
    Command {
        scope: HERE,
        name: "archive.new",
        code: 2027,
        keys: &["n"],
        label: t("新客户", "New"),
        help: t("新建客户", "A new customer"),
        bar: 0,
        enabled: |r| !r.archive.typing(),
        run: |r| r.go(crate::app::cx::Go::New),
    },
    Command {
        scope: HERE,
        name: "archive.drop",
        code: 2028,
        keys: &["C-d"],
        label: t("放弃", "Discard"),
        help: t("放弃没有保存的修改", "Discard what is not saved"),
        bar: 0,
        enabled: always,
        run: |r| {
            r.archive.in_form = false;
            r.in_archive(|p, cx| {
                p.back(cx);
            });
        },
    },
];

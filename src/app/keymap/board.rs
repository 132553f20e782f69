//! Commands of the tier board. Letters that are none of these start a search of the column.

use crate::app::command::{Command, Scope, always};
use crate::app::cx::{Go, Pane};
use crate::app::rooms::Rooms;
use crate::app::transfers;
use crate::domain::text::t;

const HERE: Scope = Scope::In(Pane::Board);

fn on_somebody(r: &Rooms) -> bool {
    r.board.current().is_some()
}

/// The rows.
pub static COMMANDS: &[Command] = &[
    Command {
        scope: HERE,
        name: "board.group",
        code: 3001,
        keys: &["F4", "g"],
        label: t("分列", "Group"),
        help: t("按分级、责任人、片区或生命周期分列", "Columns by tier, keeper, area or life cycle"),
        bar: 4,
        enabled: always,
        run: |r| r.in_board(|p, cx| p.group(cx)),
    },
    Command {
        scope: HERE,
        name: "board.up",
        code: 3002,
        keys: &["u"],
        label: t("临界升", "Near up"),
        help: t("列出快升级的客户，Esc 返回", "Those near the next tier; Esc goes back"),
        bar: 13,
        enabled: always,
        run: |r| r.in_board(|p, cx| p.list_near(true, cx)),
    },
    Command {
        scope: HERE,
        name: "board.down",
        code: 3003,
        keys: &["d"],
        label: t("临界降", "Near down"),
        help: t("列出快降级的客户，Esc 返回", "Those near falling to the tier below; Esc goes back"),
        bar: 14,
        enabled: always,
        run: |r| r.in_board(|p, cx| p.list_near(false, cx)),
    },
    Command {
        scope: HERE,
        name: "board.keeper",
        code: 3004,
        keys: &["k"],
        label: t("换责任人", "Keeper"),
        help: t("换责任人；选了几位就一起换", "Another keeper, for all those marked at once"),
        bar: 15,
        enabled: |r| on_somebody(r) || r.board.marks() > 0,
        run: |r| r.in_board(|p, cx| p.keeper(cx)),
    },
    Command {
        scope: HERE,
        name: "board.mark",
        code: 3005,
        keys: &["s"],
        label: t("选择", "Mark"),
        help: t("选上或取消当前客户，Esc 全部取消", "Mark the customer or no longer; Esc takes all marks off"),
        bar: 16,
        enabled: on_somebody,
        run: |r| r.in_board(|p, cx| p.mark(cx)),
    },
    Command {
        scope: HERE,
        name: "board.hold",
        code: 3006,
        keys: &["t"],
        label: t("定级", "Hold tier"),
        help: t("人工定级，写理由和到期日", "Hold the tier by hand, with a reason and an end"),
        bar: 17,
        enabled: on_somebody,
        run: |r| r.in_board(|p, cx| p.hold(cx)),
    },
    Command {
        scope: HERE,
        name: "board.trial",
        code: 3011,
        keys: &["i"],
        label: t("试算", "Trial"),
        help: t("试算：分级线改了谁会升降，不保存", "Who would move if the lines were others; nothing is saved"),
        bar: 19,
        enabled: |r| r.board.figures.is_some(),
        run: |r| r.in_board(|p, cx| p.trial(cx)),
    },
    Command {
        scope: HERE,
        name: "board.log",
        code: 3007,
        keys: &["c"],
        label: t("记联络", "Log"),
        help: t("记一次联络：渠道、结果、备注、Enter", "Log a contact: channel, outcome, note, Enter"),
        bar: 18,
        enabled: on_somebody,
        run: |r| r.go(Go::Log),
    },
    Command {
        scope: HERE,
        name: "board.assign",
        code: 3008,
        keys: &["F8"],
        label: t("分户", "Assign"),
        help: t(
            "看选上的客户按规则该归谁，再一次分好",
            "Who would keep those marked by the rules; then give them all at once",
        ),
        bar: 8,
        enabled: |r| transfers::heads(r) && (on_somebody(r) || r.board.marks() > 0),
        run: |r| {
            let ids = r.board.chosen_ones();
            transfers::plan(r, ids);
        },
    },
];

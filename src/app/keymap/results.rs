//! Commands that show what the branch's facts come to.

use crate::app::command::{Command, Scope};
use crate::app::results;
use crate::app::rooms::Rooms;
use crate::domain::text::t;

/// The rows.
pub static COMMANDS: &[Command] = &[
    Command {
        scope: Scope::Anywhere,
        name: "outflow",
        code: 9601,
        keys: &[],
        label: t("转他行", "Outflow"),
        help: t(
            "钱转去了哪些银行：按银行排名，可看到责任人和客户",
            "Which banks the money went to, ranked; down to keeper and customer",
        ),
        bar: 0,
        enabled: somebody,
        run: results::outflow,
    },
    Command {
        scope: Scope::Anywhere,
        name: "loyal",
        code: 9602,
        keys: &[],
        label: t("合作与复贷", "Repeat loans"),
        help: t(
            "合作满三年的借款客户名单，各责任人的复贷率和增减",
            "Borrowers of three years and more, and each keeper's repeat-loan rate",
        ),
        bar: 0,
        enabled: somebody,
        run: results::loyal,
    },
    Command {
        scope: Scope::Anywhere,
        name: "targets",
        code: 9603,
        keys: &[],
        label: t("工作目标", "Targets"),
        help: t(
            "本月工作目标和完成进度：联络、新客户、升级、续存率",
            "This month's targets and how far they are: contacts, new, lifted, kept",
        ),
        bar: 0,
        enabled: somebody,
        run: results::targets,
    },
    Command {
        scope: Scope::Anywhere,
        name: "credit",
        code: 9604,
        keys: &[],
        label: t("转介业绩", "Credit"),
        help: t(
            "本月被接受的移交：引荐人和承接人各得多少",
            "Hand-overs accepted this month, split between who brought and who took the customer",
        ),
        bar: 0,
        enabled: somebody,
        run: results::credit,
    },
];

fn somebody(r: &Rooms) -> bool {
    r.shared.me.is_some()
}

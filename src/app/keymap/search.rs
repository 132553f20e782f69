//! Commands of the search pane. Letters and digits go into its box, so these have F-keys and Ctrl.

use crate::app::command::{Command, Scope, always};
use crate::app::cx::Pane;
use crate::domain::text::t;

const HERE: Scope = Scope::In(Pane::Search);

/// The rows.
pub static COMMANDS: &[Command] = &[
    Command {
        scope: HERE,
        name: "search.filters",
        code: 1001,
        keys: &["F4"],
        label: t("筛选", "Filters"),
        help: t("选一个筛选", "Choose a filter"),
        bar: 4,
        enabled: always,
        run: |r| r.in_search(|p, cx| p.filters(cx)),
    },
    Command {
        scope: HERE,
        name: "search.sort",
        code: 1002,
        keys: &["C-r"],
        label: t("排序", "Order"),
        help: t("换排序", "Change the order"),
        bar: 0,
        enabled: always,
        run: |r| r.in_search(|p, cx| p.sorts(cx)),
    },
    Command {
        scope: HERE,
        name: "search.keep",
        code: 1003,
        keys: &["F8", "C-s"],
        label: t("存筛选", "Keep"),
        help: t("把输入的内容存成自己的筛选", "Keep what is typed as a filter of one's own"),
        bar: 8,
        enabled: |r| !r.search.line.is_empty(),
        run: |r| r.in_search(|p, cx| p.keep_filter(cx)),
    },
];

//! Words of the frame: the bar, the names of the panes, how wide they are.

use super::command::Command;
use super::cx::Pane;
use crate::domain::text::{Lang, Text, t};
use unicode_width::UnicodeWidthStr;

/// The word of a command in the bar and how many cells it takes.
pub fn bar_word(command: &Command, lang: Lang) -> (String, u16) {
    let word = format!("{}{}", command.key_name(), command.label.get(lang));
    let cells = u16::try_from(word.width()).unwrap_or(u16::MAX);
    (word, cells)
}

/// The name of a pane.
pub const fn pane(pane: Pane) -> Text {
    match pane {
        Pane::Search => t("查找", "Search"),
        Pane::Archive => t("档案", "Archive"),
        Pane::Board => t("看板", "Board"),
        Pane::Agenda => t("今日", "Today"),
    }
}

/// The key that gives a pane the focus.
pub const fn pane_key(pane: Pane) -> &'static str {
    match pane {
        Pane::Search => "F2",
        Pane::Archive => "F3",
        Pane::Board => "F6",
        Pane::Agenda => "F7",
    }
}

/// Cells that the tab of a pane takes on a narrow screen.
pub fn tab_width(which: Pane, lang: Lang) -> u16 {
    u16::try_from(pane_key(which).width() + pane(which).get(lang).width() + 2).unwrap_or(u16::MAX)
}

//! The tabs of the archive: the eight groups, then what hangs on it.

use crate::domain::field::Group;
use crate::domain::text::{Lang, Text, t};
use unicode_width::UnicodeWidthStr;

/// A tab.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tab {
    /// One of the eight groups.
    Group(Group),
    /// 家人: family members and yearly occasions.
    Kin,
    /// 人脉: links and remarks.
    Links,
    /// 联络: the ledger.
    Contacts,
    /// 资产: figures over time.
    Assets,
    /// 变更: who changed what.
    Changes,
}

impl Default for Tab {
    fn default() -> Tab {
        Tab::Group(Group::Basic)
    }
}

impl Tab {
    /// All tabs in order; the first nine have the digits 1 to 9.
    pub const ALL: [Tab; 13] = [
        Tab::Group(Group::Basic),
        Tab::Group(Group::Consumption),
        Tab::Group(Group::Education),
        Tab::Group(Group::Career),
        Tab::Group(Group::Family),
        Tab::Group(Group::Living),
        Tab::Group(Group::Interests),
        Tab::Group(Group::Circle),
        Tab::Kin,
        Tab::Links,
        Tab::Contacts,
        Tab::Assets,
        Tab::Changes,
    ];

    /// The word on it.
    pub const fn label(self) -> Text {
        match self {
            Tab::Group(g) => g.label(),
            Tab::Kin => t("家人", "Kin"),
            Tab::Links => t("人脉", "Links"),
            Tab::Contacts => t("联络", "Contacts"),
            Tab::Assets => t("资产", "Assets"),
            Tab::Changes => t("变更", "Changes"),
        }
    }

    /// The word on it with its digit, and the cells it takes.
    pub fn word(self, lang: Lang) -> (String, u16) {
        let at = Tab::ALL.iter().position(|x| *x == self).unwrap_or(0);
        let word =
            if at < 9 { format!("{}{}", at + 1, self.label().get(lang)) } else { self.label().get(lang).to_owned() };
        let cells = u16::try_from(word.width()).unwrap_or(u16::MAX);
        (word, cells)
    }

    /// The tab `by` places on, staying at the ends.
    pub fn step(self, by: isize) -> Tab {
        let at = Tab::ALL.iter().position(|x| *x == self).unwrap_or(0);
        Tab::ALL.get(at.saturating_add_signed(by).min(Tab::ALL.len() - 1)).copied().unwrap_or_default()
    }
}

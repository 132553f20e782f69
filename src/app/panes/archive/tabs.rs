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
    /// 持有: products held.
    Holdings,
    /// 贷款: loans and how they were repaid.
    Loans,
    /// 交易: transactions.
    Txns,
    /// 签约: services and ratings.
    Services,
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
    pub const ALL: [Tab; 17] = [
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
        Tab::Holdings,
        Tab::Loans,
        Tab::Txns,
        Tab::Services,
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
            Tab::Holdings => t("持有", "Holdings"),
            Tab::Loans => t("贷款", "Loans"),
            Tab::Txns => t("交易", "Entries"),
            Tab::Services => t("签约", "Services"),
            Tab::Assets => t("资产", "Assets"),
            Tab::Changes => t("变更", "Changes"),
        }
    }

    /// Whether it shows what the extracts say beyond the figures.
    pub const fn is_dealings(self) -> bool {
        matches!(self, Tab::Holdings | Tab::Loans | Tab::Txns | Tab::Services)
    }

    /// The word on it with its digit; a short one is only the beginning of it behind the digit.
    fn word(self, lang: Lang, short: bool) -> String {
        let at = Tab::ALL.iter().position(|x| *x == self).unwrap_or(0);
        let label = self.label().get(lang);
        let most = match (short && at < 9, lang) {
            (false, _) => usize::MAX,
            (true, Lang::Zh) => 1,
            (true, Lang::En) => 2,
        };
        let word = label.chars().take(most);
        if at < 9 { format!("{}{}", at + 1, word.collect::<String>()) } else { word.collect() }
    }

    /// The tab `by` places on, staying at the ends.
    pub fn step(self, by: isize) -> Tab {
        let at = Tab::ALL.iter().position(|x| *x == self).unwrap_or(0);
        Tab::ALL.get(at.saturating_add_signed(by).min(Tab::ALL.len() - 1)).copied().unwrap_or_default()
    }
}

/// A tab where it stands in the row of tabs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Placed {
    /// Which.
    pub tab: Tab,
    /// Cells from the left.
    pub x: u16,
    /// The word on it.
    pub word: String,
    /// Cells it takes.
    pub width: u16,
}

/// The row of tabs as it fits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Strip {
    /// The tabs that are seen.
    pub tabs: Vec<Placed>,
    /// There are more before them: a sign stands in the first cell.
    pub left: bool,
    /// There are more after them: a sign stands in the last cell.
    pub right: bool,
    width: u16,
}

/// What stands in a cell of the row of tabs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Hit {
    /// A tab.
    Tab(Tab),
    /// The sign that there are more before.
    Left,
    /// The sign that there are more after.
    Right,
}

impl Strip {
    /// What stands in a cell.
    pub fn at(&self, x: u16) -> Option<Hit> {
        if self.left && x == 0 {
            return Some(Hit::Left);
        }
        if self.right && x + 1 == self.width {
            return Some(Hit::Right);
        }
        self.tabs.iter().find(|p| (p.x..p.x + p.width).contains(&x)).map(|p| Hit::Tab(p.tab))
    }
}

/// The row of tabs in so many cells: whole words where they fit, else the groups not shown by their first character, else so many of
/// them that the one shown is among them.
pub fn strip(here: Tab, lang: Lang, width: u16) -> Strip {
    let cells = |s: &str| u16::try_from(s.width()).unwrap_or(u16::MAX);
    let words = |short: bool| -> Vec<(Tab, String, u16)> {
        let word = |tab: Tab| tab.word(lang, short && tab != here);
        Tab::ALL
            .into_iter()
            .map(|tab| (tab, word(tab)))
            .map(|(tab, w)| (tab, cells(&w), w))
            .map(|(t, n, w)| (t, w, n))
            .collect()
    };
    let whole = |all: &[(Tab, String, u16)]| all.iter().map(|(.., n)| n + 1).sum::<u16>().saturating_sub(1);
    let mut all = words(false);
    if whole(&all) > width {
        all = words(true);
    }
    let fits = whole(&all) <= width;
    let at = all.iter().position(|(tab, ..)| *tab == here).unwrap_or(0);
    // One cell and a blank at either end say that there are more.
    let room = width.saturating_sub(4);
    let first = if fits {
        0
    } else {
        (0..=at).find(|from| whole(all.get(*from..=at).unwrap_or_default()) <= room).unwrap_or(at)
    };
    let mut x = if first > 0 { 2 } else { 0 };
    let edge = if fits { width } else { width.saturating_sub(2) };
    let mut tabs = Vec::new();
    for (tab, word, n) in all.iter().skip(first) {
        if x + n > edge {
            break;
        }
        tabs.push(Placed { tab: *tab, x, word: word.clone(), width: *n });
        x += n + 1;
    }
    let right = first + tabs.len() < all.len();
    Strip { tabs, left: first > 0, right, width }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(s: &Strip) -> String {
        let words: Vec<&str> = s.tabs.iter().map(|p| p.word.as_str()).collect();
        format!("{}{}{}", if s.left { "< " } else { "" }, words.join(" "), if s.right { " >" } else { "" })
    }

    #[test]
    fn on_eighty_columns_all_seventeen_are_seen_and_the_one_shown_is_whole() {
        let s = strip(Tab::Group(Group::Consumption), Lang::Zh, 78);
        assert_eq!(told(&s), "1基 2消费 3教 4事 5家 6生 7兴 8人 9家 人脉 联络 持有 贷款 交易 签约 资产 变更");
        assert!(s.tabs.iter().all(|p| p.x + p.width <= 78));
    }

    #[test]
    fn on_a_narrow_pane_the_one_shown_is_always_among_them_and_a_click_hits_what_is_seen() {
        for width in [40, 52, 66, 78, 100] {
            for lang in [Lang::Zh, Lang::En] {
                for here in Tab::ALL {
                    let s = strip(here, lang, width);
                    assert!(s.tabs.iter().any(|p| p.tab == here), "{here:?} {width} {lang:?}");
                    for p in &s.tabs {
                        assert_eq!(s.at(p.x), Some(Hit::Tab(p.tab)));
                        assert_eq!(s.at(p.x + p.width - 1), Some(Hit::Tab(p.tab)));
                        assert!(p.x + p.width <= width);
                    }
                    assert_eq!(s.at(0) == Some(Hit::Left), s.left);
                    assert_eq!(s.at(width - 1) == Some(Hit::Right), s.right);
                }
            }
        }
    }
}

//! What a search is asked with and what it answers. How it is found does not live here.

use super::filter::Filter;
use super::row::Row;
use crate::domain::calendar::yearly::LeapPolicy;
use crate::domain::ids::StaffId;
use crate::domain::text::{Complaint, Text, t};
use chrono::NaiveDate;

/// The order of hits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Hash)]
pub enum Sort {
    /// Best match first, then assets.
    #[default]
    Rank,
    /// Assets, most first.
    Aum,
    /// Name by pinyin.
    Name,
    /// Next visit, earliest first; without one last.
    NextVisit,
    /// Next birthday from today, nearest first; without one last.
    Birthday,
}

impl Sort {
    /// All of them.
    pub const ALL: [Sort; 5] = [Sort::Rank, Sort::Aum, Sort::Name, Sort::NextVisit, Sort::Birthday];

    /// The code stored and typed.
    pub const fn code(self) -> &'static str {
        match self {
            Sort::Rank => "rank",
            Sort::Aum => "aum",
            Sort::Name => "name",
            Sort::NextVisit => "visit",
            Sort::Birthday => "birthday",
        }
    }

    /// The word on screen.
    pub const fn label(self) -> Text {
        match self {
            Sort::Rank => t("匹配", "Match"),
            Sort::Aum => t("资产", "Assets"),
            Sort::Name => t("姓名", "Name"),
            Sort::NextVisit => t("拜访", "Visit"),
            Sort::Birthday => t("生日", "Birthday"),
        }
    }

    /// The next one, for a key that goes round.
    pub const fn next(self) -> Sort {
        match self {
            Sort::Rank => Sort::Aum,
            Sort::Aum => Sort::Name,
            Sort::Name => Sort::NextVisit,
            Sort::NextVisit => Sort::Birthday,
            Sort::Birthday => Sort::Rank,
        }
    }
}

/// What a search is asked with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scope {
    /// The day.
    pub today: NaiveDate,
    /// Who asks, for `owner:me`.
    pub me: Option<StaffId>,
    /// The order.
    pub sort: Sort,
    /// At most so many hits in the list; the total counts all. With [`Sort::Rank`] no more than 200 are ranked and listed.
    pub limit: usize,
    /// Where a lunar birthday falls that the year does not have, for `birthday:`.
    pub leap: LeapPolicy,
}

impl Scope {
    /// By match, 100 hits, nobody in particular.
    pub fn on(today: NaiveDate) -> Scope {
        Scope { today, me: None, sort: Sort::Rank, limit: 100, leap: LeapPolicy::default() }
    }
}

/// A field in which something was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Field {
    /// 姓名
    Name,
    /// The reading of the name, as `pinyin::shown` writes it.
    Pinyin,
    /// 手机
    Phone,
    /// Second phone; its code is that of the first.
    Phone2,
    /// 证件号
    Id,
    /// 客户号
    No,
    /// 地址
    Address,
}

impl Field {
    /// The code given out by `find --json`.
    pub const fn code(self) -> &'static str {
        match self {
            Field::Name => "name",
            Field::Pinyin => "pinyin",
            Field::Phone | Field::Phone2 => "phone",
            Field::Id => "id",
            Field::No => "no",
            Field::Address => "address",
        }
    }

    /// The word on screen.
    pub const fn label(self) -> Text {
        match self {
            Field::Name => t("姓名", "Name"),
            Field::Pinyin => t("拼音", "Pinyin"),
            Field::Phone | Field::Phone2 => t("手机", "Phone"),
            Field::Id => t("证件", "ID"),
            Field::No => t("客户号", "No."),
            Field::Address => t("地址", "Address"),
        }
    }
}

/// Where a word was met.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Matched {
    /// The field.
    pub field: Field,
    /// Character positions in the field, ascending.
    pub at: Vec<usize>,
    /// For [`Field::Pinyin`] the positions of the 汉字 in the name; else empty.
    pub han: Vec<usize>,
}

/// A customer found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hit {
    /// The customer, with full values: masking is for whoever shows them.
    pub row: Row,
    /// Where the words were met, a field at most once a word.
    pub matched: Vec<Matched>,
    /// Found only by taking one typing error for granted.
    pub guess: bool,
}

/// What a search answers.
#[derive(Debug, Clone, Default)]
pub struct Hits {
    /// How many there are in all.
    pub total: usize,
    /// Of those, found only by taking one typing error for granted; they stand last.
    pub guesses: usize,
    /// The first of them.
    pub list: Vec<Hit>,
    /// The filters understood.
    pub filters: Vec<Filter>,
    /// A filter that could not be read; the rest was searched.
    pub trouble: Option<Complaint>,
    /// How long it took, in microseconds.
    pub micros: u64,
}

impl Hits {
    /// Whether anybody was found without taking a typing error for granted.
    pub fn sure(&self) -> bool {
        self.total > self.guesses
    }
}

impl PartialEq for Hits {
    /// Two answers are the same whatever time they took.
    fn eq(&self, other: &Self) -> bool {
        (self.total, self.guesses, &self.list, &self.filters, &self.trouble)
            == (other.total, other.guesses, &other.list, &other.filters, &other.trouble)
    }
}

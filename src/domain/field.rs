//! A field of a record: one row gives label, kind, check, dirty mark, F4 pick list, completeness, conflict view and change log.
//! Which records there are, and how a form looks, do not live here.

use super::staff::Staff;
use super::text::{Complaint, Lang, Text};
use super::tier::Tier;
use super::values::{address, bankcard, idcard, phone, plain};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// What a check may need to know besides the text itself.
#[derive(Debug, Clone, Copy)]
pub struct Ctx<'a> {
    /// Today; nobody is born after it.
    pub today: NaiveDate,
    /// The branch's people, for fields that name one.
    pub staff: &'a [Staff],
}

/// One entry of a pick list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Choice {
    /// What is stored.
    pub code: &'static str,
    /// What is shown.
    pub label: Text,
}

/// What a field holds; decides how it is typed, picked and masked. The canonical text of a value is what [`Field::read`] gives.
#[derive(Debug, Clone, Copy)]
pub enum Kind {
    /// One line of at most so many characters.
    Line(usize),
    /// Several lines of at most so many characters.
    Note(usize),
    /// A whole number in a range.
    Number(i64, i64),
    /// A date, canonical `1972-02-04`.
    Date,
    /// A lunar day, canonical `腊月二十`.
    LunarDay,
    /// A sum, typed in yuan, canonical yuan with two decimals and no separators.
    Money,
    /// One of a list; canonical is the code.
    Pick(&'static [Choice]),
    /// A member of staff; canonical is the row id in decimal.
    Staff,
    /// Another customer's archive; canonical is the row id in decimal.
    Customer,
    /// A phone number, canonical digits only.
    Phone,
    /// A document number.
    Document,
    /// Set by the program or the extract; shown, never typed.
    Fixed,
}

/// From which tier on a field must be filled (domain.md "The archive"; features 2, 3).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Need {
    /// Never required.
    Free,
    /// Of everybody: name, sex, address, phone, income.
    All,
    /// From this tier up.
    From(Tier),
}

/// The eight groups of the archive, and the rest (domain.md "The archive").
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Group {
    /// 基本
    Basic,
    /// 消费
    Consumption,
    /// 教育
    Education,
    /// 事业
    Career,
    /// 家庭
    Family,
    /// 生活
    Living,
    /// 兴趣
    Interests,
    /// 人际
    Circle,
}

/// How a value is hidden where it is not needed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mask {
    /// Shown as it is.
    Open,
    /// ID and document numbers.
    Document,
    /// Phone numbers.
    Phone,
    /// Card and account numbers.
    Account,
    /// Addresses: the town stays.
    Address,
}

impl Mask {
    /// The text as it may lie about.
    pub fn hide(self, text: &str) -> String {
        match self {
            _ if text.is_empty() => String::new(),
            Mask::Open => text.to_owned(),
            Mask::Document => idcard::mask(text),
            Mask::Phone => phone::mask(text),
            Mask::Account => bankcard::mask(text),
            Mask::Address => address::mask(text),
        }
    }

    /// How a field of this kind is hidden if nothing else is said.
    const fn of(kind: Kind) -> Mask {
        match kind {
            Kind::Phone => Mask::Phone,
            Kind::Document => Mask::Document,
            _ => Mask::Open,
        }
    }
}

/// Who has the last word on a value when an extract comes in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Authority {
    /// A value entered by hand stays.
    Hand,
    /// The core system's extract.
    Extract,
}

/// A field of a `T`.
pub struct Field<T: 'static> {
    /// The name in files, on the command line and in the change log; never changes.
    pub code: &'static str,
    /// The label on screen; at most eight cells in Chinese, twelve in English.
    pub label: Text,
    /// The tab it stands on.
    pub group: Group,
    /// What it holds.
    pub kind: Kind,
    /// Who must have it.
    pub need: Need,
    /// How it is hidden.
    pub mask: Mask,
    /// Who has the last word.
    pub authority: Authority,
    /// The canonical text; empty when there is none. The second argument is the field's own code.
    pub read: Read<T>,
    /// Takes canonical or typed text; empty clears. The record is unchanged when it refuses.
    pub write: Write<T>,
}

impl<T> std::fmt::Debug for Field<T> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.code)
    }
}

/// Reads a field as canonical text.
pub type Read<T> = fn(&T, &'static str) -> String;
/// Takes typed or canonical text into a field.
pub type Write<T> = fn(&mut T, &'static str, &str, Ctx<'_>) -> Result<(), Complaint>;

impl<T> Field<T> {
    /// A field that anybody may see, nobody must fill, and hands have the last word on.
    pub const fn new(code: &'static str, label: Text, kind: Kind, read: Read<T>, write: Write<T>) -> Field<T> {
        Field {
            code,
            label,
            group: Group::Basic,
            kind,
            need: Need::Free,
            mask: Mask::of(kind),
            authority: Authority::Hand,
            read,
            write,
        }
    }

    /// The canonical text of the field in `record`.
    pub fn get(&self, record: &T) -> String {
        (self.read)(record, self.code)
    }

    /// Puts typed or canonical text into `record`.
    ///
    /// # Errors
    /// What is wrong with the text, and what to do; `record` is unchanged then.
    pub fn set(&self, record: &mut T, text: &str, ctx: Ctx<'_>) -> Result<(), Complaint> {
        (self.write)(record, self.code, text, ctx)
    }

    /// Canonical text as it may lie about: everything outside a reveal shows this. Long numbers in free text are masked too.
    pub fn masked(&self, canonical: &str) -> String {
        match (self.mask, self.kind) {
            (Mask::Open, kind) => kind.masked(canonical),
            (mask, _) => mask.hide(canonical),
        }
    }

    /// Canonical text as people read it: a choice's label, a colleague's name.
    pub fn show(&self, canonical: &str, lang: Lang, staff: &[Staff]) -> String {
        self.kind.show(canonical, lang, staff)
    }
}

impl Kind {
    /// Text of this kind as it may lie about, where nothing is known of the field.
    pub fn masked(self, canonical: &str) -> String {
        match self {
            Kind::Line(_) | Kind::Note(_) | Kind::Pick(_) => plain::masked(canonical),
            kind => Mask::of(kind).hide(canonical),
        }
    }

    /// Canonical text of this kind as people read it.
    pub fn show(self, canonical: &str, lang: Lang, staff: &[Staff]) -> String {
        match self {
            Kind::Pick(list) => list
                .iter()
                .find(|c| c.code == canonical)
                .map_or_else(|| canonical.to_owned(), |c| c.label.get(lang).to_owned()),
            Kind::Staff => staff
                .iter()
                .find(|s| canonical.parse() == Ok(s.id.0))
                .map_or_else(|| canonical.to_owned(), |s| s.name.clone()),
            _ => canonical.to_owned(),
        }
    }
}

/// One field changed from one canonical text to another.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Edit {
    /// The field's code.
    pub field: String,
    /// Before; empty when there was none.
    pub before: String,
    /// After; empty when cleared.
    pub after: String,
}

/// What differs between two records, by their fields.
pub fn diff<T>(fields: &[Field<T>], before: &T, after: &T) -> Vec<Edit> {
    fields
        .iter()
        .filter_map(|f| {
            let (b, a) = (f.get(before), f.get(after));
            (a != b).then(|| Edit { field: f.code.to_owned(), before: b, after: a })
        })
        .collect()
}

//! stub until the index is merged

pub mod row;
pub mod query {
    //! stub
    use crate::domain::staff::Staff;
    use crate::domain::text::Lang;
    /// stub
    #[derive(Debug, Clone, PartialEq, Eq)]
    pub struct Completion { /// s
        pub text: String, /// s
        pub cursor: usize, /// s
        pub insert: String, /// s
        pub zh: String, /// s
        pub en: String }
    impl Completion {
        /// s
        pub fn label(&self, lang: Lang) -> &str { match lang { Lang::Zh => &self.zh, Lang::En => &self.en } }
    }
    /// stub
    pub fn complete(_: &str, _: usize, _: &[Staff], _: &[String]) -> Vec<Completion> { Vec::new() }
}
use crate::domain::calendar::yearly::LeapPolicy;
use crate::domain::ids::{CustomerId, StaffId};
use crate::domain::text::{Complaint, Text, t};
use crate::domain::tier::{Lines, Near, Tier};
use crate::domain::lifecycle::Stage;
use crate::domain::values::money::Fen;
use chrono::NaiveDate;
use row::Row;
/// s
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Hash)]
pub enum Sort { /// s
    #[default] Rank, /// s
    Aum }
impl Sort {
    /// s
    pub const ALL: [Sort; 2] = [Sort::Rank, Sort::Aum];
    /// s
    pub const fn code(self) -> &'static str { "rank" }
    /// s
    pub const fn label(self) -> Text { t("匹配", "Match") }
}
/// s
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scope { /// s
    pub today: NaiveDate, /// s
    pub me: Option<StaffId>, /// s
    pub sort: Sort, /// s
    pub limit: usize, /// s
    pub leap: LeapPolicy }
/// s
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Field { /// s
    Name, /// s
    Pinyin, /// s
    Phone, /// s
    Phone2, /// s
    Id, /// s
    No, /// s
    Address }
/// s
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Matched { /// s
    pub field: Field, /// s
    pub at: Vec<usize>, /// s
    pub han: Vec<usize> }
/// s
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hit { /// s
    pub row: Row, /// s
    pub matched: Vec<Matched>, /// s
    pub guess: bool }
/// s
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Hits { /// s
    pub total: usize, /// s
    pub guesses: usize, /// s
    pub list: Vec<Hit>, /// s
    pub trouble: Option<Complaint>, /// s
    pub micros: u64 }
/// s
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum GroupBy { /// s
    #[default] Tier, /// s
    Owner, /// s
    Area, /// s
    Stage }
/// s
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum GroupKey { /// s
    Tier(Option<Tier>), /// s
    Owner(Option<StaffId>), /// s
    Area(String), /// s
    Stage(Option<Stage>) }
/// s
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group { /// s
    pub key: GroupKey, /// s
    pub count: usize, /// s
    pub aum: Fen }
/// s
#[derive(Debug)]
pub struct Index;
impl Index {
    /// s
    pub fn search(&self, _: &str, _: &Scope) -> Hits { Hits::default() }
    /// s
    pub fn upsert(&mut self, _: Row) {}
    /// s
    pub fn remove(&mut self, _: CustomerId) {}
    /// s
    pub fn len(&self) -> usize { 0 }
    /// s
    pub fn is_empty(&self) -> bool { true }
    /// s
    pub fn row(&self, _: CustomerId) -> Option<Row> { None }
    /// s
    pub fn groups(&self, _: GroupBy) -> Vec<Group> { Vec::new() }
    /// s
    pub fn column(&self, _: &GroupKey, _: usize, _: usize) -> Vec<Row> { Vec::new() }
    /// s
    pub fn position(&self, _: &GroupKey, _: CustomerId) -> Option<usize> { None }
    /// s
    pub fn near(&self, _: &Lines, _: u32, _: bool, _: usize) -> Vec<(Row, Near)> { Vec::new() }
}

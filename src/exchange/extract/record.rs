//! A row of an extract as a typed record: every column is checked once, here, and every fault is named. What the store already
//! knows is not asked here.

use super::layout::{Columns, Layout};
use super::rejects::{Fault, unguard};
use crate::domain::archive;
use crate::domain::calendar::dates;
use crate::domain::field::Kind;
use crate::domain::tier::Figures;
use crate::domain::values::document::{Document, DocumentKind};
use crate::domain::values::money::Fen;
use crate::domain::values::phone::Phone;
use crate::domain::values::plain;
use crate::exchange::rows::Row;
use chrono::{Days, NaiveDate};

/// A day of an extract may lie so many days after today: the clock of a counter PC may be wrong, a year typed wrong is not
/// let in.
const AHEAD: Days = Days::new(366);

/// A row of 客户.csv.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CustomerRow {
    /// 客户号
    pub no: String,
    /// 姓名
    pub name: String,
    /// 证件; `None` when the row has none.
    pub document: Option<Document>,
    /// 手机, digits only; empty when none.
    pub phone: String,
    /// 地址
    pub address: String,
    /// 开户日
    pub opened: Option<NaiveDate>,
    /// 开户机构
    pub opened_at: String,
}

/// A row of 资产.csv.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FiguresRow {
    /// 客户号
    pub no: String,
    /// The figures with their data date.
    pub figures: Figures,
}

/// Reads the columns of one row and collects what is wrong with them.
struct Reader<'a> {
    columns: &'a Columns,
    row: &'a Row,
    faults: Vec<Fault>,
}

impl<'a> Reader<'a> {
    fn new(columns: &'a Columns, row: &'a Row) -> Self {
        let mut faults = vec![];
        let (has, wants) = (row.len(), columns.headers.len());
        if has < columns.width() {
            faults.push(Fault::row(
                format!("这一行只有 {has} 栏，表头有 {wants} 栏，请补齐"),
                format!("This row has {has} columns, the header has {wants}; fill in the missing ones"),
            ));
        } else if row.iter().skip(wants).any(|cell| !cell.trim().is_empty()) {
            faults.push(Fault::row(
                format!("这一行有 {has} 栏，多于表头的 {wants} 栏，可能是金额里的逗号没有加引号"),
                format!("This row has {has} columns, more than the header's {wants}; perhaps a sum with commas lacks its quotes"),
            ));
        }
        Reader { columns, row, faults }
    }

    fn raw(&self, n: usize) -> &'a str {
        unguard(self.columns.get(self.row, n).trim())
    }

    fn fault(&mut self, n: usize, zh: impl Into<String>, en: impl Into<String>) {
        let field = self.columns.layout.headers().get(n).copied().unwrap_or_default();
        self.faults.push(Fault::new(field, zh, en));
    }

    /// Takes the value of a parser, or its complaint as a fault of the column.
    fn check<T>(&mut self, n: usize, parsed: Result<T, crate::domain::text::Complaint>) -> Option<T> {
        match parsed {
            Ok(value) => Some(value),
            Err(c) => {
                self.fault(n, c.zh, c.en);
                None
            }
        }
    }

    /// Plain text of one line, at most as long as the archive's field of this code takes.
    fn line(&mut self, n: usize, code: &str) -> String {
        let most = longest(code);
        let text = plain::line(self.raw(n));
        if text.contains('\u{FFFD}') {
            self.fault(
                n,
                "有无法辨认的字，请核对原文后补上",
                "Some letters cannot be read; type them again from the original",
            );
        }
        let letters = text.chars().count();
        if letters > most {
            self.fault(
                n,
                format!("有 {letters} 字，最多 {most} 字，请缩短"),
                format!("{letters} letters, at most {most}; shorten it"),
            );
        }
        text
    }

    /// 客户号
    fn no(&mut self, n: usize) -> String {
        let no = plain::fold(&plain::line(self.raw(n))).trim().to_ascii_uppercase();
        if no.is_empty() {
            self.fault(n, "没有客户号", "There is no customer number");
        } else if is_damaged(&no) {
            self.fault(
                n,
                "客户号已被电子表格改成科学计数法，请从核心系统重新导出",
                "A spreadsheet turned this number into scientific notation; export it again from the core system",
            );
        } else if no.len() > 32 || !no.chars().all(|c| c.is_ascii_alphanumeric() || c == '-') {
            self.fault(n, "客户号应为 1 至 32 位字母或数字", "A customer number is 1 to 32 letters or digits");
        }
        no
    }

    fn date(&mut self, n: usize, today: NaiveDate) -> Option<NaiveDate> {
        let day = self.check(n, dates::parse(self.raw(n)))?;
        let last = today.checked_add_days(AHEAD).unwrap_or(today);
        if day > last {
            self.fault(
                n,
                format!("日期 {day} 晚于今天一年以上，请核对"),
                format!("The date {day} is more than a year after today; please check"),
            );
            return None;
        }
        Some(day)
    }

    /// A sum in yuan; nothing when the column is empty or not in the file.
    fn sum(&mut self, n: usize) -> Option<Fen> {
        let raw = self.raw(n);
        if raw.is_empty() {
            return None;
        }
        self.check(n, Fen::parse_yuan(raw))
    }

    fn end<T>(self, record: Option<T>) -> Result<T, Vec<Fault>> {
        match record {
            Some(record) if self.faults.is_empty() => Ok(record),
            _ => Err(self.faults),
        }
    }
}

fn longest(code: &str) -> usize {
    match archive::find(code).map(|f| f.kind) {
        Some(Kind::Line(most) | Kind::Note(most)) => most,
        _ => 40,
    }
}

/// `5.2E+17`: what a spreadsheet makes of a long number.
fn is_damaged(text: &str) -> bool {
    text.split_once(['E', 'e']).is_some_and(|(digits, power)| {
        digits.starts_with(|c: char| c.is_ascii_digit())
            && digits.chars().all(|c| c.is_ascii_digit() || c == '.')
            && power.strip_prefix(['+', '-']).is_some_and(|p| !p.is_empty() && p.chars().all(|c| c.is_ascii_digit()))
    })
}

/// Reads a row of 客户.csv.
///
/// # Errors
/// Every fault of the row.
pub fn customer(columns: &Columns, row: &Row, today: NaiveDate) -> Result<CustomerRow, Vec<Fault>> {
    debug_assert_eq!(columns.layout, Layout::Customers);
    let mut r = Reader::new(columns, row);
    if !r.faults.is_empty() {
        return Err(r.faults);
    }
    let no = r.no(0);
    let name = r.line(1, "name");
    if name.is_empty() {
        r.fault(1, "没有姓名", "There is no name");
    }
    let document = document(&mut r, today);
    let phone = match r.raw(4) {
        "" => Some(String::new()),
        raw if is_damaged(raw) => {
            r.fault(
                4,
                "手机号已被电子表格改成科学计数法，请重新录入",
                "A spreadsheet turned this phone number into scientific notation; enter it again",
            );
            None
        }
        raw => r.check(4, Phone::of_customer(raw)).map(|p| p.digits),
    };
    let address = r.line(5, "address");
    let opened = if r.raw(6).is_empty() { None } else { r.date(6, today) };
    let opened_at = r.line(7, "opened_at");
    let phone = phone.unwrap_or_default();
    r.end(Some(CustomerRow { no, name, document, phone, address, opened, opened_at }))
}

fn document(r: &mut Reader<'_>, today: NaiveDate) -> Option<Document> {
    let (kind, number) = (plain::line(r.raw(2)), r.raw(3));
    if number.is_empty() {
        return None;
    }
    let kind = match DocumentKind::parse(&kind) {
        None if !kind.is_empty() => {
            r.fault(
                2,
                format!("不认识证件类型「{}」，可填居民身份证、护照、统一社会信用代码等", brief(&kind)),
                format!(
                    "The kind of document {} is not known; 居民身份证, 护照, 统一社会信用代码 and others are",
                    brief(&kind)
                ),
            );
            return None;
        }
        kind => kind,
    };
    r.check(3, Document::parse(kind, number, today))
}

fn brief(text: &str) -> String {
    text.chars().take(12).collect()
}

/// Reads a row of 资产.csv.
///
/// # Errors
/// Every fault of the row.
pub fn figures(columns: &Columns, row: &Row, today: NaiveDate) -> Result<FiguresRow, Vec<Fault>> {
    debug_assert_eq!(columns.layout, Layout::Figures);
    let mut r = Reader::new(columns, row);
    if !r.faults.is_empty() {
        return Err(r.faults);
    }
    let no = r.no(0);
    let as_of = r.date(1, today);
    let [demand, fixed, wealth, fund, insurance, bond] = [2, 3, 4, 5, 6, 7].map(|n| r.sum(n).unwrap_or_default());
    if r.raw(8).is_empty() {
        r.fault(8, "没有 AUM时点", "There is no AUM时点");
    }
    let balance = r.sum(8).unwrap_or_default();
    let average = r.sum(9);
    let row = as_of.map(|as_of| FiguresRow {
        no,
        figures: Figures { as_of, demand, fixed, wealth, fund, insurance, bond, balance, average },
    });
    r.end(row)
}

/// The township of an address (…县XX镇, 乡, 街道), which is the branch's area (片区) where nobody has said another.
pub fn township(address: &str) -> Option<&str> {
    for ending in ["街道", "镇", "乡"] {
        for (at, _) in address.match_indices(ending) {
            let end = at + ending.len();
            let (head, rest) = (address.get(..end)?, address.get(end..)?);
            // 镇宁县, 萍乡市: the letter belongs to the name of a county or city.
            if rest.starts_with(['县', '市', '区', '州']) {
                continue;
            }
            let from =
                head.rmatch_indices(['县', '市', '区', '旗', '州']).map(|(n, c)| n + c.len()).next().unwrap_or(0);
            let name = head.get(from..)?;
            let letters = name.chars().count() - ending.chars().count();
            if (1..=8).contains(&letters) && from > 0 {
                return Some(name);
            }
        }
    }
    None
}

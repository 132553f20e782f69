//! A row of 客户.csv: who has an account. What it makes of an archive is in `merge`.

use super::reader::{Reader, brief, is_damaged};
use crate::domain::values::document::{Document, DocumentKind};
use crate::domain::values::phone::Phone;
use crate::domain::values::plain;
use crate::exchange::extract::layout::Columns;
use crate::exchange::extract::rejects::Fault;
use crate::exchange::rows::Row;
use chrono::NaiveDate;

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

/// Reads a row of 客户.csv.
///
/// # Errors
/// Every fault of the row.
pub fn customer(columns: &Columns, row: &Row, today: NaiveDate) -> Result<CustomerRow, Vec<Fault>> {
    let mut r = Reader::new(columns, row)?;
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
    let opened = r.day(6, today);
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
    match Document::parse(kind, number, today) {
        Ok(document) => Some(document),
        Err(_) if is_cut(number) => {
            r.fault(
                3,
                "证件号末三位是 000 且校验不符，像是被电子表格当作数字截断，请从原件重新录入",
                "This number ends in 000 and its check fails: a spreadsheet seems to have cut it as a number; enter it from the card",
            );
            None
        }
        Err(c) => {
            r.fault(3, c.zh, c.en);
            None
        }
    }
}

/// An ID number of which a spreadsheet kept 15 digits and made noughts of the rest.
fn is_cut(number: &str) -> bool {
    number.len() == 18 && number.ends_with("000") && number.bytes().all(|b| b.is_ascii_digit())
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

//! A row of 贷款.csv: a loan under its note.

use super::reader::{Reader, brief};
use crate::domain::dealings::loan::{Class, Loan};
use crate::domain::values::plain;
use crate::exchange::extract::layout::Columns;
use crate::exchange::extract::rejects::Fault;
use crate::exchange::rows::Row;
use chrono::NaiveDate;

/// Reads a row of 贷款.csv: the customer's number and the loan.
///
/// # Errors
/// Every fault of the row.
pub fn loan(columns: &Columns, row: &Row, today: NaiveDate) -> Result<(String, Loan), Vec<Fault>> {
    let mut r = Reader::new(columns, row)?;
    let no = r.no(0);
    let note = r.number(1, "借据号", "loan number");
    let product = r.text(2, 60);
    let lent = r.needed_sum(3);
    let balance = r.needed_sum(4);
    let lent_on = r.beginning(5, today);
    let ends = r.ending(6, today);
    if let (Some(lent_on), Some(ends)) = (lent_on, ends)
        && ends < lent_on
    {
        r.fault(
            6,
            format!("到期日 {ends} 早于发放日 {lent_on}，请核对"),
            format!("It ends on {ends}, before it was lent on {lent_on}; please check"),
        );
    }
    let next_due = r.ending(7, today);
    let instalment = r.sum(8);
    let overdue = r.days(9);
    let class = class(&mut r);
    let purpose = r.text(11, 60);
    let method = r.text(12, 40);
    let repays = r.text(13, 40);
    let loan = class.map(|class| Loan {
        no: note,
        product,
        lent,
        balance,
        lent_on,
        ends,
        next_due,
        instalment,
        overdue,
        class,
        purpose,
        method,
        repays,
    });
    r.end(loan.map(|loan| (no, loan)))
}

/// 五级分类
fn class(r: &mut Reader<'_>) -> Option<Class> {
    if !r.need(10) {
        return None;
    }
    let word = plain::line(r.raw(10));
    let class = Class::parse(word.strip_suffix('类').unwrap_or(&word));
    if class.is_none() {
        let word = brief(&word);
        r.fault(
            10,
            format!("「{word}」不是五级分类，应为正常、关注、次级、可疑或损失"),
            format!("\"{word}\" is none of the five classes 正常 关注 次级 可疑 损失"),
        );
    }
    class
}

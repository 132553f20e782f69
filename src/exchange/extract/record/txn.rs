//! A row of 交易.csv: a line of an account.

use super::reader::{Reader, brief};
use crate::domain::dealings::txn::Txn;
use crate::domain::values::money::Fen;
use crate::domain::values::plain;
use crate::exchange::extract::layout::Columns;
use crate::exchange::extract::mapping::Sign;
use crate::exchange::extract::rejects::Fault;
use crate::exchange::rows::Row;
use chrono::NaiveDate;

/// Words for what goes out, beside 借.
const OUT: [&str; 12] = ["借", "借方", "D", "DR", "DEBIT", "支", "支出", "转出", "取", "取款", "付", "-"];
/// Words for what comes in, beside 贷.
const IN: [&str; 12] = ["贷", "贷方", "C", "CR", "CREDIT", "收", "收入", "转入", "存", "存款", "入", "+"];

/// Reads a row of 交易.csv: the customer's number, the transaction, and its 金额 as it is printed.
///
/// # Errors
/// Every fault of the row.
pub fn txn(columns: &Columns, row: &Row, today: NaiveDate) -> Result<(String, Txn, Fen), Vec<Fault>> {
    let mut r = Reader::new(columns, row)?;
    let no = r.no(0);
    let day = r.date(1, today);
    let serial = r.number(2, "流水号", "serial number");
    let (amount, printed) = amount(&mut r);
    let channel = r.text(5, 20);
    let bank = r.text(6, 60);
    let note = r.text(7, 120);
    let txn = day.map(|day| (no, Txn { day, serial, amount, channel, bank, note }, printed));
    r.end(txn)
}

/// The amount, signed, and as it is printed.
fn amount(r: &mut Reader<'_>) -> (Fen, Fen) {
    match r.columns().formats.sign {
        Sign::Word => {
            let out = direction(r);
            let printed = r.needed_sum(4);
            (if out == Some(true) { -printed } else { printed }, printed)
        }
        Sign::Own => {
            let printed = r.needed_sum(4);
            (printed, printed)
        }
        Sign::Columns => split(r),
    }
}

/// Whether 借贷 says that the amount went out.
fn direction(r: &mut Reader<'_>) -> Option<bool> {
    let raw = r.raw(3);
    match raw {
        "借" => return Some(true),
        "贷" => return Some(false),
        _ => {}
    }
    if !r.need(3) {
        return None;
    }
    let word = plain::fold(&plain::line(raw)).trim().to_uppercase();
    if OUT.contains(&word.as_str()) {
        return Some(true);
    }
    if IN.contains(&word.as_str()) {
        return Some(false);
    }
    let word = brief(&word);
    r.fault(3, format!("「{word}」不是借贷标志，应为借或贷"), format!("\"{word}\" should be 借 (out) or 贷 (in)"));
    None
}

/// The amount of a file that has a column for what goes out and one for what comes in.
fn split(r: &mut Reader<'_>) -> (Fen, Fen) {
    let (out, into) = r.columns().pair(r.row(), 4).unwrap_or_default();
    let mut read = |raw: &str| {
        let raw = raw.trim();
        if raw.is_empty() { Fen::ZERO } else { r.sum_of(4, raw).unwrap_or_default() }
    };
    let (out, into) = (read(out), read(into));
    if out != Fen::ZERO && into != Fen::ZERO {
        r.fault(4, "支出和收入两栏都有金额，请核对", "There are sums in both columns, out and in; please check");
    } else if out == Fen::ZERO && into == Fen::ZERO {
        r.fault(4, "没有金额", "There is no amount");
    }
    (into - out, if out == Fen::ZERO { into } else { out })
}

//! A row of 持有.csv: a product held under a contract.

use super::reader::Reader;
use crate::domain::dealings::holding::Holding;
use crate::exchange::extract::layout::Columns;
use crate::exchange::extract::rejects::Fault;
use crate::exchange::rows::Row;
use chrono::NaiveDate;

/// Reads a row of 持有.csv: the customer's number and the contract.
///
/// # Errors
/// Every fault of the row.
pub fn holding(columns: &Columns, row: &Row, today: NaiveDate) -> Result<(String, Holding), Vec<Fault>> {
    let mut r = Reader::new(columns, row)?;
    let no = r.no(0);
    r.need(1);
    let product = r.text(1, 60);
    let contract = r.number(2, "合同号", "contract number");
    let amount = r.needed_sum(3);
    let begins = r.beginning(4, today);
    let ends = r.ending(5, today);
    if let (Some(begins), Some(ends)) = (begins, ends)
        && ends < begins
    {
        r.fault(
            5,
            format!("到期日 {ends} 早于起息日 {begins}，请核对"),
            format!("It ends on {ends}, before it begins on {begins}; please check"),
        );
    }
    let rate = r.rate(6);
    let state = r.text(7, 20);
    r.end(Some((no, Holding { product, contract, amount, begins, ends, rate, state })))
}

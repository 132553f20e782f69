//! A row of 资产.csv: what a customer holds on a data date.

use super::reader::Reader;
use crate::domain::tier::Figures;
use crate::exchange::extract::layout::Columns;
use crate::exchange::extract::rejects::Fault;
use crate::exchange::rows::Row;
use chrono::NaiveDate;

/// A row of 资产.csv.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FiguresRow {
    /// 客户号
    pub no: String,
    /// The figures with their data date.
    pub figures: Figures,
}

/// Reads a row of 资产.csv.
///
/// # Errors
/// Every fault of the row.
pub fn figures(columns: &Columns, row: &Row, today: NaiveDate) -> Result<FiguresRow, Vec<Fault>> {
    let mut r = Reader::new(columns, row)?;
    let no = r.no(0);
    let as_of = r.date(1, today);
    let [demand, fixed, wealth, fund, insurance, bond] = [2, 3, 4, 5, 6, 7].map(|n| r.sum(n).unwrap_or_default());
    let balance = r.needed_sum(8);
    let average = r.sum(9);
    let row = as_of.map(|as_of| FiguresRow {
        no,
        figures: Figures { as_of, demand, fixed, wealth, fund, insurance, bond, balance, average },
    });
    r.end(row)
}

//! A row of 评级.csv: grade and credit line from a day on.

use super::reader::Reader;
use crate::domain::dealings::rating::Rating;
use crate::exchange::extract::layout::Columns;
use crate::exchange::extract::rejects::Fault;
use crate::exchange::rows::Row;
use chrono::NaiveDate;

/// Reads a row of 评级.csv: the customer's number and the rating.
///
/// # Errors
/// Every fault of the row.
pub fn rating(columns: &Columns, row: &Row, today: NaiveDate) -> Result<(String, Rating), Vec<Fault>> {
    let mut r = Reader::new(columns, row)?;
    let no = r.no(0);
    r.need(1);
    let grade = r.text(1, 20);
    let credit = r.sum(2);
    let day = r.date(3, today);
    r.end(day.map(|day| (no, Rating { day, grade, credit })))
}

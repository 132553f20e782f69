//! A row of 签约.csv: a service signed up for.

use super::reader::Reader;
use crate::domain::dealings::service::Service;
use crate::exchange::extract::layout::Columns;
use crate::exchange::extract::rejects::Fault;
use crate::exchange::rows::Row;
use chrono::NaiveDate;

/// Reads a row of 签约.csv: the customer's number and the service.
///
/// # Errors
/// Every fault of the row.
pub fn service(columns: &Columns, row: &Row, today: NaiveDate) -> Result<(String, Service), Vec<Fault>> {
    let mut r = Reader::new(columns, row)?;
    let no = r.no(0);
    r.need(1);
    let name = r.text(1, 40);
    r.need(2);
    let state = r.text(2, 20);
    let day = r.beginning(3, today);
    r.end(Some((no, Service { name, state, day })))
}

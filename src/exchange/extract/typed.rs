//! A row of any layout as a typed record.

use super::layout::{Columns, Layout};
use super::record::{self, CustomerRow, FiguresRow};
use super::rejects::Fault;
use crate::domain::values::money::Fen;
use crate::exchange::rows::Row;
use crate::store::dealings::fact::Fact;
use chrono::NaiveDate;

/// What a row says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Record {
    /// 客户
    Customer(CustomerRow),
    /// 资产
    Figures(FiguresRow),
}

impl Record {
    /// 客户号
    pub fn no(&self) -> &str {
        match self {
            Record::Customer(row) => &row.no,
            Record::Figures(row) => &row.no,
        }
    }

    /// The customer's number and the fact; a row of 客户 is none.
    pub fn fact(&self) -> Option<(&str, Fact<'_>)> {
        match self {
            Record::Customer(_) => None,
            Record::Figures(row) => Some((&row.no, Fact::Figures(&row.figures))),
        }
    }

    /// What the control line sums.
    pub fn sum(&self) -> Option<Fen> {
        match self {
            Record::Figures(row) => Some(row.figures.balance),
            Record::Customer(_) => None,
        }
    }

    /// The day of the data, where the row says it.
    pub fn data_date(&self) -> Option<NaiveDate> {
        match self {
            Record::Figures(row) => Some(row.figures.as_of),
            Record::Customer(_) => None,
        }
    }

    /// That the file says the same thing twice.
    pub fn twice(&self) -> Fault {
        let no = self.no();
        let (zh, en) = match self {
            Record::Customer(_) => {
                (format!("客户号 {no} 在本文件中重复"), format!("The customer number {no} stands twice in this file"))
            }
            Record::Figures(row) => {
                let day = row.figures.as_of;
                (
                    format!("客户 {no} 在 {day} 的资产在本文件中重复"),
                    format!("The assets of customer {no} on {day} stand twice in this file"),
                )
            }
        };
        Fault::new("客户号", zh, en)
    }
}

/// Reads a row.
///
/// # Errors
/// Every fault of the row.
pub fn read(columns: &Columns, row: &Row, today: NaiveDate) -> Result<Record, Vec<Fault>> {
    match columns.layout {
        Layout::Customers => record::customer(columns, row, today).map(Record::Customer),
        Layout::Figures => record::figures(columns, row, today).map(Record::Figures),
    }
}

//! A row of an extract as a typed record: every column is checked once, here, and every fault is named. What the store already
//! knows is not asked here.

mod customer;
mod figures;
mod holding;
mod loan;
mod rating;
mod reader;
mod service;
mod shown;
mod txn;

use super::layout::{Columns, Layout};
use super::rejects::Fault;
use crate::domain::dealings::holding::Holding;
use crate::domain::dealings::loan::Loan;
use crate::domain::dealings::rating::Rating;
use crate::domain::dealings::service::Service;
use crate::domain::dealings::txn::Txn;
use crate::domain::values::money::Fen;
use crate::exchange::rows::Row;
use chrono::NaiveDate;
pub use customer::{CustomerRow, customer, township};
pub use figures::{FiguresRow, figures};
pub use holding::holding;
pub use loan::loan;
pub use rating::rating;
pub use reader::{is_ahead, last};
pub use service::service;
pub use txn::txn;

/// A row of any layout; `no` is the customer's number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Record {
    /// 客户
    Customer(CustomerRow),
    /// 资产
    Figures(FiguresRow),
    /// 交易
    Txn {
        /// 客户号
        no: String,
        /// The transaction, signed.
        txn: Txn,
        /// 金额 as it is printed, which is what the file's own total counts.
        printed: Fen,
    },
    /// 持有
    Holding {
        /// 客户号
        no: String,
        /// The contract.
        holding: Holding,
    },
    /// 贷款
    Loan {
        /// 客户号
        no: String,
        /// The loan.
        loan: Loan,
    },
    /// 签约
    Service {
        /// 客户号
        no: String,
        /// The service.
        service: Service,
    },
    /// 评级
    Rating {
        /// 客户号
        no: String,
        /// The rating.
        rating: Rating,
    },
}

impl Record {
    /// The customer's number.
    pub fn no(&self) -> &str {
        match self {
            Record::Customer(row) => &row.no,
            Record::Figures(row) => &row.no,
            Record::Txn { no, .. }
            | Record::Holding { no, .. }
            | Record::Loan { no, .. }
            | Record::Service { no, .. }
            | Record::Rating { no, .. } => no,
        }
    }

    /// What the row adds to the control total of its file ([`Layout::summed`]).
    pub fn summed(&self) -> Fen {
        match self {
            Record::Customer(_) | Record::Service { .. } => Fen::ZERO,
            Record::Figures(row) => row.figures.balance,
            Record::Txn { printed, .. } => *printed,
            Record::Holding { holding, .. } => holding.amount,
            Record::Loan { loan, .. } => loan.balance,
            Record::Rating { rating, .. } => rating.credit.unwrap_or_default(),
        }
    }
}

/// Reads a row of whatever layout its file has.
///
/// # Errors
/// Every fault of the row.
pub fn read(columns: &Columns, row: &Row, today: NaiveDate) -> Result<Record, Vec<Fault>> {
    match columns.layout {
        Layout::Customers => customer(columns, row, today).map(Record::Customer),
        Layout::Figures => figures(columns, row, today).map(Record::Figures),
        Layout::Txns => txn(columns, row, today).map(|(no, txn, printed)| Record::Txn { no, txn, printed }),
        Layout::Holdings => holding(columns, row, today).map(|(no, holding)| Record::Holding { no, holding }),
        Layout::Loans => loan(columns, row, today).map(|(no, loan)| Record::Loan { no, loan }),
        Layout::Services => service(columns, row, today).map(|(no, service)| Record::Service { no, service }),
        Layout::Ratings => rating(columns, row, today).map(|(no, rating)| Record::Rating { no, rating }),
    }
}

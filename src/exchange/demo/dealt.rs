//! What a customer of the demo has and does with the bank, as records. How it is made up is in `dealings`.

use crate::domain::dealings::holding::Holding;
use crate::domain::dealings::loan::Loan;
use crate::domain::dealings::rating::Rating;
use crate::domain::dealings::service::Service;
use crate::domain::dealings::txn::Txn;

/// What a customer of the demo has and does with the bank; the lists of a month ago beside those of today.
#[derive(Debug, Clone, Default)]
pub struct Dealt {
    /// 持有 in the list of a month ago.
    pub held_before: Vec<Holding>,
    /// 持有
    pub holdings: Vec<Holding>,
    /// 贷款 in the list of a month ago.
    pub lent_before: Vec<Loan>,
    /// 贷款
    pub loans: Vec<Loan>,
    /// 签约
    pub services: Vec<Service>,
    /// 评级
    pub ratings: Vec<Rating>,
    /// 交易, oldest first.
    pub txns: Vec<Txn>,
}

//! 交易: a line of an account.

use crate::domain::values::money::Fen;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// A transaction, as the core system booked it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Txn {
    /// 日期
    pub day: NaiveDate,
    /// 流水号, unique with the customer and the day.
    pub serial: String,
    /// 借贷 and 金额: what came in (贷) is positive, what went out (借) negative.
    pub amount: Fen,
    /// 渠道
    pub channel: String,
    /// 对手行: the other bank; empty within the own one.
    pub bank: String,
    /// 摘要
    pub note: String,
}

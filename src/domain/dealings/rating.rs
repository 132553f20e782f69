//! 评级: the grade and the credit line of a customer from a day on.

use crate::domain::values::money::Fen;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// A rating.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rating {
    /// 日期
    pub day: NaiveDate,
    /// 等级
    pub grade: String,
    /// 授信
    pub credit: Option<Fen>,
}

//! 签约: a service that a customer signed up for.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// A service.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Service {
    /// 服务
    pub name: String,
    /// 状态, the core system's word; 已签约 is the usual one.
    pub state: String,
    /// 日期
    pub day: Option<NaiveDate>,
}

//! 持有: a product that a customer holds under a contract.

use crate::domain::values::money::Fen;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// A holding.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Holding {
    /// 产品代码
    pub product: String,
    /// 合同号
    pub contract: String,
    /// 金额
    pub amount: Fen,
    /// 起息日
    pub begins: Option<NaiveDate>,
    /// 到期日; none for what has no term.
    pub ends: Option<NaiveDate>,
    /// 利率 in hundredths of a per cent: 2.54 % is 254.
    pub rate: Option<u32>,
    /// 状态, the core system's word; 正常 is the usual one.
    pub state: String,
}

impl Holding {
    /// Whether it still runs, by the core system's word for its state.
    pub fn runs(&self) -> bool {
        runs(&self.state)
    }
}

/// Whether a contract in this state still runs.
pub fn runs(state: &str) -> bool {
    !["已到期", "到期", "结清", "已结清", "销户", "已销户", "赎回", "已赎回", "终止", "已终止", "注销"].contains(&state)
}

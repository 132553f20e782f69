//! The words of `entitle`.

use super::date;
use chrono::NaiveDate;
use clap::Subcommand;

/// Better rates and higher limits.
#[derive(Debug, Subcommand)]
pub enum Entitle {
    /// 某客户的优惠与额度，编号在前 / those of a customer, with their numbers
    Show {
        /// 客户号 / customer number
        no: String,
    },
    /// 提出，由主管或网点经理批 / propose one, for the supervisor or branch manager to approve
    Propose {
        /// 客户号 / customer number
        no: String,
        /// 类别 / kind: rate 优惠利率, limit 提高额度, fee 费用减免, service 增值服务, other 其他优惠
        kind: String,
        /// 给什么 / what is granted
        text: String,
        /// 第一天，默认今天 / the first day, today if not said
        #[arg(long, value_name = "DATE", value_parser = date)]
        from: Option<NaiveDate>,
        /// 最后一天 / the last day
        #[arg(long, value_name = "DATE", value_parser = date)]
        until: NaiveDate,
        /// 理由 / the reason
        #[arg(long, value_name = "TEXT")]
        reason: String,
    },
    /// 批准 / approve
    Approve(Word),
    /// 拒绝 / refuse
    Refuse(Word),
    /// 收回已批准的 / take back what was approved
    End(Word),
    /// 撤回还没批的 / withdraw a proposal
    Withdraw {
        /// 客户号 / customer number
        no: String,
        /// 编号，见 show；只有一条可以不写 / which, see show; not needed where there is one
        number: Option<usize>,
    },
}

/// Which one, and the words to it.
#[derive(Debug, clap::Args)]
pub struct Word {
    /// 客户号 / customer number
    pub no: String,
    /// 编号，见 show；只有一条可以不写 / which, see show; not needed where there is one
    pub number: Option<usize>,
    /// 批语或理由 / the words to it
    #[arg(long, value_name = "TEXT")]
    pub reason: String,
}

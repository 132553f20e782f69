//! The words of `staff`.

use super::date;
use chrono::NaiveDate;
use clap::Subcommand;

/// People.
#[derive(Debug, Subcommand)]
pub enum StaffAdd {
    /// 列出全部 / everybody
    List,
    /// 加一位同事 / add a colleague
    Add {
        /// 工号:姓名:岗位 / CODE:NAME:ROLE
        person: String,
        /// 片区 / area
        #[arg(long, default_value = "", hide_default_value = true)]
        area: String,
        /// 主管的工号 / code of the one they report to
        #[arg(long)]
        leader: Option<String>,
    },
    /// 改密码：自己的，或替同事重设 / change a password: one's own, or set a colleague's anew
    Password {
        /// 工号 / code
        code: String,
        /// 用恢复码打开加密文件 / open an encrypted file by a recovery code
        #[arg(long)]
        recovery: bool,
    },
    /// 不在岗的几天由同事代理 / a colleague stands in for some days
    Delegate {
        /// 不在岗的工号 / code of the one who is away
        away: String,
        /// 代理人的工号 / code of the one who stands in
        stands_in: String,
        /// 第一天 / the first day
        #[arg(long, value_name = "DATE", value_parser = date)]
        from: NaiveDate,
        /// 最后一天 / the last day
        #[arg(long, value_name = "DATE", value_parser = date)]
        to: NaiveDate,
        /// 理由 / the reason
        #[arg(long, value_name = "TEXT")]
        reason: String,
    },
    /// 离岗：客户和未办的任务全部移交 / somebody leaves: customers and open tasks go over for good
    Leave {
        /// 离岗的工号 / code of the one who leaves
        code: String,
        /// 全部交给谁 / all goes to this one
        #[arg(long, value_name = "CODE", conflicts_with = "by_rules", required_unless_present = "by_rules")]
        to: Option<String>,
        /// 按规则分给各岗位 / by the rules
        #[arg(long)]
        by_rules: bool,
        /// 只看会怎样 / only show what would happen
        #[arg(long)]
        dry_run: bool,
        /// 授权人工号，只看时行数超过 export_rows 要 / who gives the second person's word, to list more rows than export_rows
        #[arg(long, value_name = "CODE", requires = "dry_run")]
        second: Option<String>,
        /// 理由 / the reason
        #[arg(long, value_name = "TEXT", default_value = "离岗", hide_default_value = true)]
        reason: String,
    },
}

//! What may be typed behind `audit`.

use super::{Listed, date};
use chrono::NaiveDate;
use clap::Args;
use std::path::PathBuf;

/// Which lines of the log, and how they are written.
#[derive(Debug, Args)]
pub struct Audit {
    /// 某客户 / of this customer
    #[arg(long, value_name = "NO")]
    pub customer: Option<String>,
    /// 某员工 / by this member of staff
    #[arg(long, value_name = "CODE")]
    pub who: Option<String>,
    /// 从哪天起 / from this day on
    #[arg(long, value_name = "DATE", value_parser = date)]
    pub from: Option<NaiveDate>,
    /// 到哪天为止 / until this day
    #[arg(long, value_name = "DATE", value_parser = date)]
    pub to: Option<NaiveDate>,
    /// 动作：reveal 显示全号、export 导出、sign_in 签到、customer 档案等 / what: reveal export sign_in customer and so on
    #[arg(long, value_name = "A")]
    pub action: Option<String>,
    /// 最多几条，默认 100；导出时全部 / at most so many, 100 if not said; all when exporting
    #[arg(long, value_name = "N")]
    pub limit: Option<usize>,
    /// 导出成新的 CSV 文件，导出会记入日志 / export into a new CSV file, which is logged
    #[arg(long, value_name = "FILE", conflicts_with = "json")]
    pub csv: Option<PathBuf>,
    /// 输出 / output
    #[command(flatten)]
    pub out: Listed,
}

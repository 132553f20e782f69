//! The words of `report`.

use super::{Listed, Shape};
use crate::domain::results::targets::parse_month;
use chrono::NaiveDate;
use clap::Subcommand;
use std::path::PathBuf;

/// Reports.
#[derive(Debug, Subcommand)]
pub enum Report {
    /// 个人信息查阅报告 / everything held of a customer, for themselves
    Subject {
        /// 客户号 / customer number
        no: String,
        /// 输出 HTML / write HTML
        #[arg(long)]
        html: bool,
        /// 印全号，要核实过的查阅请求和授权人 / numbers in full, for a checked request and with a second person
        #[arg(long, requires = "second")]
        bare: bool,
        /// 授权人的工号；有密码的从标准输入读 / code of the second person; a password is read from standard input
        #[arg(long, value_name = "CODE")]
        second: Option<String>,
        /// 写成新文件 / write a new file
        #[arg(long, value_name = "FILE")]
        out: Option<PathBuf>,
    },
    /// 转他行：钱转去了哪些银行 / which banks the money went to, ranked
    Outflow {
        /// 近几天，默认 30 / within so many days, 30 if not said
        #[arg(long, default_value_t = 30, hide_default_value = true, value_name = "N",
              value_parser = clap::value_parser!(u16).range(1..=366))]
        days: u16,
        /// 只看转往这家银行的客户 / the customers whose money went to this bank
        #[arg(long, value_name = "NAME")]
        bank: Option<String>,
        /// 只看这位责任人的客户 / the customers of this keeper
        #[arg(long, value_name = "CODE")]
        keeper: Option<String>,
        /// 输出 / output
        #[command(flatten)]
        out: Listed,
    },
    /// 合作满几年的借款客户，和各责任人的复贷率 / borrowers of some years, and each keeper's repeat-loan rate
    Loyal {
        /// 满几年，默认 3 / whole years, 3 if not said
        #[arg(long, default_value_t = 3, hide_default_value = true, value_name = "N",
              value_parser = clap::value_parser!(u32).range(1..=10))]
        years: u32,
        /// 只看这位责任人的客户 / the customers of this keeper
        #[arg(long, value_name = "CODE")]
        keeper: Option<String>,
        /// 输出 / output
        #[command(flatten)]
        out: Listed,
    },
    /// 工作目标和完成进度 / targets and how far they are
    Targets {
        /// 哪个月，如 2026-11，默认本月 / which month, such as 2026-11; this one if not said
        #[arg(long, value_name = "MONTH", value_parser = month)]
        month: Option<NaiveDate>,
        /// 输出 / output
        #[command(flatten)]
        shape: Shape,
    },
    /// 转介业绩：引荐人和承接人各得多少 / accepted hand-overs, split between who brought and who took the customer
    Credit {
        /// 哪个月，如 2026-11，默认本月 / which month, such as 2026-11; this one if not said
        #[arg(long, value_name = "MONTH", value_parser = month)]
        month: Option<NaiveDate>,
        /// 输出 / output
        #[command(flatten)]
        out: Listed,
    },
    /// 客户价值报告，一页 / a customer's value report, one page
    Value {
        /// 客户号 / customer number
        no: String,
        /// 输出 HTML / write HTML
        #[arg(long, conflicts_with = "text")]
        html: bool,
        /// 输出文本（默认） / write text, as if nothing is said
        #[arg(long)]
        text: bool,
        /// 写成新文件 / write a new file
        #[arg(long, value_name = "FILE")]
        out: Option<PathBuf>,
        /// 授权人工号，export_rows 为 0 时导出要；密码接着输入 / who gives the second person's word, where export_rows is 0
        #[arg(long, value_name = "CODE")]
        second: Option<String>,
    },
}

fn month(text: &str) -> Result<NaiveDate, String> {
    parse_month(text).ok_or_else(|| "写成 2026-11 / write 2026-11".to_owned())
}

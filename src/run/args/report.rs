//! The words of `report`.

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
        /// 授权人的代号；有密码的从标准输入读 / code of the second person; a password is read from standard input
        #[arg(long, value_name = "CODE")]
        second: Option<String>,
        /// 写成新文件 / write a new file
        #[arg(long, value_name = "FILE")]
        out: Option<PathBuf>,
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

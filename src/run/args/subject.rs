//! The words of `subject`.

use clap::Subcommand;

/// Rights of a customer over their data.
#[derive(Debug, Subcommand)]
pub enum Subject {
    /// 同意和请求 / what was agreed to and asked
    Show {
        /// 客户号 / customer number
        no: String,
    },
    /// 登记同意 / write down what a customer agrees to
    Agree {
        /// 客户号 / customer number
        no: String,
        /// 用途 / purpose: contact, marketing, credit, family
        purpose: String,
        /// 方式 / channel: any, phone, sms, wechat, visit
        #[arg(default_value = "any", hide_default_value = true)]
        channel: String,
        /// 依据：签字单号、录音编号或当面 / number of the form or recording, or in person
        #[arg(long)]
        evidence: String,
    },
    /// 撤回同意 / write down what a customer withdraws
    Withdraw {
        /// 客户号 / customer number
        no: String,
        /// 用途 / purpose: contact, marketing, credit, family
        purpose: String,
        /// 方式 / channel: any, phone, sms, wechat, visit
        #[arg(default_value = "any", hide_default_value = true)]
        channel: String,
    },
    /// 受理请求 / take a request
    Take {
        /// 客户号 / customer number
        no: String,
        /// 请求 / request: access, correction, erasure, withdrawal
        kind: String,
        /// 请求内容 / in the customer's words
        #[arg(long, default_value = "", hide_default_value = true)]
        note: String,
    },
    /// 核实身份，再答复或拒绝 / check who asks, then answer or refuse
    Answer {
        /// 客户号 / customer number
        no: String,
        /// 请求 / request: access, correction, erasure, withdrawal
        kind: String,
        /// 怎样核实、答复了什么、为什么拒绝 / how it was checked, what was answered, why it is refused
        #[arg(long)]
        word: String,
        /// 拒绝 / refuse
        #[arg(long)]
        refuse: bool,
    },
    /// 能否删除 / whether somebody can be erased
    Check {
        /// 客户号 / customer number
        no: String,
    },
    /// 删除个人信息，取不回来 / erase somebody; it cannot be taken back
    Erase {
        /// 客户号 / customer number
        no: String,
        /// 授权人的工号；有密码的从标准输入读 / code of the second person; a password is read from standard input
        #[arg(long, value_name = "CODE")]
        second: String,
    },
    /// 删除证明 / the certificate of an erasure
    Certificate {
        /// 客户号 / customer number
        no: String,
    },
}

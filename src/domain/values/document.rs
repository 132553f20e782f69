//! Identity documents.

use serde::{Deserialize, Serialize};

/// Kind of document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DocumentKind {
    /// 居民身份证 (GB 11643-1999)
    IdCard,
    /// 护照
    Passport,
    /// 港澳居民来往内地通行证
    HongKongMacau,
    /// 台湾居民来往大陆通行证
    Taiwan,
    /// 户口簿
    Household,
    /// 统一社会信用代码 (GB 32100-2015)
    CreditCode,
    /// 其他
    Other,
}

/// A document: kind and checked number.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Document {
    /// Its kind.
    pub kind: DocumentKind,
    /// Its number, ASCII, upper case.
    pub number: String,
}

//! Values that are parsed once at the edge, shown and masked: money, ID cards, phones, bank cards, credit codes.
//! Whose they are does not live here.

pub mod address;
pub mod bankcard;
pub mod credit_code;
pub mod document;
pub mod idcard;
pub mod money;
pub mod phone;
pub mod plain;
pub mod sex;

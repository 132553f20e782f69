//! What a branch knows: typed values and rules. No clock, file, terminal or SQL lives here;
//! today comes in as an argument. It refuses, it never fails.

pub mod access;
pub mod agenda;
pub mod archive;
pub mod audit;
pub mod board;
pub mod calendar;
pub mod change;
pub mod consent;
pub mod contact;
pub mod customer;
pub mod dealings;
pub mod family;
pub mod field;
pub mod household;
pub mod ids;
pub mod keepers;
pub mod lifecycle;
pub mod page;
pub mod password;
pub mod rights;
pub mod settings;
pub mod staff;
pub mod subject;
pub mod text;
pub mod tier;
pub mod values;

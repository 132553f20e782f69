//! Files in and out: extracts of the core system, reports, the branch of the demo. Rules of the bank never live here, and no SQL: what is
//! read goes through the store's doors.

pub mod audit;
pub mod demo;
pub mod encoding;
pub mod extract;
pub mod report;
pub mod rows;
pub mod workbook;

//! 业务往来: what the core system's extracts say a customer has and does with the bank (domain.md "What comes in from the core
//! system"), a file a noun. Sums are fen and only shown: no money moves here. Where they come from and how they are kept does not live
//! here.

pub mod age;
pub mod batch;
pub mod books;
pub mod due;
pub mod history;
pub mod holding;
pub mod loan;
pub mod rating;
pub mod service;
pub mod trend;
pub mod txn;
pub mod watch;

//! The map of the house. 柜台 guitai keeps a bank branch's customers in one file on a shared drive.
//!
//! Imports point one way: `domain ← index ← store ← app ← ui ← run`; `exchange` (files in and out)
//! stands beside `app` on `store`. `tests/tidy.rs` holds this.
//!
//! | room | what lives there | what never will |
//! |---|---|---|
//! | [`domain`] | what a branch knows: typed values and rules | a clock, a file, a terminal, SQL |
//! | [`index`] | the search index in memory | SQL, a screen |
//! | [`store`] | the one file on the shared drive | words on a screen |
//! | [`exchange`] | files in and out | rules of the bank |
//! | [`app`] | the whole machine without a terminal | threads, clocks, colours |
//! | [`ui`] | draws the app and changes nothing | state |
//! | [`run`] | terminal, threads, clock, arguments | rules |

pub mod app;
pub mod domain;
pub mod exchange;
pub mod index;
pub mod run;
pub mod store;
pub mod ui;

//! Files in and out, as a branch sees them: encodings, rows, extracts, the demo.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod bench;
mod book;
mod bytes;
mod damaged;
mod demo;
mod extracts;
mod fresh;
mod kept;
mod layouts;
mod mappings;
mod reading;
mod reads;
mod whole;
mod workbooks;

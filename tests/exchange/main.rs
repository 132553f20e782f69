//! Files in and out, as a branch sees them: encodings, rows, extracts, the demo.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod bench;
mod demo;
mod extracts;
mod layouts;
mod reading;
mod whole;

//! The branch file on a drive that fails in every way drives fail: the proofs that thirty workstations on one file lose nothing. The
//! tally of each is printed (`cargo test --test drive -- --nocapture`) and stands in docs/reliability.md. What the file does on a
//! drive that works is tried in tests/store.
#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod backup;
mod branch;
mod budget;
mod crash;
mod crowd;
mod drive;
mod drops;
mod faults;
mod judge;
mod kill;
mod locks;
mod model;
mod share;
mod shim;
mod station;

use std::sync::RwLock;

/// Held to write by what measures times, and to read by what keeps both processors busy.
static QUIET: RwLock<()> = RwLock::new(());

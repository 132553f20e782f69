//! Key scripts against whole screens: the machine over a real branch file, without a terminal.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod agenda;
mod archive;
mod audit;
mod away;
mod board;
#[path = "../posts/branch.rs"]
mod branch;
mod clashes;
mod colleagues;
mod dealings;
mod desk;
mod door;
mod entitle;
mod figures;
mod foreign;
mod frame;
mod handover;
mod import;
mod intake;
mod locked;
mod locks;
mod masking;
mod posts;
mod results;
mod rights;
mod round;
mod search;
mod second;
mod subject;
mod tiers;
mod twins;

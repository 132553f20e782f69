//! The branch file through its one door, `File::answer`, on real files and over several connections. Nothing of the screen is
//! tried here.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod access;
mod agenda;
mod backup;
mod bulk;
mod cache;
mod chain;
mod cipher;
mod clashes;
mod contacts;
mod counters;
mod customers;
mod dealings;
mod drive;
mod entitle;
mod files;
mod house;
mod imports;
mod keepers;
mod likely;
mod many;
mod outbox;
mod recount;
mod results;
mod rights;
mod salvage;
mod secret;
mod signals;
mod slots;
mod stage;
mod subject;
mod tiers;
mod twins;
mod workbench;

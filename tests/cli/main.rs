//! Every command by the real binary: what it prints, and the code it ends with. Files of its own in folders of its own; never the user's
//! config.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod audit;
mod backup;
#[path = "../posts/branch.rs"]
mod branch;
mod crypt;
mod desk;
mod entitle;
mod imports;
mod keepers;
mod locks;
mod mapping;
mod masking;
mod passwords;
mod posts;
mod refusals;
mod results;
mod rights;
mod salvage;
mod scripts;
mod second;
#[cfg(feature = "encryption")]
mod slots;
mod soak;
mod subject;
mod targets;
mod tiers;
#[cfg(all(feature = "encryption", unix))]
mod traces;
mod twins;
mod verify;

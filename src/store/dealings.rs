//! 业务往来: what the core system's extracts say of customers, in versions by batch, so that a file arrives whole and can be taken back.

mod absent;
pub(super) mod anew;
pub mod batches;
pub mod before;
mod clean;
pub mod fact;
pub(super) mod figures;
mod flip;
pub(super) mod household;
pub mod look;
pub mod mapping;
pub(super) mod moves;
mod numbers;
mod place;
pub(super) mod seen;
pub mod stage;
pub(super) mod tiers;
pub mod undo;
mod unload;
pub(super) mod what_if;

pub(super) use seen::SEEN;

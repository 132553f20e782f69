//! 业务往来: what the core system's extracts say of customers, in versions by batch, so that a file arrives whole and can be taken back.

pub mod batches;
pub(super) mod figures;
pub(super) mod seen;
pub(super) mod taken;

pub(super) use seen::SEEN;

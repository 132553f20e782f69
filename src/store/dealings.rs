//! 业务往来: what the core system's extracts say of customers, in versions by batch, so that a file arrives whole and can be taken back.

pub(super) mod arrived;
pub(super) mod contracts;
pub(super) mod figures;
pub(super) mod loans;
pub(super) mod seen;
pub mod signals;

pub(super) use seen::SEEN;

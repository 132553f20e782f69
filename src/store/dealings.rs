//! 业务往来: what the core system's extracts say of customers, in versions by batch, so that a file arrives whole and can be taken back.

pub(super) mod anew;
pub(super) mod figures;
pub(super) mod household;
pub(super) mod moves;
pub(super) mod seen;
pub(super) mod tiers;
pub(super) mod what_if;

pub(super) use seen::SEEN;

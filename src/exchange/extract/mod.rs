//! Extracts of the core banking system (domain.md, "What comes in from the core system"): layouts by their headers, rows as
//! typed records, what does not fit into a rejects file.

pub mod folder;
pub mod formats;
pub mod import;
pub mod lane;
pub mod layout;
pub mod look;
pub mod mapping;
mod merge;
mod names;
pub mod propose;
pub mod record;
mod rehearsal;
pub mod rejects;
pub mod report;
pub mod source;
mod take;
pub mod typed;
mod way;

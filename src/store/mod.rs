//! The one file on the shared drive. Everything that knows SQL lives here, and nothing that knows a screen. The seam is narrow:
//! [`request::Ask`] and [`request::Answer`] are intents, never SQL, so that another store can stand behind the same door.
//!
//! [`open::File`] is the file; [`open::File::answer`] answers an ask on the calling thread, [`worker::Worker`] on threads of its own;
//! [`bulk::Bulk`] takes in thousands of rows as one transaction; [`backup`] has what a copy of the file needs.

pub mod agenda;
pub mod anchor;
mod answer;
pub mod audit;
pub mod backup;
pub mod board;
mod branch;
pub mod bulk;
pub mod cache;
mod cell;
pub mod chain;
mod change;
pub mod check;
pub mod cifs;
pub mod contacts;
pub mod customers;
pub mod dealings;
mod derive;
pub mod drill;
pub mod drive;
mod fail;
pub mod ids;
pub mod keepers;
pub mod key;
mod keys;
mod known;
mod lease;
mod lighten;
mod likely;
pub mod manifest;
mod migrate;
pub mod open;
pub mod outbox;
pub mod pack;
mod pen;
pub mod recount;
pub mod recrypt;
pub mod refuse;
pub mod request;
pub mod rotation;
pub mod salvage;
pub mod secret;
pub mod seen;
pub mod slots;
pub mod stamp;
mod sweep;
mod table;
pub mod twins;
mod wait;
mod way;
pub mod workbench;
pub mod worker;
mod write;

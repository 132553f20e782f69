//! The one file on the shared drive. Everything that knows SQL lives here, and nothing that knows a screen. The seam is narrow:
//! [`request::Ask`] and [`request::Answer`] are intents, never SQL, so that another store can stand behind the same door.

pub mod agenda;
pub mod board;
pub mod contacts;
pub mod customers;
pub mod ids;
pub mod request;
pub mod workbench;

//! How the panes look; what they do lives in `app::panes`, under the same names.

pub mod agenda;
pub mod archive;
pub mod board;
pub mod search;

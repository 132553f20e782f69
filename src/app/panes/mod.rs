//! The four panes: what each shows and what its keys do. How they look lives in `ui::panes`, under the same names.

pub mod agenda;
pub mod archive;
pub mod board;
pub mod search;

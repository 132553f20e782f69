//! What every pane draws with.

pub mod field;
pub mod pen;
pub mod table;

//! Draws the app and changes nothing. State and colours outside `theme` never live here.

pub mod guard;
pub mod picture;
pub mod theme;

//! Draws the app and changes nothing. State and colours outside `theme` never live here.

pub mod guard;
pub mod header;
pub mod kit;
pub mod layers;
pub mod panes;
pub mod picture;
pub mod render;
pub mod theme;

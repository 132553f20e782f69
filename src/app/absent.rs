//! The desk of a colleague who works at this PC too and is not at it now. How it is put aside and taken up lives in `aside`.

use super::cx::Pane;
use super::layers::Layer;
use super::layers::clash::Clashing;
use super::message::Messages;
use crate::domain::ids::{CustomerId, StaffId};
use std::collections::VecDeque;

/// The desk of somebody who is not at it.
#[derive(Debug)]
pub struct Aside {
    /// Whose.
    pub staff: StaffId,
    /// Layers, lists left out.
    pub layers: Vec<Layer>,
    /// What collided and waits for them.
    pub clashes: VecDeque<Clashing>,
    /// What was said to them.
    pub messages: Messages,
    /// The archive shown.
    pub open: Option<CustomerId>,
    /// What was searched.
    pub search: String,
    /// The pane in focus.
    pub focus: Pane,
    /// Their last batch of keepers.
    pub assigned: Vec<i64>,
}

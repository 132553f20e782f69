//! What happens to the machine. Where it comes from does not live here.

use super::key::Key;
use crate::store::request::{Answer, Ticket};
use chrono::NaiveDateTime;

/// Something that happened.
#[derive(Debug)]
#[allow(missing_docs)]
pub enum Event {
    Key(Key),
    Paste(String),
    Mouse(Mouse),
    Resize(u16, u16),
    Tick(NaiveDateTime),
    Answer(Ticket, Answer),
    Resumed,
}

/// What the mouse did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum MouseAction {
    Down,
    WheelUp,
    WheelDown,
}

/// The mouse.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct Mouse {
    pub action: MouseAction,
    pub column: u16,
    pub row: u16,
}

//! The machine: events in, effects out.

use super::event::Event;
use crate::store::request::{Ask, Ticket};

/// The whole machine.
#[derive(Debug, Default)]
pub struct App {}

impl App {
    /// Takes an event.
    pub fn update(&mut self, _event: Event) -> Vec<Effect> {
        Vec::new()
    }
}

/// What the machine wants done.
#[derive(Debug, Clone, PartialEq)]
#[allow(missing_docs)]
pub enum Effect {
    Ask(Ticket, Ask),
    Copy(String),
    Print { name: String, text: String },
    Bell,
    KeepDrafts(String),
    Suspend,
    Quit,
}

//! Carries out what the machine wants: asks of the store, the clipboard, the bell, drafts, slips, stopping for a while. When to do it is
//! the machine's business.

use super::cycle::{Face, Outside};
use super::drafts::Drafts;
use super::events::{self, Message};
use super::importing::Importing;
use super::keep;
use super::places::Places;
use super::terminal::Screen;
use super::watch::Told;
use crate::app::event::Effect;
use crate::domain::values::plain;
use crate::store::drive::lookout::Here;
use crate::store::request::Ticket;
use crate::store::worker::Worker;
use std::collections::BTreeSet;
use std::io;
use std::sync::mpsc::Receiver;
use std::time::{Duration, Instant};

/// How long leaving waits for saves that are under way: a save itself gives up after fifteen seconds.
const LAST_SAVES: Duration = Duration::from_secs(16);

/// The world outside the machine.
pub struct World {
    screen: Screen,
    worker: Worker,
    places: Places,
    drafts: Drafts,
    saving: BTreeSet<Ticket>,
    told: Told,
    importing: Importing,
}

impl World {
    /// A world of this terminal and this store; drafts are kept in `drafts`, colleagues are told through `told`,
    /// extracts are seen to by `importing`.
    pub fn new(
        screen: Screen,
        worker: Worker,
        places: Places,
        drafts: Drafts,
        told: Told,
        importing: Importing,
    ) -> World {
        World { screen, worker, places, drafts, saving: BTreeSet::new(), told, importing }
    }

    /// Gives the terminal back, then waits for saves that are under way; says whether all of them were answered.
    pub fn leave(mut self, inbox: &Receiver<Message>) -> bool {
        self.screen.step_out();
        let end = Instant::now() + LAST_SAVES;
        self.importing.leave(LAST_SAVES);
        while !self.saving.is_empty() {
            let Some(left) = end.checked_duration_since(Instant::now()) else { break };
            match inbox.recv_timeout(left) {
                Ok(Message::Answer(ticket, _)) => {
                    self.saving.remove(&ticket);
                }
                Ok(_) => {}
                Err(_) => break,
            }
        }
        self.saving.is_empty()
    }
}

impl Outside for World {
    fn size(&self) -> io::Result<(u16, u16)> {
        self.screen.size()
    }

    fn draw(&mut self, face: &dyn Face) -> io::Result<()> {
        self.screen.draw(|frame| face.draw(frame))
    }

    fn answered(&mut self, ticket: Ticket) {
        self.saving.remove(&ticket);
    }

    fn perform(&mut self, effect: Effect) -> io::Result<()> {
        match effect {
            Effect::Ask(ticket, ask) => {
                if ask.writes() {
                    self.saving.insert(ticket);
                }
                self.worker.ask(ticket, ask);
            }
            Effect::Settled(op) => self.worker.settle(op),
            Effect::Copy(text) => self.screen.copy(&plain::line(&text))?,
            Effect::Bell => self.screen.bell()?,
            Effect::KeepDrafts(text) => {
                if let Err(error) = self.drafts.keep(&text) {
                    tracing::error!(%error, "drafts were not kept");
                }
            }
            Effect::Print { name, text } => {
                let path = keep::free_name(&self.places.slips(), &name, "txt");
                if let Err(error) = keep::write(&path, &plain::steady(&text)) {
                    tracing::error!(%error, "a slip was not written");
                }
            }
            Effect::Here(staff, editing) => self.told.tell(Here { staff, editing }),
            Effect::Suspend => {
                self.screen.step_out();
                events::stop();
                self.screen.step_in()?;
            }
            Effect::Import(errand) => self.importing.want(errand),
            // The loop sees to it.
            Effect::Quit => {}
        }
        Ok(())
    }

    fn again(&mut self) -> io::Result<()> {
        self.screen.step_in()
    }
}

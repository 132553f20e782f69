//! Carries out what the machine wants: asks of the store, the clipboard, the bell, drafts, slips, stopping for a while. When to do it is
//! the machine's business.

use super::backstage::{Backstage, Stage};
use super::cycle::{Face, Outside};
use super::drafts::Drafts;
use super::events::{self, Message};
use super::keep;
use super::terminal::Screen;
use super::watch::Told;
use crate::app::event::{Effect, Event};
use crate::domain::values::plain;
use crate::store::drive::lookout::Here;
use crate::store::key::Key;
use crate::store::request::{Ask, Ticket};
use crate::store::secret::{SignInError, SignedIn};
use crate::store::veil::Seat;
use std::collections::BTreeSet;
use std::io;
use std::sync::mpsc::Receiver;
use std::time::{Duration, Instant};

/// How long leaving waits for saves that are under way: a save itself gives up after fifteen seconds.
const LAST_SAVES: Duration = Duration::from_secs(16);

/// The world outside the machine.
pub struct World {
    screen: Screen,
    back: Backstage,
    /// Nothing while an encrypted file waits for somebody to sign in.
    stage: Option<Stage>,
    drafts: Option<Drafts>,
    saving: BTreeSet<Ticket>,
    /// Asked while the stage was down.
    held: Vec<(Ticket, Ask)>,
    told: Told,
    seat: Option<Seat>,
}

impl World {
    /// A world of this terminal and this stage with its drafts, or one that waits for somebody to sign in; colleagues are told through
    /// `told`.
    pub fn new(screen: Screen, back: Backstage, set: Option<(Stage, Drafts)>, told: Told) -> World {
        let (stage, drafts) = set.unzip();
        World { screen, back, stage, drafts, saving: BTreeSet::new(), held: Vec::new(), told, seat: None }
    }

    /// Whether the stage is down.
    fn shut(&self) -> bool {
        self.stage.is_none()
    }

    /// Closes an encrypted file and forgets its key. Threads that are still saving let go of it when they are done.
    fn lock(&mut self) {
        if !self.back.sealed {
            return;
        }
        if let Some(mut stage) = self.stage.take() {
            stage.importing.leave(Duration::ZERO);
        }
        self.back.lock();
        if let Some(drafts) = &mut self.drafts {
            drafts.under(&Key::default());
        }
    }

    /// Sets the stage up with the key there is.
    fn set_up(&mut self) -> Result<(), SignInError> {
        let key = self.back.hole.key().unwrap_or_default();
        let (mut drafts, found) = match self.drafts.take() {
            Some(mut drafts) => {
                drafts.under(&key);
                (drafts, Vec::new())
            }
            None => self.back.claim(),
        };
        let stage = self.back.stage(&mut drafts)?;
        stage.worker.seat(self.seat);
        for (ticket, ask) in self.held.drain(..) {
            stage.worker.ask(ticket, ask);
        }
        for kept in found {
            // The loop listens as long as this is called by it.
            let _ = self.back.to.send(Message::Event(Event::Drafts(kept)));
        }
        (self.stage, self.drafts) = (Some(stage), Some(drafts));
        Ok(())
    }

    /// Gives the terminal back, then waits for saves that are under way; says whether all of them were answered.
    pub fn leave(mut self, inbox: &Receiver<Message>) -> bool {
        self.screen.step_out();
        let end = Instant::now() + LAST_SAVES;
        if let Some(stage) = &mut self.stage {
            stage.importing.leave(LAST_SAVES);
        }
        while !self.saving.is_empty() && !self.shut() {
            let Some(left) = end.checked_duration_since(Instant::now()) else { break };
            match inbox.recv_timeout(left) {
                Ok(Message::Answer(ticket, _)) => {
                    self.saving.remove(&ticket);
                }
                Ok(_) => {}
                Err(_) => break,
            }
        }
        self.saving.is_empty() || self.shut()
    }
}

impl Outside for World {
    fn size(&self) -> io::Result<(u16, u16)> {
        self.screen.size()
    }

    fn draw(&mut self, face: &dyn Face) -> io::Result<()> {
        self.screen.draw(|frame| face.draw(frame))
    }

    fn seated(&mut self, seat: Option<Seat>) {
        self.seat = seat;
        if let Some(stage) = &self.stage {
            stage.worker.seat(seat);
        }
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
                match &self.stage {
                    Some(stage) => stage.worker.ask(ticket, ask),
                    None => self.held.push((ticket, ask)),
                }
            }
            Effect::Settled(op) => {
                if let Some(stage) = &self.stage {
                    stage.worker.settle(op);
                }
            }
            Effect::Copy(text) => self.screen.copy(&plain::line(&text))?,
            Effect::Bell => self.screen.bell()?,
            Effect::KeepDrafts(text) => {
                // While the key is away nothing can be sealed, and what is sealed already stands.
                let drafts = self.drafts.as_mut().filter(|_| self.stage.is_some());
                if let Some(Err(error)) = drafts.map(|d| d.keep(&text)) {
                    tracing::error!(%error, "drafts were not kept");
                }
            }
            Effect::Print { name, text } => {
                let path = keep::free_name(&self.back.setting.places.slips(), &name, "txt");
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
            Effect::Import(errand) => {
                if let Some(stage) = &self.stage {
                    stage.importing.want(errand);
                }
            }
            Effect::SignIn { staff, password, to } => self.back.sign_in(staff, password, to),
            Effect::SetPassword { staff, code, old, new } => self.back.set_password(staff, code, old, new),
            Effect::Lock => self.lock(),
            // The loop sees to it.
            Effect::Quit => {}
        }
        Ok(())
    }

    fn signed(&mut self, signed: &SignedIn) -> Result<(), SignInError> {
        if self.back.sealed {
            self.back.unlock(Some(signed));
            if self.shut() {
                self.set_up()?;
            }
        }
        Ok(())
    }

    fn again(&mut self) -> io::Result<()> {
        self.screen.step_in()
    }
}

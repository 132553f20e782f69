//! What a pane may do besides changing itself: ask the store, say something, go somewhere. Screens do not know each other.

use super::event::Effect;
use super::layers::Layer;
use super::layers::then::Then;
use super::message::Tone;
use super::shared::Shared;
use crate::domain::ids::CustomerId;
use crate::domain::text::{Lang, Text};
use crate::index::row::Row;
use crate::store::request::{Ask, Stamp, Ticket};
use std::collections::{BTreeMap, BTreeSet};

/// The four panes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub enum Pane {
    /// 客户查找
    #[default]
    Search,
    /// 客户档案
    Archive,
    /// 分级看板
    Board,
    /// 今日任务
    Agenda,
}

/// Somewhere to go, carried out by the machine when the pane is done.
#[derive(Debug, Clone, PartialEq)]
pub enum Go {
    /// Give a pane the focus.
    Focus(Pane),
    /// Open an archive, and give it the focus if so wanted.
    Open(CustomerId, bool),
    /// Search for this.
    Search(String),
    /// Keep this search as a filter of one's own.
    KeepFilter(String),
    /// Put a layer on top.
    Layer(Box<Layer>),
    /// The palette of all commands; the menu shows their codes first.
    Palette,
    /// Help on the pane in focus.
    Help,
    /// Run the command with this name.
    Run(&'static str),
    /// A new customer.
    New,
    /// A new task of one's own.
    NewTask,
    /// Log a contact with the customer under the cursor.
    Log,
    /// Hand the matter of the customer under the cursor to a colleague.
    HandOver,
    /// Give the customer under the cursor to another keeper.
    Keeper,
    /// Hold the tier of the customer under the cursor.
    Hold,
    /// Follow the customer under the cursor, or no longer.
    Follow,
    /// Park the unsaved form, or take one up again.
    Park,
    /// Erase this customer, who asked for it, if nothing stands in the way.
    Erase(CustomerId),
    /// Do what a second person's word was asked for, stamped with it.
    Granted(Then, Box<Stamp>),
    /// Read everything shown anew.
    Refresh,
    /// Speak this language.
    Lang(Lang),
    /// One step back.
    Back,
    /// Leave, asking when something would be lost.
    Quit,
    /// Rows of the index changed.
    Rows(Vec<Row>),
    /// What panes show of queue and board is to be read anew.
    Stale,
    /// Keep drafts on the local disk soon.
    Drafts,
}

/// What an answer is waited for; the newest read of a kind replaces the one before.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Wait {
    /// The branch.
    Workbench,
    /// All rows.
    Rows,
    /// News of colleagues.
    News,
    /// An archive.
    Archive,
    /// Who is already known.
    Known,
    /// Who may be found, while there is no index.
    Likely,
    /// The queue.
    Agenda,
    /// The month.
    Month,
    /// The maturity wall.
    Wall,
    /// The contracts of a day of it.
    Bricks,
    /// The board.
    Board,
    /// Who would move by other lines.
    Trial,
    /// How a customer came into their tier.
    Tier,
    /// Keepers: a list or a plan.
    Keepers,
    /// Who is who: a list or two archives.
    Twins,
    /// Holdings, loans, services of the archive shown.
    Books,
    /// Transactions looked for.
    Txns,
    /// Earlier imports.
    Batches,
    /// The change log.
    Audit,
    /// Rights of the customer shown.
    Subject,
    /// What the branch's facts come to.
    Results,
    /// Whether a customer can be erased, who is to be.
    Erasing,
    /// Everything held of somebody, to be printed in full.
    Bare,
    /// A write; each is waited for by itself.
    Write(u64),
}

/// What is collected while a pane works.
#[derive(Debug, Default)]
pub struct Out {
    /// Effects for the outside.
    pub effects: Vec<Effect>,
    /// Where to go.
    pub goes: Vec<Go>,
    /// Answers waited for.
    pub waiting: BTreeMap<Wait, Ticket>,
    /// What came back with nothing and is on no screen that somebody would ask for again: the branch and the index.
    pub missed: BTreeSet<Wait>,
    last: u64,
}

impl Out {
    /// Asks the store; an answer of the same kind still waited for is dropped when it comes.
    pub fn ask(&mut self, wait: Wait, ask: Ask) {
        self.last += 1;
        self.waiting.insert(wait, Ticket(self.last));
        self.effects.push(Effect::Ask(Ticket(self.last), ask));
    }

    /// Asks for a write; its answer is always waited for.
    pub fn write(&mut self, ask: Ask) {
        let next = self.last + 1;
        self.ask(Wait::Write(next), ask);
    }

    /// Takes an answer's ticket: what it was waited for, or nothing when nobody waits any more.
    pub fn arrived(&mut self, ticket: Ticket) -> Option<Wait> {
        let wait = self.waiting.iter().find(|(_, t)| **t == ticket).map(|(w, _)| *w)?;
        self.waiting.remove(&wait);
        Some(wait)
    }

    /// Whether a read that somebody looks at is still on its way; the index is built in the background.
    pub fn reading(&self) -> bool {
        self.waiting.keys().any(|w| !matches!(w, Wait::Write(_) | Wait::Rows))
    }

    /// Whether a write is still on its way.
    pub fn writing(&self) -> bool {
        self.waiting.keys().any(|w| matches!(w, Wait::Write(_)))
    }
}

/// What a pane works with.
pub struct Cx<'a> {
    /// What all panes share.
    pub shared: &'a mut Shared,
    /// What is collected.
    pub out: &'a mut Out,
}

impl Cx<'_> {
    /// Asks the store for a read.
    pub fn ask(&mut self, wait: Wait, ask: Ask) {
        self.out.ask(wait, ask);
    }

    /// Asks the store for a write, unless the file is read-only, which is said.
    pub fn write(&mut self, ask: Ask) -> bool {
        if self.shared.read_only() {
            let words = super::words::read_only(self.shared);
            self.refuse(words);
            return false;
        }
        self.out.write(ask);
        true
    }

    /// Goes somewhere when the pane is done.
    pub fn go(&mut self, go: Go) {
        self.out.goes.push(go);
    }

    /// Puts a layer on top.
    pub fn layer(&mut self, layer: Layer) {
        self.go(Go::Layer(Box::new(layer)));
    }

    /// Says that something was done.
    pub fn done(&mut self, text: impl Into<String>) {
        self.shared.messages.say(self.shared.now, Tone::Done, text);
    }

    /// Says something to know.
    pub fn note(&mut self, text: Text) {
        self.shared.messages.say(self.shared.now, Tone::Note, self.shared.say(text));
    }

    /// Says that something was refused.
    pub fn trouble(&mut self, text: Text) {
        self.shared.messages.say(self.shared.now, Tone::Trouble, self.shared.say(text));
    }

    /// Says that something was refused, in words made for the moment.
    pub fn refuse(&mut self, text: impl Into<String>) {
        self.shared.messages.say(self.shared.now, Tone::Trouble, text);
    }
}

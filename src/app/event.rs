//! What comes in and what goes out. Effects are plain comparable data, never closures; the clock comes in with events.

use super::drive::News;
use super::imports;
use super::key::Key;
use crate::domain::ids::{CustomerId, OpId, StaffId};
use crate::domain::password::Password;
use crate::index::Index;
use crate::store::request::{Answer, Ask, Ticket};
use crate::store::secret::{SignInError, Why};
use chrono::NaiveDateTime;

/// What the mouse did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MouseAction {
    /// The left button went down.
    Down,
    /// The wheel turned up.
    WheelUp,
    /// The wheel turned down.
    WheelDown,
}

/// A mouse event at a cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Mouse {
    /// What.
    pub action: MouseAction,
    /// Cells from the left edge.
    pub column: u16,
    /// Cells from the top edge.
    pub row: u16,
}

/// Everything that comes in.
#[derive(Debug)]
pub enum Event {
    /// A key.
    Key(Key),
    /// Pasted text, line breaks included.
    Paste(String),
    /// The mouse.
    Mouse(Mouse),
    /// The terminal is now so many columns and rows.
    Resize(u16, u16),
    /// The time, about once a second and at the start.
    Tick(NaiveDateTime),
    /// The store answered.
    Answer(Ticket, Answer),
    /// The search index is built.
    Indexed(Box<Index>),
    /// Somebody wrote the branch file (its metadata changed).
    Touched,
    /// What became of a save that had waited in the outbox.
    Later(Box<Ask>, Answer),
    /// News of the drive.
    Drive(News),
    /// What came of an errand of the import screen.
    Import(Box<imports::News>),
    /// Whether somebody was let in, and why their password is to be changed first, if it is.
    SignedIn(Result<(StaffId, Option<Why>), SignInError>),
    /// Whether a new password was set.
    PasswordSet(Result<(), SignInError>),
    /// Whether the second person's word is taken that was looked at under this number.
    Vouched(OpId, Result<StaffId, SignInError>),
    /// Parked forms and an unfinished one, as kept before (JSON); at start, after a crash.
    Drafts(String),
}

/// Everything that goes out.
#[derive(Debug, Clone, PartialEq)]
pub enum Effect {
    /// Ask the store.
    Ask(Ticket, Ask),
    /// Put text on the clipboard.
    Copy(String),
    /// Write a text for the printer under this name.
    Print {
        /// Name of the file, without folder.
        name: String,
        /// The text.
        text: String,
    },
    /// Something of extracts: look for them, look into them, take them in, take them back.
    Import(imports::Errand),
    /// What came back of a save that had waited was seen.
    Settled(OpId),
    /// Ring.
    Bell,
    /// Keep these drafts (JSON) on the local disk; empty forgets them.
    KeepDrafts(String),
    /// Tell colleagues who works here, and which archive is being edited.
    Here(Option<StaffId>, Option<CustomerId>),
    /// Look whether this is their password; slow, so it is answered by [`Event::SignedIn`].
    SignIn {
        /// The number.
        staff: String,
        /// What was typed.
        password: Password,
        /// What for, in the log.
        to: &'static str,
    },
    /// Look whether this is the second person's password, or whether they need none; slow, so it is answered by [`Event::Vouched`].
    Vouch {
        /// The number that the answer bears.
        op: OpId,
        /// Their number.
        staff: String,
        /// What was typed; nothing only names them.
        password: Password,
        /// What for, in the log.
        to: &'static str,
    },
    /// Set this password, if the old one is right; answered by [`Event::PasswordSet`].
    SetPassword {
        /// Whose.
        staff: StaffId,
        /// Their number.
        code: String,
        /// The old one, if they have one.
        old: Option<Password>,
        /// The new one.
        new: Password,
    },
    /// The screen is locked: an encrypted file is closed, and its key forgotten until somebody signs in.
    Lock,
    /// Stop until the shell brings us back (Ctrl+Z).
    Suspend,
    /// Leave.
    Quit,
}

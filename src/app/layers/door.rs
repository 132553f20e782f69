//! The door: signing in, the lock, another colleague, a new password. It stands before everything else and nothing is drawn behind it, so what
//! it holds is no layer among the others. What becomes of what is typed is decided in `app::door`.

use super::chooser::Chooser;
use crate::app::hidden::Hidden;
use crate::app::input::Line;
use crate::app::key::{Code, Key};
use crate::app::layers::then::Reaction;
use crate::domain::ids::StaffId;
use crate::store::secret::{SignInError, Why};
use chrono::NaiveDateTime;

/// Why it stands there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cause {
    /// Nobody works here yet.
    Start,
    /// Another colleague comes; whoever works here may go on.
    Switch,
    /// Locked.
    Lock {
        /// By whom.
        who: StaffId,
        /// Since when.
        since: NaiveDateTime,
    },
    /// One changes one's own password.
    Own,
}

/// A field of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Slot {
    /// The number.
    Number,
    /// The password, the old one where a new one is asked for.
    Password,
    /// The new one.
    New,
    /// The new one again.
    Again,
}

/// A new password to be set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Change {
    /// Whose.
    pub staff: StaffId,
    /// Why it is asked for; `None` when they want it themselves, or have none yet.
    pub why: Option<Why>,
    /// Whether there is an old one, which must be given.
    pub old: bool,
}

/// What it says below the fields.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Said {
    /// Something to know, in the words of the moment.
    Note(String),
    /// Something was refused.
    Trouble(String),
    /// Why somebody was not let in; the time to wait is told anew with every tick.
    Refused(SignInError),
}

/// What a key wants.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wish {
    /// Nothing further.
    Stay,
    /// What is typed is to be taken.
    Submit,
    /// Back.
    Back,
    /// The list of colleagues.
    People,
    /// This colleague was chosen from it.
    Chosen(StaffId),
}

/// The door.
#[derive(Debug, Clone)]
pub struct Door {
    /// Why it stands there.
    pub cause: Cause,
    /// The number being typed.
    pub number: Line,
    /// The password, or the old one.
    pub password: Hidden,
    /// The new password.
    pub new: Hidden,
    /// The new password again.
    pub again: Hidden,
    /// Where typing goes; nowhere while Enter alone opens.
    pub focus: Option<Slot>,
    /// A new password is asked for.
    pub change: Option<Change>,
    /// The list of colleagues.
    pub people: Option<Chooser>,
    /// A password is being looked at: nothing else is taken.
    pub busy: bool,
    /// No try before this.
    pub until: Option<NaiveDateTime>,
    /// The file behind it is closed, so that nothing can be asked of it.
    pub shut: bool,
    /// What it says.
    pub said: Option<Said>,
}

impl Door {
    /// A door; the number is filled in where it is known.
    pub fn new(cause: Cause, number: &str) -> Door {
        Door {
            cause,
            number: Line::of(number),
            password: Hidden::default(),
            new: Hidden::default(),
            again: Hidden::default(),
            focus: Some(if number.is_empty() { Slot::Number } else { Slot::Password }),
            change: None,
            people: None,
            busy: false,
            until: None,
            shut: false,
            said: None,
        }
    }

    /// The fields it has now, from top to bottom.
    pub fn slots(&self) -> &'static [Slot] {
        match self.change {
            Some(change) if change.old => &[Slot::Password, Slot::New, Slot::Again],
            Some(_) => &[Slot::New, Slot::Again],
            None => &[Slot::Number, Slot::Password],
        }
    }

    /// A hidden field.
    pub fn hidden(&self, slot: Slot) -> &Hidden {
        match slot {
            Slot::New => &self.new,
            Slot::Again => &self.again,
            Slot::Number | Slot::Password => &self.password,
        }
    }

    /// Asks for a new password.
    pub fn ask_new(&mut self, change: Change) {
        self.change = Some(change);
        self.new.clear();
        self.again.clear();
        self.said = None;
        let given = !change.old || !self.password.is_empty();
        self.focus = Some(if given { Slot::New } else { Slot::Password });
    }

    /// Forgets every password typed.
    pub fn forget(&mut self) {
        for hidden in [&mut self.password, &mut self.new, &mut self.again] {
            hidden.clear();
        }
    }

    fn step(&mut self, by: isize) {
        let slots = self.slots();
        let at = slots.iter().position(|s| Some(*s) == self.focus);
        let next = match at {
            Some(at) => at.saturating_add_signed(by).min(slots.len().saturating_sub(1)),
            None => {
                self.number.set("");
                0
            }
        };
        self.focus = slots.get(next).copied();
    }

    /// Types pasted text.
    pub fn paste(&mut self, text: &str) {
        if self.busy {
            return;
        }
        match (&mut self.people, self.focus) {
            (Some(people), _) => people.paste(text),
            (None, Some(Slot::Number)) => self.number.paste(text),
            (None, Some(Slot::Password)) => self.password.paste(text),
            (None, Some(Slot::New)) => self.new.paste(text),
            (None, Some(Slot::Again)) => self.again.paste(text),
            (None, None) => {}
        }
    }

    /// Takes a key.
    pub fn key(&mut self, key: Key) -> Wish {
        if self.busy {
            return Wish::Stay;
        }
        if let Some(people) = &mut self.people {
            return match people.key(key) {
                Reaction::Close => {
                    self.people = None;
                    Wish::Stay
                }
                Reaction::Chosen(_, code) => code.parse().map_or(Wish::Stay, |id| Wish::Chosen(StaffId(id))),
                _ => Wish::Stay,
            };
        }
        let last = self.focus.is_none() || self.slots().last() == self.focus.as_ref();
        match key.code {
            Code::Esc => return Wish::Back,
            Code::F(4) if self.change.is_none() => return Wish::People,
            // A number says by itself whether a password is wanted.
            Code::Enter if last || self.focus == Some(Slot::Number) => return Wish::Submit,
            Code::Enter | Code::Tab | Code::Down => self.step(1),
            Code::BackTab | Code::Up => self.step(-1),
            _ => {
                match self.focus {
                    Some(Slot::Number) => self.number.key(key.folded()),
                    Some(Slot::Password) => self.password.key(key),
                    Some(Slot::New) => self.new.key(key),
                    Some(Slot::Again) => self.again.key(key),
                    None => false,
                };
            }
        }
        Wish::Stay
    }
}

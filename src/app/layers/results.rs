//! 业绩统计 on screen: a table that opens into narrower ones, down to customers, each of whom opens the archive. What the figures mean is
//! the domain's business, how they read `words::results`.

use super::then::{Reaction, Then};
use crate::app::key::{Code, Key};
use crate::app::list::Cursor;
use crate::domain::ids::{CustomerId, StaffId};
use crate::domain::results::credit::{Credit, Handed, Part};
use crate::domain::results::loyal::{Long, Loyal, Rate, YEARS};
use crate::domain::results::outflow::{Bank, Gone, Outflow, Went};
use crate::domain::results::targets::{Reached, Scores, month_of, months_on};
use crate::store::results::What;
use chrono::NaiveDate;

/// Periods to choose from, in days.
const DAYS: [u16; 5] = [7, 30, 90, 180, 365];
/// Days of the first look.
pub const FIRST: u16 = 30;
/// Months that one may look back.
const BACK: i32 = 36;
/// Months for which targets are laid down ahead.
const AHEAD: i32 = 12;
/// Years to choose from.
const FULL: [u32; 5] = [1, 2, YEARS, 5, 10];

/// What the tables are made of.
#[derive(Debug, Clone, PartialEq)]
pub enum Facts {
    /// They are being read.
    Reading,
    /// Money that went to other banks.
    Outflow(Box<Outflow>),
    /// Borrowers.
    Loyal(Box<Loyal>),
    /// Targets and what was reached.
    Scores(Box<Scores>),
    /// Who brought and who took customers.
    Credit(Box<Credit>),
}

/// A table.
#[derive(Debug, Clone, PartialEq)]
pub enum Shown {
    /// Nothing yet.
    Nothing,
    /// Outflow by bank; the first row is all of them.
    Banks(Vec<Went<Option<Bank>>>),
    /// Outflow by keeper; the first row is all of them.
    Keepers(Vec<Went<Option<Option<StaffId>>>>),
    /// Customers whose money went.
    Gone(Vec<Gone>),
    /// Borrowers by keeper; the first row is all of them.
    Rates(Vec<(Option<Option<StaffId>>, Rate)>),
    /// Borrowers of some years.
    Long(Vec<Long>),
    /// What was reached, by person; before them all together.
    Scores(Vec<(Option<StaffId>, Reached)>),
    /// Credit by person.
    Parts(Vec<(StaffId, Part)>),
    /// Hand-overs.
    Handed(Vec<Handed>),
}

impl Shown {
    /// How many rows it has.
    pub fn len(&self) -> usize {
        match self {
            Shown::Nothing => 0,
            Shown::Banks(rows) => rows.len(),
            Shown::Keepers(rows) => rows.len(),
            Shown::Gone(rows) => rows.len(),
            Shown::Rates(rows) => rows.len(),
            Shown::Long(rows) => rows.len(),
            Shown::Scores(rows) => rows.len(),
            Shown::Parts(rows) => rows.len(),
            Shown::Handed(rows) => rows.len(),
        }
    }

    /// Whether it has none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

/// A table one went into, and what it is narrowed to.
#[derive(Debug, Clone, PartialEq)]
pub struct Level {
    /// The table.
    pub shown: Shown,
    /// Its cursor.
    pub cursor: Cursor,
    /// Only this bank.
    pub bank: Option<Bank>,
    /// Only this keeper, or nobody's customers.
    pub keeper: Option<Option<StaffId>>,
}

/// The layer.
#[derive(Debug, Clone, PartialEq)]
pub struct Results {
    /// What is asked for.
    pub what: What,
    /// What came.
    pub facts: Facts,
    /// The tables one went into; the last is on screen.
    pub levels: Vec<Level>,
    /// Today.
    pub today: NaiveDate,
    /// Years of the list.
    pub years: u32,
    /// Rows shown; the machine keeps it near enough.
    pub height: usize,
    /// What was asked for with the last key.
    pub act: Act,
}

/// What is to be done outside the layer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Act {
    /// Read what it is to show.
    Read,
    /// Lay targets down for this person, for the branch where nobody is named.
    Aim(Option<StaffId>),
}

fn first(shown: Shown) -> Level {
    Level { shown, cursor: Cursor::default(), bank: None, keeper: None }
}

/// The rows of a table, in front of them one that is all of them.
fn with_all<T>(all: Went<()>, parts: Vec<Went<T>>) -> Vec<Went<Option<T>>> {
    let head = Went { by: None, sum: all.sum, customers: all.customers, open: all.open };
    let rows = parts.into_iter().map(|w| Went { by: Some(w.by), sum: w.sum, customers: w.customers, open: w.open });
    if all.customers == 0 { Vec::new() } else { std::iter::once(head).chain(rows).collect() }
}

impl Results {
    /// The layer, before anything was read.
    pub fn new(what: What, today: NaiveDate) -> Results {
        let levels = vec![first(Shown::Nothing)];
        Results { what, facts: Facts::Reading, levels, today, years: YEARS, height: 12, act: Act::Read }
    }

    /// What was asked for came.
    pub fn came(&mut self, facts: Facts) {
        let shown = match &facts {
            Facts::Reading => Shown::Nothing,
            Facts::Outflow(o) => Shown::Banks(with_all(o.total(), o.banks())),
            Facts::Loyal(l) if l.all.borrowers == 0 => Shown::Rates(Vec::new()),
            Facts::Loyal(l) => {
                let keepers = l.keepers.iter().map(|(keeper, rate)| (Some(*keeper), *rate));
                Shown::Rates(std::iter::once((None, l.all)).chain(keepers).collect())
            }
            Facts::Scores(x) => {
                let people = x.people.iter().map(|(id, reached)| (Some(*id), *reached));
                let together = (x.people.len() > 1).then_some((None, x.all));
                Shown::Scores(together.into_iter().chain(people).collect())
            }
            Facts::Credit(c) => Shown::Parts(c.parts()),
        };
        self.facts = facts;
        self.levels = vec![first(shown)];
    }

    /// The table on screen.
    pub fn level(&self) -> Option<&Level> {
        self.levels.last()
    }

    /// Keeps the cursor in the rows there is room for.
    pub fn fit(&mut self, height: usize) {
        self.height = height;
        if let Some(level) = self.levels.last_mut() {
            level.cursor.fit(level.shown.len(), height);
        }
    }

    /// Takes a key: arrows, Enter and digits go in, Esc back out, left and right change the period or the years.
    pub fn key(&mut self, key: Key) -> Reaction {
        let (height, deep) = (self.height, self.levels.len() > 1);
        let Some(level) = self.levels.last_mut() else { return Reaction::Close };
        let at = level.cursor.at;
        match key.folded().code {
            Code::Esc if deep => {
                self.levels.pop();
                Reaction::Stay
            }
            Code::Esc => Reaction::Close,
            Code::Enter => self.open(at),
            Code::Char(c @ '1'..='9') => {
                let at = level.cursor.top + (c as usize - '1' as usize);
                if at >= level.shown.len() {
                    return Reaction::Stay;
                }
                level.cursor.at = at;
                self.open(at)
            }
            Code::Left => self.turn(false),
            Code::Right => self.turn(true),
            _ => {
                level.cursor.key(key, level.shown.len(), height);
                Reaction::Stay
            }
        }
    }

    /// A longer or shorter period, more or fewer years.
    fn turn(&mut self, more: bool) -> Reaction {
        match &self.what {
            What::Outflow(days) => match next(&DAYS, *days, more) {
                Some(days) => self.anew(What::Outflow(days)),
                None => Reaction::Stay,
            },
            What::Scores(month) => match on(*month, more, self.today, AHEAD) {
                Some(month) => self.anew(What::Scores(month)),
                None => Reaction::Stay,
            },
            What::Credit(month) => match on(*month, more, self.today, 0) {
                Some(month) => self.anew(What::Credit(month)),
                None => Reaction::Stay,
            },
            What::Loyal => {
                let Some(years) = next(&FULL, self.years, more) else { return Reaction::Stay };
                self.years = years;
                let (Facts::Loyal(l), Some(level)) = (&self.facts, self.levels.last_mut()) else {
                    return Reaction::Stay;
                };
                if let Shown::Long(_) = level.shown {
                    level.shown = Shown::Long(l.with(years, level.keeper).cloned().collect());
                    level.cursor = Cursor::default();
                }
                Reaction::Stay
            }
        }
    }

    /// Another period is to be read.
    fn anew(&mut self, what: What) -> Reaction {
        if self.facts == Facts::Reading {
            return Reaction::Stay;
        }
        *self = Results { height: self.height, ..Results::new(what, self.today) };
        Reaction::Submit
    }

    /// Goes into a row: a narrower table, or the archive.
    fn open(&mut self, at: usize) -> Reaction {
        let Some(level) = self.levels.last() else { return Reaction::Stay };
        let mut next = Level { cursor: Cursor::default(), ..level.clone() };
        let archive = |id: CustomerId| Reaction::Chosen(Then::Open, id.0.to_string());
        match (&level.shown, &self.facts) {
            (Shown::Gone(rows), _) => return rows.get(at).map_or(Reaction::Stay, |g| archive(g.who.id)),
            (Shown::Long(rows), _) => return rows.get(at).map_or(Reaction::Stay, |l| archive(l.who.id)),
            (Shown::Handed(rows), _) => return rows.get(at).map_or(Reaction::Stay, |h| archive(h.who.id)),
            (Shown::Scores(rows), _) => {
                let Some((whose, _)) = rows.get(at) else { return Reaction::Stay };
                self.act = Act::Aim(*whose);
                return Reaction::Submit;
            }
            (Shown::Parts(rows), Facts::Credit(c)) => {
                let Some((person, _)) = rows.get(at) else { return Reaction::Stay };
                next.keeper = Some(Some(*person));
                next.shown = Shown::Handed(c.of(Some(*person)).cloned().collect());
            }
            (Shown::Banks(rows), Facts::Outflow(o)) => {
                let Some(row) = rows.get(at) else { return Reaction::Stay };
                next.bank = row.by.clone();
                let all = Went { by: (), sum: row.sum, customers: row.customers, open: row.open };
                let keepers = o.keepers(next.bank.as_ref());
                // Of one keeper there is nothing to choose.
                next.shown = match keepers.len() {
                    0 | 1 => Shown::Gone(o.customers(next.bank.as_ref(), None)),
                    _ => Shown::Keepers(with_all(all, keepers)),
                };
            }
            (Shown::Keepers(rows), Facts::Outflow(o)) => {
                let Some(row) = rows.get(at) else { return Reaction::Stay };
                next.keeper = row.by;
                next.shown = Shown::Gone(o.customers(next.bank.as_ref(), next.keeper));
            }
            (Shown::Rates(rows), Facts::Loyal(l)) => {
                let Some((keeper, _)) = rows.get(at) else { return Reaction::Stay };
                next.keeper = *keeper;
                next.shown = Shown::Long(l.with(self.years, next.keeper).cloned().collect());
            }
            _ => return Reaction::Stay,
        }
        self.levels.push(next);
        Reaction::Stay
    }
}

/// The next month or the one before, as far as one may go.
fn on(month: NaiveDate, more: bool, today: NaiveDate, ahead: i32) -> Option<NaiveDate> {
    let this = month_of(today);
    let other = months_on(month, if more { 1 } else { -1 });
    (months_on(this, -BACK)..=months_on(this, ahead)).contains(&other).then_some(other)
}

/// The neighbour of a value in a list.
fn next<T: Copy + PartialEq>(list: &[T], now: T, more: bool) -> Option<T> {
    let at = list.iter().position(|x| *x == now)?;
    list.get(if more { at + 1 } else { at.checked_sub(1)? }).copied()
}

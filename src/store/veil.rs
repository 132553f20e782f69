//! What leaves the store is cut down to what the one who sits at the workstation may see: of a customer whose archive they may not open
//! the name, tier, keeper and masked numbers are left. Who may is decided in `domain::rights`. Rows of the index go out whole, for another
//! one may sit down any moment: the index itself tells no more than it is told to.

use super::branch::Branch;
use super::customers::{Opened, greet};
use super::request::{Answer, Ask, Failure};
use super::{agenda, board, contacts, customers, dealings, keepers, rights, subject, twins};
use crate::domain::agenda::{Detail, Item, Source, Who, sort};
use crate::domain::ids::{CustomerId, StaffId};
use crate::domain::rights::{Action, Eyes, Reach};
use crate::domain::sight::Sight;
use crate::domain::tier::Tier;
use chrono::NaiveDate;
use rusqlite::Connection;
use std::cell::RefCell;
use std::cmp::Reverse;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

/// Who sits at the workstation, and the business day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Seat {
    /// Who.
    pub by: StaffId,
    /// The day.
    pub today: NaiveDate,
}

/// Where the threads of the store look who sits there now.
#[derive(Debug, Clone, Default)]
pub(super) struct Chair(Arc<Mutex<Option<Seat>>>);

impl Chair {
    /// Somebody else sits there, or nobody.
    pub(super) fn take(&self, seat: Option<Seat>) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = seat;
    }

    /// Who sits there.
    pub(super) fn seat(&self) -> Option<Seat> {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What stands before the answers for somebody who may not see everybody's archive.
#[derive(Debug)]
pub struct Veil<'a> {
    eyes: Eyes<'a>,
    sight: Sight,
    known: RefCell<HashMap<CustomerId, bool>>,
}

impl<'a> Veil<'a> {
    /// The veil for who sits there; none where they may see all.
    pub fn of(branch: &'a Branch, seat: Seat) -> Option<Veil<'a>> {
        let eyes = Eyes { staff: &branch.staff, delegates: &branch.delegates, by: seat.by, today: seat.today };
        let sight = Sight::of(&eyes, Action::Open);
        (!sight.is_whole()).then(|| Veil { eyes, sight, known: RefCell::default() })
    }

    /// Whether a customer of this keeper and tier is seen; who helps, and in whose hands a matter lies, is looked up where that decides.
    ///
    /// # Errors
    /// What the file says.
    pub fn sees(
        &self,
        conn: &Connection,
        id: CustomerId,
        owner: Option<StaffId>,
        tier: Option<Tier>,
    ) -> Result<bool, Failure> {
        if self.sight.reaches(owner, None, tier) { Ok(true) } else { self.looked_up(conn, id) }
    }

    fn looked_up(&self, conn: &Connection, id: CustomerId) -> Result<bool, Failure> {
        if let Some(seen) = self.known.borrow().get(&id) {
            return Ok(*seen);
        }
        // Who is not there any more has nothing to be seen.
        let about = rights::about(conn, id, self.eyes.by)?;
        let seen = about.is_none_or(|about| self.eyes.may(Action::Open, &about));
        self.known.borrow_mut().insert(id, seen);
        Ok(seen)
    }

    /// Lets a customer be looked into, or says who may.
    fn allow(&self, conn: &Connection, id: CustomerId) -> Result<(), Failure> {
        let about = rights::about(conn, id, self.eyes.by)?;
        about.map_or(Ok(()), |about| self.eyes.allow(Action::Open, Some(&about)).map_err(Failure::Refused))
    }

    /// Cuts an answer down.
    ///
    /// # Errors
    /// It is about somebody whose archive is not theirs to look into; or what the file says.
    pub fn cut(&self, conn: &Connection, ask: &Ask, answer: &mut Answer) -> Result<(), Failure> {
        match answer {
            Answer::Customers(a) => self.archive(conn, a),
            Answer::Agenda(a) => self.queue(conn, ask, a),
            Answer::Board(a) => self.board(conn, a),
            Answer::Keepers(a) => self.keepers(conn, a),
            Answer::Twins(a) => self.twins(conn, a),
            Answer::Subject(subject::Answer::Held(held)) => self.allow(conn, held.opened.customer.id),
            Answer::Dealings(_) => match ask {
                Ask::Dealings(dealings::Ask::Books { customer, .. } | dealings::Ask::Txns { customer, .. }) => {
                    self.allow(conn, *customer)
                }
                _ => Ok(()),
            },
            Answer::Contacts(contacts::Answer::Logged { also: Some(also), customer, .. }) => {
                if !self.looked_up(conn, *customer)? {
                    also.note.clear();
                }
                Ok(())
            }
            // Counts, the branch, rows of the index, news; the log has a right of its own.
            Answer::Contacts(_)
            | Answer::Subject(_)
            | Answer::Workbench(_)
            | Answer::Audit(_)
            | Answer::Access(_)
            | Answer::Kept(_)
            | Answer::Failed(_) => Ok(()),
        }
    }

    fn archive(&self, conn: &Connection, answer: &mut customers::Answer) -> Result<(), Failure> {
        match answer {
            customers::Answer::Opened(opened)
            | customers::Answer::Saved { opened, .. }
            | customers::Answer::Clash { opened: Some(opened), .. } => self.opened(conn, opened),
            customers::Answer::Tier(explained) => self.allow(conn, explained.id),
            // Names and numbers of those already known; rows of the index.
            customers::Answer::Numbered(_)
            | customers::Answer::Likely(_)
            | customers::Answer::Known(_)
            | customers::Answer::Clash { .. }
            | customers::Answer::Gone { .. }
            | customers::Answer::Moved { .. } => Ok(()),
        }
    }

    fn opened(&self, conn: &Connection, opened: &mut Opened) -> Result<(), Failure> {
        if !self.eyes.may(Action::Open, &opened.about()) {
            *opened = greet::only(opened);
            return Ok(());
        }
        let own = opened.customer.id;
        if let Some(house) = &mut opened.household {
            let mut all = true;
            for member in house.members.iter_mut().filter(|m| m.id != own) {
                if !self.looked_up(conn, member.id)? {
                    member.aum = None;
                    all = false;
                }
            }
            if !all {
                // The sum would tell what the others have.
                (house.aum, house.tier) = (None, None);
            }
        }
        Ok(())
    }

    fn who(&self, conn: &Connection, who: &mut Who) -> Result<bool, Failure> {
        let seen = self.sees(conn, who.id, who.owner, who.tier)?;
        who.aum = who.aum.filter(|_| seen);
        Ok(seen)
    }

    fn queue(&self, conn: &Connection, ask: &Ask, answer: &mut agenda::Answer) -> Result<(), Failure> {
        if let agenda::Answer::Lines { items, .. } = answer {
            for item in items.iter_mut() {
                self.line(conn, item)?;
            }
            if let Ask::Agenda(agenda::Ask::Load { today, .. }) = ask {
                sort(items, *today);
            }
        }
        // The wall was built of what is seen.
        Ok(())
    }

    fn line(&self, conn: &Connection, item: &mut Item) -> Result<(), Failure> {
        let mine = item.owner == Some(self.eyes.by);
        let Some(who) = item.who.as_mut().filter(|_| !mine) else { return Ok(()) };
        // The second word on an alert is anybody's who leads.
        let confirms = item.source == Source::Alert && self.eyes.reach(Action::Line) >= Some(Reach::Team);
        if self.who(conn, who)? || confirms {
            return Ok(());
        }
        match &mut item.detail {
            // Whom to greet, that a visit is due, which fields are to be filled in.
            Detail::Birthday { .. } | Detail::Missing(_) | Detail::Kept => {}
            Detail::Visit { last, .. } => {
                if let Some(last) = last {
                    last.note.clear();
                }
            }
            Detail::Family { .. }
            | Detail::HandOver { .. }
            | Detail::Transfer(_)
            | Detail::Own { .. }
            | Detail::Signal { .. }
            | Detail::Maturity(_)
            | Detail::Repayment(_)
            | Detail::Request(_) => item.detail = Detail::Kept,
        }
        Ok(())
    }

    fn board(&self, conn: &Connection, answer: &mut board::Answer) -> Result<(), Failure> {
        match answer {
            board::Answer::Board(board) => board.tiers.iter_mut().for_each(|sum| sum.aum = None),
            board::Answer::WhatIf(found) => {
                for flow in &mut found.flows {
                    // Who would move by a line that one chooses oneself tells their assets.
                    let mut named = Vec::new();
                    for mover in std::mem::take(&mut flow.top) {
                        if self.looked_up(conn, mover.id)? {
                            named.push(mover);
                        }
                    }
                    let all = u64::try_from(named.len()).is_ok_and(|n| n == flow.count);
                    flow.aum = flow.aum.filter(|_| all);
                    flow.top = named;
                }
            }
        }
        Ok(())
    }

    fn keepers(&self, conn: &Connection, answer: &mut keepers::Answer) -> Result<(), Failure> {
        match answer {
            keepers::Answer::Orphans { list, .. } => {
                for orphan in list.iter_mut() {
                    self.who(conn, &mut orphan.who)?;
                }
                list.sort_by_key(|o| (o.why.weight(), Reverse(o.who.tier), Reverse(o.who.aum), o.who.id));
            }
            keepers::Answer::Plan(plan) => {
                for step in &mut plan.moves {
                    self.who(conn, &mut step.who)?;
                }
            }
            keepers::Answer::Taken { .. } | keepers::Answer::Done { .. } => {}
        }
        Ok(())
    }

    fn twins(&self, conn: &Connection, answer: &mut twins::Answer) -> Result<(), Failure> {
        match answer {
            twins::Answer::Found(found) => {
                for pair in &mut found.pairs {
                    let both = self.who(conn, &mut pair.a)? & self.who(conn, &mut pair.b)?;
                    // Which of them has more is not told either.
                    if !both && pair.a.id > pair.b.id {
                        std::mem::swap(&mut pair.a, &mut pair.b);
                    }
                }
                let sum = |who: &Who| who.aum.map_or(0, |a| a.0);
                found.pairs.sort_by_key(|p| {
                    (p.by.first().copied(), Reverse(sum(&p.a).saturating_add(sum(&p.b))), p.a.id, p.b.id)
                });
                Ok(())
            }
            // Side by side every field of both is shown.
            twins::Answer::Pair(sides) => {
                self.allow(conn, sides.0.one.id)?;
                self.allow(conn, sides.1.one.id)
            }
            twins::Answer::Merged(_) | twins::Answer::Done { .. } | twins::Answer::Changed { .. } => Ok(()),
        }
    }
}

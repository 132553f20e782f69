//! 到期 and 还款: what matures and what is to be repaid, by the indexes of their days. A line comes back with each reminder until it is
//! known what becomes of it.

use super::marks::{self, Marks};
use super::tally::{Look, MOST};
use super::who;
use crate::domain::agenda::key::{Key, Matter};
use crate::domain::agenda::lines::{self, Marked};
use crate::domain::agenda::{Item, Maturity, Repayment, Source, Who};
use crate::domain::calendar::holidays::Holidays;
use crate::domain::dealings::due::{LOOK_BACK, Reminders, clearly_kept};
use crate::domain::ids::{CustomerId, StaffId};
use crate::store::branch::Branch;
use crate::store::dealings::arrived::{Arrived, Whose};
use crate::store::dealings::contracts::{self, Contract, Course};
use crate::store::dealings::loans::{self, Due};
use crate::store::request::Failure;
use chrono::{Days, NaiveDate};
use rusqlite::Connection;
use std::cmp::Reverse;
use std::collections::HashMap;

/// Days that holidays may move a reminder ahead: the longest take nine.
const HOLIDAYS: u64 = 12;

/// The days within which something must fall for one to be reminded of it.
pub fn span(from: NaiveDate, until: NaiveDate, ahead: &[u16]) -> (NaiveDate, NaiveDate) {
    let most = u64::from(ahead.iter().copied().max().unwrap_or_default()) + HOLIDAYS;
    let first = from.checked_sub_days(Days::new(LOOK_BACK)).unwrap_or(from);
    (first, until.checked_add_days(Days::new(most)).unwrap_or(until))
}

/// The reminders of days, each worked out once.
pub struct Calendar<'a> {
    ahead: &'a [u16],
    after: bool,
    holidays: &'a Holidays,
    known: HashMap<NaiveDate, Reminders>,
}

impl<'a> Calendar<'a> {
    /// Of maturities: the days ahead, and one after, when it should be known where the money went.
    pub fn of_maturities(branch: &'a Branch) -> Calendar<'a> {
        let ahead = &branch.settings.watch.maturity_days;
        Calendar { ahead, after: true, holidays: &branch.holidays, known: HashMap::new() }
    }

    /// Of repayments: the days ahead.
    pub fn of_repayments(branch: &'a Branch) -> Calendar<'a> {
        let ahead = &branch.settings.watch.repay_days;
        Calendar { ahead, after: false, holidays: &branch.holidays, known: HashMap::new() }
    }

    /// The reminders of a day.
    pub fn reminders(&mut self, day: NaiveDate) -> &Reminders {
        self.known.entry(day).or_insert_with(|| {
            let ahead = Reminders::ahead(day, self.ahead, self.holidays);
            if self.after { ahead.and_after(day, self.holidays) } else { ahead }
        })
    }

    fn off(&self, day: NaiveDate) -> Option<String> {
        self.holidays.why_off(day).map(str::to_owned)
    }
}

/// The key of a contract's line.
pub fn key_of(c: &Contract) -> Key {
    Key { matter: Matter::of(&c.contract), ..Key::new(Source::Maturity, c.whose.customer.0, c.ends) }
}

/// When the line of a contract is due and whose it is, if it is one.
fn matures(
    conn: &Connection,
    calendar: &mut Calendar<'_>,
    c: &Contract,
    mark: Marked,
    days: (NaiveDate, NaiveDate),
) -> Result<Option<(NaiveDate, Option<StaffId>)>, Failure> {
    let (today, until) = days;
    if mark.over() || matches!(c.course, Course::Renewed(_)) {
        return Ok(None);
    }
    let due = calendar.reminders(c.ends).due(c.ends, today, until, mark.done_on());
    let Some(due) = due else { return Ok(None) };
    // Where a new contract says it, nobody is asked where the money of the old one went.
    if c.ends < today && clearly_kept(c.amount, contracts::newer_than(conn, c)?) {
        return Ok(None);
    }
    Ok(Some(mark.again(due, c.whose.owner)))
}

fn maturity(
    conn: &Connection,
    branch: &Branch,
    who: &Who,
    c: &Contract,
    calendar: &Calendar<'_>,
    due: NaiveDate,
) -> Result<Item, Failure> {
    let maturity = Maturity {
        product: branch.settings.product(&contracts::product(conn, c)?).to_owned(),
        contract: c.contract.clone(),
        amount: c.amount,
        on: c.ends,
        off: calendar.off(c.ends),
    };
    Ok(lines::maturity(who, maturity, due))
}

/// When the line of a loan is due and whose it is, if it is one.
fn repays(
    branch: &Branch,
    calendar: &mut Calendar<'_>,
    l: &Due,
    mark: Marked,
    days: (NaiveDate, NaiveDate),
) -> Option<(NaiveDate, Option<StaffId>)> {
    let (today, until) = days;
    let late = (l.overdue > 0).then(|| {
        // Days the data do not know of yet do not count.
        let reached: Vec<u16> =
            branch.settings.watch.overdue_days.iter().copied().filter(|d| u32::from(*d) <= l.overdue).collect();
        Reminders::after(l.on, &reached)
    });
    let reminders = late.as_ref().unwrap_or_else(|| calendar.reminders(l.on));
    // Whether it was paid on its day only newer data say: nobody is late before they do.
    let day = if l.overdue > 0 { l.on } else { l.on.max(today) };
    let due = reminders.due(day, today, until, mark.done_on()).filter(|_| !mark.over())?;
    Some(mark.again(due, l.whose.owner))
}

fn repayment(who: &Who, l: &Due, calendar: &Calendar<'_>, due: NaiveDate) -> Item {
    let late = l.overdue > 0;
    let repayment = Repayment {
        no: l.no.clone(),
        product: l.product.clone(),
        instalment: l.instalment,
        balance: l.balance,
        on: l.on,
        off: calendar.off(l.on).filter(|_| !late),
        overdue: l.overdue,
        as_of: l.as_of,
    };
    lines::repayment(who, repayment, due)
}

fn key_of_loan(l: &Due) -> Key {
    Key { matter: Matter::of(&l.no), ..Key::new(Source::Repayment, l.whose.customer.0, l.on) }
}

/// Lines found, as far as they are known without reading whom they are about.
struct Light<T> {
    due: NaiveDate,
    owner: Option<StaffId>,
    of: T,
}

/// The first of the lines in full.
fn list<T>(
    look: &Look<'_>,
    mut lights: Vec<Light<T>>,
    whose: impl Fn(&T) -> (Whose, Key),
    mut full: impl FnMut(&Who, &T, NaiveDate) -> Result<Item, Failure>,
) -> Result<Vec<Item>, Failure> {
    lights.sort_by_cached_key(|l| {
        let (whose, key) = whose(&l.of);
        (l.due, Reverse((whose.tier, whose.aum)), key.to_string())
    });
    lights.truncate(MOST);
    let mut items = Vec::new();
    for light in lights {
        look.breath.take()?;
        if let Some(who) = who::who(look.conn, whose(&light.of).0.customer)? {
            items.push(Item { owner: light.owner, ..full(&who, &light.of, light.due)? });
        }
    }
    Ok(items)
}

/// 到期
///
/// # Errors
/// What the file says.
pub fn maturities(look: &mut Look<'_>, arrived: &Arrived<'_>) -> Result<Vec<Item>, Failure> {
    let (branch, today, until) = (look.branch, look.frame.today, look.frame.until);
    let rule = &branch.settings.watch;
    let days = span(today, until, &rule.maturity_days);
    let marks = marks::between(look.conn, Source::Maturity, days.0, days.1)?;
    let mut calendar = Calendar::of_maturities(branch);
    let mut lights = Vec::new();
    for c in contracts::maturing(look.conn, arrived, days, None, rule.maturity_from, today)? {
        let mark = mark_of(&marks, &key_of(&c));
        if let Some((due, owner)) = matures(look.conn, &mut calendar, &c, mark, (today, until))? {
            look.tally.due(owner, due, today, 1);
            if due <= until && look.whose.has(owner) {
                lights.push(Light { due, owner, of: c });
            }
        }
    }
    list(look, lights, |c| (c.whose, key_of(c)), |who, c, due| maturity(look.conn, branch, who, c, &calendar, due))
}

/// 还款
///
/// # Errors
/// What the file says.
pub fn repayments(look: &mut Look<'_>, arrived: &Arrived<'_>) -> Result<Vec<Item>, Failure> {
    let (branch, today, until) = (look.branch, look.frame.today, look.frame.until);
    let days = span(today, until, &branch.settings.watch.repay_days);
    let mut calendar = Calendar::of_repayments(branch);
    let found = loans::due(look.conn, arrived, days, None)?;
    // A loan may be overdue from long ago.
    let first = found.iter().map(|l| l.on).min().unwrap_or(days.0);
    let marks = marks::between(look.conn, Source::Repayment, first, days.1)?;
    let mut lights = Vec::new();
    for l in found {
        let mark = mark_of(&marks, &key_of_loan(&l));
        if let Some((due, owner)) = repays(branch, &mut calendar, &l, mark, (today, until)) {
            look.tally.due(owner, due, today, 1);
            if due <= until && look.whose.has(owner) {
                lights.push(Light { due, owner, of: l });
            }
        }
    }
    list(look, lights, |l| (l.whose, key_of_loan(l)), |who, l, due| Ok(repayment(who, l, &calendar, due)))
}

fn mark_of(marks: &Marks, key: &Key) -> Marked {
    marks.get(key).copied().unwrap_or_default()
}

/// Both, of one customer, due by today.
///
/// # Errors
/// What the file says.
pub fn of(conn: &Connection, branch: &Branch, who: &Who, today: NaiveDate) -> Result<Vec<Item>, Failure> {
    let arrived = Arrived::load(conn)?;
    let rule = &branch.settings.watch;
    let of = Some(who.id);
    let mut items = Vec::new();
    let mut calendar = Calendar::of_maturities(branch);
    let days = span(today, today, &rule.maturity_days);
    for c in contracts::maturing(conn, &arrived, days, of, rule.maturity_from, today)? {
        let mark = marks::of(conn, &key_of(&c).to_string())?;
        let line = matures(conn, &mut calendar, &c, mark, (today, today))?;
        if let Some((due, owner)) = line.filter(|(due, _)| *due <= today) {
            items.push(Item { owner, ..maturity(conn, branch, who, &c, &calendar, due)? });
        }
    }
    let mut calendar = Calendar::of_repayments(branch);
    for l in loans::due(conn, &arrived, span(today, today, &rule.repay_days), of)? {
        let mark = marks::of(conn, &key_of_loan(&l).to_string())?;
        let line = repays(branch, &mut calendar, &l, mark, (today, today));
        if let Some((due, owner)) = line.filter(|(due, _)| *due <= today) {
            items.push(Item { owner, ..repayment(who, &l, &calendar, due) });
        }
    }
    Ok(items)
}

/// How many maturities and repayments of each owner one is reminded of on the days of a month, whatever was marked.
///
/// # Errors
/// What the file says.
pub fn reminders(
    conn: &Connection,
    branch: &Branch,
    first: NaiveDate,
    last: NaiveDate,
    today: NaiveDate,
) -> Result<Vec<(NaiveDate, Option<StaffId>)>, Failure> {
    let arrived = Arrived::load(conn)?;
    let rule = &branch.settings.watch;
    let mut found = Vec::new();
    let mut put = |days: &[NaiveDate], owner| {
        found.extend(days.iter().filter(|d| (first..=last).contains(*d)).map(|d| (*d, owner)));
    };
    // Only what lies ahead: of what has matured, the line stands in the queue.
    let mut calendar = Calendar::of_maturities(branch);
    let days = (first, span(first, last, &rule.maturity_days).1);
    for c in contracts::maturing(conn, &arrived, days, None, rule.maturity_from, today)? {
        if c.course == Course::Runs {
            put(calendar.reminders(c.ends).days(), c.whose.owner);
        }
    }
    let mut calendar = Calendar::of_repayments(branch);
    let days = (first, span(first, last, &rule.repay_days).1);
    for l in loans::due(conn, &arrived, days, None)?.iter().filter(|l| l.overdue == 0) {
        put(calendar.reminders(l.on).days(), l.whose.owner);
    }
    Ok(found)
}

/// Whether what a line is about is known.
///
/// # Errors
/// What the file says.
pub fn is_there(conn: &Connection, key: &Key) -> Result<bool, Failure> {
    let customer = CustomerId(key.row);
    match key.source {
        Source::Maturity => contracts::is_there(conn, customer, key.day, key.matter),
        Source::Repayment => loans::is_there(conn, customer, key.matter),
        _ => Ok(false),
    }
}

//! Logging a contact: the line of the ledger, the visit's clock, the line of the queue it does; all in one transaction.

use super::{Answer, Ask};
use crate::domain::agenda::Source;
use crate::domain::agenda::key::{Key, Matter};
use crate::domain::change::Entity;
use crate::domain::contact::Contact;
use crate::domain::ids::{ContactId, CustomerId, OpId};
use crate::domain::values::plain;
use crate::store::agenda::close;
use crate::store::agenda::marks::Fate;
use crate::store::customers::read;
use crate::store::request::Failure;
use crate::store::write::{Write, edit};
use crate::store::{cell, change, keepers, table};
use chrono::{Days, NaiveDate};
use rusqlite::params;

/// The longest note, in characters.
const LONGEST: usize = 2_000;

/// Answers a write of the ledger.
///
/// # Errors
/// Why it was refused, or what the file says.
pub fn answer(w: &mut Write<'_>, ask: &Ask) -> Result<Answer, Failure> {
    let Ask::Log { op, customer, .. } = ask;
    let contact = match w.done(*op)? {
        Some(row) => row,
        None => log(w, *op, *customer, ask)?,
    };
    let row = table::row_of(w.conn, *customer)?;
    Ok(Answer::Logged {
        contact: ContactId(contact),
        customer: *customer,
        also: colleagues(w, *customer)?.map(Box::new),
        next: row.next_visit,
        row: Box::new(row),
        seq: change::head(w.conn)?,
    })
}

fn log(w: &mut Write<'_>, op: OpId, customer: CustomerId, ask: &Ask) -> Result<i64, Failure> {
    let Ask::Log { channel, outcome, note, next, task, .. } = ask;
    let today = w.stamp.today;
    let note = plain::note(note);
    if note.chars().count() > LONGEST {
        return Err(Failure::refused(
            format!("备注太长，最多 {LONGEST} 个字。"),
            format!("The note is too long: at most {LONGEST} characters."),
        ));
    }
    if next.is_some_and(|n| n < today) {
        return Err(Failure::refused("下次日期不能早于今天。", "The next date cannot be before today."));
    }
    let task = task.as_deref().map(close::key).transpose()?;
    // A customer changing hands and a request are answered; a call does not do that.
    let changes_hands = task.as_ref().map(|key| keepers::open::is(w.conn, key)).transpose()?.unwrap_or(false);
    let request = task.is_some_and(|key| key.source == Source::Request);
    let task = task.filter(|_| !changes_hands && !request);
    let mut facts = table::facts_of(w.conn, customer)?;
    let visit = due_visit(w, customer)?;
    let own_visit = task.is_none_or(|t| t.source == Source::Visit);
    // The line it does: the one named, else the visit that is due.
    let does = task.or(visit.filter(|(_, due)| *due <= today).map(|(key, _)| key));

    let id = w.id();
    let contact = Contact {
        id: ContactId(id),
        customer,
        at: w.stamp.at,
        by: w.stamp.by,
        channel: *channel,
        outcome: *outcome,
        note: note.clone(),
        next: *next,
        task: does.map(|k| k.to_string()),
    };
    write(w, id, &contact, today)?;
    if outcome.is_real() {
        let contact = Some(ContactId(id));
        // What a colleague agreed on with the customer today stands, unless this contact agreed on another day.
        let agreed = facts.agreed.filter(|_| facts.last_contact == Some(today));
        facts.met(today, next.or(agreed));
        if let Some(key) = does {
            // What was found stands with an alert too, so that the second person reads it.
            let alert = key.source == Source::Alert;
            let found = if alert { note.as_str() } else { "" };
            // A contact is never refused: without a word on what was found it is one, and the alert stays.
            if !alert || (!found.is_empty() && key.matter == Matter::Plain) {
                done(w, customer, &key, contact, found)?;
            }
        }
        // A birthday call is a contact like any other: a visit due by then is made with it.
        if let Some((key, _)) = visit.filter(|(key, due)| *due <= today && Some(*key) != does) {
            close::line(w, &key, Fate::Done(contact), "", false)?;
        }
    } else if own_visit {
        facts.tried(today, *next);
    } else if let Some(key) = does {
        let back = next.or_else(|| retry(w, today)).unwrap_or(today);
        match close::line(w, &key, Fate::Until(back), "", true) {
            Err(Failure::Gone) | Ok(_) => {}
            Err(other) => return Err(other),
        }
    }
    table::settle(w.conn, w.branch, customer, &facts, today)?;

    let mut edits = vec![edit("channel", "", channel.code()), edit("outcome", "", outcome.code())];
    if !note.is_empty() {
        edits.push(edit("note", "", note));
    }
    edits.extend(next.map(|n| edit("next", "", n.to_string())));
    edits.extend(does.map(|k| edit("task", "", k.to_string())));
    edits.extend(facts.owner.and_then(|owner| keepers::open::stands_in(w, owner)));
    let seq = w.change(Entity::Contact, id, Some(customer), &edits, "", Some(op))?;
    w.did(op, id, seq)?;
    Ok(id)
}

/// Adds a contact that was kept elsewhere, and sets the clock by it. It does no line of the queue.
///
/// # Errors
/// [`Failure::Gone`] when there is no such customer.
pub fn take_in(w: &Write<'_>, id: i64, c: &Contact) -> Result<(), Failure> {
    let mut facts = table::facts_of(w.conn, c.customer)?;
    let day = c.at.date();
    write(w, id, c, day)?;
    // One that is older than what is known is history only.
    if facts.last_contact.is_none_or(|last| last <= day) {
        if c.outcome.is_real() {
            facts.met(day, c.next);
        } else {
            facts.tried(day, c.next);
        }
        table::settle(w.conn, w.branch, c.customer, &facts, w.stamp.today)?;
    }
    Ok(())
}

fn write(w: &Write<'_>, id: i64, c: &Contact, day: NaiveDate) -> Result<(), Failure> {
    w.conn.prepare_cached("INSERT INTO contact VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")?.execute(params![
        id,
        c.customer.0,
        cell::time(c.at),
        cell::day(day),
        c.by.0,
        c.channel.code(),
        c.outcome.code(),
        c.note,
        c.next.map(cell::day),
        c.task,
    ])?;
    Ok(())
}

/// The newest contact that a colleague had with a customer today.
fn colleagues(w: &Write<'_>, customer: CustomerId) -> Result<Option<Contact>, Failure> {
    let latest = read::contacts(w.conn, customer, Some(read::LEDGER))?;
    Ok(latest.into_iter().find(|c| c.at.date() == w.stamp.today && c.by != w.stamp.by))
}

/// Does the line; one that a colleague did first is no reason to lose the contact, and stays theirs.
fn done(
    w: &Write<'_>,
    customer: CustomerId,
    key: &Key,
    contact: Option<ContactId>,
    found: &str,
) -> Result<(), Failure> {
    if !close::open(w, key)? {
        return Ok(());
    }
    match close::line(w, key, Fate::Done(contact), found, false) {
        Ok(Some(about)) if about != customer => Err(Failure::refused(
            "这条任务是另一位客户的，请核对。",
            "That line of the queue is about another customer; please check.",
        )),
        Err(Failure::Gone) | Ok(_) => Ok(()),
        Err(other) => Err(other),
    }
}

/// The visit that the customer's clock asks for: its key and when it is due.
fn due_visit(w: &Write<'_>, customer: CustomerId) -> Result<Option<(Key, NaiveDate)>, Failure> {
    let (due, stands_for): (Option<i64>, Option<i64>) = w
        .conn
        .prepare_cached("SELECT next_visit, visit_for FROM customer WHERE id = ?")?
        .query_row([customer.0], |r| Ok((r.get(0)?, r.get(1)?)))?;
    Ok(due
        .and_then(cell::date)
        .zip(stands_for.and_then(cell::date))
        .map(|(due, day)| (Key::new(Source::Visit, customer.0, day), due)))
}

/// The working day on which an unanswered call comes back.
fn retry(w: &Write<'_>, today: NaiveDate) -> Option<NaiveDate> {
    let days = Days::new(w.branch.settings.retry_days.into());
    today.checked_add_days(days).map(|d| w.branch.holidays.working_day_from(d))
}

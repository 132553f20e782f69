//! The words said about a hand-over: proposed by a person, accepted, refused, taken back or kept. A colleague who was first is told of;
//! nothing is written then.

use super::open::{self, HandOver};
use super::{loads, proposal};
use crate::domain::change::{Change, Entity};
use crate::domain::ids::{CustomerId, OpId, StaffId};
use crate::domain::keepers::{Wants, acts_for, assistant};
use crate::domain::staff::may_decide_for;
use crate::domain::tier::Tier;
use crate::domain::values::plain;
use crate::store::request::Failure;
use crate::store::write::{Write, edit};
use crate::store::{cell, change, table};
use rusqlite::{OptionalExtension, params};

/// The longest reason, in characters.
const LONGEST: usize = 500;

/// What came of it: a colleague was first, or it was written by this change.
pub type Outcome = Result<Option<Box<Change>>, Failure>;

/// A reason as it is kept.
///
/// # Errors
/// [`Failure::Refused`] when there is none, or it is too long.
pub fn reasoned(reason: &str) -> Result<String, Failure> {
    let reason = plain::line(reason);
    if reason.is_empty() {
        return Err(Failure::refused("请写一句原因。", "Please give a reason."));
    }
    if reason.chars().count() > LONGEST {
        return Err(Failure::refused(
            format!("太长了，最多 {LONGEST} 个字。"),
            format!("Too long: at most {LONGEST} characters."),
        ));
    }
    Ok(reason)
}

/// Proposes that a customer goes to a colleague.
///
/// # Errors
/// Why it was refused, or what the file says.
pub fn propose(w: &mut Write<'_>, op: OpId, customer: CustomerId, to: StaffId, seen: i64, reason: &str) -> Outcome {
    let reason = reasoned(reason)?;
    let receiver = w.branch.colleague(to)?.name.clone();
    let found: Option<(Option<i64>, i64)> = w
        .conn
        .prepare_cached("SELECT owner, tier FROM customer WHERE id = ?")?
        .query_row([customer.0], |r| Ok((r.get(0)?, r.get(1)?)))
        .optional()?;
    let (owner, tier) = found.ok_or(Failure::Gone)?;
    let owner = owner.map(StaffId);
    // Somebody gave the customer away since: who proposes has not seen from whom they would take them.
    if let Some(c) = change::last_of(w.conn, customer, seen, |c| c.of_field("owner"))?.filter(|c| !w.own(c)) {
        return Ok(Some(Box::new(c)));
    }
    if owner == Some(to) {
        return Err(Failure::refused(
            format!("{receiver} 本来就是责任人，请选另一位。"),
            format!("{receiver} keeps this customer already; choose somebody else."),
        ));
    }
    match open::of_customer(w.conn, customer)? {
        Some(h) if h.waits() => {
            if let Some(c) = last_word(w, &h)?.filter(|c| c.seq > seen && !w.own(c)) {
                return Ok(Some(Box::new(c)));
            }
            let name = w.branch.person(h.transfer.to).map_or("", |s| s.name.as_str());
            return Err(Failure::refused(
                format!("已经在移交给 {name}，等对方答复；要改请先撤回。"),
                format!("A hand-over to {name} waits already; take it back first."),
            ));
        }
        Some(h) => open::close(w, h.transfer.row)?,
        None => {}
    }
    let from = owner.unwrap_or(w.stamp.by);
    let row = proposal::insert(w, customer, from, to, &reason, Tier::of_rank(tier), 0)?;
    proposed(w, op, row, &reason)?;
    Ok(None)
}

/// Proposes by the rules for whoever of these has a keeper of the wrong post.
///
/// # Errors
/// What the file says.
pub fn propose_by_rules(w: &mut Write<'_>, op: OpId, ids: &[CustomerId]) -> Outcome {
    let mut loads = loads::count(w.conn)?;
    let mut last = (0, change::head(w.conn)?);
    for id in ids {
        if let Some(h) = proposal::propose_one(w, *id, &mut loads)? {
            let what = format!("transfer_proposed {}", h.transfer.to.0);
            last = (h.transfer.row, open::tell(w, &h, what, &h.transfer.reason, Some(op))?);
        }
    }
    w.did(op, last.0, last.1)?;
    Ok(None)
}

fn proposed(w: &Write<'_>, op: OpId, row: i64, reason: &str) -> Result<(), Failure> {
    let h = open::of(w.conn, row)?;
    let seq = open::tell(w, &h, format!("transfer_proposed {}", h.transfer.to.0), reason, Some(op))?;
    w.did(op, row, seq)
}

/// The newest word on a hand-over.
fn last_word(w: &Write<'_>, h: &HandOver) -> Result<Option<Change>, Failure> {
    let key = h.key().to_string();
    change::last_of(w.conn, h.customer, 0, |c| c.touched(&key))
}

/// A hand-over that is answered already: what a colleague said of it, or their change of the keeper that ended it; one that a batch took
/// back is refused in words.
fn taken(w: &Write<'_>, h: &HandOver) -> Outcome {
    let (at, answer): (String, String) = w
        .conn
        .prepare_cached("SELECT at, answer FROM hand_over WHERE id = ?")?
        .query_row([h.transfer.row], |r| Ok((r.get(0)?, r.get(1)?)))?;
    let (key, begun) = (h.key().to_string(), cell::moment(&at));
    let ended = |c: &Change| {
        let answered = c.touched(&key) && !c.after("mark").is_some_and(|m| m.starts_with("transfer_proposed"));
        let given = c.at >= begun && c.edits.iter().any(|e| e.field == "owner" && !e.before.is_empty());
        answered || (given && c.entity == Entity::Customer)
    };
    let told = || {
        Failure::refused(format!("这次移交已经不算数：{answer}"), format!("This hand-over no longer holds: {answer}"))
    };
    change::last_of(w.conn, h.customer, 0, ended)?.map(|c| Some(Box::new(c))).ok_or_else(told)
}

/// Accepts: the customer has another keeper. Or refuses: the keeper stays and sees why.
///
/// # Errors
/// Why it was refused, or what the file says.
pub fn reply(w: &mut Write<'_>, op: OpId, row: i64, accept: bool, reason: &str) -> Outcome {
    let h = open::of(w.conn, row)?;
    if !h.waits() {
        return taken(w, &h);
    }
    let (by, to) = (w.stamp.by, h.transfer.to);
    if by != to && !acts_for(&w.branch.delegates, by, to, w.stamp.today) {
        let name = w.branch.person(to).map_or("", |s| s.name.as_str());
        return Err(Failure::refused(
            format!("这是移交给 {name} 的，请本人或其代理人答复。"),
            format!("This goes to {name}, who answers it, or who stands in for them."),
        ));
    }
    if !accept {
        let reason = reasoned(reason)?;
        w.conn
            .prepare_cached(
                "UPDATE hand_over SET state = 'refused', due = ?, answer = ?, answered_at = ?, answered_by = ? WHERE id = ?",
            )?
            .execute(params![cell::day(w.stamp.today), reason, cell::time(w.stamp.at), by.0, row])?;
        let seq = open::tell(w, &h, "transfer_refused".to_owned(), &reason, Some(op))?;
        w.did(op, row, seq)?;
        return Ok(None);
    }
    w.branch.colleague(to)?;
    open::end(w, row, "accepted", &plain::line(reason))?;
    give(w, h.customer, Some(to), None, &h.transfer.reason, op)?;
    let seq = open::tell(w, &h, "transfer_accepted".to_owned(), &plain::line(reason), Some(op))?;
    w.did(op, row, seq)?;
    Ok(None)
}

/// Takes a proposal back, or keeps a customer whose hand-over was refused.
///
/// # Errors
/// Why it was refused, or what the file says.
pub fn withdraw(w: &mut Write<'_>, op: OpId, row: i64, reason: &str) -> Outcome {
    let reason = reasoned(reason)?;
    let h = open::of(w.conn, row)?;
    if !h.open {
        return taken(w, &h);
    }
    let (by, from) = (w.stamp.by, h.transfer.from);
    let proposed = last_word(w, &h)?.is_some_and(|c| c.by == by && c.after("mark") != Some("transfer_refused"));
    let acts = acts_for(&w.branch.delegates, by, from, w.stamp.today);
    if !proposed && !acts && !may_decide_for(&w.branch.staff, by, from) {
        return Err(Failure::refused(
            "只有移出人、其主管或网点经理可以撤回。",
            "Only the giver, those above them or the branch manager may take it back.",
        ));
    }
    let what = if h.waits() { "transfer_withdrawn" } else { "transfer_kept" };
    match h.waits() {
        true => open::end(w, row, "withdrawn", &reason)?,
        false => open::close(w, row)?,
    }
    let seq = open::tell(w, &h, what.to_owned(), &reason, Some(op))?;
    w.did(op, row, seq)?;
    Ok(None)
}

/// Gives a customer to a keeper; the assistant is the one named, else the present one stays or the rules choose. Gives the seq.
///
/// # Errors
/// What the file says.
pub fn give(
    w: &Write<'_>,
    customer: CustomerId,
    owner: Option<StaffId>,
    named: Option<Option<StaffId>>,
    reason: &str,
    op: OpId,
) -> Result<i64, Failure> {
    let mut c = table::load(w.conn, customer)?;
    let text = |s: Option<StaffId>| s.map(|s| s.0.to_string()).unwrap_or_default();
    let helper = match (named, owner) {
        (Some(named), _) => named,
        (None, Some(owner)) => {
            let rank: i64 = w
                .conn
                .prepare_cached("SELECT tier FROM customer WHERE id = ?")?
                .query_row([customer.0], |r| r.get(0))?;
            let wants = Wants { tier: Tier::of_rank(rank), area: c.area.clone(), assistant: c.assistant };
            let loads = Default::default();
            assistant(&w.branch.settings.keepers, &w.branch.staff, &loads, &wants, owner)
        }
        (None, None) => c.assistant,
    };
    let mut edits = Vec::new();
    if c.owner != owner {
        edits.push(edit("owner", text(c.owner), text(owner)));
        c.hand.insert("owner".to_owned());
    }
    if c.assistant != helper {
        edits.push(edit("assistant", text(c.assistant), text(helper)));
        c.hand.insert("assistant".to_owned());
    }
    (c.owner, c.assistant) = (owner, helper);
    // Inside BEGIN IMMEDIATE nobody else saves between reading the rev and here.
    if !table::update(w.conn, w.branch, &c, w.stamp)? {
        return Err(Failure::Busy);
    }
    w.change(Entity::Customer, customer.0, Some(customer), &edits, reason, Some(op))
}

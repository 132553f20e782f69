//! `entitle`: proposing a better rate or a higher limit, approving, refusing, taking back, by the same road as the screen.

use super::output;
use super::session::{Session, unexpected};
use crate::app::words::entitle as words;
use crate::domain::access::Action as Look;
use crate::domain::archive::choices::GRANTS;
use crate::domain::archive::parts::ENTITLEMENT;
use crate::domain::entitlement::{Entitlement, Stands, Verdict};
use crate::domain::family::{Part, PartRow};
use crate::domain::field::Ctx;
use crate::domain::ids::CustomerId;
use crate::domain::rights::Action;
use crate::domain::text::t;
use crate::domain::values::plain;
use crate::run::args::{Entitle, Word};
use crate::run::fault::Fault;
use crate::store::customers::{self, Opened};
use crate::store::request::{Answer, Ask};
use chrono::NaiveDate;
use serde_json::{Value, json};

/// `entitle`
///
/// # Errors
/// There is no such customer or entitlement, it is refused, or the store fails.
pub fn entitle(session: &mut Session, wanted: Entitle) -> Result<(), Fault> {
    match wanted {
        Entitle::Show { no } => {
            let opened = session.archive(&no)?;
            session.may_open(&opened)?;
            session.note(|line| line.of(opened.customer.id).to("entitle"), Look::View);
            show(session, &opened)
        }
        Entitle::Propose { no, kind, text, from, until, reason } => {
            let opened = session.archive(&no)?;
            session.say_who();
            session.may(Action::Edit, &opened)?;
            let mut e = Entitlement::new(session.today);
            let ctx = Ctx { today: session.today, staff: &session.branch.staff };
            for (code, typed) in [("grants", &kind), ("text", &text), ("reason", &reason)] {
                if let Some(field) = ENTITLEMENT.iter().find(|f| f.code == code) {
                    field.set(&mut e, typed, ctx)?;
                }
            }
            e.from = from.or(e.from);
            e.until = Some(until);
            write(session, opened.customer.id, None, Some(Part::Entitlement(e)))
        }
        Entitle::Approve(word) => decide(session, &word, Verdict::Approved),
        Entitle::Refuse(word) => decide(session, &word, Verdict::Refused),
        Entitle::End(word) => decide(session, &word, Verdict::Ended),
        Entitle::Withdraw { no, number } => {
            let opened = session.archive(&no)?;
            session.say_who();
            session.may(Action::Edit, &opened)?;
            let row = one(session, &opened, number, &[Stands::Waiting, Stands::Lapsed])?;
            write(session, opened.customer.id, Some(row), None)
        }
    }
}

fn decide(session: &mut Session, word: &Word, verdict: Verdict) -> Result<(), Fault> {
    let opened = session.archive(&word.no)?;
    session.say_who();
    session.may(Action::Entitle, &opened)?;
    let open: &[Stands] = match verdict {
        Verdict::Ended => &[Stands::Holds, Stands::Ahead],
        _ => &[Stands::Waiting, Stands::Lapsed],
    };
    let row = one(session, &opened, word.number, open)?;
    let Part::Entitlement(e) = &row.part else { return Ok(()) };
    let part = Part::Entitlement(e.with(verdict, &word.reason));
    write(session, opened.customer.id, Some(row), Some(part))
}

/// The entitlements of an archive in the order they were proposed; a number counts among them from 1.
fn all(opened: &Opened) -> impl Iterator<Item = (&PartRow, &Entitlement)> {
    opened.parts.iter().filter_map(|row| match &row.part {
        Part::Entitlement(e) => Some((row, e)),
        _ => None,
    })
}

/// The one that is meant: of that number, or the only one that stands so.
fn one(session: &Session, opened: &Opened, number: Option<usize>, open: &[Stands]) -> Result<PartRow, Fault> {
    let fits: Vec<&PartRow> = match number {
        Some(n) => all(opened).skip(n.saturating_sub(1)).take(usize::from(n > 0)).map(|(row, _)| row).collect(),
        None => all(opened).filter(|(_, e)| open.contains(&e.stands(session.today))).map(|(row, _)| row).collect(),
    };
    let no = &opened.customer.no;
    match fits.as_slice() {
        [row] => Ok((*row).clone()),
        [] => {
            let stands = |l: fn(&Stands) -> &'static str| open.iter().map(l).collect::<Vec<_>>();
            let (zh, en) = (stands(|s| s.label().zh).join("、"), stands(|s| s.label().en).join(", "));
            Err(Fault::refused(
                format!("客户 {no} 没有这样的优惠与额度（{zh}）。用 guitai entitle show {no} 看有哪些。"),
                format!("Customer {no} has no such entitlement ({en}). See guitai entitle show {no}."),
            ))
        }
        more => Err(Fault::usage(
            format!("客户 {no} 有 {} 条，请写编号；用 guitai entitle show {no} 看编号。", more.len()),
            format!("Customer {no} has {}; name one by its number, see guitai entitle show {no}.", more.len()),
        )),
    }
}

fn write(session: &mut Session, customer: CustomerId, row: Option<PartRow>, part: Option<Part>) -> Result<(), Fault> {
    let (op, stamp) = (session.op(), session.stamp());
    let ask = customers::Ask::Part { op, customer, row: row.map(Box::new), part, stamp };
    match session.ask(&Ask::Customers(ask))? {
        Answer::Customers(customers::Answer::Saved { opened, .. }) => show(session, &opened),
        other => Err(unexpected(&other)),
    }
}

fn show(session: &Session, opened: &Opened) -> Result<(), Fault> {
    let rows = table(session, opened);
    if rows.is_empty() {
        let kinds: Vec<&str> = GRANTS.iter().map(|c| c.code).collect();
        let said = t("没有优惠与额度。提出用 guitai entitle propose，类别：", "None. guitai entitle propose, kinds: ");
        return output::print(&format!("{}{}\n", said.get(session.lang), kinds.join(" ")));
    }
    output::print(&output::columns(&rows))
}

/// The entitlements of an archive, a row each with their numbers.
pub fn table(session: &Session, opened: &Opened) -> Vec<Vec<String>> {
    let row = |(n, (_, e)): (usize, (&PartRow, &Entitlement))| {
        let told = words::row(e, &session.branch.staff, session.today, session.lang);
        [n.to_string()].into_iter().chain(told).collect()
    };
    (1..).zip(all(opened)).map(row).collect()
}

/// The entitlements of an archive as programs read them.
pub fn shapes(session: &Session, opened: &Opened) -> Vec<Value> {
    let day = |d: Option<NaiveDate>| d.map(|d| d.to_string());
    all(opened)
        .map(|(_, e)| {
            json!({
                "kind": e.grants, "text": plain::masked(&e.text), "from": day(e.from),
                "until": day(e.until), "state": e.stands(session.today).code(),
                "proposed_by": session.code_of(Some(e.proposer)), "proposed": day(e.proposed),
                "decided_by": session.code_of(e.decider), "decided": day(e.decided),
                "ended_by": session.code_of(e.ender), "ended": day(e.ended),
            })
        })
        .collect()
}

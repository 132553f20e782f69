//! `orphans`, `assign`, `staff delegate` and `staff leave`: who keeps whom, by the same road as the screen.

use super::leaving;
use super::output;
use super::session::{Session, unexpected};
use crate::app::words::{customer as said, keepers as words};
use crate::domain::ids::StaffId;
use crate::domain::rights::Action;
use crate::domain::text::Lang;
use crate::run::args::Listed;
use crate::run::fault::Fault;
use crate::store::keepers::{Answer as A, Ask as K, Given, MOST, Move, Orphan, PORTION, Plan, Why, pause};
use crate::store::request::{Answer, Ask, Failure};
use crate::store::secret;
use chrono::NaiveDate;
use serde::Serialize;

/// One of the list, as it is given out.
#[derive(Serialize)]
struct Line {
    customer_no: String,
    name: String,
    tier: Option<&'static str>,
    aum_fen: Option<i64>,
    owner: Option<String>,
    area: String,
    why: Why,
    waits_for: Option<String>,
    was_due: Option<String>,
}

/// `orphans`
///
/// # Errors
/// The store fails.
pub fn orphans(session: &mut Session, out: &Listed) -> Result<(), Fault> {
    let (list, total) = listed(session)?;
    leaving::list(session, "orphans", list.len(), out.second.as_deref())?;
    if out.json {
        let lines: Vec<Line> = list.iter().map(|o| line(session, o)).collect();
        return output::json(&lines);
    }
    let (lang, today) = (session.lang, session.today);
    let rows: Vec<Vec<String>> = list
        .iter()
        .map(|o| {
            vec![
                o.who.no.clone(),
                o.who.name.clone(),
                o.who.tier.map_or("", |t| t.short().get(lang)).to_owned(),
                said::amount(o.who.aum, false),
                words::why(o.why).get(lang).to_owned(),
                words::beside(o, &session.branch.staff, lang, today),
                o.area.clone(),
            ]
        })
        .collect();
    output::print(&(words::orphans(list.len(), total, lang) + "\n" + &output::columns(&rows)))
}

fn listed(session: &mut Session) -> Result<(Vec<Orphan>, u32), Fault> {
    let today = session.today;
    match session.ask(&Ask::Keepers(K::Orphans { today }))? {
        Answer::Keepers(A::Orphans { list, total }) => Ok((list, total)),
        other => Err(unexpected(&other)),
    }
}

fn line(session: &Session, o: &Orphan) -> Line {
    Line {
        customer_no: o.who.no.clone(),
        name: o.who.name.clone(),
        tier: o.who.tier.map(|t| t.code()),
        aum_fen: o.who.aum.map(|a| a.0),
        owner: session.code_of(o.who.owner),
        area: o.area.clone(),
        why: o.why,
        waits_for: session.code_of(o.waits.map(|(to, _)| to)),
        was_due: o.waits.map(|(_, due)| due.to_string()),
    }
}

/// One step of a plan, as it is given out.
#[derive(Serialize)]
struct Step {
    customer_no: String,
    name: String,
    owner: Option<String>,
    becomes: Option<String>,
    assistant: Option<String>,
}

/// `assign --preview | --apply`
///
/// # Errors
/// There is no such customer, or the store refuses.
pub fn assign(session: &mut Session, nos: &[String], preview: bool, reason: &str, out: &Listed) -> Result<(), Fault> {
    let today = session.today;
    let ask = match nos {
        [] => K::PlanAll { today },
        nos => {
            let ids = nos.iter().map(|no| session.archive(no).map(|o| o.customer.id));
            K::Plan { ids: ids.collect::<Result<_, _>>()? }
        }
    };
    let plan = plan(session, ask)?;
    if preview || out.json {
        leaving::list(session, "assign", listed_of(&plan, out.json), out.second.as_deref())?;
    }
    if preview {
        return show(session, &plan, out.json);
    }
    session.say_who();
    let given: Vec<Given> = plan.moves.iter().map(Move::given).collect();
    let (mut n, mut left) = (0, Vec::new());
    let shared = session.shared()?;
    for (at, portion) in given.chunks(PORTION).enumerate() {
        if at > 0 && shared {
            pause();
        }
        match give(session, portion, reason) {
            Ok((rows, first)) => (n, left) = (n + rows, [left, first].concat()),
            Err(fault) => {
                // What was given stays given; begun anew, it goes on from there.
                eprint!("{}", given_words(n, session.lang));
                return Err(fault);
            }
        }
    }
    if out.json {
        return show(session, &plan, true);
    }
    let mut said = given_words(n, session.lang);
    said.extend(words::nobody(&plan.nobody, session.lang).map(|words| words + "\n"));
    if !left.is_empty() {
        let names = left.join(" ");
        said.push_str(&match session.lang {
            Lang::Zh => format!("同事刚改过，没有动：{names}\n"),
            Lang::En => format!("Left alone, a colleague was first: {names}\n"),
        });
    }
    output::print(&said)
}

fn given_words(n: usize, lang: Lang) -> String {
    match lang {
        Lang::Zh => format!("{n} 位客户已分好\n"),
        Lang::En => format!("{n} customers given\n"),
    }
}

/// Gives so many; how many were given, and the names of those left alone.
fn give(session: &mut Session, given: &[Given], reason: &str) -> Result<(usize, Vec<String>), Fault> {
    let (op, stamp) = (session.op(), session.stamp());
    let ask = K::Assign { op, given: given.to_vec(), reason: reason.to_owned(), stamp };
    match session.ask(&Ask::Keepers(ask))? {
        Answer::Keepers(A::Done { rows, left, .. }) => Ok((rows.len(), left)),
        other => Err(unexpected(&other)),
    }
}

/// Customers that are given out when a plan is: on paper the first ones, as data all.
fn listed_of(plan: &Plan, json: bool) -> usize {
    if json { plan.moves.len() } else { plan.moves.len().min(MOST) }
}

fn plan(session: &mut Session, ask: K) -> Result<Plan, Fault> {
    match session.ask(&Ask::Keepers(ask))? {
        Answer::Keepers(A::Plan(plan)) => Ok(*plan),
        other => Err(unexpected(&other)),
    }
}

fn show(session: &Session, plan: &Plan, json: bool) -> Result<(), Fault> {
    if json {
        let step = |m: &Move| Step {
            customer_no: m.who.no.clone(),
            name: m.who.name.clone(),
            owner: session.code_of(m.who.owner),
            becomes: session.code_of(m.owner),
            assistant: session.code_of(m.assistant),
        };
        let steps: Vec<Step> = plan.moves.iter().map(step).collect();
        return output::json(&steps);
    }
    output::print(&(words::plan(plan, &session.branch.staff, session.lang).join("\n") + "\n"))
}

fn person(session: &Session, code: &str) -> Result<StaffId, Fault> {
    let found = session.branch.staff.iter().find(|s| s.active && (s.code.eq_ignore_ascii_case(code) || s.name == code));
    found
        .map(|s| s.id)
        .ok_or_else(|| Fault::refused(format!("没有工号为「{code}」的同事"), format!("Nobody has the code '{code}'")))
}

/// `staff delegate A B --from --to --reason`
///
/// # Errors
/// Nobody has these codes, or the store refuses.
pub fn delegate(
    session: &mut Session,
    (away, stands_in): (&str, &str),
    (from, until): (NaiveDate, NaiveDate),
    reason: &str,
) -> Result<(), Fault> {
    session.say_who();
    let (staff, to) = (person(session, away)?, person(session, stands_in)?);
    let (op, stamp) = (session.op(), session.stamp());
    let ask = K::Delegate { op, staff, to, from, until, reason: reason.to_owned(), stamp };
    done(session, ask)?;
    let (who, other) = (session.name_of(Some(staff)), session.name_of(Some(to)));
    output::print(&match session.lang {
        Lang::Zh => format!("{from} 至 {until} {other} 代 {who}\n"),
        Lang::En => format!("{other} stands in for {who} from {from} to {until}\n"),
    })
}

fn done(session: &mut Session, ask: K) -> Result<usize, Fault> {
    match session.ask(&Ask::Keepers(ask))? {
        Answer::Keepers(A::Done { rows, .. }) => Ok(rows.len()),
        Answer::Keepers(A::Taken { .. }) => Err(Failure::Gone.into()),
        other => Err(unexpected(&other)),
    }
}

/// `staff leave --dry-run`
///
/// # Errors
/// Who asks may not, nobody has these codes, or the list may not leave.
pub fn leave_plan(session: &mut Session, code: &str, to: Option<&str>, second: Option<&str>) -> Result<(), Fault> {
    session.allow(Action::Staff)?;
    let staff = person(session, code)?;
    let to = to.map(|code| person(session, code)).transpose()?;
    let plan = plan(session, K::LeavePlan { staff, to })?;
    leaving::list(session, "staff leave", listed_of(&plan, false), second)?;
    show(session, &plan, false)
}

/// `staff leave CODE --to CODE | --by-rules`
///
/// # Errors
/// Who asks may not, nobody has these codes, or the store refuses.
pub fn leave(session: &mut Session, code: &str, to: Option<&str>, reason: &str) -> Result<(), Fault> {
    session.allow(Action::Staff)?;
    let staff = person(session, code)?;
    let to = to.map(|code| person(session, code)).transpose()?;
    let plan = plan(session, K::LeavePlan { staff, to })?;
    session.say_who();
    let (op, stamp, key) = (session.op(), session.stamp(), session.key());
    if key.is_some() {
        // First of all: broken off here, it can be done again.
        secret::close(&mut session.file, &key, staff, &stamp)?;
    }
    done(session, K::Leave { op, staff, to, reason: reason.to_owned(), stamp })?;
    let (who, n, tasks, nobody) = (session.name_of(Some(staff)), plan.moves.len(), plan.tasks, plan.stay);
    output::print(&match session.lang {
        Lang::Zh => format!("{who} 已离岗：移交客户 {n} 位（其中 {nobody} 位暂无责任人），未办任务 {tasks} 件\n"),
        Lang::En => format!("{who} has left: {n} customers handed over ({nobody} to nobody yet), {tasks} open tasks\n"),
    })
}

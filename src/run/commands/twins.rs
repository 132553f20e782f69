//! `duplicates`, `merge` and `part`: who is who, by the same road as the screen.

use super::leaving;
use super::output;
use super::session::{Session, unexpected};
use crate::app::layers::merging::Merging;
use crate::app::words::twins as words;
use crate::domain::agenda::Who;
use crate::domain::text::Lang;
use crate::run::args::Listed;
use crate::run::fault::Fault;
use crate::store::request::{Answer, Ask};
use crate::store::twins::{Answer as A, Ask as T, By, Found};
use serde::Serialize;

#[derive(Serialize)]
struct Line {
    certainty: &'static str,
    by: Vec<By>,
    archives: [Archive; 2],
}

#[derive(Serialize)]
struct Archive {
    customer_no: String,
    name: String,
    tier: Option<&'static str>,
    aum_fen: Option<i64>,
    owner: Option<String>,
}

fn ask(session: &mut Session, ask: T) -> Result<A, Fault> {
    match session.ask(&Ask::Twins(ask))? {
        Answer::Twins(answer) => Ok(answer),
        other => Err(unexpected(&other)),
    }
}

fn listed(session: &mut Session) -> Result<Found, Fault> {
    match ask(session, T::Find)? {
        A::Found(found) => Ok(*found),
        other => Err(unexpected(&Answer::Twins(other))),
    }
}

/// `duplicates`
///
/// # Errors
/// The store fails.
pub fn duplicates(session: &mut Session, out: &Listed) -> Result<(), Fault> {
    let found = listed(session)?;
    leaving::list(session, "duplicates", found.pairs.len() * 2, out.second.as_deref())?;
    if out.json {
        let archive = |o: &Who| Archive {
            customer_no: o.no.clone(),
            name: o.name.clone(),
            tier: o.tier.map(|t| t.code()),
            aum_fen: o.aum.map(|a| a.0),
            owner: session.code_of(o.owner),
        };
        let lines: Vec<Line> = found
            .pairs
            .iter()
            .map(|p| Line {
                certainty: p.by.first().map_or("", |by| words::certainty(*by).en),
                by: p.by.clone(),
                archives: [archive(&p.a), archive(&p.b)],
            })
            .collect();
        return output::json(&lines);
    }
    let lang = session.lang;
    let rows: Vec<Vec<String>> = found
        .pairs
        .iter()
        .map(|p| {
            let sure = p.by.first().map_or("", |by| words::certainty(*by).get(lang));
            let line = |o: &Who| format!("{} {}", o.no, o.name);
            vec![sure.to_owned(), line(&p.a), line(&p.b), words::reasons(&p.by, lang)]
        })
        .collect();
    output::print(&(words::listed(&found, lang) + "\n" + &output::columns(&rows)))
}

/// `merge KEEP OTHER`
///
/// # Errors
/// There is no such customer, their documents differ and nobody said that they are one, or the store refuses.
pub fn merge(session: &mut Session, (keep, other): (&str, &str), anyway: bool) -> Result<(), Fault> {
    session.say_who();
    let (keep, other) = (session.archive(keep)?.customer.id, session.archive(other)?.customer.id);
    let sides = match ask(session, T::Pair { keep, other })? {
        A::Pair(sides) => *sides,
        answer => return Err(unexpected(&Answer::Twins(answer))),
    };
    let m = Merging::new(sides.0, sides.1);
    if let Some(zh) = words::documents(&m, Lang::Zh).filter(|_| !anyway) {
        let en = words::documents(&m, Lang::En).unwrap_or_default();
        return Err(Fault::refused(
            format!("{zh}没有合并。确认是同一人，请加 --anyway。"),
            format!("{en} Nothing was merged. If they are one for certain, add --anyway."),
        ));
    }
    let revs = (m.keep.customer.rev, m.other.customer.rev);
    let take = m.take.iter().map(|c| (*c).to_owned()).collect();
    let (op, stamp) = (session.op(), session.stamp());
    match ask(session, T::Merge { op, keep, other, revs, take, stamp })? {
        A::Done { .. } => output::print(&(words::merged(&m, session.lang) + "\n")),
        A::Changed { name, .. } => Err(Fault::refused(
            format!("{name}的档案刚被同事改过，没有合并，请再试一次。"),
            format!("A colleague just changed the archive of {name}; nothing was merged, try again."),
        )),
        answer => Err(unexpected(&Answer::Twins(answer))),
    }
}

/// `part NO`
///
/// # Errors
/// No archive of this number was merged, or the store refuses.
pub fn part(session: &mut Session, no: &str) -> Result<(), Fault> {
    session.say_who();
    let A::Merged(Some(other)) = ask(session, T::Merged { no: no.to_owned() })? else {
        return Err(Fault::refused(
            format!("客户号 {no} 没有并入别的档案。"),
            format!("The archive of {no} was not merged into another."),
        ));
    };
    let (op, stamp) = (session.op(), session.stamp());
    match ask(session, T::Part { op, other, stamp })? {
        A::Done { .. } => output::print(&match session.lang {
            Lang::Zh => format!("已拆开：{no} 又是一份单独的档案\n"),
            Lang::En => format!("Parted: {no} is an archive of its own again\n"),
        }),
        answer => Err(unexpected(&Answer::Twins(answer))),
    }
}

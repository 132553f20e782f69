//! `tiers`: the rules, who would move by others, and why a customer has their tier.

use super::leaving;
use super::output;
use super::session::{Session, unexpected};
use crate::app::words::{self, tier as said};
use crate::domain::text::Lang;
use crate::domain::tier::what_if::WhatIf;
use crate::domain::tier::{Basis, Lines, Tier};
use crate::domain::values::money::Fen;
use crate::run::args::Listed;
use crate::run::fault::Fault;
use crate::store::customers::Explained;
use crate::store::request::{Answer, Ask};
use crate::store::{board, customers};
use chrono::NaiveDate;
use serde::Serialize;
use serde_json::json;

/// Customers named of those who would move from one tier to another.
const SHOWN: usize = 10;

/// A step of a fold as it is given out.
#[derive(Serialize)]
struct StepShape<'a> {
    as_of: String,
    aum_fen: i64,
    by_figure: &'static str,
    tier: &'static str,
    lines_fen: [i64; 5],
    what: &'a crate::domain::tier::Verdict,
    words: String,
}

/// `tiers --explain NO`
///
/// # Errors
/// There is no such customer, or the store fails.
pub fn explain(session: &mut Session, no: &str, out: &Listed) -> Result<(), Fault> {
    let opened = session.archive(no)?;
    session.may_open(&opened)?;
    let (id, today) = (opened.customer.id, session.today);
    let e = match session.ask(&Ask::Customers(customers::Ask::Tier { id, today }))? {
        Answer::Customers(customers::Answer::Tier(e)) => e,
        other => return Err(unexpected(&other)),
    };
    leaving::one(session, id, "tiers --explain", out.second.as_deref())?;
    if out.json {
        return output::json(&shape(session, &e));
    }
    let mut lines = said::explained(&e, &session.branch.settings, &session.branch.staff, session.lang);
    lines.insert(0, format!("{} {}", e.name, e.no));
    output::print(&(lines.join("\n") + "\n"))
}

fn shape(session: &Session, e: &Explained) -> serde_json::Value {
    let staff = &session.branch.staff;
    let steps: Vec<StepShape<'_>> = e
        .steps
        .iter()
        .map(|(step, lines)| StepShape {
            as_of: step.state.as_of.to_string(),
            aum_fen: step.aum.0,
            by_figure: step.by_figure.code(),
            tier: step.state.tier.code(),
            lines_fen: lines.0.map(|l| l.0),
            what: &step.verdict,
            words: said::verdict(&step.verdict, session.lang, staff),
        })
        .collect();
    let moves: Vec<_> = e
        .moves
        .iter()
        .map(|k| {
            let m = &k.moved;
            json!({
                "day": m.day, "at": k.at, "from": m.from.map(Tier::code), "to": m.to.map(Tier::code), "why": m.why,
                "words": said::why(&m.why, session.lang, staff),
            })
        })
        .collect();
    let held = e.standing.held.as_ref().map(
        |h| json!({ "tier": h.tier.code(), "until": h.until, "reason": crate::domain::values::plain::masked(&h.reason), "by": session.code_of(Some(h.by)) }),
    );
    json!({
        "customer_no": e.no, "tier": e.standing.tier.map(Tier::code), "basis": session.branch.settings.basis,
        "held": held, "steps": steps, "moves": moves,
    })
}

/// `tiers --if TIER=LINE`
///
/// # Errors
/// A tier or line reads wrong, or the store fails.
pub fn what_if(session: &mut Session, lines: &[String], basis: Option<&str>, out: &Listed) -> Result<(), Fault> {
    let as_of = data_date(session)?;
    let mut settings = session.branch.settings.clone();
    let mut tried = settings.lines_on(as_of).clone();
    for text in lines.iter().flat_map(|l| l.split([',', '，'])) {
        let (tier, line) = text.split_once('=').ok_or_else(|| unread(text))?;
        let place = Tier::parse(tier.trim()).and_then(|x| tried.0.get_mut(x.rank().checked_sub(1)?));
        *place.ok_or_else(|| unread(text))? = Lines::typed(line).map_err(|c| Fault::refused(c.zh, c.en))?;
    }
    settings.put_lines(as_of, tried.clone());
    if let Some(word) = basis {
        settings.basis = read_basis(word)?;
    }
    settings.check().map_err(|c| Fault::refused(c.zh, c.en))?;
    let (basis, today) = (settings.basis, session.today);
    let ask = Ask::Board(board::Ask::WhatIf { settings: Box::new(settings), today });
    let found = match session.ask(&ask)? {
        Answer::Board(board::Answer::WhatIf(found)) => found,
        other => return Err(unexpected(&other)),
    };
    let named = |top: usize| found.flows.iter().map(|f| f.top.len().min(top)).sum();
    leaving::list(session, "tiers --if", named(if out.json { usize::MAX } else { SHOWN }), out.second.as_deref())?;
    if out.json {
        return output::json(&given(&found, &tried, basis));
    }
    let lang = session.lang;
    let mut out = format!("{}  {}\n", words::board::basis(basis).get(lang), said::lines(&tried, lang));
    out.push_str(&format!("{}\n", said::tried(&found, lang)));
    for flow in &found.flows {
        let (moved, sums) = said::flow(flow, false, lang);
        out.push_str(&format!("\n{moved}  {sums}\n"));
        let row = |m: &crate::domain::tier::what_if::Mover| {
            vec![format!("  {}", m.no), m.name.clone(), m.aum.wan(), session.name_of(m.owner)]
        };
        let rows: Vec<Vec<String>> = flow.top.iter().take(SHOWN).map(row).collect();
        out.push_str(&output::columns(&rows));
        let more = flow.count.saturating_sub(SHOWN as u64);
        if more > 0 {
            out.push_str(&match lang {
                Lang::Zh => format!("  另有 {more} 人\n"),
                Lang::En => format!("  and {more} more\n"),
            });
        }
    }
    output::print(&out)
}

/// What would happen, as it is given out.
fn given(found: &WhatIf, tried: &Lines, basis: Basis) -> serde_json::Value {
    let counts = |counts: &[u64; 6]| -> serde_json::Map<String, serde_json::Value> {
        Tier::ALL.into_iter().zip(counts).map(|(x, n)| (x.code().to_owned(), (*n).into())).collect()
    };
    let flows: Vec<_> = found
        .flows
        .iter()
        .map(|f| {
            let top: Vec<_> =
                f.top.iter().map(|m| json!({ "customer_no": m.no, "name": m.name, "aum_fen": m.aum.0 })).collect();
            json!({ "from": f.from.code(), "to": f.to.code(), "count": f.count, "aum_fen": f.aum.map(|a| a.0), "top": top })
        })
        .collect();
    let (up, down) = found.sums();
    json!({
        "as_of": found.as_of, "basis": basis, "lines_fen": tried, "up": up, "down": down,
        "before": counts(&found.before), "after": counts(&found.after), "flows": flows,
    })
}

/// `tiers`: the rules.
///
/// # Errors
/// The store fails.
pub fn rules(session: &mut Session, json: bool) -> Result<(), Fault> {
    let as_of = data_date(session)?;
    let s = &session.branch.settings;
    if json {
        return output::json(&json!({
            "basis": s.basis, "as_of": as_of, "lines_fen": s.lines_on(as_of), "lines_first_fen": s.lines,
            "lines_from_fen": s.lines_from, "fall_months": s.fall_months, "review_days": s.review_days,
            "protect_months": s.protect_months, "near_percent": s.near_percent,
        }));
    }
    let lang = session.lang;
    let mut out = format!("{}  {}\n", words::board::basis(s.basis).get(lang), said::lines(&s.lines, lang));
    for (from, lines) in &s.lines_from {
        let lines = said::lines(lines, lang);
        out.push_str(&match lang {
            Lang::Zh => format!("{from} 起  {lines}\n"),
            Lang::En => format!("from {from}  {lines}\n"),
        });
    }
    out.push_str(&format!("{}\n", said::rules(&s.rules(), lang)));
    output::print(&out)
}

/// The newest data date of the branch.
fn data_date(session: &mut Session) -> Result<Option<NaiveDate>, Fault> {
    match session.ask(&Ask::Board(board::Ask::Load))? {
        Answer::Board(board::Answer::Board(b)) => Ok(b.as_of),
        other => Err(unexpected(&other)),
    }
}

fn read_basis(word: &str) -> Result<Basis, Fault> {
    match word {
        "balance" | "时点" | "时点余额" => Ok(Basis::Balance),
        "monthly_average" | "average" | "月日均" => Ok(Basis::MonthlyAverage),
        _ => Err(Fault::refused(
            format!("口径「{word}」不认识，可用：monthly_average 月日均，balance 时点余额"),
            format!("The basis '{word}' is unknown; use monthly_average or balance"),
        )),
    }
}

fn unread(text: &str) -> Fault {
    Fault::refused(
        format!("「{text}」读不懂，写成 级别=金额，如 potential=30万 或 贵宾=60"),
        format!("'{text}' cannot be read; write tier=line, such as potential=30万 or vip=60"),
    )
}

/// A line as a settings value: what it says in 万, in fen.
///
/// # Errors
/// What is wrong with it.
pub fn line(text: &str) -> Result<Fen, Fault> {
    Lines::typed(text).map_err(|c| Fault::refused(c.zh, c.en))
}

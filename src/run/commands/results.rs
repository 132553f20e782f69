//! `report outflow`, `loyal`, `targets`, `credit`: what the branch's facts come to, by the same road as the screen.

use super::leaving;
use super::output;
use super::session::{Session, unexpected};
use crate::app::layers::results::{Facts, Results, Shown};
use crate::app::words::tables::Desk;
use crate::app::words::{goals, results as words};
use crate::domain::agenda::Who;
use crate::domain::ids::StaffId;
use crate::domain::results::loyal::{Loyal, Rate};
use crate::domain::results::outflow::{Bank, Outflow};
use crate::domain::results::targets::{self as target, Metric, Whose, month_of};
use crate::domain::text::Lang;
use crate::run::args::Listed;
use crate::run::fault::Fault;
use crate::store::request::{self, Answer};
use crate::store::results::{Answer as A, Ask, What};
use crate::store::workbench;
use chrono::NaiveDate;
use serde::Serialize;
use serde_json::{Value, json};

/// Which outflow.
pub struct Gone {
    /// Within so many days.
    pub days: u16,
    /// To this bank.
    pub bank: Option<String>,
    /// Of this keeper's customers.
    pub keeper: Option<String>,
}

fn facts(session: &mut Session, what: What) -> Result<Facts, Fault> {
    let ask = Ask { what, by: session.me.id, today: session.today };
    match session.ask(&request::Ask::Results(ask))? {
        Answer::Results(A::Outflow(o)) => Ok(Facts::Outflow(o)),
        Answer::Results(A::Loyal(l)) => Ok(Facts::Loyal(l)),
        Answer::Results(A::Scores(x)) => Ok(Facts::Scores(x)),
        Answer::Results(A::Credit(c)) => Ok(Facts::Credit(c)),
        other => Err(unexpected(&other)),
    }
}

/// The keeper of a code; `-` is nobody.
fn keeper(session: &Session, code: Option<&str>) -> Result<Option<Option<StaffId>>, Fault> {
    match code {
        None => Ok(None),
        Some("-") => Ok(Some(None)),
        Some(code) => {
            let found = session.branch.staff.iter().find(|s| s.code.eq_ignore_ascii_case(code) || s.name == code);
            found.map(|s| Some(Some(s.id))).ok_or_else(|| {
                Fault::refused(
                    format!("没有工号为「{code}」的同事；无责任人的写 -"),
                    format!("Nobody has the code '{code}'; - stands for no keeper"),
                )
            })
        }
    }
}

fn desk(session: &Session) -> Desk<'_> {
    Desk { staff: &session.branch.staff, settings: &session.branch.settings, today: session.today, lang: session.lang }
}

/// A table with its columns.
fn table(facts: &Facts, shown: &Shown, years: u32, d: Desk<'_>) -> String {
    let heads = words::heads(shown).iter().map(|h| h.get(d.lang).to_owned()).collect();
    let rows = (0..shown.len()).map(|at| words::row(facts, shown, at, years, d));
    output::columns(&std::iter::once(heads).chain(rows).collect::<Vec<Vec<String>>>())
}

/// The whole answer in words: title, tables, what the figures mean; or why there is none.
fn told(title: &str, facts: &Facts, tables: &[Shown], years: u32, d: Desk<'_>) -> String {
    let mut text = format!("{title}\n");
    for shown in tables {
        text.push('\n');
        text.push_str(&match shown.is_empty() {
            true => words::empty(facts, shown, years, d, words::Road::Options) + "\n",
            false => table(facts, shown, years, d),
        });
        if shown.is_empty() {
            break;
        }
    }
    text.push_str(&format!("\n{}\n", words::meaning(facts, d).join("\n")));
    text
}

/// `report outflow`
///
/// # Errors
/// There is no such keeper or bank, or the store fails.
pub fn outflow(session: &mut Session, wanted: &Gone, out: &Listed) -> Result<(), Fault> {
    let keeper = keeper(session, wanted.keeper.as_deref())?;
    let facts = facts(session, What::Outflow(wanted.days))?;
    let Facts::Outflow(o) = &facts else { return Ok(()) };
    let bank = wanted.bank.as_deref().map(|name| Bank::Named(name.trim().to_owned()));
    if let Some(name) = bank.as_ref().filter(|b| !o.banks().iter().any(|w| w.by == **b)) {
        let name = words::bank(name, session.lang);
        return Err(Fault::refused(
            format!("这段时间没有转往「{name}」的提醒；不写 --bank 看有哪些银行"),
            format!("Nothing went to '{name}' in this period; without --bank all banks are listed"),
        ));
    }
    let gone = o.customers(bank.as_ref(), keeper);
    let target = words::target(&facts);
    leaving::list(session, target, gone.len(), out.second.as_deref())?;
    if out.json {
        return output::json(&given(session, o, bank.as_ref(), keeper));
    }
    let d = desk(session);
    let tables = if bank.is_some() || keeper.is_some() {
        vec![Shown::Gone(gone)]
    } else {
        first(session, What::Outflow(wanted.days), &facts)
    };
    let mut title = words::outflow_title(o, d);
    if let Some(b) = &bank {
        title.push_str(&format!(" > {}", words::bank(b, d.lang)));
    }
    output::print(&told(&title, &facts, &tables, 0, d))
}

fn person(session: &Session, who: &Who) -> serde_json::Map<String, Value> {
    let mut all = serde_json::Map::new();
    all.insert("customer_no".to_owned(), who.no.clone().into());
    all.insert("name".to_owned(), who.name.clone().into());
    all.insert("tier".to_owned(), who.tier.map(|t| t.code()).into());
    all.insert("owner".to_owned(), session.code_of(who.owner).into());
    all
}

fn given(session: &Session, o: &Outflow, bank: Option<&Bank>, keeper: Option<Option<StaffId>>) -> Value {
    let name = |b: &Bank| match b {
        Bank::Named(name) => Some(name.clone()),
        Bank::Rest => None,
    };
    let banks: Vec<Value> = o
        .banks()
        .iter()
        .map(|w| {
            let keepers: Vec<Value> = o
                .keepers(Some(&w.by))
                .iter()
                .map(|k| {
                    let owner = session.code_of(k.by);
                    json!({ "owner": owner, "sum_fen": k.sum.0, "customers": k.customers, "open": k.open })
                })
                .collect();
            json!({
                "bank": name(&w.by), "sum_fen": w.sum.0, "customers": w.customers, "open": w.open, "keepers": keepers,
            })
        })
        .collect();
    let customers: Vec<Value> = o
        .customers(bank, keeper)
        .iter()
        .map(|g| {
            let mut all = person(session, &g.who);
            all.insert("sum_fen".to_owned(), g.sum.0.into());
            all.insert("told_on".to_owned(), g.day.to_string().into());
            all.insert("open".to_owned(), g.open.into());
            Value::Object(all)
        })
        .collect();
    let total = o.total();
    json!({
        "from": o.from, "to": o.to, "as_of": o.as_of, "over": o.reach.label().get(Lang::En),
        "sum_fen": total.sum.0, "customers": total.customers, "open": total.open, "banks": banks, "of": customers,
    })
}

/// `report loyal`
///
/// # Errors
/// There is no such keeper, the list may not leave, or the store fails.
pub fn loyal(session: &mut Session, years: u32, code: Option<&str>, out: &Listed) -> Result<(), Fault> {
    let keeper = keeper(session, code)?;
    let facts = facts(session, What::Loyal)?;
    let Facts::Loyal(l) = &facts else { return Ok(()) };
    let (target, rows) = (words::target(&facts), l.with(years, keeper).count());
    leaving::list(session, target, rows, out.second.as_deref())?;
    if out.json {
        return output::json(&loyal_given(session, l, years, keeper));
    }
    let d = desk(session);
    let mut tables = first(session, What::Loyal, &facts);
    tables.push(Shown::Long(l.with(years, keeper).cloned().collect()));
    output::print(&told(&words::loyal_title(l, years, d), &facts, &tables, years, d))
}

fn rate(r: &Rate, years: u32) -> Value {
    json!({
        "borrowers": r.borrowers, "again": r.again, "rate_tenths": r.now(),
        "borrowers_year_ago": r.borrowers_before, "again_year_ago": r.again_before, "rate_tenths_year_ago": r.before(),
        "lent_year": r.lent, "lent_year_again": r.lent_again, "with_years": r.with(years),
    })
}

/// A borrower as it is given out.
#[derive(Serialize)]
struct LongShape<'a> {
    customer_no: &'a str,
    name: &'a str,
    tier: Option<&'static str>,
    owner: Option<&'a str>,
    years: u32,
    first_loan: Option<NaiveDate>,
    loans: u32,
    lent_fen: i64,
    balance_fen: i64,
    late_now: u32,
    late_ever: u32,
    worst: Option<&'static str>,
    entitlement: Option<EntitledShape<'a>>,
}

/// What they have already.
#[derive(Serialize)]
struct EntitledShape<'a> {
    kind: &'a str,
    state: &'static str,
    until: Option<NaiveDate>,
}

/// Borrowers as they are given out: there may be many.
#[derive(Serialize)]
struct LoyalShape<'a> {
    as_of: Option<NaiveDate>,
    first_file: Option<NaiveDate>,
    over: &'static str,
    years: u32,
    all: Value,
    keepers: Vec<Value>,
    of: Vec<LongShape<'a>>,
}

fn loyal_given<'a>(session: &'a Session, l: &'a Loyal, years: u32, keeper: Option<Option<StaffId>>) -> LoyalShape<'a> {
    let code = |id: Option<StaffId>| {
        id.and_then(|id| session.branch.staff.iter().find(|s| s.id == id)).map(|s| s.code.as_str())
    };
    let keepers = l.keepers.iter().map(|(of, r)| {
        let mut all = rate(r, years);
        if let Value::Object(fields) = &mut all {
            fields.insert("owner".to_owned(), code(*of).into());
        }
        all
    });
    let of = l.with(years, keeper).map(|x| LongShape {
        customer_no: &x.who.no,
        name: &x.who.name,
        tier: x.who.tier.map(|t| t.code()),
        owner: code(x.who.owner),
        years: x.years(),
        first_loan: x.history.first_loan,
        loans: x.history.loans,
        lent_fen: x.history.lent.0,
        balance_fen: x.balance.0,
        late_now: x.history.late_now,
        late_ever: x.history.late_ever,
        worst: x.history.worst.map(|w| w.label().en),
        entitlement: x.entitled.as_ref().map(|e| EntitledShape {
            kind: &e.grants,
            state: e.stands(session.today).code(),
            until: e.until,
        }),
    });
    LoyalShape {
        as_of: l.as_of,
        first_file: l.since,
        over: l.reach.label().get(Lang::En),
        years,
        all: rate(&l.all, years),
        keepers: keepers.collect(),
        of: of.collect(),
    }
}

/// The first table of what came.
fn first(session: &Session, what: What, facts: &Facts) -> Vec<Shown> {
    let mut layer = Results::new(what, session.today);
    layer.came(facts.clone());
    layer.levels.into_iter().map(|l| l.shown).collect()
}

/// `report targets`
///
/// # Errors
/// The store fails.
pub fn targets(session: &mut Session, month: Option<NaiveDate>, json: bool) -> Result<(), Fault> {
    let month = month.unwrap_or_else(|| month_of(session.today));
    let facts = facts(session, What::Scores(month))?;
    let Facts::Scores(x) = &facts else { return Ok(()) };
    let d = desk(session);
    if json {
        let one = |of: Option<StaffId>| {
            let mut all = serde_json::Map::new();
            all.insert("staff".to_owned(), session.code_of(of).into());
            for m in Metric::ALL {
                let (value, goal) = x.measure(of, m, d.staff);
                let done = target::done(value, goal);
                all.insert(m.code().to_owned(), json!({ "reached": value, "target": goal, "percent": done }));
            }
            Value::Object(all)
        };
        let people: Vec<Value> = x.people.iter().map(|(id, _)| one(Some(*id))).collect();
        return output::json(&json!({
            "month": goals::month(x.month), "to": x.to, "as_of": x.figures, "holdings_as_of": x.holdings,
            "over": x.reach.label().get(Lang::En), "people": people, "all": one(None),
        }));
    }
    output::print(&told(&goals::scores_title(x, d), &facts, &first(session, What::Scores(month), &facts), 0, d))
}

/// `report credit`
///
/// # Errors
/// The store fails.
pub fn credit(session: &mut Session, month: Option<NaiveDate>, out: &Listed) -> Result<(), Fault> {
    let month = month.unwrap_or_else(|| month_of(session.today));
    let facts = facts(session, What::Credit(month))?;
    let Facts::Credit(c) = &facts else { return Ok(()) };
    let target = words::target(&facts);
    leaving::list(session, target, c.handed.len(), out.second.as_deref())?;
    if out.json {
        let parts: Vec<Value> = c
            .parts()
            .iter()
            .map(|(id, p)| {
                json!({
                    "staff": session.code_of(Some(*id)), "brought": p.brought, "taken": p.taken,
                    "credit_hundredths": p.credit, "assets_fen": p.assets.0,
                })
            })
            .collect();
        let handed: Vec<Value> = c
            .handed
            .iter()
            .map(|h| {
                let mut all = person(session, &h.who);
                all.insert("brought_by".to_owned(), session.code_of(Some(h.from)).into());
                all.insert("taken_by".to_owned(), session.code_of(Some(h.to)).into());
                all.insert("accepted".to_owned(), h.day.to_string().into());
                Value::Object(all)
            })
            .collect();
        return output::json(&json!({
            "from": c.from, "to": c.to, "as_of": c.as_of, "over": c.reach.label().get(Lang::En),
            "introducer_percent": c.share, "people": parts, "of": handed,
        }));
    }
    let d = desk(session);
    let mut tables = first(session, What::Credit(month), &facts);
    if !c.handed.is_empty() {
        tables.push(Shown::Handed(c.handed.clone()));
    }
    output::print(&told(&goals::credit_title(c, d), &facts, &tables, 0, d))
}

/// `settings targets WHO [MONTH] METRIC N` and `settings introducer_percent N`
///
/// # Errors
/// It reads wrong, or the store refuses.
pub fn lay_down(session: &mut Session, key: &str, words: &[String]) -> Result<(), Fault> {
    let stamp = session.stamp();
    let ask = match (key, words) {
        ("introducer_percent", [n]) => {
            let percent = n.trim_end_matches('%').parse().map_err(|_| unread())?;
            workbench::Ask::KeepIntroducer { percent, stamp }
        }
        ("targets", [who, rest @ ..]) => {
            let whose = Whose::parse(who, &session.branch.staff).ok_or_else(|| {
                Fault::refused(
                    format!("没有工号或岗位「{who}」；整个网点写 branch"),
                    format!("There is no code or post '{who}'; branch means all of it"),
                )
            })?;
            let (month, metric, goal) = match rest {
                [metric, goal] => (None, metric, goal),
                [month, metric, goal] => (Some(target::parse_month(month).ok_or_else(unread)?), metric, goal),
                _ => return Err(unread()),
            };
            let metric = Metric::parse(metric).ok_or_else(unread)?;
            let goal = if goal == "off" { None } else { Some(goal.parse().map_err(|_| unread())?) };
            workbench::Ask::KeepTargets { targets: vec![(whose, month, metric, goal)], stamp }
        }
        _ => return Err(unread()),
    };
    session.ask(&request::Ask::Workbench(ask))?;
    let said = words.join(" ");
    output::print(&match session.lang {
        Lang::Zh => format!("已改 {key} {said}\n"),
        Lang::En => format!("{key}: {said}\n"),
    })
}

fn unread() -> Fault {
    let metrics = Metric::ALL.map(Metric::code).join(" ");
    Fault::refused(
        format!(
            "读不懂。目标写成：targets 工号 [2026-12] 项目 数，项目可用 {metrics}，数写 off 取消；分成写成 introducer_percent 40"
        ),
        format!(
            "That cannot be read. Write: targets CODE [2026-12] METRIC N; metrics are {metrics}, off takes it away; or introducer_percent 40"
        ),
    )
}

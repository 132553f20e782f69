//! `show`: an archive in words or JSON, numbers and address masked unless a reason is given.

use super::entitle;
use super::leaving;
use super::output;
use super::report;
use super::session::{Session, unexpected};
use crate::app::words;
use crate::domain::access::{self, REASONS};
use crate::domain::archive::FIELDS;
use crate::domain::customer::Customer;
use crate::domain::dealings::books::Books;
use crate::domain::dealings::holding::Holding;
use crate::domain::dealings::loan::{Class, Loan, Record};
use crate::domain::field::{Field, Mask};
use crate::domain::text::{Lang, Text, t};
use crate::domain::values::plain;
use crate::run::args::Listed;
use crate::run::fault::Fault;
use crate::store::access as log;
use crate::store::customers::Opened;
use crate::store::request::{Answer, Ask};
use chrono::NaiveDate;
use serde::Serialize;
use serde_json::{Map, Value};

/// An archive as it is given out.
#[derive(Serialize)]
struct Shown {
    customer_no: String,
    name: String,
    sex: Option<&'static str>,
    birth: Option<String>,
    tier: Option<&'static str>,
    aum_fen: Option<i64>,
    as_of: Option<String>,
    owner: Option<String>,
    household: Option<HouseholdShape>,
    completeness: u8,
    rev: i64,
    fields: Map<String, Value>,
    entitlements: Vec<Value>,
    contacts: Vec<ContactShape>,
    holdings: Vec<HoldingShape>,
    loans: Vec<LoanShape>,
    services: Vec<ServiceShape>,
    ratings: Vec<RatingShape>,
    dates: DatesShape,
}

/// A product held.
#[derive(Serialize)]
struct HoldingShape {
    product: String,
    contract: String,
    amount_fen: i64,
    begins: Option<String>,
    ends: Option<String>,
    rate: String,
    state: String,
    not_listed_since: Option<String>,
}

/// A loan.
#[derive(Serialize)]
struct LoanShape {
    no: String,
    product: String,
    lent_fen: i64,
    balance_fen: i64,
    lent_on: Option<String>,
    ends: Option<String>,
    next_due: Option<String>,
    instalment_fen: Option<i64>,
    overdue_days: u32,
    class: &'static str,
    worst_class: &'static str,
    most_overdue_days: u32,
    purpose: String,
    method: String,
    not_listed_since: Option<String>,
}

/// A service signed up for.
#[derive(Serialize)]
struct ServiceShape {
    name: String,
    state: String,
    day: Option<String>,
    not_listed_since: Option<String>,
}

/// A rating.
#[derive(Serialize)]
struct RatingShape {
    day: String,
    grade: String,
    credit_fen: Option<i64>,
}

/// The data dates of the layouts; none was imported where there is none.
#[derive(Serialize)]
struct DatesShape {
    holdings: Option<String>,
    loans: Option<String>,
    services: Option<String>,
    ratings: Option<String>,
    transactions: Option<String>,
}

/// The family's assets.
#[derive(Serialize)]
struct HouseholdShape {
    aum_fen: Option<i64>,
    tier: Option<&'static str>,
    as_of: Option<String>,
    members: Vec<OneShape>,
}

/// One of the family.
#[derive(Serialize)]
struct OneShape {
    customer_no: String,
    name: String,
    aum_fen: Option<i64>,
    tier: Option<&'static str>,
}

/// A contact of it.
#[derive(Serialize)]
struct ContactShape {
    at: String,
    by: Option<String>,
    channel: &'static str,
    outcome: &'static str,
    note: String,
}

/// What of an archive is shown in full: nothing, or its fields for a reason that the log has by then.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Veil {
    On,
    Off,
}

impl Veil {
    fn text(self, field: &Field<Customer>, canonical: &str) -> String {
        if self == Veil::On || field.mask == Mask::Open { field.masked(canonical) } else { canonical.to_owned() }
    }
}

/// `show NO [--reveal REASON]`
///
/// # Errors
/// There is no such customer, the values may not be shown, or the store fails.
pub fn show(session: &mut Session, no: &str, reason: Option<&str>, out: &Listed) -> Result<(), Fault> {
    let reason = reason.map(known_reason).transpose()?;
    let opened = session.archive(no)?;
    session.may_open(&opened)?;
    let id = opened.customer.id;
    leaving::one(session, id, "show", out.second.as_deref())?;
    let veil = match reason {
        Some(reason) => reveal(session, &opened.customer, reason)?,
        None => Veil::On,
    };
    if out.json {
        let books = report::books(session, id)?;
        return output::json(&shape(session, &opened, &books, veil));
    }
    output::print(&told(session, &opened, veil))
}

fn known_reason(text: &str) -> Result<&'static str, Fault> {
    access::reason(text).ok_or_else(|| {
        let list = |which: fn(&Text) -> &'static str| {
            let all: Vec<String> = REASONS.iter().map(|(code, words)| format!("{code} {}", which(words))).collect();
            all.join("\n  ")
        };
        Fault::usage(
            format!("理由请从这里选：\n  {}", list(|w| w.zh)),
            format!("The reason is one of:\n  {}", list(|w| w.en)),
        )
    })
}

/// Each masked field is asked for and written down by itself, and counts by itself; all of them may be shown, or none is.
fn reveal(session: &mut Session, c: &Customer, reason: &str) -> Result<Veil, Fault> {
    for f in FIELDS.iter().filter(|f| f.mask != Mask::Open && !f.get(c).is_empty()) {
        let (op, stamp) = (session.op(), session.stamp());
        let ask = log::Ask::Reveal { op, customer: c.id, field: f.code.to_owned(), reason: reason.to_owned(), stamp };
        match session.write(&Ask::Access(ask))? {
            Answer::Access(log::Answer::Granted { .. }) => {}
            Answer::Access(log::Answer::Over { most }) => {
                return Err(Fault::refused(words::reveals_over(Lang::Zh, most), words::reveals_over(Lang::En, most)));
            }
            other => return Err(unexpected(&other)),
        }
    }
    Ok(Veil::Off)
}

fn shape(session: &Session, opened: &Opened, books: &Books, veil: Veil) -> Shown {
    let (c, s) = (&opened.customer, &opened.standing);
    let fields = FIELDS
        .iter()
        .map(|f| (f, f.get(c)))
        .filter(|(_, text)| !text.is_empty())
        .map(|(f, text)| (f.code.to_owned(), Value::String(veil.text(f, &text))))
        .collect();
    Shown {
        customer_no: c.no.clone(),
        name: c.name.clone(),
        sex: c.sex.map(|x| x.code()),
        birth: c.birth.map(|d| d.to_string()),
        tier: s.tier.map(|x| x.code()),
        aum_fen: s.figures.map(|f| f.aum(session.branch.settings.basis).0),
        as_of: s.figures.map(|f| f.as_of.to_string()),
        owner: session.code_of(c.owner),
        household: opened.household.as_ref().map(|h| HouseholdShape {
            aum_fen: h.aum.map(|f| f.0),
            tier: h.tier.map(|x| x.code()),
            as_of: h.as_of.map(|d| d.to_string()),
            members: h
                .members
                .iter()
                .map(|m| OneShape {
                    customer_no: m.no.clone(),
                    name: m.name.clone(),
                    aum_fen: m.aum.map(|f| f.0),
                    tier: m.tier.map(|x| x.code()),
                })
                .collect(),
        }),
        completeness: s.completeness,
        rev: c.rev,
        fields,
        entitlements: entitle::shapes(session, opened),
        contacts: opened
            .contacts
            .iter()
            .map(|k| ContactShape {
                at: k.at.format("%Y-%m-%dT%H:%M:%S").to_string(),
                by: session.code_of(Some(k.by)),
                channel: k.channel.code(),
                outcome: k.outcome.code(),
                note: plain::masked(&k.note),
            })
            .collect(),
        holdings: books.holdings.iter().map(|h| holding(&h.fact, h.gone)).collect(),
        loans: books.loans.iter().map(|(l, record)| loan(&l.fact, l.gone, record)).collect(),
        services: books
            .services
            .iter()
            .map(|s| ServiceShape {
                name: s.fact.name.clone(),
                state: s.fact.state.clone(),
                day: day(s.fact.day),
                not_listed_since: day(s.gone),
            })
            .collect(),
        ratings: books
            .ratings
            .iter()
            .map(|r| RatingShape { day: r.day.to_string(), grade: r.grade.clone(), credit_fen: r.credit.map(|c| c.0) })
            .collect(),
        dates: DatesShape {
            holdings: day(books.dates.holdings),
            loans: day(books.dates.loans),
            services: day(books.dates.services),
            ratings: day(books.dates.ratings),
            transactions: day(books.dates.txns),
        },
    }
}

fn day(on: Option<NaiveDate>) -> Option<String> {
    on.map(|d| d.to_string())
}

fn holding(h: &Holding, gone: Option<NaiveDate>) -> HoldingShape {
    HoldingShape {
        product: h.product.clone(),
        contract: plain::masked(&h.contract),
        amount_fen: h.amount.0,
        begins: day(h.begins),
        ends: day(h.ends),
        rate: words::dealings::rate(h.rate),
        state: h.state.clone(),
        not_listed_since: day(gone),
    }
}

fn loan(l: &Loan, gone: Option<NaiveDate>, record: &Record) -> LoanShape {
    LoanShape {
        no: plain::masked(&l.no),
        product: l.product.clone(),
        lent_fen: l.lent.0,
        balance_fen: l.balance.0,
        lent_on: day(l.lent_on),
        ends: day(l.ends),
        next_due: day(l.next_due),
        instalment_fen: l.instalment.map(|i| i.0),
        overdue_days: l.overdue,
        class: code(l.class),
        worst_class: code(record.worst),
        most_overdue_days: record.late,
        purpose: plain::masked(&l.purpose),
        method: l.method.clone(),
        not_listed_since: day(gone),
    }
}

/// A class as programs read it.
const fn code(class: Class) -> &'static str {
    match class {
        Class::Normal => "normal",
        Class::Watch => "watch",
        Class::Substandard => "substandard",
        Class::Doubtful => "doubtful",
        Class::Loss => "loss",
    }
}

fn told(session: &Session, opened: &Opened, veil: Veil) -> String {
    let (c, s, lang) = (&opened.customer, &opened.standing, session.lang);
    let aum = s.figures.map(|f| f.aum(session.branch.settings.basis));
    let as_of = s.figures.map_or_else(String::new, |f| format!(" ({})", f.as_of));
    let mut out = format!(
        "{}  {}  {}  {}{as_of}  {}  {}%\n\n",
        session.whose(c),
        words::customer::person(c, lang, session.today),
        words::customer::badge(s.tier, lang),
        words::customer::amount(aum, false),
        session.name_of(c.owner),
        s.completeness,
    );
    if let Some(house) = &opened.household {
        out.push_str(&format!("{}\n", words::tier::household(house, session.today, false, lang)));
        let row = |m: &crate::domain::household::OneOf| {
            let badge = words::customer::badge(m.tier, lang).to_owned();
            vec![format!("  {}", m.no), m.name.clone(), words::customer::amount(m.aum, false), badge]
        };
        out.push_str(&output::columns(&house.members.iter().map(row).collect::<Vec<_>>()));
        out.push('\n');
    }
    let rows: Vec<Vec<String>> = FIELDS
        .iter()
        .filter_map(|f| {
            let text = f.get(c);
            let shown = f.show(&veil.text(f, &text), lang, &session.branch.staff);
            (!text.is_empty()).then(|| vec![f.label.get(lang).to_owned(), shown.replace('\n', " / ")])
        })
        .collect();
    out.push_str(&output::columns(&rows));
    if !opened.due.is_empty() {
        out.push_str(t("\n待办\n", "\nDue\n").get(lang));
        for item in &opened.due {
            out.push_str(&format!("  {}\n", words::agenda::text(item, lang, &session.branch.staff, session.today)));
        }
    }
    let entitled = entitle::table(session, opened);
    if !entitled.is_empty() {
        out.push_str(t("\n优惠与额度\n", "\nEntitlements\n").get(lang));
        out.push_str(&output::columns(&entitled));
    }
    if !opened.contacts.is_empty() {
        out.push_str(t("\n联络\n", "\nContacts\n").get(lang));
        let rows: Vec<Vec<String>> = opened
            .contacts
            .iter()
            .take(10)
            .map(|k| {
                vec![
                    k.at.format("%Y-%m-%d %H:%M").to_string(),
                    session.name_of(Some(k.by)),
                    k.channel.label().get(lang).to_owned(),
                    k.outcome.label().get(lang).to_owned(),
                    plain::masked(&k.note.replace('\n', " / ")),
                ]
            })
            .collect();
        out.push_str(&output::columns(&rows));
        let more = opened.contacts_total.saturating_sub(10);
        if more > 0 {
            out.push_str(&match lang {
                Lang::Zh => format!("另有 {more} 次\n"),
                Lang::En => format!("and {more} more\n"),
            });
        }
    }
    out
}

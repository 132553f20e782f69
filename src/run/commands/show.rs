//! `show`: an archive in words or JSON, ID and phone masked.

use super::output;
use super::report;
use super::session::Session;
use crate::app::words;
use crate::domain::archive::FIELDS;
use crate::domain::customer::Customer;
use crate::domain::dealings::books::Books;
use crate::domain::dealings::holding::Holding;
use crate::domain::dealings::loan::{Class, Loan, Record};
use crate::domain::field::{Field, Mask};
use crate::domain::text::{Lang, t};
use crate::domain::values::{idcard, phone};
use crate::run::fault::Fault;
use crate::store::customers::Opened;
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

/// `show NO`
///
/// # Errors
/// There is no such customer, or the store fails.
pub fn show(session: &mut Session, no: &str, json: bool) -> Result<(), Fault> {
    let opened = session.archive(no)?;
    if json {
        let books = report::books(session, opened.customer.id)?;
        return output::json(&shape(session, &opened, &books));
    }
    output::print(&told(session, &opened))
}

/// The text of a field as it may leave the program: document numbers and phones masked.
pub fn masked(field: &Field<Customer>, canonical: &str) -> String {
    match field.mask {
        Mask::Open => canonical.to_owned(),
        Mask::Document => idcard::mask(canonical),
        Mask::Phone => phone::mask(canonical),
    }
}

fn shape(session: &Session, opened: &Opened, books: &Books) -> Shown {
    let (c, s) = (&opened.customer, &opened.standing);
    let fields = FIELDS
        .iter()
        .map(|f| (f, f.get(c)))
        .filter(|(_, text)| !text.is_empty())
        .map(|(f, text)| (f.code.to_owned(), Value::String(masked(f, &text))))
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
        contacts: opened
            .contacts
            .iter()
            .map(|k| ContactShape {
                at: k.at.format("%Y-%m-%dT%H:%M:%S").to_string(),
                by: session.code_of(Some(k.by)),
                channel: k.channel.code(),
                outcome: k.outcome.code(),
                note: k.note.clone(),
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
        contract: h.contract.clone(),
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
        no: l.no.clone(),
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
        purpose: l.purpose.clone(),
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

fn told(session: &Session, opened: &Opened) -> String {
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
            let shown = f.show(&masked(f, &text), lang, &session.branch.staff);
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
                    k.note.replace('\n', " / "),
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

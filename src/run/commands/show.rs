//! `show`: an archive in words or JSON, ID and phone masked.

use super::output;
use super::session::Session;
use crate::app::words;
use crate::domain::archive::FIELDS;
use crate::domain::customer::Customer;
use crate::domain::field::{Field, Mask};
use crate::domain::text::{Lang, t};
use crate::domain::values::{idcard, phone};
use crate::run::fault::Fault;
use crate::store::customers::Opened;
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
    if json { output::json(&shape(session, &opened)) } else { output::print(&told(session, &opened)) }
}

/// The text of a field as it may leave the program: document numbers and phones masked.
pub fn masked(field: &Field<Customer>, canonical: &str) -> String {
    match field.mask {
        Mask::Open => canonical.to_owned(),
        Mask::Document => idcard::mask(canonical),
        Mask::Phone => phone::mask(canonical),
    }
}

fn shape(session: &Session, opened: &Opened) -> Shown {
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

//! The fields of what hangs on an archive: family members, occasions, links, remarks, entitlements.

use super::choices as list;
use super::typed::{date, date_text, line, lunar, number, past, pick};
use crate::domain::calendar::lunar::LunarDay;
use crate::domain::calendar::yearly::Yearly;
use crate::domain::customer::Keeps;
use crate::domain::entitlement::Entitlement;
use crate::domain::family::{Link, Member, Occasion, Remark};
use crate::domain::field::{Field, Kind};
use crate::domain::ids::CustomerId;
use crate::domain::text::{Complaint, t};
use crate::domain::values::plain;
use chrono::Datelike;

/// The archive that was chosen; none when emptied.
///
/// # Errors
/// It was typed rather than chosen.
pub fn linked(text: &str) -> Result<Option<CustomerId>, Complaint> {
    let clean = plain::fold(&plain::line(text));
    if clean.is_empty() {
        return Ok(None);
    }
    clean
        .parse()
        .map(|id| Some(CustomerId(id)))
        .map_err(|_| Complaint::new("请按 F4 选客户，或清空", "Press F4 to choose the customer, or empty the field"))
}

/// A chosen archive as the canonical text of its field.
pub fn linked_text(id: Option<CustomerId>) -> String {
    id.map(|c| c.0.to_string()).unwrap_or_default()
}

fn year(text: &str) -> Result<Option<i32>, Complaint> {
    Ok(number(text, 1900, 2100)?.and_then(|y| i32::try_from(y).ok()))
}

fn year_text(year: Option<i32>) -> String {
    year.map(|y| y.to_string()).unwrap_or_default()
}

fn named(text: &str, max: usize) -> Result<String, Complaint> {
    let clean = line(text, max)?;
    if clean.is_empty() { Err(Complaint::new("此项不能空", "This is needed")) } else { Ok(clean) }
}

/// A yearly date: `10-01` solar, `腊月二十` or `农12-20` lunar.
fn yearly(text: &str) -> Result<Option<Yearly>, Complaint> {
    let clean = plain::fold(&plain::line(text));
    if clean.is_empty() {
        return Ok(None);
    }
    if let Some(rest) = clean.strip_prefix("农历").or_else(|| clean.strip_prefix('农')) {
        return Ok(lunar(rest)?.map(Yearly::Lunar));
    }
    if clean.chars().all(|c| c.is_ascii_digit() || "-/.月日".contains(c)) {
        let full = if clean.matches(['-', '/', '.', '月']).count() <= 1 { format!("2024-{clean}") } else { clean };
        let full = full.replace(['月', '/', '.'], "-").replace('日', "");
        return Ok(date(&full)?.map(|d| Yearly::Solar {
            month: u8::try_from(d.month()).unwrap_or(1),
            day: u8::try_from(d.day()).unwrap_or(1),
        }));
    }
    Ok(lunar(&clean)?.map(Yearly::Lunar))
}

fn yearly_text(on: Option<Yearly>) -> String {
    match on {
        None => String::new(),
        Some(Yearly::Solar { month, day }) => format!("{month:02}-{day:02}"),
        Some(Yearly::Lunar(day)) => day.text(),
    }
}

/// A family member (feature 6).
pub static MEMBER: &[Field<Member>] = &[
    Field::new(
        "relation",
        t("关系", "Relation"),
        Kind::Pick(list::RELATION),
        |m, _| m.relation.clone(),
        |m, _, s, _| {
            m.relation = pick(list::RELATION, s)?;
            Ok(())
        },
    ),
    Field::new(
        "name",
        t("姓名", "Name"),
        Kind::Line(40),
        |m, _| m.name.clone(),
        |m, _, s, _| {
            m.name = named(s, 40)?;
            Ok(())
        },
    ),
    Field::new(
        "birth",
        t("生日", "Birthday"),
        Kind::Date,
        |m, _| date_text(m.birth),
        |m, _, s, ctx| {
            let new = past(s, ctx.today)?;
            if m.lunar.is_none() || m.lunar == m.birth.and_then(LunarDay::of) {
                m.lunar = new.and_then(LunarDay::of);
            }
            m.birth = new;
            Ok(())
        },
    ),
    Field::new(
        "lunar",
        t("农历生日", "Lunar bday"),
        Kind::LunarDay,
        |m, _| m.lunar.map(LunarDay::text).unwrap_or_default(),
        |m, _, s, _| {
            m.lunar = lunar(s)?;
            Ok(())
        },
    ),
    Field::new(
        "keeps",
        t("过哪个", "Keeps"),
        Kind::Pick(list::KEEPS),
        |m, _| if m.keeps == Keeps::Lunar { "lunar".into() } else { "solar".into() },
        |m, _, s, _| {
            m.keeps = if pick(list::KEEPS, s)? == "lunar" { Keeps::Lunar } else { Keeps::Solar };
            Ok(())
        },
    ),
    Field::new(
        "school",
        t("学校", "School"),
        Kind::Line(40),
        |m, _| m.school.clone(),
        |m, _, s, _| {
            m.school = line(s, 40)?;
            Ok(())
        },
    ),
    Field::new(
        "school_year",
        t("入学年份", "Starts school"),
        Kind::Number(1900, 2100),
        |m, _| year_text(m.school_year),
        |m, _, s, _| {
            m.school_year = year(s)?;
            Ok(())
        },
    ),
    Field::new(
        "exam_year",
        t("中高考年份", "Exam year"),
        Kind::Number(1900, 2100),
        |m, _| year_text(m.exam_year),
        |m, _, s, _| {
            m.exam_year = year(s)?;
            Ok(())
        },
    ),
    Field::new(
        "linked",
        t("关联客户", "Archive"),
        Kind::Customer,
        |m, _| linked_text(m.linked),
        |m, _, s, _| {
            m.linked = linked(s)?;
            Ok(())
        },
    ),
    Field::new(
        "note",
        t("备注", "Note"),
        Kind::Line(80),
        |m, _| m.note.clone(),
        |m, _, s, _| {
            m.note = line(s, 80)?;
            Ok(())
        },
    ),
];

/// A yearly occasion.
pub static OCCASION: &[Field<Occasion>] = &[
    Field::new(
        "label",
        t("事由", "Occasion"),
        Kind::Line(30),
        |o, _| o.label.clone(),
        |o, _, s, _| {
            o.label = named(s, 30)?;
            Ok(())
        },
    ),
    Field::new(
        "on",
        t("每年", "Every"),
        Kind::Line(20),
        |o, _| yearly_text(o.on),
        |o, _, s, _| {
            o.on = yearly(s)?;
            Ok(())
        },
    ),
    Field::new(
        "since",
        t("始于年份", "Since"),
        Kind::Number(1900, 2100),
        |o, _| year_text(o.since),
        |o, _, s, _| {
            o.since = year(s)?;
            Ok(())
        },
    ),
    Field::new(
        "note",
        t("备注", "Note"),
        Kind::Line(80),
        |o, _| o.note.clone(),
        |o, _, s, _| {
            o.note = line(s, 80)?;
            Ok(())
        },
    ),
];

/// A link (feature 7).
pub static LINK: &[Field<Link>] = &[
    Field::new(
        "kind",
        t("关系", "Kind"),
        Kind::Pick(list::LINK),
        |l, _| l.kind.clone(),
        |l, _, s, _| {
            l.kind = pick(list::LINK, s)?;
            Ok(())
        },
    ),
    Field::new(
        "name",
        t("姓名", "Name"),
        Kind::Line(40),
        |l, _| l.name.clone(),
        |l, _, s, _| {
            l.name = named(s, 40)?;
            Ok(())
        },
    ),
    Field::new(
        "linked",
        t("关联客户", "Archive"),
        Kind::Customer,
        |l, _| linked_text(l.linked),
        |l, _, s, _| {
            l.linked = linked(s)?;
            Ok(())
        },
    ),
    Field::new(
        "note",
        t("备注", "Note"),
        Kind::Line(80),
        |l, _| l.note.clone(),
        |l, _, s, _| {
            l.note = line(s, 80)?;
            Ok(())
        },
    ),
];

/// A remark: need, feedback, problem, news.
pub static REMARK: &[Field<Remark>] = &[
    Field::new(
        "kind",
        t("类别", "Kind"),
        Kind::Pick(list::REMARK),
        |r, _| r.kind.clone(),
        |r, _, s, _| {
            r.kind = pick(list::REMARK, s)?;
            Ok(())
        },
    ),
    Field::new(
        "text",
        t("内容", "Text"),
        Kind::Line(120),
        |r, _| r.text.clone(),
        |r, _, s, _| {
            r.text = named(s, 120)?;
            Ok(())
        },
    ),
    Field::new(
        "state",
        t("状态", "State"),
        Kind::Pick(list::STATE),
        |r, _| r.state.clone(),
        |r, _, s, _| {
            r.state = pick(list::STATE, s)?;
            Ok(())
        },
    ),
    Field::new(
        "on",
        t("日期", "Date"),
        Kind::Date,
        |r, _| date_text(r.on),
        |r, _, s, ctx| {
            r.on = past(s, ctx.today)?;
            Ok(())
        },
    ),
];

/// What is proposed of an entitlement. What is said to it is no field: it is decided, not typed.
pub static ENTITLEMENT: &[Field<Entitlement>] = &[
    Field::new(
        "grants",
        t("类别", "Kind"),
        Kind::Pick(list::GRANTS),
        |e, _| e.grants.clone(),
        |e, _, s, _| {
            e.grants = pick(list::GRANTS, s)?;
            Ok(())
        },
    ),
    Field::new(
        "text",
        t("给什么", "Grants"),
        Kind::Line(80),
        |e, _| e.text.clone(),
        |e, _, s, _| {
            e.text = named(s, 80)?;
            Ok(())
        },
    ),
    Field::new(
        "from",
        t("从", "From"),
        Kind::Date,
        |e, _| date_text(e.from),
        |e, _, s, _| {
            e.from = date(s)?;
            Ok(())
        },
    ),
    Field::new(
        "until",
        t("到", "Until"),
        Kind::Date,
        |e, _| date_text(e.until),
        |e, _, s, _| {
            e.until = date(s)?;
            Ok(())
        },
    ),
    Field::new(
        "reason",
        t("理由", "Reason"),
        Kind::Line(80),
        |e, _| e.reason.clone(),
        |e, _, s, _| {
            e.reason = named(s, 80)?;
            Ok(())
        },
    ),
];

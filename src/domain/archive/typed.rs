//! Reading and writing the fields that carry rules: each as canonical text, checked on the way in. Fields without a rule go
//! through [`note_read`] and `note_write`. Their order and labels live in the table.

use crate::domain::calendar::{dates, lunar::LunarDay};
use crate::domain::customer::{Customer, Keeps, Sex, Sort};
use crate::domain::field::{Choice, Ctx};
use crate::domain::ids::StaffId;
use crate::domain::text::Complaint;
use crate::domain::values::document::{Document, DocumentKind};
use crate::domain::values::money::Fen;
use crate::domain::values::phone::Phone;
use crate::domain::values::plain;
use chrono::NaiveDate;

type Written = Result<(), Complaint>;

/// One cleaned line of at most `max` characters.
///
/// # Errors
/// When it is longer.
pub fn line(text: &str, max: usize) -> Result<String, Complaint> {
    let clean = plain::line(text);
    let n = clean.chars().count();
    if n > max {
        return Err(Complaint::new(
            format!("太长：{n} 个字，最多 {max} 个，请缩短"),
            format!("Too long: {n} characters, at most {max}; please shorten"),
        ));
    }
    Ok(clean)
}

/// A code, or the label of either language, as the code; empty stays empty.
///
/// # Errors
/// When the list has no such entry.
pub fn pick(list: &[Choice], text: &str) -> Result<String, Complaint> {
    let clean = plain::fold(&plain::line(text));
    if clean.is_empty() {
        return Ok(clean);
    }
    let same = |c: &&Choice| c.code == clean || c.label.zh == clean || c.label.en.eq_ignore_ascii_case(&clean);
    let starts = |c: &&Choice| c.label.zh.starts_with(&clean);
    let mut hits = list.iter().filter(starts);
    let only = hits.next().filter(|_| hits.next().is_none());
    list.iter().find(same).or(only).map(|c| c.code.to_owned()).ok_or_else(|| {
        let zh: Vec<_> = list.iter().map(|c| c.label.zh).collect();
        let en: Vec<_> = list.iter().map(|c| c.label.en).collect();
        Complaint::new(
            format!("没有「{clean}」，可选：{}（F4 选）", zh.join(" ")),
            format!("No such choice \"{clean}\"; one of: {} (F4)", en.join(", ")),
        )
    })
}

/// A date, canonical `1972-02-04`; empty is none.
///
/// # Errors
/// What [`dates::parse`] refuses.
pub fn date(text: &str) -> Result<Option<NaiveDate>, Complaint> {
    let clean = plain::line(text);
    if clean.is_empty() { Ok(None) } else { dates::parse(&clean).map(Some) }
}

/// The canonical text of a date.
pub fn date_text(date: Option<NaiveDate>) -> String {
    date.map(|d| d.to_string()).unwrap_or_default()
}

/// A lunar day; empty is none.
///
/// # Errors
/// What [`LunarDay::parse`] refuses.
pub fn lunar(text: &str) -> Result<Option<LunarDay>, Complaint> {
    let clean = plain::line(text);
    if clean.is_empty() { Ok(None) } else { LunarDay::parse(&clean).map(Some) }
}

/// A date that cannot lie ahead: birth, opening, assessment.
///
/// # Errors
/// When it is after today or before 1900.
pub fn past(text: &str, today: NaiveDate) -> Result<Option<NaiveDate>, Complaint> {
    let found = date(text)?;
    match found {
        Some(d) if d > today => Err(Complaint::new(
            format!("{d} 还没到（今天 {today}），请核对年份"),
            format!("{d} is in the future (today is {today}); check the year"),
        )),
        Some(d) if chrono::Datelike::year(&d) < 1900 => {
            Err(Complaint::new(format!("{d} 早于 1900 年，请核对"), format!("{d} is before 1900; please check")))
        }
        other => Ok(other),
    }
}

/// A whole number within a range; empty is none.
///
/// # Errors
/// When it is no number or out of range.
pub fn number(text: &str, from: i64, to: i64) -> Result<Option<i64>, Complaint> {
    let clean = plain::fold(&plain::line(text));
    if clean.is_empty() {
        return Ok(None);
    }
    clean.parse::<i64>().ok().filter(|n| (from..=to).contains(n)).map(Some).ok_or_else(|| {
        Complaint::new(
            format!("请填 {from} 到 {to} 之间的整数"),
            format!("Please enter a whole number from {from} to {to}"),
        )
    })
}

/// A colleague by row id, code or name; empty is none.
///
/// # Errors
/// When nobody active is called so.
pub fn colleague(text: &str, ctx: Ctx<'_>) -> Result<Option<StaffId>, Complaint> {
    let clean = plain::line(text);
    if clean.is_empty() {
        return Ok(None);
    }
    let by_id = clean.parse().ok();
    ctx.staff
        .iter()
        .find(|s| Some(s.id.0) == by_id || (s.active && (s.code.eq_ignore_ascii_case(&clean) || s.name == clean)))
        .map(|s| Some(s.id))
        .ok_or_else(|| {
            Complaint::new(
                format!("没有叫「{clean}」的在岗同事，按 F4 选"),
                format!("No active colleague \"{clean}\"; press F4 to choose"),
            )
        })
}

macro_rules! plain_lines {
    ($($read:ident $write:ident $member:ident $max:literal)*) => {$(
        pub(super) fn $read(c: &Customer, _: &'static str) -> String {
            c.$member.clone()
        }
        pub(super) fn $write(c: &mut Customer, _: &'static str, text: &str, _: Ctx<'_>) -> Written {
            c.$member = line(text, $max)?;
            Ok(())
        }
    )*};
}

plain_lines! {
    address address_w address 120
    area area_w area 20
    opened_at opened_at_w opened_at 40
}

pub(super) fn name(c: &Customer, _: &'static str) -> String {
    c.name.clone()
}

pub(super) fn name_w(c: &mut Customer, _: &'static str, text: &str, _: Ctx<'_>) -> Written {
    let clean = line(text, 40)?;
    if clean.is_empty() {
        return Err(Complaint::new("姓名不能空", "A name is needed"));
    }
    // Names stand unmasked everywhere; a number typed into the wrong field must not. Firms may have a few digits.
    if clean.chars().filter(char::is_ascii_digit).count() >= 6 {
        return Err(Complaint::new(
            "姓名里像是填了号码，请填姓名，号码填到证件号或手机",
            "The name looks like a number; type the name here and the number into its own field",
        ));
    }
    c.name = clean;
    Ok(())
}

pub(super) fn no(c: &Customer, _: &'static str) -> String {
    c.no.clone()
}

pub(super) fn fixed(_: &mut Customer, _: &'static str, _: &str, _: Ctx<'_>) -> Written {
    Err(Complaint::new("此项由系统给出，不能改", "This is set by the system and cannot be typed"))
}

pub(super) fn sort(c: &Customer, _: &'static str) -> String {
    match c.sort {
        Sort::Person => "person",
        Sort::Business => "business",
        Sort::Prospect => "prospect",
    }
    .to_owned()
}

pub(super) fn sort_w(c: &mut Customer, _: &'static str, text: &str, _: Ctx<'_>) -> Written {
    c.sort = match pick(super::choices::SORT, text)?.as_str() {
        "business" => Sort::Business,
        "prospect" => Sort::Prospect,
        _ => Sort::Person,
    };
    Ok(())
}

pub(super) fn sex(c: &Customer, _: &'static str) -> String {
    c.sex.map(|s| s.code().to_owned()).unwrap_or_default()
}

pub(super) fn sex_w(c: &mut Customer, _: &'static str, text: &str, _: Ctx<'_>) -> Written {
    c.sex = match pick(super::choices::SEX, text)?.as_str() {
        "male" => Some(Sex::Male),
        "female" => Some(Sex::Female),
        _ => None,
    };
    Ok(())
}

pub(super) fn birth(c: &Customer, _: &'static str) -> String {
    date_text(c.birth)
}

pub(super) fn birth_w(c: &mut Customer, _: &'static str, text: &str, ctx: Ctx<'_>) -> Written {
    let new = past(text, ctx.today)?;
    // The lunar day follows the solar date unless somebody typed another one.
    if c.lunar.is_none() || c.lunar == c.birth.and_then(LunarDay::of) {
        c.lunar = new.and_then(LunarDay::of);
    }
    c.birth = new;
    Ok(())
}

pub(super) fn lunar_day(c: &Customer, _: &'static str) -> String {
    c.lunar.map(LunarDay::text).unwrap_or_default()
}

pub(super) fn lunar_day_w(c: &mut Customer, _: &'static str, text: &str, _: Ctx<'_>) -> Written {
    c.lunar = lunar(text)?;
    Ok(())
}

pub(super) fn keeps(c: &Customer, _: &'static str) -> String {
    match c.keeps {
        Keeps::Solar => "solar",
        Keeps::Lunar => "lunar",
    }
    .to_owned()
}

pub(super) fn keeps_w(c: &mut Customer, _: &'static str, text: &str, _: Ctx<'_>) -> Written {
    c.keeps = if pick(super::choices::KEEPS, text)? == "lunar" { Keeps::Lunar } else { Keeps::Solar };
    Ok(())
}

pub(super) fn document_kind(c: &Customer, _: &'static str) -> String {
    c.document.as_ref().map(|d| d.kind.code().to_owned()).unwrap_or_default()
}

pub(super) fn document_kind_w(c: &mut Customer, _: &'static str, text: &str, ctx: Ctx<'_>) -> Written {
    let code = pick(super::DOCUMENT, text)?;
    if let (Some(d), Some(kind)) = (&c.document, DocumentKind::parse(&code)) {
        c.document = Some(Document::parse(Some(kind), &d.number, ctx.today)?);
    }
    Ok(())
}

pub(super) fn document(c: &Customer, _: &'static str) -> String {
    c.document_number().to_owned()
}

pub(super) fn document_w(c: &mut Customer, _: &'static str, text: &str, ctx: Ctx<'_>) -> Written {
    let clean = plain::line(text);
    if clean.is_empty() {
        c.document = None;
        return Ok(());
    }
    let kind = c.document.as_ref().map(|d| d.kind).filter(|k| *k != DocumentKind::IdCard);
    let new = Document::parse(kind, &clean, ctx.today)?;
    // An ID card says birthday and sex; what somebody typed before stays.
    if let (None, Some(b)) = (c.birth, new.birth()) {
        c.birth = Some(b);
        c.lunar = c.lunar.or_else(|| LunarDay::of(b));
    }
    c.sex = c.sex.or_else(|| new.sex());
    c.document = Some(new);
    Ok(())
}

fn phone_text(text: &str) -> Result<String, Complaint> {
    let clean = plain::line(text);
    if clean.is_empty() {
        return Ok(clean);
    }
    Phone::of_customer(&clean).map(|p| p.digits)
}

pub(super) fn phone(c: &Customer, _: &'static str) -> String {
    c.phone.clone()
}

pub(super) fn phone_w(c: &mut Customer, _: &'static str, text: &str, _: Ctx<'_>) -> Written {
    c.phone = phone_text(text)?;
    Ok(())
}

pub(super) fn phone2(c: &Customer, _: &'static str) -> String {
    c.phone2.clone()
}

pub(super) fn phone2_w(c: &mut Customer, _: &'static str, text: &str, _: Ctx<'_>) -> Written {
    c.phone2 = phone_text(text)?;
    Ok(())
}

fn staff_text(id: Option<StaffId>) -> String {
    id.map(|s| s.0.to_string()).unwrap_or_default()
}

pub(super) fn owner(c: &Customer, _: &'static str) -> String {
    staff_text(c.owner)
}

pub(super) fn owner_w(c: &mut Customer, _: &'static str, text: &str, ctx: Ctx<'_>) -> Written {
    c.owner = colleague(text, ctx)?;
    Ok(())
}

pub(super) fn assistant(c: &Customer, _: &'static str) -> String {
    staff_text(c.assistant)
}

pub(super) fn assistant_w(c: &mut Customer, _: &'static str, text: &str, ctx: Ctx<'_>) -> Written {
    c.assistant = colleague(text, ctx)?;
    Ok(())
}

pub(super) fn estimate(c: &Customer, _: &'static str) -> String {
    c.estimate.map(Fen::plain).unwrap_or_default()
}

pub(super) fn estimate_w(c: &mut Customer, _: &'static str, text: &str, _: Ctx<'_>) -> Written {
    let clean = plain::line(text);
    c.estimate = if clean.is_empty() {
        None
    } else {
        // "31万" is how people say it; a plain number is yuan.
        let sum =
            if clean.contains(['万', '亿', 'w', 'W']) { Fen::parse_wan(&clean)? } else { Fen::parse_yuan(&clean)? };
        if sum.0 < 0 {
            return Err(Complaint::new("资产估计不能为负", "An estimate cannot be negative"));
        }
        Some(sum)
    };
    Ok(())
}

pub(super) fn cadence(c: &Customer, _: &'static str) -> String {
    c.cadence.map(|d| d.to_string()).unwrap_or_default()
}

pub(super) fn cadence_w(c: &mut Customer, _: &'static str, text: &str, _: Ctx<'_>) -> Written {
    c.cadence = number(text, 1, 730)?.and_then(|n| u16::try_from(n).ok());
    Ok(())
}

pub(super) fn opened(c: &Customer, _: &'static str) -> String {
    date_text(c.opened)
}

pub(super) fn opened_w(c: &mut Customer, _: &'static str, text: &str, ctx: Ctx<'_>) -> Written {
    c.opened = past(text, ctx.today)?;
    Ok(())
}

pub(super) fn verified(c: &Customer, _: &'static str) -> String {
    date_text(c.verified)
}

pub(super) fn verified_w(c: &mut Customer, _: &'static str, text: &str, ctx: Ctx<'_>) -> Written {
    c.verified = past(text, ctx.today)?;
    Ok(())
}

/// The canonical text of a field without a rule of its own.
pub fn note_read(c: &Customer, code: &'static str) -> String {
    c.notes.get(code).cloned().unwrap_or_default()
}

/// Checks typed text by the field's kind and keeps it.
pub(super) fn note_write(c: &mut Customer, code: &'static str, text: &str, ctx: Ctx<'_>) -> Written {
    use crate::domain::field::Kind;
    let Some(field) = super::field_by(code) else {
        return fixed(c, code, text, ctx);
    };
    let value = match field.kind {
        Kind::Line(max) => line(text, max)?,
        Kind::Note(max) => {
            let clean = plain::note(text);
            let n = clean.chars().count();
            if n > max {
                return Err(Complaint::new(
                    format!("太长：{n} 个字，最多 {max} 个，请缩短"),
                    format!("Too long: {n} characters, at most {max}; please shorten"),
                ));
            }
            clean
        }
        Kind::Number(from, to) => number(text, from, to)?.map(|n| n.to_string()).unwrap_or_default(),
        Kind::Date => date_text(date(text)?),
        Kind::LunarDay => lunar(text)?.map(LunarDay::text).unwrap_or_default(),
        Kind::Money => {
            let clean = plain::line(text);
            if clean.is_empty() { clean } else { Fen::parse_yuan(&clean)?.plain() }
        }
        Kind::Pick(list) => pick(list, text)?,
        Kind::Staff => staff_text(colleague(text, ctx)?),
        Kind::Phone => phone_text(text)?,
        Kind::Document | Kind::Customer => plain::line(text),
        Kind::Fixed => return fixed(c, code, text, ctx),
    };
    if value.is_empty() {
        c.notes.remove(code);
    } else {
        c.notes.insert(code.to_owned(), value);
    }
    Ok(())
}

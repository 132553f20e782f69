//! The small records that only a sheet holds before they become an ask: own tasks, tier holds, reasons; and their fields.

pub mod goals;
pub mod trial;

use crate::domain::archive::parts::{linked, linked_text};
use crate::domain::archive::typed::{colleague, date, date_text, line, pick};
use crate::domain::calendar::repeat::Repeat;
use crate::domain::field::{Choice, Ctx, Field, Kind};
use crate::domain::ids::{CustomerId, StaffId, TaskId};
use crate::domain::text::{Complaint, Lang, t};
use crate::domain::tier::Tier;
use chrono::NaiveDate;

/// A task as its sheet holds it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TaskDraft {
    /// The task changed, and the rev it was read at.
    pub row: Option<(TaskId, i64)>,
    /// What is to be done.
    pub text: String,
    /// When.
    pub due: Option<NaiveDate>,
    /// How it comes again.
    pub repeat: Repeat,
    /// About whom.
    pub customer: Option<CustomerId>,
}

/// A tier hold as its sheet holds it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct HoldDraft {
    /// The tier; none lifts the hold.
    pub tier: Option<Tier>,
    /// The last day it holds.
    pub until: Option<NaiveDate>,
    /// Why.
    pub reason: String,
}

/// A reason, with a colleague or a day where one is needed.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct WhyDraft {
    /// To whom.
    pub to: Option<StaffId>,
    /// Until when.
    pub until: Option<NaiveDate>,
    /// Why.
    pub reason: String,
}

/// Standing in for somebody, as its sheet holds it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct DelegateDraft {
    /// Who is away.
    pub staff: Option<StaffId>,
    /// Who stands in.
    pub to: Option<StaffId>,
    /// The first day.
    pub from: Option<NaiveDate>,
    /// The last day.
    pub until: Option<NaiveDate>,
    /// Why.
    pub reason: String,
}

/// A day that lies ahead.
fn ahead(text: &str, ctx: Ctx<'_>) -> Result<Option<NaiveDate>, Complaint> {
    // "7" and "7d" mean in seven days: shorter than a date.
    let clean = crate::domain::values::plain::fold(&crate::domain::values::plain::line(text));
    let days = clean.trim_end_matches(['d', 'D', '天']);
    if days.len() <= 3
        && let Ok(n) = days.parse::<u64>()
    {
        return Ok(ctx.today.checked_add_days(chrono::Days::new(n)));
    }
    match date(text)? {
        Some(d) if d < ctx.today => Err(Complaint::new(
            format!("{d} 已经过去，请填今天或以后的日期（也可填天数，如 7）"),
            format!("{d} is past; enter today or later (or a number of days, such as 7)"),
        )),
        other => Ok(other),
    }
}

fn reason(text: &str) -> Result<String, Complaint> {
    let clean = line(text, 80)?;
    if clean.is_empty() {
        return Err(Complaint::new("请写一句理由，同事看得到", "Please give a reason; colleagues will see it"));
    }
    Ok(clean)
}

/// The fields of a reason.
pub static WHY: &[Field<WhyDraft>] = &[
    Field::new(
        "to",
        t("交给", "To"),
        Kind::Staff,
        |w, _| w.to.map(|s| s.0.to_string()).unwrap_or_default(),
        |w, _, s, ctx| {
            w.to = colleague(s, ctx)?;
            Ok(())
        },
    ),
    Field::new(
        "until",
        t("推迟到", "Until"),
        Kind::Date,
        |w, _| date_text(w.until),
        |w, _, s, ctx| {
            w.until = ahead(s, ctx)?;
            Ok(())
        },
    ),
    Field::new(
        "evidence",
        t("依据", "Evidence"),
        Kind::Line(80),
        |w, _| w.reason.clone(),
        |w, _, s, _| {
            w.reason = reason(s)?;
            Ok(())
        },
    ),
    Field::new(
        "reason",
        t("理由", "Reason"),
        Kind::Line(80),
        |w, _| w.reason.clone(),
        |w, _, s, _| {
            w.reason = reason(s)?;
            Ok(())
        },
    ),
];

/// Tiers, as a pick list.
pub static TIERS: &[Choice] = &[
    Choice { code: "untiered", label: Tier::Untiered.label() },
    Choice { code: "small", label: Tier::Small.label() },
    Choice { code: "ordinary", label: Tier::Ordinary.label() },
    Choice { code: "potential", label: Tier::Potential.label() },
    Choice { code: "vip", label: Tier::Vip.label() },
    Choice { code: "big", label: Tier::Big.label() },
];

/// The fields of a tier hold.
pub static HOLD: &[Field<HoldDraft>] = &[
    Field::new(
        "tier",
        t("级别", "Tier"),
        Kind::Pick(TIERS),
        |h, _| h.tier.map(|x| x.code().to_owned()).unwrap_or_default(),
        |h, _, s, _| {
            h.tier = Tier::parse(&pick(TIERS, s)?);
            Ok(())
        },
    ),
    Field::new(
        "until",
        t("到期日", "Until"),
        Kind::Date,
        |h, _| date_text(h.until),
        |h, _, s, ctx| {
            h.until = ahead(s, ctx)?;
            Ok(())
        },
    ),
    Field::new(
        "reason",
        t("理由", "Reason"),
        Kind::Line(80),
        |h, _| h.reason.clone(),
        |h, _, s, _| {
            h.reason = reason(s)?;
            Ok(())
        },
    ),
];

/// The fields of a task of one's own.
pub static TASK: &[Field<TaskDraft>] = &[
    Field::new(
        "customer",
        t("客户", "Customer"),
        Kind::Customer,
        |d, _| linked_text(d.customer),
        |d, _, s, _| {
            d.customer = linked(s)?;
            Ok(())
        },
    ),
    Field::new(
        "text",
        t("事由", "What"),
        Kind::Line(80),
        |d, _| d.text.clone(),
        |d, _, s, _| {
            let clean = line(s, 80)?;
            if clean.is_empty() {
                return Err(Complaint::new("请写要办什么", "Say what is to be done"));
            }
            d.text = clean;
            Ok(())
        },
    ),
    Field::new(
        "due",
        t("日期", "Date"),
        Kind::Date,
        |d, _| date_text(d.due),
        |d, _, s, ctx| {
            d.due = ahead(s, ctx)?;
            Ok(())
        },
    ),
    Field::new(
        "repeat",
        t("重复", "Repeats"),
        Kind::Line(20),
        |d, _| if d.repeat == Repeat::Once { String::new() } else { d.repeat.label(Lang::Zh) },
        |d, _, s, _| {
            let clean = line(s, 20)?;
            d.repeat = if clean.is_empty() { Repeat::Once } else { Repeat::parse(&clean)? };
            Ok(())
        },
    ),
];

/// The fields of standing in for somebody.
pub static DELEGATE: &[Field<DelegateDraft>] = &[
    Field::new(
        "staff",
        t("不在岗", "Away"),
        Kind::Staff,
        |d, _| d.staff.map(|s| s.0.to_string()).unwrap_or_default(),
        |d, _, s, ctx| {
            d.staff = colleague(s, ctx)?;
            Ok(())
        },
    ),
    Field::new(
        "to",
        t("代理人", "Stands in"),
        Kind::Staff,
        |d, _| d.to.map(|s| s.0.to_string()).unwrap_or_default(),
        |d, _, s, ctx| {
            d.to = colleague(s, ctx)?;
            Ok(())
        },
    ),
    Field::new(
        "from",
        t("从", "From"),
        Kind::Date,
        |d, _| date_text(d.from),
        |d, _, s, ctx| {
            d.from = ahead(s, ctx)?;
            Ok(())
        },
    ),
    Field::new(
        "until",
        t("到", "To"),
        Kind::Date,
        |d, _| date_text(d.until),
        |d, _, s, ctx| {
            d.until = ahead(s, ctx)?;
            Ok(())
        },
    ),
    Field::new(
        "reason",
        t("理由", "Reason"),
        Kind::Line(80),
        |d, _| d.reason.clone(),
        |d, _, s, _| {
            d.reason = reason(s)?;
            Ok(())
        },
    ),
];

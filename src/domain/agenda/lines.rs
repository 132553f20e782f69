//! From facts to lines: what makes a line of the queue, when it is due, until when it stays, what a mark does to it. The facts are
//! fetched by the store, which asks the same rules which days to look for.

use super::key::{Key, Matter};
use super::{Checked, Detail, FamilyEvent, Item, LastContact, Maturity, Repayment, Source, Task, Transfer, Who};
use crate::domain::calendar::ages::nominal_age;
use crate::domain::calendar::lunar::{Lunar, LunarDay};
use crate::domain::calendar::yearly::{self, Yearly, keys_on, turns};
use crate::domain::customer::Keeps;
use crate::domain::dealings::due::Stay;
use crate::domain::dealings::watch::Signal;
use crate::domain::family::{Member, Occasion, Part};
use crate::domain::ids::{PartId, StaffId};
use crate::domain::settings::Settings;
use crate::domain::subject::Case;
use crate::domain::tier::Tier;
use chrono::{Datelike, Days, NaiveDate};
use std::collections::BTreeMap;

/// Days for which a missed birthday or yearly occasion stays, overdue; a greeting later than a week is worse than none, so it drops
/// then. Everything else stays until it is done.
pub const GREETING_DAYS: u64 = 7;

/// The days a queue looks at, and which yearly dates fall on them.
#[derive(Debug, Clone)]
pub struct Frame {
    /// Today.
    pub today: NaiveDate,
    /// The last day whose lines are wanted.
    pub until: NaiveDate,
    /// Days ahead that a birthday shows: without tier, then by tier.
    ahead: [u16; 7],
    /// Every day from the first greeting still worth saying to the last one worth preparing.
    pub days: Vec<(NaiveDate, Vec<yearly::Key>)>,
    falls: BTreeMap<yearly::Key, Vec<NaiveDate>>,
}

impl Frame {
    /// The frame of a queue on `today` that looks as far as `until`. No greeting was missed before the file was begun.
    pub fn new(today: NaiveDate, until: NaiveDate, began: NaiveDate, settings: &Settings) -> Frame {
        let first = today.checked_sub_days(Days::new(GREETING_DAYS)).unwrap_or(today).max(began.min(today));
        let last = today.checked_add_days(Days::new(settings.ahead_most().into())).unwrap_or(today).max(until);
        Frame::between(first, last, today, until, settings)
    }

    /// The frame of a span of days, whatever today is.
    pub fn between(
        first: NaiveDate,
        last: NaiveDate,
        today: NaiveDate,
        until: NaiveDate,
        settings: &Settings,
    ) -> Frame {
        let days: Vec<_> =
            first.iter_days().take_while(|d| *d <= last).map(|d| (d, keys_on(d, settings.leap))).collect();
        let mut falls: BTreeMap<yearly::Key, Vec<NaiveDate>> = BTreeMap::new();
        for (day, keys) in &days {
            for key in keys {
                falls.entry(*key).or_default().push(*day);
            }
        }
        let mut ahead = [settings.ahead(None); 7];
        for (slot, tier) in ahead.iter_mut().skip(1).zip(Tier::ALL) {
            *slot = settings.ahead(Some(tier));
        }
        Frame { today, until, ahead, days, falls }
    }

    /// Whether a yearly day of a customer of this tier shows: within its days ahead, and not longer past than a greeting is worth.
    pub fn shows(&self, day: NaiveDate, tier: Option<Tier>) -> bool {
        let away = (day - self.today).num_days();
        let ahead = self.ahead.get(tier.map_or(0, |t| t.rank() + 1)).copied().unwrap_or_default();
        away >= -(GREETING_DAYS.cast_signed()) && (day <= self.until || away <= i64::from(ahead))
    }

    /// The lowest tier rank (-1 for none) for which a day may show at all.
    pub fn lowest(&self, day: NaiveDate) -> i64 {
        let away = (day - self.today).num_days();
        if day <= self.until || away <= 0 {
            return -1;
        }
        let first = self.ahead.iter().position(|a| i64::from(*a) >= away);
        first.and_then(|i| i64::try_from(i).ok()).map_or(i64::MAX, |i| i - 1)
    }

    fn falls(&self, on: Yearly) -> impl Iterator<Item = NaiveDate> + '_ {
        self.falls.get(&on.key()).into_iter().flatten().copied()
    }
}

/// The birthday that is kept: the lunar one where that is kept, or the only one known.
pub fn kept(birth: Option<NaiveDate>, lunar: Option<LunarDay>, keeps: Keeps) -> Option<Yearly> {
    match (birth, lunar, keeps) {
        (_, Some(lunar), Keeps::Lunar) | (None, Some(lunar), Keeps::Solar) => Some(Yearly::Lunar(lunar)),
        (Some(birth), _, _) => Some(Yearly::solar(birth)),
        (None, None, _) => None,
    }
}

/// 生日: the birthday kept, n days ahead by tier, a week overdue.
pub fn birthdays(
    who: &Who,
    birth: Option<NaiveDate>,
    lunar: Option<LunarDay>,
    keeps: Keeps,
    frame: &Frame,
) -> Vec<Item> {
    let Some(on) = kept(birth, lunar, keeps) else { return Vec::new() };
    let line = |day: NaiveDate| {
        let detail = Detail::Birthday {
            on,
            lunar: LunarDay::of(day)?,
            age: birth.map(|b| turns(b, on, day)),
            nominal: birth.map(|b| nominal_age(b, day)),
        };
        Some(item(Key::new(Source::Birthday, who.id.0, day), who, day, detail))
    };
    frame.falls(on).filter(|d| frame.shows(*d, who.tier)).filter_map(line).collect()
}

/// A day on which a part of an archive makes a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum When {
    /// Every year.
    Yearly(Yearly),
    /// Once; the line shows from this first of a month to its end.
    Month(NaiveDate, Matter),
}

/// The days on which a part makes lines. School begins in September and is spoken of in August; exams are in June.
pub fn when(part: &Part) -> Vec<When> {
    let month = |year: Option<i32>, month: u32, matter: Matter| {
        year.and_then(|y| NaiveDate::from_ymd_opt(y, month, 1)).map(|first| When::Month(first, matter))
    };
    match part {
        Part::Member(m) => [
            kept(m.birth, m.lunar, m.keeps).map(When::Yearly),
            month(m.school_year, 8, Matter::School),
            month(m.exam_year, 6, Matter::Exam),
        ]
        .into_iter()
        .flatten()
        .collect(),
        Part::Occasion(o) => o.on.map(When::Yearly).into_iter().collect(),
        Part::Link(_) | Part::Remark(_) | Part::Entitlement(_) => Vec::new(),
    }
}

/// Whether a matter of the month that begins on `first` shows.
pub fn month_shows(first: NaiveDate, frame: &Frame) -> bool {
    let over = (first.year(), first.month()) < (frame.today.year(), frame.today.month());
    !over && first <= frame.until
}

/// 家事: birthdays of the family, school, exams, yearly occasions.
pub fn family(who: &Who, id: PartId, part: &Part, frame: &Frame) -> Vec<Item> {
    let mut lines = Vec::new();
    for day in when(part) {
        match day {
            When::Yearly(on) => {
                for d in frame.falls(on).filter(|d| frame.shows(*d, who.tier)) {
                    let key = Key::new(Source::Family, id.0, d);
                    lines.extend(family_detail(part, Some((on, d)), Matter::Plain).map(|x| item(key, who, d, x)));
                }
            }
            When::Month(first, matter) if month_shows(first, frame) => {
                let key = Key { matter, ..Key::new(Source::Family, id.0, first) };
                lines.extend(family_detail(part, None, matter).map(|x| item(key, who, first, x)));
            }
            When::Month(..) => {}
        }
    }
    lines
}

fn family_detail(part: &Part, day: Option<(Yearly, NaiveDate)>, matter: Matter) -> Option<Detail> {
    let (who, relation, event) = match (part, matter) {
        (Part::Member(Member { name, relation, birth, .. }), Matter::Plain) => {
            let age = day.zip(*birth).map(|((on, d), birth)| turns(birth, on, d));
            (name, relation.as_str(), FamilyEvent::Birthday { age })
        }
        (Part::Member(Member { name, relation, .. }), Matter::School) => (name, relation.as_str(), FamilyEvent::School),
        (Part::Member(Member { name, relation, .. }), Matter::Exam) => (name, relation.as_str(), FamilyEvent::Exam),
        (Part::Occasion(Occasion { label, since, .. }), _) => {
            let year = day.map(|(on, d)| match on {
                Yearly::Solar { .. } => d.year(),
                Yearly::Lunar(_) => Lunar::of(d).map_or(d.year(), |l| l.year),
            });
            let years = year.zip(*since).and_then(|(now, since)| u16::try_from(now - since).ok());
            (label, "", FamilyEvent::Yearly { years })
        }
        (Part::Link(_) | Part::Remark(_) | Part::Entitlement(_), _)
        | (Part::Member(_), Matter::Contract(_) | Matter::Second) => return None,
    };
    Some(Detail::Family { who: who.clone(), relation: relation.to_owned(), event })
}

/// 拜访: due on `due`, standing for the day that its clock gave; it stays until done.
pub fn visit(
    who: &Who,
    due: NaiveDate,
    stands_for: NaiveDate,
    last: Option<LastContact>,
    tries: u32,
    frame: &Frame,
) -> Option<Item> {
    let key = Key::new(Source::Visit, who.id.0, stands_for);
    (due <= frame.until).then(|| item(key, who, due, Detail::Visit { last, tries }))
}

/// 补录: fields missing. It stands for its month, so that what was given up comes back with the next one; it is due today, every day.
pub fn missing(who: &Who, fields: Vec<String>, collector: Option<StaffId>, today: NaiveDate) -> Option<Item> {
    let key = Key::new(Source::Missing, who.id.0, month_of(today));
    (!fields.is_empty()).then(|| Item { owner: collector, ..item(key, who, today, Detail::Missing(fields)) })
}

/// The first day of the month.
pub fn month_of(day: NaiveDate) -> NaiveDate {
    day.with_day(1).unwrap_or(day)
}

/// 自办: a task of one's own, about somebody or nobody.
pub fn own(task: &Task, stands_for: NaiveDate, who: Option<Who>) -> Item {
    Item {
        key: Key::new(Source::Own, task.id.0, stands_for).to_string(),
        source: Source::Own,
        who,
        owner: Some(task.owner),
        due: task.due,
        detail: Detail::Own { task: task.id, rev: task.rev, text: task.text.clone(), repeat: task.repeat },
    }
}

/// 转介: handed over by a colleague on `day`.
pub fn hand_over(
    row: i64,
    who: &Who,
    from: StaffId,
    to: StaffId,
    reason: String,
    day: NaiveDate,
    due: NaiveDate,
) -> Item {
    let key = Key::new(Source::HandOver, row, day);
    Item { owner: Some(to), ..item(key, who, due, Detail::HandOver { from, reason }) }
}

/// 移交: a customer changes hands, proposed on `day`; whose line it is depends on who looks.
pub fn transfer(who: &Who, owner: StaffId, transfer: Transfer, day: NaiveDate, due: NaiveDate) -> Item {
    let key = Key::new(Source::HandOver, transfer.row, day);
    Item { owner: Some(owner), ..item(key, who, due, Detail::Transfer(transfer)) }
}

/// 资金, 预警, 挽回: what the figures of a data date say, to be looked at on `due`.
pub fn signal(key: Key, who: &Who, signal: Signal, due: NaiveDate, checked: Option<Checked>) -> Item {
    item(key, who, due, Detail::Signal { signal, as_of: key.day, checked })
}

/// 到期 of a contract.
pub fn maturity(who: &Who, m: Maturity, due: NaiveDate) -> Item {
    let key = Key { matter: Matter::of(&m.contract), ..Key::new(Source::Maturity, who.id.0, m.on) };
    item(key, who, due, Detail::Maturity(m))
}

/// 还款 of a loan.
pub fn repayment(who: &Who, r: Repayment, due: NaiveDate) -> Item {
    let key = Key { matter: Matter::of(&r.no), ..Key::new(Source::Repayment, who.id.0, r.on) };
    item(key, who, due, Detail::Repayment(r))
}

/// The first line of a request, on which it is found out who asks, and the second, on which it is answered.
pub fn request_keys(case: &Case) -> [Key; 2] {
    let first = Key::new(Source::Request, case.id, case.day);
    [first, Key { matter: Matter::Second, ..first }]
}

/// 请求: what a customer asks of their data.
pub fn request(key: Key, who: &Who, case: Case, due: NaiveDate) -> Item {
    item(key, who, due, Detail::Request(case))
}

fn item(key: Key, who: &Who, due: NaiveDate, detail: Detail) -> Item {
    Item { key: key.to_string(), source: key.source, who: Some(who.clone()), owner: who.owner, due, detail }
}

/// What is known of a line beside its facts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Marked {
    /// Done or cancelled.
    pub closed: bool,
    /// Snoozed, or to be tried again.
    pub until: Option<NaiveDate>,
    /// Handed on.
    pub handed_to: Option<StaffId>,
    /// The day of the mark.
    pub on: Option<NaiveDate>,
    /// Cancelled, which closes a line for good.
    pub cancelled: bool,
    /// What became of a matured contract.
    pub stay: Option<Stay>,
}

impl Marked {
    /// Whether a line that comes back with each reminder is over: given up, or it is known what becomes of the contract.
    pub fn over(self) -> bool {
        self.cancelled || (self.closed && self.stay.is_some())
    }

    /// The day a line that comes back was dealt with last.
    pub fn done_on(self) -> Option<NaiveDate> {
        self.on.filter(|_| self.closed)
    }

    /// When a line that came back is due under this mark, and whose it is.
    pub fn again(self, due: NaiveDate, owner: Option<StaffId>) -> (NaiveDate, Option<StaffId>) {
        (self.until.map_or(due, |u| u.max(due)), self.handed_to.or(owner))
    }

    /// When a line is due under this mark, and whose it is; `None` when it is closed.
    pub fn on(self, due: NaiveDate, owner: Option<StaffId>) -> Option<(NaiveDate, Option<StaffId>)> {
        (!self.closed).then(|| (self.until.map_or(due, |u| u.max(due)), self.handed_to.or(owner)))
    }
}

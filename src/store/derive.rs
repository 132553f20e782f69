//! Everything that is stored although it follows from something else, derived in this one place by the rules of the domain: tier,
//! stage, next visit, birthday keys, gaps, completeness. How it is written to the table is in `table`.

use super::branch::Branch;
use crate::domain::agenda::lines::kept;
use crate::domain::archive;
use crate::domain::calendar::yearly::Yearly;
use crate::domain::customer::{Customer, Sort};
use crate::domain::field::{Field, Need};
use crate::domain::ids::StaffId;
use crate::domain::lifecycle::Stage;
use crate::domain::tier::{Basis, Move, State, Tier, Why};
use crate::domain::values::money::Fen;
use crate::index::row::Gap;
use chrono::{Datelike, Days, NaiveDate};
use std::sync::OnceLock;

/// What follows from the archive alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Own {
    /// month*100+day of the solar birthday, 0 when unknown.
    pub solar: u16,
    /// The same of the lunar one, plus 2000 in a leap month.
    pub lunar: u16,
    /// The lunar birthday is the one kept, and known.
    pub keeps_lunar: bool,
    /// [`Gap`] bits without the one of figures.
    pub gaps: u8,
    /// Required fields missing: eight bits for no tier, then for each tier.
    pub missing: i64,
}

/// Derives what follows from the archive alone.
pub fn own(c: &Customer) -> Own {
    let lunar = c.lunar.map_or(0, |l| l.key());
    let mut gaps = 0;
    for (gap, there) in [
        (Gap::Phone, !c.phone.is_empty() || !c.phone2.is_empty()),
        (Gap::Birthday, c.birth.is_some() || c.lunar.is_some()),
        (Gap::Address, !c.address.is_empty()),
        (Gap::Document, c.document.is_some()),
        (Gap::Owner, c.owner.is_some()),
        (Gap::Sex, c.sex.is_some()),
        (Gap::Income, c.notes.get("income").is_some_and(|i| !i.is_empty())),
    ] {
        if !there {
            gaps |= gap.bit();
        }
    }
    Own {
        solar: c.birth.and_then(|b| u16::try_from(b.month() * 100 + b.day()).ok()).unwrap_or_default(),
        lunar,
        keeps_lunar: matches!(kept(c.birth, c.lunar, c.keeps), Some(Yearly::Lunar(_))),
        gaps,
        missing: count(c.sort, |f| f.get(c).is_empty()),
    }
}

/// No tier, then each tier.
const RANKS: [Option<Tier>; 7] = [
    None,
    Some(Tier::Untiered),
    Some(Tier::Small),
    Some(Tier::Ordinary),
    Some(Tier::Potential),
    Some(Tier::Vip),
    Some(Tier::Big),
];

/// A field, and for each sort of customer the tiers that require it: a one in each eight bits of a tier.
type Required = (&'static Field<Customer>, [i64; 3]);

/// The fields that any tier requires.
fn fields() -> &'static [Required] {
    static FIELDS: OnceLock<Vec<Required>> = OnceLock::new();
    let tiers = |f: &Field<Customer>, sort: Sort| -> i64 {
        RANKS.into_iter().enumerate().map(|(i, tier)| i64::from(archive::needed(f, tier, sort)) << (8 * i)).sum()
    };
    FIELDS.get_or_init(|| {
        let some = archive::FIELDS.iter().filter(|f| f.need != Need::Free);
        some.map(|f| (f, [Sort::Person, Sort::Business, Sort::Prospect].map(|sort| tiers(f, sort)))).collect()
    })
}

/// Counts the fields that each tier requires and that `wanted` picks, packed by eight bits a tier.
fn count(sort: Sort, wanted: impl Fn(&Field<Customer>) -> bool) -> i64 {
    let tiers = |sorts: &[i64; 3]| sorts.get(sort as usize).copied().unwrap_or_default();
    fields().iter().filter(|(f, sorts)| tiers(sorts) != 0 && wanted(f)).map(|(_, sorts)| tiers(sorts)).sum()
}

/// The count of one tier in what [`count`] packed.
fn of_tier(packed: i64, tier: Option<Tier>) -> i64 {
    packed >> (8 * tier.map_or(0, |x| x.rank() + 1)) & 0xff
}

/// How many fields each tier requires of each sort of customer.
fn required(sort: Sort, tier: Option<Tier>) -> i64 {
    static COUNTS: OnceLock<[i64; 3]> = OnceLock::new();
    let counts = COUNTS.get_or_init(|| [Sort::Person, Sort::Business, Sort::Prospect].map(|s| count(s, |_| true)));
    of_tier(counts.get(sort as usize).copied().unwrap_or_default(), tier)
}

/// The latest figures, as far as anything is derived from them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Latest {
    /// Their day.
    pub as_of: NaiveDate,
    /// AUM时点
    pub balance: Fen,
    /// AUM月日均
    pub average: Option<Fen>,
}

impl Latest {
    /// Assets by the basis.
    pub fn aum(&self, basis: Basis) -> Fen {
        match basis {
            Basis::MonthlyAverage => self.average.unwrap_or(self.balance),
            Basis::Balance => self.balance,
        }
    }

    /// The data date and the assets by the basis, as the fold of the tiers takes them.
    pub fn point(&self, basis: Basis) -> (NaiveDate, Fen) {
        (self.as_of, self.aum(basis))
    }
}

/// What figures came to a customer since they were settled last.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Came {
    /// None, unless the latest are others: then all there are are looked at.
    #[default]
    None,
    /// Those of one data date, the newest: the tier by rules goes on from where it stood.
    Next,
    /// Of several days or of an earlier one, corrected ones, or some were taken back: it is derived from all there are.
    Any,
}

/// What standing follows from.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Facts {
    /// Person, business or prospect.
    pub sort: Sort,
    /// 开户日
    pub opened: Option<NaiveDate>,
    /// The customer's own days between visits.
    pub cadence: Option<u16>,
    /// 责任人
    pub owner: Option<StaffId>,
    /// The day the archive was begun.
    pub created: NaiveDate,
    /// The tier it is held at, and the last day.
    pub held: Option<(Tier, NaiveDate)>,
    /// The latest figures.
    pub figures: Option<Latest>,
    /// What figures came since it was settled last.
    pub came: Came,
    /// The tier by rules as it stood; none until it was first derived.
    pub reached: Option<State>,
    /// The figures it was derived from.
    pub folded: Option<Latest>,
    /// Was lapsed once.
    pub lapsed: bool,
    /// Day of the last real contact.
    pub last_contact: Option<NaiveDate>,
    /// The next date it agreed.
    pub agreed: Option<NaiveDate>,
    /// Day of the last unanswered try since.
    pub tried: Option<NaiveDate>,
    /// The next date it set.
    pub tried_next: Option<NaiveDate>,
    /// Unanswered tries since the last real contact.
    pub tries: u32,
    /// Day the visit was marked done or cancelled without a contact.
    pub skipped: Option<NaiveDate>,
    /// Snoozed until.
    pub put_off: Option<NaiveDate>,
    /// The colleague the visit was handed to.
    pub handed_to: Option<StaffId>,
    /// [`Own::gaps`].
    pub gaps: u8,
    /// [`Own::missing`].
    pub missing: i64,
    /// The birthday that is kept, as [`super::order::BIRTHDAY`] has it.
    pub birthday: (i32, bool),
    /// What was derived before, as stored.
    pub was: Derived,
}

impl Facts {
    /// A real contact: the clock starts anew, and what was tried, put off or handed on about this visit is over.
    pub fn met(&mut self, on: NaiveDate, agreed: Option<NaiveDate>) {
        self.last_contact = self.last_contact.max(Some(on));
        self.over();
        self.agreed = agreed;
    }

    /// The visit is done or cancelled without a contact: the clock starts anew from that day.
    pub fn skip(&mut self, on: NaiveDate) {
        self.over();
        self.skipped = Some(on);
    }

    /// A try without an answer: it comes back, the clock does not start anew.
    pub fn tried(&mut self, on: NaiveDate, next: Option<NaiveDate>) {
        (self.tried, self.tried_next) = (Some(on), next);
        self.tries += 1;
        self.put_off = None;
    }

    fn over(&mut self) {
        (self.agreed, self.tried, self.tried_next, self.skipped, self.put_off) = (None, None, None, None, None);
        self.tries = 0;
        self.handed_to = None;
    }
}

/// What is derived and stored.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Derived {
    /// Assets by the basis.
    pub aum: Option<Fen>,
    /// Tier in force.
    pub tier: Option<Tier>,
    /// Life-cycle stage.
    pub stage: Option<Stage>,
    /// Was lapsed once, now included.
    pub lapsed: bool,
    /// When the visit is due now.
    pub next_visit: Option<NaiveDate>,
    /// The day that visit stands for.
    pub visit_for: Option<NaiveDate>,
    /// Who makes it.
    pub visitor: Option<StaffId>,
    /// [`Gap`] bits.
    pub gaps: u8,
    /// Required fields missing.
    pub lacking: i64,
    /// 0–100
    pub completeness: i64,
    /// The first day on which tier or stage changes by itself.
    pub stale: Option<NaiveDate>,
    /// The tier by rules, beside the one in force.
    pub reached: Option<State>,
    /// From which tier in force to which it moved, and why; none when it did not.
    pub moved: Option<Move>,
}

/// Derives a customer's standing on `today`. `f.reached` is the tier that the rules make of `f.figures`; in a file of an older program
/// nobody has derived it yet, and until the next figures the lines alone give it.
pub fn standing(f: &Facts, branch: &Branch, today: NaiveDate) -> Derived {
    let s = &branch.settings;
    let aum = f.figures.map(|x| x.aum(s.basis));
    let held = f.held.filter(|(_, until)| *until >= today);
    let by_lines = || f.figures.map(|x| s.rules().lines(x.as_of).tier(x.aum(s.basis)));
    let tier = held.map(|(tier, _)| tier).or(f.reached.map(|r| r.tier)).or_else(by_lines);
    let stage = s.lifecycle.stage(f.opened, aum, f.lapsed, today);
    let (next_visit, visit_for) = visit(f, branch, tier);
    let needed = required(f.sort, tier).max(1);
    let lacking = of_tier(f.missing, tier);
    let turns = |days: i64| f.opened.and_then(|o| o.checked_add_signed(chrono::TimeDelta::try_days(days)?));
    Derived {
        aum,
        tier,
        stage: Some(stage),
        // Without figures nobody knows whether the assets are gone: customers come in before their assets do.
        lapsed: f.lapsed || (stage == Stage::Lapsed && aum.is_some()),
        next_visit,
        visit_for,
        visitor: next_visit.and(f.handed_to.or(f.owner)),
        gaps: f.gaps & !Gap::Figures.bit() | if aum.is_none() { Gap::Figures.bit() } else { 0 },
        lacking,
        completeness: (needed - lacking).max(0) * 100 / needed,
        stale: [
            held.and_then(|(_, until)| until.succ_opt()),
            turns(i64::from(s.lifecycle.first_days) + 1),
            turns(i64::from(s.lifecycle.loyal_years) * 365),
        ]
        .into_iter()
        .flatten()
        .filter(|day| *day > today)
        .min(),
        reached: f.reached,
        moved: None,
    }
}

/// Whether these figures, oldest first, ever had a customer lapsed: each holds until the next.
pub fn replayed_lapse(branch: &Branch, opened: Option<NaiveDate>, figures: &[Latest], today: NaiveDate) -> bool {
    let until = figures.iter().skip(1).map(|f| f.as_of).chain([today]);
    let s = &branch.settings;
    let lapsed = |(f, until): (&Latest, NaiveDate)| {
        s.lifecycle.stage(opened, Some(f.aum(s.basis)), false, until) == Stage::Lapsed
    };
    figures.iter().zip(until).any(lapsed)
}

/// The move from the tier that was in force to the one in `d`: `why` the rules moved it, if they did; else a hold began or ended.
pub fn moved(f: &Facts, d: &Derived, why: Option<(NaiveDate, Why)>, today: NaiveDate) -> Option<Move> {
    if d.tier == f.was.tier {
        return None;
    }
    let ended = f.held.map(|(_, until)| until).filter(|until| *until < today);
    let (day, why) = match (ended, why) {
        (Some(until), _) => (until.succ_opt().unwrap_or(today), Why::HoldEnded { until }),
        (None, Some((day, why))) => (day, why),
        (None, None) => (today, Why::Corrected),
    };
    Some(Move { from: f.was.tier, to: d.tier, day, why })
}

/// When the visit is due, and the day it stands for. Its clock starts at the last real contact, or a visit given up, or the day the
/// archive was begun; it ends on a working day. A date agreed with the customer stands as it is.
fn visit(f: &Facts, branch: &Branch, tier: Option<Tier>) -> (Option<NaiveDate>, Option<NaiveDate>) {
    let later = |from: NaiveDate, days: u16| {
        from.checked_add_days(Days::new(u64::from(days))).map(|d| branch.holidays.working_day_from(d))
    };
    let from = f.last_contact.max(f.skipped).unwrap_or(f.created);
    let clock = || branch.settings.visit_every(tier, f.cadence).and_then(|days| later(from, days));
    let due = f.agreed.or_else(clock);
    let retry = f.tried.and_then(|day| match f.tried_next {
        Some(next) => Some(next),
        // A try before its time does not pull the visit nearer.
        None => later(day, branch.settings.retry_days).max(due),
    });
    let next = retry.or(due).map(|d| f.put_off.map_or(d, |p| p.max(d)));
    (next, due.or(f.tried))
}

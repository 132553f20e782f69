//! The branch of the demo put into a file, through the doors that the program itself uses, so that its change log, tiers and due
//! dates are what they would be in a real branch. What it consists of is said in the other files here.

use super::customers::{Life, TASK_ABOUT};
use super::people::{self, DEFAULT_USER};
use super::rng::Rng;
use super::{BRANCH, Branch, give, talk};
use crate::domain::agenda::{Mark, Scope, Source, Task};
use crate::domain::calendar::repeat::Repeat;
use crate::domain::contact::{Channel, Contact, Outcome};
use crate::domain::family::Part;
use crate::domain::field::Edit;
use crate::domain::ids::{CustomerId, OpId, StaffId, TaskId};
use crate::domain::settings::Settings;
use crate::domain::staff::{Prefs, Staff};
use crate::domain::tier::Tier;
use crate::store::bulk::BatchFile;
use crate::store::open::{File, Station};
use crate::store::refuse::OpenError;
use crate::store::request::{Answer, Ask, Failure, Stamp};
use crate::store::{agenda, contacts, customers, workbench};
use chrono::{Days, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta};
use std::path::Path;

/// The workstation that the demo says it was written on.
const STATION: &str = "演示";

/// Days before the demo's day from which the change log has every contact.
const RECENT: i64 = 7;

/// Products of the extracts, by name.
const PRODUCTS: [(&str, &str); 7] = [
    ("DEP1Y", "一年定期"),
    ("DEP3Y", "三年定期"),
    ("WM180", "理财180天"),
    ("WM365", "理财365天"),
    ("FUND01", "稳健基金"),
    ("INS05", "五年期保险"),
    ("BOND3", "三年期国债"),
];

/// Why a demo file was not made.
#[derive(Debug, thiserror::Error)]
pub enum DemoError {
    /// The file cannot be made.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// It cannot be written.
    #[error(transparent)]
    Write(#[from] Failure),
}

/// Writes `branch` into a new file at `path`.
pub(super) fn write(branch: &Branch, seed: u64, day: NaiveDate, path: &Path) -> Result<(), DemoError> {
    let station = Station::new(STATION, 1);
    let begun = day.checked_sub_days(Days::new(370)).unwrap_or(day);
    let at = begun.and_time(NaiveTime::MIN) + TimeDelta::hours(8);
    let Some((first, others)) = branch.staff.split_first() else { return Ok(()) };
    let opening = Stamp::new(first.id, at, begun);
    let mut file = File::create(path, BRANCH, first, &opening, &station)?;
    let staff = engage(&mut file, first, others, at)?;
    let mut w = Writer { file, staff, ids: vec![], day, ops: 0, rng: Rng::new(seed, "write") };
    w.products(at)?;
    w.archives(branch, at)?;
    let by = w.code("wugang");
    give::dealings(&mut w.file, branch, &w.ids, by, day)?;
    w.ledger(branch)?;
    w.desk(branch)?;
    w.file.pack()?;
    drop(w);
    // SQLite leaves the emptied journal behind; this file is given out alone.
    let mut journal = path.as_os_str().to_owned();
    journal.push("-journal");
    if std::fs::metadata(&journal).is_ok_and(|m| m.len() == 0) && std::fs::remove_file(&journal).is_err() {
        tracing::debug!("an empty journal was left beside the demo");
    }
    Ok(())
}

/// Engages everybody; gives the ids of the file by the ids of the records.
fn engage(
    file: &mut File,
    first: &Staff,
    others: &[Staff],
    at: NaiveDateTime,
) -> Result<Vec<(StaffId, StaffId)>, DemoError> {
    let mut ids = vec![(first.id, of_code(file, &first.code)?)];
    for (n, person) in (1..).zip(others) {
        let known = |id: Option<StaffId>| id.and_then(|id| find(&ids, id));
        let staff = Staff { leader: known(person.leader), mentor: known(person.mentor), ..person.clone() };
        let stamp = Stamp::new(find(&ids, first.id).unwrap_or_default(), at + TimeDelta::minutes(n), at.date());
        done(file.answer(&Ask::Workbench(workbench::Ask::AddStaff { staff: Box::new(staff), stamp })))?;
        ids.push((person.id, of_code(file, &person.code)?));
    }
    Ok(ids)
}

fn find(ids: &[(StaffId, StaffId)], id: StaffId) -> Option<StaffId> {
    ids.iter().find(|(record, _)| *record == id).map(|(_, row)| *row)
}

fn of_code(file: &mut File, code: &str) -> Result<StaffId, Failure> {
    match file.answer(&Ask::Workbench(workbench::Ask::Open)) {
        Answer::Workbench(workbench::Answer::Opened(o)) => {
            o.staff.iter().find(|s| s.code == code).map(|s| s.id).ok_or(Failure::Gone)
        }
        Answer::Failed(failure) => Err(failure),
        _ => Err(Failure::Gone),
    }
}

/// The row of the customer whom the generator called by its place.
fn row(ids: &[CustomerId], place: CustomerId) -> CustomerId {
    let at = usize::try_from(place.0 - 1).unwrap_or(usize::MAX);
    ids.get(at).copied().unwrap_or_default()
}

/// A part with the row ids of the file in its links.
fn linked(part: &Part, ids: &[CustomerId]) -> Part {
    let mut part = part.clone();
    match &mut part {
        Part::Member(m) => m.linked = m.linked.map(|l| row(ids, l)),
        Part::Link(l) => l.linked = l.linked.map(|l| row(ids, l)),
        Part::Occasion(_) | Part::Remark(_) | Part::Entitlement(_) => {}
    }
    part
}

fn batch(name: &str) -> BatchFile {
    BatchFile { name: name.to_owned(), hash: String::new() }
}

fn done(answer: Answer) -> Result<Answer, Failure> {
    match answer {
        Answer::Failed(failure) => Err(failure),
        other => Ok(other),
    }
}

struct Writer {
    file: File,
    staff: Vec<(StaffId, StaffId)>,
    /// Row ids of the customers in the order of the lives.
    ids: Vec<CustomerId>,
    day: NaiveDate,
    ops: i64,
    rng: Rng,
}

impl Writer {
    fn person(&self, id: StaffId) -> StaffId {
        find(&self.staff, id).unwrap_or_default()
    }

    fn code(&self, code: &str) -> StaffId {
        people::id_of(code).map(|id| self.person(id)).unwrap_or_default()
    }

    /// What the codes of the extracts are called.
    fn products(&mut self, at: NaiveDateTime) -> Result<(), DemoError> {
        let products = PRODUCTS.map(|(code, name)| (code.to_owned(), name.to_owned())).into();
        let settings = Box::new(Settings { products, ..Settings::default() });
        let stamp = Stamp::new(self.code("wugang"), at + TimeDelta::minutes(50), at.date());
        done(self.file.answer(&Ask::Workbench(workbench::Ask::KeepSettings { settings, stamp })))?;
        Ok(())
    }

    fn op(&mut self) -> OpId {
        self.ops += 1;
        OpId(self.ops)
    }

    /// The row of the customer whom the generator called by its place.
    fn row(&self, place: CustomerId) -> CustomerId {
        row(&self.ids, place)
    }

    fn back(&self, days: i64) -> NaiveDate {
        self.day.checked_sub_signed(TimeDelta::days(days)).unwrap_or(self.day)
    }

    /// Archives with what hangs on them, figures date by date, the ledger: batches, as imports bring them.
    fn archives(&mut self, branch: &Branch, at: NaiveDateTime) -> Result<(), DemoError> {
        let stamp = Stamp::new(self.code("wugang"), at + TimeDelta::hours(1), at.date());
        let staff = self.staff.clone();
        let mut bulk = self.file.load(batch("建档"), &stamp)?;
        for life in &branch.lives {
            let mut c = life.customer.clone();
            c.owner = c.owner.and_then(|o| find(&staff, o));
            c.assistant = c.assistant.and_then(|o| find(&staff, o));
            let id = bulk.insert_customer(&c)?;
            // Archives of small customers whom nobody rang yet were begun one after the other in the last months.
            let late = life.tier <= Some(Tier::Small) && life.contacts.is_empty();
            let back = u64::try_from(life.customer.id.0 * 7 % 160 + 3).unwrap_or(3);
            let late = self.day.checked_sub_days(Days::new(back)).filter(|_| late && life.tier.is_some());
            let begun = c.opened.filter(|o| *o > at.date()).max(late);
            if let Some(day) = begun {
                bulk.begun(id, day.and_time(NaiveTime::MIN) + TimeDelta::hours(10))?;
            }
            self.ids.push(id);
        }
        for (life, id) in branch.lives.iter().zip(&self.ids) {
            for part in &life.parts {
                bulk.insert_part(*id, &linked(part, &self.ids))?;
            }
        }
        bulk.finish("{}")?;
        let mut dates: Vec<NaiveDate> = branch.lives.iter().flat_map(|l| l.figures.iter().map(|f| f.as_of)).collect();
        dates.sort();
        dates.dedup();
        for date in dates {
            let next = date.succ_opt().unwrap_or(date);
            let stamp = Stamp::new(stamp.by, next.and_time(NaiveTime::MIN) + TimeDelta::hours(8), next);
            let mut bulk = self.file.load(batch("资产.csv"), &stamp)?;
            for (life, id) in branch.lives.iter().zip(&self.ids) {
                for figures in life.figures.iter().filter(|f| f.as_of == date) {
                    bulk.put_figures(*id, figures)?;
                }
            }
            bulk.finish("{}")?;
        }
        Ok(())
    }

    /// The older lines of the ledger as one batch, those of the last days one by one, so that the change log has them.
    fn ledger(&mut self, branch: &Branch) -> Result<(), DemoError> {
        let mut all: Vec<&Contact> = branch.lives.iter().flat_map(|l| &l.contacts).collect();
        all.sort_by_key(|c| (c.at, c.customer));
        let since = self.at(RECENT, 0, 0);
        let (old, recent) = all.split_at(all.partition_point(|c| c.at < since));
        let stamp = Stamp::new(self.code("wugang"), since, since.date());
        let staff = self.staff.clone();
        let mut bulk = self.file.load(batch("联络台账"), &stamp)?;
        for c in old {
            let (by, customer) = (find(&staff, c.by).unwrap_or_default(), row(&self.ids, c.customer));
            bulk.insert_contact(&Contact { by, customer, ..(*c).clone() })?;
        }
        bulk.finish("{}")?;
        let mut asks = vec![];
        for c in recent {
            let stamp = Stamp::new(self.person(c.by), c.at, c.at.date());
            let ask = contacts::Ask::Log {
                op: self.op(),
                customer: self.row(c.customer),
                channel: c.channel,
                outcome: c.outcome,
                note: c.note.clone(),
                next: c.next,
                task: None,
                stamp,
            };
            asks.push(Ask::Contacts(ask));
        }
        self.file.answer_all(&asks)?;
        Ok(())
    }

    /// What lies on the desks: corrected telephones, tiers held, hand-overs, tasks, saved filters, lines already done.
    fn desk(&mut self, branch: &Branch) -> Result<(), DemoError> {
        self.corrections(branch)?;
        self.holds(branch)?;
        self.hand_overs(branch)?;
        self.tasks(branch)?;
        self.filters(branch)?;
        self.done_lines()?;
        Ok(())
    }

    fn at(&self, back: i64, hour: i64, minute: i64) -> NaiveDateTime {
        self.back(back).and_time(NaiveTime::MIN) + TimeDelta::hours(hour) + TimeDelta::minutes(minute)
    }

    fn corrections(&mut self, branch: &Branch) -> Result<(), DemoError> {
        let mut asks = vec![];
        let changed = branch.lives.iter().filter(|l| l.is_person() && !l.customer.phone.is_empty()).step_by(61);
        for (n, life) in (0..).zip(changed) {
            let at = self.at(28 - n % 28, 9 + n % 7, n * 7 % 60);
            let phone = super::places::phone(&mut self.rng);
            let by = life.customer.owner.map_or_else(|| self.code("liulan"), |o| self.person(o));
            let id = self.row(life.customer.id);
            let base_rev = match self.file.answer(&Ask::Customers(customers::Ask::Open { id, today: at.date() })) {
                Answer::Customers(customers::Answer::Opened(o)) => o.customer.rev,
                other => {
                    done(other)?;
                    continue;
                }
            };
            let edits = vec![Edit { field: "phone".to_owned(), before: life.customer.phone.clone(), after: phone }];
            let op = self.op();
            let stamp = Stamp::new(by, at, at.date());
            let reason = "客户换号".to_owned();
            asks.push(Ask::Customers(customers::Ask::Save { op, id, base_rev, edits, reason, stamp }));
        }
        self.file.answer_all(&asks)?;
        Ok(())
    }

    fn holds(&mut self, branch: &Branch) -> Result<(), DemoError> {
        let mut asks = vec![];
        let held = branch.lives.iter().filter(|l| l.is_person() && l.tier == Some(Tier::Potential)).step_by(70);
        for (n, life) in (0..).zip(held) {
            let at = self.at(12 + n, 15, 20);
            let until = self.day.checked_add_days(Days::new(120)).unwrap_or(self.day);
            let stamp = Stamp::new(self.code("heping"), at, at.date());
            let (op, id) = (self.op(), self.row(life.customer.id));
            let reason = "资金在途，年底回流，先按贵宾服务".to_owned();
            let tier = Some((Tier::Vip, until));
            asks.push(Ask::Customers(customers::Ask::Hold { op, id, tier, seen: i64::MAX, reason, stamp }));
        }
        self.file.answer_all(&asks)?;
        Ok(())
    }

    fn hand_overs(&mut self, branch: &Branch) -> Result<(), DemoError> {
        let mut asks = vec![];
        let mut lives = branch.lives.iter().filter(|l| l.is_person() && l.tier == Some(Tier::Ordinary)).step_by(17);
        for (n, (from, to, reason, back)) in (0..).zip(talk::HAND_OVERS) {
            let Some(life) = lives.next() else { break };
            let at = self.at(back, 8, 45 + n);
            let stamp = Stamp::new(self.code(from), at, at.date());
            let (op, customer, to) = (self.op(), self.row(life.customer.id), self.code(to));
            let reason = reason.to_owned();
            asks.push(Ask::Agenda(agenda::Ask::HandOver { op, customer, to, reason, stamp }));
        }
        self.file.answer_all(&asks)?;
        Ok(())
    }

    fn tasks(&mut self, branch: &Branch) -> Result<(), DemoError> {
        let mut asks = vec![];
        let about = branch.lives.iter().find(|l| l.customer.name == TASK_ABOUT).map(|l| self.row(l.customer.id));
        for (n, (owner, text, ahead, repeat)) in (0..).zip(talk::TASKS) {
            let owner = self.code(owner);
            let at = self.at(6, 17, n);
            let repeat = match repeat {
                "weekly" => Repeat::Weekly,
                "monthly" => Repeat::Monthly,
                "after" => Repeat::AfterDays(5),
                _ => Repeat::Once,
            };
            let task = Task {
                id: TaskId(0),
                rev: 0,
                owner,
                customer: about.filter(|_| n == 0),
                text: text.to_owned(),
                due: self.back(-ahead),
                repeat,
            };
            let op = self.op();
            let stamp = Stamp::new(owner, at, at.date());
            asks.push(Ask::Agenda(agenda::Ask::Keep { op, task, stamp }));
        }
        self.file.answer_all(&asks)?;
        Ok(())
    }

    fn filters(&mut self, branch: &Branch) -> Result<(), DemoError> {
        let staff = self.code(DEFAULT_USER);
        let mine = |l: &&Life| l.customer.owner == people::id_of(DEFAULT_USER) && l.tier == Some(Tier::Vip);
        let followed = branch.lives.iter().filter(mine).take(3).map(|l| self.row(l.customer.id)).collect();
        let filters = [("我的贵宾", "#贵宾 owner:wangmin"), ("缺手机", "missing:phone"), ("五十万以上", "aum:>50w")];
        let filters = filters.map(|(name, query)| (name.to_owned(), query.to_owned())).to_vec();
        let prefs = Prefs { filters, followed, ..Prefs::default() };
        let at = self.at(5, 9, 0);
        let stamp = Stamp::new(staff, at, at.date());
        done(self.file.answer(&Ask::Workbench(workbench::Ask::KeepPrefs { staff, prefs, stamp })))?;
        Ok(())
    }

    /// Some lines of the last days are done, one is put off, so that the counts of the header say something.
    fn done_lines(&mut self) -> Result<(), DemoError> {
        for (who, back, count) in [("yangyong", 2, 2), (DEFAULT_USER, 2, 2), (DEFAULT_USER, 0, 1)] {
            let staff = self.code(who);
            let today = self.back(back);
            let load = agenda::Ask::Load { scope: Scope::Mine, staff, today, until: today };
            let items = match self.file.answer(&Ask::Agenda(load)) {
                Answer::Agenda(agenda::Answer::Lines { items, .. }) => items,
                other => {
                    done(other)?;
                    continue;
                }
            };
            let visits: Vec<_> = items.into_iter().filter(|i| i.source == Source::Visit).take(count + 1).collect();
            for (n, item) in (0..).zip(&visits) {
                let Some(customer) = item.who.as_ref().map(|w| w.id) else { continue };
                let at = self.at(back, 8, 50 + n * 3);
                let stamp = Stamp::new(staff, at, today);
                let op = self.op();
                let ask = if usize::try_from(n) == Ok(count) {
                    let until = self.back(back - 3);
                    let mark = Mark::Snoozed { until };
                    let reason = "客户出差，过几天再约".to_owned();
                    Ask::Agenda(agenda::Ask::Mark {
                        op,
                        key: item.key.clone(),
                        customer: Some(customer),
                        mark,
                        seen: i64::MAX,
                        reason,
                        stamp,
                    })
                } else {
                    let note =
                        talk::note(&mut self.rng, Some(Tier::Vip), 45, Channel::Phone, Outcome::Reached).to_owned();
                    let task = Some(item.key.clone());
                    let (channel, outcome) = (Channel::Phone, Outcome::Reached);
                    Ask::Contacts(contacts::Ask::Log { op, customer, channel, outcome, note, next: None, task, stamp })
                };
                done(self.file.answer(&ask))?;
            }
        }
        Ok(())
    }
}

//! One workstation of a soak: opens the scratch file with the store's own threads as the workbench does, looks at archives, saves, looks for
//! news of colleagues, and says in lines what it met. Nothing is counted here.

use crate::domain::agenda::Scope;
use crate::domain::contact::{Channel, Outcome};
use crate::domain::customer::{Customer, Sort};
use crate::domain::field::Edit;
use crate::domain::ids::{CustomerId, OpId, StaffId};
use crate::domain::staff::Role;
use crate::run::args::Pace;
use crate::run::clock::Clock;
use crate::run::fault::Fault;
use crate::run::setting::Setting;
use crate::run::watch;
use crate::store::drive::Gate;
use crate::store::ids::Maker;
use crate::store::open::{Mode, Station as Name};
use crate::store::outbox::Outbox;
use crate::store::recount::{Saved, Told};
use crate::store::request::{Answer, Ask, Failure, Stamp, Ticket};
use crate::store::worker::{Local, Said, Worker};
use crate::store::{agenda, board, contacts, customers, workbench};
use serde::{Deserialize, Serialize};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::mpsc::{self, Receiver};
use std::thread;
use std::time::{Duration, Instant};

/// How often it is looked whether colleagues wrote.
const NEWS: Duration = Duration::from_secs(2);
/// An answer that takes longer than this never comes: two saves of fifteen seconds, and what a drive adds.
const NEVER: Duration = Duration::from_secs(45);
/// Fields that are changed, all lines of free text.
const FIELDS: [&str; 5] = ["address", "employer", "hobby", "reach_at", "topics"];
/// So many archives are everybody's favourites, so that colleagues meet.
const FAVOURITES: usize = 20;

/// What a time was spent on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// A save.
    Save,
    /// A screen read.
    Read,
    /// News of colleagues.
    News,
}

/// What a workstation says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Line {
    /// It is about to save this.
    Saving(Told),
    /// The store said that it is saved.
    Kept(OpId),
    /// The drive was slow: the save lay on this PC when its user went on.
    Waits,
    /// A save that had waited came back to its user.
    Returned(OpId),
    /// So many microseconds passed between asking and the answer.
    Spent(Kind, u64),
    /// A colleague had changed the same field; the user would choose.
    Clash,
    /// An error that the user would see.
    Shown(String),
    /// It went home as it should.
    Done,
}

/// Lines as text.
pub struct Words;

impl Words {
    /// A line of a workstation.
    pub fn parse(text: &str) -> Option<Line> {
        serde_json::from_str(text).ok()
    }

    /// Says a line; whoever heard it knows it, whatever becomes of this process.
    fn say(line: &Line) -> io::Result<()> {
        let text = serde_json::to_string(line)?;
        let mut out = io::stdout().lock();
        writeln!(out, "{text}")?;
        out.flush()
    }
}

/// What a workstation does: works until its time is over, its saves going through this outbox.
///
/// # Errors
/// The file cannot be opened, or nobody listens any more.
pub fn work(
    setting: &Setting,
    path: &Path,
    outbox: &Path,
    number: u16,
    (seconds, pace): (u32, Pace),
) -> Result<(), Fault> {
    let (to, inbox) = mpsc::channel();
    let name = Name::new(format!("soak-{number}"), number);
    // Makes the locks of this process fit for the drive, as a workbench does.
    setting.ground(path);
    let local = Local { outbox: Some(Outbox::open(outbox)?), cache: None };
    let worker = Worker::start(path, Mode::Write, &name, Gate::open(), local, move |said| {
        // The channel is open as long as anybody waits.
        let _ = to.send(said);
    })
    .map_err(|e| Fault::File(e.complaint()))?;
    let mut station = Station {
        worker,
        inbox,
        ticket: Ticket::default(),
        waiting: 0,
        ops: Maker::new(number),
        dice: Dice(u64::from(number) << 32 | 0x9e37_79b9),
        clock: setting.clock,
        me: StaffId::default(),
        path: path.to_owned(),
        seen: None,
        seq: 0,
        number,
        saves: 0,
        until: Instant::now() + Duration::from_secs(seconds.into()),
    };
    match station.day(pace) {
        // Nobody listens any more: there is nobody to tell.
        Err(e) => Err(Fault::refused(e.to_string(), e.to_string())),
        Ok(()) => Ok(()),
    }
}

/// A workstation at work.
struct Station {
    worker: Worker,
    inbox: Receiver<Said>,
    ticket: Ticket,
    /// Saves that wait on this PC.
    waiting: usize,
    ops: Maker,
    dice: Dice,
    clock: Clock,
    me: StaffId,
    path: PathBuf,
    seen: Option<watch::Seen>,
    seq: i64,
    number: u16,
    saves: u32,
    until: Instant,
}

impl Station {
    fn day(&mut self, pace: Pace) -> io::Result<()> {
        let (low, high) = match pace {
            Pace::Human => (10_000, 15_000),
            Pace::Saturated => (60, 240),
        };
        // Everybody comes at half past eight, nobody in the same second; and short soaks save too.
        let left = u64::try_from(self.until.saturating_duration_since(Instant::now()).as_millis()).unwrap_or(0);
        let first = self.dice.between(0, high.min(left / 2));
        self.rest(self.dice.0 % 1_000 * left.min(4_000) / 4_000)?;
        let archives = self.open()?;
        self.seen = watch::seen(&self.path);
        let mut pause = first;
        while self.rest(pause / 2)? && !archives.is_empty() {
            let id = self.choose(&archives);
            let Some(opened) = self.look(id)? else { continue };
            if !self.rest(pause - pause / 2)? {
                break;
            }
            self.save(&opened)?;
            pause = self.dice.between(low, high);
        }
        self.drain()?;
        Words::say(&Line::Done)
    }

    /// Nobody goes home while saves wait.
    fn drain(&mut self) -> io::Result<()> {
        let end = Instant::now() + NEVER;
        while let Ok(said) = self.inbox.try_recv() {
            self.hear(said)?;
        }
        while self.waiting > 0 {
            match self.inbox.recv_timeout(end.saturating_duration_since(Instant::now())) {
                Ok(said) => drop(self.hear(said)?),
                Err(_) => return Words::say(&Line::Shown(format!("{} saves still wait", self.waiting))),
            }
        }
        Ok(())
    }

    /// Takes what the store says; gives an answer back to whoever waits for it.
    fn hear(&mut self, said: Said) -> io::Result<Option<(Ticket, Answer)>> {
        match said {
            Said::Answer(ticket, answer) => return Ok(Some((ticket, answer))),
            Said::Opened(Ok(_)) => {}
            Said::Opened(Err(e)) => Words::say(&Line::Shown(e.to_string()))?,
            Said::Waiting(waiting, _) => self.waiting = waiting,
            Said::Missing(n) => Words::say(&Line::Shown(format!("{n} saves were not in the file any more")))?,
            Said::Later(ask, answer) => {
                let Some(op) = ask.op() else { return Ok(None) };
                match answer {
                    Answer::Customers(customers::Answer::Clash { .. }) => {
                        Words::say(&Line::Clash)?;
                        Words::say(&Line::Returned(op))?;
                    }
                    Answer::Failed(failure) => {
                        Words::say(&Line::Shown(failure.to_string()))?;
                        Words::say(&Line::Returned(op))?;
                    }
                    _ => {}
                }
            }
        }
        Ok(None)
    }

    /// What the workbench reads when it opens; gives the archives there are.
    fn open(&mut self) -> io::Result<Vec<CustomerId>> {
        if let Some(Answer::Workbench(workbench::Answer::Opened(opened))) =
            self.ask(Kind::Read, Ask::Workbench(workbench::Ask::Open))?
        {
            // Everybody saves every customer, which only a manager may.
            let heads = opened.staff.iter().filter(|s| s.active && s.role == Role::BranchManager);
            let people: Vec<StaffId> = heads.map(|s| s.id).collect();
            self.me = people.get(usize::from(self.number) % people.len().max(1)).copied().unwrap_or_default();
            self.seq = opened.seq;
        }
        self.screens()?;
        Ok(match self.ask(Kind::Read, Ask::Workbench(workbench::Ask::Rows))? {
            Some(Answer::Workbench(workbench::Answer::Rows(rows))) => rows.iter().map(|r| r.id).collect(),
            _ => Vec::new(),
        })
    }

    /// Queue and board, as they are read anew after each news.
    fn screens(&mut self) -> io::Result<()> {
        let today = self.clock.today();
        let load = agenda::Ask::Load { scope: Scope::Mine, staff: self.me, today, until: today };
        self.ask(Kind::Read, Ask::Agenda(load))?;
        self.ask(Kind::Read, Ask::Board(board::Ask::Load))?;
        Ok(())
    }

    fn choose(&mut self, archives: &[CustomerId]) -> CustomerId {
        let some = if self.dice.chance(20) { archives.len().min(FAVOURITES) } else { archives.len() };
        let n = usize::try_from(self.dice.between(0, some as u64)).unwrap_or_default();
        archives.get(n).copied().unwrap_or_default()
    }

    fn look(&mut self, id: CustomerId) -> io::Result<Option<Box<customers::Opened>>> {
        let today = self.clock.today();
        Ok(match self.ask(Kind::Read, Ask::Customers(customers::Ask::Open { id, today }))? {
            Some(Answer::Customers(customers::Answer::Opened(opened))) => Some(opened),
            _ => None,
        })
    }

    /// A contact with the customer looked at, a change of the archive, or somebody new at the counter.
    fn save(&mut self, opened: &customers::Opened) -> io::Result<()> {
        self.saves += 1;
        let op = OpId(self.ops.next(self.clock.now()));
        let words = format!("试跑{}-{}", self.number, self.saves);
        let stamp = Stamp::new(self.me, self.clock.now(), self.clock.today());
        let customer = &opened.customer;
        let (what, ask) = match self.dice.between(0, 20) {
            0 => {
                let new = Customer { name: words.clone(), sort: Sort::Prospect, ..Customer::default() };
                let ask = customers::Ask::Create { op, customer: Box::new(new), stamp };
                (Saved::Archive(words), Ask::Customers(ask))
            }
            1..9 => {
                let n = usize::try_from(self.dice.between(0, FIELDS.len() as u64)).unwrap_or_default();
                let code = FIELDS.get(n).copied().unwrap_or("address");
                let field = crate::domain::archive::find(code);
                let before = field.map(|f| f.get(customer)).unwrap_or_default();
                let edits = vec![Edit { field: code.to_owned(), before, after: words.clone() }];
                let (id, base_rev) = (customer.id, customer.rev);
                let ask = customers::Ask::Save { op, id, base_rev, edits, reason: String::new(), stamp };
                (Saved::Field(code.to_owned(), words), Ask::Customers(ask))
            }
            _ => {
                let ask = contacts::Ask::Log {
                    op,
                    customer: customer.id,
                    channel: if self.dice.chance(70) { Channel::Phone } else { Channel::Counter },
                    outcome: if self.dice.chance(75) { Outcome::Reached } else { Outcome::NoAnswer },
                    note: words.clone(),
                    next: None,
                    task: None,
                    stamp,
                };
                (Saved::Contact(words), Ask::Contacts(ask))
            }
        };
        Words::say(&Line::Saving(Told { op, what, acknowledged: false }))?;
        let mut answer = self.ask(Kind::Save, ask.clone())?;
        if let Some(Answer::Customers(customers::Answer::Clash { ask: again, .. })) = &answer {
            // The user keeps what was typed, over what the colleague wrote.
            Words::say(&Line::Clash)?;
            answer = self.ask(Kind::Save, Ask::Customers((**again).clone()))?;
        }
        match answer {
            Some(Answer::Customers(customers::Answer::Clash { .. })) | None => Ok(()),
            Some(answer) => {
                if let Answer::Kept(_) = answer {
                    self.waiting = self.waiting.max(1);
                    Words::say(&Line::Waits)?;
                }
                Words::say(&Line::Kept(op))
            }
        }
    }

    /// Asks and waits; `None` when the user would see an error instead.
    fn ask(&mut self, kind: Kind, ask: Ask) -> io::Result<Option<Answer>> {
        self.ticket.0 += 1;
        let began = Instant::now();
        self.worker.ask(self.ticket, ask);
        let answer = loop {
            let left = NEVER.saturating_sub(began.elapsed());
            match self.inbox.recv_timeout(left) {
                Ok(said) => match self.hear(said)? {
                    Some((ticket, answer)) if ticket == self.ticket => break answer,
                    _ => {}
                },
                Err(_) => break Answer::Failed(Failure::Drive("no answer".to_owned())),
            }
        };
        Words::say(&Line::Spent(kind, u64::try_from(began.elapsed().as_micros()).unwrap_or(u64::MAX)))?;
        match answer {
            Answer::Failed(failure) => {
                Words::say(&Line::Shown(failure.to_string()))?;
                Ok(None)
            }
            answer => Ok(Some(answer)),
        }
    }

    /// Lets so many milliseconds pass, looking for news; `false` when the time is over.
    fn rest(&mut self, millis: u64) -> io::Result<bool> {
        let end = (Instant::now() + Duration::from_millis(millis)).min(self.until);
        loop {
            let left = end.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return Ok(Instant::now() < self.until);
            }
            thread::sleep(left.min(NEWS));
            let now = watch::seen(&self.path);
            if self.seen.is_some() && now.is_some() && now != self.seen {
                self.seen = now;
                self.news()?;
            }
        }
    }

    fn news(&mut self) -> io::Result<()> {
        let ask = Ask::Workbench(workbench::Ask::News { since: self.seq });
        if let Some(Answer::Workbench(workbench::Answer::News { seq, changes, .. })) = self.ask(Kind::News, ask)? {
            self.seq = seq;
            if !changes.is_empty() {
                self.screens()?;
            }
        }
        Ok(())
    }
}

/// xorshift64: the same workstation does the same each time.
struct Dice(u64);

impl Dice {
    fn between(&mut self, low: u64, high: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        low + self.0 % (high.saturating_sub(low)).max(1)
    }

    fn chance(&mut self, percent: u64) -> bool {
        self.between(0, 100) < percent
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_workstation_says_is_understood() {
        let told = Told { op: OpId(7), what: Saved::Field("address".into(), "试跑1-2".into()), acknowledged: false };
        for line in [
            Line::Saving(told),
            Line::Kept(OpId(7)),
            Line::Spent(Kind::Save, 12),
            Line::Clash,
            Line::Waits,
            Line::Returned(OpId(7)),
            Line::Shown("the file is busy".into()),
            Line::Done,
        ] {
            let text = serde_json::to_string(&line).unwrap();
            assert_eq!((Words::parse(&text), text.lines().count()), (Some(line), 1));
        }
        assert_eq!(Words::parse("half a li"), None);
    }

    #[test]
    fn every_field_that_is_changed_is_free_text() {
        for code in FIELDS {
            let field = crate::domain::archive::find(code).unwrap();
            assert!(matches!(field.kind, crate::domain::field::Kind::Line(n) if n >= 40), "{code}");
        }
    }
}

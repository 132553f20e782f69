//! Taking in thousands of rows as one transaction: an import, the demo's making. What a row means is decided by the one who brings
//! it; here it is written with all that is derived, compared, counted, and put into the change log.

use super::answer::begin;
use super::branch::{self, Branch};
use super::cell;
use super::chain::Hand;
use super::contacts::log;
use super::customers::part;
use super::dealings::moves;
use super::derive::{Came, Latest};
use super::keys;
use super::known::Known;
use super::lighten::{self, Light};
use super::open::File;
use super::request::{Failure, Stamp};
use super::rights;
use super::table::{self, New};
use super::write::{Write, edit};
use super::{agenda, change};
use crate::domain::agenda::Task;
use crate::domain::archive;
use crate::domain::calendar::lunar::LunarDay;
use crate::domain::change::Entity;
use crate::domain::contact::Contact;
use crate::domain::customer::{Customer, Sort};
use crate::domain::family::Part;
use crate::domain::field::{Edit, diff};
use crate::domain::ids::{BatchId, CustomerId, PartId, StaffId, TaskId};
use crate::domain::rights::Action;
use crate::domain::staff::Staff;
use crate::domain::tier::{Figures, Tier};
use crate::domain::values::money::Fen;
use chrono::{NaiveDate, NaiveDateTime};
use rusqlite::{Connection, OptionalExtension, Transaction, params};
use std::collections::HashSet;
use std::sync::Arc;

/// Rows from which a batch may be a large one.
const LARGE: u64 = 5_000;
/// Rows written before an announced large batch is taken for one.
const FIRST: u64 = 100;
/// What the batch is called in the change log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BatchFile {
    /// File names, without folders.
    pub name: String,
    /// The hash of their bytes, hex.
    pub hash: String,
}

/// What became of a customer's figures.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Put {
    /// The first of that day.
    New,
    /// Others of that day were there.
    Changed,
    /// The same were there.
    Same,
}

/// A batch in progress. Dropped without [`Bulk::finish`], it leaves the file as it was.
pub struct Bulk<'a> {
    tx: Transaction<'a>,
    branch: Arc<Branch>,
    station: &'a Hand,
    ids: &'a mut super::ids::Maker,
    stamp: Stamp,
    batch: BatchId,
    /// Its number.
    n: i64,
    file: BatchFile,
    new: u64,
    changed: u64,
    figures: u64,
    /// Parts, contacts, tasks, holds.
    others: u64,
    as_of: Option<NaiveDate>,
    /// Customers there before.
    before: u64,
    /// Rows that are coming, as far as the one who brings them can tell.
    expected: u64,
    /// Rows that came, whether they changed anything or not.
    came: u64,
    numbers: Known,
    prospects: Known,
    /// Numbers whose archives were merged into others.
    merged: HashSet<String>,
    light: Option<Light>,
    /// Names or addresses came in since, that are not kept for searching yet.
    unkept: bool,
    /// It is an import of a file, which is remembered also when nothing in it was new.
    labelled: bool,
}

impl File {
    /// Begins a batch: nobody else writes until it is finished or dropped.
    ///
    /// # Errors
    /// [`Failure::ReadOnly`], [`Failure::Busy`], or what the file says.
    pub fn load(&mut self, file: BatchFile, stamp: &Stamp) -> Result<Bulk<'_>, Failure> {
        if self.read_only() {
            return Err(Failure::ReadOnly);
        }
        let (tx, branch, station, ids) = begin(self)?;
        let batch = BatchId(ids.next(stamp.at));
        tx.execute(
            "INSERT INTO batch (id, at, by, name, hash, summary, n)
             VALUES (?, ?, ?, ?, ?, '', (SELECT coalesce(max(n), 0) + 1 FROM batch))",
            params![batch.0, cell::time(stamp.at), stamp.by.0, file.name, file.hash],
        )?;
        let n = tx.query_row("SELECT n FROM batch WHERE id = ?", [batch.0], |r| r.get(0))?;
        let as_of = branch::as_of(&tx)?;
        let before = table::tallied(&tx)?;
        let merged =
            tx.prepare("SELECT no FROM merged")?.query_map([], |r| r.get(0))?.collect::<rusqlite::Result<_>>()?;
        Ok(Bulk {
            tx,
            branch,
            station,
            ids,
            stamp: stamp.clone(),
            batch,
            n,
            file,
            new: 0,
            changed: 0,
            figures: 0,
            others: 0,
            as_of,
            before,
            expected: 0,
            came: 0,
            numbers: Known::by_no(),
            prospects: Known::prospects(),
            merged,
            light: None,
            unkept: false,
            labelled: false,
        })
    }
}

impl Bulk<'_> {
    /// The people of the branch.
    pub fn staff(&self) -> &[Staff] {
        &self.branch.staff
    }

    /// Says that about so many rows are coming, so that a large batch is made light early.
    pub fn expect(&mut self, rows: u64) {
        self.expected += rows;
    }

    /// When this very file was taken in before.
    ///
    /// # Errors
    /// What the file says.
    pub fn taken_before(&self) -> Result<Option<NaiveDateTime>, Failure> {
        let at: Option<String> = self
            .tx
            .prepare_cached("SELECT at FROM batch WHERE hash = ? AND id <> ? ORDER BY at DESC LIMIT 1")?
            .query_row(params![self.file.hash, self.batch.0], |r| r.get(0))
            .optional()?;
        Ok(at.map(|a| cell::moment(&a)))
    }

    /// The archive of a row.
    ///
    /// # Errors
    /// [`Failure::Gone`] when there is none.
    pub fn archive(&self, id: CustomerId) -> Result<Customer, Failure> {
        table::load(&self.tx, id)
    }

    /// The row of a customer number.
    ///
    /// # Errors
    /// What the file says.
    pub fn id_by_no(&mut self, no: &str) -> Result<Option<CustomerId>, Failure> {
        self.came += 1;
        self.numbers.find(&self.tx, no, self.before)
    }

    /// The prospect who has this document.
    ///
    /// # Errors
    /// What the file says.
    pub fn prospect(&mut self, document: &str) -> Result<Option<CustomerId>, Failure> {
        self.prospects.find(&self.tx, document, self.before)
    }

    /// Whether the archive of this number was merged into another.
    pub fn is_merged(&self, no: &str) -> bool {
        self.merged.contains(no)
    }

    /// Says of which layout the file is and on which workstation, so that the batch can be listed and taken back.
    ///
    /// # Errors
    /// Who imports may not, or what the file says.
    pub fn label(&mut self, layout: &str, as_of: Option<NaiveDate>) -> Result<(), Failure> {
        rights::branch(&self.branch, &self.stamp, Action::Import)?;
        self.labelled = true;
        self.tx.execute(
            "UPDATE batch SET layout = ?, as_of = ?, station = ? WHERE id = ?",
            params![layout, as_of.map(cell::day), &**self.station, self.batch.0],
        )?;
        Ok(())
    }

    /// Writes a new archive; its id and rev are given here, its number by the one who brings it.
    ///
    /// # Errors
    /// What the file says.
    pub fn insert_customer(&mut self, customer: &Customer) -> Result<CustomerId, Failure> {
        let mut c = customer.clone();
        c.lunar = c.lunar.or_else(|| c.birth.and_then(LunarDay::of));
        let mut given = self.insert_customers(&[&c])?;
        given.pop().ok_or(Failure::Gone)
    }

    /// Writes new archives as [`Bulk::insert_customer`] does, where the lunar birthday is there if it can be known.
    ///
    /// # Errors
    /// What the file says.
    pub fn insert_customers(&mut self, customers: &[&Customer]) -> Result<Vec<CustomerId>, Failure> {
        let mut news = Vec::with_capacity(customers.len());
        let mut given = Vec::with_capacity(customers.len());
        for c in customers {
            let id = CustomerId(self.ids.next(self.stamp.at));
            news.push(New::of(&self.branch, id, c, &self.stamp)?);
            given.push(id);
        }
        table::insert(&self.tx, &news, &self.stamp, Some(self.batch))?;
        for (c, id) in customers.iter().zip(&given) {
            self.numbers.came(&c.no, *id);
            if c.sort == Sort::Prospect {
                self.prospects.came(c.document_number(), *id);
            }
            self.keep(*id, None, c)?;
        }
        self.new += customers.len() as u64;
        self.lighten()?;
        Ok(given)
    }

    /// Whether nobody was in the file before: a row is somebody new unless the batch brought them.
    pub fn is_first(&self) -> bool {
        self.before == 0
    }

    /// Writes an archive over what it was, with a change of its own; nothing when no field differs.
    ///
    /// # Errors
    /// What the file says.
    pub fn update_customer(&mut self, before: &Customer, after: &Customer) -> Result<Vec<Edit>, Failure> {
        let edits = diff(archive::FIELDS, before, after);
        if edits.is_empty() && before.hand == after.hand {
            return Ok(edits);
        }
        let mut c = after.clone();
        (c.id, c.rev) = (before.id, before.rev);
        if !table::update(&self.tx, &self.branch, &c, &self.stamp)? {
            return Err(Failure::Gone);
        }
        if before.no != c.no {
            self.numbers.left(&self.tx, c.id, &before.no)?;
            self.numbers.came(&c.no, c.id);
        }
        if before.sort == Sort::Prospect {
            self.prospects.left(&self.tx, c.id, before.document_number())?;
        }
        if c.sort == Sort::Prospect {
            self.prospects.came(c.document_number(), c.id);
        }
        self.keep(c.id, Some(before), &c)?;
        let w = self.write();
        w.change(Entity::Customer, c.id.0, Some(c.id), &edits, "", None)?;
        self.changed += 1;
        Ok(edits)
    }

    /// Writes a customer's figures of a day; tier, stage and next visit follow the latest day.
    ///
    /// # Errors
    /// [`Failure::Gone`] when there is no such customer.
    pub fn put_figures(&mut self, customer: CustomerId, f: &Figures) -> Result<Put, Failure> {
        let as_of = cell::day(f.as_of);
        let sums = [f.demand, f.fixed, f.wealth, f.fund, f.insurance, f.bond, f.balance].map(|x| x.0);
        let mut facts = table::facts_of(&self.tx, customer)?;
        // Nothing is there of a day after the latest.
        let known = match facts.figures {
            Some(latest) if latest.as_of >= f.as_of => figures_of(&self.tx, customer, as_of)?,
            _ => None,
        };
        let average = f.average.map(|a| a.0);
        if known == Some((sums, average)) {
            return Ok(Put::Same);
        }
        let [demand, fixed, wealth, fund, insurance, bond, balance] = sums;
        // What is given here is of no file, and takes the place of what is there: no version of it is kept.
        let put = match known {
            Some(_) => {
                "UPDATE figures SET demand = ?3, fixed = ?4, wealth = ?5, fund = ?6, insurance = ?7, bond = ?8, balance = ?9,
                 average = ?10 WHERE customer = ?1 AND as_of = ?2 AND account = 0 AND until IS NULL"
            }
            None => "INSERT INTO figures VALUES (?, ?, 0, 0, NULL, ?, ?, ?, ?, ?, ?, ?, ?)",
        };
        self.tx
            .prepare_cached(put)?
            .execute(params![customer.0, as_of, demand, fixed, wealth, fund, insurance, bond, balance, average])?;
        let newest = facts.figures.is_none_or(|latest| latest.as_of <= f.as_of);
        if newest {
            let next = facts.figures.is_none_or(|latest| latest.as_of < f.as_of);
            facts.came = if next { Came::Next } else { Came::Any };
            facts.figures = Some(Latest { as_of: f.as_of, balance: Fen(balance), average: f.average });
        } else {
            facts.came = Came::Any;
        }
        let derived = table::settle(&self.tx, &self.branch, customer, &facts, self.stamp.today)?;
        if let Some(moved) = &derived.moved {
            let n = self.n;
            moves::moved(&self.write(), customer, moved, n)?;
        }
        self.as_of = self.as_of.max(Some(f.as_of));
        self.figures += 1;
        self.lighten()?;
        Ok(if known.is_some() { Put::Changed } else { Put::New })
    }

    /// Hangs a part on an archive.
    ///
    /// # Errors
    /// [`Failure::Gone`] when it, or what it leads to, is not there.
    pub fn insert_part(&mut self, customer: CustomerId, part: &Part) -> Result<PartId, Failure> {
        let id = PartId(self.ids.next(self.stamp.at));
        part::store(&self.write(), customer, id, part)?;
        self.others += 1;
        Ok(id)
    }

    /// Adds a line to the ledger as it was kept elsewhere; its id is given here. The visit's clock follows the latest ones, so
    /// bring them in the order of time.
    ///
    /// # Errors
    /// [`Failure::Gone`] when there is no such customer.
    pub fn insert_contact(&mut self, contact: &Contact) -> Result<(), Failure> {
        let id = self.ids.next(self.stamp.at);
        self.others += 1;
        log::take_in(&self.write(), id, contact)
    }

    /// Adds a task of somebody's own; its id is given here.
    ///
    /// # Errors
    /// What the file says.
    pub fn insert_task(&mut self, task: &Task) -> Result<TaskId, Failure> {
        let id = self.ids.next(self.stamp.at);
        self.others += 1;
        agenda::write::write_new(&self.write(), id, task, &task.text, &cell::json(&task.repeat)?)?;
        Ok(TaskId(id))
    }

    /// Holds a customer at a tier until a day.
    ///
    /// # Errors
    /// [`Failure::Gone`] when there is no such customer.
    pub fn hold(
        &mut self,
        customer: CustomerId,
        tier: Tier,
        until: NaiveDate,
        reason: &str,
        by: StaffId,
    ) -> Result<(), Failure> {
        let mut facts = table::facts_of(&self.tx, customer)?;
        facts.held = Some((tier, until));
        self.others += 1;
        self.tx
            .prepare_cached("UPDATE customer SET held_reason = ?, held_by = ? WHERE id = ?")?
            .execute(params![reason, by.0, customer.0])?;
        table::settle(&self.tx, &self.branch, customer, &facts, self.stamp.today)?;
        Ok(())
    }

    /// Says when an archive was begun, where that is not now; the visit's clock starts there.
    ///
    /// # Errors
    /// [`Failure::Gone`] when there is no such customer.
    pub fn begun(&mut self, customer: CustomerId, at: NaiveDateTime) -> Result<(), Failure> {
        self.others += 1;
        self.tx
            .prepare_cached("UPDATE customer SET created_at = ? WHERE id = ?")?
            .execute(params![cell::time(at), customer.0])?;
        let facts = table::facts_of(&self.tx, customer)?;
        table::settle(&self.tx, &self.branch, customer, &facts, self.stamp.today)?;
        Ok(())
    }

    /// Keeps what a search from the file needs; a large batch does it at its end.
    fn keep(&mut self, id: CustomerId, before: Option<&Customer>, c: &Customer) -> Result<(), Failure> {
        if before.is_some_and(|b| b.name == c.name && b.address == c.address) {
            return Ok(());
        }
        self.unkept |= self.light.is_some();
        if self.unkept {
            return Ok(());
        }
        if let Some(before) = before {
            keys::rename(&self.tx, id, &before.name)?;
        }
        keys::keep(&self.tx, id, &c.name, &c.address)
    }

    /// Once the batch has become a large one for this file, it is made light.
    fn lighten(&mut self) -> Result<(), Failure> {
        if self.light.is_some() {
            return Ok(());
        }
        let written = self.new + self.figures;
        let large = LARGE.max(self.before.div_ceil(8));
        // Where many rows are coming, the first hundred tell whether they change anything.
        let coming = self.expected >= large && written >= FIRST && written * 2 >= self.came;
        if written >= large || coming {
            let only_figures = self.new + self.changed == 0;
            self.light = Some(lighten::take(&self.tx, only_figures, self.before == 0)?);
        }
        Ok(())
    }

    /// Whether anything was written.
    pub fn touched(&self) -> bool {
        self.new + self.changed + self.figures + self.others > 0
    }

    /// Makes the batch last, with one change for the whole of it. `summary` is kept with it for the log. A batch that changed
    /// nothing leaves the file as it was.
    ///
    /// # Errors
    /// What the file says; nothing was changed then.
    pub fn finish(mut self, summary: &str) -> Result<i64, Failure> {
        if !self.touched() && !self.labelled {
            return change::head(&self.tx);
        }
        self.tx.execute("UPDATE batch SET summary = ? WHERE id = ?", params![summary, self.batch.0])?;
        if !self.touched() {
            let head = change::head(&self.tx)?;
            self.tx.commit()?;
            return Ok(head);
        }
        if let Some(day) = self.as_of {
            branch::keep(&self.tx, "as_of", &cell::day(day).to_string(), &self.stamp)?;
        }
        self.numbers.forget();
        self.prospects.forget();
        if let Some(light) = self.light.take() {
            lighten::give(&self.tx, &light, None)?;
        }
        if self.unkept {
            keys::refill(&self.tx)?;
        }
        let edits = [
            edit("file", "", self.file.name.as_str()),
            edit("new", "", self.new.to_string()),
            edit("changed", "", self.changed.to_string()),
            edit("figures", "", self.figures.to_string()),
        ];
        let row = self.batch.0;
        let seq = self.write().change(Entity::Batch, row, None, &edits, "", None)?;
        self.tx.commit()?;
        Ok(seq)
    }

    fn write(&mut self) -> Write<'_> {
        Write {
            conn: &self.tx,
            branch: &self.branch,
            station: self.station,
            ids: self.ids,
            stamp: &self.stamp,
            batch: Some(self.batch),
        }
    }
}

/// The sums and the average that a customer has of a day.
type Sums = ([i64; 7], Option<i64>);

fn figures_of(conn: &Connection, customer: CustomerId, as_of: i64) -> Result<Option<Sums>, Failure> {
    Ok(conn
        .prepare_cached(
            "SELECT demand, fixed, wealth, fund, insurance, bond, balance, average FROM figures
             WHERE customer = ? AND as_of = ? AND account = 0 AND until IS NULL",
        )?
        .query_row([customer.0, as_of], |r| {
            let mut sums = [0; 7];
            for (i, sum) in sums.iter_mut().enumerate() {
                *sum = r.get(i)?;
            }
            Ok((sums, r.get(7)?))
        })
        .optional()?)
}

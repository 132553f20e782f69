//! The customers in the orders that the queue, the board and the lists ask for. Triggers keep them row by row; when most of the rows change,
//! they are filled here, in one walk over the customers, each in its order. What the orders are for, the schema says.

use super::cell;
use super::derive::{Derived, Facts};
use super::many::Many;
use super::request::Failure;
use super::table;
use crate::domain::ids::CustomerId;
use chrono::NaiveDate;
use rusqlite::types::{ToSqlOutput, ValueRef};
use rusqlite::{Connection, params};
use std::collections::BTreeMap;
use std::sync::mpsc;
use std::thread::{self, Scope, ScopedJoinHandle};

/// Figures that are not there: the least number there is, so that they come last.
pub const NO_FIGURES: i64 = i64::MIN;
/// The most columns of an order.
const MOST: usize = 6;

/// A row of an order; what it has fewer columns than this, is 0.
type Key = [i64; MOST];

/// An order.
#[derive(Debug)]
pub struct Order {
    /// Its table; the triggers that keep it begin with its name.
    pub table: &'static str,
    /// The columns of customers it follows that change without anybody editing an archive; where there are none, figures never touch it.
    pub follows: &'static [&'static str],
    /// Its columns, and which of them descend.
    columns: &'static [(&'static str, bool)],
    /// A customer's row; none where they are not in it.
    row: fn(&Seat) -> Option<Key>,
}

/// The birthday that is kept: month*100+day, plus 2000 in a leap month, 0 unknown; and whether it is the lunar one.
pub const BIRTHDAY: &str = "iif(keeps_lunar, lunar, solar), keeps_lunar";

/// What the orders and counters need of a customer.
struct Seat {
    id: i64,
    aum: i64,
    owner: i64,
    visitor: i64,
    tier: i32,
    /// Days, 0 where there is none.
    next_visit: i32,
    stale: i32,
    birth: i32,
    /// As [`BIRTHDAY`] has it.
    birthday: (i32, bool),
    lacks: bool,
}

/// Whether an archive that lacks something is anybody's matter.
fn lacks(lacking: i64, tier: i32, owner: i64) -> bool {
    lacking > 0 && (tier >= 2 || owner != 0)
}

/// A day that is there.
fn some(day: i32) -> Option<i64> {
    (day != 0).then_some(day.into())
}

const UP: bool = false;
const DOWN: bool = true;

/// All of them.
pub const ORDERS: [Order; 8] = [
    Order {
        table: "birthday_order",
        follows: &["tier", "aum"],
        columns: &[("lunar", UP), ("day", UP), ("tier", DOWN), ("aum", DOWN), ("owner", UP), ("customer", UP)],
        row: |s| {
            let (day, lunar) = s.birthday;
            (day > 0).then_some([lunar.into(), day.into(), s.tier.into(), s.aum, s.owner, s.id])
        },
    },
    Order {
        table: "visit_order",
        follows: &["next_visit", "tier", "aum"],
        columns: &[("day", UP), ("tier", DOWN), ("aum", DOWN), ("customer", UP)],
        row: |s| Some([some(s.next_visit)?, s.tier.into(), s.aum, s.id, 0, 0]),
    },
    Order {
        table: "visitor_order",
        follows: &["visitor", "next_visit", "tier", "aum"],
        columns: &[("visitor", UP), ("day", UP), ("tier", DOWN), ("aum", DOWN), ("customer", UP)],
        row: |s| Some([s.visitor, some(s.next_visit)?, s.tier.into(), s.aum, s.id, 0]),
    },
    Order {
        table: "asset_order",
        follows: &["aum"],
        columns: &[("aum", DOWN), ("customer", UP)],
        row: |s| (s.aum != NO_FIGURES).then_some([s.aum, s.id, 0, 0, 0, 0]),
    },
    Order {
        table: "lacking_order",
        follows: &["tier", "aum", "lacking"],
        columns: &[("tier", UP), ("owner", UP), ("aum", DOWN), ("customer", UP)],
        row: |s| s.lacks.then_some([s.tier.into(), s.owner, s.aum, s.id, 0, 0]),
    },
    Order {
        table: "keeper_order",
        follows: &["tier"],
        columns: &[("owner", UP), ("tier", UP), ("customer", UP)],
        row: |s| (s.owner != 0 || s.tier >= 1).then_some([s.owner, s.tier.into(), s.id, 0, 0, 0]),
    },
    Order {
        table: "stale_order",
        follows: &["stale"],
        columns: &[("stale", UP), ("customer", UP)],
        row: |s| Some([some(s.stale)?, s.id, 0, 0, 0, 0]),
    },
    Order {
        table: "birth_order",
        follows: &[],
        columns: &[("birth", UP), ("customer", UP)],
        row: |s| Some([some(s.birth)?, s.id, 0, 0, 0, 0]),
    },
];

/// An order of texts.
#[derive(Debug, Clone, Copy)]
pub struct Texts {
    /// Its table, as of an [`Order`].
    pub table: &'static str,
    /// Its column beside the customer.
    column: &'static str,
    /// The customers and their texts.
    sql: &'static str,
}

/// Documents, which an import looks people up by.
pub const DOCUMENTS: Texts = Texts {
    table: "document_order",
    column: "document",
    sql: "SELECT document, id FROM customer NOT INDEXED WHERE document <> ''",
};

/// Telephones.
pub const PHONES: Texts = Texts {
    table: "phone_order",
    column: "phone",
    sql: "SELECT phone, id FROM customer NOT INDEXED WHERE phone <> ''
          UNION ALL SELECT phone2, id FROM customer NOT INDEXED WHERE phone2 <> '' AND phone2 <> phone",
};

/// A text so short that it is kept in place, and whose it is.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Short {
    bytes: [u8; Short::MOST],
    len: u8,
    customer: i64,
}

impl Short {
    /// Documents and telephones are no longer.
    const MOST: usize = 23;

    fn of(text: &str, customer: i64) -> Option<Short> {
        let mut bytes = [0; Short::MOST];
        bytes.get_mut(..text.len())?.copy_from_slice(text.as_bytes());
        Some(Short { bytes, len: u8::try_from(text.len()).ok()?, customer })
    }

    fn text(&self) -> ValueRef<'_> {
        ValueRef::Text(self.bytes.get(..usize::from(self.len)).unwrap_or_default())
    }
}

/// A longer one.
type Long = (String, i64);

impl Texts {
    /// The texts there are: the short ones, and those longer than any document or telephone, which come last in no order.
    fn wanted(&self, conn: &Connection) -> Result<(Vec<Short>, Vec<Long>), Failure> {
        let (mut texts, mut long) = (Vec::new(), Vec::new());
        let mut statement = conn.prepare(self.sql)?;
        let mut rows = statement.query([])?;
        while let Some(r) = rows.next()? {
            let (text, customer) = (r.get_ref(0)?.as_str().map_err(rusqlite::Error::from)?, r.get(1)?);
            match Short::of(text, customer) {
                Some(short) => texts.push(short),
                None => long.push((text.to_owned(), customer)),
            }
        }
        Ok((texts, long))
    }

    fn fill(&self, conn: &Connection, texts: &[Short], long: &[Long]) -> Result<(), Failure> {
        conn.execute_batch(&format!("DELETE FROM {}", self.table))?;
        let many = Many::of(&format!("INSERT OR FAIL INTO {} VALUES", self.table), 2);
        many.write(conn, texts, |text, to| {
            to.cell(ToSqlOutput::Borrowed(text.text()))?;
            to.cell(text.customer)
        })?;
        many.write(conn, long, |(text, customer), to| {
            to.cell(text)?;
            to.cell(customer)
        })?;
        Ok(())
    }

    /// Whether it is what a recount gives.
    fn agrees(&self, conn: &Connection) -> Result<bool, Failure> {
        let kept = format!("SELECT {}, customer FROM {}", self.column, self.table);
        let differ = |one: &str, other: &str| conn.prepare(&format!("{one} EXCEPT {other}"))?.exists([]);
        // Of several SELECTs EXCEPT takes the last alone.
        let wanted = format!("SELECT * FROM ({})", self.sql);
        Ok(!differ(&kept, &wanted)? && !differ(&wanted, &kept)?)
    }
}

impl Order {
    /// The rows it should have, in their order, cell after cell.
    fn wanted(&self, seats: &[Seat]) -> Vec<i64> {
        match self.columns.len() {
            2 => self.sorted::<2>(seats),
            3 => self.sorted::<3>(seats),
            4 => self.sorted::<4>(seats),
            5 => self.sorted::<5>(seats),
            _ => self.sorted::<MOST>(seats),
        }
    }

    fn sorted<const N: usize>(&self, seats: &[Seat]) -> Vec<i64> {
        // What descends is turned round for as long as it is sorted.
        let turned = |mut key: [i64; N]| {
            for (cell, (_, descends)) in key.iter_mut().zip(self.columns) {
                if *descends {
                    *cell = !*cell;
                }
            }
            key
        };
        let mut keys: Vec<[i64; N]> = Vec::with_capacity(seats.len());
        keys.extend(seats.iter().filter_map(self.row).filter_map(|key| key.first_chunk().copied()).map(turned));
        keys.sort_unstable();
        keys.iter_mut().for_each(|key| *key = turned(*key));
        keys.into_flattened()
    }

    fn fill(&self, conn: &Connection, wanted: &[i64]) -> Result<(), Failure> {
        conn.execute_batch(&format!("DELETE FROM {}", self.table))?;
        let width = self.columns.len();
        let many = Many::of(&format!("INSERT OR FAIL INTO {} VALUES", self.table), width);
        many.write(conn, wanted.chunks_exact(width), |row, to| row.iter().try_for_each(|cell| to.cell(cell)))?;
        Ok(())
    }

    /// Whether it is what a recount gives.
    fn agrees(&self, conn: &Connection, seats: &[Seat]) -> Result<bool, Failure> {
        let (wanted, width) = (self.wanted(seats), self.columns.len());
        let mut wanted = wanted.chunks_exact(width);
        let listed = |word: fn(&(&str, bool)) -> String| self.columns.iter().map(word).collect::<Vec<_>>().join(", ");
        let names = listed(|(name, _)| (*name).to_owned());
        let order = listed(|(name, down)| format!("{name}{}", if *down { " DESC" } else { "" }));
        let mut statement = conn.prepare(&format!("SELECT {names} FROM {} ORDER BY {order}", self.table))?;
        let mut rows = statement.query([])?;
        while let Some(r) = rows.next()? {
            let Some(row) = wanted.next() else { return Ok(false) };
            for (at, cell) in row.iter().enumerate() {
                if r.get::<_, i64>(at)? != *cell {
                    return Ok(false);
                }
            }
        }
        Ok(wanted.next().is_none())
    }
}

/// All customers as the orders need them, and what they are counted by.
#[derive(Default)]
pub struct Seats {
    seats: Vec<Seat>,
    /// By tier: customers, those with figures, their assets.
    tiers: BTreeMap<i64, [i64; 3]>,
    /// By visitor and day.
    visits: BTreeMap<(i64, i64), i64>,
    /// By tier and keeper.
    lacking: BTreeMap<(i64, i64), i64>,
    /// By area; none where those stay as they are.
    areas: Option<BTreeMap<String, i64>>,
}

impl Seats {
    /// Walks over the customers once, with their areas where these may have changed.
    ///
    /// # Errors
    /// What the file says.
    pub fn walk(conn: &Connection, areas: bool) -> Result<Seats, Failure> {
        let area = if areas { "area" } else { "''" };
        let sql = format!(
            "SELECT id, aum, coalesce(owner, 0), coalesce(visitor, 0), tier, coalesce(next_visit, 0), coalesce(stale, 0),
             coalesce(birth, 0), {BIRTHDAY}, lacking, {area} FROM customer NOT INDEXED"
        );
        let mut all = Seats { areas: areas.then(BTreeMap::new), ..Seats::default() };
        all.reserve(table::count(conn)?);
        let mut statement = conn.prepare(&sql)?;
        let mut rows = statement.query([])?;
        while let Some(r) = rows.next()? {
            let (owner, tier) = (r.get(2)?, r.get(4)?);
            let seat = Seat {
                id: r.get(0)?,
                aum: r.get::<_, Option<i64>>(1)?.unwrap_or(NO_FIGURES),
                owner,
                visitor: r.get(3)?,
                tier,
                next_visit: r.get(5)?,
                stale: r.get(6)?,
                birth: r.get(7)?,
                birthday: (r.get(8)?, r.get(9)?),
                lacks: lacks(r.get(10)?, tier, owner),
            };
            all.count(&seat, r.get_ref(11)?.as_str().map_err(rusqlite::Error::from)?);
            all.seats.push(seat);
        }
        Ok(all)
    }

    /// Adds a customer as they were derived just now: whoever goes through all of them need not walk over them again. What only archives
    /// say is left out.
    pub fn add(&mut self, id: CustomerId, f: &Facts, d: &Derived) {
        let day = |day: Option<NaiveDate>| day.map_or(0, |day| i32::try_from(cell::day(day)).unwrap_or_default());
        let owner = f.owner.map_or(0, |s| s.0);
        let tier = i32::try_from(cell::rank(d.tier)).unwrap_or(-1);
        let seat = Seat {
            id: id.0,
            aum: d.aum.map_or(NO_FIGURES, |aum| aum.0),
            owner,
            visitor: d.visitor.map_or(0, |s| s.0),
            tier,
            next_visit: day(d.next_visit),
            stale: day(d.stale),
            birth: 0,
            birthday: f.birthday,
            lacks: lacks(d.lacking, tier, owner),
        };
        self.count(&seat, "");
        self.seats.push(seat);
    }

    /// Makes room for so many.
    pub fn reserve(&mut self, count: usize) {
        self.seats.reserve_exact(count);
    }

    fn count(&mut self, seat: &Seat, area: &str) {
        let figures = seat.aum != NO_FIGURES;
        let [count, with, aum] = self.tiers.entry(seat.tier.into()).or_default();
        *count += 1;
        *with += i64::from(figures);
        *aum = aum.saturating_add(if figures { seat.aum } else { 0 });
        if let Some(day) = some(seat.next_visit) {
            *self.visits.entry((seat.visitor, day)).or_default() += 1;
        }
        if seat.lacks {
            *self.lacking.entry((seat.tier.into(), seat.owner)).or_default() += 1;
        }
        let Some(areas) = self.areas.as_mut().filter(|_| !area.is_empty()) else { return };
        match areas.get_mut(area) {
            Some(count) => *count += 1,
            None => drop(areas.insert(area.to_owned(), 1)),
        }
    }

    /// Fills these orders of numbers, and counts everything anew.
    ///
    /// # Errors
    /// What the file says.
    pub fn fill(self, conn: &Connection, orders: &[&Order]) -> Result<(), Failure> {
        let seats = self.seats.as_slice();
        thread::scope(|s| -> Result<(), Failure> {
            // The next order is sorted while one is written.
            let (ready, next) = mpsc::sync_channel(0);
            let sort = move || {
                // Whoever writes may have given up.
                let _ = orders.iter().try_for_each(|order| ready.send(order.wanted(seats)));
            };
            beside(s, sort)?;
            for order in orders {
                order.fill(conn, &next.recv().map_err(|_| broken())?)?;
            }
            Ok(())
        })?;
        self.put(conn)
    }

    fn put(self, conn: &Connection) -> Result<(), Failure> {
        conn.execute_batch("DELETE FROM tier_sum; DELETE FROM visit_sum; DELETE FROM lacking_sum")?;
        let mut put = conn.prepare("INSERT INTO tier_sum VALUES (?, ?, ?, ?)")?;
        for (tier, [count, figures, aum]) in self.tiers {
            put.execute([tier, count, figures, aum])?;
        }
        for (table, counts) in [("visit_sum", self.visits), ("lacking_sum", self.lacking)] {
            let mut put = conn.prepare(&format!("INSERT INTO {table} VALUES (?, ?, ?)"))?;
            for ((one, other), count) in counts {
                put.execute([one, other, count])?;
            }
        }
        let Some(areas) = self.areas else { return Ok(()) };
        conn.execute_batch("DELETE FROM area_sum")?;
        let mut put = conn.prepare("INSERT INTO area_sum VALUES (?, ?)")?;
        for (area, count) in areas {
            put.execute(params![area, count])?;
        }
        Ok(())
    }
}

/// Sorts something while something else is read or written.
///
/// # Errors
/// No thread is to be had.
pub fn beside<'s, T: Send + 's>(
    scope: &'s Scope<'s, '_>,
    sort: impl FnOnce() -> T + Send + 's,
) -> Result<ScopedJoinHandle<'s, T>, Failure> {
    let thread = thread::Builder::new().name("orders".to_owned());
    thread.spawn_scoped(scope, sort).map_err(|e| Failure::Drive(e.to_string()))
}

/// The one beside broke off.
pub fn broken() -> Failure {
    Failure::Drive("sorting broke off".to_owned())
}

/// Fills these orders of texts.
///
/// # Errors
/// What the file says.
pub fn fill_texts(conn: &Connection, all: &[Texts]) -> Result<(), Failure> {
    thread::scope(|s| {
        let mut read = Vec::new();
        for texts in all {
            // The next are read while these are sorted.
            let (mut short, long) = texts.wanted(conn)?;
            let sort = move || {
                short.sort_unstable();
                short
            };
            read.push((texts, beside(s, sort)?, long));
        }
        for (texts, sorted, long) in read {
            texts.fill(conn, &sorted.join().map_err(|_| broken())?, &long)?;
        }
        Ok(())
    })
}

/// Fills every order, and counts everything anew.
///
/// # Errors
/// What the file says.
pub fn refill_all(conn: &Connection) -> Result<(), Failure> {
    fill_texts(conn, &[DOCUMENTS, PHONES])?;
    Seats::walk(conn, true)?.fill(conn, &ORDERS.each_ref())
}

/// The orders that are not what a recount gives.
///
/// # Errors
/// What the file says.
pub fn strayed(conn: &Connection) -> Result<Vec<&'static str>, Failure> {
    let seats = Seats::walk(conn, false)?.seats;
    let mut strayed = Vec::new();
    for texts in [DOCUMENTS, PHONES] {
        if !texts.agrees(conn)? {
            strayed.push(texts.table);
        }
    }
    for order in &ORDERS {
        if !order.agrees(conn, &seats)? {
            strayed.push(order.table);
        }
    }
    Ok(strayed)
}

//! The customers in the orders that the queue, the board and the lists ask for. Triggers keep them row by row; when most of the rows change,
//! they are filled here, in one walk over the customers, each in its order. What the orders are for, the schema says.

use super::many::Many;
use super::request::Failure;
use rusqlite::types::{ToSqlOutput, ValueRef};
use rusqlite::{Connection, params};
use std::collections::BTreeMap;

/// Figures that are not there: the least number there is, so that they come last.
pub const NO_FIGURES: i64 = i64::MIN;
/// The most columns of an order.
const MOST: usize = 6;

/// A row of an order so that rows sort as the order does.
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

/// What the orders and counters need of a customer.
struct Seat {
    id: i64,
    aum: i64,
    owner: i64,
    visitor: i64,
    tier: i32,
    next_visit: Option<i32>,
    stale: Option<i32>,
    birth: Option<i32>,
    birthday: i32,
    lunar: bool,
    lacking: i32,
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
            let day = (s.birthday > 0).then_some(s.birthday)?;
            Some([s.lunar.into(), day.into(), s.tier.into(), s.aum, s.owner, s.id])
        },
    },
    Order {
        table: "visit_order",
        follows: &["next_visit", "tier", "aum"],
        columns: &[("day", UP), ("tier", DOWN), ("aum", DOWN), ("customer", UP)],
        row: |s| Some([s.next_visit?.into(), s.tier.into(), s.aum, s.id, 0, 0]),
    },
    Order {
        table: "visitor_order",
        follows: &["visitor", "next_visit", "tier", "aum"],
        columns: &[("visitor", UP), ("day", UP), ("tier", DOWN), ("aum", DOWN), ("customer", UP)],
        row: |s| Some([s.visitor, s.next_visit?.into(), s.tier.into(), s.aum, s.id, 0]),
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
        row: |s| s.lacks().then_some([s.tier.into(), s.owner, s.aum, s.id, 0, 0]),
    },
    Order {
        table: "keeper_order",
        follows: &["tier"],
        columns: &[("owner", UP), ("tier", UP), ("customer", UP)],
        row: |s| Some([s.owner, s.tier.into(), s.id, 0, 0, 0]),
    },
    Order {
        table: "stale_order",
        follows: &["stale"],
        columns: &[("stale", UP), ("customer", UP)],
        row: |s| Some([s.stale?.into(), s.id, 0, 0, 0, 0]),
    },
    Order {
        table: "birth_order",
        follows: &[],
        columns: &[("birth", UP), ("customer", UP)],
        row: |s| Some([s.birth?.into(), s.id, 0, 0, 0, 0]),
    },
];

/// An order of texts.
#[derive(Debug)]
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

impl Texts {
    /// Fills it anew. What is longer than any document or telephone comes last, in no order.
    ///
    /// # Errors
    /// What the file says.
    pub fn fill(&self, conn: &Connection) -> Result<(), Failure> {
        conn.execute_batch(&format!("DELETE FROM {}", self.table))?;
        let (mut texts, mut long): (Vec<Short>, Vec<(String, i64)>) = (Vec::new(), Vec::new());
        let mut statement = conn.prepare(self.sql)?;
        let mut rows = statement.query([])?;
        while let Some(r) = rows.next()? {
            let (text, customer) = (r.get_ref(0)?.as_str().map_err(rusqlite::Error::from)?, r.get(1)?);
            match Short::of(text, customer) {
                Some(short) => texts.push(short),
                None => long.push((text.to_owned(), customer)),
            }
        }
        texts.sort_unstable();
        let many = Many::new(&format!("INSERT INTO {} VALUES", self.table), "(?, ?)", 2);
        many.write(conn, &texts, |text, to| {
            to.cell(ToSqlOutput::Borrowed(text.text()))?;
            to.cell(text.customer)
        })?;
        many.write(conn, &long, |(text, customer), to| {
            to.cell(text.as_str())?;
            to.cell(*customer)
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

impl Seat {
    /// Whether an archive that lacks something is anybody's matter.
    fn lacks(&self) -> bool {
        self.lacking > 0 && (self.tier >= 2 || self.owner != 0)
    }
}

impl Order {
    fn names(&self) -> String {
        self.columns.iter().map(|(name, _)| *name).collect::<Vec<_>>().join(", ")
    }

    /// The rows it should have, sorted.
    fn wanted(&self, seats: &[Seat]) -> Vec<Key> {
        let mut keys: Vec<Key> = Vec::with_capacity(seats.len());
        keys.extend(seats.iter().filter_map(self.row).map(|key| self.turned(key)));
        keys.sort_unstable();
        keys
    }

    /// A row as it sorts, or that back as it is stored: what descends is turned round.
    fn turned(&self, mut key: Key) -> Key {
        for (cell, (_, descends)) in key.iter_mut().zip(self.columns) {
            if *descends {
                *cell = !*cell;
            }
        }
        key
    }

    fn fill(&self, conn: &Connection, seats: &[Seat]) -> Result<(), Failure> {
        conn.execute_batch(&format!("DELETE FROM {}", self.table))?;
        let marks = format!("({})", vec!["?"; self.columns.len()].join(", "));
        let many = Many::new(&format!("INSERT INTO {} VALUES", self.table), &marks, self.columns.len());
        many.write(conn, &self.wanted(seats), |key, to| {
            self.turned(*key).into_iter().take(self.columns.len()).try_for_each(|cell| to.cell(cell))
        })?;
        Ok(())
    }

    /// Whether it is what a recount gives.
    fn agrees(&self, conn: &Connection, seats: &[Seat]) -> Result<bool, Failure> {
        let mut wanted = self.wanted(seats).into_iter();
        let descend = |(name, down): &(&str, bool)| format!("{name}{}", if *down { " DESC" } else { "" });
        let order = self.columns.iter().map(descend).collect::<Vec<_>>().join(", ");
        let mut statement = conn.prepare(&format!("SELECT {} FROM {} ORDER BY {order}", self.names(), self.table))?;
        let mut rows = statement.query([])?;
        while let Some(r) = rows.next()? {
            let mut key = Key::default();
            for (at, cell) in key.iter_mut().enumerate().take(self.columns.len()) {
                *cell = r.get(at)?;
            }
            if wanted.next() != Some(self.turned(key)) {
                return Ok(false);
            }
        }
        Ok(wanted.next().is_none())
    }
}

/// What the customers are counted by.
#[derive(Default)]
struct Counts {
    /// By tier: customers, those with figures, their assets.
    tiers: BTreeMap<i64, [i64; 3]>,
    /// By visitor and day.
    visits: BTreeMap<(i64, i64), i64>,
    /// By tier and keeper.
    lacking: BTreeMap<(i64, i64), i64>,
    /// By area; none where those stay as they are.
    areas: Option<BTreeMap<String, i64>>,
}

impl Counts {
    fn add(&mut self, seat: &Seat, area: &str) {
        let figures = seat.aum != NO_FIGURES;
        let [count, with, aum] = self.tiers.entry(seat.tier.into()).or_default();
        *count += 1;
        *with += i64::from(figures);
        *aum = aum.saturating_add(if figures { seat.aum } else { 0 });
        if let Some(day) = seat.next_visit {
            *self.visits.entry((seat.visitor, day.into())).or_default() += 1;
        }
        if seat.lacks() {
            *self.lacking.entry((seat.tier.into(), seat.owner)).or_default() += 1;
        }
        let Some(areas) = self.areas.as_mut().filter(|_| !area.is_empty()) else { return };
        match areas.get_mut(area) {
            Some(count) => *count += 1,
            None => drop(areas.insert(area.to_owned(), 1)),
        }
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

/// Walks over the customers once.
fn seats(conn: &Connection, counts: &mut Counts) -> Result<Vec<Seat>, Failure> {
    let area = if counts.areas.is_some() { "area" } else { "''" };
    let sql = format!(
        "SELECT id, aum, coalesce(owner, 0), coalesce(visitor, 0), tier, next_visit, stale, birth, iif(keeps_lunar, lunar, solar), keeps_lunar,
         lacking, {area} FROM customer NOT INDEXED"
    );
    let mut statement = conn.prepare(&sql)?;
    let mut rows = statement.query([])?;
    let mut seats = Vec::new();
    while let Some(r) = rows.next()? {
        let seat = Seat {
            id: r.get(0)?,
            aum: r.get::<_, Option<i64>>(1)?.unwrap_or(NO_FIGURES),
            owner: r.get(2)?,
            visitor: r.get(3)?,
            tier: r.get(4)?,
            next_visit: r.get(5)?,
            stale: r.get(6)?,
            birth: r.get(7)?,
            birthday: r.get(8)?,
            lunar: r.get(9)?,
            lacking: r.get(10)?,
        };
        counts.add(&seat, r.get_ref(11)?.as_str().map_err(rusqlite::Error::from)?);
        seats.push(seat);
    }
    Ok(seats)
}

/// Fills these orders of numbers and counts everything anew, the areas only where they may have changed.
///
/// # Errors
/// What the file says.
pub fn refill<'o>(conn: &Connection, orders: impl IntoIterator<Item = &'o Order>, areas: bool) -> Result<(), Failure> {
    let mut counts = Counts { areas: areas.then(BTreeMap::new), ..Counts::default() };
    let seats = seats(conn, &mut counts)?;
    for order in orders {
        order.fill(conn, &seats)?;
    }
    counts.put(conn)
}

/// Fills every order, and counts everything anew.
///
/// # Errors
/// What the file says.
pub fn refill_all(conn: &Connection) -> Result<(), Failure> {
    DOCUMENTS.fill(conn)?;
    PHONES.fill(conn)?;
    refill(conn, &ORDERS, true)
}

/// The orders that are not what a recount gives.
///
/// # Errors
/// What the file says.
pub fn strayed(conn: &Connection) -> Result<Vec<&'static str>, Failure> {
    let seats = seats(conn, &mut Counts::default())?;
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

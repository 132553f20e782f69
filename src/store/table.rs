//! The customer table, row by row: what is read and written of it and how. What is derived is said in `derive`; what is asked, in
//! the modules of the books.

use super::branch::Branch;
use super::cell;
pub use super::cell::rank;
use super::dealings::tiers;
use super::derive::{self, Came, Derived, Facts, Latest, Own};
use super::many::Many;
use super::pen;
use super::request::{Failure, Stamp};
use crate::domain::calendar::lunar::LunarDay;
use crate::domain::customer::{Customer, Keeps, Sex, Sort};
use crate::domain::ids::{BatchId, CustomerId, StaffId};
use crate::domain::lifecycle::Stage;
use crate::domain::tier::{State, Tier};
use crate::domain::values::document::{Document, DocumentKind};
use crate::domain::values::money::Fen;
use crate::index::row::Row;
use chrono::{NaiveDate, NaiveDateTime};
use rusqlite::{Connection, OptionalExtension, ToSql, params};
use std::sync::OnceLock;

type Cells<'a> = rusqlite::Row<'a>;
type Read<T> = rusqlite::Result<T>;

/// A day in a column that may be empty.
pub fn date(r: &Cells<'_>, column: &str) -> Read<Option<NaiveDate>> {
    Ok(r.get::<_, Option<i64>>(column)?.and_then(cell::date))
}

fn days(d: Option<NaiveDate>) -> Option<i64> {
    d.map(cell::day)
}

fn small<T: TryFrom<i64> + Default>(n: i64) -> T {
    T::try_from(n).unwrap_or_default()
}

/// The columns of an index row, in the order that [`row`] reads them.
pub const ROW: &str = "id, no, name, document, phone, phone2, address, area, owner, assistant, aum, tier, stage, solar, lunar, \
                       keeps_lunar, next_visit, gaps, held_tier";

/// Reads an index row. By position, because a million of them are read.
///
/// # Errors
/// What the file says.
pub fn row(r: &Cells<'_>) -> Read<Row> {
    lent(r).map(|row| row.own())
}

/// As [`row`], the texts lent: whoever takes them apart at once needs no copy.
///
/// # Errors
/// What the file says.
pub fn lent<'a>(r: &'a Cells<'_>) -> Read<Row<&'a str>> {
    let text = |column: usize| -> Read<&str> { Ok(r.get_ref(column)?.as_str()?) };
    Ok(Row {
        id: CustomerId(r.get(0)?),
        no: text(1)?,
        name: text(2)?,
        document: text(3)?,
        phone: text(4)?,
        phone2: text(5)?,
        address: text(6)?,
        area: text(7)?,
        owner: r.get::<_, Option<i64>>(8)?.map(StaffId),
        assistant: r.get::<_, Option<i64>>(9)?.map(StaffId),
        aum: r.get::<_, Option<i64>>(10)?.map(Fen),
        tier: Tier::of_rank(r.get(11)?),
        stage: r.get::<_, Option<i64>>(12)?.and_then(Stage::of_rank),
        solar: small(r.get(13)?),
        lunar: small(r.get(14)?),
        keeps_lunar: r.get(15)?,
        next_visit: r.get::<_, Option<i64>>(16)?.and_then(cell::date),
        gaps: small(r.get(17)?),
        held: r.get::<_, Option<i64>>(18)?.is_some(),
    })
}

/// The index row of one customer.
///
/// # Errors
/// [`Failure::Gone`] when there is none.
pub fn row_of(conn: &Connection, id: CustomerId) -> Result<Row, Failure> {
    conn.prepare_cached(&format!("SELECT {ROW} FROM customer WHERE id = ?"))?
        .query_row([id.0], row)
        .optional()?
        .ok_or(Failure::Gone)
}

/// The columns of an archive, in the order that [`archive`] reads them.
pub const ARCHIVE: &str = "id, rev, no, sort, name, sex, birth, lunar_typed, keeps, document_kind, document, phone, phone2, address, \
                           area, owner, assistant, opened, opened_at, estimate, cadence, verified, notes, hand";

/// Reads an archive. By position, because an import reads one a row.
///
/// # Errors
/// What the file says.
pub fn archive(r: &Cells<'_>) -> Read<Customer> {
    let day = |i: usize| -> Read<Option<NaiveDate>> { Ok(r.get::<_, Option<i64>>(i)?.and_then(cell::date)) };
    let kind: Option<String> = r.get(9)?;
    let number: String = r.get(10)?;
    Ok(Customer {
        id: CustomerId(r.get(0)?),
        rev: r.get(1)?,
        no: r.get(2)?,
        sort: sort(r.get(3)?),
        name: r.get(4)?,
        sex: match r.get(5)? {
            Some(0) => Some(Sex::Male),
            Some(_) => Some(Sex::Female),
            None => None,
        },
        birth: day(6)?,
        lunar: r.get::<_, Option<i64>>(7)?.and_then(|k| LunarDay::of_key(small(k))),
        keeps: if r.get::<_, bool>(8)? { Keeps::Lunar } else { Keeps::Solar },
        document: kind
            .and_then(|k| DocumentKind::ALL.into_iter().find(|kind| kind.code() == k))
            .map(|kind| Document { kind, number }),
        phone: r.get(11)?,
        phone2: r.get(12)?,
        address: r.get(13)?,
        area: r.get(14)?,
        owner: r.get::<_, Option<i64>>(15)?.map(StaffId),
        assistant: r.get::<_, Option<i64>>(16)?.map(StaffId),
        opened: day(17)?,
        opened_at: r.get(18)?,
        estimate: r.get::<_, Option<i64>>(19)?.map(Fen),
        cadence: r.get::<_, Option<i64>>(20)?.map(small),
        verified: day(21)?,
        notes: cell::of_json(&r.get::<_, String>(22)?),
        hand: cell::of_json(&r.get::<_, String>(23)?),
    })
}

fn sort(cell: i64) -> Sort {
    match cell {
        1 => Sort::Business,
        2 => Sort::Prospect,
        _ => Sort::Person,
    }
}

/// The archive of one customer.
///
/// # Errors
/// [`Failure::Gone`] when there is none.
pub fn load(conn: &Connection, id: CustomerId) -> Result<Customer, Failure> {
    conn.prepare_cached(&format!("SELECT {ARCHIVE} FROM customer WHERE id = ?"))?
        .query_row([id.0], archive)
        .optional()?
        .ok_or(Failure::Gone)
}

/// The columns of [`Facts`], in the order that [`facts`] reads them.
pub const FACTS: &str = "iif(keeps_lunar, lunar, solar), keeps_lunar, sort, opened, cadence, owner, created_at, held_tier, held_until, as_of, balance, average, lapsed, last_contact, \
                         agreed, tried, tried_next, tries, skipped, put_off, handed_to, gaps, missing, aum, tier, stage, next_visit, \
                         visit_for, visitor, lacking, completeness, stale, reached, below_since, guarded_until";

/// Reads what standing follows from. By position, because a million of them are read.
///
/// # Errors
/// What the file says.
pub fn facts(r: &Cells<'_>) -> Read<Facts> {
    let day = |i: usize| -> Read<Option<NaiveDate>> { Ok(r.get::<_, Option<i64>>(i)?.and_then(cell::date)) };
    let (balance, average): (Option<i64>, Option<i64>) = (r.get(10)?, r.get(11)?);
    let figures =
        day(9)?.zip(balance).map(|(as_of, balance)| Latest { as_of, balance: Fen(balance), average: average.map(Fen) });
    let reached = state(figures.map(|f| f.as_of), r.get(32)?, day(33)?, day(34)?);
    let (lapsed, gaps) = (r.get(12)?, small(r.get(21)?));
    Ok(Facts {
        sort: sort(r.get(2)?),
        opened: day(3)?,
        cadence: r.get::<_, Option<i64>>(4)?.map(small),
        owner: r.get::<_, Option<i64>>(5)?.map(StaffId),
        created: cell::day_of(r.get_ref(6)?.as_str()?),
        held: r.get::<_, Option<i64>>(7)?.and_then(Tier::of_rank).zip(day(8)?),
        figures,
        came: Came::None,
        reached,
        folded: figures,
        lapsed,
        last_contact: day(13)?,
        agreed: day(14)?,
        tried: day(15)?,
        tried_next: day(16)?,
        tries: small(r.get(17)?),
        skipped: day(18)?,
        put_off: day(19)?,
        handed_to: r.get::<_, Option<i64>>(20)?.map(StaffId),
        gaps,
        missing: r.get(22)?,
        birthday: (r.get(0)?, r.get(1)?),
        was: Derived {
            aum: r.get::<_, Option<i64>>(23)?.map(Fen),
            tier: Tier::of_rank(r.get(24)?),
            stage: r.get::<_, Option<i64>>(25)?.and_then(Stage::of_rank),
            lapsed,
            next_visit: day(26)?,
            visit_for: day(27)?,
            visitor: r.get::<_, Option<i64>>(28)?.map(StaffId),
            gaps,
            lacking: r.get(29)?,
            completeness: r.get(30)?,
            stale: day(31)?,
            reached,
            moved: None,
        },
    })
}

/// The tier by rules as it is stored, beside the data date it is of.
pub fn state(
    as_of: Option<NaiveDate>,
    reached: i64,
    below_since: Option<NaiveDate>,
    guarded_until: Option<NaiveDate>,
) -> Option<State> {
    as_of.zip(Tier::of_rank(reached)).map(|(as_of, tier)| State { as_of, tier, below_since, guarded_until })
}

/// As [`facts`], of columns [`FACTS`] and then the id.
///
/// # Errors
/// What the file says.
pub fn facts_and_id(r: &Cells<'_>) -> Read<(CustomerId, Facts)> {
    Ok((CustomerId(r.get(35)?), facts(r)?))
}

/// How many customers there are, by the counters; while a large batch is light, these stand still.
///
/// # Errors
/// What the file says.
pub fn tallied(conn: &Connection) -> Result<u64, Failure> {
    let count: i64 =
        conn.prepare_cached("SELECT coalesce(sum(count), 0) FROM tier_sum")?.query_row([], |r| r.get(0))?;
    Ok(u64::try_from(count).unwrap_or_default())
}

/// How many customers there are, counted.
///
/// # Errors
/// What the file says.
pub fn count(conn: &Connection) -> Result<usize, Failure> {
    let count: i64 = conn.query_row("SELECT count(*) FROM customer", [], |r| r.get(0))?;
    Ok(usize::try_from(count).unwrap_or_default())
}

/// What a customer's standing follows from.
///
/// # Errors
/// [`Failure::Gone`] when there is no such customer.
pub fn facts_of(conn: &Connection, id: CustomerId) -> Result<Facts, Failure> {
    conn.prepare_cached(&format!("SELECT {FACTS} FROM customer WHERE id = ?"))?
        .query_row([id.0], facts)
        .optional()?
        .ok_or(Failure::Gone)
}

/// A new archive with all that is derived from it.
pub struct New<'a> {
    id: CustomerId,
    c: &'a Customer,
    own: Own,
    derived: Derived,
    hand: String,
    notes: String,
}

impl<'a> New<'a> {
    /// Derives what is stored of an archive that is begun now.
    ///
    /// # Errors
    /// What cannot be written as JSON.
    pub fn of(branch: &Branch, id: CustomerId, c: &'a Customer, stamp: &Stamp) -> Result<New<'a>, Failure> {
        let own = derive::own(c);
        let facts = Facts {
            sort: c.sort,
            opened: c.opened,
            cadence: c.cadence,
            owner: c.owner,
            created: stamp.at.date(),
            gaps: own.gaps,
            missing: own.missing,
            ..Facts::default()
        };
        let derived = derive::standing(&facts, branch, stamp.today);
        Ok(New { id, c, own, derived, hand: cell::json(&c.hand)?, notes: cell::json(&c.notes)? })
    }
}

/// The columns of a new archive, in the order that [`insert`] gives them.
const NEW: &str = "id, rev, no, name, document, phone, phone2, address, area, owner, assistant, tier, stage, solar, lunar, keeps_lunar, \
                   next_visit, visit_for, visitor, gaps, lacking, completeness, stale, missing, lapsed, sort, sex, birth, lunar_typed, \
                   keeps, document_kind, opened, opened_at, estimate, cadence, verified, hand, notes, updated_at, updated_by, created_at, \
                   created_batch";

/// Writes new archives.
///
/// # Errors
/// What the file says; a number that exists is refused by its constraint.
pub fn insert(conn: &Connection, news: &[New<'_>], stamp: &Stamp, batch: Option<BatchId>) -> Result<(), Failure> {
    static MANY: OnceLock<Many> = OnceLock::new();
    let many = MANY.get_or_init(|| Many::of(&format!("INSERT INTO customer ({NEW}) VALUES"), NEW.split(',').count()));
    let at = cell::time(stamp.at);
    many.write(conn, news, |new, row| {
        let New { id, c, own, derived: d, hand, notes } = new;
        row.cell(id.0)?;
        row.cell(c.rev.max(1))?;
        for text in [&c.no, &c.name, c.document_number(), &c.phone, &c.phone2, &c.address, &c.area] {
            row.cell(text)?;
        }
        row.cell(c.owner.map(|s| s.0))?;
        row.cell(c.assistant.map(|s| s.0))?;
        row.cell(rank(d.tier))?;
        row.cell(d.stage.map(|s| s as i64))?;
        row.cell(own.solar)?;
        row.cell(own.lunar)?;
        row.cell(own.keeps_lunar)?;
        row.cell(days(d.next_visit))?;
        row.cell(days(d.visit_for))?;
        row.cell(d.visitor.map(|s| s.0))?;
        row.cell(d.gaps)?;
        row.cell(d.lacking)?;
        row.cell(d.completeness)?;
        row.cell(days(d.stale))?;
        row.cell(own.missing)?;
        row.cell(d.lapsed)?;
        row.cell(c.sort as i64)?;
        row.cell(c.sex.map(|s| s as i64))?;
        row.cell(days(c.birth))?;
        row.cell(c.lunar.map(LunarDay::key))?;
        row.cell(c.keeps == Keeps::Lunar)?;
        row.cell(c.document.as_ref().map(|d| d.kind.code()))?;
        row.cell(days(c.opened))?;
        row.cell(&c.opened_at)?;
        row.cell(c.estimate.map(|f| f.0))?;
        row.cell(c.cadence)?;
        row.cell(days(c.verified))?;
        for text in [hand, notes, &at] {
            row.cell(text)?;
        }
        row.cell(stamp.by.0)?;
        row.cell(&at)?;
        row.cell(batch.map(|b| b.0))
    })?;
    Ok(())
}

/// Writes an archive over the one of rev `c.rev`, raises the rev, and derives anew. `false` when a colleague was first.
///
/// # Errors
/// What the file says.
pub fn update(conn: &Connection, branch: &Branch, c: &Customer, stamp: &Stamp) -> Result<bool, Failure> {
    let own = derive::own(c);
    let changed = put(
        conn,
        c.id,
        "rev = rev + 1, name = ?3, address = ?4, area = ?5, assistant = ?6, gaps = ?7, missing = ?8, sort = ?9, sex = ?10,
         lunar_typed = ?11, keeps = ?12, document_kind = ?13, opened = ?14, opened_at = ?15, estimate = ?16, cadence = ?17,
         verified = ?18, updated_at = ?19, updated_by = ?20, hand = ?21, notes = ?22",
        "AND rev = ?2",
        params![
            c.id.0,
            c.rev,
            c.name,
            c.address,
            c.area,
            c.assistant.map(|s| s.0),
            own.gaps,
            own.missing,
            c.sort as i64,
            c.sex.map(|s| s as i64),
            c.lunar.map(LunarDay::key),
            c.keeps == Keeps::Lunar,
            c.document.as_ref().map(|d| d.kind.code()),
            days(c.opened),
            c.opened_at,
            c.estimate.map(|f| f.0),
            c.cadence,
            days(c.verified),
            cell::time(stamp.at),
            stamp.by.0,
            cell::json(&c.hand)?,
            cell::json(&c.notes)?,
        ],
        &[
            ("no", &c.no),
            ("document", &c.document_number()),
            ("phone", &c.phone),
            ("phone2", &c.phone2),
            ("owner", &c.owner.map(|s| s.0)),
            ("solar", &own.solar),
            ("lunar", &own.lunar),
            ("keeps_lunar", &own.keeps_lunar),
            ("birth", &days(c.birth)),
        ],
    )?;
    if changed == 1 {
        let facts = facts_of(conn, c.id)?;
        settle(conn, branch, c.id, &facts, stamp.today)?;
    }
    Ok(changed == 1)
}

/// Derives everything of an archive anew. The rev stays: nothing in it changed.
///
/// # Errors
/// What the file says.
pub fn refresh(conn: &Connection, branch: &Branch, id: CustomerId, today: NaiveDate) -> Result<(), Failure> {
    let own = derive::own(&load(conn, id)?);
    conn.prepare_cached(
        "UPDATE customer SET solar = ?2, lunar = ?3, keeps_lunar = ?4, gaps = ?5, missing = ?6 WHERE id = ?1",
    )?
    .execute(params![id.0, own.solar, own.lunar, own.keeps_lunar, own.gaps, own.missing])?;
    let facts = Facts { came: Came::Any, ..facts_of(conn, id)? };
    settle(conn, branch, id, &facts, today)?;
    Ok(())
}

/// Derives a customer anew and writes what standing follows from, and what follows. What becomes of the tier by rules hangs on `f.came`, and
/// usually costs no reading (`dealings::tiers`). The rev stays: nobody's form shows these. Whoever settles because of figures or a hold writes the move that comes back (`dealings::moves`). `f` is as [`facts_of`] read it in
/// this very transaction, but for what is new.
///
/// # Errors
/// What the file says.
pub fn settle(
    conn: &Connection,
    branch: &Branch,
    id: CustomerId,
    f: &Facts,
    today: NaiveDate,
) -> Result<Derived, Failure> {
    let (f, d) = settled(conn, branch, id, f, today)?;
    pen::write(conn, id, &f, &d, today)?;
    Ok(d)
}

/// As [`settle`], but nothing is written yet.
///
/// # Errors
/// What the file says.
pub fn settled(
    conn: &Connection,
    branch: &Branch,
    id: CustomerId,
    f: &Facts,
    today: NaiveDate,
) -> Result<(Facts, Derived), Failure> {
    let (reached, why) = tiers::reached(conn, branch, id, f)?;
    let f = Facts { reached, ..f.clone() };
    let mut d = derive::standing(&f, branch, today);
    d.moved = derive::moved(&f, &d, why, today);
    Ok((f, d))
}

/// Updates a customer; `?1` is the id. Of the `keyed` columns only those that change are named: SQLite writes every index of a column that
/// is named, also when its value stays, and each is a page of the file, four operations of the drive (drive.md 3.1).
fn put(
    conn: &Connection,
    id: CustomerId,
    plain: &str,
    if_so: &str,
    values: &[&dyn ToSql],
    keyed: &[(&str, &dyn ToSql)],
) -> rusqlite::Result<usize> {
    let same: Vec<String> = keyed.iter().zip(2..).map(|((column, _), n)| format!("{column} IS ?{n}")).collect();
    let mut asked: Vec<&dyn ToSql> = vec![&id.0];
    asked.extend(keyed.iter().map(|(_, value)| *value));
    let same: Option<Vec<bool>> = conn
        .prepare_cached(&format!("SELECT {} FROM customer WHERE id = ?1", same.join(", ")))?
        .query_row(asked.as_slice(), |r| (0..keyed.len()).map(|n| r.get(n)).collect())
        .optional()?;
    let same = keyed.iter().zip(same.unwrap_or_default());
    let keyed: Vec<(&str, &dyn ToSql, bool)> = same.map(|((column, value), same)| (*column, *value, same)).collect();
    update_changed(conn, plain, if_so, values, &keyed)
}

/// Updates a customer, naming of the `keyed` columns those that are not the same as before.
fn update_changed(
    conn: &Connection,
    plain: &str,
    if_so: &str,
    values: &[&dyn ToSql],
    keyed: &[(&str, &dyn ToSql, bool)],
) -> rusqlite::Result<usize> {
    let (mut set, mut values) = (plain.to_owned(), values.to_vec());
    for (column, value, _) in keyed.iter().filter(|(.., same)| !same) {
        values.push(*value);
        set.push_str(&format!(", {column} = ?{}", values.len()));
    }
    conn.prepare_cached(&format!("UPDATE customer SET {set} WHERE id = ?1 {if_so}"))?.execute(values.as_slice())
}

/// When the archive was begun, and when and by whom it was last saved.
///
/// # Errors
/// What the file says.
pub fn times(r: &Cells<'_>) -> Read<(NaiveDateTime, NaiveDateTime, StaffId)> {
    let (created, updated): (String, String) = (r.get("created_at")?, r.get("updated_at")?);
    Ok((cell::moment(&created), cell::moment(&updated), StaffId(r.get("updated_by")?)))
}

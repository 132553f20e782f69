//! The customer table, row by row: what is read and written of it and how. What is derived is said in `derive`; what is asked, in
//! the modules of the books.

use super::branch::Branch;
use super::cell;
use super::derive::{self, Derived, Facts, Latest};
use super::request::{Failure, Stamp};
use crate::domain::calendar::lunar::LunarDay;
use crate::domain::customer::{Customer, Keeps, Sex, Sort};
use crate::domain::ids::{BatchId, CustomerId, StaffId};
use crate::domain::lifecycle::Stage;
use crate::domain::tier::Tier;
use crate::domain::values::document::Document;
use crate::domain::values::money::Fen;
use crate::index::row::Row;
use chrono::{NaiveDate, NaiveDateTime};
use rusqlite::{Connection, OptionalExtension, named_params};

type Cells<'a> = rusqlite::Row<'a>;
type Read<T> = rusqlite::Result<T>;

/// A day in a column that may be empty.
pub fn date(r: &Cells<'_>, column: &str) -> Read<Option<NaiveDate>> {
    Ok(r.get::<_, Option<i64>>(column)?.and_then(cell::date))
}

fn staff(r: &Cells<'_>, column: &str) -> Read<Option<StaffId>> {
    Ok(r.get::<_, Option<i64>>(column)?.map(StaffId))
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
    Ok(Row {
        id: CustomerId(r.get(0)?),
        no: r.get(1)?,
        name: r.get(2)?,
        document: r.get(3)?,
        phone: r.get(4)?,
        phone2: r.get(5)?,
        address: r.get(6)?,
        area: r.get(7)?,
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

/// Reads an archive from `SELECT *`.
///
/// # Errors
/// What the file says.
pub fn archive(r: &Cells<'_>) -> Read<Customer> {
    let number: String = r.get("document")?;
    let kind: Option<String> = r.get("document_kind")?;
    Ok(Customer {
        id: CustomerId(r.get("id")?),
        rev: r.get("rev")?,
        no: r.get("no")?,
        sort: match r.get("sort")? {
            1 => Sort::Business,
            2 => Sort::Prospect,
            _ => Sort::Person,
        },
        name: r.get("name")?,
        sex: match r.get("sex")? {
            Some(0) => Some(Sex::Male),
            Some(_) => Some(Sex::Female),
            None => None,
        },
        birth: date(r, "birth")?,
        lunar: r.get::<_, Option<i64>>("lunar_typed")?.and_then(|k| LunarDay::of_key(small(k))),
        keeps: if r.get::<_, bool>("keeps")? { Keeps::Lunar } else { Keeps::Solar },
        document: kind.and_then(|k| cell::of_code(&k)).map(|kind| Document { kind, number }),
        phone: r.get("phone")?,
        phone2: r.get("phone2")?,
        address: r.get("address")?,
        area: r.get("area")?,
        owner: staff(r, "owner")?,
        assistant: staff(r, "assistant")?,
        opened: date(r, "opened")?,
        opened_at: r.get("opened_at")?,
        estimate: r.get::<_, Option<i64>>("estimate")?.map(Fen),
        cadence: r.get::<_, Option<i64>>("cadence")?.map(small),
        verified: date(r, "verified")?,
        notes: cell::of_json(&r.get::<_, String>("notes")?),
        hand: cell::of_json(&r.get::<_, String>("hand")?),
    })
}

/// The archive of one customer.
///
/// # Errors
/// [`Failure::Gone`] when there is none.
pub fn load(conn: &Connection, id: CustomerId) -> Result<Customer, Failure> {
    conn.prepare_cached("SELECT * FROM customer WHERE id = ?")?
        .query_row([id.0], archive)
        .optional()?
        .ok_or(Failure::Gone)
}

const FACTS: &str = "sort, opened, cadence, owner, created_at, held_tier, held_until, as_of, balance, average, lapsed, last_contact, \
                     agreed, tried, tried_next, tries, skipped, put_off, handed_to, gaps, missing";

fn facts(r: &Cells<'_>) -> Read<Facts> {
    let (held_tier, held_until): (Option<i64>, _) = (r.get("held_tier")?, date(r, "held_until")?);
    let (balance, average): (Option<i64>, Option<i64>) = (r.get("balance")?, r.get("average")?);
    Ok(Facts {
        sort: match r.get("sort")? {
            1 => Sort::Business,
            2 => Sort::Prospect,
            _ => Sort::Person,
        },
        opened: date(r, "opened")?,
        cadence: r.get::<_, Option<i64>>("cadence")?.map(small),
        owner: staff(r, "owner")?,
        created: cell::moment(&r.get::<_, String>("created_at")?).date(),
        held: held_tier.and_then(Tier::of_rank).zip(held_until),
        figures: date(r, "as_of")?.zip(balance).map(|(as_of, balance)| Latest {
            as_of,
            balance: Fen(balance),
            average: average.map(Fen),
        }),
        lapsed: r.get("lapsed")?,
        last_contact: date(r, "last_contact")?,
        agreed: date(r, "agreed")?,
        tried: date(r, "tried")?,
        tried_next: date(r, "tried_next")?,
        tries: small(r.get("tries")?),
        skipped: date(r, "skipped")?,
        put_off: date(r, "put_off")?,
        handed_to: staff(r, "handed_to")?,
        gaps: small(r.get("gaps")?),
        missing: r.get("missing")?,
    })
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

/// Writes a new archive with all that is derived from it.
///
/// # Errors
/// What the file says; a number that exists is refused by its constraint.
pub fn insert(
    conn: &Connection,
    branch: &Branch,
    c: &Customer,
    stamp: &Stamp,
    batch: Option<BatchId>,
) -> Result<(), Failure> {
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
    let d = derive::standing(&facts, branch, stamp.today);
    let at = cell::time(stamp.at);
    conn.prepare_cached(
        "INSERT INTO customer (id, rev, no, name, document, phone, phone2, address, area, owner, assistant, tier, stage, solar,
         lunar, keeps_lunar, next_visit, visit_for, visitor, gaps, lacking, completeness, stale, missing, lapsed, sort, sex, birth,
         lunar_typed, keeps, document_kind, opened, opened_at, estimate, cadence, verified, created_at, created_batch,
         updated_at, updated_by, hand, notes)
         VALUES (:id, :rev, :no, :name, :document, :phone, :phone2, :address, :area, :owner, :assistant, :tier, :stage, :solar,
         :lunar, :keeps_lunar, :next_visit, :visit_for, :visitor, :gaps, :lacking, :completeness, :stale, :missing, :lapsed, :sort,
         :sex, :birth, :lunar_typed, :keeps, :document_kind, :opened, :opened_at, :estimate, :cadence, :verified, :at, :batch,
         :at, :by, :hand, :notes)",
    )?
    .execute(named_params! {
        ":id": c.id.0, ":rev": c.rev, ":no": c.no, ":name": c.name,
        ":document": c.document.as_ref().map_or("", |d| d.number.as_str()),
        ":phone": c.phone, ":phone2": c.phone2, ":address": c.address, ":area": c.area,
        ":owner": c.owner.map(|s| s.0), ":assistant": c.assistant.map(|s| s.0),
        ":tier": rank(d.tier), ":stage": d.stage.map(|s| s as i64),
        ":solar": own.solar, ":lunar": own.lunar, ":keeps_lunar": own.keeps_lunar,
        ":next_visit": days(d.next_visit), ":visit_for": days(d.visit_for), ":visitor": d.visitor.map(|s| s.0),
        ":gaps": d.gaps, ":lacking": d.lacking, ":completeness": d.completeness, ":stale": days(d.stale),
        ":missing": own.missing, ":lapsed": d.lapsed, ":sort": c.sort as i64, ":sex": c.sex.map(|s| s as i64),
        ":birth": days(c.birth), ":lunar_typed": c.lunar.map(LunarDay::key), ":keeps": c.keeps == Keeps::Lunar,
        ":document_kind": c.document.as_ref().map(|d| cell::code(&d.kind)),
        ":opened": days(c.opened), ":opened_at": c.opened_at, ":estimate": c.estimate.map(|f| f.0),
        ":cadence": c.cadence, ":verified": days(c.verified), ":at": at, ":batch": batch.map(|b| b.0), ":by": stamp.by.0,
        ":hand": cell::json(&c.hand)?, ":notes": cell::json(&c.notes)?,
    })?;
    Ok(())
}

/// Writes an archive over the one of rev `c.rev`, raises the rev, and derives anew. `false` when a colleague was first.
///
/// # Errors
/// What the file says.
pub fn update(conn: &Connection, branch: &Branch, c: &Customer, stamp: &Stamp) -> Result<bool, Failure> {
    let own = derive::own(c);
    let changed = conn
        .prepare_cached(
            "UPDATE customer SET rev = rev + 1, no = :no, name = :name, document = :document, phone = :phone, phone2 = :phone2,
             address = :address, area = :area, owner = :owner, assistant = :assistant, solar = :solar, lunar = :lunar,
             keeps_lunar = :keeps_lunar, gaps = :gaps, missing = :missing, sort = :sort, sex = :sex, birth = :birth,
             lunar_typed = :lunar_typed, keeps = :keeps, document_kind = :document_kind, opened = :opened,
             opened_at = :opened_at, estimate = :estimate, cadence = :cadence, verified = :verified, updated_at = :at,
             updated_by = :by, hand = :hand, notes = :notes WHERE id = :id AND rev = :rev",
        )?
        .execute(named_params! {
            ":id": c.id.0, ":rev": c.rev, ":no": c.no, ":name": c.name,
            ":document": c.document.as_ref().map_or("", |d| d.number.as_str()),
            ":phone": c.phone, ":phone2": c.phone2, ":address": c.address, ":area": c.area,
            ":owner": c.owner.map(|s| s.0), ":assistant": c.assistant.map(|s| s.0),
            ":solar": own.solar, ":lunar": own.lunar, ":keeps_lunar": own.keeps_lunar, ":gaps": own.gaps,
            ":missing": own.missing, ":sort": c.sort as i64, ":sex": c.sex.map(|s| s as i64),
            ":birth": days(c.birth), ":lunar_typed": c.lunar.map(LunarDay::key), ":keeps": c.keeps == Keeps::Lunar,
            ":document_kind": c.document.as_ref().map(|d| cell::code(&d.kind)),
            ":opened": days(c.opened), ":opened_at": c.opened_at, ":estimate": c.estimate.map(|f| f.0),
            ":cadence": c.cadence, ":verified": days(c.verified), ":at": cell::time(stamp.at), ":by": stamp.by.0,
            ":hand": cell::json(&c.hand)?, ":notes": cell::json(&c.notes)?,
        })?;
    if changed == 1 {
        let facts = facts_of(conn, c.id)?;
        settle(conn, branch, c.id, &facts, stamp.today)?;
    }
    Ok(changed == 1)
}

/// Writes what standing follows from, and what follows. The rev stays: nobody's form shows these.
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
    let d = derive::standing(f, branch, today);
    conn.prepare_cached(
        "UPDATE customer SET aum = :aum, tier = :tier, stage = :stage, next_visit = :next_visit, visit_for = :visit_for,
         visitor = :visitor, gaps = :gaps, held_tier = :held_tier, held_until = :held_until, lacking = :lacking,
         completeness = :completeness, stale = :stale, as_of = :as_of, balance = :balance, average = :average, lapsed = :lapsed,
         last_contact = :last_contact, agreed = :agreed, tried = :tried, tried_next = :tried_next, tries = :tries,
         skipped = :skipped, put_off = :put_off, handed_to = :handed_to WHERE id = :id",
    )?
    .execute(named_params! {
        ":id": id.0, ":aum": d.aum.map(|f| f.0), ":tier": rank(d.tier), ":stage": d.stage.map(|s| s as i64),
        ":next_visit": days(d.next_visit), ":visit_for": days(d.visit_for), ":visitor": d.visitor.map(|s| s.0),
        ":gaps": d.gaps,
        // A hold that ended is taken away when it is met, so that a row says itself whether it is held.
        ":held_tier": f.held.filter(|(_, u)| *u >= today).map(|(tier, _)| rank(Some(tier))),
        ":held_until": f.held.filter(|(_, u)| *u >= today).map(|(_, u)| cell::day(u)),
        ":lacking": d.lacking, ":completeness": d.completeness, ":stale": days(d.stale),
        ":as_of": f.figures.map(|x| cell::day(x.as_of)), ":balance": f.figures.map(|x| x.balance.0),
        ":average": f.figures.and_then(|x| x.average).map(|a| a.0), ":lapsed": d.lapsed,
        ":last_contact": days(f.last_contact), ":agreed": days(f.agreed), ":tried": days(f.tried),
        ":tried_next": days(f.tried_next), ":tries": f.tries, ":skipped": days(f.skipped), ":put_off": days(f.put_off),
        ":handed_to": f.handed_to.map(|s| s.0),
    })?;
    Ok(d)
}

/// A tier as stored: its rank, -1 for none.
pub fn rank(tier: Option<Tier>) -> i64 {
    tier.and_then(|x| i64::try_from(x.rank()).ok()).unwrap_or(-1)
}

/// When the archive was begun, and when and by whom it was last saved.
///
/// # Errors
/// What the file says.
pub fn times(r: &Cells<'_>) -> Read<(NaiveDateTime, NaiveDateTime, StaffId)> {
    let (created, updated): (String, String) = (r.get("created_at")?, r.get("updated_at")?);
    Ok((cell::moment(&created), cell::moment(&updated), StaffId(r.get("updated_by")?)))
}

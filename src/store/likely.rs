//! Who may be found by a search, from the keys in the file: all who are met at a level, level by level, until enough are listed. Who is
//! found, and in which order, the index says; it is asked about these few instead of everybody.

use super::customers::Likely;
use super::request::Failure;
use super::table;
use crate::domain::staff::Staff;
use crate::index::RANKED;
use crate::index::fold::Kind;
use crate::index::key::{self, Cut, level};
use crate::index::query::{Known, Query, Word, parse};
use crate::index::row::Row;
use chrono::NaiveDate;
use rusqlite::{CachedStatement, Connection, ToSql};
use std::collections::HashSet;

/// So many rows are fetched to be put in order; of more, the first are looked for in the order of assets.
const FEW: usize = 2_500;
/// So many rows are fetched where all of them are needed, or to find enough that meet.
const MOST: usize = 20_000;
/// A set of more ids says as little as everybody.
const SET: usize = 300_000;

/// So few rows are no good part of any branch that has parts worth telling.
const FEW_OF_ALL: usize = 32;

/// Rows that may be met at a level.
enum Set {
    Ids(Vec<i64>),
    Everybody,
}

/// The customers that a search may find; `None` when only the index can tell.
///
/// # Errors
/// What the file says.
pub fn likely(conn: &Connection, people: &[Staff], text: &str, limit: usize) -> Result<Option<Likely>, Failure> {
    let query = parse(text, &Known { people, areas: &[], today: NaiveDate::default(), me: None });
    if !query.filters.is_empty() || query.trouble.is_some() || limit == 0 {
        return Ok(None);
    }
    let few = |ids: Vec<i64>| -> Result<Option<Likely>, Failure> {
        let mut search = Search::new(conn, &query, limit)?;
        Ok(search.fetch(&ids)?.then_some(Likely { rows: search.rows, all: true }))
    };
    match query.words.as_slice() {
        [] => Ok(None),
        [word] if word.sole().is_some() => Search::new(conn, &query, limit)?.alone(word),
        // The word that fewest can have decides; the index tells who of them has the others.
        words => {
            let mut best: Option<Vec<i64>> = None;
            for word in words {
                let ids = sounding(conn, word)?;
                if let Some(ids) = ids.filter(|ids| best.as_ref().is_none_or(|b| ids.len() < b.len())) {
                    best = Some(ids);
                }
            }
            if best.as_ref().is_none_or(|b| b.len() > MOST) {
                let runs = words.iter().flat_map(|w| &w.runs);
                let digits =
                    runs.filter(|r| r.kind == Kind::Digits && !query.house_numbers()).max_by_key(|r| r.text.len());
                best = match digits.filter(|r| r.text.len() > 3) {
                    Some(run) => holding(conn, &run.text)?,
                    None => None,
                };
            }
            best.map_or(Ok(None), few)
        }
    }
}

/// All who may have a word by the sound of their name, if that can be told.
fn sounding(conn: &Connection, word: &Word) -> Result<Option<Vec<i64>>, Failure> {
    let mut best: Option<Vec<i64>> = None;
    for run in &word.runs {
        let cuts = match run.kind {
            Kind::Letters if word.runs.len() == 1 => key::letters(&run.text),
            Kind::Han if run.text.chars().nth(1).is_some() && !in_an_address(conn, &run.text)? => {
                vec![key::han(&run.text)]
            }
            _ => continue,
        };
        if cuts.is_empty() || cuts.iter().any(|cut| cut.places() < 2) {
            continue;
        }
        let mut ids = Vec::new();
        for further in [false, true] {
            keyed(conn, &cuts, further, &mut |_, _, id| ids.push(id))?;
        }
        ids.sort_unstable();
        ids.dedup();
        if best.as_ref().is_none_or(|b| ids.len() < b.len()) {
            best = Some(ids);
        }
    }
    Ok(best)
}

/// Hands over the ids whose keys fit, with the key and the cut.
fn keyed(conn: &Connection, cuts: &[Cut], further: bool, take: &mut dyn FnMut(&Cut, i64, i64)) -> Result<(), Failure> {
    let mut statement = conn.prepare_cached("SELECT key, customer FROM sound WHERE key BETWEEN ? AND ?")?;
    for cut in cuts {
        let (from, to) = cut.range(further);
        let mut rows = statement.query([from, to])?;
        while let Some(r) = rows.next()? {
            let key = r.get(0)?;
            if cut.fits(key) {
                take(cut, key, r.get(1)?);
            }
        }
    }
    Ok(())
}

/// Whether an address may hold this.
fn in_an_address(conn: &Connection, text: &str) -> Result<bool, Failure> {
    let sql = "SELECT EXISTS (SELECT 1 FROM place WHERE instr(text, ?))";
    Ok(conn.prepare_cached(sql)?.query_row([text], |r| r.get(0))?)
}

/// The ids that statements give, each asked with the same values; `None` when they are too many.
fn ids(conn: &Connection, statements: &[&str], values: &[&dyn ToSql]) -> Result<Option<Vec<i64>>, Failure> {
    let mut out = Vec::new();
    for sql in statements {
        let mut statement = conn.prepare_cached(sql)?;
        let mut rows = statement.query(values)?;
        while let Some(r) = rows.next()? {
            out.push(r.get(0)?);
            if out.len() > SET {
                return Ok(None);
            }
        }
    }
    out.sort_unstable();
    out.dedup();
    Ok(Some(out))
}

/// All whose numbers hold these digits. Each order is read through, which is a small part of reading the customers.
fn holding(conn: &Connection, digits: &str) -> Result<Option<Vec<i64>>, Failure> {
    let sql = [
        "SELECT customer FROM phone_order WHERE instr(phone, ?)",
        "SELECT customer FROM document_order WHERE instr(document, ?)",
        "SELECT id FROM customer WHERE instr(no, ?)",
    ];
    ids(conn, &sql, &[&digits])
}

/// Rows gathered level by level for a query of one word.
struct Search<'a> {
    conn: &'a Connection,
    query: &'a Query,
    limit: usize,
    one: CachedStatement<'a>,
    taken: HashSet<i64>,
    rows: Vec<Row>,
    /// How many of them are met at each level.
    met: [usize; 3],
}

impl<'a> Search<'a> {
    fn new(conn: &'a Connection, query: &'a Query, limit: usize) -> Result<Search<'a>, Failure> {
        let one = conn.prepare_cached(&format!("SELECT {} FROM customer WHERE id = ?", table::ROW))?;
        Ok(Search { conn, query, limit, one, taken: HashSet::new(), rows: Vec::new(), met: [0; 3] })
    }

    /// Fetches a row unless it was; the level at which it is met.
    fn row(&mut self, id: i64) -> Result<Option<usize>, Failure> {
        if !self.taken.insert(id) {
            return Ok(None);
        }
        let row = self.one.query_row([id], table::row)?;
        let level = level(&row, self.query);
        if let Some(met) = level.and_then(|l| self.met.get_mut(l)) {
            *met += 1;
        }
        self.rows.push(row);
        Ok(level)
    }

    /// Fetches all of these, if they are not too many.
    fn fetch(&mut self, ids: &[i64]) -> Result<bool, Failure> {
        if ids.len() > MOST {
            return Ok(false);
        }
        for id in ids {
            self.row(*id)?;
        }
        Ok(true)
    }

    /// The rows for a query of one word of one class.
    fn alone(mut self, word: &Word) -> Result<Option<Likely>, Failure> {
        let text = word.text.as_str();
        match word.sole() {
            Some(Kind::Digits) => self.digits(text),
            Some(Kind::Han) => {
                let sure = text.chars().nth(1).is_some() && !in_an_address(self.conn, text)?;
                let found = self.names(&[key::han(text)], sure)?;
                // Where hardly anybody has the name, those of the same sound are guessed.
                if found.is_some_and(|all| all) && self.met.iter().sum::<usize>() < 3 {
                    let mut same = Vec::new();
                    for further in [false, true] {
                        keyed(self.conn, &[key::sounding(text)], further, &mut |_, _, id| same.push(id))?;
                    }
                    if !self.fetch(&same)? {
                        return Ok(None);
                    }
                }
                Ok(self.done(found))
            }
            Some(Kind::Letters) => {
                let cuts = key::letters(text);
                let sure = cuts.iter().all(|cut| cut.places() > 1);
                let found = self.names(&cuts, sure)?;
                Ok(self.done(found))
            }
            None => Ok(None),
        }
    }

    /// What was gathered; a search that finds nobody looks for errors in the typing, which is for the index.
    fn done(self, found: Option<bool>) -> Option<Likely> {
        let any = self.met.iter().any(|n| *n > 0);
        found.filter(|_| any).map(|all| Likely { rows: self.rows, all })
    }

    /// Gathers names by their sound; `sure` when nobody else has the word. Whether all are gathered; `None` when it cannot be told.
    fn names(&mut self, cuts: &[Cut], sure: bool) -> Result<Option<bool>, Failure> {
        let (mut rest, mut levels) = (Vec::new(), [Vec::new(), Vec::new()]);
        keyed(self.conn, cuts, false, &mut |cut, key, id| match &mut levels {
            _ if cut.rest => rest.push(id),
            [whole, _] if cut.whole(key) => whole.push(id),
            [_, begun] => begun.push(id),
        })?;
        if !self.fetch(&rest)? {
            return Ok(None);
        }
        let mut all = true;
        for (level, ids) in levels.into_iter().enumerate() {
            match self.gather(Set::Ids(ids), level)? {
                Some(whole) => all &= whole,
                None => return Ok(None),
            }
            if self.enough(level) {
                return Ok(Some(false));
            }
        }
        let last = if sure {
            let mut ids = Vec::new();
            keyed(self.conn, cuts, true, &mut |_, _, id| ids.push(id))?;
            Set::Ids(ids)
        } else {
            Set::Everybody
        };
        Ok(self.gather(last, 2)?.map(|whole| all && whole))
    }

    /// Gathers those with a number of these digits. What a good part of all have (the region in an ID) the index ranks otherwise; short
    /// runs are like that.
    fn digits(mut self, text: &str) -> Result<Option<Likely>, Failure> {
        if text.len() < 4 {
            return Ok(None);
        }
        let all = table::tallied(self.conn)?;
        match holding(self.conn, text)? {
            Some(ids) if ids.len() < FEW_OF_ALL || (ids.len() as u64) < all / 128 => {
                let found = self.fetch(&ids)?.then_some(true);
                Ok(self.done(found))
            }
            _ => Ok(None),
        }
    }

    /// Whether the list is full at this level, so that what is met at a worse one is not on it.
    fn enough(&self, level: usize) -> bool {
        self.met.iter().take(level + 1).sum::<usize>() >= self.limit
    }

    /// Gathers a set: all of it when it is small, else those with most assets that are met at this level, as many as are ranked.
    /// Whether all were gathered; `None` when too many were looked at.
    fn gather(&mut self, set: Set, level: usize) -> Result<Option<bool>, Failure> {
        let room = self.limit.max(RANKED);
        let wanted: Option<HashSet<i64>> = match set {
            Set::Ids(ids) if ids.len() <= FEW => return self.fetch(&ids).map(|_| Some(true)),
            Set::Ids(ids) => Some(ids.into_iter().collect()),
            Set::Everybody => None,
        };
        let before: usize = self.met.iter().take(level).sum();
        let (mut looked, mut met) = (0, 0);
        // Without figures, behind those with them.
        for sql in [
            "SELECT customer FROM asset_order ORDER BY aum DESC, customer",
            "SELECT id FROM customer WHERE aum IS NULL ORDER BY id",
        ] {
            let mut statement = self.conn.prepare_cached(sql)?;
            let mut rows = statement.query([])?;
            while let Some(r) = rows.next()? {
                let id = r.get(0)?;
                if wanted.as_ref().is_some_and(|w| !w.contains(&id)) {
                    continue;
                }
                looked += 1;
                if looked > MOST {
                    return Ok(None);
                }
                met += usize::from(self.row(id)? == Some(level));
                if before + met >= room {
                    return Ok(Some(false));
                }
            }
        }
        Ok(Some(true))
    }
}

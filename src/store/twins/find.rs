//! Looking for pairs: one walk over the customers, in portions so that colleagues save in between; what is alike is found by sorting
//! fingerprints, and the pairs listed are looked at again as they stand. A million customers are one read of their table and some
//! 100 MB for as long as it lasts.

use super::{By, Found, Pair, ordered, read};
use crate::domain::agenda::Who;
use crate::domain::ids::CustomerId;
use crate::domain::values::document::canonical;
use crate::domain::values::money::Fen;
use crate::store::open::File;
use crate::store::request::{Answer, Failure};
use crate::store::wait;
use rusqlite::Connection;
use std::collections::{BTreeMap, HashSet};
use std::hash::{DefaultHasher, Hash, Hasher};

/// Pairs listed at most.
pub const MOST: usize = 200;
/// Customers read under one lock.
const PORTION: i64 = 5_000;
/// Archives alike by one thing of which every two are a pair; of more, each is one with the first.
const CROWD: usize = 6;

/// A customer by one thing they may have in common with another.
struct Print {
    by: By,
    print: u64,
    id: i64,
    /// Fingerprint of an ID number, 0 without: two different ones are two people.
    card: u64,
    aum: i64,
}

/// What one row says.
struct Seen {
    id: i64,
    name: String,
    document: String,
    phones: [String; 2],
    birth: Option<i64>,
    aum: i64,
}

const COLUMNS: &str = "id, name, document, phone, phone2, coalesce(aum, 0), birth";

fn seen(r: &rusqlite::Row<'_>) -> rusqlite::Result<Seen> {
    Ok(Seen {
        id: r.get(0)?,
        name: r.get(1)?,
        document: r.get(2)?,
        phones: [r.get(3)?, r.get(4)?],
        aum: r.get(5)?,
        birth: r.get(6)?,
    })
}

fn print<T: Hash>(of: T) -> u64 {
    let mut hasher = DefaultHasher::new();
    of.hash(&mut hasher);
    hasher.finish().max(1)
}

fn prints(s: &Seen) -> Vec<Print> {
    let document = canonical(&s.document);
    let card = if document.len() == 18 { print(&document) } else { 0 };
    let mut found = Vec::new();
    let mut add = |by, print| found.push(Print { by, print, id: s.id, card, aum: s.aum });
    if document.len() > 5 {
        add(By::Document, print(&document));
    }
    if !s.name.is_empty() {
        for (n, phone) in s.phones.iter().enumerate().filter(|(_, p)| !p.is_empty()) {
            if n == 0 || *phone != s.phones[0] {
                add(By::PhoneAndName, print((phone, &s.name)));
            }
        }
        if let Some(birth) = s.birth {
            add(By::NameAndBirthday, print((birth, &s.name)));
        }
    }
    found
}

impl File {
    /// Pairs that may be one person, with the latest merges.
    pub(in crate::store) fn twins(&mut self) -> Result<Answer, Failure> {
        let (mut all, mut last) = (Vec::new(), i64::MIN);
        loop {
            self.patience.renew(wait::FOR_A_READ);
            let tx = self.connection()?.transaction()?;
            let mut statement =
                tx.prepare_cached(&format!("SELECT {COLUMNS} FROM customer WHERE id > ? ORDER BY id LIMIT ?"))?;
            let (mut rows, mut count) = (statement.query([last, PORTION])?, 0);
            while let Some(r) = rows.next()? {
                let s = seen(r)?;
                (last, count) = (s.id, count + 1);
                all.extend(prints(&s));
            }
            if count < PORTION {
                break;
            }
        }
        self.patience.renew(wait::FOR_A_READ);
        let tx = self.connection()?.transaction()?;
        let apart: HashSet<(i64, i64)> = tx
            .prepare("SELECT a, b FROM apart")?
            .query_map([], |r| Ok((r.get(0)?, r.get(1)?)))?
            .collect::<rusqlite::Result<_>>()?;
        let pairs = alike(all, &apart);
        let total = pairs.len();
        let mut listed = Vec::new();
        for (a, b) in pairs {
            if listed.len() == MOST {
                break;
            }
            listed.extend(pair(&tx, a, b)?);
        }
        let found = Found { pairs: listed, total, recent: read::recent(&tx)?, apart: read::apart(&tx)? };
        Ok(Answer::Twins(super::Answer::Found(Box::new(found))))
    }
}

/// Every two that are alike, the surest first, then those with most assets.
fn alike(mut all: Vec<Print>, apart: &HashSet<(i64, i64)>) -> Vec<(i64, i64)> {
    all.sort_unstable_by_key(|p| (p.by, p.print, -p.aum, p.id));
    let mut found: BTreeMap<(i64, i64), (By, i64)> = BTreeMap::new();
    for group in all.chunk_by(|a, b| (a.by, a.print) == (b.by, b.print)).filter(|g| g.len() > 1) {
        for (n, a) in group.iter().enumerate() {
            if n > 0 && group.len() > CROWD {
                break;
            }
            for b in group.iter().skip(n + 1) {
                let two = a.card != 0 && b.card != 0 && a.card != b.card;
                let key = ordered(CustomerId(a.id), CustomerId(b.id));
                if a.id != b.id && !two && !apart.contains(&key) {
                    found.entry(key).or_insert((a.by, a.aum.saturating_add(b.aum)));
                }
            }
        }
    }
    let mut pairs: Vec<_> = found.into_iter().collect();
    pairs.sort_unstable_by_key(|((a, b), (by, aum))| (*by, -aum, *a, *b));
    pairs.into_iter().map(|(pair, _)| pair).collect()
}

/// A pair as it stands now, the one with more assets first; nothing when it is none any more.
fn pair(conn: &Connection, a: i64, b: i64) -> Result<Option<Pair>, Failure> {
    let load = |id: i64| -> Result<Option<(Seen, Who)>, Failure> {
        let mut statement = conn.prepare_cached(&format!("SELECT {COLUMNS} FROM customer WHERE id = ?"))?;
        let mut rows = statement.query([id])?;
        let Some(r) = rows.next()? else { return Ok(None) };
        Ok(Some((seen(r)?, read::one(conn, CustomerId(id))?)))
    };
    let (Some((x, one)), Some((y, other))) = (load(a)?, load(b)?) else { return Ok(None) };
    let mut by: Vec<By> = Vec::new();
    let (mine, theirs) = (prints(&x), prints(&y));
    for p in &mine {
        if theirs.iter().any(|q| (q.by, q.print) == (p.by, p.print)) && !by.contains(&p.by) {
            by.push(p.by);
        }
    }
    by.sort_unstable();
    let aum = |o: &Who| o.aum.unwrap_or(Fen(0));
    let (a, b) = if aum(&one) >= aum(&other) { (one, other) } else { (other, one) };
    Ok((!by.is_empty()).then_some(Pair { a, b, by }))
}

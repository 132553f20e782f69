//! The chain of the change log: what each row is hashed with, and whether every row fits the one before. In an encrypted file rows are hashed
//! with a key of the data key, so that nobody makes one up who has not opened the file; where that begins and ends is a segment. Rows are
//! written and read in `change`.

use super::key::{Key, LENGTH};
use super::request::Failure;
use rusqlite::types::ValueRef;
use rusqlite::{Connection, OptionalExtension, Row, params};
use std::fmt;
use std::ops::Deref;
use zeroize::Zeroizing;

/// Keeps hashes of this table from being taken for any other's.
const TAG: &[u8] = b"guitai-change-v1";
/// What the key of the log is derived for, and what the keys of earlier segments are sealed for.
const PURPOSE: &str = "log";
/// Rows read at a time when the chain is walked: no lock is held for long.
const PORTION: i64 = 5_000;

/// The columns a hash covers, and behind them the two of the chain.
pub(super) const HASHED: &str =
    "seq, at, by, station, entity, row, customer, before, after, reason, batch, op, prev, hash";

/// The key of a segment.
type LogKey = Zeroizing<[u8; LENGTH]>;

/// Whose hand writes the change log: the workstation's name, and the key its rows are hashed with, if the file has one.
#[derive(Clone, Default)]
pub struct Hand {
    station: String,
    key: Option<LogKey>,
}

impl fmt::Debug for Hand {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Hand({})", self.station)
    }
}

impl Deref for Hand {
    type Target = str;

    fn deref(&self) -> &str {
        &self.station
    }
}

impl Hand {
    /// The hand of a workstation of this name, in the file that the key opens.
    pub fn new(station: &str, key: &Key) -> Hand {
        Hand { station: station.to_owned(), key: key.derive(PURPOSE) }
    }

    /// The hash of a row that this hand writes behind the one with the hash `prev`.
    pub(super) fn hash(&self, fields: &[&str], prev: &[u8]) -> [u8; 32] {
        digest(self.key.as_ref(), fields, prev)
    }
}

/// Hash over length-prefixed fields, so that no text can be moved from one field into the next.
fn digest(key: Option<&LogKey>, fields: &[&str], prev: &[u8]) -> [u8; 32] {
    let mut hasher = key.map_or_else(blake3::Hasher::new, |key| blake3::Hasher::new_keyed(key));
    hasher.update(TAG);
    for field in fields.iter().map(|f| f.as_bytes()).chain([prev]) {
        hasher.update(&(field.len() as u64).to_le_bytes());
        hasher.update(field);
    }
    *hasher.finalize().as_bytes()
}

/// Says in a file that has no change yet that its rows are hashed with a key; nothing for a plain one.
///
/// # Errors
/// What the file says.
pub fn begin(conn: &Connection, key: &Key) -> Result<(), Failure> {
    if key.is_some() {
        segment(conn, key, &[])?;
    }
    Ok(())
}

/// Begins a new segment: from the next change on, rows are hashed with a key of `new`. What `old` hashed can still be checked. For whoever
/// encrypts, decrypts or gives another data key, on the copy that will be the file, in one transaction with what they do.
///
/// # Errors
/// The last segment is not of `old`, no random numbers, or what the file says.
pub fn turn(conn: &Connection, old: &Key, new: &Key) -> Result<(), Failure> {
    let mut past = Vec::new();
    let last = conn.query_row("SELECT keyed, past FROM chain ORDER BY n DESC LIMIT 1", [], |r| {
        Ok((r.get::<_, bool>(0)?, r.get::<_, Vec<u8>>(1)?))
    });
    if let Some((keyed, sealed)) = last.optional()? {
        let kept = old.open(PURPOSE, &sealed).and_then(|bytes| keys_of(&bytes));
        past = kept.ok_or_else(|| Failure::Drive("the log was sealed under another key".to_owned()))?;
        if keyed {
            past.push(old.derive(PURPOSE).ok_or_else(|| Failure::Drive("the log has a key".to_owned()))?);
        }
    }
    segment(conn, new, &past)
}

fn segment(conn: &Connection, key: &Key, past: &[LogKey]) -> Result<(), Failure> {
    let plain: Zeroizing<Vec<u8>> = Zeroizing::new(past.iter().flat_map(|k| k.iter().copied()).collect());
    let sealed = key.seal(PURPOSE, &plain).ok_or_else(|| Failure::Drive("no random numbers".to_owned()))?;
    conn.execute(
        "INSERT INTO chain VALUES ((SELECT coalesce(max(n), 0) + 1 FROM chain),
         (SELECT coalesce(max(seq), 0) + 1 FROM change), ?, ?)",
        params![key.is_some(), sealed],
    )?;
    Ok(())
}

/// Keys that lie one behind the other.
fn keys_of(bytes: &[u8]) -> Option<Vec<LogKey>> {
    let (keys, rest) = bytes.as_chunks::<LENGTH>();
    rest.is_empty().then(|| keys.iter().map(|key| Zeroizing::new(*key)).collect())
}

/// What the rows of a segment are hashed with.
enum Ink {
    /// Nothing.
    None,
    /// A key.
    Key(LogKey),
    /// A key that is not known: nothing in it can be checked.
    Lost,
}

/// A segment and the first change it covers.
struct Segment {
    since: i64,
    ink: Ink,
}

/// The segments, oldest first.
fn segments(conn: &Connection, key: &Key) -> Result<Vec<Segment>, Failure> {
    let mut found = vec![Segment { since: 0, ink: Ink::None }];
    // A file of an older program has none.
    if !conn.prepare("SELECT 1 FROM sqlite_schema WHERE name = 'chain'")?.exists([])? {
        return Ok(found);
    }
    let mut statement = conn.prepare("SELECT since, keyed, past FROM chain ORDER BY n")?;
    let rows: Vec<(i64, bool, Vec<u8>)> =
        statement.query_map([], |r| Ok((r.get(0)?, r.get(1)?, r.get(2)?)))?.collect::<rusqlite::Result<_>>()?;
    let past = rows.last().and_then(|(.., sealed)| key.open(PURPOSE, sealed)).and_then(|bytes| keys_of(&bytes));
    let mut past = past.unwrap_or_default().into_iter();
    let last = rows.len();
    for (at, (since, keyed, _)) in rows.into_iter().enumerate() {
        let known = if at + 1 == last { key.derive(PURPOSE) } else { past.next().filter(|_| keyed) };
        let ink = match (keyed, known) {
            (false, _) => Ink::None,
            (true, Some(key)) => Ink::Key(key),
            (true, None) => Ink::Lost,
        };
        found.push(Segment { since, ink });
    }
    Ok(found)
}

/// Why a row does not fit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Why {
    /// Rows before it are gone: their first number.
    Gap(i64),
    /// It does not name the hash of the one before.
    Link,
    /// It is not what was hashed.
    Content,
    /// It was hashed with a key that is not known.
    Key,
}

/// A row that does not fit the one before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Break {
    /// Its seq.
    pub seq: i64,
    /// Why.
    pub why: Why,
}

/// Every row that does not fit the one before. Reads the log in portions, so that saves get in between.
///
/// # Errors
/// What the file says.
pub fn breaks(conn: &Connection, key: &Key) -> Result<Vec<Break>, Failure> {
    let segments = segments(conn, key)?;
    let mut walk = Walk { segments, last: 0, due: vec![0; 32], found: Vec::new() };
    let mut statement =
        conn.prepare(&format!("SELECT {HASHED} FROM change WHERE seq > ? ORDER BY seq LIMIT {PORTION}"))?;
    loop {
        let (before, mut n) = (walk.last, 0);
        let mut rows = statement.query([before])?;
        while let Some(r) = rows.next()? {
            walk.step(r)?;
            n += 1;
        }
        if n < PORTION {
            return Ok(walk.found);
        }
    }
}

/// A walk along the chain.
struct Walk {
    segments: Vec<Segment>,
    last: i64,
    due: Vec<u8>,
    found: Vec<Break>,
}

impl Walk {
    fn step(&mut self, r: &Row<'_>) -> Result<(), Failure> {
        let text = |i: usize| -> rusqlite::Result<String> {
            Ok(match r.get_ref(i)? {
                ValueRef::Null => String::new(),
                ValueRef::Integer(n) => n.to_string(),
                other => other.as_str()?.to_owned(),
            })
        };
        let fields = (0..12).map(text).collect::<rusqlite::Result<Vec<_>>>()?;
        let fields: Vec<&str> = fields.iter().map(String::as_str).collect();
        let (seq, prev, hash): (i64, Vec<u8>, Vec<u8>) = (r.get(0)?, r.get(12)?, r.get(13)?);
        let ink = self.segments.iter().rev().find(|s| s.since <= seq).map_or(&Ink::None, |s| &s.ink);
        let fits = |key: Option<&LogKey>| hash == digest(key, &fields, &prev);
        let why = match ink {
            _ if seq != self.last + 1 => Some(Why::Gap(self.last + 1)),
            _ if prev != self.due => Some(Why::Link),
            Ink::Lost => Some(Why::Key),
            Ink::None if !fits(None) => Some(Why::Content),
            Ink::Key(key) if !fits(Some(key)) => Some(Why::Content),
            _ => None,
        };
        self.found.extend(why.map(|why| Break { seq, why }));
        (self.last, self.due) = (seq, hash);
        Ok(())
    }
}

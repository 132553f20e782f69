//! Who is in the file already, for a batch that asks row after row. A few asks are answered by the file's indexes; from a share of its
//! customers on, all their numbers are read once and kept, sixteen bytes each. What a row makes of an archive never lives here.

use super::request::Failure;
use crate::domain::ids::CustomerId;
use rusqlite::{Connection, OptionalExtension};
use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

/// Reading one customer's number in a scan costs about this many times less than looking it up.
const SCAN: u64 = 16;

/// Customers by one text of theirs.
#[derive(Debug)]
pub struct Known {
    one: &'static str,
    all: &'static str,
    asked: u64,
    kept: Option<Texts>,
}

impl Known {
    /// By customer number.
    pub fn by_no() -> Known {
        Known { one: "SELECT id FROM customer WHERE no = ?", all: "SELECT no, id FROM customer", asked: 0, kept: None }
    }

    /// Prospects, by the number of their document: whoever opens an account keeps the archive that was begun for them.
    pub fn prospects() -> Known {
        Known {
            one: "SELECT c.id FROM document_order o CROSS JOIN customer c ON c.id = o.customer
                  WHERE o.document = ? AND c.sort = 2 ORDER BY o.customer LIMIT 1",
            all: "SELECT document, id FROM customer WHERE document <> '' AND sort = 2 ORDER BY id",
            asked: 0,
            kept: None,
        }
    }

    /// The customer of this text. `before` is how many customers the file had when the batch began.
    ///
    /// # Errors
    /// What the file says.
    pub fn find(&mut self, conn: &Connection, text: &str, before: u64) -> Result<Option<CustomerId>, Failure> {
        if let Some(kept) = &mut self.kept {
            return Ok(kept.get(text));
        }
        self.asked += 1;
        if self.asked.saturating_mul(SCAN) <= before {
            return self.ask(conn, text);
        }
        let mut all = Texts::default();
        let mut statement = conn.prepare(self.all)?;
        let mut rows = statement.query([])?;
        while let Some(r) = rows.next()? {
            all.read(r.get_ref(0)?.as_str().map_err(rusqlite::Error::from)?, CustomerId(r.get(1)?));
        }
        all.in_order();
        Ok(self.kept.insert(all).get(text))
    }

    /// A customer came in with this text.
    pub fn came(&mut self, text: &str, id: CustomerId) {
        if let Some(kept) = self.kept.as_mut().filter(|_| !text.is_empty()) {
            kept.add(text, id);
        }
    }

    /// A customer's text is no longer this one; another may still have it.
    ///
    /// # Errors
    /// What the file says.
    pub fn left(&mut self, conn: &Connection, id: CustomerId, text: &str) -> Result<(), Failure> {
        if self.kept.is_none() || text.is_empty() {
            return Ok(());
        }
        let other = self.ask(conn, text)?;
        if let Some(kept) = &mut self.kept {
            if kept.get(text) == Some(id) {
                kept.remove(text);
            }
            if let Some(other) = other {
                kept.add(text, other);
            }
        }
        Ok(())
    }

    /// Forgets what was read, since somebody changed it.
    pub fn forget(&mut self) {
        (self.kept, self.asked) = (None, 0);
    }

    fn ask(&self, conn: &Connection, text: &str) -> Result<Option<CustomerId>, Failure> {
        Ok(conn.prepare_cached(self.one)?.query_row([text], |r| r.get(0).map(CustomerId)).optional()?)
    }
}

/// Customers by a text: numbers of at most 18 digits, which nearly all are, packed into a word. Whoever asks mostly goes through them in
/// their order.
#[derive(Debug, Default)]
struct Texts {
    /// Those that were read, by their words.
    packed: Vec<(u64, CustomerId)>,
    /// The one behind the last that was asked for.
    next: usize,
    /// What was added to them since, and what left.
    later: HashMap<u64, Option<CustomerId>, BuildHasherDefault<Mix>>,
    others: HashMap<Box<str>, CustomerId>,
}

impl Texts {
    /// Takes in one that was read; of several of one text the first stays.
    fn read(&mut self, text: &str, id: CustomerId) {
        match packed(text) {
            Some(key) => self.packed.push((key, id)),
            None => drop(self.others.entry(text.into()).or_insert(id)),
        }
    }

    /// Everything was read.
    fn in_order(&mut self) {
        self.packed.sort_by_key(|(key, _)| *key);
        self.packed.dedup_by_key(|(key, _)| *key);
        self.packed.shrink_to_fit();
    }

    fn get(&mut self, text: &str) -> Option<CustomerId> {
        let Some(key) = packed(text) else { return self.others.get(text).copied() };
        if let Some(later) = self.later.get(&key) {
            return *later;
        }
        if self.packed.get(self.next).is_none_or(|(next, _)| *next != key) {
            self.next = self.packed.partition_point(|(at, _)| *at < key);
        }
        let (at, id) = self.packed.get(self.next)?;
        let found = (*at == key).then_some(*id);
        self.next += usize::from(found.is_some());
        found
    }

    /// The first one stays.
    fn add(&mut self, text: &str, id: CustomerId) {
        if self.get(text).is_some() {
            return;
        }
        match packed(text) {
            Some(key) => drop(self.later.insert(key, Some(id))),
            None => drop(self.others.insert(text.into(), id)),
        }
    }

    fn remove(&mut self, text: &str) {
        match packed(text) {
            Some(key) => drop(self.later.insert(key, None)),
            None => drop(self.others.remove(text)),
        }
    }
}

/// Up to 18 digits as a word of their own, a one in front so that leading zeros count; the X that ends an ID number has a bit of its own.
fn packed(text: &str) -> Option<u64> {
    let (digits, mark) = match text.strip_suffix('X') {
        Some(rest) => (rest, 1 << 63),
        None => (text, 0),
    };
    if digits.is_empty() || digits.len() > 18 {
        return None;
    }
    let value = digits.bytes().try_fold(1_u64, |n, b| b.is_ascii_digit().then(|| n * 10 + u64::from(b - b'0')))?;
    Some(value | mark)
}

/// Spreads words that are numbered one after the other; nobody outside chooses them to meet.
#[derive(Debug, Default, Clone)]
pub struct Mix(u64);

impl Hasher for Mix {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for chunk in bytes.chunks(8) {
            let word = chunk.iter().fold(0, |n, b| (n << 8) | u64::from(*b));
            self.write_u64(word);
        }
    }

    fn write_u64(&mut self, n: u64) {
        let mixed = (self.0.rotate_left(29) ^ n).wrapping_mul(0x9E37_79B9_7F4A_7C15);
        self.0 = mixed ^ (mixed >> 32);
    }

    fn write_i64(&mut self, n: i64) {
        self.write_u64(n.cast_unsigned());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_two_texts_are_taken_for_each_other() {
        let texts =
            ["1", "01", "001", "10", "999999999999999999", "520325197202042450", "52032519720204245X", "X", "", "6A"];
        for (i, one) in texts.iter().enumerate() {
            let mut known = Texts::default();
            known.add(one, CustomerId(7));
            known.add(one, CustomerId(8));
            for (j, other) in texts.iter().enumerate() {
                assert_eq!(known.get(other), (i == j).then_some(CustomerId(7)), "{one} {other}");
            }
            known.remove(one);
            assert_eq!(known.get(one), None);
        }
    }

    #[test]
    fn whatever_the_order_everybody_is_found_by_their_number_and_nobody_else() {
        let number = |n: i64| format!("60{:04}", n * 37 % 1000);
        let mut known = Texts::default();
        (0..500).for_each(|n| known.read(&number(n), CustomerId(n)));
        known.read(&number(7), CustomerId(-1));
        known.in_order();
        known.add("70", CustomerId(70));
        known.add(&number(8), CustomerId(-1));
        known.remove(&number(9));
        let wanted = |n: i64| (n < 500 && n != 9).then_some(CustomerId(n));
        for n in (0..1000).chain((0..1000).rev()).chain((0..1000).map(|n| n * 501 % 1000)) {
            assert_eq!(known.get(&number(n)), wanted(n), "{n}");
        }
        let mut sorted: Vec<i64> = (0..1000).collect();
        sorted.sort_by_key(|n| number(*n));
        for n in sorted {
            assert_eq!(known.get(&number(n)), wanted(n), "{n}");
        }
        assert_eq!(known.get("70"), Some(CustomerId(70)));
        known.add(&number(9), CustomerId(9));
        assert_eq!(known.get(&number(9)), Some(CustomerId(9)));
    }
}

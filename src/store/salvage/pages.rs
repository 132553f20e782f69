//! The pages of a damaged file, read one by one without trusting any other: what SQLite reaches by walking down its trees, this finds
//! wherever it lies (<https://www.sqlite.org/fileformat2.html>). Which table a row is of is said in `shapes`.

use rusqlite::types::Value;
use std::collections::BTreeSet;

/// Bytes of a page of ours.
pub const SIZE: usize = 4096;

/// Where the first page's tree begins, behind the header of the file.
const HEADER: usize = 100;

/// A row as it lies in a page.
#[derive(Debug, Clone, PartialEq)]
pub struct Cell {
    /// Its row id, in tables that have one.
    pub rowid: Option<i64>,
    /// The columns in the order they are stored.
    pub values: Vec<Value>,
}

/// What a page holds.
#[derive(Debug, Clone, PartialEq)]
pub enum Page {
    /// Rows of a table by row id; a cell that cannot be read is nothing.
    Rows(Vec<Option<Cell>>),
    /// Rows of a table by its key, or entries of an index.
    Keys(Vec<Option<Cell>>),
    /// The way to other pages, which is not needed here.
    Way,
    /// No page of a tree.
    Other,
}

/// A file as pages, counted from 1.
pub struct Pages<'a>(&'a [u8], usize);

impl<'a> Pages<'a> {
    /// The pages of these bytes; a torn last one does not count.
    pub fn new(bytes: &'a [u8]) -> Pages<'a> {
        Pages(bytes, SIZE)
    }

    /// The same of a file that keeps bytes back at the end of each page, as an encrypted one does.
    pub fn keeping(bytes: &'a [u8], back: usize) -> Pages<'a> {
        Pages(bytes, SIZE - back)
    }

    /// How many are there.
    pub fn count(&self) -> u32 {
        u32::try_from(self.0.len() / SIZE).unwrap_or(u32::MAX)
    }

    /// How many the header says there are; 0 when it says nothing.
    pub fn said(&self) -> u32 {
        if self.0.starts_with(b"SQLite format 3\0") { word(self.0, 28).unwrap_or_default() } else { 0 }
    }

    fn page(&self, n: u32) -> Option<&'a [u8]> {
        let from = usize::try_from(n.checked_sub(1)?).ok()?.checked_mul(SIZE)?;
        self.0.get(from..from.checked_add(SIZE)?)
    }

    /// The pages that hold nothing any more, but may look as if they did; and whether the list of them could be read to its end.
    pub fn free(&self) -> (BTreeSet<u32>, bool) {
        let mut free = BTreeSet::new();
        let (Some(mut trunk), Some(all)) = (word(self.0, 32), word(self.0, 36)) else { return (free, false) };
        if self.said() == 0 {
            return (free, false);
        }
        while trunk != 0 {
            let Some(page) = self.page(trunk).filter(|_| free.insert(trunk)) else { return (free, false) };
            let leaves = word(page, 4).map_or(0, |n| n as usize);
            if leaves > self.1 / 4 - 2 {
                return (free, false);
            }
            free.extend((0..leaves).filter_map(|i| word(page, 8 + 4 * i)));
            trunk = word(page, 0).unwrap_or_default();
        }
        let whole = u32::try_from(free.len()).is_ok_and(|n| n == all);
        (free, whole)
    }

    /// What page `n` holds; the pages on which long rows go on are added to `used`.
    pub fn read(&self, n: u32, used: &mut BTreeSet<u32>) -> Page {
        let Some(page) = self.page(n) else { return Page::Other };
        let start = if n == 1 { HEADER } else { 0 };
        let Some(kind) = page.get(start) else { return Page::Other };
        let array = match kind {
            0x0d | 0x0a => start + 8,
            0x02 => start + 12,
            0x05 => return Page::Way,
            _ => return Page::Other,
        };
        let count = page.get(start + 3..start + 5).map_or(0, short);
        let end = array + 2 * count;
        if end > self.1 {
            return Page::Other;
        }
        let mut seen = BTreeSet::new();
        let cells = (0..count)
            .map(|i| {
                let at = page.get(array + 2 * i..array + 2 * i + 2).map_or(0, short);
                if at < end || !seen.insert(at) {
                    return None;
                }
                self.cell(page, at, *kind, used)
            })
            .collect();
        if *kind == 0x0d { Page::Rows(cells) } else { Page::Keys(cells) }
    }

    fn cell(&self, page: &[u8], at: usize, kind: u8, used: &mut BTreeSet<u32>) -> Option<Cell> {
        let mut rest = page.get(at..)?;
        if kind == 0x02 {
            rest = rest.get(4..)?;
        }
        let length = usize::try_from(varint(&mut rest)?).ok().filter(|n| *n > 0 && *n <= self.0.len())?;
        let rowid = if kind == 0x0d { Some(varint(&mut rest)?) } else { None };
        let payload = self.payload(rest, length, kind, used)?;
        Some(Cell { rowid, values: record(&payload)? })
    }

    /// A row's bytes, with those that lie on pages of their own.
    fn payload(&self, rest: &[u8], length: usize, kind: u8, used: &mut BTreeSet<u32>) -> Option<Vec<u8>> {
        let most = if kind == 0x0d { self.1 - 35 } else { (self.1 - 12) * 64 / 255 - 23 };
        if length <= most {
            return rest.get(..length).map(<[u8]>::to_vec);
        }
        let least = (self.1 - 12) * 32 / 255 - 23;
        let local = least + (length - least) % (self.1 - 4);
        let local = if local <= most { local } else { least };
        let mut bytes = rest.get(..local)?.to_vec();
        let mut next = word(rest, local)?;
        let mut own = BTreeSet::new();
        while bytes.len() < length {
            let page = self.page(next).filter(|_| own.insert(next))?;
            let part = (length - bytes.len()).min(self.1 - 4);
            bytes.extend_from_slice(page.get(4..4 + part)?);
            next = word(page, 0)?;
        }
        // The last page leads nowhere; one that does was another row's.
        (next == 0).then(|| {
            used.extend(own);
            bytes
        })
    }
}

/// The columns of a row; nothing when they are not exactly as long as the row says.
fn record(bytes: &[u8]) -> Option<Vec<Value>> {
    let mut rest = bytes;
    let header = usize::try_from(varint(&mut rest)?).ok()?;
    let mut types = bytes.get(bytes.len() - rest.len()..header)?;
    let mut body = bytes.get(header..)?;
    let mut values = Vec::new();
    while !types.is_empty() {
        let kind = varint(&mut types)?;
        let length = match kind {
            0 | 8 | 9 => 0,
            1..=4 => usize::try_from(kind).ok()?,
            5 => 6,
            6 | 7 => 8,
            12.. => usize::try_from((kind - 12) / 2).ok()?,
            _ => return None,
        };
        let (own, others) = body.split_at_checked(length)?;
        body = others;
        values.push(match kind {
            0 => Value::Null,
            8 => Value::Integer(0),
            9 => Value::Integer(1),
            1..=6 => Value::Integer(number(own)),
            7 => Value::Real(f64::from_be_bytes(own.try_into().ok()?)),
            n if n % 2 == 0 => Value::Blob(own.to_vec()),
            // No text of ours holds a zero; a page of zeros does.
            _ => Value::Text(std::str::from_utf8(own).ok().filter(|text| !text.contains('\0'))?.to_owned()),
        });
    }
    body.is_empty().then_some(values)
}

/// A signed number, the highest byte first.
fn number(bytes: &[u8]) -> i64 {
    let sign = bytes.first().is_some_and(|b| b & 0x80 != 0);
    bytes.iter().fold(if sign { -1 } else { 0 }, |n, b| n << 8 | i64::from(*b))
}

fn short(bytes: &[u8]) -> usize {
    bytes.iter().fold(0, |n, b| n << 8 | usize::from(*b))
}

fn word(bytes: &[u8], at: usize) -> Option<u32> {
    bytes.get(at..at + 4)?.try_into().ok().map(u32::from_be_bytes)
}

/// One to nine bytes, seven bits in each but the ninth.
fn varint(rest: &mut &[u8]) -> Option<i64> {
    let mut n: u64 = 0;
    for i in 0..9 {
        let (byte, others) = rest.split_first()?;
        *rest = others;
        if i == 8 {
            return Some((n << 8 | u64::from(*byte)).cast_signed());
        }
        n = n << 7 | u64::from(byte & 0x7f);
        if byte & 0x80 == 0 {
            break;
        }
    }
    Some(n.cast_signed())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::sync::LazyLock;

    #[test]
    fn numbers_are_read_as_sqlite_writes_them() {
        for (bytes, n) in [(&[0x7f][..], 127), (&[0x81, 0x00], 128), (&[0xff; 9], -1), (&[0x82, 0x80, 0x00], 1 << 15)] {
            let mut rest = bytes;
            assert_eq!((varint(&mut rest), rest.len()), (Some(n), 0), "{bytes:?}");
        }
        assert_eq!(varint(&mut [0x81].as_slice()), None);
        assert_eq!((number(&[0xff, 0xfe]), number(&[0x01, 0x00]), number(&[])), (-2, 256, 0));
    }

    #[test]
    fn a_record_of_another_length_than_it_says_is_none() {
        let good = [4, 0, 9, 17, b'a', b'b'];
        assert_eq!(record(&good), Some(vec![Value::Null, Value::Integer(1), Value::Text("ab".into())]));
        for bad in [
            &[4, 0, 9, 17, b'a'][..],
            &[4, 0, 9, 17, b'a', b'b', 0],
            &[4, 0, 10, 17, b'a', b'b'],
            &[9],
            &[],
            &[2, 15, 0],
        ] {
            assert_eq!(record(bad), None, "{bad:?}");
        }
    }

    #[test]
    fn bytes_that_are_no_file_give_nothing() {
        for bytes in [vec![], vec![0; 100], vec![0xa5; 3 * SIZE + 7], b"SQLite format 3\0".to_vec()] {
            let pages = Pages::new(&bytes);
            let mut used = BTreeSet::new();
            assert!((0..pages.count() + 2).all(|n| pages.read(n, &mut used) == Page::Other), "{}", bytes.len());
            assert!(!pages.free().1 && used.is_empty());
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig {
            cases: std::env::var("PROPTEST_CASES").ok().and_then(|n| n.parse().ok()).unwrap_or(200),
            failure_persistence: None,
            ..ProptestConfig::default()
        })]

        #[test]
        fn pages_with_anything_in_them(n in any::<u32>(), slips in prop::collection::vec((0..SIZE, any::<u8>()), 0..12), head in prop::collection::vec((0..HEADER, any::<u8>()), 0..3)) {
            static WHOLE: LazyLock<Vec<u8>> = LazyLock::new(|| {
                let folder = tempfile::tempdir().unwrap();
                let path = folder.path().join("a.db");
                let conn = rusqlite::Connection::open(&path).unwrap();
                crate::store::migrate::lay(&conn).unwrap();
                // Rows longer than a page, and free pages.
                conn.execute_batch(
                    "CREATE TABLE long (key TEXT PRIMARY KEY, value TEXT);
                     INSERT INTO long VALUES ('a', printf('%.20000c', 'x')), ('b', 'y'), ('c', printf('%.90000c', 'z'));
                     DELETE FROM long WHERE key = 'c';",
                )
                .unwrap();
                drop(conn);
                std::fs::read(path).unwrap()
            });
            let mut bytes = WHOLE.clone();
            let n = n % u32::try_from(bytes.len() / SIZE).unwrap();
            let (page, header) = (n as usize * SIZE, head);
            for (at, byte) in slips {
                bytes[page + at] = byte;
            }
            for (at, byte) in header {
                bytes[at] = byte;
            }
            let (pages, mut used) = (Pages::new(&bytes), BTreeSet::new());
            let _ = (pages.read(n + 1, &mut used), pages.free(), pages.said(), pages.count());
            let _ = Pages::keeping(&bytes, 80).read(n + 1, &mut used);
            prop_assert!(used.iter().all(|n| *n <= pages.count()));
        }
    }
}

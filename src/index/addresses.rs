//! Addresses: cut before the first digit into the place and the number, both numbered in dictionaries, for a county has few places
//! and few numbers but many customers. A typed part is looked for in the dictionaries, then its rows are taken.

use super::bits::Bits;
use super::fold::fold;
use super::nearly::near;
use super::numbers::Numbers;
use super::order::Order;
use super::postings::Postings;
use super::sets::Gather;
use super::touch::touch;
use std::collections::HashMap;

/// Texts numbered in the order met, joined in one string.
#[derive(Debug, Default)]
struct Texts {
    joined: String,
    ends: Vec<u32>,
    /// Folded forms of those that folding changes.
    folded: HashMap<u32, Box<str>>,
    /// Numbers of texts by a number made of each two neighbouring characters, when there are too many texts to look at all.
    pairs: Option<Postings>,
}

/// So many texts are looked at one by one.
const FEW: usize = 2_000;

fn pair(a: char, b: char) -> u32 {
    (u32::from(a).wrapping_mul(0x9e37_79b1) ^ u32::from(b).wrapping_mul(0x85eb_ca6b)) >> 16
}

impl Texts {
    fn add(&mut self, text: &str) {
        let id = self.ends.len() as u32;
        self.joined.push_str(text);
        self.ends.push(self.joined.len() as u32);
        let folded = fold(text);
        if folded != text {
            self.folded.insert(id, folded.into());
        }
    }

    fn close(&mut self) {
        self.joined.shrink_to_fit();
        self.ends.shrink_to_fit();
        if self.ends.len() > FEW {
            let pairs = Postings::build(self.ends.len(), 0x1_0000, true, |take| {
                for id in 0..self.ends.len() as u32 {
                    let mut keys: Vec<u32> = pairs(self.folded(id)).collect();
                    keys.sort_unstable();
                    keys.dedup();
                    keys.into_iter().for_each(|k| take(k, id));
                }
            });
            self.pairs = Some(pairs);
        }
    }

    fn get(&self, id: u32) -> &str {
        let end = |i: usize| self.ends.get(i).map_or(0, |e| *e as usize);
        let from = (id as usize).checked_sub(1).map_or(0, end);
        self.joined.get(from..end(id as usize)).unwrap_or("")
    }

    fn folded(&self, id: u32) -> &str {
        match self.folded.get(&id) {
            Some(text) => text,
            None => self.get(id),
        }
    }

    /// The texts that pass, of those that hold `part`, which has two characters at least.
    fn holding(&self, part: &str, mut passes: impl FnMut(&str) -> bool) -> Vec<u32> {
        let mut out = Vec::new();
        let mut look = |id: u32| {
            if passes(self.folded(id)) {
                out.push(id);
            }
        };
        let rarest = self.pairs.as_ref().and_then(|p| pairs(part).map(|k| p.get(k)).min_by_key(|r| r.count()));
        match rarest {
            Some(rows) => rows.each(look),
            None => (0..self.ends.len() as u32).for_each(&mut look),
        }
        out
    }

    fn bytes(&self) -> usize {
        self.joined.capacity()
            + self.ends.capacity() * 4
            + self.folded.values().map(|s| 32 + s.len()).sum::<usize>()
            + self.pairs.as_ref().map_or(0, Postings::bytes)
    }
}

fn pairs(text: &str) -> impl Iterator<Item = u32> + '_ {
    text.chars().zip(text.chars().skip(1)).map(|(a, b)| pair(a, b))
}

/// Addresses of a segment.
#[derive(Debug, Default)]
pub struct Addresses {
    places: Texts,
    numbers: Texts,
    /// Place and number of each row.
    place: Vec<u32>,
    number: Vec<u32>,
    /// Rows by place and by number.
    by_place: Postings,
    by_number: Postings,
    /// Numbers (of the dictionary) by the house numbers in them, up to four digits.
    houses: Postings,
}

/// Where the number of an address begins.
fn split(address: &str) -> (&str, &str) {
    // Full-width digits are EF BC 90 to 99 in UTF-8, and no character ends or goes on so.
    let digit =
        |at: &usize| matches!(address.as_bytes().get(*at..), Some([b'0'..=b'9', ..] | [0xef, 0xbc, 0x90..=0x99, ..]));
    let at = (0..address.len()).find(digit).unwrap_or(address.len());
    address.split_at_checked(at).unwrap_or((address, ""))
}

/// The runs of digits of a text.
fn runs(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_ascii_digit()).filter(|r| !r.is_empty())
}

/// A number of at most four digits with its length, for `012` is not `12`.
fn house(run: &str) -> Option<u32> {
    let n: u32 = (run.len() <= 4).then(|| run.parse().ok())??;
    Some(run.len() as u32 * 10_000 + n)
}

/// Addresses as they arrive.
#[derive(Debug, Default)]
pub struct Arrived {
    so_far: Addresses,
    seen: [Numbers<Box<str>>; 2],
}

impl Arrived {
    /// The next one.
    pub fn push(&mut self, address: &str) {
        let (place, number) = split(address);
        let [places, numbers] = &mut self.seen;
        let out = &mut self.so_far;
        let add = |texts: &mut Texts, text: &str| {
            texts.add(text);
            text.into()
        };
        out.place.push(places.of(place, || add(&mut out.places, place)));
        out.number.push(numbers.of(number, || add(&mut out.numbers, number)));
    }
}

impl Addresses {
    /// Builds from all that arrived.
    pub fn build(arrived: Arrived, order: &Order) -> Addresses {
        let mut out = arrived.so_far;
        out.place = order.arrange(&out.place);
        out.number = order.arrange(&out.number);
        out.places.close();
        out.numbers.close();
        let by = |column: &[u32], texts: &Texts| {
            Postings::build(column.len(), texts.ends.len(), true, |take| {
                column.iter().enumerate().for_each(|(row, id)| take(*id, row as u32));
            })
        };
        out.by_place = by(&out.place, &out.places);
        out.by_number = by(&out.number, &out.numbers);
        out.houses = Postings::build(out.numbers.ends.len(), 50_000, false, |take| {
            for id in 0..out.numbers.ends.len() as u32 {
                let mut keys: Vec<u32> = runs(out.numbers.folded(id)).filter_map(house).collect();
                keys.sort_unstable();
                keys.dedup();
                keys.into_iter().for_each(|k| take(k, id));
            }
        });
        out
    }

    /// Brings rows to hand.
    pub fn touch(&self, rows: &[u32]) {
        touch(&self.place, rows);
        touch(&self.number, rows);
    }

    /// The address of a row.
    pub fn get(&self, row: u32) -> String {
        let place = self.place.get(row as usize).map_or("", |p| self.places.get(*p));
        let number = self.number.get(row as usize).map_or("", |n| self.numbers.get(*n));
        format!("{place}{number}")
    }

    /// Gathers the rows whose address holds this, two characters at least.
    pub fn part(&self, text: &str, into: &mut Gather) {
        if text.chars().nth(1).is_none() {
            return;
        }
        self.take(&self.by_place, self.places.holding(text, |p| p.contains(text)), self.places.ends.len(), into);
        self.take(&self.by_number, self.numbers.holding(text, |n| n.contains(text)), self.numbers.ends.len(), into);
        // What ends a place and begins a number.
        let (head, tail) = split(text);
        if head.is_empty() || tail.is_empty() {
            return;
        }
        let places = if head.chars().nth(1).is_some() {
            self.places.holding(head, |p| p.ends_with(head))
        } else {
            (0..self.places.ends.len() as u32).filter(|id| self.places.folded(*id).ends_with(head)).collect()
        };
        for place in places {
            self.by_place.get(place).each(|row| {
                if self.number.get(row as usize).is_some_and(|n| self.numbers.folded(*n).starts_with(tail)) {
                    into.add(row, 2);
                }
            });
        }
    }

    fn take(&self, postings: &Postings, ids: Vec<u32>, of: usize, into: &mut Gather) {
        let rows = self.place.len();
        let met: usize = ids.iter().map(|id| postings.get(*id).count()).sum();
        if met * 2 > rows {
            // The province is in every address: it is quicker to take out the few that lack it.
            let mut all = Bits::range(rows, 0, rows);
            let mut ids = ids.into_iter().peekable();
            for id in 0..of as u32 {
                if ids.next_if_eq(&id).is_none() {
                    postings.get(id).each(|row| all.clear(row));
                }
            }
            into.add_bits(&all, 2);
        } else if met * 64 > rows {
            let mut bits = Bits::new(rows);
            ids.iter().for_each(|id| postings.get(*id).put(&mut bits));
            into.add_bits(&bits, 2);
        } else {
            ids.iter().for_each(|id| postings.get(*id).each(|row| into.add(row, 2)));
        }
    }

    /// Gathers the rows with just this house number.
    pub fn house(&self, digits: &str, into: &mut Gather) {
        let Some(key) = house(digits) else { return };
        self.houses.get(key).each(|id| self.by_number.get(id).each(|row| into.add(row, 2)));
    }

    /// Gathers, at `level`, the rows whose place holds this but for one error.
    pub fn near(&self, typed: &[char], level: u8, into: &mut Gather) {
        let text: String = typed.iter().collect();
        let mut ids: Vec<u32> = match &self.places.pairs {
            None => (0..self.places.ends.len() as u32).collect(),
            Some(by) => {
                let mut ids = Vec::new();
                pairs(&text).for_each(|k| by.get(k).each(|id| ids.push(id)));
                ids
            }
        };
        ids.sort_unstable();
        ids.dedup();
        ids.retain(|id| {
            let place = self.places.folded(*id);
            let known = typed.iter().filter(|c| place.contains(**c)).count();
            known + 1 >= typed.len() && {
                let place: Vec<char> = place.chars().collect();
                near(&place, typed).is_some()
            }
        });
        ids.into_iter().for_each(|id| self.by_place.get(id).each(|row| into.add(row, level)));
    }

    /// Bytes held.
    pub fn bytes(&self) -> usize {
        self.places.bytes()
            + self.numbers.bytes()
            + (self.place.capacity() + self.number.capacity()) * 4
            + self.by_place.bytes()
            + self.by_number.bytes()
            + self.houses.bytes()
    }
}

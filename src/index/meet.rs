//! Whether one customer meets one word, where, and how well: the definition of what is found. The sets of `segment` agree with it
//! (a test holds that); it is asked itself only of the short list that is ranked and marked.

use super::fold::{Kind, find, fold_at, fold_char};
use super::hits::{Field, Matched};
use super::pinyin::{self, Read};
use super::query::{Run, Word};
use super::row::Row;
use super::spell::{Fit, fit, reach};

/// How well a word is met: smaller is better. The sets of `segment` know three levels of it: the whole field or its last digits,
/// from the beginning, anywhere.
pub mod class {
    /// The whole field.
    pub const EXACT: u8 = 0;
    /// All syllables by their beginnings; the last four or more digits.
    pub const CLOSE: u8 = 1;
    /// From the beginning of the field.
    pub const PREFIX: u8 = 2;
    /// Somewhere inside.
    pub const PART: u8 = 3;
    /// In the address.
    pub const ADDRESS: u8 = 4;
    /// The number of a house.
    pub const HOUSE: u8 = 5;
}

/// A word met.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Met {
    /// How well.
    pub class: u8,
    /// Where, best first.
    pub matched: Vec<Matched>,
}

impl Met {
    fn at(class: u8, field: Field, at: Vec<usize>) -> Met {
        Met { class, matched: vec![Matched { field, at, han: Vec::new() }] }
    }

    /// Both: the better class, all the places.
    fn or(self, other: Option<Met>) -> Met {
        let Some(other) = other else { return self };
        let (mut first, second) = if other.class < self.class { (other, self) } else { (self, other) };
        first.matched.extend(second.matched);
        first
    }
}

fn either(a: Option<Met>, b: Option<Met>) -> Option<Met> {
    match a {
        Some(a) => Some(a.or(b)),
        None => b,
    }
}

/// Whether `row`, whose name reads as `read`, meets `word`; whole, or run by run. `houses`: see `Query::house_numbers`.
pub fn meet(row: &Row, read: &[Read], word: &Word, houses: bool) -> Option<Met> {
    let whole = whole(row, read, word, houses);
    if word.runs.len() < 2 {
        return whole;
    }
    let mut parts: Option<Met> = None;
    for run in &word.runs {
        let Some(met) = self::run(row, read, run, houses) else { return whole };
        parts = Some(match parts {
            None => met,
            Some(mut before) => {
                before.class = before.class.max(met.class);
                before.matched.extend(met.matched);
                before
            }
        });
    }
    either(whole, parts)
}

fn whole(row: &Row, read: &[Read], word: &Word, houses: bool) -> Option<Met> {
    if let [one] = word.runs.as_slice() {
        return run(row, read, one, houses);
    }
    if word.has(Kind::Han) {
        return address(row, &word.text).or_else(|| name(row, &word.text));
    }
    // Letters and digits: a passport, or the last digits of an ID card with its X, a customer number with letters.
    either(code(&row.document, Field::Id, &word.text), code(&row.no, Field::No, &word.text))
}

fn run(row: &Row, read: &[Read], run: &Run, houses: bool) -> Option<Met> {
    match run.kind {
        Kind::Han => either(name(row, &run.text), address(row, &run.text)),
        Kind::Letters => letters(read, &run.text),
        Kind::Digits => {
            let codes = [
                (&row.phone, Field::Phone),
                (&row.phone2, Field::Phone2),
                (&row.document, Field::Id),
                (&row.no, Field::No),
            ];
            let met = codes.into_iter().fold(None, |met, (text, field)| either(met, code(text, field, &run.text)));
            if houses && run.text.len() <= 4 { either(met, house(row, &run.text)) } else { met }
        }
    }
}

fn name(row: &Row, text: &str) -> Option<Met> {
    let folded = fold_at(&row.name);
    let at = find(&folded, text)?;
    let class = if at.len() == folded.len() {
        class::EXACT
    } else if at.first() == folded.first().map(|(_, i)| i) {
        class::PREFIX
    } else {
        class::PART
    };
    Some(Met::at(class, Field::Name, at))
}

/// One character of an address is met by everybody's province; two begin to say something.
fn address(row: &Row, text: &str) -> Option<Met> {
    text.chars().nth(1)?;
    Some(Met::at(class::ADDRESS, Field::Address, place(&row.address, text)?))
}

/// Where `part` stands in `whole`, as [`find`] says, without a copy where folding changes nothing.
fn place(whole: &str, part: &str) -> Option<Vec<usize>> {
    match whole.find(part) {
        Some(byte) if whole.chars().all(|c| fold_char(c) == Some(c)) => {
            let from = whole.char_indices().take_while(|(i, _)| *i < byte).count();
            Some((from..from + part.chars().count()).collect())
        }
        None if whole.chars().all(|c| fold_char(c) == Some(c)) => None,
        _ => find(&fold_at(whole), part),
    }
}

fn house(row: &Row, digits: &str) -> Option<Met> {
    let folded = fold_at(&row.address);
    let number = folded
        .chunk_by(|a, b| a.0.is_ascii_digit() == b.0.is_ascii_digit())
        .find(|run| run.iter().map(|(c, _)| *c).eq(digits.chars()))?;
    Some(Met::at(class::HOUSE, Field::Address, number.iter().map(|(_, i)| *i).collect()))
}

fn code(text: &str, field: Field, part: &str) -> Option<Met> {
    if !text.is_ascii() {
        return Some(Met::at(class::PART, field, find(&fold_at(text), part)?));
    }
    let (text, part) = (text.as_bytes(), part.as_bytes());
    let same = |at: &[u8]| at.eq_ignore_ascii_case(part);
    let (all, len) = (text.len(), part.len());
    let from = text.windows(len.max(1)).position(same)?;
    let run = |from: usize| (from..from + len).collect();
    Some(if all == len {
        Met::at(class::EXACT, field, run(0))
    } else if len >= 4 && text.get(all - len..).is_some_and(same) {
        Met::at(class::CLOSE, field, run(all - len))
    } else if from == 0 {
        Met::at(class::PREFIX, field, run(0))
    } else {
        Met::at(class::PART, field, run(from))
    })
}

fn letters(read: &[Read], text: &str) -> Option<Met> {
    // From the beginning is better than from further on, wherever that is.
    let start = (0..read.len()).find(|start| reach(text, read, *start).is_some())?;
    let fit = fit(text, read, start)?;
    let class = pinyin_class(&fit, read.len());
    let mut at = Vec::new();
    let mut han = Vec::new();
    let mut offset = 0;
    for (i, r) in read.iter().enumerate() {
        // Positions are those of `pinyin::shown`: the first reading of each character that has one, a space between.
        let Some(first) = r.all().next() else { continue };
        let len = pinyin::spelled(first).len();
        if let Some(used) = i.checked_sub(fit.start).and_then(|k| fit.used.get(k)) {
            at.extend((0..len.min(*used)).map(|k| offset + k));
            han.push(r.at);
        }
        offset += len + 1;
    }
    Some(Met { class, matched: vec![Matched { field: Field::Pinyin, at, han }] })
}

fn pinyin_class(fit: &Fit, syllables: usize) -> u8 {
    match (fit.start, fit.used.len() == syllables) {
        (0, true) if fit.whole && fit.last_whole => class::EXACT,
        (0, true) => class::CLOSE,
        (0, false) => class::PREFIX,
        _ => class::PART,
    }
}

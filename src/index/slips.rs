//! One typing error taken for granted: two keys swapped, one missed, one too many, a neighbour of the right one, another 汉字 of
//! the same sound. Tried only where little was found, and by looking at few rows: a guess that needs many is no guess.

use super::fold::{Kind, fold, fold_at};
use super::hits::{Field, Hit, Matched};
use super::nearly::{LOST, SWAPPED, WRONG, near};
use super::pinyin;
use super::query::{Query, Run};
use super::rank::mark;
use super::row::Row;
use super::segment::Segment;
use super::sets::{Gather, Set};
use super::spell::{Span, whole_cuts};
use std::collections::BTreeSet;

/// At most so many guesses.
const MOST: usize = 50;
/// A run of digits with an error must be so long: shorter ones resemble too many, longer ones are no number.
const DIGIT_RUN: std::ops::RangeInclusive<usize> = 8..=18;
/// Letters with an error must be so many.
const LETTERS: usize = 4;
/// Pieces of a number that more rows hold are not looked into.
const PIECE: usize = 2_000;

/// Whether so few were found that an error is likely: nobody; or hardly anybody by a name in 汉字, for then one of the same sound may
/// be meant. Who is found by letters or digits is the one who was meant.
pub fn worth(query: &Query, found: usize) -> bool {
    match query.words.as_slice() {
        [] => false,
        [one] if one.sole() == Some(Kind::Han) => found < 3,
        _ => found == 0,
    }
}

/// The rows of the same sound as the one word, for when hardly anybody has the word itself.
pub fn same_sound(segment: &Segment, query: &Query, born: &[Vec<u32>]) -> Vec<(u32, u32)> {
    let mut gather = Gather::new(segment.rows());
    for run in query.words.iter().flat_map(|word| &word.runs) {
        sounding(segment, &run.text, &mut gather);
    }
    let mut set = gather.done();
    if let Some(passing) = segment.filtered(query, born) {
        set = set.and(passing);
    }
    set.minus(segment.struck());
    segment.best(&set, MOST).into_iter().map(|(level, row)| (u32::from(level), row)).collect()
}

/// The rows that meet the query but for one error in one word, with how bad it is.
pub fn guess(segment: &Segment, query: &Query, born: &[Vec<u32>]) -> Vec<(u32, u32)> {
    let houses = query.house_numbers();
    let words: Vec<Set> = query.words.iter().map(|word| segment.word(word, houses)).collect();
    let filters = segment.filtered(query, born);
    let mut all = Gather::new(segment.rows());
    for (i, word) in query.words.iter().enumerate() {
        for (k, run) in word.runs.iter().enumerate() {
            let runs = word.runs.iter().enumerate().filter(|(other, _)| *other != k).map(|(_, run)| {
                let mut gather = Gather::new(segment.rows());
                segment.run(run, houses, &mut gather);
                gather.done()
            });
            let words = words.iter().enumerate().filter(|(other, _)| *other != i).map(|(_, set)| set.clone());
            // The level of the error counts, not that of what is met beside it: all that is at the best.
            let others = runs.chain(words).chain(filters.clone()).reduce(Set::and).map(Set::judged_alike);
            let mut slipped = Gather::new(segment.rows());
            match others {
                None => slip(segment, run, &mut slipped),
                // Few are left by the rest: each is looked at.
                Some(few) if few.count() <= PIECE => {
                    few.rows().for_each(|row| look_at(segment, row, run, &mut slipped))
                }
                Some(many) => {
                    slip(segment, run, &mut slipped);
                    all.add_set(&slipped.done().and(many));
                    continue;
                }
            }
            all.add_set(&slipped.done());
        }
    }
    let mut all = all.done();
    all.minus(segment.struck());
    segment.best(&all, MOST).into_iter().map(|(level, row)| (u32::from(level), row)).collect()
}

/// Gathers the row if it meets the run with one error in it.
fn look_at(segment: &Segment, row: u32, run: &Run, into: &mut Gather) {
    let level = match run.kind {
        Kind::Digits => {
            if DIGIT_RUN.contains(&run.text.len()) {
                segment.codes().iter().for_each(|codes| codes.near_row(row, &run.text, into));
            }
            None
        }
        Kind::Letters if run.text.len() < LETTERS => None,
        Kind::Letters => {
            let read: Vec<char> = pinyin::read(&segment.name(row))
                .iter()
                .filter_map(|r| r.all().next())
                .flat_map(|way| pinyin::spelled(way).chars())
                .collect();
            near(&read, &run.text.chars().collect::<Vec<_>>())
        }
        Kind::Han => {
            let typed: Vec<char> = run.text.chars().collect();
            let name: Vec<char> = fold(&segment.name(row)).chars().collect();
            let sounds = |text: &[char]| text.iter().map(|c| pinyin::syllable(*c)).collect::<Vec<_>>();
            let alike = || sounds(&name).windows(typed.len()).any(|w| *w == sounds(&typed));
            if typed.len() > 1 && alike() {
                Some(SWAPPED)
            } else if typed.len() > 2 {
                let address: Vec<char> = fold(&segment.address(row)).chars().collect();
                near(&name, &typed).or_else(|| near(&address, &typed))
            } else {
                None
            }
        }
    };
    if let Some(level) = level {
        into.add(row, level);
    }
}

fn slip(segment: &Segment, run: &Run, into: &mut Gather) {
    match run.kind {
        Kind::Letters => letters(segment, &run.text, into),
        Kind::Digits => digits(segment, &run.text, into),
        Kind::Han => han(segment, &run.text, into),
    }
}

/// Neighbours on the keyboard.
fn neighbours(c: u8) -> &'static [u8] {
    match c {
        b'a' => b"qwsz",
        b'b' => b"vghn",
        b'c' => b"xdfv",
        b'd' => b"serfcx",
        b'e' => b"wsdr",
        b'f' => b"drtgvc",
        b'g' => b"ftyhbv",
        b'h' => b"gyujnb",
        b'i' => b"ujko",
        b'j' => b"huikmn",
        b'k' => b"jiolm",
        b'l' => b"kopn",
        b'm' => b"njk",
        b'n' => b"bhjml",
        b'o' => b"iklp",
        b'p' => b"ol",
        b'q' => b"wa",
        b'r' => b"edft",
        b's' => b"awedxz",
        b't' => b"rfgy",
        b'u' => b"yhji",
        b'v' => b"cfgb",
        b'w' => b"qase",
        b'x' => b"zsdc",
        b'y' => b"tghu",
        b'z' => b"asx",
        _ => b"",
    }
}

/// Everything one error away from what was typed, with how bad the error is.
fn variants(typed: &[u8]) -> Vec<(u8, Vec<u8>)> {
    let mut out = Vec::new();
    for i in 0..typed.len() {
        let mut swapped = typed.to_vec();
        if i + 1 < typed.len() && typed.get(i) != typed.get(i + 1) {
            swapped.swap(i, i + 1);
            out.push((SWAPPED, swapped));
        }
        let mut short = typed.to_vec();
        let lost = short.remove(i);
        out.push((LOST, short));
        for n in neighbours(lost) {
            let mut wrong = typed.to_vec();
            if let Some(slot) = wrong.get_mut(i) {
                *slot = *n;
            }
            out.push((WRONG, wrong));
        }
    }
    for i in 0..=typed.len() {
        for c in b'a'..=b'z' {
            let mut long = typed.to_vec();
            long.insert(i, c);
            out.push((LOST, long));
        }
    }
    out
}

fn letters(segment: &Segment, typed: &str, into: &mut Gather) {
    if typed.len() < LETTERS || typed.len() > 20 {
        return;
    }
    let mut seen: BTreeSet<Vec<Span>> = BTreeSet::new();
    let mut variants = variants(typed.as_bytes());
    variants.sort_by_key(|(level, _)| *level);
    for stage in variants.chunk_by(|a, b| a.0 == b.0) {
        for (level, variant) in stage {
            for spans in whole_cuts(variant) {
                if seen.insert(spans.clone()) {
                    // A lost key is looked for at the beginning of the name only: there are many ways to have lost one.
                    let starts = if *level == LOST { 1 } else { 2 };
                    segment.names().sounding(&spans, starts, *level, into);
                }
            }
        }
        // Worse errors would stand behind these and not be listed.
        if into.count() >= MOST {
            return;
        }
    }
}

fn han(segment: &Segment, typed: &str, into: &mut Gather) {
    let chars: Vec<char> = typed.chars().collect();
    if chars.len() < 2 || chars.len() > 12 {
        return;
    }
    let names = segment.names();
    sounding(segment, typed, into);
    for i in 0..chars.len() {
        if i + 1 < chars.len() {
            let mut swapped: Vec<Option<char>> = chars.iter().copied().map(Some).collect();
            swapped.swap(i, i + 1);
            names.pattern(&swapped, SWAPPED, into);
            let mut lost: Vec<Option<char>> = chars.iter().copied().map(Some).collect();
            lost.insert(i + 1, None);
            names.pattern(&lost, LOST, into);
        }
        if chars.len() > 2 {
            let mut wrong: Vec<Option<char>> = chars.iter().copied().map(Some).collect();
            wrong.remove(i);
            names.pattern(&wrong, LOST, into);
            wrong.insert(i, None);
            names.pattern(&wrong, WRONG, into);
        }
    }
    if chars.len() > 2 {
        segment.addresses().near(&chars, WRONG, into);
    }
}

fn sounding(segment: &Segment, typed: &str, into: &mut Gather) {
    let read = pinyin::read(typed);
    if (2..=4).contains(&read.len()) {
        let sounds: Vec<Span> = read.iter().map(|r| r.all().next().map_or((0, 0), |w| (w, w + 1))).collect();
        segment.names().sounding(&sounds, 2, SWAPPED, into);
    }
}

fn digits(segment: &Segment, typed: &str, into: &mut Gather) {
    let len = typed.len();
    if !DIGIT_RUN.contains(&len) {
        return;
    }
    // One error leaves one of two halves whole. A half that too many hold (the region of an ID) is taken longer.
    for codes in segment.codes() {
        let mut look =
            |from: usize, to: usize| typed.get(from..to).is_none_or(|piece| codes.near(piece, typed, PIECE, into));
        if !look(0, len / 2) {
            look(0, len * 2 / 3);
            look(len * 2 / 3, len);
        }
        if !look(len / 2, len) {
            look(len / 3, len);
            look(0, len / 3);
        }
    }
}

/// A guess with the field it lies in, as far as that can be told.
pub fn mark_guess(row: Row, query: &Query) -> Hit {
    let (_, mut hit) = mark(row, query);
    let numbers = [
        (Field::Phone, &hit.row.phone),
        (Field::Phone2, &hit.row.phone2),
        (Field::Id, &hit.row.document),
        (Field::No, &hit.row.no),
    ];
    let name: Vec<char> = hit.row.name.chars().collect();
    let mut more = Vec::new();
    for run in query.words.iter().flat_map(|w| &w.runs) {
        let field = match run.kind {
            Kind::Letters => Some(Field::Pinyin),
            Kind::Digits => {
                numbers.iter().find(|(_, n)| near(fold(n).as_bytes(), run.text.as_bytes()).is_some()).map(|(f, _)| *f)
            }
            Kind::Han => {
                let typed: Vec<char> = run.text.chars().collect();
                let address: Vec<char> = fold_at(&hit.row.address).into_iter().map(|(c, _)| c).collect();
                let in_address = typed.len() > 2 && near(&address, &typed).is_some() && near(&name, &typed).is_none();
                Some(if in_address { Field::Address } else { Field::Name })
            }
        };
        more.extend(field.map(|field| Matched { field, at: Vec::new(), han: Vec::new() }));
    }
    // What was met as typed keeps its marks.
    more.retain(|m| hit.matched.iter().all(|h| h.field != m.field));
    hit.matched.extend(more);
    hit.guess = true;
    hit
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_error_is_near_and_two_are_not() {
        let n = |text: &str, typed: &str| near(text.as_bytes(), typed.as_bytes());
        assert_eq!(n("13800138000", "13801038000"), Some(SWAPPED));
        assert_eq!(n("13800138000", "13800139000"), Some(WRONG));
        assert_eq!(n("13800138000", "1380138000"), Some(LOST));
        assert_eq!(n("13800138000", "138001138000"), Some(LOST));
        assert_eq!(n("13800138000", "13900139000"), None);
        assert_eq!(n("13800138000", "00318301"), None);
    }
}

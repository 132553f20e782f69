//! Names as numbers that sort, for searching a file that keeps them: first letters, then syllables. A typed cut is a range of such
//! numbers and a test on each. Where they are kept, and how many rows are asked for, does not live here.

use super::fold::{Kind, fold, kind};
use super::meet::{class, meet};
use super::pinyin::{self, NONE, spelled};
use super::query::Query;
use super::row::Row;
use super::spell;

/// Syllables in a key.
const PLACES: usize = 4;
/// Bits of a syllable; 0 stands behind the end of the name.
const SYLLABLE: usize = 9;
/// Bits of a first letter; 0 stands behind the end of the name.
const LETTER: usize = 5;
/// A character that nobody can read.
const UNREAD: i64 = 511;
/// Its letter.
const UNREAD_LETTER: i64 = 27;
/// The bit above letters and syllables: the key begins behind the first character.
const FURTHER: usize = 1 + PLACES * (SYLLABLE + LETTER);

fn number(way: u16) -> i64 {
    if way == NONE { UNREAD } else { i64::from(way) + 1 }
}

fn letter(way: u16) -> i64 {
    spelled(way).bytes().next().map_or(UNREAD_LETTER, |b| i64::from(b.wrapping_sub(b'a')) + 1)
}

fn letter_at(place: usize) -> usize {
    1 + PLACES * SYLLABLE + (PLACES - 1 - place) * LETTER
}

fn syllable_at(place: usize) -> usize {
    1 + (PLACES - 1 - place) * SYLLABLE
}

/// The keys of a name: from its beginning, and from each further character that another follows; every reading of a surname.
pub fn keys(name: &str) -> Vec<i64> {
    let read = pinyin::read(name);
    let mut out = Vec::with_capacity(read.len());
    for start in (0..read.len()).filter(|s| *s == 0 || read.len() - s > 1) {
        let long = read.len() - start > PLACES;
        let mut some = vec![i64::from(start > 0) << FURTHER | i64::from(long)];
        for (place, r) in read.iter().skip(start).take(PLACES).enumerate() {
            let bits = |way: u16| letter(way) << letter_at(place) | number(way) << syllable_at(place);
            let ways: Vec<i64> = if r.all().next().is_none() { vec![bits(NONE)] } else { r.all().map(bits).collect() };
            some = some.iter().flat_map(|key| ways.iter().map(move |way| key | way)).collect();
        }
        out.append(&mut some);
    }
    out.sort_unstable();
    out.dedup();
    out
}

/// One way to lay what was typed on the syllables of a name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cut {
    /// First letter, first and last syllable at each place.
    pieces: Vec<(i64, i64, i64)>,
    /// More was typed than a key holds: only longer names can have it.
    pub rest: bool,
}

impl Cut {
    /// How many places it takes.
    pub fn places(&self) -> usize {
        self.pieces.len()
    }

    /// First and last of the keys among which those that fit are found.
    pub fn range(&self, further: bool) -> (i64, i64) {
        let letters = self.pieces.iter().enumerate().map(|(place, (letter, ..))| letter << letter_at(place));
        let from = letters.fold(i64::from(further) << FURTHER, |all, bits| all | bits);
        let free = self.pieces.len().checked_sub(1).map_or(FURTHER, letter_at);
        (from, from | ((1 << free) - 1))
    }

    /// Whether a key of that range fits.
    pub fn fits(&self, key: i64) -> bool {
        (!self.rest || key & 1 == 1)
            && self.pieces.iter().enumerate().all(|(place, (_, from, to))| {
                let at = key >> syllable_at(place) & UNREAD;
                *from <= at && at <= *to
            })
    }

    /// Whether a key that fits has nothing behind the cut.
    pub fn whole(&self, key: i64) -> bool {
        key & 1 == 0 && (self.pieces.len() == PLACES || key >> syllable_at(self.pieces.len()) & UNREAD == 0)
    }
}

fn cut(spans: &[spell::Span], rest: bool) -> Cut {
    let piece = |(from, to): &spell::Span| (letter(*from), number(*from), i64::from(*to));
    Cut { pieces: spans.iter().map(piece).collect(), rest }
}

/// Every way to cut typed letters.
pub fn letters(text: &str) -> Vec<Cut> {
    let mut out: Vec<Cut> = spell::cuts(text).iter().map(|spans| cut(spans, false)).collect();
    // What is longer goes on behind the fourth syllable of a long name.
    for head in (PLACES..text.len()).filter_map(|end| text.get(..end)) {
        out.extend(spell::cuts(head).iter().filter(|spans| spans.len() == PLACES).map(|spans| cut(spans, true)));
    }
    out
}

/// How 汉字 are read in the middle of a name; the same sound is not yet the same name.
pub fn han(text: &str) -> Cut {
    sounds(text.chars().map(pinyin::syllable))
}

/// How 汉字 are read that stand for a whole name.
pub fn sounding(text: &str) -> Cut {
    sounds(pinyin::read(text).iter().map(|r| r.all().next().unwrap_or(NONE)))
}

fn sounds(ways: impl Iterator<Item = u16>) -> Cut {
    Cut { pieces: ways.take(PLACES).map(|w| (letter(w), number(w), number(w))).collect(), rest: false }
}

/// The stretches of 汉字 in an address: where a typed part of a place can stand.
pub fn stretches(address: &str) -> Vec<String> {
    let folded = fold(address);
    let runs = folded.split(|c| kind(c) != Some(Kind::Han));
    runs.filter(|run| run.chars().nth(1).is_some()).map(str::to_owned).collect()
}

/// How well a row meets a query of one word: 0 the whole field or its last digits, 1 from the beginning, 2 anywhere.
pub fn level(row: &Row, query: &Query) -> Option<usize> {
    let [word] = query.words.as_slice() else { return None };
    let met = meet(row, &pinyin::read(&row.name), word, query.house_numbers())?;
    Some(match met.class {
        class::EXACT | class::CLOSE => 0,
        class::PREFIX => 1,
        _ => 2,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(name: &str, cuts: &[Cut]) -> bool {
        let fits = |key: i64, cut: &Cut| {
            [false, true].iter().any(|f| (cut.range(*f).0..=cut.range(*f).1).contains(&key)) && cut.fits(key)
        };
        keys(name).iter().any(|key| cuts.iter().any(|cut| fits(*key, cut)))
    }

    #[test]
    fn names_are_found_by_what_may_be_typed_of_them() {
        for (name, typed, want) in [
            ("张山河", "zhangshanhe", true),
            ("张山河", "zsh", true),
            ("张山河", "zhsh", true),
            ("张山河", "shanh", true),
            ("张山河", "zh", true),
            ("张山河", "zhanghe", false),
            ("单雄信", "danxx", true),
            ("单雄信", "shanxx", true),
            ("买买提·吐尔逊江", "mmttexj", true),
            ("买买提·吐尔逊江", "maimaitituer", true),
            ("买买提·吐尔逊江", "tuerxun", true),
        ] {
            assert_eq!(found(name, &letters(typed)), want, "{name} {typed}");
        }
        assert!(found("张伟", &[han("张伟")]) && found("张伟", &[han("章薇")]) && !found("张伟", &[han("李伟")]));
        assert!(found("解山河", &[han("山河")]) && found("\u{3402}山河", &[han("\u{3402}山")]));
    }

    #[test]
    fn the_syllables_have_the_numbers_that_stand_in_files() {
        // Another number here means another schema version: files hold what was counted by the old one.
        assert!(pinyin::count() < UNREAD as usize - 1);
        let letters = pinyin::all().iter().flat_map(|s| s.bytes().chain([0]));
        let sum = letters.fold(7u64, |sum, b| sum.wrapping_mul(31).wrapping_add(u64::from(b)));
        assert_eq!((pinyin::count(), sum), PINNED);
    }

    const PINNED: (usize, u64) = (432, 12_233_687_733_332_945_191);
}

//! How a name is read: a syllable number for each character, surnames of two readings both ways. Whether typed letters fit is
//! `spell`'s; where names are kept is `names`'.

use super::fold::fold_char;
use super::surnames::{DOUBLE, SINGLE};
use pinyin::ToPinyin;
use std::collections::HashMap;
use std::sync::LazyLock;

/// No reading.
pub const NONE: u16 = u16::MAX;

/// Readings a character may have here: two of a surname, the usual one, and room for a compound.
pub const WAYS: usize = 4;

/// The readings of one character of a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Read {
    /// Position of the character in the name.
    pub at: usize,
    /// Syllable numbers, best first, [`NONE`] after the last.
    pub ways: [u16; WAYS],
}

impl Read {
    /// The readings.
    pub fn all(&self) -> impl Iterator<Item = u16> + '_ {
        self.ways.iter().copied().take_while(|w| *w != NONE)
    }

    fn add(&mut self, id: u16) {
        if id != NONE
            && !self.ways.contains(&id)
            && let Some(free) = self.ways.iter_mut().find(|w| **w == NONE)
        {
            *free = id;
        }
    }
}

/// First and last of the characters whose reading is tabled: CJK extension A and the unified block. Rarer ones are asked of the
/// crate each time.
const FROM: u32 = 0x3400;
const TO: u32 = 0x9fff;

/// What is known of a character.
#[derive(Clone, Copy)]
struct Known {
    /// Its usual syllable.
    syllable: u16,
    /// One more than its place among the surnames of [`SINGLE`]; 0 for others.
    single: u8,
    /// Whether it begins a surname of [`DOUBLE`].
    double: bool,
}

struct Table {
    /// All syllables in alphabetical order: a prefix is a range of numbers.
    spelled: Vec<&'static str>,
    /// Characters from [`FROM`].
    known: Vec<Known>,
    /// Surnames of [`SINGLE`] as numbers.
    single: Vec<[u16; WAYS]>,
    /// Surnames of [`DOUBLE`] as numbers, both characters.
    double: Vec<([char; 2], [[u16; 2]; 2])>,
}

const LETTERS: [&str; 26] = [
    "a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "l", "m", "n", "o", "p", "q", "r", "s", "t", "u", "v", "w",
    "x", "y", "z",
];

fn usual(c: char) -> Option<&'static str> {
    let plain = c.to_pinyin()?.plain();
    // The crate writes ü; keyboards have v for it.
    Some(match plain {
        "lü" => "lv",
        "nü" => "nv",
        "lüe" => "lve",
        "nüe" => "nve",
        p => p,
    })
}

static TABLE: LazyLock<Table> = LazyLock::new(|| {
    let read: Vec<Option<&'static str>> = (FROM..=TO).map(|u| char::from_u32(u).and_then(usual)).collect();
    // The crate lends the same text to all characters of a reading, so that 27,000 of them are told apart by where it stands, and
    // only each text once by its letters.
    let texts: HashMap<*const u8, &'static str> =
        read.iter().flatten().filter(|s| s.is_ascii()).map(|s| (s.as_ptr(), *s)).collect();
    let mut spelled: Vec<&'static str> = texts.values().copied().collect();
    spelled.extend(LETTERS);
    spelled.extend(SINGLE.iter().flat_map(|(_, ways)| ways.iter().copied()));
    spelled.extend(DOUBLE.iter().flat_map(|(_, pair)| pair.iter().copied().flatten()));
    spelled.sort_unstable();
    spelled.dedup();
    let number = |s: &str| spelled.binary_search(&s).ok().and_then(|i| u16::try_from(i).ok()).unwrap_or(NONE);
    let numbers: HashMap<*const u8, u16> = texts.iter().map(|(at, s)| (*at, number(s))).collect();
    let syllable = |s: &Option<&str>| s.and_then(|s| numbers.get(&s.as_ptr()).copied()).unwrap_or(NONE);
    let mut known: Vec<Known> =
        read.iter().map(|s| Known { syllable: syllable(s), single: 0, double: false }).collect();
    let at = |c: char| (u32::from(c) as usize).wrapping_sub(FROM as usize);
    let mut single = Vec::new();
    for (c, ways) in SINGLE {
        let mut ids = [NONE; WAYS];
        ids.iter_mut().zip(ways.iter()).for_each(|(slot, way)| *slot = number(way));
        single.push(ids);
        if let Some(known) = known.get_mut(at(*c)) {
            known.single = single.len() as u8;
        }
    }
    let mut double = Vec::new();
    for (surname, ways) in DOUBLE {
        let chars: Vec<char> = surname.chars().collect();
        let [first, second] = chars.as_slice() else { continue };
        let ids = ways.map(|ways| [0, 1].map(|i| ways.get(i).map_or(NONE, |w| number(w))));
        double.push(([*first, *second], ids));
        if let Some(known) = known.get_mut(at(*first)) {
            known.double = true;
        }
    }
    Table { spelled, known, single, double }
});

fn known(c: char) -> Option<&'static Known> {
    TABLE.known.get((u32::from(c) as usize).wrapping_sub(FROM as usize))
}

/// How many syllables there are; numbers run below it.
pub fn count() -> usize {
    TABLE.spelled.len()
}

/// The letters of a syllable.
pub fn spelled(id: u16) -> &'static str {
    TABLE.spelled.get(usize::from(id)).copied().unwrap_or("")
}

/// All syllables, in the order of their numbers.
pub fn all() -> &'static [&'static str] {
    &TABLE.spelled
}

/// The usual reading of a folded character; letters read as themselves.
pub fn syllable(c: char) -> u16 {
    if let Some(known) = known(c) {
        return known.syllable;
    }
    let table = &*TABLE;
    let number = |s: &str| table.spelled.binary_search(&s).ok().and_then(|i| u16::try_from(i).ok()).unwrap_or(NONE);
    match c {
        'a'..='z' => number(c.encode_utf8(&mut [0; 4])),
        _ if c.is_ascii() => NONE,
        _ => usual(c).map_or(NONE, number),
    }
}

/// Reads a name: each character that has a reading, with all that are searched. Characters without one break the name; they
/// are kept with no readings so that letters do not run across them.
pub fn read(name: &str) -> Vec<Read> {
    let folded: Vec<(usize, char)> =
        name.chars().enumerate().filter_map(|(i, c)| fold_char(c).map(|c| (i, c))).collect();
    let chars: Vec<char> = folded.iter().map(|(_, c)| *c).collect();
    let mut out: Vec<Read> = Vec::with_capacity(folded.len());
    for (i, (at, c)) in folded.iter().enumerate() {
        let mut read = Read { at: *at, ways: [NONE; WAYS] };
        if i < 2 {
            surname(i, &chars, &mut read);
        }
        read.add(syllable(*c));
        out.push(read);
    }
    out
}

/// Adds the readings that the first two characters have as a surname.
fn surname(i: usize, chars: &[char], read: &mut Read) {
    let Some(first) = chars.first().and_then(|c| known(*c)) else { return };
    if first.double && chars.len() > 2 {
        for (surname, ways) in &TABLE.double {
            if chars.starts_with(surname) {
                ways.get(i).into_iter().flatten().for_each(|w| read.add(*w));
            }
        }
    }
    if i == 0
        && let Some(ways) = usize::from(first.single).checked_sub(1).and_then(|at| TABLE.single.get(at))
    {
        ways.iter().for_each(|w| read.add(*w));
    }
}

/// Reads a folded name of at most four characters without asking for memory; positions past its end have no readings. The same
/// answer as [`read`] gives.
pub fn read_short(chars: &[char]) -> [Read; 4] {
    let mut out = [Read { at: 0, ways: [NONE; WAYS] }; 4];
    for (i, (slot, c)) in out.iter_mut().zip(chars).enumerate() {
        slot.at = i;
        if i < 2 {
            surname(i, chars, slot);
        }
        slot.add(syllable(*c));
    }
    out
}

/// The reading of a name as shown, syllables apart: `zhang shan he`.
pub fn shown(name: &str) -> String {
    join(&read(name))
}

/// The best readings, a space between.
pub fn join(read: &[Read]) -> String {
    let mut out = String::with_capacity(read.len() * 7);
    for syllable in read.iter().filter_map(|r| r.all().next()).map(spelled) {
        if !out.is_empty() {
            out.push(' ');
        }
        out.push_str(syllable);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::super::spell::fit;
    use super::*;

    #[test]
    fn surnames_of_two_readings_are_found_both_ways() {
        let both = [
            ("单雄信", "shan", "dan"),
            ("曾国藩", "zeng", "ceng"),
            ("仇英", "qiu", "chou"),
            ("解珍", "xie", "jie"),
            ("区小明", "ou", "qu"),
            ("查良镛", "zha", "cha"),
            ("朴正", "piao", "pu"),
            ("翟天", "zhai", "di"),
            ("盖叫天", "ge", "gai"),
            ("尉迟恭", "yuchi", "weichi"),
            ("万俟卨", "moqi", "wansi"),
            ("长孙无忌", "zhangsun", "changsun"),
            ("覃辉", "qin", "tan"),
            ("乐毅", "yue", "le"),
        ];
        for (name, one, two) in both {
            let r = read(name);
            assert!(fit(one, &r, 0).is_some(), "{name} {one}");
            assert!(fit(two, &r, 0).is_some(), "{name} {two}");
        }
        assert!(shown("任贤齐").starts_with("ren "));
        assert_eq!(shown("单雄信"), "shan xiong xin");
        // 单 in a given name is read as usual.
        assert!(fit("shan", &read("王单"), 1).is_none());
    }
}

//! How a name is read: a syllable number for each character, surnames of two readings both ways, and whether typed letters fit.
//! Where names are kept does not live here.

use super::fold::fold_char;
use super::surnames::{DOUBLE, SINGLE};
use pinyin::ToPinyin;
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

struct Table {
    /// All syllables in alphabetical order: a prefix is a range of numbers.
    spelled: Vec<&'static str>,
    /// Syllable of a character, from [`FROM`].
    of: Vec<u16>,
    /// For each character from [`FROM`] whether it is a surname of [`SINGLE`] or begins one of [`DOUBLE`].
    special: Vec<bool>,
    /// Surnames of [`SINGLE`], sorted by character, as numbers.
    single: Vec<(char, [u16; WAYS])>,
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
    let mut spelled: Vec<&'static str> = read.iter().flatten().copied().filter(|s| s.is_ascii()).collect();
    spelled.extend(LETTERS);
    spelled.extend(SINGLE.iter().flat_map(|(_, ways)| ways.iter().copied()));
    spelled.extend(DOUBLE.iter().flat_map(|(_, pair)| pair.iter().copied().flatten()));
    spelled.sort_unstable();
    spelled.dedup();
    let number = |s: &str| spelled.binary_search(&s).ok().and_then(|i| u16::try_from(i).ok()).unwrap_or(NONE);
    let of = read.iter().map(|s| s.map_or(NONE, number)).collect();
    let mut single: Vec<(char, [u16; WAYS])> = SINGLE
        .iter()
        .map(|(c, ways)| {
            let mut ids = [NONE; WAYS];
            for (slot, way) in ids.iter_mut().zip(ways.iter()) {
                *slot = number(way);
            }
            (*c, ids)
        })
        .collect();
    single.sort_unstable_by_key(|(c, _)| *c);
    let mut special = vec![false; read.len()];
    let begins = SINGLE.iter().map(|(c, _)| *c).chain(DOUBLE.iter().filter_map(|(s, _)| s.chars().next()));
    for c in begins {
        if let Some(flag) = (u32::from(c) as usize).checked_sub(FROM as usize).and_then(|i| special.get_mut(i)) {
            *flag = true;
        }
    }
    Table { spelled, of, special, single }
});

/// How many syllables there are; numbers run below it.
pub fn count() -> usize {
    TABLE.spelled.len()
}

/// The letters of a syllable.
pub fn spelled(id: u16) -> &'static str {
    TABLE.spelled.get(usize::from(id)).copied().unwrap_or("")
}

/// The numbers of the syllables that begin with `prefix`.
pub fn beginning(prefix: &str) -> std::ops::Range<u16> {
    let from = TABLE.spelled.partition_point(|s| *s < prefix);
    let len = TABLE.spelled.iter().skip(from).take_while(|s| s.starts_with(prefix)).count();
    u16::try_from(from).unwrap_or(NONE)..u16::try_from(from + len).unwrap_or(NONE)
}

/// The usual reading of a folded character; letters read as themselves.
pub fn syllable(c: char) -> u16 {
    let table = &*TABLE;
    let number = |s: &str| table.spelled.binary_search(&s).ok().and_then(|i| u16::try_from(i).ok()).unwrap_or(NONE);
    match u32::from(c) {
        u @ FROM..=TO => usize::try_from(u - FROM).ok().and_then(|i| table.of.get(i)).copied().unwrap_or(NONE),
        _ if c.is_ascii_lowercase() => number(c.encode_utf8(&mut [0; 4])),
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
            surname(i, *c, &chars, &mut read);
        }
        read.add(syllable(*c));
        out.push(read);
    }
    out
}

fn surname(i: usize, c: char, chars: &[char], read: &mut Read) {
    if chars.len() > 2 {
        let pair = (chars.first().copied(), chars.get(1).copied());
        for (surname, ways) in DOUBLE {
            let mut it = surname.chars();
            if (it.next(), it.next()) == pair {
                for way in ways.get(i).into_iter().copied().flatten() {
                    read.add(TABLE.spelled.binary_search(way).ok().and_then(|n| u16::try_from(n).ok()).unwrap_or(NONE));
                }
            }
        }
    }
    if i == 0
        && let Ok(found) = TABLE.single.binary_search_by_key(&c, |(c, _)| *c)
        && let Some((_, ways)) = TABLE.single.get(found)
    {
        ways.iter().for_each(|w| read.add(*w));
    }
}

/// Reads a folded name of at most four characters without asking for memory; positions past its end have no readings. The same
/// answer as [`read`] gives.
pub fn read_short(chars: &[char]) -> [Read; 4] {
    let mut out = [Read { at: 0, ways: [NONE; WAYS] }; 4];
    let special = chars
        .first()
        .and_then(|c| TABLE.special.get((u32::from(*c) as usize).wrapping_sub(FROM as usize)))
        .copied()
        .unwrap_or(false);
    for (i, (slot, c)) in out.iter_mut().zip(chars).enumerate() {
        slot.at = i;
        if special && i < 2 {
            surname(i, *c, chars, slot);
        }
        slot.add(syllable(*c));
    }
    out
}

/// The reading of a name as shown, syllables apart: `zhang shan he`.
pub fn shown(name: &str) -> String {
    let words: Vec<&str> = read(name).iter().filter_map(|r| r.all().next()).map(spelled).collect();
    words.join(" ")
}

/// All ways to cut letters into whole syllables, the last perhaps begun only (by two letters or more), at most four, as spans of
/// syllable numbers.
pub fn whole_cuts(letters: &str) -> Vec<Vec<(u16, u16)>> {
    let mut out = Vec::new();
    whole_cut(letters, &mut Vec::new(), &mut out);
    out
}

fn whole_cut(letters: &str, before: &mut Vec<(u16, u16)>, out: &mut Vec<Vec<(u16, u16)>>) {
    if before.len() == 4 || letters.len() > (4 - before.len()) * 6 {
        return;
    }
    if letters.len() > 1 && letters.len() <= 6 {
        let span = beginning(letters);
        if !span.is_empty() {
            let mut cut = before.clone();
            cut.push((span.start, span.end));
            out.push(cut);
        }
    }
    for end in 1..letters.len().min(7) {
        let (Some(piece), Some(rest)) = (letters.get(..end), letters.get(end..)) else { return };
        // Single letters are syllables of Latin names only, but for these.
        if end == 1 && !matches!(piece, "a" | "e" | "o") {
            continue;
        }
        if let Ok(id) = TABLE.spelled.binary_search(&piece) {
            before.push((id as u16, id as u16 + 1));
            whole_cut(rest, before, out);
            before.pop();
        }
    }
}

/// How typed letters lie on a name.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Fit {
    /// The first syllable used.
    pub start: usize,
    /// For each syllable used, how many of its letters.
    pub used: Vec<usize>,
    /// Whether each syllable but the last is whole.
    pub whole: bool,
    /// Whether the last is whole too.
    pub last_whole: bool,
}

/// Lays letters on consecutive syllables from `start`, each taking at least one letter from its beginning; long pieces first.
/// `None` if they cannot be laid.
pub fn fit(letters: &str, name: &[Read], start: usize) -> Option<Fit> {
    let mut used = Vec::new();
    let mut wholes = Vec::new();
    if !lay(letters, name, start, &mut used, &mut wholes) {
        return None;
    }
    let last_whole = wholes.last().copied().unwrap_or(false);
    let whole = wholes.iter().rev().skip(1).all(|w| *w);
    Some(Fit { start, used, whole, last_whole })
}

fn lay(letters: &str, name: &[Read], at: usize, used: &mut Vec<usize>, wholes: &mut Vec<bool>) -> bool {
    if letters.is_empty() {
        return !used.is_empty();
    }
    let Some(read) = name.get(at) else { return false };
    // Best reading first, longest piece first, so that `shan` is one syllable rather than four initials where both fit.
    for way in read.all() {
        let syllable = spelled(way);
        let common = letters.bytes().zip(syllable.bytes()).take_while(|(a, b)| a == b).count();
        for take in (1..=common).rev() {
            let Some(rest) = letters.get(take..) else { continue };
            used.push(take);
            wholes.push(take == syllable.len());
            if lay(rest, name, at + 1, used, wholes) {
                return true;
            }
            used.pop();
            wholes.pop();
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    fn finds(name: &str, letters: &str) -> bool {
        let read = read(name);
        (0..read.len()).any(|s| fit(letters, &read, s).is_some())
    }

    #[test]
    fn full_initial_and_mixed_letters_fit_any_part_of_a_name() {
        for letters in
            ["zhangshanhe", "zsh", "zhsh", "zhangs", "zhshan", "zshan", "z", "shanhe", "she", "sh", "he", "zhangsh"]
        {
            assert!(finds("张山河", letters), "{letters}");
        }
        for letters in ["zh2", "hs", "zhe", "shz", "ang", "zhanghe", "zhangshanhex"] {
            assert!(!finds("张山河", letters), "{letters}");
        }
        assert!(
            finds("John Smith", "john") && finds("欧阳娜娜", "oyn") && finds("吕布", "lvbu") && finds("吕布", "lyubu")
        );
    }

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
        assert!(!finds("王单", "shan"));
    }

    #[test]
    fn a_prefix_is_a_range_of_syllables() {
        let zh = beginning("zh");
        assert!(zh.len() > 10 && zh.clone().all(|s| spelled(s).starts_with("zh")));
        assert!(beginning("zx").is_empty());
        assert_eq!(beginning("").len(), count());
    }
}

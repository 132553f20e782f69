//! Typed letters against syllables: every way to cut them, and how they lie on one name. Readings are `pinyin`'s.

use super::pinyin::{self, Read, spelled};
use std::sync::LazyLock;

/// Syllable numbers from the first up to but not the second.
pub type Span = (u16, u16);

/// Names of more syllables are looked at one by one.
pub const MOST: usize = 4;

/// A letter on the way through the syllables.
struct Node {
    /// The next, by letter; 0 is none.
    next: [u16; 26],
    /// The syllables that begin with the letters so far.
    span: Span,
    /// Whether the letters so far are a syllable, which is then the first of the span.
    whole: bool,
}

static TREE: LazyLock<Vec<Node>> = LazyLock::new(|| {
    let mut tree = vec![Node { next: [0; 26], span: (0, pinyin::count() as u16), whole: false }];
    for (id, syllable) in (0u16..).zip(pinyin::all()) {
        let mut at = 0usize;
        for b in syllable.bytes() {
            let new = tree.len() as u16;
            let Some(next) = tree.get_mut(at).and_then(|n| n.next.get_mut(usize::from(b.wrapping_sub(b'a')))) else {
                break;
            };
            if *next == 0 {
                *next = new;
                tree.push(Node { next: [0; 26], span: (id, id), whole: false });
            }
            at = usize::from(
                tree.get(at).and_then(|n| n.next.get(usize::from(b.wrapping_sub(b'a')))).copied().unwrap_or(0),
            );
            if let Some(node) = tree.get_mut(at) {
                node.span.1 = id + 1;
            }
        }
        if let Some(node) = tree.get_mut(at) {
            node.whole = true;
        }
    }
    tree
});

/// The beginnings of letters that are beginnings of syllables, one letter longer each time, with the letters left.
fn pieces(letters: &[u8]) -> impl Iterator<Item = (&'static Node, &[u8])> {
    let mut at = 0usize;
    (1..=letters.len()).map_while(move |end| {
        let b = letters.get(end - 1)?;
        let next = *TREE.get(at)?.next.get(usize::from(b.wrapping_sub(b'a')))?;
        at = usize::from(next);
        (next != 0).then_some(())?;
        Some((TREE.get(at)?, letters.get(end..)?))
    })
}

/// The numbers of the syllables that begin with `prefix`.
pub fn beginning(prefix: &str) -> Span {
    match pieces(prefix.as_bytes()).last() {
        Some((node, [])) => node.span,
        _ => (0, 0),
    }
}

/// All ways to cut letters into at most four beginnings of syllables.
pub fn cuts(letters: &str) -> Vec<Vec<Span>> {
    let mut out = Vec::new();
    cut(letters.as_bytes(), &mut Vec::new(), &mut out);
    out
}

fn cut(letters: &[u8], before: &mut Vec<Span>, out: &mut Vec<Vec<Span>>) {
    // The longest syllable has six letters.
    if before.len() == MOST || letters.len() > (MOST - before.len()) * 6 {
        return;
    }
    for (node, rest) in pieces(letters) {
        before.push(node.span);
        if rest.is_empty() {
            out.push(before.clone());
        } else {
            cut(rest, before, out);
        }
        before.pop();
    }
}

/// All ways to cut letters into whole syllables, the last perhaps begun only (by two letters or more), at most four.
pub fn whole_cuts(letters: &[u8]) -> Vec<Vec<Span>> {
    let mut out = Vec::new();
    whole_cut(letters, &mut Vec::new(), &mut out);
    out
}

fn whole_cut(letters: &[u8], before: &mut Vec<Span>, out: &mut Vec<Vec<Span>>) {
    if before.len() == MOST || letters.len() > (MOST - before.len()) * 6 {
        return;
    }
    for (node, rest) in pieces(letters) {
        let one = letters.len() - rest.len() == 1;
        if rest.is_empty() && !one {
            before.push(node.span);
            out.push(before.clone());
            before.pop();
        }
        // Single letters are syllables of Latin names only, but for these.
        let lone = one && !matches!(letters.first(), Some(b'a' | b'e' | b'o'));
        if !rest.is_empty() && node.whole && !lone {
            before.push((node.span.0, node.span.0 + 1));
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

/// How many syllables from `start` on the letters need; `None` if they cannot be laid on them. The same answer as [`fit`], quicker.
pub fn reach(letters: &str, name: &[Read], start: usize) -> Option<usize> {
    let read = name.get(start)?;
    for way in read.all() {
        let common = letters.bytes().zip(spelled(way).bytes()).take_while(|(a, b)| a == b).count();
        for take in (1..=common).rev() {
            match letters.get(take..) {
                Some("") => return Some(1),
                Some(rest) => {
                    if let Some(more) = reach(rest, name, start + 1) {
                        return Some(more + 1);
                    }
                }
                None => {}
            }
        }
    }
    None
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
    use super::super::pinyin::read;
    use super::*;

    fn finds(name: &str, letters: &str) -> bool {
        let read = read(name);
        let starts = || 0..read.len();
        assert!(starts().all(|s| fit(letters, &read, s).map(|f| f.used.len()) == reach(letters, &read, s)));
        starts().any(|s| fit(letters, &read, s).is_some())
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
    fn a_prefix_is_a_span_of_syllables() {
        for (id, syllable) in (0u16..).zip(pinyin::all()) {
            for end in 1..=syllable.len() {
                let prefix: String = syllable.chars().take(end).collect();
                let (from, to) = beginning(&prefix);
                assert!((from..to).contains(&id));
                let want = pinyin::all().iter().filter(|s| s.starts_with(&prefix)).count();
                assert_eq!(usize::from(to - from), want, "{prefix}");
            }
        }
        assert_eq!(beginning("zx"), (0, 0));
        assert_eq!(beginning("zhangs"), (0, 0));
    }

    #[test]
    fn letters_are_cut_every_way() {
        let spelled_cuts = |cuts: Vec<Vec<Span>>| -> Vec<String> {
            let piece = |(from, to): &Span| format!("{}{}", spelled(*from), if to - from > 1 { "+" } else { "" });
            cuts.iter().map(|c| c.iter().map(piece).collect::<Vec<_>>().join(" ")).collect()
        };
        // z|h, zh
        assert_eq!(cuts("zh").len(), 2);
        assert!(cuts("zzzzz").is_empty());
        assert_eq!(spelled_cuts(whole_cuts(b"zhangsan")), ["zhang san+"]);
        assert!(whole_cuts(b"zhagn").is_empty());
    }
}

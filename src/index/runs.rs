//! Runs of digits that many numbers hold: the region in an ID, the beginning of customer numbers. Which rows hold them
//! is kept by `codes`.

use std::collections::HashMap;

/// A run is common when more than one number in so many holds it.
const HEAVY: usize = 32;

/// Common runs, as a tree of digits.
#[derive(Debug, Default)]
pub struct Runs {
    /// The runs.
    pub names: Vec<Box<str>>,
    /// For each node its children by digit (0 is none) and its run, one more than its number (0 is none).
    nodes: Vec<([u16; 10], u16)>,
    /// The node of each three digits (0 is none).
    threes: Vec<u16>,
}

impl Runs {
    /// Runs of three or more digits that a good part of a sample of numbers holds.
    pub fn common(sample: &[Vec<u8>]) -> Runs {
        let mut runs = Runs::default();
        for len in 3..=18 {
            let mut counts: HashMap<&[u8], usize> = HashMap::new();
            for text in sample {
                let mut seen: Vec<&[u8]> = Vec::new();
                for window in text.windows(len) {
                    let grown = len == 3 || window.get(..len - 1).is_some_and(|head| runs.find(head).is_some());
                    if grown && window.iter().all(u8::is_ascii_digit) && !seen.contains(&window) {
                        seen.push(window);
                        *counts.entry(window).or_default() += 1;
                    }
                }
            }
            let mut common: Vec<&[u8]> =
                counts.into_iter().filter(|(_, n)| n * HEAVY > sample.len()).map(|(run, _)| run).collect();
            common.sort_unstable();
            if common.is_empty() {
                break;
            }
            common.into_iter().for_each(|run| runs.add(run));
        }
        let digits = |key: u16| [key / 100, key / 10 % 10, key % 10].map(|d| d as u8);
        let node = |key| digits(key).into_iter().try_fold(0, |at, digit| runs.child(at, digit));
        runs.threes = (0..1_000).map(|key| node(key).map_or(0, |at| at as u16)).collect();
        runs
    }

    fn add(&mut self, run: &[u8]) {
        let Ok(name) = std::str::from_utf8(run) else { return };
        if self.nodes.is_empty() {
            self.nodes.push(([0; 10], 0));
        }
        let mut at = 0usize;
        for b in run {
            let new = self.nodes.len() as u16;
            let Some(child) = self.nodes.get_mut(at).and_then(|n| n.0.get_mut(usize::from(b.wrapping_sub(b'0'))))
            else {
                return;
            };
            if *child == 0 {
                *child = new;
                at = usize::from(new);
                self.nodes.push(([0; 10], 0));
            } else {
                at = usize::from(*child);
            }
        }
        self.names.push(name.into());
        if let Some(node) = self.nodes.get_mut(at) {
            node.1 = self.names.len() as u16;
        }
    }

    fn child(&self, at: usize, digit: u8) -> Option<usize> {
        self.nodes.get(at)?.0.get(usize::from(digit)).map(|c| usize::from(*c)).filter(|c| *c != 0)
    }

    fn find(&self, run: &[u8]) -> Option<usize> {
        let at = run.iter().try_fold(0, |at, b| self.child(at, b.wrapping_sub(b'0')))?;
        self.nodes.get(at).map(|n| usize::from(n.1)).filter(|r| *r != 0)
    }

    /// Where the runs stand that begin with these three digits, if any do.
    #[inline]
    pub fn three(&self, key: u16) -> Option<u16> {
        self.threes.get(usize::from(key)).copied().filter(|node| *node != 0)
    }

    /// Names each common run from `node` on, which [`Runs::three`] gave, as the digits behind it go.
    pub fn each(&self, node: u16, digits: impl Iterator<Item = u8>, mut take: impl FnMut(usize)) {
        let mut at = usize::from(node);
        let mut say = |at: usize| {
            if let Some((_, run @ 1..)) = self.nodes.get(at) {
                take(usize::from(*run) - 1);
            }
        };
        say(at);
        for digit in digits {
            let Some(child) = self.child(at, digit) else { break };
            at = child;
            say(at);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_runs_that_many_hold_are_found_wherever_they_stand() {
        let sample: Vec<Vec<u8>> = (0..400).map(|i| format!("5203{i:03}77{}", i * 7919 % 1000).into_bytes()).collect();
        let runs = Runs::common(&sample);
        let names: Vec<&str> = runs.names.iter().map(|n| &**n).collect();
        assert!(["520", "203", "5203"].iter().all(|n| names.contains(n)) && !names.contains(&"999"), "{names:?}");
        let mut met = Vec::new();
        // 1520399
        for (key, behind) in [(152, "0399"), (520, "399"), (203, "99"), (39, "9"), (399, "")] {
            if let Some(node) = runs.three(key) {
                runs.each(node, behind.bytes().map(|b| b - b'0'), |at| met.extend(names.get(at).copied()));
            }
        }
        met.sort_unstable();
        assert_eq!(met, ["203", "520", "5203"]);
    }
}

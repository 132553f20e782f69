//! The lines between the tiers, and how near to one somebody is. From when on which lines hold is said in `rules`.

use super::Tier;
use crate::domain::text::Complaint;
use crate::domain::values::money::Fen;
use crate::domain::values::plain;
use serde::{Deserialize, Serialize};

/// The lines between the tiers: lower bounds, inclusive, of small, ordinary, potential, VIP, big.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lines(pub [Fen; 5]);

impl Default for Lines {
    /// domain.md "Tiers": 0.1, 5, 20, 50, 300万.
    fn default() -> Self {
        Lines([1_000, 50_000, 200_000, 500_000, 3_000_000].map(Fen::of_yuan))
    }
}

/// How far a customer is from a line: which tier it leads to, and the fen missing (up) or above it (down).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Near {
    /// The tier on the other side of the line.
    pub to: Tier,
    /// Distance in fen, never negative.
    pub gap: Fen,
}

impl Lines {
    /// A line as it is typed: in 万 unless 万, 亿 or 元 says otherwise.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn typed(text: &str) -> Result<Fen, Complaint> {
        let clean = plain::fold(&plain::line(text));
        if clean.chars().last().is_some_and(|c| c.is_ascii_digit()) {
            return Fen::parse_wan(&format!("{clean}万"));
        }
        Fen::parse_wan(&clean)
    }

    /// A line as it is typed: `20万`, to the last fen.
    pub fn text(line: Fen) -> String {
        /// One 万 in fen, and the digits after its point.
        const WAN: i64 = 1_000_000;
        let (whole, rest) = (line.0 / WAN, line.0 % WAN);
        let rest = format!("{rest:06}");
        let rest = rest.trim_end_matches('0');
        if rest.is_empty() { format!("{whole}万") } else { format!("{whole}.{rest}万") }
    }

    /// Whether they can be lines: above zero and rising.
    ///
    /// # Errors
    /// What is wrong.
    pub fn check(&self) -> Result<(), Complaint> {
        let rises = self.0.windows(2).all(|pair| pair.first() < pair.last());
        if rises && self.0.iter().all(|line| line.0 > 0) {
            return Ok(());
        }
        Err(Complaint::new("分级线要从小到大，都大于零", "The lines must rise, and be above zero"))
    }

    /// The tier of an amount; ranges are half-open, 5万 exactly is ordinary.
    pub fn tier(&self, aum: Fen) -> Tier {
        let passed = self.0.iter().take_while(|line| aum >= **line).count();
        Tier::ALL.get(passed).copied().unwrap_or(Tier::Big)
    }

    /// The lower line of a tier; `None` for untiered, which has none.
    pub fn lower(&self, tier: Tier) -> Option<Fen> {
        tier.rank().checked_sub(1).and_then(|i| self.0.get(i)).copied()
    }

    /// The next line up is within `percent` of itself above `aum` (临界升): a customer worth lifting.
    pub fn near_up(&self, aum: Fen, percent: u32) -> Option<Near> {
        let to = self.tier(aum).up()?;
        let line = self.lower(to)?;
        let gap = line.0 - aum.0;
        (i128::from(gap) * 100 <= i128::from(line.0) * i128::from(percent)).then_some(Near { to, gap: Fen(gap) })
    }

    /// The lower line of the own tier is within `percent` of itself below `aum` (临界降): a customer worth holding.
    pub fn near_down(&self, aum: Fen, percent: u32) -> Option<Near> {
        let tier = self.tier(aum);
        let line = self.lower(tier)?;
        let gap = aum.0 - line.0;
        let to = Tier::ALL.get(tier.rank().checked_sub(1)?).copied()?;
        (i128::from(gap) * 100 <= i128::from(line.0) * i128::from(percent)).then_some(Near { to, gap: Fen(gap) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_typed_in_wan_and_comes_back_as_it_was() {
        for (typed, fen) in [
            ("30", 30_000_000),
            ("0.1", 100_000),
            ("２０", 20_000_000),
            ("5万", 5_000_000),
            ("1.5亿", 15_000_000_000),
            ("8000元", 800_000),
        ] {
            let line = Lines::typed(typed).unwrap();
            assert_eq!(line, Fen(fen), "{typed}");
            assert_eq!(Lines::typed(&Lines::text(line)), Ok(line), "{typed}");
        }
        assert_eq!(Lines::text(Fen(100_000)), "0.1万");
        for wrong in ["", "many", "1e5", "-"] {
            assert!(Lines::typed(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn lines_rise_and_are_above_zero() {
        assert_eq!(Lines::default().check(), Ok(()));
        for (at, yuan) in [(0, 0), (1, 1_000), (2, 500_000), (4, -1)] {
            let mut lines = Lines::default();
            lines.0[at] = Fen::of_yuan(yuan);
            assert!(lines.check().is_err(), "{at} {yuan}");
        }
    }
}

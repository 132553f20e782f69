//! Money: whole fen in an `i64`, never a float (domain.md "Rules of the trade"). What an amount is for does not live here.

use super::plain::{brief_sum, tight};
use crate::domain::text::Complaint;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::iter::Sum;
use std::ops::{Add, AddAssign, Neg, Sub, SubAssign};

/// An amount in fen (1/100 yuan).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Fen(pub i64);

/// 万 and 亿 as powers of ten of a yuan.
const WAN: u32 = 4;
const YI: u32 = 8;

impl Fen {
    /// Nothing.
    pub const ZERO: Fen = Fen(0);

    /// Whole yuan.
    pub const fn of_yuan(yuan: i64) -> Fen {
        Fen(yuan.saturating_mul(100))
    }

    /// Reads yuan: `31056.1`, `31,056.10`, `¥-5`, full-width too. At most two decimals, no exponent, thousands separators
    /// only where they belong.
    pub fn parse_yuan(text: &str) -> Result<Fen, Complaint> {
        let number = tight(text);
        let number = number.strip_suffix('元').unwrap_or(&number);
        Decimal::read(number, text)?.fen(0, text)
    }

    /// Reads an amount of a filter: `50w`, `50万`, `1.5亿`; a bare number is yuan.
    pub fn parse_wan(text: &str) -> Result<Fen, Complaint> {
        let number = tight(text);
        let number = number.strip_suffix('元').unwrap_or(&number);
        let (number, power) = if let Some(wan) = number.strip_suffix(['W', '万']) {
            (wan, WAN)
        } else if let Some(yi) = number.strip_suffix('亿') {
            (yi, YI)
        } else {
            (number, 0)
        };
        Decimal::read(number, text)?.fen(power, text)
    }

    /// `31,056.10`
    pub fn yuan(self) -> String {
        let (whole, cents) = self.parts();
        let digits = whole.to_string();
        let mut out = String::with_capacity(digits.len() + digits.len() / 3 + 4);
        out.push_str(self.sign());
        for (i, c) in digits.chars().enumerate() {
            if i > 0 && (digits.len() - i) % 3 == 0 {
                out.push(',');
            }
            out.push(c);
        }
        out.push_str(&format!(".{cents:02}"));
        out
    }

    /// `31056.10`
    pub fn plain(self) -> String {
        let (whole, cents) = self.parts();
        format!("{}{whole}.{cents:02}", self.sign())
    }

    /// `3.1万`, from a hundred million yuan `2.31亿`; what is over is left off, so that nobody seems to have reached a line they have not.
    pub fn wan(self) -> String {
        /// A tenth of 万 and a hundredth of 亿, in fen.
        const TENTH: u64 = 100_000;
        const HUNDREDTH: u64 = 100_000_000;
        let fen = self.0.unsigned_abs();
        let tenths = fen / TENTH;
        if tenths == 0 {
            return "0.0万".to_string();
        }
        if tenths < 100_000 {
            format!("{}{}.{}万", self.sign(), tenths / 10, tenths % 10)
        } else {
            let hundredths = fen / HUNDREDTH;
            format!("{}{}.{:02}亿", self.sign(), hundredths / 100, hundredths % 100)
        }
    }

    fn sign(self) -> &'static str {
        if self.0 < 0 { "-" } else { "" }
    }

    fn parts(self) -> (u64, u64) {
        let fen = self.0.unsigned_abs();
        (fen / 100, fen % 100)
    }
}

/// A number as it was written: sign, digits of both parts without separators.
struct Decimal {
    negative: bool,
    digits: String,
    decimals: u32,
}

impl Decimal {
    fn read(number: &str, text: &str) -> Result<Decimal, Complaint> {
        let mut rest = number;
        let mut negative = false;
        let (mut signed, mut marked) = (false, false);
        // Sign and currency mark may stand in either order, each once.
        loop {
            rest = if let Some(r) = rest.strip_prefix(['-', '\u{2212}']).filter(|_| !signed) {
                (negative, signed) = (true, true);
                r
            } else if let Some(r) = rest.strip_prefix('+').filter(|_| !signed) {
                signed = true;
                r
            } else if let Some(r) = rest.strip_prefix(['¥', '\u{FFE5}']).filter(|_| !marked) {
                marked = true;
                r
            } else {
                break;
            };
        }
        let (whole, part) = match rest.split_once('.') {
            Some((whole, part)) if !part.is_empty() => (whole, part),
            Some(_) => return Err(unreadable(text)),
            None if rest.is_empty() => return Err(unreadable(text)),
            None => (rest, ""),
        };
        let is_number = |s: &str| s.chars().all(|c| c.is_ascii_digit());
        if !is_number(part) || !whole.chars().all(|c| c.is_ascii_digit() || c == ',') {
            return Err(unreadable(text));
        }
        if whole.contains(',') {
            let mut groups = whole.split(',');
            let first = groups.next().map_or(0, str::len);
            if !(1..=3).contains(&first) || groups.any(|g| g.len() != 3) {
                return Err(Complaint::new(
                    format!("「{}」的千分位逗号位置不对，应如 1,234.50", brief_sum(text)),
                    format!("The thousands separators of \"{}\" are misplaced; write 1,234.50", brief_sum(text)),
                ));
            }
        }
        let mut digits: String = whole.chars().filter(char::is_ascii_digit).collect();
        digits.push_str(part);
        Ok(Decimal { negative, digits, decimals: u32::try_from(part.len()).unwrap_or(u32::MAX) })
    }

    /// The amount in fen when the number counts units of ten to the `power` yuan.
    fn fen(&self, power: u32, text: &str) -> Result<Fen, Complaint> {
        let scale = power + 2;
        if self.decimals > scale {
            return Err(Complaint::new(
                format!("「{}」小数位太多，金额最多到分", brief_sum(text)),
                format!("\"{}\" has too many decimals; amounts end at fen (two decimals of a yuan)", brief_sum(text)),
            ));
        }
        let too_large = || {
            Complaint::new(
                format!("「{}」金额过大，请核对", brief_sum(text)),
                format!("\"{}\" is too large an amount; please check", brief_sum(text)),
            )
        };
        let number: i128 = self.digits.parse().map_err(|_| too_large())?;
        let fen = number.checked_mul(10_i128.pow(scale - self.decimals)).ok_or_else(too_large)?;
        i64::try_from(if self.negative { -fen } else { fen }).map(Fen).map_err(|_| too_large())
    }
}

fn unreadable(text: &str) -> Complaint {
    Complaint::new(
        format!("「{}」不是金额，应如 31056.10 或 31,056.10", brief_sum(text)),
        format!("\"{}\" is not an amount; write 31056.10 or 31,056.10", brief_sum(text)),
    )
}

impl Add for Fen {
    type Output = Fen;
    fn add(self, other: Fen) -> Fen {
        Fen(self.0.saturating_add(other.0))
    }
}

impl AddAssign for Fen {
    fn add_assign(&mut self, other: Fen) {
        *self = *self + other;
    }
}

impl Sub for Fen {
    type Output = Fen;
    fn sub(self, other: Fen) -> Fen {
        Fen(self.0.saturating_sub(other.0))
    }
}

impl SubAssign for Fen {
    fn sub_assign(&mut self, other: Fen) {
        *self = *self - other;
    }
}

impl Neg for Fen {
    type Output = Fen;
    fn neg(self) -> Fen {
        Fen(self.0.saturating_neg())
    }
}

impl Sum for Fen {
    fn sum<I: Iterator<Item = Fen>>(amounts: I) -> Fen {
        amounts.fold(Fen::ZERO, Add::add)
    }
}

impl<'a> Sum<&'a Fen> for Fen {
    fn sum<I: Iterator<Item = &'a Fen>>(amounts: I) -> Fen {
        amounts.copied().sum()
    }
}

impl fmt::Display for Fen {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.yuan())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn yuan_is_read_as_people_and_core_systems_write_it() {
        for (text, fen) in [
            ("0", 0),
            ("31056.1", 3_105_610),
            ("31,056.10", 3_105_610),
            ("1,234,567.89", 123_456_789),
            ("１，２３４．５０", 123_450),
            ("¥5", 500),
            ("￥ -5.05", -505),
            ("-¥5.05", -505),
            ("+7", 700),
            (".5", 50),
            ("00012", 1200),
            ("12 元", 1200),
            ("92233720368547758.07", i64::MAX),
            ("-92233720368547758.08", i64::MIN),
        ] {
            assert_eq!(Fen::parse_yuan(text), Ok(Fen(fen)), "{text}");
        }
    }

    #[test]
    fn what_is_no_amount_is_refused() {
        for text in [
            "",
            " ",
            "-",
            "¥",
            "1,2,3",
            "1,23",
            ",123",
            "1234,567",
            "1,234,",
            "1.",
            "1.2.3",
            "1.5,0",
            "1e5",
            "5.2E+17",
            "--5",
            "¥¥5",
            "五",
            "5万",
            "NaN",
            "inf",
            "92233720368547758.08",
            "99999999999999999999999999999999999999999999999",
        ] {
            assert!(Fen::parse_yuan(text).is_err(), "{text}");
        }
        assert!(Fen::parse_yuan("1.234").unwrap_err().zh.contains("小数"));
        assert!(Fen::parse_yuan("1,2,3").unwrap_err().zh.contains("千分位"));
        assert!(Fen::parse_yuan("92233720368547758.08").unwrap_err().zh.contains("过大"));
    }

    #[test]
    fn wan_never_says_more_than_there_is_and_turns_to_yi() {
        for (fen, shown) in [
            (0, "0.0万"),
            (4_999_999, "4.9万"),
            (5_000_000, "5.0万"),
            (29_962_410, "29.9万"),
            (999_994_999_999, "99.99亿"),
            (99_999, "0.0万"),
            (100_000, "0.1万"),
            (-99_999, "0.0万"),
            (-4_999_999, "-4.9万"),
            (3_105_610, "3.1万"),
            (-3_105_610, "-3.1万"),
            (3_149_999, "3.1万"),
            (3_150_000, "3.1万"),
            (3_199_999, "3.1万"),
            (3_200_000, "3.2万"),
            (9_999_999_999, "9999.9万"),
            (10_000_000_000, "1.00亿"),
            (23_100_000_000, "2.31亿"),
            (i64::MIN, "-922337203.68亿"),
        ] {
            assert_eq!(Fen(fen).wan(), shown, "{fen}");
        }
    }

    #[test]
    fn filters_read_wan_and_yi() {
        for (text, fen) in [
            ("50w", 50_000_000),
            ("50W", 50_000_000),
            ("50万", 50_000_000),
            ("５０万元", 50_000_000),
            ("3.1056万", 3_105_600),
            ("1.5亿", 15_000_000_000),
            ("5000", 500_000),
            ("5,000", 500_000),
        ] {
            assert_eq!(Fen::parse_wan(text), Ok(Fen(fen)), "{text}");
        }
        for text in ["w", "万", "50wan", "1.2345678万", "50ww", ""] {
            assert!(Fen::parse_wan(text).is_err(), "{text}");
        }
    }

    #[test]
    fn sums_stop_at_the_limits_instead_of_turning_over() {
        assert_eq!(Fen(i64::MAX) + Fen(1), Fen(i64::MAX));
        assert_eq!(Fen(i64::MIN) - Fen(1), Fen(i64::MIN));
        assert_eq!(-Fen(i64::MIN), Fen(i64::MAX));
        assert_eq!([Fen(1), Fen(2), Fen(3)].iter().sum::<Fen>(), Fen(6));
        assert_eq!(format!("{:>9}", Fen(123_456)), " 1,234.56");
    }

    proptest! {
        #[test]
        fn an_amount_shown_and_read_again_is_the_same(fen in any::<i64>()) {
            prop_assert_eq!(Fen::parse_yuan(&Fen(fen).yuan()), Ok(Fen(fen)));
            prop_assert_eq!(Fen::parse_yuan(&Fen(fen).plain()), Ok(Fen(fen)));
            prop_assert_eq!(Fen::parse_wan(&Fen(fen).plain()), Ok(Fen(fen)));
        }

        #[test]
        fn no_text_makes_it_panic(s in any::<String>(), n in "[-+¥0-9.,，w万亿E元]{0,50}") {
            let _ = (Fen::parse_yuan(&s), Fen::parse_wan(&s), Fen::parse_yuan(&n), Fen::parse_wan(&n));
        }

        #[test]
        fn an_amount_shown_in_wan_is_less_than_a_step_short_and_never_more(fen in -9_999_900_000_i64..9_999_900_000) {
            let shown = Fen::parse_wan(&Fen(fen).wan()).unwrap();
            prop_assert!(shown.0.abs() <= fen.abs() && (shown.0 - fen).abs() < 100_000);
        }
    }
}

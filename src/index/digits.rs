//! Digits packed four bits each: a number as a machine word, and whether a typed run stands in it. Which rows hold which numbers is
//! `codes`'.

/// The nibble before the first digit, so that leading zeros count.
const MARK: u128 = 0xf;
/// The nibble of X, the last of some ID numbers.
const X: u8 = 10;

/// Packs `520…450` or `…002X`; the first of 18 digits stands where the mark would be.
pub fn pack(text: &str) -> Option<u128> {
    let len = text.len();
    if len == 0 || len > 18 {
        return None;
    }
    let mut packed = if len == 18 { 0 } else { MARK };
    for (i, b) in text.bytes().enumerate() {
        let nibble = match b {
            b'0'..=b'9' => b - b'0',
            b'X' if i + 1 == len && len > 1 => X,
            _ => return None,
        };
        packed = packed << 4 | u128::from(nibble);
    }
    // Eighteen digits that begin with 0 would be taken for a shorter number.
    (len < 18 || packed >> 68 != 0).then_some(packed)
}

/// Writes the digits of a packed number, X as `x`, and says how many.
#[inline]
pub fn write(packed: u128, into: &mut [u8; 18], x: u8) -> usize {
    let len = digits_of(packed) as usize;
    let mut low = packed as u64;
    for (i, slot) in into.iter_mut().take(len).rev().enumerate() {
        if i == 16 {
            low = (packed >> 64) as u64;
        }
        let nibble = low as u8 & 15;
        *slot = if nibble == X { x } else { b'0' + nibble };
        low >>= 4;
    }
    len
}

/// The digits of a packed number.
pub fn unpack(packed: u128) -> String {
    let mut buffer = [0; 18];
    let len = write(packed, &mut buffer, b'X');
    buffer.get(..len).and_then(|b| std::str::from_utf8(b).ok()).unwrap_or("").to_owned()
}

/// A run of digits to be looked for in packed numbers.
pub struct Run {
    digits: u128,
    low: u64,
    mask: u64,
    len: u32,
}

impl Run {
    /// Digits as [`pack_run`] gives them, and how many.
    pub fn new(digits: u128, len: u32) -> Run {
        let mask = if len >= 16 { u64::MAX } else { (1 << (4 * len)) - 1 };
        Run { digits, low: digits as u64, mask, len }
    }

    /// Where it stands in a number, as a level: at its end with four digits or more, or all of it, 0; at its beginning 1; inside 2.
    #[inline]
    pub fn level(&self, number: u128) -> Option<u8> {
        let (own, len) = (digits_of(number), self.len);
        let last = own.checked_sub(len)?;
        if len > 16 {
            let mask = (1u128 << (4 * len)) - 1;
            return match number & mask == self.digits {
                true => Some(0),
                false => (last == 1 && number >> 4 & mask == self.digits).then_some(1),
            };
        }
        // The last sixteen digits fit a word, which is quicker to shift; the two above are rarely needed.
        let low = number as u64;
        let split = 17 - len;
        let at = |place: u32| {
            let digits = if place < split { low >> (4 * place) } else { (number >> (4 * place)) as u64 };
            digits & self.mask == self.low
        };
        if at(0) && (len >= 4 || last == 0) {
            Some(0)
        } else if at(last) {
            Some(1)
        } else {
            let inside = (0..last.min(split)).any(|place| low >> (4 * place) & self.mask == self.low);
            (inside || (split..last).any(at)).then_some(2)
        }
    }
}

/// A number as it lies in a column.
#[derive(Debug, Clone, Copy)]
pub enum Number<'a> {
    /// Packed.
    Packed(u128),
    /// As it is, folded.
    Text(&'a [u8]),
}

/// What [`Number::threes`] says of three nibbles that are no digits.
const NO_KEY: u16 = u16::MAX;

/// The number below 1,000 of three nibbles that are digits.
static THREES: [u16; 4_096] = {
    let mut keys = [NO_KEY; 4_096];
    let mut n = 0;
    while n < 1_000 {
        keys[(n / 100) << 8 | (n / 10 % 10) << 4 | (n % 10)] = n as u16;
        n += 1;
    }
    keys
};

impl Number<'_> {
    /// Each digit.
    #[inline]
    pub fn ones(self, mut take: impl FnMut(u8)) {
        match self {
            Number::Packed(packed) => {
                (0..digits_of(packed)).map(|at| (packed >> (4 * at)) as u8 & 15).filter(|d| *d < X).for_each(take);
            }
            Number::Text(text) => text.iter().map(|b| b.wrapping_sub(b'0')).filter(|d| *d < 10).for_each(&mut take),
        }
    }

    /// Each two neighbouring digits, the first in the high nibble.
    #[inline]
    pub fn twos(self, mut take: impl FnMut(u8)) {
        match self {
            Number::Packed(packed) => {
                let mut left = packed;
                // Only the last nibble may be none of a digit.
                for at in 1..digits_of(packed) {
                    if at > 1 || left as u8 & 15 != X {
                        take(left as u8);
                    }
                    left >>= 4;
                }
            }
            Number::Text(text) => {
                for pair in text.windows(2) {
                    if let [a @ b'0'..=b'9', b @ b'0'..=b'9'] = pair {
                        take((a - b'0') << 4 | (b - b'0'));
                    }
                }
            }
        }
    }

    /// Each three neighbouring digits as a number below 1,000, with how many characters stand behind them.
    #[inline]
    pub fn threes(self, mut take: impl FnMut(u16, u32)) {
        match self {
            Number::Packed(packed) => {
                let mut left = packed;
                for behind in 0..digits_of(packed).saturating_sub(2) {
                    let key = THREES.get(left as usize & 0xfff).copied().unwrap_or(NO_KEY);
                    if key != NO_KEY {
                        take(key, behind);
                    }
                    left >>= 4;
                }
            }
            Number::Text(text) => {
                for (at, three) in text.windows(3).enumerate() {
                    if let Some(key) = key(three) {
                        take(key, (text.len() - at - 3) as u32);
                    }
                }
            }
        }
    }

    /// The digit with so many characters behind it; more than 9 if it is none.
    #[inline]
    pub fn digit(self, behind: u32) -> u8 {
        match self {
            Number::Packed(packed) => (packed >> (4 * behind)) as u8 & 15,
            Number::Text(text) => text.iter().rev().nth(behind as usize).map_or(u8::MAX, |b| b.wrapping_sub(b'0')),
        }
    }

    /// Whether it ends with X.
    pub fn ends_x(self) -> bool {
        match self {
            Number::Packed(packed) => packed as u8 & 15 == X,
            Number::Text(text) => text.last() == Some(&b'x'),
        }
    }
}

/// The number of three digits; `None` for anything else.
pub fn key(text: &[u8]) -> Option<u16> {
    text.iter().try_fold(0u16, |k, b| b.is_ascii_digit().then(|| k * 10 + u16::from(b - b'0')))
}

/// As [`Run::level`], for a number that is not packed; both folded.
pub fn level_text(number: &str, run: &str) -> Option<u8> {
    if !number.contains(run) {
        None
    } else if number == run || (number.ends_with(run) && run.chars().count() >= 4) {
        Some(0)
    } else if number.starts_with(run) {
        Some(1)
    } else {
        Some(2)
    }
}

/// How many digits a packed number has.
#[inline]
fn digits_of(packed: u128) -> u32 {
    let nibbles = (128 - packed.leading_zeros()).div_ceil(4);
    nibbles - u32::from(packed != 0 && (nibbles < 18 || packed >> 68 == MARK))
}

/// Packs what was typed, without a mark; `None` if it is no run of digits that a packed number can hold.
pub fn pack_run(digits: &str, x: bool) -> Option<u128> {
    if digits.is_empty() || digits.len() + usize::from(x) > 18 || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let packed = digits.bytes().fold(0u128, |p, b| p << 4 | u128::from(b - b'0'));
    Some(if x { packed << 4 | u128::from(X) } else { packed })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_come_back_as_they_were() {
        for text in [
            "1",
            "0012",
            "13800138000",
            "520325197202042450",
            "11010519491231002X",
            "52032519720204245",
            "123456789012345",
            "1234567890123456",
        ] {
            assert_eq!(pack(text).map(unpack).as_deref(), Some(text), "{text}");
        }
        for text in ["", "012345678901234567", "E12345678", "1234567890123456789", "X", "12X4", "002x"] {
            assert_eq!(pack(text), None, "{text}");
        }
    }

    #[test]
    fn a_run_is_found_where_it_stands() {
        let table = [
            ("13800138000", "13800138000", Some(0)),
            ("13800138000", "8000", Some(0)),
            ("13800138000", "000", Some(2)),
            ("13800138000", "1380", Some(1)),
            ("13800138000", "0013", Some(2)),
            ("13800138000", "139", None),
            ("13800138000", "138001380001", None),
            ("0012", "12", Some(2)),
            ("0012", "0012", Some(0)),
            ("520325197202042450", "5203", Some(1)),
            ("520325197202042450", "2450", Some(0)),
            ("520325197202042450", "520325197202042450", Some(0)),
            ("11010519491231002X", "002x", Some(0)),
            ("520325197202042450", "0325", Some(2)),
            ("520325197202042450", "20325", Some(2)),
            ("520325197202042450", "5203251972020424", Some(1)),
            ("520325197202042450", "2032519720204245", Some(2)),
            ("520325197202042450", "0325197202042450", Some(0)),
            ("520325197202042450", "52032519720204245", Some(1)),
            ("520325197202042450", "20325197202042450", Some(0)),
            ("520325197202042450", "0325197202042451", None),
            ("1234567890123456", "234567890123", Some(2)),
            ("1234567890123456", "123456789012", Some(1)),
            ("12345678901234567", "2345678901234567", Some(0)),
            ("12345678901234567", "1234567890123456", Some(1)),
            ("12345678901234567", "1234", Some(1)),
            ("12345678901234567", "2345", Some(2)),
        ];
        for (number, run, want) in table {
            let typed =
                run.strip_suffix('x').map_or_else(|| pack_run(run, false), |h| pack_run(h, true)).expect("a run");
            let packed = pack(number).expect("a number");
            assert_eq!(Run::new(typed, run.len() as u32).level(packed), want, "{number} {run}");
            assert_eq!(level_text(&number.to_lowercase(), run), want, "{number} {run} as text");
        }
    }

    #[test]
    fn neighbours_are_the_same_packed_and_as_text() {
        for text in ["1", "12", "0012", "13800138000", "520325197202042450", "11010519491231002X", "52032519720204245"]
        {
            let folded = text.to_lowercase();
            let gathered = |number: Number<'_>| {
                let (mut ones, mut twos, mut threes) = (Vec::new(), Vec::new(), Vec::new());
                number.ones(|d| ones.push(d));
                number.twos(|d| twos.push(d));
                number.threes(|key, behind| threes.push((key, behind)));
                ones.sort_unstable();
                twos.sort_unstable();
                threes.sort_unstable();
                let digits: Vec<bool> = (0..text.len() as u32).map(|behind| number.digit(behind) < 10).collect();
                (ones, twos, threes, digits, number.ends_x())
            };
            let packed = pack(text).expect("a number");
            assert_eq!(gathered(Number::Packed(packed)), gathered(Number::Text(folded.as_bytes())), "{text}");
        }
        let mut met = Vec::new();
        Number::Text(b"e1204x").threes(|key, behind| met.push((key, behind)));
        assert_eq!(met, [(120, 2), (204, 1)]);
        assert_eq!((key(b"042"), key(b"04x")), (Some(42), None));
    }
}

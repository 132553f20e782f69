//! Passwords of staff as they are typed, the rules for a new one, and how long to wait after wrong ones. How they are kept and compared
//! does not live here.

use super::text::Complaint;
use chrono::{NaiveDate, NaiveDateTime, TimeDelta};
use serde::{Deserialize, Serialize};
use std::fmt;
use zeroize::Zeroizing;

/// A password as it was typed. Never shown, wiped from memory when it is let go of.
#[derive(Clone, PartialEq, Eq)]
pub struct Password(Zeroizing<String>);

impl fmt::Debug for Password {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Password(..)")
    }
}

impl Password {
    /// What was typed; full-width letters, digits and signs count as the ones of the keyboard, since nobody sees which an IME gave.
    pub fn new(typed: &str) -> Password {
        Password(Zeroizing::new(super::values::plain::fold(typed)))
    }

    /// The bytes to be hashed.
    pub fn bytes(&self) -> &[u8] {
        self.0.as_bytes()
    }

    /// Whether nothing was typed.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Its characters.
    fn chars(&self) -> impl Iterator<Item = char> + '_ {
        self.0.chars()
    }
}

/// What the branch asks of passwords and of signing in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Policy {
    /// Whether everybody signs in by a password also in a plain file; an encrypted one always asks.
    #[serde(rename = "sign_in.required")]
    pub required: bool,
    /// The fewest characters in a plain file.
    #[serde(rename = "sign_in.length")]
    pub length: u16,
    /// The fewest characters in an encrypted file, whose slot file can be copied and tried elsewhere.
    #[serde(rename = "sign_in.length_encrypted")]
    pub length_encrypted: u16,
    /// Days after which a password is to be changed; 0 never asks.
    #[serde(rename = "sign_in.age_days")]
    pub age_days: u16,
    /// How many of the last passwords are not taken again, the present one among them.
    #[serde(rename = "sign_in.history")]
    pub history: u16,
    /// Wrong tries in a row that cost nothing.
    #[serde(rename = "sign_in.tries")]
    pub tries: u16,
    /// Seconds to wait after the first wrong try beyond them; doubled by each further one.
    #[serde(rename = "sign_in.wait_seconds")]
    pub wait_seconds: u16,
    /// Minutes without a key after which the screen is locked, for whoever has a password; 0 never locks.
    #[serde(rename = "sign_in.lock_minutes")]
    pub lock_minutes: u16,
}

impl Default for Policy {
    fn default() -> Self {
        Policy {
            required: false,
            length: 8,
            length_encrypted: 12,
            age_days: 90,
            history: 5,
            tries: 3,
            wait_seconds: 30,
            lock_minutes: 10,
        }
    }
}

/// The longest wait after wrong tries: nobody can keep a colleague out for a day.
pub const LONGEST_WAIT: i64 = 900;
/// The longest password: what is longer was not typed.
const LONGEST: usize = 200;

/// Passwords that everybody tries first.
const COMMON: [&str; 8] = ["password", "passw0rd", "admin123", "qwerty", "iloveyou", "abc123", "1qaz2wsx", "woaini"];

impl Policy {
    /// Whether a branch can work by it.
    ///
    /// # Errors
    /// What is wrong, and what to do.
    pub fn check(&self) -> Result<(), Complaint> {
        let lengths = 6..=64;
        if !lengths.contains(&self.length) || !lengths.contains(&self.length_encrypted) {
            return Err(Complaint::new("密码长度为 6 到 64 位", "Passwords have 6 to 64 characters"));
        }
        if self.history > 24 {
            return Err(Complaint::new("最多记住 24 个用过的密码", "At most 24 passwords are remembered"));
        }
        if !(1..=10).contains(&self.tries) || !(1..=900).contains(&self.wait_seconds) {
            return Err(Complaint::new(
                "可试次数为 1 到 10，等待为 1 到 900 秒",
                "Tries are 1 to 10, the wait is 1 to 900 seconds",
            ));
        }
        Ok(())
    }

    /// The fewest characters a password has in such a file.
    pub fn fewest(&self, encrypted: bool) -> usize {
        usize::from(if encrypted { self.length_encrypted } else { self.length })
    }

    /// Whether a new password of this member of staff will do.
    ///
    /// # Errors
    /// What it lacks.
    pub fn admits(&self, new: &Password, code: &str, encrypted: bool) -> Result<(), Complaint> {
        let fewest = self.fewest(encrypted);
        let count = new.chars().count();
        if count < fewest {
            return Err(Complaint::new(
                format!("密码至少 {fewest} 位，请再想一个"),
                format!("A password has {fewest} characters or more; choose another"),
            ));
        }
        if count > LONGEST || new.chars().any(char::is_control) {
            return Err(Complaint::new(
                "密码太长，或含有控制字符，请再想一个",
                "The password is too long or holds control characters; choose another",
            ));
        }
        let kinds = [
            new.chars().any(|c| c.is_ascii_digit()),
            new.chars().any(char::is_alphabetic),
            new.chars().any(|c| !c.is_alphanumeric()),
        ];
        if kinds.into_iter().filter(|k| *k).count() < 2 {
            return Err(Complaint::new(
                "密码要有字母、数字、符号里的至少两种，请再想一个",
                "A password has two or more of letters, digits and signs; choose another",
            ));
        }
        let lower: Zeroizing<String> = Zeroizing::new(new.chars().flat_map(char::to_lowercase).collect());
        let known = COMMON.iter().any(|common| lower.contains(common));
        if known || simple(&lower) || (code.len() > 2 && lower.contains(&code.to_lowercase())) {
            return Err(Complaint::new(
                "密码太容易猜到：不要用工号、连续或重复的字符、常见密码，请再想一个",
                "Too easy to guess: no staff code, no runs or repeats, no common password; choose another",
            ));
        }
        Ok(())
    }

    /// Whether a password set on `since` is to be changed.
    pub fn aged(&self, since: NaiveDate, today: NaiveDate) -> bool {
        self.age_days > 0 && (today - since).num_days() >= i64::from(self.age_days)
    }

    /// Seconds to wait after so many wrong tries in a row.
    pub fn wait(&self, wrong: u32) -> i64 {
        match wrong.checked_sub(u32::from(self.tries.max(1))) {
            None => 0,
            Some(beyond) => {
                (i64::from(self.wait_seconds) << beyond.min(10)).min(LONGEST_WAIT.max(i64::from(self.wait_seconds)))
            }
        }
    }
}

/// Fewer than five different characters, or one long run such as `12345678a`.
fn simple(text: &str) -> bool {
    let chars: Vec<char> = text.chars().collect();
    let mut different = chars.clone();
    different.sort_unstable();
    different.dedup();
    let mut longest = 1;
    for step in [-1_i64, 0, 1] {
        let mut run = 1;
        for (a, b) in chars.iter().zip(chars.iter().skip(1)) {
            run = if i64::from(u32::from(*b)) - i64::from(u32::from(*a)) == step { run + 1 } else { 1 };
            longest = longest.max(run);
        }
    }
    different.len() < 5 || longest * 3 > chars.len() * 2
}

/// Wrong tries in a row, and until when the next one is not taken.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Tries {
    /// How many.
    pub wrong: u32,
    /// When the last one was.
    pub last: Option<NaiveDateTime>,
}

impl Tries {
    /// One more.
    pub fn missed(&mut self, at: NaiveDateTime) {
        self.wrong = self.wrong.saturating_add(1);
        self.last = Some(at);
    }

    /// Seconds still to wait. A clock that was put back does not shorten the wait, nor lengthen it beyond its whole.
    pub fn left(&self, policy: &Policy, now: NaiveDateTime) -> i64 {
        let (whole, Some(last)) = (policy.wait(self.wrong), self.last) else { return 0 };
        let gone = now.signed_duration_since(last).max(TimeDelta::zero()).num_seconds();
        (whole - gone).max(0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> NaiveDateTime {
        NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M:%S").unwrap()
    }

    #[test]
    fn a_password_is_never_shown_and_full_width_counts_as_half() {
        let typed = Password::new("Ｑｉｎ－２０２６ shan");
        assert_eq!(format!("{typed:?}"), "Password(..)");
        assert_eq!(typed, Password::new("Qin-2026 shan"));
    }

    #[test]
    fn what_a_new_password_lacks_is_said() {
        let policy = Policy::default();
        for (typed, encrypted, zh) in [
            ("Qs-2026x", false, None),
            ("Qs-2026", false, Some("至少 8 位")),
            ("Qs-2026x", true, Some("至少 12 位")),
            ("清水河边三棵柳 7", false, None),
            ("青山绿水好风光啊", false, Some("至少两种")),
            ("83726150", false, Some("至少两种")),
            ("kdhwozme", false, Some("至少两种")),
            ("12345678a", false, Some("容易猜")),
            ("aaaaaaa1", false, Some("容易猜")),
            ("ab12ab12", false, Some("容易猜")),
            ("My-Passw0rd!", true, Some("容易猜")),
            ("WangMin-83x", false, Some("容易猜")),
            ("tail\u{7}83-xwq", false, Some("控制字符")),
        ] {
            let said = policy.admits(&Password::new(typed), "wangmin", encrypted).err().map(|c| c.zh);
            match zh {
                None => assert_eq!(said, None, "{typed}"),
                Some(zh) => assert!(said.as_ref().is_some_and(|s| s.contains(zh)), "{typed}: {said:?}"),
            }
        }
    }

    #[test]
    fn the_wait_grows_from_the_third_wrong_try_on_and_ends_at_a_quarter_of_an_hour() {
        let policy = Policy::default();
        let waits: Vec<i64> = (0..=10).map(|wrong| policy.wait(wrong)).collect();
        assert_eq!(waits, [0, 0, 0, 30, 60, 120, 240, 480, 900, 900, 900]);
        assert_eq!(policy.wait(u32::MAX), 900);
    }

    #[test]
    fn a_clock_put_back_neither_shortens_the_wait_nor_makes_it_longer_than_it_was() {
        let policy = Policy::default();
        let tries = Tries { wrong: 4, last: Some(at("2026-11-21 09:00:00")) };
        for (now, left) in [
            ("2026-11-21 09:00:00", 60),
            ("2026-11-21 09:00:59", 1),
            ("2026-11-21 09:01:00", 0),
            ("2026-11-20 08:00:00", 60),
            ("2020-01-01 00:00:00", 60),
            ("2027-01-01 00:00:00", 0),
        ] {
            assert_eq!(tries.left(&policy, at(now)), left, "{now}");
        }
        assert_eq!(Tries::default().left(&policy, at("2026-11-21 09:00:00")), 0);
    }

    #[test]
    fn a_password_ages_and_never_where_the_days_are_nought() {
        let day = |text: &str| text.parse::<NaiveDate>().unwrap();
        let policy = Policy::default();
        assert!(!policy.aged(day("2026-08-24"), day("2026-11-21")));
        assert!(policy.aged(day("2026-08-23"), day("2026-11-21")));
        assert!(!Policy { age_days: 0, ..policy }.aged(day("2000-01-01"), day("2026-11-21")));
    }

    #[test]
    fn a_policy_nobody_could_work_by_is_refused() {
        let good = Policy::default();
        assert_eq!(good.check(), Ok(()));
        for bad in [
            Policy { length: 5, ..good.clone() },
            Policy { length_encrypted: 65, ..good.clone() },
            Policy { history: 25, ..good.clone() },
            Policy { tries: 0, ..good.clone() },
            Policy { wait_seconds: 0, ..good.clone() },
        ] {
            assert!(bad.check().is_err(), "{bad:?}");
        }
    }
}

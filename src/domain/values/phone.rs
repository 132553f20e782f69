//! Phone numbers of the mainland, and others as they come. Whose they are does not live here.

use super::plain::{brief, tight};
use crate::domain::text::{Complaint, Text, t};

/// What sort of number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PhoneKind {
    /// 手机: 11 digits, 13 to 19.
    Mobile,
    /// 固定电话 with area code.
    Landline,
    /// 400 and 800 numbers, 95xxx and 96xxx.
    Service,
    /// Anything else: abroad, local without area code.
    Other,
}

impl PhoneKind {
    /// The word on screen.
    pub const fn label(self) -> Text {
        match self {
            PhoneKind::Mobile => t("手机", "Mobile"),
            PhoneKind::Landline => t("固话", "Landline"),
            PhoneKind::Service => t("服务热线", "Service line"),
            PhoneKind::Other => t("其他", "Other"),
        }
    }
}

/// A number, digits only.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Phone {
    /// As dialled in the mainland: without +86; numbers abroad begin with 00.
    pub digits: String,
    /// What sort.
    pub kind: PhoneKind,
}

impl Phone {
    /// Reads a number as typed or pasted; blanks, hyphens, dots, brackets and +86 are forgiven.
    pub fn parse(text: &str) -> Result<Phone, Complaint> {
        let tidy: String = tight(text)
            .chars()
            .filter(|c| !matches!(c, '-' | '\u{2010}'..='\u{2015}' | '\u{2212}' | '(' | ')' | '.' | '\''))
            .collect();
        let (abroad, digits) = match tidy.strip_prefix('+') {
            Some(rest) => (true, rest),
            None => (false, tidy.as_str()),
        };
        if digits.is_empty() || !digits.chars().all(|c| c.is_ascii_digit()) {
            return Err(Complaint::new(
                format!("「{}」不是电话号码，请只填数字", brief(text)),
                format!("\"{}\" is no phone number; enter digits only", brief(text)),
            ));
        }
        let digits = if abroad { format!("00{digits}") } else { digits.to_string() };
        let digits = home(&digits);
        let n = digits.len();
        let kind = if is_mobile(&digits) {
            PhoneKind::Mobile
        } else if starts_like_mobile(&digits) && (8..=14).contains(&n) {
            return Err(Complaint::new(
                format!("手机号应为 11 位，现为 {n} 位，请核对"),
                format!("A mobile number has 11 digits, this has {n}; please check"),
            ));
        } else if is_landline(&digits) {
            PhoneKind::Landline
        } else if is_service(&digits) {
            PhoneKind::Service
        } else if (3..=20).contains(&n) {
            PhoneKind::Other
        } else {
            return Err(Complaint::new(
                format!("电话号码应为 3 至 20 位，现为 {n} 位，请核对"),
                format!("A phone number has 3 to 20 digits, this has {n}; please check"),
            ));
        };
        Ok(Phone { digits, kind })
    }

    /// Reads the number at which a customer is reached: what is neither mobile, landline nor service number needs seven digits.
    ///
    /// # Errors
    /// What [`Phone::parse`] refuses, and numbers too short to reach anybody at.
    pub fn of_customer(text: &str) -> Result<Phone, Complaint> {
        let phone = Phone::parse(text)?;
        let n = phone.digits.len();
        let cut = starts_like_mobile(&phone.digits) && n < 11;
        if phone.kind == PhoneKind::Other && (n < 7 || cut) {
            return Err(Complaint::new(
                format!("电话只有 {n} 位，请核对（手机 11 位，座机带区号）"),
                format!("Only {n} digits; please check (11 for a mobile, landlines with area code)"),
            ));
        }
        Ok(phone)
    }
}

/// `138****8000`: at most the first three and last four, always four hidden; of up to four digits nothing is shown.
pub fn mask(number: &str) -> String {
    let n = number.chars().count();
    let (head, tail) = match n {
        0..=4 => (0, 0),
        5..=7 => (0, 2),
        _ => ((n - 8).min(3), 4),
    };
    number.chars().enumerate().map(|(i, c)| if i < head || i + tail >= n { c } else { '*' }).collect()
}

/// The last four characters, as customers say them; the whole of a shorter text.
pub fn last4(number: &str) -> &str {
    let start = number.char_indices().rev().nth(3).map_or(0, |(i, _)| i);
    number.get(start..).unwrap_or(number)
}

/// As dialled in the mainland: without the country code, or the 0 that old handsets dialled before a mobile.
fn home(digits: &str) -> String {
    for prefix in ["0086", "86", "0"] {
        if let Some(mobile) = digits.strip_prefix(prefix).filter(|m| is_mobile(m)) {
            return mobile.to_string();
        }
    }
    match digits.strip_prefix("0086") {
        // From abroad the 0 of the area code is left out: +86 851 2822 0000.
        Some(rest)
            if (9..=11).contains(&rest.len())
                && !rest.starts_with('0')
                && !starts_like_mobile(rest)
                && !is_service(rest) =>
        {
            format!("0{rest}")
        }
        Some(rest) => home(rest),
        None => digits.to_string(),
    }
}

fn starts_like_mobile(digits: &str) -> bool {
    let mut first = digits.chars();
    first.next() == Some('1') && matches!(first.next(), Some('3'..='9'))
}

fn is_mobile(digits: &str) -> bool {
    digits.len() == 11 && starts_like_mobile(digits)
}

/// Area code of three or four digits, then seven or eight.
fn is_landline(digits: &str) -> bool {
    (10..=12).contains(&digits.len()) && digits.starts_with('0') && !digits.starts_with("00")
}

fn is_service(digits: &str) -> bool {
    match digits.len() {
        10 => digits.starts_with("400") || digits.starts_with("800"),
        5 | 6 => digits.starts_with("95") || digits.starts_with("96"),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn numbers_are_told_apart_however_they_are_written() {
        for (text, digits, kind) in [
            ("13800138000", "13800138000", PhoneKind::Mobile),
            ("138 0013 8000", "13800138000", PhoneKind::Mobile),
            ("１３８－００１３－８０００", "13800138000", PhoneKind::Mobile),
            ("+86 138-0013-8000", "13800138000", PhoneKind::Mobile),
            ("8613800138000", "13800138000", PhoneKind::Mobile),
            ("008613800138000", "13800138000", PhoneKind::Mobile),
            ("013800138000", "13800138000", PhoneKind::Mobile),
            ("19985210027", "19985210027", PhoneKind::Mobile),
            ("(0851) 2822-0000", "085128220000", PhoneKind::Landline),
            ("010-12345678", "01012345678", PhoneKind::Landline),
            ("0371-1234567", "03711234567", PhoneKind::Landline),
            ("+86 851 2822 0000", "085128220000", PhoneKind::Landline),
            ("+86 10 1234 5678", "01012345678", PhoneKind::Landline),
            ("400-888-9999", "4008889999", PhoneKind::Service),
            ("800 820 8820", "8008208820", PhoneKind::Service),
            ("95588", "95588", PhoneKind::Service),
            ("+852 9123 4567", "0085291234567", PhoneKind::Other),
            ("+1 312 555 1234", "0013125551234", PhoneKind::Other),
            ("28220000", "28220000", PhoneKind::Other),
            ("110", "110", PhoneKind::Other),
        ] {
            assert_eq!(Phone::parse(text), Ok(Phone { digits: digits.to_string(), kind }), "{text}");
        }
    }

    #[test]
    fn what_cannot_be_dialled_is_refused() {
        for text in [
            "",
            "-",
            "+",
            "张三",
            "1380013800",
            "138001380000",
            "1380013800O",
            "13800138000/13900139000",
            "12",
            "123456789012345678901",
        ] {
            assert!(Phone::parse(text).is_err(), "{text}");
        }
        assert!(Phone::parse("1380013800").unwrap_err().zh.contains("10 位"));
    }

    #[test]
    fn masks_hide_four_at_least() {
        for (number, masked) in [
            ("13800138000", "138****8000"),
            ("085128220000", "085*****0000"),
            ("4008889999", "40****9999"),
            ("28220000", "****0000"),
            ("95588", "***88"),
            ("110", "***"),
            ("", ""),
        ] {
            assert_eq!(mask(number), masked);
        }
        assert_eq!(
            (last4("13800138000"), last4("110"), last4("张三李四王"), last4("")),
            ("8000", "110", "三李四王", "")
        );
    }

    proptest! {
        #[test]
        fn a_number_read_twice_is_the_same(s in any::<String>(), near in "[+]?(00)?(86)?[0-9 -]{0,24}") {
            let _ = (mask(&s), last4(&s));
            for text in [s, near] {
                if let Ok(phone) = Phone::parse(&text) {
                    prop_assert_eq!(Phone::parse(&phone.digits), Ok(phone.clone()), "{}", text);
                    prop_assert!(phone.digits.chars().all(|c| c.is_ascii_digit()));
                }
            }
        }
    }
}

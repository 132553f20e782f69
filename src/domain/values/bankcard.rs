//! Bank card numbers (ISO/IEC 7812, Luhn). Which account they draw on does not live here.

use super::plain::tight;
use crate::domain::text::Complaint;

/// Reads a card number: 12 to 19 digits, blanks and hyphens forgiven.
pub fn parse(text: &str) -> Result<String, Complaint> {
    let text = tight(text);
    let number: String = text
        .strip_prefix('\'')
        .unwrap_or(&text)
        .chars()
        .filter(|c| !matches!(c, '-' | '\u{2013}' | '\u{2014}'))
        .collect();
    if number.is_empty() || !number.chars().all(|c| c.is_ascii_digit()) {
        return Err(Complaint::new("卡号只能是数字，请核对", "A card number is all digits; please check"));
    }
    if !(12..=19).contains(&number.len()) {
        return Err(Complaint::new(
            format!("卡号应为 12 至 19 位，现为 {} 位，请核对", number.len()),
            format!("A card number has 12 to 19 digits, this has {}; please check", number.len()),
        ));
    }
    if luhn(&number) != 0 {
        return Err(Complaint::new(
            "卡号校验不符，请逐位核对",
            "The check digit of this card number does not fit; check each digit",
        ));
    }
    Ok(number)
}

/// The check digit that makes a card number of these digits.
pub fn check_digit(digits: &str) -> char {
    char::from_digit((10 - luhn(&format!("{digits}0"))) % 10, 10).unwrap_or('0')
}

/// `6222***********0213`: four at either end, of shorter numbers the last two at most.
pub fn mask(number: &str) -> String {
    let n = number.chars().count();
    let (head, tail) = match n {
        0..=4 => (0, 0),
        5..=11 => (0, 2),
        _ => (4, 4),
    };
    number.chars().enumerate().map(|(i, c)| if i < head || i + tail >= n { c } else { '*' }).collect()
}

/// The Luhn sum modulo ten; 0 for a sound number.
fn luhn(number: &str) -> u32 {
    let sum: u32 = number
        .chars()
        .rev()
        .filter_map(|c| c.to_digit(10))
        .enumerate()
        .map(|(i, d)| match (i % 2, d * 2) {
            (0, _) => d,
            (_, twice) if twice > 9 => twice - 9,
            (_, twice) => twice,
        })
        .fold(0, |sum, d| (sum + d) % 10);
    sum
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn card_numbers_are_checked_by_luhn() {
        assert_eq!(parse("4111 1111 1111 1111"), Ok("4111111111111111".to_string()));
        assert_eq!(parse("４１１１-1111-1111-1111"), Ok("4111111111111111".to_string()));
        assert!(parse("4111111111111112").unwrap_err().zh.contains("校验"));
        assert!(parse("41111111111").unwrap_err().zh.contains("11 位"));
        assert!(parse("411111111111111a").is_err());
        assert!(parse("").is_err());
        assert_eq!(mask("4111111111111111"), "4111********1111");
        assert_eq!((mask("12345").as_str(), mask("1234").as_str(), mask("").as_str()), ("***45", "****", ""));
    }

    proptest! {
        #[test]
        fn no_text_makes_it_panic(s in any::<String>()) {
            let _ = (parse(&s), mask(&s), check_digit(&s));
        }

        #[test]
        fn one_wrong_digit_is_always_noticed(digits in "[0-9]{11,18}", place in 0..11_usize, shift in 1..10_u32) {
            let number = format!("{digits}{}", check_digit(&digits));
            prop_assert_eq!(parse(&number), Ok(number.clone()));
            let mut wrong: Vec<char> = number.chars().collect();
            wrong[place] = char::from_digit((wrong[place].to_digit(10).unwrap() + shift) % 10, 10).unwrap();
            prop_assert!(parse(&wrong.into_iter().collect::<String>()).is_err());
        }
    }
}

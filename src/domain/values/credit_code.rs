//! 统一社会信用代码 (GB 32100-2015, check character MOD 31-3). Whose it is does not live here.

use super::plain::{brief, tight};
use crate::domain::text::Complaint;

/// The 31 characters in the order of their values; I, O, S, V and Z are left out.
const ALPHABET: &str = "0123456789ABCDEFGHJKLMNPQRTUWXY";

/// Reads a code: 18 characters, upper case. Blanks, hyphens and full-width forms are forgiven.
pub fn parse(text: &str) -> Result<String, Complaint> {
    let code: String = tight(text).chars().filter(|&c| c != '-').collect();
    let n = code.chars().count();
    if n != 18 {
        return Err(Complaint::new(
            format!("统一社会信用代码应为 18 位，现为 {n} 位，请核对"),
            format!("A unified social credit code has 18 characters, this has {n}; please check"),
        ));
    }
    if let Some(odd) = code.chars().find(|&c| value(c).is_none()) {
        return Err(Complaint::new(
            format!("统一社会信用代码中不会有「{}」（不用字母 I O S V Z），请核对", brief(&odd.to_string())),
            format!(
                "\"{}\" never occurs in a unified social credit code (nor do I O S V Z); please check",
                brief(&odd.to_string())
            ),
        ));
    }
    match (check_char(&code), code.chars().last()) {
        (Some(expected), Some(last)) if expected == last => Ok(code),
        _ => Err(Complaint::new(
            "统一社会信用代码校验不符，请逐位核对",
            "The check character of this unified social credit code does not fit; check each character",
        )),
    }
}

/// The check character of the first 17; `None` where fewer are given or one is not of the alphabet.
pub fn check_char(first17: &str) -> Option<char> {
    let mut sum = 0;
    let mut weight = 1;
    let mut characters = first17.chars();
    for _ in 0..17 {
        sum += value(characters.next()?)? * weight;
        weight = weight * 3 % 31;
    }
    ALPHABET.chars().nth((31 - sum % 31) % 31)
}

fn value(c: char) -> Option<usize> {
    ALPHABET.chars().position(|x| x == c)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn known_codes_are_told_from_broken_ones() {
        assert_eq!(parse("91350100M000100Y43"), Ok("91350100M000100Y43".to_string()));
        assert_eq!(parse("９１３５０１００ｍ０００１００ｙ４３ "), Ok("91350100M000100Y43".to_string()));
        assert!(parse("91350100M000100Y44").unwrap_err().zh.contains("校验"));
        assert!(parse("91350100M000100Y4").unwrap_err().zh.contains("17"));
        assert!(parse("9135O100M000100Y43").unwrap_err().en.contains('O'));
        assert!(parse("").is_err());
    }

    proptest! {
        #[test]
        fn no_text_makes_it_panic(s in any::<String>()) {
            let _ = (parse(&s), check_char(&s));
        }

        #[test]
        fn one_wrong_character_is_always_noticed(
            first17 in "[0-9A-HJ-NPQRTUWXY]{17}", place in 0..18_usize, other in "[0-9A-HJ-NPQRTUWXY]",
        ) {
            let code = format!("{first17}{}", check_char(&first17).unwrap());
            prop_assert_eq!(parse(&code), Ok(code.clone()));
            let wrong: String =
                code.chars().enumerate().map(|(i, c)| if i == place { other.chars().next().unwrap() } else { c }).collect();
            prop_assert!(wrong == code || parse(&wrong).is_err());
        }
    }
}

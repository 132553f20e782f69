//! Plain text: what is typed, pasted or read from a file is cleaned here before anything else sees it, so that no stored
//! text can steer a terminal or turn the reading direction. What a text means does not live here.

use std::iter::Peekable;
use std::str::Chars;

/// One line: no control characters, no ANSI sequences, no bidirectional controls; tabs and line breaks become one blank;
/// no blanks at the ends.
pub fn line(text: &str) -> String {
    clean(text, false)
}

/// Like [`line()`], but line breaks stay, as `\n`.
pub fn note(text: &str) -> String {
    clean(text, true)
}

/// A page as it stands, without what could steer a terminal or a printer: for what leaves the program although it was cleaned when it came
/// in, since another program may have written the file.
pub fn steady(text: &str) -> String {
    text.chars().filter(|c| !hidden(*c) || matches!(c, '\n' | '\t')).collect()
}

/// Full-width ASCII and the full-width blank to their half-width twins (`１２３－．，／：　` to `123-.,/: `).
pub fn fold(text: &str) -> String {
    if text.is_ascii() {
        return text.to_owned();
    }
    text.chars().map(half).collect()
}

/// `text` without any blanks, folded, letters in upper case: how numbers of documents, phones and cards are read.
pub(super) fn tight(text: &str) -> String {
    // What a core system writes; the long way comes to the same.
    if text.bytes().all(|b| b.is_ascii_graphic()) {
        return text.to_ascii_uppercase();
    }
    fold(&line(text)).chars().filter(|c| !c.is_whitespace()).map(|c| c.to_ascii_uppercase()).collect()
}

/// At most the first 24 characters of what was typed, to be quoted in a refusal; refusals are read and kept by many, so long numbers
/// are masked.
pub(in crate::domain) fn brief(text: &str) -> String {
    first(&masked(&line(text)), 24)
}

/// The same of what should be a sum: one with decimals is shown as it is, of many decimals the first six, for no number of a person is
/// written so.
pub(in crate::domain) fn brief_sum(text: &str) -> String {
    /// Digits before the point that are still a sum.
    const WHOLE: usize = 9;
    let text = line(text);
    let Some((whole, rest)) = text.split_once('.').filter(|(w, _)| w.chars().filter(|c| is_digit(*c)).count() <= WHOLE)
    else {
        return brief(&text);
    };
    let decimals: String = rest.chars().take_while(|c| is_digit(*c)).collect();
    let unit = rest.strip_prefix(&decimals).unwrap_or_default();
    first(&format!("{whole}.{}{}", first(&decimals, 6), masked(unit)), 24)
}

/// At most so many characters, and two dots where there were more.
fn first(text: &str, most: usize) -> String {
    let mut out: String = text.chars().take(most).collect();
    if text.chars().nth(most).is_some() {
        out.push_str("..");
    }
    out
}

fn half(c: char) -> char {
    match c {
        '\u{3000}' => ' ',
        // The full-width forms stand in the order of ASCII, 0xFEE0 further on.
        '\u{FF01}'..='\u{FF5E}' => char::from_u32(u32::from(c) - 0xFEE0).unwrap_or(c),
        _ => c,
    }
}

fn clean(text: &str, keep_breaks: bool) -> String {
    // Most texts carry nothing to clean.
    if text.chars().all(|c| (' '..='~').contains(&c) || ('\u{4E00}'..='\u{9FFF}').contains(&c)) {
        return text.trim().to_string();
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text.chars().peekable();
    // A blank already written for a tab or break; blanks right after it are the same gap.
    let mut gap = false;
    while let Some(c) = rest.next() {
        match c {
            '\u{1B}' => escape(&mut rest),
            '\u{9B}' => csi(&mut rest),
            '\u{90}' | '\u{98}' | '\u{9D}' | '\u{9E}' | '\u{9F}' => control_string(&mut rest),
            '\r' | '\n' | '\u{85}' | '\u{2028}' | '\u{2029}' if keep_breaks => {
                if c == '\r' && rest.peek() == Some(&'\n') {
                    rest.next();
                }
                out.push('\n');
                gap = false;
            }
            '\t' | '\u{0B}' | '\u{0C}' | '\r' | '\n' | '\u{85}' | '\u{2028}' | '\u{2029}' => {
                if !gap && !out.ends_with(' ') {
                    out.push(' ');
                }
                gap = true;
            }
            ' ' if gap => {}
            _ if hidden(c) => {}
            _ => {
                out.push(c);
                gap = false;
            }
        }
    }
    out.trim().to_string()
}

/// Controls that draw nothing: C0, C1, DEL, bidirectional marks and the byte order mark.
fn hidden(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{200E}' | '\u{200F}' | '\u{061C}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{FEFF}')
}

/// What follows ESC (ECMA-48): a control sequence, a control string, or intermediates and one final character.
fn escape(rest: &mut Peekable<Chars>) {
    match rest.peek() {
        Some('[') => {
            rest.next();
            csi(rest);
        }
        Some(']' | 'P' | 'X' | '^' | '_') => {
            rest.next();
            control_string(rest);
        }
        _ => {
            while rest.next_if(|c| matches!(c, ' '..='/')).is_some() {}
            rest.next_if(|c| matches!(c, '0'..='~'));
        }
    }
}

/// Parameters, intermediates, final character. A character that cannot belong to it ends it and stays.
fn csi(rest: &mut Peekable<Chars>) {
    while rest.next_if(|c| matches!(c, '0'..='?')).is_some() {}
    while rest.next_if(|c| matches!(c, ' '..='/')).is_some() {}
    rest.next_if(|c| matches!(c, '@'..='~'));
}

/// Up to BEL, ST or ESC `\`. One that never ends is no sequence: its text stays and only the introducer is gone.
fn control_string(rest: &mut Peekable<Chars>) {
    let mut ahead = rest.clone();
    while let Some(c) = ahead.next() {
        let ends = match c {
            '\u{07}' | '\u{9C}' => true,
            '\u{1B}' => ahead.next_if_eq(&'\\').is_some(),
            _ => false,
        };
        if ends {
            *rest = ahead;
            return;
        }
    }
}

/// Numbers long enough to be a phone, a card or an ID keep their last four digits, also where they are written in groups
/// (`138 0013 8000`) or in full width; dates, sums and figures of fewer than seven digits stay.
pub fn masked(text: &str) -> String {
    hide(text, |digits, grouped| digits.len() >= if grouped { 10 } else { 7 })
}

/// A sentence of ours that quotes a value and masked it where it is a person's: examples, customer numbers, days and sums in it stay. What
/// is a mobile, a card or an ID whatever column it stood in keeps its last four digits.
pub fn guarded(text: &str) -> String {
    hide(text, |digits, _| match digits {
        ['1' | '１', '3'..='9' | '３'..='９', ..] if digits.len() == 11 => true,
        _ => digits.len() >= 15,
    })
}

/// The numbers of a text that are `long` (their digits, and whether they stand in groups) without all but their last four digits.
fn hide(text: &str, long: impl Fn(&[char], bool) -> bool) -> String {
    let chars: Vec<char> = text.chars().collect();
    let mut out = chars.clone();
    let mut at = 0;
    while at < chars.len() {
        let end = number(&chars, at);
        if end == at {
            at += 1;
            continue;
        }
        let all = chars.get(at..end).unwrap_or_default();
        let digits: Vec<char> = all.iter().copied().filter(|c| is_digit(*c)).collect();
        let hide = if long(&digits, digits.len() < all.len()) { digits.len().saturating_sub(4) } else { 0 };
        for c in out.iter_mut().take(end).skip(at).filter(|c| is_digit(**c)).take(hide) {
            *c = '*';
        }
        at = end;
    }
    out.into_iter().collect()
}

/// Where the number ends that begins at `at`: digits, and groups of at least three of them with one blank or hyphen between.
fn number(chars: &[char], at: usize) -> usize {
    let digits = |from: usize| chars.get(from..).unwrap_or_default().iter().take_while(|c| is_digit(**c)).count();
    let (mut end, mut last) = (at + digits(at), digits(at));
    while last >= 3 && matches!(chars.get(end), Some(' ' | '-' | '－' | '\u{3000}')) && digits(end + 1) >= 3 {
        last = digits(end + 1);
        end += 1 + last;
    }
    end
}

fn is_digit(c: char) -> bool {
    c.is_ascii_digit() || ('０'..='９').contains(&c)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn one_line_carries_no_control_sequence() {
        for (dirty, plain) in [
            ("张三", "张三"),
            ("  张三\u{3000}", "张三"),
            ("\u{FEFF}张\u{202E}三\u{2069}", "张三"),
            ("张\0三\u{7F}", "张三"),
            ("\u{1B}[31m红\u{1B}[0m字", "红字"),
            ("\u{1B}]0;title\u{07}王\u{1B}]8;;http://x\u{1B}\\敏", "王敏"),
            ("\u{1B}Pq#0\u{1B}\\甲\u{9B}2J乙\u{9D}0;x\u{9C}丙", "甲乙丙"),
            ("\u{1B}(B甲\u{1B}c乙\u{1B}", "甲乙"),
            ("\u{1B}]0;never ends 甲", "0;never ends 甲"),
            ("\u{1B}[31李", "李"),
            ("a\tb\r\n c\n\n\td", "a b c d"),
            ("a  b", "a  b"),
        ] {
            assert_eq!(line(dirty), plain, "{dirty:?}");
        }
    }

    #[test]
    fn a_note_keeps_its_lines() {
        assert_eq!(note("\u{1B}[1m一\r\n二\r三\n\n四\t五\n"), "一\n二\n三\n\n四 五");
    }

    #[test]
    fn full_width_folds_to_half_width() {
        assert_eq!(fold("１３８－００１３．８０，／：　Ａｚ（）中"), "138-0013.80,/: Az()中");
    }

    proptest! {
        #[test]
        fn cleaning_twice_changes_nothing_more(s in any::<String>()) {
            let once = line(&s);
            prop_assert!(!once.chars().any(hidden));
            prop_assert_eq!(line(&once), once.clone());
            let once = note(&s);
            prop_assert!(!once.chars().any(|c| hidden(c) && c != '\n'));
            prop_assert_eq!(note(&once), once.clone());
        }

        #[test]
        fn plain_text_is_left_alone(s in "[a-z0-9\u{4e00}-\u{9fa5}]{0,30}") {
            prop_assert_eq!(line(&s), s.clone());
            prop_assert_eq!(fold(&s), s);
        }
    }

    #[test]
    fn a_sum_is_quoted_as_it_is_and_a_persons_number_in_its_place_is_not() {
        for (typed, quoted) in [
            ("556.1234567890002万", "556.123456..万"),
            ("1,234.567", "1,234.567"),
            ("12345678.123", "12345678.123"),
            ("-3.1416元", "-3.1416元"),
            ("13985210001", "*******0001"),
            ("13985210001.5", "*******0001.5"),
            ("1.13985210001", "1.139852.."),
            ("3.5 13985210001", "3.5 *******0001"),
            ("520325196611212452", "**************2452"),
            ("五万", "五万"),
        ] {
            assert_eq!(brief_sum(typed), quoted, "{typed}");
        }
    }

    #[test]
    fn a_sentence_keeps_its_examples_and_customer_numbers_and_no_number_of_a_person() {
        for said in ["应如 2026-11-21 或 20261121", "客户号 6000000012 在本文件中重复", "应如 31056.10 或 31,056.10"]
        {
            assert_eq!(guarded(said), said);
        }
        for (said, shown) in [
            ("没有客户 520325196611212452", "没有客户 **************2452"),
            ("没有客户 52032519661121245X", "没有客户 *************1245X"),
            ("没有客户 13985210001，", "没有客户 *******0001，"),
            ("没有客户 139 8521 0001", "没有客户 *** **** 0001"),
            ("卡 6222021234567890128", "卡 ***************0128"),
            ("１３９８５２１０００１", "*******０００１"),
        ] {
            assert_eq!(guarded(said), shown);
        }
    }

    #[test]
    fn long_numbers_in_a_note_are_masked_and_dates_and_sums_are_not() {
        assert_eq!(masked("改打 18985210027，11-21 之前，5000 元"), "改打 *******0027，11-21 之前，5000 元");
        assert_eq!(masked("52032519720204245X"), "*************4245X");
        assert_eq!(
            masked("138 0013 8000 或 0851-28221234 或 520325 19720204 2450"),
            "*** **** 8000 或 ****-****1234 或 ****** ******** 2450"
        );
        assert_eq!(masked("２０２６，１３８００１３８０００"), "２０２６，*******８０００");
        assert_eq!(masked("2026-11-21 5000 元，3,373.00，123.45万"), "2026-11-21 5000 元，3,373.00，123.45万");
        assert_eq!(masked("6222 0212 3456 7890 128"), "**** **** **** ***0 128");
        assert_eq!(masked(""), "");
    }
}

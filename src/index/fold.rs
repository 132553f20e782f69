//! Folding of typed and stored text into the form that is compared: half-width, lower case, without controls. What a
//! word means is not decided here.

/// The class of a character in a search word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// 汉字, and any other letter that is not ASCII.
    Han,
    /// ASCII letters: pinyin.
    Letters,
    /// Digits.
    Digits,
}

/// One character in the form compared; `None` for what nobody types on purpose (controls, bidi marks, the dot between the
/// parts of a minority name, which is written in five ways and left out as often).
pub fn fold_char(c: char) -> Option<char> {
    let c = match c {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c),
        '\u{3000}' => ' ',
        _ => c,
    };
    match c {
        // Most of what is folded is 汉字.
        '\u{3400}'..='\u{9fff}' | ' '..='@' | '['..='~' => Some(c),
        'ü' | 'Ü' => Some('v'),
        '·' | '•' | '‧' | '・' | '．' | '\u{ff65}' => None,
        '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}' => None,
        c if c.is_control() && !c.is_whitespace() => None,
        c if c.is_ascii() => Some(c.to_ascii_lowercase()),
        c => Some(c.to_lowercase().next().unwrap_or(c)),
    }
}

/// A text in the form compared.
pub fn fold(text: &str) -> String {
    text.chars().filter_map(fold_char).collect()
}

/// A text in the form compared, each character with its position in the text, so that a match can be marked.
pub fn fold_at(text: &str) -> Vec<(char, usize)> {
    text.chars().enumerate().filter_map(|(i, c)| fold_char(c).map(|c| (c, i))).collect()
}

/// The class of a folded character; `None` separates words.
pub fn kind(c: char) -> Option<Kind> {
    match c {
        'a'..='z' => Some(Kind::Letters),
        '0'..='9' => Some(Kind::Digits),
        c if c.is_ascii() => None,
        c if c.is_alphabetic() => Some(Kind::Han),
        // Rare 汉字 outside the classes of an old table still count as letters of a name.
        c if u32::from(c) >= 0x2_0000 => Some(Kind::Han),
        _ => None,
    }
}

/// Where `part` stands in `whole`, as character positions, first time.
pub fn find(whole: &[(char, usize)], part: &str) -> Option<Vec<usize>> {
    let part: Vec<char> = part.chars().collect();
    if part.is_empty() {
        return None;
    }
    whole
        .windows(part.len())
        .find(|w| w.iter().zip(&part).all(|((c, _), p)| c == p))
        .map(|w| w.iter().map(|(_, i)| *i).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn full_width_and_case_are_folded_and_positions_kept() {
        assert_eq!(fold("Ｚｓ　１３８：＃"), "zs 138:#");
        assert_eq!(fold("买买提·吐尔逊"), "买买提吐尔逊");
        assert_eq!(find(&fold_at("买买提·吐尔逊"), "提吐"), Some(vec![2, 4]));
        assert_eq!(fold("\u{202e}张\u{0}三"), "张三");
    }
}

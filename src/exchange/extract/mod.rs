//! Extracts of the core banking system (domain.md, "What comes in from the core system"): layouts by their headers, rows as
//! typed records, what does not fit into a rejects file.

pub mod layout;
pub mod rejects;

/// Full-width letters, digits and marks as their ASCII twins; the wide blank as a blank.
pub fn fold(text: &str) -> String {
    text.chars()
        .map(|c| match c {
            '\u{FF01}'..='\u{FF5E}' => char::from_u32(u32::from(c) - 0xFEE0).unwrap_or(c),
            '\u{3000}' => ' ',
            _ => c,
        })
        .collect()
}

/// Letters that command a terminal or turn the direction of text, and never show.
pub fn is_hidden(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{2069}' | '\u{FEFF}' | '\u{061C}')
}

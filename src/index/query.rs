//! What was typed into the search box: words that narrow, and filters. Reading one filter's value is `filter`'s, completing is
//! `complete`'s; who is found is decided elsewhere.

pub use super::complete::{Completion, complete};
pub use super::filter::Known;
use super::filter::{self, Filter, Name};
use super::fold::{Kind, fold, kind};
use crate::domain::text::Complaint;

/// A stretch of one class of characters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Run {
    /// Its class.
    pub kind: Kind,
    /// Its characters, folded.
    pub text: String,
}

/// A word: it is met whole, or each of its runs is met (`zs1380` is `zs` and `1380`).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Word {
    /// As searched when met whole.
    pub text: String,
    /// Its runs, at least one.
    pub runs: Vec<Run>,
}

impl Word {
    /// Whether it has a run of this class.
    pub fn has(&self, kind: Kind) -> bool {
        self.runs.iter().any(|r| r.kind == kind)
    }

    /// The class, if it is of one only.
    pub fn sole(&self) -> Option<Kind> {
        match self.runs.as_slice() {
            [one] => Some(one.kind),
            _ => None,
        }
    }
}

/// A query as understood.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Query {
    /// All of these must be met.
    pub words: Vec<Word>,
    /// And these.
    pub filters: Vec<Filter>,
    /// The first filter that could not be read; the rest is searched all the same.
    pub trouble: Option<Complaint>,
}

impl Query {
    /// Whether a number of an address may be met by a word of digits: only beside 汉字, for a number alone means a phone or a card.
    pub fn house_numbers(&self) -> bool {
        self.words.iter().any(|w| w.has(Kind::Han))
    }
}

/// Characters that part words in the box, beside white space.
fn parts(c: char) -> bool {
    c.is_whitespace() || matches!(c, ',' | ';' | '、' | '。' | '|' | '*')
}

/// Reads the box.
pub fn parse(text: &str, known: &Known<'_>) -> Query {
    let mut query = Query::default();
    for token in fold(text).split(parts).filter(|t| !t.is_empty()) {
        let read = match token.strip_prefix('#') {
            Some("") => continue,
            Some(word) => filter::tag(word).map(Some),
            None => match token.split_once(':') {
                Some((name, value)) => filter::value(name, value, known),
                None => {
                    query.words.extend(word(token));
                    continue;
                }
            },
        };
        match read {
            Ok(Some(filter)) => query.filters.push(filter),
            // A filter whose value is still to be typed.
            Ok(None) => {}
            Err(complaint) => query.trouble = query.trouble.or(Some(complaint)),
        }
    }
    query
}

/// Reads one word; `None` if nothing in it can be searched.
fn word(token: &str) -> Option<Word> {
    let han = token.chars().any(|c| kind(c) == Some(Kind::Han));
    let mut runs: Vec<Run> = Vec::new();
    let mut text = String::new();
    let mut open = false;
    for c in token.chars() {
        let Some(kind) = kind(c) else {
            // 138-0013-8000 and xi'an are one word, their marks not searched; but an address has its 3-2-501 as written.
            if han && c == '-' {
                text.push(c);
                open = false;
            }
            continue;
        };
        text.push(c);
        match runs.last_mut() {
            Some(run) if open && run.kind == kind => run.text.push(c),
            _ => runs.push(Run { kind, text: c.to_string() }),
        }
        open = true;
    }
    (!runs.is_empty()).then_some(Word { text, runs })
}

/// The names of filters with their spellings, for completion and help: code, 中文, English.
pub fn names() -> impl Iterator<Item = (&'static str, &'static str, &'static str)> {
    Name::ALL.into_iter().map(|n| (n.code(), n.zh(), n.label().en))
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::NaiveDate;

    fn known() -> Known<'static> {
        Known { people: &[], areas: &[], today: NaiveDate::default(), me: None }
    }

    fn words(text: &str) -> Vec<String> {
        parse(text, &known())
            .words
            .iter()
            .map(|w| w.runs.iter().map(|r| r.text.as_str()).collect::<Vec<_>>().join("+"))
            .collect()
    }

    #[test]
    fn words_are_parted_folded_and_cut_into_runs() {
        let table: &[(&str, &[&str])] = &[
            ("zs 玉溪", &["zs", "玉溪"]),
            ("zs1380", &["zs+1380"]),
            ("ＺＳ　１３８０", &["zs", "1380"]),
            ("138-0013-8000", &["13800138000"]),
            ("138****0027", &["138", "0027"]),
            ("xi'an", &["xian"]),
            ("张三，玉溪", &["张三", "玉溪"]),
            ("解放路128号", &["解放路+128+号"]),
            ("3-2栋", &["3+2+栋"]),
            ("!? … ", &[]),
            ("", &[]),
        ];
        for (text, want) in table {
            assert_eq!(words(text), *want, "{text}");
        }
    }

    #[test]
    fn a_filter_that_cannot_be_read_is_named_and_the_rest_is_kept() {
        let q = parse("zs tier:xyz 资产：>50w", &known());
        assert_eq!((q.words.len(), q.filters.len()), (1, 1));
        let said = q.trouble.expect("a complaint");
        assert!(said.zh.contains("xyz") && said.en.contains("xyz"));
    }
}

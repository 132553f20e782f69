//! Completion of the search box: filter names and their values as one types. Reading them is `filter`'s.

use super::filter::{Name, gap_label};
use super::fold::fold;
use super::pinyin;
use super::row::Gap;
use super::spell;
use crate::domain::lifecycle::Stage;
use crate::domain::staff::Staff;
use crate::domain::text::{Lang, Text, t};
use crate::domain::tier::Tier;

/// One way to go on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Completion {
    /// The whole box after taking it.
    pub text: String,
    /// The cursor after taking it, in characters.
    pub cursor: usize,
    /// The part that stands for the word under the cursor.
    pub insert: String,
    /// What it means, 中文.
    pub zh: String,
    /// What it means, English.
    pub en: String,
}

impl Completion {
    /// What it means, in the language asked for.
    pub fn label(&self, lang: Lang) -> &str {
        match lang {
            Lang::Zh => &self.zh,
            Lang::En => &self.en,
        }
    }
}

/// A choice before it is fitted into the box: what is typed, what it means, and further spellings it answers to.
struct Choice {
    typed: String,
    zh: String,
    en: String,
    also: Vec<String>,
}

fn choice(typed: impl Into<String>, label: Text, also: &[&str]) -> Choice {
    Choice {
        typed: typed.into(),
        zh: label.zh.to_owned(),
        en: label.en.to_owned(),
        also: also.iter().map(|s| (*s).to_owned()).collect(),
    }
}

/// How the word under the cursor may go on. `cursor` counts characters. Nothing for an empty word: help is not pushed.
pub fn complete(text: &str, cursor: usize, people: &[Staff], areas: &[String]) -> Vec<Completion> {
    let chars: Vec<char> = text.chars().collect();
    let cursor = cursor.min(chars.len());
    let (before, after) = chars.split_at(cursor);
    let start = before.iter().rposition(|c| c.is_whitespace()).map_or(0, |i| i + 1);
    let (head, token) = before.split_at(start);
    let token = fold(&token.iter().collect::<String>());
    // A word that goes on behind the cursor is not completed: the rest would be torn.
    if token.is_empty() || after.first().is_some_and(|c| !c.is_whitespace()) {
        return Vec::new();
    }
    let (fixed, stem, choices, tail) = offered(&token, people, areas);
    let head: String = head.iter().collect();
    let after: String = after.iter().collect();
    choices
        .into_iter()
        .filter(|c| fits(c, &stem) && format!("{fixed}{}", c.typed) != token)
        .map(|c| {
            let insert = format!("{fixed}{}{tail}", c.typed);
            let cursor = head.chars().count() + insert.chars().count();
            // The space behind a finished filter is there already when text follows.
            let rest = if tail == " " { after.trim_start() } else { after.as_str() };
            Completion {
                text: format!("{head}{insert}{rest}"),
                cursor,
                insert: insert.trim_end().to_owned(),
                zh: c.zh,
                en: c.en,
            }
        })
        .collect()
}

/// What is kept of the word, what is matched, the choices, and what is put behind one.
fn offered(token: &str, people: &[Staff], areas: &[String]) -> (String, String, Vec<Choice>, &'static str) {
    if let Some(stem) = token.strip_prefix('#') {
        return ("#".to_owned(), stem.to_owned(), tags(), " ");
    }
    match token.split_once(':') {
        Some((name, stem)) => {
            let choices = Name::parse(name).map(|n| values(n, people, areas)).unwrap_or_default();
            (format!("{name}:"), stem.to_owned(), choices, " ")
        }
        None => {
            let names = Name::ALL
                .into_iter()
                .map(|n| {
                    // The spelling follows the script in which one has begun.
                    let typed = if token.is_ascii() { n.code() } else { n.zh() };
                    choice(typed, n.label(), &[])
                })
                .filter(|c| c.typed.starts_with(token))
                .collect();
            (String::new(), token.to_owned(), names, ":")
        }
    }
}

fn fits(c: &Choice, stem: &str) -> bool {
    let begins = |s: &str| s.to_lowercase().starts_with(stem);
    begins(&c.typed) || begins(&c.zh) || begins(&c.en) || c.also.iter().any(|s| begins(s)) || {
        let read = pinyin::read(&c.zh);
        stem.is_ascii() && spell::fit(stem, &read, 0).is_some()
    }
}

fn tags() -> Vec<Choice> {
    let tiers = Tier::ALL.into_iter().rev().map(|x| choice(x.short().zh, x.label(), &[x.code()]));
    tiers.chain(Stage::ALL.into_iter().map(|s| choice(s.label().zh, s.label(), &[s.code()]))).collect()
}

fn values(name: Name, people: &[Staff], areas: &[String]) -> Vec<Choice> {
    let none = || choice("none", t("无", "none"), &[]);
    match name {
        Name::Tier => {
            let tiers = Tier::ALL.into_iter().rev().map(|x| choice(x.code(), x.label(), &[x.short().zh]));
            tiers.chain([choice("none", t("无资产数据", "no figures"), &[])]).collect()
        }
        Name::Stage => Stage::ALL.into_iter().map(|s| choice(s.code(), s.label(), &[])).collect(),
        Name::Owner => {
            let staff = people.iter().filter(|p| p.active).map(|p| Choice {
                typed: p.code.clone(),
                zh: format!("{} {}", p.name, p.role.short().zh),
                en: format!("{} {}", p.name, p.role.short().en),
                also: Vec::new(),
            });
            [choice("me", t("我", "me"), &[])].into_iter().chain(staff).chain([none()]).collect()
        }
        Name::Area => {
            let named = areas.iter().filter(|a| !a.is_empty()).map(|a| Choice {
                typed: a.clone(),
                zh: a.clone(),
                en: a.clone(),
                also: Vec::new(),
            });
            named.chain([none()]).collect()
        }
        Name::Birthday => vec![
            choice("today", t("今天", "today"), &[]),
            choice("tomorrow", t("明天", "tomorrow"), &[]),
            choice("7d", t("7 天内", "within 7 days"), &[]),
            choice("30d", t("30 天内", "within 30 days"), &[]),
        ],
        Name::Due => vec![
            choice("overdue", t("逾期", "overdue"), &[]),
            choice("today", t("今天", "today"), &[]),
            choice("7d", t("7 天内", "within 7 days"), &[]),
        ],
        Name::Aum => vec![
            choice(">50w", t("50万以上", "over 500,000"), &[]),
            choice(">300w", t("300万以上", "over 3,000,000"), &[]),
            choice("20w-50w", t("20万至50万", "200,000 to 500,000"), &[]),
            choice("5w-20w", t("5万至20万", "50,000 to 200,000"), &[]),
            choice("<5w", t("5万以下", "under 50,000"), &[]),
        ],
        Name::Missing => Gap::ALL.into_iter().map(|g| choice(g.code(), gap_label(g), &[])).collect(),
        Name::Held => vec![choice("yes", t("是", "yes"), &[]), choice("no", t("否", "no"), &[])],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn inserts(text: &str) -> Vec<String> {
        let areas = ["玉溪镇".to_owned(), "三桥镇".to_owned()];
        complete(text, text.chars().count(), &[], &areas).into_iter().map(|c| c.insert).collect()
    }

    #[test]
    fn names_and_values_of_filters_are_completed() {
        let table: &[(&str, &[&str])] = &[
            ("zs ti", &["tier:"]),
            ("责", &["责任人:"]),
            ("zs tier:v", &["tier:vip"]),
            ("tier:贵", &["tier:vip"]),
            ("tier:gb", &["tier:vip"]),
            ("#gb", &["#贵宾"]),
            ("＃贵", &["#贵宾"]),
            ("area:yux", &["area:玉溪镇"]),
            ("due:o", &["due:overdue"]),
            ("due:overdue", &[]),
            ("missing:ph", &["missing:phone"]),
            ("", &[]),
            ("zs ", &[]),
            ("nothing:x", &[]),
        ];
        for (text, want) in table {
            assert_eq!(inserts(text), *want, "{text}");
        }
    }

    #[test]
    fn taking_one_leaves_the_rest_of_the_box_alone() {
        let all = complete("zs ti 玉溪", 5, &[], &[]);
        let c = all.first().expect("tier");
        assert_eq!((c.text.as_str(), c.cursor), ("zs tier: 玉溪", 8));
        let all = complete("tier:v 玉溪", 6, &[], &[]);
        assert_eq!(all.first().expect("vip").text, "tier:vip 玉溪");
        assert!(complete("tixx", 2, &[], &[]).is_empty());
    }
}

//! Every command of the program, one row each: keys, bar, help, palette, codes and the README's key table come from here. What a
//! command does lives in its pane.

mod agenda;
mod anywhere;
mod archive;
mod board;
mod imports;
mod results;
mod search;

use super::command::{Command, Scope};
use super::cx::Pane;
use super::key::Key;
use super::layers::chooser::{Chooser, Entry};
use super::layers::then::Then;
use super::rooms::Rooms;
use crate::domain::text::{Lang, Text, t};

/// All commands, in the order of their codes.
pub fn all() -> impl Iterator<Item = &'static Command> {
    [
        search::COMMANDS,
        archive::COMMANDS,
        board::COMMANDS,
        agenda::COMMANDS,
        anywhere::COMMANDS,
        imports::COMMANDS,
        results::COMMANDS,
    ]
    .into_iter()
    .flatten()
}

/// The command with this name.
pub fn named(name: &str) -> Option<&'static Command> {
    all().find(|c| c.name == name)
}

/// The command that a key runs in a pane: the pane's own before those that work anywhere.
pub fn find(key: Key, rooms: &Rooms) -> Option<&'static Command> {
    let own = Scope::In(rooms.focus);
    let at = |scope: Scope| all().find(move |c| c.scope == scope && c.has(key) && (c.enabled)(rooms));
    at(own).or_else(|| at(Scope::Anywhere))
}

/// The commands for the bar of a pane, in order.
pub fn bar(rooms: &Rooms) -> Vec<&'static Command> {
    let own = Scope::In(rooms.focus);
    let mut shown: Vec<&Command> =
        all().filter(|c| c.bar > 0 && (c.scope == own || c.scope == Scope::Anywhere) && (c.enabled)(rooms)).collect();
    // The pane's meaning of a key hides the general one.
    let own_keys: Vec<_> = shown.iter().filter(|c| c.scope == own).filter_map(|c| c.keys.first()).copied().collect();
    shown.retain(|c| c.scope == own || c.keys.first().is_none_or(|k| !own_keys.contains(k)));
    shown.sort_by_key(|c| c.bar);
    shown
}

/// The name of a scope, as help and README head it.
pub const fn scope_label(scope: Scope) -> Text {
    match scope {
        Scope::Anywhere => t("处处", "Anywhere"),
        Scope::In(Pane::Search) => t("客户查找", "Search"),
        Scope::In(Pane::Archive) => t("客户档案", "Archive"),
        Scope::In(Pane::Board) => t("分级看板", "Tier board"),
        Scope::In(Pane::Agenda) => t("今日任务", "Today"),
    }
}

/// All scopes, in the order they are shown.
pub const SCOPES: [Scope; 5] = [
    Scope::In(Pane::Search),
    Scope::In(Pane::Archive),
    Scope::In(Pane::Board),
    Scope::In(Pane::Agenda),
    Scope::Anywhere,
];

/// The commands as a list to choose from, those of the pane in focus first; `all` also lists those of other panes.
pub fn chooser(rooms: &Rooms, title: Text, others: bool) -> Chooser {
    let lang = rooms.shared.lang;
    let own = Scope::In(rooms.focus);
    let mut rows: Vec<&Command> = all()
        .filter(|c| c.scope == own || c.scope == Scope::Anywhere || others)
        .filter(|c| (c.enabled)(rooms) && c.name != "palette")
        .collect();
    rows.sort_by_key(|c| (c.scope != own, c.code));
    let entries = rows.into_iter().map(|c| entry(c, lang)).collect();
    Chooser::new(title.get(lang), entries, Then::Run)
}

fn entry(c: &Command, lang: Lang) -> Entry {
    let other = if lang == Lang::Zh { Lang::En } else { Lang::Zh };
    let label = format!("{}  {}", c.label.get(lang), c.help.get(lang));
    Entry::new(c.name, label, format!("{:04} {}", c.code, c.key_name()).trim_end().to_owned())
        .also(c.label.get(other))
        .also(c.help.get(other))
        .also(&Entry::new("", c.label.zh, "").found_by())
}

/// The key table of the README, as Markdown.
pub fn table() -> String {
    let mut text = String::new();
    for scope in SCOPES {
        let label = scope_label(scope);
        text.push_str(&format!("\n**{} / {}**\n\n", label.zh, label.en));
        text.push_str("| 键 key | 代码 code | 做什么 | what it does |\n|---|---|---|---|\n");
        for c in all().filter(|c| c.scope == scope) {
            let keys = c.keys.iter().filter_map(|k| Key::named(k)).map(|k| format!("`{}`", k.name()));
            let keys: Vec<String> = keys.collect();
            text.push_str(&format!("| {} | {:04} | {} | {} |\n", keys.join(" "), c.code, c.help.zh, c.help.en));
        }
    }
    text
}

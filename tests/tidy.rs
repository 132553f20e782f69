//! The rules of the house, read from its sources: which room may know which, and what may be named where. Each rule is first shown a
//! bad example it must catch.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
// Texts are cut only where something was found in them.
#![allow(clippy::string_slice)]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// The rooms, and which others each may know.
const ROOMS: [(&str, &[&str]); 7] = [
    ("domain", &[]),
    ("index", &["domain"]),
    ("store", &["domain", "index"]),
    ("exchange", &["domain", "index", "store"]),
    ("app", &["domain", "index", "store"]),
    ("ui", &["domain", "index", "store", "app"]),
    ("run", &["domain", "index", "store", "exchange", "app", "ui"]),
];

/// Names that only some places may say: the name, where it may stand, why.
const NAMES: [(&str, &[&str], &str); 12] = [
    ("rusqlite", &["store/"], "SQL lives in the store"),
    ("ratatui", &["ui/", "run/"], "drawing lives in ui"),
    ("crossterm", &["run/"], "the terminal lives in run"),
    (
        "std::thread",
        &["run/", "store/worker", "store/wait.rs", "store/order.rs", "store/keys.rs"],
        "threads live in run and in the store's worker; an order is sorted beside the one that is written",
    ),
    ("thread::spawn", &["run/", "store/worker"], "threads live in run and in the store's worker"),
    ("std::env", &["run/"], "the environment lives in run"),
    ("Local::now", &["run/"], "the clock lives in run"),
    ("Utc::now", &["run/"], "the clock lives in run"),
    ("SystemTime", &["run/"], "the clock lives in run"),
    ("Color::", &["ui/theme.rs", "ui/picture.rs"], "colours live in ui/theme.rs"),
    ("unsafe", &["store/cifs.rs", "store/turn.rs"], "the two places that must"),
    ("std::process", &["run/", "main.rs", "lib.rs"], "processes live in run"),
];

/// The longest a file may be.
const LONGEST: usize = 600;

/// A source file: its path under `src` and its text without comments, strings and unit tests.
struct Source {
    path: String,
    whole: String,
    code: String,
}

fn source(path: &str, text: &str) -> Source {
    Source { path: path.to_owned(), whole: text.to_owned(), code: bare(text) }
}

/// The text without comments, string contents and everything from the first `#[cfg(test)]` on that opens a module: what a test
/// names is its own affair.
fn bare(text: &str) -> String {
    let body = match text.find("#[cfg(test)]\nmod ") {
        Some(at) => &text[..at],
        None => text,
    };
    let mut out = String::with_capacity(body.len());
    let mut chars = body.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '/' if chars.peek() == Some(&'/') => {
                for c in chars.by_ref() {
                    if c == '\n' {
                        out.push('\n');
                        break;
                    }
                }
            }
            '"' => {
                out.push('"');
                while let Some(c) = chars.next() {
                    match c {
                        '\\' => {
                            chars.next();
                        }
                        '"' => break,
                        '\n' => out.push('\n'),
                        _ => {}
                    }
                }
                out.push('"');
            }
            // A quote that is a character, not a lifetime.
            '\'' => {
                let rest: Vec<char> = chars.clone().take(3).collect();
                let skip = match rest.as_slice() {
                    ['\\', ..] => chars.clone().skip(1).position(|c| c == '\'').map_or(0, |n| n + 2),
                    [_, '\'', ..] => 2,
                    _ => 0,
                };
                for _ in 0..skip {
                    chars.next();
                }
                out.push('\'');
            }
            c => out.push(c),
        }
    }
    out
}

fn room_of(path: &str) -> Option<&str> {
    path.split('/').next().filter(|room| ROOMS.iter().any(|(r, _)| r == room))
}

/// The module path of a file: `app/panes/mod.rs` is `app::panes`.
fn module_of(path: &str) -> Vec<String> {
    let mut parts: Vec<String> = path.trim_end_matches(".rs").split('/').map(str::to_owned).collect();
    if parts.last().is_some_and(|p| p == "mod") {
        parts.pop();
    }
    parts
}

/// Every path of the house's own modules that a file names, in `use` lines and inline, made whole from the crate's root.
fn names(file: &Source) -> Vec<Vec<String>> {
    let here = module_of(&file.path);
    let mut found = Vec::new();
    let code = file.code.replace(['\n', '\t'], " ");
    for start in ["crate::", "super::", "self::"] {
        for (at, _) in code.match_indices(start) {
            let before = code[..at].chars().last();
            if before.is_some_and(|c| c.is_alphanumeric() || c == '_' || c == ':') {
                continue;
            }
            let mut base = match start {
                "crate::" => Vec::new(),
                "self::" => here.clone(),
                _ => here[..here.len().saturating_sub(1)].to_vec(),
            };
            let mut rest = code[at + start.len()..].trim_start();
            while let Some(up) = rest.strip_prefix("super::") {
                base.pop();
                rest = up;
            }
            for tail in tails(rest) {
                found.push(base.iter().cloned().chain(tail).collect());
            }
        }
    }
    found
}

/// The paths that begin here: `a::{b, c::d}` is two.
fn tails(text: &str) -> Vec<Vec<String>> {
    let word: String = text.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
    let rest = &text[word.len()..];
    if word.is_empty() {
        let Some(inner) = rest.strip_prefix('{') else { return vec![Vec::new()] };
        let mut depth = 1;
        let mut parts = vec![String::new()];
        for c in inner.chars() {
            match c {
                '{' => depth += 1,
                '}' => depth -= 1,
                ',' if depth == 1 => {
                    parts.push(String::new());
                    continue;
                }
                _ => {}
            }
            if depth == 0 {
                break;
            }
            parts.last_mut().unwrap().push(c);
        }
        return parts.iter().map(|p| p.trim()).filter(|p| !p.is_empty()).flat_map(tails).collect();
    }
    match rest.strip_prefix("::") {
        Some(more) => tails(more).into_iter().map(|tail| std::iter::once(word.clone()).chain(tail).collect()).collect(),
        None => vec![vec![word]],
    }
}

/// Rooms that a room must not know.
fn wrong_rooms(files: &[Source]) -> Vec<String> {
    let mut wrong = Vec::new();
    for file in files {
        let Some(room) = room_of(&file.path) else { continue };
        let may = ROOMS.iter().find(|(r, _)| *r == room).unwrap().1;
        for name in names(file) {
            let Some(other) = name.first().filter(|n| ROOMS.iter().any(|(r, _)| r == n)) else { continue };
            if other != room && !may.contains(&other.as_str()) {
                wrong.push(format!("{}: {room} must not know {}", file.path, name.join("::")));
            }
        }
    }
    wrong
}

/// Names said where they must not be.
fn wrong_names(files: &[Source]) -> Vec<String> {
    let mut wrong = Vec::new();
    for file in files {
        for (name, places, why) in NAMES {
            let allowed = places.iter().any(|p| file.path.starts_with(p));
            let said = file.code.match_indices(name).any(|(at, _)| {
                let before = file.code[..at].chars().last();
                let after = file.code[at + name.len()..].chars().next();
                let word = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() || c == '_');
                !word(before) && (name.ends_with(':') || !word(after))
            });
            if said && !allowed {
                wrong.push(format!("{}: {name}: {why}", file.path));
            }
        }
    }
    wrong
}

/// Files of a room that know each other in a circle. A `mod.rs`, or a file with a folder of its own, may know the files under it and
/// they it: they are one thing.
fn circles(files: &[Source]) -> Vec<String> {
    let modules: BTreeMap<Vec<String>, &str> = files.iter().map(|f| (module_of(&f.path), f.path.as_str())).collect();
    let mut knows: BTreeMap<Vec<String>, BTreeSet<Vec<String>>> = BTreeMap::new();
    for file in files {
        let here = module_of(&file.path);
        for name in names(file) {
            // The longest beginning of the name that is a file.
            let target = (1..=name.len()).rev().map(|n| name[..n].to_vec()).find(|m| modules.contains_key(m));
            let Some(target) = target else { continue };
            let family = here.starts_with(&target) || target.starts_with(&here);
            let same_room = here.first() == target.first();
            if same_room && !family {
                knows.entry(here.clone()).or_default().insert(target);
            }
        }
    }
    // Everything a file knows through others; one that knows itself is on a circle.
    loop {
        let before: usize = knows.values().map(BTreeSet::len).sum();
        let step = knows.clone();
        for others in knows.values_mut() {
            let further: Vec<Vec<String>> = others.iter().filter_map(|m| step.get(m)).flatten().cloned().collect();
            others.extend(further);
        }
        if knows.values().map(BTreeSet::len).sum::<usize>() == before {
            break;
        }
    }
    let back = |m: &Vec<String>, other: &Vec<String>| knows.get(other).is_some_and(|k| k.contains(m));
    knows
        .iter()
        .filter(|(m, others)| others.contains(*m))
        .map(|(m, others)| {
            let round: Vec<String> = others.iter().filter(|o| *o != m && back(m, o)).map(|o| o.join("::")).collect();
            format!("{} is in a circle with {}", m.join("::"), round.join(", "))
        })
        .collect()
}

/// Files that do not open with what lives there.
fn unopened(files: &[Source]) -> Vec<String> {
    files.iter().filter(|f| !f.whole.starts_with("//! ")).map(|f| format!("{} opens without //!", f.path)).collect()
}

/// Files too long.
fn too_long(files: &[Source]) -> Vec<String> {
    files
        .iter()
        .filter(|f| f.whole.lines().count() > LONGEST)
        .map(|f| format!("{} has {} lines; look for the second noun in it", f.path, f.whole.lines().count()))
        .collect()
}

fn house() -> Vec<Source> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    let mut folders = vec![root.clone()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).unwrap() {
            let path: PathBuf = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|e| e == "rs") {
                let name = path.strip_prefix(&root).unwrap().to_string_lossy().replace('\\', "/");
                files.push(source(&name, &fs::read_to_string(&path).unwrap()));
            }
        }
    }
    files.sort_by(|a, b| a.path.cmp(&b.path));
    assert!(files.len() > 50, "only {} files found", files.len());
    files
}

/// A rule holds for the house and catches its bad examples, each alone.
fn holds(rule: fn(&[Source]) -> Vec<String>, bad: &[&[(&str, &str)]], good: &[&[(&str, &str)]]) {
    let example = |files: &[(&str, &str)]| files.iter().map(|(p, t)| source(p, t)).collect::<Vec<_>>();
    for files in bad {
        assert!(!rule(&example(files)).is_empty(), "not caught: {files:?}");
    }
    for files in good {
        assert_eq!(rule(&example(files)), Vec::<String>::new(), "caught wrongly: {files:?}");
    }
    let wrong = rule(&house());
    assert!(wrong.is_empty(), "\n{}\n", wrong.join("\n"));
}

#[test]
fn rooms_know_only_the_rooms_below_them() {
    holds(
        wrong_rooms,
        &[
            &[("domain/a.rs", "use crate::store::File;")],
            &[("app/a.rs", "fn f() { crate::ui::theme::f() }")],
            &[("store/a/b.rs", "use super::super::super::app::App;")],
            &[("exchange/a.rs", "use crate::{domain::x, app::App};")],
            &[("app/a.rs", "use crate::\n    run::clock;")],
        ],
        &[
            &[("ui/a.rs", "use crate::app::App;\n// use crate::run::x;")],
            &[("run/a.rs", "use crate::{ui, exchange};")],
            &[("domain/a.rs", "#[cfg(test)]\nmod tests { use crate::store::x; }")],
            &[("domain/a.rs", "const S: &str = \"crate::store::x\";")],
        ],
    );
}

#[test]
fn what_belongs_in_one_place_is_named_only_there() {
    holds(
        wrong_names,
        &[
            &[("app/a.rs", "use rusqlite::Connection;")],
            &[("domain/a.rs", "use ratatui::style::Style;")],
            &[("ui/a.rs", "use crossterm::event::read;")],
            &[("store/open.rs", "std::thread::sleep(d);")],
            &[("app/a.rs", "let x = std::env::var(\"X\");")],
            &[("domain/a.rs", "chrono::Local::now()")],
            &[("ui/panes/a.rs", "Style::new().fg(Color::Red)")],
            &[("exchange/a.rs", "std::process::Command::new(s)")],
            &[("store/a.rs", "let x = unsafe { y() };")],
        ],
        &[
            &[("store/open.rs", "use rusqlite::Connection;")],
            &[("store/cifs.rs", "#![allow(unsafe_code)] let x = unsafe { y() };")],
            &[("store/worker.rs", "use std::thread; thread::spawn(f);")],
            &[("ui/theme.rs", "Color::Red")],
            &[("app/a.rs", "// like ratatui\nlet s = \"std::env\"; let c = '\"'; let ratatuis = 1;")],
        ],
    );
}

#[test]
fn no_two_files_of_a_room_know_each_other() {
    holds(
        circles,
        &[
            &[("app/a.rs", "use super::b::B;"), ("app/b.rs", "use crate::app::a::A;")],
            &[
                ("app/a.rs", "use super::b::B;"),
                ("app/b.rs", "use super::c::{C, D};"),
                ("app/c.rs", "fn f() { super::a::f() }"),
            ],
        ],
        &[
            &[("app/a.rs", "use super::b::B;"), ("app/b.rs", "use super::c::C;"), ("app/c.rs", "")],
            &[("app/a/mod.rs", "use self::b::B;"), ("app/a/b.rs", "use super::A;")],
        ],
    );
}

#[test]
fn every_file_opens_with_what_lives_there() {
    holds(unopened, &[&[("app/a.rs", "use x;\n//! late")]], &[&[("app/a.rs", "//! Here.\n")]]);
}

#[test]
fn no_file_is_too_long() {
    let long = format!("//! x\n{}", "x\n".repeat(LONGEST));
    holds(too_long, &[&[("app/a.rs", &long)]], &[&[("app/a.rs", "//! x\n")]]);
}

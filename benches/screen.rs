//! The real programs in a pseudo-terminal: how long until the first frame, until the index is ready, from a key to the settled screen,
//! and how much memory they hold; guitai beside an empty ratatui program and fzf. Needs `cargo build --release`, the file that
//! `benches/branch.rs` made, and for the empty program `cargo build --release` in `benches/peers`.
//! `cargo bench --bench screen -- 1000000`
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::string_slice, missing_docs)]

#[cfg(unix)]
mod common;
#[cfg(unix)]
#[path = "common/glass.rs"]
mod glass;

#[cfg(unix)]
fn main() {
    measure::all();
}

#[cfg(not(unix))]
fn main() {}

#[cfg(unix)]
mod measure {
    use super::common::{queries, rows};
    use super::glass::{Glass, LONG, QUIET, Quiet, middle, three};
    use std::path::{Path, PathBuf};
    use std::time::Duration;

    /// Types each query letter by letter and wipes it with `wipe`.
    fn typed(glass: &mut Glass, texts: &[String], wipe: &str, quiet: Quiet) -> Vec<Duration> {
        let mut times = Vec::new();
        for text in texts {
            for letter in text.chars() {
                times.push(glass.settled(&letter.to_string(), quiet));
            }
            glass.settled(wipe, quiet);
        }
        times
    }

    pub fn all() {
        let mut sizes: Vec<usize> = std::env::args().filter_map(|a| a.parse().ok()).collect();
        if sizes.is_empty() {
            sizes = vec![1_000_000];
        }
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        let release = root.join("target/release/guitai");
        let empty: Option<PathBuf> = ["target/release/empty", "benches/peers/target/release/empty"]
            .iter()
            .map(|p| root.join(p))
            .find(|p| p.exists());
        for n in sizes {
            let at = root.join(format!("target/branch-{n}"));
            let home = tempfile::tempdir().unwrap();
            let db = at.join("branch.db").display().to_string();
            let args: Vec<String> = ["--db", &db, "--staff", "wangmin", "--lang", "zh", "--today", "2026-11-21"]
                .iter()
                .map(|s| (*s).to_owned())
                .collect();
            println!("== {n} customers");
            let (mut ours, mut blank, mut echo, mut ready) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
            for round in 0..11 {
                ours.push(Glass::open(&release, &args, home.path()).shows("F2"));
                if let Some(empty) = &empty {
                    blank.push(Glass::open(empty, &[], home.path()).shows("ready"));
                }
                echo.push(Glass::open(Path::new("/bin/echo"), &["ready".to_owned()], home.path()).shows("ready"));
                if round < 3 {
                    let mut glass = Glass::open(&release, &args, home.path());
                    glass.shows("F2");
                    glass.key("zhang");
                    ready.push(glass.until(|text| text.contains("zhang") && !text.contains("正在读取客户")));
                }
            }
            println!("echo          {:8.2} ms", middle(&mut echo));
            if !blank.is_empty() {
                println!("empty ratatui {:8.2} ms", middle(&mut blank));
            }
            println!("guitai        {:8.2} ms to the first frame", middle(&mut ours));
            println!("guitai        {:8.2} ms from start to the first hits", middle(&mut ready));

            let made = rows(n, 1);
            let texts: Vec<String> = queries(&made, 1, 3).into_iter().map(|q| q.text).collect();
            drop(made);
            let mut glass = Glass::open(&release, &args, home.path());
            glass.shows("F2");
            glass.key("z");
            glass.until(|text| !text.contains("正在读取客户"));
            glass.settled("\x15", QUIET);
            let mut times = typed(&mut glass, &texts, "\x15", QUIET);
            println!("guitai key    {}", three(&mut times));
            let (now, most) = glass.memory();
            println!("guitai memory {now} MB held, {most} MB at most");
            drop(glass);

            // Few queries: it takes its time.
            let few: Vec<String> = texts.iter().step_by(10).cloned().collect();
            let args = vec!["-c".to_owned(), format!("fzf < {}", at.join("lines.txt").display())];
            let mut glass = Glass::open(Path::new("/bin/sh"), &args, home.path());
            let loaded = glass.shows(&format!("{n}/{n}"));
            println!("fzf           {:8.2} ms until all lines are in", loaded.as_secs_f64() * 1e3);
            let mut times = typed(&mut glass, &few, "\x15", LONG);
            println!("fzf key       {}", three(&mut times));
        }
    }
}

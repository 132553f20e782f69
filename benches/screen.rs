//! The real programs in a pseudo-terminal: how long until the first frame, until the index is ready, from a key to the settled screen,
//! and how much memory they hold; guitai beside an empty ratatui program and fzf. Needs `cargo build --release`, the file that
//! `benches/branch.rs` made, and for the empty program `cargo build --release` in `benches/peers`.
//! `cargo bench --bench screen -- 1000000`
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::string_slice, missing_docs)]

#[cfg(unix)]
mod common;

#[cfg(unix)]
fn main() {
    measure::all();
}

#[cfg(not(unix))]
fn main() {}

#[cfg(unix)]
mod measure {
    use super::common::{queries, rows};
    use portable_pty::{Child, CommandBuilder, PtySize, native_pty_system};
    use std::io::{Read, Write};
    use std::path::{Path, PathBuf};
    use std::sync::{Arc, Mutex, mpsc};
    use std::time::{Duration, Instant};

    const COLUMNS: u16 = 160;
    const LINES: u16 = 45;
    /// How long nothing may be drawn before a screen has settled: at first, and after something came.
    #[derive(Clone, Copy)]
    struct Quiet {
        first: Duration,
        after: Duration,
    }

    /// guitai draws once a key; what comes later belongs to the clock.
    const QUIET: Quiet = Quiet { first: Duration::from_millis(500), after: Duration::from_millis(60) };
    /// fzf draws while it still searches: it has settled once nothing came for longer.
    const LONG: Quiet = Quiet { first: Duration::from_secs(3), after: Duration::from_millis(1_500) };
    /// Longer than anything takes that is worth waiting for.
    const PATIENCE: Duration = Duration::from_secs(120);

    /// A program in a terminal; what it draws arrives with the time it came.
    struct Glass {
        keys: Arc<Mutex<Box<dyn Write + Send>>>,
        child: Box<dyn Child + Send + Sync>,
        news: mpsc::Receiver<(Instant, Vec<u8>)>,
        screen: vt100::Parser,
        began: Instant,
        _master: Box<dyn portable_pty::MasterPty + Send>,
    }

    impl Drop for Glass {
        fn drop(&mut self) {
            let _ = self.child.kill();
            let _ = self.child.wait();
        }
    }

    impl Glass {
        fn open(program: &Path, args: &[String], home: &Path) -> Glass {
            let size = PtySize { rows: LINES, cols: COLUMNS, pixel_width: 0, pixel_height: 0 };
            let pair = native_pty_system().openpty(size).unwrap();
            let mut command = CommandBuilder::new(program);
            command.args(args);
            command.cwd(home);
            for name in ["GUITAI_DB", "GUITAI_CONFIG", "NO_COLOR", "XDG_CONFIG_HOME", "XDG_STATE_HOME"] {
                command.env_remove(name);
            }
            command.env("HOME", home);
            command.env("TERM", "xterm-256color");
            let keys = Arc::new(Mutex::new(pair.master.take_writer().unwrap()));
            let mut from = pair.master.try_clone_reader().unwrap();
            let (to, news) = mpsc::channel();
            let answers = Arc::clone(&keys);
            let began = Instant::now();
            let child = pair.slave.spawn_command(command).unwrap();
            drop(pair.slave);
            std::thread::spawn(move || {
                let mut bytes = vec![0; 1 << 16];
                loop {
                    let n = from.read(&mut bytes).unwrap_or(0);
                    if n == 0 {
                        return;
                    }
                    let at = Instant::now();
                    // Where is the cursor? After one line character at the left edge.
                    if bytes[..n].windows(4).any(|w| w == b"\x1b[6n") {
                        answers.lock().unwrap().write_all(b"\x1b[1;2R").unwrap();
                    }
                    if to.send((at, bytes[..n].to_vec())).is_err() {
                        return;
                    }
                }
            });
            let screen = vt100::Parser::new(LINES.try_into().unwrap(), COLUMNS.try_into().unwrap(), 0);
            Glass { keys, child, news, screen, began, _master: pair.master }
        }

        /// Since the start, until these words were to be seen.
        fn shows(&mut self, words: &str) -> Duration {
            self.until(|text| text.contains(words))
        }

        /// Since the start, until the screen was like this.
        fn until(&mut self, like: impl Fn(&str) -> bool) -> Duration {
            let end = Instant::now() + PATIENCE;
            loop {
                let left = end.saturating_duration_since(Instant::now());
                let Ok((at, bytes)) = self.news.recv_timeout(left) else {
                    panic!("not seen:\n{}", self.screen.screen().contents())
                };
                self.screen.process(&bytes);
                if like(&self.screen.screen().contents()) {
                    return at - self.began;
                }
            }
        }

        fn key(&mut self, key: &str) {
            let mut keys = self.keys.lock().unwrap();
            keys.write_all(key.as_bytes()).unwrap();
            keys.flush().unwrap();
        }

        /// What is to be seen below the header, in which a clock runs.
        fn below(&self) -> String {
            self.screen.screen().contents_between(1, 0, LINES, COLUMNS)
        }

        /// From a key to the last change before the screen stood still.
        fn settled(&mut self, key: &str, quiet: Quiet) -> Duration {
            while let Ok((_, bytes)) = self.news.try_recv() {
                self.screen.process(&bytes);
            }
            let mut before = self.below();
            let began = Instant::now();
            self.key(key);
            let mut last = began;
            // The first answer may take long; what follows it is waited for as long as it keeps coming.
            let mut wait = quiet.first;
            while let Ok((at, bytes)) = self.news.recv_timeout(wait) {
                self.screen.process(&bytes);
                let now = self.below();
                if now != before {
                    (last, before) = (at, now);
                }
                wait = quiet.after;
            }
            last - began
        }

        /// Memory held, and the most that was ever held, in MB.
        fn memory(&self) -> (u64, u64) {
            let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.process_id().unwrap())).unwrap();
            let of = |name: &str| {
                let line = status.lines().find(|l| l.starts_with(name)).unwrap();
                line.split_whitespace().nth(1).unwrap().parse::<u64>().unwrap() / 1024
            };
            (of("VmRSS:"), of("VmHWM:"))
        }
    }

    fn three(times: &mut [Duration]) -> String {
        times.sort_unstable();
        let at = |p: f64| times[((times.len() as f64 * p) as usize).min(times.len() - 1)].as_secs_f64() * 1e3;
        format!("p50 {:8.2} p95 {:8.2} p99 {:8.2} ms of {}", at(0.5), at(0.95), at(0.99), times.len())
    }

    fn middle(times: &mut [Duration]) -> f64 {
        times.sort_unstable();
        times[times.len() / 2].as_secs_f64() * 1e3
    }

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

//! A program in a pseudo-terminal: what it draws arrives with the time it came.
// Each benchmark needs a part of it.
#![allow(dead_code)]

use portable_pty::{Child, CommandBuilder, PtySize, native_pty_system};
use std::io::{Read, Write};
use std::path::Path;
use std::sync::{Arc, Mutex, mpsc};
use std::time::{Duration, Instant};

const COLUMNS: u16 = 160;
const LINES: u16 = 45;
/// How long nothing may be drawn before a screen has settled: at first, and after something came.
#[derive(Clone, Copy)]
pub struct Quiet {
    pub first: Duration,
    pub after: Duration,
}

/// guitai draws once a key; what comes later belongs to the clock.
pub const QUIET: Quiet = Quiet { first: Duration::from_millis(500), after: Duration::from_millis(60) };
/// fzf draws while it still searches: it has settled once nothing came for longer.
pub const LONG: Quiet = Quiet { first: Duration::from_secs(3), after: Duration::from_millis(1_500) };
/// Longer than anything takes that is worth waiting for.
const PATIENCE: Duration = Duration::from_secs(120);

/// A program in a terminal; what it draws arrives with the time it came.
pub struct Glass {
    keys: Arc<Mutex<Box<dyn Write + Send>>>,
    child: Box<dyn Child + Send + Sync>,
    news: mpsc::Receiver<(Instant, Vec<u8>)>,
    screen: vt100::Parser,
    /// When it was started.
    pub began: Instant,
    _master: Box<dyn portable_pty::MasterPty + Send>,
}

impl Drop for Glass {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Glass {
    pub fn open(program: &Path, args: &[String], home: &Path) -> Glass {
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
    pub fn shows(&mut self, words: &str) -> Duration {
        self.until(|text| text.contains(words))
    }

    /// Since the start, until the screen was like this.
    pub fn until(&mut self, like: impl Fn(&str) -> bool) -> Duration {
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

    pub fn key(&mut self, key: &str) {
        let mut keys = self.keys.lock().unwrap();
        keys.write_all(key.as_bytes()).unwrap();
        keys.flush().unwrap();
    }

    /// What is to be seen below the header, in which a clock runs.
    fn below(&self) -> String {
        self.screen.screen().contents_between(1, 0, LINES, COLUMNS)
    }

    /// The line in which is written, and where in it the cursor stands.
    fn line(&self) -> (String, u16) {
        let (row, column) = self.screen.screen().cursor_position();
        (self.screen.screen().contents_between(row, 0, row, COLUMNS), column)
    }

    /// From a key to the change of the line it is written in; hits stand in the same picture. Then waits until the screen stands still:
    /// what comes later, as an archive read from the drive, is not the key's.
    pub fn echoed(&mut self, key: &str, quiet: Quiet) -> Duration {
        self.settled("", Quiet { first: quiet.after, ..quiet });
        let before = self.line();
        let began = Instant::now();
        self.key(key);
        let mut echo = None;
        let mut wait = quiet.first;
        while let Ok((at, bytes)) = self.news.recv_timeout(wait) {
            self.screen.process(&bytes);
            if echo.is_none() && self.line() != before {
                echo = Some(at - began);
            }
            wait = if echo.is_some() { quiet.after } else { quiet.first };
        }
        echo.unwrap_or_else(|| panic!("{key} not seen:\n{}", self.screen.screen().contents()))
    }

    /// From a key to the last change before the screen stood still.
    pub fn settled(&mut self, key: &str, quiet: Quiet) -> Duration {
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
    pub fn memory(&self) -> (u64, u64) {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.process_id().unwrap())).unwrap();
        let of = |name: &str| {
            let line = status.lines().find(|l| l.starts_with(name)).unwrap();
            line.split_whitespace().nth(1).unwrap().parse::<u64>().unwrap() / 1024
        };
        (of("VmRSS:"), of("VmHWM:"))
    }
}

pub fn three(times: &mut [Duration]) -> String {
    times.sort_unstable();
    // The smallest that so many are not longer than.
    let at = |p: f64| times[((times.len() as f64 * p).ceil() as usize).clamp(1, times.len()) - 1].as_secs_f64() * 1e3;
    format!(
        "p50 {:8.2} p95 {:8.2} p99 {:8.2} longest {:8.2} ms of {}",
        at(0.5),
        at(0.95),
        at(0.99),
        at(1.0),
        times.len()
    )
}

pub fn middle(times: &mut [Duration]) -> f64 {
    times.sort_unstable();
    times[times.len() / 2].as_secs_f64() * 1e3
}

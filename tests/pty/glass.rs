//! A terminal made of glass: the program in a pseudo-terminal, what it draws kept as a screen, waits for what is to be seen.

use portable_pty::{Child, CommandBuilder, MasterPty, PtySize, native_pty_system};
use std::io::{Read, Write};
use std::num::NonZeroU16;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{Arc, Condvar, Mutex};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};
use vt100::{MouseProtocolMode, Screen};

/// Longer than anything takes on the slowest machine that is still worth testing on.
const PATIENCE: Duration = Duration::from_secs(60);

/// What is shown, and whether the program's end of the terminal is closed.
struct Shown {
    parser: vt100::Parser,
    closed: bool,
}

pub struct Glass {
    master: Box<dyn MasterPty + Send>,
    keys: Arc<Mutex<Box<dyn Write + Send>>>,
    child: Box<dyn Child + Send + Sync>,
    shown: Arc<(Mutex<Shown>, Condvar)>,
    home: PathBuf,
    reader: Option<JoinHandle<()>>,
}

fn cells(n: u16) -> NonZeroU16 {
    NonZeroU16::new(n).unwrap()
}

fn size((cols, rows): (u16, u16)) -> PtySize {
    PtySize { rows, cols, pixel_width: 0, pixel_height: 0 }
}

/// Makes `branch.db` in a folder.
pub fn branch(home: &Path) {
    let made = Command::new(env!("CARGO_BIN_EXE_guitai"))
        .args(["init", "branch.db", "--plain", "--branch", "道真支行", "--staff", "wangmin:王敏:account_manager"])
        .current_dir(home)
        .env("HOME", home)
        .output()
        .unwrap();
    assert!(made.status.success(), "{made:?}");
}

impl Glass {
    pub fn open(home: &Path, args: &[&str], size: (u16, u16)) -> Glass {
        Glass::with(home, args, size, &[])
    }

    pub fn with(home: &Path, args: &[&str], size: (u16, u16), env: &[(&str, &str)]) -> Glass {
        Glass::run(env!("CARGO_BIN_EXE_guitai").into(), home, args, size, env)
    }

    /// A terminal that draws ambiguous characters two cells wide.
    pub fn wide(home: &Path, args: &[&str], size: (u16, u16)) -> Glass {
        Glass::start(env!("CARGO_BIN_EXE_guitai").into(), home, args, size, &[], 2)
    }

    pub fn run(program: PathBuf, home: &Path, args: &[&str], size: (u16, u16), env: &[(&str, &str)]) -> Glass {
        Glass::start(program, home, args, size, env, 1)
    }

    fn start(
        program: PathBuf,
        home: &Path,
        args: &[&str],
        at: (u16, u16),
        env: &[(&str, &str)],
        line_width: u16,
    ) -> Glass {
        let pair = native_pty_system().openpty(size(at)).unwrap();
        let mut command = CommandBuilder::new(program);
        command.args(args);
        command.cwd(home);
        for name in ["GUITAI_DB", "GUITAI_CONFIG", "NO_COLOR", "XDG_CONFIG_HOME", "XDG_STATE_HOME"] {
            command.env_remove(name);
        }
        command.env("HOME", home);
        command.env("TMPDIR", home.join("tmp"));
        command.env("TERM", "xterm-256color");
        for (name, value) in env {
            command.env(name, value);
        }
        let child = pair.slave.spawn_command(command).unwrap();
        drop(pair.slave);
        let keys = Arc::new(Mutex::new(pair.master.take_writer().unwrap()));
        let mut from = pair.master.try_clone_reader().unwrap();
        let shown = Arc::new((
            Mutex::new(Shown { parser: vt100::Parser::new(cells(at.1), cells(at.0), 0), closed: false }),
            Condvar::new(),
        ));
        let (to, answers) = (Arc::clone(&shown), Arc::clone(&keys));
        let reader = std::thread::spawn(move || {
            let mut bytes = [0; 4096];
            let mut tail: Vec<u8> = Vec::new();
            loop {
                let n = from.read(&mut bytes).unwrap_or(0);
                {
                    let mut shown = to.0.lock().unwrap();
                    if n == 0 {
                        shown.closed = true;
                    } else {
                        shown.parser.process(&bytes[..n]);
                    }
                }
                to.1.notify_all();
                if n == 0 {
                    return;
                }
                tail.extend_from_slice(&bytes[..n]);
                // Where is the cursor? After one line character at the left edge.
                if tail.windows(4).any(|w| w == b"\x1b[6n") {
                    let answer = format!("\x1b[1;{}R", line_width + 1);
                    answers.lock().unwrap().write_all(answer.as_bytes()).unwrap();
                    tail.clear();
                }
                let keep = tail.len().saturating_sub(3);
                tail.drain(..keep);
            }
        });
        Glass { master: pair.master, keys, child, shown, reader: Some(reader), home: home.to_owned() }
    }

    /// Types.
    pub fn type_keys(&mut self, text: &str) {
        let mut keys = self.keys.lock().unwrap();
        keys.write_all(text.as_bytes()).unwrap();
        keys.flush().unwrap();
    }

    /// Waits until the screen shows what is asked for.
    pub fn wait(&self, seen: impl Fn(&Screen) -> bool) {
        let end = Instant::now() + PATIENCE;
        let (lock, news) = &*self.shown;
        let mut shown = lock.lock().unwrap();
        while !seen(shown.parser.screen()) {
            let left = end.saturating_duration_since(Instant::now());
            assert!(
                !left.is_zero() && !shown.closed,
                "not seen; the screen:\n{}\n{}",
                shown.parser.screen().contents(),
                self.crash()
            );
            shown = news.wait_timeout(shown, left).unwrap().0;
        }
    }

    /// What a crash left on the disk, if there was one.
    fn crash(&self) -> String {
        let files = std::fs::read_dir(self.home.join(".local/state/guitai")).into_iter().flatten().flatten();
        let crash = files.map(|f| f.path()).find(|p| p.to_string_lossy().contains("crash-"));
        crash.map(|p| std::fs::read_to_string(p).unwrap()).unwrap_or_default()
    }

    /// Waits until these words are to be seen.
    pub fn wait_for(&self, words: &str) {
        self.wait(|screen| screen.contents().contains(words));
    }

    /// Looks at the screen as it is.
    pub fn look<T>(&self, what: impl Fn(&Screen) -> T) -> T {
        what(self.shown.0.lock().unwrap().parser.screen())
    }

    /// Changes the size of the window.
    pub fn resize(&self, cols: u16, rows: u16) {
        self.shown.0.lock().unwrap().parser.screen_mut().set_size(cells(rows), cells(cols));
        self.master.resize(size((cols, rows))).unwrap();
    }

    /// Sends the program a signal.
    pub fn signal(&self, name: &str) {
        let pid = self.child.process_id().unwrap().to_string();
        assert!(Command::new("kill").args([&format!("-{name}"), &pid]).status().unwrap().success());
    }

    /// Waits until the system has stopped the program. It gives the terminal back a moment earlier, and what is told to go on while it
    /// still runs stops for good.
    pub fn stopped(&self) {
        let end = Instant::now() + PATIENCE;
        let pid = self.child.process_id().unwrap().to_string();
        while !Command::new("ps").args(["-o", "state=", "-p", &pid]).output().unwrap().stdout.starts_with(b"T") {
            assert!(Instant::now() < end, "never stopped");
        }
    }

    /// Leaves as the key bar says.
    pub fn quit(&mut self) {
        self.type_keys("\x11");
    }

    /// Waits for the end, and says the exit code.
    pub fn code(&mut self) -> u32 {
        let end = Instant::now() + PATIENCE;
        let (lock, news) = &*self.shown;
        let mut shown = lock.lock().unwrap();
        while !shown.closed {
            let left = end.saturating_duration_since(Instant::now());
            assert!(!left.is_zero(), "it does not end; the screen:\n{}", shown.parser.screen().contents());
            shown = news.wait_timeout(shown, left).unwrap().0;
        }
        drop(shown);
        if let Some(reader) = self.reader.take() {
            reader.join().unwrap();
        }
        self.child.wait().unwrap().exit_code()
    }

    /// Every mode that was switched on is off again.
    pub fn is_whole(&self) {
        self.look(|s| {
            assert!(!s.alternate_screen(), "alternate screen");
            assert!(!s.bracketed_paste(), "bracketed paste");
            assert_eq!(s.mouse_protocol_mode(), MouseProtocolMode::None);
            assert!(!s.hide_cursor(), "cursor");
        });
    }
}

impl Drop for Glass {
    fn drop(&mut self) {
        let _ = self.child.kill();
    }
}

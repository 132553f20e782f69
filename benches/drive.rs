//! The workbench on a drive that takes its time: the real program in a pseudo-terminal, its branch file on the drive of tests/drive at so
//! many milliseconds an operation. First frame and index with a cold and a warm cache of this PC, keys, archives, saves, and the keys again
//! while the drive hangs. Needs `cargo build --release` and /dev/fuse. `cargo bench --bench drive -- 5`
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::string_slice, missing_docs)]

#[cfg(target_os = "linux")]
#[path = "common/glass.rs"]
mod glass;
#[cfg(target_os = "linux")]
#[path = "../tests/drive/share/mod.rs"]
#[allow(unused_imports)]
mod share;

#[cfg(target_os = "linux")]
fn main() {
    measure::all();
}

#[cfg(not(target_os = "linux"))]
fn main() {}

#[cfg(target_os = "linux")]
mod measure {
    use super::glass::{Glass, QUIET, Quiet, three};
    use super::share::Share;
    use std::path::Path;
    use std::time::{Duration, Instant};

    const SAVE: &str = "\x1b[19~";
    /// An archive comes a while after the focus has moved.
    const SLOW: Quiet = Quiet { first: Duration::from_millis(800), after: Duration::from_millis(400) };
    const ROUNDS: usize = 20;

    pub fn all() {
        let mut each: Vec<u64> = std::env::args().filter_map(|a| a.parse().ok()).collect();
        if each.is_empty() {
            each = vec![0, 5];
        }
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        let release = root.join("target/release/guitai");
        for millis in each {
            let Some(share) = Share::new(1) else { return };
            std::fs::copy(root.join("demo.db"), share.files().join("branch.db")).unwrap();
            let home = tempfile::tempdir().unwrap();
            let config = home.path().join(".config/guitai");
            std::fs::create_dir_all(&config).unwrap();
            // A drive of this kind is not known to be safe; this one is.
            std::fs::write(config.join("config.toml"), "[drive]\noverrule = true\n").unwrap();
            let db = share.dir(0).join("branch.db").display().to_string();
            let args: Vec<String> = ["--db", &db, "--staff", "wangmin", "--lang", "zh", "--today", "2026-11-21"]
                .iter()
                .map(|s| (*s).to_owned())
                .collect();
            share.latency(Duration::from_millis(millis));
            println!("== {millis} ms an operation");
            let (mut frames, mut ready) = (Vec::new(), Vec::new());
            for round in 0..6 {
                let before = share.round_trips(0);
                let mut glass = Glass::open(&release, &args, home.path());
                let frame = glass.shows("F2");
                let opened = glass.shows("王敏");
                glass.key("zhang");
                let index = glass.until(|text| text.contains("zhang") && !text.contains("正在读取客户"));
                let trips = share.round_trips(0) - before;
                if round == 0 {
                    let [frame, opened, index] = [frame, opened, index].map(|t| t.as_secs_f64() * 1e3);
                    println!(
                        "cold cache: first frame {frame:.0} ms, branch {opened:.0} ms, hits {index:.0} ms, {trips} operations"
                    );
                } else {
                    frames.push(frame);
                    ready.push(index);
                }
                glass.key("\x11");
            }
            println!("warm cache: first frame {}", three(&mut frames));
            println!("warm cache: hits        {}", three(&mut ready));

            let mut glass = Glass::open(&release, &args, home.path());
            glass.shows("王敏");
            glass.key("z");
            glass.until(|text| !text.contains("正在读取客户"));
            glass.settled("\x15", QUIET);
            println!("key to screen           {}", three(&mut keys(&mut glass)));
            let mut opens = Vec::new();
            glass.settled("\x1bOQ", SLOW);
            for _ in 0..ROUNDS {
                // The archive follows the cursor.
                opens.push(glass.settled("\x1b[B", SLOW));
            }
            println!("archive open            {}", three(&mut opens));
            let mut saves = Vec::new();
            // Into the form, to a line of free text.
            glass.settled("\r", SLOW);
            glass.settled("\r", QUIET);
            glass.settled(&"\x1b[B".repeat(8), QUIET);
            for letter in ('a'..='z').take(ROUNDS) {
                glass.settled(&letter.to_string(), QUIET);
                let began = Instant::now();
                glass.key(SAVE);
                glass.until(|text| text.contains("正在保存"));
                let acknowledged = glass.until(|text| !text.contains("正在保存"));
                saves.push((glass.began + acknowledged).saturating_duration_since(began));
                glass.settled("", SLOW);
            }
            println!("save acknowledged       {}", three(&mut saves));
            glass.settled("\x1b", QUIET);
            glass.settled("\x1bOQ", SLOW);
            glass.settled("\x15", QUIET);
            share.hang(0);
            println!("keys, the drive hanging {}", three(&mut keys(&mut glass)));
            share.unhang(0);
        }
    }

    /// Types what a teller types, letter by letter, and wipes it.
    fn keys(glass: &mut Glass) -> Vec<Duration> {
        let mut times = Vec::new();
        for text in ["zhang", "ls", "1380", "yuxi", "wangm", "0027", "chen", "liu", "189852", "zs 138"] {
            for letter in text.chars() {
                times.push(glass.echoed(&letter.to_string(), QUIET));
            }
            glass.settled("\x15", QUIET);
        }
        times
    }
}

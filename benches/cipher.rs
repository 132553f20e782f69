//! An encrypted branch file beside a plain one of the same rows in the same run, turn by turn: import, opening, searching, saving, by the store
//! and by whole processes whose user gives number and password. Prints the table of docs/performance.md.
//! `cargo bench --bench cipher -- CUSTOMERS`; 20,000 if not said.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use chrono::NaiveDate;
use guitai::domain::field::Edit;
use guitai::domain::ids::{OpId, StaffId};
use guitai::domain::staff::{Role, Staff};
use guitai::exchange::extract::import::{Options, Way, import_with};
use guitai::index::row::Row;
use guitai::store::key::{CIPHER, Key};
use guitai::store::open::{File, Mode, Station};
use guitai::store::request::{Answer, Ask, Stamp};
use guitai::store::{customers, workbench};
use std::fmt::Write as _;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// How often what is quick is measured, what is slow, and what starts a process. The fastest counts: others on the machine only ever add.
const QUICK: usize = 41;
const SLOW: usize = 5;
const PROCESS: usize = 11;

/// The goal: not more than so many times plain.
const GOAL: f64 = 1.3;

const PASSWORD: &str = "Qing-shan-2026";

fn today() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 11, 21).unwrap()
}

fn stamp(by: StaffId) -> Stamp {
    Stamp::new(by, today().and_hms_opt(9, 0, 0).unwrap(), today())
}

fn extract(customers: usize) -> String {
    let mut text = "客户号,姓名,手机,地址\n".to_owned();
    for n in 0..customers {
        let name = char::from_u32(0x4e00 + u32::try_from(n * 37 % 20_000).unwrap()).unwrap();
        let _ = writeln!(
            text,
            "{},张{name}山,139{:08},贵州省遵义市道真县玉溪镇解放路{}号",
            6_000_000_000 + n,
            n * 4_093 % 100_000_000,
            n % 300
        );
    }
    text
}

/// One of the two files.
struct Side {
    path: PathBuf,
    station: Station,
}

impl Side {
    fn new(folder: &Path, name: &str, key: Key) -> Side {
        Side { path: folder.join(name), station: Station { key, ..Station::new("bench", 7) } }
    }

    /// Made anew, with the extract taken in; says who works there and how long the import took.
    fn import(&self, extract: &Path) -> (StaffId, Duration) {
        for ending in ["", "-journal"] {
            let _ = fs::remove_file(format!("{}{ending}", self.path.display()));
        }
        let first = Staff::new("wangmin", "王敏", Role::AccountManager);
        let mut file = File::create(&self.path, "道真支行", &first, &stamp(StaffId(0)), &self.station).unwrap();
        let Answer::Workbench(workbench::Answer::Opened(opened)) = file.answer(&Ask::Workbench(workbench::Ask::Open))
        else {
            panic!("not opened")
        };
        let by = opened.staff[0].id;
        let options = Options { stamp: stamp(by), dry_run: false };
        let began = Instant::now();
        import_with(&mut file, &[extract.to_owned()], &options, &Way::default(), &mut |_| {}).unwrap();
        (by, began.elapsed())
    }

    /// Over a connection that has read nothing yet.
    fn fresh(&self) -> File {
        File::open(&self.path, Mode::Write, &self.station).unwrap()
    }
}

/// What was measured of both.
struct Line {
    what: &'static str,
    times: [Vec<Duration>; 2],
}

impl Line {
    fn fastest(&self, side: usize) -> Duration {
        self.times[side].iter().min().copied().unwrap()
    }

    fn said(&self) -> String {
        let [plain, encrypted] = [0, 1].map(|side| self.fastest(side).as_secs_f64() * 1e3);
        let ratio = encrypted / plain;
        let over = if ratio > GOAL { ", **over**" } else { "" };
        let digits = if encrypted < 100.0 { 2 } else { 0 };
        format!("| {} | {plain:.digits$} ms | {encrypted:.digits$} ms | {ratio:.2}{over} |", self.what)
    }
}

/// Measures both, turn by turn, so that a busy machine slows them alike; each turn another one begins.
fn both(what: &'static str, rounds: usize, mut work: impl FnMut(usize, usize) -> Duration) -> Line {
    let mut times = [Vec::new(), Vec::new()];
    // The first turn warms up.
    for round in 0..=rounds {
        for turn in 0..2 {
            let side = (round + turn) % 2;
            let took = work(side, round);
            if round > 0 {
                times[side].push(took);
            }
        }
    }
    eprintln!("{what}: done");
    Line { what, times }
}

fn timed<T>(work: impl FnOnce() -> T) -> Duration {
    let began = Instant::now();
    drop(work());
    began.elapsed()
}

fn search(file: &mut File, round: usize) {
    let ask = customers::Ask::Likely { text: format!("139{:04}", round * 401), limit: 20 };
    let answer = file.answer(&Ask::Customers(ask));
    assert!(matches!(answer, Answer::Customers(customers::Answer::Likely(_))), "{answer:?}");
}

fn save(file: &mut File, row: &Row, round: usize, by: StaffId) {
    let edit = Edit { field: "remarks".to_owned(), before: String::new(), after: format!("第{round}次") };
    let ask = customers::Ask::Save {
        op: OpId(i64::try_from(round).unwrap() + 1),
        id: row.id,
        base_rev: 1,
        edits: vec![edit],
        reason: String::new(),
        stamp: stamp(by),
    };
    let answer = file.answer(&Ask::Customers(ask));
    assert!(matches!(answer, Answer::Customers(customers::Answer::Saved { .. })), "{answer:?}");
}

/// By the store.
fn store(folder: &Path, csv: &Path) -> Vec<Line> {
    let sides = [Side::new(folder, "plain.db", Key::default()), Side::new(folder, "encrypted.db", Key::new().unwrap())];
    let mut by = [StaffId(0); 2];
    let mut lines = vec![both("import", SLOW, |side, _| {
        let (staff, took) = sides[side].import(csv);
        by[side] = staff;
        took
    })];
    lines.push(both("opening the file", QUICK, |side, _| {
        timed(|| sides[side].fresh().answer(&Ask::Workbench(workbench::Ask::Open)))
    }));
    let mut files = sides.each_ref().map(Side::fresh);
    lines.push(both("search from the file, over the connection there is", QUICK, |side, round| {
        timed(|| search(&mut files[side], round))
    }));
    lines.push(both("search from the file, over a new connection", QUICK, |side, round| {
        timed(|| search(&mut sides[side].fresh(), round))
    }));
    lines.push(both("index read at the start", QUICK, |side, _| {
        timed(|| sides[side].fresh().answer(&Ask::Workbench(workbench::Ask::Index)))
    }));
    let rows = files.each_mut().map(|file| {
        let Answer::Workbench(workbench::Answer::Rows(rows)) = file.answer(&Ask::Workbench(workbench::Ask::Rows))
        else {
            panic!("no rows")
        };
        rows
    });
    lines.push(both("save acknowledged", QUICK, |side, round| {
        timed(|| save(&mut files[side], &rows[side][round], round, by[side]))
    }));
    lines
}

/// Runs the program to its end in a folder, where the password comes by a pipe.
fn guitai(folder: &Path, args: &[&str]) {
    let mut child = Command::new(env!("CARGO_BIN_EXE_guitai"))
        .args(args)
        .args(["--password-fd", "0"])
        .current_dir(folder)
        .env("HOME", folder)
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    writeln!(child.stdin.take().unwrap(), "{PASSWORD}").unwrap();
    assert!(child.wait().unwrap().success(), "{args:?}");
}

/// By whole processes.
fn processes(folder: &Path, csv: &Path) -> Vec<Line> {
    let names = ["with-password.db", "with-key.db"];
    for (name, plain) in names.into_iter().zip([&["--plain"][..], &[]]) {
        let init = ["init", name, "--branch", "道真支行", "--staff", "wangmin:王敏:branch_manager"];
        guitai(folder, &[&init[..], plain].concat());
        guitai(folder, &["import", csv.to_str().unwrap(), "--db", name, "--staff", "wangmin"]);
    }
    let run = |args: &[&str], side: usize| {
        timed(|| guitai(folder, &[args, &["--db", names[side], "--staff", "wangmin"]].concat()))
    };
    vec![
        both("`guitai find` by digits, with the password", PROCESS, |side, round| {
            run(&["find", &format!("139{:04}", round * 401)], side)
        }),
        both("`guitai find` by a name, with the password", PROCESS, |side, _| run(&["find", "zhang shan"], side)),
        both("`guitai set`, with the password", PROCESS, |side, round| {
            run(&["set", &(6_000_000_000 + round).to_string(), "remarks", &format!("第{round}次")], side)
        }),
    ]
}

fn main() {
    let customers = std::env::args().nth(1).and_then(|n| n.parse().ok()).unwrap_or(20_000);
    if !CIPHER {
        println!("built without encryption");
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let csv = folder.path().join("客户.csv");
    fs::write(&csv, extract(customers)).unwrap();
    let mut lines = store(folder.path(), &csv);
    lines.extend(processes(folder.path(), &csv));
    println!("| {customers} customers | plain | encrypted | times plain |\n|---|---|---|---|");
    for line in lines {
        println!("{}", line.said());
    }
}

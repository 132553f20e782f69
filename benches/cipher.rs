//! An encrypted branch file beside a plain one of the same rows in the same run: import, opening, the index read for the first search, a search
//! from the file, a save. `cargo bench --bench cipher -- CUSTOMERS`; 20,000 if not said.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use chrono::NaiveDate;
use guitai::domain::ids::{OpId, StaffId};
use guitai::domain::staff::{Role, Staff};
use guitai::exchange::extract::import::{Options, Way, import_with};
use guitai::store::key::{CIPHER, Key};
use guitai::store::open::{File, Mode, Station};
use guitai::store::request::{Answer, Ask, Stamp};
use guitai::store::{customers, workbench};
use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

/// How often what is quick is measured; the middle one counts.
const ROUNDS: usize = 21;

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

/// The middle of many times.
fn middle(mut work: impl FnMut(usize)) -> Duration {
    let mut times: Vec<Duration> = (0..ROUNDS)
        .map(|n| {
            let began = Instant::now();
            work(n);
            began.elapsed()
        })
        .collect();
    times.sort();
    times[ROUNDS / 2]
}

/// Times of one file: import, open, index, search, save.
fn times(folder: &Path, key: &Key, extract: &Path) -> Vec<(&'static str, Duration)> {
    let path = folder.join(if key.is_some() { "encrypted.db" } else { "plain.db" });
    let station = Station { key: key.clone(), ..Station::new("bench", 7) };
    let first = Staff::new("wangmin", "王敏", Role::AccountManager);
    let mut file = File::create(&path, "道真支行", &first, &stamp(StaffId(0)), &station).unwrap();
    let Answer::Workbench(workbench::Answer::Opened(opened)) = file.answer(&Ask::Workbench(workbench::Ask::Open))
    else {
        panic!("not opened")
    };
    let by = stamp(opened.staff[0].id);
    let began = Instant::now();
    let options = Options { stamp: by.clone(), dry_run: false };
    import_with(&mut file, &[extract.to_owned()], &options, &Way::default(), &mut |_| {}).unwrap();
    let import = began.elapsed();
    drop(file);

    let fresh = || File::open(&path, Mode::Write, &station).unwrap();
    let open = middle(|_| {
        let _ = fresh().answer(&Ask::Workbench(workbench::Ask::Open));
    });
    let index = middle(|_| {
        let Answer::Workbench(workbench::Answer::Index(_)) = fresh().answer(&Ask::Workbench(workbench::Ask::Index))
        else {
            panic!("no index")
        };
    });
    let search = middle(|n| {
        let ask = customers::Ask::Likely { text: format!("139{:04}", n * 401), limit: 20 };
        let _ = fresh().answer(&Ask::Customers(ask));
    });
    let mut file = fresh();
    let Answer::Workbench(workbench::Answer::Rows(rows)) = file.answer(&Ask::Workbench(workbench::Ask::Rows)) else {
        panic!("no rows")
    };
    let save = middle(|n| {
        let edit = |field: &str, after: String| guitai::domain::field::Edit {
            field: field.to_owned(),
            before: String::new(),
            after,
        };
        let ask = customers::Ask::Save {
            op: OpId(i64::try_from(n).unwrap() + 1),
            id: rows[n].id,
            base_rev: 1,
            edits: vec![edit("remarks", format!("第{n}次"))],
            reason: String::new(),
            stamp: by.clone(),
        };
        let answer = file.answer(&Ask::Customers(ask));
        assert!(matches!(answer, Answer::Customers(customers::Answer::Saved { .. })), "{answer:?}");
    });
    vec![("import", import), ("open", open), ("index", index), ("search", search), ("save", save)]
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
    let mut found: Vec<Vec<(&str, Duration)>> = Vec::new();
    // Twice, and the second counts: nothing is cold for one of them only.
    for _ in 0..2 {
        let keys = [Key::default(), Key::new().unwrap()];
        found = keys.iter().map(|key| times(folder.path(), key, &csv)).collect();
        for entry in fs::read_dir(folder.path()).unwrap().flatten().map(|e| e.path()).filter(|p| *p != csv) {
            let _ = fs::remove_file(entry);
        }
    }
    println!("{customers} customers");
    for ((what, plain), (_, encrypted)) in found[0].iter().zip(&found[1]) {
        let ratio = encrypted.as_secs_f64() / plain.as_secs_f64();
        println!("{what:8} plain {plain:>10.2?}  encrypted {encrypted:>10.2?}  {ratio:.2}x");
    }
}

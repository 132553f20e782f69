//! Tiers of a whole branch derived anew as the rules change, and tried without writing. `cargo bench --bench tiers -- 200000 1000000`

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::string_slice, missing_docs)]

mod common;

use chrono::NaiveDate;
use common::{Dice, rows};
use guitai::domain::customer::Customer;
use guitai::domain::ids::StaffId;
use guitai::domain::settings::Settings;
use guitai::domain::staff::{Role, Staff};
use guitai::domain::tier::{Basis, Figures};
use guitai::domain::values::money::Fen;
use guitai::store::bulk::BatchFile;
use guitai::store::open::{File, Mode, Station};
use guitai::store::request::{Answer, Ask, Stamp};
use guitai::store::{board, workbench};
use std::path::Path;
use std::time::Instant;

/// The data dates of everybody.
const DATES: [(i32, u32, u32); 3] = [(2026, 9, 30), (2026, 10, 31), (2026, 11, 20)];

fn date((year, month, day): (i32, u32, u32)) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, month, day).unwrap()
}

fn stamp(by: StaffId) -> Stamp {
    let today = date((2026, 11, 21));
    Stamp::new(by, today.and_hms_opt(8, 0, 0).unwrap(), today)
}

fn opened(file: &mut File) -> workbench::Opened {
    match file.answer(&Ask::Workbench(workbench::Ask::Open)) {
        Answer::Workbench(workbench::Answer::Opened(o)) => *o,
        other => panic!("{other:?}"),
    }
}

fn make(n: usize, at: &Path) {
    let station = Station::new("bench", 1);
    let first = Staff::new("wangmin", "王敏", Role::AccountManager);
    let mut file = File::create(at, "道真支行", &first, &stamp(StaffId(0)), &station).unwrap();
    let me = opened(&mut file).staff[0].id;
    let mut dice = Dice(7);
    let mut bulk = file.load(BatchFile { name: "bench".into(), hash: String::new() }, &stamp(me)).unwrap();
    for r in rows(n, 1) {
        let c = Customer {
            no: r.no.clone(),
            name: r.name.clone(),
            phone: r.phone.clone(),
            address: r.address.clone(),
            owner: r.owner.map(|_| me),
            ..Customer::default()
        };
        let id = bulk.insert_customer(&c).unwrap();
        let Some(aum) = r.aum else { continue };
        for day in DATES {
            let share = |percent: usize| Fen(aum.0 / 100 * percent as i64);
            let (balance, average) = (share(60 + dice.below(80)), share(80 + dice.below(40)));
            let none = Fen(0);
            let f = Figures {
                as_of: date(day),
                demand: balance,
                fixed: none,
                wealth: none,
                fund: none,
                insurance: none,
                bond: none,
                balance,
                average: Some(average),
            };
            bulk.put_figures(id, &f).unwrap();
        }
    }
    bulk.finish("").unwrap();
}

fn keep(file: &mut File, me: StaffId, what: &str, change: impl FnOnce(&mut Settings)) {
    let mut settings = Box::new(opened(file).settings);
    change(&mut settings);
    let begin = Instant::now();
    let answer = file.answer(&Ask::Workbench(workbench::Ask::KeepSettings { settings, stamp: stamp(me) }));
    assert!(matches!(answer, Answer::Workbench(workbench::Answer::Kept)), "{answer:?}");
    println!("{what:<58} {:>8.2} s", begin.elapsed().as_secs_f64());
}

fn main() {
    let asked: Vec<usize> = std::env::args().filter_map(|a| a.parse().ok()).collect();
    for n in if asked.is_empty() { vec![200_000] } else { asked } {
        let folder = tempfile::tempdir_in(Path::new(env!("CARGO_MANIFEST_DIR")).join("target")).unwrap();
        let path = folder.path().join("branch.db");
        let begin = Instant::now();
        make(n, &path);
        println!("{n} customers, {} data dates, made in {:.1} s", DATES.len(), begin.elapsed().as_secs_f64());
        let mut file = File::open(&path, Mode::Write, &Station::new("bench", 1)).unwrap();
        let me = opened(&mut file).staff[0].id;
        let mut settings = Box::new(opened(&mut file).settings);
        settings.lines.0[2] = Fen::of_yuan(300_000);
        let begin = Instant::now();
        match file.answer(&Ask::Board(board::Ask::WhatIf { settings, today: stamp(me).today })) {
            Answer::Board(board::Answer::WhatIf(found)) => {
                let sums = found.sums();
                println!("{:<58} {:>8.2} s", format!("what if 30万: {sums:?} up, down"), begin.elapsed().as_secs_f64());
            }
            other => panic!("{other:?}"),
        }
        keep(&mut file, me, "the line of 潜力 from 20 to 30万", |s| s.lines.0[2] = Fen::of_yuan(300_000));
        keep(&mut file, me, "every line a tenth lower", |s| s.lines.0.iter_mut().for_each(|l| l.0 -= l.0 / 10));
        keep(&mut file, me, "down at once instead of after two months", |s| s.fall_months = 0);
        keep(&mut file, me, "by balance: everybody's assets are others", |s| s.basis = Basis::Balance);
        assert_eq!(file.faults().unwrap(), Vec::<String>::new());
    }
}

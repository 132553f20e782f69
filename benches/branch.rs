//! A branch file of made-up customers, and what it costs to ask it: the queue, the board, an archive, a column's far end; cold and
//! warm. `cargo bench --bench branch -- 200000 1000000`
//!
//! What it makes stays in `target/branch-N` for `benches/compare.sh`: `branch.db`, the extracts
//! `customers.csv` and `assets.csv`, and `lines.txt` (one line a customer, for those who filter lines).

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::string_slice, missing_docs)]

mod common;

use chrono::{Days, NaiveDate, NaiveDateTime};
use common::{Dice, people, rows};
use guitai::domain::agenda::{Scope, Task};
use guitai::domain::calendar::repeat::Repeat;
use guitai::domain::contact::{Channel, Contact, Outcome};
use guitai::domain::customer::{Customer, Keeps};
use guitai::domain::ids::{ContactId, CustomerId, StaffId, TaskId};
use guitai::domain::staff::{Role, Staff};
use guitai::domain::tier::Figures;
use guitai::domain::values::document::Document;
use guitai::domain::values::money::Fen;
use guitai::index::row::Row;
use guitai::index::{GroupBy, Index, pinyin};
use guitai::store::bulk::BatchFile;
use guitai::store::open::{File, Mode, Station};
use guitai::store::request::{Answer, Ask, Stamp};
use guitai::store::{agenda, board, customers, workbench};
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

fn today() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 11, 21).unwrap()
}

/// The archives were begun a good hundred days ago, so that visits are due.
fn begun() -> NaiveDateTime {
    NaiveDate::from_ymd_opt(2026, 8, 10).unwrap().and_hms_opt(8, 0, 0).unwrap()
}

fn station(number: u16) -> Station {
    Station::new("bench", number)
}

fn folder(n: usize) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("target/branch-{n}"))
}

fn csv(text: &str) -> String {
    if text.contains(',') { format!("\"{text}\"") } else { text.to_owned() }
}

fn texts(made: &[Row], at: &Path) {
    let file = |name: &str| BufWriter::new(std::fs::File::create(at.join(name)).unwrap());
    let (mut people, mut assets, mut lines) = (file("customers.csv"), file("assets.csv"), file("lines.txt"));
    writeln!(people, "客户号,姓名,证件类型,证件号,手机,地址,开户日,开户机构").unwrap();
    writeln!(assets, "客户号,数据日期,活期,定期,理财,基金,保险,国债,AUM时点,AUM月日均").unwrap();
    for r in made {
        let kind = if r.document.len() == 18 { "居民身份证" } else { "" };
        let document = if kind.is_empty() { "" } else { &r.document };
        writeln!(
            people,
            "{},{},{kind},{document},{},{},20180316,道真支行",
            r.no,
            csv(&r.name),
            r.phone,
            csv(&r.address)
        )
        .unwrap();
        if let Some(f) = r.aum.map(figures) {
            let yuan = |f: Fen| format!("{}.{:02}", f.0 / 100, f.0 % 100);
            let sums = [f.demand, f.fixed, f.wealth, f.fund, f.insurance, f.bond, f.balance].map(yuan).join(",");
            writeln!(assets, "{},20261120,{sums},{}", r.no, yuan(f.balance)).unwrap();
        }
        let read = pinyin::shown(&r.name).replace(' ', "");
        writeln!(lines, "{} {read} {} {} {} {}", r.name, r.phone, r.document, r.no, r.address).unwrap();
    }
}

fn figures(aum: Fen) -> Figures {
    let part = |n: i64| Fen(aum.0 / 100 * n);
    let (fixed, wealth, fund, insurance, bond) = (part(40), part(20), part(5), part(10), part(2));
    let demand = Fen(aum.0 - fixed.0 - wealth.0 - fund.0 - insurance.0 - bond.0);
    let as_of = today() - Days::new(1);
    Figures { as_of, demand, fixed, wealth, fund, insurance, bond, balance: aum, average: Some(aum) }
}

/// Everybody's archive, figures, about one and a half contacts each, some tasks: one batch.
fn make(n: usize, at: &Path) {
    let _ = std::fs::remove_dir_all(at);
    std::fs::create_dir_all(at).unwrap();
    let made = rows(n, 1);
    texts(&made, at);
    let first = Staff::new("wangmin", "王敏", Role::AccountManager);
    let opening = Stamp::new(StaffId(0), begun(), begun().date());
    let mut file = File::create(&at.join("branch.db"), "道真支行", &first, &opening, &station(1)).unwrap();
    for staff in people(n).into_iter().skip(1) {
        let stamp = Stamp { by: opened(&mut file).staff[0].id, ..opening.clone() };
        let staff = Box::new(Staff { id: StaffId(0), ..staff });
        file.answer(&Ask::Workbench(workbench::Ask::AddStaff { staff, stamp }));
    }
    let ids: Vec<StaffId> = opened(&mut file).staff.iter().map(|s| s.id).collect();
    let person = |s: StaffId| ids[(s.0 as usize - 1) % ids.len()];
    let stamp = Stamp::new(ids[0], begun(), today());
    let mut bulk = file.load(BatchFile { name: "bench".into(), hash: String::new() }, &stamp).unwrap();
    let mut dice = Dice(3);
    let mut made_ids = Vec::with_capacity(n);
    for r in &made {
        let document = Document::parse(None, &r.document, today()).ok();
        let customer = Customer {
            no: r.no.clone(),
            name: r.name.clone(),
            birth: document.as_ref().and_then(Document::birth),
            document,
            phone: r.phone.clone(),
            phone2: r.phone2.clone(),
            address: r.address.clone(),
            area: r.area.clone(),
            owner: r.owner.map(person),
            assistant: r.assistant.map(person),
            keeps: if r.keeps_lunar { Keeps::Lunar } else { Keeps::Solar },
            ..Customer::default()
        };
        let id = bulk.insert_customer(&customer).unwrap();
        if let Some(aum) = r.aum {
            bulk.put_figures(id, &figures(aum)).unwrap();
        }
        made_ids.push(id);
    }
    for back in [80, 60, 40, 20, 5] {
        let at = (today() - Days::new(back)).and_hms_opt(10, 0, 0).unwrap();
        for (id, r) in made_ids.iter().zip(&made).filter(|_| dice.chance(30)).collect::<Vec<_>>() {
            let contact = Contact {
                id: ContactId(0),
                customer: *id,
                at,
                by: r.owner.map_or(ids[0], person),
                channel: Channel::Phone,
                outcome: if dice.chance(80) { Outcome::Reached } else { Outcome::NoAnswer },
                note: "存单下月到期，想换三年期，带身份证来办".into(),
                next: None,
                task: None,
            };
            bulk.insert_contact(&contact).unwrap();
        }
    }
    for (i, id) in made_ids.iter().step_by(200).enumerate() {
        let task = Task {
            id: TaskId(0),
            rev: 0,
            owner: ids[i % ids.len()],
            customer: Some(*id),
            text: "送对账单".into(),
            due: today() + Days::new((i % 40) as u64),
            repeat: Repeat::Once,
        };
        bulk.insert_task(&task).unwrap();
    }
    bulk.finish("{}").unwrap();
}

fn opened(file: &mut File) -> workbench::Opened {
    match file.answer(&Ask::Workbench(workbench::Ask::Open)) {
        Answer::Workbench(workbench::Answer::Opened(o)) => *o,
        other => panic!("{other:?}"),
    }
}

fn took<T>(ask: impl FnOnce() -> T) -> (T, Duration) {
    let began = Instant::now();
    let answer = ask();
    (answer, began.elapsed())
}

fn middle(mut times: Vec<Duration>) -> f64 {
    times.sort_unstable();
    times[times.len() / 2].as_secs_f64() * 1e3
}

/// Pages of the file out of the memory of the system, where that is allowed.
fn drop_caches() -> bool {
    std::process::Command::new("sync").status().is_ok() && std::fs::write("/proc/sys/vm/drop_caches", "3").is_ok()
}

fn main() {
    let mut sizes: Vec<usize> = std::env::args().filter_map(|a| a.parse().ok()).collect();
    if sizes.is_empty() {
        sizes = vec![200_000, 1_000_000];
    }
    for n in sizes {
        let at = folder(n);
        if !at.join("made").exists() {
            let ((), time) = took(|| make(n, &at));
            std::fs::write(at.join("made"), "").unwrap();
            println!("made {n} customers in {:.1} s", time.as_secs_f64());
        }
        let path = at.join("branch.db");
        println!("== {n} customers, {} MB", std::fs::metadata(&path).unwrap().len() >> 20);
        let open = || File::open(&path, Mode::Write, &station(2)).unwrap();
        let mut file = open();
        let staff = opened(&mut file).staff;
        let me = staff[0].id;
        let load = |scope| Ask::Agenda(agenda::Ask::Load { scope, staff: me, today: today(), until: today() });
        let rows = match file.answer(&Ask::Workbench(workbench::Ask::Rows)) {
            Answer::Workbench(workbench::Answer::Rows(rows)) => rows,
            other => panic!("{other:?}"),
        };
        let some: Vec<CustomerId> = rows.iter().step_by(rows.len() / 200).map(|r| r.id).collect();
        let archive = |id| Ask::Customers(customers::Ask::Open { id, today: today() });
        drop(file);
        for (name, ask) in [
            ("queue, mine", load(Scope::Mine)),
            ("queue, branch", load(Scope::Branch)),
            ("board", Ask::Board(board::Ask::Load)),
            ("archive", archive(some[100])),
        ] {
            let mut cold = Vec::new();
            let mut fresh = Vec::new();
            let mut lines = 0;
            for _ in 0..5 {
                let dropped = drop_caches();
                let (answer, time) = took(|| open().answer(&ask));
                if let Answer::Agenda(agenda::Answer::Lines { items, .. }) = &answer {
                    lines = items.len();
                }
                assert!(!matches!(answer, Answer::Failed(_)), "{answer:?}");
                if dropped {
                    cold.push(time);
                }
                fresh.push(took(|| open().answer(&ask)).1);
            }
            let mut file = open();
            let warm = middle((0..11).map(|_| took(|| file.answer(&ask)).1).collect());
            let cold = if cold.is_empty() { f64::NAN } else { middle(cold) };
            println!(
                "{name:14} {lines:5} lines; cold {cold:8.2}, fresh connection {:7.2}, warm {warm:7.2} ms",
                middle(fresh)
            );
        }
        let mut file = open();
        let times: Vec<Duration> = some.iter().map(|id| took(|| file.answer(&archive(*id))).1).collect();
        println!("archives       {} of them, {:.2} ms at the middle", times.len(), middle(times));
        let (intake, read) = took(|| match file.answer(&Ask::Workbench(workbench::Ask::Index)) {
            Answer::Workbench(workbench::Answer::Index(intake)) => intake,
            other => panic!("{other:?}"),
        });
        let (index, built) = took(|| Index::of(*intake, &staff));
        println!("index          rows read {:.2} s, built {:.2} s", read.as_secs_f64(), built.as_secs_f64());
        let big = index.groups(GroupBy::Tier).into_iter().max_by_key(|g| g.count).unwrap();
        let far = |from: usize| {
            middle((0..101).map(|_| took(|| std::hint::black_box(index.column(&big.key, from, 40))).1).collect())
        };
        let last = index.column(&big.key, big.count - 1, 1)[0].id;
        let place = middle(
            (0..101).map(|_| took(|| assert_eq!(index.position(&big.key, last), Some(big.count - 1))).1).collect(),
        );
        println!(
            "column         {} cards: first 40 in {:.3} ms, last 40 in {:.3} ms, where the last stands {place:.3} ms",
            big.count,
            far(0),
            far(big.count - 40)
        );
    }
}

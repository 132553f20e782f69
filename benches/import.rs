//! Importing beside `sqlite3`'s `.import` of the same rows in the same run: customers, assets, transactions, rows a second, CPU seconds, memory;
//! then all of them again, and the tiers of all customers derived anew.
//! `cargo bench --bench import -- CUSTOMERS ASSETS TRANSACTIONS [gb]`; 200,000, 200,000 and 1,000,000 if not said, GB18030 with `gb`.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use chrono::{Days, NaiveDate};
use guitai::domain::ids::StaffId;
use guitai::domain::staff::{Role, Staff};
use guitai::domain::values::idcard;
use guitai::domain::values::money::Fen;
use guitai::exchange::extract::import::{Options, Way, import_with};
use guitai::exchange::extract::lane::Job;
use guitai::store::open::{File, Mode, Station};
use guitai::store::request::{Answer, Ask, Stamp};
use guitai::store::workbench;
use std::fs;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

fn today() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 11, 21).unwrap()
}

fn stamp(by: StaffId) -> Stamp {
    Stamp::new(by, today().and_hms_opt(9, 0, 0).unwrap(), today())
}

fn station() -> Station {
    Station::new("bench", 7)
}

/// xorshift64
struct Dice(u64);

impl Dice {
    fn roll(&mut self, below: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % below
    }

    fn of<'a>(&mut self, list: &[&'a str]) -> &'a str {
        list[usize::try_from(self.roll(list.len() as u64)).unwrap()]
    }
}

const SURNAMES: [&str; 12] = ["王", "李", "张", "刘", "陈", "杨", "赵", "黄", "周", "吴", "郑", "窦"];
const GIVEN: [&str; 16] =
    ["伟", "芳", "娜", "敏", "静", "丽", "强", "磊", "军", "洋", "勇", "艳", "杰", "娟", "涛", "明"];
const TOWNS: [&str; 8] = ["玉溪镇", "平模镇", "三江镇", "隆兴镇", "大矸镇", "洛龙镇", "尹珍街道", "阳溪镇"];
const WORDS: [&str; 6] = ["", "结息", "工资", "转账", "消费", "手续费"];

fn customers(n: u64, to: &mut impl Write) {
    let mut dice = Dice(0x9E37_79B9_7F4A_7C15);
    writeln!(to, "客户号,姓名,证件类型,证件号,手机,地址,开户日,开户机构").unwrap();
    for i in 0..n {
        let born = NaiveDate::from_ymd_opt(1940, 1, 1).unwrap() + Days::new(dice.roll(24_000));
        let first = format!("520325{}{:03}", born.format("%Y%m%d"), dice.roll(1000));
        let document = format!("{first}{}", idcard::check_digit(&first));
        let name = format!("{}{}{}", dice.of(&SURNAMES), dice.of(&GIVEN), dice.of(&GIVEN));
        let opened = NaiveDate::from_ymd_opt(2005, 1, 1).unwrap() + Days::new(dice.roll(7_900));
        writeln!(
            to,
            "{},{name},居民身份证,{document},1{}{:09},贵州省遵义市道真县{}解放路{}号,{},道真支行",
            6_000_000_001 + i,
            3 + dice.roll(6),
            dice.roll(1_000_000_000),
            dice.of(&TOWNS),
            1 + dice.roll(300),
            opened.format("%Y%m%d")
        )
        .unwrap();
    }
}

fn yuan(fen: u64) -> String {
    format!("{}.{:02}", fen / 100, fen % 100)
}

fn assets(n: u64, to: &mut impl Write) {
    let mut dice = Dice(77);
    writeln!(to, "客户号,数据日期,活期,定期,理财,基金,保险,国债,AUM时点,AUM月日均").unwrap();
    for i in 0..n {
        let (demand, fixed) = (dice.roll(9_000_000), dice.roll(20_000_000));
        let sum = demand + fixed;
        writeln!(
            to,
            "{},20261120,{},{},0.00,0.00,0.00,0.00,{},{}",
            6_000_000_001 + i,
            yuan(demand),
            yuan(fixed),
            yuan(sum),
            yuan(sum - sum / 7)
        )
        .unwrap();
    }
}

fn txns(n: u64, customers: u64, to: &mut impl Write) {
    let mut dice = Dice(4711);
    writeln!(to, "客户号,日期,流水号,借贷,金额,渠道,对手行,摘要").unwrap();
    for i in 0..n {
        let each = n.div_ceil(customers.max(1));
        let (who, nth) = (i / each, i % each);
        let day = NaiveDate::from_ymd_opt(2025, 11, 20).unwrap() + Days::new(nth * 365 / each);
        let sum = dice.roll(3_000_000);
        let sum = match sum / 100 {
            1000.. => format!("\"{},{:03}.{:02}\"", sum / 100_000, sum / 100 % 1000, sum % 100),
            _ => yuan(sum),
        };
        writeln!(
            to,
            "{},{day},{},{},{sum},{},,{}",
            6_000_000_001 + who,
            3_000_000 + i,
            dice.of(&["借", "贷"]),
            dice.of(&["柜面", "转账", "系统", "手机银行"]),
            dice.of(&WORDS)
        )
        .unwrap();
    }
}

fn write(path: &Path, gb: bool, fill: impl FnOnce(&mut BufWriter<fs::File>)) {
    let mut to = BufWriter::new(fs::File::create(path).unwrap());
    fill(&mut to);
    to.flush().unwrap();
    if gb {
        let text = fs::read_to_string(path).unwrap();
        fs::write(path, encoding_rs::GB18030.encode(&text).0).unwrap();
    }
}

/// A figure of this process as the kernel tells it, in KiB.
fn kib(name: &str) -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|l| l.starts_with(name)).unwrap_or_default();
    line.split_whitespace().nth(1).and_then(|n| n.parse().ok()).unwrap_or_default()
}

/// CPU seconds of this process and of the children it waited for.
fn cpu() -> (f64, f64) {
    let stat = fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let rest = stat.rsplit(')').next().unwrap_or_default();
    let ticks: Vec<f64> = rest.split_whitespace().filter_map(|w| w.parse().ok()).collect();
    let at = |n: usize| ticks.get(n).copied().unwrap_or_default() / 100.0;
    // utime, stime, cutime, cstime; the state letter is no number.
    (at(10) + at(11), at(12) + at(13))
}

fn staff(file: &mut File) -> StaffId {
    match file.answer(&Ask::Workbench(workbench::Ask::Open)) {
        Answer::Workbench(workbench::Answer::Opened(o)) => o.staff[0].id,
        other => panic!("{other:?}"),
    }
}

/// One import in a process of its own, so that its memory is its own.
fn child(db: &Path, csv: &Path) {
    let mut file = File::open(db, Mode::Write, &station()).unwrap();
    let options = Options { stamp: stamp(staff(&mut file)), dry_run: false };
    let beside = |job: Job| drop(std::thread::spawn(job));
    let way = Way { beside: Some(&beside), ..Way::default() };
    let reports = import_with(&mut file, &[csv.to_owned()], &options, &way, &mut |_| {}).unwrap();
    let r = &reports[0];
    println!("{} {} {} {} {} {}", r.rows, r.new, r.changed, r.unchanged, r.rejected, kib("VmHWM"));
}

struct Took {
    wall: Duration,
    cpu: f64,
    said: String,
}

fn took(command: &mut Command, input: Option<&str>) -> Took {
    let (began, before) = (Instant::now(), cpu().1);
    let mut running =
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::inherit()).spawn().expect("it runs");
    running.stdin.take().unwrap().write_all(input.unwrap_or_default().as_bytes()).unwrap();
    let out = running.wait_with_output().unwrap();
    assert!(out.status.success(), "{command:?}");
    Took { wall: began.elapsed(), cpu: cpu().1 - before, said: String::from_utf8_lossy(&out.stdout).trim().to_owned() }
}

fn tables() -> &'static str {
    "CREATE TABLE customers (no TEXT PRIMARY KEY, name TEXT, kind TEXT, document TEXT, phone TEXT, address TEXT, opened INTEGER, at TEXT);
     CREATE TABLE assets (no TEXT, day INTEGER, demand REAL, fixed REAL, wealth REAL, fund REAL, insurance REAL, bond REAL, balance REAL,
         average REAL, PRIMARY KEY (no, day)) WITHOUT ROWID;
     CREATE TABLE txns (no TEXT, day TEXT, serial TEXT, way TEXT, sum TEXT, channel TEXT, bank TEXT, note TEXT,
         PRIMARY KEY (no, day, serial)) WITHOUT ROWID;\n"
}

fn main() {
    let args: Vec<String> = std::env::args().skip(1).filter(|a| a != "--bench").collect();
    if args.first().is_some_and(|a| a == "child") {
        return child(Path::new(&args[1]), Path::new(&args[2]));
    }
    let gb = args.iter().any(|a| a == "gb");
    let sizes: Vec<u64> = args.iter().filter_map(|a| a.parse().ok()).collect();
    let size = |n: usize, usual: u64| sizes.get(n).copied().unwrap_or(usual);
    let (c, a, t) = (size(0, 200_000), size(1, 200_000), size(2, 1_000_000));
    let folder = std::env::temp_dir().join("guitai-bench-import");
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).unwrap();
    let at = |name: &str| -> PathBuf { folder.join(name) };
    write(&at("customers.csv"), gb, |to| customers(c, to));
    write(&at("assets.csv"), gb, |to| assets(a, to));
    write(&at("txns.csv"), gb, |to| txns(t, c, to));
    let first = Staff::new("wangmin", "王敏", Role::AccountManager);
    drop(File::create(&at("branch.db"), "道真支行", &first, &stamp(StaffId(0)), &station()).unwrap());
    took(Command::new("sqlite3").arg(at("raw.db")), Some(tables()));
    println!("{c} customers, {a} assets, {t} transactions, {}", if gb { "GB18030" } else { "UTF-8" });
    println!(
        "{:10} {:>9} {:>9} {:>8} {:>8} {:>9} {:>8} {:>6}",
        "", "rows", "rows/s", "wall s", "CPU s", ".import s", "CPU s", "ratio"
    );
    let (mut ours, mut theirs, mut rows) = ((0.0, 0.0), (0.0, 0.0), 0);
    for (name, n) in [("customers", c), ("assets", a), ("txns", t)] {
        let csv = at(&format!("{name}.csv"));
        let mine =
            took(Command::new(std::env::current_exe().unwrap()).arg("child").arg(at("branch.db")).arg(&csv), None);
        let raw = took(
            Command::new("sqlite3").arg(at("raw.db")),
            Some(&format!(".import --csv --skip 1 {} {name}\n", csv.display())),
        );
        assert!(mine.said.starts_with(&format!("{n} {n} 0 0 0 ")), "{}", mine.said);
        let peak: u64 = mine.said.rsplit(' ').next().unwrap().parse().unwrap();
        line(name, n, &mine, &raw, peak);
        ours = (ours.0 + mine.wall.as_secs_f64(), ours.1 + mine.cpu);
        theirs = (theirs.0 + raw.wall.as_secs_f64(), theirs.1 + raw.cpu);
        rows += n;
    }
    #[allow(clippy::cast_precision_loss)]
    let rate = rows as f64 / ours.0;
    println!(
        "{:10} {rows:9} {rate:9.0} {:8.1} {:8.1} {:9.1} {:8.1} {:6.2} (CPU {:.2})",
        "together",
        ours.0,
        ours.1,
        theirs.0,
        theirs.1,
        ours.0 / theirs.0,
        ours.1 / theirs.1
    );
    // The same rows under another hash: every one is looked at, none is written.
    for name in ["customers", "assets", "txns"] {
        let csv = at(&format!("{name}.csv"));
        fs::OpenOptions::new().append(true).open(&csv).unwrap().write_all(b"\n").unwrap();
        let mine =
            took(Command::new(std::env::current_exe().unwrap()).arg("child").arg(at("branch.db")).arg(&csv), None);
        println!("{name} again: {:.1} s, CPU {:.1} s; {}", mine.wall.as_secs_f64(), mine.cpu, mine.said);
    }
    let mut file = File::open(&at("branch.db"), Mode::Write, &station()).unwrap();
    let by = staff(&mut file);
    let mut settings = match file.answer(&Ask::Workbench(workbench::Ask::Open)) {
        Answer::Workbench(workbench::Answer::Opened(o)) => o.settings,
        other => panic!("{other:?}"),
    };
    settings.lines.0[2] = Fen::of_yuan(150_000);
    let (began, before) = (Instant::now(), cpu().0);
    let kept =
        file.answer(&Ask::Workbench(workbench::Ask::KeepSettings { settings: Box::new(settings), stamp: stamp(by) }));
    assert!(matches!(kept, Answer::Workbench(workbench::Answer::Kept)), "{kept:?}");
    println!(
        "tiers of {c} customers derived anew by another line: {:.2} s, CPU {:.2} s",
        began.elapsed().as_secs_f64(),
        cpu().0 - before
    );
    println!(
        "branch.db {} MB, raw.db {} MB",
        fs::metadata(at("branch.db")).unwrap().len() >> 20,
        fs::metadata(at("raw.db")).unwrap().len() >> 20
    );
    let began = Instant::now();
    let faults = file.faults().unwrap();
    assert!(faults.is_empty(), "{faults:?}");
    println!("looked over in {:.1} s: whole", began.elapsed().as_secs_f64());
}

fn line(name: &str, n: u64, mine: &Took, raw: &Took, peak: u64) {
    #[allow(clippy::cast_precision_loss)]
    let rate = n as f64 / mine.wall.as_secs_f64();
    println!(
        "{name:10} {n:9} {rate:9.0} {:8.2} {:8.2} {:9.2} {:8.2} {:6.2} (CPU {:.2}), {} MB at most",
        mine.wall.as_secs_f64(),
        mine.cpu,
        raw.wall.as_secs_f64(),
        raw.cpu,
        mine.wall.as_secs_f64() / raw.wall.as_secs_f64(),
        mine.cpu / raw.cpu,
        peak >> 10
    );
}

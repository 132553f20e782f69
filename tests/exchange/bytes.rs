//! Bytes that others wrote: valid ones with a few letters wrong, and any at all, through every reader of them. None may panic, whatever it makes
//! of them. `PROPTEST_CASES=1000000 cargo test --test exchange bytes` tries a million of each. What is a SQLite file is in `kept`.

use super::bench::{data, today};
use super::book::{Number, Text as Cell, book};
use guitai::app::form::Kept;
use guitai::app::panes::archive::parked::{Drafts, Parked};
use guitai::domain::calendar::holidays::Holidays;
use guitai::domain::contact::{Channel, Outcome};
use guitai::domain::dealings::txn::Wanted;
use guitai::domain::field::Edit;
use guitai::domain::ids::{CustomerId, OpId, StaffId};
use guitai::domain::password::{LONGEST_WAIT, Password};
use guitai::exchange::encoding::{Encoding, Text};
use guitai::exchange::extract::layout::{Columns, Layout};
use guitai::exchange::extract::look::Look;
use guitai::exchange::extract::mapping::Mapping;
use guitai::exchange::extract::propose::propose_as;
use guitai::exchange::extract::record;
use guitai::exchange::rows::{Next, Row, Rows};
use guitai::exchange::workbook;
use guitai::run::config::Config;
use guitai::run::handed;
use guitai::run::sign_in::Memory;
use guitai::store::anchor::{Anchor, Seal};
use guitai::store::backup::{Head, Survey};
use guitai::store::drive::ground::Ground;
use guitai::store::drive::seat::{self, Seat, Who};
use guitai::store::key::Key;
use guitai::store::manifest::{self, FORMAT, Manifest};
use guitai::store::request::{Ask, Stamp};
use guitai::store::secret::SignedIn;
use guitai::store::slots::{Code, Costs, Slots};
use guitai::store::{contacts, customers};
use proptest::prelude::*;
use std::collections::BTreeMap;
use std::io::{Cursor, Read};
use std::path::Path;
use std::sync::LazyLock;

/// So many cases as asked for, else so few that nobody waits.
pub fn cases(few: u32) -> ProptestConfig {
    let asked = std::env::var("PROPTEST_CASES").ok().and_then(|n| n.parse().ok());
    ProptestConfig { cases: asked.unwrap_or(few), failure_persistence: None, ..ProptestConfig::default() }
}

/// Something done to bytes: where, what, with which byte.
pub type Slip = (u32, u8, u8);

pub fn slips() -> impl Strategy<Value = Vec<Slip>> {
    prop::collection::vec((any::<u32>(), 0..7_u8, any::<u8>()), 0..8)
}

/// Valid bytes with a few slips: letters changed, taken out, put in, pieces doubled, the end cut off, words that mean something elsewhere.
pub fn slipped(valid: &[u8], slips: &[Slip]) -> Vec<u8> {
    const WORDS: [&[u8]; 10] = [
        b"\"",
        b"\0",
        b"\n",
        b"-9223372036854775809",
        b"1e400",
        b"{}",
        b"null",
        b"\xff\xfe",
        "＝\u{202e}".as_bytes(),
        b"[[",
    ];
    let mut bytes = valid.to_vec();
    for (at, what, byte) in slips {
        let at = if bytes.is_empty() { 0 } else { *at as usize % bytes.len() };
        match what {
            0 if !bytes.is_empty() => bytes[at] = *byte,
            1 if !bytes.is_empty() => bytes[at] ^= 1 << (byte % 8),
            2 if !bytes.is_empty() => drop(bytes.remove(at)),
            3 => bytes.insert(at, *byte),
            4 => {
                let end = (at + usize::from(*byte)).min(bytes.len());
                let piece = bytes[at..end].to_vec();
                bytes.splice(at..at, piece);
            }
            5 if byte % 8 == 0 => bytes.truncate(at),
            _ => drop(bytes.splice(at..at, WORDS[usize::from(*byte) % WORDS.len()].iter().copied())),
        }
    }
    bytes
}

pub fn text_of(bytes: Vec<u8>) -> String {
    String::from_utf8_lossy(&bytes).into_owned()
}

/// Valid bytes with slips, now and then any bytes at all.
fn foreign(valid: Vec<u8>) -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![
        9 => slips().prop_map(move |s| slipped(&valid, &s)),
        1 => prop::collection::vec(any::<u8>(), 0..400),
    ]
}

/// The beginning of the sample of a layout, as the core system writes it.
fn sample(layout: Layout) -> Vec<u8> {
    let name = match layout {
        Layout::Customers => "客户.csv",
        Layout::Figures => "资产.csv",
        Layout::Txns => "交易.csv",
        Layout::Holdings => "持有.csv",
        Layout::Loans => "贷款.csv",
        Layout::Services => "签约.csv",
        Layout::Ratings => "评级.csv",
    };
    let bytes = std::fs::read(data(name)).unwrap();
    bytes.split_inclusive(|b| *b == b'\n').take(5).collect::<Vec<_>>().concat()
}

static SAMPLES: LazyLock<Vec<(Layout, Vec<u8>)>> =
    LazyLock::new(|| Layout::ALL.iter().map(|layout| (*layout, sample(*layout))).collect());

/// Reads an extract as an import does, but from memory.
fn extract(bytes: &[u8]) -> Option<usize> {
    let encoding = Encoding::detect(&mut &*bytes).ok()?;
    let mut rows = Rows::new(Text::mixed(bytes, encoding));
    let (mut row, mut columns, mut n) = (Row::default(), None, 0);
    loop {
        match rows.next_into(&mut row).ok()? {
            Next::End => return Some(n),
            Next::Broken(_) => continue,
            Next::Row => {}
        }
        match &columns {
            None => columns = Columns::recognise(&row).ok(),
            Some(columns) => {
                n += usize::from(record::read(columns, &row, today()).is_ok_and(|r| !r.shown().is_empty()))
            }
        }
    }
}

static MAPPING: LazyLock<String> = LazyLock::new(|| {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("in.csv");
    std::fs::write(&path, "客户编号,借据编号,贷款品种,放款金额(万元),贷款余额(万元),放款日期,到期日期,风险分类\nA1,JJ1,农户小额贷,8.0952,1.6865,29/04/2025,19/04/2027,正常类\n").unwrap();
    propose_as(&Look::at(&path).unwrap(), Layout::Loans).write().unwrap()
});

const CONFIG: &str = "db = '/share/daozhen.db'\nstaff = 'wangmin'\nlang = 'en'\nstation = 'C03'\nbackup = 'D:\\\\b'\n[ui]\ntheme = 'green'\nambiguous = 'wide'\nmouse = false\n[drive]\noverrule = true\n[import]\nfolder = '/share/extracts'\n[audit]\nseal = '/seal'\n";

fn drafts() -> String {
    let edits = vec![Edit { field: "phone".into(), before: "13800138000".into(), after: "13800138001".into() }];
    let kept = Kept { edits, refused: vec![("birth".into(), "昨天".into())], focus: "birth".into() };
    let parked = Parked {
        customer: Some(CustomerId(7)),
        by: StaffId(3),
        name: "张山河".into(),
        at: today().and_hms_opt(9, 0, 0).unwrap(),
        kept,
    };
    Drafts { parked: vec![parked.clone()], open: vec![parked] }.text()
}

pub fn asks() -> Vec<String> {
    let stamp = Stamp::new(StaffId(3), today().and_hms_opt(9, 0, 0).unwrap(), today());
    let edits = vec![Edit { field: "phone".into(), before: String::new(), after: "13800138001".into() }];
    let save = customers::Ask::Save {
        op: OpId(1),
        id: CustomerId(7),
        base_rev: 2,
        edits,
        reason: "电话".into(),
        stamp: stamp.clone(),
    };
    let log = contacts::Ask::Log {
        op: OpId(2),
        customer: CustomerId(7),
        channel: Channel::Phone,
        outcome: Outcome::Reached,
        note: "问候".into(),
        next: Some(today()),
        task: Some("visit:7".into()),
        stamp,
    };
    [Ask::Customers(save), Ask::Contacts(log)].iter().map(|ask| serde_json::to_string(ask).unwrap()).collect()
}

fn anchor() -> Anchor {
    let at = today().and_hms_opt(9, 0, 0).unwrap();
    Anchor { file: "ab".repeat(32), seq: 812, hash: "cd".repeat(32), at, turns: vec!["ef".repeat(32)] }
}

fn seal() -> String {
    serde_json::to_string(&Seal { anchor: anchor(), branch: "道真支行".into(), station: "3号机".into() }).unwrap()
}

const BACKUP: &str = "branch-20261121-090000.db";

fn manifest() -> String {
    let head = Head { seq: 812, hash: "ab".repeat(32) };
    let survey = Survey {
        branch: "道真支行".into(),
        schema: 3,
        origin: Head { seq: 1, ..head.clone() },
        head,
        rows: BTreeMap::from([("customer".to_owned(), 2_920)]),
    };
    let at = today().and_hms_opt(9, 0, 0).unwrap();
    let manifest = Manifest {
        format: FORMAT.into(),
        file: BACKUP.into(),
        at,
        by: "wangmin".into(),
        station: "3号机".into(),
        by_hand: true,
        bytes: 4_096,
        blake3: "cd".repeat(32),
        confirmed: Some(at),
        survey,
    };
    manifest.text().unwrap()
}

static BOOK: LazyLock<Vec<u8>> = LazyLock::new(|| {
    let header = Layout::Customers.headers().iter().map(|h| Cell(h)).collect();
    let row = vec![
        Cell("A1"),
        Cell("张三"),
        Cell("居民身份证"),
        Cell("520325197202042450"),
        Number("13800138000", 0),
        Cell("玉溪镇"),
        Number("45000", 1),
    ];
    book(&[vec![header, row]])
});

/// A slot file of two members of staff under the least costs, and its key.
static SLOTS: LazyLock<(Slots, Key)> = LazyLock::new(|| {
    let made = Slots::make("wangmin", &Password::new("Qing-shan-2026"), &Costs::TRIAL).unwrap();
    let slot = made.slots.slot(&made.key, "liqiang", &Password::new("Lv-shui-2026"), Costs::TRIAL.staff).unwrap();
    (made.slots.with(&made.key, slot).unwrap(), made.key)
});

/// What is sealed into a file of this PC, and the key.
static SEALED: LazyLock<(Vec<u8>, Key)> = LazyLock::new(|| {
    let key = Key::of([7; 32]);
    (key.wrap("drafts", &drafts()).unwrap(), key)
});

const HOLIDAYS: &str =
    "日期,类别,名称\n2027-01-01,off,元旦\n20270102,放假,元旦\n2027-01-03,work,调休\n# 注\n2027/2/6\toff\t春节\n";

const MOUNTS: &str = "22 1 0:20 / / rw - ext4 /dev/sda rw\n40 22 0:50 / /mnt/branch\\040share\\303\\251 rw,relatime shared:1 - cifs //srv/x rw,vers=3.0,cache=none\n53 42 0:53 / /over rw - nfs4 srv:/x rw,vers=4.1,hard,local_lock=none\n";

fn memory() -> String {
    let at = today().and_hms_opt(9, 0, 0).unwrap();
    let mut memory = Memory::default();
    for staff in ["wangmin", "wangmin", "wangmin", "liqiang"] {
        memory.missed(staff, at);
    }
    serde_json::to_string(&memory).unwrap()
}

#[test]
fn what_the_slips_are_made_of_is_read_when_there_are_none() {
    for (layout, bytes) in SAMPLES.iter() {
        assert_eq!(extract(bytes), Some(4), "{layout:?}");
    }
    assert!(Mapping::read(&MAPPING).is_ok() && Config::parse(CONFIG, Path::new("c")).is_ok());
    assert_eq!(Drafts::read(&drafts()).parked.len(), 1);
    assert!(asks().iter().all(|ask| serde_json::from_str::<Ask>(ask).is_ok_and(|ask| ask.writes())));
    assert!(Seal::parse(&seal()).is_some() && Manifest::parse(&manifest(), BACKUP).is_some());
    assert!(workbook::read(Cursor::new(&*BOOK), &mut |_| false).is_ok());
    assert!(Slots::read(&SLOTS.0.bytes()).as_ref() == Ok(&SLOTS.0) && true_to(&SLOTS.0));
    assert_eq!(SEALED.1.unwrap("drafts", &SEALED.0), Some(drafts()));
    assert_eq!(Holidays::parse(HOLIDAYS).unwrap().days.len(), 4);
    assert!(Ground::by_mounts(MOUNTS, Path::new("/mnt/branch share\u{e9}/a.db")).is_some_and(|g| !g.local()));
    assert_eq!(Memory::read(&memory()).left("wangmin", today().and_hms_opt(9, 0, 0).unwrap()), 30);
}

/// Whether the MAC of a slot file is one by its key: nothing is stretched for it.
fn true_to(slots: &Slots) -> bool {
    slots.without(&SLOTS.1, "nobody", &[]).is_ok()
}

proptest! {
    #![proptest_config(cases(96))]

    #[test]
    fn extracts_of_every_layout(n in 0..7_usize, slips in slips()) {
        let _ = extract(&slipped(&SAMPLES[n].1, &slips));
    }

    #[test]
    fn extracts_of_any_bytes(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        let _ = extract(&bytes);
        let mut all = String::new();
        let _ = Text::new(bytes.as_slice(), Encoding::Gb18030).read_to_string(&mut all);
    }

    #[test]
    fn cells_of_every_layout(n in 0..7_usize, cells in prop::collection::vec((any::<u8>(), ".{0,12}|[0-9eE+.,/年月日%万亿-]{0,14}|[借贷正常=]{0,3}"), 0..4)) {
        let headers = SAMPLES[n].0.headers();
        let mut row = Row::default();
        row.fill(1, headers.iter().copied()).unwrap();
        let columns = Columns::recognise(&row).unwrap();
        let mut texts = vec!["7000000001".to_owned(); headers.len()];
        for (at, cell) in cells {
            texts[usize::from(at) % headers.len()] = cell;
        }
        row.fill(2, texts.iter().map(String::as_str)).unwrap();
        if let Ok(record) = record::read(&columns, &row, today()) {
            prop_assert_eq!(record.shown().len(), headers.len());
        }
    }

    #[test]
    fn mappings(bytes in foreign(MAPPING.clone().into_bytes())) {
        if let Ok(mapping) = Mapping::read(&text_of(bytes)) {
            let mut row = Row::default();
            let _ = row.fill(1, ["客户编号", "借据编号", "贷款余额(万元)"]);
            let _ = (mapping.missing(), mapping.fits(&row), mapping.columns(&row).is_ok());
            // What was taken in can be passed on.
            let written = mapping.write();
            prop_assert!(written.is_ok_and(|text| Mapping::read(&text).is_ok()));
        }
    }

    #[test]
    fn config_files(bytes in foreign(CONFIG.as_bytes().to_vec())) {
        let text = text_of(bytes);
        if let Err(fault) = Config::parse(&text, Path::new("config.toml")) {
            prop_assert!(fault.words().zh.contains("config.toml:"), "{}", fault.words().zh);
        }
    }

    #[test]
    fn drafts_of_a_crash(bytes in foreign(drafts().into_bytes())) {
        let drafts = Drafts::read(&text_of(bytes));
        prop_assert!(Drafts::read(&drafts.text()) == drafts);
    }

    #[test]
    fn saves_of_an_outbox(n in 0..2_usize, slips in slips()) {
        let text = text_of(slipped(asks()[n].as_bytes(), &slips));
        if let Ok(ask) = serde_json::from_str::<Ask>(&text) {
            prop_assert!(serde_json::to_string(&ask).is_ok() && ask.op().is_some() == ask.writes());
        }
    }

    #[test]
    fn seals_and_what_a_pc_remembers(bytes in foreign(seal().into_bytes())) {
        let text = text_of(bytes);
        let _ = Anchor::parse(&text);
        if let Some(seal) = Seal::parse(&text) {
            let name = seal.name();
            prop_assert!(!name.contains(['/', '\\', '\0']) && name.ends_with(".seal"), "{}", name);
        }
    }

    #[test]
    fn papers_of_backups(bytes in foreign(manifest().into_bytes()), name in foreign(BACKUP.as_bytes().to_vec())) {
        let (text, name) = (text_of(bytes), text_of(name));
        for name in [BACKUP, name.as_str()] {
            if let Some(manifest) = Manifest::parse(&text, name) {
                prop_assert!(manifest.file == name && manifest.good_until() >= manifest.at);
            }
        }
        let _ = manifest::parts(&name);
    }

    #[test]
    fn seats_and_locks_in_the_folder_of_workstations(slips in slips()) {
        let (long, who) = (format!("{:032x}~17~3~7.json", 9), r#"{"station":"3号机","host":"a b"}"#);
        let name = text_of(slipped(long.as_bytes(), &slips));
        if let Some(found) = Seat::parse(&name) {
            prop_assert_eq!(Seat::parse(&found.name()), Some(found));
        }
        let lock = text_of(slipped(seat::lock(9).as_bytes(), &slips));
        let _ = (seat::locked_by(&lock), seat::locked_by(&name));
        let _ = serde_json::from_slice::<Who>(&slipped(who.as_bytes(), &slips));
    }

    #[test]
    fn words_looked_for_among_transactions(text in ".{0,24}|[0-9万亿.><=~-]{0,16}") {
        let _ = Wanted::parse(&text, today()).is_all();
    }

    #[test]
    fn workbooks(bytes in foreign(BOOK.clone())) {
        if let Ok(mut sheet) = workbook::read(Cursor::new(bytes), &mut |_| false) {
            let mut row = Row::default();
            while sheet.next_into(&mut row) != Next::End {}
        }
    }

    #[test]
    fn slot_files(bytes in foreign(SLOTS.0.bytes())) {
        if let Ok(slots) = Slots::read(&bytes) {
            // Of each only one form is taken, and only the one that was written is true.
            prop_assert_eq!(&slots.bytes(), &bytes);
            prop_assert_eq!(true_to(&slots), bytes == SLOTS.0.bytes());
            let _ = (slots.seal(), slots.has("liqiang"), slots.staff().count(), slots.stands_by(Some(&SLOTS.0.seal())));
        }
    }

    #[test]
    fn slot_files_that_ask_for_other_costs_or_are_of_others(
        version in any::<u64>(),
        [memory, passes, lanes] in prop::array::uniform3(prop_oneof![any::<u32>(), 0..40_u32, 1_048_570..1_048_590_u32]),
        staff in "[a-z.]{0,3}|.{0,70}|[a-zA-Z0-9_.-]{0,70}",
    ) {
        let text = String::from_utf8(SLOTS.0.bytes()).unwrap();
        let text = text.replacen("\"version\": 2", &format!("\"version\": {version}"), 1);
        let costs = |[m, p, l]: [u32; 3]| format!("        {m},\n        {p},\n        {l}\n");
        let text = text.replacen(&costs([8, 1, 1]), &costs([memory, passes, lanes]), 1);
        let text = text.replacen("\"wangmin\"", &serde_json::to_string(&staff).unwrap(), 1);
        if let Ok(slots) = Slots::read(text.as_bytes()) {
            // What is stretched at all takes a gibibyte and sixteen passes at most.
            prop_assert!((8..=1 << 20).contains(&memory) && (1..=16).contains(&passes) && (1..=16).contains(&lanes));
            prop_assert!(slots.has(&staff) && slots.seal().version == version && version > 0);
            prop_assert!(!true_to(&slots) || text.as_bytes() == SLOTS.0.bytes());
        }
    }

    #[test]
    fn recovery_codes(typed in ".{0,40}|[0-9A-Za-zＡ-Ｚ－ -]{20,34}") {
        if let Some(code) = Code::parse(&typed) {
            prop_assert_eq!(Code::parse(&code.shown()), Some(code));
        }
    }

    #[test]
    fn files_sealed_on_this_pc(bytes in foreign(SEALED.0.clone())) {
        if let Some(text) = SEALED.1.unwrap("drafts", &bytes) {
            prop_assert!(bytes == SEALED.0 || text.as_bytes() == bytes, "what was changed opens");
        }
    }

    #[test]
    fn what_this_pc_remembers_of_wrong_tries(bytes in foreign(memory().into_bytes()), staff in "wangmin|.{0,12}", days in any::<i32>()) {
        let mut memory = Memory::read(&text_of(bytes));
        let at = today().and_hms_opt(9, 0, 0).unwrap();
        let now = at.checked_add_signed(chrono::TimeDelta::days(days.into())).unwrap_or(at);
        prop_assert!((0..=LONGEST_WAIT).contains(&memory.left(&staff, now)));
        prop_assert!((0..=LONGEST_WAIT).contains(&memory.missed(&staff, now)));
        let text = serde_json::to_string(&memory).unwrap();
        prop_assert_eq!(Memory::read(&text), memory);
    }

    #[test]
    fn holiday_files(bytes in foreign(HOLIDAYS.as_bytes().to_vec())) {
        if let Ok(holidays) = Holidays::parse(&text_of(bytes)) {
            prop_assert!(!holidays.years().is_empty());
        }
    }

    #[test]
    fn what_a_process_of_ours_was_handed(bytes in prop::collection::vec(any::<u8>(), 0..80)) {
        if let Some(SignedIn { key, change, .. }) = handed::take(bytes.as_slice()) {
            let due = if key.is_some() { 40 } else { 8 };
            prop_assert!(change.is_none() && bytes.len() == due);
        }
    }

    #[test]
    fn what_the_system_says_of_its_mounts(bytes in foreign(MOUNTS.as_bytes().to_vec()), path in "/mnt/branch share\u{e9}/a.db|/over/.{0,9}|.{0,20}") {
        let _ = Ground::by_mounts(&text_of(bytes), Path::new(&path)).is_some_and(|g| g.local());
    }
}

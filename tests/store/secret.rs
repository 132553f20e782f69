//! Signing in by a password, in a plain file and by slots; setting one; what the log says of it.

use crate::house::{House, at, day, person, refused, station};
use chrono::{NaiveDateTime, TimeDelta};
use guitai::domain::ids::{OpId, StaffId};
use guitai::domain::password::Password;
use guitai::domain::staff::Role;
use guitai::store::keepers;
use guitai::store::key::Key;
use guitai::store::open::{File, Mode};
use guitai::store::request::{Answer, Ask, Failure, Stamp};
use guitai::store::secret::{self, Given, Missed, New, SignInError, SignedIn, Wants, Why};
use guitai::store::slots::{Cost, Costs, SlotError, Slots, disk, path};
use rusqlite::Connection;
use std::fs;

const GOOD: &str = "Qing-shan-2026";
const OTHER: &str = "Lv-shui-2027";

/// A branch of a manager, 王敏 and 李强.
fn house() -> (House, StaffId) {
    let mut house = House::on("2026-11-21");
    let head = house.add_staff(person("zhouhang", "周航", Role::BranchManager));
    (house, head)
}

fn set(house: &mut House, by: StaffId, whose: StaffId, password: &str) -> Result<(), Failure> {
    let stamp = Stamp::new(by, at(house.today), house.today);
    let password = Password::new(password);
    secret::set(&mut house.file, &Key::default(), &New { staff: whose, password: &password, cost: Cost::TRIAL }, &stamp)
}

fn try_at(house: &mut House, staff: &str, password: &str, now: NaiveDateTime) -> Result<SignedIn, SignInError> {
    let password = Password::new(password);
    let given = Given { staff, password: &password, at: now, today: now.date(), to: "find", missed: &[] };
    secret::verify(&mut house.file, &given, &Key::default(), Cost::TRIAL)
}

fn nine(house: &House) -> NaiveDateTime {
    at(house.today)
}

/// What the log says of looks and sign-ins: who and what.
fn log(house: &House) -> Vec<(i64, String)> {
    let conn = Connection::open(&house.path).unwrap();
    let mut statement = conn
        .prepare("SELECT by, json_extract(after, '$.action') || ' ' || json_extract(after, '$.target') FROM change WHERE entity = 'access' ORDER BY seq")
        .unwrap();
    statement.query_map([], |r| Ok((r.get(0)?, r.get(1)?))).unwrap().map(Result::unwrap).collect()
}

fn wrong(staff: Option<&str>, wait: i64) -> Result<SignedIn, SignInError> {
    Err(SignInError::Wrong { staff: staff.map(str::to_owned), wait })
}

#[test]
fn who_has_a_password_must_give_it_and_who_has_none_is_not_asked_unless_the_branch_asks_everybody() {
    let (mut house, _) = house();
    let (wang, li) = (house.wang, house.li);
    set(&mut house, wang, wang, GOOD).unwrap();
    assert_eq!(secret::wants(&mut house.file, wang), Ok(Wants::Password));
    assert_eq!(secret::wants(&mut house.file, li), Ok(Wants::Nothing));
    house.settings(|s| s.sign_in.required = true);
    assert_eq!(secret::wants(&mut house.file, li), Ok(Wants::Setting));
    assert_eq!(secret::wants(&mut house.file, wang), Ok(Wants::Password));
    let now = nine(&house);
    assert_eq!(try_at(&mut house, "liqiang", GOOD, now), Err(SignInError::Unset));
}

#[test]
fn the_right_password_lets_in_and_each_sign_in_and_refusal_is_in_the_log() {
    let (mut house, _) = house();
    let (wang, now) = (house.wang, nine(&house));
    set(&mut house, wang, wang, GOOD).unwrap();
    let signed = try_at(&mut house, "WangMin", GOOD, now).unwrap();
    assert_eq!(signed, SignedIn { staff: wang, key: Key::default(), change: None });
    assert_eq!(try_at(&mut house, "wangmin", OTHER, now), wrong(Some("wangmin"), 0));
    assert_eq!(try_at(&mut house, "Qs-2026-xyz", OTHER, now), wrong(None, 0));
    let words = |e: Result<SignedIn, SignInError>| e.unwrap_err().complaint().unwrap();
    assert_eq!(words(wrong(None, 0)), words(wrong(Some("wangmin"), 0)), "nobody learns which numbers there are");
    let said = log(&house);
    assert_eq!(said, [(wang.0, "sign_in find".into()), (wang.0, "refused find".into()), (0, "refused find".into())]);
    // A password typed where the number belongs is written nowhere.
    let bytes = fs::read(&house.path).unwrap();
    for word in [GOOD, OTHER, "Qs-2026-xyz"] {
        assert!(!bytes.windows(word.len()).any(|w| w == word.as_bytes()), "{word}");
    }
}

#[test]
fn the_wait_after_wrong_tries_grows_is_kept_in_the_file_and_ends_with_the_right_password() {
    let (mut house, _) = house();
    let (wang, mut now) = (house.wang, nine(&house));
    set(&mut house, wang, wang, GOOD).unwrap();
    for wait in [0, 0, 30, 60, 120] {
        assert_eq!(try_at(&mut house, "wangmin", OTHER, now), wrong(Some("wangmin"), wait));
        if wait > 0 {
            // The right one, too early, at another workstation: it is not even compared.
            let mut second = house.second();
            let word = Password::new(GOOD);
            let given = Given {
                staff: "wangmin",
                password: &word,
                at: now + TimeDelta::seconds(wait - 1),
                today: house.today,
                to: "find",
                missed: &[],
            };
            assert_eq!(secret::verify(&mut second, &given, &Key::default(), Cost::TRIAL), Err(SignInError::Wait(1)));
        }
        now += TimeDelta::seconds(wait);
    }
    assert_eq!(
        try_at(&mut house, "wangmin", GOOD, now - TimeDelta::days(400)),
        Err(SignInError::Wait(120)),
        "the clock put back"
    );
    assert!(try_at(&mut house, "wangmin", GOOD, now).is_ok());
    assert_eq!(try_at(&mut house, "wangmin", OTHER, now), wrong(Some("wangmin"), 0), "counted from the beginning");
    let refusals = log(&house).into_iter().filter(|(_, said)| said == "refused find").count();
    assert_eq!(refusals, 6, "what was not compared is no refusal more");
}

#[test]
fn a_password_set_by_somebody_else_is_to_be_changed_and_only_who_looks_after_staff_sets_one() {
    let (mut house, head) = house();
    let (wang, li, now) = (house.wang, house.li, nine(&house));
    let said = set(&mut house, wang, li, GOOD).unwrap_err();
    assert!(matches!(&said, Failure::Refused(c) if c.zh.contains("周航")), "{said:?}");
    set(&mut house, head, li, GOOD).unwrap();
    assert_eq!(try_at(&mut house, "liqiang", GOOD, now).unwrap().change, Some(Why::First));
    set(&mut house, li, li, OTHER).unwrap();
    assert_eq!(try_at(&mut house, "liqiang", OTHER, now).unwrap().change, None);
    assert!(try_at(&mut house, "liqiang", GOOD, now).is_err());
    let conn = Connection::open(&house.path).unwrap();
    let sql = "SELECT group_concat(json_extract(after, '$.password'), ' ') FROM (SELECT after FROM change WHERE entity = 'staff' AND row = ? ORDER BY seq)";
    let said: String = conn.query_row(sql, [li.0], |r| r.get(0)).unwrap();
    assert_eq!(said, "reset own", "the log says who set one, and no more");
}

#[test]
fn the_policy_of_the_branch_is_kept() {
    let (mut house, _) = house();
    let wang = house.wang;
    let said = |r: Result<(), Failure>| match r {
        Ok(()) => String::new(),
        Err(Failure::Refused(c)) => c.zh,
        Err(other) => panic!("{other:?}"),
    };
    assert!(said(set(&mut house, wang, wang, "Qs-7")).contains("至少 8 位"));
    assert!(said(set(&mut house, wang, wang, "xx-WangMin-83")).contains("容易猜"));
    house.settings(|s| (s.sign_in.length, s.sign_in.history, s.sign_in.age_days) = (10, 3, 30));
    assert!(said(set(&mut house, wang, wang, "Qs-7-klmn")).contains("至少 10 位"));
    let words = ["Qing-shan-1", "Qing-shan-2", "Qing-shan-3", "Qing-shan-4"];
    for word in words {
        assert_eq!(said(set(&mut house, wang, wang, word)), "");
    }
    // The present one and the two before are not taken again, the fourth is.
    for word in &words[1..] {
        assert!(said(set(&mut house, wang, wang, word)).contains("最近 3 个"), "{word}");
    }
    assert_eq!(said(set(&mut house, wang, wang, words[0])), "");
    let now = nine(&house);
    assert_eq!(try_at(&mut house, "wangmin", words[0], now + TimeDelta::days(29)).unwrap().change, None);
    assert_eq!(try_at(&mut house, "wangmin", words[0], now + TimeDelta::days(30)).unwrap().change, Some(Why::Aged));
    let bad = house.workbench().settings;
    let mut bad = Box::new(bad);
    bad.sign_in.length = 3;
    let manager = house.add_staff(person("fengguang", "冯广", Role::BranchManager));
    let stamp = Stamp { by: manager, ..house.stamp() };
    let answer = house.ask(Ask::Workbench(guitai::store::workbench::Ask::KeepSettings { settings: bad, stamp }));
    assert!(refused(answer).contains("6 到 64"));
}

#[test]
fn who_left_is_not_let_in_and_their_password_is_forgotten() {
    let (mut house, head) = house();
    let (wang, li, now) = (house.wang, house.li, nine(&house));
    set(&mut house, head, li, GOOD).unwrap();
    let stamp = Stamp::new(head, now, house.today);
    let ask = keepers::Ask::Leave { op: OpId(77), staff: li, to: Some(wang), reason: "离岗".into(), stamp };
    assert!(matches!(house.ask(Ask::Keepers(ask)), Answer::Keepers(keepers::Answer::Done { .. })));
    assert_eq!(try_at(&mut house, "liqiang", GOOD, now), wrong(None, 0));
    let conn = Connection::open(&house.path).unwrap();
    assert_eq!(conn.query_row("SELECT count(*) FROM secret", [], |r| r.get::<_, i64>(0)), Ok(0));
}

#[test]
fn a_file_that_can_only_be_read_lets_in_and_writes_nothing() {
    let (mut house, _) = house();
    let (wang, now) = (house.wang, nine(&house));
    set(&mut house, wang, wang, GOOD).unwrap();
    let mut reading = File::open(&house.path, Mode::Read, &station("PC-2", 2)).unwrap();
    let before = fs::read(&house.path).unwrap();
    for (word, lets_in) in [(GOOD, true), (OTHER, false)] {
        let word = Password::new(word);
        let given = Given { staff: "wangmin", password: &word, at: now, today: house.today, to: "find", missed: &[] };
        assert_eq!(secret::verify(&mut reading, &given, &Key::default(), Cost::TRIAL).is_ok(), lets_in);
    }
    drop(reading);
    assert!(fs::read(&house.path).unwrap() == before);
}

#[test]
fn what_was_refused_before_anybody_could_open_it_is_written_down_by_the_next_sign_in() {
    let (mut house, _) = house();
    let (wang, li, now) = (house.wang, house.li, nine(&house));
    set(&mut house, wang, wang, GOOD).unwrap();
    let early = now - TimeDelta::minutes(3);
    let missed = [Missed { staff: Some("liqiang".into()), at: early }, Missed { staff: None, at: early }];
    let word = Password::new(GOOD);
    let given = Given { staff: "wangmin", password: &word, at: now, today: house.today, to: "find", missed: &missed };
    secret::verify(&mut house.file, &given, &Key::default(), Cost::TRIAL).unwrap();
    assert_eq!(
        log(&house),
        [(li.0, "refused find".into()), (0, "refused find".into()), (wang.0, "sign_in find".into())]
    );
}

/// As in an encrypted file: the same steps over a slot file beside one. Whether the pages are encrypted makes no difference to them.
#[test]
fn slots_follow_who_is_given_a_password_who_changes_it_and_who_leaves() {
    let (mut house, head) = house();
    let (wang, li, now) = (house.wang, house.li, nine(&house));
    let keys = path(&house.path);
    let word = Password::new;
    let made = Slots::make("zhouhang", &word("Start-of-2026"), &Costs::TRIAL).unwrap();
    disk::begin(&keys, &made.slots).unwrap();
    let key = made.key.clone();
    let stamp = |by| Stamp::new(by, now, day("2026-11-21"));
    let give = |house: &mut House, by, staff, text: &str| {
        let password = word(text);
        secret::set(&mut house.file, &key, &New { staff, password: &password, cost: Cost::TRIAL }, &stamp(by))
    };
    give(&mut house, head, head, "Gao-shan-2026").unwrap();
    assert!(matches!(give(&mut house, head, li, "Short-2026"), Err(Failure::Refused(c)) if c.zh.contains("12 位")));
    give(&mut house, head, li, "Lv-shui-202612").unwrap();
    give(&mut house, li, li, "Xi-shui-202612").unwrap();
    let now_slots = || disk::read(&keys).unwrap();
    assert_eq!(now_slots().open("zhouhang", &word("Gao-shan-2026")), Ok(key.clone()));
    assert_eq!(now_slots().open("zhouhang", &word("Start-of-2026")), Err(SlotError::Wrong));
    assert_eq!(now_slots().open("liqiang", &word("Xi-shui-202612")), Ok(key.clone()));
    assert_eq!(secret::wants(&mut house.file, wang), Ok(Wants::Nothing), "no slot, no way in");
    // Somebody keeps a copy of the slot file, and leaves.
    let copy = fs::read(&keys).unwrap();
    let gone = now_slots();
    let refusal = |r: Result<(), Failure>| match r.unwrap_err() {
        Failure::Refused(c) => c.zh,
        other => panic!("{other:?}"),
    };
    assert!(refusal(secret::close(&mut house.file, &key, head, &stamp(head))).contains("本人"));
    assert!(refusal(secret::close(&mut house.file, &key, li, &stamp(wang))).contains("网点经理"));
    // Compliance has no slot yet: without the manager's nobody could give one.
    let watch = house.add_staff(person("hegui", "何规", Role::Compliance));
    assert!(refusal(secret::close(&mut house.file, &key, head, &stamp(watch))).contains("最后一位"));
    secret::close(&mut house.file, &key, li, &stamp(head)).unwrap();
    assert_eq!(now_slots().open("liqiang", &word("Xi-shui-202612")), Err(SlotError::Wrong));
    assert_eq!(gone.open("liqiang", &word("Xi-shui-202612")), Ok(key.clone()), "only a new data key shuts out a copy");
    // The copy is put back: it is noticed at the door, and nobody can work on it by mistake.
    fs::write(&keys, &copy).unwrap();
    let said = give(&mut house, head, head, "Da-jiang-2026").unwrap_err();
    assert!(matches!(&said, Failure::Refused(c) if c.zh.contains("旧的钥匙文件")), "{said:?}");
    assert_eq!(fs::read(&keys).unwrap(), copy, "what is not trusted is not built upon");
}

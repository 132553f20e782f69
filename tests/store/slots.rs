//! The slot file: what opens it, what does not, and what any change of its bytes comes to.

use guitai::domain::password::Password;
use guitai::store::key::Key;
use guitai::store::slots::{Cost, Costs, Made, SlotError, Slots, Standing, disk, path};
use proptest::prelude::*;
use std::fs;
use std::path::Path;

fn word(text: &str) -> Password {
    Password::new(text)
}

/// A slot file of 王敏, who may administer, and its key.
fn made() -> Made {
    Slots::make("wangmin", &word("Qing-shan-2026"), &Costs::TRIAL).unwrap()
}

fn with(slots: &Slots, key: &Key, staff: &str, password: &str) -> Slots {
    let slot = slots.slot(key, staff, &word(password), Cost::TRIAL).unwrap();
    slots.with(key, slot).unwrap()
}

#[test]
fn each_member_of_staff_opens_it_by_their_own_password_and_no_other() {
    let Made { slots, key, .. } = made();
    let slots = with(&slots, &key, "liqiang", "Lv-shui-2026");
    let slots = Slots::read(&slots.bytes()).unwrap();
    assert_eq!(slots.open("wangmin", &word("Qing-shan-2026")), Ok(key.clone()));
    assert_eq!(slots.open("LiQiang", &word("Lv-shui-2026")), Ok(key));
    for (staff, password) in [
        ("wangmin", "Lv-shui-2026"),
        ("liqiang", "Qing-shan-2026"),
        ("wangmin", "Qing-shan-2026 "),
        ("wangmin", ""),
        ("zhaoyun", "Qing-shan-2026"),
        ("", ""),
        (":recovery", "Qing-shan-2026"),
    ] {
        assert_eq!(slots.open(staff, &word(password)), Err(SlotError::Wrong), "{staff} {password}");
    }
}

#[test]
fn nothing_in_the_file_tells_key_password_or_code() {
    let Made { slots, key, codes } = made();
    let bytes = slots.bytes();
    let text = String::from_utf8(bytes.clone()).unwrap();
    let hex: String = key.bytes().unwrap().iter().map(|b| format!("{b:02x}")).collect();
    assert!(!text.contains(&hex) && !text.contains("Qing-shan"));
    assert!(!bytes.windows(8).any(|w| key.bytes().unwrap().windows(8).any(|k| k == w)));
    for code in &codes {
        assert!(!text.contains(&*code.shown()) && !text.contains(&code.shown().replace('-', "")));
    }
    assert!(text.contains("\"wangmin\""), "who has a slot is no secret");
    assert_eq!(format!("{slots:?}").matches("Slot(").count(), 3);
}

#[test]
fn both_recovery_codes_open_it_until_there_are_new_ones() {
    let Made { slots, key, codes } = made();
    assert_eq!(codes.len(), 2);
    for code in &codes {
        assert_eq!(slots.recover(&code.shown().to_lowercase()), Ok(key.clone()));
    }
    let (newer, new) = slots.with_new_codes(&key, Cost::TRIAL).unwrap();
    assert_eq!(newer.recover(&new[0].shown()), Ok(key.clone()));
    assert_eq!(newer.recover(&codes[0].shown()), Err(SlotError::Wrong));
    assert_eq!(newer.open("wangmin", &word("Qing-shan-2026")), Ok(key));
    let mut typed: Vec<char> = new[1].shown().chars().collect();
    typed[0] = if typed[0] == '7' { '8' } else { '7' };
    assert_eq!(newer.recover(&typed.iter().collect::<String>()), Err(SlotError::Code));
    assert_eq!(newer.recover("Qing-shan-2026"), Err(SlotError::Code));
}

#[test]
fn a_new_password_takes_the_place_of_the_old_one() {
    let Made { slots, key, .. } = made();
    let newer = with(&slots, &key, "WANGMIN", "Xin-nian-2027");
    assert_eq!(newer.open("wangmin", &word("Xin-nian-2027")), Ok(key));
    assert_eq!(newer.open("wangmin", &word("Qing-shan-2026")), Err(SlotError::Wrong));
    assert_eq!(newer.staff().count(), 1);
    assert_eq!(newer.seal().version, slots.seal().version + 1);
}

#[test]
fn who_was_removed_opens_nothing_and_the_last_administrator_stays() {
    let Made { slots, key, .. } = made();
    let two = with(&slots, &key, "liqiang", "Lv-shui-2026");
    let admins = ["wangmin", "zhaoyun"];
    let one = two.without(&key, "liqiang", &admins).unwrap();
    assert_eq!(one.open("liqiang", &word("Lv-shui-2026")), Err(SlotError::Wrong));
    assert!(!String::from_utf8(one.bytes()).unwrap().contains("liqiang"));
    assert_eq!(one.without(&key, "nobody", &admins), Ok(one.clone()));
    assert_eq!(two.without(&key, "wangmin", &admins), Err(SlotError::LastAdministrator));
    assert_eq!(two.without(&key, "WangMin", &[]), Err(SlotError::LastAdministrator));
    let three = with(&two, &key, "zhaoyun", "Bai-yun-2026");
    assert!(three.without(&key, "wangmin", &admins).is_ok());
}

#[test]
fn a_slot_is_good_in_its_own_file_only() {
    let (one, two) = (made(), made());
    let stranger = one.slots.slot(&one.key, "liqiang", &word("Lv-shui-2026"), Cost::TRIAL).unwrap();
    assert_eq!(two.slots.with(&one.key, stranger.clone()), Err(SlotError::Changed));
    // Even who has the key of the other file gives nobody a way in by it.
    let mixed = two.slots.with(&two.key, stranger).unwrap();
    assert_eq!(mixed.open("liqiang", &word("Lv-shui-2026")), Err(SlotError::Wrong));
    assert_eq!(one.slots.without(&two.key, "wangmin", &["x"]), Err(SlotError::Changed));
    assert_eq!(one.slots.with_new_codes(&two.key, Cost::TRIAL).err(), Some(SlotError::Changed));
}

#[test]
fn no_byte_of_it_can_be_changed_cut_or_added() {
    let Made { slots, key, codes } = made();
    let bytes = with(&slots, &key, "liqiang", "Lv-shui-2026").bytes();
    let opens = |bytes: &[u8]| {
        Slots::read(bytes).is_ok_and(|s| {
            s.open("wangmin", &word("Qing-shan-2026")).is_ok()
                || s.open("liqiang", &word("Lv-shui-2026")).is_ok()
                || s.recover(&codes[0].shown()).is_ok()
        })
    };
    assert!(opens(&bytes));
    for at in 0..bytes.len() {
        for flip in [0x01, 0x20, 0x80] {
            let mut changed = bytes.clone();
            changed[at] ^= flip;
            assert!(!opens(&changed), "byte {at} by {flip:#x}");
        }
        assert!(!opens(&bytes[..at]), "cut at {at}");
    }
    assert!(!opens(&[&bytes[..], b"\n"].concat()) && !opens(&[b" ", &bytes[..]].concat()));
}

#[test]
fn two_slots_exchanged_or_one_left_out_are_noticed_though_each_still_opens() {
    let Made { slots, key, .. } = made();
    let text = String::from_utf8(with(&slots, &key, "liqiang", "Lv-shui-2026").bytes()).unwrap();
    let mut file: serde_json::Value = serde_json::from_str(&text).unwrap();
    let bytes = |file: &serde_json::Value| {
        // As the file is written: in the order of its fields.
        let slot = |s: &serde_json::Value| {
            let field = |name: &str| serde_json::to_string(&s[name]).unwrap();
            let cost: Vec<String> = s["argon2id"].as_array().unwrap().iter().map(|n| format!("        {n}")).collect();
            format!(
                "    {{\n      \"slot\": {},\n      \"staff\": {},\n      \"argon2id\": [\n{}\n      ],\n      \"salt\": {},\n      \"nonce\": {},\n      \"key\": {}\n    }}",
                field("slot"),
                field("staff"),
                cost.join(",\n"),
                field("salt"),
                field("nonce"),
                field("key")
            )
        };
        let slots: Vec<String> = file["slots"].as_array().unwrap().iter().map(slot).collect();
        format!(
            "{{\n  \"guitai_keys\": 1,\n  \"file\": {},\n  \"version\": {},\n  \"slots\": [\n{}\n  ],\n  \"mac\": {}\n}}\n",
            file["file"],
            file["version"],
            slots.join(",\n"),
            file["mac"]
        )
    };
    assert_eq!(bytes(&file), text);
    let opened = |file: &serde_json::Value| {
        Slots::read(bytes(file).as_bytes()).unwrap().open("wangmin", &word("Qing-shan-2026"))
    };
    assert!(opened(&file).is_ok());
    let whole = file.clone();
    file["slots"].as_array_mut().unwrap().swap(0, 1);
    assert_eq!(opened(&file), Err(SlotError::Changed));
    file = whole.clone();
    file["slots"].as_array_mut().unwrap().pop();
    assert_eq!(opened(&file), Err(SlotError::Changed));
    file = whole.clone();
    file["version"] = 9.into();
    assert_eq!(opened(&file), Err(SlotError::Changed));
    // A cheaper stretching than it was sealed under opens nothing, and a dear one is not even tried.
    file = whole.clone();
    file["slots"][0]["argon2id"] = serde_json::json!([16, 1, 1]);
    assert_eq!(opened(&file), Err(SlotError::Wrong));
    file["slots"][0]["argon2id"] = serde_json::json!([u32::MAX, 1_000_000, 1]);
    assert_eq!(Slots::read(bytes(&file).as_bytes()), Err(SlotError::Damaged));
    // A slot under another name opens to nobody.
    file = whole;
    file["slots"][0]["staff"] = "zhaoyun".into();
    assert_eq!(
        Slots::read(bytes(&file).as_bytes()).unwrap().open("zhaoyun", &word("Qing-shan-2026")),
        Err(SlotError::Wrong)
    );
}

#[test]
fn an_older_or_another_slot_file_is_noticed_and_a_newer_one_taken() {
    let Made { slots: first, key, .. } = made();
    let second = with(&first, &key, "liqiang", "Lv-shui-2026");
    let fork = with(&first, &key, "zhaoyun", "Bai-yun-2026");
    let kept = second.seal();
    assert_eq!(second.stands_by(Some(&kept)), Ok(Standing::Same));
    assert_eq!(first.stands_by(Some(&kept)), Err(SlotError::Older));
    assert_eq!(fork.stands_by(Some(&kept)), Err(SlotError::Exchanged));
    assert_eq!(made().slots.stands_by(Some(&kept)), Err(SlotError::Exchanged));
    assert_eq!(second.stands_by(Some(&first.seal())), Ok(Standing::Newer));
}

#[test]
fn the_last_five_are_kept_beside_it_and_open_to_nobody_who_left() {
    let folder = tempfile::tempdir().unwrap();
    let at = path(&folder.path().join("branch.db"));
    assert_eq!(at.file_name().unwrap(), "branch.db.keys");
    assert_eq!(disk::read(&at), Err(SlotError::NotThere));
    let Made { slots, key, .. } = made();
    disk::begin(&at, &slots).unwrap();
    assert_eq!(disk::begin(&at, &slots), Err(SlotError::Exchanged), "one that is there is left alone");
    let mut now = with(&slots, &key, "liqiang", "Lv-shui-2026");
    disk::replace(&at, &key, &now).unwrap();
    for n in 0..7 {
        now = with(&now, &key, "wangmin", &format!("Qing-shan-{n}"));
        disk::replace(&at, &key, &now).unwrap();
    }
    let names = |folder: &Path| {
        let mut names: Vec<String> =
            fs::read_dir(folder).unwrap().map(|e| e.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    };
    let beside = [
        "branch.db.keys",
        "branch.db.keys.1",
        "branch.db.keys.2",
        "branch.db.keys.3",
        "branch.db.keys.4",
        "branch.db.keys.5",
    ];
    assert_eq!(names(folder.path()), beside, "five older ones and nothing half written");
    let version = |n| disk::read(&disk::kept(&at, n)).unwrap().seal().version;
    let newest = now.seal().version;
    assert_eq!([1, 2, 3, 4, 5].map(version), [1, 2, 3, 4, 5].map(|n| newest - n));
    assert_eq!(disk::read(&at).unwrap(), now);
    // Somebody leaves: no older file opens to them any more, and all still open to the others.
    let without = now.without(&key, "liqiang", &["wangmin"]).unwrap();
    disk::replace(&at, &key, &without).unwrap();
    for n in 1..=disk::KEPT {
        let older = disk::read(&disk::kept(&at, n)).unwrap();
        assert_eq!(older.open("liqiang", &word("Lv-shui-2026")), Err(SlotError::Wrong), ".keys.{n}");
        assert_eq!(older.open("wangmin", &word(&format!("Qing-shan-{}", 7 - n))), Ok(key.clone()), ".keys.{n}");
    }
}

/// As many as `PROPTEST_CASES` says; a million of the second take an hour, for a password is tried in each that reads.
fn cases() -> ProptestConfig {
    let asked = std::env::var("PROPTEST_CASES").ok().and_then(|n| n.parse().ok());
    ProptestConfig { cases: asked.unwrap_or(500), failure_persistence: None, ..ProptestConfig::default() }
}

proptest! {
    #![proptest_config(cases())]

    #[test]
    fn any_bytes_are_refused_without_a_panic(bytes in proptest::collection::vec(any::<u8>(), 0..4_000)) {
        prop_assert_eq!(Slots::read(&bytes), Err(SlotError::Damaged));
    }

    #[test]
    fn mutated_bytes_never_open(places in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..6), cut in any::<prop::sample::Index>()) {
        let whole = one().0.bytes();
        let mut bytes = whole.clone();
        for (at, byte) in &places {
            let at = at.index(bytes.len());
            bytes[at] = *byte;
        }
        if places.len() == 5 {
            bytes.truncate(cut.index(bytes.len()));
        }
        prop_assume!(bytes != whole);
        let opened = Slots::read(&bytes).and_then(|s| s.open("wangmin", &word("Qing-shan-2026")));
        prop_assert!(opened.is_err());
    }
}

/// One slot file for all cases.
fn one() -> &'static (Slots, Key) {
    static ONE: std::sync::OnceLock<(Slots, Key)> = std::sync::OnceLock::new();
    ONE.get_or_init(|| {
        let made = made();
        (made.slots, made.key)
    })
}

//! Anchors outside the file: what a workstation remembers of the log, and how a file stands to it that was put back, cut short, exchanged or
//! restored. How rows are hashed is tried in `store::change`.

use crate::house::{House, at, station};
use guitai::store::anchor::{Anchor, Seal, Standing};
use guitai::store::open::{File, Mode};
use rusqlite::Connection;
use std::fs;

fn anchor(house: &mut House) -> Anchor {
    house.file.anchor(at(house.today)).unwrap()
}

/// The file as it lies on the disk now, opened anew.
fn reopened(house: &House) -> File {
    File::open(&house.path, Mode::Write, &station("PC-1", 1)).unwrap()
}

#[test]
fn a_file_that_went_on_holds_what_was_seen_of_it() {
    let mut house = House::on("2026-11-20");
    let seen = anchor(&mut house);
    house.customer("甲", 1);
    assert_eq!(house.file.stands(&seen).unwrap(), Standing::Held);
    let later = anchor(&mut house);
    assert!(later.seq > seen.seq && later.file == seen.file);
    assert_eq!(Anchor::parse(&serde_json::to_string(&later).unwrap()), Some(later));
}

#[test]
fn a_file_put_back_or_cut_short_lacks_what_was_seen_of_it_also_when_it_went_on_since() {
    let mut house = House::on("2026-11-20");
    let old = fs::read(&house.path).unwrap();
    house.customer("甲", 1);
    let seen = anchor(&mut house);
    fs::write(&house.path, old).unwrap();
    let mut file = reopened(&house);
    assert_eq!(file.stands(&seen).unwrap(), Standing::Lacking);
    // More was written than is missing: the number is there, the change is not.
    house.file = file;
    for name in ["乙", "丙", "丁"] {
        house.customer(name, 1);
    }
    assert!(anchor(&mut house).seq > seen.seq);
    assert_eq!(house.file.stands(&seen).unwrap(), Standing::Lacking);
    assert_eq!(house.file.broken_chain().unwrap(), None, "by itself the chain is whole");

    let seen = anchor(&mut house);
    let other = Connection::open(&house.path).unwrap();
    other
        .execute_batch("DROP TRIGGER change_delete; DELETE FROM change WHERE seq = (SELECT max(seq) FROM change)")
        .unwrap();
    assert_eq!(house.file.broken_chain().unwrap(), None, "a cut tail leaves a whole chain");
    assert_eq!(house.file.stands(&seen).unwrap(), Standing::Lacking);
}

#[test]
fn another_file_in_its_place_is_another_file() {
    let mut house = House::on("2026-11-20");
    let seen = anchor(&mut house);
    let mut other = House::on("2026-11-19");
    assert_eq!(other.file.stands(&seen).unwrap(), Standing::Other);
}

#[test]
fn what_was_given_up_on_purpose_is_accepted_once_and_nothing_before_or_after_it() {
    let mut house = House::on("2026-11-20");
    let early = anchor(&mut house);
    house.customer("甲", 1);
    let backup = fs::read(&house.path).unwrap();
    let kept = anchor(&mut house);
    house.customer("乙", 1);
    let lost = anchor(&mut house);
    // Restored, as `guitai restore` does.
    fs::write(&house.path, &backup).unwrap();
    house.file = reopened(&house);
    let stamp = house.stamp();
    let line = house.file.turn_back(kept.seq, "branch-20261120.db", "恢复备份", &stamp).unwrap();
    assert_eq!(line, kept.seq + 1);
    for seen in [&early, &kept] {
        assert_eq!(house.file.stands(seen).unwrap(), Standing::Held);
    }
    let Standing::Turned(turn) = house.file.stands(&lost).unwrap() else { panic!("given up") };
    assert_eq!((turn.seq, turn.from, turn.by, turn.reason.as_str()), (line, kept.seq, house.wang, "恢复备份"));
    // From now on the new past counts. Cut short behind the line, it is not excused by it again.
    house.customer("丙", 1);
    let newer = anchor(&mut house);
    assert_eq!(newer.turns.len(), 1);
    let other = Connection::open(&house.path).unwrap();
    other
        .execute_batch("DROP TRIGGER change_delete; DELETE FROM change WHERE seq = (SELECT max(seq) FROM change)")
        .unwrap();
    assert_eq!(house.file.stands(&newer).unwrap(), Standing::Lacking);
    // Nor does a line about later changes excuse that earlier ones are gone.
    fs::write(&house.path, &backup).unwrap();
    let other = Connection::open(&house.path).unwrap();
    other
        .execute_batch("DROP TRIGGER change_delete; DELETE FROM change WHERE seq = (SELECT max(seq) FROM change)")
        .unwrap();
    drop(other);
    house.file = reopened(&house);
    house.file.turn_back(kept.seq, "x", "x", &stamp).unwrap();
    assert_eq!(house.file.stands(&kept).unwrap(), Standing::Lacking);
}

#[test]
fn a_setting_alone_excuses_nothing() {
    let mut house = House::on("2026-11-20");
    let old = fs::read(&house.path).unwrap();
    house.customer("甲", 1);
    let seen = anchor(&mut house);
    fs::write(&house.path, old).unwrap();
    let other = Connection::open(&house.path).unwrap();
    other.execute("INSERT INTO setting VALUES ('rewound', '[1, 2, 99]', 1, '', 0)", []).unwrap();
    drop(other);
    assert_eq!(reopened(&house).stands(&seen).unwrap(), Standing::Lacking);
}

#[test]
fn a_seal_is_read_as_it_was_written_and_its_name_stays_in_its_folder() {
    let mut house = House::on("2026-11-20");
    let seal = Seal { anchor: anchor(&mut house), branch: "玉溪支行".to_owned(), station: "PC-1".to_owned() };
    assert_eq!(Seal::parse(&serde_json::to_string(&seal).unwrap()), Some(seal.clone()));
    assert!(seal.name().starts_with("2026-11-20-") && seal.name().ends_with(".seal"));
    let bad = Seal { anchor: Anchor { file: "../../etc/passwd".to_owned(), ..seal.anchor }, ..seal };
    assert!(!bad.name().contains(['/', '\\']) && !bad.name().contains(".."));
}

//! Backups as the store sees them: standing still, being looked over, which are kept, what a manifest says.

use crate::house::{House, day};
use chrono::{NaiveDateTime, TimeDelta};
use guitai::store::backup::{Head, Looked, Survey};
use guitai::store::manifest::{self, FORMAT, Manifest};
use guitai::store::rotation;
use proptest::prelude::*;
use rusqlite::Connection;
use std::collections::BTreeSet;
use std::time::Duration;

fn whole(house: &mut House) -> Survey {
    match house.file.look_over().unwrap() {
        Looked::Whole(survey) => survey,
        other => panic!("{other:?}"),
    }
}

#[test]
fn nobody_can_write_while_a_file_stands_still_and_everybody_can_read() {
    let mut house = House::on("2026-11-20");
    house.customer("甲", 1);
    let other = Connection::open(&house.path).unwrap();
    other.busy_timeout(Duration::ZERO).unwrap();
    let write = |sum: &str| other.execute(&format!("UPDATE tier_sum SET aum = aum {sum}"), []);
    let told = whole(&mut house).head;
    let refused = house.file.still(|head| {
        assert_eq!(*head, told);
        assert_eq!(other.query_row("SELECT count(*) FROM customer", [], |r| r.get::<_, i64>(0)).unwrap(), 1);
        write("+ 1").is_err()
    });
    assert!(refused.unwrap(), "a colleague wrote into a file that was being copied");
    write("+ 1").unwrap();
}

#[test]
fn a_survey_counts_rows_and_names_both_ends_of_the_chain() {
    let mut house = House::on("2026-11-20");
    let before = whole(&mut house);
    house.customer("甲", 1);
    house.customer("乙", 1);
    let after = whole(&mut house);
    assert_eq!((after.branch.as_str(), after.schema, &after.origin), ("玉溪支行", 4, &before.origin));
    assert_eq!((before.rows["customer"], after.rows["customer"], after.rows["staff"]), (0, 2, 3));
    assert_eq!(after.rows["change"], u64::try_from(after.head.seq).unwrap());
    let behind = after.head.seq - before.head.seq;
    assert!(behind > 0);
    assert_eq!(house.file.behind(&before.head).unwrap(), Some(u64::try_from(behind).unwrap()));
    assert_eq!(house.file.behind(&after.head).unwrap(), Some(0));
    for strange in [
        Head { seq: after.head.seq + 1, hash: after.head.hash.clone() },
        Head { seq: after.head.seq, hash: before.head.hash },
    ] {
        assert_eq!(house.file.behind(&strange).unwrap(), None, "{strange:?}");
    }
    assert_eq!(house.file.origin().unwrap(), after.origin);
}

#[test]
fn a_file_looked_over_says_what_is_wrong() {
    for (sql, word) in [
        ("UPDATE tier_sum SET count = count + 1", "tier_sum"),
        ("DELETE FROM sound", "search"),
        ("DROP TRIGGER change_update; UPDATE change SET reason = 'x' WHERE seq = 2", "change 2"),
        ("PRAGMA foreign_keys = OFF; UPDATE customer SET owner = 99", "staff"),
    ] {
        let mut house = House::on("2026-11-20");
        house.customer("甲", 1);
        whole(&mut house);
        Connection::open(&house.path).unwrap().execute_batch(sql).unwrap();
        match house.file.look_over().unwrap() {
            Looked::Broken(wrong) => assert!(wrong.iter().any(|w| w.contains(word)), "{sql}: {wrong:?}"),
            Looked::Whole(_) => panic!("{sql} was not found out"),
        }
    }
}

/// A time some minutes after the year 2026 began.
fn time(minutes: i64) -> NaiveDateTime {
    day("2026-01-01").and_hms_opt(0, 0, 0).unwrap() + TimeDelta::minutes(minutes)
}

/// Times of backups: crowded and sparse ones, over three years.
fn times() -> impl Strategy<Value = BTreeSet<NaiveDateTime>> {
    let minutes = prop_oneof![0..3_000_i64, 0..100_000_i64, 0..1_576_800_i64];
    prop::collection::btree_set(minutes.prop_map(time), 1..200)
}

proptest! {
    #[test]
    fn rotation_keeps_the_newest_and_one_of_each_stretch_and_never_more_than_the_most(times in times()) {
        let kept = rotation::kept(&times);
        prop_assert!(kept.is_subset(&times) && kept.len() <= rotation::MOST);
        prop_assert_eq!(kept.last(), times.last());
        prop_assert_eq!(&rotation::kept(&kept), &kept, "rotating again removes nothing");
        // By text, not as rotation counts: the last hours, days and months that have a backup still have their newest one.
        for (format, most) in [("%Y-%m-%d %H", 24), ("%Y-%m-%d", 30), ("%G-%V", 12), ("%Y-%m", 24)] {
            let mut newest: Vec<(String, NaiveDateTime)> = Vec::new();
            for at in times.iter().rev() {
                let stretch = at.format(format).to_string();
                if newest.last().is_none_or(|(s, _)| *s != stretch) {
                    newest.push((stretch, *at));
                }
            }
            for (stretch, at) in newest.iter().take(most) {
                prop_assert!(kept.contains(at), "{} of {}", at, stretch);
            }
        }
    }

    #[test]
    fn rotating_after_every_backup_keeps_what_rotating_once_would(times in times()) {
        let mut there = BTreeSet::new();
        for at in &times {
            there.insert(*at);
            there = rotation::kept(&there);
        }
        prop_assert_eq!(there, rotation::kept(&times));
    }

    #[test]
    fn the_name_of_a_backup_gives_back_its_stem_and_time(stem in "[a-z支行. -]{0,12}", minutes in 0..9_000_000_i64) {
        let name = manifest::name(&stem, time(minutes));
        prop_assert_eq!(manifest::parts(&name), Some((stem, time(minutes))));
    }
}

#[test]
fn years_of_hourly_backups_thin_out_to_all_four_kinds() {
    let times: BTreeSet<NaiveDateTime> = (0..3 * 365 * 24).map(|h| time(h * 60)).collect();
    let kept = rotation::kept(&times).len();
    assert!((70..=rotation::MOST).contains(&kept), "{kept}");
}

#[test]
fn only_a_manifest_of_ours_beside_its_own_backup_is_one() {
    let mut house = House::on("2026-11-20");
    let file = manifest::name("branch", time(0));
    let manifest = Manifest {
        format: FORMAT.to_owned(),
        file: file.clone(),
        at: time(0),
        by: "wangmin".to_owned(),
        station: "PC-1".to_owned(),
        by_hand: true,
        confirmed: None,
        bytes: 1,
        blake3: "00".to_owned(),
        survey: whole(&mut house),
    };
    let text = manifest.text().unwrap();
    assert_eq!(Manifest::parse(&text, &file), Some(manifest.clone()));
    for (text, file) in [
        (text.as_str(), "branch-20260101-000001.db"),
        (&text, "branch.db"),
        (&text.replace(FORMAT, "other-1"), &file),
        ("{}", &file),
        ("", &file),
    ] {
        assert_eq!(Manifest::parse(text, file), None, "{file}");
    }
    for name in [
        "branch.db",
        "branch-20260101.db",
        "branch-20260101-0000.db",
        "branch-20260231-000000.db",
        "b-+2026101-000000.db",
    ] {
        assert_eq!(manifest::parts(name), None, "{name}");
    }
}

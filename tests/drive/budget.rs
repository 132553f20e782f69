//! Round trips: what a screen and a save may cost on a drive (drive.md 3.1): at most ten a screen and sixty a save, the cache warm.

use crate::branch::{self, desk, failure};
use crate::share::{Entry, Kind, Share};
use guitai::domain::ids::OpId;
use guitai::store::open::File;
use guitai::store::request::{Answer, Ask};
use guitai::store::workbench;
use std::path::Path;

const SCREEN: usize = 10;
const SAVE: usize = 60;
/// A new archive has an entry in every index, each a page of the file more.
const NEW: usize = 76;

/// What an ask asks of the drive.
fn cost(share: &Share, file: &mut File, ask: &Ask) -> Vec<Entry> {
    share.write_down(0);
    let answer = file.answer(ask);
    let list = share.written_down(0);
    assert_eq!(failure(&answer), None, "{ask:?}");
    list
}

fn said(list: &[Entry]) -> String {
    list.iter().map(|e| format!("\n  {:?} {}", e.kind, e.text)).collect()
}

#[test]
fn a_screen_costs_at_most_ten_round_trips_and_a_save_sixty() {
    let Some(share) = Share::new(1) else { return };
    let branch = branch::make(share.files(), 50);
    let mut file = desk(share.dir(0), 1);
    let id = branch.customers[7];
    let mut tally = Vec::new();
    for (name, ask) in [
        ("archive", branch.open(id)),
        ("queue", branch.queue()),
        ("board", branch.board()),
        ("workbench", branch.workbench()),
        ("news", branch.news(3)),
    ] {
        let cold = cost(&share, &mut file, &ask);
        let warm = cost(&share, &mut file, &ask);
        assert!(warm.len() <= SCREEN, "{name}: {} round trips{}", warm.len(), said(&warm));
        assert!(warm.len() > 4, "{name}: the drive was not asked at all{}", said(&warm));
        tally.push(format!("{name} {} (cold {})", warm.len(), cold.len()));
    }
    for n in 0..4 {
        let address = |n: i64| if n == 0 { String::new() } else { format!("玉溪路 {n} 号") };
        for (name, most, ask) in [
            ("save", SAVE, branch.save(OpId(900 + n), id, 1, &address(n), &address(n + 1))),
            ("contact", SAVE, branch.log(OpId(910 + n), id, "问了存款")),
            ("new archive", NEW, branch.create(OpId(920 + n), "新客户")),
        ] {
            let list = cost(&share, &mut file, &ask);
            // The first of each fills the cache.
            if n > 0 {
                assert!(list.len() <= most, "{name}: {} round trips{}", list.len(), said(&list));
                assert!(list.iter().filter(|e| e.kind == Kind::Fsync).count() >= 3, "{name}{}", said(&list));
            }
            if n == 3 {
                tally.push(format!("{name} {}", list.len()));
            }
        }
    }
    println!("round trips: {}", tally.join(", "));
}

/// Somebody else's commit makes SQLite forget its pages, so that those needed are read again, one operation each.
#[test]
fn after_a_colleagues_save_a_screen_costs_a_page_each_more_and_a_save_a_dozen() {
    let Some(share) = Share::new(2) else { return };
    let branch = branch::make(share.files(), 50);
    let (mut file, mut colleague) = (desk(share.dir(0), 1), desk(share.dir(1), 2));
    let (id, other) = (branch.customers[7], branch.customers[30]);
    let mut found = (0, 0);
    for n in 0..4 {
        let mut theirs = |op| assert_eq!(failure(&colleague.answer(&branch.log(OpId(op), other, "问了存款"))), None);
        theirs(700 + n);
        found.0 = cost(&share, &mut file, &branch.open(id)).len();
        theirs(750 + n);
        found.1 = cost(&share, &mut file, &branch.log(OpId(850 + n), id, "问了存款")).len();
    }
    println!("round trips after a colleague's save: archive {}, contact {}", found.0, found.1);
    assert!(found.0 <= SCREEN + 24 && found.1 <= SAVE + 12, "{found:?}");
}

/// A PC that has never seen the branch reads everybody. Read in one go that took as many operations as the table has pages, minutes on a
/// slow drive, and no colleague could save meanwhile.
#[test]
fn reading_everybody_gives_the_lock_back_after_every_portion() {
    let Some(share) = Share::new(1) else { return };
    let demo = Path::new(env!("CARGO_MANIFEST_DIR")).join("demo.db");
    std::fs::copy(demo, share.files().join(branch::FILE)).unwrap();
    let home = tempfile::tempdir().unwrap();
    let mut file = desk(share.dir(0), 1);
    let cost = |file: &mut File| {
        share.write_down(0);
        let answer = file.cached_index(&home.path().join("index.cache"));
        let list = share.written_down(0);
        assert!(matches!(answer, Answer::Workbench(workbench::Answer::Index(_))), "{answer:?}");
        // SQLite keeps the shared lock from the first read of a transaction to its end.
        let held = list.split(|e| e.kind == Kind::Lock && e.text.contains("unlock"));
        let most = held.map(|part| part.iter().filter(|e| e.kind == Kind::Read).count()).max().unwrap_or_default();
        (list.len(), most)
    };
    let ((cold, longest), (warm, _)) = (cost(&mut file), cost(&mut file));
    println!(
        "everybody of the demo, 1,960: {cold} round trips, at most {longest} reads under one lock; the cache warm {warm}"
    );
    assert!(longest <= 200 && cold > longest * 3, "{cold}, {longest}");
    assert!(warm <= SCREEN, "{warm}");
}

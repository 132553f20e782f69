//! Soaks by the real binary: many workstations on one scratch file, and what is left of them.

use crate::desk::{Desk, Run};
use std::fs;

fn tried(desk: &Desk, args: &[&str]) -> Run {
    desk.run(&[&["soak", "--pace", "saturated", "--json"], args].concat())
}

#[test]
fn workstations_that_save_without_a_rest_lose_nothing_and_leave_nothing() {
    let desk = Desk::bare();
    fs::create_dir(desk.path("盘")).unwrap();
    let tally = tried(&desk, &["--in", "盘", "--workstations", "4", "--seconds", "2"]).json();
    assert!(tally["saved"].as_u64().unwrap() >= 4, "{tally}");
    for zero in ["lost", "doubled", "strayed"] {
        assert_eq!(tally[zero], 0, "{tally}");
    }
    assert!(tally["sound"].as_bool().unwrap() && tally["errors"].as_object().unwrap().is_empty(), "{tally}");
    assert!(tally["saves"]["max_ms"].as_f64() <= tally["longest_wait_ms"].as_f64(), "{tally}");
    assert_eq!(tally["saves"]["count"].as_u64().unwrap() - tally["clashes"].as_u64().unwrap(), tally["saved"]);
    assert_eq!(fs::read_dir(desk.path("盘")).unwrap().count(), 0, "the scratch file is gone");
}

#[test]
fn a_soak_leaves_the_branch_file_beside_it_alone() {
    let desk = Desk::new();
    let before = fs::read(desk.path("branch.db")).unwrap();
    let run = desk.on(&["soak", "--pace", "saturated", "--workstations", "1", "--seconds", "1", "--lang", "en"]);
    assert_eq!(run.code, 0, "{}{}", run.out, run.err);
    assert!(run.out.contains("passed") && run.out.contains("Longest wait"), "{}", run.out);
    assert!(fs::read(desk.path("branch.db")).unwrap() == before);
    assert!(
        !fs::read_dir(desk.folder.path())
            .unwrap()
            .any(|e| { e.unwrap().file_name().to_string_lossy().starts_with("guitai-soak") })
    );
}

#[test]
fn a_folder_that_is_not_there_or_no_folder_at_all_is_said_at_once() {
    let desk = Desk::bare();
    assert_eq!(tried(&desk, &[]).code, 2, "no branch file says where");
    let run = tried(&desk, &["--in", "none"]);
    assert!(run.code == 3 && run.err.contains("none"), "{}", run.err);
    assert_eq!(tried(&desk, &["--in", ".", "--workstations", "0"]).code, 2);
}

#[cfg(unix)]
#[test]
fn ended_early_it_takes_its_workstations_and_its_file_along() {
    let desk = Desk::bare();
    let mut child =
        desk.start(&["soak", "--in", ".", "--workstations", "3", "--seconds", "600", "--pace", "saturated"]);
    let folder = || {
        fs::read_dir(desk.folder.path())
            .unwrap()
            .filter_map(Result::ok)
            .find(|e| e.file_name().to_string_lossy().starts_with("guitai-soak"))
    };
    let began = std::time::Instant::now();
    // The journal appears with the first save, so that all are at work.
    while folder().is_none_or(|f| !f.path().join("soak.db-journal").exists()) {
        assert!(began.elapsed().as_secs() < 60 && child.try_wait().unwrap().is_none(), "nobody saved");
        std::thread::yield_now();
    }
    let signal = std::process::Command::new("kill").arg(child.id().to_string()).status().unwrap();
    assert!(signal.success());
    assert_eq!(child.wait().unwrap().code(), Some(1));
    assert!(folder().is_none());
}

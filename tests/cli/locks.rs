//! Commands beside workstations that have the file open: locks tried by other processes, and what stops a command from writing.

use crate::desk::{CUSTOMERS, Desk, Run};
use guitai::store::drive::Proof;
use guitai::store::drive::lookout::{Desk as Sitting, Here, Lookout};
use guitai::store::drive::seat::{self, Seat};
use std::fs;
use std::time::Duration;

fn desk() -> Desk {
    let desk = Desk::new();
    desk.write("客户.csv", CUSTOMERS);
    assert_eq!(desk.on(&["import", "客户.csv"]).code, 0);
    desk
}

fn set(desk: &Desk, address: &str) -> Run {
    desk.on(&["set", "6000000001", "address", address])
}

fn workstation(desk: &Desk) -> Lookout {
    let here = Sitting { station: "2号机".into(), pc: "pc".into(), sitting: 2, local: true, seated: true };
    let mut lookout = Lookout::new(&desk.path("branch.db"), here);
    assert_eq!(lookout.look(Duration::ZERO, Here::default()), Proof::Unproven);
    lookout
}

#[test]
fn another_process_is_refused_a_held_lock_and_granted_a_free_one() {
    let desk = desk();
    let lookout = workstation(&desk);
    let lock = lookout.locked().unwrap();
    let tried = |path: &std::path::Path| desk.run(&["try-lock", path.to_str().unwrap()]).out;
    assert_eq!(tried(&lock), "refused\n");
    let free = desk.path("free.lock");
    fs::write(&free, "").unwrap();
    assert_eq!(tried(&free), "granted\n");
    assert!(tried(&desk.path("none.lock")).starts_with("failed "));
}

#[test]
fn a_command_writes_beside_a_workstation_whose_lock_holds_and_the_doctor_names_it() {
    let desk = desk();
    let doctor = |check: &str| {
        let found = desk.on(&["doctor", "--json"]).json();
        found.as_array().unwrap().iter().find(|f| f["check"] == check).unwrap().clone()
    };
    assert_eq!(doctor("locks")["state"], "ok", "on a disk of this PC its own look is enough");
    let lookout = workstation(&desk);
    assert_eq!(set(&desk, "解放路2号").code, 0);
    assert!(doctor("locks")["text"].as_str().unwrap().contains("2号机"));
    assert_eq!((&doctor("journal")["text"], &doctor("drive")["state"]), (&"truncate".into(), &"ok".into()));
    assert!(doctor("speed")["text"].as_str().unwrap().ends_with(" ms"));
    drop(lookout);
    assert_eq!(fs::read_dir(seat::folder(&desk.path("branch.db"))).unwrap().count(), 0, "nothing is left behind");
}

#[test]
fn nothing_is_written_where_locks_fail_and_reading_goes_on() {
    let desk = desk();
    let seats = seat::folder(&desk.path("branch.db"));
    fs::create_dir(&seats).unwrap();
    let before = fs::read(desk.path("branch.db")).unwrap();
    fs::write(seats.join(seat::ALARM), "").unwrap();
    for args in [&["set", "6000000001", "address", "x"][..], &["import", "客户.csv"]] {
        let run = desk.on(args);
        assert_eq!(run.code, 3, "{args:?}: {}", run.err);
        assert!(run.err.contains(seat::ALARM), "{}", run.err);
    }
    assert_eq!(desk.on(&["show", "6000000001"]).code, 0);
    assert!(fs::read(desk.path("branch.db")).unwrap() == before);
    assert!(desk.on(&["doctor"]).out.contains("!!"));
    fs::remove_file(seats.join(seat::ALARM)).unwrap();
    // What a killed program of this PC left is in nobody's way.
    let seat = Seat { sitting: 9, beat: 4, staff: None, editing: None };
    fs::write(seats.join(seat.name()), r#"{"station":"9号机","host":"h"}"#).unwrap();
    fs::write(seats.join(seat::lock(9)), "").unwrap();
    assert_eq!(set(&desk, "解放路3号").code, 0);
    assert_eq!(fs::read_dir(&seats).unwrap().count(), 0);
}

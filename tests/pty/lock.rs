//! The lock on a real terminal: nothing of a customer is left on the screen, and the password brings it back.

use crate::glass::{Glass, branch};
use chrono::NaiveDate;
use guitai::domain::customer::Customer;
use guitai::domain::field::Ctx;
use guitai::domain::ids::{CustomerId, StaffId};
use guitai::domain::password::Password;
use guitai::store::bulk::BatchFile;
use guitai::store::key::Key;
use guitai::store::open::{File, Mode, Station};
use guitai::store::request::{Answer, Ask, Stamp};
use guitai::store::secret;
use guitai::store::slots::Cost;
use guitai::store::workbench;
use std::path::Path;

const PASSWORD: &str = "Qing-shan-2026";
const F10: &str = "\x1b[21~";

/// Puts a customer into `branch.db`, and gives the one member of staff a password.
fn fill(home: &Path) {
    let day = NaiveDate::from_ymd_opt(2026, 11, 20).unwrap();
    let stamp = Stamp::new(StaffId(0), day.and_hms_opt(9, 0, 0).unwrap(), day);
    let mut file = File::open(&home.join("branch.db"), Mode::Write, &Station::new("1号机", 1)).unwrap();
    secret::first(&mut file, &Key::default(), &Password::new(PASSWORD), Cost::TRIAL, &stamp).unwrap();
    let answer = file.answer(&Ask::Workbench(workbench::Ask::Open));
    let Answer::Workbench(workbench::Answer::Opened(opened)) = answer else { panic!("{answer:?}") };
    let stamp = Stamp { by: opened.staff[0].id, ..stamp };
    let mut bulk = file.load(BatchFile { name: "given".into(), hash: "given".into() }, &stamp).unwrap();
    let ctx = Ctx { today: day, staff: &[] };
    let mut c = Customer { id: CustomerId(0), no: "6000000001".into(), ..Customer::default() };
    for (code, value) in [("name", "张山河"), ("phone", "18985210027"), ("area", "玉溪镇")] {
        guitai::domain::archive::find(code).unwrap().set(&mut c, value, ctx).unwrap();
    }
    bulk.insert_customer(&c).unwrap();
    bulk.finish("given").unwrap();
}

#[test]
fn after_locking_no_name_and_no_number_stays_on_the_terminal_and_the_password_brings_them_back() {
    for size in [(80, 24), (160, 45)] {
        let home = tempfile::tempdir().unwrap();
        branch(home.path());
        fill(home.path());
        let args = ["--db", "branch.db", "--lang", "zh", "--today", "2026-11-21"];
        let mut glass = Glass::open(home.path(), &args, size);
        glass.wait_for("请输入工号和密码");
        assert!(!glass.look(|s| s.contents()).contains("张山河"));
        glass.type_keys("no-such-1");
        glass.wait_for("*********");
        glass.type_keys("\r");
        glass.wait_for("工号或密码不对");
        glass.type_keys(PASSWORD);
        glass.wait_for("**************");
        glass.type_keys("\r");
        glass.wait_for("客户查找");
        glass.type_keys("zsh");
        glass.wait_for("张山河");
        glass.type_keys("\r");
        glass.wait_for("玉溪镇");
        glass.type_keys(F10);
        // A frame may come in pieces; what is asked for is that it ends so.
        glass.wait(|s| {
            let shown = s.contents();
            let gone = ["张", "山河", "玉溪", "0027", "6000000001", "zsh", "查找", "档案"];
            ["已锁屏", "道真支行", "王敏"].iter().all(|word| shown.contains(word))
                && gone.iter().all(|word| !shown.contains(word))
        });
        // Whatever is typed goes into the password.
        glass.type_keys("zhang");
        glass.wait_for("*****");
        assert!(!glass.look(|s| s.contents()).contains("zhang"));
        glass.type_keys("\x15");
        glass.wait(|s| !s.contents().contains("*"));
        glass.type_keys(PASSWORD);
        glass.wait_for("**************");
        glass.type_keys("\r");
        glass.wait_for("张山河");
        glass.quit();
        assert_eq!(glass.code(), 0);
        glass.is_whole();
    }
}

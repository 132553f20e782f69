//! The second person's word on a real terminal: their password is looked at beside the screen, comes in one burst with its Enter, and is never
//! shown.

use crate::glass::{Glass, branch};
use chrono::NaiveDate;
use guitai::domain::agenda::Mark;
use guitai::domain::agenda::lines::request_keys;
use guitai::domain::customer::Customer;
use guitai::domain::ids::{OpId, StaffId};
use guitai::domain::password::Password;
use guitai::domain::staff::{Role, Staff};
use guitai::domain::subject::Kind;
use guitai::store::key::Key;
use guitai::store::open::{File, Mode, Station};
use guitai::store::request::{Answer, Ask, Stamp};
use guitai::store::secret::{self, New};
use guitai::store::slots::Cost;
use guitai::store::{agenda, customers, subject, workbench};
use std::path::Path;

const OWN: &str = "Qing-shan-2026";
const SECOND: &str = "Gao-shan-2026";

fn staff(file: &mut File) -> Vec<Staff> {
    match file.answer(&Ask::Workbench(workbench::Ask::Open)) {
        Answer::Workbench(workbench::Answer::Opened(opened)) => opened.staff,
        other => panic!("{other:?}"),
    }
}

/// 赵行 and 何规 with passwords, and 张山河, who asked to be erased and was checked.
fn fill(home: &Path) {
    let day = NaiveDate::from_ymd_opt(2026, 11, 20).unwrap();
    let at = |by| Stamp::new(by, day.and_hms_opt(9, 0, 0).unwrap(), day);
    let mut file = File::open(&home.join("branch.db"), Mode::Write, &Station::new("1号机", 1)).unwrap();
    let mut boss = StaffId::default();
    for (code, name, role, password) in
        [("zhaohang", "赵行", Role::BranchManager, OWN), ("hegui", "何规", Role::Compliance, SECOND)]
    {
        let by = if boss == StaffId::default() { staff(&mut file)[0].id } else { boss };
        let new =
            Ask::Workbench(workbench::Ask::AddStaff { staff: Box::new(Staff::new(code, name, role)), stamp: at(by) });
        assert!(!file.answer(&new).undone());
        let who = staff(&mut file).iter().find(|s| s.code == code).unwrap().id;
        let new = New { staff: who, password: &Password::new(password), cost: Cost::TRIAL };
        secret::set(&mut file, &Key::default(), &new, &at(who)).unwrap();
        if role == Role::BranchManager {
            boss = who;
        }
    }
    let customer = Customer { name: "张山河".into(), ..Customer::default() };
    let create = customers::Ask::Create { op: OpId(1), customer: Box::new(customer), stamp: at(boss) };
    let id = match file.answer(&Ask::Customers(create)) {
        Answer::Customers(customers::Answer::Saved { opened, .. }) => opened.customer.id,
        other => panic!("{other:?}"),
    };
    let take =
        subject::Ask::Take { op: OpId(2), customer: id, kind: Kind::Erasure, note: String::new(), stamp: at(boss) };
    let case = match file.answer(&Ask::Subject(take)) {
        Answer::Subject(subject::Answer::Noted { privacy, .. }) => privacy.cases[0].clone(),
        other => panic!("{other:?}"),
    };
    let mark = agenda::Ask::Mark {
        op: OpId(3),
        key: request_keys(&case)[0].to_string(),
        customer: Some(id),
        mark: Mark::Done,
        seen: i64::MAX,
        reason: "身份证原件".into(),
        stamp: at(boss),
    };
    assert!(!file.answer(&Ask::Agenda(mark)).undone());
}

#[test]
fn somebody_is_erased_with_two_passwords_that_come_in_bursts_with_their_enter() {
    let home = tempfile::tempdir().unwrap();
    branch(home.path());
    fill(home.path());
    let args = ["--db", "branch.db", "--lang", "zh", "--today", "2026-11-21", "--staff", "zhaohang"];
    let mut glass = Glass::open(home.path(), &args, (80, 24));
    glass.wait_for("请输入工号和密码");
    glass.type_keys(&format!("{OWN}\r"));
    glass.wait_for("客户查找");
    glass.type_keys("zsh");
    glass.wait_for("张山河");
    glass.type_keys("\r");
    glass.wait_for("完整度");
    glass.type_keys("i");
    glass.wait_for("个人信息 张山河");
    glass.type_keys("删除");
    glass.wait_for("删除档案");
    glass.type_keys("\r");
    glass.wait_for("已核对");
    glass.type_keys("1");
    glass.wait_for("可授权：hegui 何规");
    glass.type_keys("no-such-2026\r");
    glass.wait_for("工号或密码不对");
    glass.type_keys(&format!("{SECOND}\r"));
    glass.wait_for("个人信息删除证明");
    let shown = glass.look(|s| s.contents());
    assert!(!shown.contains("Gao-shan") && !shown.contains("no-such"), "{shown}");
    glass.type_keys("\x1b");
    glass.wait(|s| !s.contents().contains("个人信息删除证明"));
    glass.quit();
    assert_eq!(glass.code(), 0);
    glass.is_whole();
}

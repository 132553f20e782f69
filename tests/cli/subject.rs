//! Customers' rights by commands: consent, requests, the access report, erasing somebody whose years are over.

use crate::desk::{CUSTOMERS, Desk, done};

const NO: &str = "6000000002";

/// Two customers; 单雄 opened an account in 2010 and nothing was heard of since.
fn stocked() -> Desk {
    let desk = Desk::new();
    desk.write("客户.csv", CUSTOMERS.replace("2020/05/06", "2010/05/06"));
    done(&desk.on(&["import", "客户.csv"]));
    done(&desk.on(&["staff", "add", "hegui:何规:compliance"]));
    desk
}

#[test]
fn consent_is_agreed_to_withdrawn_and_shown() {
    let desk = stocked();
    let agreed =
        desk.on(&["subject", "agree", NO, "marketing", "phone", "--evidence", "签字单 A12", "--staff", "wangmin"]);
    done(&agreed);
    assert!(agreed.out.contains("同意") && agreed.out.contains("A12"), "{}", agreed.out);
    done(&desk.on(&["subject", "withdraw", NO, "marketing", "--staff", "wangmin"]));
    let shown = desk.on(&["subject", "show", NO]);
    assert!(shown.out.contains("已撤回"), "{}", shown.out);
    let wrong = desk.on(&["subject", "agree", NO, "nothing", "--evidence", "x"]);
    assert_ne!(wrong.code, 0);
    assert!(wrong.err.contains("marketing"), "{}", wrong.err);
}

#[test]
fn who_does_not_want_to_be_greeted_is_left_out_of_the_birthdays_and_counted() {
    let desk = stocked();
    let before = desk.on(&["birthdays", "--date", "2026-11-21", "--days", "400"]);
    assert!(before.out.contains("单雄"), "{}", before.out);
    done(&desk.on(&["subject", "withdraw", NO, "contact", "--staff", "wangmin"]));
    let after = desk.on(&["birthdays", "--date", "2026-11-21", "--days", "400"]);
    assert!(!after.out.contains("单雄") && after.out.contains("1 人未同意，未列出"), "{}", after.out);
}

#[test]
fn the_access_report_masks_numbers_until_a_checked_request_and_a_second_person_release_them_and_each_is_in_the_log() {
    let desk = stocked();
    let masked = desk.on(&["report", "subject", NO, "--staff", "wangmin"]);
    done(&masked);
    assert!(masked.out.contains("单雄") && !masked.out.contains("13985210002"), "{}", masked.out);
    let bare = ["report", "subject", NO, "--bare", "--second", "hegui", "--staff", "wangmin"];
    assert!(desk.on(&bare).err.contains("先受理"));
    done(&desk.on(&["subject", "take", NO, "access", "--note", "要复印件", "--staff", "wangmin"]));
    done(&desk.on(&["subject", "answer", NO, "access", "--word", "身份证原件", "--staff", "hegui"]));
    let told = desk.on(&bare);
    done(&told);
    assert!(told.out.contains("13985210002") && told.out.contains("11010519491231002X"), "{}", told.out);
    assert!(told.out.contains("谁看过、导出过"), "{}", told.out);
    let log = desk.on(&["audit", "--customer", NO, "--staff", "wangmin"]);
    assert_eq!(log.out.matches("导出").count(), 2, "{}{}", log.out, log.err);
    let own = ["report", "subject", NO, "--bare", "--second", "wangmin", "--staff", "wangmin"];
    assert!(desk.on(&own).err.contains("授权"));
}

#[test]
fn somebody_whose_years_are_over_is_erased_with_a_certificate_and_nothing_finds_them_any_more() {
    let desk = stocked();
    let check = desk.on(&["subject", "check", NO]);
    assert!(check.out.contains("没有妨碍"), "{}", check.out);
    let young = desk.on(&["subject", "check", "6000000001"]);
    done(&young);
    done(&desk.on(&["subject", "take", NO, "erasure", "--staff", "wangmin"]));
    let erase = ["subject", "erase", NO, "--second", "wangmin", "--staff", "hegui"];
    assert!(desk.on(&erase).err.contains("核实身份"));
    done(&desk.on(&["subject", "answer", NO, "erasure", "--word", "身份证原件", "--staff", "hegui"]));
    let skipped = desk.on(&["subject", "answer", NO, "erasure", "--word", "删了", "--staff", "hegui"]);
    assert!(skipped.err.contains("subject erase"), "{}", skipped.err);
    let erased = desk.on(&erase);
    done(&erased);
    assert!(erased.out.contains("SC2026-0001") && erased.out.contains("封存"), "{}", erased.out);
    let again = desk.on(&["subject", "certificate", NO]);
    assert_eq!(again.out, erased.out);
    let found = desk.on(&["find", "单雄", "--json"]).json();
    assert_eq!(found.as_array().unwrap().len(), 0, "{found}");
    desk.write("客户.csv", CUSTOMERS.replace("13985210001", "13985210009"));
    let imported = desk.on(&["import", "客户.csv", "--json"]);
    assert!(imported.out.contains("\"rejected\": 1") || imported.out.contains("\"rejected\":1"), "{}", imported.out);
    let shown = desk.on(&["show", NO]);
    assert!(shown.out.contains("已删除") && !shown.out.contains("13985210002"), "{}", shown.out);
    done(&desk.on(&["verify"]));
}

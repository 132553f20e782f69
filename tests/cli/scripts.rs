//! What scripts read: the shapes of JSON, human text, masking.

use crate::desk::{CUSTOMERS, Desk, Run};
use serde_json::{Value, json};

/// A desk with two customers taken in.
fn stocked() -> Desk {
    let desk = Desk::new();
    desk.write("客户.csv", CUSTOMERS);
    let taken = desk.on(&["import", "客户.csv"]);
    assert_eq!(taken.code, 0, "{}", taken.err);
    desk
}

fn keys(value: &Value) -> Vec<&str> {
    value.as_object().unwrap().keys().map(String::as_str).collect()
}

#[test]
fn an_extract_goes_in_once_and_changes_nothing_the_second_time() {
    let desk = Desk::new();
    desk.write("客户.csv", CUSTOMERS);
    let rehearsed = desk.on(&["import", "客户.csv", "--dry-run", "--json"]).json();
    let first = desk.on(&["import", "客户.csv", "--json"]).json();
    let second = desk.on(&["import", "客户.csv", "--json"]).json();
    let shape = |new: u32, unchanged: u32| json!([{"file": "客户.csv", "encoding": "UTF-8", "rows": 2, "new": new, "changed": 0, "unchanged": unchanged, "rejected": 0}]);
    assert_eq!((rehearsed, first, second), (shape(2, 0), shape(2, 0), shape(0, 2)));
}

#[test]
fn a_customer_is_found_by_initials_either_reading_digits_and_address() {
    let desk = stocked();
    for (query, no) in [
        ("zs", "6000000001"),
        ("shan", "6000000002"),
        ("dan xiong", "6000000002"),
        ("0001", "6000000001"),
        ("旧城", "6000000002"),
    ] {
        let found = desk.on(&["find", query, "--json"]).json();
        let nos: Vec<&str> = found.as_array().unwrap().iter().map(|f| f["customer_no"].as_str().unwrap()).collect();
        assert!(nos.contains(&no), "{query}: {found}");
    }
    let found = desk.on(&["find", "张", "胜", "--json"]).json();
    assert_eq!(
        found[0],
        json!({"customer_no": "6000000001", "name": "张胜", "tier": null, "owner": null, "matched": ["name"]})
    );
    assert_eq!(desk.on(&["find", "zs", "--limit", "0", "--json"]).json(), json!([]));
}

#[test]
fn an_archive_is_shown_with_id_and_phone_masked() {
    let desk = stocked();
    let shown = desk.on(&["show", "6000000002", "--json"]).json();
    for key in [
        "customer_no",
        "name",
        "sex",
        "birth",
        "tier",
        "aum_fen",
        "as_of",
        "owner",
        "completeness",
        "rev",
        "fields",
        "contacts",
        "holdings",
        "loans",
        "services",
        "ratings",
        "dates",
    ] {
        assert!(keys(&shown).contains(&key), "{key}: {shown}");
    }
    // Birth and sex come from the ID where the extract has none.
    assert_eq!((&shown["birth"], &shown["fields"]["lunar"]), (&json!("1949-12-31"), &json!("冬月十二")));
    for run in [desk.on(&["show", "6000000002", "--json"]), desk.on(&["show", "6000000002"])] {
        assert!(run.out.contains("139****0002"), "{}", run.out);
        for secret in ["11010519491231002X", "13985210002"] {
            assert!(!run.out.contains(secret), "{secret}: {}", run.out);
        }
    }
}

#[test]
fn the_day_has_its_birthdays_and_its_queue() {
    let desk = stocked();
    let birthdays = desk.on(&["birthdays", "--date", "2026-11-21", "--json"]).json();
    assert_eq!(
        birthdays,
        json!([{"customer_no": "6000000001", "name": "张胜", "date": "2026-11-21", "calendar": "solar", "lunar": "十月十三", "age": 60}])
    );
    assert_eq!(desk.on(&["birthdays", "--date", "2026-11-22", "--json"]).json(), json!([]));
    let queue = desk.on(&["today", "--json"]).json();
    assert_eq!((&queue["date"], &queue["lunar"]), (&json!("2026-11-21"), &json!("十月十三")));
    let items = queue["items"].as_array().unwrap();
    let birthday = items.iter().find(|i| i["source"] == "birthday").unwrap();
    for key in ["source", "key", "customer_no", "name", "due", "owner", "overdue_days", "text"] {
        assert!(keys(birthday).contains(&key), "{key}: {birthday}");
    }
    assert_eq!((&birthday["due"], &birthday["overdue_days"]), (&json!("2026-11-21"), &json!(0)));
}

#[test]
fn the_queue_says_what_matures_and_why_in_the_same_shape() {
    let desk = stocked();
    let core = rusqlite::Connection::open(desk.path("branch.db")).unwrap();
    let sql =
        "INSERT INTO holding SELECT id, 'CD0000001', 0, 0, NULL, '大额存单', 20000000, 20251122, 20261122, 254, '正常'
               FROM customer WHERE no = '6000000001'";
    assert_eq!(core.execute(sql, []).unwrap(), 1);
    drop(core);
    let queue = desk.on(&["today", "--json"]).json();
    let items = queue["items"].as_array().unwrap();
    let line = items.iter().find(|i| i["source"] == "maturity").unwrap();
    assert_eq!(keys(line), keys(items.iter().find(|i| i["source"] == "birthday").unwrap()));
    assert_eq!((&line["customer_no"], &line["due"]), (&json!("6000000001"), &json!("2026-11-21")));
    assert_eq!(line["text"], json!("大额存单 20.0万 11-22到期（逢周末），还有1天 合同尾号0001"));
    // Contracts below the sum of the setting make no line.
    assert_eq!(desk.on(&["settings", "maturity_from", "20000001"]).code, 0);
    let queue = desk.on(&["today", "--json"]).json();
    assert!(queue["items"].as_array().unwrap().iter().all(|i| i["source"] != "maturity"));
    for (name, value) in [("outflow_days", "0"), ("maturity_days", "[400]"), ("repay_days", "soon")] {
        assert_ne!(desk.on(&["settings", name, value]).code, 0, "{name} {value}");
    }
}

#[test]
fn the_board_counts_every_tier() {
    let desk = stocked();
    let board = desk.on(&["board", "--json"]).json();
    let codes: Vec<&str> = board["tiers"].as_array().unwrap().iter().map(|x| x["code"].as_str().unwrap()).collect();
    assert_eq!(codes, ["untiered", "small", "ordinary", "potential", "vip", "big"]);
    assert!(board["top20_share"].is_number());
    assert!(desk.on(&["board", "--lang", "en"]).out.contains("No figures  2"));
}

#[test]
fn a_contact_and_a_field_are_written_and_seen_again() {
    let desk = stocked();
    let logged = desk.on(&["log", "6000000001", "--channel", "phone", "--outcome", "reached", "--note", "问大额存单"]);
    assert_eq!(logged.code, 0, "{}", logged.err);
    let set = desk.on(&["set", "6000000001", "手机", "138 0013 8000"]);
    assert_eq!(set.code, 0, "{}", set.err);
    assert!(set.out.contains("139****0001") && set.out.contains("138****8000"), "{}", set.out);
    let shown = desk.on(&["show", "6000000001", "--json"]).json();
    assert_eq!(shown["fields"]["phone"], json!("138****8000"));
    let contact = &shown["contacts"][0];
    assert_eq!(
        (&contact["by"], &contact["channel"], &contact["outcome"], &contact["note"]),
        (&json!("wangmin"), &json!("phone"), &json!("reached"), &json!("问大额存单"))
    );
    assert_eq!(desk.on(&["find", "13800138000", "--json"]).json()[0]["customer_no"], json!("6000000001"));
    let again = desk.on(&["set", "6000000001", "phone", "13800138000", "--lang", "en"]);
    assert!(again.out.contains("Nothing changed"), "{}", again.out);
}

#[test]
fn numbers_and_dates_need_no_branch_file() {
    let desk = Desk::bare();
    assert_eq!(
        desk.run(&["lunar", "2026-11-21", "--json"]).json(),
        json!({"date": "2026-11-21", "year": 2026, "month": 10, "leap": false, "day": 13, "text": "十月十三", "holiday": null, "workday": false})
    );
    assert_eq!(desk.run(&["lunar", "20261001", "--json"]).json()["holiday"], json!("国庆节"));
    assert_eq!(
        desk.run(&["check", "id", "11010519491231002X", "--json"]).json(),
        json!({"valid": true, "birth": "1949-12-31", "sex": "female", "region": "北京市", "reason": null})
    );
    for (kind, right, wrong) in [
        ("phone", "13800138000", "12"),
        ("uscc", "91350100M000100Y43", "91350100M000100Y44"),
        ("card", "6222021234567890128", "6222021234567890129"),
    ] {
        let codes = [right, wrong].map(|value| desk.run(&["check", kind, value]).code);
        assert!(codes == [0, 1] || kind == "card" && codes[1] == 1, "{kind}: {codes:?}");
    }
    let bad: Run = desk.run(&["check", "id", "110105194912310021", "--json"]);
    let verdict: Value = serde_json::from_str(&bad.out).unwrap();
    assert_eq!((bad.code, &verdict["valid"]), (1, &json!(false)));
    assert!(!bad.err.is_empty());
}

#[test]
fn the_program_tells_about_itself() {
    let desk = Desk::bare();
    let config = desk.run(&["config", "path"]);
    assert_eq!(config.out.trim(), desk.path("config/guitai/config.toml").to_string_lossy());
    assert_eq!(desk.run(&["config", "check"]).code, 0);
    assert!(desk.run(&["completions", "bash"]).out.contains("birthdays"));
    assert!(desk.run(&["man"]).out.contains(".TH guitai"));
    assert!(desk.run(&["--version"]).out.starts_with("guitai "));
    assert!(desk.run(&["find", "--help"]).out.contains("用法 Usage: guitai find"));
}

#[test]
fn holidays_are_taken_in_and_count_from_then_on() {
    let desk = Desk::new();
    assert_eq!(desk.on(&["lunar", "2027-02-08", "--json"]).json()["workday"], json!(true));
    desk.write("2027.tsv", "date\tkind\tname\n2027-02-08\toff\t春节\n2027-02-06\twork\t春节\n");
    let taken = desk.on(&["holidays", "import", "2027.tsv"]);
    assert_eq!(taken.code, 0, "{}", taken.err);
    let day = desk.on(&["lunar", "2027-02-08", "--json"]).json();
    assert_eq!((&day["holiday"], &day["workday"]), (&json!("春节"), &json!(false)));
    assert_eq!(desk.on(&["lunar", "2027-02-06", "--json"]).json()["workday"], json!(true));
    assert!(desk.on(&["doctor", "--today", "2026-12-02"]).code == 2, "a flag twice is wrong usage");
}

#[test]
fn the_doctor_names_what_is_missing() {
    let desk = Desk::new();
    let found = desk.on(&["doctor", "--json"]).json();
    let state = |check: &str| found.as_array().unwrap().iter().find(|f| f["check"] == check).unwrap()["state"].clone();
    assert_eq!(
        (state("file"), state("branch"), state("holidays"), state("read")),
        (json!("ok"), json!("ok"), json!("ok"), json!("ok"))
    );
    let december = desk.run(&["doctor", "--json", "--db", "branch.db", "--today", "2026-12-02"]).json();
    assert!(
        december.as_array().unwrap().iter().any(|f| f["check"] == "holidays" && f["state"] == "warn"),
        "{december}"
    );
}

#[test]
fn flags_go_before_the_environment_and_that_before_the_config_file() {
    let desk = stocked();
    std::fs::create_dir_all(desk.path("config/guitai")).unwrap();
    desk.write("config/guitai/config.toml", "db = 'branch.db'\nlang = 'en'\n");
    assert!(desk.run(&["find", "zs"]).out.contains("1 found"));
    assert!(desk.run(&["find", "zs", "--lang", "zh"]).out.contains("共 1 人"));
    assert_eq!(desk.run(&["find", "zs", "--db", "other.db"]).code, 3);
}

/// A desk with a copy of the demo, and the number of a customer there who has holdings and a loan.
fn demo() -> (Desk, &'static str) {
    let desk = Desk::bare();
    let made = concat!(env!("CARGO_MANIFEST_DIR"), "/demo.db");
    desk.write("branch.db", std::fs::read(made).unwrap());
    let found = desk.on(&["find", "邓国强", "--json"]).json();
    let no = found[0]["customer_no"].as_str().unwrap().to_owned();
    (desk, Box::leak(no.into_boxed_str()))
}

#[test]
fn holdings_loans_and_their_data_dates_are_shown_to_scripts() {
    let (desk, no) = demo();
    let shown = desk.on(&["show", no, "--json"]).json();
    let holdings = shown["holdings"].as_array().unwrap();
    assert!(!holdings.is_empty() && !shown["loans"].as_array().unwrap().is_empty(), "{shown}");
    let has =
        |value: &Value, wanted: &[&str]| wanted.iter().for_each(|k| assert!(keys(value).contains(k), "{k}: {value}"));
    has(&holdings[0], &["product", "contract", "amount_fen", "begins", "ends", "rate", "state", "not_listed_since"]);
    has(
        &shown["loans"][0],
        &["no", "lent_fen", "balance_fen", "next_due", "overdue_days", "class", "worst_class", "method"],
    );
    has(&shown["services"][0], &["name", "state", "day"]);
    has(&shown["ratings"][0], &["day", "grade", "credit_fen"]);
    has(&shown["dates"], &["holdings", "loans", "services", "ratings", "transactions"]);
    assert_eq!(shown["dates"]["holdings"], "2026-11-20");
}

#[test]
fn a_value_report_is_one_page_of_text_or_html_and_never_overwrites() {
    let (desk, no) = demo();
    let text = desk.on(&["report", "value", no]);
    assert_eq!(text.code, 0, "{}", text.err);
    assert!(text.out.lines().count() <= 60, "{}", text.out);
    for part in ["客户价值报告", "邓国强", "等级与资产 (数据 11-20)", "持有产品 (数据 11-20)", "收支", "联络"]
    {
        assert!(text.out.contains(part), "{part}: {}", text.out);
    }
    let archive = desk.on(&["show", no, "--json"]).json();
    let masked = archive["fields"]["id_no"].as_str().unwrap();
    assert!(masked.contains("***") && text.out.contains(masked));
    let english = desk.on(&["report", "value", no, "--lang", "en"]);
    assert!(english.out.starts_with("Customer value report\n"));
    let html = desk.on(&["report", "value", no, "--html"]);
    assert!(html.out.starts_with("<!DOCTYPE html>") && html.out.contains("<h1>客户价值报告</h1>"));
    // A file is HTML by its name, and none is written over.
    let to_file = desk.on(&["report", "value", no, "--out", "邓.html"]);
    assert_eq!((to_file.code, to_file.out.contains("邓.html")), (0, true), "{}", to_file.err);
    assert_eq!(std::fs::read_to_string(desk.path("邓.html")).unwrap(), html.out);
    let again = desk.on(&["report", "value", no, "--out", "邓.html"]);
    assert!(again.code == 1 && again.err.contains("不覆盖"), "{}", again.err);
    assert_eq!(desk.on(&["report", "value", "6999999999"]).code, 1);
    assert_eq!(desk.on(&["report", "value", no, "--html", "--text"]).code, 2);
}

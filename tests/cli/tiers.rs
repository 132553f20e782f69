//! `tiers` and the settings it goes by.

use crate::desk::{CUSTOMERS, Desk};
use serde_json::json;

/// A desk with two customers, of 25万 since July and of 12万, and an own extract for each month.
fn stocked() -> Desk {
    let desk = Desk::new();
    desk.write("客户.csv", CUSTOMERS);
    let head = "数据日期,客户号,活期余额,定期余额,理财,基金,保险,国债,AUM时点,AUM月日均\n";
    let mut rows = String::new();
    for (day, first) in [("20260831", 25), ("20260930", 18), ("20261031", 18), ("20261120", 18)] {
        for (no, wan) in [("6000000001", first), ("6000000002", 12)] {
            let yuan = wan * 10_000;
            rows.push_str(&format!("{day},{no},{yuan}.00,0.00,0.00,0.00,0.00,0.00,{yuan}.00,{yuan}.00\n"));
        }
    }
    desk.write("资产.csv", format!("{head}{rows}"));
    for file in ["客户.csv", "资产.csv"] {
        let taken = desk.on(&["import", file]);
        assert_eq!(taken.code, 0, "{}", taken.err);
    }
    desk
}

#[test]
fn a_tier_is_explained_date_by_date_in_words_and_json() {
    let desk = stocked();
    let told = desk.on(&["tiers", "--explain", "6000000001"]);
    assert_eq!(told.code, 0, "{}", told.err);
    for words in [
        "现在是潜力客户：按月日均 18.0万，数据 2026-11-20",
        "2026-08-31  25.0万  潜力  潜力  首次有资产数据",
        "2026-10-31  18.0万  普通  潜力  自 2026-09-30 低于线，2026-11-30 起仍低就降",
    ] {
        assert!(told.out.contains(words), "{words}: {}", told.out);
    }
    let english = desk.on(&["tiers", "--explain", "6000000001", "--lang", "en"]);
    assert!(english.out.contains("below the line since 2026-09-30, falls from 2026-11-30 on"), "{}", english.out);
    let shape = desk.on(&["tiers", "--explain", "6000000001", "--json"]).json();
    assert_eq!((&shape["tier"], &shape["held"], &shape["moves"]), (&json!("potential"), &json!(null), &json!([])));
    let last = &shape["steps"][3];
    assert_eq!(
        (&last["as_of"], &last["aum_fen"], &last["by_figure"], &last["tier"], &last["lines_fen"][2]),
        (&json!("2026-11-20"), &json!(18_000_000), &json!("ordinary"), &json!("potential"), &json!(20_000_000))
    );
}

#[test]
fn other_lines_are_tried_without_saving_them() {
    let desk = stocked();
    let before = desk.on(&["settings"]).out;
    let tried = desk.on(&["tiers", "--if", "potential=15万", "--if", "普通=13", "--json"]).json();
    assert_eq!((&tried["up"], &tried["down"], &tried["as_of"]), (&json!(0), &json!(1), &json!("2026-11-20")));
    let flow = json!({"from": "ordinary", "to": "small", "count": 1, "aum_fen": 12_000_000,
        "top": [{"customer_no": "6000000002", "name": "单雄", "aum_fen": 12_000_000}]});
    assert_eq!(tried["flows"], json!([flow]));
    let told = desk.on(&["tiers", "--if", "普通=13"]);
    assert!(told.out.contains("升 0 人，降 1 人") && told.out.contains("普通 > 小  1 人"), "{}", told.out);
    assert_eq!(desk.on(&["settings"]).out, before);
    for wrong in [&["--if", "potential"], &["--if", "rich=3"], &["--if", "small=9"], &["--basis", "yearly"]] {
        assert_ne!(desk.on(&[&["tiers"], &wrong[..]].concat()).code, 0, "{wrong:?}");
    }
}

#[test]
fn lines_are_laid_down_with_the_day_they_hold_from_and_shown() {
    let desk = stocked();
    let set = desk.on(&["settings", "lines", "2027-01-01", "0.1", "5", "30", "50", "300"]);
    assert_eq!(set.code, 0, "{}", set.err);
    let all = desk.on(&["settings"]).out;
    assert!(all.contains(r#"{"2027-01-01":[100000,5000000,30000000,50000000,300000000]}"#), "{all}");
    assert_eq!(desk.on(&["settings", "review_days", "0630", "1231"]).code, 0);
    assert_eq!(desk.on(&["settings", "protect_months", "3"]).code, 0);
    let rules = desk.on(&["tiers"]).out;
    for words in
        ["2027-01-01 起  小 0.1万  普通 5.0万  潜力 30.0万", "评定日(06-30、12-31)低于线才降级，升级后保护 3 个月"]
    {
        assert!(rules.contains(words), "{words}: {rules}");
    }
    assert_eq!(desk.on(&["settings", "lines", "2027-01-01", "off"]).code, 0);
    assert_eq!(desk.on(&["settings", "lines_from"]).out, "{}\n");
    assert_eq!(desk.on(&["settings", "review_days", "off"]).code, 0);
    assert_eq!(desk.on(&["settings", "review_days"]).out, "[]\n");
    // Lines without a day are those from the beginning.
    assert_eq!(desk.on(&["settings", "lines", "0.1", "5", "17", "50", "300"]).code, 0);
    let shape = desk.on(&["tiers", "--explain", "6000000001", "--json"]).json();
    assert_eq!(shape["steps"][3]["by_figure"], json!("potential"));
}

#[test]
fn rules_that_cannot_be_are_refused_and_nothing_changes() {
    let desk = stocked();
    let before = desk.on(&["settings"]).out;
    for wrong in [
        &["lines", "0.1", "5", "30", "20", "300"][..],
        &["lines", "0.1", "5", "20"],
        &["lines", "2027-01-01", "0.1", "5", "20", "50", "x"],
        &["lines", "2027-01-01", "0.1", "5", "60", "50", "300"],
        &["review_days", "0631"],
        &["review_days", "june"],
        &["fall_months", "2", "3"],
        &["fall_months", "61"],
        &["protect_months", "-1"],
    ] {
        let run = desk.on(&[&["settings"], wrong].concat());
        assert_ne!(run.code, 0, "{wrong:?} {}", run.out);
        assert!(!run.err.is_empty());
    }
    assert_eq!(desk.on(&["settings"]).out, before);
}

#[test]
fn changed_rules_move_people_and_the_move_is_kept() {
    let desk = stocked();
    assert_eq!(desk.on(&["settings", "fall_months", "0"]).code, 0);
    let shape = desk.on(&["tiers", "--explain", "6000000001", "--json"]).json();
    assert_eq!(shape["tier"], json!("ordinary"));
    let moved = &shape["moves"][0];
    assert_eq!(
        (&moved["from"], &moved["to"], &moved["why"]["why"], &moved["words"]),
        (&json!("potential"), &json!("ordinary"), &json!("rules_changed"), &json!("分级规则变了"))
    );
    assert_eq!(desk.on(&["show", "6000000001", "--json"]).json()["household"], json!(null));
}

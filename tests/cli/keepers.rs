//! Who keeps whom from the command line: orphans, giving by the rules, standing in, leaving.

use crate::desk::{CUSTOMERS, Desk};
use serde_json::json;

/// A branch of a manager, a teller and an account manager, with two customers nobody keeps; one ordinary, one potential.
fn branch() -> Desk {
    let desk = Desk::new();
    desk.write("客户.csv", CUSTOMERS);
    desk.write(
        "资产.csv",
        "客户号,数据日期,活期,定期,理财,基金,保险,国债,AUM时点,AUM月日均\n\
         6000000001,20261120,100000,0,0,0,0,0,100000,100000\n\
         6000000002,20261120,300000,0,0,0,0,0,300000,300000\n",
    );
    for args in [
        &["import", "客户.csv", "资产.csv"][..],
        &["staff", "add", "liqiang:李强:low_counter"],
        &["staff", "add", "sunli:孙丽:account_manager"],
        &["staff", "add", "zhou:周文:account_manager"],
    ] {
        let run = desk.on(args);
        assert_eq!(run.code, 0, "{args:?}: {}{}", run.out, run.err);
    }
    desk
}

fn owners(desk: &Desk) -> [serde_json::Value; 2] {
    ["6000000001", "6000000002"].map(|no| desk.on(&["show", no, "--json"]).json()["owner"].clone())
}

#[test]
fn orphans_are_listed_shown_where_they_would_go_and_given() {
    let desk = branch();
    let listed = desk.on(&["orphans", "--json"]).json();
    assert_eq!(
        listed[0],
        json!({"customer_no": "6000000002", "name": "单雄", "tier": "potential", "aum_fen": 30_000_000, "owner": null,
               "area": "旧城镇", "why": "no_keeper", "waits_for": null, "was_due": null})
    );
    assert_eq!(listed.as_array().unwrap().len(), 2);
    let text = desk.on(&["orphans"]).out;
    assert!(text.contains("无人维护的客户：2 位") && text.contains("无责任人"), "{text}");
    let preview = desk.on(&["assign", "--preview", "--json"]).json();
    assert_eq!(
        preview,
        json!([{"customer_no": "6000000002", "name": "单雄", "owner": null, "becomes": "sunli", "assistant": null},
               {"customer_no": "6000000001", "name": "张胜", "owner": null, "becomes": "liqiang", "assistant": null}])
    );
    assert_eq!(owners(&desk), [json!(null), json!(null)], "a preview changes nothing");
    let given = desk.on(&["assign", "--apply"]);
    assert_eq!((given.code, given.out.as_str()), (0, "2 位客户已分好\n"), "{}", given.err);
    assert_eq!(owners(&desk), [json!("liqiang"), json!("sunli")]);
    assert_eq!(desk.on(&["orphans", "--json"]).json(), json!([]));
    // One of the two is wanted.
    let run = desk.on(&["assign"]);
    assert_eq!(run.code, 2, "{}", run.out);
    assert_eq!(desk.on(&["assign", "--apply", "6999999999"]).code, 1);
}

#[test]
fn all_are_given_however_many_nobody_can_keep_and_those_are_counted_with_the_post_that_is_missing() {
    let desk = Desk::new();
    // More than a list shows whom nobody here keeps, before those whom the teller does.
    let (mut customers, mut assets) =
        (String::from("客户号,姓名\n"), String::from("客户号,数据日期,活期,AUM时点,AUM月日均\n"));
    for n in 0..620 {
        let yuan = if n < 510 { 300_000 } else { 20_000 };
        customers.push_str(&format!("{},甲{n}\n", 6_000_000_001_u64 + n));
        assets.push_str(&format!("{},20261120,{yuan},{yuan},{yuan}\n", 6_000_000_001_u64 + n));
    }
    desk.write("客户.csv", customers);
    desk.write("资产.csv", assets);
    for args in [&["import", "客户.csv", "资产.csv"][..], &["staff", "add", "liqiang:李强:high_counter"]] {
        let run = desk.on(args);
        assert_eq!(run.code, 0, "{args:?}: {}{}", run.out, run.err);
    }
    let stay = "没有人可接 510 位，本网点没有这些岗位的员工：潜力客户 510 位（客户经理、大堂经理）";
    let preview = desk.on(&["assign", "--preview"]).out;
    assert!(preview.contains("换责任人 110 位，不动 510 位") && preview.contains(stay), "{preview}");
    let given = desk.on(&["assign", "--apply"]);
    assert_eq!((given.code, given.out), (0, format!("110 位客户已分好\n{stay}\n")), "{}", given.err);
    assert_eq!(desk.on(&["show", "6000000620", "--json"]).json()["owner"], json!("liqiang"));
    // Again: nobody is left who can be given.
    assert_eq!(desk.on(&["assign", "--apply"]).out, format!("0 位客户已分好\n{stay}\n"));
    // Somebody of the post comes: all are given at once, though only the first are shown.
    assert_eq!(desk.on(&["staff", "add", "sunli:孙丽:account_manager"]).code, 0);
    let preview = desk.on(&["assign", "--preview", "--reason", "新人"]);
    assert!(preview.code == 0 || preview.err.contains("--second"), "{}", preview.err);
    assert_eq!(desk.on(&["assign", "--apply"]).out, "510 位客户已分好\n");
    assert_eq!(desk.on(&["assign", "--apply"]).out, "0 位客户已分好\n");
}

#[test]
fn a_colleague_stands_in_and_another_leaves_after_a_look() {
    let desk = branch();
    desk.on(&["assign", "--apply"]);
    let delegate =
        ["staff", "delegate", "sunli", "liqiang", "--from", "2026-11-23", "--to", "2026-11-25", "--reason", "休假"];
    let run = desk.on(&delegate);
    assert_eq!((run.code, run.out.as_str()), (0, "2026-11-23 至 2026-11-25 李强 代 孙丽\n"), "{}", run.err);
    assert!(desk.on(&["staff"]).out.contains("李强 代 孙丽 11-23 至 11-25 休假"));
    let again = desk.on(&delegate);
    assert!(again.code == 1 && again.err.contains("已由 李强 代理"), "{}", again.err);
    // Leaving: shown first, then done; the rules give all to the other account manager.
    let look = desk.on(&["staff", "leave", "sunli", "--by-rules", "--dry-run"]).out;
    assert!(look.contains("换责任人 1 位") && look.contains("周文"), "{look}");
    assert_eq!(owners(&desk)[1], json!("sunli"));
    let left = desk.on(&["staff", "leave", "sunli", "--by-rules"]);
    assert_eq!(left.code, 0, "{}", left.err);
    assert!(left.out.starts_with("孙丽 已离岗：移交客户 1 位"), "{}", left.out);
    assert_eq!(owners(&desk)[1], json!("zhou"));
    assert!(!desk.on(&["staff"]).out.contains("孙丽"));
    let run = desk.on(&["staff", "leave", "zhou"]);
    assert_eq!(run.code, 2, "to whom must be said: {}", run.out);
    let run = desk.on(&["staff", "leave", "zhou", "--to", "liqiang"]);
    assert_eq!((run.code, owners(&desk)[1].clone()), (0, json!("liqiang")), "{}", run.err);
}

#[test]
fn the_rules_of_keepers_are_set_like_any_setting_and_name_only_who_works_here() {
    let desk = branch();
    let rules = |code: &str| {
        json!([{"tier": "ordinary", "owner": "account_manager", "keeper": code}, {"tier": "potential", "owner": "account_manager"}])
            .to_string()
    };
    let run = desk.on(&["settings", "keepers", &rules("nobody")]);
    assert!(run.code == 1 && run.err.contains("没有工号为「nobody」"), "{}", run.err);
    assert_eq!(desk.on(&["settings", "keepers", &rules("zhou")]).code, 0);
    let preview = desk.on(&["assign", "--preview", "--json"]).json();
    let to: Vec<_> = preview.as_array().unwrap().iter().map(|m| m["becomes"].as_str().unwrap()).collect();
    assert_eq!(to, ["sunli", "zhou"]);
}

//! `report outflow` and `report loyal`, from the files of the core system to the numbers.

use crate::desk::{CUSTOMERS, Desk, done};
use serde_json::json;

/// Two customers, one of 李华's; money of both at other banks, loans of both in two files.
fn stocked() -> Desk {
    let desk = Desk::new();
    done(&desk.on(&["staff", "add", "lihua:李华:account_manager"]));
    desk.write("客户.csv", CUSTOMERS);
    desk.write(
        "资产.csv",
        "数据日期,客户号,活期余额,定期余额,理财,基金,保险,国债,AUM时点,AUM月日均\n\
         20261118,6000000001,510000.00,0,0,0,0,0,510000.00,510000.00\n\
         20261118,6000000002,300000.00,0,0,0,0,0,300000.00,300000.00\n",
    );
    desk.write(
        "交易.csv",
        "客户号,日期,流水号,借贷,金额,渠道,对手行,摘要\n\
         6000000001,2026-11-17,1,借,60000.00,转账,工商银行,\n\
         6000000001,2026-11-18,2,借,20000.00,转账,建设银行,\n\
         6000000001,2026-11-18,3,贷,90000.00,转账,工商银行,\n\
         6000000002,2026-11-19,4,借,70000.00,转账,建设银行,\n",
    );
    let loans =
        "客户号,借据号,产品,发放额,余额,发放日,到期日,下次还款日,应还额,逾期天数,五级分类,用途,还款方式,还款账户\n";
    let one = |no: &str, note: &str, on: &str, late: u32| {
        format!("{no},{note},农户小额贷,80000.00,16000.00,{on},20271231,20261201,3000.00,{late},正常,经营,等额本息,\n")
    };
    let first = one("6000000001", "JJ1", "20240401", 12) + &one("6000000002", "JJ3", "20250501", 0);
    // JJ1 is repaid on time again, a second one was lent.
    let second = one("6000000001", "JJ1", "20240401", 0)
        + &one("6000000001", "JJ2", "20260401", 0)
        + &one("6000000002", "JJ3", "20250501", 0);
    desk.write("贷款1.csv", format!("{loans}{first}"));
    desk.write("贷款2.csv", format!("{loans}{second}"));
    for (file, as_of) in [
        ("客户.csv", "2026-11-18"),
        ("资产.csv", "2026-11-18"),
        ("交易.csv", "2026-11-19"),
        ("贷款1.csv", "2026-10-20"),
        ("贷款2.csv", "2026-11-19"),
    ] {
        done(&desk.on(&["import", file, "--as-of", as_of]));
    }
    done(&desk.on(&["set", "6000000002", "owner", "lihua"]));
    desk
}

#[test]
fn outflow_is_ranked_by_bank_and_narrowed_to_bank_and_keeper() {
    let desk = stocked();
    let all = desk.on(&["report", "outflow", "--json"]).json();
    assert_eq!(
        (&all["as_of"], &all["from"], &all["over"]),
        (&json!("2026-11-19"), &json!("2026-10-23"), &json!("branch"))
    );
    assert_eq!((&all["sum_fen"], &all["customers"], &all["open"]), (&json!(15_000_000), &json!(2), &json!(2)));
    let banks: Vec<_> =
        all["banks"].as_array().unwrap().iter().map(|b| (&b["bank"], &b["sum_fen"], &b["customers"])).collect();
    let (ccb, icbc) = (json!("建设银行"), json!("工商银行"));
    assert_eq!(banks, [(&ccb, &json!(9_000_000), &json!(2)), (&icbc, &json!(6_000_000), &json!(1))]);
    let own = json!({"owner": "lihua", "sum_fen": 7_000_000, "customers": 1, "open": 1});
    assert_eq!(all["banks"][0]["keepers"][0], own);
    let told = desk.on(&["report", "outflow"]);
    for words in ["转他行 10-23 至 11-21 全网点 数据 11-19", "全部      15.0万  100%  2", "建设银行  9.0万   60%   2"]
    {
        assert!(told.out.contains(words), "{words}: {}", told.out);
    }
    let one = desk.on(&["report", "outflow", "--bank", "建设银行", "--keeper", "lihua"]).out;
    assert!(one.contains("单雄") && one.contains("7.0万") && !one.contains("张胜"), "{one}");
    // The manager is told of their own customers alone.
    let mine = desk.on(&["report", "outflow", "--json", "--staff", "lihua"]).json();
    assert_eq!((&mine["sum_fen"], &mine["over"]), (&json!(7_000_000), &json!("own")));
    let unknown = desk.on(&["report", "outflow", "--bank", "花旗"]);
    assert!(unknown.code != 0 && unknown.err.contains("不写 --bank"), "{}", unknown.err);
}

#[test]
fn borrowers_of_three_years_are_listed_with_the_rate_of_each_keeper() {
    let desk = stocked();
    let all = desk.on(&["report", "loyal", "--json"]).json();
    assert_eq!((&all["first_file"], &all["as_of"]), (&json!("2026-10-20"), &json!("2026-11-19")));
    assert_eq!(
        all["all"],
        json!({"borrowers": 2, "again": 1, "rate_tenths": 500, "borrowers_year_ago": 2, "again_year_ago": 0,
               "rate_tenths_year_ago": 0, "lent_year": 1, "lent_year_again": 1, "with_years": 2})
    );
    let first = &all["of"][0];
    assert_eq!((&first["customer_no"], &first["years"], &first["loans"]), (&json!("6000000001"), &json!(7), &json!(2)));
    // Once late, not any more.
    assert_eq!(
        (&first["late_ever"], &first["late_now"], &first["lent_fen"]),
        (&json!(1), &json!(0), &json!(16_000_000))
    );
    assert_eq!(desk.on(&["report", "loyal", "--years", "7", "--json"]).json()["of"].as_array().unwrap().len(), 1);
    let told = desk.on(&["report", "loyal"]).out;
    for words in ["合作与复贷 合作满3年 全网点 数据 11-19", "50.0%", "+50.0", "曾逾期1笔", "2026-10-20 首个贷款文件前"]
    {
        assert!(told.contains(words), "{words}: {told}");
    }
    let mine = desk.on(&["report", "loyal", "--staff", "lihua", "--json"]).json();
    assert_eq!((&mine["all"]["borrowers"], &mine["of"].as_array().unwrap().len()), (&json!(1), &1));
    // An import taken back is not counted any more.
    done(&desk.on(&["undo", "5"]));
    assert_eq!(desk.on(&["report", "loyal", "--json"]).json()["all"]["again"], json!(0));
}

#[test]
fn without_files_a_report_says_which_one_to_import() {
    let desk = Desk::new();
    for (report, words) in [("outflow", "guitai import 交易.csv"), ("loyal", "guitai import 贷款.csv")] {
        let told = desk.on(&["report", report]);
        assert!(told.code == 0 && told.out.contains(words), "{}{}", told.out, told.err);
    }
}

#[test]
fn an_empty_report_names_the_option_that_looks_further_and_no_key_of_the_screen() {
    let desk = stocked();
    for (args, option) in [
        (&["report", "credit"][..], "--month"),
        (&["report", "outflow", "--days", "1"], "--days"),
        (&["report", "loyal", "--years", "10"], "--years"),
    ] {
        for lang in ["zh", "en"] {
            let told = desk.on(&[args, &["--lang", lang]].concat());
            assert!(told.code == 0 && told.out.contains(option), "{args:?} {}{}", told.out, told.err);
            let keys = ['←', '→'].iter().any(|k| told.out.contains(*k)) || told.out.contains("arrow");
            assert!(!keys, "{args:?} {}", told.out);
        }
    }
}

#[test]
fn targets_are_settings_and_what_was_reached_stands_beside_them() {
    let desk = stocked();
    done(&desk.on(&["log", "6000000002", "--channel", "phone", "--outcome", "reached", "--staff", "lihua"]));
    done(&desk.on(&["settings", "targets", "lihua", "contacts", "4"]));
    done(&desk.on(&["settings", "targets", "account_manager", "2026-12", "contacts", "9"]));
    done(&desk.on(&["settings", "targets", "branch", "new", "2"]));
    let now = desk.on(&["report", "targets", "--json"]).json();
    let one = |x: &serde_json::Value, code: &str| {
        x["people"].as_array().unwrap().iter().find(|p| p["staff"] == code).unwrap()["contacts"].clone()
    };
    assert_eq!(one(&now, "lihua"), json!({"reached": 1, "target": 4, "percent": 25}));
    assert_eq!(now["all"]["new"]["target"], json!(2));
    // One's own target goes before that of the post.
    let next = desk.on(&["report", "targets", "--month", "2026-12", "--json"]).json();
    assert_eq!(one(&next, "lihua"), json!({"reached": 0, "target": 4, "percent": 0}));
    done(&desk.on(&["settings", "targets", "lihua", "contacts", "off"]));
    let next = desk.on(&["report", "targets", "--month", "2026-12", "--json"]).json();
    assert_eq!(one(&next, "lihua")["target"], json!(9));
    let told = desk.on(&["report", "targets"]).out;
    assert!(told.contains("工作目标 2026-11 截至 11-21 全网点") && told.contains("李华"), "{told}");
    assert!(desk.on(&["settings", "targets"]).out.contains(r#""account_manager 2026-12 contacts":9"#));
    for wrong in [
        &["lihua", "calls", "4"][..],
        &["nobody", "contacts", "4"],
        &["lihua", "2026-13", "contacts", "4"],
        &["lihua", "retained", "101"],
        &["lihua"],
    ] {
        let run = desk.on(&[&["settings", "targets"], wrong].concat());
        assert!(run.code != 0 && !run.err.is_empty(), "{wrong:?}");
    }
    assert_ne!(desk.on(&["settings", "targets", "lihua", "contacts", "4", "--staff", "lihua"]).code, 0);
    assert_ne!(desk.on(&["report", "targets", "--month", "11"]).code, 0);
}

#[test]
fn the_share_of_the_introducer_is_a_setting() {
    let desk = stocked();
    done(&desk.on(&["settings", "introducer_percent", "40"]));
    let told = desk.on(&["report", "credit", "--json"]).json();
    assert_eq!((&told["introducer_percent"], &told["of"]), (&json!(40), &json!([])));
    assert_ne!(desk.on(&["settings", "introducer_percent", "101"]).code, 0);
    let text = desk.on(&["report", "credit"]);
    assert!(text.out.contains("引荐 40%") && text.out.contains("没有被接受的移交"), "{}", text.out);
}

//! `entitle`: proposed by one, approved by another, seen in `show`, the report of long-term customers and the log.

use crate::desk::{CUSTOMERS, Desk, Run, done};
use serde_json::json;

/// 李华, account manager, keeps both customers; 王敏 is the branch manager; one of them has had a loan since 2022.
fn stocked() -> Desk {
    let desk = Desk::new();
    done(&desk.on(&["staff", "add", "lihua:李华:account_manager"]));
    desk.write("客户.csv", CUSTOMERS);
    desk.write(
        "贷款.csv",
        "客户号,借据号,产品,发放额,余额,发放日,到期日,下次还款日,应还额,逾期天数,五级分类,用途,还款方式,还款账户\n\
         6000000001,JJ1,农户小额贷,80000.00,16000.00,20220401,20271231,20261201,3000.00,0,正常,经营,等额本息,\n\
         6000000002,JJ2,农户小额贷,80000.00,16000.00,20220401,20271231,20261201,3000.00,0,正常,经营,等额本息,\n",
    );
    for file in ["客户.csv", "贷款.csv"] {
        done(&desk.on(&["import", file, "--as-of", "2026-11-19"]));
    }
    for no in ["6000000001", "6000000002"] {
        done(&desk.on(&["set", no, "owner", "lihua"]));
    }
    desk
}

fn by(desk: &Desk, who: &str, args: &[&str]) -> Run {
    desk.on(&[&["--staff", who], args].concat())
}

const PROPOSE: [&str; 9] = [
    "entitle",
    "propose",
    "6000000001",
    "rate",
    "一年期利率减20基点",
    "--until",
    "2027-11-20",
    "--reason",
    "合作五年，无逾期",
];

#[test]
fn one_proposes_another_approves_and_it_ends_by_itself() {
    let desk = stocked();
    let none = by(&desk, "lihua", &["entitle", "show", "6000000001"]);
    assert!(none.out.contains("没有优惠与额度") && none.out.contains("rate limit fee"), "{}", none.out);
    let run = by(&desk, "lihua", &PROPOSE);
    assert!(run.out.contains("1  优惠利率  一年期利率减20基点  待批 至 2027-11-20 李华提"), "{}{}", run.out, run.err);
    let own = by(&desk, "lihua", &["entitle", "approve", "6000000001", "--reason", "同意"]);
    assert!(own.code == 1 && own.err.contains("「批准优惠与额度」只有") && own.err.contains("可请王敏"), "{}", own.err);
    // It stands in the queue of the branch manager until it is decided.
    let queue = by(&desk, "wangmin", &["today"]);
    assert!(queue.out.contains("李华 转来：请批优惠利率，至 2027-11-20"), "{}", queue.out);
    let silent = by(&desk, "wangmin", &["entitle", "refuse", "6000000001", "--reason", " "]);
    assert!(silent.code == 1 && silent.err.contains("理由"), "{}", silent.err);
    let run = by(&desk, "wangmin", &["entitle", "refuse", "6000000001", "--reason", "本季额度已满"]);
    assert!(run.out.contains("已拒绝 11-21 王敏") && run.out.contains("本季额度已满"), "{}{}", run.out, run.err);
    done(&by(&desk, "lihua", &PROPOSE));
    let run = by(&desk, "wangmin", &["entitle", "approve", "6000000001", "--reason", "同意"]);
    assert!(run.out.contains("2  优惠利率  一年期利率减20基点  生效中 至 2027-11-20 王敏批"), "{}{}", run.out, run.err);
    assert!(!by(&desk, "wangmin", &["today"]).out.contains("请批优惠利率"));

    // In the archive, for people and programs.
    let told = by(&desk, "lihua", &["show", "6000000001"]).out;
    assert!(told.contains("优惠与额度") && told.contains("生效中 至 2027-11-20 王敏批"), "{told}");
    let all = by(&desk, "lihua", &["show", "6000000001", "--json"]).json();
    let second = &all["entitlements"][1];
    assert_eq!(
        (&second["kind"], &second["state"], &second["proposed_by"], &second["decided_by"], &second["until"]),
        (&json!("rate"), &json!("holds"), &json!("lihua"), &json!("wangmin"), &json!("2027-11-20"))
    );
    // The list of long-term customers says who has one already.
    let list = by(&desk, "wangmin", &["report", "loyal", "--json"]).json();
    let of = |no: &str| list["of"].as_array().unwrap().iter().find(|x| x["customer_no"] == no).unwrap().clone();
    assert_eq!(of("6000000001")["entitlement"], json!({"kind": "rate", "state": "holds", "until": "2027-11-20"}));
    assert_eq!(of("6000000002")["entitlement"], json!(null));
    let told = by(&desk, "wangmin", &["report", "loyal"]).out;
    let line = |name: &str| told.lines().find(|l| l.starts_with(name)).unwrap().trim_end().to_owned();
    assert!(line("张胜").ends_with("优惠利率") && !line("单雄").contains("优惠利率"), "{told}");
    done(&by(&desk, "lihua", &["entitle", "show", "6000000001"]));
    let looks = by(&desk, "wangmin", &["audit", "--customer", "6000000001", "--action", "view"]).out;
    assert!(looks.contains("去处 entitle"), "{looks}");
    // Who did what is in the log, in words.
    let log = by(&desk, "wangmin", &["audit", "--customer", "6000000001", "--action", "part"]).out;
    assert!(log.contains("状态 待批 → 已批准") && log.contains("批的人 王敏") && log.contains("批语 同意"), "{log}");

    // The day after the last one.
    let over =
        desk.run(&["--staff", "lihua", "entitle", "show", "6000000001", "--db", "branch.db", "--today", "2027-11-21"]);
    assert!(over.out.contains("已到期 至 2027-11-20") && !over.out.contains("生效中"), "{}{}", over.out, over.err);
}

#[test]
fn a_proposal_is_withdrawn_one_in_force_is_taken_back_and_the_rest_is_refused_in_words() {
    let desk = stocked();
    for (args, code, words) in [
        (vec!["entitle", "approve", "6000000001", "--reason", "x"], 1, "没有这样的优惠与额度（待批、过期未批）"),
        (
            vec!["entitle", "propose", "6000000001", "gold", "x", "--until", "2027-01-01", "--reason", "x"],
            1,
            "优惠利率",
        ),
        (vec!["entitle", "propose", "6000000001", "rate", "x", "--until", "2026-01-01", "--reason", "x"], 1, "太早"),
        (vec!["entitle", "propose", "6000000001", "rate", " ", "--until", "2027-01-01", "--reason", "x"], 1, "不能空"),
    ] {
        let run = by(&desk, "wangmin", &args);
        assert!(run.code == code && run.err.contains(words), "{args:?}: {}", run.err);
    }
    done(&by(&desk, "lihua", &PROPOSE));
    done(&by(&desk, "lihua", &PROPOSE));
    let two = by(&desk, "wangmin", &["entitle", "approve", "6000000001", "--reason", "同意"]);
    assert!(two.code == 2 && two.err.contains("请写编号"), "{}", two.err);
    done(&by(&desk, "lihua", &["entitle", "withdraw", "6000000001", "2"]));
    done(&by(&desk, "wangmin", &["entitle", "approve", "6000000001", "--reason", "同意"]));
    let late = by(&desk, "lihua", &["entitle", "withdraw", "6000000001", "1"]);
    assert!(late.code == 1 && late.err.contains("已经批过"), "{}", late.err);
    let kept = by(&desk, "lihua", &["entitle", "end", "6000000001", "--reason", "不要了"]);
    assert!(kept.code == 1 && kept.err.contains("只有"), "{}", kept.err);
    let ended = by(&desk, "wangmin", &["entitle", "end", "6000000001", "--reason", "逾期两次"]);
    assert!(ended.out.contains("已收回 11-21 王敏") && ended.out.contains("逾期两次"), "{}{}", ended.out, ended.err);
}

//! What colleagues have is told by no command to who may not open their archives. The table of rights row by row is in `posts`.

use crate::desk::{Desk, done};
use guitai::domain::staff::Role;

/// Two of each post with a customer each; 王敏, branch manager, made the file.
fn branch() -> Desk {
    let desk = Desk::new();
    let mut csv = String::from("客户号,姓名,手机,地址\n");
    for (i, role) in Role::ALL.iter().enumerate() {
        for n in 1..=2 {
            let person = format!("{}{n}:{}{n}:{}", role.code(), role.label().zh, role.code());
            done(&desk.on(&["staff", "add", &person]));
            csv.push_str(&format!("{},客户甲,139852100{i}{n},玉溪镇{i}{n}号\n", no(i, n)));
        }
    }
    desk.write("客户.csv", &csv);
    done(&desk.on(&["import", "客户.csv"]));
    for (i, role) in Role::ALL.iter().enumerate() {
        for n in 1..=2 {
            done(&desk.on(&["set", &no(i, n), "owner", &format!("{}{n}", role.code())]));
        }
    }
    desk
}

fn no(role: usize, n: usize) -> String {
    format!("60000000{role}{n}")
}

/// Two account managers' customers with figures that nobody else has, two of them alike and one near a line, and a deposit that matures.
fn figured() -> Desk {
    let desk = branch();
    let mut csv = String::from("客户号,姓名,手机\n");
    let mut sums = String::from("数据日期,客户号,活期余额,定期余额,理财,基金,保险,国债,AUM时点,AUM月日均\n");
    for (no, name, phone, yuan) in [
        ("7000000001", "罗远", "13985219901", 314_159),
        ("7000000002", "罗远", "13985219901", 275_828),
        ("7000000003", "吴敬", "13985219903", 223_377),
    ] {
        csv.push_str(&format!("{no},{name},{phone}\n"));
        sums.push_str(&format!("20261120,{no},{yuan}.00,0.00,0.00,0.00,0.00,0.00,{yuan}.00,{yuan}.00\n"));
    }
    desk.write("客户二.csv", &csv);
    desk.write("资产.csv", &sums);
    done(&desk.on(&["import", "客户二.csv"]));
    for no in ["7000000001", "7000000002", "7000000003"] {
        done(&desk.on(&["set", no, "owner", "account_manager1"]));
    }
    done(&desk.on(&["import", "资产.csv"]));
    desk
}

const TELLING: [&str; 12] =
    ["314159", "314,159", "31.4", "275828", "275,828", "27.6", "223377", "223,377", "22.3", "59.0", "589987", "81.3"];

#[test]
fn no_command_tells_a_colleague_what_a_customer_out_of_reach_has() {
    let desk = figured();
    let commands: [&[&str]; 21] = [
        &["find", "罗远"],
        &["find", "资产:>30万"],
        &["find", "aum:30w-32w"],
        &["find", "#潜力"],
        &["find", "owner:account_manager1"],
        &["find", "13985219901"],
        &["board"],
        &["today"],
        &["today", "--branch"],
        &["birthdays", "--days", "400"],
        &["orphans"],
        &["duplicates"],
        &["tiers"],
        &["tiers", "--if", "potential=31万"],
        &["tiers", "--if", "potential=23万"],
        &["tiers", "--explain", "7000000001"],
        &["assign", "7000000001", "--preview"],
        &["show", "7000000001"],
        &["report", "value", "7000000001"],
        &["staff"],
        &["settings"],
    ];
    for (who, whole) in [
        ("high_counter1", false),
        ("low_counter1", false),
        ("lobby_manager1", false),
        ("account_manager2", false),
        ("am_supervisor1", false),
        ("account_manager1", true),
        ("branch_manager1", true),
        ("compliance2", true),
    ] {
        let mut all = String::new();
        for command in commands {
            for json in [&[][..], &["--json"]] {
                let args: Vec<&str> = [&["--staff", who], command, json].concat();
                let run = desk.on(&args);
                let said = run.out + &run.err;
                for telling in TELLING {
                    assert!(whole || !said.contains(telling), "{args:?}: {telling} in\n{said}");
                }
                all.push_str(&said);
            }
        }
        assert_eq!(TELLING[..3].iter().any(|t| all.contains(t)), whole, "{who}\n{all}");
    }
}

#[test]
fn asking_by_assets_finds_ones_own_and_whom_one_leads() {
    let desk = figured();
    done(&desk.on(&["staff", "add", "led:新经理:account_manager", "--leader", "am_supervisor1"]));
    done(&desk.on(&["set", "7000000001", "owner", "led"]));
    for (who, found) in [
        ("led", 1),
        ("account_manager1", 1),
        ("account_manager2", 0),
        ("am_supervisor1", 1),
        ("am_supervisor2", 0),
        ("branch_manager2", 2),
    ] {
        let run = desk.on(&["--staff", who, "find", "资产:>25万", "--json"]);
        assert_eq!(run.json().as_array().map(Vec::len), Some(found), "{who}");
        // Their names are for everybody.
        let run = desk.on(&["--staff", who, "find", "罗远", "--json"]);
        assert_eq!(run.json().as_array().map(Vec::len), Some(2), "{who}");
    }
    let sums = |who: &str| desk.on(&["--staff", who, "board", "--json"]).json()["tiers"][3]["aum_fen"].clone();
    assert_eq!(sums("branch_manager1"), serde_json::json!(81_336_400));
    assert_eq!(sums("account_manager1"), serde_json::Value::Null);
}

//! `guitai mapping`: propose, take in, use, pass on, forget.

use crate::desk::{CUSTOMERS, Desk};

const LOANS: &str =
    "客户编号,借据编号,放款金额,贷款余额,风险分类\n6000000001,JJ1,80952.00,16865.00,正常\n6000000002,JJ2,1,x,正常\n";

#[test]
fn a_mapping_is_proposed_taken_in_used_passed_on_and_forgotten() {
    let desk = Desk::new();
    desk.write("customers.csv", CUSTOMERS);
    desk.write("loans.csv", LOANS);
    assert_eq!(desk.on(&["import", "customers.csv"]).code, 0);
    let refused = desk.on(&["import", "loans.csv"]);
    assert!(refused.code != 0 && refused.err.contains("mapping propose"), "{}", refused.err);

    let proposed = desk.run(&["mapping", "propose", "loans.csv", "--today", "2026-11-21"]);
    assert_eq!(proposed.code, 0, "{}", proposed.err);
    assert!(proposed.out.contains("# 2 6000000001 | JJ1 |  | 80,952.00 | 16,865.00 |"), "{}", proposed.out);
    assert!(proposed.out.contains("#   贷款余额: 「x」不是金额"), "{}", proposed.out);
    desk.write("m.toml", proposed.out.replace("name = \"贷款\"", "name = \"信贷系统\""));
    let taken = desk.on(&["mapping", "import", "m.toml"]);
    assert_eq!((taken.code, taken.out.as_str()), (0, "已取入栏目对照「信贷系统」（贷款）\n"), "{}", taken.err);
    let listed = desk.on(&["mapping", "list"]);
    assert!(listed.out.starts_with("信贷系统  贷款  5  客户编号,"), "{}", listed.out);

    let report = desk.on(&["import", "loans.csv", "--json"]).json();
    assert_eq!((report[0]["new"].as_u64(), report[0]["rejected"].as_u64()), (Some(1), Some(1)), "{report}");

    assert_eq!(desk.on(&["mapping", "export", "信贷系统", "out.toml"]).code, 0);
    assert_eq!(desk.on(&["mapping", "show", "信贷系统"]).out, std::fs::read_to_string(desk.path("out.toml")).unwrap());
    assert_ne!(desk.on(&["mapping", "export", "信贷系统", "out.toml"]).code, 0, "nothing is written over");
    assert_eq!(desk.on(&["mapping", "drop", "信贷系统"]).code, 0);
    assert_eq!(desk.on(&["mapping", "list"]).out, "");
    let gone = desk.on(&["mapping", "show", "信贷系统"]);
    assert!(gone.code != 0 && gone.err.contains("没有名为"), "{}", gone.err);
    desk.write("bad.toml", "name = \"x\"\n");
    assert!(desk.on(&["mapping", "import", "bad.toml"]).err.contains("不是栏目对照"));
}

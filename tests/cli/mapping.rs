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
    assert!(proposed.out.contains("# 下一步：存成文件") && proposed.out.contains("mapping import"), "{}", proposed.out);
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

#[test]
fn a_proposal_names_nobody_for_it_goes_to_other_branches() {
    let desk = Desk::new();
    let text = "客户编号,客户名称,证件号码,联系电话,家庭住址\n\
        6000000001,张山河,520325196611212452,13985210001,贵州省遵义市道真县玉溪镇解放路1号\n";
    desk.write("in.csv", text);
    let out = desk.run(&["mapping", "propose", "in.csv", "--today", "2026-11-21"]).out;
    assert!(out.contains("layout = \"customers\"") && out.contains("# 2 6000000001 | 张**"), "{out}");
    for whole in ["张山河", "520325196611212452", "13985210001", "解放路"] {
        assert!(!out.contains(whole), "{whole}: {out}");
    }
    let help = desk.run(&["mapping", "propose", "--help"]).out;
    assert!(help.contains("资产") && help.contains("figures"), "{help}");

    desk.write("assets.csv", "客户编号,客户名称,活期存款,定期存款,总资产(万元)\n6000000001,张山河,1,2,3\n");
    let out = desk.run(&["mapping", "propose", "assets.csv", "--today", "2026-11-21"]).out;
    assert!(out.contains("# 还缺：数据日期") && out.contains("as_of = \"2026-11-20\""), "{out}");
    let whole = out.replace("layout = \"figures\"", "layout = \"figures\"\nas_of = \"2026-11-20\"");
    desk.write("m.toml", whole);
    assert_eq!(desk.on(&["mapping", "import", "m.toml"]).code, 0);
}

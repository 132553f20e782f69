//! Who is who from the command line: the list, merging, parting.

use crate::desk::Desk;
use serde_json::json;

#[test]
fn two_of_different_documents_are_merged_only_when_that_is_said_and_parted_as_ever() {
    let desk = Desk::new();
    desk.write(
        "客户.csv",
        "客户号,姓名,证件类型,证件号,手机,地址,开户日,开户机构\n\
         6000000001,张胜,居民身份证,520325198505115113,13800000001,旧城镇1号,20190301,营业部\n\
         6000000002,张胜,居民身份证,520325198505110013,13800000001,旧城镇2号,20190301,营业部\n",
    );
    let run = desk.on(&["import", "客户.csv"]);
    assert_eq!(run.code, 0, "{}{}", run.out, run.err);
    let merge = ["merge", "6000000001", "6000000002"];
    let run = desk.on(&merge);
    assert!(run.code == 1 && run.out.is_empty(), "{}", run.out);
    assert!(run.err.contains("证件号不同") && run.err.contains("--anyway"), "{}", run.err);
    assert!(run.err.contains("5113") && run.err.contains("0013"), "{}", run.err);
    assert!(!run.err.contains("19850511"), "masked: {}", run.err);
    let run = desk.on(&[&merge[..], &["--anyway"]].concat());
    assert_eq!(run.code, 0, "{}", run.err);
    assert_eq!(desk.on(&["part", "6000000002"]).code, 0);
    assert_eq!(desk.on(&["show", "6000000002", "--json"]).code, 0);
}

#[test]
fn duplicates_are_listed_merged_and_parted() {
    let desk = Desk::new();
    desk.write(
        "客户.csv",
        "客户号,姓名,证件类型,证件号,手机,地址,开户日,开户机构\n\
         6000000001,张胜,居民身份证,520325198505115113,13800000001,旧城镇1号,20190301,营业部\n\
         6000000002,张胜,居民身份证,520325850511511,,旧城镇2号,20190301,营业部\n",
    );
    let run = desk.on(&["import", "客户.csv"]);
    assert_eq!(run.code, 0, "{}{}", run.out, run.err);
    let listed = desk.on(&["duplicates", "--json"]).json();
    assert_eq!(listed[0]["certainty"], json!("certain"), "{listed}");
    assert_eq!(listed[0]["by"], json!(["document", "name_and_birthday"]));
    assert!(desk.on(&["duplicates"]).out.contains("一定"));
    let run = desk.on(&["merge", "6000000001", "6000000002"]);
    assert_eq!((run.code, run.out.as_str()), (0, "已合并：6000000002 张胜 并入 6000000001 张胜\n"), "{}", run.err);
    assert_eq!(desk.on(&["duplicates", "--json"]).json(), json!([]));
    let run = desk.on(&["part", "6000000002"]);
    assert_eq!(run.code, 0, "{}", run.err);
    assert_eq!(desk.on(&["duplicates", "--json"]).json().as_array().unwrap().len(), 1);
    let run = desk.on(&["part", "6000000002"]);
    assert!(run.code == 1 && run.err.contains("没有并入别的档案"), "{}", run.err);
}

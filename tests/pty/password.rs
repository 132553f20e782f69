//! Passwords typed at a real terminal: asked for, taken, and never shown.

use crate::glass::{Glass, branch};

const FIRST: &str = "Qing-shan-2026";
const SECOND: &str = "Lv-shui-2027";

fn on(args: &[&str]) -> Vec<String> {
    args.iter().chain(&["--db", "branch.db", "--lang", "zh"]).map(|a| (*a).to_owned()).collect()
}

#[test]
fn a_password_is_asked_for_without_showing_it_and_a_slip_of_the_second_typing_changes_nothing() {
    let home = tempfile::tempdir().unwrap();
    branch(home.path());
    let run = |args: &[&str], typed: &[(&str, &str)], said: &str, code: u32| {
        let args = on(args);
        let args: Vec<&str> = args.iter().map(String::as_str).collect();
        let mut glass = Glass::open(home.path(), &args, (80, 24));
        for (question, answer) in typed {
            glass.wait_for(question);
            glass.type_keys(&format!("{answer}\r"));
        }
        glass.wait_for(said);
        assert_eq!(glass.code(), code);
        let shown = glass.look(|s| s.contents());
        for word in [FIRST, SECOND, "Qing", "2027"] {
            assert!(!shown.contains(word), "{word} is shown: {shown}");
        }
    };
    let change = ["staff", "password", "wangmin", "--staff", "wangmin"];
    // What will not do is said before it is typed again, and the question comes back; so it does after a slip.
    let typed = [
        ("新密码（至少 8 位）", "short"),
        ("密码至少 8 位，请再想一个", FIRST),
        ("再输一遍", SECOND),
        ("两次输入不一样，请从头再输", FIRST),
        ("再输一遍", FIRST),
    ];
    run(&change, &[("新密码（至少 8 位）", FIRST), ("再输一遍", "\u{3}")], "已取消", 1);
    run(&change, &typed, "密码已改", 0);
    run(&["staff", "--staff", "wangmin"], &[("密码", FIRST)], "王敏", 0);
    // Two letters too many taken back, and a line begun anew.
    run(&["staff", "--staff", "wangmin"], &[("密码", "Qing-shan-2026xy\u{7f}\u{7f}")], "王敏", 0);
    run(&["staff", "--staff", "wangmin"], &[("密码", "no\u{15}Qing-shan-2026")], "王敏", 0);
    run(&["staff"], &[("工号", "wangmin"), ("密码", FIRST)], "客户经理", 0);
    run(&["staff", "--staff", "wangmin"], &[("密码", SECOND)], "工号或密码不对", 1);
    run(&["staff", "--staff", "wangmin"], &[("密码", "\u{3}")], "已取消", 1);
}

//! Passwords by the real binary: read from a descriptor, never from arguments or the environment; asked for where they are set; and written
//! nowhere.

use crate::desk::{CUSTOMERS, Desk, Run};
use std::fs;
use std::path::Path;
use std::process::Command;

const FIRST: &str = "Qing-shan-2026";
const SECOND: &str = "Lv-shui-2027";
const THIRD: &str = "Bai-yun-2028";

/// A desk whose first member of staff, the branch manager, has a password.
fn desk() -> Desk {
    let desk = Desk::bare();
    let first = ["init", "branch.db", "--plain", "--branch", "道真支行", "--staff", "wangmin:王敏:branch_manager"];
    let made = desk.say(&first, &[FIRST]);
    assert_eq!(made.code, 0, "{}", made.err);
    desk
}

fn fine(run: &Run) {
    assert_eq!(run.code, 0, "{}{}", run.out, run.err);
}

#[test]
fn who_has_a_password_gives_it_for_each_command_that_opens_the_file() {
    let desk = desk();
    desk.write("客户.csv", CUSTOMERS);
    for command in [&["import", "客户.csv"][..], &["find", "zs"], &["show", "6000000001"], &["today"], &["staff"]] {
        let named = [command, &["--staff", "wangmin"]].concat();
        fine(&desk.say(&named, &[FIRST]));
        for (run, code, words) in [
            (desk.on(command), 2, "--password-fd"),
            (desk.on(&named), 2, "--password-fd"),
            (desk.say(&named, &[]), 2, "--password-fd"),
        ] {
            assert_eq!(run.code, code, "{command:?}: {}", run.err);
            assert!(run.err.contains(words) && run.out.is_empty(), "{command:?}: {}", run.err);
        }
    }
    // What needs nobody's data is answered all the same.
    fine(&desk.on(&["lunar", "2026-11-21"]));
    let wrong = desk.say(&["find", "zs", "--staff", "wangmin"], &[SECOND]);
    let nobody = desk.say(&["find", "zs", "--staff", "nobody"], &[FIRST]);
    assert_eq!((wrong.code, wrong.out.as_str()), (1, ""));
    assert!(wrong.err.contains("工号或密码不对") && wrong.err.contains("网点经理"), "{}", wrong.err);
    assert_eq!(nobody.code, 1);
}

#[test]
fn the_first_branch_manager_gets_a_password_from_who_adds_them_and_nobody_else_gives_them_another() {
    let desk = Desk::bare();
    fine(&desk.say(
        &["init", "branch.db", "--plain", "--branch", "道真支行", "--staff", "wangmin:王敏:account_manager"],
        &[FIRST],
    ));
    fine(&desk.say(&["staff", "add", "heping:何平:branch_manager", "--staff", "wangmin"], &[FIRST, SECOND]));
    fine(&desk.say(&["staff", "password", "heping", "--staff", "heping"], &[SECOND, THIRD]));
    fine(&desk.say(&["find", "zs", "--staff", "heping"], &[THIRD]));
    for refused in [&["staff", "password", "heping"][..], &["staff", "add", "liqiang:李强:low_counter"]] {
        let run = desk.say(&[refused, &["--staff", "wangmin"]].concat(), &[FIRST, SECOND]);
        assert_eq!(run.code, 1, "{}", run.out);
        assert!(run.err.contains("何平") && run.out.is_empty(), "{}", run.err);
    }
}

#[test]
fn wrong_tries_make_one_wait_here_and_in_the_file() {
    let desk = desk();
    let find = ["find", "zs", "--staff", "wangmin"];
    for n in 1..=3 {
        let run = desk.say(&find, &[SECOND]);
        assert_eq!(run.code, 1);
        assert_eq!(run.err.contains("30 秒"), n == 3, "{n}: {}", run.err);
    }
    let early = desk.say(&find, &[FIRST]);
    assert_eq!(early.code, 1);
    assert!(early.err.contains("错了太多次"), "{}", early.err);
    // What this PC remembers is thrown away: the file remembers too.
    fs::remove_dir_all(desk.path("state")).unwrap();
    let elsewhere = desk.say(&find, &[FIRST]);
    assert!(elsewhere.err.contains("错了太多次"), "{}", elsewhere.err);
}

#[test]
fn a_colleague_changes_the_first_password_before_anything_else() {
    let desk = desk();
    let added = desk.say(&["staff", "add", "liqiang:李强:low_counter", "--staff", "wangmin"], &[FIRST, SECOND]);
    fine(&added);
    let run = desk.say(&["find", "zs", "--staff", "liqiang"], &[SECOND]);
    assert_eq!(run.code, 1);
    let hint = "guitai staff password liqiang --staff liqiang --db branch.db";
    assert!(run.err.lines().any(|line| line.ends_with(hint)), "{}", run.err);
    let change = ["staff", "password", "liqiang", "--staff", "liqiang"];
    for (lines, words) in [
        (&[SECOND, "short"][..], "至少 8 位"),
        (&[SECOND, SECOND], "用过"),
        (&[SECOND], "--password-fd"),
        (&[FIRST, THIRD], "工号或密码不对"),
    ] {
        let run = desk.say(&change, lines);
        assert!(run.code > 0 && run.err.contains(words), "{words}: {}", run.err);
    }
    fine(&desk.say(&change, &[SECOND, THIRD]));
    fine(&desk.say(&["find", "zs", "--staff", "liqiang"], &[THIRD]));
    assert_eq!(desk.say(&["find", "zs", "--staff", "liqiang"], &[SECOND]).code, 1);
}

#[test]
fn the_second_person_gives_their_password_after_ones_own() {
    let desk = desk();
    desk.write("客户.csv", CUSTOMERS);
    fine(&desk.say(&["import", "客户.csv", "--staff", "wangmin"], &[FIRST]));
    fine(&desk.say(&["staff", "add", "hegui:何规:compliance", "--staff", "wangmin"], &[FIRST, SECOND]));
    fine(&desk.say(&["staff", "password", "hegui", "--staff", "hegui"], &[SECOND, THIRD]));
    let no = "6000000001";
    fine(&desk.say(&["subject", "take", no, "access", "--staff", "wangmin"], &[FIRST]));
    fine(&desk.say(&["subject", "answer", no, "access", "--word", "身份证原件", "--staff", "hegui"], &[THIRD]));
    let bare = ["report", "subject", no, "--bare", "--second", "hegui", "--staff", "wangmin"];
    for (lines, words) in [(&[FIRST, SECOND][..], "工号或密码不对"), (&[FIRST], "--password-fd")] {
        let run = desk.say(&bare, lines);
        assert!(run.code > 0 && run.out.is_empty() && run.err.contains(words), "{words}: {}{}", run.out, run.err);
    }
    fine(&desk.say(&bare, &[FIRST, THIRD]));
    let rules = ["settings", "fall_months", "3", "--second", "hegui", "--staff", "wangmin"];
    assert_eq!(desk.say(&rules, &[FIRST, FIRST]).code, 1);
    fine(&desk.say(&rules, &[FIRST, THIRD]));
}

#[test]
fn only_who_looks_after_staff_sets_the_password_of_another() {
    let desk = desk();
    fine(&desk.say(&["staff", "add", "liqiang:李强:low_counter", "--staff", "wangmin"], &[FIRST]));
    let run = desk.on(&["staff", "password", "wangmin", "--staff", "liqiang"]);
    assert_eq!(run.code, 1);
    assert!(run.err.contains("网点经理"), "{}", run.err);
    // Nor does he add anybody, which is said before the password is looked at.
    let run = desk.say(&["staff", "add", "sunli:孙丽:low_counter", "--staff", "liqiang"], &["short"]);
    assert!(run.code == 1 && run.err.contains("网点经理") && !run.err.contains("至少"), "{}", run.err);
    // 李强 has none yet and is not asked; he gives himself one, and is asked from then on.
    fine(&desk.on(&["find", "zs", "--staff", "liqiang"]));
    fine(&desk.say(&["staff", "password", "liqiang", "--staff", "liqiang"], &[SECOND]));
    assert_eq!(desk.on(&["find", "zs", "--staff", "liqiang"]).code, 2);
    fine(&desk.say(&["staff", "password", "liqiang", "--staff", "wangmin"], &[FIRST, THIRD]));
    assert!(desk.say(&["find", "zs", "--staff", "liqiang"], &[THIRD]).err.contains("别人设的"));
}

#[test]
fn a_branch_that_asks_everybody_lets_nobody_work_without_a_password() {
    let desk = desk();
    fine(&desk.say(&["staff", "add", "liqiang:李强:low_counter", "--staff", "wangmin"], &[FIRST]));
    fine(&desk.say(&["settings", "sign_in.required", "true", "--staff", "wangmin"], &[FIRST]));
    let run = desk.say(&["find", "zs", "--staff", "liqiang"], &[SECOND]);
    assert_eq!(run.code, 1);
    assert!(run.err.contains("请先设：guitai staff password liqiang"), "{}", run.err);
    fine(&desk.say(&["staff", "password", "liqiang", "--staff", "liqiang"], &[SECOND]));
    fine(&desk.say(&["find", "zs", "--staff", "liqiang"], &[SECOND]));
    let bad = desk.say(&["settings", "sign_in.length", "3", "--staff", "wangmin"], &[FIRST]);
    assert!(bad.code == 1 && bad.err.contains("6 到 64"), "{}", bad.err);
}

#[test]
fn the_people_are_listed_by_the_word_list_too() {
    let desk = desk();
    let (bare, list) = (["staff", "--staff", "wangmin"], ["staff", "list", "--staff", "wangmin"]);
    let bare = desk.say(&bare, &[FIRST]).out;
    assert!(bare.contains("王敏"), "{bare}");
    assert_eq!(desk.say(&list, &[FIRST]).out, bare);
}

#[test]
fn a_password_comes_by_a_descriptor_only() {
    let desk = desk();
    desk.write("pass", format!("{FIRST}\n"));
    // By its number, as a shell hands it over.
    let shell = |line: &str| {
        let out = Command::new("sh")
            .args(["-c", line, env!("CARGO_BIN_EXE_guitai")])
            .current_dir(desk.folder.path())
            .env("HOME", desk.folder.path())
            .env("XDG_CONFIG_HOME", desk.path("config"))
            .env("XDG_STATE_HOME", desk.path("state"))
            .env("GUITAI_PASSWORD", FIRST)
            .env("PASSWORD", FIRST)
            .output()
            .unwrap();
        Run::from(out)
    };
    let find = "exec \"$0\" find zs --db branch.db --staff wangmin";
    fine(&shell(&format!("{find} --password-fd 3 3<pass")));
    fine(&shell(&format!("printf '%s\\n' \"$PASSWORD\" | {} --password-fd 0", find.trim_start_matches("exec "))));
    let closed = shell(&format!("{find} --password-fd 9 </dev/null"));
    assert_eq!(closed.code, 2, "{}", closed.err);
    assert!(closed.err.contains("9"), "{}", closed.err);
    // The environment is not looked at, and no option takes a password.
    assert_eq!(shell(&format!("{find} </dev/null")).code, 2);
    for option in ["--password", "--pass", "--password-file"] {
        let run = desk.on(&["find", "zs", "--staff", "wangmin", option, FIRST]);
        assert_eq!(run.code, 2, "{option}");
    }
    let named = desk.on(&["find", "zs", "--staff", "wangmin", "--password-fd", FIRST]);
    assert_eq!(named.code, 2);
}

#[test]
fn no_file_of_the_program_ever_holds_a_password() {
    let desk = desk();
    fine(&desk.say(&["staff", "add", "liqiang:李强:low_counter", "--staff", "wangmin"], &[FIRST, SECOND]));
    fine(&desk.say(&["staff", "password", "liqiang", "--staff", "liqiang"], &[SECOND, THIRD]));
    desk.say(&["find", "zs", "--staff", "liqiang"], &["Wrong-word-9"]);
    // A password where the number belongs.
    desk.say(&["find", "zs", "--staff", "Typo-word-77"], &["x"]);
    fine(&desk.say(&["backup", "--to", "copies", "--staff", "wangmin"], &[FIRST]));
    let mut looked = 0;
    let mut folders = vec![desk.folder.path().to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            looked += 1;
            let bytes = fs::read(&path).unwrap();
            for word in [FIRST, SECOND, THIRD, "Wrong-word-9", "Typo-word-77"] {
                assert!(!holds(&bytes, word), "{word} is in {}", path.display());
            }
        }
    }
    assert!(looked >= 3, "branch file, log and backup were looked at: {looked}");
    assert!(Path::new(&desk.path("state")).exists());
}

fn holds(bytes: &[u8], word: &str) -> bool {
    bytes.windows(word.len()).any(|w| w == word.as_bytes())
}

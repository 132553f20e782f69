//! `audit` by the real binary: for whom it is, how it is narrowed, and that what leaves is masked, harmless and logged.

use crate::desk::{CUSTOMERS, Desk, Run};
use rusqlite::Connection;
use std::fs;

/// Two customers, a manager and a teller, and two phones changed.
fn desk() -> Desk {
    let desk = Desk::new();
    desk.write("客户.csv", CUSTOMERS);
    done(desk.on(&["import", "客户.csv"]));
    done(desk.on(&["staff", "add", "liqiang:李强:low_counter"]));
    done(desk.on(&["set", "6000000001", "phone", "13985210009"]));
    done(desk.on(&["set", "6000000002", "phone", "13985210010", "--staff", "liqiang"]));
    done(desk.on(&["set", "6000000002", "address", "=1+1", "--staff", "liqiang"]));
    desk
}

fn done(run: Run) -> String {
    assert_eq!(run.code, 0, "{}{}", run.out, run.err);
    run.out
}

#[test]
fn lines_are_narrowed_by_customer_staff_day_and_action_in_both_languages() {
    let desk = desk();
    let all = done(desk.on(&["audit"]));
    assert!(all.contains("手机 139****0001 → 139****0009") && all.contains("李强"), "{all}");
    for (args, has, lacks) in [
        (&["--customer", "6000000001"][..], "张胜", "单雄"),
        (&["--who", "liqiang"], "单雄", "139****0009"),
        (&["--action", "staff"], "员工", "手机"),
        (&["--action", "员工"], "员工", "手机"),
        (&["--from", "2026-11-21"], "手机", "玉溪支行"),
        (&["--limit", "1"], "单雄", "张胜"),
        (&["--lang", "en", "--who", "wangmin"], "Phone 139****0001 → 139****0009", "手机"),
    ] {
        let said = done(desk.on(&[&["audit"], args].concat()));
        assert!(said.contains(has) && !said.contains(lacks), "{args:?}\n{said}");
    }
    assert_eq!(done(desk.on(&["audit", "--to", "2020-01-01"])), "");
    for (args, code) in [
        (&["--who", "nobody"][..], 1),
        (&["--customer", "1"], 1),
        (&["--action", "dance"], 2),
        (&["--from", "yesterday?"], 2),
        (&["--json", "--csv", "a.csv"], 2),
    ] {
        assert_eq!(desk.on(&[&["audit"], args].concat()).code, code, "{args:?}");
    }
}

#[test]
fn keepers_are_named_and_scripts_have_their_codes() {
    let desk = desk();
    done(desk.on(&["set", "6000000001", "owner", "liqiang"]));
    let said = done(desk.on(&["audit", "--customer", "6000000001"]));
    assert!(said.contains("责任人 ") && said.contains("李强") && !said.contains("********"), "{said}");
    let json = done(desk.on(&["audit", "--customer", "6000000001", "--json"]));
    let lines: serde_json::Value = serde_json::from_str(&json).unwrap();
    let edits = lines.as_array().unwrap().iter().flat_map(|l| l["edits"].as_array().unwrap());
    let owner = edits.into_iter().find(|e| e["field"] == "owner").unwrap();
    assert_eq!(owner["after"], "liqiang", "{owner}");
}

#[test]
fn only_who_looks_after_the_branch_may_see_the_log_and_the_refusal_says_who() {
    let desk = desk();
    for args in [&["audit"][..], &["audit", "--json"], &["audit", "--csv", "a.csv"]] {
        let run = desk.on(&[args, &["--staff", "liqiang"]].concat());
        assert!(run.code == 1 && run.out.is_empty() && run.err.contains("合规"), "{args:?} {}{}", run.out, run.err);
    }
    assert!(!desk.path("a.csv").exists());
}

#[test]
fn what_leaves_is_masked_harmless_and_logged_before_it_leaves() {
    let desk = desk();
    done(desk.on(&["audit", "--csv", "log.csv"]));
    let text = fs::read_to_string(desk.path("log.csv")).unwrap();
    assert!(text.starts_with('\u{feff}') && text.contains("139****0009"), "{text}");
    let json = done(desk.on(&["audit", "--json"]));
    for secret in ["13985210009", "13985210010", "13985210001", "520325196611212452", "解放路1号"] {
        assert!(!text.contains(secret) && !json.contains(secret), "{secret}\n{text}\n{json}");
    }
    let cells = text.lines().flat_map(|l| l.split(',')).map(|c| c.trim_matches(['"', '\u{feff}']));
    assert!(cells.clone().all(|c| !c.starts_with(['=', '+', '-', '@'])), "{text}");
    let lines: serde_json::Value = serde_json::from_str(&json).unwrap();
    let first = &lines.as_array().unwrap()[0];
    assert_eq!((first["action"].as_str(), first["staff"].as_str()), (Some("export"), Some("wangmin")), "{first}");
    let said = done(desk.on(&["audit", "--action", "export"]));
    assert!(said.contains("audit log.csv") && said.contains("audit json"), "{said}");
    // Never over a file that is there, nor through a link; and then nothing was exported.
    let count = || -> i64 {
        let file = Connection::open(desk.path("branch.db")).unwrap();
        file.query_row("SELECT count(*) FROM change", [], |r| r.get(0)).unwrap()
    };
    let before = count();
    assert_eq!(desk.on(&["audit", "--csv", "log.csv"]).code, 1);
    #[cfg(unix)]
    {
        std::os::unix::fs::symlink(desk.path("elsewhere.csv"), desk.path("link.csv")).unwrap();
        assert_eq!(desk.on(&["audit", "--csv", "link.csv"]).code, 1);
        assert!(!desk.path("elsewhere.csv").exists());
    }
    assert_eq!(count(), before);
    assert_eq!(fs::read_to_string(desk.path("log.csv")).unwrap(), text);
    // The export does not break the chain.
    assert_eq!(desk.on(&["verify"]).code, 0);
}

//! The table of rights from the command line, row by row: two of each post, one's own customer and the other's. A refusal says who may.

use crate::desk::{Desk, Run};
use guitai::domain::rights::{Action, Reach, reach};
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

fn done(run: &Run) {
    assert_eq!(run.code, 0, "{}{}", run.out, run.err);
}

/// A command of an action about this customer; none where no command does it alone.
fn command(action: Action, no: &str, turn: usize) -> Option<Vec<String>> {
    let words: Vec<String> = match action {
        Action::Greet => vec!["find".into(), no.into()],
        Action::Open => vec!["show".into(), no.into()],
        Action::Edit => vec!["set".into(), no.into(), "address".into(), format!("玉溪镇新街{turn}号")],
        Action::Contact => {
            vec!["log".into(), no.into(), "--channel".into(), "phone".into(), "--outcome".into(), "reached".into()]
        }
        Action::Settings => vec!["settings".into(), "collect_daily".into(), (3 + turn % 5).to_string()],
        Action::Rules => {
            let second = if turn.is_multiple_of(2) { "compliance2" } else { "branch_manager2" };
            vec!["settings".into(), "fall_months".into(), (2 + turn % 3).to_string(), "--second".into(), second.into()]
        }
        Action::Staff => vec!["staff".into(), "add".into(), format!("n{turn}:新人:high_counter")],
        Action::Print => vec!["report".into(), "value".into(), no.into()],
        Action::Export => vec!["report".into(), "value".into(), no.into(), "--out".into(), format!("r{turn}.txt")],
        Action::Verify => vec!["verify".into()],
        Action::Log => vec!["audit".into(), "--limit".into(), "1".into()],
        Action::Backup => vec!["backup".into(), "--to".into(), format!("b{turn}.db")],
        _ => return None,
    };
    Some(words)
}

#[test]
fn the_table_of_rights_holds_for_every_command_row_by_row() {
    let desk = branch();
    let (mut turn, mut tried) = (0, 0);
    for &action in Action::ALL {
        for (i, role) in Role::ALL.iter().enumerate() {
            let far = reach(*role, action);
            let whole = !matches!(
                action,
                Action::Greet | Action::Open | Action::Edit | Action::Contact | Action::Print | Action::Export
            );
            for (n, may) in [(1, far.is_some()), (2, far == Some(Reach::Branch))] {
                let may = if whole { far == Some(Reach::Branch) } else { may };
                turn += 1;
                let Some(words) = command(action, &no(i, n), turn) else { continue };
                if whole && n == 2 {
                    continue;
                }
                let who = format!("{}1", role.code());
                let mut args: Vec<&str> = vec!["--staff", &who];
                args.extend(words.iter().map(String::as_str));
                let run = desk.on(&args);
                assert_eq!(run.code == 0, may, "{who} {words:?}: {}{}", run.out, run.err);
                if !may {
                    assert_eq!(run.code, 1);
                    assert!(run.err.contains("可请") || run.err.contains("请由"), "{}", run.err);
                }
                tried += 1;
            }
        }
    }
    assert!(tried > 80, "{tried}");
}

#[test]
fn tier_rules_take_the_word_of_somebody_else_who_may() {
    let desk = branch();
    let alone = desk.on(&["settings", "fall_months", "3"]);
    assert!(alone.code == 1 && alone.err.contains("授权"), "{}", alone.err);
    let own = desk.on(&["settings", "fall_months", "3", "--second", "wangmin"]);
    assert!(own.code == 1 && own.err.contains("不能授权"), "{}", own.err);
    let teller = desk.on(&["settings", "fall_months", "3", "--second", "low_counter1"]);
    assert_eq!(teller.code, 1);
    done(&desk.on(&["settings", "fall_months", "3", "--second", "compliance1"]));
    let log = desk.on(&["audit", "--action", "branch"]).out;
    assert!(log.contains("授权人"), "{log}");
}

//! The table of rights by commands, row by row: every action, two of each post, each distance of a customer. What is allowed is done and seen;
//! what is not is refused in words that name who may, and the file is as it was. How far a post reaches is asked of the table itself.

use crate::branch::{
    ADDRESS, ASKED, CHECKED, Made, OVER, Person, Stands, as_the_first, deeds, first, go_through, make, names_who_may,
    of_their_own,
};
use crate::desk::{Desk, Run, done};
use guitai::domain::rights::Action;
use guitai::domain::staff::Role;
use guitai::store::key::CIPHER;
use guitai::store::open::{File, Mode, Station};
use std::fs;
use std::sync::OnceLock;
use tempfile::TempDir;

/// The branch as it was made, with a backup of it; each try has a copy.
fn made() -> &'static (Made, TempDir) {
    static MADE: OnceLock<(Made, TempDir)> = OnceLock::new();
    MADE.get_or_init(|| {
        let desk = Desk::bare();
        let made = make(&desk.path("branch.db"));
        done(&desk.on(&["--staff", &first(Role::BranchManager).code(), "backup", "--to", "backup"]));
        (made, desk.folder)
    })
}

/// Somebody at a PC of their own with a copy of the file, and the customer it is about.
struct Try {
    desk: Desk,
    who: Person,
    stands: Stands,
}

impl Try {
    fn new(who: Person, stands: Stands) -> Try {
        let (_, from) = made();
        let desk = Desk::bare();
        fs::copy(from.path().join("branch.db"), desk.path("branch.db")).unwrap();
        desk.write("新客户.csv", "客户号,姓名\n6000000998,周来\n");
        desk.write("2027.tsv", "2027-01-01\toff\t元旦\n");
        Try { desk, who, stands }
    }

    /// The customer's archive.
    fn no(&self) -> String {
        self.stands.nos(self.who)[0].clone()
    }

    /// The other archive of the customer; its tier is another post's.
    fn twin(&self) -> String {
        self.stands.nos(self.who)[1].clone()
    }

    fn name(&self) -> String {
        self.stands.name(self.who)
    }

    /// A colleague who may do all that takes two.
    fn second(&self) -> String {
        let compliance = first(Role::Compliance);
        (if self.who == compliance { compliance.other() } else { compliance }).code()
    }

    /// Who is to keep the customer: nobody who does.
    fn called(&self) -> String {
        first(if self.who.role == Role::HeadOffice { Role::Compliance } else { Role::HeadOffice }).code()
    }

    fn by(&self, who: Person, words: &str) -> Run {
        let code = who.code();
        let mut args = vec!["--staff", code.as_str()];
        args.extend(words.split_whitespace());
        self.desk.on(&args)
    }

    /// What the branch manager did before, so that there is something to do.
    fn before(&self, words: &str) {
        done(&self.by(first(Role::BranchManager), words));
    }

    fn backup(&self) -> String {
        let folder = made().1.path().join("backup");
        let files = fs::read_dir(folder).unwrap().map(|f| f.unwrap().path());
        files.filter(|f| f.extension().is_some_and(|e| e == "db")).min().unwrap().to_str().unwrap().to_owned()
    }
}

/// A command that does what an action says.
struct Way {
    /// The command.
    words: fn(&Try) -> String,
    /// A customer is meant, not the branch.
    about: bool,
    /// What stands in its answer when it was let through, and only then.
    says: fn(&Try) -> String,
    /// The line it leaves in the log.
    logs: Option<&'static str>,
    /// The file it makes.
    makes: Option<&'static str>,
    /// What was done before by somebody else.
    after: fn(&Try),
    /// It is let through, and stops at what it lacks here.
    stops: bool,
}

/// A command about a customer.
fn of(words: fn(&Try) -> String, says: fn(&Try) -> String) -> Way {
    Way { words, about: true, says, logs: None, makes: None, after: |_| {}, stops: false }
}

/// A command about the branch.
fn whole(words: fn(&Try) -> String, says: fn(&Try) -> String) -> Way {
    Way { about: false, ..of(words, says) }
}

impl Way {
    fn logs(self, what: &'static str) -> Way {
        Way { logs: Some(what), ..self }
    }

    fn makes(self, file: &'static str) -> Way {
        Way { makes: Some(file), ..self }
    }

    fn stops(self) -> Way {
        Way { stops: true, ..self }
    }

    fn after(self, after: fn(&Try)) -> Way {
        Way { after, ..self }
    }
}

/// The commands of an action; or why there is none.
fn ways(action: Action) -> Result<Vec<Way>, &'static str> {
    Ok(match action {
        Action::Greet => vec![of(|t| format!("find {}", t.no()), Try::name).logs("view")],
        Action::Contact => {
            vec![of(|t| format!("log {} --channel phone --outcome reached", t.no()), |_| "已记".into()).logs("contact")]
        }
        Action::Create => return Err("archives are opened in the workbench or come by import"),
        Action::Open => vec![
            of(|t| format!("show {}", t.no()), |_| "玉溪镇***".into()).logs("view"),
            of(|t| format!("tiers --explain {}", t.no()), Try::name).logs("view"),
        ],
        Action::Edit => {
            vec![of(|t| format!("set {} address 新街9号", t.no()), |_| "已保存".into()).logs("customer")]
        }
        Action::Line => {
            return Err("lines of the queue are dealt with in the workbench; a command only logs a contact");
        }
        Action::Queues => {
            vec![whole(|_| "today --branch".into(), |t| t.who.other().customer()).logs("view")]
        }
        Action::Propose => return Err("a customer is offered, accepted and refused in the workbench"),
        Action::Assign => vec![
            of(|t| format!("assign {} --apply", t.twin()), |_| "已分".into()).logs("customer"),
            of(|t| format!("set {} owner {}", t.no(), t.called()), |_| "已保存".into()).logs("customer"),
        ],
        Action::Hold => return Err("tiers are held in the workbench"),
        Action::Entitle => {
            let after = |t: &Try| {
                let head = first(Role::BranchManager);
                let by = if t.who == head { head.other() } else { head };
                let words = format!("entitle propose {} rate 减20基点 --until 2027-11-20 --reason 老客户", t.no());
                done(&t.by(by, &words));
            };
            let words = |t: &Try| format!("entitle approve {} --reason 同意", t.no());
            vec![of(words, |_| "生效中".into()).after(after).logs("part")]
        }
        Action::Merge => vec![
            of(|t| format!("merge {} {}", t.no(), t.twin()), |_| "已合并".into()).logs("customer"),
            of(|t| format!("part {}", t.twin()), |_| "已拆开".into())
                .after(|t| t.before(&format!("merge {} {}", t.no(), t.twin())))
                .logs("customer"),
        ],
        Action::Reveal => {
            vec![of(|t| format!("show {} --reveal call", t.no()), |_| ADDRESS.into()).logs("reveal")]
        }
        Action::Print => vec![
            of(|t| format!("report value {}", t.no()), Try::name).logs("print"),
            of(|t| format!("report subject {}", t.no()), Try::name).logs("export"),
        ],
        Action::Export => vec![
            of(|t| format!("report subject {} --out 查阅.txt", t.no()), |_| "查阅.txt".into())
                .logs("export")
                .makes("查阅.txt"),
            of(|t| format!("report value {} --out 报告.txt", t.no()), |_| "报告.txt".into())
                .logs("export")
                .makes("报告.txt"),
        ],
        Action::Unmask => {
            let words = |t: &Try| format!("report subject {CHECKED} --bare --second {}", t.second());
            vec![whole(words, |_| ADDRESS.into()).logs("export")]
        }
        Action::Import => vec![whole(|_| "import 新客户.csv".into(), |_| "新增 1".into()).logs("batch")],
        Action::Undo => vec![whole(|_| format!("undo {}", made().0.import), |_| "已撤销".into()).logs("batch")],
        Action::Rules => {
            vec![whole(|t| format!("settings fall_months 5 --second {}", t.second()), |_| "已改".into()).logs("branch")]
        }
        Action::Settings => vec![whole(|_| "settings collect_daily 7".into(), |_| "已改".into()).logs("branch")],
        Action::Holidays => vec![whole(|_| "holidays import 2027.tsv".into(), |_| "2027".into()).logs("branch")],
        Action::Staff => vec![
            whole(|_| "staff add xinren:新人:high_counter".into(), |_| "已加入".into()).logs("staff"),
            whole(|_| format!("staff leave {} --by-rules", LEAVER.code()), |_| "已离岗".into()).logs("staff"),
        ],
        Action::Requests => {
            vec![whole(|_| format!("subject answer {ASKED} access --word 身份证"), |_| "核实".into()).logs("mark")]
        }
        Action::Erase => {
            let words = |t: &Try| format!("subject erase {OVER} --second {}", t.second());
            vec![whole(words, |_| "SC2026-0001".into()).logs("customer")]
        }
        Action::Log => vec![
            whole(|_| "audit --limit 5".into(), |_| "客户.csv".into()),
            whole(|_| "audit --csv 日志.csv".into(), |_| "已导出".into()).logs("export").makes("日志.csv"),
        ],
        Action::Verify => vec![whole(|_| "verify".into(), |_| "没有".into())],
        Action::Backup => vec![whole(|_| "backup --to 备份".into(), |_| "已备份".into()).makes("备份")],
        Action::Restore => vec![
            whole(|t| format!("restore --drill {}", t.backup()), |_| "演练通过".into()).logs("branch"),
            whole(|t| format!("restore {} --to 恢复.db --second {}", t.backup(), t.second()), |_| "恢复到".into())
                .makes("恢复.db"),
        ],
        Action::Encrypt => vec![
            // That the right is there is seen by what is missed next.
            whole(|_| "encrypt".into(), |_| (if CIPHER { "密码" } else { "没有带加密功能" }).into()).stops(),
            whole(|_| "rekey".into(), |_| "文件没有加密".into()).stops(),
            whole(|t| format!("decrypt --second {}", t.second()), |_| "文件没有加密".into()).stops(),
        ],
    })
}

/// Who leaves: a colleague in no try's way.
const LEAVER: Person = Person { role: Role::LobbyManager, n: 1 };

/// Goes through the commands about customers, or those about the branch; says how many tries there were.
fn tries(about: bool) -> usize {
    go_through(|who| {
        let mut all = Vec::new();
        for &action in Action::ALL.iter().filter(|a| **a != Action::Staff || who != LEAVER) {
            for (at, way) in ways(action).unwrap_or_default().iter().enumerate().filter(|(_, w)| w.about == about) {
                for &stands in if about { &Stands::ALL[..] } else { &Stands::ALL[..1] } {
                    let t = Try::new(who, stands);
                    (way.after)(&t);
                    let what = format!("{action:?} {at} {} {stands:?}", who.code());
                    all.push(attempt(&t, action, way).map_err(|why| format!("{what}: {why}")));
                }
            }
        }
        all
    })
}

/// Tries it; what is not as the table says.
fn attempt(t: &Try, action: Action, way: &Way) -> Result<(), String> {
    let path = t.desk.path("branch.db");
    let before = fs::read(&path).unwrap();
    let stands = way.about.then_some(t.stands);
    let run = t.by(t.who, &(way.words)(t));
    let mut file = File::open(&path, Mode::Read, &Station::new("1号机", 1)).unwrap();
    let deeds = deeds(&mut file, &made().0, t.who);
    let made = way.makes.map(|name| t.desk.path(name).exists());
    let checks = if t.who.may(action, stands) {
        vec![
            ((run.code != 0) == way.stops, "it was not done"),
            ((if way.stops { &run.err } else { &run.out }).contains(&(way.says)(t)), "it does not say what it should"),
            (way.logs.is_none_or(|line| deeds.iter().any(|d| d == line)), "the log lacks it"),
            (made != Some(false), "there is no such file"),
        ]
    } else {
        vec![
            (run.code == 1, "it was not refused"),
            (names_who_may(&run.err, stands, action, t.who), "nobody is named who may"),
            (run.out.is_empty() && !run.err.contains(ADDRESS), "something is shown"),
            (deeds.is_empty(), "the log has it"),
            (made != Some(true), "a file was made"),
            (fs::read(&path).unwrap() == before, "the branch file is not as it was"),
        ]
    };
    match checks.iter().find(|(holds, _)| !holds) {
        Some((_, why)) => Err(format!("{why}; {deeds:?} {}{}", run.out, run.err)),
        None => Ok(()),
    }
}

#[test]
fn each_post_does_by_command_with_its_own_its_teams_and_others_customers_what_the_table_allows() {
    let tries = tries(true);
    assert!(tries >= 960, "{tries}");
}

#[test]
fn each_post_does_by_command_to_the_branch_what_the_table_allows() {
    let tries = tries(false);
    assert!(tries >= 310, "{tries}");
}

#[test]
fn an_action_without_a_command_is_named_with_the_reason() {
    let without: Vec<_> = Action::ALL.iter().filter_map(|a| ways(*a).err().map(|why| (a.code(), why))).collect();
    let known = ["create", "line", "propose", "hold"];
    assert_eq!(without.iter().map(|(code, _)| *code).collect::<Vec<_>>(), known);
    assert!(without.iter().all(|(_, why)| !why.is_empty()));
}

#[test]
fn two_of_a_post_see_the_same_of_their_own_customers_and_nothing_of_each_others() {
    for role in Role::ALL {
        let [one, two] = [first(role), first(role).other()].map(|who| {
            let t = Try::new(who, Stands::Own);
            let words = ["find", "show", "tiers --explain", "report value"].map(|what| format!("{what} {}", t.no()));
            let seen = |words: &str| {
                let run = t.by(who, words);
                done(&run);
                run.out
            };
            let queue = of_their_own(&seen("today"), who);
            assert!(queue.contains("生日"), "{queue}");
            let all = words.iter().map(|words| seen(words)).chain([queue]);
            all.map(|seen| as_the_first(&seen, who)).collect::<Vec<_>>()
        });
        assert_eq!(one, two, "{role:?}");
    }
}

#[test]
fn tier_rules_take_the_word_of_somebody_else_who_may() {
    let t = Try::new(first(Role::BranchManager), Stands::Own);
    let alone = t.by(t.who, "settings fall_months 3");
    assert!(alone.code == 1 && alone.err.contains("授权"), "{}", alone.err);
    for who in [t.who, first(Role::LowCounter)] {
        let run = t.by(t.who, &format!("settings fall_months 3 --second {}", who.code()));
        assert!(run.code == 1 && run.err.contains("不能授权"), "{}", run.err);
    }
    done(&t.by(t.who, &format!("settings fall_months 3 --second {}", t.second())));
    let log = t.by(t.who, "audit --action branch").out;
    assert!(log.contains("授权人"), "{log}");
}

//! The table of rights at the keys, row by row: every action, two of each post, each distance of a customer. What is allowed is done and seen;
//! what is not is refused in words that name who may, or not offered, and nothing is written. How far a post reaches is asked of the table
//! itself.

use crate::branch::{
    ASKED, CHECKED, Made, OVER, Person, Stands, as_the_first, deeds, first, go_through, make, names_who_may, numbered,
    of_their_own,
};
use crate::desk::{Desk, id, op, stamp, today};
use guitai::app::event::{Effect, Event};
use guitai::app::imports::{Errand, News};
use guitai::app::keymap;
use guitai::app::layers::Layer;
use guitai::app::layers::twins::Line;
use guitai::domain::agenda::{Scope, Source};
use guitai::domain::entitlement::Entitlement;
use guitai::domain::family::Part;
use guitai::domain::rights::Action;
use guitai::domain::staff::Role;
use guitai::store::customers;
use guitai::store::open::{File, Mode, Station};
use guitai::store::request::{Answer, Ask};
use std::fs;
use std::sync::OnceLock;
use tempfile::TempDir;

/// The branch as it was made; each try has a copy.
fn made() -> &'static (Made, TempDir) {
    static MADE: OnceLock<(Made, TempDir)> = OnceLock::new();
    MADE.get_or_init(|| {
        let folder = tempfile::tempdir().unwrap();
        (make(&folder.path().join("branch.db")), folder)
    })
}

/// Somebody at a workstation with a copy of the file, and the customer it is about.
struct Try {
    desk: Desk,
    who: Person,
    stands: Stands,
}

impl Try {
    fn new(who: Person, stands: Stands) -> Try {
        Try::on((160, 45), who, stands)
    }

    fn on(size: (u16, u16), who: Person, stands: Stands) -> Try {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("branch.db");
        fs::copy(made().1.path().join("branch.db"), &path).unwrap();
        let file = File::open(&path, Mode::Write, &Station::new("3号机", 3)).unwrap();
        Try { desk: Desk::at(file, folder, size, &who.code()), who, stands }
    }

    fn no(&self) -> String {
        self.stands.nos(self.who)[0].clone()
    }

    fn keys(&mut self, script: &str) {
        self.desk.keys(script);
    }

    /// Opens the archive, or the card of it.
    fn open(&mut self) {
        let no = self.no();
        self.keys(&format!("<F2>{no}<Enter>"));
    }

    /// Presses a key in the archive, and the rest where something was laid on the screen by it.
    fn there(&mut self, key: &str, rest: &str) {
        self.open();
        self.then(key, rest);
    }

    fn then(&mut self, key: &str, rest: &str) {
        self.keys(key);
        if self.top().is_some() {
            self.keys(rest);
        }
    }

    /// Chooses what takes two of the rights of a customer; a colleague who may do all that gives their word, if it is asked for.
    fn by_two(&mut self, no: &str, word: &str) {
        self.keys(&format!("<F2>{no}<Enter>i{word}<Enter>"));
        if self.top().is_some() && !matches!(self.top(), Some(Layer::Second(_))) {
            self.keys("1");
        }
        if matches!(self.top(), Some(Layer::Second(_))) {
            let compliance = first(Role::Compliance);
            let second = if self.who == compliance { compliance.other() } else { compliance };
            self.keys(&format!("{}<Enter>", second.code()));
        }
    }

    /// Runs a command from the menu by its code, and the rest where it was offered and laid something on the screen.
    fn menu(&mut self, name: &str, rest: &str) {
        let code = keymap::named(name).unwrap().code;
        self.keys(&format!("<F9>{code}"));
        if !matches!(self.top(), Some(Layer::Chooser(c)) if c.current().is_some_and(|e| e.code == name)) {
            self.keys("<Esc>");
            return;
        }
        self.then("<Enter>", rest);
    }

    fn top(&self) -> Option<&Layer> {
        self.desk.still.app.rooms.layers.last()
    }

    /// Shows the queue of oneself or of the branch.
    fn queue(&mut self, scope: Scope) {
        self.keys("<F7>");
        for _ in 0..3 {
            if self.desk.still.app.rooms.agenda.scope != scope {
                self.keys("<Tab>");
            }
        }
    }

    /// Puts the cursor of the branch's queue on a line about this customer.
    fn go_to(&mut self, source: Source, no: &str) {
        self.queue(Scope::Branch);
        self.keys("<Home>");
        for _ in 0..200 {
            let line = self.desk.still.app.rooms.agenda.current();
            if line.is_some_and(|i| i.source == source && i.who.as_ref().is_some_and(|w| w.no == no)) {
                return;
            }
            self.keys("<Down>");
        }
        panic!("no line {source:?} about {no} on\n{}", self.desk.screen());
    }

    /// What refused: said in the line above the keys, or on the card of a customer who is greeted.
    fn refused(&self) -> String {
        let card = self.desk.still.app.rooms.archive.greets().unwrap_or_default();
        format!("{}\n{card}", self.desk.log())
    }

    /// What was written into the log; looks are no deed.
    fn deeds(&mut self) -> Vec<String> {
        let mut all = deeds(&mut self.desk.still.file, &made().0, self.who);
        all.retain(|d| d != "view" && d != "sign_in");
        all
    }
}

/// Keys that do what an action says.
struct Way {
    keys: fn(&mut Try),
    /// A customer is meant, not the branch.
    about: bool,
    /// Whether it is seen on the screen or on its way out that it was done, where that is seen at all.
    seen: fn(&Try) -> bool,
    /// The line it leaves in the log.
    logs: Option<&'static str>,
    /// Who may not is told so; else it is not in their menu.
    told: bool,
}

/// Keys about a customer, and what they leave in the log.
fn of(keys: fn(&mut Try), logs: &'static str) -> Way {
    Way { keys, about: true, seen: |_| true, logs: Some(logs), told: true }
}

/// Keys about the branch, and what they leave in the log.
fn whole(keys: fn(&mut Try), logs: &'static str) -> Way {
    Way { about: false, ..of(keys, logs) }
}

impl Way {
    /// What is seen of it, for that leaves no deed in the log.
    fn seen(self, seen: fn(&Try) -> bool) -> Way {
        Way { seen, logs: None, ..self }
    }

    /// Who may not does not find it in the menu.
    fn hidden(self) -> Way {
        Way { told: false, ..self }
    }
}

/// Only looking: nothing in the log but the look.
const NOTHING: &str = "";

/// The keys for an action; or why there are none.
fn ways(action: Action) -> Result<Vec<Way>, &'static str> {
    Ok(match action {
        Action::Greet => {
            vec![of(Try::open, NOTHING).seen(|t| t.desk.screen().contains(&t.stands.name(t.who)))]
        }
        Action::Contact => vec![of(|t| t.there("c", "11<Enter>"), "contact")],
        Action::Create => vec![whole(|t| t.then("<C-n>", "新人<F8>"), "customer")],
        Action::Open => vec![of(Try::open, NOTHING).seen(|t| t.desk.screen().contains("完整度"))],
        Action::Edit => vec![of(
            |t| {
                t.open();
                t.keys("<Enter>改名<F8>");
            },
            "customer",
        )],
        Action::Line => vec![of(
            |t| {
                let no = t.no();
                t.go_to(Source::Birthday, &no);
                t.keys("d");
            },
            "mark",
        )],
        Action::Queues => {
            let keys = |t: &mut Try| {
                let [no, _] = t.who.other().keeps();
                t.go_to(Source::Birthday, &no);
            };
            vec![whole(keys, NOTHING).seen(|t| t.desk.screen().contains(&t.who.other().customer()))]
        }
        Action::Propose => vec![of(|t| t.there("<C-b>", &format!("{}<Enter>常去柜面<Enter>", CALLED.name())), "mark")],
        Action::Assign => vec![of(|t| t.there("k", &format!("{}<Enter>换人<Enter>", CALLED.name())), "customer")],
        Action::Hold => vec![of(|t| t.there("t", "ordinary<Enter><Enter>代发工资<Enter>"), "customer")],
        Action::Entitle => vec![of(entitle, "part")],
        Action::Merge => vec![of(merge, "customer")],
        Action::Reveal => vec![of(|t| t.there("<C-r>", "<Enter><Enter>"), "reveal")],
        Action::Print => vec![of(|t| t.there("p", "<F8>"), NOTHING).seen(|t| {
            let printed = |e: &Effect| matches!(e, Effect::Print { name, .. } if name.starts_with("value"));
            t.desk.still.effects.iter().any(printed)
        })],
        Action::Export => return Err("lists leave the workbench on paper only; files are made by command"),
        Action::Unmask => vec![whole(|t| t.by_two(CHECKED, "全号"), "export")],
        Action::Import => {
            vec![whole(|t| t.keys("<C-x>"), NOTHING).seen(|t| matches!(t.top(), Some(Layer::Imports)))]
        }
        Action::Undo => vec![whole(undo, "batch")],
        Action::Rules | Action::Settings | Action::Holidays => return Err("kept by command; the workbench reads them"),
        Action::Staff => {
            let keys = |t: &mut Try| t.menu("leave", &format!("{}<Enter><Enter><F8><F8>", LEAVER.name()));
            vec![whole(keys, "staff").hidden()]
        }
        Action::Requests => vec![whole(
            |t| {
                t.go_to(Source::Request, ASKED);
                t.then("d", "身份证原件<F8>");
            },
            "mark",
        )],
        Action::Erase => vec![whole(|t| t.by_two(OVER, "删除档案"), "customer")],
        Action::Log => {
            let log = |t: &Try| matches!(t.top(), Some(Layer::Audit(_)));
            vec![whole(|t| t.menu("audit", ""), NOTHING).seen(log).hidden()]
        }
        Action::Verify | Action::Backup | Action::Restore | Action::Encrypt => {
            return Err("the whole file is looked after by command");
        }
    })
}

/// Who is chosen as another keeper: never the one who keeps the customer and may choose.
const CALLED: Person = Person { role: Role::Compliance, n: 1 };

/// Who leaves: a colleague in no try's way.
const LEAVER: Person = Person { role: Role::LobbyManager, n: 1 };

/// Approves what a branch manager proposed: the other one's where it is one of them who tries.
fn entitle(t: &mut Try) {
    let head = first(Role::BranchManager);
    let by = if t.who == head { head.other() } else { head };
    let file = &mut t.desk.still.file;
    let customer = numbered(file, &t.stands.nos(t.who)[0]);
    let stamp = stamp(id(file, &by.code()));
    let e = Entitlement {
        text: "利率减20基点".into(),
        until: Some(today() + chrono::Days::new(365)),
        reason: "老客户".into(),
        ..Entitlement::new(today())
    };
    let ask = customers::Ask::Part { op: op(1), customer, row: None, part: Some(Part::Entitlement(e)), stamp };
    let answer = file.answer(&Ask::Customers(ask));
    assert!(matches!(answer, Answer::Customers(customers::Answer::Saved { .. })), "{answer:?}");
    t.there("e", "<Enter>批准<Enter>");
    if matches!(t.top(), Some(Layer::Sheet(_))) {
        t.keys("<Enter>");
    }
}

/// Finds the pair of the customer's two archives in the list, and merges them.
fn merge(t: &mut Try) {
    t.menu("duplicates", "<Home>");
    let no = t.no();
    for _ in 0..40 {
        match t.top() {
            Some(Layer::Twins(list)) => {
                if matches!(list.current(), Some(Line::Pair(p)) if p.a.no == no || p.b.no == no) {
                    t.keys("<Enter><F8>y");
                    return;
                }
                t.keys("<Down>");
            }
            _ => return,
        }
    }
}

/// Takes the newest import back; what the screen wants of the outside is done here.
fn undo(t: &mut Try) {
    t.menu("imports", "<Home><F4>");
    if matches!(t.top(), Some(Layer::Confirm(_))) {
        t.keys("y");
    }
    let wanted = t.desk.still.effects.iter().find_map(|e| match e {
        Effect::Import(Errand::Undo(n, stamp)) => Some((*n, stamp.clone())),
        _ => None,
    });
    if let Some((n, stamp)) = wanted {
        assert_eq!(n, made().0.import);
        t.desk.still.file.undo(n, false, &stamp).unwrap();
        t.desk.event(Event::Import(Box::new(News::Undone(n))));
    }
}

/// Tries it; what is not as the table says.
fn attempt(t: &mut Try, action: Action, way: &Way) -> Result<(), String> {
    let stands = way.about.then_some(t.stands);
    (way.keys)(t);
    let deeds = t.deeds();
    let checks = if t.who.may(action, stands) {
        vec![
            ((way.seen)(t), "it is not seen"),
            (way.logs.is_none_or(|line| deeds.iter().any(|d| d == line)), "the log lacks it"),
        ]
    } else {
        let words = t.refused();
        let refused =
            if way.told { names_who_may(&words, stands, action, t.who) } else { !words.contains("」只有") };
        vec![
            (refused, "nobody is named who may"),
            (way.logs.is_some() || !(way.seen)(t), "it was done"),
            (deeds.is_empty(), "the log has it"),
        ]
    };
    match checks.iter().find(|(holds, _)| !holds) {
        Some((_, why)) => Err(format!("{why}; {deeds:?} {}\n{}", t.refused(), t.desk.screen())),
        None => Ok(()),
    }
}

#[test]
fn each_post_does_by_keys_what_the_table_allows() {
    let tries = go_through(|who| {
        let mut all = Vec::new();
        for &action in Action::ALL.iter().filter(|a| **a != Action::Staff || who != LEAVER) {
            for (at, way) in ways(action).unwrap_or_default().iter().enumerate() {
                for &stands in if way.about { &Stands::ALL[..] } else { &Stands::ALL[..1] } {
                    let what = format!("{action:?} {at} {} {stands:?}", who.code());
                    let mut t = Try::new(who, stands);
                    all.push(attempt(&mut t, action, way).map_err(|why| format!("{what}: {why}")));
                }
            }
        }
        all
    });
    assert!(tries >= 911, "{tries}");
}

#[test]
fn an_action_without_keys_is_named_with_the_reason() {
    let without: Vec<_> = Action::ALL.iter().filter_map(|a| ways(*a).err().map(|why| (a.code(), why))).collect();
    let known = ["export", "rules", "settings", "holidays", "verify", "backup", "restore", "encrypt"];
    assert_eq!(without.iter().map(|(code, _)| *code).collect::<Vec<_>>(), known);
    assert!(without.iter().all(|(_, why)| !why.is_empty()));
}

#[test]
fn two_of_a_post_see_the_same_of_their_own_customers_and_nothing_of_each_others() {
    for role in Role::ALL {
        let [one, two] = [first(role), first(role).other()].map(|who| {
            // On a narrow screen the archive stands alone, and so does the queue.
            let mut t = Try::on((80, 70), who, Stands::Own);
            t.open();
            let archive = t.desk.screen();
            t.queue(Scope::Mine);
            let queue = of_their_own(&t.desk.screen(), who);
            assert!(queue.contains("生日"), "{queue}");
            [archive, queue].map(|seen| as_the_first(&seen, who))
        });
        assert_eq!(one, two, "{role:?}");
    }
}

//! A desk: the machine, a branch file of its own, a screen as text.

use crate::branch::figures;
use chrono::{NaiveDate, NaiveDateTime};
use guitai::app::event::Event;
use guitai::app::shared::Start;
use guitai::domain::audit::Filter;
use guitai::domain::change::Entity;
use guitai::domain::customer::Customer;
use guitai::domain::field::Ctx;
use guitai::domain::ids::{CustomerId, OpId, StaffId};
use guitai::domain::password::Password;
use guitai::domain::staff::{Role, Staff};
use guitai::domain::text::{Lang, t};
use guitai::run::still::Still;
use guitai::store::audit;
use guitai::store::bulk::BatchFile;
use guitai::store::key::Key;
use guitai::store::open::{File, Mode, Station};
use guitai::store::request::{Answer, Ask, Stamp};
use guitai::store::secret::{self, New};
use guitai::store::slots::Cost;
use guitai::store::{customers, workbench};
use guitai::ui::guard::screen_text;
use guitai::ui::theme::Theme;
use std::sync::atomic::{AtomicU64, Ordering};
use tempfile::TempDir;

/// Every desk sits once.
static SITTINGS: AtomicU64 = AtomicU64::new(1);

/// The day of all tests: Saturday, lunar 十月十三.
pub fn today() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 11, 21).unwrap()
}

pub fn now() -> NaiveDateTime {
    today().and_hms_opt(9, 0, 0).unwrap()
}

pub fn stamp(by: StaffId) -> Stamp {
    Stamp::new(by, now(), today())
}

/// A customer by fields: `[("name", "张山河"), ("phone", "13800000027"), …]`; owner by staff code.
pub struct Given<'a> {
    pub no: &'a str,
    pub fields: &'a [(&'a str, &'a str)],
    /// Monthly average and balance in yuan, if there are figures of 2026-11-20.
    pub aum: Option<i64>,
}

/// How `who` starts at such a screen.
pub fn start(size: (u16, u16), who: &str) -> Start {
    Start {
        lang: Some(Lang::Zh),
        today: Some(today()),
        now: now(),
        size,
        staff: Some(who.into()),
        station: 3,
        theme: None,
        place: t("本机文件", "local file"),
        footing: guitai::store::drive::Footing::Firm,
        demo: false,
        sealed: false,
        slips: "/home/wangmin/slips".into(),
        sitting: u128::from(SITTINGS.fetch_add(1, Ordering::Relaxed)),
    }
}

pub struct Desk {
    pub still: Still,
    pub folder: TempDir,
}

impl Desk {
    /// A branch with 王敏 (wangmin, account manager), 李强 (liqiang, low counter) and 赵行 (zhaohang, branch manager), and these
    /// customers; 王敏 sits at the desk.
    pub fn with(size: (u16, u16), given: &[Given<'_>]) -> Desk {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("branch.db");
        let station = Station::new("3号机", 3);
        let first = Staff::new("wangmin", "王敏", Role::AccountManager);
        // The file is of January: what was missed last week was missed.
        let began = NaiveDate::from_ymd_opt(2026, 1, 5).unwrap();
        let begin = Stamp::new(StaffId(0), began.and_hms_opt(9, 0, 0).unwrap(), began);
        let mut file = File::create(&path, "道真支行", &first, &begin, &station).unwrap();
        for other in
            [Staff::new("liqiang", "李强", Role::LowCounter), Staff::new("zhaohang", "赵行", Role::BranchManager)]
        {
            let by = staff(&mut file)[0].id;
            let ask = workbench::Ask::AddStaff { staff: Box::new(other), stamp: stamp(by) };
            let answer = file.answer(&Ask::Workbench(ask));
            assert!(matches!(answer, Answer::Workbench(_)), "{answer:?}");
        }
        let people = staff(&mut file);
        fill(&mut file, &people, given);
        Desk::at(file, folder, size, "wangmin")
    }

    /// Another desk on the file of this one.
    pub fn at(file: File, folder: TempDir, size: (u16, u16), who: &str) -> Desk {
        Desk { still: Still::open(start(size, who), file), folder }
    }

    /// Somebody else at another workstation on the same file, with a clock of their own.
    pub fn colleague(&self, who: &str, station: u16, hour: u32, minute: u32) -> Desk {
        let station = Station::new(format!("{station}号机"), station);
        let file = File::open(self.still.file.path(), Mode::Write, &station).unwrap();
        let mut desk = Desk::at(file, tempfile::tempdir().unwrap(), self.still.app.rooms.shared.size, who);
        desk.event(Event::Tick(today().and_hms_opt(hour, minute, 0).unwrap()));
        desk
    }

    /// So many seconds pass.
    pub fn wait(&mut self, seconds: i64) -> &mut Desk {
        let now = self.still.app.rooms.shared.now + chrono::TimeDelta::seconds(seconds);
        self.event(Event::Tick(now));
        self
    }

    /// The file was written by somebody: this desk hears of it.
    pub fn hears(&mut self) -> &mut Desk {
        self.event(Event::Touched);
        self
    }

    /// Everything said in this sitting.
    pub fn log(&self) -> String {
        let all = self.still.app.rooms.shared.messages.all();
        all.iter().map(|m| m.text.as_str()).collect::<Vec<_>>().join("\n")
    }

    /// Gives an event, and answers what it asks until nothing is asked any more.
    pub fn event(&mut self, event: Event) {
        self.still.event(event);
    }

    /// Types a key script.
    pub fn keys(&mut self, script: &str) -> &mut Desk {
        self.still.keys(script);
        self
    }

    pub fn paste(&mut self, text: &str) -> &mut Desk {
        self.event(Event::Paste(text.into()));
        self
    }

    pub fn resize(&mut self, w: u16, h: u16) -> &mut Desk {
        self.event(Event::Resize(w, h));
        self
    }

    /// The screen as text, and where the cursor stands.
    pub fn draw(&self) -> (String, Option<(u16, u16)>) {
        let (buffer, cursor) = self.still.draw(&Theme::default());
        (screen_text(&buffer), cursor)
    }

    pub fn screen(&self) -> String {
        self.draw().0
    }

    /// The line above the keys.
    pub fn said(&self) -> String {
        self.still.app.rooms.shared.messages.last().map(|m| m.text.clone()).unwrap_or_default()
    }

    /// Asserts that the screen shows all of these.
    pub fn shows(&self, texts: &[&str]) {
        let screen = self.screen();
        for text in texts {
            assert!(screen.contains(text), "no {text:?} on\n{screen}");
        }
    }

    /// Asserts that the screen shows none of these.
    pub fn hides(&self, texts: &[&str]) {
        let screen = self.screen();
        for text in texts {
            assert!(!screen.contains(text), "{text:?} on\n{screen}");
        }
    }

    /// The archive with this number as the file has it.
    pub fn stored(&mut self, no: &str) -> customers::Opened {
        let rows = match self.still.file.answer(&Ask::Workbench(workbench::Ask::Rows)) {
            Answer::Workbench(workbench::Answer::Rows(rows)) => rows,
            other => panic!("{other:?}"),
        };
        let id = rows.iter().find(|r| r.no == no).unwrap_or_else(|| panic!("no customer {no}")).id;
        match self.still.file.answer(&Ask::Customers(customers::Ask::Open { id, today: today() })) {
            Answer::Customers(customers::Answer::Opened(opened)) => *opened,
            other => panic!("{other:?}"),
        }
    }
}

pub fn staff(file: &mut File) -> Vec<Staff> {
    match file.answer(&Ask::Workbench(workbench::Ask::Open)) {
        Answer::Workbench(workbench::Answer::Opened(opened)) => opened.staff,
        other => panic!("{other:?}"),
    }
}

fn fill(file: &mut File, people: &[Staff], given: &[Given<'_>]) {
    let ctx = Ctx { today: today(), staff: people };
    let by = stamp(people[0].id);
    let mut bulk = file.load(BatchFile { name: "given".into(), hash: "given".into() }, &by).unwrap();
    for g in given {
        let mut c = Customer { id: CustomerId(0), no: g.no.into(), ..Customer::default() };
        for (code, value) in g.fields {
            let field = guitai::domain::archive::find(code).unwrap_or_else(|| panic!("no field {code}"));
            field.set(&mut c, value, ctx).unwrap_or_else(|e| panic!("{code} {value}: {e}"));
        }
        // 李强 helps 王敏, so that both may work in an archive of hers.
        if c.assistant.is_none() && c.owner == Some(people[0].id) {
            c.assistant = people.iter().find(|s| s.code == "liqiang").map(|s| s.id);
        }
        let id = bulk.insert_customer(&c).unwrap();
        if let Some(yuan) = g.aum {
            bulk.put_figures(id, &figures(yuan)).unwrap();
        }
    }
    bulk.finish("given").unwrap();
}

/// An operation number for asks made by a test itself.
pub fn op(n: i64) -> OpId {
    OpId(n)
}

/// The id of somebody by their number.
pub fn id(file: &mut File, code: &str) -> StaffId {
    staff(file).iter().find(|s| s.code == code).unwrap().id
}

/// Sets passwords, a minute after the start of the year unless said otherwise.
pub fn give(file: &mut File, code: &str, password: &str, by: &str, on: &str) {
    let (who, by) = (id(file, code), id(file, by));
    let at = format!("{on}T08:00:00").parse().unwrap();
    let stamp = Stamp::new(by, at, at.date());
    let new = New { staff: who, password: &Password::new(password), cost: Cost::TRIAL };
    secret::set(file, &Key::default(), &new, &stamp).unwrap();
}

/// What the log has of signing in and out, oldest first: who did what where.
pub fn accesses(desk: &mut Desk) -> Vec<String> {
    let people = staff(&mut desk.still.file);
    let ask = audit::Ask::Page { filter: Filter::default(), before: None, most: 1_000 };
    let Answer::Audit(page) = desk.still.file.answer(&Ask::Audit(ask)) else { panic!("no log") };
    let told = |c: &guitai::domain::change::Change| {
        let code = people.iter().find(|s| s.id == c.by).map_or("?", |s| s.code.as_str());
        let field = |name| c.edits.iter().find(|e| e.field == name).map_or("", |e| e.after.as_str());
        format!("{code} {} {}", field("action"), field("target"))
    };
    let all = page.lines.iter().rev().map(|l| &l.change).filter(|c| c.entity == Entity::Access);
    all.map(told).filter(|l| !l.contains(" view ")).collect()
}

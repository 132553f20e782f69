//! A command's visit to the branch file: opened, asked, left. The workbench, which stays, has its own way.

use super::door;
use crate::app::words::drive as words;
use crate::domain::customer::Customer;
use crate::domain::ids::{CustomerId, OpId, StaffId};
use crate::domain::rights::{self, Eyes};
use crate::domain::sight::Sight;
use crate::domain::staff::Staff;
use crate::domain::text::Lang;
use crate::domain::values::plain;
use crate::index::Index;
use crate::index::row::Row;
use crate::run::anchors;
use crate::run::drafts;
use crate::run::fault::Fault;
use crate::run::setting::Setting;
use crate::run::typed::Typed;
use crate::run::upgrade;
use crate::store::access::{self, Action, Line};
use crate::store::anchor::Standing;
use crate::store::drive::{Footing, lookout};
use crate::store::ids::Maker;
use crate::store::key::Key;
use crate::store::open::{File, Mode};
use crate::store::refuse::OpenError;
use crate::store::request::{Answer, Ask, Stamp};
use crate::store::veil::Seat;
use crate::store::{customers, secret, workbench};
use chrono::NaiveDate;
use std::path::PathBuf;

/// An open branch file and who looks at it.
pub struct Session {
    /// The file.
    pub file: File,
    /// The branch as it stands.
    pub branch: workbench::Opened,
    /// Who looks.
    pub me: Staff,
    /// The language.
    pub lang: Lang,
    /// The business day.
    pub today: NaiveDate,
    setting: Setting,
    /// What the workbench keeps of everybody on this PC, where the file lies on a drive.
    cache: Option<PathBuf>,
    ops: Maker,
}

impl Session {
    /// Opens the file that is configured.
    ///
    /// # Errors
    /// The file cannot be used, is to be written on a drive that is not to be trusted, or nobody is known by the code given.
    pub fn open(setting: &Setting, mode: Mode) -> Result<Session, Fault> {
        Session::enter(setting, mode, false)
    }

    /// Opens it for somebody who comes to change their password, and may still have none, or one that is to be changed first.
    ///
    /// # Errors
    /// As [`Session::open`].
    pub fn to_change(setting: &Setting) -> Result<Session, Fault> {
        Session::enter(setting, Mode::Write, true)
    }

    fn enter(setting: &Setting, mode: Mode, changing: bool) -> Result<Session, Fault> {
        let path = setting.file()?;
        let (ground, footing, _) = setting.ground(&path);
        if mode == Mode::Write {
            if let Footing::Refused(why) = footing {
                return Err(Fault::Refused(why));
            }
            let proof = lookout::prove_once(&path, &setting.desk(&setting.station(), &ground, true));
            proof.complaint().map_or(Ok(()), |why| Err(Fault::File(why)))?;
        }
        let mut session = match Session::on(setting, mode, changing) {
            Err(Unopened::Older(found)) => {
                upgrade::lift(setting, &path, found)?;
                Session::on(setting, mode, changing)
            }
            other => other,
        }?;
        session.guard(mode)?;
        let now = setting.clock.now();
        let behind = words::behind(session.branch.newest, now, session.lang).filter(|_| setting.clock.is_real());
        behind.inspect(|words| eprintln!("{words}"));
        if let (Mode::Write, Footing::Overruled(facts)) = (mode, footing) {
            let ask = workbench::Ask::Overrule { facts, stamp: session.stamp() };
            session.ask(&Ask::Workbench(ask))?;
        }
        Ok(session)
    }

    /// A file that lacks what this PC remembers of it is not written, and who reads it is told.
    fn guard(&mut self, mode: Mode) -> Result<(), Fault> {
        let now = self.stamp().at;
        let (standing, known) = anchors::look(&self.setting.places, &mut self.file, now)?;
        if let Standing::Turned(turn) = &standing {
            eprintln!("{}", words::turned(turn, &self.name_of(Some(turn.by)), self.lang));
        }
        match anchors::refusal(&standing, known.as_ref()) {
            Some(fault) if mode == Mode::Write => Err(fault),
            Some(fault) => {
                eprintln!("{}", fault.words().get(self.lang));
                Ok(())
            }
            None => Ok(()),
        }
    }

    /// Opens the file that is configured for one who writes nothing into it: with the right to write where the drive lets us, so that
    /// what another program left undone is put in order.
    ///
    /// # Errors
    /// The file cannot be used, or nobody is known by the code given.
    pub fn visit(setting: &Setting) -> Result<Session, Fault> {
        let path = setting.file()?;
        let (ground, _, mode) = setting.ground(&path);
        let mut session = match Session::on(setting, mode, false) {
            Err(Unopened::Older(_)) => Session::on(setting, Mode::Read, false),
            other => other,
        }?;
        session.cache = drafts::cached(&setting.places.drafts(&path)).filter(|_| !ground.local());
        Ok(session)
    }

    fn on(setting: &Setting, mode: Mode, changing: bool) -> Result<Session, Unopened> {
        let path = setting.file()?;
        if setting.signed.get().is_none() && secret::sealed(&path, &setting.station()) {
            door::open(setting, &path)?;
        }
        let station = setting.station();
        let mut file = File::open(&path, mode, &station).map_err(|e| match e {
            OpenError::Older { found, .. } => Unopened::Older(found),
            e => Unopened::Fault(unopened(&e)),
        })?;
        let opened = match answered(&mut file, &Ask::Workbench(workbench::Ask::Open))? {
            Answer::Workbench(workbench::Answer::Opened(opened)) => *opened,
            other => return Err(unexpected(&other).into()),
        };
        let me = match setting.signed.get() {
            Some(signed) => known(&opened.staff, signed.staff)?,
            None => door::let_in(setting, &mut file, &opened.staff, changing)?,
        };
        let lang = setting.lang.or(me.prefs.lang).unwrap_or_default();
        let today = setting.clock.today();
        file.seat(Some(Seat { by: me.id, today }));
        let ops = Maker::new(station.number);
        let session = Session { file, branch: opened, me, lang, today, setting: setting.clone(), cache: None, ops };
        match setting.signed.get().and_then(|s| s.change).filter(|_| !changing) {
            Some(why) => Err(door::change_first(setting, why, &session.me.code).into()),
            None => Ok(session),
        }
    }

    /// What opens the file; none for a plain one.
    pub fn key(&self) -> Key {
        self.setting.signed.get().map(|s| s.key.clone()).unwrap_or_default()
    }

    /// Whether the file lies on a drive that others write to as well.
    ///
    /// # Errors
    /// No file is configured.
    pub fn shared(&self) -> Result<bool, Fault> {
        let path = self.setting.file()?;
        Ok(!self.setting.ground(&path).0.local())
    }

    /// The command that changes the password of the one who looks.
    pub fn own_password(&self) -> String {
        self.setting.own_password(&self.me.code)
    }

    /// Where passwords come from.
    pub fn typed(&self) -> &Typed {
        &self.setting.typed
    }

    /// Asks the store.
    ///
    /// # Errors
    /// It refuses or fails.
    pub fn ask(&mut self, ask: &Ask) -> Result<Answer, Fault> {
        answered(&mut self.file, ask)
    }

    /// Whether a flag, the config file or signing in said who looks.
    pub fn named(&self) -> bool {
        self.setting.staff.is_some() || self.setting.signed.get().is_some()
    }

    /// Says on standard error in whose name is written, where several could be meant and nobody was named: the change log will.
    pub fn say_who(&self) {
        if !self.named() {
            say_who(&self.branch.staff, &self.me.name, self.lang);
        }
    }

    /// The branch as the one who looks sees it.
    pub fn eyes(&self) -> Eyes<'_> {
        Eyes { staff: &self.branch.staff, delegates: &self.branch.delegates, by: self.me.id, today: self.today }
    }

    /// Whose figures the one who looks sees.
    pub fn sight(&self) -> Sight {
        Sight::of(&self.eyes(), rights::Action::Open)
    }

    /// Lets the one who looks do something to the branch as a whole, or says who may.
    ///
    /// # Errors
    /// They may not.
    pub fn allow(&self, action: rights::Action) -> Result<(), Fault> {
        Ok(self.eyes().allow(action, None)?)
    }

    /// Lets the one who looks see an archive in full, or says who may.
    ///
    /// # Errors
    /// They may not.
    pub fn may_open(&self, opened: &customers::Opened) -> Result<(), Fault> {
        Ok(self.eyes().allow(rights::Action::Open, Some(&opened.about()))?)
    }

    /// Lets the one who looks do something with an archive, which takes seeing it in full, or says who may.
    ///
    /// # Errors
    /// They may not.
    pub fn may(&self, action: rights::Action, opened: &customers::Opened) -> Result<(), Fault> {
        self.may_open(opened)?;
        Ok(self.eyes().allow(action, Some(&opened.about()))?)
    }

    /// Who writes, and when.
    pub fn stamp(&self) -> Stamp {
        Stamp::new(self.me.id, self.setting.clock.now(), self.today)
    }

    /// A new operation.
    pub fn op(&mut self) -> OpId {
        OpId(self.ops.next(self.setting.clock.now()))
    }

    /// Writes a line into the log of looks before what it tells of is given out. Says whether it could be: a file that is only read takes
    /// none.
    pub fn note(&mut self, line: impl FnOnce(Line) -> Line, action: Action) -> bool {
        let stamp = self.stamp();
        self.note_with(line, action, stamp)
    }

    /// The same with a second person's word in the stamp.
    pub fn note_with(&mut self, line: impl FnOnce(Line) -> Line, action: Action, stamp: Stamp) -> bool {
        let op = self.op();
        let lines = vec![line(Line::new(action, stamp.at))];
        let noted = self.write(&Ask::Access(access::Ask::Note { op, lines, stamp }));
        noted.inspect_err(|fault| tracing::warn!(%fault, "a look was not written down")).is_ok()
    }

    /// Writes one thing from a command that otherwise only reads.
    ///
    /// # Errors
    /// The file or its drive does not let us, or the store fails.
    pub fn write(&mut self, ask: &Ask) -> Result<Answer, Fault> {
        if !self.file.read_only() {
            return self.ask(ask);
        }
        let path = self.setting.file()?;
        let (ground, footing, _) = self.setting.ground(&path);
        if let Footing::Refused(why) = footing {
            return Err(Fault::Refused(why));
        }
        let station = self.setting.station();
        let proof = lookout::prove_once(&path, &self.setting.desk(&station, &ground, true));
        proof.complaint().map_or(Ok(()), |why| Err(Fault::File(why)))?;
        let mut file = File::open(&path, Mode::Write, &station).map_err(|e| unopened(&e))?;
        file.seat(Some(Seat { by: self.me.id, today: self.today }));
        answered(&mut file, ask)
    }

    /// Every customer.
    ///
    /// # Errors
    /// The store fails.
    pub fn rows(&mut self) -> Result<Vec<Row>, Fault> {
        match self.ask(&Ask::Workbench(workbench::Ask::Rows))? {
            Answer::Workbench(workbench::Answer::Rows(mut rows)) => {
                let sight = self.sight();
                rows.iter_mut().filter(|r| !sight.reaches(r.owner, r.assistant, r.tier)).for_each(Row::cut);
                Ok(rows)
            }
            other => Err(unexpected(&other)),
        }
    }

    /// The search index.
    ///
    /// # Errors
    /// The store fails.
    pub fn index(&mut self) -> Result<Index, Fault> {
        let answer = match &self.cache {
            Some(path) => match self.file.cached_index(path) {
                Answer::Failed(failure) => return Err(failure.into()),
                answer => answer,
            },
            None => self.ask(&Ask::Workbench(workbench::Ask::Index))?,
        };
        match answer {
            Answer::Workbench(workbench::Answer::Index(intake)) => {
                let mut index = Index::of(*intake, &self.branch.staff);
                index.look(self.sight());
                Ok(index)
            }
            other => Err(unexpected(&other)),
        }
    }

    /// The customers a search may find; `None` when only the index can tell.
    ///
    /// # Errors
    /// The store fails.
    pub fn likely(&mut self, text: &str, limit: usize) -> Result<Option<customers::Likely>, Fault> {
        match self.ask(&Ask::Customers(customers::Ask::Likely { text: text.to_owned(), limit }))? {
            Answer::Customers(customers::Answer::Likely(likely)) => Ok(likely),
            other => Err(unexpected(&other)),
        }
    }

    /// The archive of a customer number.
    ///
    /// # Errors
    /// There is none, or the store fails.
    pub fn archive(&mut self, no: &str) -> Result<customers::Opened, Fault> {
        let wanted = plain::fold(&plain::line(no));
        match self.ask(&Ask::Customers(customers::Ask::Numbered { no: wanted.clone() }))? {
            Answer::Customers(customers::Answer::Numbered(Some(id))) => self.opened(id),
            Answer::Customers(customers::Answer::Numbered(None)) => Err(Fault::refused(
                format!("没有客户号 {wanted}。可以用 guitai find 查找。"),
                format!("There is no customer number {wanted}. Search with guitai find."),
            )),
            other => Err(unexpected(&other)),
        }
    }

    /// The archive of a row.
    ///
    /// # Errors
    /// It is gone, or the store fails.
    pub fn opened(&mut self, id: CustomerId) -> Result<customers::Opened, Fault> {
        let today = self.today;
        match self.ask(&Ask::Customers(customers::Ask::Open { id, today }))? {
            Answer::Customers(customers::Answer::Opened(opened)) => Ok(*opened),
            other => Err(unexpected(&other)),
        }
    }

    /// The code of a colleague.
    pub fn code_of(&self, id: Option<StaffId>) -> Option<String> {
        id.and_then(|id| self.branch.staff.iter().find(|s| s.id == id)).map(|s| s.code.clone())
    }

    /// The name of a colleague, or a dash.
    pub fn name_of(&self, id: Option<StaffId>) -> String {
        let found = id.and_then(|id| self.branch.staff.iter().find(|s| s.id == id));
        found.map_or_else(|| "-".to_owned(), |s| s.name.clone())
    }

    /// Whose archive it is, in words.
    pub fn whose(&self, customer: &Customer) -> String {
        format!("{} {}", customer.no, customer.name)
    }
}

/// Why a file was not opened.
enum Unopened {
    /// An older program wrote it, of this version.
    Older(i64),
    /// It cannot be used.
    Fault(Fault),
}

impl From<Fault> for Unopened {
    fn from(fault: Fault) -> Unopened {
        Unopened::Fault(fault)
    }
}

impl From<Unopened> for Fault {
    fn from(why: Unopened) -> Fault {
        match why {
            // Brought up to date and older again: somebody put an old file there.
            Unopened::Older(found) => unopened(&OpenError::Older { found, known: found + 1 }),
            Unopened::Fault(fault) => fault,
        }
    }
}

/// Says on standard error in whose name is written, where several could be meant.
pub fn say_who(staff: &[Staff], name: &str, lang: Lang) {
    if staff.iter().filter(|s| s.active).count() > 1 {
        eprintln!(
            "{}",
            match lang {
                Lang::Zh => format!("以 {name} 的名义；换人请加 --staff 工号，或写进配置"),
                Lang::En => format!("In the name of {name}; name another with --staff CODE or in the config"),
            }
        );
    }
}

/// The member of staff who signed in.
fn known(staff: &[Staff], id: StaffId) -> Result<Staff, Fault> {
    staff.iter().find(|s| s.active && s.id == id).cloned().ok_or_else(|| {
        Fault::refused("您已不在岗，不能再打开这个文件。", "You do not work here any more and cannot open this file.")
    })
}

/// A file that cannot be opened or made; one that must not be overwritten is a refusal, the rest is the file's fault.
pub fn unopened(error: &OpenError) -> Fault {
    if matches!(error, OpenError::Drive(_) | OpenError::Damaged(_)) {
        tracing::error!(%error, "the branch file was not opened");
    }
    match error {
        OpenError::Exists(_) | OpenError::NoRoom => Fault::Refused(error.complaint()),
        _ => Fault::File(error.complaint()),
    }
}

fn answered(file: &mut File, ask: &Ask) -> Result<Answer, Fault> {
    match file.answer(ask) {
        Answer::Failed(failure) => Err(failure.into()),
        Answer::Customers(customers::Answer::Gone { .. }) => Err(crate::store::request::Failure::Gone.into()),
        answer => Ok(answer),
    }
}

/// An answer to another question: a fault of the program, said as one.
pub fn unexpected(answer: &Answer) -> Fault {
    let kind = match answer {
        Answer::Workbench(_) => "workbench",
        Answer::Customers(customers::Answer::Clash { .. }) => "clash",
        Answer::Customers(_) => "customers",
        Answer::Contacts(_) => "contacts",
        Answer::Agenda(_) => "agenda",
        Answer::Board(_) => "board",
        Answer::Keepers(_) => "keepers",
        Answer::Twins(_) => "twins",
        Answer::Access(_) => "access",
        _ => "other",
    };
    tracing::error!(kind, "an answer to another question");
    Fault::refused(
        format!("程序出错：答非所问（{kind}）。"),
        format!("A fault of the program: unexpected answer ({kind})."),
    )
}

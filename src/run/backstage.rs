//! What works behind the screen on the branch file: the store, the import thread, drafts. It is set up when the file may be opened, which in an
//! encrypted one is when somebody signed in, and taken down while the screen is locked. What passwords are worth is decided in `store::secret`.

use super::drafts::Drafts;
use super::events::Message;
use super::importing::{self, Importing};
use super::setting::Setting;
use super::sign_in::{self, Try};
use super::suspect::Suspect;
use crate::app::drive::News;
use crate::app::event::Event;
use crate::domain::ids::{OpId, StaffId};
use crate::domain::password::Password;
use crate::domain::staff::Staff;
use crate::index::Index;
use crate::store::drive::Gate;
use crate::store::drive::ground::Ground;
use crate::store::key::Key;
use crate::store::open::{File, Mode, Station};
use crate::store::refuse::OpenError;
use crate::store::request::{Answer, Failure, Stamp};
use crate::store::secret::{self, New, SignInError, SignedIn, Wants};
use crate::store::slots::Cost;
use crate::store::workbench;
use crate::store::worker::{Local, Said, Worker};
use std::io;
use std::path::PathBuf;
use std::sync::mpsc::Sender;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

/// The key of the file while somebody is signed in; whoever works in the background looks here each time, and keeps none.
#[derive(Debug, Clone, Default)]
pub struct Keyhole(Arc<Mutex<Option<Option<SignedIn>>>>);

impl Keyhole {
    /// The key, which is an empty one of a plain file; `None` while it is locked away.
    pub fn key(&self) -> Option<Key> {
        self.signed().map(|signed| signed.map(|s| s.key).unwrap_or_default())
    }

    /// Who signed in, which in a plain file need be nobody; `None` while the key is locked away.
    pub fn signed(&self) -> Option<Option<SignedIn>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Holds this from now on.
    pub fn put(&self, signed: Option<Option<SignedIn>>) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = signed;
    }
}

/// What is set up and taken down.
#[derive(Debug)]
pub struct Stage {
    /// The store.
    pub worker: Worker,
    /// The import thread.
    pub importing: Importing,
}

/// What is needed to set it up.
#[derive(Debug, Clone)]
pub struct Backstage {
    /// What this run goes by.
    pub setting: Setting,
    /// The branch file.
    pub path: PathBuf,
    /// What it lies on.
    pub ground: Ground,
    /// How it is opened.
    pub mode: Mode,
    /// This workstation, without a key.
    pub station: Station,
    /// A demonstration.
    pub demo: bool,
    /// The file is encrypted.
    pub sealed: bool,
    /// What lets writes through.
    pub gate: Gate,
    /// Where this PC keeps what it knows of imports.
    pub memory: PathBuf,
    /// Who signed in here has its key there.
    pub hole: Keyhole,
    /// The loop.
    pub to: Sender<Message>,
}

impl Backstage {
    /// From now on the file is opened with what they have.
    pub fn unlock(&self, signed: Option<&SignedIn>) {
        self.hole.put(Some(signed.cloned()));
    }

    /// The key is forgotten.
    pub fn lock(&self) {
        self.hole.put(None);
    }

    /// This workstation with the key there is.
    fn at_work(&self) -> Station {
        Station { key: self.hole.key().unwrap_or_default(), ..self.station.clone() }
    }

    /// The store, beginning to open the file.
    ///
    /// # Errors
    /// Threads cannot be started.
    pub fn worker(&self, drafts: &mut Drafts) -> Result<Worker, OpenError> {
        let cache = drafts.cache().filter(|_| !self.ground.local());
        let local = Local { outbox: drafts.outbox(), cache };
        let suspect = Suspect::new(&self.path, &self.at_work());
        Worker::start(&self.path, self.mode, &self.at_work(), self.gate.clone(), local, relay(suspect, self.to.clone()))
    }

    /// A place for drafts, and what earlier windows left there.
    pub fn claim(&self) -> (Drafts, Vec<String>) {
        let (folder, key) = (self.setting.places.drafts(&self.path), self.hole.key().unwrap_or_default());
        let scratch = folder.with_extension("demo.json");
        if self.demo {
            return (Drafts::alone(scratch, &key), Vec::new());
        }
        Drafts::claim(&folder, &key).unwrap_or_else(|error| {
            tracing::error!(%error, "drafts have no place");
            (Drafts::alone(scratch, &key), Vec::new())
        })
    }

    /// The import thread.
    ///
    /// # Errors
    /// No thread could be started.
    pub fn importing(&self) -> io::Result<Importing> {
        let desk = importing::Desk {
            path: self.path.clone(),
            station: self.at_work(),
            shared: !self.ground.local(),
            folder: self.setting.config.import.folder.clone().filter(|_| !self.demo),
            memory: self.memory.clone(),
            exports: self.setting.places.slips(),
            clock: self.setting.clock,
        };
        Importing::start(desk, self.to.clone())
    }

    /// Everything at once.
    ///
    /// # Errors
    /// Threads cannot be started.
    pub fn stage(&self, drafts: &mut Drafts) -> Result<Stage, OpenError> {
        let worker = self.worker(drafts)?;
        let importing = self.importing().map_err(|e| OpenError::Drive(e.to_string()))?;
        Ok(Stage { worker, importing })
    }

    /// Has a password looked at on a thread of its own: that is slow on purpose.
    pub fn sign_in(&self, staff: String, password: Password, to: &'static str) {
        let this = self.clone();
        let failed = self.to.clone();
        let work = move || {
            let signed = this.try_it(&staff, &password, to).map(|(_, signed)| signed);
            let _ = this.to.send(Message::SignedIn(signed));
        };
        if let Err(e) = thread::Builder::new().name("sign-in".into()).spawn(work) {
            let _ = failed.send(Message::SignedIn(Err(Failure::Drive(e.to_string()).into())));
        }
    }

    fn try_it(&self, staff: &str, password: &Password, to: &str) -> Result<(File, SignedIn), SignInError> {
        let clock = self.setting.clock;
        let what = Try { staff, password, at: clock.now(), today: clock.today(), to };
        // Where locks are not proved nothing is written, not even a try.
        let mode = if self.gate.proof().lets_write() { self.mode } else { Mode::Read };
        sign_in::sign_in(&self.setting.places, &self.path, mode, &self.at_work(), &what)
            .inspect_err(|error| tracing::warn!(%error, "a sign-in was refused"))
    }

    /// Has the second person's password looked at on a thread of its own. Nobody is let in by it.
    pub fn vouch(&self, op: OpId, staff: String, password: Password, to: &'static str) {
        let this = self.clone();
        let failed = self.to.clone();
        let work = move || {
            let done = this.word(&staff, &password, to);
            let _ = this.to.send(Message::Event(Event::Vouched(op, done)));
        };
        if let Err(e) = thread::Builder::new().name("vouch".into()).spawn(work) {
            let why = Err(Failure::Drive(e.to_string()).into());
            let _ = failed.send(Message::Event(Event::Vouched(op, why)));
        }
    }

    fn word(&self, staff: &str, password: &Password, to: &str) -> Result<StaffId, SignInError> {
        if password.is_empty() {
            let mut file = File::open(&self.path, Mode::Read, &self.at_work())?;
            return secret::named(&mut file, staff);
        }
        let (_, signed) = self.try_it(staff, password, to)?;
        secret::vouched(&signed)
    }

    /// Has a new password set, on a thread of its own.
    pub fn set_password(&self, staff: StaffId, code: String, old: Option<Password>, new: Password) {
        let this = self.clone();
        let failed = self.to.clone();
        let work = move || {
            let done = this.set(staff, &code, old.as_ref(), &new);
            let _ = this.to.send(Message::PasswordSet(done));
        };
        if let Err(e) = thread::Builder::new().name("password".into()).spawn(work) {
            let _ = failed.send(Message::PasswordSet(Err(Failure::Drive(e.to_string()).into())));
        }
    }

    fn set(&self, staff: StaffId, code: &str, old: Option<&Password>, new: &Password) -> Result<(), SignInError> {
        let clock = self.setting.clock;
        let (mut file, key) = match old {
            Some(old) => {
                let (file, signed) = self.try_it(code, old, "password")?;
                (file, signed.key)
            }
            None => {
                let mut file = File::open(&self.path, self.mode, &self.at_work())?;
                if self.sealed || secret::wants(&mut file, staff)? == Wants::Password {
                    return Err(SignInError::Wrong { staff: None, wait: 0 });
                }
                (file, Key::default())
            }
        };
        let stamp = Stamp::new(staff, clock.now(), clock.today());
        Ok(secret::set(&mut file, &key, &New { staff, password: new, cost: Cost::STAFF }, &stamp)?)
    }
}

/// Takes what the store says to the loop. The rows of the index are built into one on the store's thread, so that a million of them
/// never stop a keystroke.
fn relay(suspect: Suspect, to: Sender<Message>) -> impl Fn(Said) + Send + Clone + 'static {
    let people: Arc<Mutex<Vec<Staff>>> = Arc::default();
    move |said| {
        suspect.hear(&said, &to);
        let known = |staff: Option<&[Staff]>| {
            let mut people = people.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
            if let Some(staff) = staff {
                *people = staff.to_vec();
            }
            people.clone()
        };
        let message = match said {
            Said::Opened(opened) => Message::Opened(opened),
            Said::Waiting(n, trouble) => Message::Event(Event::Drive(News::Waiting(n, trouble))),
            Said::Missing(n) => Message::Event(Event::Drive(News::Missing(n))),
            Said::Later(ask, answer) => Message::Event(Event::Later(ask, answer)),
            Said::Answer(ticket, Answer::Workbench(workbench::Answer::Index(intake))) => {
                let index = Index::of(*intake, &known(None));
                let _ = to.send(Message::Event(Event::Indexed(Box::new(index))));
                Message::Answer(ticket, Answer::Workbench(workbench::Answer::Index(Box::default())))
            }
            Said::Answer(ticket, answer) => {
                if let Answer::Workbench(workbench::Answer::Opened(opened)) = &answer {
                    known(Some(&opened.staff));
                }
                Message::Answer(ticket, answer)
            }
        };
        let _ = to.send(message);
    }
}

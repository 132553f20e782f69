//! Opens the workbench: store, terminal, machine and loop put together, and taken apart again. What happens in it lives in `app`, how it
//! looks in `ui`.

use super::crash;
use super::cycle::{self, End, Face};
use super::drafts::Drafts;
use super::events::{self, Message};
use super::fault::Fault;
use super::hourly;
use super::importing::{self, Importing};
use super::keep;
use super::outside::World;
use super::setting::Setting;
use super::suspect::Suspect;
use super::terminal::Screen;
use super::upgrade;
use super::watch::{Told, Watch};
use crate::app::drive::News;
use crate::app::event::{Effect, Event};
use crate::app::machine::App;
use crate::app::shared::Start;
use crate::app::words::drive;
use crate::domain::staff::Staff;
use crate::index::Index;
use crate::store::drive::Gate;
use crate::store::open::{File, Mode};
use crate::store::refuse::OpenError;
use crate::store::request::{Answer, Ask};
use crate::store::secret;
use crate::store::workbench;
use crate::store::worker::{Local, Said, Worker};
use crate::ui::render::render;
use crate::ui::theme::Theme;
use ratatui::Frame;
use std::env;
use std::io::IsTerminal;
use std::path::Path;
use std::process::ExitCode;
use std::sync::mpsc::{self, Sender};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

/// How long a plain terminal waits for the file before the screen is taken: what follows must still be within half a second.
const PATIENT: Duration = Duration::from_millis(300);

/// The machine with its colours.
struct Desk {
    app: App,
    /// NO_COLOR goes before anything chosen.
    plain: bool,
}

impl Face for Desk {
    fn update(&mut self, event: Event) -> Vec<Effect> {
        self.app.update(event)
    }

    fn draw(&self, frame: &mut Frame<'_>) {
        let chosen = Theme::named(&self.app.rooms.shared.theme).unwrap_or_default();
        let theme = if self.plain { Theme::mono() } else { chosen };
        render(&self.app.rooms, &theme, frame);
    }
}

/// Whether there is a terminal to open it on.
///
/// # Errors
/// There is none.
pub fn ready() -> Result<(), Fault> {
    if std::io::stdout().is_terminal() {
        return Ok(());
    }
    Err(Fault::usage(
        "工作台要在终端里打开。脚本请用 guitai find、today 等命令，见 guitai --help。",
        "The workbench needs a terminal. Scripts use guitai find, today and so on: see guitai --help.",
    ))
}

/// Opens the workbench on the file that is configured and stays until the user leaves.
///
/// # Errors
/// There is no file, or it cannot be used; there is no terminal.
pub fn open(setting: &Setting, demo: bool) -> Result<ExitCode, Fault> {
    let path = setting.file()?;
    ready()?;
    let no_terminal = |e: std::io::Error| {
        tracing::error!(error = %e, "the terminal failed");
        Fault::refused(format!("终端不能用：{e}"), format!("The terminal cannot be used: {e}"))
    };
    let (to, inbox) = mpsc::channel();
    let who = signed(setting, &path)?;
    let station = setting.station();
    let (ground, footing, mode) = setting.ground(&path);
    let folder = setting.places.drafts(&path);
    let scratch = folder.with_extension("demo.json");
    let memory = folder.with_extension(if demo { "demo-imports.json" } else { "imports.json" });
    let (mut drafts, found) = if demo {
        (Drafts::alone(scratch.clone(), &station.key), Vec::new())
    } else {
        Drafts::claim(&folder, &station.key).unwrap_or_else(|error| {
            tracing::error!(%error, "drafts have no place");
            (Drafts::alone(scratch.clone(), &station.key), Vec::new())
        })
    };
    let (gate, told) = (Gate::default(), Told::default());
    let local = Local { outbox: drafts.outbox(), cache: drafts.cache().filter(|_| !ground.local()) };
    let unopened = |e: &OpenError| super::commands::unopened(e);
    let worker =
        Worker::start(&path, mode, &station, gate.clone(), local, relay(Suspect::new(&path, &station), to.clone()))
            .map_err(|e| unopened(&e))?;
    // The file first: why it cannot be used is said on a plain terminal, unless the drive takes its time.
    let patient = Instant::now() + PATIENT;
    let (mut early, mut writes) = (Vec::new(), mode == Mode::Write);
    while let Ok(message) = inbox.recv_timeout(patient.saturating_duration_since(Instant::now())) {
        match message {
            Message::Opened(Ok(read_only)) => {
                writes &= !read_only;
                break;
            }
            Message::Opened(Err(OpenError::Older { found, .. })) => {
                drop((worker, drafts));
                upgrade::lift(setting, &path, found)?;
                return open(setting, demo);
            }
            Message::Opened(Err(e)) => return Err(unopened(&e)),
            other => early.push(other),
        }
    }
    for message in early {
        // The channel is open: its other end is in this function.
        let _ = to.send(message);
    }
    crash::watch(setting.places.state.clone());
    let screen = Screen::enter(setting.config.ui.mouse, setting.config.ui.ambiguous).map_err(no_terminal)?;
    events::listen(to.clone()).map_err(no_terminal)?;
    events::read(to.clone()).map_err(no_terminal)?;
    let desk = setting.desk(&station, &ground, writes);
    let sitting = desk.sitting;
    let watch = Watch::start(&path, desk, gate, told.clone(), to.clone()).map_err(no_terminal)?;
    if !demo {
        hourly::start(setting, &path, writes, to.clone()).map_err(no_terminal)?;
    }

    let importing = Importing::start(
        importing::Desk {
            path: path.clone(),
            station: station.clone(),
            shared: !ground.local(),
            folder: setting.config.import.folder.clone().filter(|_| !demo),
            memory: memory.clone(),
            exports: setting.places.slips(),
            clock: setting.clock,
        },
        to.clone(),
    )
    .map_err(no_terminal)?;
    for kept in found {
        let _ = to.send(Message::Event(Event::Drafts(kept)));
    }
    drop(to);
    let app = App::new(Start {
        lang: setting.lang,
        today: None,
        now: setting.clock.now(),
        size: crossterm::terminal::size().unwrap_or((80, 24)),
        staff: who,
        station: station.number,
        theme: setting.config.ui.theme.clone(),
        place: ground.word(),
        footing,
        demo,
        sitting,
        slips: setting.places.slips().display().to_string(),
    });
    let mut desk = Desk { app, plain: env::var_os("NO_COLOR").is_some_and(|v| !v.is_empty()) };
    let mut world = World::new(screen, worker, setting.places.clone(), drafts, told, importing);
    tracing::info!(version = env!("CARGO_PKG_VERSION"), "the workbench is open");
    let end = cycle::run(&mut desk, &inbox, &mut world, setting.clock);
    let saved = world.leave(&inbox);
    watch.leave();
    if demo {
        // The people it is about are gone with the scratch file.
        keep::forget(&scratch);
        keep::forget(&memory);
    }
    tracing::info!(?end, saved, "the workbench is closed");
    if !saved {
        return Err(Fault::file(
            "离开时还有一次保存没有得到文件的回应，请重新打开核对最后的改动。",
            "One save was still unanswered when leaving; open again and check the last change.",
        ));
    }
    let waiting = desk.app.rooms.shared.drive.waiting;
    if waiting > 0 {
        println!("{}", drive::left(waiting, desk.app.rooms.shared.lang));
    }
    match end.map_err(no_terminal)? {
        End::Left => Ok(ExitCode::SUCCESS),
        End::Signal(n) => Ok(ExitCode::from(128_u8.saturating_add(n))),
        End::Lost => Ok(ExitCode::FAILURE),
        End::Unopened(error) => Err(unopened(&error)),
    }
}

/// Who works here: in an encrypted file somebody signs in before anything of it is read.
fn signed(setting: &Setting, path: &Path) -> Result<Option<String>, Fault> {
    if !secret::sealed(path, &setting.station()) {
        return Ok(setting.staff.clone());
    }
    super::commands::sign_in(setting, path)?;
    let Some(signed) = setting.signed.get() else { return Ok(setting.staff.clone()) };
    let mut file = File::open(path, Mode::Read, &setting.station()).map_err(|e| super::commands::unopened(&e))?;
    let staff = match file.answer(&Ask::Workbench(workbench::Ask::Open)) {
        Answer::Workbench(workbench::Answer::Opened(opened)) => opened.staff,
        Answer::Failed(failure) => return Err(failure.into()),
        _ => Vec::new(),
    };
    let code = staff.into_iter().find(|s| s.id == signed.staff).map(|s| s.code);
    match (signed.change, &code) {
        (Some(why), Some(code)) => Err(super::commands::change_first(why, code)),
        _ => Ok(code),
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

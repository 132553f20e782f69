//! Opens the workbench: store, terminal, machine and loop put together, and taken apart again. What happens in it lives in `app`, how it
//! looks in `ui`.

use super::backstage::{Backstage, Keyhole, Stage};
use super::crash;
use super::cycle::{self, End, Face, Outside};
use super::events::{self, Message};
use super::fault::Fault;
use super::hourly;
use super::keep;
use super::outside::World;
use super::setting::Setting;
use super::terminal::Screen;
use super::upgrade;
use super::watch::{Told, Watch};
use crate::app::event::{Effect, Event};
use crate::app::machine::App;
use crate::app::shared::Start;
use crate::app::words::drive;
use crate::store::drive::Gate;
use crate::store::open::Mode;
use crate::store::refuse::OpenError;
use crate::store::secret;
use crate::store::veil::Seat;
use crate::ui::render::render;
use crate::ui::theme::Theme;
use ratatui::Frame;
use std::env;
use std::io::IsTerminal;
use std::process::ExitCode;
use std::sync::mpsc;
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

    fn seat(&self) -> Option<Seat> {
        self.app.seat()
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
    let station = setting.station();
    let (ground, footing, mode) = setting.ground(&path);
    let folder = setting.places.drafts(&path);
    let scratch = folder.with_extension("demo.json");
    let memory = folder.with_extension(if demo { "demo-imports.json" } else { "imports.json" });
    let (gate, told) = (Gate::default(), Told::default());
    let unopened = |e: &OpenError| super::commands::unopened(e);
    let back = Backstage {
        setting: setting.clone(),
        path: path.clone(),
        ground: ground.clone(),
        mode,
        station: station.clone(),
        demo,
        sealed: secret::sealed(&path, &station),
        gate: gate.clone(),
        memory: memory.clone(),
        hole: Keyhole::default(),
        to: to.clone(),
    };
    let mut begun = None;
    if !back.sealed {
        back.unlock(None);
        let (mut drafts, found) = back.claim();
        begun = Some((back.worker(&mut drafts).map_err(|e| unopened(&e))?, drafts, found));
    }
    // The file first: why it cannot be used is said on a plain terminal, unless the drive takes its time.
    let patient = Instant::now() + if begun.is_some() { PATIENT } else { Duration::ZERO };
    let (mut early, mut writes) = (Vec::new(), mode == Mode::Write);
    while let Ok(message) = inbox.recv_timeout(patient.saturating_duration_since(Instant::now())) {
        match message {
            Message::Opened(Ok(read_only)) => {
                writes &= !read_only;
                break;
            }
            Message::Opened(Err(OpenError::Older { found, .. })) => {
                drop(begun);
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
        hourly::start(setting, &path, writes, back.hole.clone(), to.clone()).map_err(no_terminal)?;
    }
    let sealed = back.sealed;
    let mut set = None;
    if let Some((worker, drafts, found)) = begun {
        let importing = back.importing().map_err(no_terminal)?;
        set = Some((Stage { worker, importing }, drafts));
        for kept in found {
            let _ = to.send(Message::Event(Event::Drafts(kept)));
        }
    }
    drop(to);
    let app = App::new(Start {
        lang: setting.lang,
        today: None,
        now: setting.clock.now(),
        size: crossterm::terminal::size().unwrap_or((80, 24)),
        staff: setting.staff.clone(),
        station: station.number,
        theme: setting.config.ui.theme.clone(),
        place: ground.word(),
        footing,
        demo,
        sealed,
        sitting,
        slips: setting.places.slips().display().to_string(),
    });
    let mut desk = Desk { app, plain: env::var_os("NO_COLOR").is_some_and(|v| !v.is_empty()) };
    let mut world = World::new(screen, back, set, told);
    tracing::info!(version = env!("CARGO_PKG_VERSION"), "the workbench is open");
    let end = cycle::run(&mut desk, &inbox, &mut world, setting.clock);
    if !matches!(end, Ok(End::Left)) {
        // Ended from outside: whoever worked here signs out by it.
        for effect in desk.app.ends() {
            world.perform(effect).map_err(no_terminal)?;
        }
    }
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

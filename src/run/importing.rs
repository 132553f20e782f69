//! Extracts inside the workbench: a thread of its own, over a connection of its own, does what the import screen wants and tells the
//! machine what came of it. How a file is read, written and taken back is in `importing::hands`; what is shown of it in `app::imports`.

mod folder;
mod hands;

use super::clock::Clock;
use super::events::Message;
use crate::app::event::Event;
use crate::app::imports::{Errand, Found, News, Progress, State};
use crate::domain::text::Complaint;
use crate::store::open::{File, Mode, Station};
use folder::Shelf;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{self, Receiver, Sender};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

/// Progress is told this often: what is faster nobody reads.
const TOLD: Duration = Duration::from_millis(200);

/// What the thread goes by.
#[derive(Debug, Clone)]
pub struct Desk {
    /// The branch file.
    pub path: PathBuf,
    /// This workstation.
    pub station: Station,
    /// The branch file lies on a share: what is written is written in short portions.
    pub shared: bool,
    /// The drop folder, if one is set.
    pub folder: Option<PathBuf>,
    /// Where this PC keeps what it knows of the drop folder.
    pub memory: PathBuf,
    /// Where mappings go that are written to a file.
    pub exports: PathBuf,
    /// The clock: files are offered once a day.
    pub clock: Clock,
}

/// The thread, as the loop knows it.
#[derive(Debug)]
pub struct Importing {
    errands: Option<Sender<Errand>>,
    stop: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Importing {
    /// Starts it; nothing is looked at before an errand comes.
    ///
    /// # Errors
    /// No thread could be started.
    pub fn start(desk: Desk, to: Sender<Message>) -> io::Result<Importing> {
        let (errands, inbox) = mpsc::channel();
        let stop = Arc::new(AtomicBool::new(false));
        let porter = Porter { shelf: Shelf::new(desk.folder.clone(), &desk.memory), desk, to, stop: Arc::clone(&stop) };
        let thread = thread::Builder::new().name("imports".into()).spawn(move || porter.stand(&inbox))?;
        Ok(Importing { errands: Some(errands), stop, thread: Some(thread) })
    }

    /// Wants something of it.
    pub fn want(&self, errand: Errand) {
        match errand {
            // It comes while the thread works.
            Errand::Stop => self.stop.store(true, Ordering::Relaxed),
            other => {
                if let Some(errands) = &self.errands {
                    // The thread lives as long as this end of the channel.
                    let _ = errands.send(other);
                }
            }
        }
    }

    /// Leaves: what is under way is stopped, and waited for as long as stopping may take.
    pub fn leave(&mut self, patience: Duration) {
        self.errands = None;
        self.stop.store(true, Ordering::Relaxed);
        let Some(thread) = self.thread.take() else { return };
        let end = Instant::now() + patience;
        while !thread.is_finished() && Instant::now() < end {
            thread::sleep(Duration::from_millis(5));
        }
    }
}

/// Who does it.
struct Porter {
    desk: Desk,
    shelf: Shelf,
    to: Sender<Message>,
    stop: Arc<AtomicBool>,
}

impl Porter {
    fn stand(mut self, inbox: &Receiver<Errand>) {
        while let Ok(errand) = inbox.recv() {
            self.stop.store(false, Ordering::Relaxed);
            let news = self.run(errand).unwrap_or_else(News::Failed);
            if self.to.send(Message::Event(Event::Import(Box::new(news)))).is_err() {
                return;
            }
        }
    }

    fn run(&mut self, errand: Errand) -> Result<News, Complaint> {
        Ok(match errand {
            Errand::Offer => {
                if !self.shelf.due(self.desk.clock.today()) {
                    return Ok(News::Offered(Vec::new()));
                }
                let found = self.found()?;
                self.shelf.offered(self.desk.clock.today());
                News::Offered(found.into_iter().filter(Found::offered).collect())
            }
            Errand::List => News::Listed(self.shelf.folder(), self.found()?),
            Errand::Add(paths) => {
                let mut file = self.open()?;
                News::Added(self.shelf.know(paths.iter().map(|p| home(p)).collect(), &mut file))
            }
            Errand::Look(files, stamp) => self.told(|file, tell, stop| hands::look(file, &files, stamp, tell, stop))?,
            Errand::TakeIn(files, stamp) => {
                self.told(|file, tell, stop| hands::take_in(file, &files, stamp, tell, stop))?
            }
            Errand::Undo(n, stamp) => hands::undo(&mut self.open()?, n, self.desk.shared, &stamp)?,
            Errand::Open(path) => {
                let mut file = self.open()?;
                match self.shelf.know(vec![PathBuf::from(&path)], &mut file).pop() {
                    Some(Found { state: State::Broken(why), .. }) => return Err(why),
                    Some(found) => News::Opened(Box::new(hands::open(found)?)),
                    None => News::Added(Vec::new()),
                }
            }
            Errand::Try(path, mapping) => {
                News::Tried(hands::read_by(Path::new(&path), &mapping, self.desk.clock.today())?)
            }
            Errand::Keep(mapping, stamp) => hands::keep(&mut self.open()?, mapping, &stamp)?,
            Errand::Export(mapping) => News::Exported(hands::export(&mapping, &self.desk.exports)?),
            Errand::Stop => News::Stopped,
        })
    }

    /// The files of the drop folder.
    fn found(&mut self) -> Result<Vec<Found>, Complaint> {
        let paths = self.shelf.paths()?;
        if paths.is_empty() {
            return Ok(Vec::new());
        }
        let mut file = self.open()?;
        Ok(self.shelf.know(paths, &mut file))
    }

    /// Does something that takes its time: progress is told meanwhile.
    fn told(
        &self,
        work: impl FnOnce(&mut File, &mut dyn FnMut(hands::Step<'_>), &AtomicBool) -> Result<News, Complaint>,
    ) -> Result<News, Complaint> {
        let mut file = self.open()?;
        let (began, mut last) = (Instant::now(), None::<Instant>);
        let mut before = (0, 0, 0.0);
        work(
            &mut file,
            &mut |step| {
                if last.is_some_and(|at| at.elapsed() < TOLD) {
                    return;
                }
                last = Some(Instant::now());
                // The rate is that of the file under way.
                let now = began.elapsed().as_secs_f64();
                if before.0 != step.file || step.rows < before.1 {
                    before = (step.file, 0, now);
                }
                let seconds = (now - before.2).max(0.001);
                let progress = Progress {
                    name: step.name.to_owned(),
                    file: step.file,
                    files: step.files,
                    rows: step.rows,
                    percent: step.bytes.saturating_mul(100).checked_div(step.total).unwrap_or(0).min(100),
                    rate: rate(step.rows - before.1, seconds),
                };
                let _ = self.to.send(Message::Event(Event::Import(Box::new(News::Progress(progress)))));
            },
            &self.stop,
        )
    }

    fn open(&self) -> Result<File, Complaint> {
        File::open(&self.desk.path, Mode::Write, &self.desk.station).map_err(|e| {
            tracing::error!(error = %e, "the branch file was not opened for an import");
            e.complaint()
        })
    }
}

#[allow(clippy::cast_possible_truncation, clippy::cast_precision_loss, clippy::cast_sign_loss)]
fn rate(rows: u64, seconds: f64) -> u64 {
    (rows as f64 / seconds) as u64
}

/// A path as the shell would read it: `~` is the user's own folder.
fn home(path: &str) -> PathBuf {
    let own = ["HOME", "USERPROFILE"].into_iter().find_map(|v| std::env::var_os(v).filter(|h| !h.is_empty()));
    match (path.strip_prefix("~/").or_else(|| path.strip_prefix("~\\")), own) {
        (Some(rest), Some(own)) => PathBuf::from(own).join(rest),
        _ => PathBuf::from(path),
    }
}

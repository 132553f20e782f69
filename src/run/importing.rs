//! Extracts inside the workbench: a thread of its own, over a connection of its own, does what the import screen wants and tells the
//! machine what came of it. How a file is read, written and taken back is in `importing::hands`; what is shown of it in `app::imports`.

mod folder;
mod hands;
mod layouts;

use super::clock::Clock;
use super::events::Message;
use crate::app::event::Event;
use crate::app::imports::{Errand, Found, News, Progress, State};
use crate::domain::text::Complaint;
use crate::exchange::extract::import::Way;
use crate::exchange::extract::lane::Job;
use crate::exchange::extract::look::Look;
use crate::store::open::{File, Mode, Station};
use folder::Shelf;
use hands::Head;
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
        let porter = Porter {
            shelf: Shelf::new(desk.folder.clone(), &desk.memory, &desk.station.key),
            desk,
            to,
            stop: Arc::clone(&stop),
            looked: None,
        };
        let thread = thread::Builder::new().name("imports".into()).spawn(move || porter.stand(&inbox))?;
        Ok(Importing { errands: Some(errands), stop, thread: Some(thread) })
    }

    /// Wants something of it.
    pub fn want(&self, errand: Errand) {
        match errand {
            // It comes while the thread works.
            Errand::Stop => self.stop.store(true, Ordering::Relaxed),
            other => {
                if let Errand::Look(..) | Errand::TakeIn(..) = other {
                    // One that is stopped before it was begun stays stopped.
                    self.stop.store(false, Ordering::Relaxed);
                }
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
    /// The file whose columns are being matched, as it was looked at.
    looked: Option<(String, Look)>,
}

impl Porter {
    fn stand(mut self, inbox: &Receiver<Errand>) {
        while let Ok(errand) = inbox.recv() {
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
                let named = paths.iter().flat_map(|p| folder::named(home(p))).collect();
                News::Added(self.shelf.know(named, &mut file))
            }
            Errand::Look(files, stamp) => {
                let files = self.heads(files)?;
                self.told(|file, way, tell| hands::look(file, &files, way, stamp, tell))?
            }
            Errand::TakeIn(files, stamp) => {
                let files = self.heads(files)?;
                self.told(|file, way, tell| hands::take_in(file, &files, way, &stamp, tell))?
            }
            Errand::Undo(n, stamp) => hands::undo(&mut self.open()?, n, self.desk.shared, &stamp)?,
            Errand::Open(path) => {
                let mut file = self.open()?;
                match self.shelf.know(vec![PathBuf::from(&path)], &mut file).pop() {
                    Some(Found { state: State::Broken(why), .. }) => return Err(why),
                    Some(found) => {
                        let look = Look::at(Path::new(&path))?;
                        let strange = hands::strange(found, &look, &hands::mappings(&mut file)?);
                        self.looked = Some((path, look));
                        News::Opened(Box::new(strange))
                    }
                    None => News::Added(Vec::new()),
                }
            }
            Errand::Try(path, mapping) => match &self.looked {
                Some((looked, look)) if *looked == path => {
                    let name =
                        Path::new(&path).file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
                    News::Tried(hands::read_by(&name, look, &mapping, self.desk.clock.today())?)
                }
                _ => News::Tried(Vec::new()),
            },
            Errand::Keep(mapping, stamp) => {
                self.shelf.forget();
                hands::remember(&mut self.open()?, mapping, &stamp)?
            }
            Errand::Bring(path, stamp) => {
                self.shelf.forget();
                hands::bring(&mut self.open()?, &home(&path), &stamp)?
            }
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

    /// The files with their first rows.
    fn heads(&mut self, files: Vec<String>) -> Result<Vec<(String, Head)>, Complaint> {
        let mappings = hands::mappings(&mut self.open()?)?;
        files.into_iter().map(|f| self.shelf.head(Path::new(&f), &mappings).map(|head| (f, head))).collect()
    }

    /// Does something that takes its time: progress is told meanwhile.
    fn told(
        &self,
        work: impl FnOnce(&mut File, &Way<'_>, &mut dyn FnMut(hands::Step<'_>)) -> Result<News, Complaint>,
    ) -> Result<News, Complaint> {
        let mut file = self.open()?;
        let (began, mut last) = (Instant::now(), None::<Instant>);
        let mut before = (0, 0, 0.0);
        let beside = |job: Job| {
            // Without a thread the reading breaks off, and says so.
            if let Err(error) = thread::Builder::new().name("extract".into()).spawn(job) {
                tracing::error!(%error, "no thread to read a file on");
            }
        };
        let way =
            Way { beside: Some(&beside), stop: Some(&self.stop), shared: Some(self.desk.shared), ..Way::default() };
        work(&mut file, &way, &mut |step| {
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
        })
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::imports::Sight;
    use crate::domain::dealings::batch::{Counts, DAY_OF_IMPORT};
    use crate::domain::ids::StaffId;
    use crate::domain::staff::{Role, Staff};
    use crate::store::ids::Maker;
    use crate::store::request::Stamp;
    use chrono::NaiveDate;
    use std::fs;

    const CUSTOMERS: &str = "客户号,姓名,手机\n6000000001,张山河,18985210027\n6000000002,单雄,139\n";
    const FIGURES: &str = "客户号,数据日期,AUM时点\n6000000001,20261120,\"310,200.00\"\n#1,310200.00\n";

    fn stamp() -> Stamp {
        let today = NaiveDate::from_ymd_opt(2026, 11, 21).unwrap();
        let at = today.and_hms_opt(9, 0, 0).unwrap();
        // Whom the file begins with gets this id.
        Stamp::new(StaffId(Maker::new(3).next(at)), at, today)
    }

    /// A branch, a drop folder with these files written an hour ago, and who sees to them.
    fn porter(home: &Path, files: &[(&str, &str)]) -> (Porter, Receiver<Message>) {
        let station = Station::new("3号机", 3);
        let path = home.join("branch.db");
        let first = Staff::new("wangmin", "王敏", Role::BranchManager);
        drop(File::create(&path, "道真支行", &first, &stamp(), &station).unwrap());
        let folder = home.join("投放");
        fs::create_dir(&folder).unwrap();
        for (name, text) in files {
            fs::write(folder.join(name), text).unwrap();
            let file = fs::File::options().write(true).open(folder.join(name)).unwrap();
            file.set_modified(std::time::SystemTime::now() - Duration::from_secs(3_600)).unwrap();
        }
        let desk = Desk {
            path,
            station,
            shared: false,
            folder: Some(folder.clone()),
            memory: home.join("memory.json"),
            exports: home.join("slips"),
            clock: Clock::new(Some(stamp().today)),
        };
        let (to, inbox) = mpsc::channel();
        let shelf = Shelf::new(Some(folder), &desk.memory, &desk.station.key);
        (Porter { desk, shelf, to, stop: Arc::default(), looked: None }, inbox)
    }

    fn chosen(found: &[Found]) -> Vec<String> {
        found.iter().map(|f| f.path.clone()).collect()
    }

    fn listed(porter: &mut Porter) -> Vec<Found> {
        match porter.run(Errand::List).unwrap() {
            News::Listed(Some(_), mut found) => {
                found.sort_by(|a, b| a.name.cmp(&b.name));
                found
            }
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn new_files_are_offered_looked_into_taken_in_known_again_and_taken_back() {
        let home = tempfile::tempdir().unwrap();
        let (mut porter, _inbox) = porter(home.path(), &[("客户-20261120.csv", CUSTOMERS), ("资产.csv", FIGURES)]);
        let News::Offered(offered) = porter.run(Errand::Offer).unwrap() else { panic!("nothing offered") };
        assert_eq!(offered.len(), 2);
        assert_eq!(porter.run(Errand::Offer).unwrap(), News::Offered(vec![]));
        let found = listed(&mut porter);
        let about: Vec<_> = found.iter().map(|f| (f.layout.as_str(), f.encoding.as_str(), f.as_of)).collect();
        assert_eq!(about, [("客户", "UTF-8", Some(stamp().today.pred_opt().unwrap())), ("资产", "UTF-8", None)]);

        // Looked into together, the assets find the customers of the same run; nothing is written.
        let files: Vec<String> = chosen(&found).into_iter().rev().collect();
        let News::Looked(seen) = porter.run(Errand::Look(files.clone(), stamp())).unwrap() else { panic!() };
        let tally = |s: &Sight| s.tally;
        let customers = Counts { rows: 2, new: 1, rejected: 1, ..Counts::default() };
        let figures = Counts { rows: 1, new: 1, ..Counts::default() };
        assert_eq!(seen.iter().map(tally).collect::<Vec<_>>(), [customers, figures]);
        assert_eq!(seen[1].control.unwrap().rows, 1);
        assert_eq!(seen[1].sample, [["6000000001", "20261120", "310,200.00"].map(String::from)]);
        assert_eq!((seen[0].rejects[0].line, seen[0].rejects[0].field.as_str()), (3, "手机"));
        assert!(!Path::new(&seen[0].rejects_file).exists());
        assert!(listed(&mut porter).iter().all(Found::offered));

        let News::TakenIn(done, None) = porter.run(Errand::TakeIn(files.clone(), stamp())).unwrap() else { panic!() };
        assert_eq!(done.iter().map(tally).collect::<Vec<_>>(), [customers, figures]);
        assert!(Path::new(&done[0].rejects_file).exists());
        let states: Vec<_> = listed(&mut porter).into_iter().map(|f| f.state).collect();
        assert_eq!(states, [State::Taken(stamp().at), State::Taken(stamp().at)]);

        // Twice changes nothing; the customers cannot go while assets hang on them.
        let News::Looked(known) = porter.run(Errand::Look(files.clone(), stamp())).unwrap() else { panic!() };
        assert_eq!((&known[1].total, seen[1].total.is_some()), (&None, true), "nothing was added up of what is in");
        let News::TakenIn(again, None) = porter.run(Errand::TakeIn(files, stamp())).unwrap() else { panic!() };
        assert!(again.iter().all(|s| s.tally.new + s.tally.changed == 0), "{again:?}");
        let (first, second) = (done[0].batch.unwrap(), done[1].batch.unwrap());
        let News::Depends(n, why) = porter.run(Errand::Undo(first, stamp())).unwrap() else { panic!() };
        assert!(n == first && why[0].zh.contains("6000000001"), "{why:?}");
        assert_eq!(porter.run(Errand::Undo(second, stamp())).unwrap(), News::Undone(second));
        let again = porter.run(Errand::Undo(second, stamp())).unwrap_err();
        assert!(again.zh.contains("撤销过"), "{}", again.zh);
        let states: Vec<_> = listed(&mut porter).into_iter().map(|f| f.state).collect();
        assert_eq!(states[1], State::New);
    }

    #[test]
    fn what_is_stopped_leaves_nothing_and_how_far_it_is_is_told() {
        let home = tempfile::tempdir().unwrap();
        let mut text = "客户号,姓名\n".to_owned();
        for n in 0..3_000 {
            text.push_str(&format!("{},客户{n}\n", 6_000_000_000_u64 + n));
        }
        let (mut porter, inbox) = porter(home.path(), &[("客户.csv", &text)]);
        let files = chosen(&listed(&mut porter));
        porter.stop.store(true, Ordering::Relaxed);
        assert_eq!(porter.run(Errand::TakeIn(files.clone(), stamp())).unwrap(), News::Stopped);
        porter.stop.store(false, Ordering::Relaxed);
        let News::Looked(seen) = porter.run(Errand::Look(files, stamp())).unwrap() else { panic!() };
        assert_eq!(seen[0].tally.new, 3_000);
        let told = inbox.try_iter().find_map(|m| match m {
            Message::Event(Event::Import(news)) => match *news {
                News::Progress(p) => Some(p),
                _ => None,
            },
            _ => None,
        });
        assert!(told.is_some_and(|p| p.name == "客户.csv" && (p.file, p.files) == (1, 1)));
    }

    #[test]
    fn a_file_that_is_not_there_or_is_none_says_why() {
        let home = tempfile::tempdir().unwrap();
        let (mut porter, _inbox) = porter(home.path(), &[]);
        let named = vec![home.path().join("没有.csv").display().to_string(), home.path().display().to_string()];
        let News::Added(found) = porter.run(Errand::Add(named)).unwrap() else { panic!() };
        assert!(matches!(&found[0].state, State::Broken(why) if why.zh.contains("找不到文件")), "{found:?}");
        assert!(matches!(&found[1].state, State::Broken(_)), "{found:?}");
    }

    #[test]
    fn a_folder_that_is_named_lists_its_files_and_an_empty_one_says_so() {
        let home = tempfile::tempdir().unwrap();
        let (mut porter, _inbox) = porter(home.path(), &[("客户.csv", CUSTOMERS), ("资产.csv", FIGURES)]);
        let path = home.path().join("投放").display().to_string();
        let News::Added(found) = porter.run(Errand::Add(vec![path])).unwrap() else { panic!() };
        let mut names: Vec<&str> = found.iter().map(|f| f.name.as_str()).collect();
        names.sort_unstable();
        assert_eq!(names, ["客户.csv", "资产.csv"]);
        assert!(found.iter().all(Found::offered), "{found:?}");
        fs::create_dir(home.path().join("空")).unwrap();
        let path = home.path().join("空").display().to_string();
        let News::Added(found) = porter.run(Errand::Add(vec![path])).unwrap() else { panic!() };
        assert!(matches!(&found[0].state, State::Broken(why) if why.zh.contains("这是文件夹")), "{found:?}");
    }

    #[test]
    fn a_file_without_a_date_column_is_matched_to_the_data_date_of_its_import() {
        let home = tempfile::tempdir().unwrap();
        let text = "客户编号,资产\n6000000001,310200\n";
        let (mut porter, _inbox) = porter(home.path(), &[("客户.csv", CUSTOMERS), ("核心导出-20261119.csv", text)]);
        let found = listed(&mut porter);
        let strange = found.iter().find(|f| f.state == State::Unknown).unwrap();
        let News::Opened(strange) = porter.run(Errand::Open(strange.path.clone())).unwrap() else { panic!() };
        let mut mapping = strange.layouts.iter().find(|l| l.name == "资产").unwrap().proposed.clone();
        let column = |field: &str, header: &str| (field.to_owned(), vec![header.to_owned()]);
        mapping.columns = vec![column("客户号", "客户编号"), column("AUM时点", "资产")];
        mapping.constants = vec![("数据日期".to_owned(), DAY_OF_IMPORT.zh.to_owned())];
        let path = strange.found.path.clone();
        let News::Tried(rows) = porter.run(Errand::Try(path.clone(), mapping.clone())).unwrap() else { panic!() };
        assert!(rows[0].faults.is_empty() && rows[0].cells.contains(&"2026-11-19".to_owned()), "{rows:?}");
        assert_eq!(porter.run(Errand::Keep(mapping.clone(), stamp())).unwrap(), News::Kept(mapping));
        let files = chosen(&listed(&mut porter));
        let News::Looked(seen) = porter.run(Errand::Look(files.clone(), stamp())).unwrap() else { panic!() };
        let of =
            |all: &[Sight]| all.iter().find(|s| s.found.path == path).map(|s| (s.tally.new, s.found.as_of)).unwrap();
        let day = NaiveDate::from_ymd_opt(2026, 11, 19);
        assert_eq!(of(&seen), (1, day));
        let News::TakenIn(done, None) = porter.run(Errand::TakeIn(files, stamp())).unwrap() else { panic!() };
        assert_eq!(of(&done), (1, day));
    }

    #[test]
    fn a_file_of_unknown_headers_is_matched_remembered_passed_on_and_taken_in() {
        let home = tempfile::tempdir().unwrap();
        let text = "客户编号,截止日,资产(万元)\n6000000001,2026/11/20,31.02\n6000000001,昨天,1\n";
        let (mut porter, _inbox) = porter(home.path(), &[("客户.csv", CUSTOMERS), ("核心导出.csv", text)]);
        let strange = listed(&mut porter).into_iter().find(|f| f.name == "核心导出.csv").unwrap();
        assert_eq!((strange.state, strange.encoding.as_str()), (State::Unknown, "UTF-8"));
        let News::Opened(strange) = porter.run(Errand::Open(strange.path)).unwrap() else { panic!() };
        assert_eq!(strange.headers, ["客户编号", "截止日", "资产(万元)"]);
        let layout = strange.layouts.iter().find(|l| l.name == "资产").unwrap();
        let mut mapping = layout.proposed.clone();
        assert_eq!(mapping.name, "核心导出");
        mapping.name = "县联社日报".into();
        let column = |field: &str, header: &str| (field.to_owned(), vec![header.to_owned()]);
        mapping.columns =
            vec![column("客户号", "客户编号"), column("数据日期", "截止日"), column("AUM时点", "资产(万元)")];
        // 万元
        mapping.choices[1] = 1;
        let path = strange.found.path.clone();
        let News::Tried(rows) = porter.run(Errand::Try(path.clone(), mapping.clone())).unwrap() else { panic!() };
        assert!(rows[0].faults.is_empty() && rows[0].cells.iter().any(|c| c.contains("310,200")), "{rows:?}");
        assert_eq!((rows[1].faults[0].line, rows[1].faults.len()), (3, 1), "{rows:?}");

        let News::Exported(file) = porter.run(Errand::Export(mapping.clone())).unwrap() else { panic!() };
        assert_eq!(porter.run(Errand::Keep(mapping.clone(), stamp())).unwrap(), News::Kept(mapping.clone()));
        let found = listed(&mut porter);
        let known = found.iter().find(|f| f.path == path).unwrap();
        assert_eq!((&known.state, known.layout.as_str()), (&State::New, "资产"));
        let News::TakenIn(done, None) = porter.run(Errand::TakeIn(chosen(&found), stamp())).unwrap() else { panic!() };
        let done = done.iter().find(|s| s.found.path == path).unwrap();
        assert_eq!((done.tally.new, done.tally.rejected), (1, 1));
        assert!(done.notes[0].zh.contains("县联社日报"), "{:?}", done.notes);

        // Another branch takes it over from the file.
        let other = tempfile::tempdir().unwrap();
        let (mut elsewhere, _inbox) = super::tests::porter(other.path(), &[("核心导出.csv", text)]);
        let News::Kept(brought) = elsewhere.run(Errand::Bring(file, stamp())).unwrap() else { panic!() };
        assert_eq!(brought.columns.len(), 3);
        assert!(listed(&mut elsewhere)[0].offered());
        let nothing = elsewhere.run(Errand::Bring(path, stamp())).unwrap_err();
        assert!(nothing.zh.contains("不是栏目对照"), "{}", nothing.zh);
    }
}

//! `soak`: many workstations at work on a scratch branch file on a drive, and a recount of what they saved: whoever wants to trust a drive
//! tries it first. Each workstation is a process of its own, as on a PC of its own. What one of them does is in `station`, what comes of
//! all in `tally`, how it is said in `commands`.

pub mod station;
pub mod tally;

use super::args::Pace;
use super::copies::{self, Unsound};
use super::fault::Fault;
use super::scratch::Scratch;
use super::setting::Setting;
use crate::store::drive::Footing;
use crate::store::open::{File, Mode};
use crate::store::recount::Recount;
use serde::Serialize;
use station::{Line, Words};
use std::fs;
use std::io::{BufRead, BufReader, ErrorKind};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{self, RecvTimeoutError, Sender};
use std::thread;
use std::time::{Duration, Instant};
use tally::{Heard, Tally};

/// The hidden command of a workstation; a test holds that the command line knows it.
pub const COMMAND: &str = "soak-station";

/// What the scratch folder on the drive is called, before a number.
const FOLDER: &str = "guitai-soak-";
/// The scratch branch file in it.
const FILE: &str = "soak.db";
/// Seconds a workstation may take beyond its time: the last save may wait fifteen for its turn, and again over a new connection.
const GRACE: u64 = 60;
/// How often it is looked whether somebody wants to end it.
const LOOK: Duration = Duration::from_millis(100);

/// How many, how long, how fast.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Plan {
    /// Workstations.
    pub workstations: u16,
    /// Seconds they work.
    pub seconds: u32,
    /// How fast.
    pub pace: Pace,
}

/// Lets the workstations of a plan work on a copy of the branch file `made`, in a scratch folder in `folder`, and counts again what they
/// saved. Their outboxes lie beside `made`, in a scratch folder of this PC.
///
/// # Errors
/// There is no room for it, or somebody ended it; what workstations met is in the tally.
pub fn run(setting: &Setting, folder: &Path, plan: Plan, made: &Path) -> Result<Tally, Fault> {
    let ended = ending();
    // Where a workbench would only read, nobody needs to try saving.
    if let (_, Footing::Refused(why), _) = setting.ground(&folder.join(FILE)) {
        return Err(Fault::Refused(why));
    }
    sweep(folder);
    let ground = Ground::new(folder).map_err(|e| {
        let folder = folder.display();
        Fault::file(
            format!("在 {folder} 里建不了临时文件夹：{e}。请检查路径和权限，或用 --in 另选文件夹。"),
            format!(
                "No scratch folder can be made in {folder}: {e}. Check path and permissions, or name another with --in."
            ),
        )
    })?;
    let file = ground.0.join(FILE);
    // Nobody has it open yet.
    let operation = fs::copy(made, &file).and_then(|_| operation(&ground.0)).map_err(|e| copies::failed(&e))?;
    let heard = listen(&file, made, plan, &ended)?;
    let local = Scratch::new("recount")?;
    let (wrong, recount) = look(setting, &file, &local.join(FILE), &heard)?;
    Ok(Tally::new(plan, heard, recount, wrong, operation))
}

/// Set when the user or the system wants an end. Without signals the end comes at once, and the next soak sweeps up.
fn ending() -> Arc<AtomicBool> {
    let ended = Arc::new(AtomicBool::new(false));
    #[cfg(unix)]
    for signal in [signal_hook::consts::SIGINT, signal_hook::consts::SIGTERM, signal_hook::consts::SIGHUP] {
        if let Err(error) = signal_hook::flag::register(signal, Arc::clone(&ended)) {
            tracing::warn!(%error, signal, "a signal is not heard");
        }
    }
    ended
}

/// The scratch folder on the drive; it goes when it is dropped.
struct Ground(PathBuf);

impl Ground {
    fn new(folder: &Path) -> std::io::Result<Ground> {
        let first = std::process::id();
        for n in first..first.saturating_add(100) {
            let path = folder.join(format!("{FOLDER}{n}"));
            match fs::create_dir(&path) {
                Ok(()) => return Ok(Ground(path)),
                Err(e) if e.kind() == ErrorKind::AlreadyExists => {}
                Err(e) => return Err(e),
            }
        }
        Err(ErrorKind::AlreadyExists.into())
    }
}

impl Drop for Ground {
    fn drop(&mut self) {
        if let Err(error) = fs::remove_dir_all(&self.0) {
            tracing::warn!(%error, "the folder of a soak was not removed");
        }
    }
}

/// Removes what soaks left that were cut off more than a day ago.
fn sweep(folder: &Path) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        let name = entry.file_name();
        let number = name.to_str().and_then(|n| n.strip_prefix(FOLDER)).filter(|n| n.parse::<u32>().is_ok());
        let old = entry.metadata().and_then(|m| m.modified()).is_ok_and(copies::forgotten);
        if number.is_some() && old && path.join(FILE).is_file() {
            drop(Ground(path));
        }
    }
}

/// Milliseconds an operation of the drive takes: the median of making and removing a small file, which no cache answers.
fn operation(folder: &Path) -> std::io::Result<f64> {
    let path = folder.join("operation.tmp");
    let mut spent = Vec::new();
    for _ in 0..16 {
        let began = Instant::now();
        copies::reserve(&path)?;
        fs::remove_file(&path)?;
        spent.push(began.elapsed());
    }
    spent.sort();
    Ok(spent.get(spent.len() / 2).map_or(0.0, |d| d.as_secs_f64() * 500.0))
}

/// Starts the workstations and hears them to the end.
fn listen(file: &Path, made: &Path, plan: Plan, ended: &AtomicBool) -> Result<Heard, Fault> {
    let mut stations = Stations(Vec::new());
    let (to, inbox) = mpsc::channel();
    for number in 0..plan.workstations {
        stations.0.push(
            start(file, &made.with_extension(format!("{number}.outbox")), plan, number, to.clone()).map_err(|e| {
                Fault::refused(
                    format!("工作站 {number} 启动不了：{e}。请减少 --workstations 再试。"),
                    format!("Workstation {number} cannot be started: {e}. Try fewer --workstations."),
                )
            })?,
        );
    }
    drop(to);
    let mut heard = Heard::default();
    let end = Instant::now() + Duration::from_secs(u64::from(plan.seconds) + GRACE);
    loop {
        match inbox.recv_timeout(LOOK) {
            Ok((number, line)) => heard.take(number, line),
            Err(RecvTimeoutError::Disconnected) => break,
            Err(RecvTimeoutError::Timeout) => {}
        }
        if ended.load(Ordering::Relaxed) {
            return Err(Fault::refused(
                "试跑中断，临时文件已删除，没有结论。",
                "The soak was ended early; the scratch file is removed and nothing is concluded.",
            ));
        }
        if Instant::now() > end {
            break;
        }
    }
    heard.end(plan.workstations);
    Ok(heard)
}

/// The processes; what still runs when they are dropped is ended.
struct Stations(Vec<Child>);

impl Drop for Stations {
    fn drop(&mut self) {
        for child in &mut self.0 {
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}

/// Starts one workstation, and a thread that hears it.
fn start(file: &Path, outbox: &Path, plan: Plan, number: u16, to: Sender<(u16, Line)>) -> std::io::Result<Child> {
    let mut child = Command::new(std::env::current_exe()?)
        .args([COMMAND, "--number", &number.to_string(), "--seconds", &plan.seconds.to_string()])
        .args(["--pace", plan.pace.code(), "--"])
        .args([file, outbox])
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()?;
    let words = BufReader::new(child.stdout.take().ok_or(ErrorKind::BrokenPipe)?);
    let hear = thread::Builder::new().name("soak".into()).spawn(move || {
        for line in words.lines().map_while(Result::ok).map_while(|line| Words::parse(&line)) {
            if to.send((number, line)).is_err() {
                return;
            }
        }
    });
    if let Err(e) = hear {
        drop(Stations(vec![child]));
        return Err(e);
    }
    Ok(child)
}

/// Looks a copy of the file over and counts the saves in it: what is wrong with the file, and what with the saves.
fn look(setting: &Setting, file: &Path, copy: &Path, heard: &Heard) -> Result<(Vec<String>, Recount), Fault> {
    let station = setting.station();
    copies::reserve(copy).map_err(|e| copies::failed(&e))?;
    let mut live = match File::open(file, Mode::Write, &station) {
        Ok(live) => live,
        Err(e) => return Ok((vec![e.to_string()], Recount::default())),
    };
    let wrong = match copies::take(&mut live, copy, &station) {
        Ok(_) => Vec::new(),
        Err(Unsound::Wrong(why)) => vec![why],
        Err(Unsound::Unmade(fault)) => return Err(fault),
    };
    let recount = File::open(copy, Mode::Read, &station)
        .map_err(|e| e.to_string())
        .and_then(|mut copy| copy.recount(heard.told()).map_err(|e| e.to_string()));
    Ok(match recount {
        Ok(recount) => (wrong, recount),
        Err(why) => (wrong.into_iter().chain([why]).collect(), Recount::default()),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::{CommandFactory, ValueEnum};
    use std::time::SystemTime;

    #[test]
    fn the_command_of_a_workstation_is_known_and_not_shown() {
        let grammar = crate::run::args::Cli::command();
        assert!(grammar.find_subcommand(COMMAND).unwrap().is_hide_set());
        for pace in [Pace::Human, Pace::Saturated] {
            assert_eq!(Pace::from_str(pace.code(), false), Ok(pace));
        }
    }

    #[test]
    fn only_folders_of_soaks_cut_off_long_ago_are_swept() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        let old = SystemTime::now() - Duration::from_secs(3 * 86_400);
        for (name, file, when) in [
            ("guitai-soak-1", FILE, old),
            ("guitai-soak-2", FILE, SystemTime::now()),
            ("guitai-soak-x", FILE, old),
            ("guitai-soak-3", "mine.db", old),
        ] {
            fs::create_dir(at(name)).unwrap();
            fs::write(at(name).join(file), "x").unwrap();
            fs::File::open(at(name)).unwrap().set_modified(when).unwrap();
        }
        sweep(folder.path());
        let left: Vec<bool> = ["1", "2", "x", "3"].map(|n| at(&format!("{FOLDER}{n}")).exists()).to_vec();
        assert_eq!(left, [false, true, true, true]);
    }
}

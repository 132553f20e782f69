//! What this run goes by: flags before the environment before the config file. What a command does with it does not live here.

use super::args::Shared;
use super::clock::Clock;
use super::config::Config;
use super::fault::Fault;
use super::places::Places;
use super::typed::Typed;
use crate::domain::text::Lang;
use crate::store::drive::Footing;
use crate::store::drive::ground::Ground;
use crate::store::drive::lookout::Desk;
use crate::store::open::{Mode, Station};
use crate::store::secret::SignedIn;
use std::env;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock, mpsc};
use std::thread;
use std::time::Duration;

/// How long the drive may take to say what it is.
const PATIENT: Duration = Duration::from_secs(1);

/// What this run goes by.
#[derive(Debug, Clone)]
pub struct Setting {
    /// The folders of this PC.
    pub places: Places,
    /// The config file's word.
    pub config: Config,
    /// The branch file, if one is named.
    pub db: Option<PathBuf>,
    /// Code of the member of staff, if one is named.
    pub staff: Option<String>,
    /// The language asked for; `None` leaves it to the member of staff.
    pub lang: Option<Lang>,
    /// The clock.
    pub clock: Clock,
    /// Where passwords come from.
    pub typed: Typed,
    /// What it is for, in the log of sign-ins: the name of the command.
    pub to: String,
    /// Who signed in, once somebody did; clones know it too.
    pub signed: Arc<OnceLock<SignedIn>>,
}

impl Setting {
    /// Puts flags, environment and config file together.
    ///
    /// # Errors
    /// The config file is wrong.
    pub fn new(shared: &Shared, places: Places) -> Result<Setting, Fault> {
        let config = Config::read(&places.config)?;
        Ok(Setting {
            db: shared.db.clone().or_else(|| config.db.clone()),
            staff: shared.staff.clone().or_else(|| config.staff.clone()),
            lang: shared.lang.map(Lang::from).or(config.lang),
            clock: Clock::new(shared.today),
            typed: Typed::new(shared.password_fd),
            to: String::new(),
            signed: Arc::default(),
            places,
            config,
        })
    }

    /// The language, Chinese where nobody said.
    pub fn tongue(&self) -> Lang {
        self.lang.unwrap_or_default()
    }

    /// The branch file.
    ///
    /// # Errors
    /// None is named: the words say what to do.
    pub fn file(&self) -> Result<PathBuf, Fault> {
        self.db.clone().ok_or_else(|| {
            let config = self.places.config.display();
            Fault::usage(
                format!(
                    "还没有网点文件。可以：\n  guitai demo                        看演示\n  guitai init 文件.db --branch 网点名   新建\n  guitai --db 文件.db                打开\n或在 {config} 里写 db = '文件.db'"
                ),
                format!(
                    "No branch file is configured. You can:\n  guitai demo                        see the demo\n  guitai init FILE.db --branch NAME    make one\n  guitai --db FILE.db                open one\nor write db = 'FILE.db' in {config}"
                ),
            )
        })
    }

    /// The command by which somebody changes their own password, for the file at hand.
    pub fn own_password(&self, code: &str) -> String {
        let db = match &self.db {
            Some(path) if self.db != self.config.db => {
                let path = path.display().to_string();
                if path.contains(char::is_whitespace) { format!(" --db '{path}'") } else { format!(" --db {path}") }
            }
            _ => String::new(),
        };
        format!("guitai staff password {code} --staff {code}{db}")
    }

    /// What a file lies on, and how it is opened there: to write, unless the drive is not to be trusted and nobody says otherwise.
    /// Makes this process's locks fit for the drive, so it comes before the first connection.
    pub fn ground(&self, path: &Path) -> (Ground, Footing, Mode) {
        let mut ground = seen_in_time(path);
        ground.prepare();
        let footing = ground.footing(self.config.drive.overrule);
        let mode = if matches!(footing, Footing::Refused(_)) { Mode::Read } else { Mode::Write };
        (ground, footing, mode)
    }

    /// This workstation as the change log names it: configured, else the name of the PC. It has the key of the file that somebody signed in
    /// to.
    pub fn station(&self) -> Station {
        let named = self.config.station.clone().filter(|s| !s.is_empty());
        let key = self.signed.get().map(|s| s.key.clone()).unwrap_or_default();
        Station { name: named.unwrap_or_else(pc), key, ..Station::default() }
    }

    /// Who looks around for the branch file: this workstation, in a sitting of its own.
    pub fn desk(&self, station: &Station, ground: &Ground, seated: bool) -> Desk {
        Desk { station: station.name.clone(), pc: pc(), sitting: sitting(), local: ground.local(), seated }
    }
}

/// A drive that hangs is judged by the mounts alone, so that it does not keep the workbench from opening.
fn seen_in_time(path: &Path) -> Ground {
    let (say, said) = mpsc::channel();
    let there = path.to_owned();
    let looking = thread::Builder::new().name("ground".into()).spawn(move || say.send(Ground::of(&there)));
    let seen = looking.ok().and_then(|_| said.recv_timeout(PATIENT).ok());
    seen.unwrap_or_else(|| Ground::from_afar(path))
}

/// The name of the PC.
fn pc() -> String {
    let told =
        ["HOSTNAME", "COMPUTERNAME", "HOST"].iter().find_map(|v| env::var(v).ok().filter(|name| !name.is_empty()));
    told.or_else(host_name).unwrap_or_default()
}

/// A shell keeps its name to itself unless told otherwise; the kernel knows it.
#[cfg(target_os = "linux")]
fn host_name() -> Option<String> {
    Some(rustix::system::uname().nodename().to_string_lossy().into_owned())
}

#[cfg(not(target_os = "linux"))]
fn host_name() -> Option<String> {
    None
}

/// A number no other sitting has: the time to the nanosecond, and the process.
fn sitting() -> u128 {
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    (now.map_or(0, |d| d.as_nanos()) << 32) | u128::from(std::process::id())
}

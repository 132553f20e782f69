//! Copies of the branch file. Bytes are read by a second process of this program, since closing a handle of our own on the branch file would
//! drop SQLite's locks. Where backups lie and which are kept is said in `backups`.

use super::fault::Fault;
use crate::store::anew;
use crate::store::backup::{Head, Looked, Survey};
use crate::store::open::{File, Mode, Station};
use crate::store::refuse::OpenError;
use crate::store::wipe;
use std::fs::{self, OpenOptions};
use std::io::{self, BufRead, BufReader, ErrorKind, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Stdio};
use std::time::{Duration, SystemTime};

/// The hidden command of the second process; a test holds that the command line knows it.
pub const COMMAND: &str = "copy-bytes";

/// Bytes read at once: on a share few large reads keep the lock short (drive.md 7). A page less than a mebibyte, since the kernel asks for
/// 256 pages at most and a buffer seldom begins at one: a whole mebibyte would be asked for in two parts.
const STEP: usize = (1 << 20) - 4096;

/// Bytes read where more are refused.
const PAGE: usize = 4096;

/// After this long nobody is still at what was begun.
const FORGOTTEN: Duration = Duration::from_secs(86_400);

/// What lies in a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Content {
    /// Its length in bytes.
    pub bytes: u64,
    /// BLAKE3 of it, in hexadecimal digits.
    pub blake3: String,
}

/// Why a copy is not the file it should be.
pub enum Unsound {
    /// It could not be made; nothing is left of it.
    Unmade(Fault),
    /// It lies there, and this is wrong with it.
    Wrong(String),
}

/// Copies an open branch file into `part`, which is there and empty, and looks the copy over where it lies: on a disk of this PC, since
/// every page is read by itself, which takes minutes over a share (drive.md finding 9).
///
/// # Errors
/// The copy could not be made, or is not whole.
pub fn take(file: &mut File, part: &Path, station: &Station) -> Result<(Survey, Content), Unsound> {
    let source = file.path().to_owned();
    let unmade = |fault| {
        let _ = wipe::file(part);
        Unsound::Unmade(fault)
    };
    let (head, reader) =
        file.still(|head| (head.clone(), Reader::begin(&source, part))).map_err(|e| unmade(e.into()))?;
    let read = reader.and_then(Reader::end).map_err(|e| unmade(failed(&e)))?;
    if let Err(error) = same_rights(&source, part) {
        tracing::warn!(%error, "the copy has other rights than the file");
    }
    let survey = whole(part, station, &head).map_err(Unsound::Wrong)?;
    let content = content(part).map_err(|e| unmade(failed(&e)))?;
    if content != read {
        return Err(Unsound::Wrong("the drive gave back other bytes than were written".to_owned()));
    }
    Ok((survey, content))
}

/// Copies a file that nobody writes now into `part`, which is there and empty, by the second process.
///
/// # Errors
/// The copy could not be made; nothing is left of it.
pub fn bytes(source: &Path, part: &Path) -> Result<Content, Fault> {
    Reader::begin(source, part).and_then(Reader::end).map_err(|e| {
        let _ = wipe::file(part);
        failed(&e)
    })
}

/// Puts what lies in a copy on this PC into `part`, which is there and empty, and reads it back.
///
/// # Errors
/// The drive refuses, or gives back something else.
pub fn lay(copy: &Path, content: &Content, part: &Path) -> Result<(), Unsound> {
    let laid = (|| {
        let mut to = OpenOptions::new().write(true).open(part)?;
        pour(&mut fs::File::open(copy)?, &mut to)?;
        to.sync_all()?;
        fs::set_permissions(part, fs::metadata(copy)?.permissions())?;
        self::content(part)
    })();
    match laid {
        Ok(laid) if laid == *content => Ok(()),
        Ok(_) => Err(Unsound::Wrong("the drive gave back other bytes than were written".to_owned())),
        Err(e) => {
            let _ = fs::remove_file(part);
            Err(Unsound::Unmade(failed(&e)))
        }
    }
}

/// Looks a copy over; `head` is the newest change it must have.
fn whole(path: &Path, station: &Station, head: &Head) -> Result<Survey, String> {
    let mut file = File::open(path, Mode::Read, station).map_err(|e| e.to_string())?;
    match file.look_over() {
        Ok(Looked::Whole(survey)) if survey.head == *head => Ok(survey),
        Ok(Looked::Whole(survey)) => Err(format!("it ends at change {}, not {}", survey.head.seq, head.seq)),
        Ok(Looked::Broken(wrong)) => Err(wrong.join("; ")),
        Err(failure) => Err(Fault::from(failure).words().en.clone()),
    }
}

/// The second process, which has read everything.
struct Reader {
    child: Child,
    words: BufReader<ChildStdout>,
    read: Content,
}

impl Reader {
    /// Has the file read to its end; the copy may not be on the disk yet.
    fn begin(source: &Path, target: &Path) -> io::Result<Reader> {
        let mut child = Command::new(std::env::current_exe()?)
            .args([COMMAND, "--"])
            .args([source, target])
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()?;
        let mut words = BufReader::new(child.stdout.take().ok_or(ErrorKind::BrokenPipe)?);
        match said(&mut words) {
            Ok(line) => match line.split_once(' ').map(|(bytes, hash)| (bytes.parse(), hash)) {
                Some((Ok(bytes), hash)) => {
                    Ok(Reader { child, words, read: Content { bytes, blake3: hash.to_owned() } })
                }
                _ => Err(io::Error::other(line)),
            },
            Err(e) => {
                let _ = child.wait();
                Err(e)
            }
        }
    }

    /// Waits until the copy is on the disk.
    fn end(mut self) -> io::Result<Content> {
        let kept = said(&mut self.words);
        let status = self.child.wait()?;
        kept?;
        if status.success() { Ok(self.read) } else { Err(io::Error::other(status.to_string())) }
    }
}

/// A line of the second process: `ok` and what it has done, `full`, or `no` and why not.
fn said(words: &mut impl BufRead) -> io::Result<String> {
    let mut line = String::new();
    words.read_line(&mut line)?;
    match line.trim_end().split_once(' ') {
        Some(("ok", done)) => Ok(done.to_owned()),
        Some(("full", _)) => Err(ErrorKind::StorageFull.into()),
        Some((_, why)) => Err(io::Error::other(why.to_owned())),
        None => Err(ErrorKind::UnexpectedEof.into()),
    }
}

/// What the second process does: copies bytes, saying how it goes in lines that `said` reads.
///
/// # Errors
/// The copy could not be made; the first process says so to people.
pub fn read_on(source: &Path, target: &Path) -> Result<(), Fault> {
    let say = |line: String| writeln!(io::stdout(), "{line}").and_then(|()| io::stdout().flush());
    let copied = (|| {
        let mut to = OpenOptions::new().write(true).open(target)?;
        if to.metadata()?.len() > 0 {
            return Err(ErrorKind::AlreadyExists.into());
        }
        // Should the first process be killed, nobody overwrites the copy while more of it comes.
        if let Err(error) = to.try_lock() {
            tracing::warn!(%error, "a copy was not locked while it is made");
        }
        let read = pour(&mut fs::File::open(source)?, &mut to)?;
        say(format!("ok {} {}", read.bytes, read.blake3))?;
        to.sync_all()?;
        say("ok kept".to_owned())
    })();
    copied.map_err(|e: io::Error| {
        let word = if e.kind() == ErrorKind::StorageFull { "full" } else { "no" };
        // Nobody may be there any more to hear it.
        let _ = say(format!("{word} {}", e.to_string().replace('\n', " ")));
        failed(&e)
    })
}

/// Reads one to its end into the other.
fn pour(from: &mut impl Read, to: &mut impl Write) -> io::Result<Content> {
    let (mut buffer, mut hasher, mut bytes) = (vec![0; STEP], blake3::Hasher::new(), 0);
    loop {
        let read = match from.read(&mut buffer) {
            Ok(0) => break,
            Ok(read) => buffer.get(..read).unwrap_or_default(),
            Err(e) if e.kind() == ErrorKind::Interrupted => continue,
            Err(e) => return Err(e),
        };
        hasher.update(read);
        to.write_all(read)?;
        bytes += read.len() as u64;
    }
    Ok(Content { bytes, blake3: hasher.finalize().to_hex().to_string() })
}

/// Copies as much of a damaged file as the drive gives: where it gives nothing, zeros stand in the copy. Never for a branch file this process
/// has open. Says how many bytes were not given.
///
/// # Errors
/// The file cannot be opened, or the copy cannot be written.
pub fn scrape(source: &Path, copy: &Path) -> io::Result<u64> {
    let mut from = fs::File::open(source)?;
    let mut to = OpenOptions::new().write(true).open(copy)?;
    let length = from.metadata()?.len();
    let (mut buffer, mut at, mut lost) = (vec![0; STEP], 0_u64, 0_u64);
    while at < length {
        // Large pieces first; one that is refused, in pieces of a page.
        let mut piece = usize::try_from(length - at).unwrap_or(STEP).min(STEP);
        let mut read = piece_of(&mut from, at, buffer.get_mut(..piece).unwrap_or_default());
        if read.is_err() {
            piece = piece.min(PAGE);
            read = piece_of(&mut from, at, buffer.get_mut(..piece).unwrap_or_default());
        }
        let bytes = buffer.get_mut(..piece).unwrap_or_default();
        if read.is_err() {
            bytes.fill(0);
            lost += piece as u64;
        }
        to.write_all(bytes)?;
        at += piece as u64;
    }
    to.sync_all()?;
    Ok(lost)
}

fn piece_of(from: &mut fs::File, at: u64, bytes: &mut [u8]) -> io::Result<()> {
    from.seek(SeekFrom::Start(at))?;
    from.read_exact(bytes)
}

/// What lies in a copy. Never for a branch file somebody may have open.
///
/// # Errors
/// It cannot be read.
pub fn content(path: &Path) -> io::Result<Content> {
    pour(&mut fs::File::open(path)?, &mut io::sink())
}

/// A copy that was not made, in words.
pub fn failed(e: &io::Error) -> Fault {
    if e.kind() == ErrorKind::StorageFull {
        return Fault::Refused(OpenError::NoRoom.complaint());
    }
    Fault::file(
        format!("没有复制成：{e}。请检查文件夹、权限和共享盘后再试。"),
        format!("The copy was not made: {e}. Check the folder, the permissions and the drive, then try again."),
    )
}

/// Makes an empty file that nobody else has, readable by this user only while it is filled.
///
/// # Errors
/// It is there already, or the folder refuses.
pub fn reserve(path: &Path) -> io::Result<()> {
    anew::reserve(path).map(drop)
}

/// Whoever may use the file may use its copy; its owner may write it.
///
/// # Errors
/// The disk refuses.
#[cfg(unix)]
pub fn same_rights(source: &Path, copy: &Path) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    let mode = fs::metadata(source)?.permissions().mode() & 0o777 | 0o600;
    fs::set_permissions(copy, fs::Permissions::from_mode(mode))
}

/// The folder says who may use the file and its copy.
///
/// # Errors
/// Never.
#[cfg(not(unix))]
pub fn same_rights(_: &Path, _: &Path) -> io::Result<()> {
    Ok(())
}

/// Whether something was left so long ago that nobody works at it any more: a day.
pub fn forgotten(modified: SystemTime) -> bool {
    SystemTime::now().duration_since(modified).is_ok_and(|age| age > FORGOTTEN)
}

/// Gives a copy its name; after a power cut the folder knows it.
///
/// # Errors
/// The drive refuses.
pub fn place(part: &Path, name: &Path) -> io::Result<()> {
    fs::rename(part, name)?;
    #[cfg(unix)]
    if let Some(folder) = name.parent() {
        let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
        // Some shares cannot; the file itself is on the disk.
        if let Err(error) = fs::File::open(folder).and_then(|f| f.sync_all()) {
            tracing::warn!(%error, "the folder of a copy was not synced");
        }
    }
    Ok(())
}

/// The name of what this process lays beside a file, to take its place.
pub fn part(path: &Path) -> PathBuf {
    with(path, &format!(".{}.part", std::process::id()))
}

/// Whether `left` is what some process laid beside `path`, to take its place.
pub fn is_part(left: &Path, path: &Path) -> bool {
    let name = |path: &Path| path.file_name().and_then(|name| name.to_str()).map(str::to_owned);
    let (Some(left), Some(whole)) = (name(left), name(path)) else { return false };
    let process = left.strip_prefix(&whole).and_then(|rest| rest.strip_prefix('.')?.strip_suffix(".part"));
    process.is_some_and(|process| !process.is_empty() && process.bytes().all(|b| b.is_ascii_digit()))
}

/// A name with something behind it.
pub fn with(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(ending);
    name.into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_command_of_the_second_process_is_known_and_not_shown() {
        let grammar = crate::run::args::Cli::command();
        assert!(grammar.find_subcommand(COMMAND).unwrap().is_hide_set());
        let help = grammar.clone().render_long_help().to_string();
        assert!(help.contains("backup") && !help.contains(COMMAND));
    }

    #[test]
    fn bytes_poured_are_counted_and_hashed_over_many_steps() {
        for length in [0, 1, STEP - 1, STEP, 3 * STEP + 7] {
            let bytes: Vec<u8> = (0..length).map(|i| (i % 251) as u8).collect();
            let mut poured = Vec::new();
            let read = pour(&mut bytes.as_slice(), &mut poured).unwrap();
            assert!(poured == bytes);
            let blake3 = blake3::hash(&bytes).to_hex().to_string();
            assert_eq!(read, Content { bytes: length as u64, blake3 });
        }
    }

    #[test]
    fn the_second_process_is_heard_whatever_it_says() {
        assert_eq!(said(&mut "ok 12 ab\n".as_bytes()).unwrap(), "12 ab");
        for (line, kind) in [
            ("full no room\n", ErrorKind::StorageFull),
            ("no such drive\n", ErrorKind::Other),
            ("", ErrorKind::UnexpectedEof),
            ("ok\n", ErrorKind::UnexpectedEof),
        ] {
            assert_eq!(said(&mut line.as_bytes()).unwrap_err().kind(), kind, "{line}");
        }
        assert_eq!(failed(&ErrorKind::StorageFull.into()).code(), 1);
        assert_eq!(failed(&ErrorKind::PermissionDenied.into()).code(), 3);
    }

    #[test]
    fn what_was_laid_beside_a_file_is_known_by_its_name() {
        let path = Path::new("/x/branch.db");
        assert!(is_part(&part(path), path));
        for other in ["branch.db", "branch.db.part", "branch.db.1a.part", "other.db.1.part", "branch.db.keys.1.part"] {
            assert!(!is_part(&path.with_file_name(other), path), "{other}");
        }
    }

    #[test]
    fn a_file_with_something_in_it_is_never_copied_over() {
        let folder = tempfile::tempdir().unwrap();
        let (from, to) = (folder.path().join("a"), folder.path().join("b"));
        fs::write(&from, "new").unwrap();
        fs::write(&to, "old").unwrap();
        assert!(read_on(&from, &to).is_err());
        assert_eq!(fs::read(&to).unwrap(), b"old");
    }
}

//! The file server loses power in the middle of saves. From what was written and synced every state of the disk that may be left is
//! built: writes not yet synced kept, lost, or torn at 512 bytes, folder entries kept up to any one. Each is opened, and must be the
//! branch as the last acknowledged save left it, or the next one.

use crate::QUIET;
use crate::branch::{self, Branch, desk, failure};
use crate::judge::{KINDS, ask};
use crate::shim::{self, Op, Order};
use guitai::store::open::File;
use rusqlite::{Connection, params};
use std::collections::{BTreeMap, HashSet};
use std::path::Path;
use tempfile::TempDir;

/// The smallest piece of a write that a disk keeps whole.
const SECTOR: usize = 512;
/// Random states a point, beside those that keep nothing and everything.
const RANDOM: usize = 6;

/// A file as the disk may have it.
#[derive(Debug, Clone, Default)]
struct Inode {
    durable: Vec<u8>,
    pending: Vec<Change>,
}

#[derive(Debug, Clone)]
enum Change {
    Write(usize, Vec<u8>),
    Truncate(usize),
}

#[derive(Debug, Clone)]
enum Entry {
    Make(String, usize),
    Remove(String),
}

/// The disk of the server.
#[derive(Debug, Default)]
struct Disk {
    inodes: Vec<Inode>,
    /// The folder as it is after a loss of power at the least.
    durable: BTreeMap<String, usize>,
    /// The folder as programs see it.
    seen: BTreeMap<String, usize>,
    pending: Vec<Entry>,
}

/// xorshift64
struct Dice(u64);

impl Dice {
    fn roll(&mut self, below: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % below as u64).unwrap()
    }
}

/// How much of what was not synced a loss of power leaves.
#[derive(Clone, Copy, PartialEq)]
enum Keep {
    Nothing,
    All,
    Some,
}

impl Inode {
    fn after(&self, keep: Keep, dice: &mut Dice) -> Vec<u8> {
        let mut bytes = self.durable.clone();
        for change in &self.pending {
            let fate = match keep {
                Keep::Nothing => 0,
                Keep::All => 1,
                Keep::Some => dice.roll(3),
            };
            match (fate, change) {
                (0, _) => {}
                (1, Change::Write(at, data)) => put(&mut bytes, *at, data),
                (_, Change::Write(at, data)) => {
                    let mut from = 0;
                    while from < data.len() {
                        let to = ((at + from) / SECTOR * SECTOR + SECTOR - at).min(data.len());
                        if dice.roll(2) == 0 {
                            put(&mut bytes, at + from, &data[from..to]);
                        }
                        from = to;
                    }
                }
                (_, Change::Truncate(len)) => bytes.resize(*len, 0),
            }
        }
        bytes
    }

    fn sync(&mut self) {
        self.durable = self.after(Keep::All, &mut Dice(1));
        self.pending.clear();
    }
}

fn put(bytes: &mut Vec<u8>, at: usize, data: &[u8]) {
    if bytes.len() < at + data.len() {
        bytes.resize(at + data.len(), 0);
    }
    bytes[at..at + data.len()].copy_from_slice(data);
}

impl Disk {
    /// All that lies in a folder, safe on the disk.
    fn of(folder: &Path) -> Disk {
        let mut disk = Disk::default();
        for entry in std::fs::read_dir(folder).unwrap() {
            let entry = entry.unwrap();
            disk.durable.insert(entry.file_name().into_string().unwrap(), disk.inodes.len());
            disk.inodes.push(Inode { durable: std::fs::read(entry.path()).unwrap(), pending: Vec::new() });
        }
        disk.seen = disk.durable.clone();
        disk
    }

    fn apply(&mut self, op: &Op) {
        match op {
            Op::Create { file } => {
                let new = self.inodes.len();
                self.inodes.push(Inode::default());
                self.seen.insert(file.clone(), new);
                self.pending.push(Entry::Make(file.clone(), new));
            }
            Op::Write { file, at, data } => {
                let at = usize::try_from(*at).unwrap();
                self.inode(file).pending.push(Change::Write(at, data.clone()));
            }
            Op::Truncate { file, len } => {
                let len = usize::try_from(*len).unwrap();
                self.inode(file).pending.push(Change::Truncate(len));
            }
            Op::Sync { file } => {
                self.inode(file).sync();
                // SQLite writes the folder through after the first sync of a file it made.
                let inode = self.seen[file];
                if self.pending.iter().any(|e| matches!(e, Entry::Make(_, i) if *i == inode)) {
                    self.sync_folder();
                }
            }
            Op::Delete { file, through } => {
                self.seen.remove(file);
                self.pending.push(Entry::Remove(file.clone()));
                if *through {
                    self.sync_folder();
                }
            }
            Op::Mark(_) => {}
        }
    }

    fn inode(&mut self, file: &str) -> &mut Inode {
        let n = self.seen[file];
        &mut self.inodes[n]
    }

    fn sync_folder(&mut self) {
        self.durable = self.seen.clone();
        self.pending.clear();
    }

    /// The files after a loss of power.
    fn left(&self, keep: Keep, entries: usize, dice: &mut Dice) -> BTreeMap<&str, Vec<u8>> {
        let mut names: BTreeMap<&str, usize> = self.durable.iter().map(|(n, i)| (n.as_str(), *i)).collect();
        for entry in &self.pending[..entries] {
            match entry {
                Entry::Make(name, inode) => names.insert(name, *inode),
                Entry::Remove(name) => names.remove(name.as_str()),
            };
        }
        names.into_iter().map(|(name, inode)| (name, self.inodes[inode].after(keep, dice))).collect()
    }
}

/// What was found.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
struct Tally {
    commits: u64,
    states: u64,
    /// SQLite or the program finds the file damaged.
    corrupt: u64,
    /// A save that was acknowledged is gone.
    lost: u64,
    /// Something between two saves.
    half: u64,
}

impl Tally {
    fn bad(self) -> u64 {
        self.corrupt + self.lost + self.half
    }
}

/// The content of the file: what differs between any two saves.
fn content(conn: &Connection) -> rusqlite::Result<Vec<u8>> {
    let mut hash = blake3::Hasher::new();
    for sql in [
        "SELECT seq || hex(hash) || after FROM change ORDER BY seq",
        "SELECT id || ' ' || row || ' ' || seq FROM op ORDER BY id",
        "SELECT id || note FROM contact ORDER BY id",
        "SELECT id || name || address || rev || coalesce(last_contact, 0) FROM customer ORDER BY id",
    ] {
        let mut statement = conn.prepare(sql)?;
        let mut rows = statement.query([])?;
        while let Some(r) = rows.next()? {
            hash.update(r.get_ref(0)?.as_str()?.as_bytes());
        }
    }
    Ok(hash.finalize().as_bytes().to_vec())
}

/// Opens what was left, which rolls back, and reads it.
fn opened(folder: &Path, files: &BTreeMap<&str, Vec<u8>>) -> Option<Vec<u8>> {
    for entry in std::fs::read_dir(folder).unwrap() {
        std::fs::remove_file(entry.unwrap().path()).unwrap();
    }
    for (name, bytes) in files {
        std::fs::write(folder.join(name), bytes).unwrap();
    }
    let conn = Connection::open(folder.join(branch::FILE)).ok()?;
    conn.pragma_update(None, "mmap_size", 0).ok()?;
    let sound: String = conn.query_row("PRAGMA integrity_check(1)", [], |r| r.get(0)).ok()?;
    if sound != "ok" {
        return None;
    }
    content(&conn).ok()
}

fn folder() -> TempDir {
    let memory = Path::new("/dev/shm");
    if memory.is_dir() { TempDir::new_in(memory) } else { TempDir::new() }.unwrap()
}

/// Does `save` `commits` times, and tries every state on the way. `save` marks nothing; what it returns is acknowledged.
fn run(commits: u64, lying: bool, prepare: impl FnOnce(&Path, Branch) -> Box<dyn FnMut(u64)>) -> Tally {
    shim::install();
    let (at, scene) = (folder(), folder());
    let branch = branch::make(at.path(), 5);
    let mut save = prepare(at.path(), branch);
    // Once before, so that the journal is there as it is on any day but the first.
    save(0);
    let mut disk = Disk::of(at.path());
    let reader = Connection::open(at.path().join(branch::FILE)).unwrap();
    let mut contents = vec![content(&reader).unwrap()];
    let mut tapes = Vec::new();
    for n in 1..=commits {
        let ((), tape) = shim::record(Order { keep: true, lying, ..Order::default() }, || {
            save(n);
            shim::mark(n);
        });
        tapes.push(tape);
        contents.push(content(&reader).unwrap());
    }
    let mut tally = Tally { commits, ..Tally::default() };
    let (mut acknowledged, mut dice, mut tried) = (0, Dice(0x9e37_79b9_7f4a_7c15), HashSet::new());
    for op in tapes.iter().flat_map(|t| &t.ops) {
        disk.apply(op);
        if let Op::Mark(n) = op {
            acknowledged = usize::try_from(*n).unwrap();
        }
        for entries in 0..=disk.pending.len() {
            for keep in [Keep::Nothing, Keep::All].into_iter().chain([Keep::Some; RANDOM]) {
                let files = disk.left(keep, entries, &mut dice);
                let mut key = blake3::Hasher::new();
                key.update(&acknowledged.to_le_bytes());
                for (name, bytes) in &files {
                    key.update(name.as_bytes()).update(&bytes.len().to_le_bytes()).update(bytes);
                }
                if !tried.insert(*key.finalize().as_bytes()) {
                    continue;
                }
                tally.states += 1;
                match opened(scene.path(), &files) {
                    None => tally.corrupt += 1,
                    Some(found) => match contents.iter().position(|c| *c == found) {
                        None => tally.half += 1,
                        Some(n) if n < acknowledged => tally.lost += 1,
                        Some(n) => assert!(n <= acknowledged + 1, "a save that was never begun"),
                    },
                }
            }
        }
    }
    tally
}

/// The saves of the program, in turn of each kind.
fn program(at: &Path, branch: Branch) -> Box<dyn FnMut(u64)> {
    let mut file: File = desk(at, 1);
    let customer = branch.customers[2];
    Box::new(move |n| {
        let seen = branch::archive(&mut file, &branch, customer).customer;
        let kind = KINDS[usize::try_from(n).unwrap() % 3];
        let answer = file.answer(&ask(&branch, kind, 5000 + i64::try_from(n).unwrap(), &seen));
        assert_eq!(failure(&answer), None);
    })
}

/// Saves of the same tables in other modes of SQLite, which the program never uses.
fn plain(journal: &'static str, synchronous: &'static str) -> impl FnOnce(&Path, Branch) -> Box<dyn FnMut(u64)> {
    move |at, branch| {
        let conn = Connection::open(at.join(branch::FILE)).unwrap();
        conn.pragma_update(None, "journal_mode", journal).unwrap();
        conn.pragma_update(None, "synchronous", synchronous).unwrap();
        let customer = branch.customers[2].0;
        Box::new(move |n| {
            let op = 5000 + i64::try_from(n).unwrap();
            conn.execute_batch("BEGIN IMMEDIATE").unwrap();
            for sql in [
                "INSERT INTO contact SELECT ?1, ?2, '', 20261120, by, '', '', 'n' || ?1, NULL, NULL FROM change LIMIT 1",
                "UPDATE customer SET address = 'a' || ?1, rev = rev + 1 WHERE id = ?2",
                "INSERT INTO change SELECT max(seq) + 1, '', 1, '', '', ?2, ?2, '', 'b' || ?1, '', NULL, ?1, x'', x'' FROM change",
                "INSERT INTO op SELECT ?1, ?2, max(seq) FROM change",
            ] {
                conn.execute(sql, params![op, customer]).unwrap();
            }
            conn.execute_batch("COMMIT").unwrap();
        })
    }
}

#[test]
fn no_loss_of_power_at_the_server_loses_or_halves_a_save() {
    let _busy = QUIET.read();
    let tally = run(126, false, program);
    println!("crash states, TRUNCATE/EXTRA: {tally:?}");
    assert!(tally.states >= 20_000, "{tally:?}");
    assert_eq!(tally.bad(), 0, "{tally:?}");
}

#[test]
fn without_journal_most_states_are_bad() {
    let _busy = QUIET.read();
    let tally = run(40, false, plain("OFF", "OFF"));
    println!("control, OFF/OFF: {tally:?}");
    assert!(tally.states > 1_000 && tally.bad() * 10 >= tally.states * 8, "{tally:?}");
}

#[test]
fn a_disk_that_lies_about_syncs_makes_many_states_bad() {
    let _busy = QUIET.read();
    let tally = run(2, true, program);
    println!("control, syncs that are none: {tally:?}");
    assert!(tally.bad() * 10 >= tally.states * 5, "{tally:?}");
}

#[test]
fn deleting_the_journal_without_its_folder_loses_each_acknowledged_save_once() {
    let _busy = QUIET.read();
    let tally = run(20, false, plain("DELETE", "FULL"));
    println!("control, DELETE/FULL: {tally:?}");
    assert_eq!((tally.lost, tally.corrupt, tally.half), (tally.commits, 0, 0), "{tally:?}");
}

#[test]
fn deleting_the_journal_and_syncing_its_folder_loses_nothing() {
    let tally = run(6, false, plain("DELETE", "EXTRA"));
    assert!(tally.states > 300);
    assert_eq!(tally.bad(), 0, "{tally:?}");
}

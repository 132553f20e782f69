//! Passwords of staff: who must give one, whether it is right, and setting a new one. The one place where somebody is let in; asking for the
//! password, and the waiting of one workstation, live above.

mod hash;
mod refusal;
pub(super) mod row;
mod vouch;

pub use refusal::SignInError;
pub use vouch::{named, vouched, word};

use super::answer;
use super::branch::Branch;
use super::change;
use super::key::Key;
use super::open::{File, Mode, Station};
use super::refuse::OpenError;
use super::request::{Failure, Stamp};
use super::rights;
use super::slots::{self, Cost, SlotError, Slots, beside, disk, record};
use super::wait;
use super::write::{Write, edit};
use crate::domain::change::Entity;
use crate::domain::ids::StaffId;
use crate::domain::password::{Password, Policy, Tries};
use crate::domain::rights::Action;
use crate::domain::staff::Staff;
use chrono::{NaiveDate, NaiveDateTime};
use row::Row;
use rusqlite::Connection;
use std::path::Path;
use std::sync::Arc;

/// What somebody gives to sign in, and where and when.
#[derive(Debug, Clone, Copy)]
pub struct Given<'a> {
    /// Their number.
    pub staff: &'a str,
    /// Their password.
    pub password: &'a Password,
    /// Local time of the workstation.
    pub at: NaiveDateTime,
    /// The business day.
    pub today: NaiveDate,
    /// What they sign in to, for the log: `workbench`, or the name of a command.
    pub to: &'a str,
    /// Refusals at this workstation that could not be written into the file yet, for nobody could open it.
    pub missed: &'a [Missed],
}

/// A refusal.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Missed {
    /// The number, where somebody has it. What was typed otherwise is not kept: it may have been a password.
    pub staff: Option<String>,
    /// When.
    pub at: NaiveDateTime,
}

/// Somebody who was let in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedIn {
    /// Who.
    pub staff: StaffId,
    /// What opens the file; none for a plain one.
    pub key: Key,
    /// Why the password is to be changed before anything else.
    pub change: Option<Why>,
}

/// Why a password is to be changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Why {
    /// Somebody else set it.
    First,
    /// It is too old.
    Aged,
}

/// Whether somebody must give a password in a file that is open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wants {
    /// Nothing: they have none, and the branch does not ask for one.
    Nothing,
    /// Their password.
    Password,
    /// They have none, and the branch asks everybody: it is to be set.
    Setting,
}

/// What a member of staff must give in this open file.
///
/// # Errors
/// What the file says.
pub fn wants(file: &mut File, staff: StaffId) -> Result<Wants, Failure> {
    let (branch, row) = read(file, staff)?;
    Ok(match row {
        Some(_) => Wants::Password,
        None if branch.settings.sign_in.required => Wants::Setting,
        None => Wants::Nothing,
    })
}

/// Whether the branch file opens to nobody who has not signed in. One that is plain beside a slot file of another name was to be encrypted,
/// and that was cut off.
pub fn sealed(path: &Path, station: &Station) -> bool {
    let keys = slots::path(path);
    let locked = || matches!(File::open(path, Mode::Read, station), Err(OpenError::Locked(_) | OpenError::NoCipher));
    keys.exists() || (slots::next(&keys).exists() && locked())
}

/// Signs somebody in to the branch file at `path`, and opens it. An encrypted one is opened by their slot.
///
/// # Errors
/// Why not. A wrong number and a wrong password say the same.
pub fn sign_in(
    path: &Path,
    mode: Mode,
    station: &Station,
    given: &Given<'_>,
    cost: Cost,
) -> Result<(File, SignedIn), SignInError> {
    let keys = slots::path(path);
    let next = slots::next(&keys);
    if next.exists() {
        // A new key was cut off in the middle: of the two slot files one opens the file.
        if let Ok(done) = by_slot(path, &next, mode, station, given, cost) {
            if let Err(error) = std::fs::rename(&next, &keys) {
                tracing::warn!(%error, "the slot file is still under its other name");
            }
            return Ok(done);
        }
    }
    if !keys.exists() {
        let mut file = File::open(path, mode, station)?;
        let signed = verify(&mut file, given, &Key::default(), cost)?;
        return Ok((file, signed));
    }
    by_slot(path, &keys, mode, station, given, cost)
}

/// Signs somebody in to an encrypted file by their slot in the slot file `keys`.
fn by_slot(
    path: &Path,
    keys: &Path,
    mode: Mode,
    station: &Station,
    given: &Given<'_>,
    cost: Cost,
) -> Result<(File, SignedIn), SignInError> {
    let slots = disk::read(keys)?;
    let key = match slots.open(given.staff, given.password) {
        Err(SlotError::Wrong) if station.key.is_some() => {
            // Somebody has it open at this workstation: the try is counted in the file.
            let mut file = File::open(path, mode, station)?;
            let branch = branch(&mut file)?;
            return Err(refuse(&mut file, given, person(&branch, given.staff))?);
        }
        Err(SlotError::Wrong) => {
            let known = slots.staff().find(|code| code.eq_ignore_ascii_case(given.staff));
            return Err(SignInError::Wrong { staff: known.map(str::to_owned), wait: 0 });
        }
        other => other?,
    };
    let mut file = File::open(path, mode, &Station { key: key.clone(), ..station.clone() })?;
    let kept = reading(&mut file, record::kept)?;
    slots.stands_by(kept.as_ref())?;
    // What lies on this PC may be under a key the file had before.
    let key = file.keys()?;
    let signed = verify(&mut file, given, &key, cost)?;
    Ok((file, signed))
}

/// Lets somebody in to an open file, or does not, and writes either into the log. `key` is what their slot gave, in an encrypted file;
/// without one the password is compared here. `cost` is what a number that nobody has costs.
///
/// # Errors
/// Why not.
pub fn verify(file: &mut File, given: &Given<'_>, key: &Key, cost: Cost) -> Result<SignedIn, SignInError> {
    let branch = branch(file)?;
    let policy = &branch.settings.sign_in;
    let Some(person) = person(&branch, given.staff) else {
        // As slow as for a number that is there.
        let _ = hash::of(given.password, cost);
        return Err(refuse(file, given, None)?);
    };
    let (_, found) = read(file, person.id)?;
    if let Some(row) = &found
        && row.tries.left(policy, given.at) > 0
    {
        return Err(SignInError::Wait(row.tries.left(policy, given.at)));
    }
    let right = key.is_some() || found.as_ref().is_some_and(|row| hash::fits(&row.hash, given.password));
    if found.is_none() && !key.is_some() {
        return Err(SignInError::Unset);
    }
    if !right {
        return Err(refuse(file, given, Some(person))?);
    }
    let change = found.as_ref().and_then(|row| due(row, policy, given.today));
    let signed = SignedIn { staff: person.id, key: key.clone(), change };
    if file.read_only() {
        return Ok(signed);
    }
    let stamp = Stamp::new(person.id, given.at, given.today);
    let wait = write(file, &stamp, |w| {
        // Tried elsewhere meanwhile: many tries at once are not faster than one after the other.
        let now = row::load(w.conn, person.id)?;
        let wait = now.as_ref().map_or(0, |row| row.tries.left(policy, given.at));
        if wait > 0 {
            return Ok(wait);
        }
        if let Some(row) = now
            && row.tries != Tries::default()
        {
            row::keep(w.conn, person.id, &Row { tries: Tries::default(), ..row }, &stamp)?;
        }
        for missed in given.missed {
            let who =
                missed.staff.as_ref().and_then(|c| w.branch.staff.iter().find(|s| s.code.eq_ignore_ascii_case(c)));
            let then = Stamp::new(who.map_or(StaffId::default(), |s| s.id), missed.at, given.today);
            log(w, &then, "refused", given.to)?;
        }
        log(w, &stamp, "sign_in", given.to)?;
        Ok(0)
    })?;
    if wait > 0 { Err(SignInError::Wait(wait)) } else { Ok(signed) }
}

/// A new password to be set.
#[derive(Debug, Clone, Copy)]
pub struct New<'a> {
    /// Whose.
    pub staff: StaffId,
    /// The password.
    pub password: &'a Password,
    /// What it costs to try it.
    pub cost: Cost,
}

/// Sets a password: one's own, or, by who may, somebody else's, which they must change when they sign in. In an encrypted file this gives
/// them their slot.
///
/// # Errors
/// The password will not do, the one who sets it may not, or what the file says.
pub fn set(file: &mut File, key: &Key, new: &New<'_>, stamp: &Stamp) -> Result<(), Failure> {
    let (branch, found) = read(file, new.staff)?;
    let person = branch.colleague(new.staff)?;
    let own = stamp.by == new.staff;
    match &found {
        _ if own => {}
        Some(_) => rights::branch(&branch, stamp, Action::Staff)?,
        None => rights::before(&branch, new.staff, stamp, Action::Staff)?,
    }
    admits(&branch.settings.sign_in, person, new.password, key.is_some(), found.as_ref())?;
    let slots =
        if key.is_some() { Some(disk::read(&slots::path(file.path())).map_err(record::refused)?) } else { None };
    let slot = slots.map(|s| s.slot(key, &person.code, new.password, new.cost)).transpose().map_err(record::refused)?;
    let hash = hash::of(new.password, new.cost).map_err(record::refused)?;
    let keys = slots::path(file.path());
    write(file, stamp, |w| {
        renew(w, person, hash, !own)?;
        let what = if own { "own" } else { "reset" };
        w.change(Entity::Staff, person.id.0, None, &[edit("password", "", what)], "", None)?;
        match slot {
            Some(slot) => record::change(w.conn, &keys, key, stamp, |slots| slots.with(key, slot)),
            None => Ok(()),
        }
    })
}

/// Sets the password of the first member of staff of a file just made, who is the only one in it.
///
/// # Errors
/// As [`set`].
pub fn first(file: &mut File, key: &Key, password: &Password, cost: Cost, stamp: &Stamp) -> Result<(), Failure> {
    let staff = branch(file)?.staff.first().map(|s| s.id).ok_or(Failure::Gone)?;
    set(file, key, &New { staff, password, cost }, &Stamp { by: staff, ..stamp.clone() })
}

/// Sets a password by a recovery code, in an encrypted file: the way back in when nobody's password opens it, or only an older slot file is
/// left. Gives the key.
///
/// # Errors
/// The code is not one, the number nobody's, the password will not do, or what the file says.
pub fn recover(
    path: &Path,
    station: &Station,
    code: &str,
    (staff, password): (&str, &Password),
    (at, today): (NaiveDateTime, NaiveDate),
    cost: Cost,
) -> Result<Key, SignInError> {
    let keys = slots::path(path);
    let slots = disk::read(&keys)?;
    let key = slots.recover(code)?;
    let mut file = File::open(path, Mode::Write, &Station { key: key.clone(), ..station.clone() })?;
    let branch = branch(&mut file)?;
    let person = person(&branch, staff).ok_or_else(|| {
        Failure::refused(
            format!("没有工号为「{staff}」的在岗员工。请核对工号。"),
            format!("Nobody who works here has the number '{staff}'. Check it."),
        )
    })?;
    let (_, found) = read(&mut file, person.id)?;
    admits(&branch.settings.sign_in, person, password, true, found.as_ref())?;
    let slot = slots.slot(&key, &person.code, password, cost)?;
    let hash = hash::of(password, cost)?;
    let stamp = Stamp::new(person.id, at, today);
    write(&mut file, &stamp, |w| {
        renew(w, person, hash, false)?;
        w.change(Entity::Staff, person.id.0, None, &[edit("password", "", "recovery")], "", None)?;
        let kept = record::kept(w.conn)?;
        // Read anew under the lock; whatever lies there now and has the key is taken.
        let there = disk::read(&keys).map_err(record::refused)?;
        let next = there
            .taken_back(&key, kept.as_ref(), |code| self::person(&branch, code).is_some())
            .and_then(|back| back.with(&key, slot))
            .map_err(record::refused)?;
        record::keep(w.conn, &next, &stamp)?;
        disk::replace(&keys, &key, &next).map_err(record::refused)
    })?;
    Ok(key)
}

/// Takes the slot of somebody who leaves out of the slot file, in an encrypted file.
///
/// # Errors
/// Who asks does not look after staff, or means their own; it is the last administrator's; or what the file says.
pub fn close(file: &mut File, key: &Key, staff: StaffId, stamp: &Stamp) -> Result<(), Failure> {
    let branch = branch(file)?;
    rights::branch(&branch, stamp, Action::Staff)?;
    if staff == stamp.by {
        return Err(Failure::refused(
            "本人的离岗要由另一位网点经理或合规管理员办理。",
            "Nobody does their own leaving; the branch manager or compliance does it for them.",
        ));
    }
    let stay = rights::able(&branch, stamp, Action::Staff);
    beside::replace(file, key, stamp, (staff, "removed"), |slots| without(slots, key, (&branch, staff), &stay))
}

fn without(slots: &Slots, key: &Key, (branch, staff): (&Branch, StaffId), stay: &[&Staff]) -> Result<Slots, SlotError> {
    let stay: Vec<&str> = stay.iter().filter(|s| s.id != staff).map(|s| s.code.as_str()).collect();
    slots.without(key, branch.person(staff).map_or("", |s| s.code.as_str()), &stay)
}

/// Who works here under this number.
fn person<'a>(branch: &'a Branch, code: &str) -> Option<&'a Staff> {
    branch.staff.iter().find(|s| s.active && s.code.eq_ignore_ascii_case(code))
}

/// Whether this password will do for somebody: by the rules, and none of their last ones.
fn admits(
    policy: &Policy,
    person: &Staff,
    password: &Password,
    encrypted: bool,
    found: Option<&Row>,
) -> Result<(), Failure> {
    policy.admits(password, &person.code, encrypted)?;
    let used = found.into_iter().flat_map(|row| std::iter::once(&row.hash).chain(&row.earlier));
    if used.take(usize::from(policy.history)).any(|line| hash::fits(line, password)) {
        let n = policy.history;
        return Err(Failure::refused(
            format!("这个密码用过，不能和最近 {n} 个相同。请换一个。"),
            format!("This one was used before, and must differ from the last {n}. Choose another."),
        ));
    }
    Ok(())
}

/// The new hash in the place of the one before, which goes to the earlier ones.
fn renew(w: &Write<'_>, person: &Staff, hash: String, must_change: bool) -> Result<(), Failure> {
    let mut earlier = Vec::new();
    if let Some(was) = row::load(w.conn, person.id)? {
        earlier.push(was.hash);
        earlier.extend(was.earlier);
    }
    earlier.truncate(usize::from(w.branch.settings.sign_in.history.saturating_sub(1)));
    let row = Row { hash, set_at: w.stamp.at, earlier, must_change, tries: Tries::default() };
    row::keep(w.conn, person.id, &row, w.stamp)
}

/// Why this password is to be changed.
fn due(row: &Row, policy: &Policy, today: NaiveDate) -> Option<Why> {
    match () {
        () if row.must_change => Some(Why::First),
        () if policy.aged(row.set_at.date(), today) => Some(Why::Aged),
        () => None,
    }
}

/// A wrong try: counted for the one whose number it was, written into the log.
fn refuse(file: &mut File, given: &Given<'_>, person: Option<&Staff>) -> Result<SignInError, SignInError> {
    let known = person.map(|s| s.code.clone());
    if file.read_only() {
        return Ok(SignInError::Wrong { staff: known, wait: 0 });
    }
    let by = person.map(|s| s.id).unwrap_or_default();
    let stamp = Stamp::new(by, given.at, given.today);
    let wait = write(file, &stamp, |w| {
        let mut wait = 0;
        if let Some(mut row) = row::load(w.conn, by)? {
            row.tries.missed(given.at);
            wait = w.branch.settings.sign_in.wait(row.tries.wrong);
            row::keep(w.conn, by, &row, &stamp)?;
        }
        log(w, &stamp, "refused", given.to)?;
        Ok(wait)
    })?;
    Ok(SignInError::Wrong { staff: known, wait })
}

fn log(w: &Write<'_>, stamp: &Stamp, action: &str, to: &str) -> Result<(), Failure> {
    let edits = [edit("action", "", action), edit("target", "", to)];
    let entry = change::Entry {
        entity: Entity::Access,
        row: stamp.by.0,
        customer: None,
        edits: &edits,
        reason: "",
        batch: None,
        op: None,
    };
    change::record(w.conn, w.station, stamp, &entry).map(|_| ())
}

/// One write transaction.
fn write<T>(file: &mut File, stamp: &Stamp, work: impl FnOnce(&Write<'_>) -> Result<T, Failure>) -> Result<T, Failure> {
    let (tx, branch, station, ids) = answer::begin(file)?;
    let done = work(&Write { conn: &tx, branch: &branch, station, ids, stamp, batch: None })?;
    tx.commit()?;
    Ok(done)
}

/// The branch as it stands.
fn branch(file: &mut File) -> Result<Arc<Branch>, Failure> {
    reading(file, |conn| Branch::load(conn, None))
}

/// The branch, and the row of one member of staff.
fn read(file: &mut File, staff: StaffId) -> Result<(Arc<Branch>, Option<Row>), Failure> {
    reading(file, |conn| Ok((Branch::load(conn, None)?, row::load(conn, staff)?)))
}

/// One read transaction.
fn reading<T>(file: &mut File, look: impl FnOnce(&Connection) -> Result<T, Failure>) -> Result<T, Failure> {
    file.rest();
    file.patience.renew(wait::FOR_A_READ);
    let tx = file.connection()?.transaction()?;
    look(&tx)
}

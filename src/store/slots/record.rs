//! What the branch file remembers of its slot file: the setting `slots`. It is written in the transaction under whose lock the slot file is
//! replaced.

use super::{Seal, SlotError, Slots, Standing, disk};
use crate::domain::change::Entity;
use crate::domain::ids::StaffId;
use crate::store::answer;
use crate::store::branch;
use crate::store::cell;
use crate::store::key::Key;
use crate::store::open::File;
use crate::store::request::{Failure, Stamp};
use crate::store::wait;
use crate::store::write::{Write, edit};
use rusqlite::Connection;
use std::path::Path;

/// The setting.
const SETTING: &str = "slots";

/// How the slot file that was opened stands to what the open branch file remembers. One that is newer is remembered by the next change.
///
/// # Errors
/// It is an older or another one, in words; or what the file says.
pub fn stands(file: &mut File, slots: &Slots) -> Result<Standing, Failure> {
    file.patience.renew(wait::FOR_A_READ);
    let kept = kept(file.connection()?)?;
    slots.stands_by(kept.as_ref()).map_err(refused)
}

/// Replaces the slot file beside an open branch file, with a line in the change log about whose slot it is.
///
/// # Errors
/// Why not; the slot file is as it was then, unless the drive failed at the very end.
pub fn replace(
    file: &mut File,
    key: &Key,
    stamp: &Stamp,
    (staff, done): (StaffId, &str),
    next: impl FnOnce(&Slots) -> Result<Slots, SlotError>,
) -> Result<(), Failure> {
    let path = super::path(file.path());
    let (tx, branch, station, ids) = answer::begin(file)?;
    let w = Write { conn: &tx, branch: &branch, station, ids, stamp, batch: None };
    w.change(Entity::Staff, staff.0, None, &[edit("slot", "", done)], "", None)?;
    change(&tx, &path, key, stamp, next)?;
    Ok(tx.commit()?)
}

/// What is remembered.
///
/// # Errors
/// What the file says.
pub(in crate::store) fn kept(conn: &Connection) -> Result<Option<Seal>, Failure> {
    let text = branch::setting(conn, SETTING)?;
    // What does not read is not forgotten, but remembered as nothing that could stand there.
    let unread = || Seal { file: String::new(), version: 0, mac: String::new() };
    Ok(text.map(|text| serde_json::from_str(&text).unwrap_or_else(|_| unread())))
}

/// Remembers a slot file.
///
/// # Errors
/// What the file says.
pub(in crate::store) fn keep(conn: &Connection, slots: &Slots, stamp: &Stamp) -> Result<(), Failure> {
    branch::keep(conn, SETTING, &cell::json(&slots.seal())?, stamp)
}

/// Inside a write transaction: reads the slot file, checks that it is the one remembered, puts the next version in its place and remembers it.
/// The new file lies there before the transaction ends; a power cut in between leaves one that is newer than remembered, which is taken.
///
/// # Errors
/// Why not; nothing was replaced then.
pub(in crate::store) fn change(
    conn: &Connection,
    path: &Path,
    key: &Key,
    stamp: &Stamp,
    next: impl FnOnce(&Slots) -> Result<Slots, SlotError>,
) -> Result<(), Failure> {
    let slots = disk::read(path).map_err(refused)?;
    slots.fits(key).map_err(refused)?;
    let standing = slots.stands_by(kept(conn)?.as_ref()).map_err(refused)?;
    let next = next(&slots).map_err(refused)?;
    if next == slots && standing == Standing::Same {
        return Ok(());
    }
    keep(conn, &next, stamp)?;
    if next == slots { Ok(()) } else { disk::replace(path, key, &next).map_err(refused) }
}

/// A slot file's refusal as one of the store.
pub(in crate::store) fn refused(error: SlotError) -> Failure {
    match &error {
        SlotError::Drive(text) => tracing::error!(text, "the key file was not written"),
        _ => tracing::warn!(%error, "the key file was not taken"),
    }
    Failure::Refused(error.complaint())
}

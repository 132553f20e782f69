//! What the branch file remembers of its slot file: the setting `slots`. It is written in the transaction under whose lock the slot file is
//! replaced.

use super::{Seal, SlotError, Slots, Standing, disk};
use crate::store::branch;
use crate::store::cell;
use crate::store::key::Key;
use crate::store::request::{Failure, Stamp};
use rusqlite::Connection;
use std::path::Path;

/// The setting.
const SETTING: &str = "slots";

/// What is remembered.
///
/// # Errors
/// What the file says.
pub fn kept(conn: &Connection) -> Result<Option<Seal>, Failure> {
    let text = branch::setting(conn, SETTING)?;
    // What does not read is not forgotten, but remembered as nothing that could stand there.
    let unread = || Seal { file: String::new(), version: 0, mac: String::new() };
    Ok(text.map(|text| serde_json::from_str(&text).unwrap_or_else(|_| unread())))
}

/// Remembers a slot file.
///
/// # Errors
/// What the file says.
pub fn keep(conn: &Connection, slots: &Slots, stamp: &Stamp) -> Result<(), Failure> {
    branch::keep(conn, SETTING, &cell::json(&slots.seal())?, stamp)
}

/// Remembers none: the file is plain now.
///
/// # Errors
/// What the file says.
pub fn forget(conn: &Connection) -> Result<(), Failure> {
    conn.execute("DELETE FROM setting WHERE key = ?", [SETTING])?;
    Ok(())
}

/// Inside a write transaction: reads the slot file, checks that it is the one remembered, puts the next version in its place and remembers it.
/// The new file lies there before the transaction ends; a power cut in between leaves one that is newer than remembered, which is taken.
///
/// # Errors
/// Why not; nothing was replaced then.
pub fn change(
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
pub fn refused(error: SlotError) -> Failure {
    match &error {
        SlotError::Drive(text) => tracing::error!(text, "the key file was not written"),
        _ => tracing::warn!(%error, "the key file was not taken"),
    }
    Failure::Refused(error.complaint())
}

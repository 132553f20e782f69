//! Changes of the slot file beside an open branch file, each with a line in the change log.

use super::{SlotError, Slots, record};
use crate::domain::change::Entity;
use crate::domain::ids::StaffId;
use crate::store::answer;
use crate::store::key::Key;
use crate::store::open::File;
use crate::store::request::{Failure, Stamp};
use crate::store::write::{Write, edit};

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
    record::change(&tx, &path, key, stamp, next)?;
    Ok(tx.commit()?)
}

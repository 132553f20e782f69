//! Filling and packing a file that nobody else has open: the demo, quickly, and so that the same contents are the same bytes. Never
//! for a branch at work.

use super::answer::{begin, change, stamp};
use super::open::File;
use super::request::{Ask, Failure};
use super::sweep;
use super::write::Write;
use rusqlite::hooks::{AuthContext, Authorization};

impl File {
    /// Does many writes as one transaction, each with its own stamp; asks that only read are passed over. Settings, staff and holidays
    /// changed on the way count from the next call on.
    ///
    /// # Errors
    /// The first failure; nothing was changed then.
    pub fn answer_all(&mut self, asks: &[Ask]) -> Result<(), Failure> {
        if self.read_only() {
            return Err(Failure::ReadOnly);
        }
        let (tx, branch, station, ids) = begin(self)?;
        for ask in asks {
            let Some(stamp) = stamp(ask) else { continue };
            let mut write = Write { conn: &tx, branch: &branch, station, ids: &mut *ids, stamp, batch: None };
            sweep::sweep(&mut write)?;
            change(&mut write, ask)?;
        }
        tx.commit()?;
        Ok(())
    }

    /// Rewrites the file without its free pages, every table in one piece.
    ///
    /// # Errors
    /// What the file says.
    pub fn pack(&mut self) -> Result<(), Failure> {
        let conn = self.connection()?;
        // SQLite packs by way of an attached file, which no other statement of ours may have.
        conn.authorizer(None::<fn(AuthContext<'_>) -> Authorization>)?;
        let packed = conn.execute_batch("VACUUM");
        // The next ask opens the file anew, with all that is forbidden forbidden again.
        self.conn = None;
        packed?;
        Ok(())
    }
}

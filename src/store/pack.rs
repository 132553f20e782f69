//! Packing a file that nobody else has open: the demo, so that the same contents are the same bytes. Never for a branch at work.

use super::open::File;
use super::request::Failure;
use rusqlite::hooks::{AuthContext, Authorization};

impl File {
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

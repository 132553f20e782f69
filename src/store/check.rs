//! Looking a file over, for `guitai doctor`. Never for a file on a share while others work: it reads every page under a lock.

use super::change;
use super::keys;
use super::open::File;
use super::request::Failure;

impl File {
    /// What SQLite finds wrong with the pages; empty when nothing is.
    ///
    /// # Errors
    /// What the file says.
    pub fn faults(&mut self) -> Result<Vec<String>, Failure> {
        let conn = self.connection()?;
        let mut statement = conn.prepare("PRAGMA integrity_check(20)")?;
        let found = statement.query_map([], |r| r.get::<_, String>(0))?.collect::<rusqlite::Result<Vec<_>>>()?;
        let mut faults: Vec<String> = found.into_iter().filter(|line| line != "ok").collect();
        let mut statement = conn.prepare("PRAGMA foreign_key_check")?;
        let mut rows = statement.query([])?;
        while let Some(r) = rows.next()? {
            let (table, parent): (String, String) = (r.get(0)?, r.get(2)?);
            faults.push(format!("{table} names a row that {parent} lacks"));
        }
        if !keys::agree(conn)? {
            faults.push("what a search from the file needs is not what a recount gives".to_owned());
        }
        Ok(faults)
    }

    /// The first change whose hash does not fit the one before; `None` when the chain is whole.
    ///
    /// # Errors
    /// What the file says.
    pub fn broken_chain(&mut self) -> Result<Option<i64>, Failure> {
        change::broken(self.connection()?)
    }
}

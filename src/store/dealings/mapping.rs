//! Mappings: how files of other layouts are read, kept by their headers so that the next such file needs nobody. What a mapping says is
//! the reader's own; here it is a text.

use crate::domain::change::Entity;
use crate::store::open::File;
use crate::store::request::{Failure, Stamp};
use crate::store::write::{Write, edit};
use crate::store::{answer, cell, wait};
use rusqlite::{Connection, OptionalExtension, Row, params};

/// A mapping as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    /// The headers of its files, as one text.
    pub headers: String,
    /// What people call it; no two have the same name.
    pub name: String,
    /// The code of the layout.
    pub layout: String,
    /// What it says.
    pub value: String,
}

impl Kept {
    fn read(r: &Row<'_>) -> rusqlite::Result<Kept> {
        Ok(Kept { headers: r.get(0)?, name: r.get(1)?, layout: r.get(2)?, value: r.get(3)? })
    }
}

impl File {
    /// All mappings, by name.
    ///
    /// # Errors
    /// What the file says.
    pub fn mappings(&mut self) -> Result<Vec<Kept>, Failure> {
        self.patience.renew(wait::FOR_A_READ);
        let conn = self.connection()?;
        let mut statement = conn.prepare_cached("SELECT headers, name, layout, value FROM mapping ORDER BY name")?;
        let found = statement.query_map([], Kept::read)?.collect::<rusqlite::Result<_>>()?;
        Ok(found)
    }

    /// The mapping of files with these headers.
    ///
    /// # Errors
    /// What the file says.
    pub fn mapping(&mut self, headers: &str) -> Result<Option<Kept>, Failure> {
        self.patience.renew(wait::FOR_A_READ);
        find(self.connection()?, headers)
    }

    /// Keeps a mapping; one for the same headers is replaced.
    ///
    /// # Errors
    /// Another one has its name, or what the file says.
    pub fn keep_mapping(&mut self, new: &Kept, stamp: &Stamp) -> Result<(), Failure> {
        self.changed(stamp, |w| keep(w, new))
    }

    /// Forgets the mapping of files with these headers.
    ///
    /// # Errors
    /// [`Failure::Gone`] when there is none, or what the file says.
    pub fn drop_mapping(&mut self, headers: &str, stamp: &Stamp) -> Result<(), Failure> {
        self.changed(stamp, |w| forget(w, headers))
    }

    fn changed(
        &mut self,
        stamp: &Stamp,
        change: impl FnOnce(&Write<'_>) -> Result<(), Failure>,
    ) -> Result<(), Failure> {
        if self.read_only() {
            return Err(Failure::ReadOnly);
        }
        let (tx, branch, station, ids) = answer::begin(self)?;
        change(&Write { conn: &tx, branch: &branch, station, ids, stamp, batch: None })?;
        tx.commit()?;
        Ok(())
    }
}

fn find(conn: &Connection, headers: &str) -> Result<Option<Kept>, Failure> {
    let mut statement = conn.prepare_cached("SELECT headers, name, layout, value FROM mapping WHERE headers = ?")?;
    Ok(statement.query_row([headers], Kept::read).optional()?)
}

fn keep(w: &Write<'_>, new: &Kept) -> Result<(), Failure> {
    if new.name.is_empty() {
        return Err(Failure::refused("栏目对照要有名称。", "A mapping needs a name."));
    }
    let before = find(w.conn, &new.headers)?;
    if before.as_ref() == Some(new) {
        return Ok(());
    }
    let taken: bool = w
        .conn
        .prepare_cached("SELECT EXISTS (SELECT 1 FROM mapping WHERE name = ? AND headers <> ?)")?
        .query_row([&new.name, &new.headers], |r| r.get(0))?;
    if taken {
        return Err(Failure::refused(
            format!("已有名为「{}」的栏目对照，请换一个名称。", new.name),
            format!("There is a mapping named {} already; choose another name.", new.name),
        ));
    }
    w.conn
        .prepare_cached(
            "INSERT INTO mapping (headers, name, layout, value, updated_at, updated_by) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
             ON CONFLICT (headers) DO UPDATE SET name = ?2, layout = ?3, value = ?4, rev = rev + 1,
             updated_at = ?5, updated_by = ?6",
        )?
        .execute(params![new.headers, new.name, new.layout, new.value, cell::time(w.stamp.at), w.stamp.by.0])?;
    let before = before.map(|b| b.value).unwrap_or_default();
    w.change(Entity::Branch, 0, None, &[edit("mapping", before, &new.value)], &new.name, None)?;
    Ok(())
}

fn forget(w: &Write<'_>, headers: &str) -> Result<(), Failure> {
    let before = find(w.conn, headers)?.ok_or(Failure::Gone)?;
    w.conn.prepare_cached("DELETE FROM mapping WHERE headers = ?")?.execute([headers])?;
    w.change(Entity::Branch, 0, None, &[edit("mapping", before.value, "")], &before.name, None)?;
    Ok(())
}

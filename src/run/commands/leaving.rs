//! What leaves the program: a list of customers into a file or another program. It is in the log before it is given out, and above the rows that
//! one person may take out alone it takes the right to export and a second person's word.

use super::session::Session;
use super::word;
use crate::domain::access::Action;
use crate::domain::ids::CustomerId;
use crate::domain::rights;
use crate::domain::text::Complaint;
use crate::run::fault::Fault;
use crate::store::access::Line;
use crate::store::open::Mode;
use crate::store::request::{Failure, Stamp};
use std::io::IsTerminal;

/// How the file is opened for a list: with the right to write where somebody gives their word, so that wrong passwords are counted.
pub const fn mode(second: Option<&str>) -> Mode {
    if second.is_some() { Mode::Write } else { Mode::Read }
}

/// Lets so many rows go to standard output, or says what is missing. On a terminal they are looked at, and so are few of them; more that go
/// into a file or a program are an export.
///
/// # Errors
/// They are more than one person may take out, and there is no right or no word; or the log does not take the line.
pub fn list(session: &mut Session, name: &str, rows: usize, second: Option<&str>) -> Result<(), Fault> {
    go(session, rows, second, |line| line.rows(rows).to(name))
}

/// Lets one archive go to standard output, as [`list`] does.
///
/// # Errors
/// As those of [`list`].
pub fn one(session: &mut Session, customer: CustomerId, name: &str, second: Option<&str>) -> Result<(), Fault> {
    go(session, 1, second, |line| line.of(customer).to(name))
}

/// Lets so many rows leave as a file, or says what is missing.
///
/// # Errors
/// They are more than one person may take out and there is no word, or the log does not take the line.
pub fn export(
    session: &mut Session,
    rows: usize,
    second: Option<&str>,
    line: impl FnOnce(Line) -> Line,
) -> Result<(), Fault> {
    let stamp = vouched(session, rows, second)?;
    let noted = session.note_with(line, Action::Export, stamp);
    if noted { Ok(()) } else { Err(Failure::ReadOnly.into()) }
}

/// Who lets so many rows leave: the one who works here, with the word of the second where there is one.
///
/// # Errors
/// A word is missing, or of somebody who may not give it, or their password is wrong.
pub fn vouched(session: &mut Session, rows: usize, second: Option<&str>) -> Result<Stamp, Fault> {
    let word = second.map(|code| word::given(session, rights::Action::Export, code)).transpose()?;
    let alone = session.branch.settings.export_rows;
    session.eyes().export(rows, alone, word).map_err(|c| {
        let Complaint { zh, en } = c;
        Fault::refused(format!("{zh}请加 --second 工号。"), format!("{en} Name them with --second CODE."))
    })?;
    Ok(Stamp { second: word, ..session.stamp() })
}

fn go(session: &mut Session, rows: usize, second: Option<&str>, line: impl FnOnce(Line) -> Line) -> Result<(), Fault> {
    let few = u32::try_from(rows).is_ok_and(|rows| rows <= session.branch.settings.export_rows);
    if second.is_none() && (few || rows == 0 || std::io::stdout().is_terminal()) {
        session.note(line, Action::View);
        return Ok(());
    }
    if !few && !session.eyes().may_some(rights::Action::Export) {
        return Err(session.eyes().refusal(rights::Action::Export, None).into());
    }
    export(session, rows, second, line)
}

//! `report value`: a customer's value report as text or HTML, on standard output or in a new file.

use super::leaving;
use super::output;
use super::session::Session;
use crate::app::words::value::{self, Desk};
use crate::domain::access::Action;
use crate::domain::dealings::books::Books;
use crate::domain::ids::CustomerId;
use crate::domain::page::Page;
use crate::domain::rights;
use crate::domain::text::Lang;
use crate::domain::values::plain;
use crate::exchange::report;
use crate::run::fault::Fault;
use crate::run::keep;
use crate::run::targets;
use crate::store::access::Line;
use crate::store::dealings;
use crate::store::request::{Answer, Ask, Failure};
use std::path::Path;

/// What the extracts say of a customer.
///
/// # Errors
/// The store fails.
pub fn books(session: &mut Session, customer: CustomerId) -> Result<Books, Fault> {
    let today = session.today;
    match session.ask(&Ask::Dealings(dealings::Ask::Books { customer, today }))? {
        Answer::Dealings(dealings::Answer::Books(books)) => Ok(*books),
        // No other answer is given to this ask.
        _ => Err(Failure::Gone.into()),
    }
}

/// `report value NO`
///
/// # Errors
/// There is no such customer, the file is there already, or the store fails.
pub fn value(
    session: &mut Session,
    no: &str,
    html: bool,
    (out, second): (Option<&Path>, Option<&str>),
) -> Result<(), Fault> {
    let opened = session.archive(no)?;
    session.may(if out.is_some() { rights::Action::Export } else { rights::Action::Print }, &opened)?;
    let out = out.map(|named| targets::beside(session.file.path(), named)).transpose()?;
    let out = out.as_deref();
    let id = opened.customer.id;
    let books = books(session, id)?;
    out.map_or(Ok(()), free)?;
    let line = |line: Line| line.of(id).to("report value");
    if out.is_some() || second.is_some() {
        leaving::export(session, 1, second, |l| line(l).rows(1))?;
    } else {
        session.note(line, Action::Print);
    }
    put(&value::page(&desk(session), &opened, &books), session.lang, html, out)
}

/// What a report is made with.
pub fn desk(session: &Session) -> Desk<'_> {
    Desk {
        branch: &session.branch.branch,
        staff: &session.branch.staff,
        me: &session.me.name,
        settings: &session.branch.settings,
        holidays: &session.branch.holidays,
        today: session.today,
        lang: session.lang,
        hidden: false,
    }
}

/// Puts a page on standard output or into a new file, whose place was looked at by [`targets::beside`].
///
/// # Errors
/// The file is there already or cannot be written.
pub fn put(page: &Page, lang: Lang, html: bool, out: Option<&Path>) -> Result<(), Fault> {
    // A file called .html is HTML, whatever else was said.
    let named =
        out.and_then(Path::extension).is_some_and(|e| e.eq_ignore_ascii_case("html") || e.eq_ignore_ascii_case("htm"));
    let text = if html || named { report::html(page, lang) } else { value::lines(page).join("\n") + "\n" };
    let Some(path) = out else { return output::print(&text) };
    free(path)?;
    let shown = path.display();
    keep::write(path, &plain::steady(&text))
        .map_err(|e| Fault::refused(format!("不能写 {shown}：{e}"), format!("Cannot write {shown}: {e}")))?;
    output::print(&match lang {
        Lang::Zh => format!("已写成 {shown}\n"),
        Lang::En => format!("Written to {shown}\n"),
    })
}

/// Refuses a name that is taken: asked before anybody gives a word for what would go there, and before the log says that it did.
///
/// # Errors
/// The file is there already.
pub fn free(path: &Path) -> Result<(), Fault> {
    if !path.exists() {
        return Ok(());
    }
    let shown = path.display();
    Err(Fault::refused(
        format!("{shown} 已经有了，不覆盖；请另取一个名字。"),
        format!("{shown} is there already and is not overwritten; choose another name."),
    ))
}

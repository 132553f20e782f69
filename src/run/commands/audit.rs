//! `audit`: the change log for whoever may look through it: who saw, changed and exported what. Values are masked; an export is logged before
//! it is written.

use super::leaving;
use super::output;
use super::session::{Session, unexpected, unopened};
use crate::app::words::audit as words;
use crate::domain::audit::{self, Filter, Line};
use crate::domain::field::Edit;
use crate::domain::ids::StaffId;
use crate::domain::rights;
use crate::domain::text::Lang;
use crate::domain::values::plain;
use crate::exchange;
use crate::run::args::log::Audit;
use crate::run::copies;
use crate::run::fault::Fault;
use crate::run::setting::Setting;
use crate::run::targets;
use crate::store::audit::{Ask, Page};
use crate::store::open::Mode;
use crate::store::refuse::OpenError;
use crate::store::request;
use serde::Serialize;
use std::fs::OpenOptions;
use std::io::ErrorKind;
use std::path::Path;

/// Lines shown when nobody says how many.
const USUAL: usize = 100;
/// Lines asked for at once.
const AT_ONCE: u32 = 500;

/// A line for scripts.
#[derive(Serialize)]
struct Shape {
    seq: i64,
    at: String,
    staff: Option<String>,
    station: String,
    action: String,
    customer_no: String,
    customer: String,
    edits: Vec<Edit>,
    reason: String,
}

/// `audit`
///
/// # Errors
/// This person may not, something named is not there, or the store fails.
pub fn audit(setting: &Setting, wanted: &Audit) -> Result<(), Fault> {
    let json = wanted.out.json;
    let leaves = json || wanted.csv.is_some();
    let mut session = Session::open(setting, if leaves { Mode::Write } else { Mode::Read })?;
    session.allow(rights::Action::Log)?;
    let csv = wanted.csv.as_deref().map(|named| targets::beside(session.file.path(), named)).transpose()?;
    let csv = csv.as_deref();
    let filter = filter(&mut session, wanted)?;
    let most = wanted.limit.unwrap_or(if leaves { usize::MAX } else { USUAL });
    let lines = lines(&mut session, &filter, most)?;
    if leaves {
        let name = csv.and_then(Path::file_name).map_or_else(|| "json".into(), |n| n.to_string_lossy().into_owned());
        if let Some(path) = csv {
            copies::reserve(path).map_err(|e| match e.kind() {
                ErrorKind::AlreadyExists => unopened(&OpenError::Exists(path.to_owned())),
                _ => copies::failed(&e),
            })?;
        }
        let rows = lines.len();
        let left = leaving::export(&mut session, rows, wanted.out.second.as_deref(), |line| {
            line.rows(rows).to(format!("audit {name}"))
        });
        left.inspect_err(|_| {
            if let Some(path) = csv {
                let _ = std::fs::remove_file(path);
            }
        })?;
    }
    match csv {
        Some(path) => {
            let rows: Vec<[String; 10]> = lines.iter().map(|l| cells(&session, l)).collect();
            let written = OpenOptions::new().write(true).open(path).and_then(|f| exchange::audit::write(&rows, f));
            written.map_err(|e| copies::failed(&e))?;
            let (n, shown) = (rows.len(), path.display());
            output::print(&match session.lang {
                Lang::Zh => format!("已导出 {n} 条到 {shown}，并记入日志\n"),
                Lang::En => format!("{n} lines exported to {shown}; the log says so\n"),
            })
        }
        None if json => output::json(&lines.iter().map(|l| shape(&session, l)).collect::<Vec<_>>()),
        None => {
            let rows: Vec<Vec<String>> = lines.iter().map(|l| row(&session, l)).collect();
            output::print(&output::columns(&rows))
        }
    }
}

fn filter(session: &mut Session, wanted: &Audit) -> Result<Filter, Fault> {
    let customer = wanted.customer.as_deref().map(|no| session.archive(no)).transpose()?.map(|o| o.customer.id);
    let staff = wanted.who.as_deref().map(|who| {
        // Also those who left: the log is about them too.
        session.branch.staff.iter().find(|s| s.code == who || s.name == who).map(|s| s.id).ok_or_else(|| {
            Fault::refused(format!("网点里没有员工「{who}」。"), format!("Nobody here is known as '{who}'."))
        })
    });
    let doing = wanted.action.as_deref().map(|what| {
        audit::parse(&plain::line(what)).ok_or_else(|| {
            let known = audit::DOINGS.map(|(code, label)| format!("{code} {}", label.zh)).join("，");
            let codes = audit::DOINGS.map(|(code, _)| code).join(" ");
            Fault::usage(format!("没有动作「{what}」，可用：{known}"), format!("No action '{what}'; known: {codes}"))
        })
    });
    Ok(Filter { customer, staff: staff.transpose()?, from: wanted.from, to: wanted.to, doing: doing.transpose()? })
}

fn lines(session: &mut Session, filter: &Filter, most: usize) -> Result<Vec<Line>, Fault> {
    let (mut found, mut before) = (Vec::new(), None);
    while found.len() < most {
        let ask = Ask::Page { filter: filter.clone(), before, most: AT_ONCE };
        let Page { lines, next } = match session.ask(&request::Ask::Audit(ask))? {
            request::Answer::Audit(page) => page,
            other => return Err(unexpected(&other)),
        };
        found.extend(lines);
        before = next;
        if next.is_none() {
            break;
        }
    }
    found.truncate(most);
    Ok(found)
}

fn row(session: &Session, line: &Line) -> Vec<String> {
    let c = &line.change;
    let content = words::content(c, &session.branch.staff, session.lang);
    vec![
        c.seq.to_string(),
        c.at.format("%Y-%m-%d %H:%M").to_string(),
        session.name_of(Some(c.by)),
        c.station.clone(),
        words::doing(c, session.lang),
        format!("{} {}", line.no, line.name).trim().to_owned(),
        [content, plain::masked(&c.reason)].iter().filter(|x| !x.is_empty()).cloned().collect::<Vec<_>>().join("  "),
    ]
}

fn cells(session: &Session, line: &Line) -> [String; 10] {
    let c = &line.change;
    [
        c.seq.to_string(),
        c.at.format("%Y-%m-%d %H:%M:%S").to_string(),
        session.code_of(Some(c.by)).unwrap_or_default(),
        session.name_of(Some(c.by)),
        c.station.clone(),
        words::doing(c, session.lang),
        line.no.clone(),
        line.name.clone(),
        words::content(c, &session.branch.staff, session.lang),
        plain::masked(&c.reason),
    ]
}

/// Scripts know colleagues by their codes.
fn named(session: &Session, edit: Edit) -> Edit {
    if !audit::names_colleague(&edit.field) {
        return edit;
    }
    let code = |id: String| id.parse().ok().and_then(|id| session.code_of(Some(StaffId(id)))).unwrap_or(id);
    Edit { before: code(edit.before), after: code(edit.after), ..edit }
}

fn shape(session: &Session, line: &Line) -> Shape {
    let c = &line.change;
    Shape {
        seq: c.seq,
        at: c.at.format("%Y-%m-%dT%H:%M:%S").to_string(),
        staff: session.code_of(Some(c.by)),
        station: c.station.clone(),
        action: audit::doing(c).to_owned(),
        customer_no: line.no.clone(),
        customer: line.name.clone(),
        edits: audit::edits(c).map(|(_, e)| named(session, e)).collect(),
        reason: plain::masked(&c.reason),
    }
}

//! `mapping`: how files of other headers are read. Making one by hand is the screen's; here they are proposed, passed on and looked at.

use super::output;
use super::session::Session;
use crate::app::words::imports;
use crate::domain::text::{Lang, t};
use crate::domain::values::plain;
use crate::exchange::extract::layout::Layout;
use crate::exchange::extract::look::Look;
use crate::exchange::extract::mapping::{self, Mapping};
use crate::exchange::extract::propose;
use crate::run::args::Mapping as What;
use crate::run::fault::Fault;
use crate::run::targets;
use chrono::NaiveDate;
use std::io::Write;
use std::path::Path;

/// Rows shown of a proposal.
const SHOWN: usize = 5;

/// `mapping list`, `show` and `export`
///
/// # Errors
/// There is none of that name, or the file is there already.
pub fn read(session: &mut Session, what: &What) -> Result<(), Fault> {
    let all = mapping::known(&mut session.file)?;
    let lang = session.lang;
    match what {
        What::Show { name } => output::print(&named(&all, name)?.write()?),
        What::Export { name, file } => {
            let text = named(&all, name)?.write()?;
            let file = targets::beside(session.file.path(), file)?;
            let written = std::fs::File::create_new(&file).and_then(|mut f| f.write_all(text.as_bytes()));
            written.map_err(|e| unwritten(&file, &e))?;
            let file = file.display();
            output::print(&match lang {
                Lang::Zh => format!("已写入 {file}\n"),
                Lang::En => format!("Wrote {file}\n"),
            })
        }
        _ => {
            let row = |m: &Mapping| {
                vec![
                    m.name.clone(),
                    m.layout.label().get(lang).to_owned(),
                    m.columns.len().to_string(),
                    m.headers.join(","),
                ]
            };
            output::print(&output::columns(&all.iter().map(row).collect::<Vec<_>>()))
        }
    }
}

/// `mapping import` and `drop`
///
/// # Errors
/// The file is no mapping, there is none of that name, or the store refuses.
pub fn write(session: &mut Session, what: &What) -> Result<(), Fault> {
    let stamp = session.stamp();
    let lang = session.lang;
    let words = match what {
        What::Import { file } => {
            let text = std::fs::read_to_string(file).map_err(|e| unread(file, &e))?;
            let new = Mapping::read(&text)?;
            let missing = new.missing();
            if !missing.is_empty() || new.headers.is_empty() {
                let missing = if missing.is_empty() { "headers".to_owned() } else { missing.join("、") };
                return Err(Fault::refused(
                    format!("栏目对照还缺：{missing}"),
                    format!("The mapping still lacks {missing}"),
                ));
            }
            session.file.keep_mapping(&new.kept()?, &stamp)?;
            match lang {
                Lang::Zh => format!("已取入栏目对照「{}」（{}）\n", new.name, new.layout.label().zh),
                Lang::En => format!("Took in the mapping {} ({})\n", new.name, new.layout.label().en),
            }
        }
        What::Drop { name } => {
            let all = mapping::known(&mut session.file)?;
            session.file.drop_mapping(&named(&all, name)?.key(), &stamp)?;
            match lang {
                Lang::Zh => format!("已删除栏目对照「{name}」\n"),
                Lang::En => format!("Forgot the mapping {name}\n"),
            }
        }
        _ => return Ok(()),
    };
    output::print(&words)
}

/// `mapping propose EXTRACT`: the proposal as a mapping file, its first rows as comments under it.
///
/// # Errors
/// The extract cannot be read, or nothing in it is like anything.
pub fn propose(extract: &Path, layout: Option<&str>, today: NaiveDate, lang: Lang) -> Result<(), Fault> {
    let look = Look::at(extract)?;
    let proposal = match layout {
        Some(name) => {
            let all = Layout::ALL.map(Layout::code).join(" ");
            let layout = Layout::parse(name).ok_or_else(|| {
                Fault::refused(
                    format!("没有「{name}」这类文件，可用：{all}"),
                    format!("No layout {name}; known: {all}"),
                )
            })?;
            Some(propose::propose_as(&look, layout))
        }
        None => propose::propose(&look),
    };
    let proposal = proposal.ok_or_else(|| {
        Fault::refused(
            format!("{} 的表头与各类文件都不像，请用 --layout 指明", extract.display()),
            format!("The headers of {} are like no layout's; name one with --layout", extract.display()),
        )
    })?;
    let mut text = proposal.write()?;
    text.push('\n');
    let missing = proposal.missing();
    if missing.is_empty() {
        for row in look.preview(&proposal, SHOWN, today)? {
            // The file goes to other branches; nobody's numbers and names go with it.
            let masked = |(header, cell): (&&str, &String)| cell_of(header, cell);
            let cells: Vec<String> = proposal.layout.headers().iter().zip(&row.cells).map(masked).collect();
            text.push_str(&format!("# {} {}\n", row.line, cells.join(" | ")));
            for fault in row.faults {
                text.push_str(&format!("#   {}: {}\n", fault.field, plain::masked(fault.reason.get(lang))));
            }
        }
    } else {
        let missing = missing.join("、");
        text.push_str(&match lang {
            Lang::Zh => format!("# 还缺：{missing}\n"),
            Lang::En => format!("# Still lacks: {missing}\n"),
        });
    }
    text.push_str(&next(&missing, lang));
    output::print(&text)
}

/// What is to be done with a proposal.
fn next(missing: &[&str], lang: Lang) -> String {
    let mut text = String::new();
    if missing.contains(&"数据日期") {
        text.push_str(
            t(
                "# 数据日期：文件里没有这一栏的，在 layout 下面加一行 as_of = \"2026-11-20\"（换成数据的日期），导入时 --as-of 可另指\n",
                "# 数据日期: where the file has no such column, add the line as_of = \"2026-11-20\" (the day of the data) under layout; --as-of goes before it\n",
            )
            .get(lang),
        );
    }
    text.push_str(
        t(
            "# 下一步：存成文件（guitai mapping propose 数据文件 > 对照.toml），核对、改好，再 guitai mapping import 对照.toml，然后导入数据文件\n",
            "# Next: save this (guitai mapping propose EXTRACT > mapping.toml), check and correct it, then guitai mapping import mapping.toml, then import the extract\n",
        )
        .get(lang),
    );
    text
}

/// A cell as it may lie about: of a name only its beginning is left.
fn cell_of(header: &str, text: &str) -> String {
    match header {
        "姓名" => text.chars().take(1).chain(text.chars().skip(1).map(|_| '*')).collect(),
        _ => imports::cell(header, text),
    }
}

fn named<'m>(all: &'m [Mapping], name: &str) -> Result<&'m Mapping, Fault> {
    all.iter().find(|m| m.name == name).ok_or_else(|| {
        Fault::refused(format!("没有名为「{name}」的栏目对照"), format!("There is no mapping named {name}"))
    })
}

fn unread(path: &Path, e: &std::io::Error) -> Fault {
    Fault::refused(format!("{} 读不了：{e}", path.display()), format!("{} cannot be read: {e}", path.display()))
}

fn unwritten(path: &Path, e: &std::io::Error) -> Fault {
    Fault::refused(format!("{} 写不了：{e}", path.display()), format!("{} cannot be written: {e}", path.display()))
}

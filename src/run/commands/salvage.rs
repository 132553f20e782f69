//! `salvage`: the words for what could be read of a damaged file and what could not. How it is read is in `store::salvage`.

use super::session::unopened;
use super::{output, restore};
use crate::domain::ids::StaffId;
use crate::domain::text::Lang;
use crate::run::checked;
use crate::run::copies::{self, Unsound};
use crate::run::fault::Fault;
use crate::run::keep;
use crate::run::scratch::Scratch;
use crate::run::setting::Setting;
use crate::run::targets;
use crate::store::backup::Looked;
use crate::store::open::{File, Mode};
use crate::store::request::Stamp;
use crate::store::salvage::{self, Report};
use std::fs;
use std::path::Path;

/// So many of a long list are named.
const NAMED: usize = 40;

/// What the tables are called.
const NAMES: [(&str, &str); 14] = [
    ("access", "查阅"),
    ("batch", "导入"),
    ("change", "变更"),
    ("contact", "联络"),
    ("customer", "客户"),
    ("figures", "资产"),
    ("hand_over", "转介"),
    ("holiday", "节假日"),
    ("mark", "任务标记"),
    ("op", "保存"),
    ("part", "家人人脉"),
    ("setting", "设置"),
    ("staff", "员工"),
    ("task", "自办"),
];

/// `salvage OLD NEW`
///
/// # Errors
/// Nothing could be read, or not everything: what was read is in the new file all the same.
pub fn salvage(setting: &Setting, old: &Path, new: &Path, json: bool) -> Result<(), Fault> {
    let lang = setting.tongue();
    let new = &targets::beside(old, new)?;
    let list = copies::with(new, ".txt");
    restore::free(new)?;
    restore::free(&list)?;
    let station = restore::opener(setting, old)?;
    let scratch = Scratch::new("salvage")?;
    let copy = scratch.join("old.db");
    copies::reserve(&copy).map_err(|e| copies::failed(&e))?;
    let refused = copies::scrape(old, &copy).map_err(|e| unread(old, &e))?;
    let journal = copies::with(old, "-journal");
    if fs::metadata(&journal).is_ok_and(|m| m.len() > 0) {
        // What a crash left half done is taken back in the copy, as SQLite would in the file.
        fs::copy(&journal, scratch.join("old.db-journal")).map_err(|e| copies::failed(&e))?;
        salvage::take_back(&copy, &station.key);
    }
    let bytes = fs::read(&copy).map_err(|e| copies::failed(&e))?;
    let stamp = Stamp::new(StaffId::default(), setting.clock.now(), setting.clock.today());
    let made = scratch.join("new.db");
    let mut report = salvage::salvage_under(&bytes, &made, &station, &stamp)?;
    if report.read() == 0 {
        return Err(Fault::file(
            format!("{} 里没有读出任何网点数据，没有写新文件。请用备份恢复。", old.display()),
            format!(
                "Nothing of a branch could be read in {}; no new file was written. Restore a backup.",
                old.display()
            ),
        ));
    }
    salvage::counted_under(&copy, &station.key, &mut report);
    let looked = File::open(&made, Mode::Read, &station).map_err(|e| unopened(&e))?.look_over()?;
    let wrong = match looked {
        Looked::Whole(_) => Vec::new(),
        Looked::Broken(wrong) => wrong,
    };
    let content = copies::content(&made).map_err(|e| copies::failed(&e))?;
    if station.key.is_some() {
        restore::slots_back(old, new, &station.key)?;
    }
    restore::settle(&made, &content, new, |e| match e {
        Unsound::Unmade(fault) => fault,
        Unsound::Wrong(why) => Fault::file(
            format!("新文件没有写成：{}。请换一个盘再试。", checked::chinese(&why)),
            format!("The new file was not written: {why}. Try another drive."),
        ),
    })?;
    let text = [Lang::Zh, Lang::En].map(|lang| told(&report, old, refused, &wrong, lang)).join("\n");
    keep::write(&list, &text).map_err(|e| copies::failed(&e))?;
    if json {
        output::json(&report)?;
    } else {
        output::print(&told(&report, old, refused, &wrong, lang))?;
    }
    if report.whole() && wrong.is_empty() && refused == 0 {
        return Ok(());
    }
    let (new, list) = (new.display(), list.display());
    Err(Fault::refused(
        format!("没有全部救出：读得出的都在 {new}，读不出的列在 {list}。请和最近的备份对照后再用。"),
        format!(
            "Not everything was salvaged: what could be read is in {new}, what could not is listed in {list}. Compare with the last backup before using it."
        ),
    ))
}

fn unread(old: &Path, e: &std::io::Error) -> Fault {
    let old = old.display();
    Fault::file(
        format!("{old} 打不开：{e}。请检查路径和权限。"),
        format!("{old} cannot be opened: {e}. Check path and permissions."),
    )
}

/// The list, in one language.
fn told(report: &Report, old: &Path, refused: u64, wrong: &[String], lang: Lang) -> String {
    let say = |zh: String, en: String| if lang == Lang::Zh { zh } else { en };
    let old = old.display();
    let whole = report.whole() && wrong.is_empty() && refused == 0;
    let mut lines = vec![if whole {
        say(format!("{old}：全部读出。"), format!("{old}: everything was read."))
    } else {
        say(format!("{old}：没有全部读出。"), format!("{old}: not everything was read."))
    }];
    let heads = if lang == Lang::Zh { ["表", "读出", "丢失"] } else { ["table", "read", "lost"] };
    let mut rows: Vec<Vec<String>> = vec![heads.map(str::to_owned).to_vec()];
    let label = |name: &str| match (NAMES.iter().find(|(table, _)| *table == name), lang) {
        (Some((_, zh)), Lang::Zh) => format!("{zh} {name}"),
        _ => name.to_owned(),
    };
    rows.extend(report.tables.iter().map(|(name, t)| vec![label(name), t.read.to_string(), t.lost().to_string()]));
    lines.push(output::columns(&rows).trim_end().to_owned());
    let mut add = |there: bool, zh: String, en: String| {
        if there {
            lines.push(say(zh, en));
        }
    };
    let (pages, bad) = (report.pages, report.unreadable.len());
    let named = some(report.unreadable.iter().map(ToString::to_string));
    add(
        bad > 0,
        format!("{pages} 页中 {bad} 页读不出或不完整：{named}"),
        format!("{bad} of {pages} pages cannot be read, or not wholly: {named}"),
    );
    let missing = report.missing;
    add(missing > 0, format!("文件末尾少 {missing} 页"), format!("{missing} pages are missing at the end"));
    add(refused > 0, format!("盘有 {refused} 字节读不出"), format!("The drive did not give {refused} bytes"));
    add(
        report.unsure,
        "空闲页的清单读不出：以前删去的内容可能又出现".to_owned(),
        "The list of free pages cannot be read: what was removed may be back".to_owned(),
    );
    let gaps =
        some(report.gaps.iter().map(|(from, to)| if from == to { from.to_string() } else { format!("{from}-{to}") }));
    add(!report.gaps.is_empty(), format!("变更记录缺：{gaps}"), format!("Changes that are gone: {gaps}"));
    let breaks = some(report.breaks.iter().map(ToString::to_string));
    add(
        !report.breaks.is_empty(),
        format!("变更记录和校验值不符：{breaks}"),
        format!("Changes that do not fit their hash: {breaks}"),
    );
    let lost = some(report.customers.iter().map(ToString::to_string));
    add(
        !report.customers.is_empty(),
        format!("档案丢失，按变更记录和资产补建（客户号 LOST 开头）：{lost}"),
        format!("Archives that are gone, made anew from log and figures (numbers that begin with LOST): {lost}"),
    );
    let lost = some(report.staff.iter().map(ToString::to_string));
    add(
        !report.staff.is_empty(),
        format!("员工丢失，只留编号：{lost}"),
        format!("Colleagues who are gone, only their numbers stand: {lost}"),
    );
    let emptied = report.emptied;
    add(
        emptied > 0,
        format!("{emptied} 处指向丢失的内容，已清空"),
        format!("{emptied} references to what is gone were emptied"),
    );
    let defaults = report.defaults.join(" ");
    add(
        !report.defaults.is_empty(),
        format!("丢失后按新文件补上，请检查：{defaults}"),
        format!("Gone, and as in a new file now; please check: {defaults}"),
    );
    add(
        !wrong.is_empty(),
        format!("新文件没有通过核对：{}", checked::chinese(&wrong.join("; "))),
        format!("The new file was not verified: {}", wrong.join("; ")),
    );
    lines.join("\n") + "\n"
}

/// The first of a list, and how many more there are.
fn some(list: impl Iterator<Item = String>) -> String {
    let all: Vec<String> = list.collect();
    let shown = all.iter().take(NAMED).cloned().collect::<Vec<_>>().join(" ");
    if all.len() > NAMED { format!("{shown} +{}", all.len() - NAMED) } else { shown }
}

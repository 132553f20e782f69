//! Words on imports: what is offered, asked, reported. How the screen stands is drawn in `ui`.

use super::{count, say};
use crate::app::imports::{Batch, Found, Job, Mapping, Running, Seen, Sight, State, View};
use crate::app::shared::Shared;
use crate::domain::calendar::dates;
use crate::domain::dealings::batch::{self, Counts, DAY_OF_IMPORT};
use crate::domain::field::Mask;
use crate::domain::text::{Complaint, Lang, Text, t};
use crate::domain::values::plain;
use std::fmt::Write;
use unicode_width::UnicodeWidthStr;

/// A count of rows: `1,204`.
fn n(rows: u64) -> String {
    count(usize::try_from(rows).unwrap_or(usize::MAX))
}

/// What the core system calls its layouts, and the English of it.
const LAYOUTS: [(&str, &str); 7] = [
    ("客户", "Customers"),
    ("资产", "Assets"),
    ("交易", "Txns"),
    ("持有", "Holdings"),
    ("贷款", "Loans"),
    ("签约", "Services"),
    ("评级", "Ratings"),
];

/// A layout in the language of the screen.
pub fn layout(lang: Lang, name: &str) -> &str {
    match LAYOUTS.iter().find(|(zh, _)| *zh == name) {
        Some((_, en)) if lang == Lang::En => en,
        _ => name,
    }
}

/// The layouts of some files, each once, as one reads them out.
fn kinds(lang: Lang, found: &[Found]) -> String {
    let mut names: Vec<&str> = Vec::new();
    for file in found {
        let name = if file.layout.is_empty() { file.name.as_str() } else { layout(lang, &file.layout) };
        if !names.contains(&name) {
            names.push(name);
        }
    }
    names.truncate(7);
    names.join(" ")
}

/// New files lie in the drop folder.
pub fn offered(lang: Lang, found: &[Found]) -> String {
    let kinds = kinds(lang, found);
    let many = found.len();
    say(
        lang,
        format_args!("有 {many} 个新文件：{kinds}。Ctrl+X 查看"),
        format_args!("{many} new {}: {kinds}. Ctrl+X shows them", if many == 1 { "file" } else { "files" }),
    )
}

/// The same, short, to stand at the edge of the message line.
pub fn waiting(lang: Lang, many: usize) -> String {
    say(lang, format_args!("新文件 {many}  Ctrl+X"), format_args!("{many} new files  Ctrl+X"))
}

/// What is under way, short.
pub fn under_way(lang: Lang, running: &Running) -> String {
    let what = job(running).get(lang);
    let Some(p) = &running.progress else { return format!("{what}…") };
    let of = if p.files > 1 { format!(" {}/{}", p.file, p.files) } else { String::new() };
    let (rows, rate) = (n(p.rows), n(p.rate));
    say(
        lang,
        format_args!("{what} {}{of} {}% {rows} 行 {rate} 行/秒", p.name, p.percent),
        format_args!("{what} {}{of} {}% {rows} rows {rate}/s", p.name, p.percent),
    )
}

/// What is under way, in a word.
pub fn job(running: &Running) -> Text {
    match (running.stopping, running.job) {
        (true, _) => t("正在停止", "Stopping"),
        (_, Job::Look) => t("正在预览", "Looking into"),
        (_, Job::TakeIn) => t("正在导入", "Importing"),
        (_, Job::Undo) => t("正在撤销", "Taking back"),
    }
}

/// How a file stands to the branch.
pub fn state(shared: &Shared, state: &State) -> String {
    match state {
        State::New => shared.say(t("新", "new")).to_owned(),
        State::Taken(at) => {
            let day = dates::short(at.date(), shared.today());
            say(shared.lang, format_args!("{day} 已导入"), format_args!("in since {day}"))
        }
        State::Growing => shared.say(t("还在写", "being written")).to_owned(),
        State::Unknown => shared.say(t("表头不认识", "unknown headers")).to_owned(),
        State::Broken(_) => shared.say(t("读不了", "unreadable")).to_owned(),
    }
}

/// Bytes as people read them.
pub fn size(bytes: u64) -> String {
    let tenths = |unit: u64| (bytes.saturating_mul(10) / unit / 10, bytes.saturating_mul(10) / unit % 10);
    for (unit, name) in [(1 << 30, "GB"), (1 << 20, "MB"), (1 << 10, "KB")] {
        if bytes >= unit {
            let (whole, tenth) = tenths(unit);
            return format!("{whole}.{tenth} {name}");
        }
    }
    format!("{bytes} B")
}

/// What rows come to: `1,204 行  新增 20  变更 31  …`.
pub fn tally(lang: Lang, t: Counts) -> String {
    let mut words = say(
        lang,
        format_args!(
            "{} 行  新增 {}  变更 {}  不变 {}  剔除 {}",
            n(t.rows),
            n(t.new),
            n(t.changed),
            n(t.unchanged),
            n(t.rejected)
        ),
        format_args!(
            "{} rows  new {}  changed {}  unchanged {}  rejected {}",
            n(t.rows),
            n(t.new),
            n(t.changed),
            n(t.unchanged),
            n(t.rejected)
        ),
    );
    if t.closed > 0 {
        let _ = match lang {
            Lang::Zh => write!(words, "  不再列出 {}", n(t.closed)),
            Lang::En => write!(words, "  no longer listed {}", n(t.closed)),
        };
    }
    words
}

/// The totals of a file beside what it says of itself; and whether they agree, if it says anything.
pub fn totals(lang: Lang, s: &Sight) -> (String, Option<bool>) {
    if let (State::Taken(_), None, None) = (&s.found.state, &s.total, s.control) {
        // What is in already was not read.
        return (String::new(), None);
    }
    let mut words = match &s.total {
        Some(total) => {
            let (column, sum) = (&total.column, total.sum.yuan());
            say(lang, format_args!("合计 {column} {sum} 元   "), format_args!("Total {column} {sum} yuan   "))
        }
        None => String::new(),
    };
    let Some(control) = s.control else {
        words.push_str(t("文件没有控制行", "The file has no control line").get(lang));
        return (words, None);
    };
    let agree = control.rows == s.tally.rows
        && match (control.sum, &s.total) {
            // Rows that were rejected are in the file's own sum and not in ours.
            (Some(sum), Some(total)) => sum == total.sum || s.tally.rejected > 0,
            _ => true,
        };
    let sum = control.sum.map(|sum| format!(" {}", sum.yuan())).unwrap_or_default();
    let rows = n(control.rows);
    words.push_str(&say(
        lang,
        format_args!("文件控制行 {rows} 行{sum} "),
        format_args!("Control line: {rows} rows{sum}, "),
    ));
    words.push_str(if agree { t("相符", "agrees") } else { t("不符！", "DIFFERS") }.get(lang));
    (words, Some(agree))
}

/// The title of the help of this screen.
pub const HELP: Text = t("帮助：导入这一屏的按键", "Help: the keys of this screen");

/// What the keys of a part of the screen do, a line each; those that work on all parts last.
pub fn help(lang: Lang, view: View) -> Vec<String> {
    let own: &[(&str, Text)] = match view {
        View::Files => &[
            (
                "Enter F8",
                t("预览选中 [x] 的文件；没有选中的，预览这一个", "look into the marked files [x], else this one"),
            ),
            ("Enter", t("表头不认识的文件：做栏目对照", "on a file of unknown headers: match its columns")),
            ("F4 1-9", t("选中，或不选", "mark, or no longer")),
            (
                "Delete",
                t("把自己加的文件从这里去掉，文件本身不动", "take one named by hand off the list; the file stays"),
            ),
            ("F5", t("再看一遍投放文件夹", "look at the drop folder again")),
            (
                "输入路径",
                t(
                    "一个文件或文件夹，Enter 加入；也可以粘贴几行",
                    "a file or folder, Enter adds; several may be pasted",
                ),
            ),
        ],
        View::Seen => &[
            ("F8", t("导入这些文件", "take these files in")),
            ("F4", t("导入前：看和改栏目对照；导入后：撤销这一次", "before: its columns; after: take it back")),
            ("↑ ↓ PgUp PgDn", t("翻看剔除的行", "go through the rejected rows")),
            ("← →", t("换一个文件", "another file")),
        ],
        View::Map => &[
            (
                "Enter",
                t("给这一栏选文件的栏；直接输入的是固定值", "choose a column of the file; what is typed is fixed"),
            ),
            ("F5", t("再加一栏，前面的空了用它", "one more, for where the first is empty")),
            ("Delete", t("不读这一栏", "do not read it")),
            ("← →", t("换版式、日期和金额的写法", "turn layout and how dates and sums are written")),
            ("F6", t("存成文件，给别的网点用", "write it to a file for other branches")),
            ("F8", t("记住，以后同样表头的文件都这样读", "remember it for files of these headers")),
        ],
        View::Batches => &[
            ("Enter", t("看这一次的报告", "its report")),
            ("F4 u", t("整批撤销这一次导入", "take the whole import back")),
            ("F5", t("刷新", "read anew")),
        ],
    };
    let everywhere = [
        ("Tab", t("文件、已导入之间换页", "between files and earlier imports")),
        ("F2 F3 F6 F7", t("回到查找、档案、看板、今日", "back to search, archive, board, today")),
        ("F9", t("菜单", "menu")),
        ("F10 F11 F12", t("锁屏、换人、遮挡", "lock, another colleague, cover")),
        ("Esc", t("返回；有一件在进行时先停止", "back; what is under way is stopped first")),
    ];
    // Nothing else is open to whoever matches columns.
    let skip = if view == View::Map { everywhere.len() - 1 } else { 0 };
    let line = |(keys, what): &(&str, Text)| {
        let keys = if lang == Lang::En && *keys == "输入路径" { "a path" } else { keys };
        let gap = " ".repeat(15_usize.saturating_sub(keys.width()));
        format!("{keys}{gap}{}", what.get(lang))
    };
    own.iter().chain(everywhere.iter().skip(skip)).map(line).collect()
}

/// A file of the drop folder stays listed.
pub const STAYS: Text = t(
    "投放文件夹里的文件一直列在这里；不选中就不会导入",
    "Files of the drop folder stay listed; one that is not marked is not taken in",
);

/// Asks whether the files looked into are to go in.
pub fn take_in(lang: Lang, seen: &Seen) -> String {
    let t = seen.tally();
    let many = seen.files.len();
    let names: Vec<&str> = seen.files.iter().take(3).map(|s| s.found.name.as_str()).collect();
    let mut names = names.join(if lang == Lang::Zh { "、" } else { ", " });
    if many > 3 {
        names.push_str(if lang == Lang::Zh { "等" } else { " and others" });
    }
    let (new, changed, rejected) = (n(t.new), n(t.changed), n(t.rejected));
    let mut words = match many {
        1 => say(lang, format_args!("导入 {names}："), format_args!("Import {names}: ")),
        _ => {
            say(lang, format_args!("导入 {many} 个文件（{names}）："), format_args!("Import {many} files ({names}): "))
        }
    };
    words.push_str(&say(
        lang,
        format_args!("新增 {new}、变更 {changed}、剔除 {rejected}"),
        format_args!("{new} new, {changed} changed, {rejected} rejected"),
    ));
    if t.closed > 0 {
        let closed = n(t.closed);
        words.push_str(&say(lang, format_args!("、不再列出 {closed}"), format_args!(", {closed} no longer listed")));
    }
    words.push_str(if lang == Lang::Zh { "。" } else { "." });
    words
}

/// They are in.
pub fn taken_in(lang: Lang, files: &[Sight]) -> String {
    let t = files.iter().map(|s| s.tally).fold(Counts::default(), Counts::plus);
    let what = match files {
        [one] => one.found.name.clone(),
        more => say(lang, format_args!("{} 个文件", more.len()), format_args!("{} files", more.len())),
    };
    if t.new + t.changed + t.closed + t.rejected == 0 {
        if files.iter().all(|s| s.older) {
            return say(
                lang,
                format_args!("已登记 {what}：比已导入的清单旧，没有改动现有内容"),
                format_args!("Noted {what}: older than the list that is in, nothing was changed"),
            );
        }
        return say(
            lang,
            format_args!("已导入 {what}：与已有的完全一样，什么都没有改变"),
            format_args!("Imported {what}: the same as what was there, nothing changed"),
        );
    }
    let words = tally(lang, t);
    say(lang, format_args!("已导入 {what}：{words}"), format_args!("Imported {what}: {words}"))
}

/// Asks whether an import is to be taken back, from its report.
pub fn undo_seen(lang: Lang, s: &Sight) -> String {
    undo(lang, &s.found.name, s.tally)
}

/// Asks whether an import is to be taken back, from the list.
pub fn undo_batch(shared: &Shared, b: &Batch) -> String {
    undo(shared.lang, &b.file, b.counts)
}

fn undo(lang: Lang, file: &str, t: Counts) -> String {
    let (new, changed) = (n(t.new), n(t.changed));
    say(
        lang,
        format_args!(
            "撤销导入 {file}？新增的 {new} 条去掉，变更的 {changed} 条恢复原样；之后改动过的会列出来，不会撤销。"
        ),
        format_args!(
            "Take back the import of {file}? {new} new ones go, {changed} changed ones are put back; if anything later depends on it, it is listed and nothing is taken back."
        ),
    )
}

/// Why an import cannot be taken back at all; nothing when it can be tried.
pub const fn not_undone(b: &Batch) -> Option<Text> {
    match b.state {
        batch::State::Current => None,
        batch::State::Undone => Some(t("这一次导入已经撤销了", "This import was taken back already")),
        batch::State::Staged => Some(t("这一次还在导入", "This one is still under way")),
    }
}

/// How an import stands.
pub const fn batch_state(b: &Batch) -> Text {
    match b.state {
        batch::State::Current => t("有效", "in force"),
        batch::State::Undone => t("已撤销", "taken back"),
        batch::State::Staged => t("导入中", "under way"),
    }
}

/// The title of an earlier import's report.
pub fn batch_title(lang: Lang, b: &Batch) -> String {
    say(lang, format_args!("第 {} 次导入 {}", b.n, b.file), format_args!("Import {} {}", b.n, b.file))
}

/// The report of an earlier import, a line each.
pub fn report(shared: &Shared, b: &Batch) -> Vec<String> {
    let lang = shared.lang;
    let who = shared.name_of(Some(b.by));
    let at = b.at.format("%Y-%m-%d %H:%M");
    let mut lines = vec![
        say(lang, format_args!("文件    {}", b.file), format_args!("File     {}", b.file)),
        say(lang, format_args!("时间    {at}"), format_args!("When     {at}")),
        say(lang, format_args!("导入人  {who}  {}", b.station), format_args!("By       {who}  {}", b.station)),
    ];
    if !b.layout.is_empty() {
        lines.push(say(
            lang,
            format_args!("版式    {}", b.layout),
            format_args!("Layout   {}", layout(lang, &b.layout)),
        ));
    }
    if let Some(day) = b.as_of {
        lines.push(say(lang, format_args!("数据日期 {day}"), format_args!("Data of  {day}")));
    }
    let state = batch_state(b).get(lang);
    lines.push(say(lang, format_args!("状态    {state}"), format_args!("State    {state}")));
    lines.push(String::new());
    lines.push(tally(lang, b.counts));
    if b.counts.rejected > 0 {
        lines.push(say(
            lang,
            format_args!("剔除的行在原文件旁边的 {}.rejects.csv 里", b.file),
            format_args!("The rejected rows are in {}.rejects.csv beside the file", b.file),
        ));
    }
    lines
}

/// An import was taken back.
pub fn undone(lang: Lang, number: i64) -> String {
    say(lang, format_args!("已撤销第 {number} 次导入"), format_args!("Import {number} was taken back"))
}

/// Why an import cannot be taken back, a line each.
pub fn depends(lang: Lang, number: i64, why: &[Complaint]) -> Vec<String> {
    let head = say(
        lang,
        format_args!("第 {number} 次导入不能撤销，下面这些是后来的，依赖它："),
        format_args!("Import {number} cannot be taken back; what follows came later and depends on it:"),
    );
    [head, String::new()].into_iter().chain(why.iter().map(|c| c.get(lang).to_owned())).collect()
}

/// Asks which header a column is read from.
pub fn which_header(lang: Lang, column: &str) -> String {
    say(lang, format_args!("「{column}」读文件的哪一栏"), format_args!("Which column of the file is {column}"))
}

/// The column of the layouts that a file may be without.
pub const DATA_DATE: &str = "数据日期";

/// Needed columns without a header, and what to do for the one that a file may be without.
pub fn lacking(lang: Lang, columns: &[&str]) -> String {
    let hint = match columns.contains(&DATA_DATE) {
        true => say(
            lang,
            format_args!("；文件里没有{DATA_DATE}就选「{}」", DAY_OF_IMPORT.zh),
            format_args!("; where the file has no {DATA_DATE}, choose \"{}\"", DAY_OF_IMPORT.en),
        ),
        false => String::new(),
    };
    say(
        lang,
        format_args!("还缺必需的栏：{}{hint}", columns.join("、")),
        format_args!("Needed columns are not matched yet: {}{hint}", columns.join(", ")),
    )
}

/// A mapping is remembered.
pub fn kept(lang: Lang, m: &Mapping) -> String {
    say(
        lang,
        format_args!("已记住栏目对照「{}」，以后同样表头的文件按它读", m.name),
        format_args!("\"{}\" is remembered: files of these headers are read by it from now on", m.name),
    )
}

/// A mapping was written to a file.
pub fn exported(lang: Lang, path: &str) -> String {
    say(
        lang,
        format_args!("栏目对照已存成 {path}，可以给别的网点用"),
        format_args!("Written to {path}, for other branches to use"),
    )
}

/// A cell of a file as it is shown before it is taken in: numbers and addresses masked, sums, days and customer numbers as they are.
pub fn cell(header: &str, text: &str) -> String {
    let header = header.to_lowercase();
    let names = |words: &[&str]| words.iter().any(|w| header.contains(w));
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    if names(&["地址", "住址", "address"]) {
        return Mask::Address.hide(text);
    }
    let plain_kind = names(&["额", "资产", "日均", "利率", "amount", "balance", "fen", "客户", "customer"])
        || (names(&["日", "date", "day"]) && digits <= 8);
    if plain_kind && digits < 15 { text.to_owned() } else { plain::masked(text) }
}

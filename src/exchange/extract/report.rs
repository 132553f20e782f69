//! What came of an import: counts, control totals, the words for it. The rows themselves are in `import`.

use super::layout::Layout;
use super::rejects::Reject;
use super::source::{Control, Source};
use crate::domain::text::{Complaint, Lang, Text, t};
use crate::domain::values::money::Fen;
use crate::domain::values::plain;
use chrono::{NaiveDate, NaiveDateTime};
use serde::{Deserialize, Serialize};
use std::path::PathBuf;

/// How many rejects a report shows; all of them are in the rejects file.
pub const SHOWN: usize = 20;

/// What came of one file. As JSON it is `{"file","encoding","rows","new","changed","unchanged","rejected"}`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Report {
    /// The file, as it was named.
    pub file: String,
    /// Its encoding.
    pub encoding: &'static str,
    /// Rows of data, blank ones and the header not counted.
    pub rows: u64,
    /// Archives or figures that were not there before.
    pub new: u64,
    /// Those that were there and changed.
    pub changed: u64,
    /// Those that were there as the file has them.
    pub unchanged: u64,
    /// Rows that did not fit.
    pub rejected: u64,
    /// Contracts that a full list no longer has, and that were ended; in JSON where there are any.
    #[serde(skip_serializing_if = "is_none")]
    pub closed: u64,
    /// The data date.
    #[serde(skip)]
    pub as_of: Option<NaiveDate>,
    /// Contracts that a list lacks although it was taken for a part of one, so that nothing was ended.
    #[serde(skip)]
    pub partial: u64,
    /// Where the data date was taken from, if not from the rows.
    #[serde(skip)]
    pub dated: Option<Dated>,
    /// The newer list of its kind beside which this one says nothing of today; in JSON where there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub older: Option<Older>,
    /// Rows of assets whose parts do not make up the whole.
    #[serde(skip)]
    pub uneven: u64,
    /// When these very bytes were taken in before; nothing was done then.
    #[serde(skip)]
    pub again: Option<Again>,
    /// What the file says of itself.
    #[serde(skip)]
    pub control: Option<Control>,
    /// The layout it was recognised as.
    #[serde(skip)]
    pub layout: Option<Layout>,
    /// Control total of AUM时点 over all rows that went in; `None` where the layout has no sums.
    #[serde(skip)]
    pub sum: Option<Fen>,
    /// Values entered by hand that differ from the file and were kept.
    #[serde(skip)]
    pub kept: u64,
    /// Headers that no layout knows.
    #[serde(skip)]
    pub ignored: Vec<String>,
    /// The first rejects.
    #[serde(skip)]
    pub rejects: Vec<Reject>,
    /// Where all of them are.
    #[serde(skip)]
    pub rejects_file: Option<PathBuf>,
    /// Nothing was written: it was a rehearsal.
    #[serde(skip)]
    pub dry_run: bool,
}

fn is_none(n: &u64) -> bool {
    *n == 0
}

/// Where the data date of a file was taken from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dated {
    /// Whoever imports said it.
    Said,
    /// The mapping has it.
    Mapping,
    /// It stands in the file's name.
    Name,
    /// It is that of the assets.
    Assets,
    /// The file was written on that day.
    Written,
}

impl Dated {
    /// Its words.
    pub const fn words(self) -> Text {
        match self {
            Dated::Said => t("由 --as-of 指定", "given by --as-of"),
            Dated::Mapping => t("取自栏目对照", "from the mapping"),
            Dated::Name => t("取自文件名", "from the file's name"),
            Dated::Assets => t("文件里没有，取资产的数据日期", "the file has none, so that of the assets"),
            Dated::Written => t("文件里没有，取文件写入的日期", "the file has none, so the day it was written"),
        }
    }
}

/// A list of the same kind that is newer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Older {
    /// The number of its import.
    pub n: i64,
    /// Its data date.
    pub than: NaiveDate,
}

/// When a file was taken in before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Again {
    /// The import's number.
    pub n: i64,
    /// When.
    pub at: NaiveDateTime,
    /// By whom.
    pub by: String,
}

impl Report {
    /// The report of a file of which nothing was read yet.
    pub fn begin(source: &Source, dry_run: bool) -> Report {
        let layout = source.columns.layout;
        Report {
            file: source.path.display().to_string(),
            encoding: source.encoding.name(),
            rows: 0,
            new: 0,
            changed: 0,
            unchanged: 0,
            rejected: 0,
            closed: 0,
            as_of: None,
            partial: 0,
            dated: None,
            older: None,
            uneven: 0,
            again: None,
            control: source.control,
            layout: Some(layout),
            sum: layout.summed().map(|_| Fen::default()),
            kept: 0,
            ignored: source.columns.ignored.clone(),
            rejects: vec![],
            rejects_file: None,
            dry_run,
        }
    }

    /// The report as people read it, a line each.
    pub fn lines(&self, lang: Lang) -> Vec<String> {
        let mut lines = vec![self.summary(lang)];
        if let Some(Again { n, at, by }) = &self.again {
            let at = at.format("%Y-%m-%d %H:%M");
            lines.push(match lang {
                Lang::Zh => format!("  这个文件 {at} 已由 {by} 导入（第 {n} 次导入），没有再导入"),
                Lang::En => format!("  This file was imported by {by} on {at} (import {n}); it was not imported again"),
            });
            return lines;
        }
        if let Some(words) = self.behind() {
            lines.push(format!("  {}", words.get(lang)));
        } else if self.new + self.changed + self.closed == 0 && self.rows > self.rejected && !self.dry_run {
            lines.push(match lang {
                Lang::Zh => "  内容与现有的相同，没有变化".to_owned(),
                Lang::En => "  It says what is there already; nothing changed".to_owned(),
            });
        }
        if self.closed > 0 {
            lines.push(match lang {
                Lang::Zh => format!("  有 {} 笔不再列出，已作结束", self.closed),
                Lang::En => format!("  {} are no longer listed and were ended", self.closed),
            });
        }
        if self.partial > 0 {
            lines.push(match lang {
                Lang::Zh => {
                    format!("  现有的 {} 笔不在文件里，超过一半，当作部分清单，没有作结束", self.partial)
                }
                Lang::En => format!(
                    "  {} in force are not in the file, more than half: it is taken for a part of the list, and nothing was ended",
                    self.partial
                ),
            });
        }
        if let (Some(day), false) = (self.as_of, self.dry_run) {
            let from = self.dated.map(|d| d.words().get(lang));
            lines.push(match (lang, from) {
                (Lang::Zh, None) => format!("  数据日期 {day}"),
                (Lang::Zh, Some(from)) => format!("  数据日期 {day}（{from}）"),
                (Lang::En, None) => format!("  Data of {day}"),
                (Lang::En, Some(from)) => format!("  Data of {day} ({from})"),
            });
        }
        if let Some(sum) = self.sum {
            let column = self.layout.and_then(Layout::summed).unwrap_or_default();
            let agrees = match (self.control.and_then(|c| c.sum), lang) {
                (Some(said), Lang::Zh) if said == sum => "，与文件的控制行一致".to_owned(),
                (Some(said), Lang::En) if said == sum => ", as the control line of the file says".to_owned(),
                (Some(said), Lang::Zh) => format!("，文件的控制行是 {} 元", said.yuan()),
                (Some(said), Lang::En) => format!("; the control line of the file says {}", said.yuan()),
                (None, _) => String::new(),
            };
            lines.push(match lang {
                Lang::Zh => format!("  合计 {column} {} 元{agrees}", sum.yuan()),
                Lang::En => format!("  Total {column} {} yuan{agrees}", sum.yuan()),
            });
        }
        if let Some(words) = self.unevenness() {
            lines.push(format!("  {}", words.get(lang)));
        }
        if self.kept > 0 {
            lines.push(match lang {
                Lang::Zh => format!("  有 {} 个手工录入的值与文件不同，已保留手工的", self.kept),
                Lang::En => format!("  {} values entered by hand differ from the file and were kept", self.kept),
            });
        }
        if !self.ignored.is_empty() {
            let list = self.ignored.join(", ");
            lines.push(match lang {
                Lang::Zh => format!("  没有用到的栏：{list}"),
                Lang::En => format!("  Columns not used: {list}"),
            });
        }
        for reject in &self.rejects {
            let (fields, reasons) = (reject.fields(), plain::guarded(&reject.reasons(lang)));
            lines.push(match lang {
                Lang::Zh => format!("  第 {} 行 {fields}：{reasons}", reject.line),
                Lang::En => format!("  Line {} {fields}: {reasons}", reject.line),
            });
        }
        let more = self.rejected.saturating_sub(self.rejects.len() as u64);
        if more > 0 {
            lines.push(match lang {
                Lang::Zh => format!("  另有 {more} 行剔除"),
                Lang::En => format!("  {more} more rows rejected"),
            });
        }
        if let Some(path) = &self.rejects_file {
            lines.push(match lang {
                Lang::Zh => format!("  剔除的行写在 {}，改好后可直接再导入", path.display()),
                Lang::En => {
                    format!("  Rejected rows are in {}; correct them there and import that file", path.display())
                }
            });
        }
        lines
    }

    /// That it is older than the newest list of its kind, and what follows from that.
    pub fn behind(&self) -> Option<Complaint> {
        let Older { n, than } = self.older?;
        Some(Complaint::new(
            format!(
                "比第 {n} 次导入的清单（{than}）旧，只登记，不改内容也不作结束。日期不对请用 --as-of 指明；要以它为准，先撤销那一次"
            ),
            format!(
                "Older than the list of import {n} ({than}): noted, it changes and ends nothing. If the date is wrong, say it with --as-of; if this list is to count, take that import back first"
            ),
        ))
    }

    /// That parts of assets do not make up the whole.
    pub fn unevenness(&self) -> Option<Complaint> {
        let uneven = self.uneven;
        (uneven > 0).then(|| {
            Complaint::new(
                format!("有 {uneven} 行各项之和与 AUM时点 不符，已按文件收下，请核对"),
                format!("In {uneven} rows the parts do not make up AUM时点; they are taken as they are, please check"),
            )
        })
    }

    fn summary(&self, lang: Lang) -> String {
        let Report { file, encoding, rows, new, changed, unchanged, rejected, .. } = self;
        match (lang, self.dry_run) {
            (Lang::Zh, false) => {
                format!("{file} ({encoding})：{rows} 行，新增 {new}，变更 {changed}，不变 {unchanged}，剔除 {rejected}")
            }
            (Lang::Zh, true) => format!(
                "{file} ({encoding})：{rows} 行，将新增 {new}，变更 {changed}，不变 {unchanged}，剔除 {rejected}。这是试导入，没有写入"
            ),
            (Lang::En, false) => format!(
                "{file} ({encoding}): {rows} rows, {new} new, {changed} changed, {unchanged} unchanged, {rejected} rejected"
            ),
            (Lang::En, true) => format!(
                "{file} ({encoding}): {rows} rows, would be {new} new, {changed} changed, {unchanged} unchanged, {rejected} rejected. A rehearsal: nothing was written"
            ),
        }
    }
}

/// How far an import has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// Which file of those given, from 0.
    pub file: usize,
    /// How many files there are.
    pub files: usize,
    /// Rows done of this file.
    pub rows: u64,
    /// Bytes read of this file.
    pub bytes: u64,
    /// Its size in bytes.
    pub total: u64,
}

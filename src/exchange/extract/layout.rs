//! The layouts of the core system's extracts, recognised by their headers and not by the file's name (features.md, "CSV
//! extracts to define"), and where their columns stand in a file. What a column's text means is in `record`; how a file
//! of another layout is brought under one of these is in `mapping`.

use super::super::rows::Row;
use super::formats::Formats;
use crate::domain::dealings::batch::DAY_OF_IMPORT;
use crate::domain::text::{Complaint, Text, t};
use crate::domain::values::plain;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// A layout that can be read, in the order in which the files of one run go in: customers first, then the figures whose
/// data date the others may need.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Layout {
    /// 客户.csv: who has an account.
    Customers,
    /// 资产.csv: what they hold on a data date.
    Figures,
    /// 持有.csv: which contracts of products they hold.
    Holdings,
    /// 贷款.csv: what they borrowed.
    Loans,
    /// 签约.csv: which services they signed up for.
    Services,
    /// 评级.csv: how they are rated.
    Ratings,
    /// 交易.csv: what came in and went out.
    Txns,
}

/// What is fixed of a layout.
struct Spec {
    code: &'static str,
    label: Text,
    /// In the order of the samples.
    headers: &'static [&'static str],
    /// Those that must be there.
    needs: &'static [&'static str],
    summed: Option<&'static str>,
}

const CUSTOMERS: Spec = Spec {
    code: "customers",
    label: t("客户", "Customers"),
    headers: &["客户号", "姓名", "证件类型", "证件号", "手机", "地址", "开户日", "开户机构"],
    needs: &["客户号", "姓名"],
    summed: None,
};
const FIGURES: Spec = Spec {
    code: "figures",
    label: t("资产", "Assets"),
    headers: &["客户号", "数据日期", "活期", "定期", "理财", "基金", "保险", "国债", "AUM时点", "AUM月日均"],
    needs: &["客户号", "数据日期", "AUM时点"],
    summed: Some("AUM时点"),
};
const TXNS: Spec = Spec {
    code: "txns",
    label: t("交易", "Transactions"),
    headers: &["客户号", "日期", "流水号", "借贷", "金额", "渠道", "对手行", "摘要"],
    needs: &["客户号", "日期", "流水号", "借贷", "金额"],
    summed: Some("金额"),
};
const HOLDINGS: Spec = Spec {
    code: "holdings",
    label: t("持有", "Holdings"),
    headers: &["客户号", "产品代码", "合同号", "金额", "起息日", "到期日", "利率", "状态"],
    needs: &["客户号", "产品代码", "合同号", "金额"],
    summed: Some("金额"),
};
const LOANS: Spec = Spec {
    code: "loans",
    label: t("贷款", "Loans"),
    headers: &[
        "客户号",
        "借据号",
        "产品",
        "发放额",
        "余额",
        "发放日",
        "到期日",
        "下次还款日",
        "应还额",
        "逾期天数",
        "五级分类",
        "用途",
        "还款方式",
        "还款账户",
    ],
    needs: &["客户号", "借据号", "发放额", "余额", "五级分类"],
    summed: Some("余额"),
};
const SERVICES: Spec = Spec {
    code: "services",
    label: t("签约", "Services"),
    headers: &["客户号", "服务", "状态", "日期"],
    needs: &["客户号", "服务", "状态"],
    summed: None,
};
const RATINGS: Spec = Spec {
    code: "ratings",
    label: t("评级", "Ratings"),
    headers: &["客户号", "等级", "授信", "日期"],
    needs: &["客户号", "等级", "日期"],
    summed: Some("授信"),
};

impl Layout {
    /// All of them, in the order in which they go in.
    pub const ALL: [Layout; 7] = [
        Layout::Customers,
        Layout::Figures,
        Layout::Holdings,
        Layout::Loans,
        Layout::Services,
        Layout::Ratings,
        Layout::Txns,
    ];

    const fn spec(self) -> &'static Spec {
        match self {
            Layout::Customers => &CUSTOMERS,
            Layout::Figures => &FIGURES,
            Layout::Holdings => &HOLDINGS,
            Layout::Loans => &LOANS,
            Layout::Services => &SERVICES,
            Layout::Ratings => &RATINGS,
            Layout::Txns => &TXNS,
        }
    }

    /// The code stored and given out.
    pub const fn code(self) -> &'static str {
        self.spec().code
    }

    /// The layout of a code, or of its word on screen.
    pub fn parse(text: &str) -> Option<Layout> {
        let text = text.trim();
        Layout::ALL.into_iter().find(|l| l.code().eq_ignore_ascii_case(text) || l.label().zh == text)
    }

    /// The word on screen.
    pub const fn label(self) -> Text {
        self.spec().label
    }

    /// The columns, in the order in which [`Columns::get`] counts them.
    pub const fn headers(self) -> &'static [&'static str] {
        self.spec().headers
    }

    /// The columns without which nothing can be read.
    pub const fn needs(self) -> &'static [&'static str] {
        self.spec().needs
    }

    /// The column by which its control total is summed, as it is printed, if it has one.
    pub const fn summed(self) -> Option<&'static str> {
        self.spec().summed
    }

    /// Whether a file lists all there is, so that what is no longer in it has ended.
    pub const fn lists_all(self) -> bool {
        matches!(self, Layout::Holdings | Layout::Loans | Layout::Services)
    }
}

/// Where one column of a layout comes from.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Place {
    /// Columns of the file; the first that is not empty counts.
    pub at: Vec<usize>,
    /// What stands for it in every row, when no column of the file does.
    pub constant: String,
}

/// Where the columns of a layout stand in a file, and how they are read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Columns {
    /// The layout.
    pub layout: Layout,
    /// The headers of the file, cleaned.
    pub headers: Vec<String>,
    /// Headers of the file that the layout does not know; they are ignored.
    pub ignored: Vec<String>,
    /// How dates, sums and signs are written.
    pub formats: Formats,
    /// The data date that a mapping fixes for the whole file.
    pub as_of: Option<NaiveDate>,
    /// The name of the mapping by which it is read; `None` for a layout of the core system.
    pub mapping: Option<String>,
    pub(super) places: Vec<Place>,
}

impl Columns {
    /// Recognises the layout of a header row.
    ///
    /// # Errors
    /// No layout has these headers, or one stands there twice.
    pub fn recognise(row: &Row) -> Result<Columns, Complaint> {
        let headers = headers(row);
        let has = |h: &&str| headers.iter().any(|x| x == h);
        let known = |l: &Layout| l.headers().iter().filter(|h| has(h)).count();
        // Of several that would do, the one that knows most of the columns.
        let fit = Layout::ALL.into_iter().rev().filter(|l| l.needs().iter().all(has)).max_by_key(known);
        let Some(layout) = fit else { return Err(unknown(&headers)) };
        for name in layout.headers() {
            once(&headers, name)?;
        }
        let place = |name: &&str| Place {
            at: headers.iter().position(|h| h == name).into_iter().collect(),
            constant: String::new(),
        };
        let places = layout.headers().iter().map(place).collect();
        let known = |h: &String| layout.headers().contains(&h.as_str()) || OWN.contains(&h.as_str());
        let ignored = headers.iter().filter(|h| !h.is_empty() && !known(h)).cloned().collect();
        Ok(Columns { layout, headers, ignored, formats: Formats::default(), as_of: None, mapping: None, places })
    }

    /// The text of the layout's column `n` in a row; empty when the file or the row has no such column.
    pub fn get<'r>(&'r self, row: &'r Row, n: usize) -> &'r str {
        let Some(place) = self.places.get(n) else { return "" };
        let mut found = None;
        for at in &place.at {
            found = row.get(*at);
            if found.is_some_and(|text| !text.trim().is_empty()) {
                break;
            }
        }
        found.unwrap_or(&place.constant)
    }

    /// Puts the data date of the import where a mapping says that it stands for the file's.
    ///
    /// # Errors
    /// Nobody said one.
    pub(super) fn date_by_import(&mut self, day: Option<NaiveDate>) -> Result<(), Complaint> {
        let dates = self.formats.dates;
        for place in self.places.iter_mut().filter(|p| p.constant == DAY_OF_IMPORT.zh) {
            place.constant = dates.write(day.ok_or_else(|| {
                Complaint::new(
                    "文件里没有数据日期：请写进文件名（如 资产-20261120.csv），或用 --as-of 指明",
                    "The file says no data date: put it into its name (assets-20261120.csv), or give it with --as-of",
                )
            })?);
        }
        Ok(())
    }

    /// The texts of the two columns of the file that column `n` is split into, out and in.
    pub(super) fn pair<'r>(&self, row: &'r Row, n: usize) -> Option<(&'r str, &'r str)> {
        match self.places.get(n)?.at.as_slice() {
            [a, b] => Some((row.get(*a).unwrap_or_default(), row.get(*b).unwrap_or_default())),
            _ => None,
        }
    }

    /// Whether the file says anything of the layout's column `n`.
    pub fn has(&self, n: usize) -> bool {
        self.places.get(n).is_some_and(|p| !p.at.is_empty() || !p.constant.is_empty())
    }

    /// The layout's column `n` as the file calls it.
    pub fn name(&self, n: usize) -> &str {
        let own = self.places.get(n).and_then(|p| p.at.first()).and_then(|at| self.headers.get(*at));
        own.map(String::as_str).or_else(|| self.layout.headers().get(n).copied()).unwrap_or_default()
    }

    /// Gives all rows a data date, which goes before that of the mapping; rows that have one of their own keep it.
    pub(super) fn give_date(&mut self, day: NaiveDate) {
        let at = self.at_date();
        if let Some(place) = at.and_then(|at| self.places.get_mut(at)).filter(|place| place.at.is_empty()) {
            place.constant = self.formats.dates.write(day);
            self.as_of = Some(day);
        }
        self.as_of = self.as_of.map(|_| day);
    }

    fn at_date(&self) -> Option<usize> {
        self.layout.headers().iter().position(|h| *h == "数据日期")
    }

    /// Whether every row says its own data date.
    pub(super) fn has_dates(&self) -> bool {
        let place = self.at_date().and_then(|at| self.places.get(at));
        place.is_some_and(|p| !p.at.is_empty() || (self.as_of.is_none() && !p.constant.is_empty()))
    }

    /// How many columns a row must have: up to the last one that the layout reads.
    pub fn width(&self) -> usize {
        self.places.iter().flat_map(|p| &p.at).max().map_or(0, |last| last + 1)
    }

    /// Whether a row is the header row once more, as in files that were put together.
    pub fn is_header(&self, row: &Row) -> bool {
        row.len() == self.headers.len()
            && row.iter().zip(&self.headers).all(|(cell, h)| cell.trim() == h)
            && row.iter().any(|cell| !cell.trim().is_empty())
    }
}

/// The columns that a rejects file adds in front; it can be corrected and imported as it is.
pub const OWN: [&str; 3] = ["行号", "字段", "原因"];

/// The headers of a row, cleaned.
pub fn headers(row: &Row) -> Vec<String> {
    row.iter().map(header).collect()
}

/// A header without the marks, blanks and full-width letters that spreadsheets leave in it.
pub(super) fn header(raw: &str) -> String {
    plain::fold(&plain::line(raw)).chars().filter(|c| !c.is_whitespace()).collect()
}

/// Refuses a header that stands there twice: which one is meant nobody knows.
pub(super) fn once(headers: &[String], name: &str) -> Result<(), Complaint> {
    if headers.iter().filter(|h| *h == name).count() > 1 {
        return Err(Complaint::new(
            format!("表头「{name}」出现了两次，请删去一栏后再导入"),
            format!("The header {name} stands there twice; remove one of the columns and import again"),
        ));
    }
    Ok(())
}

fn unknown(headers: &[String]) -> Complaint {
    let has = |h: &&&str| headers.iter().any(|x| x == *h);
    let nearest = Layout::ALL.into_iter().rev().max_by_key(|l| l.headers().iter().filter(has).count());
    let nearest = nearest.filter(|l| l.headers().iter().any(|h| has(&h)));
    let Some(layout) = nearest else {
        let all = |lang: fn(&Text) -> &str| {
            let one = |l: Layout| format!("{} {}", lang(&l.label()), l.needs().join(","));
            Layout::ALL.map(one).join("；")
        };
        return Complaint::new(
            format!(
                "认不出这个文件的表头。各类文件至少要有：{}；表头不同的文件请先做栏目对照（guitai mapping propose）",
                all(|w| w.zh)
            ),
            format!(
                "The headers are of no layout known. At least: {}; for other headers make a mapping first (guitai mapping propose)",
                all(|w| w.en)
            ),
        );
    };
    let missing: Vec<&str> = layout.needs().iter().filter(|h| !has(h)).copied().collect();
    let missing = missing.join(",");
    Complaint::new(
        format!(
            "认不出这个文件的表头。它像{}文件，但缺少：{missing}。请核对表头，或做栏目对照（guitai mapping propose）",
            layout.label().zh
        ),
        format!(
            "The headers are of no layout known. They are like {}, but lack {missing}; check them, or make a mapping (guitai mapping propose)",
            layout.label().en
        ),
    )
}

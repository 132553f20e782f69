//! The layouts of the core system's extracts, recognised by their headers and not by the file's name (features.md, "CSV
//! extracts to define"). What a column's text means is in `record`.

use super::super::rows::Row;
use crate::domain::text::Complaint;
use crate::domain::values::plain;
use crate::store::dealings::fact::{Kind, LAYOUTS};

/// A layout that can be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Layout {
    /// 客户.csv: who has an account.
    Customers,
    /// 资产.csv: what they hold on a data date.
    Figures,
}

/// The headers of a layout in the order of the samples; the first ones must be there.
const CUSTOMERS: (&[&str], usize) =
    (&["客户号", "姓名", "证件类型", "证件号", "手机", "地址", "开户日", "开户机构"], 2);
const FIGURES: (&[&str], &[&str]) = (
    &["客户号", "数据日期", "活期", "定期", "理财", "基金", "保险", "国债", "AUM时点", "AUM月日均"],
    &["客户号", "数据日期", "AUM时点"],
);

/// Layouts of the core system that this program has no room for yet: the column that gives each away.
const OTHERS: [(&str, &str); 5] =
    [("流水号", "交易"), ("合同号", "持有"), ("借据号", "贷款"), ("服务", "签约"), ("授信", "评级")];

impl Layout {
    /// The columns, in the order in which [`Columns::get`] counts them.
    pub const fn headers(self) -> &'static [&'static str] {
        match self {
            Layout::Customers => CUSTOMERS.0,
            Layout::Figures => FIGURES.0,
        }
    }

    /// Its name, as batches have it.
    pub const fn name(self) -> &'static str {
        match self {
            Layout::Customers => "客户",
            Layout::Figures => "资产",
        }
    }

    /// Where its facts are kept; customers are archives.
    pub fn kind(self) -> Option<Kind> {
        LAYOUTS.iter().find(|(name, _)| *name == self.name()).and_then(|(_, kind)| *kind)
    }

    fn needs(self) -> &'static [&'static str] {
        match self {
            Layout::Customers => CUSTOMERS.0.get(..CUSTOMERS.1).unwrap_or_default(),
            Layout::Figures => FIGURES.1,
        }
    }

    /// The column by which its control total is summed, if it has one.
    pub const fn summed(self) -> Option<&'static str> {
        match self {
            Layout::Customers => None,
            Layout::Figures => Some("AUM时点"),
        }
    }
}

/// Where the columns of a layout stand in a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Columns {
    /// The layout.
    pub layout: Layout,
    /// The headers of the file, cleaned.
    pub headers: Vec<String>,
    /// Headers of the file that the layout does not know; they are ignored.
    pub ignored: Vec<String>,
    places: Vec<Option<usize>>,
}

impl Columns {
    /// Recognises the layout of a header row.
    ///
    /// # Errors
    /// No layout has these headers, or one stands there twice.
    pub fn recognise(row: &Row) -> Result<Columns, Complaint> {
        let headers: Vec<String> = row.iter().map(header).collect();
        let has = |h: &&str| headers.iter().any(|x| x == h);
        let Some(layout) = [Layout::Figures, Layout::Customers].into_iter().find(|l| l.needs().iter().all(has)) else {
            return Err(unknown(&headers));
        };
        for name in layout.headers() {
            if headers.iter().filter(|h| h == name).count() > 1 {
                return Err(Complaint::new(
                    format!("表头「{name}」出现了两次，请删去一栏后再导入"),
                    format!("The header {name} stands there twice; remove one of the columns and import again"),
                ));
            }
        }
        let places = layout.headers().iter().map(|n| headers.iter().position(|h| h == n)).collect();
        let known = |h: &String| layout.headers().contains(&h.as_str()) || OWN.contains(&h.as_str());
        let ignored = headers.iter().filter(|h| !h.is_empty() && !known(h)).cloned().collect();
        Ok(Columns { layout, headers, ignored, places })
    }

    /// The text of the layout's column `n` in a row; empty when the file or the row has no such column.
    pub fn get<'r>(&self, row: &'r Row, n: usize) -> &'r str {
        self.places.get(n).copied().flatten().and_then(|p| row.get(p)).unwrap_or_default()
    }

    /// How many columns a row must have: up to the last one that the layout reads.
    pub fn width(&self) -> usize {
        self.places.iter().flatten().max().map_or(0, |last| last + 1)
    }
}

/// The columns that a rejects file adds in front; it can be corrected and imported as it is.
pub const OWN: [&str; 3] = ["行号", "字段", "原因"];

/// A header without the marks, blanks and full-width letters that spreadsheets leave in it.
fn header(raw: &str) -> String {
    plain::fold(&plain::line(raw)).chars().filter(|c| !c.is_whitespace()).collect()
}

fn unknown(headers: &[String]) -> Complaint {
    if let Some((_, name)) = OTHERS.iter().find(|(h, _)| headers.iter().any(|x| x == h)) {
        return Complaint::new(
            format!("这是{name}文件，本版只导入客户文件和资产文件"),
            format!("This is an extract of another kind ({name}); this version imports 客户 and 资产 only"),
        );
    }
    let customers = CUSTOMERS.0.join(",");
    let figures = FIGURES.0.join(",");
    Complaint::new(
        format!("认不出这个文件的表头。客户文件应有：{customers}；资产文件应有：{figures}"),
        format!("The headers are of no layout known. Customers: {customers}. Assets: {figures}"),
    )
}

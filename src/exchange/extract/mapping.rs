//! How the columns of a file of another layout are read: which header means which field, what stands for fields that have no
//! column, how dates and sums are written. A mapping is a small TOML file that a branch can pass on. What the fields mean is
//! in `layout`.

pub use super::formats::{DateOrder, Formats, Rates, Sign, Unit};
use super::layout::{Columns, Layout, OWN, Place, header, headers, once};
use crate::domain::dealings::batch::DAY_OF_IMPORT;
use crate::domain::text::Complaint;
use crate::exchange::rows::Row;
use crate::store::dealings::mapping::Kept;
use crate::store::open::File;
use crate::store::request::Failure;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// How the columns of files with certain headers are read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Mapping {
    /// What people call it: 信贷系统贷款清单.
    pub name: String,
    /// The layout under which it is brought.
    pub layout: Layout,
    /// The headers of the file, cleaned, in its order: by them it is known again.
    pub headers: Vec<String>,
    /// The data date of all rows, where the file has no column for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub as_of: Option<NaiveDate>,
    /// How dates and sums are written.
    #[serde(default)]
    pub formats: Formats,
    /// Field of the layout → headers of the file; of several the first that is not empty counts.
    #[serde(default)]
    pub columns: BTreeMap<String, Vec<String>>,
    /// Field of the layout → what stands for it in every row.
    #[serde(default)]
    pub constants: BTreeMap<String, String>,
}

/// Headers as one text, by which a mapping is kept and found.
pub fn key(headers: &[String]) -> String {
    headers.iter().filter(|h| !OWN.contains(&h.as_str())).map(String::as_str).collect::<Vec<_>>().join("\u{1F}")
}

/// The mappings that a branch keeps. One that a newer program wrote and this one cannot read is passed over.
///
/// # Errors
/// What the file says.
pub fn known(store: &mut File) -> Result<Vec<Mapping>, Failure> {
    Ok(store.mappings()?.iter().filter_map(|kept| Mapping::read(&kept.value).ok()).collect())
}

impl Mapping {
    /// As the branch keeps it.
    ///
    /// # Errors
    /// It cannot be written as TOML.
    pub fn kept(&self) -> Result<Kept, Complaint> {
        Ok(Kept {
            headers: self.key(),
            name: self.name.clone(),
            layout: self.layout.code().to_owned(),
            value: self.write()?,
        })
    }

    /// The text by which it is kept and found.
    pub fn key(&self) -> String {
        key(&self.headers)
    }

    /// Fields that must be there and are given neither by a column nor by a constant.
    pub fn missing(&self) -> Vec<&'static str> {
        let given = |field: &str| {
            self.columns.get(field).is_some_and(|c| !c.is_empty())
                || self.constants.get(field).is_some_and(|c| !c.trim().is_empty())
                || (field == "数据日期" && self.as_of.is_some())
                || (field == "借贷" && self.formats.sign != Sign::Word)
        };
        self.layout.needs().iter().copied().filter(|field| !given(field)).collect()
    }

    /// Whether the data date of its files is the one that their import has.
    pub fn dated_by_import(&self) -> bool {
        self.constants.values().any(|c| c == DAY_OF_IMPORT.zh)
    }

    /// Whether a header row is one that it reads: all its own headers, a rejects file's columns left out.
    pub fn fits(&self, row: &Row) -> bool {
        key(&headers(row)) == self.key()
    }

    /// The columns of a file with this header row.
    ///
    /// # Errors
    /// A header is not there, or stands there twice, or a needed field is not given.
    pub fn columns(&self, row: &Row) -> Result<Columns, Complaint> {
        let headers = headers(row);
        let missing = self.missing();
        if !missing.is_empty() {
            let missing = missing.join("、");
            return Err(Complaint::new(
                format!("栏目对照「{}」还缺：{missing}", self.name),
                format!("The mapping {} still lacks: {missing}", self.name),
            ));
        }
        let fields = self.layout.headers();
        if let Some(field) = self.columns.keys().chain(self.constants.keys()).find(|f| !fields.contains(&f.as_str())) {
            let layout = self.layout.label();
            return Err(Complaint::new(
                format!("{}文件没有「{field}」这一栏，请改栏目对照", layout.zh),
                format!("{} have no field {field}; correct the mapping", layout.en),
            ));
        }
        let mut used = vec![];
        let mut places = vec![];
        for field in fields {
            let mut place = Place::default();
            for name in self.columns.get(*field).into_iter().flatten() {
                let name = header(name);
                once(&headers, &name)?;
                let at = headers.iter().position(|h| *h == name).ok_or_else(|| {
                    Complaint::new(
                        format!("文件里没有「{name}」这一栏，栏目对照「{}」不适用", self.name),
                        format!("The file has no column {name}; the mapping {} does not fit", self.name),
                    )
                })?;
                place.at.push(at);
                used.push(name);
            }
            if let Some(constant) = self.constants.get(*field) {
                place.constant.clone_from(constant);
            }
            if let Some(day) = self.as_of.filter(|_| *field == "数据日期" && place.at.is_empty()) {
                place.constant = self.formats.dates.write(day);
            }
            places.push(place);
        }
        if self.layout == Layout::Txns && self.formats.sign == Sign::Columns {
            let two = self.columns.get("金额").is_some_and(|c| c.len() == 2);
            if !two {
                return Err(Complaint::new(
                    "支出、收入分两栏时，「金额」要对照两栏：先支出，后收入",
                    "With two columns of sums the field 金额 names both: out first, then in",
                ));
            }
        }
        let known = |h: &String| used.contains(h) || OWN.contains(&h.as_str());
        let ignored = headers.iter().filter(|h| !h.is_empty() && !known(h)).cloned().collect();
        Ok(Columns {
            layout: self.layout,
            headers,
            ignored,
            formats: self.formats,
            as_of: self.as_of,
            mapping: Some(self.name.clone()),
            places,
        })
    }

    /// Reads the text of a mapping file.
    ///
    /// # Errors
    /// It is no mapping; the words say where it goes wrong.
    pub fn read(text: &str) -> Result<Mapping, Complaint> {
        let text = text.strip_prefix('\u{FEFF}').unwrap_or(text);
        let mut mapping: Mapping = toml::from_str(text).map_err(|e| {
            let e = e.to_string();
            Complaint::new(format!("这不是栏目对照文件：{e}"), format!("This is no mapping file: {e}"))
        })?;
        mapping.name = crate::domain::values::plain::line(&mapping.name);
        for h in mapping.headers.iter_mut().chain(mapping.columns.values_mut().flatten()) {
            *h = header(h);
        }
        Ok(mapping)
    }

    /// The text of its file.
    ///
    /// # Errors
    /// It cannot be written as TOML.
    pub fn write(&self) -> Result<String, Complaint> {
        toml::to_string_pretty(self).map_err(|e| {
            Complaint::new(format!("栏目对照写不成文件：{e}"), format!("The mapping cannot be written: {e}"))
        })
    }
}

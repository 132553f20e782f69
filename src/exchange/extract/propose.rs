//! What a file of another layout most likely means: headers by their likeness to the fields' names and to what other systems
//! call them, units and orders by the first rows. A proposal is looked at by somebody before it is kept.

use super::layout::{Layout, OWN};
use super::look::Look;
use super::mapping::{DateOrder, Formats, Mapping, Rates, Sign, Unit};
use super::names::score;
use std::collections::BTreeMap;

/// Two columns of sums, what goes out and what comes in.
const OUT_IN: [(&str, &str); 7] = [
    ("借方发生额", "贷方发生额"),
    ("借方金额", "贷方金额"),
    ("支出金额", "收入金额"),
    ("支出", "收入"),
    ("转出金额", "转入金额"),
    ("借方", "贷方"),
    ("取款", "存款"),
];

/// A header that is like a field by less is not proposed for it.
const LIKE: u32 = 50;

/// Proposes a mapping to the layout that fits best; `None` when nothing is like anything.
pub fn propose(look: &Look) -> Option<Mapping> {
    let all = Layout::ALL.into_iter().rev().map(|layout| propose_as(look, layout));
    // The layout that knows most of the file; a field that must be there and is not takes one of them away. What lacks nothing is no better
    // for it: hardly any file lacks a name.
    let best = all.max_by_key(|m| {
        let missing = m.missing().len();
        ((m.columns.len() + m.layout.needs().len()).saturating_sub(missing * 2), m.layout.needs().len() - missing)
    })?;
    (!best.columns.is_empty()).then_some(best)
}

/// Proposes a mapping to a layout.
pub fn propose_as(look: &Look, layout: Layout) -> Mapping {
    let headers: Vec<&String> = look.headers.iter().filter(|h| !h.is_empty() && !OWN.contains(&h.as_str())).collect();
    let mut pairs = vec![];
    for (f, field) in layout.headers().iter().enumerate() {
        for (h, name) in headers.iter().enumerate() {
            let likeness = score(field, name);
            if likeness >= LIKE {
                pairs.push((likeness, f, h));
            }
        }
    }
    // Most alike first; of equals, in the order of the layout and the file.
    pairs.sort_by_key(|(likeness, f, h)| (u32::MAX - likeness, *f, *h));
    let (mut columns, mut used) = (BTreeMap::<String, Vec<String>>::new(), vec![]);
    for (_, f, h) in pairs {
        if let (Some(field), Some(name)) = (layout.headers().get(f), headers.get(h))
            && !columns.contains_key(*field)
            && !used.contains(&h)
        {
            columns.insert((*field).to_owned(), vec![(*name).clone()]);
            used.push(h);
        }
    }
    let mut formats = Formats { dates: dates(look, layout, &columns), ..Formats::default() };
    if layout == Layout::Txns {
        formats.sign = sign(look, &mut columns);
    }
    let money: Vec<&String> =
        ["AUM时点", "金额", "余额", "发放额", "授信"].iter().filter_map(|f| columns.get(*f)?.first()).collect();
    if money.iter().any(|h| h.contains("万元") || h.ends_with("(万)")) {
        formats.unit = Unit::Wan;
    }
    let rates: Vec<f64> = values(look, columns.get("利率")).filter_map(|v| v.parse().ok()).collect();
    if !rates.is_empty() && rates.iter().all(|r| *r < 0.3) {
        formats.rates = Rates::Fraction;
    }
    Mapping {
        name: layout.label().zh.to_owned(),
        layout,
        headers: look.headers.iter().filter(|h| !OWN.contains(&h.as_str())).cloned().collect(),
        as_of: None,
        formats,
        columns,
        constants: BTreeMap::new(),
    }
}

/// What stands in a column in the first rows.
fn values<'l>(look: &'l Look, column: Option<&Vec<String>>) -> impl Iterator<Item = &'l str> {
    let at = column.and_then(|c| c.first()).and_then(|name| look.headers.iter().position(|h| h == name));
    let rows = look.rows.iter();
    rows.filter_map(move |row| at.and_then(|at| row.cells.get(at))).map(|v| v.trim()).filter(|v| !v.is_empty())
}

/// The order of dates, where the year stands last: a part above 12 is the day.
fn dates(look: &Look, layout: Layout, columns: &BTreeMap<String, Vec<String>>) -> DateOrder {
    let of_dates = layout.headers().iter().filter(|f| f.contains('日') && **f != "AUM月日均");
    let (mut last, mut second) = (false, false);
    for value in of_dates.flat_map(|f| values(look, columns.get(*f))) {
        let parts: Vec<&str> = value.split(['-', '/', '.']).collect();
        if let [a, b, year] = parts.as_slice()
            && year.len() == 4
            && a.len() <= 2
        {
            last = true;
            second |= b.parse::<u32>().is_ok_and(|n| n > 12);
        }
    }
    match (last, second) {
        (false, _) => DateOrder::Ymd,
        (true, true) => DateOrder::Mdy,
        (true, false) => DateOrder::Dmy,
    }
}

/// How transactions say in or out; two columns of sums become the field's.
fn sign(look: &Look, columns: &mut BTreeMap<String, Vec<String>>) -> Sign {
    let has = |name: &&str| look.headers.iter().any(|h| h == name);
    if let Some((out, into)) = OUT_IN.iter().find(|(out, into)| has(out) && has(into)) {
        columns.retain(|_, names| !names.iter().any(|n| n == out || n == into));
        columns.insert("金额".to_owned(), vec![(*out).to_owned(), (*into).to_owned()]);
        return Sign::Columns;
    }
    if !columns.contains_key("借贷") && values(look, columns.get("金额")).any(|v| v.starts_with(['-', '(', '−']))
    {
        return Sign::Own;
    }
    Sign::Word
}

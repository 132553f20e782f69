//! Layouts and mappings in the plain words of the screen, and back. What they mean lives in `exchange`.

use crate::app::imports::{self, Choice, Column};
use crate::domain::text::{Complaint, Text, t};
use crate::exchange::extract::layout::Layout;
use crate::exchange::extract::mapping::{DateOrder, Formats, Mapping, Rates, Sign, Unit};

/// The places of what may be chosen besides the columns.
const DATES: usize = 0;
const UNIT: usize = 1;
const SIGN: usize = 2;
const RATES: usize = 3;

/// What may be chosen besides the columns.
pub fn choices() -> Vec<Choice> {
    let choice = |label: Text, of: Vec<Text>| Choice { label, of };
    vec![
        choice(t("日期写成", "Dates are"), DateOrder::ALL.map(DateOrder::label).into()),
        choice(t("金额单位", "Sums are in"), Unit::ALL.map(Unit::label).into()),
        choice(t("收支看", "In or out by"), Sign::ALL.map(Sign::label).into()),
        choice(t("利率写成", "Rates are"), Rates::ALL.map(Rates::label).into()),
    ]
}

/// A layout with its columns and what is proposed for the file at hand.
pub fn shown(layout: Layout, proposed: imports::Mapping) -> imports::Layout {
    let column = |name: &&str| Column {
        name: (*name).to_owned(),
        needed: layout.needs().contains(name),
        unless: (*name == "借贷").then_some(SIGN),
    };
    let mut choices = vec![DATES];
    if layout.summed().is_some() {
        choices.push(UNIT);
    }
    match layout {
        Layout::Txns => choices.push(SIGN),
        Layout::Holdings => choices.push(RATES),
        _ => {}
    }
    imports::Layout {
        name: layout.label().zh.to_owned(),
        columns: layout.headers().iter().map(column).collect(),
        choices,
        proposed,
    }
}

/// A mapping in the words of the screen.
pub fn ours(m: &Mapping) -> imports::Mapping {
    let Formats { dates, unit, sign, rates } = m.formats;
    let at = |place: Option<usize>| place.unwrap_or_default();
    imports::Mapping {
        name: m.name.clone(),
        layout: m.layout.label().zh.to_owned(),
        headers: m.headers.clone(),
        columns: m.columns.iter().map(|(field, headers)| (field.clone(), headers.clone())).collect(),
        constants: m.constants.iter().map(|(field, text)| (field.clone(), text.clone())).collect(),
        choices: vec![
            at(DateOrder::ALL.into_iter().position(|x| x == dates)),
            at(Unit::ALL.into_iter().position(|x| x == unit)),
            at(Sign::ALL.into_iter().position(|x| x == sign)),
            at(Rates::ALL.into_iter().position(|x| x == rates)),
        ],
        as_of: m.as_of,
    }
}

/// A mapping of the screen as the reader has it.
///
/// # Errors
/// There is no such layout.
pub fn theirs(m: &imports::Mapping) -> Result<Mapping, Complaint> {
    let layout = Layout::parse(&m.layout).ok_or_else(|| {
        Complaint::new(format!("没有「{}」这类文件", m.layout), format!("There is no layout {}", m.layout))
    })?;
    let chosen = |at: usize| m.choices.get(at).copied().unwrap_or_default();
    Ok(Mapping {
        name: m.name.clone(),
        layout,
        headers: m.headers.clone(),
        as_of: m.as_of,
        formats: Formats {
            dates: DateOrder::ALL.get(chosen(DATES)).copied().unwrap_or_default(),
            unit: Unit::ALL.get(chosen(UNIT)).copied().unwrap_or_default(),
            sign: Sign::ALL.get(chosen(SIGN)).copied().unwrap_or_default(),
            rates: Rates::ALL.get(chosen(RATES)).copied().unwrap_or_default(),
        },
        columns: m.columns.iter().cloned().collect(),
        constants: m.constants.iter().cloned().collect(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mapping_goes_to_the_screen_and_back_unchanged() {
        let text = "name = '县联社'\nlayout = 'txns'\nheaders = ['客户', '日', '支出', '收入']\nas_of = '2026-11-20'\n\
                    [formats]\ndates = 'mdy'\nunit = 'wan'\nsign = 'columns'\nrates = 'fraction'\n\
                    [columns]\n'客户号' = ['客户']\n'金额' = ['支出', '收入']\n[constants]\n'渠道' = '柜面'\n";
        let mapping = Mapping::read(text).unwrap();
        assert_eq!(theirs(&ours(&mapping)).unwrap(), mapping);
    }

    #[test]
    fn every_layout_says_what_it_needs_and_what_may_be_chosen() {
        for layout in Layout::ALL {
            let shown = shown(layout, imports::Mapping::default());
            assert!(shown.columns.iter().any(|c| c.needed), "{}", shown.name);
            assert!(shown.choices.iter().all(|at| *at < choices().len()));
        }
    }
}

//! Assets over time: how they moved, what they are made of, the table newest first.

use super::dealings::{block, dated};
use crate::app::rooms::Rooms;
use crate::app::words::dealings as words;
use crate::domain::calendar::dates;
use crate::domain::dealings::trend;
use crate::domain::text::t;
use crate::domain::values::money::Fen;
use crate::store::customers::Opened;
use crate::ui::kit::pen::{Pen, cells};
use crate::ui::kit::table::{self, Column, left, right};
use crate::ui::theme::Tone;

const FIGURES: [Column; 9] = [
    left(t("日期", "Date"), 10, 0),
    right(t("月日均", "Average"), 9, 0),
    right(t("时点", "Balance"), 9, 0),
    right(t("活期", "Demand"), 9, 1),
    right(t("定期", "Fixed"), 9, 2),
    right(t("理财", "Wealth"), 9, 3),
    right(t("基金", "Fund"), 9, 4),
    right(t("保险", "Insur."), 9, 5),
    right(t("国债", "Bond"), 9, 6),
];

/// Draws it.
pub fn assets(pen: &mut Pen<'_>, rooms: &Rooms, o: &Opened, focused: bool) {
    let w = pen.place.w;
    let s = &rooms.shared;
    let Some(latest) = o.figures.last() else {
        let words = t(
            "资产文件里还没有这位客户：guitai import 资产.csv",
            "No assets file (资产) has this customer yet: guitai import 资产.csv",
        );
        pen.text(1, 0, pen.word(words), Tone::Label, w);
        return;
    };
    let end = dated(pen, 0, Some(latest.as_of), s);
    if s.hidden {
        pen.text(1, 0, pen.word(t("已遮数，F12 显示", "hidden; F12 shows")), Tone::Label, end);
        return;
    }
    let basis = s.settings().basis;
    let sums: Vec<i64> = o.figures.iter().map(|f| f.aum(basis).0).collect();
    let most = sums.iter().copied().max().unwrap_or(0).max(1);
    let room = usize::from(end.saturating_sub(14));
    let seen = sums.iter().skip(sums.len().saturating_sub(room));
    let line: String = seen.map(|v| block((*v).max(1), most)).collect();
    let used = pen.text(1, 0, &line, Tone::Accent, end) + 2;
    if let Some(first) = o.figures.first().filter(|f| f.as_of < latest.as_of) {
        let by = Fen(latest.aum(basis).0 - first.aum(basis).0);
        let text = words::since(first.as_of, by, s.today(), pen.lang);
        pen.text(used, 0, &text, Tone::Strong, end.saturating_sub(used));
    }
    let (mut x, mut y) = (1, 1);
    for days in trend::BACK {
        let change = trend::change(&o.figures, basis, days);
        let text = words::change(change.as_ref(), days, s.today(), pen.lang);
        let tone = match &change {
            Some(c) if c.by.0 < 0 => Tone::Due,
            Some(_) => Tone::Text,
            None => Tone::Label,
        };
        if x + cells(&text) >= w && y == 1 {
            (x, y) = (1, 2);
        }
        x += pen.text(x, y, &text, tone, w.saturating_sub(x)) + 2;
    }
    if y == 1 {
        x = 1;
    }
    for (n, _, share) in trend::shares(latest) {
        let label = words::PARTS.get(n).map_or("", |p| p.get(pen.lang));
        let share = format!("{share}%");
        // What does not fit stands in the table.
        if x + cells(label) + cells(&share) + 1 < w {
            x += pen.text(x, 2, label, Tone::Label, w) + 1;
            x += pen.text(x, 2, &share, Tone::Text, w) + 2;
        }
    }
    let placed = table::place(&FIGURES, w);
    table::heads(pen, 3, &FIGURES, &placed);
    let a = &rooms.archive;
    for (n, (at, f)) in o.figures.iter().rev().enumerate().skip(a.cursor.top).take(a.visible()).enumerate() {
        let y = u16::try_from(n + a.above()).unwrap_or(u16::MAX);
        let mut texts = vec![
            (dates::short(f.as_of, s.today()), Tone::Label),
            (f.average.map_or_else(|| "-".to_owned(), Fen::wan), Tone::Strong),
        ];
        let sums = [f.balance, f.demand, f.fixed, f.wealth, f.fund, f.insurance, f.bond];
        texts.extend(sums.map(|sum| (sum.wan(), Tone::Text)));
        table::row(pen, y, &placed, &texts, Pen::row_tone(at == a.cursor.at, focused));
    }
}

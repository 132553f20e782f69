//! Columns that stand still, and give way one after the other where there is no room for all. What stands in them is the panes' business.

use super::pen::{Pen, cells};
use crate::domain::text::Text;
use crate::ui::theme::Tone;

/// A column.
#[derive(Debug, Clone, Copy)]
pub struct Column {
    /// The word over it.
    pub head: Text,
    /// Cells it takes.
    pub width: u16,
    /// Its texts end at its right edge.
    pub right: bool,
    /// What gives way first has the highest number; 0 always stays.
    pub rank: u8,
}

/// A column at the left edge of its cells.
pub const fn left(head: Text, width: u16, rank: u8) -> Column {
    Column { head, width, right: false, rank }
}

/// A column of figures.
pub const fn right(head: Text, width: u16, rank: u8) -> Column {
    Column { head, width, right: true, rank }
}

/// A column where it stands: which, from where, how wide.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Placed {
    /// Its place in the list.
    pub column: usize,
    x: u16,
    width: u16,
    right: bool,
}

/// The columns that fit into so many cells, a blank between them; the last one takes what is left.
pub fn place(columns: &[Column], w: u16) -> Vec<Placed> {
    let mut kept: Vec<usize> = (0..columns.len()).collect();
    let whole = |kept: &[usize]| kept.iter().filter_map(|n| columns.get(*n)).map(|c| c.width + 1).sum::<u16>() + 1;
    while whole(&kept) > w {
        let gives = kept.iter().enumerate().filter_map(|(at, n)| columns.get(*n).map(|c| (at, c.rank)));
        let Some((at, _)) = gives.filter(|(_, rank)| *rank > 0).max_by_key(|(_, rank)| *rank) else { break };
        kept.remove(at);
    }
    let mut x = 1;
    let last = kept.last().copied();
    let mut placed = Vec::new();
    for n in kept {
        let Some(c) = columns.get(n) else { continue };
        let grows = Some(n) == last && !c.right;
        let width = if grows { w.saturating_sub(x + 1).max(c.width.min(w.saturating_sub(x))) } else { c.width };
        placed.push(Placed { column: n, x, width, right: c.right });
        x += c.width + 1;
    }
    placed
}

/// The words over the columns.
pub fn heads(pen: &mut Pen<'_>, y: u16, columns: &[Column], placed: &[Placed]) {
    for p in placed {
        let Some(c) = columns.get(p.column) else { continue };
        put(pen, y, p, pen.word(c.head), Tone::Label);
    }
}

/// A row: a text and its tone for every column of the list, shown or not. `over` is the tone of the whole row, if it has one.
pub fn row(pen: &mut Pen<'_>, y: u16, placed: &[Placed], texts: &[(String, Tone)], over: Option<Tone>) {
    if let Some(tone) = over {
        pen.fill(y, tone);
    }
    for p in placed {
        let Some((text, tone)) = texts.get(p.column) else { continue };
        put(pen, y, p, text, over.unwrap_or(*tone));
    }
}

fn put(pen: &mut Pen<'_>, y: u16, p: &Placed, text: &str, tone: Tone) {
    if p.right && cells(text) <= p.width {
        pen.right(p.x + p.width, y, text, tone);
    } else {
        pen.column(p.x, y, text, tone, p.width);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::text::t;

    #[test]
    fn columns_give_way_by_rank_and_the_last_takes_what_is_left() {
        let all =
            [left(t("a", "a"), 10, 0), right(t("b", "b"), 10, 2), left(t("c", "c"), 10, 1), left(t("d", "d"), 6, 0)];
        let seen = |w| place(&all, w).iter().map(|p| (p.column, p.x, p.width)).collect::<Vec<_>>();
        assert_eq!(seen(60), [(0, 1, 10), (1, 12, 10), (2, 23, 10), (3, 34, 25)]);
        assert_eq!(seen(40), [(0, 1, 10), (2, 12, 10), (3, 23, 16)]);
        assert_eq!(seen(20), [(0, 1, 10), (3, 12, 7)]);
        assert_eq!(seen(8).len(), 2);
    }
}

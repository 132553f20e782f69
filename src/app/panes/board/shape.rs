//! How a board of a given size is divided: how many columns, how wide, how many cards below how many lines of heading. One place for
//! drawing, clicking and scrolling; nothing is drawn here.

use crate::app::place::Place;

/// The narrowest column whose cards still say 万 and whose heading takes two lines.
const ROOMY: u16 = 19;
/// The narrowest column: a mark, three characters, six cells of a sum, a sign, a gap.
const LEAST: u16 = 15;
/// No column is wider: a sum must not stand far from its name.
const MOST: u16 = 26;
/// Columns that must fit before they may be roomy: the six tiers.
const WANTED: u16 = 6;

/// How the room inside the border is divided.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Shape {
    /// Columns shown side by side.
    pub columns: usize,
    /// Cells of each, the gap to the next one included.
    pub width: u16,
    /// Lines of each heading, above the rule.
    pub head: u16,
    /// Cards shown in a column.
    pub cards: usize,
    /// Room is short: sums without 万, three lines of heading.
    pub narrow: bool,
    /// Rows of the list of those near a line, which has no heading.
    pub rows: usize,
}

impl Shape {
    /// Divides a place, border included, for so many columns in all.
    pub fn of(place: Place, lanes: usize) -> Shape {
        let inside = place.inside();
        let lanes = u16::try_from(lanes).unwrap_or(u16::MAX).max(1);
        let least = if inside.w / ROOMY >= lanes.min(WANTED) { ROOMY } else { LEAST };
        let columns = (inside.w / least).clamp(1, lanes);
        let width = (inside.w / columns).min(MOST);
        let narrow = width < ROOMY;
        let head = if narrow { 3 } else { 2 };
        // A rule below the heading and a footer below the cards.
        let cards = usize::from(inside.h.saturating_sub(head + 2)).max(1);
        let rows = usize::from(inside.h.saturating_sub(2)).max(1);
        Shape { columns: usize::from(columns), width, head, cards, narrow, rows }
    }

    /// The column and the card at a cell inside the border; no card on the heading.
    pub fn at(self, x: u16, y: u16) -> Option<(usize, Option<usize>)> {
        let column = usize::from(x.checked_div(self.width)?);
        let card = y.checked_sub(self.head + 1).map(usize::from).filter(|c| *c < self.cards);
        (column < self.columns).then_some((column, card))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shape(w: u16, h: u16, lanes: usize) -> Shape {
        Shape::of(Place { x: 0, y: 0, w, h }, lanes)
    }

    #[test]
    fn the_three_screens_show_five_and_six_tiers() {
        let cases = [
            // 80×24, 120×30, 160×45.
            (80, 16, Shape { columns: 5, width: 15, head: 3, cards: 9, narrow: true, rows: 12 }),
            (120, 14, Shape { columns: 6, width: 19, head: 2, cards: 8, narrow: false, rows: 10 }),
            (120, 12, Shape { columns: 6, width: 19, head: 2, cards: 6, narrow: false, rows: 8 }),
        ];
        for (w, h, want) in cases {
            assert_eq!(shape(w, h, 7), want, "{w}×{h}");
        }
    }

    #[test]
    fn few_columns_do_not_stretch_over_the_whole_screen_and_none_is_no_division_by_zero() {
        assert_eq!(shape(200, 20, 2).width, MOST);
        assert_eq!(shape(80, 16, 0).columns, 1);
        assert_eq!(shape(3, 2, 7).cards, 1);
    }

    #[test]
    fn columns_never_reach_over_the_border() {
        for w in 20..300 {
            for lanes in 1..40 {
                let s = shape(w, 20, lanes);
                assert!(u16::try_from(s.columns).unwrap() * s.width <= w - 2, "{w} {lanes} {s:?}");
            }
        }
    }

    #[test]
    fn a_cell_is_found_again_in_its_column() {
        let s = shape(120, 12, 7);
        assert_eq!(s.at(0, 0), Some((0, None)));
        assert_eq!(s.at(19, 3), Some((1, Some(0))));
        assert_eq!(s.at(113, 8), Some((5, Some(5))));
        assert_eq!(s.at(113, 9), Some((5, None)));
        assert_eq!(s.at(114, 4), None);
    }
}

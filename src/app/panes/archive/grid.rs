//! Where the fields of a tab stand: two side by side where there is room, long ones on a row of their own; and which field lies above
//! or below another. How a field looks lives in `ui::panes::archive`.

use crate::domain::field::Kind;

/// Where a field stands in the form, in cells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cell {
    /// Row from the top of the form.
    pub row: u16,
    /// Cells from the left.
    pub x: u16,
    /// Cells wide.
    pub width: u16,
}

/// Lays fields of these kinds out in a form so many cells wide.
pub fn lay_out(kinds: impl Iterator<Item = Kind>, w: u16) -> Vec<Cell> {
    let half = w / 2;
    let mut cells = Vec::new();
    let (mut row, mut right) = (0, false);
    for kind in kinds {
        let long = matches!(kind, Kind::Line(60..) | Kind::Note(_)) || w < 64;
        if long {
            row += u16::from(right);
            cells.push(Cell { row, x: 0, width: w });
            (row, right) = (row + 1, false);
        } else {
            cells.push(Cell { row, x: if right { half } else { 0 }, width: half });
            row += u16::from(right);
            right = !right;
        }
    }
    cells
}

/// The field on the row below (or above) in the same column; `None` past the edge of the form.
pub fn beside(cells: &[Cell], at: usize, down: bool) -> Option<usize> {
    let here = cells.get(at)?;
    let row = if down { here.row + 1 } else { here.row.checked_sub(1)? };
    let on_row = || cells.iter().enumerate().filter(|(_, c)| c.row == row);
    let covers = |c: &Cell| c.x <= here.x && here.x < c.x + c.width;
    // A right-hand field may have nothing but a left-hand one below it.
    on_row().find(|(_, c)| covers(c)).or_else(|| on_row().next_back()).map(|(n, _)| n)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn down_and_up_stay_in_the_column_and_stop_at_the_edges() {
        // short short / long / short short / short
        let short = || Kind::Line(10);
        let kinds = [short(), short(), Kind::Line(80), short(), short(), short()];
        let cells = lay_out(kinds.into_iter(), 80);
        let step = |at, down| beside(&cells, at, down);
        assert_eq!(
            (0..6).map(|at| step(at, true)).collect::<Vec<_>>(),
            [Some(2), Some(2), Some(3), Some(5), Some(5), None]
        );
        assert_eq!(
            (0..6).map(|at| step(at, false)).collect::<Vec<_>>(),
            [None, None, Some(0), Some(2), Some(2), Some(3)]
        );
        // In a narrow form all stand below each other.
        let narrow = lay_out([short(), short()].into_iter(), 40);
        assert_eq!(beside(&narrow, 0, true), Some(1));
    }
}

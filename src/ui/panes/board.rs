//! How the board pane looks.

use crate::app::rooms::Rooms;
use crate::ui::kit::pen::Pen;

/// Draws it.
pub fn draw(pen: &mut Pen<'_>, _rooms: &Rooms, focused: bool) {
    pen.border("", "", focused);
}

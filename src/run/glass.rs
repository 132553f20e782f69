//! What frames are written through: ratatui's own backend, but for the cells, which allocate nothing, and the cursor, which waits for
//! the rest of its frame. What is drawn never lives here.

use crossterm::cursor::{Hide, MoveTo, Show};
use crossterm::queue;
use crossterm::style::{Colors, SetColors};
use ratatui::backend::{Backend, ClearType, WindowSize};
use ratatui::buffer::Cell;
use ratatui::layout::{Position, Size};
use ratatui::prelude::{CrosstermBackend, IntoCrossterm};
use ratatui::style::Modifier;
use std::io::{self, BufWriter, Write};

/// A terminal to which every frame goes in one write. ratatui 0.30.2 sends what it has whenever it shows, hides or moves the cursor: a
/// frame with a cursor went out in two, and the terminal might draw between them.
#[derive(Debug)]
pub struct Glass<W: Write>(CrosstermBackend<BufWriter<W>>);

impl<W: Write> Glass<W> {
    /// Over this output, which need not buffer.
    pub fn new(out: W) -> Glass<W> {
        Glass(CrosstermBackend::new(BufWriter::with_capacity(1 << 16, out)))
    }
}

/// Colours and attributes off.
const PLAIN: &[u8] = b"\x1b[0m";

/// What turns an attribute on. crossterm makes a string for each; a frame has hundreds.
const ATTRIBUTES: [(Modifier, &[u8]); 5] = [
    (Modifier::BOLD, b"\x1b[1m"),
    (Modifier::DIM, b"\x1b[2m"),
    (Modifier::ITALIC, b"\x1b[3m"),
    (Modifier::UNDERLINED, b"\x1b[4m"),
    (Modifier::REVERSED, b"\x1b[7m"),
];

impl<W: Write> Glass<W> {
    /// Colours and attributes of a cell, whatever was before.
    fn look(&mut self, cell: &Cell) -> io::Result<()> {
        self.0.write_all(PLAIN)?;
        for (_, on) in ATTRIBUTES.iter().filter(|(m, _)| cell.modifier.contains(*m)) {
            self.0.write_all(on)?;
        }
        let plain = Cell::EMPTY;
        if (cell.fg, cell.bg) == (plain.fg, plain.bg) {
            return Ok(());
        }
        queue!(self.0, SetColors(Colors::new(cell.fg.into_crossterm(), cell.bg.into_crossterm())))
    }
}

impl<W: Write> Write for Glass<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Write::flush(&mut self.0)
    }
}

impl<W: Write> Backend for Glass<W> {
    type Error = io::Error;

    fn draw<'a, I: Iterator<Item = (u16, u16, &'a Cell)>>(&mut self, content: I) -> io::Result<()> {
        let mut next = None;
        let mut last: Option<&Cell> = None;
        for (x, y, cell) in content {
            // After a wide glyph too: terminals do not agree on how wide each is.
            if next != Some((x, y)) {
                queue!(self.0, MoveTo(x, y))?;
            }
            next = Some((x + 1, y));
            let same = |last: &Cell| (last.fg, last.bg, last.modifier) == (cell.fg, cell.bg, cell.modifier);
            if !last.is_some_and(same) {
                self.look(cell)?;
            }
            last = Some(cell);
            self.0.write_all(cell.symbol().as_bytes())?;
        }
        self.0.write_all(PLAIN)
    }

    fn append_lines(&mut self, n: u16) -> io::Result<()> {
        self.0.append_lines(n)
    }

    fn hide_cursor(&mut self) -> io::Result<()> {
        queue!(self.0, Hide)
    }

    fn show_cursor(&mut self) -> io::Result<()> {
        queue!(self.0, Show)
    }

    fn get_cursor_position(&mut self) -> io::Result<Position> {
        self.0.get_cursor_position()
    }

    fn set_cursor_position<P: Into<Position>>(&mut self, position: P) -> io::Result<()> {
        let Position { x, y } = position.into();
        queue!(self.0, MoveTo(x, y))
    }

    fn clear(&mut self) -> io::Result<()> {
        self.0.clear()
    }

    fn clear_region(&mut self, region: ClearType) -> io::Result<()> {
        self.0.clear_region(region)
    }

    fn size(&self) -> io::Result<Size> {
        self.0.size()
    }

    fn window_size(&mut self) -> io::Result<WindowSize> {
        self.0.window_size()
    }

    fn flush(&mut self) -> io::Result<()> {
        Backend::flush(&mut self.0)
    }
}

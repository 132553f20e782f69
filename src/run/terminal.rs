//! The terminal: entered, left, left for a while, and given back whole whatever happens. What is drawn in it never lives here.

use super::glass::Glass;
use crate::ui::guard::{self, Trail};
use crossterm::clipboard::CopyToClipboard;
use crossterm::cursor::{MoveTo, Show};
use crossterm::event::{DisableBracketedPaste, DisableMouseCapture, EnableBracketedPaste, EnableMouseCapture};
use crossterm::style::{Print, ResetColor};
use crossterm::terminal::{
    Clear, ClearType, EnterAlternateScreen, LeaveAlternateScreen, disable_raw_mode, enable_raw_mode,
};
use crossterm::{cursor, execute};
use ratatui::backend::Backend;
use ratatui::layout::Rect;
use ratatui::{Frame, Terminal};
use serde::Deserialize;
use std::io::{self, Stdout};
use std::sync::atomic::{AtomicBool, Ordering};

/// How wide the terminal draws East Asian ambiguous characters (`─ █ “ …`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Ambiguous {
    /// Ask the terminal at start.
    #[default]
    Auto,
    /// One cell.
    Narrow,
    /// Two cells: ASCII twins are drawn instead.
    Wide,
}

/// Whether the terminal is ours at the moment; the panic hook and the signals look here.
static INSIDE: AtomicBool = AtomicBool::new(false);

/// Gives the terminal back if it is ours: raw mode, mouse, paste, alternate screen, cursor, colours. Safe to call at any time, from
/// any thread, as often as one likes.
pub fn restore() {
    if INSIDE.swap(false, Ordering::SeqCst) {
        let mut out = io::stdout();
        // Each step for itself: a terminal that refuses one must still get the others.
        let _ = execute!(out, DisableMouseCapture);
        let _ = execute!(out, DisableBracketedPaste);
        let _ = execute!(out, ResetColor, LeaveAlternateScreen, Show);
        let _ = disable_raw_mode();
    }
}

/// The terminal while the workbench is open.
pub struct Screen {
    terminal: Terminal<Glass<Stdout>>,
    trail: Trail,
    wide: bool,
    mouse: bool,
}

impl Screen {
    /// Takes the terminal over. Must be called before the reader of events starts: the width probe reads an answer itself.
    ///
    /// # Errors
    /// Standard output is no terminal, or the terminal refuses.
    pub fn enter(mouse: bool, ambiguous: Ambiguous) -> io::Result<Screen> {
        take(mouse)?;
        let wide = match ambiguous {
            Ambiguous::Narrow => false,
            Ambiguous::Wide => true,
            Ambiguous::Auto => draws_wide(),
        };
        let terminal = Terminal::new(Glass::new(io::stdout())).inspect_err(|_| restore())?;
        Ok(Screen { terminal, trail: Trail::default(), wide, mouse })
    }

    /// Whether ASCII twins are drawn for ambiguous characters.
    pub fn wide(&self) -> bool {
        self.wide
    }

    /// Columns and rows.
    ///
    /// # Errors
    /// The terminal is gone.
    pub fn size(&self) -> io::Result<(u16, u16)> {
        let size = self.terminal.size()?;
        Ok((size.width, size.height))
    }

    /// Draws one frame.
    ///
    /// # Errors
    /// The terminal does not take it.
    pub fn draw(&mut self, paint: impl FnOnce(&mut Frame<'_>)) -> io::Result<()> {
        let (wide, trail) = (self.wide, &mut self.trail);
        self.terminal.draw(|frame| {
            paint(frame);
            if wide {
                guard::unambiguous(frame.buffer_mut());
            }
            trail.mark(frame.buffer_mut());
        })?;
        Ok(())
    }

    /// Draws the next frame from scratch.
    ///
    /// # Errors
    /// The terminal does not take it.
    pub fn refresh(&mut self) -> io::Result<()> {
        // Not `Terminal::clear`: it asks where the cursor is, and the reader of events would eat the answer.
        let size = self.terminal.backend().size()?;
        self.trail.forget();
        self.terminal.resize(Rect::from((ratatui::layout::Position::ORIGIN, size)))
    }

    /// Puts text on the clipboard of the terminal (OSC 52).
    ///
    /// # Errors
    /// The terminal does not take it.
    pub fn copy(&mut self, text: &str) -> io::Result<()> {
        execute!(self.terminal.backend_mut(), CopyToClipboard::to_clipboard_from(text))
    }

    /// Rings.
    ///
    /// # Errors
    /// The terminal does not take it.
    pub fn bell(&mut self) -> io::Result<()> {
        execute!(self.terminal.backend_mut(), Print('\u{7}'))
    }

    /// Gives the terminal back for a while.
    pub fn step_out(&mut self) {
        let _ = Backend::flush(self.terminal.backend_mut());
        restore();
    }

    /// Takes it over again and draws from scratch.
    ///
    /// # Errors
    /// The terminal refuses.
    pub fn step_in(&mut self) -> io::Result<()> {
        take(self.mouse)?;
        self.refresh()
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        self.step_out();
        // ratatui shows the cursor again when it is dropped, and prints where it cannot: on a terminal that is gone that panics. It is
        // told here that the cursor shows, as `restore` saw to.
        let _ = self.terminal.show_cursor();
    }
}

fn take(mouse: bool) -> io::Result<()> {
    enable_raw_mode()?;
    INSIDE.store(true, Ordering::SeqCst);
    let mut out = io::stdout();
    let entered = execute!(out, EnterAlternateScreen, Clear(ClearType::All), EnableBracketedPaste)
        .and_then(|()| if mouse { execute!(out, EnableMouseCapture) } else { Ok(()) });
    entered.inspect_err(|_| restore())
}

/// Prints a line character and asks where the cursor is. A terminal that does not answer counts as narrow, as nearly all are.
#[cfg(not(windows))]
fn draws_wide() -> bool {
    let mut out = io::stdout();
    let asked = execute!(out, MoveTo(0, 0), Print('\u{2500}')).and_then(|()| cursor::position());
    let _ = execute!(out, MoveTo(0, 0), Clear(ClearType::All));
    matches!(asked, Ok((2.., _)))
}

/// Windows Terminal draws narrow unless told otherwise; the old console with a Chinese code page draws wide and cannot be asked.
#[cfg(windows)]
fn draws_wide() -> bool {
    std::env::var_os("WT_SESSION").is_none()
}

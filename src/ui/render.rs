//! Draws the whole screen.

use super::theme::Theme;
use crate::app::machine::App;
use ratatui::Frame;

/// Draws the app.
pub fn render(_app: &App, _theme: &Theme, _frame: &mut Frame<'_>) {}

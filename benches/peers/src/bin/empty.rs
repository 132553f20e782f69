//! The least a ratatui program can do: take the terminal, draw one word, wait for a key. `benches/screen.rs` holds the first frame of
//! guitai against it.

use ratatui::crossterm::event;

fn main() -> std::io::Result<()> {
    let mut terminal = ratatui::init();
    terminal.draw(|frame| frame.render_widget("ready", frame.area()))?;
    event::read()?;
    ratatui::restore();
    Ok(())
}

//! `pictures`: the README's pictures, drawn by the program itself from the demo as of its own day. A test draws them anew and compares.

use super::files::unmade;
use crate::domain::text::Lang;
use crate::exchange::demo;
use crate::run::fault::Fault;
use crate::run::scratch::Scratch;
use crate::run::still::Still;
use crate::store::open::{File, Mode, Station};
use crate::ui::picture;
use crate::ui::theme::Theme;
use std::path::Path;

/// A picture: name, columns and rows, language, keys typed.
const PICTURES: [(&str, (u16, u16), Lang, &str); 7] = [
    ("all-zh", (160, 45), Lang::Zh, "wang<Down><Enter><F7><Down>"),
    ("all-en", (160, 45), Lang::En, "wang<Down><Enter><F7><Down>"),
    ("search-zh", (80, 24), Lang::Zh, "z 玉溪<Down>"),
    ("archive-zh", (80, 24), Lang::Zh, "#贵宾 owner:我<Enter>"),
    ("board-zh", (120, 30), Lang::Zh, "<F6><Right><Right>"),
    ("today-zh", (80, 24), Lang::Zh, "<F7><Down>c1"),
    ("month-en", (120, 30), Lang::En, "<F7>m"),
];

/// Draws all pictures into a folder, as `NAME.svg`.
///
/// # Errors
/// The demo cannot be made, or the folder cannot be written.
pub fn pictures(folder: &Path) -> Result<(), Fault> {
    let failed = |e: std::io::Error| Fault::refused(format!("写不了图：{e}"), format!("Cannot write pictures: {e}"));
    let scratch = Scratch::new("pictures")?;
    std::fs::create_dir_all(folder).map_err(failed)?;
    let file = scratch.join("demo.db");
    demo::demo(1, &file).map_err(unmade)?;
    for (name, size, lang, keys) in PICTURES {
        let svg = picture(&file, size, lang, keys)?;
        std::fs::write(folder.join(format!("{name}.svg")), svg).map_err(failed)?;
    }
    Ok(())
}

fn picture(file: &Path, size: (u16, u16), lang: Lang, keys: &str) -> Result<String, Fault> {
    let station = Station::new("1", 1);
    let file = File::open(file, Mode::Write, &station).map_err(|e| super::unopened(&e))?;
    let mut still = Still::demo(file, size, lang);
    still.keys(keys);
    let theme = Theme::default();
    let (buffer, cursor) = still.draw(&theme);
    Ok(picture::svg(&buffer, theme.light, cursor))
}

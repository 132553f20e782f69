//! A finished frame as an SVG picture: the same buffer gives the same bytes. For the README and for tests; what is on the frame
//! is never decided here.

use super::theme;
use ratatui::buffer::Buffer;
use ratatui::style::{Color, Modifier};
use std::fmt::Write as _;
use unicode_width::UnicodeWidthStr;

/// Width of a cell in SVG units; a CJK glyph takes two.
const CELL: usize = 8;
/// Height of a line.
const LINE: usize = 18;
/// Size of the type: two cells to the em, as CJK monospace fonts have it.
const TYPE: usize = 16;
/// From the top of a line to the foot of its letters.
const FOOT: usize = 14;
/// Blank round the screen.
const EDGE: usize = 8;

/// How a run of cells looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Look {
    ink: &'static str,
    paper: &'static str,
    bold: bool,
    dim: bool,
    underlined: bool,
}

/// What is drawn in a cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Sort {
    Narrow,
    Wide,
    /// Lines and blocks are drawn, not typed: fonts leave gaps between them.
    Drawn,
}

/// Cells of one row that look alike.
struct Run {
    column: usize,
    cells: usize,
    look: Look,
    sort: Sort,
    text: String,
}

/// Draws the frame on dark or light paper, with the cursor at `cursor` (column, row) if there is one.
pub fn svg(buf: &Buffer, light: bool, cursor: Option<(u16, u16)>) -> String {
    let (ink, paper) = theme::paper(light);
    let columns = usize::from(buf.area.width);
    let rows = usize::from(buf.area.height);
    let (w, h) = (columns * CELL + 2 * EDGE, rows * LINE + 2 * EDGE);
    let mut out = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {w} {h}\" width=\"{w}\" height=\"{h}\" font-size=\"{TYPE}\" \
         font-family=\"'Noto Sans Mono CJK SC','Sarasa Mono SC','Source Han Mono SC',NSimSun,'Microsoft YaHei',monospace\">\n\
         <rect width=\"{w}\" height=\"{h}\" rx=\"6\" fill=\"{paper}\"/>\n\
         <g transform=\"translate({EDGE} {EDGE})\" xml:space=\"preserve\" fill=\"{ink}\">\n"
    );
    for (row, line) in buf.content.chunks(columns.max(1)).enumerate() {
        let runs = runs(line, ink, paper);
        for run in &runs {
            ground(&mut out, run, row, paper);
        }
        for run in &runs {
            match run.sort {
                Sort::Drawn => drawing(&mut out, run, row, ink),
                _ => typed(&mut out, run, row, ink),
            }
        }
    }
    if let Some((x, y)) = cursor {
        let (x, y) = (usize::from(x) * CELL, usize::from(y) * LINE);
        let _ = writeln!(out, "<rect x=\"{x}\" y=\"{}\" width=\"2\" height=\"{}\"/>", y + 1, LINE - 2);
    }
    out.push_str("</g>\n</svg>\n");
    out
}

fn runs(line: &[ratatui::buffer::Cell], ink: &'static str, paper: &'static str) -> Vec<Run> {
    let mut runs: Vec<Run> = Vec::new();
    let mut column = 0;
    while let Some(cell) = line.get(column) {
        let symbol = cell.symbol();
        let cells = symbol.width().max(1);
        let look = look(cell.fg, cell.bg, cell.modifier, ink, paper);
        let sort = match symbol.chars().next() {
            Some('\u{2500}'..='\u{259f}') => Sort::Drawn,
            _ if cells > 1 => Sort::Wide,
            _ => Sort::Narrow,
        };
        match runs.last_mut() {
            Some(run) if run.look == look && run.sort == sort && run.column + run.cells == column => {
                run.cells += cells;
                run.text.push_str(symbol);
            }
            _ => runs.push(Run { column, cells, look, sort, text: symbol.to_owned() }),
        }
        column += cells;
    }
    runs
}

fn look(fg: Color, bg: Color, modifier: Modifier, ink: &'static str, paper: &'static str) -> Look {
    let (mut front, mut back) = (theme::paint(fg).unwrap_or(ink), theme::paint(bg).unwrap_or(paper));
    if modifier.contains(Modifier::REVERSED) {
        std::mem::swap(&mut front, &mut back);
    }
    Look {
        ink: front,
        paper: back,
        bold: modifier.contains(Modifier::BOLD),
        dim: modifier.contains(Modifier::DIM),
        underlined: modifier.contains(Modifier::UNDERLINED),
    }
}

fn ground(out: &mut String, run: &Run, row: usize, paper: &str) {
    if run.look.paper != paper {
        let (x, y, w) = (run.column * CELL, row * LINE, run.cells * CELL);
        let _ =
            writeln!(out, "<rect x=\"{x}\" y=\"{y}\" width=\"{w}\" height=\"{LINE}\" fill=\"{}\"/>", run.look.paper);
    }
}

fn paint(look: &Look, ink: &str) -> String {
    let mut said = String::new();
    if look.ink != ink {
        let _ = write!(said, " fill=\"{}\"", look.ink);
    }
    if look.dim {
        said.push_str(" opacity=\"0.6\"");
    }
    said
}

fn typed(out: &mut String, run: &Run, row: usize, ink: &str) {
    let (y, w) = (row * LINE, run.cells * CELL);
    if run.look.underlined {
        let (x, fill) = (run.column * CELL, paint(&run.look, ink));
        let _ = writeln!(out, "<rect x=\"{x}\" y=\"{}\" width=\"{w}\" height=\"1\"{fill}/>", y + FOOT + 2);
    }
    // Blanks at either end say nothing, and some viewers fold them.
    let begun = run.text.trim_start_matches(' ');
    let lead = run.text.len() - begun.len();
    let text = begun.trim_end_matches(' ');
    if text.is_empty() {
        return;
    }
    let cells = text.width();
    let x = (run.column + lead) * CELL;
    let weight = if run.look.bold { " font-weight=\"bold\"" } else { "" };
    let length = cells * CELL;
    let _ = writeln!(
        out,
        "<text x=\"{x}\" y=\"{}\" textLength=\"{length}\" lengthAdjust=\"spacingAndGlyphs\"{weight}{}>{}</text>",
        y + FOOT,
        paint(&run.look, ink),
        escaped(text)
    );
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

/// Lines are one path a run, blocks a rectangle each.
fn drawing(out: &mut String, run: &Run, row: usize, ink: &str) {
    let fill = paint(&run.look, ink);
    let (middle, half, top) = (LINE / 2, CELL / 2, row * LINE);
    let mut path = String::new();
    for (i, c) in run.text.chars().enumerate() {
        let x = (run.column + i) * CELL;
        if let Some((from, height)) = block(c) {
            let _ = writeln!(out, "<rect x=\"{x}\" y=\"{}\" width=\"{CELL}\" height=\"{height}\"{fill}/>", top + from);
            continue;
        }
        let [left, right, up, down] = arms(c);
        if left || right {
            let (from, to) = (if left { x } else { x + half }, if right { x + CELL } else { x + half });
            let _ = write!(path, "M{from} {}H{to}", top + middle);
        }
        if up || down {
            let (from, to) = (if up { top } else { top + middle }, if down { top + LINE } else { top + middle });
            let _ = write!(path, "M{} {from}V{to}", x + half);
        }
    }
    if !path.is_empty() {
        let stroke = run.look.ink;
        let width = if run.look.bold { "1.6" } else { "1" };
        let dim = if run.look.dim { " opacity=\"0.6\"" } else { "" };
        let _ = writeln!(out, "<path d=\"{path}\" stroke=\"{stroke}\" stroke-width=\"{width}\" fill=\"none\"{dim}/>");
    }
}

/// Where a block element begins under the top of its line, and its height.
fn block(c: char) -> Option<(usize, usize)> {
    match c {
        '\u{2581}'..='\u{2588}' => {
            let eighths = c as usize - 0x2580;
            let height = LINE * eighths / 8;
            Some((LINE - height, height))
        }
        '\u{2580}' => Some((0, LINE / 2)),
        '\u{2589}'..='\u{259f}' => Some((0, LINE)),
        _ => None,
    }
}

/// Which arms a box character has: left, right, up, down.
fn arms(c: char) -> [bool; 4] {
    match c {
        '─' | '━' | '═' | '╌' | '┄' => [true, true, false, false],
        '│' | '┃' | '║' | '┆' => [false, false, true, true],
        '┌' | '┏' | '╔' | '╭' => [false, true, false, true],
        '┐' | '┓' | '╗' | '╮' => [true, false, false, true],
        '└' | '┗' | '╚' | '╰' => [false, true, true, false],
        '┘' | '┛' | '╝' | '╯' => [true, false, true, false],
        '├' | '┣' | '╠' => [false, true, true, true],
        '┤' | '┫' | '╣' => [true, false, true, true],
        '┬' | '┳' | '╦' => [true, true, false, true],
        '┴' | '┻' | '╩' => [true, true, true, false],
        _ => [true; 4],
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::theme::{Theme, Tone};
    use ratatui::layout::Rect;
    use ratatui::style::Style;
    use ratatui::widgets::{Block, Widget};

    fn sample() -> Buffer {
        let mut buf = Buffer::empty(Rect::new(0, 0, 30, 4));
        Block::bordered().title("客户").render(buf.area, &mut buf);
        buf.set_string(2, 1, "张山河 <31.0万> & ▁▄█", Style::new());
        buf.set_string(2, 2, "柜a", Theme::default().of(Tone::Selected));
        buf
    }

    #[test]
    fn the_same_frame_gives_the_same_bytes() {
        assert_eq!(svg(&sample(), false, Some((2, 2))), svg(&sample(), false, Some((2, 2))));
        assert_ne!(svg(&sample(), false, None), svg(&sample(), true, None));
    }

    #[test]
    fn every_run_stands_on_its_own_cell_and_is_as_long_as_its_cells() {
        let picture = svg(&sample(), false, None);
        let y = LINE + FOOT;
        let x = 2 * CELL;
        assert!(picture.contains(&format!("<text x=\"{x}\" y=\"{y}\" textLength=\"{}\"", 6 * CELL)), "{picture}");
        assert!(picture.contains(">张山河</text>"), "{picture}");
        assert!(picture.contains("&lt;31.0</text>"), "{picture}");
    }

    #[test]
    fn text_cannot_leave_the_picture() {
        let mut buf = Buffer::empty(Rect::new(0, 0, 20, 1));
        buf.set_string(0, 0, "</text><script>", Style::new());
        let picture = svg(&buf, false, None);
        assert!(!picture.contains("<script"));
        assert!(picture.contains("&lt;/text&gt;&lt;script&gt;"));
    }

    #[test]
    fn a_selected_row_has_its_ground_under_every_cell() {
        let picture = svg(&sample(), false, None);
        let ground: usize = picture
            .lines()
            .filter(|l| l.starts_with("<rect") && l.contains(&format!("y=\"{}\"", 2 * LINE)))
            .filter_map(|l| l.split("width=\"").nth(1)?.split('"').next()?.parse::<usize>().ok())
            .sum();
        assert_eq!(ground, 3 * CELL);
    }
}

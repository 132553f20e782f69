//! The whole screen: header, panes, strip, message, keys, layers. It draws the rooms and changes nothing.

use super::guard;
use super::header;
use super::kit::pen::{Pen, cells};
use super::layers;
use super::panes;
use super::theme::{Theme, Tone};
use crate::app::cx::Pane;
use crate::app::frame as words;
use crate::app::keymap;
use crate::app::layers::Layer;
use crate::app::message::Tone as Said;
use crate::app::place::{LEAST, Place, Places, arrange};
use crate::app::rooms::Rooms;
use crate::app::words::imports as said;
use crate::domain::text::{Lang, t};
use ratatui::Frame;

/// Draws everything, and puts the terminal's cursor where typing goes.
pub fn render(rooms: &Rooms, theme: &Theme, frame: &mut Frame<'_>) {
    // The size that the panes were arranged for. A terminal just resized is seen here before the app is told, and clips this frame.
    let (w, h) = rooms.shared.size;
    let screen = Place { x: 0, y: 0, w, h };
    let lang = rooms.shared.lang;
    let Some(places) = arrange((w, h), rooms.focus) else {
        let mut cursor = None;
        let mut pen = Pen::new(frame.buffer_mut(), &mut cursor, theme, lang, screen);
        too_small(&mut pen);
        return;
    };
    if let Some(door) = &rooms.door {
        // Nothing of what lies behind it is drawn at all.
        let mut cursor = None;
        layers::door::draw(&mut Pen::new(frame.buffer_mut(), &mut cursor, theme, lang, screen), door, rooms);
        if let Some(at) = cursor {
            frame.set_cursor_position(at);
        }
        return;
    }
    let mut cursor = None;
    {
        let mut pen = Pen::new(frame.buffer_mut(), &mut cursor, theme, lang, screen);
        header::draw(&mut pen.at(places.header), rooms);
        if let Some(place) = places.tabs {
            tabs(&mut pen.at(place), rooms);
        }
        draw_panes(&mut pen, rooms, &places);
        message(&mut pen.at(places.message), rooms);
        bar(&mut pen.at(places.bar), rooms);
    }
    let last = rooms.layers.len().saturating_sub(1);
    for (at, layer) in rooms.layers.iter().enumerate() {
        guard::clear_wide(frame, layers::area(layer, screen));
        // Whatever is under a layer no longer has the cursor.
        cursor = None;
        let mut pen = Pen::new(frame.buffer_mut(), &mut cursor, theme, lang, screen);
        layers::draw(&mut pen, layer, rooms, at == last);
    }
    if let Some(at) = cursor {
        frame.set_cursor_position(at);
    }
}

fn too_small(pen: &mut Pen<'_>) {
    let (w, h) = LEAST;
    for (y, lang) in [Lang::Zh, Lang::En].into_iter().enumerate() {
        let words = match lang {
            Lang::Zh => format!("窗口太小，需要 {w}x{h}"),
            Lang::En => format!("Window too small, {w}x{h} needed"),
        };
        let y = u16::try_from(y).unwrap_or(0);
        let width = pen.place.w;
        pen.text(0, y, &words, Tone::Warning, width);
    }
}

fn draw_panes(pen: &mut Pen<'_>, rooms: &Rooms, places: &Places) {
    let focus = if rooms.layers.is_empty() { Some(rooms.focus) } else { None };
    if let Some(place) = places.search {
        panes::search::draw(&mut pen.at(place), rooms, focus == Some(Pane::Search));
    }
    if let Some(place) = places.archive {
        panes::archive::draw(&mut pen.at(place), rooms, focus == Some(Pane::Archive));
    }
    if let Some(place) = places.board {
        panes::board::draw(&mut pen.at(place), rooms, focus == Some(Pane::Board));
    }
    if let Some(place) = places.agenda {
        panes::agenda::draw(&mut pen.at(place), rooms, focus == Some(Pane::Agenda));
    }
    if let Some(place) = places.strip {
        panes::archive::strip(&mut pen.at(place), rooms);
    }
}

fn tabs(pen: &mut Pen<'_>, rooms: &Rooms) {
    let mut x = 1;
    for pane in [Pane::Search, Pane::Archive, Pane::Board, Pane::Agenda] {
        let here = pane == rooms.focus;
        let word = format!("{}{}", words::pane_key(pane), words::pane(pane).get(pen.lang));
        let word = if here { format!("[{word}]") } else { format!(" {word} ") };
        let tone = if here { Tone::Accent } else { Tone::Label };
        let w = pen.place.w;
        pen.text(x, 0, &word, tone, w);
        x += words::tab_width(pane, pen.lang) + 2;
    }
}

/// Whether a message is about the customer who looks at the screen.
fn present(rooms: &Rooms, text: &str) -> bool {
    let open = rooms.archive.opened().filter(|o| !rooms.shared.covers(o.customer.id));
    open.is_some_and(|o| text.contains(&o.customer.name))
}

fn message(pen: &mut Pen<'_>, rooms: &Rooms) {
    let mut w = pen.place.w;
    // What is under way, or waits to be looked at, stays at the edge until it is over.
    let i = &rooms.imports;
    let edge = match &i.running {
        // The import screen says it itself.
        Some(_) if rooms.layers.iter().any(|l| matches!(l, Layer::Imports)) => String::new(),
        Some(running) => said::under_way(pen.lang, running),
        // The message that offers them says it until it is over.
        None if i.offered > 0 && rooms.shared.messages.current().is_none() => said::waiting(pen.lang, i.offered),
        None => String::new(),
    };
    if !edge.is_empty() {
        pen.right(w - 1, 0, &edge, Tone::Due);
        w = w.saturating_sub(cells(&edge) + 2);
    }
    // What was done may name anybody; what was refused must be read.
    let shown =
        |m: &&crate::app::message::Message| !rooms.shared.hidden || m.tone != Said::Done || present(rooms, &m.text);
    if let Some(m) = rooms.shared.messages.current().filter(shown) {
        let tone = match m.tone {
            Said::Done => Tone::Ok,
            Said::Note => Tone::Text,
            Said::Trouble => Tone::Error,
        };
        // What is older than half a minute is dim, after five it is left to the log: it is no longer what just happened.
        let age = (rooms.shared.now - m.at).num_seconds();
        if age > 300 {
            return;
        }
        let old = age > 30;
        let sign = if m.tone == Said::Trouble { "! " } else { "" };
        pen.column(1, 0, &format!("{sign}{}", m.text), if old { Tone::Label } else { tone }, w.saturating_sub(2));
    }
}

fn bar(pen: &mut Pen<'_>, rooms: &Rooms) {
    if rooms.layers.iter().any(|l| matches!(l, Layer::Imports)) {
        // What stands on top of it says its keys itself.
        if let Some(Layer::Imports) = rooms.layers.last() {
            layers::imports::bar(pen, rooms);
        }
        return;
    }
    let w = pen.place.w;
    let mut x = 1;
    for command in keymap::bar(rooms) {
        let (_, width) = words::bar_word(command, pen.lang);
        if x + width > w {
            break;
        }
        let key = command.key_name();
        let used = pen.text(x, 0, &key, Tone::Accent, w);
        pen.text(x + used, 0, command.label.get(pen.lang), Tone::Text, w);
        x += width + 1;
    }
    let open = pen.word(t("1-9打开", "1-9 opens"));
    if rooms.focus != Pane::Archive && x + cells(open) + 1 < w {
        pen.text(x + 1, 0, open, Tone::Label, w);
    }
}

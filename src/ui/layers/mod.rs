//! How the layers look, each on top of the panes.

pub mod audit;
pub mod call;
pub mod chooser;
pub mod clash;
pub mod confirm;
pub mod door;
pub mod imports;
pub mod orphans;
pub mod reading;
pub mod results;
pub mod second;
pub mod sheet;
pub mod twins;

use super::kit::pen::{Pen, rect};
use crate::app::form::Eyes;
use crate::app::layers::Layer;
use crate::app::place::Place;
use crate::app::rooms::Rooms;
use crate::domain::text::t;
use crate::ui::theme::Tone;
use ratatui::layout::Rect;

/// The place of a popup of this size, in the middle of the screen.
fn middle(screen: Place, w: u16, h: u16) -> Place {
    let (w, h) = (w.min(screen.w), h.min(screen.h));
    Place { x: screen.x + (screen.w - w) / 2, y: screen.y + (screen.h - h) / 3, w, h }
}

/// Where a layer stands, so that what is under it can be cut cleanly.
pub fn area(layer: &Layer, screen: Place) -> Rect {
    let place = match layer {
        Layer::Chooser(c) => {
            middle(screen, screen.w.saturating_sub(8).min(84), u16::try_from(c.height).unwrap_or(12) + 4)
        }
        Layer::Confirm(_) => middle(screen, screen.w.saturating_sub(8).min(76), 7),
        Layer::Sheet(s) => middle(screen, screen.w.saturating_sub(6).min(78), sheet::height(s)),
        Layer::Second(_) => middle(screen, screen.w.saturating_sub(6).min(78), second::HEIGHT),
        Layer::Call(_) => Place { x: screen.x, y: screen.y + screen.h.saturating_sub(5), w: screen.w, h: 4 },
        Layer::Clash(c) => middle(screen, screen.w.saturating_sub(4).min(120), clash::height(c).min(screen.h)),
        Layer::Reading(_)
        | Layer::Orphans(_)
        | Layer::Planned(_)
        | Layer::Twins(_)
        | Layer::Merging(_)
        | Layer::Results(_)
        | Layer::Audit(_) => middle(screen, screen.w.saturating_sub(8).min(110), screen.h.saturating_sub(6)),
        // Header, message and keys stay.
        Layer::Imports => Place { y: screen.y + 1, h: screen.h.saturating_sub(3), ..screen },
    };
    rect(place)
}

/// Whether a layer shows more customers than the one who may be looking, or what was said of them.
fn many(layer: &Layer) -> bool {
    match layer {
        Layer::Reading(_)
        | Layer::Orphans(_)
        | Layer::Planned(_)
        | Layer::Twins(_)
        | Layer::Merging(_)
        | Layer::Audit(_)
        | Layer::Results(_)
        | Layer::Clash(_) => true,
        Layer::Chooser(_)
        | Layer::Confirm(_)
        | Layer::Sheet(_)
        | Layer::Call(_)
        | Layer::Second(_)
        | Layer::Imports => false,
    }
}

/// Draws a layer.
pub fn draw(pen: &mut Pen<'_>, layer: &Layer, rooms: &Rooms, top: bool) {
    let screen = pen.place;
    let r = area(layer, screen);
    let mut pen = pen.at(Place { x: r.x, y: r.y, w: r.width, h: r.height });
    pen.clear();
    if rooms.shared.hidden && many(layer) {
        pen.border(pen.word(t("已遮挡", "Covered")), "F12", true);
        let words = pen.word(t("这里有别的客户：F12 打开后再看", "Other customers are listed here; F12 uncovers"));
        let w = pen.place.w;
        pen.text(2, 2, words, Tone::Label, w.saturating_sub(3));
        return;
    }
    match layer {
        Layer::Chooser(c) => chooser::draw(&mut pen, c, top, rooms.shared.hidden),
        Layer::Confirm(c) => confirm::draw(&mut pen, c),
        Layer::Sheet(s) => {
            let eyes: Eyes<'_> = rooms.shared.eyes();
            sheet::draw(&mut pen, s, eyes, top, rooms.shared.hidden);
        }
        Layer::Call(c) => call::draw(&mut pen, c, &rooms.shared),
        Layer::Clash(c) => clash::draw(&mut pen, c, rooms),
        Layer::Reading(text) => reading::draw(&mut pen, text),
        Layer::Orphans(o) => orphans::draw(&mut pen, o, rooms),
        Layer::Twins(list) => twins::draw(&mut pen, list, rooms),
        Layer::Merging(m) => twins::merging(&mut pen, m, rooms),
        Layer::Planned(p) => reading::planned(&mut pen, &p.text),
        Layer::Audit(list) => audit::draw(&mut pen, list, rooms),
        Layer::Results(r) => results::draw(&mut pen, r, rooms),
        Layer::Second(s) => second::draw(&mut pen, s, rooms, top),
        Layer::Imports => imports::draw(&mut pen, rooms, top),
    }
}

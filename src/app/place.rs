//! Where things stand on the screen, in cells: one pane and a strip at 80×24, two panes at 120×30, all four from 160×40. How they
//! are drawn lives in `ui`.

use super::cx::Pane;

/// A rectangle of cells.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Place {
    /// Cells from the left edge.
    pub x: u16,
    /// Cells from the top edge.
    pub y: u16,
    /// Width.
    pub w: u16,
    /// Height.
    pub h: u16,
}

impl Place {
    /// Whether a cell lies in it.
    pub fn holds(self, x: u16, y: u16) -> bool {
        x >= self.x && y >= self.y && x - self.x < self.w && y - self.y < self.h
    }

    /// What is left inside a border.
    pub fn inside(self) -> Place {
        Place { x: self.x + 1, y: self.y + 1, w: self.w.saturating_sub(2), h: self.h.saturating_sub(2) }
    }
}

/// The smallest screen that is drawn.
pub const LEAST: (u16, u16) = (80, 24);

/// Where everything stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Places {
    /// Branch, person, day, counts.
    pub header: Place,
    /// The names of the panes, where not all are shown.
    pub tabs: Option<Place>,
    /// 客户查找
    pub search: Option<Place>,
    /// 客户档案
    pub archive: Option<Place>,
    /// 分级看板
    pub board: Option<Place>,
    /// 今日任务
    pub agenda: Option<Place>,
    /// The customer under the cursor, where the archive is not shown.
    pub strip: Option<Place>,
    /// What just happened.
    pub message: Place,
    /// The keys.
    pub bar: Place,
}

impl Places {
    /// Where a pane stands, if it is shown.
    pub fn of(&self, pane: Pane) -> Option<Place> {
        match pane {
            Pane::Search => self.search,
            Pane::Archive => self.archive,
            Pane::Board => self.board,
            Pane::Agenda => self.agenda,
        }
    }

    fn set(&mut self, pane: Pane, place: Place) {
        let slot = match pane {
            Pane::Search => &mut self.search,
            Pane::Archive => &mut self.archive,
            Pane::Board => &mut self.board,
            Pane::Agenda => &mut self.agenda,
        };
        *slot = Some(place);
    }
}

/// Arranges a screen of `(columns, rows)`; nothing when it is too small.
pub fn arrange(size: (u16, u16), focus: Pane) -> Option<Places> {
    let (w, h) = size;
    if w < LEAST.0 || h < LEAST.1 {
        return None;
    }
    let mut p = Places {
        header: Place { x: 0, y: 0, w, h: 1 },
        message: Place { x: 0, y: h - 2, w, h: 1 },
        bar: Place { x: 0, y: h - 1, w, h: 1 },
        ..Places::default()
    };
    if w >= 160 && h >= 40 {
        let agenda = (w / 4).clamp(40, 56);
        let search = (w * 52 / 160).clamp(52, 70);
        let body = h - 3;
        let board = (body * 3 / 10).clamp(12, 24);
        let top = body - board;
        let left = w - agenda;
        p.search = Some(Place { x: 0, y: 1, w: search, h: top });
        p.archive = Some(Place { x: search, y: 1, w: left - search, h: top });
        p.board = Some(Place { x: 0, y: 1 + top, w: left, h: board });
        p.agenda = Some(Place { x: left, y: 1, w: agenda, h: body });
        return Some(p);
    }
    p.tabs = Some(Place { x: 0, y: 1, w, h: 1 });
    if w >= 120 && h >= 30 {
        let beside = if focus == Pane::Archive { Pane::Agenda } else { Pane::Archive };
        let body = Place { x: 0, y: 2, w, h: h - 4 };
        let half = w * 11 / 20;
        if focus == Pane::Board {
            // The board is wide; it stands over the archive instead of beside it.
            let top = body.h * 11 / 20;
            p.board = Some(Place { h: top, ..body });
            p.archive = Some(Place { y: body.y + top, h: body.h - top, ..body });
        } else {
            p.set(focus, Place { w: half, ..body });
            p.set(beside, Place { x: half, w: w - half, ..body });
        }
        return Some(p);
    }
    let strip = if focus == Pane::Archive { 0 } else { 4 };
    p.set(focus, Place { x: 0, y: 2, w, h: h - 4 - strip });
    if strip > 0 {
        p.strip = Some(Place { x: 0, y: h - 2 - strip, w, h: strip });
    }
    Some(p)
}

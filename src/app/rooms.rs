//! All parts of the machine side by side: what is shared, the four panes, the layers. Commands work on it; the machine feeds it.

use super::absent::Aside;
use super::batch::Giving;
use super::cx::{Cx, Go, Out, Pane};
use super::imports::Imports;
use super::layers::Layer;
use super::layers::clash::Clashing;
use super::layers::door::Door;
use super::panes::agenda::Agenda;
use super::panes::archive::Archive;
use super::panes::board::Board;
use super::panes::search::Search;
use super::place::{Places, arrange};
use super::shared::{Shared, Start};
use crate::domain::ids::{CustomerId, StaffId};
use crate::domain::text::Text;
use std::collections::VecDeque;

/// All parts.
#[derive(Debug)]
pub struct Rooms {
    /// What all panes share.
    pub shared: Shared,
    /// What is collected for the outside.
    pub out: Out,
    /// The pane in focus.
    pub focus: Pane,
    /// The panes one came from, the last one last.
    pub came_from: Vec<Pane>,
    /// 客户查找
    pub search: Search,
    /// 客户档案
    pub archive: Archive,
    /// 分级看板
    pub board: Board,
    /// 今日任务
    pub agenda: Agenda,
    /// The door, while it stands before everything.
    pub door: Option<Box<Door>>,
    /// The desks of colleagues who work here too, as they left them.
    pub aside: Vec<Aside>,
    /// Who signed in while the file is still being opened.
    pub entering: Option<StaffId>,
    /// The layers, the top one last.
    pub layers: Vec<Layer>,
    /// Taking in extracts.
    pub imports: Imports,
    /// What collided and waits to be decided, the oldest first.
    pub clashes: VecDeque<Clashing>,
    /// The last batch of keepers given in this sitting, by the newest change of each portion, to be put back.
    pub assigned: Vec<i64>,
    /// A batch of keepers that is being given or put back, portion after portion.
    pub giving: Giving,
    /// Who leaves, and who takes over, while the plan of it is on its way.
    pub leaving: Option<(StaffId, Option<StaffId>)>,
    /// What is said once a write without a sheet is done.
    pub saying: Option<Text>,
    /// Whose access report is printed in full as soon as the log has it.
    pub baring: Option<CustomerId>,
    /// A write on its way changes what is known of the people.
    pub restaff: bool,
}

impl Rooms {
    /// All parts, empty.
    pub fn new(start: Start) -> Rooms {
        Rooms {
            shared: Shared::new(start),
            out: Out::default(),
            focus: Pane::Search,
            came_from: Vec::new(),
            search: Search::default(),
            archive: Archive::default(),
            board: Board::default(),
            agenda: Agenda::default(),
            door: None,
            aside: Vec::new(),
            entering: None,
            layers: Vec::new(),
            imports: Imports::default(),
            clashes: VecDeque::new(),
            assigned: Vec::new(),
            giving: Giving::default(),
            leaving: None,
            saying: None,
            baring: None,
            restaff: false,
        }
    }

    /// Where everything stands on the screen.
    pub fn places(&self) -> Option<Places> {
        arrange(self.shared.size, self.focus)
    }

    /// Works on the search pane.
    pub fn in_search(&mut self, work: impl FnOnce(&mut Search, &mut Cx<'_>)) {
        work(&mut self.search, &mut Cx { shared: &mut self.shared, out: &mut self.out });
    }

    /// Works on the archive pane.
    pub fn in_archive(&mut self, work: impl FnOnce(&mut Archive, &mut Cx<'_>)) {
        work(&mut self.archive, &mut Cx { shared: &mut self.shared, out: &mut self.out });
    }

    /// Works on the board pane.
    pub fn in_board(&mut self, work: impl FnOnce(&mut Board, &mut Cx<'_>)) {
        work(&mut self.board, &mut Cx { shared: &mut self.shared, out: &mut self.out });
    }

    /// Works on the queue.
    pub fn in_agenda(&mut self, work: impl FnOnce(&mut Agenda, &mut Cx<'_>)) {
        work(&mut self.agenda, &mut Cx { shared: &mut self.shared, out: &mut self.out });
    }

    /// Works on what all panes share.
    pub fn with(&mut self, work: impl FnOnce(&mut Cx<'_>)) {
        work(&mut Cx { shared: &mut self.shared, out: &mut self.out });
    }

    /// Puts a layer on top. A sheet is filled on what is known now.
    pub fn lay(&mut self, mut layer: Layer) {
        if let Layer::Sheet(sheet) = &mut layer {
            sheet.seen = self.shared.seq;
        }
        self.layers.push(layer);
    }

    /// The sheet on top, if it was sent, has done its work; one that is still being filled is another one.
    pub fn close_sheet(&mut self) {
        if matches!(self.layers.last(), Some(Layer::Sheet(sheet)) if sheet.sent) {
            self.layers.pop();
        }
    }

    /// A second person's word is of the moment: whoever leaves the desk, or locks it, asks again.
    pub fn forget_word(&mut self) {
        self.layers.retain(|l| !matches!(l, Layer::Second(_)));
    }

    /// Goes somewhere.
    pub fn go(&mut self, go: Go) {
        self.out.goes.push(go);
    }

    /// The customer under the cursor of the pane in focus, whoever that is: id, name, and the queue line if it is one.
    pub fn current(&self) -> Option<(CustomerId, String, Option<String>)> {
        match self.focus {
            Pane::Search => self.search.current().map(|row| (row.id, row.name.clone(), None)),
            Pane::Archive => self.archive.opened().map(|o| (o.customer.id, o.customer.name.clone(), None)),
            Pane::Board => self.board.current().map(|row| (row.id, row.name.clone(), None)),
            Pane::Agenda if self.agenda.brick().is_some() => {
                self.agenda.brick().map(|b| (b.who.id, b.who.name.clone(), Some(b.key.clone())))
            }
            Pane::Agenda => {
                self.agenda.current().and_then(|i| i.who.as_ref().map(|w| (w.id, w.name.clone(), Some(i.key.clone()))))
            }
        }
    }
}

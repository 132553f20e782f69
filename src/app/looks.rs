//! What of the workbench is a look that the log is told of: an archive before one's eyes for longer than a glance, or entered. How lines
//! wait and are written is the store's business.

use super::cx::Pane;
use super::event::Effect;
use super::layers::Layer;
use super::layers::reading::Paper;
use super::place::arrange;
use super::rooms::Rooms;
use crate::domain::access::Action;
use crate::domain::ids::{CustomerId, StaffId};
use crate::store::access::{self, Line};
use crate::store::request::{Ask, Stamp, Ticket};
use chrono::NaiveDateTime;

/// The ticket of what nobody waits for.
const NOBODY: Ticket = Ticket(0);
/// Seconds that are a glance: going down a list shows many an archive that nobody reads.
const GLANCE: i64 = 2;

/// What is before one's eyes: the archive, and a page over it.
#[derive(Debug, Default)]
pub struct Glance {
    at: Option<(StaffId, CustomerId, NaiveDateTime)>,
    noted: bool,
    page: Option<Paper>,
}

impl Glance {
    /// Looks at what is shown now, and notes it when it has become more than a glance.
    pub fn look(&mut self, r: &mut Rooms) {
        self.read(r);
        let visible = arrange(r.shared.size, r.focus).is_some_and(|p| p.archive.is_some()) && r.door.is_none();
        let shown = r.shared.me.zip(r.archive.opened().map(|o| o.customer.id)).filter(|_| visible);
        let Some((me, id)) = shown else {
            (self.at, self.noted) = (None, false);
            return;
        };
        if self.at.is_none_or(|(by, of, _)| (by, of) != (me, id)) {
            (self.at, self.noted) = (Some((me, id, r.shared.now)), false);
        }
        let long = self.at.is_some_and(|(_, _, since)| (r.shared.now - since).num_seconds() > GLANCE);
        if !self.noted && (long || r.focus == Pane::Archive) {
            self.noted = true;
            r.shared.look(|line| line.of(id), Action::View);
        }
    }

    /// Notes a report, a slip or a list when it comes before one's eyes: it says more of a customer than a line does.
    fn read(&mut self, r: &mut Rooms) {
        let page = r.layers.iter().rev().find_map(|layer| match layer {
            Layer::Reading(text) => text.print.clone(),
            _ => None,
        });
        if page == self.page {
            return;
        }
        if let Some(paper) = &page {
            self::page(r, paper, Action::View);
        }
        self.page = page;
    }
}

/// A page is shown or goes to the printer: what kind it is, about whom, how many lines.
pub fn page(r: &mut Rooms, paper: &Paper, action: Action) {
    let kind = paper.name.split(['-', '.']).next().unwrap_or_default();
    let rows = paper.rows.and_then(|n| u64::try_from(n).ok());
    r.shared.look(|line| Line { customer: paper.about, rows, ..line.to(kind) }, action);
}

/// Hands looks to the log. The store keeps them on this PC until a save goes; nobody waits for the answer.
pub fn hand_on(r: &mut Rooms) {
    let mut lines = std::mem::take(&mut r.shared.accesses).into_iter().peekable();
    while let Some((by, first)) = lines.next() {
        let mut of_one = vec![first];
        while let Some((_, line)) = lines.next_if(|(next, _)| *next == by) {
            of_one.push(line);
        }
        if !r.shared.read_only() {
            let (op, stamp) = (r.shared.op(), Stamp { by, ..r.shared.stamp() });
            r.out.effects.push(Effect::Ask(NOBODY, Ask::Access(access::Ask::Note { op, lines: of_one, stamp })));
        }
    }
}

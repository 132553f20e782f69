//! The machine: events in, effects out. `update` is the only place that changes state; what becomes of a layer's reaction stands in
//! `replies`.

use super::cx::{Go, Pane, Wait};
use super::event::{Effect, Event, Mouse, MouseAction};
use super::key::{Code, Key};
use super::keymap;
use super::layers::Layer;
use super::layers::then::Reaction;
use super::looks::{self, Glance};
use super::panes::archive::parked::Drafts;
use super::place::arrange;
use super::rooms::Rooms;
use super::shared::Start;
use super::{answers, clashes, door, goes, imports, late, reach, replies, reveal, second, sitting};
use crate::domain::access::Action;
use crate::domain::ids::{CustomerId, OpId, StaffId};
use crate::store::request::{Answer, Ask};
use crate::store::veil::Seat;
use crate::store::workbench;

/// Seconds after which a key tells that what came back was seen.
const SEEN: i64 = 4;
/// Ticks between looks for colleagues' writes when nothing hints at one.
const NEWS_EVERY: u32 = 30;
/// Ticks after which a drive that did not answer is asked again.
const AGAIN_EVERY: u32 = 3;

/// The whole program without a terminal.
#[derive(Debug)]
pub struct App {
    /// Its parts.
    pub rooms: Rooms,
    ticks: u32,
    kept: String,
    /// What colleagues were told: who works here, and which archive is being edited.
    here: (Option<StaffId>, Option<CustomerId>),
    began: bool,
    glance: Glance,
    last_key: chrono::NaiveDateTime,
}

impl App {
    /// The program as it starts; nothing is asked before the first tick.
    pub fn new(start: Start) -> App {
        let last_key = start.now;
        App {
            rooms: Rooms::new(start),
            ticks: 0,
            kept: String::new(),
            here: (None, None),
            began: false,
            glance: Glance::default(),
            last_key,
        }
    }

    /// Takes an event, and says what is to be done outside.
    pub fn update(&mut self, event: Event) -> Vec<Effect> {
        match event {
            Event::Key(key) => self.key(key),
            Event::Paste(text) => self.paste(&text),
            Event::Mouse(mouse) => self.mouse(mouse),
            Event::Resize(w, h) => self.rooms.shared.size = (w, h),
            Event::Tick(now) => self.tick(now),
            Event::Answer(ticket, answer) => match (self.rooms.out.arrived(ticket), answer) {
                (Some(_), Answer::Kept(ask)) => late::kept(&mut self.rooms, *ask),
                (Some(wait), answer) => answers::take(&mut self.rooms, wait, answer),
                (None, _) => {}
            },
            Event::Indexed(index) => {
                self.rooms.shared.indexed(*index);
                reach::look(&mut self.rooms.shared);
                answers::indexed(&mut self.rooms);
            }
            Event::Touched => self.ask_news(),
            Event::Later(ask, answer) => late::came(&mut self.rooms, &ask, answer),
            Event::Drive(news) => late::heard(&mut self.rooms, news),
            Event::SignedIn(signed) => door::signed_in(&mut self.rooms, signed),
            Event::Vouched(op, done) => second::heard(&mut self.rooms, op, done),
            Event::PasswordSet(done) => door::password_set(&mut self.rooms, done),
            Event::Import(news) => imports::heard::take(&mut self.rooms, *news),
            Event::Drafts(text) => sitting::drafts(&mut self.rooms, &Drafts::read(&text)),
        }
        if reach::look(&mut self.rooms.shared) {
            // Another one sits here, or somebody reaches further or less far than before.
            answers::indexed(&mut self.rooms);
        }
        self.settle();
        reveal::fade(&mut self.rooms);
        self.glance.look(&mut self.rooms);
        let quits = self.rooms.out.effects.contains(&Effect::Quit);
        if quits {
            door::note(&mut self.rooms, Action::SignOut, "workbench");
        }
        looks::hand_on(&mut self.rooms);
        let mut effects = std::mem::take(&mut self.rooms.out.effects);
        if quits || effects.contains(&Effect::Lock) {
            // What is still to be written goes first.
            effects.sort_by_key(|e| matches!(e, Effect::Quit | Effect::Lock));
        }
        effects
    }

    /// Who sits there: the store tells them no more than they may see.
    pub fn seat(&self) -> Option<Seat> {
        let shared = &self.rooms.shared;
        shared.me.map(|by| Seat { by, today: shared.today() })
    }

    /// What is still to be written when the program is ended from outside.
    pub fn ends(&mut self) -> Vec<Effect> {
        door::note(&mut self.rooms, Action::SignOut, "workbench");
        looks::hand_on(&mut self.rooms);
        std::mem::take(&mut self.rooms.out.effects)
    }

    /// Carries out where panes wanted to go, until nothing is left.
    fn settle(&mut self) {
        self.heights();
        while !self.rooms.out.goes.is_empty() {
            for go in std::mem::take(&mut self.rooms.out.goes) {
                if matches!(go, Go::Drafts) {
                    self.keep_drafts();
                } else {
                    goes::go(&mut self.rooms, go);
                }
            }
            self.heights();
        }
        self.rooms.in_search(|p, cx| p.ask_the_file(cx));
    }

    /// Tells every pane how many rows it has.
    fn heights(&mut self) {
        let r = &mut self.rooms;
        let Some(places) = arrange(r.shared.size, r.focus) else { return };
        let rows =
            |p: Option<super::place::Place>, taken: u16| p.map(|p| usize::from(p.h.saturating_sub(taken)).max(1));
        if let Some(h) = rows(places.search, 5) {
            r.search.height = h;
        }
        if let Some(p) = places.archive {
            r.archive.height = usize::from(p.h.saturating_sub(super::panes::archive::CARD + 4)).max(1);
            r.archive.width = p.inside().w;
        }
        if let Some(p) = places.board {
            r.board.fit(p, &r.shared);
        }
        if let Some(p) = places.agenda {
            r.agenda.fit(p);
        }
        r.imports.fit(r.shared.size);
        let height = usize::from(r.shared.size.1.saturating_sub(12)).clamp(4, 20);
        let whole = usize::from(r.shared.size.1.saturating_sub(9)).max(1);
        match r.layers.last_mut() {
            Some(Layer::Chooser(c)) => c.height = height,
            Some(Layer::Orphans(o)) => {
                o.height = whole;
                o.cursor.fit(o.list.len(), whole);
            }
            Some(Layer::Results(results)) => results.fit(whole.saturating_sub(4).max(1)),
            Some(Layer::Audit(list)) => {
                list.height = whole;
                list.cursor.fit(list.lines.len(), whole);
            }
            _ => {}
        }
    }

    fn tick(&mut self, now: chrono::NaiveDateTime) {
        let r = &mut self.rooms;
        let day = r.shared.today();
        r.shared.now = now;
        if !self.began {
            self.began = true;
            if r.shared.start.sealed {
                door::begin(r);
                return;
            }
            r.out.ask(Wait::Workbench, Ask::Workbench(workbench::Ask::Open));
            return;
        }
        door::tick(r, self.last_key);
        if door::shut(r) {
            return;
        }
        if r.shared.today() != day {
            r.go(Go::Refresh);
        }
        self.ticks += 1;
        let every = if r.shared.drive.unread.is_some() { AGAIN_EVERY } else { NEWS_EVERY };
        r.shared.drive.asked = r.out.reading().then(|| r.shared.drive.asked.unwrap_or(now));
        if r.shared.drive.away(now) {
            r.in_archive(|p, cx| p.recall(cx));
        }
        if self.ticks.is_multiple_of(every) {
            self.ask_news();
        }
        imports::keys::tick(&mut self.rooms);
        if self.ticks.is_multiple_of(AGAIN_EVERY) {
            answers::again(&mut self.rooms);
        }
        if self.rooms.door.is_none() {
            clashes::wake(&mut self.rooms, self.last_key);
        }
        self.keep_drafts();
    }

    fn ask_news(&mut self) {
        let r = &mut self.rooms;
        if r.shared.opened.is_some() && !door::shut(r) && !r.out.waiting.contains_key(&Wait::News) {
            let since = r.shared.seq;
            r.out.ask(Wait::News, Ask::Workbench(workbench::Ask::News { since }));
        }
    }

    /// Keeps what is typed on the local disk, when it differs from what is there.
    fn keep_drafts(&mut self) {
        let mut drafts = sitting::to_keep(&mut self.rooms);
        let here = (self.rooms.shared.me, drafts.open.iter().find_map(|p| p.customer));
        if here != self.here {
            self.here = here;
            self.rooms.out.effects.push(Effect::Here(here.0, here.1));
        }
        let text = drafts.text();
        if text != self.kept {
            self.kept = text;
            for open in &mut drafts.open {
                open.at = self.rooms.shared.now;
            }
            self.rooms.out.effects.push(Effect::KeepDrafts(drafts.text()));
        }
    }

    fn key(&mut self, key: Key) {
        let leaving = key == Key::ctrl('q');
        if arrange(self.rooms.shared.size, self.rooms.focus).is_none() && !leaving {
            return;
        }
        if self.rooms.door.is_some() {
            self.last_key = self.rooms.shared.now;
            door::key(&mut self.rooms, key);
            return;
        }
        if leaving && !matches!(self.rooms.layers.last(), Some(Layer::Confirm(_))) {
            self.rooms.go(Go::Quit);
            return;
        }
        let now = self.rooms.shared.now;
        self.last_key = now;
        if self.rooms.focus == Pane::Archive && self.rooms.layers.is_empty() {
            self.rooms.archive.fade(now);
        }
        self.rooms.shared.messages.fade(now);
        // Drafts of it are on the disk by now, and its words were read.
        let seen = |(_, at): &mut (OpId, chrono::NaiveDateTime)| (now - *at).num_seconds() >= SEEN;
        let seen: Vec<_> = self.rooms.shared.drive.returned.extract_if(.., seen).collect();
        self.rooms.out.effects.extend(seen.into_iter().map(|(op, _)| Effect::Settled(op)));
        // Whatever is on top: whoever covers or locks the screen has no time to close it. What is typed there stays as it was.
        if let Some(command) = ["hide", "lock"].into_iter().filter_map(keymap::named).find(|c| c.has(key)) {
            super::rights::run(&mut self.rooms, command);
            return;
        }
        if key == Key::ctrl('r') && reveal::ask_clash(&mut self.rooms) {
            return;
        }
        if let Some(reaction) = replies::ask(&mut self.rooms, key) {
            replies::react(&mut self.rooms, reaction);
            return;
        }
        let r = &mut self.rooms;
        if r.shared.opened.is_none() {
            // Who types before the drive has answered is searching; it is found as soon as the customers are there.
            if key.text().is_some() || key.code == Code::Backspace {
                r.in_search(|p, cx| p.key(key, cx));
            } else if let Some(command) = keymap::named("suspend").filter(|c| c.has(key)) {
                super::rights::run(r, command);
            }
            return;
        }
        let typing = match r.focus {
            Pane::Search => r.search.typing(),
            Pane::Archive => r.archive.typing(),
            Pane::Board => r.board.typing(),
            Pane::Agenda => r.agenda.typing(),
        };
        // Where a field has the focus, text is text; elsewhere an IME's twins stand for the keys they look like.
        let found = if typing && key.text().is_some() { None } else { keymap::find(key.folded(), r) };
        if let Some(command) = found {
            super::rights::run(r, command);
            return;
        }
        let key = if typing { key } else { key.folded() };
        match r.focus {
            Pane::Search => r.in_search(|p, cx| p.key(key, cx)),
            Pane::Archive => r.in_archive(|p, cx| p.key(key, cx)),
            Pane::Board => r.in_board(|p, cx| p.key(key, cx)),
            Pane::Agenda => r.in_agenda(|p, cx| p.key(key, cx)),
        }
    }

    fn paste(&mut self, text: &str) {
        let r = &mut self.rooms;
        if r.door.is_some() {
            door::paste(r, text);
            return;
        }
        self.last_key = r.shared.now;
        if replies::paste(r, text) || r.shared.opened.is_none() {
            return;
        }
        match r.focus {
            Pane::Search => r.in_search(|p, cx| p.paste(text, cx)),
            Pane::Archive => r.in_archive(|p, cx| p.paste(text, cx)),
            Pane::Board => r.in_board(|p, cx| p.paste(text, cx)),
            Pane::Agenda => r.in_agenda(|p, cx| p.paste(text, cx)),
        }
    }

    fn mouse(&mut self, mouse: Mouse) {
        if self.rooms.door.is_some() {
            return;
        }
        self.last_key = self.rooms.shared.now;
        let wheel = match mouse.action {
            MouseAction::WheelUp => Some(Code::Up),
            MouseAction::WheelDown => Some(Code::Down),
            MouseAction::Down => None,
        };
        if let Some(code) = wheel {
            for _ in 0..3 {
                self.key(Key::plain(code));
            }
            return;
        }
        if let Some(Layer::Chooser(_) | Layer::Confirm(_) | Layer::Reading(_)) = self.rooms.layers.last() {
            replies::react(&mut self.rooms, Reaction::Stay);
            return;
        }
        if let Some(Layer::Imports) = self.rooms.layers.last() {
            imports::keys::click(&mut self.rooms, mouse.column, mouse.row);
            return;
        }
        goes::click(&mut self.rooms, mouse.column, mouse.row);
    }
}

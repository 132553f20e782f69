//! The machine over a branch file without threads or terminal: an event goes in, the store is asked in between, the screen stands still
//! afterwards. For the pictures of the README and for tests; the live loop is in `cycle`.

use crate::app::drive::News;
use crate::app::event::{Effect, Event};
use crate::app::key::Key as Pressed;
use crate::app::machine::App;
use crate::app::shared::Start;
use crate::domain::ids::StaffId;
use crate::domain::password::Password;
use crate::domain::text::{Lang, t};
use crate::exchange::demo;
use crate::index::Index;
use crate::store::key::Key;
use crate::store::open::File;
use crate::store::request::{Answer, Ask, Failure, Stamp};
use crate::store::secret::{self, Given, New, SignInError, Why};
use crate::store::slots::Cost;
use crate::store::workbench;
use crate::ui::render::render;
use crate::ui::theme::Theme;
use ratatui::Terminal;
use ratatui::backend::TestBackend;
use ratatui::buffer::Buffer;

/// A machine and its file.
#[derive(Debug)]
pub struct Still {
    /// The machine.
    pub app: App,
    /// The branch file.
    pub file: File,
    /// What it wanted outside, oldest first: copies, prints, drafts.
    pub effects: Vec<Effect>,
    /// The drive is away: reads fail, and saves lie here until it is back.
    pub away: Option<Vec<Ask>>,
    /// Looking at a password takes its time: what was to be looked at lies here.
    pub slow: Option<Vec<Effect>>,
}

impl Still {
    /// A machine over this file, opened as at the start of a day.
    pub fn open(start: Start, file: File) -> Still {
        let now = start.now;
        let mut still = Still { app: App::new(start), file, effects: Vec::new(), away: None, slow: None };
        still.event(Event::Tick(now));
        still
    }

    /// The demo's file as 王敏 opens it at half past eight of the demo's own day.
    pub fn demo(file: File, size: (u16, u16), lang: Lang) -> Still {
        let day = demo::day();
        let start = Start {
            lang: Some(lang),
            today: Some(day),
            now: day.and_hms_opt(8, 30, 0).unwrap_or_default(),
            size,
            staff: Some("wangmin".into()),
            station: 1,
            theme: None,
            place: t("演示", "Demo"),
            footing: crate::store::drive::Footing::Firm,
            demo: false,
            sealed: false,
            sitting: 0,
            slips: String::new(),
        };
        Still::open(start, file)
    }

    /// Gives an event, and answers what it asks until nothing is asked any more.
    pub fn event(&mut self, event: Event) {
        let mut effects = self.app.update(event);
        while !effects.is_empty() {
            let mut next = Vec::new();
            for effect in effects {
                match effect {
                    Effect::Ask(ticket, ask) => match self.answer(ask) {
                        Answer::Workbench(workbench::Answer::Index(intake)) => {
                            let index = Index::of(*intake, self.app.rooms.shared.staff());
                            next.extend(self.app.update(Event::Indexed(Box::new(index))));
                        }
                        answer => next.extend(self.app.update(Event::Answer(ticket, answer))),
                    },
                    Effect::SignIn { .. } | Effect::SetPassword { .. } if self.slow.is_some() => {
                        self.slow.get_or_insert_default().push(effect);
                    }
                    Effect::SignIn { staff, password, to } => {
                        let signed = self.signed_in(&staff, &password, to);
                        next.extend(self.app.update(Event::SignedIn(signed)));
                    }
                    Effect::SetPassword { staff, code, old, new } => {
                        let set = self.password_set(staff, &code, old.as_ref(), &new);
                        next.extend(self.app.update(Event::PasswordSet(set)));
                    }
                    other => self.effects.push(other),
                }
            }
            effects = next;
        }
    }

    /// The passwords looked at until now are answered.
    pub fn catches_up(&mut self) {
        for effect in self.slow.take().unwrap_or_default() {
            if let Effect::SignIn { staff, password, to } = effect {
                let signed = self.signed_in(&staff, &password, to);
                self.event(Event::SignedIn(signed));
            }
        }
    }

    fn signed_in(&mut self, staff: &str, password: &Password, to: &str) -> Result<(StaffId, Option<Why>), SignInError> {
        let shared = &self.app.rooms.shared;
        let given = Given { staff, password, at: shared.now, today: shared.today(), to, missed: &[] };
        let signed = secret::verify(&mut self.file, &given, &Key::default(), Cost::TRIAL)?;
        Ok((signed.staff, signed.change))
    }

    fn password_set(
        &mut self,
        staff: StaffId,
        code: &str,
        old: Option<&Password>,
        new: &Password,
    ) -> Result<(), SignInError> {
        if let Some(old) = old {
            self.signed_in(code, old, "password")?;
        }
        let stamp = Stamp { by: staff, ..self.app.rooms.shared.stamp() };
        let new = New { staff, password: new, cost: Cost::TRIAL };
        Ok(secret::set(&mut self.file, &Key::default(), &new, &stamp)?)
    }

    fn answer(&mut self, ask: Ask) -> Answer {
        match &mut self.away {
            Some(kept) if ask.op().is_some() => {
                kept.push(ask.clone());
                Answer::Kept(Box::new(ask))
            }
            Some(_) => Answer::Failed(Failure::Drive(String::new())),
            None => {
                self.file.seat(self.app.seat());
                let answer = self.file.answer(&ask);
                self.file.seat(None);
                answer
            }
        }
    }

    /// The drive goes away: from now on it answers nothing.
    pub fn goes_away(&mut self) {
        self.away = Some(Vec::new());
    }

    /// The drive is back: what waited is written in the order it was typed.
    pub fn comes_back(&mut self) {
        for ask in self.away.take().unwrap_or_default() {
            let answer = self.file.answer(&ask);
            self.event(Event::Later(Box::new(ask), answer));
        }
        self.event(Event::Drive(News::Waiting(0, None)));
    }

    /// Types a key script (see [`Pressed::script`]).
    pub fn keys(&mut self, script: &str) {
        for key in Pressed::script(script) {
            self.event(Event::Key(key));
        }
    }

    /// The screen as it stands, and where the cursor is, if it shows.
    pub fn draw(&self, theme: &Theme) -> (Buffer, Option<(u16, u16)>) {
        let (w, h) = self.app.rooms.shared.size;
        // Drawing into memory cannot fail, and the type says so.
        let Ok(mut terminal) = Terminal::new(TestBackend::new(w, h));
        let Ok(drawn) = terminal.draw(|frame| render(&self.app.rooms, theme, frame));
        let buffer = drawn.buffer.clone();
        let Ok(at) = terminal.get_cursor_position();
        // The corner belongs to no field: a frame that places no cursor leaves it there, hidden.
        (buffer, Some((at.x, at.y)).filter(|at| *at != (0, 0)))
    }
}

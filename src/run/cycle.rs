//! The loop: one channel, all that is there taken at once, one frame drawn. It knows the machine only as something that takes events and
//! can be drawn, and the outside only as something that carries out effects; terminals, files and SQL never come here.

use super::clock::Clock;
use super::events::Message;
use crate::app::event::{Effect, Event};
use crate::store::refuse::OpenError;
use crate::store::request::Ticket;
use crate::store::secret::{SignInError, SignedIn};
use crate::store::veil::Seat;
use ratatui::Frame;
use std::io;
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::time::Duration;

/// The machine as the loop sees it.
pub trait Face {
    /// Takes an event and says what is to be done.
    fn update(&mut self, event: Event) -> Vec<Effect>;
    /// Who sits there.
    fn seat(&self) -> Option<Seat>;
    /// Draws itself.
    fn draw(&self, frame: &mut Frame<'_>);
}

/// What carries out effects.
pub trait Outside {
    /// Columns and rows of the terminal now.
    ///
    /// # Errors
    /// The terminal is gone.
    fn size(&self) -> io::Result<(u16, u16)>;
    /// Draws one frame.
    ///
    /// # Errors
    /// The terminal does not take it.
    fn draw(&mut self, face: &dyn Face) -> io::Result<()>;
    /// Carries out an effect; suspending returns when the program goes on.
    ///
    /// # Errors
    /// The terminal is gone. What else goes wrong is told to the machine or the log.
    fn perform(&mut self, effect: Effect) -> io::Result<()>;
    /// Who sits there, before anything is carried out for them.
    fn seated(&mut self, seat: Option<Seat>);
    /// An answer came for this ticket.
    fn answered(&mut self, ticket: Ticket);
    /// Somebody was let in: the file may be opened with what they have.
    ///
    /// # Errors
    /// It cannot be.
    fn signed(&mut self, signed: &SignedIn) -> Result<(), SignInError>;
    /// The terminal may have been used by others: takes it again and draws from scratch.
    ///
    /// # Errors
    /// The terminal is gone.
    fn again(&mut self) -> io::Result<()>;
}

/// How it ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum End {
    /// The user left.
    Left,
    /// A signal ended it; its number.
    Signal(u8),
    /// The terminal gives nothing any more.
    Lost,
    /// The branch file, once the drive answered, could not be opened.
    Unopened(OpenError),
}

/// So many messages are taken before a frame is drawn, so that a flood of them does not freeze the screen.
const AT_ONCE: usize = 512;

/// Runs until the end.
///
/// # Errors
/// The terminal does not take a frame.
pub fn run(face: &mut dyn Face, inbox: &Receiver<Message>, outside: &mut dyn Outside, clock: Clock) -> io::Result<End> {
    if let Some(end) = take(face, Message::Event(Event::Tick(clock.now())), outside)? {
        return Ok(end);
    }
    let mut shown = clock.now();
    let mut known = None;
    loop {
        // The news of a resize may lie behind many keys, or have come before anybody listened; the frame has the new size already.
        let size = outside.size()?;
        if known != Some(size) {
            known = Some(size);
            if let Some(end) = take(face, Message::Event(Event::Resize(size.0, size.1)), outside)? {
                return Ok(end);
            }
        }
        outside.draw(face)?;
        // A little past the full second, so that the clock never shows the last one again.
        let wait = clock.rest_of_second() + Duration::from_millis(1);
        let first = match inbox.recv_timeout(wait) {
            Ok(message) => Some(message),
            Err(RecvTimeoutError::Timeout) => None,
            Err(RecvTimeoutError::Disconnected) => Some(Message::Lost),
        };
        for message in first.into_iter().chain(inbox.try_iter().take(AT_ONCE)) {
            if let Some(end) = take(face, message, outside)? {
                return Ok(end);
            }
        }
        let now = clock.now();
        if now.and_utc().timestamp() != shown.and_utc().timestamp() {
            shown = now;
            if let Some(end) = take(face, Message::Event(Event::Tick(now)), outside)? {
                return Ok(end);
            }
        }
    }
}

/// Takes one message and carries out what comes of it.
fn take(face: &mut dyn Face, message: Message, outside: &mut dyn Outside) -> io::Result<Option<End>> {
    let effects = match message {
        Message::Event(event) => face.update(event),
        Message::Answer(ticket, answer) => {
            outside.answered(ticket);
            face.update(Event::Answer(ticket, answer))
        }
        Message::SignedIn(signed) => {
            let signed = signed.and_then(|signed| outside.signed(&signed).map(|()| (signed.staff, signed.change)));
            face.update(Event::SignedIn(signed))
        }
        Message::PasswordSet(done) => face.update(Event::PasswordSet(done)),
        Message::Opened(Ok(_)) => Vec::new(),
        Message::Opened(Err(error)) => return Ok(Some(End::Unopened(error))),
        Message::Stop => vec![Effect::Suspend],
        Message::Resume => {
            outside.again()?;
            Vec::new()
        }
        Message::End(signal) => return Ok(Some(End::Signal(signal))),
        Message::Lost => return Ok(Some(End::Lost)),
    };
    outside.seated(face.seat());
    for effect in effects {
        match effect {
            Effect::Quit => return Ok(Some(End::Left)),
            other => outside.perform(other)?,
        }
    }
    Ok(None)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::key::{Code, Key};
    use std::sync::mpsc;

    /// Writes down what it is told; `q` leaves, `b` rings, `z` suspends.
    #[derive(Default)]
    struct Echo {
        heard: Vec<String>,
    }

    impl Face for Echo {
        fn update(&mut self, event: Event) -> Vec<Effect> {
            match event {
                Event::Key(Key { code: Code::Char(c), .. }) => {
                    self.heard.push(c.to_string());
                    match c {
                        'q' => vec![Effect::Quit],
                        'b' => vec![Effect::Bell],
                        'z' => vec![Effect::Suspend],
                        _ => Vec::new(),
                    }
                }
                Event::Resize(w, h) => {
                    self.heard.push(format!("{w}x{h}"));
                    Vec::new()
                }
                Event::Tick(_) => {
                    self.heard.push("tick".into());
                    Vec::new()
                }
                _ => Vec::new(),
            }
        }

        fn seat(&self) -> Option<Seat> {
            None
        }

        fn draw(&self, _frame: &mut Frame<'_>) {}
    }

    #[derive(Default)]
    struct Ledger {
        draws: usize,
        done: Vec<Effect>,
        again: usize,
    }

    impl Outside for Ledger {
        fn size(&self) -> io::Result<(u16, u16)> {
            Ok((80, 24 + u16::try_from(self.draws).unwrap()))
        }

        fn draw(&mut self, _face: &dyn Face) -> io::Result<()> {
            self.draws += 1;
            Ok(())
        }

        fn perform(&mut self, effect: Effect) -> io::Result<()> {
            self.done.push(effect);
            Ok(())
        }

        fn seated(&mut self, _seat: Option<Seat>) {}

        fn answered(&mut self, _ticket: Ticket) {}

        fn signed(&mut self, _signed: &SignedIn) -> Result<(), SignInError> {
            Ok(())
        }

        fn again(&mut self) -> io::Result<()> {
            self.again += 1;
            Ok(())
        }
    }

    fn key(c: char) -> Message {
        Message::Event(Event::Key(Key { code: Code::Char(c), ctrl: false, alt: false, shift: false }))
    }

    fn played(messages: Vec<Message>) -> (End, Echo, Ledger) {
        let (to, inbox) = mpsc::channel();
        for message in messages {
            to.send(message).unwrap();
        }
        drop(to);
        let (mut face, mut outside) = (Echo::default(), Ledger::default());
        let end = run(&mut face, &inbox, &mut outside, Clock::default()).unwrap();
        (end, face, outside)
    }

    #[test]
    fn the_first_thing_the_machine_hears_is_what_time_it_is() {
        let (_, face, _) = played(vec![key('q')]);
        assert_eq!(face.heard.first().map(String::as_str), Some("tick"));
    }

    #[test]
    fn the_machine_hears_of_the_size_before_each_frame_that_has_another() {
        let (to, inbox) = mpsc::channel();
        for message in std::iter::repeat_with(|| key('x')).take(AT_ONCE + 1).chain([key('q')]) {
            to.send(message).unwrap();
        }
        let (mut face, mut outside) = (Echo::default(), Ledger::default());
        run(&mut face, &inbox, &mut outside, Clock::default()).unwrap();
        let sizes: Vec<&str> = face.heard.iter().map(String::as_str).filter(|h| h.contains('0')).collect();
        assert_eq!((outside.draws, sizes), (2, vec!["80x24", "80x25"]));
    }

    #[test]
    fn a_hundred_waiting_keys_are_taken_in_order_and_drawn_once() {
        let mut messages: Vec<Message> = (0..100).map(|_| key('x')).collect();
        messages.push(key('q'));
        let (end, face, outside) = played(messages);
        assert_eq!(end, End::Left);
        assert_eq!(face.heard.iter().filter(|h| *h == "x").count(), 100);
        assert_eq!(outside.draws, 1);
    }

    #[test]
    fn suspending_is_carried_out_and_the_terminal_taken_again_when_the_shell_says_so() {
        let (_, _, outside) = played(vec![key('z'), key('b'), key('q')]);
        assert_eq!(outside.done, [Effect::Suspend, Effect::Bell]);
        let (_, _, outside) = played(vec![Message::Stop, Message::Resume, key('q')]);
        assert_eq!((outside.done, outside.again), (vec![Effect::Suspend], 1));
    }

    #[test]
    fn signals_and_a_lost_terminal_end_it() {
        assert_eq!(played(vec![key('x'), Message::End(15)]).0, End::Signal(15));
        assert_eq!(played(vec![Message::Lost]).0, End::Lost);
        assert_eq!(played(vec![]).0, End::Lost);
    }
}

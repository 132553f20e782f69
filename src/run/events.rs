//! What comes in: keys, mouse, size and signals, each from its own thread into one channel. What they mean never lives here.

use super::burst::Burst;
use crate::app::event::{Event, Mouse, MouseAction};
use crate::app::key::{Code, Key};
use crate::store::refuse::OpenError;
use crate::store::request::{Answer, Ticket};
use crate::store::secret::{SignInError, SignedIn};
use crossterm::event::{self as raw, KeyCode, KeyEventKind, KeyModifiers, MouseButton, MouseEventKind};
use std::io;
use std::sync::mpsc::Sender;
use std::thread;

/// What the loop is told.
#[derive(Debug)]
pub enum Message {
    /// Something for the machine.
    Event(Event),
    /// The store's answer.
    Answer(Ticket, Answer),
    /// The branch file was opened, and whether it can only be read; or why it was not.
    Opened(Result<bool, OpenError>),
    /// Whether somebody was let in, with what opens the file.
    SignedIn(Result<SignedIn, SignInError>),
    /// Whether a new password was set.
    PasswordSet(Result<(), SignInError>),
    /// The system wants the program to end; the number of the signal.
    End(u8),
    /// The system wants it to stop for a while.
    Stop,
    /// It goes on after having been stopped from outside.
    Resume,
    /// The terminal gives nothing any more.
    Lost,
}

/// Reads the terminal on a thread of its own until it is gone or nobody listens.
///
/// # Errors
/// No thread could be started.
pub fn read(to: Sender<Message>) -> io::Result<()> {
    thread::Builder::new().name("terminal".into()).spawn(move || {
        while let Ok(events) = gather() {
            for event in events {
                if to.send(Message::Event(event)).is_err() {
                    return;
                }
            }
        }
        let _ = to.send(Message::Lost);
    })?;
    Ok(())
}

/// Waits for an event and takes what belongs to it.
fn gather() -> io::Result<Vec<Event>> {
    let (mut burst, mut out) = (Burst::default(), Vec::new());
    if let Some(event) = translated(raw::read()?) {
        burst.take(event, &mut out);
    }
    // Never zero: crossterm looks at what it has already read only while there is time left.
    while let Some(grace) = burst.grace() {
        if !raw::poll(grace)? {
            break;
        }
        if let Some(event) = translated(raw::read()?) {
            burst.take(event, &mut out);
        }
    }
    burst.close(&mut out);
    Ok(out)
}

fn translated(event: raw::Event) -> Option<Event> {
    match event {
        // Windows tells of a key twice, when it goes down and when it comes up.
        raw::Event::Key(key) if key.kind != KeyEventKind::Release => pressed(key).map(Event::Key),
        raw::Event::Paste(text) => Some(Event::Paste(text)),
        raw::Event::Resize(columns, rows) => Some(Event::Resize(columns, rows)),
        raw::Event::Mouse(mouse) => {
            let action = match mouse.kind {
                MouseEventKind::Down(MouseButton::Left) => MouseAction::Down,
                MouseEventKind::ScrollUp => MouseAction::WheelUp,
                MouseEventKind::ScrollDown => MouseAction::WheelDown,
                _ => return None,
            };
            Some(Event::Mouse(Mouse { action, column: mouse.column, row: mouse.row }))
        }
        _ => None,
    }
}

fn pressed(key: raw::KeyEvent) -> Option<Key> {
    let code = match key.code {
        KeyCode::Char(c) => Code::Char(c),
        KeyCode::F(n) => Code::F(n),
        KeyCode::Enter => Code::Enter,
        KeyCode::Esc => Code::Esc,
        KeyCode::Tab => Code::Tab,
        KeyCode::BackTab => Code::BackTab,
        KeyCode::Backspace => Code::Backspace,
        KeyCode::Delete => Code::Delete,
        KeyCode::Insert => Code::Insert,
        KeyCode::Up => Code::Up,
        KeyCode::Down => Code::Down,
        KeyCode::Left => Code::Left,
        KeyCode::Right => Code::Right,
        KeyCode::Home => Code::Home,
        KeyCode::End => Code::End,
        KeyCode::PageUp => Code::PageUp,
        KeyCode::PageDown => Code::PageDown,
        _ => return None,
    };
    let held = |m| key.modifiers.contains(m);
    Some(Key {
        code,
        ctrl: held(KeyModifiers::CONTROL),
        alt: held(KeyModifiers::ALT),
        shift: held(KeyModifiers::SHIFT),
    })
}

/// Listens for the signals that end, stop and resume the program, on a thread of its own.
///
/// # Errors
/// The system refuses.
#[cfg(unix)]
pub fn listen(to: Sender<Message>) -> io::Result<()> {
    use signal_hook::consts::{SIGCONT, SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGTSTP};
    use std::time::Duration;

    let mut signals = signal_hook::iterator::Signals::new([SIGTERM, SIGHUP, SIGINT, SIGQUIT, SIGTSTP, SIGCONT])?;
    thread::Builder::new().name("signals".into()).spawn(move || {
        for signal in signals.forever() {
            let told = match signal {
                SIGTSTP => Message::Stop,
                SIGCONT => Message::Resume,
                n => Message::End(u8::try_from(n).unwrap_or_default()),
            };
            let last = matches!(told, Message::End(_));
            let heard = to.send(told).is_ok();
            if last {
                // The loop keeps the drafts and ends; should it hang, the terminal is given back all the same.
                if heard {
                    thread::sleep(Duration::from_secs(2));
                }
                super::terminal::restore();
                std::process::exit(128 + signal);
            }
        }
    })?;
    Ok(())
}

/// There are no such signals here.
///
/// # Errors
/// Never.
#[cfg(not(unix))]
pub fn listen(_to: Sender<Message>) -> io::Result<()> {
    Ok(())
}

/// Stops this process as Ctrl-Z does at a shell; returns when it goes on.
#[cfg(unix)]
pub fn stop() {
    let _ = signal_hook::low_level::emulate_default_handler(signal_hook::consts::SIGTSTP);
}

/// There is nothing to stop for here.
#[cfg(not(unix))]
pub fn stop() {}

#[cfg(test)]
mod tests {
    use super::*;
    use crossterm::event::{KeyEvent, KeyEventState, MouseEvent};

    fn key(code: KeyCode, modifiers: KeyModifiers, kind: KeyEventKind) -> raw::Event {
        raw::Event::Key(KeyEvent { code, modifiers, kind, state: KeyEventState::NONE })
    }

    #[test]
    fn a_key_counts_when_it_goes_down_and_again_when_it_repeats_never_when_it_comes_up() {
        for (kind, counts) in
            [(KeyEventKind::Press, true), (KeyEventKind::Repeat, true), (KeyEventKind::Release, false)]
        {
            let event = translated(key(KeyCode::Char('z'), KeyModifiers::NONE, kind));
            assert_eq!(event.is_some(), counts, "{kind:?}");
        }
    }

    #[test]
    fn what_is_held_down_comes_along() {
        let event = translated(key(KeyCode::Char('s'), KeyModifiers::CONTROL, KeyEventKind::Press));
        let wanted = Key { code: Code::Char('s'), ctrl: true, alt: false, shift: false };
        assert!(matches!(event, Some(Event::Key(k)) if k == wanted));
    }

    #[test]
    fn a_mouse_that_only_moves_is_not_heard() {
        let mouse = |kind| raw::Event::Mouse(MouseEvent { kind, column: 3, row: 4, modifiers: KeyModifiers::NONE });
        assert!(translated(mouse(MouseEventKind::Moved)).is_none());
        let down = translated(mouse(MouseEventKind::Down(MouseButton::Left)));
        assert!(matches!(down, Some(Event::Mouse(Mouse { action: MouseAction::Down, column: 3, row: 4 }))));
    }
}

//! Looks every two seconds whether somebody wrote the branch file: at its size and time, never into it, which would drop SQLite's
//! locks. What was written is read by the store.

use super::events::Message;
use crate::app::event::Event;
use std::io;
use std::path::Path;
use std::sync::mpsc::Sender;
use std::thread;
use std::time::{Duration, SystemTime};

const EVERY: Duration = Duration::from_secs(2);

/// Starts looking, on a thread of its own: a drive that hangs holds up nobody else.
///
/// # Errors
/// No thread could be started.
pub fn start(path: &Path, to: Sender<Message>) -> io::Result<()> {
    let path = path.to_owned();
    thread::Builder::new().name("watch".into()).spawn(move || look(&path, &to))?;
    Ok(())
}

fn look(path: &Path, to: &Sender<Message>) {
    let mut known = seen(path);
    loop {
        thread::sleep(EVERY);
        let now = seen(path);
        // A drive that is away for a moment is no news; the store finds out by itself.
        if now.is_some() && now != known {
            known = now;
            if to.send(Message::Event(Event::Touched)).is_err() {
                return;
            }
        }
    }
}

/// Size and time of a file: as long as they stay, nobody wrote.
pub type Seen = (u64, SystemTime);

/// What is seen of a file from outside; nothing when the drive is away.
pub fn seen(path: &Path) -> Option<Seen> {
    let m = std::fs::metadata(path).ok()?;
    Some((m.len(), m.modified().ok()?))
}

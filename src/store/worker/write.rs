//! The thread that writes to the drive, one save after the other. Which save is next, and what becomes of one that failed, is decided in
//! `keep`: this thread may hang with the drive.

use super::Place;
use super::note::{Note, Saved, Task};
use crate::store::open::File;
use crate::store::request::{Answer, Ask, Failure};
use crate::store::seen;
use crate::store::way::Way;
use std::sync::mpsc::{Receiver, Sender};

/// Does one task after the other.
pub(super) fn run(place: &Place, way: &Way, tasks: &Receiver<Task>, back: &Sender<Note>) {
    let mut file = None;
    for task in tasks {
        let _saving = way.save();
        let note = match task {
            Task::Save(ask, notes, of) => {
                Note::Saved(save(place, &mut file, &ask, &notes, of.as_deref()).unwrap_or_else(|failure| Saved {
                    answer: Answer::Failed(failure),
                    recorded: false,
                    noted: false,
                    file: String::new(),
                }))
            }
            Task::Look(ops, head) => Note::Looked(seen::look(&place.path, &place.station, &ops, head.as_ref())),
        };
        if back.send(note).is_err() {
            return;
        }
    }
}

fn save(place: &Place, open: &mut Option<File>, ask: &Ask, notes: &[Ask], of: Option<&str>) -> Result<Saved, Failure> {
    let mut file = match open.take() {
        Some(file) => file,
        None => place.open()?,
    };
    let name = file.lineage()?;
    if of.is_some_and(|of| of != name) {
        return Err(Failure::Replaced);
    }
    file.seat(place.chair.seat());
    let answer = file.answer_with(ask, notes);
    let (recorded, noted) = (file.recorded(), file.noted());
    // A connection that failed is not used again: its cache may be older than the file.
    if !matches!(answer, Answer::Failed(Failure::Drive(_) | Failure::Torn(_) | Failure::Full | Failure::ReadOnly)) {
        *open = Some(file);
    }
    Ok(Saved { answer, recorded, noted, file: name })
}

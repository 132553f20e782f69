//! Looks every two seconds whether somebody wrote the branch file and who else has it open: at its size and time, never into it, which would
//! drop SQLite's locks. What was written is read by the store; what the folder of workstations says is found out in `store::drive`.

use super::events::Message;
use super::probe;
use crate::app::drive::News;
use crate::app::event::Event;
use crate::store::drive::lookout::{Desk, Here, Lookout};
use crate::store::drive::{Gate, Present, Proof};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant, SystemTime};

const EVERY: Duration = Duration::from_millis(1_800);
/// So that thirty workstations do not look in step.
const JITTER: u32 = 400;
/// How long leaving waits until the seat is given up; on a drive that hangs, colleagues sweep it.
const LEAVING: Duration = Duration::from_secs(2);

/// What colleagues are to be told of this desk; the machine says it, the lookout passes it on.
#[derive(Debug, Clone, Default)]
pub struct Told(Arc<Mutex<Here>>);

impl Told {
    /// Says it.
    pub fn tell(&self, here: Here) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = here;
    }

    fn now(&self) -> Here {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The lookout at work.
pub struct Watch {
    stop: Sender<()>,
    left: Receiver<()>,
}

impl Watch {
    /// Starts looking, on a thread of its own: a drive that hangs holds up nobody else. Whoever writes asks at `gate`.
    ///
    /// # Errors
    /// No thread could be started.
    pub fn start(path: &Path, desk: Desk, gate: Gate, told: Told, to: Sender<Message>) -> io::Result<Watch> {
        let (stop, stopped) = mpsc::channel();
        let (leaving, left) = mpsc::channel();
        let post = Post { path: path.to_owned(), gate, told, to };
        thread::Builder::new().name("watch".into()).spawn(move || {
            let lookout = Lookout::new(&post.path, desk);
            post.stand(lookout, &stopped);
            let _ = leaving.send(());
        })?;
        Ok(Watch { stop, left })
    }

    /// Leaves the seat.
    pub fn leave(self) {
        drop(self.stop);
        let _ = self.left.recv_timeout(LEAVING);
    }
}

/// Where one looks from, and who is told.
struct Post {
    path: PathBuf,
    gate: Gate,
    told: Told,
    to: Sender<Message>,
}

impl Post {
    /// Looks until nobody is there to be told, then leaves the seat.
    fn stand(&self, mut lookout: Lookout, stopped: &Receiver<()>) {
        let began = Instant::now();
        let (mut known, mut speed) = (seen(&self.path), Speed::default());
        let (mut proof, mut present) = (Proof::Unknown, Vec::<Present>::new());
        lookout.look(began.elapsed(), self.told.now());
        // Once: what one PC can find out by itself.
        if let Some(refused) = lookout.locked().and_then(|lock| probe::refused(&lock)) {
            lookout.tested(refused);
        }
        loop {
            let now = began.elapsed();
            let found = lookout.proof(now);
            self.gate.tell(found);
            let there = lookout.present(now);
            let mut news = Vec::new();
            if found != proof {
                tracing::info!(?found, "what the locks are worth");
                news.push(Event::Drive(News::Proof(found)));
            }
            if there != present {
                news.push(Event::Drive(News::Present(there.clone())));
            }
            (proof, present) = (found, there);
            let asked = Instant::now();
            let seen = seen(&self.path);
            // A drive that is away for a moment is no news; the store finds out by itself.
            if seen.is_some() {
                news.extend(speed.took(asked.elapsed()).map(|millis| Event::Drive(News::Speed(millis))));
                if seen != known {
                    known = seen;
                    news.push(Event::Touched);
                }
            }
            for event in news {
                if self.to.send(Message::Event(event)).is_err() {
                    return;
                }
            }
            let jitter = Duration::from_millis(u64::from(asked.elapsed().subsec_nanos() % JITTER));
            if !matches!(stopped.recv_timeout(EVERY + jitter), Err(RecvTimeoutError::Timeout)) {
                return;
            }
            lookout.look(began.elapsed(), self.told.now());
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

/// Milliseconds an operation takes, smoothed.
#[derive(Debug, Default)]
struct Speed {
    smooth: Option<f64>,
    said: Option<f64>,
}

impl Speed {
    /// Takes one measurement in; gives the milliseconds, to a tenth, when they are worth telling.
    fn took(&mut self, took: Duration) -> Option<f64> {
        let millis = took.as_secs_f64() * 1_000.0;
        let smooth = self.smooth.map_or(millis, |s| s * 0.7 + millis * 0.3);
        self.smooth = Some(smooth);
        let round = (smooth * 10.0).round() / 10.0;
        let news = self.said.is_none_or(|said| (round - said).abs() > said * 0.2 && (round - said).abs() > 0.05);
        news.then(|| {
            self.said = Some(round);
            round
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_speed_is_told_when_it_changed_by_a_fifth() {
        let mut speed = Speed::default();
        let mut took = |micros| speed.took(Duration::from_micros(micros));
        assert_eq!(took(1_000), Some(1.0));
        assert_eq!((took(1_100), took(1_200), took(900)), (None, None, None));
        assert_eq!(took(5_000), Some(2.2));
        let mut local = Speed::default();
        let told: Vec<f64> =
            [3, 9, 4, 40, 2].into_iter().filter_map(|m| local.took(Duration::from_micros(m))).collect();
        assert_eq!(told, [0.0]);
    }
}

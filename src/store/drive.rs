//! The drive that the branch file lies on, as the store sees it: what is known of its locks, and which workstations have the file
//! open. How it is found out lives beside it; what is shown of it, in `ui`.

mod cloud;
pub mod ground;
pub mod judge;
pub mod lock;
pub mod lookout;
pub mod seat;

use crate::domain::ids::{CustomerId, StaffId};
use crate::domain::text::Complaint;
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};

/// What is known of the locks of the drive (drive.md 2.4). Without them two workstations write over each other in silence.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Proof {
    /// Nobody has looked yet.
    #[default]
    Unknown,
    /// No second workstation was there to prove them.
    Unproven,
    /// A lock that another workstation holds was refused here.
    Proven,
    /// A lock was granted that another workstation seems to hold: nothing is written until it is clear.
    Doubted,
    /// A lock was granted that another workstation held: nobody writes any more.
    Broken,
}

impl Proof {
    const ALL: [Proof; 5] = [Proof::Unknown, Proof::Unproven, Proof::Proven, Proof::Doubted, Proof::Broken];

    /// Whether the file may be written on what is known: not before somebody has looked, not in doubt.
    pub fn lets_write(self) -> bool {
        matches!(self, Proof::Unproven | Proof::Proven)
    }

    /// Why nothing is written now, and what to do.
    pub fn complaint(self) -> Option<Complaint> {
        match self {
            Proof::Unproven | Proof::Proven => None,
            Proof::Unknown => Some(Complaint::new(
                "还没有查完共享盘的锁，没有写入。请稍后再试。",
                "The locks of the drive have not been looked at yet; nothing was written. Try again in a moment.",
            )),
            Proof::Doubted => Some(Complaint::new(
                "共享盘的锁还不能确定有效，没有写入。三分钟后再试；仍不行请管理员运行 guitai doctor。",
                "It is not clear yet whether the locks of the drive work; nothing was written. Try again in three minutes; if it stays, ask the administrator to run guitai doctor.",
            )),
            Proof::Broken => Some(Complaint::new(
                format!(
                    "共享盘的锁不起作用，已停止写入，以免互相覆盖。请管理员看网点文件旁 .ws 文件夹里的 {}，并运行 guitai doctor。",
                    seat::ALARM
                ),
                format!(
                    "The locks of the drive do not work; writing has stopped so that nobody's work is overwritten. Ask the administrator to read {} in the .ws folder beside the branch file and to run guitai doctor.",
                    seat::ALARM
                ),
            )),
        }
    }
}

/// What is known of the locks, told by the one who looks and read by the one who writes.
#[derive(Debug, Clone, Default)]
pub struct Gate(Arc<AtomicU8>);

impl Gate {
    /// A gate at which nobody looks, for a file that no other workstation can reach.
    pub fn open() -> Gate {
        let gate = Gate::default();
        gate.tell(Proof::Unproven);
        gate
    }

    /// Says what is known now.
    pub fn tell(&self, proof: Proof) {
        let n = Proof::ALL.iter().position(|p| *p == proof).unwrap_or_default();
        self.0.store(u8::try_from(n).unwrap_or_default(), Ordering::SeqCst);
    }

    /// What is known now.
    pub fn proof(&self) -> Proof {
        Proof::ALL.get(usize::from(self.0.load(Ordering::SeqCst))).copied().unwrap_or_default()
    }
}

/// Whether the file may be written where it lies, by what the drive says of itself.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Footing {
    /// It may.
    #[default]
    Firm,
    /// It is only read; the words say why and what to ask for.
    Refused(Complaint),
    /// It is written although it should not be: this PC's config says so. What the mount says of itself.
    Overruled(String),
}

/// Another workstation that has the branch file open.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Present {
    /// Its name, as in the change log.
    pub station: String,
    /// Who works there, once they said so.
    pub staff: Option<StaffId>,
    /// The archive being edited there.
    pub editing: Option<CustomerId>,
}

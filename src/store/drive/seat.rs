//! Where the workstations that have a branch file open say so: a folder beside it, and the names of the files in it. One reading of the folder
//! tells who is there and what each is editing. What follows from it is decided in `judge`.

use super::ground;
use crate::domain::ids::{CustomerId, StaffId};
use serde::{Deserialize, Serialize};
use std::path::{Path, PathBuf};

/// The file that stops all writing, for people to find: its name says why.
pub const ALARM: &str = "LOCKS-DO-NOT-WORK.txt";

/// A sitting at a workstation, as the name of its file says: `SITTING~BEAT~STAFF~CUSTOMER.json`. The beat grows whenever it is renamed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seat {
    /// Tells it from every other sitting anywhere; never used twice.
    pub sitting: u128,
    /// Grows at least every [`super::judge::FRESH`] while somebody is there.
    pub beat: u64,
    /// Who works there, once they said so.
    pub staff: Option<StaffId>,
    /// The archive being edited there.
    pub editing: Option<CustomerId>,
}

impl Seat {
    /// The name of its file.
    pub fn name(&self) -> String {
        let (staff, editing) = (self.staff.map_or(0, |s| s.0), self.editing.map_or(0, |c| c.0));
        format!("{:032x}~{}~{staff}~{editing}.json", self.sitting, self.beat)
    }

    /// Reads the name of a file.
    pub fn parse(name: &str) -> Option<Seat> {
        let mut parts = name.strip_suffix(".json")?.split('~');
        let seat = Seat {
            sitting: number(parts.next()?)?,
            beat: parts.next()?.parse().ok()?,
            staff: parts.next()?.parse().ok().filter(|id| *id != 0).map(StaffId),
            editing: parts.next()?.parse().ok().filter(|id| *id != 0).map(CustomerId),
        };
        parts.next().is_none().then_some(seat)
    }
}

/// What stands in the file of a sitting: what never changes while it lasts.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Who {
    /// The workstation's name, as in the change log.
    pub station: String,
    /// The running system and its mount: two sittings of the same one share their locks without the server; empty when nothing is known.
    pub host: String,
}

/// The folder of the workstations that have this file open. Links lead to the same one.
pub fn folder(file: &Path) -> PathBuf {
    let mut name = ground::whole(file).into_os_string();
    name.push(".ws");
    name.into()
}

/// The name of the file that a sitting keeps locked.
pub fn lock(sitting: u128) -> String {
    format!("{sitting:032x}.lock")
}

/// The sitting that keeps the file of this name locked.
pub fn locked_by(name: &str) -> Option<u128> {
    number(name.strip_suffix(".lock")?)
}

fn number(hex: &str) -> Option<u128> {
    (hex.len() == 32).then(|| u128::from_str_radix(hex, 16).ok())?
}

/// The words in the alarm file.
pub fn alarm(here: &str, there: &str, file: &str) -> String {
    format!(
        "共享盘的锁不起作用，所有工作站已停止保存 {file}。\r\n\
         工作站「{here}」拿到了工作站「{there}」正占着的锁。这样两台工作站会互相覆盖，而没有任何提示。\r\n\
         请管理员检查这两台工作站的挂载选项（不能有 nobrl、nolock、local_lock、cache=loose）和服务器的锁服务，\r\n\
         并用 guitai doctor 在两台工作站上核对。修好之后删除本文件，各工作站即恢复保存；没保存的内容都留在各台电脑上。\r\n\
         \r\n\
         The locks of the share do not work: every workstation has stopped saving to {file}.\r\n\
         Workstation '{here}' was granted a lock that workstation '{there}' was holding. Two workstations would write over each other without a word.\r\n\
         Ask the administrator to check the mount options of both (no nobrl, nolock, local_lock, cache=loose) and the lock service of the server,\r\n\
         and run guitai doctor on both. Delete this file once it is mended: saving goes on at every desk, and nothing typed meanwhile is lost.\r\n"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seat_reads_back_from_its_name_and_other_names_are_no_seats() {
        for (beat, staff, editing) in [(0, None, None), (7, Some(StaffId(3)), Some(CustomerId(i64::MAX)))] {
            let seat = Seat { sitting: u128::MAX / 3, beat, staff, editing };
            assert_eq!(Seat::parse(&seat.name()), Some(seat));
        }
        assert_eq!(locked_by(&lock(42)), Some(42));
        let long = format!("{:032x}", 1);
        for name in [
            ALARM.to_owned(),
            lock(42),
            format!("{long}~1~2.json"),
            format!("{long}~1~2~3~4.json"),
            format!("{long}~x~2~3.json"),
            "+0000000000000000000000000000001~1~2~3.json~".to_owned(),
            "1~1~2~3.json".to_owned(),
        ] {
            assert_eq!(Seat::parse(&name), None, "{name}");
        }
        assert_eq!(locked_by("1.lock"), None);
    }

    #[test]
    fn every_branch_file_of_a_folder_has_a_folder_of_its_own() {
        let place = tempfile::tempdir().unwrap();
        let at = |name: &str| folder(&place.path().join(name));
        assert!(at("a.db") != at("b.db") && at("a.db") != at("a"));
        assert_eq!(at("a.db").file_name().unwrap(), "a.db.ws");
    }
}

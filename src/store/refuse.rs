//! Why a branch file cannot be opened or made, in words that say what to do.

use crate::domain::text::Complaint;
use std::path::PathBuf;

/// Why a branch file was not opened or made.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum OpenError {
    /// There is no such file.
    #[error("{0} is not there")]
    NotThere(PathBuf),
    /// The path is a directory.
    #[error("{0} is a directory")]
    Directory(PathBuf),
    /// A file is already there, and a new one is wanted.
    #[error("{0} exists")]
    Exists(PathBuf),
    /// Not a branch file: not SQLite, or another program's.
    #[error("{0} is not a branch file")]
    Foreign(PathBuf),
    /// Encrypted, and nobody signed in.
    #[error("{0} is encrypted")]
    Locked(PathBuf),
    /// The data key is not that of this file, or its first page is damaged: they cannot be told apart.
    #[error("the key does not open {0}")]
    WrongKey(PathBuf),
    /// Encrypted, and this program was built without encryption.
    #[error("built without encryption")]
    NoCipher,
    /// Written by a newer program.
    #[error("schema {found}, known {known}")]
    Newer {
        /// Its version.
        found: i64,
        /// The newest version this program knows.
        known: i64,
    },
    /// Written by an older program, to be brought up to date before it is written.
    #[error("schema {found}, older than {known}")]
    Older {
        /// Its version.
        found: i64,
        /// The version this program writes.
        known: i64,
    },
    /// A save is being made or was cut off, and who only reads may not put it in order.
    #[error("a save was cut off")]
    Unfinished,
    /// Its pages contradict themselves.
    #[error("damaged: {0}")]
    Damaged(String),
    /// The file is shorter than it says it is.
    #[error("truncated to {found} bytes")]
    Truncated {
        /// Bytes there.
        found: u64,
    },
    /// Another tool switched it to write-ahead logging, and it could not be switched back now.
    #[error("the file is in write-ahead mode")]
    WriteAhead,
    /// Others kept it busy past the deadline.
    #[error("the file is busy")]
    Busy,
    /// No room on the disk.
    #[error("no room on the disk")]
    NoRoom,
    /// The folder cannot be written to or read.
    #[error("no access to {0}")]
    NoAccess(PathBuf),
    /// The drive does not answer as it should.
    #[error("drive: {0}")]
    Drive(String),
}

impl OpenError {
    /// The refusal in both languages, saying what to do.
    pub fn complaint(&self) -> Complaint {
        match self {
            OpenError::NotThere(p) => Complaint::new(
                format!("找不到文件 {0}。请检查路径和共享盘，新建请用 guitai init {0} --branch 网点名。", p.display()),
                format!(
                    "There is no file {0}. Check the path and the shared drive, or make one: guitai init {0} --branch NAME.",
                    p.display()
                ),
            ),
            OpenError::Directory(p) => Complaint::new(
                format!("{} 是文件夹，不是网点文件。请给出其中的 .db 文件。", p.display()),
                format!("{} is a folder, not a branch file. Name the .db file in it.", p.display()),
            ),
            OpenError::Exists(p) => Complaint::new(
                format!("{} 已经存在，没有改动它。请换一个文件名。", p.display()),
                format!("{} exists and was left alone. Choose another name.", p.display()),
            ),
            OpenError::Foreign(p) => Complaint::new(
                format!("{} 不是柜台的网点文件，没有改动它。请检查路径。", p.display()),
                format!("{} is not a guitai branch file and was left alone. Check the path.", p.display()),
            ),
            OpenError::Locked(p) => Complaint::new(
                format!("{} 是加密的网点文件。请用工号和密码登录：guitai --staff 工号。", p.display()),
                format!("{} is encrypted. Sign in with your number and password: guitai --staff CODE.", p.display()),
            ),
            OpenError::WrongKey(p) => Complaint::new(
                format!(
                    "密码对，但钥匙打不开 {0}：文件可能被换过，或开头已损坏，或旁边的 .keys 不是它的。没有改动它。请报告管理员，用备份恢复。",
                    p.display()
                ),
                format!(
                    "The password is right, but the key does not open {0}: the file may have been exchanged, its beginning damaged, or the .keys file beside it is another's. It was left alone. Tell the administrator and restore a backup.",
                    p.display()
                ),
            ),
            OpenError::NoCipher => Complaint::new(
                "这是加密的网点文件，本程序编译时没有带加密功能，打不开。请换用带加密功能（encryption）的 guitai。",
                "This branch file is encrypted, and this program was built without encryption. Use a guitai that was built with it (feature encryption).",
            ),
            OpenError::Newer { found, known } => Complaint::new(
                format!(
                    "文件由更新的程序写成（版本 {found}，本程序只认识 {known}）。请更新本机的程序再打开；没保存的内容都留在本机。"
                ),
                format!(
                    "A newer program wrote this file (version {found}, this one knows {known}). Update guitai on this PC and open it again; what was not saved is kept on this PC."
                ),
            ),
            OpenError::Older { found, known } => Complaint::new(
                format!(
                    "文件由旧的程序写成（版本 {found}，本程序写版本 {known}）。请退出后重新打开工作台，会先备份再升级。"
                ),
                format!(
                    "An older program wrote this file (version {found}, this one writes {known}). Open the workbench again: it is backed up and brought up to date."
                ),
            ),
            OpenError::Unfinished => Complaint::new(
                "有一次保存没有做完：有人正在保存，或有电脑断了电。请稍后再试；仍不行，请在能写的工作站上打开一次，会自动恢复。",
                "A save is not done: somebody is saving, or a PC lost power. Try again in a moment; if it stays, open the file once at a workstation that may write, which puts it in order.",
            ),
            OpenError::Damaged(_) => Complaint::new(
                "文件读不通，可能已损坏，也可能是共享盘出错。请先重试，仍不行就不要写入，用最近的备份恢复。",
                "The file cannot be read: it may be damaged, or the drive may be failing. Try again; if it stays, restore the last backup.",
            ),
            OpenError::Truncated { found } => Complaint::new(
                format!("文件不完整：只剩 {found} 字节。请用最近的备份恢复，或重新复制整个文件。"),
                format!(
                    "The file is cut short, {found} bytes are left. Restore the last backup or copy the whole file again."
                ),
            ),
            OpenError::WriteAhead => Complaint::new(
                "文件被其他工具切换成 WAL 模式，共享盘上不能这样用。请关闭那个工具和所有柜台程序，再打开一次。",
                "Another tool switched the file to WAL mode, which must not be used on a share. Close that tool and every guitai, then open again.",
            ),
            OpenError::Busy => Complaint::new(
                "文件一直被别人占用。请稍后重试；如果一直这样，请检查共享盘的锁。",
                "Others kept the file busy. Try again in a moment; if it stays, check the locks of the shared drive.",
            ),
            OpenError::NoRoom => {
                Complaint::new("磁盘已满。请腾出空间再试。", "The disk is full. Make room and try again.")
            }
            OpenError::NoAccess(p) => Complaint::new(
                format!("没有权限读写 {}。请检查文件夹是否存在、是否有权限。", p.display()),
                format!("No access to {}. Check that the folder exists and that you may use it.", p.display()),
            ),
            OpenError::Drive(_) => Complaint::new(
                "共享盘没有正常应答。请检查网络后重试，详情在日志里。",
                "The drive does not answer as it should. Check the network and try again; the log has the details.",
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_refusal_says_something_in_both_languages() {
        let path = PathBuf::from("a.db");
        for e in [
            OpenError::NotThere(path.clone()),
            OpenError::Directory(path.clone()),
            OpenError::Exists(path.clone()),
            OpenError::Foreign(path.clone()),
            OpenError::Locked(path.clone()),
            OpenError::WrongKey(path.clone()),
            OpenError::NoCipher,
            OpenError::Newer { found: 2, known: 1 },
            OpenError::Older { found: 1, known: 2 },
            OpenError::Unfinished,
            OpenError::Damaged(String::new()),
            OpenError::Truncated { found: 1 },
            OpenError::WriteAhead,
            OpenError::Busy,
            OpenError::NoRoom,
            OpenError::NoAccess(path),
            OpenError::Drive(String::new()),
        ] {
            let c = e.complaint();
            assert!(c.zh.ends_with('。') && c.en.ends_with('.'), "{e:?}");
            assert!(!c.zh.chars().chain(c.en.chars()).any(|c| "“”…—·①●★→※".contains(c)), "{e:?}");
        }
    }
}

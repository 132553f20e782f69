//! Why a command ended badly, and the exit code it ends with: the one place that knows exit codes.

use crate::domain::text::{Complaint, Lang};
use crate::store::request::Failure;
use std::process::ExitCode;

/// Why a command ended badly.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// A rule says no: exit 1.
    #[error("{0}")]
    Refused(Complaint),
    /// Wrong usage: exit 2.
    #[error("{0}")]
    Usage(Complaint),
    /// The file is not there, not ours, damaged, newer, or busy too long: exit 3.
    #[error("{0}")]
    File(Complaint),
}

impl Fault {
    /// A refusal.
    pub fn refused(zh: impl Into<String>, en: impl Into<String>) -> Fault {
        Fault::Refused(Complaint::new(zh, en))
    }

    /// Wrong usage.
    pub fn usage(zh: impl Into<String>, en: impl Into<String>) -> Fault {
        Fault::Usage(Complaint::new(zh, en))
    }

    /// The file.
    pub fn file(zh: impl Into<String>, en: impl Into<String>) -> Fault {
        Fault::File(Complaint::new(zh, en))
    }

    /// A refusal that says whom or what it is about.
    #[must_use]
    pub fn about(self, whom: &Complaint) -> Fault {
        match self {
            Fault::Refused(c) => {
                Fault::refused(format!("{}：{}", whom.zh.trim_end(), c.zh), format!("{}: {}", whom.en.trim_end(), c.en))
            }
            other => other,
        }
    }

    /// The words.
    pub fn words(&self) -> &Complaint {
        match self {
            Fault::Refused(c) | Fault::Usage(c) | Fault::File(c) => c,
        }
    }

    /// The exit code.
    pub fn code(&self) -> u8 {
        match self {
            Fault::Refused(_) => 1,
            Fault::Usage(_) => 2,
            Fault::File(_) => 3,
        }
    }

    /// Says it on standard error, in the language asked for or in both.
    pub fn say(&self, lang: Option<Lang>) -> ExitCode {
        let c = self.words();
        match lang {
            Some(lang) => eprintln!("{}", c.get(lang)),
            None => eprintln!("{}\n{}", c.zh, c.en),
        }
        ExitCode::from(self.code())
    }
}

impl From<Complaint> for Fault {
    fn from(c: Complaint) -> Fault {
        Fault::Refused(c)
    }
}

impl From<Failure> for Fault {
    fn from(failure: Failure) -> Fault {
        match failure {
            Failure::Refused(c) => Fault::Refused(c),
            Failure::Gone => Fault::refused(
                "这条记录已不在文件里，请重新查找。",
                "This record is not in the file any more; search again.",
            ),
            Failure::GaveWay | Failure::Busy => Fault::file(
                "文件一直被别的工作站占用，请稍后再试。",
                "Other workstations kept the file busy; try again in a moment.",
            ),
            Failure::ReadOnly => Fault::refused(
                "文件是只读的，没有保存。请检查文件的写权限。",
                "The file is read-only; nothing was saved. Check the permission to write.",
            ),
            Failure::Full => Fault::refused(
                "磁盘已满，没有保存。请腾出空间后再试。",
                "The disk is full; nothing was saved. Make room and try again.",
            ),
            Failure::Locks => Fault::file(
                "共享盘的锁不起作用，没有保存。请运行 guitai doctor，把结果交给管理员。",
                "The locks of the drive do not work; nothing was saved. Run guitai doctor and show it to the administrator.",
            ),
            Failure::Newer => Fault::file(
                "网点文件已由新版程序升级，没有保存。请更新本机的柜台再试。",
                "A newer program brought the file up to date; nothing was saved. Update guitai on this PC and try again.",
            ),
            Failure::Replaced => Fault::file(
                "这里放的是另一个文件，没有保存。请管理员核对共享盘上的网点文件。",
                "Another file lies here; nothing was saved. Have the branch file on the drive looked at.",
            ),
            Failure::Damaged(what) => Fault::file(
                format!("文件损坏（{what}）。请用 guitai restore 恢复备份，或用 guitai salvage 抢救。"),
                format!("The file is damaged ({what}). Restore a backup with guitai restore, or use guitai salvage."),
            ),
            Failure::Torn(what) | Failure::Drive(what) => {
                tracing::error!(what, "the file does not answer");
                Fault::file(
                    format!("文件读写不正常：{what}。请检查网络盘后再试，或运行 guitai doctor。"),
                    format!(
                        "The file does not answer as it should: {what}. Check the drive and try again, or run guitai doctor."
                    ),
                )
            }
        }
    }
}

/// What standard input or output did not take; a closed pipe (`guitai find 张 | head`) is no fault.
pub fn of_output(error: &std::io::Error) -> Option<Fault> {
    (error.kind() != std::io::ErrorKind::BrokenPipe)
        .then(|| Fault::refused(format!("不能输出：{error}"), format!("Cannot write the output: {error}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_kind_of_fault_has_its_code() {
        assert_eq!(Fault::refused("", "").code(), 1);
        assert_eq!(Fault::usage("", "").code(), 2);
        assert_eq!(Fault::file("", "").code(), 3);
        for (failure, code) in [
            (Failure::Gone, 1),
            (Failure::ReadOnly, 1),
            (Failure::Full, 1),
            (Failure::Busy, 3),
            (Failure::Drive(String::new()), 3),
        ] {
            assert_eq!(Fault::from(failure.clone()).code(), code, "{failure:?}");
        }
    }
}

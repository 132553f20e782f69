//! Why a slot file does not give the data key, or cannot be written, in words that say what to do.

use crate::domain::text::Complaint;

/// Why not.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SlotError {
    /// No such member of staff, or not their password: never said which.
    #[error("wrong number or password")]
    Wrong,
    /// A recovery code with a wrong letter.
    #[error("a mistyped recovery code")]
    Code,
    /// There is no slot file.
    #[error("the slot file is not there")]
    NotThere,
    /// Not a slot file, or not all of one.
    #[error("the slot file is damaged")]
    Damaged,
    /// Somebody changed it who does not have the data key.
    #[error("the slot file was changed")]
    Changed,
    /// Older than the one the branch file remembers.
    #[error("the slot file is an older one")]
    Older,
    /// Of another branch file, or another of the same version.
    #[error("the slot file is another one")]
    Exchanged,
    /// The last administrator's slot.
    #[error("the last administrator's slot")]
    LastAdministrator,
    /// The system gives no random numbers.
    #[error("no random numbers")]
    NoRandom,
    /// The drive does not take or give it; the text is for the log.
    #[error("drive: {0}")]
    Drive(String),
}

impl SlotError {
    /// The refusal in both languages, saying what to do.
    pub fn complaint(&self) -> Complaint {
        match self {
            SlotError::Wrong => Complaint::new(
                "工号或密码不对。请再试；忘了密码，请网点经理或合规管理员重设。",
                "Wrong number or password. Try again; if it is forgotten, the branch manager or compliance sets a new one.",
            ),
            SlotError::Code => Complaint::new(
                "恢复码有输错的字符。请对照纸上的五组字符，重新输入。",
                "The recovery code has a wrong letter. Compare the five groups on the paper and type it again.",
            ),
            SlotError::NotThere => Complaint::new(
                "找不到钥匙文件（网点文件名加 .keys）。请把备份里的 .keys 放回网点文件旁边。",
                "The key file (the branch file's name and .keys) is not there. Put the one from the backup beside the branch file.",
            ),
            SlotError::Damaged => Complaint::new(
                "钥匙文件（.keys）已损坏。请把旁边的 .keys.1 复制成 .keys，再用恢复码重设密码：guitai staff password 工号 --recovery。",
                "The key file (.keys) is damaged. Copy .keys.1 beside it to .keys, then use a recovery code: guitai staff password CODE --recovery.",
            ),
            SlotError::Changed => Complaint::new(
                "钥匙文件（.keys）被人改过，没有使用它。请报告管理员，并从备份放回。",
                "The key file (.keys) was changed by somebody and is not used. Tell the administrator and put it back from the backup.",
            ),
            SlotError::Older => Complaint::new(
                "放回来的是旧的钥匙文件（.keys），没有使用它。请放回最新的一份；没有的话，用恢复码：guitai staff password 工号 --recovery。",
                "An older key file (.keys) was put back and is not used. Put the newest one there; without one, use a recovery code: guitai staff password CODE --recovery.",
            ),
            SlotError::Exchanged => Complaint::new(
                "钥匙文件（.keys）不是这个网点文件的那一份，没有使用它。请放回原来的；没有的话，用恢复码：guitai staff password 工号 --recovery。",
                "This key file (.keys) is not the branch file's own and is not used. Put the right one there; without it, use a recovery code: guitai staff password CODE --recovery.",
            ),
            SlotError::LastAdministrator => Complaint::new(
                "这是最后一位能管理密码的人（网点经理或合规管理员），不能取消。请先加一位。",
                "This is the last one who can manage passwords (branch manager or compliance). Add another first.",
            ),
            SlotError::NoRandom => Complaint::new(
                "系统没有给出随机数，没有改动。请稍后再试。",
                "The system gives no random numbers; nothing was changed. Try again in a moment.",
            ),
            SlotError::Drive(_) => Complaint::new(
                "钥匙文件（.keys）读写不了。请检查共享盘和文件夹权限后重试，详情在日志里。",
                "The key file (.keys) cannot be read or written. Check the drive and the folder's rights and try again; the log has the details.",
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_refusal_says_what_to_do_in_both_languages() {
        for e in [
            SlotError::Wrong,
            SlotError::Code,
            SlotError::NotThere,
            SlotError::Damaged,
            SlotError::Changed,
            SlotError::Older,
            SlotError::Exchanged,
            SlotError::LastAdministrator,
            SlotError::NoRandom,
            SlotError::Drive(String::new()),
        ] {
            let c = e.complaint();
            assert!(c.zh.ends_with('。') && c.en.ends_with('.'), "{e:?}");
            assert!(c.zh.matches('。').count() >= 2, "{e:?} says what is wrong and what to do");
            assert!(!c.zh.chars().chain(c.en.chars()).any(|c| "“”…—·①●★→※".contains(c)), "{e:?}");
        }
    }
}

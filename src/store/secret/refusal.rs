//! Why somebody is not let in, in words that say what to do.

use crate::domain::text::Complaint;
use crate::store::refuse::OpenError;
use crate::store::request::Failure;
use crate::store::slots::SlotError;

/// Why somebody is not let in.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SignInError {
    /// A number that nobody has, or not their password: never said which.
    #[error("wrong number or password")]
    Wrong {
        /// Whose number it was, for counting; never shown.
        staff: Option<String>,
        /// Seconds to wait before the next try.
        wait: i64,
    },
    /// Too many wrong tries: so many seconds are left.
    #[error("wait {0} s")]
    Wait(i64),
    /// The branch asks for passwords, and this one has none yet.
    #[error("no password is set")]
    Unset,
    /// The slot file does not give the key.
    #[error(transparent)]
    Slots(#[from] SlotError),
    /// The branch file cannot be opened.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// The branch file does not take or give it, or a rule says no.
    #[error(transparent)]
    Failed(#[from] Failure),
}

impl SignInError {
    /// The words, where they are its own; what the file says is worded with all other failures of it.
    pub fn complaint(&self) -> Option<Complaint> {
        match self {
            SignInError::Wrong { wait: 0, .. } => Some(SlotError::Wrong.complaint()),
            SignInError::Wrong { wait, .. } => {
                let (zh, en) = span(*wait);
                Some(Complaint::new(
                    format!("工号或密码不对。请等 {zh}再试；忘了密码，请网点经理或合规管理员重设。"),
                    format!(
                        "Wrong number or password. Wait {en} before the next try; if it is forgotten, the branch manager or compliance sets a new one."
                    ),
                ))
            }
            SignInError::Wait(left) => {
                let (zh, en) = span(*left);
                Some(Complaint::new(
                    format!("错了太多次，请等 {zh}再试。忘了密码，请网点经理或合规管理员重设。"),
                    format!(
                        "Too many wrong tries: wait {en}. If the password is forgotten, the branch manager or compliance sets a new one."
                    ),
                ))
            }
            SignInError::Unset => Some(Complaint::new(
                "还没有密码。请先设：guitai staff password 工号。",
                "There is no password yet. Set one first: guitai staff password CODE.",
            )),
            SignInError::Slots(e) => Some(e.complaint()),
            SignInError::Open(e) => Some(e.complaint()),
            SignInError::Failed(Failure::Refused(c)) => Some(c.clone()),
            SignInError::Failed(_) => None,
        }
    }
}

/// A time to wait, in words.
fn span(seconds: i64) -> (String, String) {
    match (seconds / 60, seconds % 60) {
        (0, s) => (format!("{s} 秒"), format!("{s} s")),
        (m, 0) => (format!("{m} 分钟"), format!("{m} min")),
        (m, s) => (format!("{m} 分 {s} 秒"), format!("{m} min {s} s")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unknown_number_and_a_wrong_password_say_the_same() {
        let said = |staff: Option<&str>, wait| SignInError::Wrong { staff: staff.map(str::to_owned), wait }.complaint();
        assert_eq!(said(None, 0), said(Some("wangmin"), 0));
        assert_eq!(said(None, 0), SignInError::from(SlotError::Wrong).complaint());
    }

    #[test]
    fn a_wait_is_said_in_minutes_and_seconds_with_what_to_do() {
        for (seconds, zh) in [(5, "5 秒"), (60, "1 分钟"), (90, "1 分 30 秒"), (900, "15 分钟")] {
            let words = SignInError::Wait(seconds).complaint().unwrap();
            assert!(words.zh.contains(zh) && words.zh.contains("网点经理") && words.en.ends_with('.'), "{words:?}");
        }
    }
}

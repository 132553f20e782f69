//! A look at data that changes nothing: what was done, with whose data, why. How it is written down and counted does not live here.

use super::field::Edit;
use super::ids::CustomerId;
use super::text::{Text, t};
use chrono::NaiveDateTime;
use serde::{Deserialize, Serialize};

/// What was done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Action {
    /// An archive was shown for longer than a glance, or a list of customers by a command.
    View,
    /// A masked value was shown in full.
    Reveal,
    /// Rows left the program as a file.
    Export,
    /// A page was made for the printer: a slip, a report.
    Print,
    /// Something went to the clipboard.
    Copy,
    /// Somebody signed in.
    SignIn,
    /// Somebody signed out.
    SignOut,
    /// The screen was locked.
    Lock,
    /// Something was asked for that this person may not do.
    Refused,
}

impl Action {
    /// All of them.
    pub const ALL: [Action; 9] = [
        Action::View,
        Action::Reveal,
        Action::Export,
        Action::Print,
        Action::Copy,
        Action::SignIn,
        Action::SignOut,
        Action::Lock,
        Action::Refused,
    ];

    /// The code stored.
    pub const fn code(self) -> &'static str {
        match self {
            Action::View => "view",
            Action::Reveal => "reveal",
            Action::Export => "export",
            Action::Print => "print",
            Action::Copy => "copy",
            Action::SignIn => "sign_in",
            Action::SignOut => "sign_out",
            Action::Lock => "lock",
            Action::Refused => "refused",
        }
    }

    /// The action of a code.
    pub fn of(code: &str) -> Option<Action> {
        Action::ALL.into_iter().find(|a| a.code() == code)
    }

    /// The word on screen.
    pub const fn label(self) -> Text {
        match self {
            Action::View => t("查看", "Viewed"),
            Action::Reveal => t("显示全号", "Revealed"),
            Action::Export => t("导出", "Exported"),
            Action::Print => t("打印", "Printed"),
            Action::Copy => t("复制", "Copied"),
            Action::SignIn => t("签到", "Signed in"),
            Action::SignOut => t("签退", "Signed out"),
            Action::Lock => t("锁屏", "Locked"),
            Action::Refused => t("被拒", "Refused"),
        }
    }

    /// Whether its line is written at once: whoever signs out or locks may be gone in a moment, and so may the PC.
    pub const fn at_once(self) -> bool {
        matches!(self, Action::SignIn | Action::SignOut | Action::Lock)
    }
}

/// One line of the log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    /// What was done.
    pub action: Action,
    /// With whose data; `None` when it was nobody's or many customers'.
    pub customer: Option<CustomerId>,
    /// The field that was revealed, by its code; else empty.
    pub field: String,
    /// How many customers it was about, where it may be more than one.
    pub rows: Option<u64>,
    /// Where it was seen or went: a command, a kind of page, a file. Never a value of a customer.
    pub target: String,
    /// Why, where a reason is asked for.
    pub reason: String,
    /// When, local time of the workstation.
    pub at: NaiveDateTime,
}

impl Line {
    /// A line that says only what and when.
    pub fn new(action: Action, at: NaiveDateTime) -> Line {
        Line {
            action,
            customer: None,
            field: String::new(),
            rows: None,
            target: String::new(),
            reason: String::new(),
            at,
        }
    }

    /// With the data of this customer.
    #[must_use]
    pub fn of(self, customer: CustomerId) -> Line {
        Line { customer: Some(customer), ..self }
    }

    /// So many customers.
    #[must_use]
    pub fn rows(self, rows: usize) -> Line {
        Line { rows: u64::try_from(rows).ok(), ..self }
    }

    /// Where it was seen or went.
    #[must_use]
    pub fn to(self, target: impl Into<String>) -> Line {
        Line { target: target.into(), ..self }
    }

    /// Why.
    #[must_use]
    pub fn because(self, reason: impl Into<String>) -> Line {
        Line { reason: reason.into(), ..self }
    }

    /// What stands in the log beside customer, reason and time.
    pub fn edits(&self) -> Vec<Edit> {
        let rows = self.rows.map(|n| n.to_string()).unwrap_or_default();
        [
            ("action", self.action.code().to_owned()),
            ("field", self.field.clone()),
            ("rows", rows),
            ("target", self.target.clone()),
        ]
        .into_iter()
        .filter(|(_, text)| !text.is_empty())
        .map(|(field, after)| Edit { field: field.to_owned(), before: String::new(), after })
        .collect()
    }
}

/// Why a masked value may be shown in full.
pub const REASONS: [(&str, Text); 6] = [
    ("present", t("客户本人在场核对", "Checked with the customer present")),
    ("call", t("电话联系客户", "To call the customer")),
    ("business", t("办理客户申请的业务", "Business the customer asked for")),
    ("correct", t("更正客户资料", "To correct the archive")),
    ("mail", t("寄送资料", "To send papers")),
    ("compliance", t("合规检查", "Compliance check")),
];

/// A reason as it is stored, in Chinese, from its code or either of its words.
pub fn reason(text: &str) -> Option<&'static str> {
    let text = text.trim();
    REASONS
        .iter()
        .find(|(code, words)| *code == text || words.zh == text || words.en == text)
        .map(|(_, words)| words.zh)
}

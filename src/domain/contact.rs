//! Contacts (联络): the lines of the ledger 客户维护台账, and the rule of what counts as a real one. The queue that asks for
//! them does not live here.

use super::ids::{ContactId, CustomerId, StaffId};
use super::text::{Text, t};
use chrono::{NaiveDate, NaiveDateTime};
use serde::{Deserialize, Serialize};

/// How a customer was reached; the digit is the key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Channel {
    /// 电话
    Phone,
    /// 面访
    Visit,
    /// 微信
    Wechat,
    /// 短信
    Sms,
    /// 柜面
    Counter,
    /// 上门
    Home,
    /// 邮件
    Email,
    /// 礼品
    Gift,
}

impl Channel {
    /// All channels in the order of their digits, from 1.
    pub const ALL: [Channel; 8] = [
        Channel::Phone,
        Channel::Visit,
        Channel::Wechat,
        Channel::Sms,
        Channel::Counter,
        Channel::Home,
        Channel::Email,
        Channel::Gift,
    ];

    /// The code stored and typed on the command line.
    pub const fn code(self) -> &'static str {
        match self {
            Channel::Phone => "phone",
            Channel::Visit => "visit",
            Channel::Wechat => "wechat",
            Channel::Sms => "sms",
            Channel::Counter => "counter",
            Channel::Home => "home",
            Channel::Email => "email",
            Channel::Gift => "gift",
        }
    }

    /// The word on screen.
    pub const fn label(self) -> Text {
        match self {
            Channel::Phone => t("电话", "Phone"),
            Channel::Visit => t("面访", "Visit"),
            Channel::Wechat => t("微信", "WeChat"),
            Channel::Sms => t("短信", "SMS"),
            Channel::Counter => t("柜面", "Counter"),
            Channel::Home => t("上门", "Home visit"),
            Channel::Email => t("邮件", "E-mail"),
            Channel::Gift => t("礼品", "Gift"),
        }
    }

    /// The channel with this digit (from 1), code or label.
    pub fn parse(s: &str) -> Option<Channel> {
        let digit = s.parse::<usize>().ok().and_then(|d| d.checked_sub(1));
        digit.and_then(|d| Channel::ALL.get(d).copied()).or_else(|| {
            Channel::ALL
                .into_iter()
                .find(|c| c.code() == s || c.label().zh == s || c.label().en.eq_ignore_ascii_case(s))
        })
    }
}

/// What came of it; the digit is the key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// 接通: spoken to.
    Reached,
    /// 未接: tried, not reached; does not reset the visit clock (features 91, 92).
    NoAnswer,
    /// 拒绝: reached and refused.
    Refused,
    /// 转介: reached and handed on to a colleague.
    Referred,
}

impl Outcome {
    /// All outcomes in the order of their digits, from 1.
    pub const ALL: [Outcome; 4] = [Outcome::Reached, Outcome::NoAnswer, Outcome::Refused, Outcome::Referred];

    /// The code stored and typed on the command line.
    pub const fn code(self) -> &'static str {
        match self {
            Outcome::Reached => "reached",
            Outcome::NoAnswer => "no_answer",
            Outcome::Refused => "refused",
            Outcome::Referred => "referred",
        }
    }

    /// The word on screen.
    pub const fn label(self) -> Text {
        match self {
            Outcome::Reached => t("接通", "Reached"),
            Outcome::NoAnswer => t("未接", "No answer"),
            Outcome::Refused => t("拒绝", "Refused"),
            Outcome::Referred => t("转介", "Referred"),
        }
    }

    /// The outcome with this digit (from 1), code or label.
    pub fn parse(s: &str) -> Option<Outcome> {
        let digit = s.parse::<usize>().ok().and_then(|d| d.checked_sub(1));
        digit.and_then(|d| Outcome::ALL.get(d).copied()).or_else(|| {
            Outcome::ALL
                .into_iter()
                .find(|o| o.code() == s || o.label().zh == s || o.label().en.eq_ignore_ascii_case(s))
        })
    }

    /// Whether the customer was really in contact, which resets the visit clock.
    pub const fn is_real(self) -> bool {
        !matches!(self, Outcome::NoAnswer)
    }
}

/// A line of the ledger.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Contact {
    /// Row id.
    pub id: ContactId,
    /// With whom.
    pub customer: CustomerId,
    /// When, local time.
    pub at: NaiveDateTime,
    /// By whom.
    pub by: StaffId,
    /// How.
    pub channel: Channel,
    /// What came of it.
    pub outcome: Outcome,
    /// What was said; may be empty.
    pub note: String,
    /// The next date agreed or set.
    pub next: Option<NaiveDate>,
    /// The key of the agenda line it did, if any.
    pub task: Option<String>,
}

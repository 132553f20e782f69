//! Consent (同意, domain.md "PIPL"): for what and by which channel a customer agreed to be served, with the evidence. Nothing written down is
//! no refusal: the law asks a customer's word for advertising, not for what their contract needs. What was withdrawn is honoured everywhere.

use super::ids::StaffId;
use super::text::{Text, t};
use chrono::NaiveDateTime;
use serde::{Deserialize, Serialize};

/// For what.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Purpose {
    /// 维护联系: greetings, visits, news.
    Contact,
    /// 营销推荐: products are offered.
    Marketing,
    /// 信用评估
    Credit,
    /// 家庭信息: what is kept of the family.
    Family,
}

impl Purpose {
    /// All of them.
    pub const ALL: [Purpose; 4] = [Purpose::Contact, Purpose::Marketing, Purpose::Credit, Purpose::Family];

    /// The code stored.
    pub const fn code(self) -> &'static str {
        match self {
            Purpose::Contact => "contact",
            Purpose::Marketing => "marketing",
            Purpose::Credit => "credit",
            Purpose::Family => "family",
        }
    }

    /// The word on screen.
    pub const fn label(self) -> Text {
        match self {
            Purpose::Contact => t("维护联系", "Keeping in touch"),
            Purpose::Marketing => t("营销推荐", "Offers"),
            Purpose::Credit => t("信用评估", "Credit checks"),
            Purpose::Family => t("家庭信息", "Family data"),
        }
    }

    /// The channels that it is asked for; one without a channel is asked as a whole.
    pub const fn channels(self) -> &'static [Channel] {
        match self {
            Purpose::Contact | Purpose::Marketing => &Channel::ALL,
            Purpose::Credit | Purpose::Family => &[Channel::Any],
        }
    }
}

/// By which channel.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Channel {
    /// 全部: by any.
    Any,
    /// 电话
    Phone,
    /// 短信
    Sms,
    /// 微信
    Wechat,
    /// 上门
    Visit,
}

impl Channel {
    /// All of them.
    pub const ALL: [Channel; 5] = [Channel::Any, Channel::Phone, Channel::Sms, Channel::Wechat, Channel::Visit];

    /// The code stored.
    pub const fn code(self) -> &'static str {
        match self {
            Channel::Any => "any",
            Channel::Phone => "phone",
            Channel::Sms => "sms",
            Channel::Wechat => "wechat",
            Channel::Visit => "visit",
        }
    }

    /// The word on screen.
    pub const fn label(self) -> Text {
        match self {
            Channel::Any => t("全部方式", "any way"),
            Channel::Phone => t("电话", "phone"),
            Channel::Sms => t("短信", "SMS"),
            Channel::Wechat => t("微信", "WeChat"),
            Channel::Visit => t("上门", "visit"),
        }
    }
}

/// What a customer said, for one purpose and channel.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Consent {
    /// For what.
    pub purpose: Purpose,
    /// By which channel.
    pub channel: Channel,
    /// 同意, else 撤回.
    pub agreed: bool,
    /// 签字单号, 录音, 当面.
    pub evidence: String,
    /// When.
    pub at: NaiveDateTime,
    /// Who wrote it down.
    pub by: StaffId,
}

/// What a customer withdrew: pairs of purpose and channel.
pub type Withdrawn = Vec<(Purpose, Channel)>;

/// What is shut by what was said: the later of a word on one channel and a word on all of them counts.
pub fn withdrawn(said: &[Consent]) -> Withdrawn {
    let word = |p: Purpose, c: Channel| said.iter().find(|s| s.purpose == p && s.channel == c);
    let mut shut = Vec::new();
    for p in Purpose::ALL {
        let all = word(p, Channel::Any);
        for c in p.channels() {
            let one = word(p, *c);
            let last = match (all, one) {
                (Some(all), Some(one)) if one.at >= all.at => Some(one),
                (all, one) => all.or(one),
            };
            if last.is_some_and(|s| !s.agreed) {
                shut.push((p, *c));
            }
        }
        // Each channel for itself is all of them.
        let whole = p.channels().iter().filter(|c| **c != Channel::Any).count();
        let so_far = shut.iter().filter(|(q, c)| *q == p && *c != Channel::Any).count();
        if whole > 0 && so_far == whole && !shut.contains(&(p, Channel::Any)) {
            shut.push((p, Channel::Any));
        }
    }
    shut
}

/// Whether nothing at all may be done for a purpose: what makes a list leave somebody out.
pub fn shut(withdrawn: &Withdrawn, purpose: Purpose) -> bool {
    let channels = purpose.channels();
    !channels.is_empty() && channels.iter().all(|c| withdrawn.contains(&(purpose, *c)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::NaiveDate;

    fn said(purpose: Purpose, channel: Channel, agreed: bool, day: u32) -> Consent {
        let at = NaiveDate::from_ymd_opt(2026, 11, day).unwrap().and_hms_opt(9, 0, 0).unwrap();
        Consent { purpose, channel, agreed, evidence: "当面".into(), at, by: StaffId(1) }
    }

    #[test]
    fn the_later_of_a_word_on_one_channel_and_a_word_on_all_counts() {
        use {Channel as C, Purpose as P};
        let all_then_one = [said(P::Marketing, C::Any, false, 1), said(P::Marketing, C::Phone, true, 2)];
        let shut_now = withdrawn(&all_then_one);
        assert!(!shut_now.contains(&(P::Marketing, C::Phone)));
        assert!(shut_now.contains(&(P::Marketing, C::Sms)));
        assert!(!shut(&shut_now, P::Marketing));
        let one_then_all = [said(P::Marketing, C::Phone, true, 1), said(P::Marketing, C::Any, false, 2)];
        assert!(shut(&withdrawn(&one_then_all), P::Marketing));
        assert!(!shut(&withdrawn(&one_then_all), P::Contact));
    }

    #[test]
    fn who_withdrew_every_channel_one_by_one_withdrew_all() {
        use {Channel as C, Purpose as P};
        let each: Vec<Consent> =
            [C::Phone, C::Sms, C::Wechat, C::Visit].into_iter().map(|c| said(P::Contact, c, false, 3)).collect();
        assert!(shut(&withdrawn(&each), P::Contact));
        assert!(!shut(&withdrawn(&each[1..]), P::Contact));
    }
}

//! 优惠与额度: a better rate, a higher limit or the like for a customer who stays. Somebody proposes it, another one who may approves or refuses
//! it, and it ends by itself after its last day. It is a record: what the core system charges or lends is changed there.

use super::archive::choices::GRANTS;
use super::ids::StaffId;
use super::text::{Complaint, Text, t};
use super::values::plain;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// What was said to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// Nothing yet.
    #[default]
    Waiting,
    /// Yes.
    Approved,
    /// No.
    Refused,
    /// Yes, and taken back before its last day.
    Ended,
}

impl Verdict {
    /// All of them.
    pub const ALL: [Verdict; 4] = [Verdict::Waiting, Verdict::Approved, Verdict::Refused, Verdict::Ended];

    /// The code stored.
    pub const fn code(self) -> &'static str {
        match self {
            Verdict::Waiting => "waiting",
            Verdict::Approved => "approved",
            Verdict::Refused => "refused",
            Verdict::Ended => "ended",
        }
    }

    /// The word for it.
    pub const fn label(self) -> Text {
        match self {
            Verdict::Waiting => t("待批", "waiting"),
            Verdict::Approved => t("已批准", "approved"),
            Verdict::Refused => t("已拒绝", "refused"),
            Verdict::Ended => t("已收回", "taken back"),
        }
    }
}

/// How it stands on a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stands {
    /// It waits to be approved.
    Waiting,
    /// Nobody approved it before its last day.
    Lapsed,
    /// Approved, from a later day on.
    Ahead,
    /// It holds.
    Holds,
    /// Its last day has passed.
    Over,
    /// Refused.
    Refused,
    /// Taken back.
    Ended,
}

impl Stands {
    /// The word for it.
    pub const fn label(self) -> Text {
        match self {
            Stands::Waiting => t("待批", "waiting"),
            Stands::Lapsed => t("过期未批", "never decided"),
            Stands::Ahead => t("未生效", "not begun"),
            Stands::Holds => t("生效中", "in force"),
            Stands::Over => t("已到期", "over"),
            Stands::Refused => t("已拒绝", "refused"),
            Stands::Ended => t("已收回", "taken back"),
        }
    }

    /// The name for scripts.
    pub const fn code(self) -> &'static str {
        match self {
            Stands::Waiting => "waiting",
            Stands::Lapsed => "lapsed",
            Stands::Ahead => "ahead",
            Stands::Holds => "holds",
            Stands::Over => "over",
            Stands::Refused => "refused",
            Stands::Ended => "ended",
        }
    }
}

/// One of them.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Entitlement {
    /// Kind code: rate, limit, fee, service, other.
    pub grants: String,
    /// What the customer gets, in words.
    pub text: String,
    /// The first day.
    pub from: Option<NaiveDate>,
    /// The last day.
    pub until: Option<NaiveDate>,
    /// Why the customer is to have it.
    pub reason: String,
    /// Who proposed it, or changed the proposal last.
    pub proposer: StaffId,
    /// When.
    pub proposed: Option<NaiveDate>,
    /// What was said to it.
    pub verdict: Verdict,
    /// Who said so.
    pub decider: Option<StaffId>,
    /// When.
    pub decided: Option<NaiveDate>,
    /// With what words.
    pub answer: String,
    /// Who took it back.
    pub ender: Option<StaffId>,
    /// When.
    pub ended: Option<NaiveDate>,
    /// Why.
    pub end_reason: String,
}

/// What a write does to one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// It is proposed, or the proposal is changed.
    Proposes,
    /// The proposal is withdrawn.
    Withdraws,
    /// Somebody approves, refuses, or takes back what was approved.
    Decides,
}

impl Entitlement {
    /// One to be proposed: from today on.
    pub fn new(today: NaiveDate) -> Entitlement {
        Entitlement { grants: "rate".to_owned(), from: Some(today), ..Entitlement::default() }
    }

    /// What kind it is.
    pub fn label(&self) -> Text {
        GRANTS.iter().find(|c| c.code == self.grants).map_or(t("优惠与额度", "Entitlement"), |c| c.label)
    }

    /// How it stands on this day.
    pub fn stands(&self, today: NaiveDate) -> Stands {
        let past = self.until.is_some_and(|until| until < today);
        match self.verdict {
            Verdict::Waiting if past => Stands::Lapsed,
            Verdict::Waiting => Stands::Waiting,
            Verdict::Refused => Stands::Refused,
            Verdict::Ended => Stands::Ended,
            Verdict::Approved if past => Stands::Over,
            Verdict::Approved if self.from.is_some_and(|from| from > today) => Stands::Ahead,
            Verdict::Approved => Stands::Holds,
        }
    }

    /// The same with a verdict and the words to it; who and when is for the store to say.
    pub fn with(&self, verdict: Verdict, words: &str) -> Entitlement {
        let mut e = Entitlement { verdict, ..self.clone() };
        *(if verdict == Verdict::Ended { &mut e.end_reason } else { &mut e.answer }) = words.to_owned();
        e
    }

    /// Nothing where it says what is to be had, why and until when.
    ///
    /// # Errors
    /// What is missing.
    fn complete(&self, today: NaiveDate) -> Result<(), Complaint> {
        let empty = |text: &str| plain::line(text).is_empty();
        if !GRANTS.iter().any(|c| c.code == self.grants) || empty(&self.text) {
            return Err(Complaint::new(
                "请选类别，写明给什么，如：一年期利率减20基点",
                "Choose the kind and say what is granted, such as: 20 basis points off the one-year rate",
            ));
        }
        if empty(&self.reason) {
            return Err(Complaint::new("请写为什么给，批的人要看", "Say why; who approves it reads that"));
        }
        let from = self.from.unwrap_or(today);
        match self.until {
            None => Err(Complaint::new("请填到哪一天为止", "Say until which day")),
            Some(until) if until < from || until < today => Err(Complaint::new(
                format!("到期日 {until} 太早，请填今天和起始日以后的日期"),
                format!("The last day {until} is too early; it is not before today or the first day"),
            )),
            Some(_) => Ok(()),
        }
    }
}

/// What a write from `was` to `now` does.
pub fn step(was: Option<&Entitlement>, now: Option<&Entitlement>) -> Step {
    match (was, now) {
        (_, None) => Step::Withdraws,
        (Some(was), Some(now)) if was.verdict != now.verdict => Step::Decides,
        _ => Step::Proposes,
    }
}

/// What is written where somebody goes from `was` to `now`: who and when is filled in. Whether they have the right to decide is not known here.
///
/// # Errors
/// Something is missing; it was decided already; or who proposed it would approve it.
pub fn settle(
    was: Option<&Entitlement>,
    now: Option<&Entitlement>,
    by: StaffId,
    today: NaiveDate,
) -> Result<Option<Entitlement>, Complaint> {
    let waits = was.is_none_or(|w| w.verdict == Verdict::Waiting);
    let Some(now) = now else {
        return if waits { Ok(None) } else { Err(decided()) };
    };
    match (was, step(was, Some(now))) {
        (Some(was), Step::Decides) => decide(was, now, by, today).map(Some),
        _ if !waits || now.verdict != Verdict::Waiting => Err(decided()),
        _ => {
            now.complete(today)?;
            Ok(Some(Entitlement {
                grants: now.grants.clone(),
                text: plain::line(&now.text),
                from: now.from.or(Some(today)),
                until: now.until,
                reason: plain::line(&now.reason),
                // Whoever changed it last proposes it, or one could approve what one wrote oneself.
                proposer: by,
                proposed: Some(today),
                ..Entitlement::default()
            }))
        }
    }
}

fn decided() -> Complaint {
    Complaint::new(
        "已经批过的不能再改，也不能删；生效的可以收回，再提一条新的",
        "What was decided is not changed or removed any more; what is in force can be taken back, and another one proposed",
    )
}

fn decide(was: &Entitlement, now: &Entitlement, by: StaffId, today: NaiveDate) -> Result<Entitlement, Complaint> {
    let words = plain::line(if now.verdict == Verdict::Ended { &now.end_reason } else { &now.answer });
    match (was.verdict, now.verdict) {
        (Verdict::Waiting, Verdict::Approved | Verdict::Refused) if was.proposer == by => Err(Complaint::new(
            "自己提出的不能自己批，要由另一位批",
            "Nobody decides on what they proposed themselves; another one does",
        )),
        (Verdict::Waiting, Verdict::Approved) if was.stands(today) == Stands::Lapsed => Err(Complaint::new(
            "到期日已经过了，不能再批准；请改日期后重新提出",
            "Its last day has passed and it cannot be approved; it has to be proposed anew",
        )),
        (Verdict::Waiting, Verdict::Approved | Verdict::Refused) | (Verdict::Approved, Verdict::Ended)
            if words.is_empty() =>
        {
            Err(Complaint::new("请写一句理由，同事看得到", "Please give a reason; colleagues will see it"))
        }
        (Verdict::Waiting, verdict @ (Verdict::Approved | Verdict::Refused)) => {
            Ok(Entitlement { verdict, decider: Some(by), decided: Some(today), answer: words, ..was.clone() })
        }
        (Verdict::Approved, Verdict::Ended) if was.stands(today) != Stands::Over => Ok(Entitlement {
            verdict: Verdict::Ended,
            ender: Some(by),
            ended: Some(today),
            end_reason: words,
            ..was.clone()
        }),
        _ => Err(decided()),
    }
}

/// The one that says most of whether a customer has something: what holds before what is still to begin or be approved; nothing of those
/// that were refused, taken back or are over.
pub fn foremost<'a>(all: impl IntoIterator<Item = &'a Entitlement>, today: NaiveDate) -> Option<&'a Entitlement> {
    let rank = |e: &&Entitlement| match e.stands(today) {
        Stands::Holds => 0,
        Stands::Ahead => 1,
        Stands::Waiting => 2,
        Stands::Lapsed | Stands::Over | Stands::Refused | Stands::Ended => 3,
    };
    all.into_iter().min_by_key(rank).filter(|e| rank(e) < 3)
}

#[cfg(test)]
mod tests {
    use super::*;

    const AM: StaffId = StaffId(1);
    const BOSS: StaffId = StaffId(2);

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn terms() -> Entitlement {
        Entitlement {
            text: "一年期利率减20基点".into(),
            until: Some(day("2027-11-20")),
            reason: "合作五年，无逾期".into(),
            ..Entitlement::new(day("2026-11-21"))
        }
    }

    fn proposed() -> Entitlement {
        settle(None, Some(&terms()), AM, day("2026-11-21")).unwrap().unwrap()
    }

    fn decided(verdict: Verdict) -> Entitlement {
        let was = proposed();
        settle(Some(&was), Some(&was.with(verdict, "同意")), BOSS, day("2026-11-22")).unwrap().unwrap()
    }

    #[test]
    fn it_waits_holds_and_ends_by_itself_after_its_last_day() {
        let approved = decided(Verdict::Approved);
        let later = Entitlement { from: Some(day("2027-01-01")), ..approved.clone() };
        let ended = Entitlement { verdict: Verdict::Ended, ..approved.clone() };
        for (e, on, stands) in [
            (proposed(), "2027-11-20", Stands::Waiting),
            (proposed(), "2027-11-21", Stands::Lapsed),
            (approved.clone(), "2026-11-22", Stands::Holds),
            (approved.clone(), "2027-11-20", Stands::Holds),
            (approved, "2027-11-21", Stands::Over),
            (later.clone(), "2026-12-31", Stands::Ahead),
            (later, "2027-01-01", Stands::Holds),
            (decided(Verdict::Refused), "2026-11-22", Stands::Refused),
            (ended, "2026-11-22", Stands::Ended),
        ] {
            assert_eq!(e.stands(day(on)), stands, "{on} {:?}", e.verdict);
        }
    }

    #[test]
    fn a_proposal_says_what_why_and_until_when() {
        let t = terms();
        for (lacking, words) in [
            (Entitlement { text: " ".into(), ..t.clone() }, "写明给什么"),
            (Entitlement { grants: "gold".into(), ..t.clone() }, "请选类别"),
            (Entitlement { reason: String::new(), ..t.clone() }, "为什么给"),
            (Entitlement { until: None, ..t.clone() }, "到哪一天为止"),
            (Entitlement { until: Some(day("2026-11-20")), ..t.clone() }, "太早"),
            (Entitlement { from: Some(day("2028-01-01")), ..t.clone() }, "太早"),
            // Nobody proposes what is approved already.
            (t.with(Verdict::Approved, "同意"), "已经批过"),
        ] {
            let said = settle(None, Some(&lacking), AM, day("2026-11-21")).unwrap_err().zh;
            assert!(said.contains(words), "{said}");
        }
        let forged = Entitlement { proposer: BOSS, decider: Some(BOSS), ..t };
        let written = settle(None, Some(&forged), AM, day("2026-11-21")).unwrap().unwrap();
        assert_eq!((written.proposer, written.decider, written.proposed), (AM, None, Some(day("2026-11-21"))));
    }

    #[test]
    fn what_may_follow_what_and_by_whom() {
        let today = day("2026-11-22");
        let waiting = proposed();
        let (yes, no) = (decided(Verdict::Approved), decided(Verdict::Refused));
        let changed = |e: &Entitlement| Entitlement { text: "减50基点".into(), ..e.clone() };
        // From, to, by whom; whether it is let through.
        for (n, (was, now, by, may)) in [
            (&waiting, Some(waiting.with(Verdict::Approved, "同意")), BOSS, true),
            (&waiting, Some(waiting.with(Verdict::Refused, "额度已满")), BOSS, true),
            (&waiting, Some(waiting.with(Verdict::Approved, "同意")), AM, false),
            (&waiting, Some(waiting.with(Verdict::Refused, "不要了")), AM, false),
            (&waiting, Some(waiting.with(Verdict::Approved, " ")), BOSS, false),
            (&waiting, Some(waiting.with(Verdict::Ended, "收回")), BOSS, false),
            (&waiting, Some(changed(&waiting)), AM, true),
            (&waiting, None, AM, true),
            (&yes, Some(yes.with(Verdict::Ended, "逾期")), BOSS, true),
            (&yes, Some(yes.with(Verdict::Ended, "")), BOSS, false),
            (&yes, Some(yes.with(Verdict::Refused, "反悔")), BOSS, false),
            (&yes, Some(yes.with(Verdict::Waiting, "")), BOSS, false),
            (&yes, Some(changed(&yes)), AM, false),
            (&yes, None, BOSS, false),
            (&no, Some(no.with(Verdict::Approved, "还是同意")), BOSS, false),
            (&no, None, AM, false),
        ]
        .into_iter()
        .enumerate()
        {
            assert_eq!(settle(Some(was), now.as_ref(), by, today).is_ok(), may, "{n}");
        }
        // Terms are those that were proposed, whatever comes with the verdict.
        let with = changed(&waiting).with(Verdict::Approved, "同意");
        let written = settle(Some(&waiting), Some(&with), BOSS, today).unwrap().unwrap();
        assert_eq!((written.text.as_str(), written.decider), ("一年期利率减20基点", Some(BOSS)));
        // Who changes a proposal proposes it.
        let theirs = settle(Some(&waiting), Some(&changed(&waiting)), BOSS, today).unwrap().unwrap();
        assert!(settle(Some(&theirs), Some(&theirs.with(Verdict::Approved, "同意")), BOSS, today).is_err());
        assert!(settle(Some(&theirs), Some(&theirs.with(Verdict::Approved, "同意")), AM, today).is_ok());
        let late = waiting.with(Verdict::Approved, "同意");
        assert!(settle(Some(&waiting), Some(&late), BOSS, day("2027-11-21")).is_err());
        assert!(settle(Some(&yes), Some(&yes.with(Verdict::Ended, "收回")), BOSS, day("2027-11-21")).is_err());
    }

    #[test]
    fn what_holds_is_told_before_what_waits_and_what_is_over_not_at_all() {
        let (today, waiting) = (day("2026-11-22"), proposed());
        let (yes, no) = (decided(Verdict::Approved), decided(Verdict::Refused));
        assert_eq!(foremost(&[no.clone(), waiting.clone(), yes.clone()], today), Some(&yes));
        assert_eq!(foremost(&[no.clone(), waiting.clone()], today), Some(&waiting));
        assert_eq!(foremost(&[no, yes], day("2028-01-01")), None);
        assert_eq!(foremost(&[], today), None);
    }
}

//! Requests of customers about their own data (个人信息请求, domain.md "PIPL"): what may be asked, until when it is answered, how it goes
//! on, and what stands in the way of erasing somebody. Consent itself is in `consent`.

use super::calendar::holidays::Holidays;
use super::consent::{Consent, Withdrawn, withdrawn};
use super::ids::{CustomerId, StaffId};
use super::staff::{Role, Staff};
use super::text::{Complaint, Text, t};
use super::values::money::Fen;
use chrono::{Months, NaiveDate};
use serde::{Deserialize, Serialize};

/// Working days in which a request is answered.
pub const WORKING_DAYS: usize = 15;

/// What is shown where a value was erased.
pub const ERASED: &str = "已删除";

/// What is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// 查阅复制
    Access,
    /// 更正
    Correction,
    /// 删除
    Erasure,
    /// 撤回同意
    Withdrawal,
}

impl Kind {
    /// All of them.
    pub const ALL: [Kind; 4] = [Kind::Access, Kind::Correction, Kind::Erasure, Kind::Withdrawal];

    /// The code stored and typed on the command line.
    pub const fn code(self) -> &'static str {
        match self {
            Kind::Access => "access",
            Kind::Correction => "correction",
            Kind::Erasure => "erasure",
            Kind::Withdrawal => "withdrawal",
        }
    }

    /// The word on screen.
    pub const fn label(self) -> Text {
        match self {
            Kind::Access => t("查阅复制", "Access"),
            Kind::Correction => t("更正", "Correction"),
            Kind::Erasure => t("删除", "Erasure"),
            Kind::Withdrawal => t("撤回同意", "Withdrawal"),
        }
    }

    /// The kind of a code or word.
    pub fn parse(text: &str) -> Option<Kind> {
        Kind::ALL.into_iter().find(|k| k.code() == text || k.label().zh == text)
    }
}

/// How far a request is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// 受理
    Taken,
    /// 核实: it is known who asks.
    Checked,
    /// 办结
    Done,
    /// 拒绝
    Refused,
}

impl State {
    /// The word on screen.
    pub const fn label(self) -> Text {
        match self {
            State::Taken => t("受理", "Taken"),
            State::Checked => t("核实", "Checked"),
            State::Done => t("办结", "Done"),
            State::Refused => t("拒绝", "Refused"),
        }
    }

    /// It waits for an answer.
    pub const fn open(self) -> bool {
        matches!(self, State::Taken | State::Checked)
    }
}

/// A request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Case {
    /// Row id.
    pub id: i64,
    /// Whose.
    pub customer: CustomerId,
    /// What is asked.
    pub kind: Kind,
    /// The day it was taken.
    pub day: NaiveDate,
    /// The day until which it is answered.
    pub due: NaiveDate,
    /// Who took it.
    pub by: StaffId,
    /// In the customer's words.
    pub note: String,
    /// How far it is.
    pub state: State,
    /// What was said with the newest step: how the person was checked, what was given, why it was refused.
    pub word: String,
}

/// The day until which a request of `day` is answered.
pub fn due(holidays: &Holidays, day: NaiveDate) -> NaiveDate {
    holidays.working_days_after(day, WORKING_DAYS)
}

/// Whose desk requests lie on: compliance, else the branch manager.
pub fn desk(staff: &[Staff]) -> Option<StaffId> {
    let of = |role: Role| staff.iter().find(|s| s.active && s.role == role).map(|s| s.id);
    of(Role::Compliance).or_else(|| of(Role::BranchManager))
}

/// What of a customer's rights an archive shows.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Privacy {
    /// What was agreed to and withdrawn, by purpose and channel.
    pub said: Vec<Consent>,
    /// Requests, newest first.
    pub cases: Vec<Case>,
    /// The archive was erased: number of the certificate.
    pub erased: Option<String>,
}

impl Privacy {
    /// What is shut.
    pub fn withdrawn(&self) -> Withdrawn {
        withdrawn(&self.said)
    }

    /// The open request of a kind.
    pub fn open(&self, kind: Kind) -> Option<&Case> {
        self.cases.iter().find(|c| c.kind == kind && c.state.open())
    }
}

/// What is known of a customer that may stand in the way of erasing them.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Ties {
    /// Assets of the latest data date.
    pub balance: Option<Fen>,
    /// Contracts that run.
    pub holdings: u32,
    /// Loans with a balance.
    pub loans: u32,
    /// Other open requests.
    pub requests: u32,
    /// A hand-over is under way.
    pub hand_over: bool,
    /// The last day of business with the bank, where there was any.
    pub ended: Option<NaiveDate>,
}

/// Why somebody cannot be erased now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tie {
    /// There is money in an account.
    Balance(Fen),
    /// Contracts run.
    Holdings(u32),
    /// Loans run.
    Loans(u32),
    /// Other requests are open.
    Requests(u32),
    /// A hand-over is under way.
    HandOver,
    /// The law keeps the records until this day.
    Kept {
        /// The day business ended.
        ended: NaiveDate,
        /// The first day on which they may go.
        until: NaiveDate,
    },
}

impl Tie {
    /// Why, and what to do.
    pub fn reason(self) -> Complaint {
        match self {
            Tie::Balance(fen) => Complaint::new(
                format!("账户还有余额 {fen} 元：先销户"),
                format!("There are {fen} yuan in the account: close it first"),
            ),
            Tie::Holdings(n) => Complaint::new(
                format!("还有 {n} 份持有的产品：到期或赎回后再办"),
                format!("{n} contracts run: wait until they end"),
            ),
            Tie::Loans(n) => Complaint::new(format!("还有 {n} 笔贷款没有还清"), format!("{n} loans are not paid back")),
            Tie::Requests(n) => Complaint::new(
                format!("还有 {n} 件个人信息请求没有办结：先办结或拒绝"),
                format!("{n} other requests are open: answer them first"),
            ),
            Tie::HandOver => Complaint::new(
                "正在移交或转介，还没有答复：先答复或撤回",
                "A hand-over waits for an answer: answer it or take it back first",
            ),
            Tie::Kept { ended, until } => Complaint::new(
                format!("业务关系 {ended} 结束，法定保存期到 {until}：到期前只能撤回营销同意"),
                format!(
                    "Business ended on {ended}; the law keeps the records until {until}: until then offers can be withdrawn"
                ),
            ),
        }
    }
}

/// What stands in the way on `today`; nothing when somebody may be erased.
pub fn ties(t: &Ties, years: u16, today: NaiveDate) -> Vec<Tie> {
    let mut found = Vec::new();
    found.extend(t.balance.filter(|b| b.0 != 0).map(Tie::Balance));
    found.extend((t.holdings > 0).then_some(Tie::Holdings(t.holdings)));
    found.extend((t.loans > 0).then_some(Tie::Loans(t.loans)));
    found.extend((t.requests > 0).then_some(Tie::Requests(t.requests)));
    found.extend(t.hand_over.then_some(Tie::HandOver));
    if let Some(ended) = t.ended {
        let until = ended.checked_add_months(Months::new(u32::from(years) * 12)).unwrap_or(NaiveDate::MAX);
        found.extend((until > today).then_some(Tie::Kept { ended, until }));
    }
    found
}

/// Proof that somebody was erased.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Certificate {
    /// Its number, `SC2026-0001`.
    pub no: String,
    /// 客户号 of the archive.
    pub customer: String,
    /// The day.
    pub day: NaiveDate,
    /// Who erased.
    pub by: StaffId,
    /// The second person.
    pub second: Option<StaffId>,
    /// How many rows of what went, by code.
    pub gone: Vec<(String, u64)>,
    /// Archives of others that lead no longer to this one; their own words on it stay.
    pub unlinked: u64,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(y: i32, m: u32, d: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(y, m, d).unwrap()
    }

    #[test]
    fn fifteen_working_days_go_around_weekends_and_holidays() {
        // 2026-09-24 is a Thursday before 中秋 and 国庆.
        let due = due(&Holidays::shipped(), day(2026, 11, 2));
        assert_eq!(due, day(2026, 11, 23));
    }

    #[test]
    fn who_has_nothing_left_may_be_erased_when_the_years_are_over_and_not_a_day_before() {
        let t = Ties { ended: Some(day(2021, 11, 28)), balance: Some(Fen(0)), ..Ties::default() };
        assert_eq!(ties(&t, 5, day(2026, 11, 28)), []);
        assert_eq!(ties(&t, 5, day(2026, 11, 27)).len(), 1);
        assert_eq!(ties(&Ties::default(), 5, day(2026, 11, 27)), [], "a prospect was never in business");
    }

    #[test]
    fn everything_that_stands_in_the_way_is_said_at_once() {
        let t = Ties {
            balance: Some(Fen(1)),
            holdings: 1,
            loans: 2,
            requests: 1,
            hand_over: true,
            ended: Some(day(2026, 1, 1)),
        };
        assert_eq!(ties(&t, 5, day(2026, 11, 28)).len(), 6);
    }
}

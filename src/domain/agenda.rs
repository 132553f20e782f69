//! Today's queue (今日任务, domain.md "What fills today's queue"): what makes a line, whose it is, when it is due, in what order
//! it stands, how it is done. A line is computed from facts and marks, never stored; the facts are fetched by the store.

pub mod key;
pub mod lines;
pub mod wall;

use super::calendar::lunar::LunarDay;
use super::calendar::repeat::Repeat;
use super::calendar::yearly::Yearly;
use super::contact::{Channel, Outcome};
use super::dealings::watch::Signal;
use super::ids::{CustomerId, StaffId, TaskId};
use super::subject::Case;
use super::text::{Text, t};
use super::tier::Tier;
use super::values::money::Fen;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// Where a line comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Source {
    /// 预警: something to be looked into, with a second person's word.
    Alert,
    /// 请求 of a customer about their own data.
    Request,
    /// 还款 of a loan.
    Repayment,
    /// 到期 of a contract.
    Maturity,
    /// 资金变动, also to other banks.
    Movement,
    /// 生日 of the customer.
    Birthday,
    /// Family occasion: birthday of a member, school, exam, yearly date.
    Family,
    /// 拜访 by cadence.
    Visit,
    /// 转介 handed over by a colleague.
    HandOver,
    /// 补录: a required field is missing.
    Missing,
    /// 自办: a task of one's own.
    Own,
    /// 挽回: gone or asleep, and worth calling.
    WinBack,
}

impl Source {
    /// All sources.
    pub const ALL: [Source; 12] = [
        Source::Alert,
        Source::Request,
        Source::Repayment,
        Source::Maturity,
        Source::Movement,
        Source::Birthday,
        Source::Family,
        Source::Visit,
        Source::HandOver,
        Source::Missing,
        Source::Own,
        Source::WinBack,
    ];

    /// Where the line of a signal comes from.
    pub const fn of(signal: &Signal) -> Source {
        match signal {
            Signal::Moved { .. } | Signal::Outflow { .. } => Source::Movement,
            Signal::Unusual { .. } | Signal::Busy { .. } | Signal::Worsened { .. } | Signal::Lenders { .. } => {
                Source::Alert
            }
            Signal::Left { .. } => Source::WinBack,
        }
    }

    /// The code given out and used in keys.
    pub const fn code(self) -> &'static str {
        match self {
            Source::Alert => "alert",
            Source::Request => "request",
            Source::Repayment => "repayment",
            Source::Maturity => "maturity",
            Source::Movement => "movement",
            Source::Birthday => "birthday",
            Source::Family => "family",
            Source::Visit => "visit",
            Source::HandOver => "hand_over",
            Source::Missing => "missing",
            Source::Own => "own",
            Source::WinBack => "win_back",
        }
    }

    /// The word on screen; four cells in Chinese, so that columns stand still.
    pub const fn label(self) -> Text {
        match self {
            Source::Alert => t("预警", "Alert"),
            Source::Request => t("请求", "Request"),
            Source::Repayment => t("还款", "Repayment"),
            Source::Maturity => t("到期", "Maturity"),
            Source::Movement => t("资金", "Funds"),
            Source::Birthday => t("生日", "Birthday"),
            Source::Family => t("家事", "Family"),
            Source::Visit => t("拜访", "Visit"),
            Source::HandOver => t("转介", "Hand-over"),
            Source::Missing => t("补录", "Complete"),
            Source::Own => t("自办", "Own"),
            Source::WinBack => t("挽回", "Win back"),
        }
    }
}

/// Whose queue.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Scope {
    /// 我的
    #[default]
    Mine,
    /// 团队
    Team,
    /// 网点
    Branch,
}

/// What a family line is about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FamilyEvent {
    /// A member's birthday.
    Birthday {
        /// Age that day in full years (周岁), if the year of birth is known.
        age: Option<u16>,
    },
    /// 入学
    School,
    /// 中考 / 高考
    Exam,
    /// A yearly date in the archive.
    Yearly {
        /// Years since it began.
        years: Option<u16>,
    },
}

/// What a line says; worded in `app::words`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Detail {
    /// A birthday.
    Birthday {
        /// The day by the calendar kept.
        on: Yearly,
        /// Lunar day it falls on this year (both calendars are shown).
        lunar: LunarDay,
        /// 周岁 reached that day.
        age: Option<u16>,
        /// 虚岁 that year.
        nominal: Option<u16>,
    },
    /// A family occasion.
    Family {
        /// Name of the member, or label of the occasion.
        who: String,
        /// Relation code; empty for an occasion.
        relation: String,
        /// What happens.
        event: FamilyEvent,
    },
    /// A visit due by cadence.
    Visit {
        /// The last real contact.
        last: Option<LastContact>,
        /// Tries without an answer since.
        tries: u32,
    },
    /// Handed over.
    HandOver {
        /// By whom.
        from: StaffId,
        /// Why.
        reason: String,
    },
    /// A customer changes hands.
    Transfer(Transfer),
    /// Fields missing, by code.
    Missing(Vec<String>),
    /// A task of one's own.
    Own {
        /// The task.
        task: TaskId,
        /// How often it was saved, so that it can be changed from its line.
        rev: i64,
        /// Its text.
        text: String,
        /// Its rhythm.
        repeat: Repeat,
    },
    /// What the figures say of the customer.
    Signal {
        /// What they say, with the numbers behind it.
        signal: Signal,
        /// The data date.
        as_of: NaiveDate,
        /// An alert: what was found by the one who looked into it first, or why it was sent back to them.
        checked: Option<Checked>,
    },
    /// A contract matures.
    Maturity(Maturity),
    /// A loan is to be repaid.
    Repayment(Repayment),
    /// A customer asks something of their data.
    Request(Case),
    /// What the line says is not for the one who looks; only that there is one, about whom, when.
    Kept,
}

/// With this begins the reason of a mark that sends an alert back to the one who looked into it first.
pub const SENT_BACK: &str = "退回：";

/// What somebody found who looked into an alert.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Checked {
    /// Who.
    pub by: StaffId,
    /// What was found; or, when it was sent back, what is still to be found.
    pub note: String,
    /// The second person sent it back to the first.
    pub back: bool,
}

/// A contract that matures.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Maturity {
    /// 产品
    pub product: String,
    /// 合同号
    pub contract: String,
    /// 金额
    pub amount: Fen,
    /// 到期日
    pub on: NaiveDate,
    /// Why nobody works on that day: the holiday, empty on a weekend.
    pub off: Option<String>,
}

/// A loan that is to be repaid.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Repayment {
    /// 借据号
    pub no: String,
    /// 产品
    pub product: String,
    /// 应还额
    pub instalment: Option<Fen>,
    /// 余额
    pub balance: Fen,
    /// 下次还款日, or the day from which an overdue one is counted.
    pub on: NaiveDate,
    /// Why nobody works on that day: the holiday, empty on a weekend.
    pub off: Option<String>,
    /// 逾期天数 on the data date.
    pub overdue: u32,
    /// The data date of an overdue one.
    pub as_of: Option<NaiveDate>,
}

/// A hand-over of a customer to another keeper (移交) that waits for a word.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Transfer {
    /// The hand-over.
    pub row: i64,
    /// The present keeper.
    pub from: StaffId,
    /// The keeper proposed.
    pub to: StaffId,
    /// The tier it is about.
    pub tier: Option<Tier>,
    /// Why it was proposed.
    pub reason: String,
    /// Why it was refused, where it was: it waits for the present keeper then.
    pub refused: Option<String>,
}

/// The last real contact with a customer, as a line shows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LastContact {
    /// The day.
    pub on: NaiveDate,
    /// How.
    pub channel: Channel,
    /// What came of it.
    pub outcome: Outcome,
    /// What was said.
    pub note: String,
}

/// Whom a line is about, enough to show and to open.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Who {
    /// Row id.
    pub id: CustomerId,
    /// 客户号
    pub no: String,
    /// Name.
    pub name: String,
    /// Tier in force.
    pub tier: Option<Tier>,
    /// Assets by the basis.
    pub aum: Option<Fen>,
    /// 责任人
    pub owner: Option<StaffId>,
}

/// A line of the queue.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Item {
    /// Names the line for ever: source, row and the date it stands for (`visit:123:20261118`). Marks refer to it.
    pub key: String,
    /// Where it comes from.
    pub source: Source,
    /// Whom it is about; an own task may be about nobody.
    pub who: Option<Who>,
    /// Who must do it.
    pub owner: Option<StaffId>,
    /// The day it is due; before today it is overdue.
    pub due: NaiveDate,
    /// What it says.
    pub detail: Detail,
}

impl Item {
    /// Days overdue on `today`; 0 when it is not.
    pub fn overdue(&self, today: NaiveDate) -> i64 {
        (today - self.due).num_days().max(0)
    }

    /// Whether it waits for a word of whose it is: a customer who is to change hands, however long there is for it, or a matter handed over
    /// that was not put off.
    pub fn asks(&self, today: NaiveDate) -> bool {
        match &self.detail {
            Detail::Transfer(x) => self.owner == Some(if x.refused.is_some() { x.from } else { x.to }),
            Detail::HandOver { .. } => self.due <= today,
            _ => false,
        }
    }
}

/// Puts lines in order: overdue, then what waits for a word, then by due day and tier, then assets, then key so that the order never
/// wavers.
pub fn sort(items: &mut [Item], today: NaiveDate) {
    items.sort_by_cached_key(|i| {
        let tier = i.who.as_ref().and_then(|w| w.tier).map_or(0, |x| x.rank() + 1);
        let aum = i.who.as_ref().and_then(|w| w.aum).unwrap_or_default();
        let not_late = i.due >= today;
        (
            not_late,
            not_late && !i.asks(today),
            i.due,
            std::cmp::Reverse(tier),
            i.source,
            std::cmp::Reverse(aum),
            i.key.clone(),
        )
    });
}

/// What became of a line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "state")]
pub enum Mark {
    /// Done; the contact says how.
    Done,
    /// Not before this day, for a reason.
    Snoozed {
        /// Comes back on.
        until: NaiveDate,
    },
    /// Handed to a colleague, for a reason.
    HandedOn {
        /// To whom.
        to: StaffId,
    },
    /// Will not be done, for a reason.
    Cancelled,
}

/// A task of one's own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Task {
    /// Row id.
    pub id: TaskId,
    /// How often it was saved.
    pub rev: i64,
    /// Whose.
    pub owner: StaffId,
    /// About whom, if anybody.
    pub customer: Option<CustomerId>,
    /// What is to be done.
    pub text: String,
    /// When next.
    pub due: NaiveDate,
    /// How it comes again.
    pub repeat: Repeat,
}

/// How many lines there are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Counts {
    /// Open lines due today or before, and what waits for a word.
    pub open: u32,
    /// Of those, overdue.
    pub overdue: u32,
    /// Birthdays today.
    pub birthdays: u32,
    /// Done today.
    pub done_today: u32,
    /// Done this week, Monday on.
    pub done_week: u32,
    /// Archives to complete beyond the daily portion.
    pub missing_more: u32,
}

//! Filters of the search box, one row a name: how each is spelled in both languages and how its value is read. Who passes one
//! is decided by the segments; completing is `complete`'s.

use super::row::Gap;
use super::typed::{amount, days, due};
use crate::domain::ids::StaffId;
use crate::domain::lifecycle::Stage;
use crate::domain::staff::Staff;
use crate::domain::text::{Complaint, Text, t};
use crate::domain::tier::Tier;
use crate::domain::values::money::Fen;
use chrono::NaiveDate;

/// What a query is read against.
#[derive(Debug, Clone, Copy)]
pub struct Known<'a> {
    /// Everybody who may keep customers.
    pub people: &'a [Staff],
    /// 片区 in use.
    pub areas: &'a [String],
    /// The day.
    pub today: NaiveDate,
    /// Who is asking.
    pub me: Option<StaffId>,
}

/// The name of a filter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Name {
    /// 分级
    Tier,
    /// 责任人
    Owner,
    /// 片区
    Area,
    /// 生日
    Birthday,
    /// 到期: when the next visit is due.
    Due,
    /// 资产
    Aum,
    /// 缺
    Missing,
    /// 阶段
    Stage,
    /// 手工分级
    Held,
}

impl Name {
    /// All, in the order offered.
    pub const ALL: [Name; 9] = [
        Name::Tier,
        Name::Owner,
        Name::Due,
        Name::Birthday,
        Name::Aum,
        Name::Area,
        Name::Missing,
        Name::Stage,
        Name::Held,
    ];

    /// The code typed before the colon.
    pub const fn code(self) -> &'static str {
        match self {
            Name::Tier => "tier",
            Name::Owner => "owner",
            Name::Area => "area",
            Name::Birthday => "birthday",
            Name::Due => "due",
            Name::Aum => "aum",
            Name::Missing => "missing",
            Name::Stage => "stage",
            Name::Held => "held",
        }
    }

    /// The Chinese spelling, accepted as well.
    pub const fn zh(self) -> &'static str {
        match self {
            Name::Tier => "分级",
            Name::Owner => "责任人",
            Name::Area => "片区",
            Name::Birthday => "生日",
            Name::Due => "到期",
            Name::Aum => "资产",
            Name::Missing => "缺",
            Name::Stage => "阶段",
            Name::Held => "手工",
        }
    }

    /// What it asks, for lists of choices.
    pub const fn label(self) -> Text {
        match self {
            Name::Tier => t("分级", "Tier"),
            Name::Owner => t("责任人", "Keeper"),
            Name::Area => t("片区", "Area"),
            Name::Birthday => t("生日", "Birthday"),
            Name::Due => t("拜访到期", "Visit due"),
            Name::Aum => t("资产", "Assets"),
            Name::Missing => t("缺资料", "Missing"),
            Name::Stage => t("阶段", "Stage"),
            Name::Held => t("手工分级", "Held by hand"),
        }
    }

    /// The filter spelled so.
    pub fn parse(s: &str) -> Option<Name> {
        Name::ALL.into_iter().find(|n| n.code() == s || n.zh() == s || n.label().zh == s)
    }
}

/// What a filter asks of a customer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Test {
    /// This tier; `None` is without figures.
    Tier(Option<Tier>),
    /// This stage.
    Stage(Stage),
    /// Kept by one of these.
    Owner(Vec<StaffId>),
    /// Kept by nobody.
    NoOwner,
    /// 片区 contains this.
    Area(String),
    /// No 片区.
    NoArea,
    /// The birthday kept falls on one of these days, both included.
    Birthday(NaiveDate, NaiveDate),
    /// The next visit is due on one of these days, both included.
    Due(NaiveDate, NaiveDate),
    /// Assets from and to, both included.
    Aum(Fen, Fen),
    /// This is missing.
    Missing(Gap),
    /// A tier set by hand is in force, or not.
    Held(bool),
}

impl Test {
    /// Whether it asks what only those see who may open the archive: whom one may not open passes none of these, or asking would tell.
    pub const fn tells(&self) -> bool {
        matches!(self, Test::Due(..) | Test::Aum(..) | Test::Missing(_))
    }
}

/// A filter as understood and shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Filter {
    /// As typed, folded.
    pub typed: String,
    /// In Chinese.
    pub zh: String,
    /// In English.
    pub en: String,
    /// What it asks.
    pub test: Test,
}

/// The words for what an archive may lack, as typed after `missing:`.
pub const fn gap_label(gap: Gap) -> Text {
    match gap {
        Gap::Phone => t("手机", "phone"),
        Gap::Birthday => t("生日", "birthday"),
        Gap::Address => t("地址", "address"),
        Gap::Document => t("证件", "document"),
        Gap::Owner => t("责任人", "keeper"),
        Gap::Sex => t("性别", "sex"),
        Gap::Income => t("收入", "income"),
        Gap::Figures => t("资产", "figures"),
    }
}

fn tier_test(s: &str) -> Option<(Test, Text)> {
    if matches!(s, "none" | "无" | "无数据" | "无资产") {
        return Some((Test::Tier(None), t("无资产数据", "no figures")));
    }
    Tier::parse(s).map(|tier| (Test::Tier(Some(tier)), tier.label()))
}

/// Reads `#word`: a tier or a stage.
pub fn tag(word: &str) -> Result<Filter, Complaint> {
    let read = tier_test(word).or_else(|| Stage::parse(word).map(|s| (Test::Stage(s), s.label())));
    match read {
        Some((test, label)) => {
            Ok(Filter { typed: format!("#{word}"), zh: label.zh.to_owned(), en: label.en.to_owned(), test })
        }
        None => Err(Complaint::new(
            format!("没有叫「{word}」的分级或阶段，可用：贵宾、大、潜力、普通、小、未分级、活跃、流失等"),
            format!(
                "no tier or stage is called '{word}'; use vip, big, potential, ordinary, small, untiered, active, lapsed"
            ),
        )),
    }
}

/// Reads `name:value`; `None` while the value is still empty.
pub fn value(name: &str, value: &str, known: &Known<'_>) -> Result<Option<Filter>, Complaint> {
    let Some(which) = Name::parse(name) else {
        let all: Vec<&str> = Name::ALL.into_iter().map(Name::code).collect();
        return Err(Complaint::new(
            format!("没有叫「{name}」的筛选，可用：{}", all.join(" ")),
            format!("there is no filter '{name}'; use {}", all.join(" ")),
        ));
    };
    if value.is_empty() && which != Name::Held {
        return Ok(None);
    }
    let read = match which {
        Name::Tier => tier_test(value).map(|(test, l)| (test, l.zh.to_owned(), l.en.to_owned())),
        Name::Stage => Stage::parse(value).map(|s| (Test::Stage(s), s.label().zh.to_owned(), s.label().en.to_owned())),
        Name::Owner => owner(value, known),
        Name::Area => area(value, known.areas),
        Name::Birthday => days(value, known.today).map(|(a, b)| spoken(Test::Birthday(a, b), value)),
        Name::Due => due(value, known.today).map(|(a, b)| spoken(Test::Due(a, b), value)),
        Name::Aum => amount(value).map(|(a, b)| (Test::Aum(a, b), value.to_owned(), value.to_owned())),
        Name::Missing => Gap::ALL
            .into_iter()
            .find(|g| g.code() == value || gap_label(*g).zh == value || gap_label(*g).en == value)
            .map(|g| (Test::Missing(g), gap_label(g).zh.to_owned(), gap_label(g).en.to_owned())),
        Name::Held => match value {
            "" | "yes" | "是" => Some((Test::Held(true), "是".to_owned(), "yes".to_owned())),
            "no" | "否" => Some((Test::Held(false), "否".to_owned(), "no".to_owned())),
            _ => None,
        },
    };
    match read {
        Some((test, zh, en)) => Ok(Some(Filter {
            typed: format!("{name}:{value}"),
            zh: format!("{} {zh}", which.label().zh),
            en: format!("{} {en}", which.label().en),
            test,
        })),
        None => {
            let (zh, en) = expected(which, known);
            Err(Complaint::new(
                format!("读不懂 {name}:{value}，{}可写：{zh}", which.label().zh),
                format!("cannot read {name}:{value}; {} takes {en}", which.code()),
            ))
        }
    }
}

fn spoken(test: Test, value: &str) -> (Test, String, String) {
    let zh = match value {
        "today" => "今天".to_owned(),
        "tomorrow" => "明天".to_owned(),
        "overdue" => "逾期".to_owned(),
        v => v.strip_suffix('d').map_or(v.to_owned(), |n| format!("{n} 天内")),
    };
    (test, zh, value.to_owned())
}

/// Values that can be typed after a filter, for the complaint.
fn expected(name: Name, known: &Known<'_>) -> (String, String) {
    let same = |s: &str| (s.to_owned(), s.to_owned());
    match name {
        Name::Tier => (
            "未分级 小 普通 潜力 贵宾 大 无数据".to_owned(),
            "untiered small ordinary potential vip big none".to_owned(),
        ),
        Name::Stage => {
            ("潜在 初次 活跃 忠诚 流失 挽回".to_owned(), "prospect first_time active loyal lapsed won_back".to_owned())
        }
        Name::Owner => ("工号、姓名、我、无".to_owned(), "a staff code, a name, me, none".to_owned()),
        Name::Area => {
            let some: Vec<&str> = known.areas.iter().take(6).map(String::as_str).collect();
            (format!("{} 无", some.join(" ")), format!("{} none", some.join(" ")))
        }
        Name::Birthday => same("today tomorrow 7d 11-21"),
        Name::Due => same("overdue today 7d 11-21"),
        Name::Aum => same(">50w <5w 5w-20w"),
        Name::Missing => (Gap::ALL.map(|g| gap_label(g).zh).join(" "), Gap::ALL.map(Gap::code).join(" ")),
        Name::Held => same("yes no"),
    }
}

fn owner(value: &str, known: &Known<'_>) -> Option<(Test, String, String)> {
    match value {
        "none" | "无" => return Some((Test::NoOwner, "无".to_owned(), "none".to_owned())),
        "me" | "我" | "本人" => {
            return known.me.map(|me| (Test::Owner(vec![me]), "我".to_owned(), "me".to_owned()));
        }
        _ => {}
    }
    let by = |test: &dyn Fn(&Staff) -> bool| -> Vec<&Staff> { known.people.iter().filter(|p| test(p)).collect() };
    let exact = by(&|p| p.code.eq_ignore_ascii_case(value) || p.name == value);
    let found = if exact.is_empty() {
        by(&|p| p.code.to_ascii_lowercase().starts_with(value) || p.name.contains(value))
    } else {
        exact
    };
    if found.is_empty() {
        return None;
    }
    let names: Vec<&str> = found.iter().map(|p| p.name.as_str()).collect();
    Some((Test::Owner(found.iter().map(|p| p.id).collect()), names.join("、"), names.join(", ")))
}

fn area(value: &str, areas: &[String]) -> Option<(Test, String, String)> {
    if matches!(value, "none" | "无") {
        return Some((Test::NoArea, "无".to_owned(), "none".to_owned()));
    }
    areas
        .iter()
        .any(|a| super::fold::fold(a).contains(value))
        .then(|| (Test::Area(value.to_owned()), value.to_owned(), value.to_owned()))
}

//! The archive's fields (客户档案, domain.md "The archive"): the eight groups, what each tier requires, completeness. One row a
//! field; reading and writing live in `typed`, pick lists in `choices`, the small records that hang on an archive in `parts`,
//! what becomes of one that two people changed in `merge`.

pub mod choices;
pub mod merge;
pub mod parts;
pub mod side;
pub mod typed;

use super::customer::{Customer, Sort};
use super::field::{Authority, Choice, Field, Group, Kind, Mask, Need, Read, Write};
use super::text::{Text, t};
use super::tier::Tier;
use super::values::plain;
use choices as list;
use typed as y;

/// Kinds of document, as a pick list.
pub const DOCUMENT: &[Choice] = &[
    Choice { code: "id_card", label: t("居民身份证", "ID card") },
    Choice { code: "passport", label: t("护照", "Passport") },
    Choice { code: "hong_kong_macau", label: t("港澳通行证", "HK/Macau permit") },
    Choice { code: "taiwan", label: t("台湾通行证", "Taiwan permit") },
    Choice { code: "household", label: t("户口簿", "Household book") },
    Choice { code: "credit_code", label: t("统一社会信用代码", "Credit code") },
    Choice { code: "other", label: t("其他", "Other") },
];

impl Group {
    /// The eight groups in the order of their tabs.
    pub const ALL: [Group; 8] = [
        Group::Basic,
        Group::Consumption,
        Group::Education,
        Group::Career,
        Group::Family,
        Group::Living,
        Group::Interests,
        Group::Circle,
    ];

    /// The word on the tab.
    pub const fn label(self) -> Text {
        match self {
            Group::Basic => t("基本", "Basic"),
            Group::Consumption => t("消费", "Spending"),
            Group::Education => t("教育", "Education"),
            Group::Career => t("事业", "Career"),
            Group::Family => t("家庭", "Family"),
            Group::Living => t("生活", "Living"),
            Group::Interests => t("兴趣", "Interests"),
            Group::Circle => t("人际", "Circle"),
        }
    }
}

const fn field(
    code: &'static str,
    label: Text,
    group: Group,
    kind: Kind,
    need: Need,
    read: Read<Customer>,
    write: Write<Customer>,
) -> Field<Customer> {
    Field { group, need, ..Field::new(code, label, kind, read, write) }
}

const fn masked(mask: Mask, f: Field<Customer>) -> Field<Customer> {
    Field { mask, ..f }
}

const fn extract(f: Field<Customer>) -> Field<Customer> {
    Field { authority: Authority::Extract, ..f }
}

/// A field without a rule of its own, kept in `Customer::notes`.
const fn note(code: &'static str, label: Text, group: Group, kind: Kind, need: Need) -> Field<Customer> {
    field(code, label, group, kind, need, y::note_read, y::note_write)
}

use Group::{Basic, Career, Circle, Consumption, Education, Family, Interests, Living};
use Kind::{Date, Line, Money, Note, Number, Pick};
use Need::{All, Free, From};

const POTENTIAL: Need = From(Tier::Potential);
const VIP: Need = From(Tier::Vip);

/// Every field of the archive, tab by tab, in the order one fills them in.
pub static FIELDS: &[Field<Customer>] = &[
    field("name", t("姓名", "Name"), Basic, Line(40), All, y::name, y::name_w),
    field("sex", t("性别", "Sex"), Basic, Pick(list::SEX), All, y::sex, y::sex_w),
    field("id_no", t("证件号", "ID number"), Basic, Kind::Document, All, y::document, y::document_w),
    field("id_kind", t("证件类型", "ID kind"), Basic, Pick(DOCUMENT), Free, y::document_kind, y::document_kind_w),
    field("birth", t("生日", "Birthday"), Basic, Date, All, y::birth, y::birth_w),
    field("lunar", t("农历生日", "Lunar bday"), Basic, Kind::LunarDay, Free, y::lunar_day, y::lunar_day_w),
    field("keeps", t("过哪个", "Keeps"), Basic, Pick(list::KEEPS), Free, y::keeps, y::keeps_w),
    field("phone", t("手机", "Phone"), Basic, Kind::Phone, All, y::phone, y::phone_w),
    field("phone2", t("电话二", "Phone 2"), Basic, Kind::Phone, Free, y::phone2, y::phone2_w),
    masked(Mask::Address, field("address", t("地址", "Address"), Basic, Line(120), All, y::address, y::address_w)),
    field("area", t("片区", "Area"), Basic, Line(20), Free, y::area, y::area_w),
    note("income", t("收入档", "Income"), Basic, Pick(list::INCOME), All),
    note("salutation", t("称谓", "Address as"), Basic, Line(20), VIP),
    note("taboo", t("勿提", "Never say"), Basic, Line(40), Free),
    note("alert", t("特别提醒", "Alert"), Basic, Line(60), Free),
    note("risk", t("风险偏好", "Risk"), Basic, Pick(list::RISK), POTENTIAL),
    note("risk_on", t("评估日", "Assessed on"), Basic, Date, Free),
    field("owner", t("责任人", "Keeper"), Basic, Kind::Staff, Free, y::owner, y::owner_w),
    field("assistant", t("协管人", "Assistant"), Basic, Kind::Staff, Free, y::assistant, y::assistant_w),
    note("source", t("信息来源", "Source"), Basic, Pick(list::SOURCE), Free),
    field("estimate", t("资产估计", "Estimate"), Basic, Money, Free, y::estimate, y::estimate_w),
    field("cadence", t("拜访间隔", "Visit every"), Basic, Number(1, 730), Free, y::cadence, y::cadence_w),
    field("verified", t("核对日期", "Verified on"), Basic, Date, Free, y::verified, y::verified_w),
    note("consent", t("同意事项", "Consent"), Basic, Line(60), Free),
    note("consent_on", t("同意日期", "Consent on"), Basic, Date, Free),
    field("sort", t("客户类别", "Sort"), Basic, Pick(list::SORT), Free, y::sort, y::sort_w),
    field("no", t("客户号", "Number"), Basic, Kind::Fixed, Free, y::no, y::fixed),
    extract(field("opened", t("开户日", "Opened on"), Basic, Date, Free, y::opened, y::opened_w)),
    extract(field("opened_at", t("开户机构", "Opened at"), Basic, Line(40), Free, y::opened_at, y::opened_at_w)),
    note("spend_month", t("月均消费", "Spends/month"), Consumption, Money, VIP),
    note("spend_on", t("消费偏好", "Spends on"), Consumption, Line(60), VIP),
    note("pays", t("支付习惯", "Pays by"), Consumption, Pick(list::PAYS), Free),
    note("shops", t("常去商户", "Shops at"), Consumption, Line(60), Free),
    note("car", t("车辆", "Car"), Consumption, Line(40), Free),
    note("other_banks", t("他行资产", "Other banks"), Consumption, Money, VIP),
    note("prefers", t("产品偏好", "Prefers"), Consumption, Pick(list::PREFERS), POTENTIAL),
    note("wants", t("看重", "Wants"), Consumption, Pick(list::WANTS), Free),
    note("other_loans", t("他行贷款笔数", "Loans elsewhere"), Consumption, Number(0, 50), Free),
    note("education", t("学历", "Education"), Education, Pick(list::EDUCATION), POTENTIAL),
    note("school", t("毕业院校", "School"), Education, Line(40), Free),
    note("major", t("专业", "Major"), Education, Line(40), Free),
    note("certificates", t("证书", "Certificates"), Education, Line(60), Free),
    note("learning", t("在学", "Studying"), Education, Line(60), Free),
    note("job", t("职业", "Occupation"), Career, Pick(list::JOB), POTENTIAL),
    note("employer", t("单位", "Employer"), Career, Line(60), VIP),
    note("title", t("职务", "Position"), Career, Line(30), Free),
    note("trade", t("行业", "Trade"), Career, Line(30), Free),
    masked(Mask::Document, note("credit_code", t("信用代码", "Credit code"), Career, Line(18), Free)),
    note("legal_rep", t("法定代表人", "Legal rep."), Career, Line(40), Free),
    note("turnover", t("年营业额", "Turnover"), Career, Money, Free),
    note("employees", t("雇员数", "Employees"), Career, Number(0, 100_000), Free),
    note("business", t("经营状况", "Business"), Career, Line(80), Free),
    note("season", t("旺季", "High season"), Career, Line(30), Free),
    note("marriage", t("婚姻", "Marriage"), Family, Pick(list::MARRIAGE), POTENTIAL),
    note("children", t("子女数", "Children"), Family, Number(0, 20), Free),
    note("household", t("家庭人口", "Household"), Family, Number(1, 40), VIP),
    note("decides", t("谁做主", "Who decides"), Family, Line(30), Free),
    note("housing", t("住房", "Housing"), Family, Pick(list::HOUSING), VIP),
    note("dependants", t("赡养", "Dependants"), Family, Line(40), Free),
    note("habits", t("生活习惯", "Habits"), Living, Line(80), VIP),
    note("health", t("健康/忌口", "Health/diet"), Living, Line(60), Free),
    note("reach_at", t("方便时间", "Reach at"), Living, Line(40), POTENTIAL),
    note("transport", t("出行", "Transport"), Living, Line(40), Free),
    note("care", t("特殊照顾", "Special care"), Living, Line(60), Free),
    note("news", t("近况", "News"), Living, Note(200), Free),
    note("hobby", t("爱好", "Hobbies"), Interests, Line(60), POTENTIAL),
    note("topics", t("喜好话题", "Topics"), Interests, Line(60), Free),
    note("gift", t("礼品偏好", "Gifts"), Interests, Line(60), VIP),
    note("travel", t("旅游", "Travel"), Interests, Line(60), Free),
    note("character", t("性格", "Character"), Interests, Line(40), Free),
    note("standing", t("社会身份", "Standing"), Circle, Line(60), VIP),
    note("groups", t("圈子", "Groups"), Circle, Line(60), Free),
    note("introduced", t("介绍人", "Introduced by"), Circle, Line(40), Free),
    note("influence", t("潜力评分", "Potential 1-5"), Circle, Pick(list::SCORE), Free),
    note("value", t("价值分类", "Value class"), Circle, Pick(list::VALUE), Free),
    note("remarks", t("备注", "Remarks"), Circle, Note(500), Free),
];

/// The six fields of the quick new customer (feature 1), in order.
pub const QUICK: [&str; 6] = ["name", "id_no", "phone", "source", "estimate", "owner"];

/// The field with this code, or with this label in either language.
pub fn find(name: &str) -> Option<&'static Field<Customer>> {
    field_by(name).or_else(|| FIELDS.iter().find(|f| f.label.zh == name || f.label.en.eq_ignore_ascii_case(name)))
}

fn field_by(code: &str) -> Option<&'static Field<Customer>> {
    FIELDS.iter().find(|f| f.code == code)
}

/// A value of the archive, or of what hangs on it, as it may lie about.
pub fn masked_value(code: &str, canonical: &str) -> String {
    field_by(code).map_or_else(|| plain::masked(canonical), |f| f.masked(canonical))
}

/// Whether a customer of this tier must have the field. A business has no sex, birthday or income of its own.
pub fn needed(f: &Field<Customer>, tier: Option<Tier>, sort: Sort) -> bool {
    if sort == Sort::Business
        && matches!(f.code, "sex" | "birth" | "income" | "education" | "job" | "marriage" | "hobby")
    {
        return false;
    }
    match f.need {
        Free => false,
        All => true,
        From(from) => tier.is_some_and(|x| x >= from),
    }
}

/// The required fields that are empty, in the order of the table.
pub fn missing(c: &Customer, tier: Option<Tier>) -> Vec<&'static str> {
    FIELDS.iter().filter(|f| needed(f, tier, c.sort) && f.get(c).is_empty()).map(|f| f.code).collect()
}

/// Completeness 完整度: per cent of the required fields that are filled, rounded down; 100 only when none is missing.
pub fn completeness(c: &Customer, tier: Option<Tier>) -> u8 {
    let needed_count = FIELDS.iter().filter(|f| needed(f, tier, c.sort)).count().max(1);
    let have = needed_count.saturating_sub(missing(c, tier).len());
    u8::try_from(have * 100 / needed_count).unwrap_or(100)
}

//! What keepers have written into the archives of the demo: picks of the field table at random, free texts from the lists here. Some
//! archives are full, some are not, so that there is something to complete.

use super::customers::Life;
use super::lives::surname;
use super::rng::Rng;
use super::talk;
use crate::domain::archive;
use crate::domain::customer::{Customer, Sex, Sort};
use crate::domain::family::Part;
use crate::domain::field::{Authority, Ctx, Field, Kind, Need};
use crate::domain::tier::Tier;
use chrono::{Datelike, Days, NaiveDate};

/// Fields that the other files of the demo see to.
const DONE: [&str; 16] = [
    "no",
    "sort",
    "name",
    "sex",
    "birth",
    "lunar",
    "keeps",
    "id_no",
    "id_kind",
    "phone",
    "phone2",
    "address",
    "area",
    "salutation",
    "taboo",
    "cadence",
];

/// Fills the archives of all.
pub fn write(seed: u64, day: NaiveDate, lives: &mut [Life]) {
    let mut rng = Rng::new(seed, "fill");
    for life in lives.iter_mut().filter(|l| l.customer.sort != Sort::Prospect) {
        let filled = rng.chance(share_filled(life.tier));
        let whole = filled && rng.chance(60);
        for field in archive::FIELDS.iter().filter(|f| !DONE.contains(&f.code) && f.authority == Authority::Hand) {
            if rng.chance(share(field, life, filled, whole)) {
                let text = value(&mut rng, field, life, day);
                put(field, life, &text, day);
            }
        }
        address(&mut rng, day, life);
        taboo(&mut rng, life);
    }
}

/// Of a hundred archives of a tier, so many have been filled in by their keepers.
const fn share_filled(tier: Option<Tier>) -> i64 {
    match tier {
        Some(Tier::Big | Tier::Vip) => 82,
        Some(Tier::Potential) => 66,
        Some(Tier::Ordinary) => 32,
        _ => 10,
    }
}

fn share(field: &Field<Customer>, life: &Life, filled: bool, whole: bool) -> i64 {
    let needed = field.need != Need::Free && archive::needed(field, life.tier, life.customer.sort);
    match (needed, filled, life.is_upper()) {
        (true, true, _) if whole => 100,
        (true, true, _) => 92,
        (true, false, _) => 30,
        (false, true, true) => 22,
        (false, _, true) => 5,
        (false, ..) => 1,
    }
}

fn put(field: &Field<Customer>, life: &mut Life, text: &str, day: NaiveDate) {
    if text.is_empty() {
        return;
    }
    // A text that the field refuses is left out: the demo says nothing that could not have been typed.
    if field.set(&mut life.customer, text, Ctx { today: day, staff: &[] }).is_ok() {
        life.customer.hand.insert(field.code.to_owned());
    }
}

fn value(rng: &mut Rng, field: &Field<Customer>, life: &Life, day: NaiveDate) -> String {
    if let Some(text) = told(rng, field.code, life, day) {
        return text;
    }
    match field.kind {
        Kind::Pick(choices) => rng.pick(choices).map(|c| c.code.to_owned()).unwrap_or_default(),
        Kind::Number(from, to) => rng.of(from.max(1)..(to + 1).min(from + 7)).to_string(),
        Kind::Money => format!("{}", rng.of(2..60) * 500),
        Kind::Line(_) | Kind::Note(_) => {
            let text = words(rng, field.code);
            if talk::fits(text, day.year() - life.born()) { text.to_owned() } else { String::new() }
        }
        Kind::Date | Kind::LunarDay | Kind::Staff | Kind::Phone | Kind::Document | Kind::Customer | Kind::Fixed => {
            String::new()
        }
    }
}

/// Fields whose value must agree with the rest of the archive.
fn told(rng: &mut Rng, code: &str, life: &Life, day: NaiveDate) -> Option<String> {
    let age = day.year() - life.born();
    let relations =
        || life.parts.iter().filter_map(|p| if let Part::Member(m) = p { Some(m.relation.as_str()) } else { None });
    let business = life.customer.sort == Sort::Business;
    let text = match code {
        // Only a business has these; and only one that holds a loan says its turnover.
        "credit_code" if business => life.customer.document_number().to_owned(),
        "credit_code" | "legal_rep" | "employees" | "turnover" | "season" | "business" if !business => String::new(),
        "turnover" => format!("{}", rng.of(10..400) * 10_000),
        "estimate" if life.tier.is_some() => String::new(),
        "estimate" => format!("{}", rng.of(1..40) * 10_000),
        "other_banks" => format!("{}", rng.of(1..50) * 10_000),
        "marriage" if relations().any(|r| r == "spouse") => "married".to_owned(),
        "marriage" if age < 25 => "single".to_owned(),
        "marriage" if age > 70 => rng.word(&["married", "widowed"]).to_owned(),
        "marriage" => rng.word(&["married", "married", "married", "divorced", "single"]).to_owned(),
        "children" => relations().filter(|r| matches!(*r, "son" | "daughter")).count().to_string(),
        "job" if age >= 60 => rng.word(&["retired", "retired", "farmer"]).to_owned(),
        "job" if age < 22 => rng.word(&["student", "worker"]).to_owned(),
        "job" => rng
            .word(&["farmer", "worker", "trader", "trader", "owner", "civil", "teacher", "medical", "office"])
            .to_owned(),
        "income" if life.tier >= Some(Tier::Vip) => rng.word(&["15to30", "30to100", "over100"]).to_owned(),
        "income" if life.tier >= Some(Tier::Ordinary) => rng.word(&["5to8", "8to15", "8to15", "15to30"]).to_owned(),
        "income" => rng.word(&["under3", "under3", "3to5", "5to8"]).to_owned(),
        "risk" => rng.word(&["c1", "c2", "c2", "c3", "c3", "c4"]).to_owned(),
        "risk_on" | "consent_on" | "verified" => {
            let back = u64::try_from(rng.of(20..420)).unwrap_or(60);
            day.checked_sub_days(Days::new(back)).map(|d| d.to_string()).unwrap_or_default()
        }
        _ => return None,
    };
    Some(text)
}

fn words(rng: &mut Rng, code: &str) -> &'static str {
    TEXTS.iter().find(|(c, _)| *c == code).map(|(_, list)| rng.word(list)).unwrap_or_default()
}

/// Free texts by field.
const TEXTS: [(&str, &[&str]); 32] = [
    ("alert", &["大额取现先预约", "只认客户经理本人来电", "代办人是女儿，须核身份证", "曾被诈骗未遂，转账多问一句"]),
    ("consent", &["同意电话和短信联系", "同意接收理财资讯", "只同意生日问候"]),
    ("spend_on", &["孩子教育", "装修和家电", "人情往来", "茶叶生意进货", "旅游", "医疗保健"]),
    ("shops", &["农贸街超市", "玉溪镇建材市场", "县城商贸城", "网购为主"]),
    ("car", &["五菱面包车", "大众朗逸", "国产新能源车", "货车一辆", "摩托车"]),
    ("school", &["道真中学", "遵义师范学院", "贵州大学", "遵义医科大学", "贵州财经大学"]),
    ("major", &["会计", "临床医学", "汉语言文学", "农学", "土木工程"]),
    ("certificates", &["教师资格证", "会计证", "驾驶证", "电工证"]),
    ("learning", &["在读本科函授", "学开车", "老年大学书法班"]),
    (
        "employer",
        &[
            "道真县第一小学",
            "县人民医院",
            "自办建材店",
            "仡山茶业有限公司",
            "县农业农村局",
            "洪渡河水电站",
            "个体运输",
            "退休前在供销社",
        ],
    ),
    ("title", &["负责人", "科长", "班主任", "主治医师", "会计", "店主"]),
    ("trade", &["茶叶", "建材", "烤烟", "餐饮", "运输", "养殖", "教育", "医疗"]),
    ("legal_rep", &["冯光明", "骆正华", "韩永贵", "田茂林"]),
    ("business", &["生意平稳，回款慢", "今年订单增加三成", "旺季缺流动资金", "新开了一家分店"]),
    ("season", &["三月至五月", "腊月", "七月至九月", "全年"]),
    ("decides", &["本人", "配偶", "夫妻商量", "子女拿主意"]),
    ("dependants", &["父母同住", "岳父母在乡下", "两个老人"]),
    ("habits", &["早起散步，上午办事", "午睡到两点半", "晚饭后跳广场舞", "周末回乡下", "常在外跑工地"]),
    ("health", &["血压高，忌咸", "糖尿病，不吃甜", "不饮酒", "腿脚不便"]),
    ("reach_at", &["上午九点到十一点", "下午三点以后", "晚上七点以后", "赶场天不在家", "工作日中午"]),
    ("transport", &["自驾", "公交", "步行", "子女接送"]),
    ("care", &["听力不好", "不识字，需代读", "坐轮椅，走无障碍通道", "说方言"]),
    ("news", &["小儿子刚考上县一中", "刚做了膝盖手术，恢复中", "春茶收成不错", "准备在遵义买房", "添了孙女"]),
    ("hobby", &["钓鱼", "打麻将", "广场舞", "种花", "摄影", "喝茶", "篮球", "书法"]),
    ("topics", &["孩子学习", "茶叶行情", "养生", "老家修路", "球赛"]),
    ("gift", &["茶具", "挂历和春联", "粮油", "保温杯", "不收贵重礼品", "鲜花"]),
    ("travel", &["想去海南过冬", "去过北京", "不爱出门", "暑假带孩子自驾"]),
    ("character", &["爽快", "谨慎，爱比较", "话少", "热心", "急性子", "讲情面"]),
    ("standing", &["村支书", "商会会员", "县人大代表", "茶叶协会理事", "退休教师", "寨老"]),
    ("groups", &["茶叶协会", "同乡会", "广场舞队", "钓友群", "家长群"]),
    ("introduced", &["邻居介绍", "同事介绍", "儿子介绍"]),
    (
        "remarks",
        &["每年腊月集中存款，提前两周联系。", "看重排队时间，来前先打电话留窗口。", "两代人都是老客户，可做家庭方案。"],
    ),
];

fn address(rng: &mut Rng, day: NaiveDate, life: &mut Life) {
    if !life.is_person()
        || life.customer.notes.contains_key("salutation")
        || !rng.chance(if life.is_upper() { 70 } else { 8 })
    {
        return;
    }
    let elder = day.year() - life.born() >= 58;
    let female = usize::from(life.customer.sex == Some(Sex::Female));
    let list = if elder { &talk::ELDERS } else { &talk::ADULTS };
    let word = list.get(female).map(|l| rng.word(l)).unwrap_or_default();
    let surname = surname(&life.customer.name);
    set_note(life, "salutation", format!("{surname}{word}"));
}

fn taboo(rng: &mut Rng, life: &mut Life) {
    let met = life.customer.name == super::customers::TASK_ABOUT;
    if life.is_person() && (met || rng.chance(if life.is_upper() { 26 } else { 3 })) {
        let mut text = if met { talk::TABOO.first().copied().unwrap_or_default() } else { rng.word(&talk::TABOO) };
        let married = life.customer.notes.get("marriage").is_some_and(|m| m == "married");
        if text.contains("丧偶") && married || text.contains("离婚") && !married {
            text = "不要当着家人说存款数额";
        }
        set_note(life, "taboo", text.to_owned());
    }
}

fn set_note(life: &mut Life, code: &str, text: String) {
    life.customer.notes.insert(code.to_owned(), text);
    life.customer.hand.insert(code.to_owned());
}

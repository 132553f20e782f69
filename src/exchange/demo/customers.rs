//! The customers of the demo: who they are, what they hold, who keeps them. Their families and what was said to them are in `lives`
//! and `ledger`.

use super::dealt::Dealt;
use super::money::{self, SHARES};
use super::names::Names;
use super::people;
use super::places;
use super::rng::Rng;
use crate::domain::calendar::lunar::{Lunar, LunarDay};
use crate::domain::contact::Contact;
use crate::domain::customer::{Customer, Keeps, Sex, Sort};
use crate::domain::family::Part;
use crate::domain::ids::{CustomerId, StaffId};
use crate::domain::staff::Role;
use crate::domain::tier::{Figures, Tier};
use crate::domain::values::document::{Document, DocumentKind};
use chrono::{Datelike, Days, NaiveDate};

/// A customer of the demo with all that hangs on the archive.
#[derive(Debug, Clone)]
pub struct Life {
    /// The archive; its id is its place in the list from 1.
    pub customer: Customer,
    /// The tier it was drawn for.
    pub tier: Option<Tier>,
    /// Figures, oldest first.
    pub figures: Vec<Figures>,
    /// Family, occasions, links, remarks.
    pub parts: Vec<Part>,
    /// The ledger, oldest first.
    pub contacts: Vec<Contact>,
    /// Holdings, loans, transactions.
    pub dealt: Dealt,
}

impl Life {
    /// Year of birth; 1975 for businesses and those whose birthday is not known.
    pub fn born(&self) -> i32 {
        self.customer.birth.map_or(1975, |b| b.year())
    }

    /// Whether it is a person rather than a business.
    pub fn is_person(&self) -> bool {
        self.customer.sort != Sort::Business
    }

    /// From potential up, whose archives hold the eight groups.
    pub fn is_upper(&self) -> bool {
        self.tier >= Some(Tier::Potential)
    }
}

/// Ages with weights: first age, last age, weight.
const AGES: [(i64, i64, u64); 7] =
    [(18, 25, 8), (26, 35, 17), (36, 45, 19), (46, 55, 23), (56, 65, 18), (66, 75, 11), (76, 89, 4)];
const UPPER_AGES: [(i64, i64, u64); 4] = [(28, 40, 16), (41, 55, 44), (56, 66, 28), (67, 82, 12)];

/// Those around 王敏 that the tour of the demo meets: name, sex, tier, form of address.
const MET: [(&str, Sex, Tier, &str); 6] = [
    (TASK_ABOUT, Sex::Male, Tier::Vip, "邓总"),
    ("单晓梅", Sex::Female, Tier::Potential, "单姐"),
    ("仇正华", Sex::Male, Tier::Vip, "仇老师"),
    ("解玉兰", Sex::Female, Tier::Potential, "解姐"),
    ("尉迟明", Sex::Male, Tier::Potential, "尉迟老板"),
    ("曾光勇", Sex::Male, Tier::Vip, "曾哥"),
];

/// Whom the first of the tasks in `talk` is about.
pub const TASK_ABOUT: &str = "邓国强";

/// Birthdays of 王敏's customers around the demo's day: days from it, in which calendar, age.
const BIRTHDAYS: [(u64, Keeps, i32); 10] = [
    (0, Keeps::Lunar, 68),
    (0, Keeps::Solar, 45),
    (0, Keeps::Lunar, 60),
    (0, Keeps::Solar, 50),
    (1, Keeps::Solar, 38),
    (2, Keeps::Lunar, 72),
    (3, Keeps::Solar, 33),
    (5, Keeps::Lunar, 57),
    (5, Keeps::Solar, 49),
    (12, Keeps::Lunar, 65),
];

/// How many of the customers are businesses, and how many are prospects without an account.
const BUSINESSES: usize = 24;
const PROSPECTS: usize = 12;

/// All customers, in the order of their numbers.
pub fn all(seed: u64, day: NaiveDate) -> Vec<Life> {
    let names = Names::load();
    let mut rng = Rng::new(seed, "customers");
    let mut tiers: Vec<Option<Tier>> = SHARES.iter().flat_map(|(tier, n)| std::iter::repeat_n(*tier, *n)).collect();
    for at in (1..tiers.len()).rev() {
        let other = usize::try_from(rng.of(0..i64::try_from(at + 1).unwrap_or(1))).unwrap_or(0);
        tiers.swap(at, other);
    }
    let mut businesses = BUSINESSES;
    let mut prospects = PROSPECTS;
    let mut keeping = Keeping::default();
    let mut met = MET.to_vec();
    let mut birthdays = BIRTHDAYS.iter();
    let mut lives = Vec::with_capacity(tiers.len());
    for (at, tier) in tiers.into_iter().enumerate() {
        let id = i64::try_from(at + 1).unwrap_or(0);
        let mut c = Customer { id: CustomerId(id), no: format!("{}", 6_100_000_000 + id), ..Customer::default() };
        c.area = places::area(&mut rng).to_owned();
        (c.owner, c.assistant) = keeping.keepers(&mut rng, tier);
        let special = c.owner == people::id_of(people::DEFAULT_USER);
        if tier.is_none() && prospects > 0 {
            prospects -= 1;
            c.sort = Sort::Prospect;
            c.no = format!("P{:05}", PROSPECTS - prospects);
        } else if matches!(tier, Some(Tier::Ordinary | Tier::Vip)) && !special && businesses > 0 && rng.chance(12) {
            businesses -= 1;
            business(&mut rng, &mut c);
        }
        if c.sort != Sort::Business {
            let featured = met.iter().position(|m| special && Some(m.2) == tier).map(|n| met.remove(n));
            let birthday = if special && featured.is_none() { birthdays.next() } else { None };
            person(&mut rng, &names, &mut c, tier, featured, birthday.copied(), day);
        }
        reach(&mut rng, &mut c, tier, special);
        let figures = account(&mut rng, &mut c, tier, day);
        lives.push(Life { customer: c, tier, figures, parts: vec![], contacts: vec![], dealt: Dealt::default() });
    }
    lives
}

/// Takes turns, so that colleagues of a post keep about as many customers each.
#[derive(Default)]
struct Keeping {
    turn: usize,
}

impl Keeping {
    fn next(&mut self, role: Role) -> Option<StaffId> {
        let all = people::of_role(role);
        self.turn += 1;
        all.get(self.turn % all.len().max(1)).copied()
    }

    /// 责任人 and 协管人 by domain.md "Tiers"; some customers are nobody's, as in life.
    fn keepers(&mut self, rng: &mut Rng, tier: Option<Tier>) -> (Option<StaffId>, Option<StaffId>) {
        let Some(tier) = tier else {
            return (if rng.chance(30) { self.next(Role::HighCounter) } else { None }, None);
        };
        let [owner, assistant] = match Role::keepers(tier) {
            [] => [if rng.chance(15) { self.next(Role::HighCounter) } else { None }, None],
            [owner] => [self.next(*owner), None],
            [owner, assistant, ..] => [self.next(*owner), self.next(*assistant)],
        };
        if rng.chance(3) && tier < Tier::Vip { (None, None) } else { (owner, assistant) }
    }
}

fn business(rng: &mut Rng, c: &mut Customer) {
    const TRADES: [&str; 12] = [
        "建材经营部",
        "茶叶专业合作社",
        "农资店",
        "餐饮店",
        "运输有限公司",
        "副食批发部",
        "五金店",
        "养殖场",
        "家具城",
        "药房",
        "装饰工程部",
        "汽车修理厂",
    ];
    const STYLES: [&str; 14] = [
        "鑫源",
        "宏发",
        "黔北",
        "仡山",
        "同心",
        "顺达",
        "兴隆",
        "惠民",
        "金茂",
        "永盛",
        "佳和",
        "洪渡",
        "大沙河",
        "傩乡",
    ];
    c.sort = Sort::Business;
    c.name = format!("道真县{}{}", rng.word(&STYLES), rng.word(&TRADES));
    c.document = Some(Document { kind: DocumentKind::CreditCode, number: places::credit_code(rng) });
}

fn person(
    rng: &mut Rng,
    names: &Names,
    c: &mut Customer,
    tier: Option<Tier>,
    featured: Option<(&str, Sex, Tier, &str)>,
    birthday: Option<(u64, Keeps, i32)>,
    day: NaiveDate,
) {
    let sex = match featured {
        Some((_, sex, _, _)) => sex,
        None if rng.chance(51) => Sex::Male,
        None => Sex::Female,
    };
    let mut birth = birth(rng, tier, day);
    let elder = day.year() - birth.year() >= 50;
    c.keeps = if rng.chance(if elder { 44 } else { 7 }) { Keeps::Lunar } else { Keeps::Solar };
    if let Some((ahead, keeps, age)) = birthday {
        c.keeps = keeps;
        birth = born_for(day.checked_add_days(Days::new(ahead)).unwrap_or(day), keeps, age).unwrap_or(birth);
    }
    c.sex = Some(sex);
    c.birth = Some(birth);
    c.name = match featured {
        Some((name, _, _, address)) => {
            c.notes.insert("salutation".to_owned(), address.to_owned());
            c.hand.insert("salutation".to_owned());
            name.to_owned()
        }
        None => names.full(rng, sex, birth.year()),
    };
    if c.sort == Sort::Prospect {
        // Heard of, not yet seen: a name, perhaps a telephone.
        c.birth = None;
        c.keeps = Keeps::Solar;
        return;
    }
    let number = places::id_number(rng, birth, sex);
    c.document = if rng.chance(1) && featured.is_none() && birthday.is_none() {
        None
    } else {
        Some(Document { kind: DocumentKind::IdCard, number })
    };
    if c.document.is_none() && rng.chance(60) {
        c.birth = None;
        c.keeps = Keeps::Solar;
    } else if c.keeps == Keeps::Lunar && birthday.is_none() && rng.chance(12) {
        // Many elders' cards carry the lunar day as if it were solar; what they celebrate was asked and typed.
        let (month, date) = (birth.month(), birth.day().min(29));
        c.lunar = u8::try_from(month).ok().zip(u8::try_from(date).ok()).map(|(month, day)| LunarDay {
            month,
            day,
            leap: false,
        });
        c.hand.insert("lunar".to_owned());
    }
    c.lunar = c.lunar.or_else(|| c.birth.and_then(LunarDay::of));
    if c.keeps == Keeps::Lunar {
        c.hand.insert("keeps".to_owned());
    }
}

fn birth(rng: &mut Rng, tier: Option<Tier>, day: NaiveDate) -> NaiveDate {
    let ages = if tier >= Some(Tier::Potential) { &UPPER_AGES[..] } else { &AGES[..] };
    let mut sum = 0;
    let sums: Vec<u64> = ages
        .iter()
        .map(|a| {
            sum += a.2;
            sum
        })
        .collect();
    let (from, to, _) = ages.get(rng.weighted(&sums)).copied().unwrap_or((40, 50, 1));
    let age = rng.of(from..to + 1);
    let days = age * 36_525 / 100 + rng.of(0..365);
    day.checked_sub_days(Days::new(u64::try_from(days).unwrap_or(15_000))).unwrap_or(day)
}

/// A date of birth whose birthday of this age falls on `day` in the calendar kept.
fn born_for(day: NaiveDate, keeps: Keeps, age: i32) -> Option<NaiveDate> {
    match keeps {
        // Who was born on 29 February was born in a leap year: up to three years older than asked for.
        Keeps::Solar => (age..age + 4).find_map(|age| day.with_year(day.year() - age)),
        Keeps::Lunar => {
            let lunar = Lunar::of(day)?;
            let born = Lunar { year: lunar.year - age, leap: false, ..lunar };
            born.solar().or_else(|| Lunar { day: 29, ..born }.solar())
        }
    }
}

/// How they are reached: some archives lack a telephone or an address, as in life.
fn reach(rng: &mut Rng, c: &mut Customer, tier: Option<Tier>, special: bool) {
    let lacks = |rng: &mut Rng, percent: i64| rng.chance(if tier >= Some(Tier::Vip) { percent / 4 } else { percent });
    if !lacks(rng, 8) || special {
        c.phone = places::phone(rng);
    }
    if rng.chance(6) {
        c.phone2 = places::phone(rng);
    }
    let address = places::address(rng, &c.area);
    if !lacks(rng, 5) && c.sort != Sort::Prospect {
        c.address = address;
    }
}

fn account(rng: &mut Rng, c: &mut Customer, tier: Option<Tier>, day: NaiveDate) -> Vec<Figures> {
    if c.sort == Sort::Prospect {
        return vec![];
    }
    let opened = money::opened(rng, c.birth, day);
    c.opened = Some(opened);
    c.opened_at = "道真支行".to_owned();
    tier.map(|tier| money::figures(rng, tier, opened, day)).unwrap_or_default()
}

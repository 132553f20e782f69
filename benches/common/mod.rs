//! Made-up customers of one county for benches and tests: names by the real frequencies of `data`, valid-looking phones and IDs,
//! the same for the same seed. Nobody real lives here.

#![allow(dead_code)]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::string_slice, missing_docs)]

use chrono::{Datelike, Days, NaiveDate};
use guitai::domain::ids::{CustomerId, StaffId};
use guitai::domain::lifecycle::Stage;
use guitai::domain::staff::{Prefs, Role, Staff};
use guitai::domain::tier::Lines;
use guitai::domain::values::money::Fen;
use guitai::index::row::{Gap, Row};

/// splitmix64: small, seeded, the same everywhere.
pub struct Dice(pub u64);

impl Dice {
    pub fn roll(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    pub fn below(&mut self, n: usize) -> usize {
        (self.roll() % n as u64) as usize
    }

    pub fn chance(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }

    pub fn one<'a, T>(&mut self, of: &'a [T]) -> &'a T {
        &of[self.below(of.len())]
    }
}

struct Weighted {
    items: Vec<String>,
    sums: Vec<f64>,
}

impl Weighted {
    fn new(rows: impl Iterator<Item = (String, f64)>) -> Weighted {
        let mut out = Weighted { items: Vec::new(), sums: Vec::new() };
        let mut sum = 0.0;
        for (item, weight) in rows.filter(|(_, w)| *w > 0.0) {
            sum += weight;
            out.items.push(item);
            out.sums.push(sum);
        }
        out
    }

    fn pick(&self, dice: &mut Dice) -> &str {
        let total = self.sums.last().copied().unwrap_or(0.0);
        let at = (dice.roll() >> 11) as f64 / (1u64 << 53) as f64 * total;
        &self.items[self.sums.partition_point(|s| *s <= at).min(self.items.len() - 1)]
    }
}

fn table(text: &'static str, weight: usize) -> Weighted {
    Weighted::new(text.lines().skip(1).filter_map(move |line| {
        let cells: Vec<&str> = line.split(',').collect();
        Some(((*cells.first()?).to_owned(), cells.get(weight)?.parse().ok()?))
    }))
}

pub const TOWNS: [&str; 14] = [
    "玉溪镇",
    "三江镇",
    "隆兴镇",
    "旧城镇",
    "忠信镇",
    "洛龙镇",
    "阳溪镇",
    "三桥镇",
    "大磏镇",
    "平模镇",
    "河口镇",
    "上坝乡",
    "棕坪乡",
    "桃源乡",
];
const STREETS: [&str; 16] = [
    "解放路",
    "建设路",
    "新街",
    "河滨路",
    "人民路",
    "文化路",
    "新陆路",
    "芙蓉路",
    "民族路",
    "环城北路",
    "体育路",
    "中山街",
    "黎明路",
    "团结路",
    "迎宾大道",
    "学府路",
];
const VILLAGES: [&str; 24] = [
    "黎明村",
    "文化村",
    "芙蓉村",
    "巴渔村",
    "城关村",
    "淞江村",
    "新玉村",
    "沙坝村",
    "官坝村",
    "桃园村",
    "长五间",
    "槐坪村",
    "石仁村",
    "浣溪村",
    "大田村",
    "永城村",
    "甘树湾村",
    "群乐村",
    "岩坪村",
    "接龙村",
    "梅江村",
    "长坝村",
    "联江村",
    "浮山村",
];
const REGIONS: [(&str, usize); 8] = [
    ("520325", 62),
    ("520324", 10),
    ("520323", 8),
    ("520302", 6),
    ("522128", 5),
    ("500119", 4),
    ("500232", 3),
    ("510521", 2),
];
const MOBILE: [&str; 20] = [
    "139", "138", "137", "136", "135", "134", "159", "158", "157", "150", "151", "152", "187", "188", "189", "186",
    "180", "177", "133", "199",
];
const LONG: [&str; 8] = [
    "阿布都拉·买买提",
    "古丽娜尔·吐尔逊",
    "才让多杰",
    "扎西次仁",
    "欧阳锦程",
    "迪丽热巴·迪力木拉提",
    "John Smith",
    "上官婉儿",
];

/// People who keep customers: one for about 3,000, twelve at least.
pub fn people(customers: usize) -> Vec<Staff> {
    let mut dice = Dice(7);
    let (surnames, _, given) = tables();
    (0..(customers / 3_000).clamp(12, 300))
        .map(|i| Staff {
            id: StaffId(i as i64 + 1),
            code: format!("s{i:03}"),
            name: format!("{}{}", surnames.pick(&mut dice), given.pick(&mut dice)),
            role: Role::ALL[i % 6],
            area: TOWNS[i % TOWNS.len()].to_owned(),
            line: String::new(),
            mentor: None,
            leader: None,
            active: true,
            prefs: Prefs::default(),
        })
        .collect()
}

fn tables() -> (Weighted, Weighted, Weighted) {
    let surnames = include_str!("../../data/surnames.csv");
    let given = include_str!("../../data/given_names.csv");
    (table(surnames, 1), table(given, 1), table(given, 2))
}

fn check_digit(first17: &str) -> char {
    let weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
    let sum: u32 = first17.bytes().zip(weights).map(|(b, w)| u32::from(b - b'0') * w).sum();
    b"10X98765432"[(sum % 11) as usize].into()
}

/// `n` customers.
pub fn rows(n: usize, seed: u64) -> Vec<Row> {
    let mut dice = Dice(seed);
    let (surnames, male, female) = tables();
    let today = NaiveDate::from_ymd_opt(2026, 11, 21).unwrap();
    let lines = Lines::default();
    let keepers = (n / 3_000).clamp(12, 300);
    let mut out = Vec::with_capacity(n);
    for i in 0..n {
        let man = dice.chance(50);
        let given = if man { &male } else { &female };
        let name = match dice.below(1000) {
            0..5 => (*dice.one(&LONG)).to_owned(),
            5..240 => format!("{}{}", surnames.pick(&mut dice), given.pick(&mut dice)),
            _ => format!("{}{}{}", surnames.pick(&mut dice), given.pick(&mut dice), given.pick(&mut dice)),
        };
        let birth =
            NaiveDate::from_ymd_opt(1935, 1, 1).unwrap().checked_add_days(Days::new(dice.roll() % 26_500)).unwrap();
        let document = match dice.below(100) {
            0 => String::new(),
            1 => format!("E{:08}", dice.below(100_000_000)),
            _ => {
                let at = dice.below(100);
                let mut sum = 0;
                let region = REGIONS.iter().find(|(_, w)| {
                    sum += w;
                    at < sum
                });
                let order = dice.below(500) * 2 + usize::from(man);
                let first = format!("{}{}{order:03}", region.unwrap().0, birth.format("%Y%m%d"));
                format!("{first}{}", check_digit(&first))
            }
        };
        let mobile = |dice: &mut Dice| format!("{}{:08}", dice.one(&MOBILE), dice.below(100_000_000));
        let phone = if dice.chance(97) { mobile(&mut dice) } else { String::new() };
        let phone2 = if dice.chance(8) { mobile(&mut dice) } else { String::new() };
        let town = *dice.one(&TOWNS);
        let house = dice.below(260) + 1;
        let place = format!("贵州省遵义市道真县{town}");
        let address = match dice.below(100) {
            0..3 => String::new(),
            3..40 => format!("{place}{}{house}号", dice.one(&STREETS)),
            40..55 => format!(
                "{place}{}{house}号{}栋{}单元{}{:02}室",
                dice.one(&STREETS),
                dice.below(20) + 1,
                dice.below(4) + 1,
                dice.below(18) + 1,
                dice.below(6) + 1
            ),
            55..75 => format!("{place}{}{house}号", dice.one(&VILLAGES)),
            _ => format!("{place}{}{}组{house}号", dice.one(&VILLAGES), dice.below(12) + 1),
        };
        // Assets as a county branch has them: most small, a long tail.
        let aum = (!dice.chance(16)).then(|| {
            let steps: [(u64, u64, usize); 6] = [
                (0, 100_000, 16),
                (100_000, 5_000_000, 65),
                (5_000_000, 20_000_000, 15),
                (20_000_000, 50_000_000, 2),
                (50_000_000, 300_000_000, 1),
                (300_000_000, 2_000_000_000, 1),
            ];
            let at = dice.below(100);
            let mut sum = 0;
            let (low, high, _) = steps
                .iter()
                .find(|(_, _, w)| {
                    sum += w;
                    at < sum
                })
                .unwrap();
            Fen((low + dice.roll() % (high - low)) as i64)
        });
        let keeps_lunar = dice.chance(40);
        let gaps =
            [(Gap::Phone, phone.is_empty()), (Gap::Address, address.is_empty()), (Gap::Document, document.is_empty())];
        out.push(Row {
            id: CustomerId((i as i64 + 1) * 4_096 + 17),
            no: format!("{}", 6_000_000_001u64 + i as u64),
            name,
            document,
            phone,
            phone2,
            address,
            area: town.to_owned(),
            aum,
            tier: aum.map(|a| lines.tier(a)),
            stage: Some(*dice.one(&Stage::ALL)),
            owner: dice.chance(96).then(|| StaffId(dice.below(keepers) as i64 + 1)),
            assistant: dice.chance(10).then(|| StaffId(dice.below(keepers) as i64 + 1)),
            solar: birth.month() as u16 * 100 + birth.day() as u16,
            lunar: (dice.below(12) as u16 + 1) * 100 + dice.below(30) as u16 + 1,
            keeps_lunar,
            next_visit: dice
                .chance(70)
                .then(|| today.checked_add_days(Days::new(dice.roll() % 120)).unwrap() - Days::new(20)),
            gaps: gaps.iter().filter(|(_, missing)| *missing).fold(0, |g, (gap, _)| g | gap.bit()),
            held: dice.chance(1),
        });
    }
    out
}

/// What is typed, and who is meant.
pub struct Typed {
    pub kind: &'static str,
    pub text: String,
    pub target: CustomerId,
    /// Whether there is an error in it.
    pub slip: bool,
}

fn initials(name: &str) -> String {
    guitai::index::pinyin::shown(name).split(' ').filter_map(|s| s.chars().next()).collect()
}

/// About 200 things that people type to get at one customer, of 20 kinds. A name alone is typed only where it tells the customer from
/// others, as people do; with namesakes they add digits or a place, and so does this.
pub fn queries(rows: &[Row], seed: u64, each: usize) -> Vec<Typed> {
    let mut dice = Dice(seed ^ 0x5eed);
    let mut names = std::collections::HashMap::<&str, usize>::new();
    let mut sounds = std::collections::HashMap::<String, usize>::new();
    // The sounds of a million names take a while; those of the first hundred thousand say who is rare enough.
    let told = rows.len().min(100_000);
    for row in rows {
        *names.entry(&row.name).or_default() += 1;
    }
    for row in &rows[..told] {
        *sounds.entry(guitai::index::pinyin::shown(&row.name)).or_default() += 1;
    }
    let rare_sound = (told * 8 / rows.len().max(1)).max(1);
    let plain =
        |r: &Row| r.name.chars().count() <= 3 && r.phone.len() == 11 && r.document.len() == 18 && !r.address.is_empty();
    let mut out: Vec<Typed> = Vec::new();
    let kinds: [&'static str; 20] = [
        "name",
        "given name",
        "name and last four",
        "pinyin",
        "initials and last four",
        "initials and prefix stuck",
        "mixed and last four",
        "phone",
        "phone tail",
        "phone middle",
        "ID",
        "ID tail and initials",
        "birth date and initials",
        "number",
        "number tail",
        "name and street",
        "initials, street and house",
        "pinyin swapped",
        "phone wrong",
        "name homophone",
    ];
    for kind in kinds {
        let mut tries = 0;
        let mut made = 0;
        while made < each && tries < 200_000 {
            tries += 1;
            let row = dice.one(&rows[..told]);
            let (name, phone, document) = (row.name.as_str(), row.phone.as_str(), row.document.as_str());
            if !plain(row) {
                continue;
            }
            let shown = guitai::index::pinyin::shown(name);
            let joined = shown.replace(' ', "");
            let few = names.get(name).copied().unwrap_or(0) <= 8;
            let few_sound = sounds.get(&shown).copied().unwrap_or(0) <= rare_sound && name.chars().count() == 3;
            let last4 = &phone[7..];
            let street: String = row.address.chars().skip(12).take_while(|c| !c.is_ascii_digit()).collect();
            let house: String =
                row.address.chars().skip_while(|c| !c.is_ascii_digit()).take_while(char::is_ascii_digit).collect();
            let text = match kind {
                "name" if few => name.to_owned(),
                "given name" if few && name.chars().count() == 3 => {
                    let given: String = name.chars().skip(1).collect();
                    if rows.iter().take(told).filter(|r| r.name.contains(&given)).count() > rare_sound {
                        continue;
                    }
                    given
                }
                "name and last four" => format!("{name} {last4}"),
                "pinyin" if few_sound => joined,
                "initials and last four" => format!("{} {last4}", initials(name)),
                "initials and prefix stuck" => format!("{}{}", initials(name), &phone[..7]),
                "mixed and last four" => format!(
                    "{}{} {last4}",
                    shown.split(' ').next().unwrap_or(""),
                    initials(name).chars().skip(1).collect::<String>()
                ),
                "phone" => phone.to_owned(),
                "phone tail" => phone[4..].to_owned(),
                "phone middle" => phone[3..10].to_owned(),
                "ID" => document.to_owned(),
                "ID tail and initials" => format!("{} {}", &document[14..], initials(name)),
                "birth date and initials" => format!("{} {}", &document[6..14], initials(name)),
                "number" => row.no.clone(),
                "number tail" => row.no[3..].to_owned(),
                "name and street" if street.chars().count() >= 2 => format!("{name} {street}"),
                "initials, street and house" if street.chars().count() >= 2 => format!("{name} {street} {house}"),
                "pinyin swapped" if few_sound && joined.len() >= 7 => {
                    let mut b = joined.clone().into_bytes();
                    let i = 1 + dice.below(b.len() - 2);
                    if b[i] == b[i + 1] {
                        continue;
                    }
                    b.swap(i, i + 1);
                    String::from_utf8(b).unwrap()
                }
                "phone wrong" => {
                    let mut b = phone.as_bytes().to_vec();
                    let i = 3 + dice.below(8);
                    b[i] = b'0' + (b[i] - b'0' + 1 + dice.below(8) as u8) % 10;
                    String::from_utf8(b).unwrap()
                }
                "name homophone" if few_sound => {
                    let swap = |c: char| match c {
                        '伟' => Some('维'),
                        '丽' => Some('立'),
                        '芳' => Some('方'),
                        '军' => Some('君'),
                        '明' => Some('铭'),
                        '英' => Some('瑛'),
                        '华' => Some('骅'),
                        '红' => Some('宏'),
                        '玉' => Some('钰'),
                        '梅' => Some('眉'),
                        '平' => Some('萍'),
                        '文' => Some('雯'),
                        '春' => Some('椿'),
                        '林' => Some('琳'),
                        '海' => Some('嗨'),
                        _ => None,
                    };
                    let Some(at) = name.chars().skip(1).position(|c| swap(c).is_some()) else { continue };
                    name.chars().enumerate().map(|(i, c)| if i == at + 1 { swap(c).unwrap_or(c) } else { c }).collect()
                }
                _ => continue,
            };
            made += 1;
            let slip = matches!(kind, "pinyin swapped" | "phone wrong" | "name homophone");
            out.push(Typed { kind, text, target: row.id, slip });
        }
    }
    out
}

/// The query typed letter by letter.
pub fn keystrokes(text: &str) -> Vec<String> {
    (1..=text.chars().count()).map(|n| text.chars().take(n).collect()).collect()
}

//! Where the people of the demo live and which ID numbers they bear. All of it is made up; the numbers are valid, the people are not.

use super::rng::Rng;
use crate::domain::customer::Sex;
use crate::domain::values::{credit_code, idcard};
use chrono::NaiveDate;

/// Areas (片区): the townships around the branch, the nearest most often.
pub const AREAS: [(&str, u64); 8] = [
    ("玉溪镇", 44),
    ("阳溪镇", 13),
    ("平模镇", 11),
    ("河口镇", 9),
    ("旧城镇", 8),
    ("忠信镇", 7),
    ("棕坪乡", 4),
    ("桃源乡", 4),
];

const STREETS: [&str; 9] = ["新街", "解放路", "河滨路", "文化村", "黎明村", "芙蓉村", "尹珍大道", "农贸街", "民族路"];

/// Counties of the ID numbers: 道真, then its neighbours, with weights.
const COUNTIES: [(&str, u64); 6] =
    [("520325", 84), ("520323", 4), ("520322", 4), ("520324", 3), ("500232", 3), ("520302", 2)];

fn sums(of: impl Iterator<Item = u64>) -> Vec<u64> {
    of.scan(0, |sum, weight| {
        *sum += weight;
        Some(*sum)
    })
    .collect()
}

/// An area.
pub fn area(rng: &mut Rng) -> &'static str {
    let at = rng.weighted(&sums(AREAS.iter().map(|a| a.1)));
    AREAS.get(at).map_or("玉溪镇", |a| a.0)
}

/// An address in an area.
pub fn address(rng: &mut Rng, area: &str) -> String {
    let street = rng.word(&STREETS);
    let number = rng.of(1..220);
    if area == "玉溪镇" && rng.chance(25) {
        let (house, unit, floor) = (rng.of(1..16), rng.of(1..4), rng.of(1..12));
        return format!("贵州省遵义市道真县{area}{street}{number}号{house}栋{unit}单元{floor}0{}室", rng.of(1..5));
    }
    format!("贵州省遵义市道真县{area}{street}{number}号")
}

/// An ID number (GB 11643-1999) of a person of this sex born on this day.
pub fn id_number(rng: &mut Rng, birth: NaiveDate, sex: Sex) -> String {
    let at = rng.weighted(&sums(COUNTIES.iter().map(|c| c.1)));
    let county = COUNTIES.get(at).map_or("520325", |c| c.0);
    let order = rng.of(0..100) * 10 + rng.of(0..5) * 2 + i64::from(sex == Sex::Male);
    let body = format!("{county}{}{order:03}", birth.format("%Y%m%d"));
    format!("{body}{}", idcard::check_digit(&body))
}

/// A unified social credit code (GB 32100-2015) of a business of the county.
pub fn credit_code(rng: &mut Rng) -> String {
    let body = format!("92520325MA{:07}", rng.of(0..10_000_000));
    let check = credit_code::check_char(&body).unwrap_or('0');
    format!("{body}{check}")
}

/// A mobile number.
pub fn phone(rng: &mut Rng) -> String {
    let head =
        rng.word(&["130", "133", "135", "136", "138", "139", "150", "158", "177", "180", "182", "187", "189", "198"]);
    format!("{head}{:08}", rng.of(0..100_000_000))
}

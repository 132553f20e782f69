//! Families, occasions, circles and remarks of the demo. The fields of its archives are filled in `fill`.

use super::customers::Life;
use super::names::Names;
use super::rng::Rng;
use super::talk;
use crate::domain::calendar::lunar::LunarDay;
use crate::domain::calendar::yearly::Yearly;
use crate::domain::customer::{Keeps, Sex, Sort};
use crate::domain::family::{Link, Member, Occasion, Part, Remark};
use crate::domain::ids::CustomerId;
use chrono::{Datelike, Days, NaiveDate};

/// Writes what hangs on the archives.
pub fn write(seed: u64, day: NaiveDate, lives: &mut [Life]) {
    let mut rng = Rng::new(seed, "lives");
    let names = Names::load();
    couples(&mut rng, lives);
    for at in 0..lives.len() {
        let others = lives.len();
        let Some(life) = lives.get_mut(at) else { continue };
        if life.is_person() && life.customer.birth.is_some() {
            let share = if life.is_upper() { 50 } else { 5 };
            if rng.chance(share) {
                children(&mut rng, &names, day, life);
            }
            if rng.chance(share / 3) {
                parent(&mut rng, &names, day, life);
            }
        }
        occasions(&mut rng, day, life);
        remarks(&mut rng, day, life);
        let circle = if life.is_upper() { 30 } else { 3 };
        if rng.chance(circle) {
            let other = usize::try_from(rng.of(0..i64::try_from(others).unwrap_or(1))).unwrap_or(0);
            link(&mut rng, lives, at, other);
        }
    }
}

/// Marries some customers of one area to each other; both archives then name the other.
fn couples(rng: &mut Rng, lives: &mut [Life]) {
    let mut waiting: Vec<usize> = vec![];
    for at in 0..lives.len() {
        let Some(life) = lives.get(at) else { continue };
        if !life.is_person() || life.customer.birth.is_none() || !(1945..=1998).contains(&life.born()) {
            continue;
        }
        let fits = |other: &usize| {
            lives.get(*other).is_some_and(|o| {
                o.customer.area == life.customer.area
                    && o.customer.sex != life.customer.sex
                    && (o.born() - life.born()).abs() <= 4
            })
        };
        if let Some(n) = waiting.iter().position(fits) {
            let other = waiting.remove(n);
            marry(lives, at, other);
        } else if rng.chance(if life.is_upper() { 50 } else { 14 }) {
            waiting.push(at);
        }
    }
}

fn marry(lives: &mut [Life], a: usize, b: usize) {
    let home = lives.get(a).map(|l| l.customer.address.clone()).unwrap_or_default();
    for (one, other) in [(a, b), (b, a)] {
        let Some(spouse) = lives.get(other).map(|l| l.customer.clone()) else { continue };
        let Some(life) = lives.get_mut(one) else { continue };
        life.parts.push(Part::Member(Member {
            relation: "spouse".to_owned(),
            name: spouse.name,
            birth: spouse.birth,
            lunar: spouse.lunar,
            keeps: spouse.keeps,
            linked: Some(spouse.id),
            ..Member::default()
        }));
        if !home.is_empty() && !life.customer.address.is_empty() {
            life.customer.address.clone_from(&home);
        }
    }
}

const SCHOOLS: [&str; 6] = ["道真一中", "道真中学", "玉溪小学", "民族小学", "阳溪中学", "遵义四中"];

fn children(rng: &mut Rng, names: &Names, day: NaiveDate, life: &mut Life) {
    let surname = fathers_surname(life);
    for _ in 0..rng.of(1..3) {
        let born = life.born() + i32::try_from(rng.of(22..33)).unwrap_or(26);
        let age = day.year() - born;
        if age < 0 {
            continue;
        }
        let sex = if rng.chance(52) { Sex::Male } else { Sex::Female };
        let mut birth = NaiveDate::from_yo_opt(born, u32::try_from(rng.of(1..366)).unwrap_or(1));
        if rng.chance(5) {
            // Some of them have their birthday in the week of the demo.
            let near = day.checked_add_days(Days::new(u64::try_from(rng.of(0..7)).unwrap_or(0)));
            birth = near.and_then(|d| d.with_year(born));
        }
        let school = if (6..=18).contains(&age) { rng.word(&SCHOOLS) } else { "" };
        life.parts.push(Part::Member(Member {
            relation: if sex == Sex::Male { "son" } else { "daughter" }.to_owned(),
            name: format!("{surname}{}", names.given(rng, sex, born)),
            birth,
            school: school.to_owned(),
            school_year: (3..=6).contains(&age).then_some(born + 6),
            exam_year: match age {
                12..=15 => Some(born + 15),
                16..=18 => Some(born + 18),
                _ => None,
            },
            note: if age > 22 && rng.chance(30) { "在外地工作，过年回来".to_owned() } else { String::new() },
            ..Member::default()
        }));
    }
}

/// The surname of a name, of two letters where it is one of those.
pub fn surname(name: &str) -> String {
    let double = ["尉迟", "欧阳", "上官", "司马", "诸葛", "皇甫"].iter().any(|d| name.starts_with(d));
    name.chars().take(if double { 2 } else { 1 }).collect()
}

/// Children bear the father's name: the husband's where he is known.
fn fathers_surname(life: &Life) -> String {
    let husband = life.parts.iter().find_map(|p| match p {
        Part::Member(m) if m.relation == "spouse" && life.customer.sex == Some(Sex::Female) => Some(m.name.as_str()),
        _ => None,
    });
    surname(husband.unwrap_or(&life.customer.name))
}

fn parent(rng: &mut Rng, names: &Names, day: NaiveDate, life: &mut Life) {
    let born = life.born() - i32::try_from(rng.of(22..32)).unwrap_or(25);
    if day.year() - born > 94 {
        return;
    }
    let sex = if rng.chance(40) { Sex::Male } else { Sex::Female };
    let father = sex == Sex::Male;
    let name = if father {
        format!("{}{}", surname(&life.customer.name), names.given(rng, sex, born))
    } else {
        names.full(rng, sex, born)
    };
    let near = rng.chance(6);
    let birth = if near {
        day.with_year(born)
    } else {
        NaiveDate::from_yo_opt(born, u32::try_from(rng.of(1..366)).unwrap_or(1))
    };
    life.parts.push(Part::Member(Member {
        relation: if father { "father" } else { "mother" }.to_owned(),
        name,
        birth,
        lunar: birth.and_then(LunarDay::of),
        keeps: if near { Keeps::Solar } else { Keeps::Lunar },
        ..Member::default()
    }));
}

fn occasions(rng: &mut Rng, day: NaiveDate, life: &mut Life) {
    let (share, label, note) = match life.customer.sort {
        Sort::Business => (60, "开业周年", "送花篮"),
        _ if life.is_upper() => (14, "结婚纪念日", "在意这一天，发祝福"),
        _ => (1, "结婚纪念日", ""),
    };
    if !rng.chance(share) {
        return;
    }
    let ahead = if rng.chance(12) { rng.of(0..5) } else { rng.of(0..365) };
    let on = day.checked_add_days(Days::new(u64::try_from(ahead).unwrap_or(0))).unwrap_or(day);
    life.parts.push(Part::Occasion(Occasion {
        label: label.to_owned(),
        on: Some(Yearly::solar(on)),
        since: Some(on.year() - i32::try_from(rng.of(3..31)).unwrap_or(10)),
        note: note.to_owned(),
    }));
}

fn remarks(rng: &mut Rng, day: NaiveDate, life: &mut Life) {
    if !rng.chance(if life.is_upper() { 28 } else { 2 }) {
        return;
    }
    let Some((kind, text, state)) = rng.pick(&talk::REMARKS).copied() else { return };
    let on = day.checked_sub_days(Days::new(u64::try_from(rng.of(2..160)).unwrap_or(30)));
    life.parts.push(Part::Remark(Remark { kind: kind.to_owned(), text: text.to_owned(), state: state.to_owned(), on }));
}

fn link(rng: &mut Rng, lives: &mut [Life], at: usize, other: usize) {
    const KINDS: [(&str, &str); 6] = [
        ("relative", "表亲"),
        ("colleague", "以前同事"),
        ("trade", "生意往来"),
        ("introducer", "由其介绍来开户"),
        ("guarantor", "互相担保"),
        ("friend", "牌友"),
    ];
    let Some(friend) = lives.get(other).filter(|_| at != other).map(|l| (l.customer.id, l.customer.name.clone()))
    else {
        return;
    };
    let (kind, note) = rng.pick(&KINDS).copied().unwrap_or(("friend", ""));
    let (id, name): (CustomerId, String) = friend;
    if let Some(life) = lives.get_mut(at) {
        life.parts.push(Part::Link(Link { kind: kind.to_owned(), name, linked: Some(id), note: note.to_owned() }));
    }
}

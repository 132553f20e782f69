//! The search index against plain looking at every customer: who is found, by hundreds of queries typed letter by letter; every
//! way of finding; and changes, after which it must answer as one built afresh. How fast it is, `benches/search.rs` says.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::string_slice)]

#[path = "../benches/common/mod.rs"]
mod common;

use chrono::NaiveDate;
use common::{Dice, keystrokes, people, queries, rows};
use guitai::domain::calendar::yearly::LeapPolicy;
use guitai::domain::ids::{CustomerId, StaffId};
use guitai::domain::rights::{Action, Eyes};
use guitai::domain::sight::Sight;
use guitai::domain::staff::Role;
use guitai::domain::tier::{Lines, Tier};
use guitai::domain::values::money::Fen;
use guitai::index::row::{Gap, Row};
use guitai::index::{Field, GroupBy, GroupKey, Hits, Index, Scope, Sort, pinyin};
use proptest::prelude::*;
use std::collections::BTreeSet;

fn today() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 11, 21).unwrap()
}

fn scope(limit: usize) -> Scope {
    Scope { limit, me: Some(StaffId(1)), ..Scope::on(today()) }
}

/// A customer as plain looking wants it: lower case, without the dots in names.
struct Plain {
    id: CustomerId,
    read: Vec<pinyin::Read>,
    name: String,
    address: String,
    codes: [String; 4],
}

impl Plain {
    fn of(row: &Row) -> Plain {
        let lower = |s: &str| s.to_lowercase().replace('·', "");
        Plain {
            id: row.id,
            read: pinyin::read(&row.name),
            name: lower(&row.name),
            address: lower(&row.address),
            codes: [&row.phone, &row.phone2, &row.document, &row.no].map(|s| lower(s)),
        }
    }

    fn meets_run(&self, run: &str, houses: bool) -> bool {
        let first = run.chars().next().unwrap();
        if first.is_ascii_digit() {
            let numbers = || self.address.split(|c: char| !c.is_ascii_digit());
            self.codes.iter().any(|c| c.contains(run)) || (houses && run.len() <= 4 && numbers().any(|n| n == run))
        } else if first.is_ascii() {
            sounds(&self.read, run)
        } else {
            self.name.contains(run) || (run.chars().count() > 1 && self.address.contains(run))
        }
    }
}

/// What was typed, cut as plainly as can be: words, and the runs of each.
struct Asked {
    houses: bool,
    words: Vec<(String, Vec<String>)>,
}

impl Asked {
    fn of(text: &str) -> Asked {
        let han = |c: char| !c.is_ascii() && c.is_alphabetic();
        let kind = |c: char| if c.is_ascii_digit() { 0 } else { 1 + u8::from(!c.is_ascii()) };
        let lower = text.to_lowercase();
        let words = lower.split_whitespace().map(|word| {
            let chars: Vec<char> = word.chars().filter(|c| c.is_ascii_alphanumeric() || han(*c)).collect();
            let runs = chars.chunk_by(|a, b| kind(*a) == kind(*b)).map(|r| r.iter().collect()).collect();
            (chars.iter().collect(), runs)
        });
        Asked { houses: text.chars().any(han), words: words.collect() }
    }

    fn finds(&self, who: &Plain) -> bool {
        self.words.iter().all(|(word, runs)| {
            let whole = runs.len() > 1
                && match word.is_ascii() {
                    true => who.codes[2].contains(word) || who.codes[3].contains(word),
                    false => who.address.contains(word) || who.name.contains(word),
                };
            whole || runs.iter().all(|run| who.meets_run(run, self.houses))
        })
    }
}

/// Letters walk over the readings of neighbouring characters, at least one letter of each.
fn sounds(read: &[pinyin::Read], letters: &str) -> bool {
    (0..read.len()).any(|start| {
        let mut eaten = BTreeSet::from([0usize]);
        for character in &read[start..] {
            let mut next = BTreeSet::new();
            for from in &eaten {
                for way in character.all() {
                    let spelled = pinyin::spelled(way);
                    for n in 1..=spelled.len() {
                        if letters[*from..].starts_with(&spelled[..n]) {
                            next.insert(from + n);
                        }
                    }
                }
            }
            if next.contains(&letters.len()) {
                return true;
            }
            eaten = next;
        }
        false
    })
}

fn sure(hits: &Hits) -> BTreeSet<CustomerId> {
    hits.list.iter().filter(|h| !h.guess).map(|h| h.row.id).collect()
}

#[test]
fn the_index_finds_just_whom_plain_looking_finds_at_every_key() {
    let made = rows(4_500, 3);
    let everybody: Vec<Plain> = made.iter().map(Plain::of).collect();
    let index = Index::build(made.clone(), &people(4_500));
    let mut texts: BTreeSet<String> = BTreeSet::new();
    for q in queries(&made, 3, 5) {
        texts.extend(keystrokes(&q.text));
    }
    let by_hand = [
        "买买提吐",
        "john",
        "johnsm",
        "smith",
        "E12",
        "e0",
        "002x",
        "7x",
        "x",
        "贵州",
        "贵州省遵义",
        "3单元",
        "路1",
        "街12",
        "解放路 128",
        "解放路12号",
        "单元101室",
        "000",
        "0000",
        "6000",
        "600000",
        "5203",
        "2032",
        "197",
        "1972",
        "19",
        "1",
        "zh",
        "sh",
        "ang",
        "a",
        "lu",
        "lv",
        "ouyang",
        "王",
        "王 玉溪",
        "wang 138",
        "w1",
        "shan",
        "1组5号",
        "芙蓉村1",
        "shangguan",
        "aaaa",
        "99999999",
    ];
    texts.extend(by_hand.map(str::to_owned));
    let (mut some, mut many) = (0, 0);
    for text in &texts {
        let asked = Asked::of(text);
        let want: BTreeSet<CustomerId> = everybody.iter().filter(|p| asked.finds(p)).map(|p| p.id).collect();
        let hits = index.search(text, &scope(300));
        assert_eq!(hits.total - hits.guesses, want.len(), "{text}: how many");
        if want.len() <= 300 {
            assert_eq!(sure(&hits), want, "{text}: who");
        } else {
            assert!(sure(&hits).is_subset(&want) && hits.list.len() == 300, "{text}: a part");
            many += 1;
        }
        some += usize::from(!want.is_empty());
    }
    assert!(texts.len() > 500 && some > 400 && many > 50, "{} {some} {many}", texts.len());
}

#[test]
fn the_customer_meant_is_among_the_first_ten() {
    let made = rows(6_000, 5);
    let index = Index::build(made.clone(), &people(6_000));
    let asked = queries(&made, 5, 10);
    let missed: Vec<String> = asked
        .iter()
        .filter(|q| !index.search(&q.text, &scope(10)).list.iter().any(|h| h.row.id == q.target))
        .map(|q| format!("{} {}", q.kind, q.text))
        .collect();
    assert!(asked.len() >= 190, "{}", asked.len());
    assert!(missed.len() * 100 <= asked.len(), "{missed:?}");
}

fn person(id: i64, name: &str) -> Row {
    Row { id: CustomerId(id), name: name.to_owned(), no: format!("60000{id:05}"), ..Row::default() }
}

/// Zhang Shanhe of the sketches, and a few others.
fn few() -> Vec<Row> {
    let yuan = |y| Some(Fen::of_yuan(y));
    vec![
        Row {
            phone: "18985210027".into(),
            document: "520325197202042450".into(),
            address: "贵州省遵义市道真县玉溪镇解放路128号".into(),
            area: "玉溪镇".into(),
            aum: yuan(310_200),
            tier: Some(Tier::Potential),
            owner: Some(StaffId(1)),
            next_visit: NaiveDate::from_ymd_opt(2026, 11, 18),
            ..person(1, "张山河")
        },
        Row {
            phone: "13800136107".into(),
            address: "贵州省遵义市道真县玉溪镇新街3号".into(),
            area: "玉溪镇".into(),
            aum: yuan(1_284_000),
            tier: Some(Tier::Vip),
            lunar: 1013,
            solar: 1115,
            keeps_lunar: true,
            held: true,
            ..person(2, "张胜")
        },
        Row {
            phone2: "13900001380".into(),
            aum: yuan(127_000),
            tier: Some(Tier::Ordinary),
            gaps: Gap::Phone.bit(),
            ..person(3, "赵松")
        },
        Row { document: "11010519491231002X".into(), area: "三桥镇".into(), solar: 1121, ..person(4, "单雄信") },
        Row { document: "E12345678".into(), ..person(5, "John Smith") },
        Row { next_visit: NaiveDate::from_ymd_opt(2026, 11, 24), ..person(6, "买买提·吐尔逊") },
        Row { aum: yuan(9_000_000), tier: Some(Tier::Big), owner: Some(StaffId(2)), ..person(7, "尉迟恭") },
    ]
}

fn found(text: &str) -> Vec<String> {
    let index = Index::build(few(), &people(1));
    index.search(text, &scope(20)).list.into_iter().filter(|h| !h.guess).map(|h| h.row.name).collect()
}

#[test]
fn every_way_of_finding_finds() {
    let table: &[(&str, &[&str])] = &[
        ("张", &["张胜", "张山河"]),
        ("山河", &["张山河"]),
        ("zs", &["张胜", "赵松", "张山河"]),
        ("zhsh", &["张胜", "张山河"]),
        ("zhangshanhe", &["张山河"]),
        ("zhangsh", &["张胜", "张山河"]),
        ("shanhe", &["张山河"]),
        ("shan", &["单雄信", "张山河"]),
        ("dan", &["单雄信"]),
        ("yuchi", &["尉迟恭"]),
        ("weichigong", &["尉迟恭"]),
        ("0027", &["张山河"]),
        ("1898521", &["张山河"]),
        ("8521", &["张山河"]),
        ("1380", &["赵松", "张胜"]),
        ("19720204", &["张山河"]),
        ("2450", &["张山河"]),
        ("002x", &["单雄信"]),
        ("E123", &["John Smith"]),
        ("john", &["John Smith"]),
        ("吐尔逊", &["买买提·吐尔逊"]),
        ("买买提吐尔逊", &["买买提·吐尔逊"]),
        ("6000000003", &["赵松"]),
        ("解放路", &["张山河"]),
        ("解放路128", &["张山河"]),
        ("解放路 128", &["张山河"]),
        ("zs 玉溪", &["张胜", "张山河"]),
        ("zs玉溪", &["张胜", "张山河"]),
        ("zs 1380", &["赵松", "张胜"]),
        ("zs1380", &["赵松", "张胜"]),
        ("ＺＳ　１３８０", &["赵松", "张胜"]),
        ("zs *6107", &["张胜"]),
        ("", &["尉迟恭", "张胜", "张山河", "赵松", "单雄信", "John Smith", "买买提·吐尔逊"]),
        ("qqqq", &[]),
    ];
    for (text, want) in table {
        assert_eq!(found(text), *want, "{text}");
    }
}

#[test]
fn filters_narrow_in_both_languages() {
    let table: &[(&str, &[&str])] = &[
        ("#贵宾", &["张胜"]),
        ("tier:vip", &["张胜"]),
        ("分级：贵宾", &["张胜"]),
        ("tier:none", &["单雄信", "John Smith", "买买提·吐尔逊"]),
        ("owner:me", &["张山河"]),
        ("责任人:我", &["张山河"]),
        ("owner:s001", &["尉迟恭"]),
        ("owner:none zs", &["张胜", "赵松"]),
        ("area:玉溪", &["张胜", "张山河"]),
        ("birthday:today", &["张胜", "单雄信"]),
        ("生日:7d", &["张胜", "单雄信"]),
        ("birthday:11-21", &["张胜", "单雄信"]),
        ("due:overdue", &["张山河"]),
        ("到期:7d", &["买买提·吐尔逊"]),
        ("due:11-24", &["买买提·吐尔逊"]),
        ("aum:>50w", &["尉迟恭", "张胜"]),
        ("aum:5w-20w", &["赵松"]),
        ("资产:<31.02万", &["赵松"]),
        ("aum:<=31.02万", &["张山河", "赵松"]),
        ("missing:phone", &["赵松"]),
        ("缺:手机", &["赵松"]),
        ("held:", &["张胜"]),
        ("held:no #大", &["尉迟恭"]),
        ("tier:vip aum:<5w", &[]),
    ];
    for (text, want) in table {
        assert_eq!(found(text), *want, "{text}");
    }
}

#[test]
fn a_filter_that_cannot_be_read_is_said_and_the_rest_is_searched() {
    let index = Index::build(few(), &[]);
    let hits = index.search("zs tier:xyz", &scope(20));
    assert_eq!(hits.total, 3);
    let said = hits.trouble.expect("said so");
    assert!(said.zh.contains("tier:xyz") && said.en.contains("tier:xyz"));
    assert!(index.search("zs tier:", &scope(20)).trouble.is_none());
    assert!(index.search("owner:nobodyatall", &scope(20)).trouble.is_some());
}

#[test]
fn matched_letters_are_marked_where_they_stand() {
    let index = Index::build(few(), &[]);
    let marks = |text: &str| -> Vec<(Field, Vec<usize>, Vec<usize>)> {
        let hits = index.search(text, &scope(20));
        let hit = hits.list.into_iter().find(|h| h.row.id == CustomerId(1)).expect(text);
        hit.matched.into_iter().map(|m| (m.field, m.at, m.han)).collect()
    };
    assert_eq!(marks("山河"), [(Field::Name, vec![1, 2], vec![])]);
    // zhang shan he
    assert_eq!(marks("zhsh"), [(Field::Pinyin, vec![0, 1, 6, 7], vec![0, 1])]);
    assert_eq!(marks("shanh"), [(Field::Pinyin, vec![6, 7, 8, 9, 11], vec![1, 2])]);
    assert_eq!(marks("0027"), [(Field::Phone, vec![7, 8, 9, 10], vec![])]);
    assert_eq!(marks("解放"), [(Field::Address, vec![12, 13], vec![])]);
    assert_eq!(marks("zsh 2450").iter().map(|m| m.0).collect::<Vec<_>>(), [Field::Pinyin, Field::Id]);
}

#[test]
fn one_typing_error_still_finds_and_says_that_it_guessed() {
    let index = Index::build(few(), &[]);
    for (text, want) in [
        ("zhagnshanhe", "张山河"),
        ("zhangshnahe", "张山河"),
        ("zhangshanhw", "张山河"),
        ("zhangshane", "张山河"),
        ("18985210028", "张山河"),
        ("18985120027", "张山河"),
        ("1898521027", "张山河"),
        ("520325197202042540", "张山河"),
        ("章山河", "张山河"),
        ("张河", "张山河"),
        ("山张河", "张山河"),
        ("解方路", "张山河"),
        ("weicigong", "尉迟恭"),
        ("zhangshanhw 0027", "张山河"),
        ("zhagnshan 玉溪", "张山河"),
        ("章山河 0027", "张山河"),
        ("解方路 zsh", "张山河"),
        ("zsh18985210028", "张山河"),
    ] {
        let hits = index.search(text, &scope(10));
        let hit = hits.list.iter().find(|h| h.row.name == want).unwrap_or_else(|| panic!("{text}"));
        assert!(hit.guess && hits.guesses > 0 && !hit.matched.is_empty(), "{text}");
    }
    assert_eq!(
        index.search("zhangshan", &scope(10)).guesses,
        index.search("zhangshan", &scope(10)).list.iter().filter(|h| h.guess).count()
    );
    assert_eq!(index.search("abcdefgh", &scope(10)).total, 0);
}

#[test]
fn hits_come_in_the_order_asked_for() {
    let index = Index::build(few(), &[]);
    let order =
        |sort| -> Vec<i64> { index.search("", &Scope { sort, ..scope(20) }).list.iter().map(|h| h.row.id.0).collect() };
    assert_eq!(order(Sort::Aum), [7, 2, 1, 3, 4, 5, 6]);
    assert_eq!(order(Sort::Name), [5, 6, 4, 7, 1, 2, 3]);
    assert_eq!(order(Sort::NextVisit)[..2], [1, 6]);
    assert_eq!(order(Sort::Birthday)[..2], [2, 4]);
    let leap = Scope { leap: LeapPolicy::AlwaysPlain, ..scope(20) };
    assert_eq!(index.search("birthday:today", &leap).total, 2);
}

#[test]
fn rows_come_back_as_they_went_in() {
    let made = rows(3_000, 9);
    let mut odd = few();
    odd.push(Row {
        phone: "+86 138 0013 8000".into(),
        document: "x".into(),
        address: "１２号·大院".into(),
        aum: Some(Fen(-5)),
        ..person(8, "𠮷田\u{e000}A")
    });
    odd.push(Row { no: "NO-00017".into(), name: String::new(), solar: 229, lunar: 2630, ..person(9, "") });
    for set in [made, odd] {
        let index = Index::build(set.clone(), &[]);
        assert_eq!(index.len(), set.len());
        for row in set {
            assert_eq!(index.row(row.id).as_ref(), Some(&row));
        }
    }
}

#[test]
fn a_changed_customer_is_never_found_by_old_values() {
    let mut index = Index::build(few(), &[]);
    let mut row = index.row(CustomerId(1)).unwrap();
    row.phone = "13311112222".into();
    row.name = "李山河".into();
    row.tier = Some(Tier::Big);
    index.upsert(row);
    for gone in ["18985210027", "zhangshanhe", "张山河 解放路", "#潜力"] {
        assert!(index.search(gone, &scope(20)).list.iter().all(|h| h.guess), "{gone}");
    }
    for now in ["13311112222", "lsh", "#大 山河"] {
        assert_eq!(sure(&index.search(now, &scope(20))), BTreeSet::from([CustomerId(1)]), "{now}");
    }
    index.remove(CustomerId(1));
    assert_eq!((index.search("山河", &scope(20)).total, index.row(CustomerId(1)), index.len()), (0, None, 6));
}

#[test]
fn the_board_shows_columns_in_order_of_assets() {
    let made = rows(4_000, 11);
    let index = Index::build(made.clone(), &people(4_000));
    let mut sorted = made.clone();
    sorted.sort_by_key(|r| (std::cmp::Reverse(r.aum), r.id));
    for by in [GroupBy::Tier, GroupBy::Owner, GroupBy::Area, GroupBy::Stage] {
        let groups = index.groups(by);
        assert_eq!(groups.iter().map(|g| g.count).sum::<usize>(), made.len());
        for group in groups {
            let of = |r: &&Row| match &group.key {
                GroupKey::Tier(x) => r.tier == *x,
                GroupKey::Owner(x) => r.owner == *x,
                GroupKey::Area(x) => r.area == *x,
                GroupKey::Stage(x) => r.stage == *x,
            };
            let want: Vec<Row> = sorted.iter().filter(of).cloned().collect();
            assert_eq!(group.count, want.len());
            assert_eq!(group.aum, Some(want.iter().filter_map(|r| r.aum).sum()));
            assert_eq!(index.column(&group.key, 3, 5), want.iter().skip(3).take(5).cloned().collect::<Vec<_>>());
            if let Some(row) = want.get(2) {
                assert_eq!(index.position(&group.key, row.id), Some(2));
            }
        }
    }
    let tiers: Vec<GroupKey> = index.groups(GroupBy::Tier).into_iter().map(|g| g.key).collect();
    assert_eq!(tiers.len(), 7, "six tiers, and those without figures apart");
    assert_eq!((tiers[0].clone(), tiers[6].clone()), (GroupKey::Tier(Some(Tier::Untiered)), GroupKey::Tier(None)));
    let with = sorted.iter().filter(|r| r.aum.is_some()).count();
    assert_eq!(index.top_fifth_line(), sorted[with.div_ceil(5) - 1].aum);
    assert_eq!(Index::default().top_fifth_line(), None);
}

#[test]
fn those_near_a_line_come_nearest_first() {
    let made = rows(4_000, 13);
    let index = Index::build(made.clone(), &[]);
    let lines = Lines::default();
    for up in [true, false] {
        let rule = |aum| if up { lines.near_up(aum, 10) } else { lines.near_down(aum, 10) };
        let want: BTreeSet<CustomerId> = made.iter().filter(|r| r.aum.and_then(rule).is_some()).map(|r| r.id).collect();
        let got = index.near(&lines, 10, up, usize::MAX);
        assert_eq!(got.iter().map(|(r, _)| r.id).collect::<BTreeSet<_>>(), want);
        assert_eq!(got.len(), want.len());
        assert!(want.len() > 20);
        let share = |(row, near): &(Row, guitai::domain::tier::Near)| {
            let aum = row.aum.unwrap().0 as f64;
            let gap = near.gap.0 as f64;
            gap / if up { aum + gap } else { aum - gap }
        };
        assert!(got.is_sorted_by(|a, b| share(a) <= share(b) + 1e-6));
        let counts = index.near_counts(&lines, 10);
        assert_eq!(if up { counts.0 } else { counts.1 }, want.len());
    }
}

/// One account manager among others of every post but those who see all, a supervisor over three of them, and a branch manager.
fn sight_of(who: i64, customers: usize) -> Sight {
    let mut staff = people(customers);
    let lead = staff.iter().find(|s| s.role == Role::AmSupervisor).map(|s| s.id);
    staff.iter_mut().filter(|s| s.role == Role::AccountManager).for_each(|s| s.leader = lead);
    let eyes = Eyes { staff: &staff, delegates: &[], by: StaffId(who), today: today() };
    assert!(staff.iter().any(|s| s.role == Role::BranchManager));
    Sight::of(&eyes, Action::Open)
}

const TELLING: [&str; 16] = [
    "",
    "z",
    "王",
    "wang",
    "1380",
    "玉溪",
    "#小",
    "#潜力",
    "zs 1",
    "birthday:30d",
    "wnag",
    "due:overdue",
    "aum:>10w",
    "aum:<5w",
    "missing:phone",
    "#普通 aum:>6w",
];

#[test]
fn whom_one_does_not_reach_could_have_anything_and_every_answer_would_be_the_same() {
    let made = rows(4_000, 17);
    for who in [1, 4, 5] {
        let sight = sight_of(who, 4_000);
        let reached = |r: &Row| sight.reaches(r.owner, r.assistant, r.tier);
        let own = made.iter().filter(|r| reached(r)).count();
        assert!(own > 100 && own < 3_800, "{who}: {own}");
        let mut dice = Dice(23);
        let mut other = made.clone();
        for row in other.iter_mut().filter(|r| !reached(r)) {
            row.aum = dice.chance(90).then(|| Fen(dice.below(90_000_000) as i64));
            row.next_visit = dice.chance(50).then(|| today() - chrono::Days::new(dice.below(400) as u64));
            row.gaps = dice.below(256) as u8;
        }
        let [mut one, mut two] = [&made, &other].map(|rows| Index::build(rows.clone(), &people(4_000)));
        assert!(one.look(sight.clone()) && two.look(sight.clone()) && !two.look(sight.clone()));
        // Some changed since, as during a day.
        for row in made.iter().zip(&other).filter(|(r, _)| r.id.0 % 31 == 0) {
            one.upsert(row.0.clone());
            two.upsert(row.1.clone());
        }
        for text in TELLING {
            for sort in Sort::ALL {
                for limit in [20, 300, 5_000] {
                    let scope = Scope { sort, ..scope(limit) };
                    let (a, b) = (one.search(text, &scope), two.search(text, &scope));
                    assert_eq!(a, b, "{who}: {text} {sort:?} {limit}");
                    for hit in &a.list {
                        let cut = hit.row.aum.is_none() && hit.row.next_visit.is_none() && hit.row.gaps == 0;
                        assert!(reached(&hit.row) || cut, "{text}: {:?}", hit.row.id);
                    }
                }
            }
        }
        for by in [GroupBy::Tier, GroupBy::Owner, GroupBy::Area, GroupBy::Stage] {
            assert_eq!(one.groups(by), two.groups(by));
            for group in one.groups(by) {
                let of = one.column(&group.key, 0, 5_000);
                assert_eq!(of, two.column(&group.key, 0, 5_000));
                assert_eq!(of.len(), group.count);
                // A sum is told where one sees what all of them have.
                assert_eq!(group.aum.is_some(), of.iter().all(reached), "{:?}", group.key);
                let places: Vec<_> = of.iter().map(|row| one.position(&group.key, row.id)).collect();
                assert!(places.iter().enumerate().all(|(at, place)| *place == Some(at)));
            }
        }
        for up in [true, false] {
            let near = one.near(&Lines::default(), 20, up, usize::MAX);
            assert_eq!(near, two.near(&Lines::default(), 20, up, usize::MAX));
            assert!(!near.is_empty() && near.iter().all(|(row, _)| reached(row)));
        }
        for row in &made {
            let told = one.row(row.id).unwrap();
            assert_eq!((told.aum, told.gaps), if reached(row) { (row.aum, row.gaps) } else { (None, 0) });
        }
    }
}

#[test]
fn another_one_who_sits_down_finds_the_index_whole_again() {
    let made = rows(2_000, 19);
    let (mut index, fresh) = (Index::build(made.clone(), &[]), Index::build(made.clone(), &[]));
    index.look(sight_of(1, 2_000));
    assert!(index.search("aum:>10w", &scope(10)).total < fresh.search("aum:>10w", &scope(10)).total);
    index.upsert(made[0].clone());
    index.look(Sight::whole());
    let now: std::collections::BTreeMap<CustomerId, Row> = made.into_iter().map(|r| (r.id, r)).collect();
    alike(&index, &now);
}

#[derive(Debug, Clone)]
enum Step {
    Put(usize, u64),
    Remove(usize),
    Ask(usize),
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = prop_oneof![
        4 => (0usize..60, any::<u64>()).prop_map(|(i, s)| Step::Put(i, s)),
        1 => (0usize..60).prop_map(Step::Remove),
        1 => (0usize..10).prop_map(Step::Ask),
    ];
    prop::collection::vec(step, 1..60)
}

const ASKED: [&str; 10] = ["z", "王", "wang", "1380", "520325", "玉溪", "#小", "due:overdue", "zs 1", "birthday:30d"];

fn alike(index: &Index, now: &std::collections::BTreeMap<CustomerId, Row>) {
    let fresh = Index::build(now.values().cloned().collect(), &[]);
    assert_eq!(index.len(), now.len());
    for text in ASKED {
        for sort in [Sort::Rank, Sort::Name] {
            let scope = Scope { sort, ..scope(1_000) };
            assert_eq!(index.search(text, &scope), fresh.search(text, &scope), "{text}");
        }
    }
    for by in [GroupBy::Tier, GroupBy::Owner, GroupBy::Area, GroupBy::Stage] {
        assert_eq!(index.groups(by), fresh.groups(by));
        for group in index.groups(by) {
            assert_eq!(index.column(&group.key, 0, 100), fresh.column(&group.key, 0, 100));
        }
    }
    assert_eq!(index.top_fifth_line(), fresh.top_fifth_line());
    assert_eq!(index.near(&Lines::default(), 20, true, 99), fresh.near(&Lines::default(), 20, true, 99));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]
    #[test]
    fn after_any_changes_the_index_answers_as_one_built_afresh(begin in 0usize..50, steps in steps()) {
        let pool = rows(60, 17);
        let mut now: std::collections::BTreeMap<CustomerId, Row> =
            pool.iter().take(begin).map(|r| (r.id, r.clone())).collect();
        let mut index = Index::build(now.values().cloned().collect(), &[]);
        for step in steps {
            match step {
                Step::Put(i, seed) => {
                    let row = Row { id: pool[i].id, ..rows(1, seed).remove(0) };
                    now.insert(row.id, row.clone());
                    index.upsert(row);
                }
                Step::Remove(i) => {
                    now.remove(&pool[i].id);
                    index.remove(pool[i].id);
                }
                Step::Ask(i) => {
                    index.search(ASKED[i], &scope(10));
                }
            }
        }
        alike(&index, &now);
    }
}

#[test]
fn thousands_of_changes_are_merged_and_nothing_is_lost() {
    let made = rows(3_000, 19);
    let mut now: std::collections::BTreeMap<CustomerId, Row> =
        made.iter().take(1_500).map(|r| (r.id, r.clone())).collect();
    let mut index = Index::build(now.values().cloned().collect(), &[]);
    let mut dice = Dice(23);
    for row in made.iter().skip(1_000) {
        let row = Row { phone: format!("138{:08}", dice.below(100_000_000)), ..row.clone() };
        now.insert(row.id, row.clone());
        index.upsert(row);
        if dice.chance(5) {
            let gone = made[dice.below(made.len())].id;
            now.remove(&gone);
            index.remove(gone);
        }
    }
    let handed: Vec<Row> = now.values().take(700).map(|r| Row { owner: Some(StaffId(3)), ..r.clone() }).collect();
    now.extend(handed.iter().map(|r| (r.id, r.clone())));
    index.upsert_all(handed);
    let fresh = Index::build(now.values().cloned().collect(), &[]);
    assert_eq!(index.len(), now.len());
    assert_eq!(index.groups(GroupBy::Owner), fresh.groups(GroupBy::Owner));
    for text in ASKED {
        let (a, b) = (index.search(text, &scope(5_000)), fresh.search(text, &scope(5_000)));
        assert_eq!(a.total, b.total, "{text}");
        assert_eq!(sure(&a), sure(&b), "{text}");
    }
}

#[test]
fn the_index_can_be_built_on_another_thread() {
    fn send<T: Send>(_: &T) {}
    send(&Index::default());
}

#[test]
fn a_guess_obeys_the_filters_beside_it() {
    let mut rows = few();
    rows.push(Row { tier: Some(Tier::Small), ..person(10, "章山河") });
    let index = Index::build(rows, &[]);
    let names =
        |text: &str| -> Vec<String> { index.search(text, &scope(20)).list.into_iter().map(|h| h.row.name).collect() };
    assert_eq!(names("章山河"), ["章山河", "张山河"]);
    assert_eq!(names("章山河 #小"), ["章山河"]);
    assert_eq!(names("章山河 #潜力"), ["张山河"]);
    assert_eq!(names("zhangshanhw #小"), ["章山河"]);
}

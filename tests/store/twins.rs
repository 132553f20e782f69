//! Who is who: pairs and how sure they are, merging that loses nothing, imports that find the archive which stayed, parting row for row.

use crate::house::{House, day, figures, refused, saved};
use crate::stage::{everything, plan};
use guitai::domain::agenda::Task;
use guitai::domain::contact::Outcome;
use guitai::domain::customer::Customer;
use guitai::domain::family::{Link, Member, Part};
use guitai::domain::ids::{CustomerId, TaskId};
use guitai::domain::values::document::Document;
use guitai::domain::values::money::Fen;
use guitai::store::bulk::BatchFile;
use guitai::store::dealings::fact::{FIGURES, Fact};
use guitai::store::request::{Answer, Ask};
use guitai::store::twins::{self, By, Found};
use rusqlite::Connection;

const CARD: &str = "520325850511511";

/// A customer as the core system brings them: with a number, and whatever else.
fn brought(house: &mut House, c: Customer) -> CustomerId {
    let stamp = house.stamp();
    let mut bulk = house.file.load(BatchFile { name: "客户.csv".into(), hash: c.no.clone() }, &stamp).unwrap();
    let id = bulk.insert_customer(&c).unwrap();
    bulk.finish("").unwrap();
    id
}

fn person(no: &str, name: &str, phone: &str, birth: &str, document: &str) -> Customer {
    Customer {
        no: no.into(),
        name: name.into(),
        phone: phone.into(),
        birth: (!birth.is_empty()).then(|| day(birth)),
        document: (!document.is_empty()).then(|| Document::parse(None, document, day("2026-11-20")).unwrap()),
        ..Customer::default()
    }
}

fn ask(house: &mut House, ask: twins::Ask) -> twins::Answer {
    match house.ask(Ask::Twins(ask)) {
        Answer::Twins(answer) => answer,
        other => panic!("{other:?}"),
    }
}

fn found(house: &mut House) -> Found {
    match ask(house, twins::Ask::Find) {
        twins::Answer::Found(found) => *found,
        other => panic!("{other:?}"),
    }
}

fn pairs(house: &mut House) -> Vec<(String, String, Vec<By>)> {
    found(house).pairs.into_iter().map(|p| (p.a.no, p.b.no, p.by)).collect()
}

fn merge_ask(house: &mut House, keep: CustomerId, other: CustomerId, take: &[&str]) -> twins::Ask {
    let revs = (house.open(keep).customer.rev, house.open(other).customer.rev);
    let take = take.iter().map(|t| (*t).to_owned()).collect();
    twins::Ask::Merge { op: house.op(), keep, other, revs, take, stamp: house.stamp() }
}

fn merge(house: &mut House, keep: CustomerId, other: CustomerId, take: &[&str]) {
    let asked = merge_ask(house, keep, other, take);
    match ask(house, asked) {
        twins::Answer::Done { keep: stays, rows, gone, .. } => {
            assert_eq!((stays, rows.len(), rows[0].id, gone), (keep, 1, keep, vec![other]));
        }
        other => panic!("{other:?}"),
    }
}

fn part_ask(house: &mut House, other: CustomerId) -> Ask {
    Ask::Twins(twins::Ask::Part { op: house.op(), other, stamp: house.stamp() })
}

fn apart(house: &mut House, a: CustomerId, b: CustomerId, reason: Option<&str>) -> Answer {
    let (op, stamp) = (house.op(), house.stamp());
    house.ask(Ask::Twins(twins::Ask::Apart { op, a, b, reason: reason.map(str::to_owned), stamp }))
}

#[test]
fn pairs_are_found_by_document_by_phone_and_name_and_by_name_and_birthday_the_surest_first() {
    let mut house = House::on("2026-11-20");
    // The same person by a card of 15 digits and one of 18.
    let card = Document::parse(None, CARD, day("2026-11-20")).unwrap().number;
    assert_eq!(card.len(), 18);
    brought(&mut house, person("6000000001", "张胜", "", "", CARD));
    let second = brought(&mut house, person("6000000002", "张胜利", "", "", &card));
    brought(&mut house, person("6000000003", "何芬", "13800000001", "", ""));
    let four = brought(&mut house, person("6000000004", "何芬", "13900000002", "", ""));
    let mut both = person("6000000005", "何芬", "", "", "");
    both.phone2 = "13800000001".into();
    brought(&mut house, both);
    let six = brought(&mut house, person("6000000006", "赵松", "", "1980-02-03", ""));
    let seven = brought(&mut house, person("6000000007", "赵松", "", "1980-02-03", ""));
    // Two different ID numbers are two people; one phone of a household with two names is no pair.
    brought(
        &mut house,
        person("6000000008", "李红", "13700000001", "1985-05-11", CARD.replace("511511", "511512").as_str()),
    );
    brought(
        &mut house,
        person("6000000009", "李红", "13700000001", "1985-05-11", CARD.replace("511511", "511514").as_str()),
    );
    brought(&mut house, person("6000000010", "李刚", "13700000001", "", ""));
    house.figures(second, day("2026-11-20"), 10_000);
    house.figures(seven, day("2026-11-20"), 5_000);
    assert_eq!(
        pairs(&mut house),
        [
            ("6000000002".to_owned(), "6000000001".to_owned(), vec![By::Document]),
            ("6000000003".to_owned(), "6000000005".to_owned(), vec![By::PhoneAndName]),
            ("6000000007".to_owned(), "6000000006".to_owned(), vec![By::NameAndBirthday]),
        ]
    );
    // Found to be two people: no pair until that is taken back.
    assert_eq!(refused(apart(&mut house, six, seven, Some(" "))), "请写明怎么知道不是同一人。");
    assert!(matches!(apart(&mut house, seven, six, Some("当面核对过")), Answer::Twins(twins::Answer::Done { .. })));
    let list = found(&mut house);
    assert_eq!((list.total, list.apart.len(), list.apart[0].reason.as_str()), (2, 1, "当面核对过"));
    apart(&mut house, six, seven, None);
    assert_eq!(found(&mut house).total, 3);
    // A third with the phone of one makes two pairs more.
    saved(house.save(four, 1, &[("phone", "13900000002", "13800000001")]));
    assert_eq!(found(&mut house).total, 5);
}

/// Two archives of one person with something in every table, and a third that leads to the second.
fn two(house: &mut House) -> (CustomerId, CustomerId, CustomerId) {
    let mut first = person("6000000001", "张胜", "13800000001", "1985-05-11", "");
    first.owner = Some(house.wang);
    let keep = brought(house, first);
    let mut second = person("6000000002", "张胜", "13800000001", "1985-05-11", CARD);
    second.address = "新街2号".into();
    let other = brought(house, second);
    let third = house.customer("何芬", 1_000);
    for (id, yuan) in [(keep, 100_000), (other, 120_000)] {
        house.figures(id, day("2026-10-31"), yuan / 2);
        house.figures(id, day("2026-11-20"), yuan);
    }
    for (id, link) in [(third, other), (keep, other), (other, keep)] {
        house.part(id, Part::Link(Link { linked: Some(link), ..Link::default() }));
    }
    house.part(other, Part::Member(Member { name: "张小胜".into(), ..Member::default() }));
    house.log(keep, Outcome::Reached, Some(day("2026-12-01")), None);
    house.log(other, Outcome::Reached, Some(day("2026-12-05")), None);
    let task = Task {
        id: TaskId(77),
        rev: 0,
        owner: house.wang,
        customer: Some(other),
        text: "送对账单".into(),
        due: day("2026-11-25"),
        repeat: Default::default(),
    };
    house.task(task);
    let conn = Connection::open(&house.path).unwrap();
    let (o, k, by) = (other.0, keep.0, house.wang.0);
    conn.execute_batch(&format!(
        "INSERT INTO txn VALUES ({o}, 20261101, 'S1', 0, 1, NULL, 100, '柜面', '', '');
         INSERT INTO txn VALUES ({k}, 20261101, 'S1', 0, 1, NULL, 100, '柜面', '', '');
         INSERT INTO holding VALUES ({o}, 'C1', 0, 1, NULL, 'DEP1Y', 100, NULL, NULL, NULL, '正常');
         INSERT INTO loan VALUES ({o}, 'L1', 0, 1, NULL, '经营贷', 100, 90, NULL, NULL, NULL, NULL, 0, 0, '', '', '');
         INSERT INTO service VALUES ({o}, '手机银行', 0, 1, NULL, '有效', NULL);
         INSERT INTO rating VALUES ({o}, 20261101, 0, 1, NULL, 'A', NULL);
         INSERT INTO signal VALUES (901, 1, {o}, 'outflow', 20261101, '{{}}');
         INSERT INTO tier_move VALUES ({o}, 20261031, '2026-10-31T09:00:00', 0, 1, '{{}}', 1);
         INSERT INTO tier_move VALUES ({k}, 20261031, '2026-10-31T09:00:00', 1, 2, '{{}}', 1);
         INSERT INTO tier_move VALUES ({o}, 20261001, '2026-10-01T09:00:00', 1, 0, '{{}}', 1);
         INSERT INTO hand_over (id, customer, from_id, to_id, reason, day, due, at, open, kind)
           VALUES (902, {o}, {by}, {by}, '转', 20261101, 20261103, '2026-11-01T09:00:00', 1, 'keeper'),
                  (903, {k}, {by}, {by}, '转', 20261101, 20261103, '2026-11-01T09:00:00', 1, 'keeper');
         INSERT INTO mark (key, source, customer, day, state, reason, marked_on, updated_at, updated_by)
           VALUES ('visit:{o}:2026-11-01', 'visit', {o}, 20261101, 'done', '', 20261101, '2026-11-01T09:00:00', {by});"
    ))
    .unwrap();
    (keep, other, third)
}

/// Rows of each table that are a customer's.
fn owned(house: &House, id: CustomerId) -> Vec<(&'static str, i64)> {
    let conn = Connection::open(&house.path).unwrap();
    let tables = [
        "figures",
        "txn",
        "holding",
        "loan",
        "service",
        "rating",
        "part",
        "contact",
        "task",
        "mark",
        "hand_over",
        "signal",
        "tier_move",
        "merged",
    ];
    let count = |t: &str| {
        conn.query_row(&format!("SELECT count(*) FROM {t} WHERE customer = ?"), [id.0], |r| r.get(0)).unwrap()
    };
    tables.into_iter().map(|t| (t, count(t))).collect()
}

#[test]
fn merging_moves_everything_and_parting_puts_every_row_back() {
    let mut house = House::on("2026-11-20");
    let (keep, other, third) = two(&mut house);
    let before = everything(&house.path);
    let (mine, theirs) = (owned(&house, keep), owned(&house, other));
    assert!(theirs.iter().all(|(t, n)| *n > 0 || *t == "merged"), "{theirs:?}");
    assert_eq!(pairs(&mut house).len(), 1);
    merge(&mut house, keep, other, &["id_no", "address"]);
    for (n, (table, count)) in owned(&house, keep).into_iter().enumerate() {
        let sum = match table {
            "merged" => 1,
            // Two of one moment are one; the merge itself made a move, from two sums to their total.
            "tier_move" => mine[n].1 + theirs[n].1 - 1 + 1,
            _ => mine[n].1 + theirs[n].1,
        };
        assert_eq!(count, sum, "{table}");
    }
    assert!(owned(&house, other).iter().all(|(_, n)| *n == 0));
    let o = house.open(keep);
    assert_eq!(o.customer.document_number().len(), 18);
    assert_eq!(o.customer.address, "新街2号");
    assert_eq!((o.standing.figures.unwrap().balance, o.figures.len()), (Fen::of_yuan(220_000), 2));
    assert_eq!(o.contacts_total, 2);
    assert!(o.changes[0].after("merged").is_some());
    assert_eq!(house.open(third).linked[0].0, keep, "who led to the one that went is led to the one that stays");
    let gone = house.ask(Ask::Customers(guitai::store::customers::Ask::Open { id: other, today: house.today }));
    assert!(matches!(gone, Answer::Failed(_)), "{gone:?}");
    assert!(pairs(&mut house).is_empty());
    let check = everything(&house.path);
    assert!(!check["sound"].iter().any(|s| s.ends_with(&format!(",{}", other.0))));
    // The list of merges has it, and takes it back.
    let list = found(&mut house);
    assert_eq!((list.recent[0].id, list.recent[0].no.as_str()), (other, "6000000002"));
    let part = part_ask(&mut house, other);
    assert!(matches!(house.ask(part.clone()), Answer::Twins(twins::Answer::Done { .. })));
    let after = everything(&house.path);
    for (table, rows) in &before {
        assert_eq!(rows, &after[table], "{table}");
    }
    // Asked again, the same operation changes nothing.
    assert!(matches!(house.ask(part), Answer::Twins(twins::Answer::Done { .. })));
    assert_eq!(everything(&house.path), after);
    let again = part_ask(&mut house, other);
    assert_eq!(refused(house.ask(again)), "没有这次合并，或同事已经把它拆开。");
}

#[test]
fn what_was_changed_since_a_merge_stays_and_imports_feed_the_archive_that_stayed() {
    let mut house = House::on("2026-11-20");
    let (keep, other, _) = two(&mut house);
    merge(&mut house, keep, other, &["address"]);
    let rev = house.open(keep).customer.rev;
    saved(house.save(keep, rev, &[("address", "新街2号", "老街9号")]));
    house.log(keep, Outcome::Reached, Some(day("2026-12-20")), None);
    let stamp = house.stamp();
    let mut staging = house.file.stage(plan("资产", FIGURES), &stamp).unwrap();
    for (no, yuan) in [("6000000001", 70_000), ("6000000002", 80_000)] {
        staging.put(no, &Fact::Figures(&figures(day("2026-11-30"), yuan))).unwrap();
    }
    let n = staging.number();
    staging.flip(Some(day("2026-11-30")), &[], "{}").unwrap();
    assert_eq!(house.open(keep).standing.figures.unwrap().balance, Fen::of_yuan(150_000));
    let part = part_ask(&mut house, other);
    assert!(matches!(house.ask(part), Answer::Twins(twins::Answer::Done { .. })));
    let (one, two) = (house.open(keep), house.open(other));
    assert_eq!(one.customer.address, "老街9号");
    assert_eq!((one.contacts_total, two.contacts_total), (2, 1));
    assert_eq!(one.standing.figures.unwrap().balance, Fen::of_yuan(70_000));
    assert_eq!(two.standing.figures.unwrap().balance, Fen::of_yuan(80_000), "what came meanwhile goes with its number");
    // Taking that import back settles both.
    house.file.undo(n, false, &stamp).unwrap();
    assert_eq!(house.open(keep).standing.figures.unwrap().balance, Fen::of_yuan(100_000));
    assert_eq!(house.open(other).standing.figures.unwrap().balance, Fen::of_yuan(120_000));
}

#[test]
fn a_merge_into_an_archive_merged_later_waits_for_that_one_and_a_stale_one_is_told() {
    let mut house = House::on("2026-11-20");
    let (keep, other, third) = two(&mut house);
    let before = everything(&house.path);
    // A colleague saves one of the two after they were compared.
    let stale = merge_ask(&mut house, keep, other, &[]);
    let rev = house.open(other).customer.rev;
    saved(house.save(other, rev, &[("area", "", "城北")]));
    match ask(&mut house, stale) {
        twins::Answer::Changed { name, fields, by } => {
            assert_eq!((name.as_str(), fields), ("张胜", vec!["area".to_owned()]));
            assert_eq!(by.unwrap().0, house.wang);
        }
        other => panic!("{other:?}"),
    }
    let rev = house.open(other).customer.rev;
    saved(house.save(other, rev, &[("area", "城北", "")]));
    merge(&mut house, keep, other, &[]);
    merge(&mut house, third, keep, &[]);
    assert_eq!(house.open(third).standing.figures.unwrap().balance, Fen::of_yuan(221_000));
    let part = part_ask(&mut house, other);
    assert!(refused(house.ask(part)).starts_with("并入它的那份档案后来又并入了"));
    for id in [keep, other] {
        let part = part_ask(&mut house, id);
        assert!(matches!(house.ask(part), Answer::Twins(twins::Answer::Done { .. })));
    }
    let after = everything(&house.path);
    for (table, rows) in before.iter().filter(|(t, _)| *t != "customer") {
        assert_eq!(rows, &after[table], "{table}");
    }
    // The log of the one that stays takes it back as well; the number leads to it as long.
    merge(&mut house, keep, other, &[]);
    match house.ask(Ask::Customers(guitai::store::customers::Ask::Numbered { no: "6000000002".into() })) {
        Answer::Customers(guitai::store::customers::Answer::Numbered(id)) => assert_eq!(id, Some(keep)),
        other => panic!("{other:?}"),
    }
    let seq = house.open(keep).changes[0].seq;
    let (op, stamp) = (house.op(), house.stamp());
    let back = guitai::store::customers::Ask::PutBack { op, seq, field: "merged".into(), stamp };
    saved(house.ask(Ask::Customers(back)));
    assert_eq!(house.open(other).customer.no, "6000000002");
    // One of the two is gone: said in words, nothing is merged.
    merge(&mut house, keep, other, &[]);
    let (op, stamp) = (house.op(), house.stamp());
    let late = twins::Ask::Merge { op, keep, other, revs: (1, 1), take: Vec::new(), stamp };
    assert!(refused(house.ask(Ask::Twins(late))).starts_with("这两份档案里有一份已经不在"));
}

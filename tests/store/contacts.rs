//! The ledger: what a contact sets and does.

use crate::house::{House, day, refused};
use guitai::domain::contact::{Channel, Outcome};
use guitai::domain::ids::CustomerId;
use guitai::store::contacts;
use guitai::store::request::{Answer, Ask, Failure};

#[test]
fn a_contact_sets_the_next_visit_by_the_cadence_or_the_date_agreed() {
    for (outcome, next, due) in [
        (Outcome::Reached, None, "2026-12-21"),
        (Outcome::Refused, None, "2026-12-21"),
        (Outcome::Referred, None, "2026-12-21"),
        (Outcome::Reached, Some("2026-12-05"), "2026-12-05"), // a Saturday, as agreed with the customer
    ] {
        let mut house = House::on("2026-11-20");
        let id = house.customer("甲", 600_000);
        assert_eq!(house.log(id, outcome, next.map(day), None), Some(day(due)), "{outcome:?}");
        let opened = house.open(id);
        assert_eq!(opened.standing.last_contact, Some(house.today));
        assert_eq!(opened.contacts[0].outcome, outcome);
        assert_eq!(opened.changes[0].edits.iter().find(|e| e.field == "outcome").unwrap().after, outcome.code());
    }
}

#[test]
fn an_own_cadence_and_the_retry_day_of_the_settings_are_kept() {
    let mut house = House::on("2026-11-20");
    let id = house.customer("甲", 600_000);
    house.save(id, 1, &[("cadence", "", "10")]);
    assert_eq!(house.log(id, Outcome::Reached, None, None), Some(day("2026-11-30")));
    house.settings(|s| s.retry_days = 5);
    house.today = day("2026-11-30");
    assert_eq!(house.log(id, Outcome::NoAnswer, None, None), Some(day("2026-12-07")));
}

#[test]
fn a_try_before_its_time_does_not_pull_the_visit_nearer() {
    let mut house = House::on("2026-11-20");
    let id = house.customer("甲", 600_000);
    assert_eq!(house.log(id, Outcome::NoAnswer, None, None), Some(day("2026-12-21")));
    assert_eq!(house.open(id).standing.last_contact, None);
}

#[test]
fn a_contact_tried_again_is_logged_once() {
    let mut house = House::on("2026-11-20");
    let id = house.customer("甲", 600_000);
    let (op, stamp) = (house.op(), house.stamp());
    let ask = Ask::Contacts(contacts::Ask::Log {
        op,
        customer: id,
        channel: Channel::Wechat,
        outcome: Outcome::Reached,
        note: "a\u{1b}[31mb\u{202e}c".to_owned(),
        next: None,
        task: None,
        stamp,
    });
    let first = house.ask(ask.clone());
    let again = house.second().answer(&ask);
    match (first, again) {
        (
            Answer::Contacts(contacts::Answer::Logged { contact: a, .. }),
            Answer::Contacts(contacts::Answer::Logged { contact: b, .. }),
        ) => assert_eq!(a, b),
        other => panic!("{other:?}"),
    }
    let opened = house.open(id);
    assert_eq!(opened.contacts_total, 1);
    assert_eq!(opened.contacts[0].note, "abc");
}

#[test]
fn what_cannot_be_logged_is_refused_and_writes_nothing() {
    let mut house = House::on("2026-11-20");
    let (id, other) = (house.customer("甲", 600_000), house.customer("乙", 600_000));
    let log = |house: &mut House, customer, note: String, next, task: Option<String>| {
        let (op, stamp) = (house.op(), house.stamp());
        let (channel, outcome) = (Channel::Phone, Outcome::Reached);
        house.ask(Ask::Contacts(contacts::Ask::Log { op, customer, channel, outcome, note, next, task, stamp }))
    };
    refused(log(&mut house, id, String::new(), Some(day("2026-11-19")), None));
    refused(log(&mut house, id, "长".repeat(10_000), None, None));
    refused(log(&mut house, id, String::new(), None, Some("nonsense".to_owned())));
    refused(log(&mut house, id, String::new(), None, Some(format!("visit:{}:20261221", other.0))));
    let gone = log(&mut house, CustomerId(4), String::new(), None, None);
    assert!(matches!(gone, Answer::Failed(Failure::Gone)));
    assert_eq!(house.open(id).contacts_total, 0);
    // A line that a colleague did first is no reason to lose the contact.
    log(&mut house, id, String::new(), None, Some("own:5:20261120".to_owned()));
    assert_eq!(house.open(id).contacts_total, 1);
}

//! The store lets in what the table of rights allows, and nothing else: two of each post, one's own customer and the other's.

use crate::house::{House, saved};
use guitai::domain::agenda::Mark;
use guitai::domain::calendar::holidays::Holidays;
use guitai::domain::contact::{Channel, Outcome};
use guitai::domain::customer::Customer;
use guitai::domain::entitlement::{Entitlement, Verdict};
use guitai::domain::family::Part;
use guitai::domain::field::Edit;
use guitai::domain::ids::{CustomerId, OpId, StaffId};
use guitai::domain::rights::{Action, Reach, reach};
use guitai::domain::staff::{Role, Staff};
use guitai::domain::tier::{Basis, Tier};
use guitai::domain::values::money::Fen;
use guitai::store::request::{Answer, Ask, Failure, Stamp};
use guitai::store::veil::Seat;
use guitai::store::{agenda, board, contacts, customers, dealings, keepers, twins, workbench};

/// Two of each post with a customer each, and one that nobody keeps.
struct Branch {
    house: House,
    people: Vec<(Role, [StaffId; 2], [CustomerId; 2])>,
    nobodys: CustomerId,
    spare: CustomerId,
}

fn branch() -> Branch {
    let mut house = House::on("2026-11-21");
    let mut people = Vec::new();
    // Who may add the others comes first.
    let mut roles = Role::ALL;
    roles.reverse();
    for role in roles {
        let ids = [1, 2].map(|n| {
            house.add_staff(Staff::new(format!("{}{n}", role.code()), format!("{}{n}", role.label().zh), role))
        });
        people.push((role, ids, [CustomerId(0); 2]));
    }
    for (role, ids, kept) in &mut people {
        for n in [0, 1] {
            let name = format!("{}的客户{n}", role.label().zh);
            kept[n] = customer(&mut house, name, Some(ids[n]));
        }
    }
    let nobodys = customer(&mut house, "无人维护".into(), None);
    let spare = customer(&mut house, "无人维护二".into(), None);
    Branch { house, people, nobodys, spare }
}

fn customer(house: &mut House, name: String, owner: Option<StaffId>) -> CustomerId {
    let id = house.create(Customer { name, owner, ..Customer::default() });
    house.figures(id, house.today, 600_000);
    id
}

/// A write of this action about this customer; none where the action is no write of the store's.
fn write(b: &mut Branch, action: Action, id: CustomerId, to: StaffId, by: StaffId) -> Option<Ask> {
    let op: OpId = b.house.op();
    let stamp = Stamp { by, ..b.house.stamp() };
    let (seen, reason, spare) = (i64::MAX, "试".to_owned(), b.spare);
    let mut settings = b.house.workbench().settings;
    Some(match action {
        Action::Contact => Ask::Contacts(contacts::Ask::Log {
            op,
            customer: id,
            channel: Channel::Phone,
            outcome: Outcome::Reached,
            note: String::new(),
            next: None,
            task: None,
            stamp,
        }),
        Action::Create => {
            let customer = Box::new(Customer { name: format!("新客户{}", op.0), ..Customer::default() });
            Ask::Customers(customers::Ask::Create { op, customer, stamp })
        }
        Action::Edit => {
            let rev = b.house.open(id).customer.rev;
            let before = b.house.open(id).customer.address;
            let edits = vec![Edit { field: "address".into(), before, after: format!("玉溪镇{}号", op.0) }];
            Ask::Customers(customers::Ask::Save { op, id, base_rev: rev, edits, reason, stamp })
        }
        Action::Line => {
            let key = format!("visit:{}:20261121", id.0);
            Ask::Agenda(agenda::Ask::Mark { op, key, customer: Some(id), mark: Mark::Done, seen, reason, stamp })
        }
        Action::Reveal => {
            Ask::Access(guitai::store::access::Ask::Reveal { op, customer: id, field: "phone".into(), reason, stamp })
        }
        Action::Propose => Ask::Keepers(keepers::Ask::Propose { op, customer: id, to, seen, reason, stamp }),
        Action::Assign => Ask::Customers(customers::Ask::Keeper {
            op,
            ids: vec![id],
            owner: b.house.open(id).customer.owner,
            seen,
            reason,
            stamp,
        }),
        Action::Hold => {
            let until = b.house.today + chrono::Days::new(30);
            Ask::Customers(customers::Ask::Hold { op, id, tier: Some((Tier::Big, until)), seen, reason, stamp })
        }
        Action::Entitle => {
            // What another one proposed.
            let heads = b.people.iter().find(|(r, ..)| *r == Role::BranchManager).unwrap().1;
            let head = Stamp { by: if heads[0] == by { heads[1] } else { heads[0] }, ..b.house.stamp() };
            let e = Entitlement {
                text: "利率减20基点".into(),
                until: Some(b.house.today + chrono::Days::new(30)),
                reason: reason.clone(),
                ..Entitlement::new(b.house.today)
            };
            let asked = |op, row, e, stamp| {
                Ask::Customers(customers::Ask::Part { op, customer: id, row, part: Some(Part::Entitlement(e)), stamp })
            };
            let first = b.house.op();
            let proposed = saved(b.house.ask(asked(first, None, e.clone(), head))).parts.pop().unwrap();
            asked(op, Some(Box::new(proposed)), e.with(Verdict::Approved, &reason), stamp)
        }
        Action::Merge => Ask::Twins(twins::Ask::Apart { op, a: id, b: spare, reason: Some(reason), stamp }),
        Action::Rules => {
            settings.basis = if settings.basis == Basis::default() {
                [Basis::MonthlyAverage, Basis::Balance].into_iter().find(|b| *b != Basis::default()).unwrap()
            } else {
                Basis::default()
            };
            Ask::Workbench(workbench::Ask::KeepSettings { settings: Box::new(settings), stamp })
        }
        Action::Settings => {
            settings.collect_daily += 1;
            Ask::Workbench(workbench::Ask::KeepSettings { settings: Box::new(settings), stamp })
        }
        Action::Holidays => {
            Ask::Workbench(workbench::Ask::KeepHolidays { holidays: Box::new(Holidays::shipped()), stamp })
        }
        Action::Staff => {
            let staff = Box::new(Staff::new(format!("n{}", op.0), "新人", Role::HighCounter));
            Ask::Workbench(workbench::Ask::AddStaff { staff, stamp })
        }
        _ => return None,
    })
}

/// The words of a refusal for lack of a right; other refusals are no matter of rights.
fn barred(answer: &Answer) -> Option<&str> {
    match answer {
        Answer::Failed(Failure::Refused(c)) if c.zh.contains("」只有") => Some(&c.zh),
        _ => None,
    }
}

#[test]
fn the_store_lets_in_what_the_table_allows_and_says_who_may_the_rest() {
    let mut b = branch();
    let mut tried = 0;
    for (role, [me, other], [mine, theirs]) in b.people.clone() {
        for &action in Action::ALL {
            let own = reach(role, action).is_some();
            let all = reach(role, action) == Some(Reach::Branch);
            let whole =
                matches!(action, Action::Create | Action::Rules | Action::Settings | Action::Holidays | Action::Staff);
            let nobodys = b.nobodys;
            // Account managers collect the archives of 20万 and more that none of them keeps.
            for (id, may) in [(mine, own), (theirs, all), (nobodys, own)] {
                let may = if whole { all } else { may };
                let Some(mut ask) = write(&mut b, action, id, other, me) else { continue };
                if let (Action::Rules, Ask::Workbench(workbench::Ask::KeepSettings { stamp, .. })) = (action, &mut ask)
                {
                    let (_, [second, _], _) = b
                        .people
                        .iter()
                        .find(|(r, ids, _)| *r == Role::Compliance && ids[0] != me)
                        .or(b.people.iter().find(|(r, ..)| *r == Role::BranchManager))
                        .unwrap();
                    stamp.second = Some(*second);
                }
                let answer = b.house.ask(ask);
                let barred = barred(&answer);
                assert_eq!(barred.is_none(), may, "{role:?} {action:?} {answer:?}");
                if let Some(words) = barred {
                    assert!(words.contains("可请"), "{words}");
                }
                tried += 1;
            }
        }
    }
    assert!(tried > 200, "{tried}");
}

#[test]
fn a_supervisor_reaches_the_team_and_no_further() {
    let mut b = branch();
    let lead = b.people.iter().find(|(r, ..)| *r == Role::AmSupervisor).unwrap().1[0];
    let member =
        b.house.add_staff(Staff { leader: Some(lead), ..Staff::new("tuanyuan", "团员", Role::AccountManager) });
    let theirs = customer(&mut b.house, "团员的客户".into(), Some(member));
    let ask = write(&mut b, Action::Edit, theirs, member, lead).unwrap();
    let answer = b.house.ask(ask);
    assert!(matches!(answer, Answer::Customers(customers::Answer::Saved { .. })), "{answer:?}");
}

#[test]
fn who_takes_a_customer_over_may_work_on_the_archive_before_they_accept() {
    let mut b = branch();
    let (_, [a, c], [kept, _]) = *b.people.iter().find(|(r, ..)| *r == Role::AccountManager).unwrap();
    let ask = write(&mut b, Action::Edit, kept, a, c).unwrap();
    assert!(barred(&b.house.ask(ask)).is_some());
    let ask = write(&mut b, Action::Propose, kept, c, a).unwrap();
    assert!(matches!(b.house.ask(ask), Answer::Keepers(_)));
    let ask = write(&mut b, Action::Edit, kept, a, c).unwrap();
    assert!(barred(&b.house.ask(ask)).is_none());
}

#[test]
fn tier_rules_take_a_second_word_and_the_log_has_it() {
    let mut b = branch();
    let head = b.people.iter().find(|(r, ..)| *r == Role::BranchManager).unwrap().1;
    let nobody = b.nobodys;
    let ask = write(&mut b, Action::Rules, nobody, head[1], head[0]).unwrap();
    assert!(matches!(b.house.ask(ask), Answer::Failed(Failure::Refused(c)) if c.zh.contains("要第二个人授权")));
    let mut ask = write(&mut b, Action::Rules, nobody, head[1], head[0]).unwrap();
    if let Ask::Workbench(workbench::Ask::KeepSettings { stamp, .. }) = &mut ask {
        stamp.second = Some(head[1]);
    }
    assert!(matches!(b.house.ask(ask), Answer::Workbench(workbench::Answer::Kept)));
    let news = b.house.ask(Ask::Workbench(workbench::Ask::News { since: 0 }));
    let Answer::Workbench(workbench::Answer::News { changes, .. }) = news else { panic!("{news:?}") };
    let last = changes.iter().rfind(|c| c.edits.iter().any(|e| e.field.starts_with("settings."))).unwrap();
    assert_eq!(last.after("second"), Some(head[1].0.to_string().as_str()));
}

/// As somebody who sits there gets it.
fn asked(b: &mut Branch, by: StaffId, ask: Ask) -> Answer {
    let today = b.house.today;
    b.house.file.seat(Some(Seat { by, today }));
    let answer = b.house.ask(ask);
    b.house.file.seat(None);
    answer
}

#[test]
fn the_store_gives_an_archive_whole_to_who_may_open_it_and_a_greeting_to_everybody_else() {
    let mut b = branch();
    let today = b.house.today;
    let (mut whole, mut greeted) = (0, 0);
    for (role, ids, kept) in b.people.clone() {
        for (n, may) in [(0, true), (1, reach(role, Action::Open) == Some(Reach::Branch))] {
            let ask = Ask::Customers(customers::Ask::Open { id: kept[n], today });
            let Answer::Customers(customers::Answer::Opened(opened)) = asked(&mut b, ids[0], ask) else { panic!() };
            // The collector of a tier opens what another post keeps.
            assert_eq!(opened.customer.name, format!("{}的客户{n}", role.label().zh));
            assert_eq!(opened.standing.figures.is_some() && !opened.figures.is_empty(), may, "{role:?} {n}");
            assert_eq!(opened.standing.tier, Some(Tier::Vip));
            for refused in [
                Ask::Dealings(dealings::Ask::Books { customer: kept[n], today }),
                Ask::Customers(customers::Ask::Tier { id: kept[n], today }),
                Ask::Twins(twins::Ask::Pair { keep: kept[n], other: b.nobodys }),
            ] {
                let answer = asked(&mut b, ids[0], refused.clone());
                assert_eq!(
                    !matches!(answer, Answer::Failed(Failure::Refused(_))),
                    may,
                    "{role:?} {n} {refused:?}: {answer:?}"
                );
            }
            whole += usize::from(may);
            greeted += usize::from(!may);
        }
        // Nobody named, nothing cut: the rounds that no person asks for.
        assert!(b.house.open(kept[1]).standing.figures.is_some());
    }
    assert_eq!((whole, greeted), (11, 5));
}

#[test]
fn sums_lists_and_trials_tell_no_assets_but_of_those_one_reaches() {
    let mut b = branch();
    let (today, as_of) = (b.house.today, b.house.today);
    let (_, ams, kept) = b.people.iter().find(|(role, ..)| *role == Role::AccountManager).cloned().unwrap();
    let (_, heads, _) = b.people.iter().find(|(role, ..)| *role == Role::BranchManager).cloned().unwrap();
    let mut settings = b.house.workbench().settings;
    let mut lines = settings.lines_on(Some(as_of)).clone();
    lines.0[3] = Fen::of_yuan(650_000);
    settings.put_lines(Some(as_of), lines);
    for (by, all) in [(ams[0], false), (heads[0], true)] {
        let Answer::Board(board::Answer::Board(sums)) = asked(&mut b, by, Ask::Board(board::Ask::Load)) else {
            panic!()
        };
        assert_eq!(sums.tiers.iter().map(|t| t.count).sum::<u64>(), 18);
        assert!(sums.tiers.iter().all(|t| t.aum.is_some() == all));
        let ask = Ask::Board(board::Ask::WhatIf { settings: Box::new(settings.clone()), today });
        let Answer::Board(board::Answer::WhatIf(found)) = asked(&mut b, by, ask) else { panic!() };
        let flow = &found.flows[0];
        let named = |id: CustomerId| flow.top.iter().any(|m| m.id == id);
        assert_eq!((flow.count, flow.aum.is_some()), (18, all));
        assert_eq!((named(kept[0]), named(kept[1])), (true, all));
        let Answer::Keepers(keepers::Answer::Orphans { list, .. }) =
            asked(&mut b, by, Ask::Keepers(keepers::Ask::Orphans { today }))
        else {
            panic!()
        };
        assert!(list.len() > 10);
        let aum = |id: CustomerId| list.iter().find(|o| o.who.id == id).map(|o| o.who.aum.is_some());
        assert_eq!((aum(kept[0]), aum(kept[1]), aum(b.nobodys)), (Some(true), Some(all), Some(true)));
    }
}

//! Proposing another keeper: when a customer's tier moved to one that the keeper's post does not keep (转介/移交), or by a person. The
//! answer to it is in `reply`.

use super::loads;
use super::open::{self, HandOver};
use crate::domain::ids::{CustomerId, StaffId};
use crate::domain::keepers::{ANSWER_DAYS, Loads, Wants};
use crate::domain::tier::Tier;
use crate::store::cell;
use crate::store::request::Failure;
use crate::store::write::Write;
use rusqlite::{OptionalExtension, params};

/// A customer's tier moved by batch `n` (0: by hand or by the day): where the keeper's post does not keep the new tier, a hand-over to
/// the one the rules propose is opened; one that is under way and no longer fits is taken back. Who has no keeper, or one who left, is
/// on the list of orphans, and so is who comes by their first tier with a keeper of another post: that is no move. Says whether one was
/// opened.
///
/// # Errors
/// What the file says.
pub fn propose(
    w: &mut Write<'_>,
    customer: CustomerId,
    from: Option<Tier>,
    to: Option<Tier>,
    n: i64,
) -> Result<bool, Failure> {
    let Some((owner, wants)) = misplaced(w, customer, to)? else { return Ok(false) };
    let (Some(_), Some(tier)) = (from, to) else { return Ok(false) };
    let found = if n > 0 { loads::of_batch(w.conn, n, tier)? } else { loads::count(w.conn)? };
    let Some(to_id) = by_rules(w, owner, &wants, &found) else { return Ok(false) };
    if n > 0 {
        loads::add(w.conn, n, to_id, tier)?;
    }
    insert(w, customer, owner, to_id, &why(from, tier), Some(tier), n)?;
    Ok(true)
}

/// As [`propose`] without a batch, for many: loads are counted once. Gives the hand-over that was opened.
///
/// # Errors
/// What the file says.
pub fn propose_one(w: &mut Write<'_>, customer: CustomerId, loads: &mut Loads) -> Result<Option<HandOver>, Failure> {
    let rank: i64 = w
        .conn
        .prepare_cached("SELECT tier FROM customer WHERE id = ?")?
        .query_row([customer.0], |r| r.get(0))
        .optional()?
        .ok_or(Failure::Gone)?;
    let Some(tier) = Tier::of_rank(rank) else { return Ok(None) };
    let Some((owner, wants)) = misplaced(w, customer, Some(tier))? else { return Ok(None) };
    let Some(to) = by_rules(w, owner, &wants, loads) else { return Ok(None) };
    *loads.entry((to, tier)).or_default() += 1;
    let row = insert(w, customer, owner, to, &why(None, tier), Some(tier), 0)?;
    open::of(w.conn, row).map(Some)
}

/// The keeper of a customer whose post does not keep this tier, with what the rules look at; a hand-over under way that fits is left
/// alone, one that does not is ended.
fn misplaced(w: &Write<'_>, customer: CustomerId, to: Option<Tier>) -> Result<Option<(StaffId, Wants)>, Failure> {
    let (owner, assistant, area): (Option<i64>, Option<i64>, String) = w
        .conn
        .prepare_cached("SELECT owner, assistant, area FROM customer WHERE id = ?")?
        .query_row([customer.0], |r| Ok((r.get(0)?, r.get(1)?, r.get(2)?)))
        .optional()?
        .ok_or(Failure::Gone)?;
    let rules = &w.branch.settings.keepers;
    let role = |id: StaffId| w.branch.person(id).filter(|s| s.active).map(|s| s.role);
    let Some((owner, post)) = owner.map(StaffId).and_then(|o| Some((o, role(o)?))) else { return Ok(None) };
    let keeps = |tier: Option<Tier>| tier.is_none_or(|t| rules.keeps(post, t, &area));
    let under_way = open::of_customer(w.conn, customer)?;
    if keeps(to) {
        // It was the tier that sent them away, and they are back where they were.
        if let Some(h) = under_way.filter(|h| !keeps(h.transfer.tier)) {
            off(w, &h)?;
        }
        return Ok(None);
    }
    if let Some(h) = under_way {
        let fits = to.is_none_or(|t| role(h.transfer.to).is_some_and(|r| rules.keeps(r, t, &area)));
        if fits || h.transfer.tier == to {
            return Ok(None);
        }
        off(w, &h)?;
    }
    Ok(Some((owner, Wants { tier: to, area, assistant: assistant.map(StaffId) })))
}

/// The tier moved on before a hand-over was answered.
fn off(w: &Write<'_>, h: &HandOver) -> Result<(), Failure> {
    match h.waits() {
        true => open::end(w, h.transfer.row, "withdrawn", "级别又有变动"),
        false => open::close(w, h.transfer.row),
    }
}

fn by_rules(w: &Write<'_>, owner: StaffId, wants: &Wants, loads: &Loads) -> Option<StaffId> {
    let found = crate::domain::keepers::propose(&w.branch.settings.keepers, &w.branch.staff, loads, wants);
    found.map(|(to, _)| to).filter(|to| *to != owner)
}

fn why(from: Option<Tier>, to: Tier) -> String {
    let now = to.label().zh;
    match from {
        Some(from) if from < to => format!("由{}升为{now}", from.label().zh),
        Some(from) if from > to => format!("由{}降为{now}", from.label().zh),
        _ => format!("现为{now}"),
    }
}

/// Opens a hand-over, due in two working days.
///
/// # Errors
/// What the file says.
pub fn insert(
    w: &mut Write<'_>,
    customer: CustomerId,
    from: StaffId,
    to: StaffId,
    reason: &str,
    tier: Option<Tier>,
    n: i64,
) -> Result<i64, Failure> {
    let (id, today) = (w.id(), w.stamp.today);
    let due = w.branch.holidays.working_days_after(today, ANSWER_DAYS);
    w.conn
        .prepare_cached(
            "INSERT INTO hand_over (id, customer, from_id, to_id, reason, day, due, at, kind, tier, since)
             VALUES (?, ?, ?, ?, ?, ?, ?, ?, 'keeper', ?, ?)",
        )?
        .execute(params![
            id,
            customer.0,
            from.0,
            to.0,
            reason,
            cell::day(today),
            cell::day(due),
            cell::time(w.stamp.at),
            tier.map(|t| i64::try_from(t.rank()).unwrap_or_default()),
            n
        ])?;
    Ok(id)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::customer::Customer;
    use crate::domain::staff::{Role, Staff};
    use crate::store::answer::begin;
    use crate::store::open::{File, Station};
    use crate::store::stamp::Stamp;
    use crate::store::table;
    use chrono::NaiveDate;

    fn stamp() -> Stamp {
        let today = NaiveDate::from_ymd_opt(2026, 11, 20).unwrap();
        Stamp::new(StaffId(0), today.and_hms_opt(9, 0, 0).unwrap(), today)
    }

    /// A branch of two account managers and a teller who keeps all these customers.
    fn with_customers(n: i64, work: impl FnOnce(&mut Write<'_>, &[CustomerId], [StaffId; 3])) {
        let folder = tempfile::tempdir().unwrap();
        let first = Staff::new("a", "甲", Role::AccountManager);
        let station = Station::new("PC-1", 1);
        let mut file = File::create(&folder.path().join("branch.db"), "支行", &first, &stamp(), &station).unwrap();
        for (code, role) in [("b", Role::AccountManager), ("teller", Role::LowCounter)] {
            let staff = Box::new(Staff::new(code, code, role));
            let ask = crate::store::workbench::Ask::AddStaff { staff, stamp: stamp() };
            file.answer(&crate::store::request::Ask::Workbench(ask));
        }
        let stamp = stamp();
        let (tx, branch, station, ids) = begin(&mut file).unwrap();
        let id = |code: &str| branch.staff.iter().find(|s| s.code == code).unwrap().id;
        let people = [id("a"), id("b"), id("teller")];
        let mut w = Write { conn: &tx, branch: &branch, station, ids, stamp: &stamp, batch: None };
        let customers: Vec<CustomerId> = (0..n)
            .map(|n| {
                let id = CustomerId(w.id());
                let c = Customer { id, rev: 1, no: n.to_string(), owner: Some(people[2]), ..Customer::default() };
                table::insert(w.conn, &[table::New::of(w.branch, c.id, &c, w.stamp).unwrap()], w.stamp, None).unwrap();
                id
            })
            .collect();
        work(&mut w, &customers, people);
    }

    fn to(w: &Write<'_>, id: CustomerId) -> Option<StaffId> {
        open::of_customer(w.conn, id).unwrap().map(|h| h.transfer.to)
    }

    #[test]
    fn a_batch_spreads_its_hand_overs_and_names_itself_in_them() {
        with_customers(7, |w, ids, [a, b, _]| {
            let (ordinary, potential) = (Some(Tier::Ordinary), Some(Tier::Potential));
            for id in &ids[..4] {
                assert!(propose(w, *id, ordinary, potential, 5).unwrap());
            }
            let mut got: Vec<_> = ids[..4].iter().filter_map(|id| to(w, *id)).collect();
            got.sort();
            assert_eq!(got, [a, a, b, b]);
            // The next batch counts those on their way, and what came between.
            open::end(w, open::of_customer(w.conn, ids[0]).unwrap().unwrap().transfer.row, "withdrawn", "").unwrap();
            let freed = got_rid(w, &ids[..4], a, b);
            assert!(propose(w, ids[4], ordinary, potential, 6).unwrap());
            assert_eq!(to(w, ids[4]), Some(freed));
            let of = |n: i64| -> i64 {
                w.conn.query_row("SELECT count(*) FROM hand_over WHERE since = ?", [n], |r| r.get(0)).unwrap()
            };
            assert_eq!((of(5), of(6)), (4, 1));
        });
    }

    /// Who has one fewer on the way.
    fn got_rid(w: &Write<'_>, ids: &[CustomerId], a: StaffId, b: StaffId) -> StaffId {
        let has = |who| ids.iter().filter(|id| to(w, **id) == Some(who)).count();
        if has(a) < has(b) { a } else { b }
    }

    #[test]
    fn a_first_tier_is_no_move_and_a_tier_nobody_must_keep_sends_nobody_away() {
        with_customers(1, |w, ids, _| {
            assert!(!propose(w, ids[0], None, Some(Tier::Potential), 5).unwrap());
            assert!(!propose(w, ids[0], Some(Tier::Ordinary), Some(Tier::Untiered), 5).unwrap());
            assert!(!propose(w, ids[0], Some(Tier::Potential), None, 5).unwrap());
            assert!(!propose(w, ids[0], Some(Tier::Potential), Some(Tier::Ordinary), 5).unwrap());
            // Up, and down again before it is answered.
            assert!(propose(w, ids[0], Some(Tier::Ordinary), Some(Tier::Potential), 5).unwrap());
            assert!(!propose(w, ids[0], Some(Tier::Ordinary), Some(Tier::Potential), 5).unwrap());
            assert!(!propose(w, ids[0], Some(Tier::Potential), Some(Tier::Ordinary), 6).unwrap());
            assert_eq!(to(w, ids[0]), None);
            // Nobody here keeps big customers: the list of orphans has them.
            assert!(!propose(w, ids[0], Some(Tier::Ordinary), Some(Tier::Big), 7).unwrap());
        });
    }
}

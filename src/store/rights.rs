//! Rights at the door of a write: whether the one who writes may, by `domain::rights`, with the customer as they stand in the same
//! transaction. A save of one's own customers costs no read that the save would not make itself.

use super::branch::Branch;
use super::request::{Ask, Failure, Stamp};
use super::write::Write;
use super::{access, agenda, change, contacts, customers, keepers, subject, twins, workbench};
use crate::domain::agenda::Source;
use crate::domain::agenda::key::Key;
use crate::domain::ids::{CustomerId, StaffId};
use crate::domain::rights::{About, Action, Eyes, Reach};
use crate::domain::settings::Settings;
use crate::domain::staff::Staff;
use crate::domain::tier::Tier;
use rusqlite::{Connection, OptionalExtension, params};

/// The field that says who keeps a customer.
const OWNER: &str = "owner";

/// What a write does, and to whom.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wanted {
    /// What.
    pub action: Action,
    /// To whom; nobody in particular is the branch.
    pub to: Vec<CustomerId>,
    /// The branch is meant, not a customer.
    pub branch: bool,
}

/// Lets somebody do what is done to the branch as a whole, or says who may.
///
/// # Errors
/// They may not.
pub fn branch(branch: &Branch, stamp: &Stamp, action: Action) -> Result<(), Failure> {
    whose(branch, stamp).allow(action, None).map_err(Failure::Refused)
}

/// The same where somebody who works here cannot sign in yet: a right that only they would have is no less everybody's for that, or the
/// first branch manager of a file could be given a password by nobody.
///
/// # Errors
/// They may not.
pub fn before(branch: &Branch, joins: StaffId, stamp: &Stamp, action: Action) -> Result<(), Failure> {
    let staff: Vec<Staff> = branch.staff.iter().filter(|s| s.id != joins).cloned().collect();
    Eyes { staff: &staff, ..whose(branch, stamp) }.allow(action, None).map_err(Failure::Refused)
}

/// Lets something be done that takes two people, or says whose word is missing.
///
/// # Errors
/// The word is missing, or of somebody who may not give it.
pub fn second(branch: &Branch, stamp: &Stamp, action: Action) -> Result<(), Failure> {
    whose(branch, stamp).second(action, stamp.second).map_err(Failure::Refused)
}

/// Those who may do something to the branch as a whole.
pub fn able<'a>(branch: &'a Branch, stamp: &Stamp, action: Action) -> Vec<&'a Staff> {
    whose(branch, stamp).able(action)
}

fn whose<'a>(branch: &'a Branch, stamp: &Stamp) -> Eyes<'a> {
    Eyes { staff: &branch.staff, delegates: &branch.delegates, by: stamp.by, today: stamp.today }
}

/// The branch as the one who writes sees it.
pub fn eyes<'a>(w: &'a Write<'_>) -> Eyes<'a> {
    whose(w.branch, w.stamp)
}

/// What a write needs a right for; nothing where the book itself says whose it is.
pub fn wanted(w: &Write<'_>, ask: &Ask) -> Result<Option<Wanted>, Failure> {
    use {
        agenda::Ask as A, contacts::Ask as T, customers::Ask as C, keepers::Ask as K, subject::Ask as S,
        twins::Ask as D, workbench::Ask as W,
    };
    let of = |action, to: Vec<CustomerId>| Some(Wanted { action, to, branch: false });
    let whole = |action| Some(Wanted { action, to: Vec::new(), branch: true });
    Ok(match ask {
        Ask::Workbench(W::KeepPrefs { staff, stamp, .. }) if *staff != stamp.by => whole(Action::Staff),
        Ask::Workbench(W::KeepSettings { settings, .. }) if tier_rules(&w.branch.settings, settings) => {
            whole(Action::Rules)
        }
        Ask::Workbench(W::KeepSettings { .. } | W::KeepTargets { .. } | W::KeepIntroducer { .. }) => {
            whole(Action::Settings)
        }
        Ask::Workbench(W::AddStaff { .. }) => whole(Action::Staff),
        Ask::Workbench(W::KeepHolidays { .. }) => whole(Action::Holidays),
        // Whose customer it is to be is no field like the others.
        Ask::Customers(C::Save { id, edits, .. }) => {
            let owner = edits.iter().any(|e| e.field == OWNER);
            of(if owner { Action::Assign } else { Action::Edit }, vec![*id])
        }
        Ask::Customers(C::Part { customer, part, .. }) => {
            of(customers::entitle::action(part.as_ref()), vec![*customer])
        }
        Ask::Customers(C::PutBack { seq, field, .. }) => {
            let action = if field == OWNER { Action::Assign } else { Action::Edit };
            of(action, change::one(w.conn, *seq)?.customer.into_iter().collect())
        }
        Ask::Customers(C::Create { .. }) => whole(Action::Create),
        Ask::Customers(C::Keeper { ids, .. }) => of(Action::Assign, ids.clone()),
        Ask::Customers(C::Hold { id, .. }) => of(Action::Hold, vec![*id]),
        Ask::Access(access::Ask::Reveal { customer, .. }) => of(Action::Reveal, vec![*customer]),
        Ask::Contacts(T::Log { customer, .. }) => of(Action::Contact, vec![*customer]),
        Ask::Agenda(A::Mark { customer: Some(id), .. }) => of(Action::Line, vec![*id]),
        Ask::Agenda(A::HandOver { customer, .. }) => of(Action::Contact, vec![*customer]),
        Ask::Agenda(A::Keep { task, .. }) => task.customer.and_then(|id| of(Action::Contact, vec![id])),
        Ask::Keepers(K::Propose { customer, .. }) => of(Action::Propose, vec![*customer]),
        Ask::Keepers(K::ProposeByRules { ids, .. }) => of(Action::Propose, ids.clone()),
        Ask::Keepers(K::Leave { .. }) => whole(Action::Staff),
        Ask::Keepers(K::Assign { given, .. }) => of(Action::Assign, given.iter().map(|g| g.customer).collect()),
        Ask::Twins(D::Merge { keep, other, .. }) => of(Action::Merge, vec![*keep, *other]),
        Ask::Twins(D::Apart { a, b, .. }) => of(Action::Merge, vec![*a, *b]),
        Ask::Twins(D::Part { other, .. }) => {
            let mut into = w.conn.prepare_cached("SELECT customer FROM merged WHERE id = ?")?;
            of(Action::Merge, into.query_row([other.0], |r| r.get(0).map(CustomerId)).optional()?.into_iter().collect())
        }
        Ask::Subject(S::Told { bare: true, .. }) => whole(Action::Unmask),
        Ask::Subject(S::Told { customer, .. }) => of(Action::Print, vec![*customer]),
        Ask::Subject(S::Erase { .. }) => whole(Action::Erase),
        // The rest is one's own, or the book asks whose it is.
        _ => None,
    })
}

/// Whether the lines between the tiers, or how they are applied, differ.
pub fn tier_rules(was: &Settings, now: &Settings) -> bool {
    was.rules() != now.rules() || was.protect_months != now.protect_months
}

/// Lets a write in, or says who may.
///
/// # Errors
/// They may not, a second person's word is missing, or what the file says.
pub(super) fn allow(w: &Write<'_>, ask: &Ask) -> Result<(), Failure> {
    let refused = match (dismissed(w, ask), wanted(w, ask)?) {
        (Some(refused), _) => Some(refused),
        (None, Some(wanted)) => refusal(w, ask, &wanted)?,
        (None, None) => None,
    };
    let Some(refused) = refused else { return Ok(()) };
    // Done already, before somebody's rights changed: said again, not done again.
    match ask.op() {
        Some(op) if w.done(op)?.is_some() => Ok(()),
        _ => Err(refused),
    }
}

/// Whoever was taken off the staff while signed in changes nothing any more. What they looked at until then is written down all the same.
fn dismissed(w: &Write<'_>, ask: &Ask) -> Option<Failure> {
    let who = w.branch.person(w.stamp.by).filter(|s| !s.active)?;
    let name = &who.name;
    (!matches!(ask, Ask::Access(access::Ask::Note { .. }))).then(|| {
        Failure::refused(
            format!("{name}已离岗，不能再保存，这一笔没有写入。填的内容还在，请由在岗的同事登录后办理。"),
            format!("{name} has left the branch and saves nothing any more; this was not written. What was typed is still there; a colleague who works here may sign in and do it."),
        )
    })
}

fn refusal(w: &Write<'_>, ask: &Ask, wanted: &Wanted) -> Result<Option<Failure>, Failure> {
    let eyes = eyes(w);
    let action = wanted.action;
    if wanted.branch {
        let second = if action.takes_two() { eyes.second(action, w.stamp.second) } else { Ok(()) };
        return Ok(eyes.allow(action, None).and(second).err().map(Failure::Refused));
    }
    if eyes.may_all(action) {
        return Ok(None);
    }
    for id in &wanted.to {
        let Some(mut about) = keeper(w.conn, *id)? else { continue };
        if eyes.may(action, &about) || alert(&eyes, ask) {
            continue;
        }
        about.hands = hands(w.conn, *id, w.stamp.by)?;
        if let Err(complaint) = eyes.allow(action, Some(&about)) {
            return Ok(Some(Failure::Refused(complaint)));
        }
    }
    Ok(None)
}

/// The second word on an alert is anybody's who leads; the queue itself asks who.
fn alert(eyes: &Eyes<'_>, ask: &Ask) -> bool {
    let Ask::Agenda(agenda::Ask::Mark { key, .. }) = ask else { return false };
    Key::parse(key).is_some_and(|k| k.source == Source::Alert) && eyes.reach(Action::Line) >= Some(Reach::Team)
}

/// Who keeps a customer and who helps; nobody of a customer that is not there.
///
/// # Errors
/// What the file says.
pub fn keeper(conn: &Connection, id: CustomerId) -> Result<Option<About>, Failure> {
    let read = |r: &rusqlite::Row<'_>| {
        Ok(About {
            owner: r.get::<_, Option<i64>>(0)?.map(StaffId),
            assistant: r.get::<_, Option<i64>>(1)?.map(StaffId),
            tier: Tier::of_rank(r.get(2)?),
            hands: r.get::<_, Option<i64>>(3)?.map(StaffId).into_iter().collect(),
        })
    };
    let mut statement = conn.prepare_cached("SELECT owner, assistant, tier, visitor FROM customer WHERE id = ?")?;
    Ok(statement.query_row([id.0], read).optional()?)
}

/// In whose hands something of a customer lies: those of an open hand-over, the one it was handed on to, the one who has a task about them.
fn hands(conn: &Connection, id: CustomerId, by: StaffId) -> Result<Vec<StaffId>, Failure> {
    let mut statement = conn.prepare_cached(
        "SELECT from_id FROM hand_over WHERE customer = ?1 AND open = 1
         UNION SELECT to_id FROM hand_over WHERE customer = ?1 AND open = 1
         UNION SELECT handed_to FROM mark WHERE handed_to = ?2 AND state = 'open' AND customer = ?1
         UNION SELECT owner FROM task WHERE owner = ?2 AND open = 1 AND customer = ?1
         UNION SELECT visitor FROM customer WHERE id = ?1 AND visitor IS NOT NULL",
    )?;
    let found = statement.query_map(params![id.0, by.0], |r| r.get(0).map(StaffId))?;
    Ok(found.collect::<rusqlite::Result<_>>()?)
}

/// Where a customer stands for the one who looks, with every hand a matter of theirs lies in.
///
/// # Errors
/// What the file says.
pub fn about(conn: &Connection, id: CustomerId, by: StaffId) -> Result<Option<About>, Failure> {
    let Some(mut about) = keeper(conn, id)? else { return Ok(None) };
    about.hands = hands(conn, id, by)?;
    Ok(Some(about))
}

//! Answering the writes of keepers; an operation that was done is not done again.

use super::{Answer, Ask, delegates, leave, plan, reply};
use crate::store::request::Failure;
use crate::store::table;
use crate::store::write::Write;

/// Answers a write.
///
/// # Errors
/// Why it was refused, or what the file says.
pub fn answer(w: &mut Write<'_>, ask: &Ask) -> Result<Answer, Failure> {
    let Some((op, _)) = ask.write() else { return Err(Failure::ReadOnly) };
    let (mut left, mut taken) = (Vec::new(), None);
    if w.done(op)?.is_none() {
        match ask {
            Ask::Propose { customer, to, seen, reason, .. } => {
                taken = reply::propose(w, op, *customer, *to, *seen, reason)?;
            }
            Ask::ProposeByRules { ids, .. } => taken = reply::propose_by_rules(w, op, ids)?,
            Ask::Reply { row, accept, reason, .. } => taken = reply::reply(w, op, *row, *accept, reason)?,
            Ask::Withdraw { row, reason, .. } => taken = reply::withdraw(w, op, *row, reason)?,
            Ask::Assign { given, reason, .. } => left = plan::assign(w, op, given, reason)?,
            Ask::PutBack { seq, .. } => left = plan::put_back(w, op, *seq)?,
            Ask::Delegate { staff, to, from, until, reason, .. } => {
                delegates::begin(w, op, *staff, *to, (*from, *until), reason)?;
            }
            Ask::EndDelegate { row, .. } => delegates::end(w, op, *row)?,
            Ask::Leave { staff, to, reason, .. } => leave::leave(w, op, *staff, *to, reason)?,
            Ask::Orphans { .. } | Ask::Plan { .. } | Ask::PlanAll { .. } | Ask::LeavePlan { .. } => {}
        }
    }
    if let Some(change) = taken {
        return Ok(Answer::Taken { change });
    }
    let seq = w.seq_of(op)?;
    match ask {
        // Nobody was given: the newest change of all is none of theirs.
        Ask::Assign { .. } | Ask::PutBack { .. } if w.done(op)?.is_none() => plan::done(w, 0, left),
        Ask::Assign { .. } | Ask::PutBack { .. } | Ask::Leave { .. } => plan::done(w, seq, left),
        Ask::Reply { row, accept: true, .. } => {
            let customer = super::open::of(w.conn, *row)?.customer;
            Ok(Answer::Done { rows: vec![table::row_of(w.conn, customer)?], left, seq })
        }
        _ => Ok(Answer::Done { rows: Vec::new(), left, seq }),
    }
}

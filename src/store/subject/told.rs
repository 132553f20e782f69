//! The access report leaves the program: it is written down first, and in full it takes two people.

use super::cases;
use crate::domain::change::Entity;
use crate::domain::ids::{CustomerId, OpId};
use crate::domain::staff::may_second;
use crate::domain::subject::{Kind, State};
use crate::store::request::Failure;
use crate::store::write::{Write, edit};

/// Writes it down.
///
/// # Errors
/// [`Failure::Gone`] without such an archive; refused in full without a checked request or a second person's word.
pub fn leaves(w: &Write<'_>, op: OpId, customer: CustomerId, bare: bool, target: &str) -> Result<(), Failure> {
    if !w.conn.prepare_cached("SELECT 1 FROM customer WHERE id = ?")?.exists([customer.0])? {
        return Err(Failure::Gone);
    }
    if bare {
        let checked = |c: &crate::domain::subject::Case| {
            c.kind == Kind::Access && matches!(c.state, State::Checked | State::Done)
        };
        if !cases::of(w.conn, customer)?.iter().any(checked) {
            return Err(Failure::refused(
                "要印全号，先受理本人的查阅请求并核实身份。",
                "For numbers in full, take the person's request for access and check who asks first.",
            ));
        }
        if !w.stamp.second.is_some_and(|second| may_second(&w.branch.staff, second, w.stamp.by)) {
            return Err(Failure::refused(
                "印全号要另一人授权：请主管或网点经理输入工号和密码。",
                "Numbers in full take a second person's word: a supervisor or the branch manager gives their number and password.",
            ));
        }
    }
    let what = if bare { "subject report, in full" } else { "subject report" };
    let mut edits = vec![edit("action", "", "export"), edit("what", "", what), edit("target", "", target)];
    edits.extend(w.stamp.second.map(|s| edit("second", "", s.0.to_string())));
    let seq = w.change(Entity::Access, customer.0, Some(customer), &edits, "个人信息查阅", Some(op))?;
    w.did(op, customer.0, seq)
}

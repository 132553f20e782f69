//! The access report leaves the program: it is written down first, and in full only for a request that was checked. Who may is in `rights`.

use super::cases;
use crate::domain::change::Entity;
use crate::domain::ids::{CustomerId, OpId};
use crate::domain::subject::{Kind, State};
use crate::store::request::Failure;
use crate::store::write::{Write, edit};

/// Writes it down.
///
/// # Errors
/// [`Failure::Gone`] without such an archive; refused in full without a checked request.
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
    }
    let what = if bare { "subject report, in full" } else { "subject report" };
    let edits = [edit("action", "", "export"), edit("what", "", what), edit("target", "", target)];
    let seq = w.change(Entity::Access, customer.0, Some(customer), &edits, "个人信息查阅", Some(op))?;
    w.did(op, customer.0, seq)
}

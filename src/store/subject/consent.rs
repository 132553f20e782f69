//! What a customer agreed to: written down and read. What follows from it is said in `domain::consent`.

use crate::domain::change::Entity;
use crate::domain::consent::{Channel, Consent, Purpose};
use crate::domain::ids::{CustomerId, OpId, StaffId};
use crate::domain::values::plain;
use crate::store::cell;
use crate::store::request::Failure;
use crate::store::write::{Write, edit};
use rusqlite::{Connection, params};

/// Characters of evidence at most.
const LONGEST: usize = 100;

/// The words of the change log.
fn word(agreed: bool) -> &'static str {
    if agreed { "agreed" } else { "withdrawn" }
}

/// Writes down what was said last of a purpose and channel.
///
/// # Errors
/// [`Failure::Gone`] without such an archive; refused without evidence of an agreement.
pub fn say(
    w: &mut Write<'_>,
    op: OpId,
    customer: CustomerId,
    what: (Purpose, Channel),
    agreed: bool,
    evidence: &str,
) -> Result<(), Failure> {
    let (purpose, channel) = what;
    let evidence = plain::note(evidence);
    if evidence.chars().count() > LONGEST {
        return Err(Failure::refused(
            format!("依据太长，最多 {LONGEST} 个字。"),
            format!("The evidence is too long: at most {LONGEST} characters."),
        ));
    }
    // Withdrawing must be no harder than agreeing; that it was said is enough.
    if agreed && evidence.is_empty() {
        return Err(Failure::refused(
            "请写同意的依据：签字单号、录音或当面。",
            "Write the evidence of the consent: number of the signed form, recording, or in person.",
        ));
    }
    if !purpose.channels().contains(&channel) {
        return Err(Failure::refused("这一项不分联系方式。", "This purpose has no channels of its own."));
    }
    if !w.conn.prepare_cached("SELECT 1 FROM customer WHERE id = ?")?.exists([customer.0])? {
        return Err(Failure::Gone);
    }
    let before = said(w.conn, customer)?.into_iter().find(|c| (c.purpose, c.channel) == what);
    w.conn
        .prepare_cached(
            "INSERT INTO consent VALUES (?, ?, ?, ?, ?, ?, ?)
             ON CONFLICT (customer, purpose, channel) DO UPDATE SET agreed = excluded.agreed, evidence = excluded.evidence,
             at = excluded.at, by = excluded.by",
        )?
        .execute(params![
            customer.0,
            purpose.code(),
            channel.code(),
            agreed,
            evidence,
            cell::time(w.stamp.at),
            w.stamp.by.0
        ])?;
    let was = before.as_ref().map_or("", |c| word(c.agreed));
    let name = format!("{}.{}", purpose.code(), channel.code());
    let mut edits = vec![edit(&name, was, word(agreed))];
    if before.as_ref().map_or("", |c| c.evidence.as_str()) != evidence {
        edits.push(edit("evidence", before.map(|c| c.evidence).unwrap_or_default(), evidence));
    }
    let seq = w.change(Entity::Consent, customer.0, Some(customer), &edits, "", Some(op))?;
    w.did(op, customer.0, seq)
}

/// What a customer said, by purpose and channel.
///
/// # Errors
/// What the file says.
pub fn said(conn: &Connection, customer: CustomerId) -> Result<Vec<Consent>, Failure> {
    let mut statement = conn.prepare_cached(
        "SELECT purpose, channel, agreed, evidence, at, by FROM consent WHERE customer = ? ORDER BY 1, 2",
    )?;
    let mut rows = statement.query([customer.0])?;
    let mut found = Vec::new();
    while let Some(r) = rows.next()? {
        let (purpose, channel): (String, String) = (r.get(0)?, r.get(1)?);
        // One that a newer program wrote is not known here.
        let Some((purpose, channel)) = cell::of_code(&purpose).zip(cell::of_code(&channel)) else { continue };
        let at = cell::moment(&r.get::<_, String>(4)?);
        found.push(Consent { purpose, channel, agreed: r.get(2)?, evidence: r.get(3)?, at, by: StaffId(r.get(5)?) });
    }
    Ok(found)
}

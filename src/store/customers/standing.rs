//! Where a customer stands today, as it is read beside the archive: figures, tier in force, hold, stage.

use crate::domain::customer::{Customer, Standing};
use crate::domain::ids::{CustomerId, StaffId};
use crate::domain::lifecycle::Stage;
use crate::domain::tier::{Figures, Override, Tier};
use crate::store::branch::Branch;
use crate::store::request::Failure;
use crate::store::table;
use chrono::NaiveDate;
use rusqlite::{Connection, OptionalExtension, Row};

/// An archive and where it stands on `today`; `latest` are its newest figures.
///
/// # Errors
/// [`Failure::Gone`] when there is no such archive.
pub fn of(
    conn: &Connection,
    branch: &Branch,
    id: CustomerId,
    latest: Option<&Figures>,
    today: NaiveDate,
) -> Result<(Customer, Standing), Failure> {
    let (customer, mut standing, reached) = conn
        .prepare_cached(&format!("SELECT {}, {STANDING} FROM customer WHERE id = ?", table::ARCHIVE))?
        .query_row([id.0], |r| Ok((table::archive(r)?, standing(r)?, Tier::of_rank(r.get("reached")?))))
        .optional()?
        .ok_or(Failure::Gone)?;
    standing.figures = latest.copied();
    // A hold that ended is over at once for the one who looks; the next write takes it out of the file.
    standing.held = standing.held.filter(|h| h.until >= today);
    let rules = branch.settings.rules();
    let by_lines = || latest.map(|f| rules.lines(f.as_of).tier(f.aum(rules.basis)));
    standing.tier = standing.held.as_ref().map(|h| h.tier).or(reached).or_else(by_lines);
    Ok((customer, standing))
}

const STANDING: &str = "tier, reached, stage, held_tier, held_until, held_reason, held_by, last_contact, next_visit, completeness, created_at, \
                        updated_at, updated_by";

fn standing(r: &Row<'_>) -> rusqlite::Result<Standing> {
    let held = r.get::<_, Option<i64>>("held_tier")?.and_then(Tier::of_rank).zip(table::date(r, "held_until")?);
    let (reason, by): (Option<String>, Option<i64>) = (r.get("held_reason")?, r.get("held_by")?);
    let (created, updated, updated_by) = table::times(r)?;
    Ok(Standing {
        figures: None,
        held: held.map(|(tier, until)| Override {
            tier,
            reason: reason.unwrap_or_default(),
            by: StaffId(by.unwrap_or_default()),
            until,
        }),
        tier: Tier::of_rank(r.get("tier")?),
        stage: r.get::<_, Option<i64>>("stage")?.and_then(Stage::of_rank),
        last_contact: table::date(r, "last_contact")?,
        next_visit: table::date(r, "next_visit")?,
        completeness: u8::try_from(r.get::<_, i64>("completeness")?).unwrap_or_default(),
        created: Some(created),
        updated: Some((updated, updated_by)),
    })
}

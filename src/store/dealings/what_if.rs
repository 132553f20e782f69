//! What other settings would do to the tiers, told without writing anything: the same pass as `anew`, counted.

use super::anew::Histories;
use crate::domain::ids::{CustomerId, StaffId};
use crate::domain::settings::Settings;
use crate::domain::tier::what_if::WhatIf;
use crate::domain::tier::{Tier, fold};
use crate::store::branch::{self, Branch};
use crate::store::cell;
use crate::store::request::Failure;
use chrono::NaiveDate;
use rusqlite::{Connection, params};

/// Customers read at a time.
const PORTION: i64 = 20_000;

/// Who would move if these were the settings. The tiers as they are are derived too, so that a file of an older program shows only what the
/// settings do.
///
/// # Errors
/// What the file says.
pub fn what_if(conn: &Connection, branch: &Branch, tried: &Settings, today: NaiveDate) -> Result<WhatIf, Failure> {
    let (now, then) = (branch.settings.rules(), tried.rules());
    let mut found = WhatIf { as_of: branch::as_of(conn)?, ..WhatIf::default() };
    let mut histories = Histories::of(conn)?;
    let mut statement = conn.prepare(&format!(
        "SELECT id, held_tier, held_until FROM customer WHERE id > ? AND as_of IS NOT NULL ORDER BY id LIMIT {PORTION}"
    ))?;
    let mut last = i64::MIN;
    loop {
        let rows = statement.query_map([last], |r| Ok((r.get(0)?, r.get(1)?, r.get(2)?)))?;
        let portion: Vec<(i64, Option<i64>, Option<i64>)> = rows.collect::<rusqlite::Result<_>>()?;
        let Some((to, ..)) = portion.last().copied() else { break };
        let mut figures = histories.after(last)?;
        for (id, tier, until) in portion {
            let id = CustomerId(id);
            let history = figures.of(id)?;
            let [from, to] = [&now, &then].map(|rules| fold::last(history.iter().map(|x| x.point(rules.basis)), rules));
            let Some((from, to)) = from.zip(to) else { continue };
            let held = tier.and_then(Tier::of_rank).filter(|_| until.and_then(cell::date) >= Some(today));
            let (from, aum, to) = (from.state.tier, to.aum, to.state.tier);
            found.count(id, aum, held.unwrap_or(from), held.unwrap_or(to));
        }
        last = to;
    }
    found.sort();
    let mut named = conn.prepare("SELECT no, name, owner FROM customer WHERE id = ?")?;
    for mover in found.flows.iter_mut().flat_map(|f| &mut f.top) {
        (mover.no, mover.name, mover.owner) = named
            .query_row(params![mover.id.0], |r| Ok((r.get(0)?, r.get(1)?, r.get::<_, Option<i64>>(2)?.map(StaffId))))?;
    }
    Ok(found)
}

//! The household of a customer, found by the links between archives. What it is worth is the domain's matter.

use crate::domain::customer::{Customer, Standing};
use crate::domain::household::{Household, OneOf};
use crate::domain::ids::CustomerId;
use crate::domain::settings::Settings;
use crate::domain::tier::Tier;
use crate::domain::values::money::Fen;
use crate::store::request::Failure;
use crate::store::table;
use rusqlite::Connection;

/// The customer and those who are linked as family, from their archive or from this one; `None` without any.
///
/// # Errors
/// What the file says.
pub fn household(
    conn: &Connection,
    settings: &Settings,
    customer: &Customer,
    standing: &Standing,
) -> Result<Option<Household>, Failure> {
    let mut statement = conn.prepare_cached(
        "SELECT id, no, name, aum, tier, as_of FROM customer WHERE id IN (
         SELECT linked FROM part WHERE customer = ?1 AND kind = 'member' AND linked IS NOT NULL
         UNION SELECT customer FROM part WHERE linked = ?1 AND kind = 'member')",
    )?;
    let others = statement.query_map([customer.id.0], |r| {
        Ok(OneOf {
            id: CustomerId(r.get(0)?),
            no: r.get(1)?,
            name: r.get(2)?,
            aum: r.get::<_, Option<i64>>(3)?.map(Fen),
            tier: Tier::of_rank(r.get(4)?),
            as_of: table::date(r, "as_of")?,
        })
    })?;
    let others = others.collect::<rusqlite::Result<_>>()?;
    let figures = standing.figures.as_ref();
    let own = OneOf {
        id: customer.id,
        no: customer.no.clone(),
        name: customer.name.clone(),
        aum: figures.map(|f| f.aum(settings.basis)),
        tier: standing.tier,
        as_of: figures.map(|f| f.as_of),
    };
    Ok(Household::of(own, others, settings))
}

//! Figures of a customer, as they are read: one row a data date, summed over the numbers of the core system that are theirs.

use super::SEEN;
use crate::domain::ids::CustomerId;
use crate::domain::tier::Figures;
use crate::domain::values::money::Fen;
use crate::store::cell;
use crate::store::derive::Latest;
use crate::store::request::Failure;
use rusqlite::Connection;

/// Figures over time, newest first, at most so many.
///
/// # Errors
/// What the file says.
pub fn newest(conn: &Connection, id: CustomerId, most: u32) -> Result<Vec<Figures>, Failure> {
    let mut statement = conn.prepare_cached(&format!(
        "SELECT as_of, sum(demand), sum(fixed), sum(wealth), sum(fund), sum(insurance), sum(bond), sum(balance),
         sum(coalesce(average, balance)), count(average) FROM figures WHERE customer = ? AND {SEEN}
         GROUP BY as_of ORDER BY as_of DESC LIMIT ?"
    ))?;
    let mut rows = statement.query([id.0, i64::from(most)])?;
    let mut found = Vec::new();
    while let Some(r) = rows.next()? {
        let fen = |i: usize| r.get(i).map(Fen);
        if let Some(as_of) = cell::date(r.get(0)?) {
            found.push(Figures {
                as_of,
                demand: fen(1)?,
                fixed: fen(2)?,
                wealth: fen(3)?,
                fund: fen(4)?,
                insurance: fen(5)?,
                bond: fen(6)?,
                balance: fen(7)?,
                average: (r.get::<_, i64>(9)? > 0).then_some(fen(8)?),
            });
        }
    }
    Ok(found)
}

/// What tiers follow from, oldest first.
///
/// # Errors
/// What the file says.
pub fn history(conn: &Connection, id: CustomerId) -> Result<Vec<Latest>, Failure> {
    let mut statement = conn.prepare_cached(&format!(
        "SELECT as_of, balance, average FROM figures WHERE customer = ? AND {SEEN} ORDER BY as_of"
    ))?;
    let mut rows = statement.query([id.0])?;
    let mut found = Vec::new();
    while let Some(r) = rows.next()? {
        if let Some(as_of) = cell::date(r.get(0)?) {
            let average: Option<i64> = r.get(2)?;
            add(&mut found, Latest { as_of, balance: Fen(r.get(1)?), average: average.map(Fen) });
        }
    }
    Ok(found)
}

/// Adds the figures of an account to those of its data date, which is the last one there or a later one.
pub fn add(found: &mut Vec<Latest>, next: Latest) {
    let Some(last) = found.last_mut().filter(|last| last.as_of == next.as_of) else {
        found.push(next);
        return;
    };
    let sum = |a: Fen, b: Fen| Fen(a.0.saturating_add(b.0));
    if last.average.or(next.average).is_some() {
        last.average = Some(sum(last.average.unwrap_or(last.balance), next.average.unwrap_or(next.balance)));
    }
    last.balance = sum(last.balance, next.balance);
}

//! Making a large batch light: the indexes and counters of the customer table are taken away for its length and built anew at its
//! end, all inside its one transaction. Sorting once is many times cheaper than keeping ten indexes row by row.

use super::request::Failure;
use rusqlite::Connection;

/// Counters as a recount of the whole table gives them; the triggers of the schema keep the same row by row. They are grouped by the
/// bare columns, so that the indexes just built give them in order.
const RECOUNT: &str = "
    DELETE FROM tier_sum;
    INSERT INTO tier_sum SELECT tier, count(*), sum(aum IS NOT NULL), coalesce(sum(aum), 0) FROM customer GROUP BY tier;
    DELETE FROM visit_sum;
    INSERT INTO visit_sum SELECT coalesce(visitor, 0), next_visit, count(*) FROM customer
    WHERE next_visit IS NOT NULL GROUP BY visitor, next_visit;
    DELETE FROM lacking_sum;
    INSERT INTO lacking_sum SELECT tier, coalesce(owner, 0), count(*) FROM customer
    WHERE lacking > 0 AND (tier >= 2 OR owner IS NOT NULL) GROUP BY tier, owner;
";

/// The counter that figures never touch.
const RECOUNT_AREAS: &str = "
    DELETE FROM area_sum;
    INSERT INTO area_sum SELECT area, count(*) FROM customer WHERE area <> '' GROUP BY 1;
";

/// Counts everything anew.
///
/// # Errors
/// What the file says.
pub fn recount(conn: &Connection) -> Result<(), Failure> {
    conn.execute_batch(RECOUNT)?;
    conn.execute_batch(RECOUNT_AREAS)?;
    Ok(())
}

/// What was taken away, as the statements that bring it back.
#[derive(Debug)]
pub struct Light {
    taken: Vec<String>,
    only_figures: bool,
}

/// Takes away the triggers of the customer table and its indexes, but for those an import looks things up by, and those over
/// columns that figures never touch where only figures come in. A file that was `empty` needs no looking up.
///
/// # Errors
/// What the file says.
pub fn take(conn: &Connection, only_figures: bool, empty: bool) -> Result<Light, Failure> {
    let kept: &[&str] = match (only_figures, empty) {
        (true, _) => &[
            "customer_document",
            "customer_phone",
            "customer_phone2",
            "customer_birth",
            "area_sum_insert",
            "area_sum_update",
            "area_sum_delete",
        ],
        (false, false) => &["customer_document"],
        (false, true) => &[],
    };
    let found: Vec<(String, String, String)> = conn
        .prepare(
            "SELECT type, name, sql FROM sqlite_schema WHERE tbl_name = 'customer' AND sql IS NOT NULL
             AND type IN ('trigger', 'index') ORDER BY rowid",
        )?
        .query_map([], |r| Ok((r.get(0)?, r.get(1)?, r.get(2)?)))?
        .collect::<rusqlite::Result<_>>()?;
    let found: Vec<_> = found.into_iter().filter(|(_, name, _)| !kept.contains(&name.as_str())).collect();
    for (kind, name, _) in &found {
        conn.execute_batch(&format!("DROP {kind} \"{name}\""))?;
    }
    Ok(Light { taken: found.into_iter().map(|(_, _, sql)| sql).collect(), only_figures })
}

/// Brings everything back.
///
/// # Errors
/// What the file says.
pub fn give(conn: &Connection, light: &Light) -> Result<(), Failure> {
    for sql in &light.taken {
        conn.execute_batch(sql)?;
    }
    conn.execute_batch(RECOUNT)?;
    if !light.only_figures {
        conn.execute_batch(RECOUNT_AREAS)?;
    }
    Ok(())
}

//! Making a large batch light: the indexes and counters of the customer table are taken away for its length and built anew at its
//! end, all inside its one transaction. Sorting once is many times cheaper than keeping ten indexes row by row.

use super::request::Failure;
use rusqlite::Connection;

/// Counters as a recount of the whole table gives them; the triggers of the schema keep the same row by row.
const RECOUNT: &str = "
    DELETE FROM tier_sum;
    INSERT INTO tier_sum SELECT tier, count(*), sum(aum IS NOT NULL), coalesce(sum(aum), 0) FROM customer GROUP BY tier;
    DELETE FROM visit_sum;
    INSERT INTO visit_sum SELECT coalesce(visitor, 0), next_visit, count(*) FROM customer
    WHERE next_visit IS NOT NULL GROUP BY 1, 2;
    DELETE FROM lacking_sum;
    INSERT INTO lacking_sum SELECT tier, coalesce(owner, 0), count(*) FROM customer
    WHERE lacking > 0 AND (tier >= 2 OR owner IS NOT NULL) GROUP BY 1, 2;
    DELETE FROM area_sum;
    INSERT INTO area_sum SELECT area, count(*) FROM customer WHERE area <> '' GROUP BY 1;
";

/// What was taken away, as the statements that bring it back.
#[derive(Debug)]
pub struct Light(Vec<String>);

/// Takes away the triggers of the customer table and its indexes, but for those an import looks things up by, and those over
/// columns that figures never touch where only figures come in.
///
/// # Errors
/// What the file says.
pub fn take(conn: &Connection, only_figures: bool) -> Result<Light, Failure> {
    let kept: &[&str] = if only_figures {
        &["customer_document", "customer_phone", "customer_phone2", "customer_birth"]
    } else {
        &["customer_document"]
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
    Ok(Light(found.into_iter().map(|(_, _, sql)| sql).collect()))
}

/// Brings everything back.
///
/// # Errors
/// What the file says.
pub fn give(conn: &Connection, light: &Light) -> Result<(), Failure> {
    for sql in &light.0 {
        conn.execute_batch(sql)?;
    }
    Ok(conn.execute_batch(RECOUNT)?)
}

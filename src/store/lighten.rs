//! Making a large batch light: the indexes and counters of the customer table are taken away for its length and built anew at its
//! end, all inside its one transaction. Sorting once is many times cheaper than keeping ten indexes row by row, where most rows change.

use super::pen::KEYED;
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
    let found = found(conn)?.into_iter().filter(|(_, name, _)| !kept.contains(&name.as_str())).collect();
    drop_all(conn, found).map(|taken| Light { taken, only_figures })
}

/// The counters that figures touch, row by row.
const COUNTED: [&str; 3] = ["tier_sum_", "visit_sum_", "lacking_sum_"];

/// Takes away what a pass over all customers is better off without, `changed` being how many of the `read` first ones it changes in each
/// of the `KEYED` columns: the counters, and each index of which so much changes that sorting it anew is cheaper. An index that stays
/// is kept row by row, whatever comes.
///
/// # Errors
/// What the file says.
pub fn take_for(conn: &Connection, changed: &[usize; KEYED.len()], read: usize) -> Result<Light, Failure> {
    let found = found(conn)?.into_iter().filter(|(kind, name, sql)| match kind.as_str() {
        "trigger" => COUNTED.iter().any(|counter| name.starts_with(counter)),
        _ => {
            let words = sql.split(|c: char| !c.is_ascii_alphanumeric() && c != '_').filter(|word| !word.is_empty());
            let columns: Vec<&str> = words.skip_while(|word| *word != "customer").skip(1).collect();
            let most = KEYED.iter().zip(changed).filter(|(column, _)| columns.contains(column)).map(|(_, n)| *n).max();
            // Rows come in the order of visitor, day and tier, within a portion; an index that begins with one of them is walked through
            // rather than jumped about in.
            let walked = columns.first().is_some_and(|first| ["visitor", "next_visit", "tier"].contains(first));
            let share = if walked { 3 } else { 6 };
            most.unwrap_or_default() * share > read
        }
    });
    drop_all(conn, found.collect()).map(|taken| Light { taken, only_figures: true })
}

/// The triggers and indexes of the customer table: kind, name and statement of each.
type Found = Vec<(String, String, String)>;

fn found(conn: &Connection) -> Result<Found, Failure> {
    Ok(conn
        .prepare(
            "SELECT type, name, sql FROM sqlite_schema WHERE tbl_name = 'customer' AND sql IS NOT NULL
             AND type IN ('trigger', 'index') ORDER BY rowid",
        )?
        .query_map([], |r| Ok((r.get(0)?, r.get(1)?, r.get(2)?)))?
        .collect::<rusqlite::Result<_>>()?)
}

/// Takes them away; gives the statements that bring them back.
fn drop_all(conn: &Connection, found: Found) -> Result<Vec<String>, Failure> {
    for (kind, name, _) in &found {
        conn.execute_batch(&format!("DROP {kind} \"{name}\""))?;
    }
    Ok(found.into_iter().map(|(_, _, sql)| sql).collect())
}

/// Page cache of a transaction over many customers in KiB, negative as SQLite wants it: 128 MB, however many. New pages leave it without a
/// sync; those that were there cost one for each filling of the cache.
const ROOMY: i64 = -131_072;
/// The cache of every other transaction (`open`).
const USUAL: i64 = -65_536;

/// Makes room for a transaction over many customers.
///
/// # Errors
/// What the file says.
pub fn roomy(conn: &Connection) -> Result<(), Failure> {
    Ok(conn.pragma_update(None, "cache_size", ROOMY)?)
}

/// Gives that memory back.
///
/// # Errors
/// What the file says.
pub fn usual(conn: &Connection) -> Result<(), Failure> {
    Ok(conn.pragma_update(None, "cache_size", USUAL)?)
}

/// Pages of a file that are read through index by index without any of them being met again in the cache, 256 MB.
const WIDE: i64 = 65_536;
/// Page cache while that is done, in KiB, negative as SQLite wants it: the memory is for sorting.
const NARROW: i64 = -16_384;

/// Brings everything back.
///
/// # Errors
/// What the file says.
pub fn give(conn: &Connection, light: &Light) -> Result<(), Failure> {
    if conn.pragma_query_value(None, "page_count", |r| r.get::<_, i64>(0))? > WIDE {
        conn.pragma_update(None, "cache_size", NARROW)?;
    }
    for sql in &light.taken {
        conn.execute_batch(sql)?;
    }
    conn.execute_batch(RECOUNT)?;
    if !light.only_figures {
        conn.execute_batch(RECOUNT_AREAS)?;
    }
    Ok(())
}

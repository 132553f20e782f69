//! Making a large batch light: the triggers that keep the orders and counters of the customer table are taken away for its length; all is
//! made anew at its end, inside its one transaction. Filling an order once is many times cheaper than keeping it row by row, where most rows
//! change.

use super::order::{self, DOCUMENTS, ORDERS, Order, PHONES, Seats, Texts};
use super::pen::KEYED;
use super::request::Failure;
use rusqlite::Connection;

/// What was taken away.
#[derive(Debug)]
pub struct Light {
    /// The statements that bring triggers back.
    taken: Vec<String>,
    /// The orders that nobody keeps meanwhile.
    orders: Vec<&'static Order>,
    texts: Vec<Texts>,
    /// Whether archives come in too.
    archives: bool,
}

/// Takes away the triggers of the customer table: all where archives come in, but for those of the order that an import looks people up by,
/// which a file that was `empty` does not need; else those of what figures touch.
///
/// # Errors
/// What the file says.
pub fn take(conn: &Connection, only_figures: bool, empty: bool) -> Result<Light, Failure> {
    if only_figures {
        return take_some(conn, |order| !order.follows.is_empty());
    }
    let texts = if empty { vec![DOCUMENTS, PHONES] } else { vec![PHONES] };
    let taken = drop_some(conn, |name| empty || !name.starts_with(DOCUMENTS.table))?;
    Ok(Light { taken, orders: ORDERS.iter().collect(), texts, archives: true })
}

/// The counters that figures touch, row by row.
const COUNTED: [&str; 3] = ["tier_sum_", "visit_sum_", "lacking_sum_"];
/// Keeping a row of an order by triggers costs about so many times filling it.
pub const DEARER: usize = 12;

/// Takes away what a pass over all customers is better off without, `changed` being how many of the `read` first ones it changes in each
/// of the `KEYED` columns: the counters, and each order of which so much changes that filling it anew is cheaper. One that stays is
/// kept row by row, whatever comes.
///
/// # Errors
/// What the file says.
pub fn take_for(conn: &Connection, changed: &[usize; KEYED.len()], read: usize) -> Result<Light, Failure> {
    let changes = |order: &Order| {
        let followed = KEYED.iter().zip(changed).filter(|(column, _)| order.follows.contains(column));
        followed.map(|(_, n)| *n).max().unwrap_or_default() * DEARER > read
    };
    take_some(conn, changes)
}

/// Takes away the counters that figures touch, and some orders.
fn take_some(conn: &Connection, goes: impl Fn(&Order) -> bool) -> Result<Light, Failure> {
    let orders: Vec<&Order> = ORDERS.iter().filter(|order| goes(order)).collect();
    let taken = drop_some(conn, |name| {
        COUNTED.iter().copied().chain(orders.iter().map(|o| o.table)).any(|kept| name.starts_with(kept))
    })?;
    Ok(Light { taken, orders, texts: Vec::new(), archives: false })
}

/// Takes away those triggers of the customer table that go, by name; gives the statements that bring them back.
fn drop_some(conn: &Connection, goes: impl Fn(&str) -> bool) -> Result<Vec<String>, Failure> {
    let found: Vec<(String, String)> = conn
        .prepare("SELECT name, sql FROM sqlite_schema WHERE tbl_name = 'customer' AND type = 'trigger' ORDER BY rowid")?
        .query_map([], |r| Ok((r.get(0)?, r.get(1)?)))?
        .collect::<rusqlite::Result<_>>()?;
    let mut taken = Vec::new();
    for (name, sql) in found.into_iter().filter(|(name, _)| goes(name)) {
        conn.execute_batch(&format!("DROP TRIGGER \"{name}\""))?;
        taken.push(sql);
    }
    Ok(taken)
}

/// Pages of a file that is read through without any of them being met again in the cache, 256 MB.
const WIDE: i64 = 65_536;
/// Page cache while that is done, in KiB, negative as SQLite wants it: the memory is for sorting.
const NARROW: i64 = -16_384;

/// Brings everything back. `seats` are all customers, where whoever was at them has them at hand, and no archive came in.
///
/// # Errors
/// What the file says.
pub fn give(conn: &Connection, light: &Light, seats: Option<Seats>) -> Result<(), Failure> {
    let (pages, usual): (i64, i64) = (
        conn.pragma_query_value(None, "page_count", |r| r.get(0))?,
        conn.pragma_query_value(None, "cache_size", |r| r.get(0))?,
    );
    if pages > WIDE {
        conn.pragma_update(None, "cache_size", NARROW)?;
    }
    let done = give_all(conn, light, seats);
    conn.pragma_update(None, "cache_size", usual)?;
    done
}

fn give_all(conn: &Connection, light: &Light, seats: Option<Seats>) -> Result<(), Failure> {
    for sql in &light.taken {
        conn.execute_batch(sql)?;
    }
    order::fill_texts(conn, &light.texts)?;
    let seats = match seats {
        Some(seats) => seats,
        None => Seats::walk(conn, light.archives)?,
    };
    seats.fill(conn, &light.orders)
}

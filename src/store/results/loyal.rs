//! Borrowers: every loan that is or was on a list, each once with what was seen of it. Loans lie by customer, so all of them are one
//! reading from the first to the last, in stretches between which saves of others get in.

use crate::domain::agenda::Who;
use crate::domain::dealings::history::Lent;
use crate::domain::dealings::loan::{Class, Record};
use crate::domain::results::Over;
use crate::domain::results::loyal::{Borrower, Count, Loyal};
use crate::domain::values::money::Fen;
use crate::store::agenda::who;
use crate::store::cell;
use crate::store::customers::entitle;
use crate::store::dealings::{ENDED, PUT};
use crate::store::request::Failure;
use crate::store::way::Breath;
use chrono::NaiveDate;
use rusqlite::{Connection, OptionalExtension};

/// All borrowers among the customers of these keepers.
///
/// # Errors
/// What the file says.
pub(super) fn read(conn: &Connection, over: &Over, today: NaiveDate) -> Result<Loyal, Failure> {
    let breath = Breath::new(conn);
    let entitled = entitle::all(conn)?;
    let mut count = Count::on(today);
    let mut after = i64::MIN;
    while let Some(last) = stretch(conn, &breath, after, |customer, loans| {
        if let Some((who, opened)) = person(conn, customer)?.filter(|(who, _)| over.has(who.owner)) {
            let entitled = entitled.get(&customer).cloned().unwrap_or_default();
            count.add(Borrower { who, opened, loans, entitled });
        }
        Ok(())
    })? {
        after = last;
        breath.take()?;
    }
    let days = conn
        .prepare_cached("SELECT min(as_of), max(as_of) FROM batch WHERE layout = '贷款' AND state = 'current'")?
        .query_row([], |r| Ok((r.get::<_, Option<i64>>(0)?, r.get::<_, Option<i64>>(1)?)))?;
    Ok(count.done(over.reach, days.0.and_then(cell::date), days.1.and_then(cell::date)))
}

/// Reads the loans of one customer after the other, from the first after `after` on. Gives the last customer read where the lock was held
/// long and there is more; nothing at the end.
fn stretch(
    conn: &Connection,
    breath: &Breath<'_>,
    after: i64,
    mut each: impl FnMut(i64, Vec<Lent>) -> Result<(), Failure>,
) -> Result<Option<i64>, Failure> {
    let mut statement = conn.prepare_cached(&format!(
        "SELECT customer, no, account, lent, balance, lent_on, overdue, class, {ENDED} FROM loan
         WHERE customer > ? AND {PUT} ORDER BY customer, no, account, since"
    ))?;
    let mut rows = statement.query([after])?;
    let mut customer: Option<i64> = None;
    let (mut loans, mut number, mut account) = (Vec::<Lent>::new(), String::new(), 0_i64);
    while let Some(r) = rows.next()? {
        let of: i64 = r.get(0)?;
        let first = customer != Some(of);
        if let Some(done) = customer.filter(|_| first) {
            each(done, std::mem::take(&mut loans))?;
            if breath.due() {
                return Ok(Some(done));
            }
        }
        customer = Some(of);
        let (no, own) = (r.get_ref(1)?.as_str().unwrap_or_default(), r.get(2)?);
        let seen = Record {
            worst: Class::of_rank(r.get(7)?).unwrap_or(Class::Normal),
            late: u32::try_from(r.get::<_, i64>(6)?).unwrap_or_default(),
        };
        let mut newest = Lent {
            on: r.get::<_, Option<i64>>(5)?.and_then(cell::date),
            lent: Fen(r.get(3)?),
            balance: Fen(r.get(4)?),
            stands: r.get::<_, Option<i64>>(8)?.is_none(),
            overdue: seen.late,
            record: seen,
        };
        // Versions of a loan come one after the other: what it is now says the last, what was seen of it all of them.
        let same = !first && number == no && account == own;
        if let Some(last) = loans.last_mut().filter(|_| same) {
            newest.record.worst = seen.worst.max(last.record.worst);
            newest.record.late = seen.late.max(last.record.late);
            *last = newest;
        } else {
            number.clear();
            number.push_str(no);
            account = own;
            loans.push(newest);
        }
    }
    if let Some(done) = customer {
        each(done, loans)?;
    }
    Ok(None)
}

/// A customer, and since when they have an account.
fn person(conn: &Connection, id: i64) -> Result<Option<(Who, Option<NaiveDate>)>, Failure> {
    let mut statement =
        conn.prepare_cached("SELECT id, no, name, tier, aum, owner, opened FROM customer WHERE id = ?")?;
    let read = |r: &rusqlite::Row<'_>| Ok((who::read(r)?, r.get::<_, Option<i64>>(6)?.and_then(cell::date)));
    Ok(statement.query_row([id], read).optional()?)
}

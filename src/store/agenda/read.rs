//! Loading a queue: every source in one read transaction, the lines in order, the counts of three scopes.

use super::tally::{Look, Tally, Whose};
use super::{Answer, Ask, dues, few, greetings, missing, month, signals, visits, wall};
use crate::domain::agenda::lines::Frame;
use crate::domain::agenda::{Counts, Scope, sort};
use crate::domain::ids::StaffId;
use crate::store::branch::Branch;
use crate::store::cell;
use crate::store::dealings::arrived::Arrived;
use crate::store::request::Failure;
use crate::store::subject;
use crate::store::veil::Veil;
use crate::store::way::Breath;
use chrono::{Datelike, Days, NaiveDate};
use rusqlite::Connection;

/// Answers a read of the queue.
///
/// # Errors
/// What the file says.
pub fn answer(conn: &Connection, branch: &Branch, veil: Option<&Veil<'_>>, ask: &Ask) -> Result<Answer, Failure> {
    match ask {
        Ask::Load { scope, staff, today, until } => load(conn, branch, *scope, *staff, *today, *until),
        Ask::Month { scope, staff, today, first } => {
            month::days(conn, branch, &Whose::of(*scope, *staff, branch, *today), *today, *first).map(Answer::Month)
        }
        Ask::Wall { scope, staff, today } => {
            let wall = wall::wall(conn, veil, &Whose::of(*scope, *staff, branch, *today), *today)?;
            Ok(Answer::Wall(*scope, Box::new(wall)))
        }
        Ask::Bricks { scope, staff, today, day } => {
            let whose = Whose::of(*scope, *staff, branch, *today);
            let (bricks, more) = wall::bricks(conn, branch, veil, &whose, *today, *day)?;
            Ok(Answer::Bricks(*day, bricks, more))
        }
        Ask::Mark { .. } | Ask::TakeBack { .. } | Ask::HandOver { .. } | Ask::Keep { .. } => Err(Failure::ReadOnly),
    }
}

fn load(
    conn: &Connection,
    branch: &Branch,
    scope: Scope,
    staff: StaffId,
    today: NaiveDate,
    until: NaiveDate,
) -> Result<Answer, Failure> {
    let until = until.max(today);
    let mut look = Look {
        conn,
        branch,
        frame: Frame::new(today, until, branch.began, &branch.settings),
        whose: Whose::of(scope, staff, branch, today),
        tally: Tally::default(),
        breath: Breath::new(conn),
    };
    let mut items = greetings::birthdays(&mut look)?;
    items.extend(greetings::family(&mut look)?);
    items.extend(visits::visits(&mut look)?);
    items.extend(few::hand_overs(&mut look)?);
    items.extend(missing::missing(&mut look)?);
    items.extend(few::own(&mut look)?);
    items.extend(subject::lines::requests(&mut look)?);
    look.breath.take()?;
    let arrived = Arrived::load(conn)?;
    items.extend(dues::maturities(&mut look, &arrived)?);
    items.extend(dues::repayments(&mut look, &arrived)?);
    items.extend(signals::signals(&mut look, &arrived)?);
    sort(&mut items, today);
    let sum = look.tally.sum(&look.whose);
    let (done_today, done_week) = done(&look)?;
    let open = |scope| look.tally.sum(&Whose::of(scope, staff, branch, today)).open;
    Ok(Answer::Lines {
        items,
        counts: Counts {
            open: sum.open,
            overdue: sum.overdue,
            birthdays: sum.birthdays,
            done_today,
            done_week,
            missing_more: sum.more,
        },
        shut: subject::rights::shut(conn)?,
        scopes: [open(Scope::Mine), open(Scope::Team), open(Scope::Branch)],
    })
}

/// Lines done today and since Monday by those looked at.
fn done(look: &Look<'_>) -> Result<(u32, u32), Failure> {
    let today = look.frame.today;
    let monday = today - Days::new(today.weekday().num_days_from_monday().into());
    let mut statement = look.conn.prepare_cached(
        "SELECT marked_on, updated_by, count(*) FROM mark WHERE state = 'done' AND marked_on BETWEEN ? AND ? GROUP BY 1, 2",
    )?;
    let mut rows = statement.query([cell::day(monday), cell::day(today)])?;
    let (mut on_the_day, mut in_the_week) = (0, 0);
    while let Some(r) = rows.next()? {
        if look.whose.has(Some(StaffId(r.get(1)?))) {
            let lines: u32 = r.get(2)?;
            in_the_week += lines;
            if r.get::<_, i64>(0)? == cell::day(today) {
                on_the_day += lines;
            }
        }
    }
    Ok((on_the_day, in_the_week))
}

//! Answers what the branch's facts come to: only customers of those keepers whom the one who asks may open are read into an answer.

use super::{Answer, Ask, What, credit, loyal, outflow, scores};
use crate::domain::results::Over;
use crate::domain::rights::{Action, Eyes};
use crate::store::branch::Branch;
use crate::store::request::Failure;
use chrono::Days;
use rusqlite::Connection;

/// Answers.
///
/// # Errors
/// The one who asks opens nobody's archive, or what the file says.
pub fn answer(conn: &Connection, branch: &Branch, ask: &Ask) -> Result<Answer, Failure> {
    let eyes = Eyes { staff: &branch.staff, delegates: &branch.delegates, by: ask.by, today: ask.today };
    let over = Over::of(&eyes).ok_or_else(|| Failure::Refused(eyes.refusal(Action::Open, None)))?;
    match ask.what {
        What::Outflow(days) => {
            let back = Days::new(u64::from(days.max(1)) - 1);
            let from = ask.today.checked_sub_days(back).unwrap_or(ask.today);
            outflow::read(conn, &over, (from, ask.today)).map(|o| Answer::Outflow(Box::new(o)))
        }
        What::Scores(month) => {
            scores::read(conn, branch, &over, (month, ask.today)).map(|s| Answer::Scores(Box::new(s)))
        }
        What::Credit(month) => {
            credit::read(conn, branch, &over, (month, ask.today)).map(|c| Answer::Credit(Box::new(c)))
        }
        What::Loyal => loyal::read(conn, &over, ask.today).map(|l| Answer::Loyal(Box::new(l))),
    }
}

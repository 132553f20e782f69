//! The board's figures: counts and sums from the counters, the rest from the index over assets.

use super::{Answer, Ask};
use crate::domain::board::{Board, TierSum};
use crate::domain::tier::{Lines, Tier};
use crate::domain::values::money::Fen;
use crate::store::branch::{self, Branch};
use crate::store::dealings;
use crate::store::request::Failure;
use rusqlite::Connection;

/// Answers a read of the board.
///
/// # Errors
/// Rules that cannot be, or what the file says.
pub fn answer(conn: &Connection, branch: &Branch, ask: &Ask) -> Result<Answer, Failure> {
    match ask {
        Ask::Load => figures(conn, branch),
        Ask::WhatIf { settings, today } => {
            settings.check().map_err(Failure::Refused)?;
            dealings::what_if::what_if(conn, branch, settings, *today).map(|found| Answer::WhatIf(Box::new(found)))
        }
    }
}

/// Counts, sums, shares.
fn figures(conn: &Connection, branch: &Branch) -> Result<Answer, Failure> {
    let mut tiers: Vec<TierSum> =
        Tier::ALL.into_iter().map(|tier| TierSum { tier, count: 0, aum: Some(Fen::ZERO) }).collect();
    let mut no_figures = 0;
    let (mut with, mut all) = (0_u64, 0_i64);
    let mut statement = conn.prepare_cached("SELECT tier, count, figures, aum FROM tier_sum")?;
    let mut rows = statement.query([])?;
    while let Some(r) = rows.next()? {
        let (count, figures): (u64, u64) = (unsigned(r.get(1)?), unsigned(r.get(2)?));
        let aum: i64 = r.get(3)?;
        if let Some(sum) = Tier::of_rank(r.get(0)?).and_then(|t| tiers.get_mut(t.rank())) {
            (sum.count, sum.aum) = (count, Some(Fen(aum)));
        }
        // Somebody held at a tier may still lack figures.
        no_figures += count - figures.min(count);
        with += figures;
        all += aum;
    }
    let as_of = branch::as_of(conn)?;
    Ok(Answer::Board(Box::new(Board {
        tiers,
        no_figures,
        top20_share: top_share(conn, with, all)?,
        as_of,
        near: near(conn, branch.settings.lines_on(as_of), branch.settings.near_percent)?,
    })))
}

/// The share of all assets that the top 20 % of customers with figures hold (features 48, 49). Of five customers the top one
/// counts; of fewer, one as well.
fn top_share(conn: &Connection, count: u64, all: i64) -> Result<f64, Failure> {
    if count == 0 || all <= 0 {
        return Ok(0.0);
    }
    let top: i64 = conn
        .prepare_cached("SELECT coalesce(sum(aum), 0) FROM (SELECT aum FROM asset_order ORDER BY aum DESC LIMIT ?)")?
        .query_row([i64::try_from(count.div_ceil(5)).unwrap_or(i64::MAX)], |r| r.get(0))?;
    #[allow(clippy::cast_precision_loss, reason = "a share is shown to a tenth of a per cent")]
    Ok(top as f64 / all as f64)
}

/// How many are near a line, up and down, by the amounts as they are.
fn near(conn: &Connection, lines: &Lines, percent: u32) -> Result<(u64, u64), Failure> {
    let mut statement = conn.prepare_cached("SELECT count(*) FROM asset_order WHERE aum BETWEEN ? AND ?")?;
    let mut count =
        |from: i64, to: i64| -> Result<u64, Failure> { Ok(unsigned(statement.query_row([from, to], |r| r.get(0))?)) };
    let (mut up, mut down) = (0, 0);
    let mut below = i64::MIN;
    for (i, line) in lines.0.iter().enumerate() {
        let width = i64::try_from(i128::from(line.0) * i128::from(percent) / 100).unwrap_or(i64::MAX);
        let above = lines.0.get(i + 1).map_or(i64::MAX, |next| next.0.saturating_sub(1));
        up += count(line.0.saturating_sub(width).max(below), line.0.saturating_sub(1))?;
        down += count(line.0, line.0.saturating_add(width).min(above))?;
        below = line.0;
    }
    Ok((up, down))
}

fn unsigned(n: i64) -> u64 {
    u64::try_from(n).unwrap_or_default()
}

//! Archives that lack something, heap by heap: one of each keeper and tier, counted by the counters and read a few at a time from the
//! top. To whom they are dealt is said in `missing`.

use crate::domain::ids::{CustomerId, StaffId};
use crate::store::order::NO_FIGURES;
use crate::store::request::Failure;
use rusqlite::{CachedStatement, Connection, params};
use std::cmp::Reverse;
use std::collections::{BinaryHeap, VecDeque};

/// What a keeper's customers of one tier lack.
#[derive(Debug, Clone, Copy)]
pub struct Heap {
    /// Tier rank in force, -1 without figures.
    pub rank: i64,
    /// The keeper.
    pub owner: Option<StaffId>,
    /// Archives in it.
    pub count: u32,
}

/// All heaps, nobody's first in each tier.
///
/// # Errors
/// What the file says.
pub fn heaps(conn: &Connection) -> Result<Vec<Heap>, Failure> {
    let mut statement = conn.prepare_cached("SELECT tier, owner, count FROM lacking_sum WHERE count > 0")?;
    let rows = statement.query_map([], |r| {
        let owner: i64 = r.get(1)?;
        Ok(Heap { rank: r.get(0)?, owner: (owner != 0).then_some(StaffId(owner)), count: r.get(2)? })
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// Archives read from a heap at a time: a daily portion is about as many.
const FEW: u32 = 8;

/// The top of a heap: assets, tier, which heap, whose archive. Of equals the earlier heap comes first.
type Top = (Option<i64>, i64, Reverse<usize>, CustomerId);

/// Several heaps, taken from by assets.
pub struct Heaps<'a> {
    statement: CachedStatement<'a>,
    heaps: Vec<Pile>,
    tops: BinaryHeap<Top>,
}

/// A heap as far as it was read.
struct Pile {
    heap: Heap,
    read: u32,
    few: VecDeque<(Option<i64>, CustomerId)>,
}

impl<'a> Heaps<'a> {
    /// The tops of these heaps.
    ///
    /// # Errors
    /// What the file says.
    pub fn new(conn: &'a Connection, heaps: Vec<Heap>) -> Result<Heaps<'a>, Failure> {
        let statement = conn.prepare_cached(
            "SELECT nullif(aum, ?), customer FROM lacking_order WHERE tier = ? AND owner = ? ORDER BY aum DESC LIMIT ? OFFSET ?",
        )?;
        let heaps = heaps.into_iter().map(|heap| Pile { heap, read: 0, few: VecDeque::new() }).collect();
        let mut new = Heaps { statement, heaps, tops: BinaryHeap::new() };
        for at in 0..new.heaps.len() {
            new.uncover(at)?;
        }
        Ok(new)
    }

    /// The next archive, highest assets first.
    ///
    /// # Errors
    /// What the file says.
    pub fn next(&mut self) -> Result<Option<CustomerId>, Failure> {
        let Some((_, _, Reverse(at), id)) = self.tops.pop() else { return Ok(None) };
        self.uncover(at)?;
        Ok(Some(id))
    }

    /// Puts the next archive of a heap among the tops.
    fn uncover(&mut self, at: usize) -> Result<(), Failure> {
        let Some(pile) = self.heaps.get_mut(at) else { return Ok(()) };
        let Heap { rank, owner, count } = pile.heap;
        if pile.few.is_empty() && pile.read < count {
            let rows =
                self.statement.query_map(params![NO_FIGURES, rank, owner.map_or(0, |o| o.0), FEW, pile.read], |r| {
                    Ok((r.get(0)?, CustomerId(r.get(1)?)))
                })?;
            for row in rows {
                pile.few.push_back(row?);
            }
            pile.read += FEW;
        }
        if let Some((aum, id)) = pile.few.pop_front() {
            self.tops.push((aum, rank, Reverse(at), id));
        }
        Ok(())
    }
}

//! The order of a segment's rows: by assets, most first. Columns are written in the order in which customers arrive, for that is
//! how they lie in memory, and arranged afterwards.

use super::row::Row;
use crate::domain::ids::CustomerId;
use crate::domain::values::money::Fen;
use std::cmp::Reverse;

/// Where each row comes from and goes to.
#[derive(Debug)]
pub struct Order {
    /// By row, the place at arrival.
    from: Vec<u32>,
    /// By place at arrival, the row.
    to: Vec<u32>,
}

impl Order {
    /// Most assets first, without figures last, by id among equals: the order of `rank::by_assets`.
    pub fn by_assets(rows: &[Row]) -> Order {
        let mut keys: Vec<(Reverse<Option<Fen>>, CustomerId, u32)> =
            (0u32..).zip(rows).map(|(i, r)| (Reverse(r.aum), r.id, i)).collect();
        keys.sort_unstable();
        let mut to = vec![0; keys.len()];
        for (row, (.., from)) in (0u32..).zip(&keys) {
            if let Some(slot) = to.get_mut(*from as usize) {
                *slot = row;
            }
        }
        Order { from: keys.into_iter().map(|(.., from)| from).collect(), to }
    }

    /// A column put in order.
    pub fn arrange<T: Copy + Default>(&self, column: &[T]) -> Vec<T> {
        self.from.iter().map(|from| column.get(*from as usize).copied().unwrap_or_default()).collect()
    }

    /// What few rows have, put in order; comes with the place at arrival.
    pub fn arrange_few<T>(&self, few: impl Iterator<Item = (u32, T)>) -> Vec<(u32, T)> {
        let mut out: Vec<(u32, T)> =
            few.filter_map(|(from, what)| Some((self.to.get(from as usize).copied()?, what))).collect();
        out.sort_unstable_by_key(|(row, _)| *row);
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_put_in_order_of_assets() {
        let row = |id, aum: Option<i64>| Row { id: CustomerId(id), aum: aum.map(Fen), ..Row::default() };
        let order = Order::by_assets(&[row(3, None), row(2, Some(5)), row(1, Some(5)), row(4, Some(9))]);
        assert_eq!(order.arrange(&['a', 'b', 'c', 'd']), ['d', 'c', 'b', 'a']);
        assert_eq!(order.arrange_few([(0, "a"), (3, "d")].into_iter()), [(0, "d"), (3, "a")]);
    }
}

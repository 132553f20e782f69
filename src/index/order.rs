//! The order of a segment's rows: by assets, most first. Columns are written in the order in which customers arrive, for that is
//! how they lie in memory, and arranged afterwards.

use crate::domain::ids::CustomerId;

/// Where each row comes from and goes to.
#[derive(Debug)]
pub struct Order {
    /// By row, the place at arrival.
    from: Vec<u32>,
    /// By place at arrival, the row.
    to: Vec<u32>,
}

impl Order {
    /// Most assets first, without figures last, by id among equals: the order of `rank::by_assets`. Assets in fen, the least there
    /// is where there are no figures.
    pub fn by_assets(aum: &[i64], ids: &[CustomerId]) -> Order {
        // Flipped so that the most comes first.
        let mut keys: Vec<(i64, u32)> = aum.iter().map(|aum| !aum).zip(0u32..).collect();
        let id = |at: u32| ids.get(at as usize);
        if ids.is_sorted() {
            keys.sort_unstable();
        } else {
            keys.sort_unstable_by(|a, b| a.0.cmp(&b.0).then_with(|| id(a.1).cmp(&id(b.1))));
        }
        let mut to = vec![0; keys.len()];
        for (row, (_, from)) in (0u32..).zip(&keys) {
            if let Some(slot) = to.get_mut(*from as usize) {
                *slot = row;
            }
        }
        Order { from: keys.into_iter().map(|(_, from)| from).collect(), to }
    }

    /// The row of each customer, in the order they arrived.
    pub fn as_arrived(&self) -> &[u32] {
        &self.to
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
        let order = Order::by_assets(&[i64::MIN, 5, 5, 9], &[3, 2, 1, 4].map(CustomerId));
        assert_eq!(order.arrange(&['a', 'b', 'c', 'd']), ['d', 'c', 'b', 'a']);
        assert_eq!(order.arrange_few([(0, "a"), (3, "d")].into_iter()), [(0, "d"), (3, "a")]);
    }
}

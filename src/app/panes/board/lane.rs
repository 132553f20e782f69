//! One column of the board: its sums, its own cursor, and the few cards around what shows, fetched from the index as one
//! scrolls. Which columns there are is the board's matter.

use crate::app::list::Cursor;
use crate::domain::ids::CustomerId;
use crate::domain::values::money::Fen;
use crate::index::row::Row;
use crate::index::{Group, GroupBy, GroupKey, Index};

/// Cards fetched beyond those that show, so that most steps need no fetching.
const SPARE: usize = 48;

/// A column.
#[derive(Debug, Clone)]
pub struct Lane {
    /// Which.
    pub key: GroupKey,
    /// Customers in it.
    pub count: usize,
    /// Their assets by the basis of the settings, where the one who looks sees those of all of them.
    pub aum: Option<Fen>,
    /// Where the cursor stands in it.
    pub cursor: Cursor,
    from: usize,
    cards: Vec<Row>,
}

/// The column that a customer stands in.
pub fn key_of(row: &Row, by: GroupBy) -> GroupKey {
    match by {
        GroupBy::Tier => GroupKey::Tier(row.tier),
        GroupBy::Owner => GroupKey::Owner(row.owner),
        GroupBy::Area => GroupKey::Area(row.area.clone()),
        GroupBy::Stage => GroupKey::Stage(row.stage),
    }
}

impl Lane {
    /// A column with its sums and no card yet.
    pub fn new(group: Group) -> Lane {
        let Group { key, count, aum } = group;
        Lane { key, count, aum, cursor: Cursor::default(), from: 0, cards: Vec::new() }
    }

    /// The customer under its cursor.
    pub fn current(&self) -> Option<&Row> {
        self.card(self.cursor.at)
    }

    /// The customer at a position, if that card was fetched.
    pub fn card(&self, at: usize) -> Option<&Row> {
        self.cards.get(at.checked_sub(self.from)?)
    }

    /// The cards that show, with their positions.
    pub fn shown(&self, height: usize) -> impl Iterator<Item = (usize, &Row)> {
        let top = self.cursor.top;
        (top..top.saturating_add(height).min(self.count)).filter_map(|at| self.card(at).map(|row| (at, row)))
    }

    /// Fetches what shows, unless it is there.
    pub fn fetch(&mut self, index: &Index, height: usize) {
        self.cursor.fit(self.count, height);
        let (top, end) = (self.cursor.top, (self.cursor.top + height).min(self.count));
        if self.from <= top && end <= self.from + self.cards.len() {
            return;
        }
        self.from = top.saturating_sub(SPARE / 2);
        self.cards = index.column(&self.key, self.from, height + SPARE);
    }

    /// Puts the cursor on a customer, if they stand in this column; the card keeps its line on the screen where it can.
    pub fn find(&mut self, index: &Index, id: CustomerId, height: usize) -> bool {
        let Some(at) = index.position(&self.key, id) else { return false };
        let line = self.cursor.at.saturating_sub(self.cursor.top);
        self.cursor = Cursor { at, top: at.saturating_sub(line) };
        self.cursor.fit(self.count, height);
        true
    }

    /// Takes over where the cursor stood before the column was read anew.
    pub fn follow(&mut self, before: &Lane, index: &Index, height: usize) {
        self.cursor = before.cursor;
        let found = before.current().is_some_and(|row| self.find(index, row.id, height));
        if !found {
            self.cursor.fit(self.count, height);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::key::{Code, Key};
    use crate::domain::tier::Tier;
    use proptest::prelude::*;

    fn index(n: i64) -> Index {
        let row = |n: i64| Row {
            id: CustomerId(n),
            aum: Some(Fen(n % 40)),
            tier: Some(if n % 3 == 0 { Tier::Big } else { Tier::Vip }),
            ..Row::default()
        };
        Index::build((1..=n).map(row).collect(), &[])
    }

    fn lane(index: &Index, tier: Tier) -> Lane {
        let key = GroupKey::Tier(Some(tier));
        Lane::new(index.groups(GroupBy::Tier).into_iter().find(|g| g.key == key).expect("all tiers are groups"))
    }

    proptest! {
        // Each case builds an index; forty of them walk some thousand steps.
        #![proptest_config(ProptestConfig::with_cases(40))]
        #[test]
        fn whatever_way_one_scrolls_the_cards_are_those_of_the_index(
            moves in proptest::collection::vec(0..6_usize, 1..60), height in 1..20_usize, n in 0..900_i64
        ) {
            let index = index(n);
            let mut lane = lane(&index, Tier::Vip);
            let keys = [Code::Up, Code::Down, Code::PageUp, Code::PageDown, Code::Home, Code::End];
            for m in moves {
                lane.cursor.key(Key::plain(keys[m]), lane.count, height);
                lane.fetch(&index, height);
                let want: Vec<Row> = index.column(&lane.key, lane.cursor.top, height);
                let shown: Vec<Row> = lane.shown(height).map(|(_, row)| row.clone()).collect();
                prop_assert_eq!(shown, want);
                prop_assert_eq!(lane.current().is_some(), lane.count > 0);
            }
        }
    }

    #[test]
    fn the_cursor_follows_its_customer_within_the_column_and_keeps_its_line() {
        let mut index = index(300);
        let mut before = lane(&index, Tier::Vip);
        before.cursor = Cursor { at: 50, top: 46 };
        before.fetch(&index, 8);
        let row = before.current().expect("a card").clone();
        index.upsert(Row { aum: Some(Fen(5)), ..row.clone() });
        let mut after = lane(&index, Tier::Vip);
        after.follow(&before, &index, 8);
        after.fetch(&index, 8);
        assert_eq!(after.current().map(|r| r.id), Some(row.id));
        assert_ne!(after.cursor.at, 50);
        assert_eq!(after.cursor.at - after.cursor.top, 4);
    }

    #[test]
    fn who_left_the_column_leaves_the_cursor_to_the_next_one() {
        let mut index = index(30);
        let mut before = lane(&index, Tier::Big);
        before.cursor.at = 9;
        before.fetch(&index, 8);
        let row = before.current().expect("the last card").clone();
        index.upsert(Row { tier: Some(Tier::Vip), ..row });
        let mut after = lane(&index, Tier::Big);
        after.follow(&before, &index, 8);
        assert_eq!((after.count, after.cursor.at), (9, 8));
    }
}

//! The index: segments that never change but for customers struck out, and a handful of changed rows that become a segment when
//! somebody asks. Small segments are merged into their neighbour as they grow, so a change never waits for a million rows.
//! How a query is answered lives in `search`, how the board is in `board`.

use super::columns::Columns;
use super::intake::Intake;
use super::row::Row;
use super::segment::Segment;
use crate::domain::calendar::yearly::LeapPolicy;
use crate::domain::ids::CustomerId;
use crate::domain::sight::Sight;
use crate::domain::staff::Staff;
use chrono::NaiveDate;
use fuzzy_matcher::skim::SkimMatcherV2;
use std::cell::RefCell;
use std::collections::BTreeMap;

/// Changed rows are built into a segment for good when there are so many.
const FRESH: usize = 256;
/// A segment is merged with the one before it when it has grown to a quarter of it.
const RATIO: usize = 4;
/// More segments than this are merged all but the first.
const MOST: usize = 6;

/// Birthday keys of a span of days, as last asked for.
pub(super) type Born = Option<((NaiveDate, NaiveDate, LeapPolicy), Vec<u32>)>;

/// Every customer of the branch, searched in memory.
pub struct Index {
    /// The largest first.
    pub(super) built: Vec<Segment>,
    /// Changed since, by id.
    fresh: BTreeMap<CustomerId, Row>,
    /// Those as a segment, once asked for.
    fresh_built: RefCell<Option<Segment>>,
    pub(super) people: Vec<Staff>,
    pub(super) areas: Vec<String>,
    pub(super) matcher: SkimMatcherV2,
    pub(super) born: RefCell<Born>,
    pub(super) columns: RefCell<Columns>,
    /// Whose figures are told.
    sight: Sight,
}

impl std::fmt::Debug for Index {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // Rows are personal data and stay out of logs.
        write!(f, "Index of {} customers", self.len())
    }
}

impl Default for Index {
    fn default() -> Self {
        Index::build(Vec::new(), &[])
    }
}

impl Index {
    /// Builds it from rows in any order. Of two rows with the same id the later one counts.
    pub fn build(rows: Vec<Row>, people: &[Staff]) -> Index {
        let mut ids: Vec<CustomerId> = rows.iter().map(|r| r.id).collect();
        ids.sort_unstable();
        let twice = ids.windows(2).any(|w| w.first() == w.last());
        let main = if twice {
            let once: BTreeMap<CustomerId, Row> = rows.into_iter().map(|r| (r.id, r)).collect();
            Segment::build(&once.into_values().collect::<Vec<_>>())
        } else {
            Segment::build(&rows)
        };
        Index::over(main, people)
    }

    /// Builds it from all that arrived.
    pub fn of(intake: Intake, people: &[Staff]) -> Index {
        Index::over(Segment::of(intake), people)
    }

    fn over(main: Segment, people: &[Staff]) -> Index {
        let areas = main.facts.areas.iter().filter(|a| !a.is_empty()).cloned().collect();
        Index {
            built: vec![main],
            fresh: BTreeMap::new(),
            fresh_built: RefCell::new(None),
            people: people.to_vec(),
            areas,
            matcher: SkimMatcherV2::default(),
            born: RefCell::new(None),
            columns: RefCell::new(Columns::default()),
            sight: Sight::whole(),
        }
    }

    /// From now on it tells no more than this sight reaches: of everybody else no assets, no visit, no gaps, in no answer, order, sum or
    /// filter. Says whether that is another sight than before. All of it stays in memory: another one may sit down any moment.
    pub fn look(&mut self, sight: Sight) -> bool {
        if self.sight == sight {
            return false;
        }
        self.sight = sight;
        let sight = &self.sight;
        self.built.iter_mut().for_each(|segment| segment.look(sight));
        self.changed();
        true
    }

    /// A segment as it is looked at.
    fn segment(&self, rows: &[Row]) -> Segment {
        let mut segment = Segment::build(rows);
        segment.look(&self.sight);
        segment
    }

    /// Takes the staff as they are now, for `owner:`.
    pub fn set_people(&mut self, people: &[Staff]) {
        self.people = people.to_vec();
    }

    /// The areas (片区) that were seen, in order.
    pub fn areas(&self) -> &[String] {
        &self.areas
    }

    /// Takes a customer in, new or changed; the old values find nobody from here on.
    pub fn upsert(&mut self, row: Row) {
        self.strike(row.id);
        if !row.area.is_empty()
            && let Err(at) = self.areas.binary_search(&row.area)
        {
            self.areas.insert(at, row.area.clone());
        }
        self.fresh.insert(row.id, row);
        self.changed();
        if self.fresh.len() >= FRESH {
            self.settle();
        }
    }

    /// Takes many customers in, as after an import or a handing over of keepers; cheaper than one after another.
    pub fn upsert_all(&mut self, rows: Vec<Row>) {
        if rows.len() < FRESH {
            rows.into_iter().for_each(|row| self.upsert(row));
            return;
        }
        for row in rows {
            self.strike(row.id);
            if let Err(at) = self.areas.binary_search(&row.area)
                && !row.area.is_empty()
            {
                self.areas.insert(at, row.area.clone());
            }
            self.fresh.insert(row.id, row);
        }
        self.changed();
        self.settle();
    }

    /// Forgets a customer.
    pub fn remove(&mut self, id: CustomerId) {
        self.strike(id);
        self.fresh.remove(&id);
        self.changed();
    }

    fn strike(&mut self, id: CustomerId) {
        for segment in &mut self.built {
            if segment.strike(id) {
                break;
            }
        }
    }

    fn changed(&mut self) {
        self.fresh_built.replace(None);
        self.columns.replace(Columns::default());
    }

    /// Builds the changed rows for good, and merges what has grown.
    fn settle(&mut self) {
        let rows: Vec<Row> = std::mem::take(&mut self.fresh).into_values().collect();
        self.built.push(self.segment(&rows));
        loop {
            let from = match self.built.as_slice() {
                [.., a, b] if b.len() * RATIO >= a.len() => self.built.len() - 2,
                many if many.len() > MOST => 1,
                _ => return,
            };
            let rows: Vec<Row> = self.built.drain(from..).flat_map(|s| s.all().collect::<Vec<_>>()).collect();
            self.built.push(self.segment(&rows));
        }
    }

    /// How many customers there are.
    pub fn len(&self) -> usize {
        self.built.iter().map(Segment::len).sum::<usize>() + self.fresh.len()
    }

    /// Whether there is nobody.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// A customer as taken in, with what the one who looks sees.
    pub fn row(&self, id: CustomerId) -> Option<Row> {
        let built = || self.built.iter().find_map(|s| s.find(id).map(|row| s.row(row)));
        let fresh = || {
            let mut row = self.fresh.get(&id).cloned()?;
            if !self.sight.reaches(row.owner, row.assistant, row.tier) {
                row.cut();
            }
            Some(row)
        };
        fresh().or_else(built)
    }

    /// All segments, the changed rows as the last of them.
    pub(super) fn with_segments<T>(&self, ask: impl FnOnce(&[&Segment]) -> T) -> T {
        let mut fresh = self.fresh_built.borrow_mut();
        let fresh = fresh.get_or_insert_with(|| {
            let rows: Vec<Row> = self.fresh.values().cloned().collect();
            self.segment(&rows)
        });
        let mut all: Vec<&Segment> = self.built.iter().collect();
        if fresh.rows() > 0 {
            all.push(fresh);
        }
        ask(&all)
    }

    /// Bytes held, by part.
    pub fn bytes(&self) -> Vec<(&'static str, usize)> {
        self.with_segments(|all| {
            let mut sums: Vec<(&'static str, usize)> = Vec::new();
            for (part, bytes) in all.iter().flat_map(|s| s.bytes()) {
                match sums.iter_mut().find(|(p, _)| *p == part) {
                    Some((_, sum)) => *sum += bytes,
                    None => sums.push((part, bytes)),
                }
            }
            sums
        })
    }
}

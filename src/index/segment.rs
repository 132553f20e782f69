//! A segment: customers numbered by assets, never changed once built, only struck out. It says which of its rows meet a word, and
//! gives rows back whole. Which segments there are is the index's business.

use super::addresses::Addresses;
use super::bits::Bits;
use super::codes::Codes;
use super::facts::Facts;
use super::fold::Kind;
use super::intake::Intake;
use super::names::Names;
use super::pairs::Pairs;
use super::query::{Query, Run, Word};
use super::row::Row;
use super::sets::{Gather, Set};
use crate::domain::ids::CustomerId;
use crate::domain::sight::Sight;
use crate::domain::values::money::Fen;
use chrono::NaiveDate;
use std::cmp::Reverse;

/// Where a customer stands among others: by assets, most first; those without figures; those whose figures the one who looks does not
/// see, by tier. By id among equals, so that the order never wavers.
pub type Standing = (Reverse<Option<Fen>>, u8, CustomerId);

/// Customers in columns.
#[derive(Debug, Default)]
pub struct Segment {
    names: Names,
    phones: Codes,
    documents: Codes,
    nos: Codes,
    pairs: Pairs,
    addresses: Addresses,
    /// What filters and the board ask.
    pub facts: Facts,
    /// Struck out.
    dead: Bits,
    /// Whose figures the one who looks does not see; nothing where all are seen.
    beyond: Option<Bits>,
    gone: usize,
}

impl Segment {
    /// Builds from rows in any order, each customer once.
    pub fn build(rows: &[Row]) -> Segment {
        let mut intake = Intake::default();
        rows.iter().for_each(|row| intake.push(&row.lend()));
        Segment::of(intake)
    }

    /// Builds from all that arrived.
    pub fn of(intake: Intake) -> Segment {
        let order = intake.facts.order();
        let phones = Codes::build(intake.phones, &order);
        let documents = Codes::build(intake.documents, &order);
        let nos = Codes::build(intake.nos, &order);
        let facts = Facts::build(intake.facts, &order);
        let rows = facts.ids.len();
        Segment {
            pairs: Pairs::build(rows, &[&phones, &documents, &nos]),
            names: Names::build(intake.names, &order),
            addresses: Addresses::build(intake.addresses, &order),
            facts,
            dead: Bits::new(rows),
            beyond: None,
            gone: 0,
            phones,
            documents,
            nos,
        }
    }

    /// How many rows, struck out or not.
    pub fn rows(&self) -> usize {
        self.facts.ids.len()
    }

    /// How many customers.
    pub fn len(&self) -> usize {
        self.rows() - self.gone
    }

    /// Strikes a customer out; whether it was there.
    pub fn strike(&mut self, id: CustomerId) -> bool {
        match self.find(id) {
            Some(row) => {
                self.dead.set(row);
                self.gone += 1;
                true
            }
            None => false,
        }
    }

    /// The row of a customer that is not struck out.
    pub fn find(&self, id: CustomerId) -> Option<u32> {
        self.facts.find(id).filter(|row| self.alive(*row))
    }

    /// Whether a row is not struck out.
    pub fn alive(&self, row: u32) -> bool {
        !self.dead.has(row)
    }

    /// From now on no more is told than this sight reaches.
    pub fn look(&mut self, sight: &Sight) {
        self.beyond = (!sight.is_whole()).then(|| self.facts.beyond(sight));
    }

    /// Whether the one who looks sees the figures of a row.
    pub fn seen(&self, row: u32) -> bool {
        self.beyond.as_ref().is_none_or(|beyond| !beyond.has(row))
    }

    /// Assets of a row, where they are seen.
    pub fn aum(&self, row: u32) -> Option<Fen> {
        self.facts.aum(row).filter(|_| self.seen(row))
    }

    /// When the next visit of a row is due, where that is seen.
    pub fn visit(&self, row: u32) -> Option<NaiveDate> {
        self.facts.visit(row).filter(|_| self.seen(row))
    }

    /// Where a row stands among others.
    pub fn standing(&self, row: u32) -> Standing {
        let id = self.facts.ids.get(row as usize).copied().unwrap_or_default();
        let beyond = if self.seen(row) { 0 } else { self.facts.tier_order(row) };
        (Reverse(self.aum(row)), beyond, id)
    }

    /// The first `n` of a set: best level first, within a level as they stand.
    pub fn best(&self, set: &Set, n: usize) -> Vec<(u8, u32)> {
        let Some(beyond) = &self.beyond else { return set.best(n) };
        let mut seen = set.clone();
        seen.minus(beyond);
        let rest = set.clone().and(Set::plain(beyond.clone()));
        let mut first = seen.best(n);
        first.extend(rest.least(n, |row| self.standing(row)));
        first.sort_by_key(|(level, _)| *level);
        first.truncate(n);
        first
    }

    /// Rows in the order in which they stand.
    pub fn in_order(&self, rows: Bits) -> Vec<u32> {
        let Some(beyond) = &self.beyond else { return rows.iter().collect() };
        let (mut seen, mut rest) = (rows.clone(), rows);
        seen.minus(beyond);
        rest.and(beyond);
        let mut last: Vec<u32> = self.facts.in_order_of_ids(&rest).collect();
        // Most columns are of one tier: nothing is moved then.
        last.sort_by_key(|row| self.facts.tier_order(*row));
        let mut all: Vec<u32> = seen.iter().collect();
        all.extend(last);
        all
    }

    /// A row put together again, with what the one who looks sees.
    pub fn row(&self, row: u32) -> Row {
        let mut out = self.whole(row);
        if !self.seen(row) {
            out.cut();
        }
        out
    }

    /// A row put together again.
    fn whole(&self, row: u32) -> Row {
        let mut out = Row {
            no: self.nos.get(row),
            name: self.names.get(row),
            document: self.documents.get(row),
            phone: self.phones.get(row),
            phone2: self.phones.second(row),
            address: self.addresses.get(row),
            ..Row::default()
        };
        self.facts.fill(row, &mut out);
        out
    }

    /// As much of a row as ranking by this query looks at: most that are ranked are not shown.
    pub fn sketch(&self, row: u32, query: &Query) -> Row {
        let has = |kind| query.words.iter().any(|word| word.has(kind));
        let mut out = Row {
            id: self.facts.ids.get(row as usize).copied().unwrap_or_default(),
            aum: self.aum(row),
            tier: self.beyond.as_ref().filter(|b| b.has(row)).and_then(|_| self.facts.tier(row)),
            name: self.names.get(row),
            ..Row::default()
        };
        if has(Kind::Digits) {
            out.no = self.nos.get(row);
            out.document = self.documents.get(row);
            out.phone = self.phones.get(row);
            out.phone2 = self.phones.second(row);
        }
        if has(Kind::Han) {
            out.address = self.addresses.get(row);
        }
        out
    }

    /// Brings rows to hand that will be asked for one by one.
    pub fn touch(&self, rows: &[u32]) {
        self.names.touch(rows);
        self.codes().iter().for_each(|codes| codes.touch(rows));
        self.addresses.touch(rows);
        self.facts.touch(rows);
    }

    /// All customers, whole.
    pub fn all(&self) -> impl Iterator<Item = Row> + '_ {
        (0..self.rows() as u32).filter(|r| self.alive(*r)).map(|r| self.whole(r))
    }

    /// A key by which names sort as they are read.
    pub fn name_key(&self, row: u32) -> u64 {
        self.names.sort_key(row)
    }

    /// Those struck out.
    pub fn struck(&self) -> &Bits {
        &self.dead
    }

    /// The names.
    pub fn names(&self) -> &Names {
        &self.names
    }

    /// The addresses.
    pub fn addresses(&self) -> &Addresses {
        &self.addresses
    }

    /// The name of a row.
    pub fn name(&self, row: u32) -> String {
        self.names.get(row)
    }

    /// The address of a row.
    pub fn address(&self, row: u32) -> String {
        self.addresses.get(row)
    }

    /// The columns of numbers.
    pub fn codes(&self) -> [&Codes; 3] {
        [&self.phones, &self.documents, &self.nos]
    }

    /// Everybody.
    fn everybody(&self) -> Set {
        Set::plain(Bits::range(self.rows(), 0, self.rows()))
    }

    /// The rows that meet a query. `born` has the birthday keys of each filter.
    pub fn find_all(&self, query: &Query, born: &[Vec<u32>]) -> Set {
        let houses = query.house_numbers();
        let words = query.words.iter().map(|word| self.word(word, houses));
        let found = words.chain(self.filtered(query, born)).reduce(Set::and);
        let mut found = found.unwrap_or_else(|| self.everybody());
        if self.gone > 0 {
            found.minus(&self.dead);
        }
        found
    }

    /// The rows that pass the filters, struck out or not; `None` if there are no filters.
    pub fn filtered(&self, query: &Query, born: &[Vec<u32>]) -> Option<Set> {
        let born = |i: usize| born.get(i).map_or(&[][..], Vec::as_slice);
        let sets = query.filters.iter().enumerate().map(|(i, filter)| {
            let mut passing = self.facts.passing(&filter.test, born(i));
            if let Some(beyond) = self.beyond.as_ref().filter(|_| filter.test.tells()) {
                passing.minus(beyond);
            }
            passing
        });
        sets.reduce(Set::and)
    }

    /// The rows that meet one word.
    pub fn word(&self, word: &Word, houses: bool) -> Set {
        let mut gather = Gather::new(self.rows());
        if let [run] = word.runs.as_slice() {
            self.run(run, houses, &mut gather);
            return gather.done();
        }
        if word.has(Kind::Han) {
            self.addresses.part(&word.text, &mut gather);
            self.names.han(&word.text, &mut gather);
        } else {
            for codes in [&self.documents, &self.nos] {
                codes.run(&word.text, &mut gather);
            }
        }
        let parts = word.runs.iter().map(|run| {
            let mut gather = Gather::new(self.rows());
            self.run(run, houses, &mut gather);
            gather.done()
        });
        if let Some(all) = parts.reduce(Set::and) {
            gather.add_set(&all);
        }
        gather.done()
    }

    /// Gathers the rows that meet one run.
    pub fn run(&self, run: &Run, houses: bool, into: &mut Gather) {
        match run.kind {
            Kind::Han => {
                self.names.han(&run.text, into);
                self.addresses.part(&run.text, into);
            }
            Kind::Letters => self.names.letters(&run.text, into),
            Kind::Digits => {
                if !self.pairs.run(&run.text, into) {
                    self.codes().iter().for_each(|codes| codes.run(&run.text, into));
                }
                if houses {
                    self.addresses.house(&run.text, into);
                }
            }
        }
    }

    /// Bytes held, by part.
    pub fn bytes(&self) -> [(&'static str, usize); 7] {
        [
            ("names", self.names.bytes()),
            ("phones", self.phones.bytes()),
            ("documents", self.documents.bytes()),
            ("numbers", self.nos.bytes()),
            ("pairs", self.pairs.bytes()),
            ("addresses", self.addresses.bytes()),
            ("facts", self.facts.bytes() + self.dead.bytes() + self.beyond.as_ref().map_or(0, Bits::bytes)),
        ]
    }
}

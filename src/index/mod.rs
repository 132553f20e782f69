//! The search index of a workstation: every customer in memory, found by name, pinyin, digits, address, filters; ranked. It is
//! built from rows the store reads and kept fresh from the change feed. SQL and screens never live here.

mod addresses;
mod aside;
mod bits;
pub mod board;
mod codes;
mod columns;
mod complete;
mod digits;
mod facts;
mod filter;
pub mod fold;
mod hits;
mod intake;
pub mod key;
mod meet;
mod names;
mod nearly;
mod numbers;
mod order;
mod pairs;
pub mod pinyin;
mod postings;
pub mod query;
mod rank;
pub mod row;
mod runs;
mod search;
mod segment;
mod segments;
mod sets;
mod short;
mod slips;
mod sounds;
pub mod spell;
mod surnames;
mod touch;
mod triples;
mod typed;

pub use board::{Group, GroupBy, GroupKey};
pub use filter::{Filter, Name as FilterName, Test, gap_label};
pub use hits::{Field, Hit, Hits, Matched, Scope, Sort};
pub use intake::Intake;
pub use rank::SHORT as RANKED;
pub use segments::Index;

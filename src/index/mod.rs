//! The search index of a workstation: every customer in memory, found by name, pinyin, digits, address, filters; ranked. It is
//! built from rows the store reads and kept fresh from the change feed. SQL and screens never live here.

pub mod row;

//! What a rehearsal of several files remembers from one to the next, so that what two of them bring is counted once.

use super::record::Record;
use super::typed;
use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};

/// What a row did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Did {
    /// It is new.
    New,
    /// It changed something.
    Changed,
    /// All of it is there already.
    Nothing,
}

/// What a rehearsal of several files remembers from one to the next.
#[derive(Debug, Default)]
pub struct Rehearsal {
    /// Numbers of customers who would come in.
    pub coming: Vec<String>,
    /// By hash, what rows would bring and of what they are; only where several files have one layout.
    brought: Option<HashMap<u64, u64>>,
}

impl Rehearsal {
    /// Of files among which several have one layout, or none.
    pub fn of(several: bool) -> Rehearsal {
        Rehearsal { coming: Vec::new(), brought: several.then(HashMap::new) }
    }

    /// What a row would do after the files before it: what one of them brings is there by then.
    pub fn after(&mut self, record: &Record, did: Did) -> Did {
        let Some(brought) = &mut self.brought else { return did };
        let (whose, row) = match typed::fact(record) {
            Some(fact) => {
                let cells = fact.cells();
                (format!("{} {:?}", fact.kind().table, cells.key()), format!("{:?}", cells.value()))
            }
            None => (String::new(), format!("{record:?}")),
        };
        let (key, row) = (hash(&format!("{} {whose}", record.no())), hash(&row));
        match brought.get(&key) {
            Some(before) if *before == row => return Did::Nothing,
            None if did == Did::Nothing => return did,
            _ => {}
        }
        if brought.insert(key, row).is_some() { Did::Changed } else { did }
    }
}

/// Eight bytes that stand for something in this run.
pub fn hash(key: &impl Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    key.hash(&mut hasher);
    hasher.finish()
}

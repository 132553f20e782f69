//! Reading a file row by row into typed records, a block at a time, here or beside the one who writes: reading and writing cost about the
//! same, and go on together where somebody gives a thread for it.

use super::merge;
use super::record::{self, Record};
use super::rejects::Fault;
use super::source::{self, Control, Source};
use crate::domain::customer::Customer;
use crate::domain::text::Complaint;
use crate::exchange::rows::{Next, Row};
use chrono::NaiveDate;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};

/// Rows of a block.
const BLOCK: usize = 512;
/// Blocks on their way.
const AHEAD: usize = 4;

/// Work that may be done on another thread.
pub type Job = Box<dyn FnOnce() + Send + 'static>;

/// A row, and what it says or what is wrong with it. Its room is used again and again.
#[derive(Default)]
pub struct Line {
    /// The row as it stands in the file.
    pub row: Row,
    /// What it says; nothing where nobody wanted it.
    pub read: Option<Result<Record, Vec<Fault>>>,
    /// The archive that a customer's row begins, where everybody in the file is new.
    pub fresh: Option<Customer>,
}

/// Some rows.
#[derive(Default)]
pub struct Block {
    lines: Vec<Line>,
    len: usize,
    /// Bytes of the file read so far.
    pub bytes: u64,
    /// The file's own word of what is in it, once it was met.
    pub control: Option<Control>,
    /// Nothing comes after it.
    pub last: bool,
}

impl Block {
    /// The rows.
    pub fn lines(&self) -> &[Line] {
        self.lines.get(..self.len).unwrap_or_default()
    }
}

/// Which rows are wanted, a bit each; all where nobody chose.
#[derive(Debug, Default, Clone)]
pub struct Wanted(Vec<u64>);

impl Wanted {
    /// Wants a row, from 0.
    pub fn add(&mut self, row: u64) {
        let at = usize::try_from(row / 64).unwrap_or(usize::MAX);
        if self.0.len() <= at {
            self.0.resize(at + 1, 0);
        }
        if let Some(word) = self.0.get_mut(at) {
            *word |= 1 << (row % 64);
        }
    }

    /// Whether none is wanted.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    fn has(&self, row: u64) -> bool {
        let word = usize::try_from(row / 64).ok().and_then(|at| self.0.get(at));
        word.is_some_and(|word| word & (1 << (row % 64)) != 0)
    }
}

/// Reads a file.
struct Reader {
    source: Source,
    today: NaiveDate,
    wanted: Option<Wanted>,
    /// Every customer is somebody new.
    fresh: bool,
    at: u64,
}

impl Reader {
    fn fill(&mut self, block: &mut Block) -> Result<(), Complaint> {
        block.len = 0;
        block.last = false;
        while block.len < BLOCK {
            if block.lines.len() == block.len {
                block.lines.push(Line::default());
            }
            let Some(line) = block.lines.get_mut(block.len) else { break };
            let read = match self.source.next_into(&mut line.row)? {
                Next::End => {
                    block.last = true;
                    break;
                }
                Next::Broken(why) => {
                    let c = source::broken(why);
                    Err(vec![Fault::row(c.zh, c.en)])
                }
                Next::Row if self.wanted.as_ref().is_some_and(|w| !w.has(self.at)) => {
                    self.at += 1;
                    continue;
                }
                Next::Row => record::read(&self.source.columns, &line.row, self.today),
            };
            self.at += 1;
            line.fresh = match &read {
                Ok(Record::Customer(row)) if self.fresh => Some(merge::fresh(row)),
                _ => None,
            };
            line.read = Some(read);
            block.len += 1;
        }
        block.bytes = self.source.bytes();
        block.control = self.source.control;
        Ok(())
    }
}

/// The rows of a file as they come.
pub enum Lane {
    /// Read by the one who asks.
    Here(Box<(ReaderHere, Block)>),
    /// Read on another thread.
    Beside {
        /// Filled blocks.
        filled: Receiver<Result<Block, Complaint>>,
        /// Blocks to be filled again.
        empty: SyncSender<Block>,
        /// The one at hand.
        block: Option<Block>,
    },
}

/// A reader on the thread of the one who asks.
pub struct ReaderHere(Reader);

impl Lane {
    /// Opens a lane on a file; `beside` runs a job on a thread of its own.
    pub fn open(source: Source, today: NaiveDate, wanted: Option<Wanted>, beside: Option<&dyn Fn(Job)>) -> Lane {
        Lane::over(Reader { source, today, wanted, fresh: false, at: 0 }, beside)
    }

    /// Opens a lane on a file of customers of whom nobody is there yet.
    pub fn fresh(source: Source, today: NaiveDate, beside: Option<&dyn Fn(Job)>) -> Lane {
        Lane::over(Reader { source, today, wanted: None, fresh: true, at: 0 }, beside)
    }

    fn over(mut reader: Reader, beside: Option<&dyn Fn(Job)>) -> Lane {
        let Some(beside) = beside else { return Lane::Here(Box::new((ReaderHere(reader), Block::default()))) };
        let (fill, filled) = sync_channel(AHEAD);
        let (empty, empties) = sync_channel(AHEAD);
        for _ in 0..AHEAD {
            // The other end is here; there is room for all of them.
            let _ = empty.send(Block::default());
        }
        beside(Box::new(move || {
            while let Ok(mut block) = empties.recv() {
                let done = reader.fill(&mut block);
                let over = done.is_err() || block.last;
                if fill.send(done.map(|()| block)).is_err() || over {
                    break;
                }
            }
        }));
        Lane::Beside { filled, empty, block: None }
    }

    /// The next rows.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn block(&mut self) -> Result<&Block, Complaint> {
        match self {
            Lane::Here(here) => {
                let (reader, block) = here.as_mut();
                reader.0.fill(block)?;
                Ok(block)
            }
            Lane::Beside { filled, empty, block } => {
                if let Some(used) = block.take() {
                    // Whoever reads may be done already.
                    let _ = empty.send(used);
                }
                let next = filled.recv().unwrap_or_else(|_| {
                    Err(Complaint::new(
                        "读取文件的线程中断了，没有导入",
                        "Reading the file broke off; nothing was imported",
                    ))
                })?;
                Ok(block.insert(next))
            }
        }
    }
}

//! Matching the columns of a file to those of a layout: what is proposed, what was chosen. How a row is then read never lives here.

use super::{Column, Mapping, Strange, Tried};
use crate::app::input::Line;
use crate::app::list::Cursor;

/// A row of the screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Row {
    /// The layout.
    Layout,
    /// What the mapping is called.
    Name,
    /// One of the choices.
    Choice(usize),
    /// One of the layout's columns.
    Column(usize),
}

/// Where a column of the layout comes from.
#[derive(Debug, Clone, Default)]
pub struct Source {
    /// Headers of the file, by their places.
    pub headers: Vec<usize>,
    /// What stands for it in every row.
    pub constant: Line,
}

impl Source {
    /// Whether it comes from nowhere.
    pub fn is_empty(&self) -> bool {
        self.headers.is_empty() && self.constant.text().trim().is_empty()
    }
}

/// Columns being matched.
#[derive(Debug, Clone)]
pub struct Mapper {
    /// The file.
    pub strange: Strange,
    /// The layout it is matched to.
    pub layout: usize,
    /// What the mapping is called.
    pub name: Line,
    /// Which of its choices each choice has.
    pub choices: Vec<usize>,
    /// Where each column of the layout comes from.
    pub columns: Vec<Source>,
    /// Where one stands.
    pub cursor: Cursor,
    /// The first rows by it, as far as they came back.
    pub tried: Vec<Tried>,
    /// The next header chosen is one more for the column, not another.
    pub more: bool,
    /// Something was changed by hand.
    pub dirty: bool,
}

impl Mapper {
    /// Begins with the layout that the file is likest to, and what is proposed for that.
    pub fn new(strange: Strange) -> Mapper {
        let mut mapper = Mapper {
            choices: vec![0; strange.choices.len()],
            layout: strange.likest,
            strange,
            name: Line::default(),
            columns: Vec::new(),
            cursor: Cursor::default(),
            tried: Vec::new(),
            more: false,
            dirty: false,
        };
        mapper.begin();
        mapper.stand();
        mapper
    }

    fn begin(&mut self) {
        self.tried.clear();
        if let Some(proposed) = self.strange.layouts.get(self.layout).map(|l| l.proposed.clone()) {
            self.bring(&proposed);
        }
    }

    /// Takes over what a mapping says.
    fn bring(&mut self, mapping: &Mapping) {
        self.name.set(mapping.name.clone());
        if mapping.choices.len() == self.choices.len() {
            self.choices.clone_from(&mapping.choices);
        }
        let place = |h: &String| self.strange.headers.iter().position(|x| x == h);
        let source = |c: &Column| {
            let headers = mapping.columns.iter().find(|(name, _)| *name == c.name);
            let constant = mapping.constants.iter().find(|(name, _)| *name == c.name);
            Source {
                headers: headers.map(|(_, h)| h.iter().filter_map(place).collect()).unwrap_or_default(),
                constant: Line::of(constant.map(|(_, text)| text.clone()).unwrap_or_default()),
            }
        };
        self.columns = self.fields().iter().map(source).collect();
    }

    /// Stands on the first column that is needed and lacks, else on the first of all.
    fn stand(&mut self) {
        let lacking = self.fields().iter().zip(&self.columns).position(|(c, s)| self.needed(c) && s.is_empty());
        let at = lacking.unwrap_or(0);
        self.cursor.at = self.rows().iter().position(|r| *r == Row::Column(at)).unwrap_or_default();
    }

    /// The rows of the screen.
    pub fn rows(&self) -> Vec<Row> {
        let choices = self.strange.layouts.get(self.layout).map_or(&[][..], |l| &l.choices);
        let choices = choices.iter().map(|at| Row::Choice(*at));
        let columns = (0..self.columns.len()).map(Row::Column);
        [Row::Layout, Row::Name].into_iter().chain(choices).chain(columns).collect()
    }

    /// The row under the cursor.
    pub fn row(&self) -> Option<Row> {
        self.rows().get(self.cursor.at).copied()
    }

    /// The layout's columns.
    pub fn fields(&self) -> &[Column] {
        self.strange.layouts.get(self.layout).map_or(&[], |l| &l.columns)
    }

    /// The layout's name.
    pub fn layout_name(&self) -> &str {
        self.strange.layouts.get(self.layout).map_or("", |l| &l.name)
    }

    /// The next of what can be chosen on the row under the cursor, or the one before; says whether anything can.
    pub fn turn(&mut self, forward: bool) -> bool {
        let next = |at: usize, n: usize| (at + if forward { 1 } else { n.max(1) - 1 }) % n.max(1);
        match self.row() {
            Some(Row::Layout) => {
                self.layout = next(self.layout, self.strange.layouts.len());
                self.begin();
            }
            Some(Row::Choice(at)) => {
                let n = self.strange.choices.get(at).map_or(1, |c| c.of.len());
                if let Some(chosen) = self.choices.get_mut(at) {
                    *chosen = next(*chosen, n);
                    self.dirty = true;
                }
            }
            _ => return false,
        }
        true
    }

    /// The column under the cursor.
    pub fn column(&self) -> Option<usize> {
        match self.row()? {
            Row::Column(at) => Some(at),
            _ => None,
        }
    }

    /// Where the column under the cursor comes from.
    pub fn source(&mut self) -> Option<&mut Source> {
        let at = self.column()?;
        self.columns.get_mut(at)
    }

    /// Chooses a header for the column under the cursor, or none, and goes on to the next.
    pub fn put(&mut self, header: Option<usize>) {
        let Some(at) = self.column() else { return };
        let more = std::mem::take(&mut self.more);
        if let Some(header) = header {
            // A header is read for one column only.
            self.columns.iter_mut().for_each(|c| c.headers.retain(|h| *h != header));
        }
        if let Some(source) = self.columns.get_mut(at) {
            if !more {
                source.headers.clear();
            }
            source.headers.extend(header);
            source.constant.set("");
            self.dirty = true;
        }
        self.cursor.at = (self.cursor.at + 1).min(self.rows().len().saturating_sub(1));
    }

    /// Has the same stand for the column under the cursor in every row, and goes on to the next.
    pub fn fix(&mut self, text: &str) {
        let Some(at) = self.column() else { return };
        self.more = false;
        self.put(None);
        if let Some(source) = self.columns.get_mut(at) {
            source.constant.set(text);
        }
    }

    /// Whether a column is needed, as things stand.
    pub fn needed(&self, column: &Column) -> bool {
        let excused = column.unless.and_then(|at| self.choices.get(at)).is_some_and(|chosen| *chosen > 0);
        column.needed && !excused
    }

    /// Needed columns that come from nowhere yet.
    pub fn lacking(&self) -> Vec<&str> {
        let fields = self.fields().iter().zip(&self.columns);
        fields.filter(|(c, s)| self.needed(c) && s.is_empty()).map(|(c, _)| c.name.as_str()).collect()
    }

    /// What it comes to.
    pub fn mapping(&self) -> Mapping {
        let header = |at: &usize| self.strange.headers.get(*at).cloned();
        let fields = || self.fields().iter().zip(&self.columns);
        let constant = |s: &Source| s.constant.text().trim().to_owned();
        Mapping {
            name: self.name.text().trim().to_owned(),
            layout: self.layout_name().to_owned(),
            headers: self.strange.headers.clone(),
            columns: fields()
                .filter(|(_, s)| !s.headers.is_empty())
                .map(|(c, s)| (c.name.clone(), s.headers.iter().filter_map(header).collect()))
                .collect(),
            constants: fields()
                .filter(|(_, s)| !constant(s).is_empty())
                .map(|(c, s)| (c.name.clone(), constant(s)))
                .collect(),
            choices: self.choices.clone(),
            as_of: self.strange.layouts.get(self.layout).and_then(|l| l.proposed.as_of),
        }
    }
}

//! A page to read, print or send: a title and sections of rows, each section with its data date. Plain words; how they are set as text or as
//! HTML lives elsewhere.

/// A page.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Page {
    /// What it is.
    pub title: String,
    /// Who made it, when, of whom.
    pub under: String,
    /// What it says.
    pub sections: Vec<Section>,
    /// What is to be kept in mind, at the end.
    pub foot: String,
}

/// A section of a page.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Section {
    /// What it is about.
    pub head: String,
    /// Of which day its figures are; empty when they are of today.
    pub dated: String,
    /// Rows of cells: a label and a value, or the columns of a table.
    pub rows: Vec<Vec<String>>,
    /// Columns whose cells stand at the right, from 0.
    pub right: Vec<usize>,
}

impl Section {
    /// A section without rows.
    pub fn new(head: &str, dated: String) -> Section {
        Section { head: head.to_owned(), dated, rows: Vec::new(), right: Vec::new() }
    }

    /// With one more row.
    pub fn row<const N: usize>(&mut self, cells: [String; N]) {
        self.rows.push(cells.into());
    }
}

//! Field by field: what an extract's row makes of the archive that is already there. A value typed by hand stays unless the
//! extract is the authority for its field; what is missing comes from the ID number and the address.

use super::record::{CustomerRow, township};
use crate::domain::archive;
use crate::domain::calendar::lunar::LunarDay;
use crate::domain::customer::{Customer, Sort};
use crate::domain::field::Authority;
use crate::domain::values::document::DocumentKind;

/// An archive after a row was merged into it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Merged {
    /// The archive.
    pub customer: Customer,
    /// Codes of fields where a value typed by hand was kept against the extract's.
    pub kept: Vec<&'static str>,
}

/// A new archive from a row.
pub fn fresh(row: &CustomerRow) -> Customer {
    let blank = Customer { no: row.no.clone(), ..Customer::default() };
    merged(&blank, row).customer
}

/// The archive `old` with the row's values. An empty column says nothing and changes nothing.
pub fn merged(old: &Customer, row: &CustomerRow) -> Merged {
    let mut m = Merged { customer: old.clone(), kept: vec![] };
    let c = &mut m.customer;
    let mut take = |code: &'static str, has: bool, same: bool| {
        let takes = has && !same && !is_held(old, code);
        if has && !same && !takes {
            m.kept.push(code);
        }
        takes
    };
    if take("name", !row.name.is_empty(), row.name == c.name) {
        c.name.clone_from(&row.name);
    }
    if take("id_no", row.document.is_some(), row.document == c.document) {
        c.document.clone_from(&row.document);
    }
    if take("phone", !row.phone.is_empty(), row.phone == c.phone) {
        c.phone.clone_from(&row.phone);
    }
    if take("address", !row.address.is_empty(), row.address == c.address) {
        c.address.clone_from(&row.address);
    }
    if take("opened", row.opened.is_some(), row.opened == c.opened) {
        c.opened = row.opened;
    }
    if take("opened_at", !row.opened_at.is_empty(), row.opened_at == c.opened_at) {
        c.opened_at.clone_from(&row.opened_at);
    }
    // Whoever stands in the core system's list has an account, and its number.
    c.no.clone_from(&row.no);
    let business = c.document.as_ref().is_some_and(|d| d.kind == DocumentKind::CreditCode);
    if c.sort == Sort::Prospect || (c.sort == Sort::Person && business) {
        c.sort = if business { Sort::Business } else { Sort::Person };
    }
    infer(c);
    m
}

/// Fills what is missing and follows from the rest: birthday and sex from the ID, the lunar day from the birthday, the area
/// from the address. What was cleared by hand stays empty.
fn infer(c: &mut Customer) {
    let held = |c: &Customer, code| c.hand.contains(code);
    if c.birth.is_none() && !held(c, "birth") {
        c.birth = c.document.as_ref().and_then(|d| d.birth());
    }
    if c.sex.is_none() && !held(c, "sex") {
        c.sex = c.document.as_ref().and_then(|d| d.sex());
    }
    if c.lunar.is_none() && !held(c, "lunar") {
        c.lunar = c.birth.and_then(LunarDay::of);
    }
    if c.area.is_empty() && !held(c, "area") {
        c.area = township(&c.address).unwrap_or_default().to_owned();
    }
}

/// Whether a value was typed by hand and the extract has no authority over its field.
fn is_held(c: &Customer, code: &'static str) -> bool {
    c.hand.contains(code)
        && archive::FIELDS.iter().find(|f| f.code == code).is_none_or(|f| f.authority != Authority::Extract)
}

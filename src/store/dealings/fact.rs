//! A fact of an extract as a row of its table: which columns are its key, which its value. How versions of it are kept is in `stage`.

use crate::domain::dealings::holding::Holding;
use crate::domain::dealings::loan::Loan;
use crate::domain::dealings::rating::Rating;
use crate::domain::dealings::service::Service;
use crate::domain::dealings::txn::Txn;
use crate::domain::tier::Figures;
use crate::domain::values::money::Fen;
use crate::store::cell;
use chrono::NaiveDate;
use rusqlite::types::ValueRef;

/// What an extract says of a customer in one row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fact<'a> {
    /// 资产
    Figures(&'a Figures),
    /// 交易
    Txn(&'a Txn),
    /// 持有
    Holding(&'a Holding),
    /// 贷款
    Loan(&'a Loan),
    /// 签约
    Service(&'a Service),
    /// 评级
    Rating(&'a Rating),
}

/// A table of facts. Beside the columns named here each has `customer` and `account` in its key, and `since` and `until`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Kind {
    /// The table.
    pub table: &'static str,
    /// The columns of the key between `customer` and `account`.
    pub keys: &'static [&'static str],
    /// The other columns, in the order of the table.
    pub values: &'static [&'static str],
    /// A file lists everything in force: what it lacks has ended.
    pub full: bool,
}

/// 资产
pub const FIGURES: Kind = Kind {
    table: "figures",
    keys: &["as_of"],
    values: &["demand", "fixed", "wealth", "fund", "insurance", "bond", "balance", "average"],
    full: false,
};
/// 交易
pub const TXN: Kind =
    Kind { table: "txn", keys: &["day", "serial"], values: &["amount", "channel", "bank", "note"], full: false };
/// 持有
pub const HOLDING: Kind = Kind {
    table: "holding",
    keys: &["contract"],
    values: &["product", "amount", "begins", "ends", "rate", "state"],
    full: true,
};
/// 贷款
pub const LOAN: Kind = Kind {
    table: "loan",
    keys: &["no"],
    values: &[
        "product",
        "lent",
        "balance",
        "lent_on",
        "ends",
        "next_due",
        "instalment",
        "overdue",
        "class",
        "purpose",
        "method",
        "repays",
    ],
    full: true,
};
/// 签约
pub const SERVICE: Kind = Kind { table: "service", keys: &["name"], values: &["state", "day"], full: true };
/// 评级
pub const RATING: Kind = Kind { table: "rating", keys: &["day"], values: &["grade", "credit"], full: false };

/// All of them.
pub const KINDS: [Kind; 6] = [FIGURES, TXN, HOLDING, LOAN, SERVICE, RATING];

/// The layouts as batches name them, and where the facts of each are kept; customers are kept elsewhere.
pub const LAYOUTS: [(&str, Option<Kind>); 7] = [
    (CUSTOMERS, None),
    ("资产", Some(FIGURES)),
    ("交易", Some(TXN)),
    ("持有", Some(HOLDING)),
    ("贷款", Some(LOAN)),
    ("签约", Some(SERVICE)),
    ("评级", Some(RATING)),
];

/// 客户, as batches name it.
pub const CUSTOMERS: &str = "客户";

/// The most cells that any of them has beside customer, account, since and until.
pub const MOST: usize = 13;

/// The cells of a fact: of its key, then of its value.
#[derive(Debug, Clone, Copy)]
pub struct Cells<'a> {
    cells: [ValueRef<'a>; MOST],
    keys: usize,
    all: usize,
}

impl<'a> Cells<'a> {
    /// Of the key.
    pub fn key(&self) -> &[ValueRef<'a>] {
        self.cells.get(..self.keys).unwrap_or_default()
    }

    /// Of the value.
    pub fn value(&self) -> &[ValueRef<'a>] {
        self.cells.get(self.keys..self.all).unwrap_or_default()
    }
}

fn fen(f: Fen) -> ValueRef<'static> {
    ValueRef::Integer(f.0)
}

fn some_fen(f: Option<Fen>) -> ValueRef<'static> {
    f.map_or(ValueRef::Null, fen)
}

fn day(d: NaiveDate) -> ValueRef<'static> {
    ValueRef::Integer(cell::day(d))
}

fn some_day(d: Option<NaiveDate>) -> ValueRef<'static> {
    d.map_or(ValueRef::Null, day)
}

fn number(n: u32) -> ValueRef<'static> {
    ValueRef::Integer(i64::from(n))
}

fn text(s: &str) -> ValueRef<'_> {
    ValueRef::Text(s.as_bytes())
}

impl<'a> Fact<'a> {
    /// The table it belongs to.
    pub fn kind(&self) -> Kind {
        match self {
            Fact::Figures(_) => FIGURES,
            Fact::Txn(_) => TXN,
            Fact::Holding(_) => HOLDING,
            Fact::Loan(_) => LOAN,
            Fact::Service(_) => SERVICE,
            Fact::Rating(_) => RATING,
        }
    }

    /// Its cells in the order of [`Kind::keys`] and [`Kind::values`].
    pub fn cells(&self) -> Cells<'a> {
        let kind = self.kind();
        let given: &[ValueRef<'a>] = match *self {
            Fact::Figures(f) => &[
                day(f.as_of),
                fen(f.demand),
                fen(f.fixed),
                fen(f.wealth),
                fen(f.fund),
                fen(f.insurance),
                fen(f.bond),
                fen(f.balance),
                some_fen(f.average),
            ],
            Fact::Txn(t) => {
                &[day(t.day), text(&t.serial), fen(t.amount), text(&t.channel), text(&t.bank), text(&t.note)]
            }
            Fact::Holding(h) => &[
                text(&h.contract),
                text(&h.product),
                fen(h.amount),
                some_day(h.begins),
                some_day(h.ends),
                h.rate.map_or(ValueRef::Null, number),
                text(&h.state),
            ],
            Fact::Loan(l) => &[
                text(&l.no),
                text(&l.product),
                fen(l.lent),
                fen(l.balance),
                some_day(l.lent_on),
                some_day(l.ends),
                some_day(l.next_due),
                some_fen(l.instalment),
                number(l.overdue),
                ValueRef::Integer(l.class.rank()),
                text(&l.purpose),
                text(&l.method),
                text(&l.repays),
            ],
            Fact::Service(s) => &[text(&s.name), text(&s.state), some_day(s.day)],
            Fact::Rating(r) => &[day(r.day), text(&r.grade), some_fen(r.credit)],
        };
        let mut cells = [ValueRef::Null; MOST];
        for (cell, value) in cells.iter_mut().zip(given) {
            *cell = *value;
        }
        Cells { cells, keys: kind.keys.len(), all: kind.keys.len() + kind.values.len() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::migrate;
    use rusqlite::Connection;

    #[test]
    fn every_kind_names_the_columns_of_its_table_in_their_order() {
        let conn = Connection::open_in_memory().unwrap();
        migrate::lay(&conn).unwrap();
        for kind in KINDS {
            let columns: Vec<String> = conn
                .prepare(&format!("SELECT name FROM pragma_table_info('{}') ORDER BY cid", kind.table))
                .unwrap()
                .query_map([], |r| r.get(0))
                .unwrap()
                .map(Result::unwrap)
                .collect();
            let ours: Vec<&str> = ["customer"]
                .iter()
                .chain(kind.keys)
                .chain(&["account", "since", "until"])
                .chain(kind.values)
                .copied()
                .collect();
            assert_eq!(columns, ours);
            assert!(kind.keys.len() + kind.values.len() <= MOST);
        }
    }
}

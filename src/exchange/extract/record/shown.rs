//! A record as cells again, in the order of its layout's columns, as it was understood: for a preview.

use super::Record;
use crate::domain::values::money::Fen;
use chrono::NaiveDate;

impl Record {
    /// What was read, a cell for each of the layout's columns; empty where the row says nothing.
    pub fn shown(&self) -> Vec<String> {
        match self {
            Record::Customer(c) => {
                let (kind, number) = match &c.document {
                    Some(d) => (d.kind.label().zh.to_owned(), d.number.clone()),
                    None => Default::default(),
                };
                let (no, name, phone) = (c.no.clone(), c.name.clone(), c.phone.clone());
                vec![no, name, kind, number, phone, c.address.clone(), day(c.opened), c.opened_at.clone()]
            }
            Record::Figures(row) => {
                let f = &row.figures;
                let sums = [f.demand, f.fixed, f.wealth, f.fund, f.insurance, f.bond, f.balance].map(Fen::yuan);
                let mut cells = vec![row.no.clone(), day(Some(f.as_of))];
                cells.extend(sums);
                cells.push(sum(f.average));
                cells
            }
            Record::Txn { no, txn, .. } => {
                let side = if txn.amount < Fen::ZERO { "借" } else { "贷" };
                let amount = if txn.amount < Fen::ZERO { -txn.amount } else { txn.amount };
                let words = [&txn.channel, &txn.bank, &txn.note].map(Clone::clone);
                let mut cells =
                    vec![no.clone(), day(Some(txn.day)), txn.serial.clone(), side.to_owned(), amount.yuan()];
                cells.extend(words);
                cells
            }
            Record::Holding { no, holding: h } => vec![
                no.clone(),
                h.product.clone(),
                h.contract.clone(),
                h.amount.yuan(),
                day(h.begins),
                day(h.ends),
                h.rate.map(|r| format!("{}.{:02}%", r / 100, r % 100)).unwrap_or_default(),
                h.state.clone(),
            ],
            Record::Loan { no, loan: l } => vec![
                no.clone(),
                l.no.clone(),
                l.product.clone(),
                l.lent.yuan(),
                l.balance.yuan(),
                day(l.lent_on),
                day(l.ends),
                day(l.next_due),
                sum(l.instalment),
                l.overdue.to_string(),
                l.class.label().zh.to_owned(),
                l.purpose.clone(),
                l.method.clone(),
                l.repays.clone(),
            ],
            Record::Service { no, service: s } => vec![no.clone(), s.name.clone(), s.state.clone(), day(s.day)],
            Record::Rating { no, rating: r } => vec![no.clone(), r.grade.clone(), sum(r.credit), day(Some(r.day))],
        }
    }
}

fn day(day: Option<NaiveDate>) -> String {
    day.map(|d| d.to_string()).unwrap_or_default()
}

fn sum(sum: Option<Fen>) -> String {
    sum.map(Fen::yuan).unwrap_or_default()
}

//! Records as facts of the store: where the facts of a layout are kept, and what is said of a row that stands in its file twice.

use super::layout::Layout;
use super::record::Record;
use super::rejects::Fault;
use crate::domain::values::money::Fen;
use crate::store::dealings::fact::{Fact, Kind, LAYOUTS};
use chrono::NaiveDate;

/// Where the facts of a layout are kept; customers are archives.
pub fn kind_of(layout: Layout) -> Option<Kind> {
    LAYOUTS.iter().find(|(name, _)| *name == layout.label().zh).and_then(|(_, kind)| *kind)
}

/// The fact that a record is; a row of 客户 is none.
pub fn fact(record: &Record) -> Option<Fact<'_>> {
    Some(match record {
        Record::Customer(_) => return None,
        Record::Figures(row) => Fact::Figures(&row.figures),
        Record::Txn { txn, .. } => Fact::Txn(txn),
        Record::Holding { holding, .. } => Fact::Holding(holding),
        Record::Loan { loan, .. } => Fact::Loan(loan),
        Record::Service { service, .. } => Fact::Service(service),
        Record::Rating { rating, .. } => Fact::Rating(rating),
    })
}

/// The day of the data, where the row says it.
pub fn data_date(record: &Record) -> Option<NaiveDate> {
    match record {
        Record::Figures(row) => Some(row.figures.as_of),
        _ => None,
    }
}

/// What a record adds to the control total of its layout.
pub fn sum(layout: Option<Layout>, record: &Record) -> Option<Fen> {
    layout.and_then(Layout::summed).map(|_| record.summed())
}

/// That the file says the same thing twice.
pub fn twice(record: &Record) -> Fault {
    let no = record.no();
    let (field, zh, en) = match record {
        Record::Customer(_) => ("客户号", format!("客户号 {no}"), format!("The customer number {no} stands")),
        Record::Figures(row) => {
            let day = row.figures.as_of;
            ("客户号", format!("客户 {no} 在 {day} 的资产"), format!("The assets of customer {no} on {day} stand"))
        }
        Record::Txn { txn, .. } => (
            "流水号",
            format!("客户 {no} 在 {} 的流水号 {}", txn.day, txn.serial),
            format!("The serial number {} of customer {no} on {} stands", txn.serial, txn.day),
        ),
        Record::Holding { holding, .. } => (
            "合同号",
            format!("客户 {no} 的合同号 {}", holding.contract),
            format!("The contract {} of customer {no} stands", holding.contract),
        ),
        Record::Loan { loan, .. } => (
            "借据号",
            format!("客户 {no} 的借据号 {}", loan.no),
            format!("The loan {} of customer {no} stands", loan.no),
        ),
        Record::Service { service, .. } => (
            "服务",
            format!("客户 {no} 的服务「{}」", service.name),
            format!("The service {} of customer {no} stands", service.name),
        ),
        Record::Rating { rating, .. } => (
            "日期",
            format!("客户 {no} 在 {} 的评级", rating.day),
            format!("The rating of customer {no} on {} stands", rating.day),
        ),
    };
    Fault::new(field, format!("{zh} 在本文件中重复"), format!("{en} twice in this file"))
}

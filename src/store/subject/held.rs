//! Everything held of somebody, read for the access report: nothing is left out because a pane shows only the newest.

use super::{Held, Table};
use crate::domain::change::{Change, Entity};
use crate::domain::ids::CustomerId;
use crate::domain::text::{Text, t};
use crate::domain::values::money::Fen;
use crate::store::branch::Branch;
use crate::store::customers::read::{contacts, opened};
use crate::store::dealings::seen::SEEN;
use crate::store::request::Failure;
use crate::store::{cell, change};
use chrono::NaiveDate;
use rusqlite::types::ValueRef;
use rusqlite::{Connection, Row};

/// How a column is told.
#[derive(Clone, Copy)]
enum As {
    Text,
    Day,
    Money,
    Percent,
}

/// A table of facts: what it is, its name, columns with heads and how they are told, whether it is kept in versions.
type Facts = (Text, &'static str, &'static [(&'static str, As)], &'static [Text], bool);

const FACTS: [Facts; 7] = [
    (
        t("资产", "Assets"),
        "figures",
        &[("as_of", As::Day), ("balance", As::Money), ("average", As::Money)],
        &[t("数据日", "Date"), t("时点", "Balance"), t("月日均", "Average")],
        true,
    ),
    (
        t("交易", "Transactions"),
        "txn",
        &[
            ("day", As::Day),
            ("serial", As::Text),
            ("amount", As::Money),
            ("channel", As::Text),
            ("bank", As::Text),
            ("note", As::Text),
        ],
        &[
            t("日期", "Date"),
            t("流水号", "Serial"),
            t("金额", "Amount"),
            t("渠道", "Channel"),
            t("对方行", "Bank"),
            t("摘要", "Note"),
        ],
        true,
    ),
    (
        t("持有", "Holdings"),
        "holding",
        &[
            ("contract", As::Text),
            ("product", As::Text),
            ("amount", As::Money),
            ("begins", As::Day),
            ("ends", As::Day),
            ("rate", As::Percent),
            ("state", As::Text),
        ],
        &[
            t("合同号", "Contract"),
            t("产品", "Product"),
            t("金额", "Amount"),
            t("起息", "From"),
            t("到期", "To"),
            t("利率", "Rate"),
            t("状态", "State"),
        ],
        true,
    ),
    (
        t("贷款", "Loans"),
        "loan",
        &[
            ("no", As::Text),
            ("product", As::Text),
            ("lent", As::Money),
            ("balance", As::Money),
            ("lent_on", As::Day),
            ("ends", As::Day),
            ("purpose", As::Text),
            ("repays", As::Text),
        ],
        &[
            t("借据号", "Number"),
            t("产品", "Product"),
            t("金额", "Lent"),
            t("余额", "Balance"),
            t("放款", "From"),
            t("到期", "To"),
            t("用途", "Purpose"),
            t("还款账户", "Repaid from"),
        ],
        true,
    ),
    (
        t("签约", "Services"),
        "service",
        &[("name", As::Text), ("state", As::Text), ("day", As::Day)],
        &[t("服务", "Service"), t("状态", "State"), t("日期", "Date")],
        true,
    ),
    (
        t("评级", "Ratings"),
        "rating",
        &[("day", As::Day), ("grade", As::Text), ("credit", As::Money)],
        &[t("日期", "Date"), t("等级", "Grade"), t("额度", "Credit")],
        true,
    ),
    (
        t("关于本人的自办事项", "Colleagues' own tasks"),
        "task",
        &[("due", As::Day), ("text", As::Text)],
        &[t("日期", "Date"), t("内容", "Text")],
        false,
    ),
];

fn told(r: &Row<'_>, at: usize, kind: As) -> rusqlite::Result<String> {
    Ok(match (r.get_ref(at)?, kind) {
        (ValueRef::Integer(i), As::Day) => cell::date(i).map(|d| d.to_string()).unwrap_or_default(),
        (ValueRef::Integer(i), As::Money) => Fen(i).yuan(),
        (ValueRef::Integer(i), As::Percent) => format!("{}.{:02}%", i / 100, i % 100),
        (ValueRef::Integer(i), As::Text) => i.to_string(),
        (ValueRef::Text(text), _) => String::from_utf8_lossy(text).into_owned(),
        _ => String::new(),
    })
}

fn table(conn: &Connection, customer: CustomerId, facts: &Facts) -> Result<Table, Failure> {
    let (name, table, columns, heads, versions) = facts;
    let list: Vec<&str> = columns.iter().map(|(c, _)| *c).collect();
    let seen = if *versions { SEEN } else { "1" };
    let sql = format!("SELECT {} FROM \"{table}\" WHERE customer = ? AND {seen} ORDER BY 1, 2", list.join(", "));
    let mut statement = conn.prepare(&sql)?;
    let rows = statement.query_map([customer.0], |r| {
        columns.iter().enumerate().map(|(at, (_, kind))| told(r, at, *kind)).collect::<rusqlite::Result<Vec<_>>>()
    })?;
    Ok(Table { name: *name, heads, rows: rows.collect::<rusqlite::Result<_>>()? })
}

/// Everything held.
///
/// # Errors
/// [`Failure::Gone`] without such an archive, or what the file says.
pub fn held(conn: &Connection, branch: &Branch, customer: CustomerId, today: NaiveDate) -> Result<Held, Failure> {
    let all = change::all_of(conn, customer)?;
    let (looks, changes): (Vec<Change>, Vec<Change>) = all.into_iter().partition(|c| c.entity == Entity::Access);
    Ok(Held {
        opened: *opened(conn, branch, customer, today)?,
        contacts: contacts(conn, customer, None)?.into_iter().rev().collect(),
        tables: FACTS.iter().map(|facts| table(conn, customer, facts)).collect::<Result<_, _>>()?,
        changes,
        looks,
    })
}

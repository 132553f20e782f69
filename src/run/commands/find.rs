//! `find` and `board`: what the search index and the counters know.

use super::leaving;
use super::output;
use super::session::{Session, unexpected};
use crate::app::words;
use crate::domain::text::{Lang, t};
use crate::domain::values::phone;
use crate::index::{Hit, Hits, Index, Scope};
use crate::run::args::Listed;
use crate::run::fault::Fault;
use crate::store::board;
use crate::store::request::{Answer, Ask};
use serde::Serialize;

/// A hit as it is given out.
#[derive(Serialize)]
struct Found {
    customer_no: String,
    name: String,
    tier: Option<&'static str>,
    owner: Option<String>,
    matched: Vec<&'static str>,
}

/// `find QUERY`
///
/// # Errors
/// The query is wrong, or the store fails.
pub fn find(session: &mut Session, query: &str, limit: usize, out: &Listed) -> Result<(), Fault> {
    let scope =
        Scope { me: Some(session.me.id), limit, leap: session.branch.settings.leap, ..Scope::on(session.today) };
    let (hits, all) = search(session, query, &scope)?;
    if let Some(trouble) = hits.trouble {
        return Err(Fault::Refused(trouble));
    }
    leaving::list(session, "find", hits.list.len(), out.second.as_deref())?;
    if out.json {
        let found: Vec<Found> = hits
            .list
            .iter()
            .map(|hit| Found {
                customer_no: hit.row.no.clone(),
                name: hit.row.name.clone(),
                tier: hit.row.tier.map(|x| x.code()),
                owner: session.code_of(hit.row.owner),
                matched: matched(hit),
            })
            .collect();
        return output::json(&found);
    }
    let lang = session.lang;
    let mut rows = Vec::new();
    for hit in &hits.list {
        let row = &hit.row;
        rows.push(vec![
            row.no.clone(),
            row.name.clone(),
            words::customer::badge(row.tier, lang).to_owned(),
            words::customer::amount(row.aum, false),
            session.name_of(row.owner),
            match phone::last4(&row.phone) {
                "" => "-".to_owned(),
                last => format!("*{last}"),
            },
        ]);
    }
    let shown = hits.list.len();
    let total = match lang {
        Lang::Zh if hits.total == 0 => "没有找到客户\n".to_owned(),
        Lang::En if hits.total == 0 => "No customer found\n".to_owned(),
        Lang::Zh if !all => format!("至少 {} 人，列出 {shown} 人\n", hits.total),
        Lang::En if !all => format!("{} or more found, {shown} listed\n", hits.total),
        Lang::Zh => format!("共 {} 人，列出 {shown} 人\n", hits.total),
        Lang::En => format!("{} found, {shown} listed\n", hits.total),
    };
    output::print(&(output::columns(&rows) + &total))
}

/// Finds from the file where its keys can tell, else by the index of all; whether all were counted.
fn search(session: &mut Session, query: &str, scope: &Scope) -> Result<(Hits, bool), Fault> {
    if let Some(likely) = session.likely(query, scope.limit)? {
        let mut index = Index::build(likely.rows, &session.branch.staff);
        index.look(session.sight());
        let hits = index.search(query, scope);
        // Who finds nobody may have made an error in typing: that is looked for among all.
        if hits.sure() {
            return Ok((hits, likely.all));
        }
    }
    Ok((session.index()?.search(query, scope), true))
}

fn matched(hit: &Hit) -> Vec<&'static str> {
    let mut codes: Vec<&'static str> = Vec::new();
    for m in &hit.matched {
        if !codes.contains(&m.field.code()) {
            codes.push(m.field.code());
        }
    }
    codes
}

/// The board as it is given out.
#[derive(Serialize)]
struct BoardShape {
    tiers: Vec<TierShape>,
    top20_share: f64,
    /// Customers without figures are in no tier; who adds up the tiers must know of them.
    no_figures: u64,
}

/// A column of it.
#[derive(Serialize)]
struct TierShape {
    code: &'static str,
    count: u64,
    /// Nothing for who does not see what all of them have.
    aum_fen: Option<i64>,
}

/// `board`
///
/// # Errors
/// The store fails.
pub fn board(session: &mut Session, json: bool) -> Result<(), Fault> {
    let board = match session.ask(&Ask::Board(board::Ask::Load))? {
        Answer::Board(board::Answer::Board(board)) => *board,
        other => return Err(unexpected(&other)),
    };
    if json {
        return output::json(&BoardShape {
            tiers: board
                .tiers
                .iter()
                .map(|s| TierShape { code: s.tier.code(), count: s.count, aum_fen: s.aum.map(|a| a.0) })
                .collect(),
            top20_share: board.top20_share,
            no_figures: board.no_figures,
        });
    }
    let lang = session.lang;
    let mut rows: Vec<Vec<String>> = board
        .tiers
        .iter()
        .map(|s| vec![s.tier.label().get(lang).to_owned(), s.count.to_string(), words::board::of_all(s.aum, false)])
        .collect();
    let none = t("无数据", "No figures").get(lang);
    rows.push(vec![none.to_owned(), board.no_figures.to_string(), "-".to_owned()]);
    let share = board.top20_share * 100.0;
    let (up, down) = board.near;
    let as_of = board.as_of.map_or_else(|| "-".to_owned(), |d| d.to_string());
    let foot = match lang {
        Lang::Zh => format!("前 20% 客户持有 {share:.1}% 资产，临界升 {up} 人，临界降 {down} 人，数据 {as_of}\n"),
        Lang::En => {
            format!("Top 20 % hold {share:.1} % of assets, near the line: {up} up, {down} down, data of {as_of}\n")
        }
    };
    output::print(&(output::columns(&rows) + &foot))
}

//! What colleagues did, as one hears of it: customers that came or left, and what was saved beside one's own save. Taking the news in
//! is done in `answers`.

use super::message::Tone;
use super::panes::archive::changes_since;
use super::rooms::Rooms;
use super::words;
use crate::domain::change::{Change, Entity};
use crate::domain::ids::StaffId;
use crate::index::row::Row;
use crate::store::customers::Opened;

/// Customers that went the same way.
#[derive(Debug, PartialEq, Eq)]
struct Move {
    came: bool,
    by: Option<StaffId>,
    to: Option<StaffId>,
}

/// Says which customers came to the one who works here, and which left: the index still has their keepers of before.
pub fn keepers(r: &mut Rooms, rows: &[Row], changes: &[Change]) {
    let (Some(me), Some(index)) = (r.shared.me, &r.shared.index) else { return };
    let mut moves: Vec<(Move, Vec<String>)> = Vec::new();
    for row in rows {
        let Some(before) = index.row(row.id).map(|known| known.owner) else { continue };
        if before == row.owner || (before != Some(me) && row.owner != Some(me)) {
            continue;
        }
        let by = changes.iter().rev().find(|c| c.customer == Some(row.id) && c.of_field("owner")).map(|c| c.by);
        let one = Move { came: row.owner == Some(me), by, to: row.owner };
        match moves.iter_mut().find(|(known, _)| *known == one) {
            Some((_, names)) => names.push(row.name.clone()),
            None => moves.push((one, vec![row.name.clone()])),
        }
    }
    for (Move { came, by, to }, names) in moves {
        let words = words::clash::keeper(&r.shared, &names, came, by, to);
        r.shared.messages.say(r.shared.now, Tone::Note, words);
    }
}

/// What colleagues saved in the same archive meanwhile, and stands beside one's own save now.
pub fn merged_in(r: &Rooms, old: &Opened, new: &Opened) -> String {
    let mut told: Vec<(StaffId, Vec<String>)> = Vec::new();
    for c in changes_since(old, new, r.shared.me).into_iter().filter(|c| c.entity == Entity::Customer) {
        let fields = c.edits.into_iter().map(|e| e.field);
        match told.iter_mut().find(|(by, _)| *by == c.by) {
            Some((_, all)) => all.extend(fields),
            None => told.push((c.by, fields.collect())),
        }
    }
    told.iter().map(|(by, fields)| words::clash::merged(&r.shared, *by, fields)).collect()
}

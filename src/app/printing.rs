//! A page goes to the printer: a file in the folder of slips, and a line of the log. A list with more lines of customers than one person may take
//! out alone is an export, which takes the right and a second person's word.

use super::event::Effect;
use super::layers::Layer;
use super::layers::reading::Paper;
use super::layers::then::Then;
use super::reach::eyes;
use super::rooms::Rooms;
use super::{looks, second, words};
use crate::domain::access;
use crate::domain::rights::Action;
use crate::store::request::Stamp;

/// The page on top, to be printed.
fn paper(r: &Rooms) -> Option<(Paper, String)> {
    match r.layers.last() {
        Some(Layer::Reading(text)) => text.print.clone().map(|paper| (paper, text.lines.join("\n") + "\n")),
        _ => None,
    }
}

/// Prints the page on top, or says what is missing.
pub fn page(r: &mut Rooms) {
    let Some((paper, _)) = paper(r) else { return };
    let (rows, alone) = (paper.rows.unwrap_or(0), r.shared.settings().export_rows);
    let needed = eyes(&r.shared).and_then(|eyes| match eyes.export(rows, alone, None) {
        Err(_) if !eyes.may_some(Action::Export) => Some(Err(eyes.refusal(Action::Export, None))),
        Err(_) => Some(Ok(())),
        Ok(()) => None,
    });
    match needed {
        None => {
            looks::page(r, &paper, access::Action::Print);
            out(r);
        }
        Some(Ok(())) => {
            let what = words::print_many(r.shared.lang, rows, alone);
            second::ask(r, Action::Export, what, Then::Print);
        }
        Some(Err(refused)) => {
            let words = refused.get(r.shared.lang).to_owned();
            r.with(|cx| cx.refuse(words));
        }
    }
}

/// The second person gave their word for the page on top.
pub fn vouched(r: &mut Rooms, stamp: Stamp) {
    let Some((paper, _)) = paper(r) else { return };
    looks::vouched(r, &paper, stamp);
    out(r);
}

fn out(r: &mut Rooms) {
    let Some((paper, text)) = paper(r) else { return };
    r.out.effects.push(Effect::Print { name: paper.name, text });
    r.layers.pop();
    let words = words::printed(r.shared.lang, &r.shared.start.slips);
    r.with(|cx| cx.done(words));
}

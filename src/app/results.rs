//! 业绩统计: what is asked of the store, what came of it. The words are in `words::results`.

use super::cx::Wait;
use super::layers::Layer;
use super::layers::results::{FIRST, Facts, Results};
use super::rooms::Rooms;
use super::words::results as told;
use crate::domain::access::Action;
use crate::store::request;
use crate::store::results::{Answer, Ask, What};

/// Money that went to other banks.
pub fn outflow(r: &mut Rooms) {
    show(r, What::Outflow(FIRST));
}

/// Borrowers, by years and by how many borrow again.
pub fn loyal(r: &mut Rooms) {
    show(r, What::Loyal);
}

fn show(r: &mut Rooms, what: What) {
    r.layers.retain(|l| !matches!(l, Layer::Results(_)));
    r.layers.push(Layer::Results(Box::new(Results::new(what))));
    ask(r);
}

/// Asks for what the layer wants to show.
pub fn ask(r: &mut Rooms) {
    let Some(Layer::Results(layer)) = r.layers.last() else { return };
    let (what, today) = (layer.what.clone(), r.shared.today());
    if let Some(by) = r.shared.me {
        r.out.ask(Wait::Results, request::Ask::Results(Ask { what, by, today }));
    }
}

/// What the store says; nothing where the layer was closed meanwhile.
pub fn heard(r: &mut Rooms, answer: Answer) {
    let Some(Layer::Results(layer)) = r.layers.iter_mut().find(|l| matches!(l, Layer::Results(_))) else { return };
    let facts = match answer {
        Answer::Outflow(o) => Facts::Outflow(o),
        Answer::Loyal(l) => Facts::Loyal(l),
    };
    let (rows, target) = (told::customers(&facts), told::target(&facts));
    layer.came(facts);
    if rows > 0 {
        r.shared.look(|line| line.rows(rows).to(target), Action::View);
    }
}

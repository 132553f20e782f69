//! 业绩统计: what is asked of the store, what came of it, targets laid down. The words are in `words::results` and `words::goals`.

use super::cx::Wait;
use super::drafts::goals::{GOALS, GoalsDraft};
use super::form::Form;
use super::layers::Layer;
use super::layers::results::{Act, FIRST, Facts, Results};
use super::layers::sheet::{Record, Sheet};
use super::layers::then::Then;
use super::rooms::Rooms;
use super::words::{goals, results as told, tables};
use crate::domain::access::Action;
use crate::domain::ids::StaffId;
use crate::domain::results::targets::{Metric, Whose, month_of};
use crate::domain::rights;
use crate::domain::text::t;
use crate::store::results::{Answer, Ask, What};
use crate::store::{request, workbench};

/// Money that went to other banks.
pub fn outflow(r: &mut Rooms) {
    show(r, What::Outflow(FIRST));
}

/// Borrowers, by years and by how many borrow again.
pub fn loyal(r: &mut Rooms) {
    show(r, What::Loyal);
}

/// Targets of this month.
pub fn targets(r: &mut Rooms) {
    show(r, What::Scores(month_of(r.shared.today())));
}

/// Who brought and who took customers this month.
pub fn credit(r: &mut Rooms) {
    show(r, What::Credit(month_of(r.shared.today())));
}

fn show(r: &mut Rooms, what: What) {
    r.layers.retain(|l| !matches!(l, Layer::Results(_)));
    r.layers.push(Layer::Results(Box::new(Results::new(what, r.shared.today()))));
    ask(r);
}

/// A key on a table: another period is read, or targets are laid down.
pub fn act(r: &mut Rooms) {
    let Some(Layer::Results(layer)) = r.layers.last() else { return };
    match layer.act {
        Act::Read => ask(r),
        Act::Aim(whose) => aim(r, whose),
    }
}

/// Asks for what the layer wants to show.
fn ask(r: &mut Rooms) {
    let shown = r.layers.iter().find_map(|l| if let Layer::Results(layer) = l { Some(layer) } else { None });
    let (Some(layer), Some(by)) = (shown, r.shared.me) else { return };
    let (what, today) = (layer.what.clone(), layer.today);
    r.out.ask(Wait::Results, request::Ask::Results(Ask { what, by, today }));
}

/// What the store says; nothing where the layer was closed meanwhile.
pub fn heard(r: &mut Rooms, answer: Answer) {
    let Some(Layer::Results(layer)) = r.layers.iter_mut().find(|l| matches!(l, Layer::Results(_))) else { return };
    let facts = match answer {
        Answer::Outflow(o) => Facts::Outflow(o),
        Answer::Loyal(l) => Facts::Loyal(l),
        Answer::Scores(x) => Facts::Scores(x),
        Answer::Credit(c) => Facts::Credit(c),
    };
    let (rows, target) = (told::customers(&facts), told::target(&facts));
    layer.came(facts);
    if rows > 0 {
        r.shared.look(|line| line.rows(rows).to(target), Action::View);
    }
}

/// Opens the sheet of somebody's targets, as they are now.
fn aim(r: &mut Rooms, whose: Option<StaffId>) {
    if !super::rights::lets(r, rights::Action::Settings) {
        return;
    }
    let Some(Layer::Results(layer)) = r.layers.last() else { return };
    let Facts::Scores(x) = &layer.facts else { return };
    let lang = r.shared.lang;
    let person = whose.and_then(|id| r.shared.person(id));
    let at = match person {
        Some(s) => Metric::ALL.map(|m| x.targets.of(s, x.month, m)),
        None => Metric::ALL.map(|m| {
            x.targets.exactly(&Whose::Branch, Some(x.month), m).or_else(|| x.targets.exactly(&Whose::Branch, None, m))
        }),
    };
    let draft = GoalsDraft { goals: at, post: false, every: true };
    let name = match person {
        Some(s) => tables::keeper(r.shared.staff(), Some(s.id), lang),
        None => r.shared.say(t("全网点", "Branch")).to_owned(),
    };
    let title = format!("{} {name} {}", r.shared.say(t("工作目标", "Targets of")), goals::month(x.month));
    // The branch has no post.
    let fields = GOALS.iter().filter(|f| person.is_some() || f.code != "post").collect();
    let mut sheet = Sheet::new(title, Record::Goals(Form::new(draft, fields)), Then::Goals(whose, x.month));
    let advice = t(
        "空着就是没有目标；在所选范围内按这里填的为准",
        "Left empty there is no target; what stands here holds for what is chosen",
    );
    sheet.advice = advice.get(lang).to_owned();
    r.lay(Layer::Sheet(Box::new(sheet)));
}

/// What the sheet asks for.
pub fn filled(r: &Rooms, d: &GoalsDraft, whose: Option<StaffId>, month: chrono::NaiveDate) -> request::Ask {
    let person = whose.and_then(|id| r.shared.person(id));
    let of = match person {
        None => Whose::Branch,
        Some(s) if d.post => Whose::Post(s.role),
        Some(s) => Whose::Person(s.code.clone()),
    };
    let when = (!d.every).then_some(month);
    let targets = Metric::ALL.into_iter().zip(d.goals).map(|(m, goal)| (of.clone(), when, m, goal)).collect();
    request::Ask::Workbench(workbench::Ask::KeepTargets { targets, stamp: r.shared.stamp() })
}

/// Something of the branch was kept: targets that a sheet laid down are shown as they are now.
pub fn kept(r: &mut Rooms) {
    if !matches!(r.layers.last(), Some(Layer::Sheet(s)) if s.sent && matches!(s.then, Then::Goals(..))) {
        return;
    }
    r.layers.pop();
    r.with(|cx| cx.done(cx.shared.say(t("目标已定", "The targets are laid down"))));
    r.out.ask(Wait::Workbench, request::Ask::Workbench(workbench::Ask::Open));
    ask(r);
}

//! What the one who works here may: asked before a command runs, said when it is not. The table is `domain::rights`; the store asks it
//! again for every write.

use super::command::{Command, Scope};
use super::cx::Pane;
use super::layers::Layer;
use super::layers::reading::Reading;
use super::reach::eyes;
use super::rooms::Rooms;
use crate::domain::rights::{self, About, Action};
use crate::domain::text::{Lang, t};
use crate::store::customers::Opened;

/// What a command is, where somebody must have a right for it over the whole branch.
fn whole(name: &str) -> Option<Action> {
    match name {
        "new" | "archive.new" => Some(Action::Create),
        "import" | "folder" => Some(Action::Import),
        "audit" => Some(Action::Log),
        _ => None,
    }
}

/// What a command is, where somebody must have a right for it with some customers at least.
fn some(name: &str) -> Option<Action> {
    match name {
        "log" | "handover" | "agenda.log" | "board.log" | "archive.log" => Some(Action::Contact),
        "transfer" => Some(Action::Propose),
        "archive.keeper" | "board.keeper" | "board.assign" | "assign.put_back" => Some(Action::Assign),
        "archive.hold" | "board.hold" => Some(Action::Hold),
        "archive.save" | "archive.add" | "archive.remove" | "archive.verified" => Some(Action::Edit),
        "duplicates" => Some(Action::Merge),
        "outflow" | "loyal" | "targets" | "credit" => Some(Action::Open),
        "agenda.print" => Some(Action::Print),
        "archive.value" | "support" => Some(Action::Print),
        _ => None,
    }
}

/// Commands of the archive that need no more than what everybody sees of a customer.
const GREETING: [&str; 6] =
    ["archive.log", "archive.new", "archive.next", "archive.previous", "archive.keeper", "archive.drop"];

/// Runs a command, or says who may.
pub fn run(r: &mut Rooms, command: &Command) {
    match refusal(r, command) {
        Some(words) => r.with(|cx| cx.refuse(words)),
        None => (command.run)(r),
    }
}

fn refusal(r: &Rooms, command: &Command) -> Option<String> {
    let eyes = eyes(&r.shared)?;
    let lang = r.shared.lang;
    if command.scope == Scope::In(Pane::Archive) && !GREETING.contains(&command.name) && r.archive.greets().is_some() {
        return r.archive.greets().map(str::to_owned);
    }
    if let Some(action) = whole(command.name).filter(|a| !eyes.may_all(*a)) {
        return Some(eyes.refusal(action, None).get(lang).to_owned());
    }
    let action = some(command.name)?;
    let about = r.archive.opened().filter(|_| r.focus == Pane::Archive).map(Opened::about);
    let may = match &about {
        Some(about) => eyes.may(action, about),
        None => eyes.may_some(action),
    };
    (!may).then(|| eyes.refusal(action, about.as_ref()).get(lang).to_owned())
}

/// Whether the one who works here may do something to the branch as a whole; if not, it is said who may.
pub fn lets(r: &mut Rooms, action: Action) -> bool {
    lets_with(r, action, None)
}

/// As [`lets`], something with the customer shown.
pub fn lets_here(r: &mut Rooms, action: Action) -> bool {
    let about = r.archive.opened().map(Opened::about);
    lets_with(r, action, about.as_ref())
}

fn lets_with(r: &mut Rooms, action: Action, about: Option<&About>) -> bool {
    let refused = eyes(&r.shared).and_then(|eyes| eyes.allow(action, about).err());
    match refused {
        Some(words) => {
            let words = words.get(r.shared.lang).to_owned();
            r.with(|cx| cx.refuse(words));
            false
        }
        None => true,
    }
}

/// Shows what one's own post may, action by action, and whom to ask for the rest.
pub fn show(r: &mut Rooms) {
    let (Some(me), Some(eyes)) = (r.shared.myself(), eyes(&r.shared)) else { return };
    let lang = r.shared.lang;
    let mut lines = Vec::new();
    for (action, _) in rights::of(me.role) {
        let far = match eyes.reach(action) {
            Some(reach) => reach.label().get(lang).to_owned(),
            None => match (eyes.ask(action, None).join(if lang == Lang::Zh { "、" } else { ", " }), lang) {
                (names, Lang::Zh) => format!("不可以，可请{names}"),
                (names, Lang::En) => format!("not you; ask {names}"),
            },
        };
        lines.push(format!("{}：{far}", action.label().get(lang)));
    }
    let title = format!("{} {}", r.shared.say(t("权限", "Rights")), me.role.label().get(lang));
    r.layers.push(Layer::Reading(Reading { title, lines, top: 0, print: None }));
}

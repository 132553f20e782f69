//! What one may do with a line that is a customer changing hands. How it is done lives in `app::transfers`.

use crate::app::layers::chooser::{Chooser, Entry};
use crate::app::layers::then::Then;
use crate::app::shared::Shared;
use crate::domain::agenda::{Detail, Item, Transfer};
use crate::domain::staff::may_decide_for;
use crate::domain::text::t;

/// Whether the one who works here answers this hand-over: its receiver, or who stands in for them.
pub fn answers(shared: &Shared, x: &Transfer) -> bool {
    x.refused.is_none() && (shared.me == Some(x.to) || shared.acts_for(x.to))
}

/// What the one who works here may do with a customer changing hands.
pub fn choices(shared: &Shared, item: &Item) -> Option<Chooser> {
    let Detail::Transfer(x) = &item.detail else { return None };
    let me = shared.me.unwrap_or_default();
    let gives = me == x.from || shared.acts_for(x.from) || may_decide_for(shared.staff(), me, x.from);
    let mut entries = Vec::new();
    let mut add = |code: &str, text| entries.push(Entry::new(code, shared.say(text), ""));
    if answers(shared, x) {
        add("accept", t("接受，做责任人", "Accept and keep the customer"));
        add("refuse", t("拒绝，写理由", "Refuse, with a reason"));
    }
    if gives && x.refused.is_some() {
        add("again", t("再提出，可另选人", "Propose again, to somebody else if wanted"));
        add("withdraw", t("留下不移交，写理由", "Keep the customer, with a reason"));
    } else if gives {
        add("withdraw", t("撤回，写理由", "Take it back, with a reason"));
    }
    add("slip", t("打印转介单", "Print the slip"));
    let name = item.who.as_ref().map_or("", |w| w.name.as_str());
    let title = format!("{} {name}", shared.say(t("移交", "Hand over")));
    Some(Chooser::new(title, entries, Then::Transfer(Box::new(item.clone()))))
}

//! A customer changing hands, keepers of many, standing in, leaving: what one chooses becomes a question to the store, and what the store
//! says becomes words. The words are in `words::keepers`.

use super::cx::{Go, Wait};
use super::drafts::{DELEGATE, DelegateDraft, WhyDraft};
use super::form::Form;
use super::layers::Layer;
use super::layers::chooser::{Chooser, Entry};
use super::layers::orphans::Orphans;
use super::layers::planned::Planned;
use super::layers::reading::Reading;
use super::layers::sheet::{Record, Sheet};
use super::layers::then::Then;
use super::reach::eyes;
use super::rooms::Rooms;
use super::words::{self, keepers as told};
use super::{clashes, giving, slip};
use crate::domain::agenda::{Detail, Item};
use crate::domain::ids::{CustomerId, StaffId};
use crate::domain::rights::Action;
use crate::domain::staff::{Role, may_decide_for};
use crate::domain::text::t;
use crate::domain::tier::Tier;
use crate::store::keepers::{Answer, Ask, Given, Move, Plan};
use crate::store::{request, workbench};

/// Something was chosen for a customer changing hands.
pub fn chosen(r: &mut Rooms, item: &Item, code: &str) {
    let (Detail::Transfer(x), Some(who)) = (&item.detail, &item.who) else { return };
    let title = |what| format!("{} {}", r.shared.say(what), who.name);
    match code {
        "accept" => accept(r, x.row),
        "refuse" => {
            let title = title(t("拒绝移交", "Refuse"));
            why(r, title, &["reason"], WhyDraft::default(), Then::Refuse(x.row, who.id));
        }
        "withdraw" => {
            let title = title(t("不移交", "Do not hand over"));
            why(r, title, &["reason"], WhyDraft::default(), Then::Withdraw(x.row, who.id));
        }
        "again" => {
            let title = title(t("再提移交", "Propose again"));
            let draft = WhyDraft { to: Some(x.to), reason: x.reason.clone(), ..WhyDraft::default() };
            why(r, title, &["to", "reason"], draft, Then::Propose(who.id));
        }
        _ => r.layers.push(Layer::Reading(slip::transfer(&r.shared, item))),
    }
}

fn why(r: &mut Rooms, title: String, fields: &[&str], draft: WhyDraft, then: Then) {
    r.lay(Layer::Sheet(Box::new(Sheet::why(title, fields, draft, then))));
}

/// Accepts a hand-over.
pub fn accept(r: &mut Rooms, row: i64) {
    if r.out.writing() {
        return;
    }
    let (op, stamp) = (r.shared.op(), r.shared.stamp());
    send(r, Ask::Reply { op, row, accept: true, reason: String::new(), stamp });
}

fn send(r: &mut Rooms, ask: Ask) {
    r.with(|cx| {
        cx.write(request::Ask::Keepers(ask));
    });
}

/// The hand-over of the line under the cursor, or of the archive shown.
pub fn current(r: &Rooms) -> Option<Item> {
    let transfer = |i: &&Item| matches!(i.detail, Detail::Transfer(_));
    let line = || r.agenda.current().filter(transfer);
    let archive = || r.archive.opened().and_then(|o| o.due.iter().find(transfer));
    match r.focus {
        super::cx::Pane::Agenda => line().cloned(),
        _ => archive().cloned(),
    }
}

/// Whether the archive shown is a big customer's, whom head office helps with.
pub fn is_big(r: &Rooms) -> bool {
    r.focus == super::cx::Pane::Archive && r.archive.opened().is_some_and(|o| o.standing.tier == Some(Tier::Big))
}

/// The paper that asks head office to help.
pub fn support(r: &mut Rooms) {
    if let Some(o) = r.archive.opened() {
        let reading = slip::support(&r.shared, o);
        r.layers.push(Layer::Reading(reading));
    }
}

/// Asks to whom the customer under the cursor is to go; they accept or refuse.
pub fn propose(r: &mut Rooms) {
    if let Some((id, name, _)) = r.current() {
        let title = format!("{} {name}", r.shared.say(t("移交", "Hand over")));
        why(r, title, &["to", "reason"], WhyDraft::default(), Then::Propose(id));
    }
}

/// Whether the one who works here looks after the keepers of others.
pub fn heads(r: &Rooms) -> bool {
    let lead = |id: StaffId| r.shared.staff().iter().any(|s| s.active && s.leader == Some(id));
    r.shared.myself().is_some_and(|s| s.role.sees_branch() || s.role == Role::AmSupervisor || lead(s.id))
}

/// Whether the one who works here may take somebody out.
pub fn dismisses(r: &Rooms) -> bool {
    eyes(&r.shared).is_some_and(|eyes| eyes.may_all(Action::Staff))
}

fn ask(r: &mut Rooms, ask: Ask) {
    r.out.ask(Wait::Keepers, request::Ask::Keepers(ask));
}

/// Asks for those without the right keeper.
pub fn orphans(r: &mut Rooms) {
    let today = r.shared.today();
    ask(r, Ask::Orphans { today });
}

/// Asks who would get these by the rules.
pub fn plan(r: &mut Rooms, ids: Vec<CustomerId>) {
    if ids.is_empty() {
        r.with(|cx| cx.note(t("这里没有客户", "Nobody is here")));
        return;
    }
    r.leaving = None;
    ask(r, Ask::Plan { ids });
}

/// Asks who would get all those without the right keeper by the rules.
pub fn plan_all(r: &mut Rooms) {
    r.leaving = None;
    let today = r.shared.today();
    ask(r, Ask::PlanAll { today });
}

/// Proposes hand-overs by the rules for these.
pub fn propose_by_rules(r: &mut Rooms, ids: Vec<CustomerId>) {
    if ids.is_empty() {
        r.with(|cx| cx.note(t("没有岗位不对的客户", "Nobody has a keeper of the wrong post")));
        return;
    }
    let (op, stamp) = (r.shared.op(), r.shared.stamp());
    r.saying = Some(t("已按规则提出移交，等接收人答复", "Proposed by the rules; the receivers answer"));
    send(r, Ask::ProposeByRules { op, ids, stamp });
}

/// Asks who leaves.
pub fn who_leaves(r: &mut Rooms) {
    let me = r.shared.me.map(|m| m.0.to_string()).unwrap_or_default();
    let entries = words::people(&r.shared).into_iter().filter(|e| e.code != me).collect();
    let title = r.shared.say(t("谁离岗", "Who leaves"));
    r.layers.push(Layer::Chooser(Chooser::new(title, entries, Then::Leaver)));
}

/// Asks to whom everything of one who leaves goes.
pub fn heir(r: &mut Rooms, staff: StaffId) {
    let name = r.shared.name_of(Some(staff)).to_owned();
    let mut entries = vec![Entry::new("", r.shared.say(t("按规则分给各岗位", "To the posts, by the rules")), "")];
    entries.extend(words::people(&r.shared).into_iter().filter(|e| e.code != staff.0.to_string()));
    let title = format!("{name} {}", r.shared.say(t("的客户和任务交给", "leaves: customers and tasks go to")));
    r.layers.push(Layer::Chooser(Chooser::new(title, entries, Then::Heir(staff))));
}

/// Asks for the plan of one who leaves.
pub fn leave_plan(r: &mut Rooms, staff: StaffId, to: Option<StaffId>) {
    r.leaving = Some((staff, to));
    ask(r, Ask::LeavePlan { staff, to });
}

/// Offers to end a delegation, or asks for a new one.
pub fn delegate(r: &mut Rooms) {
    let (me, today, lang) = (r.shared.me.unwrap_or_default(), r.shared.today(), r.shared.lang);
    let staff = r.shared.staff();
    let mine: Vec<Entry> = r
        .shared
        .delegates()
        .iter()
        .filter(|d| d.until >= today && may_decide_for(staff, me, d.staff))
        .map(|d| {
            let words = told::delegation(d, staff, lang, today);
            Entry::new(d.id.to_string(), format!("{}{words}", t("结束：", "End: ").get(lang)), "")
        })
        .collect();
    if mine.is_empty() {
        new_delegate(r);
        return;
    }
    let mut entries = vec![Entry::new("", r.shared.say(t("新设代理", "Somebody stands in")), "")];
    entries.extend(mine);
    let title = r.shared.say(t("代理", "Standing in"));
    r.layers.push(Layer::Chooser(Chooser::new(title, entries, Then::Delegation)));
}

/// Asks who stands in for whom, from when to when.
pub fn new_delegate(r: &mut Rooms) {
    let draft = DelegateDraft { staff: r.shared.me, from: Some(r.shared.today()), ..DelegateDraft::default() };
    let mut form = Form::new(draft, DELEGATE.iter().collect());
    form.go_to("to", r.shared.eyes());
    let title = r.shared.say(t("代理", "Standing in"));
    let mut sheet = Sheet::new(title, Record::Delegate(form), Then::Delegate);
    sheet.advice = r
        .shared
        .say(t(
            "这几天的任务会同时显示给代理人；日期可填 12-03 或天数如 7",
            "The lines of these days show with whoever stands in; date 12-03, or days such as 7",
        ))
        .to_owned();
    r.lay(Layer::Sheet(Box::new(sheet)));
}

/// Ends a delegation.
pub fn end_delegate(r: &mut Rooms, row: i64) {
    let (op, stamp) = (r.shared.op(), r.shared.stamp());
    r.saying = Some(t("代理已结束", "Nobody stands in any more"));
    send(r, Ask::EndDelegate { op, row, stamp });
    r.restaff = true;
}

/// A filled sheet about keepers, as a question to the store; nothing when it is about something else.
pub fn filled(
    d: &WhyDraft,
    then: &Then,
    op: crate::domain::ids::OpId,
    seen: i64,
    stamp: request::Stamp,
) -> Option<request::Ask> {
    let reason = d.reason.clone();
    Some(request::Ask::Keepers(match then {
        Then::Propose(customer) => {
            Ask::Propose { op, customer: *customer, to: d.to.unwrap_or_default(), seen, reason, stamp }
        }
        Then::Refuse(row, _) => Ask::Reply { op, row: *row, accept: false, reason, stamp },
        Then::Withdraw(row, _) => Ask::Withdraw { op, row: *row, reason, stamp },
        Then::Assign(given) => Ask::Assign { op, given: given.clone(), reason, stamp },
        Then::Leave(staff, to) => Ask::Leave { op, staff: *staff, to: *to, reason, stamp },
        _ => return None,
    }))
}

/// What the store says of keepers.
pub fn heard(r: &mut Rooms, wait: Wait, answer: Answer) {
    match answer {
        Answer::Orphans { list, total } => r.layers.push(Layer::Orphans(Box::new(Orphans::new(list, total)))),
        Answer::Plan(plan) => planned(r, &plan),
        Answer::Taken { change } => clashes::taken(r, &change),
        Answer::Done { rows, left, seq } if r.giving.waits_for(wait) => giving::given(r, rows, left, seq),
        Answer::Done { rows, .. } => {
            let (mut title, mut staff) = (None, std::mem::take(&mut r.restaff));
            if let Some(Layer::Sheet(sheet)) = r.layers.last().filter(|l| matches!(l, Layer::Sheet(s) if s.sent)) {
                title = Some(sheet.title.clone());
                staff |= matches!(sheet.then, Then::Delegate | Then::Leave(..));
            }
            let saying = r.saying.take();
            let words = match &title {
                Some(title) => words::agenda::noted(title, None, r.shared.today(), r.shared.lang),
                None if saying.is_some() => saying.map(|text| r.shared.say(text)).unwrap_or_default().to_owned(),
                None if rows.is_empty() => r.shared.say(t("已记下", "Noted")).to_owned(),
                None => words::moved(&r.shared, &rows),
            };
            if title.is_some() {
                r.layers.pop();
            }
            r.with(|cx| cx.done(words));
            if staff {
                r.out.ask(Wait::Workbench, request::Ask::Workbench(workbench::Ask::Open));
            }
            if !rows.is_empty() {
                r.go(Go::Rows(rows));
            }
            giving::anew(r);
        }
    }
}

/// Shows what a batch would do; it is done from there.
fn planned(r: &mut Rooms, plan: &Plan) {
    let given: Vec<Given> = plan.moves.iter().map(Move::given).collect();
    let leaving = r.leaving.take();
    if given.is_empty() && leaving.is_none() {
        r.with(|cx| {
            cx.note(t("按规则没有要换责任人的客户", "By the rules nobody needs another keeper"));
        });
        return;
    }
    let lines = told::plan(plan, r.shared.staff(), r.shared.lang);
    let (title, reason, then) = match leaving {
        Some((staff, to)) => {
            let title = format!("{} {}", r.shared.say(t("离岗移交", "Leaving:")), r.shared.name_of(Some(staff)));
            (title, t("离岗", "Leaves"), Then::Leave(staff, to))
        }
        None => {
            let title = r.shared.say(t("按规则分户", "Keepers by the rules")).to_owned();
            (title, t("按岗位分户", "By the posts"), Then::Assign(given))
        }
    };
    let text = Reading { title, lines, top: 0, print: None };
    let reason = r.shared.say(reason).to_owned();
    r.layers.push(Layer::Planned(Box::new(Planned { text, reason, then })));
}

/// The plan was read: the reason is asked for, and with it it is done.
pub fn go_on(r: &mut Rooms) {
    let Some(Layer::Planned(p)) = r.layers.pop() else { return };
    r.giving.over();
    let draft = WhyDraft { reason: p.reason, ..WhyDraft::default() };
    why(r, p.text.title, &["reason"], draft, p.then);
}

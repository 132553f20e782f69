//! What becomes of a layer's reaction: chosen values find their field, filled sheets become asks.

use super::cx::Go;
use super::event::Effect;
use super::key::Key;
use super::layers::Layer;
use super::layers::chooser::{Chooser, Entry};
use super::layers::confirm::Confirm;
use super::layers::sheet::{Record, Sheet};
use super::layers::then::{Next, Reaction, Then};
use super::rooms::Rooms;
use super::{
    audit, clashes, door, entitle, giving, goes, imports, printing, results, reveal, second, sitting, subject,
    transfers, twins, words,
};
use crate::domain::agenda::key::Key as LineKey;
use crate::domain::agenda::{Mark, Source, Task};
use crate::domain::dealings::due::Stay;
use crate::domain::family::{Part, Remark};
use crate::domain::field::Kind;
use crate::domain::ids::{CustomerId, StaffId};
use crate::domain::text::t;
use crate::index::Sort;
use crate::store::customers::KnownBy;
use crate::store::request::Ask;
use crate::store::{agenda, contacts, customers, keepers};

/// Gives a key to the top layer, if there is one.
pub fn ask(r: &mut Rooms, key: Key) -> Option<Reaction> {
    if let Some(Layer::Imports) = r.layers.last() {
        return Some(imports::keys::key(r, key));
    }
    let eyes = r.shared.eyes();
    Some(match r.layers.last_mut()? {
        Layer::Chooser(c) => c.key(key),
        Layer::Confirm(c) => c.key(key),
        Layer::Sheet(s) => s.key(key, eyes),
        Layer::Call(c) => c.key(key),
        Layer::Clash(c) => c.key(key),
        Layer::Reading(text) => text.key(key),
        Layer::Orphans(o) => o.key(key),
        Layer::Planned(p) => p.key(key),
        Layer::Twins(list) => list.key(key),
        Layer::Merging(m) => m.key(key),
        Layer::Audit(list) => list.key(key),
        Layer::Results(r) => r.key(key),
        Layer::Second(s) => s.key(key),
        Layer::Imports => Reaction::Stay,
    })
}

/// Gives pasted text to the top layer; says whether there was one.
pub fn paste(r: &mut Rooms, text: &str) -> bool {
    let eyes = r.shared.eyes();
    match r.layers.last_mut() {
        None => return false,
        Some(Layer::Chooser(c)) => c.paste(text),
        Some(Layer::Sheet(s)) => s.paste(text, eyes),
        Some(Layer::Call(c)) => c.paste(text),
        Some(Layer::Imports) => imports::keys::paste(r, text),
        Some(Layer::Second(_)) => second::paste(r, text),
        Some(
            Layer::Confirm(_)
            | Layer::Clash(_)
            | Layer::Reading(_)
            | Layer::Orphans(_)
            | Layer::Planned(_)
            | Layer::Twins(_)
            | Layer::Merging(_)
            | Layer::Audit(_)
            | Layer::Results(_),
        ) => {}
    }
    after_typing(r);
    true
}

/// Does what a reaction says.
pub fn react(r: &mut Rooms, reaction: Reaction) {
    match reaction {
        Reaction::Stay => after_typing(r),
        Reaction::Close => close(r),
        Reaction::Chosen(then, code) => {
            let label = match r.layers.pop() {
                Some(Layer::Chooser(c)) if c.live => c.current().map(|e| e.label.clone()),
                _ => None,
            };
            // A linked archive is a number in the record and a name on screen.
            if let (Some(name), Ok(id)) = (label, code.parse()) {
                r.shared.name_archive(CustomerId(id), name);
            }
            chosen(r, then, &code);
        }
        Reaction::Yes(then) => {
            r.layers.pop();
            yes(r, then);
        }
        Reaction::Submit => submit(r, false),
        Reaction::PickList => pick_list(r),
    }
}

/// Esc on a layer: one with something typed asks first.
fn close(r: &mut Rooms) {
    let typed = match r.layers.last() {
        Some(Layer::Sheet(sheet)) if sheet.dirty(r.shared.eyes()) => Some(sheet.title.as_str()),
        Some(Layer::Call(call)) if !call.note.is_empty() => Some(r.shared.say(t("记联络", "Log a contact"))),
        Some(Layer::Clash(_)) => {
            clashes::put_off(r);
            return;
        }
        _ => None,
    };
    if let Some(title) = typed {
        let question = words::drop_sheet(r.shared.lang, title);
        let yes = r.shared.say(t("放弃", "Discard"));
        r.layers.push(Layer::Confirm(Confirm::new(question, yes, Then::DropEdits(Next::CloseSheet))));
        return;
    }
    // Nobody works here yet: the question stays until it is answered (Ctrl+Q leaves).
    if r.shared.me.is_none() && matches!(r.layers.last(), Some(Layer::Chooser(_))) {
        r.with(|cx| cx.note(t("请选一位；Ctrl+Q 退出", "Please choose one; Ctrl+Q leaves")));
        return;
    }
    r.layers.pop();
}

/// What typing in a layer brings: customers that fit a live list; those already known by what a new one's sheet holds.
fn after_typing(r: &mut Rooms) {
    if let Some(Layer::Chooser(c)) = r.layers.last()
        && c.live
    {
        let entries = customers_as_entries(r, c.line.text());
        if let Some(Layer::Chooser(c)) = r.layers.last_mut() {
            c.entries = entries;
        }
    }
    let Some(Layer::Sheet(sheet)) = r.layers.last_mut() else { return };
    let Record::New(form) = &sheet.record else { return };
    let d = form.draft();
    let document = d.document_number().to_owned();
    let asked = (document.clone(), d.phone.clone(), d.name.clone(), d.birth);
    if sheet.asked.as_ref() == Some(&asked) || (document.is_empty() && d.phone.is_empty() && d.name.is_empty()) {
        return;
    }
    let (phone, name, birth) = (asked.1.clone(), asked.2.clone(), asked.3);
    sheet.asked = Some(asked);
    let ask = customers::Ask::Known { document, phone, name, birth, except: None };
    r.out.ask(super::cx::Wait::Known, Ask::Customers(ask));
}

fn pick_list(r: &mut Rooms) {
    if let Some(people) = second::people(r) {
        r.layers.push(Layer::Chooser(people));
        return;
    }
    let Some(Layer::Sheet(sheet)) = r.layers.last() else { return };
    let Some((kind, code, label)) = sheet.focused() else { return };
    let title = label.get(r.shared.lang);
    let entries = match (kind, code) {
        (Kind::Customer, _) => {
            let chooser = Chooser::new(title, customers_as_entries(r, ""), Then::Field).live();
            r.layers.push(Layer::Chooser(chooser));
            return;
        }
        (_, "repeat") => Some(words::rhythms(r.shared.lang)),
        _ => words::choices(kind, &r.shared),
    };
    match entries {
        Some(entries) => r.layers.push(Layer::Chooser(Chooser::new(title, entries, Then::Field))),
        None => r.with(|cx| cx.note(t("此项直接输入，没有可选项", "This field is typed; there is no list"))),
    }
}

/// Customers to link to, found as the search pane finds them; with nothing typed those with most assets.
fn customers_as_entries(r: &Rooms, typed: &str) -> Vec<Entry> {
    let scope = crate::index::Scope { me: r.shared.me, limit: 50, ..crate::index::Scope::on(r.shared.today()) };
    let Some(index) = &r.shared.index else { return Vec::new() };
    let found = index.search(typed, &scope).list;
    found
        .into_iter()
        .map(|h| {
            let last4: String = crate::domain::values::phone::last4(&h.row.phone).to_owned();
            Entry::new(h.row.id.0.to_string(), h.row.name, format!("{} *{last4}", h.row.no))
        })
        .collect()
}

fn chosen(r: &mut Rooms, then: Then, code: &str) {
    match then {
        Then::Field => {
            let eyes = r.shared.eyes();
            if let Some(Layer::Sheet(sheet)) = r.layers.last_mut() {
                sheet.put(code, eyes);
                after_typing(r);
            } else if let Some(Layer::Second(s)) = r.layers.last_mut() {
                s.choose(code);
            } else {
                r.in_archive(|p, cx| p.put(code, cx));
            }
        }
        Then::Run => {
            if let Some(command) = super::keymap::named(code) {
                if let super::command::Scope::In(pane) = command.scope {
                    goes::focus(r, pane);
                }
                super::rights::run(r, command);
            }
        }
        Then::Search => r.go(Go::Search(code.to_owned())),
        Then::SortHits => {
            if let Some(sort) = Sort::ALL.into_iter().find(|s| s.code() == code) {
                r.search.sort = sort;
                r.search.refresh(&r.shared);
            }
        }
        Then::Me => {
            if let Ok(id) = code.parse() {
                door::chosen(r, StaffId(id));
            }
        }
        Then::Theme => {
            r.shared.theme = code.to_owned();
            goes::keep_prefs(r, |p| p.theme = Some(code.to_owned()));
        }
        Then::Unpark => unpark(r, code),
        Then::AddPart => r.in_archive(|p, cx| p.new_part(code, cx)),
        Then::Flow => r.in_board(|p, cx| p.trial.customers(code, cx)),
        Then::OpenCustomer => {
            if let Ok(id) = code.parse() {
                // The lists below it are done with.
                r.layers.retain(|l| !matches!(l, Layer::Chooser(_)));
                r.go(Go::Open(CustomerId(id), true));
            }
        }
        Then::Unmask(customer) => reveal::why(r, customer, code.to_owned()),
        Then::Reveal(customer, field) => reveal::because(r, customer, field, code),
        Then::Column => imports::matching::column(r, code),
        Then::Stay { key, customer, name } => {
            let Some(stay) = Stay::of_reason(code).filter(|_| !r.out.writing()) else { return };
            let ask = agenda::Ask::Mark {
                op: r.shared.op(),
                key: key.clone(),
                customer: Some(customer),
                mark: Mark::Done,
                seen: r.shared.seq,
                reason: stay.label().zh.to_owned(),
                stamp: r.shared.stamp(),
            };
            r.in_agenda(|p, cx| {
                if cx.write(Ask::Agenda(ask)) {
                    p.stays(&key, &name, stay, cx);
                }
            });
        }
        Then::GroupBy => r.in_board(|p, cx| p.chosen(code, cx)),
        Then::Transfer(item) => transfers::chosen(r, &item, code),
        Then::Open => {
            if let Ok(id) = code.parse() {
                r.go(Go::Open(CustomerId(id), true));
            }
        }
        Then::Plan(ids) => transfers::plan(r, ids),
        Then::PlanAll => transfers::plan_all(r),
        Then::Audit(pick) => audit::chosen(r, pick, code),
        Then::Subject(customer) => subject::chosen(r, customer, code),
        Then::Entitle(customer) => entitle::chosen(r, customer, code),
        Then::Entitled(row) => entitle::act(r, row, code),
        Then::Compare(keep, other) => twins::compare(r, keep, other),
        Then::ProposeByRules(ids) => transfers::propose_by_rules(r, ids),
        Then::Leaver => {
            if let Ok(id) = code.parse() {
                transfers::heir(r, StaffId(id));
            }
        }
        Then::Heir(staff) => transfers::leave_plan(r, staff, code.parse().ok().map(StaffId)),
        Then::Delegation => match code.parse() {
            Ok(row) => transfers::end_delegate(r, row),
            Err(_) => transfers::new_delegate(r),
        },
        _ => {}
    }
}

fn unpark(r: &mut Rooms, code: &str) {
    let Some(parked) = code.parse::<usize>().ok().filter(|at| *at < r.archive.parked.len()) else { return };
    let Some(customer) = r.archive.parked.get(parked).map(|p| p.customer) else { return };
    match customer {
        // Opening it brings what was typed back.
        Some(id) => r.go(Go::Open(id, true)),
        None => {
            let kept = r.archive.parked.remove(parked).kept;
            let title = r.shared.say(t("新客户", "New customer"));
            let codes = kept.edits.iter().map(|e| &e.field).chain(kept.refused.iter().map(|(code, _)| code));
            let codes: Vec<&str> = codes.map(String::as_str).collect();
            let mut sheet = Sheet::new_customer(title, r.shared.me, &codes);
            if let Record::New(form) = &mut sheet.record {
                form.bring_back(&kept, r.shared.eyes());
            }
            r.lay(Layer::Sheet(Box::new(sheet)));
            r.go(Go::Drafts);
        }
    }
}

fn yes(r: &mut Rooms, then: Then) {
    let (op, stamp) = (r.shared.op(), r.shared.stamp());
    match then {
        Then::DropEdits(next) => match next {
            Next::Stay => r.in_archive(|p, _| p.drop_edits()),
            Next::CloseSheet => {
                r.layers.pop();
                r.go(Go::Drafts);
            }
            Next::Open(id) => {
                r.in_archive(|p, _| p.drop_edits());
                r.go(Go::Open(id, true));
            }
            Next::Quit => {
                // Parked, so that it is there again next time.
                r.in_archive(|p, cx| {
                    p.park(cx);
                });
                let drafts = sitting::to_keep(r).text();
                r.out.effects.push(Effect::KeepDrafts(drafts));
                r.out.effects.push(Effect::Quit);
            }
        },
        Then::Quit => r.out.effects.push(Effect::Quit),
        Then::PutBack { seq, field } => {
            let ask = customers::Ask::PutBack { op, seq, field, stamp };
            r.with(|cx| {
                cx.write(Ask::Customers(ask));
            });
        }
        Then::KeepNote { customer, text } => {
            if matches!(r.layers.last(), Some(Layer::Sheet(_))) {
                r.layers.pop();
            }
            let remark = Remark { kind: "news".into(), state: "open".into(), on: Some(r.shared.today()), text };
            let ask = customers::Ask::Part { op, customer, row: None, part: Some(Part::Remark(remark)), stamp };
            r.with(|cx| {
                cx.write(Ask::Customers(ask));
            });
        }
        Then::RemovePart { row } => {
            let ask = customers::Ask::Part { op, customer: row.customer, row: Some(row), part: None, stamp };
            r.with(|cx| {
                cx.write(Ask::Customers(ask));
            });
        }
        Then::Withdraws(customer, purpose, channel) => subject::say(r, customer, (purpose, channel), false),
        Then::Erase(customer) => subject::vouch_erase(r, customer),
        Then::Merge => twins::merge(r, false),
        Then::MergeAnyway => twins::merge(r, true),
        Then::Unmerge(id) => twins::unmerge(r, id),
        Then::Together(a, b) => twins::together(r, a, b),
        Then::TakeIn => imports::keys::take_in(r),
        Then::StopImport => imports::errands::stop(r),
        Then::UndoImport(n) => imports::keys::undo(r, n),
        Then::DropMapping => imports::matching::drop_mapping(r),
        Then::CreateAnyway => submit(r, true),
        _ => {}
    }
}

/// Saves what the top layer holds. `anyway` when somebody like the new customer is known.
fn submit(r: &mut Rooms, anyway: bool) {
    if r.out.writing() {
        // Enter twice must not save twice.
        return;
    }
    let (op, stamp) = (r.shared.op(), r.shared.stamp());
    match r.layers.last_mut() {
        Some(Layer::Call(call)) => {
            let (Some(channel), Some(outcome)) = (call.channel, call.outcome) else { return };
            let alert = call.task.as_deref().and_then(LineKey::parse).is_some_and(|k| k.source == Source::Alert);
            if alert && outcome.is_real() && call.note.is_empty() {
                r.with(|cx| {
                    cx.trouble(t("请在备注里写核实到什么，主管要复核", "Note what was found; a supervisor confirms it"))
                });
                return;
            }
            let ask = contacts::Ask::Log {
                op,
                customer: call.customer,
                channel,
                outcome,
                note: crate::domain::values::plain::line(call.note.text()),
                next: None,
                task: call.task.clone(),
                stamp,
            };
            let mut sent = false;
            r.with(|cx| sent = cx.write(Ask::Contacts(ask)));
            if let Some(Layer::Call(call)) = r.layers.last_mut() {
                call.sent = sent;
            }
        }
        Some(Layer::Clash(_)) => clashes::settle(r),
        Some(Layer::Planned(_)) => transfers::go_on(r),
        Some(Layer::Twins(_)) => twins::act(r),
        Some(Layer::Merging(_)) => twins::confirm(r),
        Some(Layer::Audit(_)) => audit::act(r),
        Some(Layer::Results(_)) => results::act(r),
        Some(Layer::Second(_)) => second::submit(r),
        Some(Layer::Reading(_)) => printing::page(r),
        Some(Layer::Sheet(sheet)) => {
            let wrong = sheet.finish(r.shared.eyes()).map(|c| c.get(r.shared.lang).to_owned());
            if let Some(words) = wrong {
                r.with(|cx| cx.refuse(words));
                return;
            }
            after_typing(r);
            submit_sheet(r, anyway);
        }
        _ => {}
    }
}

fn submit_sheet(r: &mut Rooms, anyway: bool) {
    let Some(Layer::Sheet(sheet)) = r.layers.last() else { return };
    let sheet = (**sheet).clone();
    let (op, stamp) = (r.shared.op(), r.shared.stamp());
    let ask = match (&sheet.record, &sheet.then) {
        (Record::New(form), _) => {
            let customer = form.draft().clone();
            if customer.name.is_empty() {
                r.with(|cx| cx.trouble(t("姓名不能空", "A name is needed")));
                return;
            }
            if let Some(k) = sheet.known.iter().find(|k| k.by == KnownBy::Document) {
                let words = words::known_same(r.shared.lang, k);
                r.with(|cx| cx.refuse(words));
                return;
            }
            if let Some(k) = sheet.known.first().filter(|_| !anyway) {
                let question = words::create_anyway(r.shared.lang, k);
                let yes = r.shared.say(t("仍要新建", "Create")).to_owned();
                r.layers.push(Layer::Confirm(Confirm::new(question, yes, Then::CreateAnyway)));
                return;
            }
            Ask::Customers(customers::Ask::Create { op, customer: Box::new(customer), stamp })
        }
        (Record::Member(_) | Record::Occasion(_) | Record::Link(_) | Record::Remark(_) | Record::Entitlement(_), _) => {
            let (Some((customer, row)), Some(part)) = (sheet.part.clone(), sheet.as_part()) else { return };
            if part.name().is_empty() {
                r.with(|cx| cx.trouble(t("姓名或事由不能空", "A name or text is needed")));
                return;
            }
            Ask::Customers(customers::Ask::Part { op, customer, row, part: Some(part), stamp })
        }
        (Record::Task(form), _) => {
            let d = form.draft().clone();
            let (Some(due), false, Some(owner)) = (d.due, d.text.is_empty(), r.shared.me) else {
                r.with(|cx| cx.trouble(t("请写事由和日期", "Say what is to be done and when")));
                return;
            };
            let fresh = crate::domain::ids::TaskId(r.shared.row_id());
            let (id, rev) = d.row.unwrap_or((fresh, 0));
            let task = Task { id, rev, owner, customer: d.customer, text: d.text, due, repeat: d.repeat };
            Ask::Agenda(agenda::Ask::Keep { op, task, stamp })
        }
        (Record::Trial(form), _) => {
            let draft = form.draft().clone();
            let mut asked = false;
            r.in_board(|p, cx| asked = p.try_lines(draft, cx));
            if asked {
                r.layers.pop();
            }
            return;
        }
        (Record::Hold(form), Then::Hold(id)) => {
            let d = form.draft().clone();
            if d.reason.is_empty() || (d.tier.is_some() && d.until.is_none()) {
                r.with(|cx| cx.trouble(t("请写理由和到期日", "Give a reason and an end date")));
                return;
            }
            let tier = d.tier.zip(d.until);
            Ask::Customers(customers::Ask::Hold { op, id: *id, tier, seen: sheet.seen, reason: d.reason, stamp })
        }
        (Record::Goals(form), Then::Goals(whose, month)) => results::filled(r, form.draft(), *whose, *month),
        (Record::Why(form), Then::Mark { mark: Mark::HandedOn { .. }, .. })
            if form.draft().to.is_some() && r.agenda.current().is_some_and(|i| i.owner == form.draft().to) =>
        {
            r.with(|cx| {
                cx.trouble(t(
                    "这一条本来就是这位同事的，请选另一位（F4）",
                    "It is theirs already; choose somebody else (F4)",
                ))
            });
            return;
        }
        (Record::Delegate(form), _) => {
            let d = form.draft().clone();
            let (Some(staff), Some(to), Some(from), Some(until), false) =
                (d.staff, d.to, d.from, d.until, d.reason.is_empty())
            else {
                r.with(|cx| {
                    cx.trouble(t("请填代理人、起止日期和理由", "Say who stands in, from when to when, and why"))
                });
                return;
            };
            Ask::Keepers(keepers::Ask::Delegate { op, staff, to, from, until, reason: d.reason, stamp })
        }
        (Record::Why(form), then) => match why(form.draft(), form.fields(), then, op, sheet.seen, &stamp) {
            Ok(ask) => ask,
            Err(words) => {
                r.with(|cx| cx.trouble(words));
                return;
            }
        },
        _ => return,
    };
    if let Ask::Keepers(keepers::Ask::Assign { given, reason, .. }) = ask {
        giving::begin(r, given, reason);
        return;
    }
    let mut sent = false;
    r.with(|cx| sent = cx.write(ask));
    if let Some(Layer::Sheet(sheet)) = r.layers.last_mut() {
        sheet.sent = sent;
    }
}

/// What a filled reason asks for; or what it still lacks.
fn why(
    d: &super::drafts::WhyDraft,
    fields: &[&crate::domain::field::Field<super::drafts::WhyDraft>],
    then: &Then,
    op: crate::domain::ids::OpId,
    seen: i64,
    stamp: &crate::store::request::Stamp,
) -> Result<Ask, crate::domain::text::Text> {
    let asked = |code: &str| fields.iter().any(|f| f.code == code);
    let reason = d.reason.clone();
    if reason.is_empty() {
        return Err(t("请写一句理由，同事看得到", "Please give a reason; colleagues will see it"));
    }
    if asked("to") && d.to.is_none() {
        return Err(t("请选交给谁（F4）", "Choose to whom (F4)"));
    }
    if asked("until") && d.until.is_none() {
        return Err(t("请填推迟到哪天", "Say until which day"));
    }
    let stamp = stamp.clone();
    match then {
        Then::Keeper(ids) => {
            Ok(Ask::Customers(customers::Ask::Keeper { op, ids: ids.clone(), owner: d.to, seen, reason, stamp }))
        }
        Then::HandOver(customer) => {
            let to = d.to.unwrap_or_default();
            Ok(Ask::Agenda(agenda::Ask::HandOver { op, customer: *customer, to, reason, stamp }))
        }
        Then::Mark { key, customer, mark } => {
            let mark = match mark {
                Mark::Snoozed { until } => Mark::Snoozed { until: d.until.unwrap_or(*until) },
                Mark::HandedOn { to } => Mark::HandedOn { to: d.to.unwrap_or(*to) },
                other => other.clone(),
            };
            Ok(Ask::Agenda(agenda::Ask::Mark { op, key: key.clone(), customer: *customer, mark, seen, reason, stamp }))
        }
        Then::Agree(customer, purpose, channel) => Ok(Ask::Subject(crate::store::subject::Ask::Consent {
            op,
            customer: *customer,
            purpose: *purpose,
            channel: *channel,
            agreed: true,
            evidence: reason,
            stamp,
        })),
        Then::Decide(row, verdict) => Ok(entitle::decided(op, row, *verdict, &reason, stamp)),
        Then::Apart(a, b) => {
            Ok(Ask::Twins(crate::store::twins::Ask::Apart { op, a: *a, b: *b, reason: Some(reason), stamp }))
        }
        then => transfers::filled(d, then, op, seen, stamp).ok_or(t("这里不需要理由", "No reason is needed here")),
    }
}

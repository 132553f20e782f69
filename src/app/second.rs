//! The second person's word (授权) at the desk: who may give it, what was typed, what is done when it is given. Whether a password is right is found
//! out in `store::secret`, on a thread of its own.

use super::cx::Go;
use super::event::Effect;
use super::input::lines;
use super::layers::Layer;
use super::layers::chooser::{Chooser, Entry};
use super::layers::door::Said;
use super::layers::second::Second;
use super::layers::then::Then;
use super::reach::eyes;
use super::rooms::Rooms;
use crate::domain::ids::{OpId, StaffId};
use crate::domain::rights::Action;
use crate::domain::staff::Staff;
use crate::domain::text::{Text, t};
use crate::domain::vouch;
use crate::store::request::Stamp;
use crate::store::secret::{SignInError, Wants};

/// Those who may give the word to the one who works here.
pub fn vouchers(r: &Rooms, action: Action) -> Vec<&Staff> {
    eyes(&r.shared).map(|eyes| eyes.granters(action)).unwrap_or_default()
}

/// Asks for the word, and then does it. Where nobody could give one the store says whether it goes without.
pub fn ask(r: &mut Rooms, action: Action, what: String, then: Then) {
    let may = vouchers(r, action);
    let only = match may.as_slice() {
        [] => {
            let stamp = r.shared.stamp();
            r.go(Go::Granted(then, Box::new(stamp)));
            return;
        }
        [one] => one.code.clone(),
        _ => String::new(),
    };
    r.layers.push(Layer::Second(Box::new(Second::new(action, what, &only, then))));
}

fn top(r: &mut Rooms) -> Option<&mut Second> {
    match r.layers.last_mut() {
        Some(Layer::Second(s)) => Some(s),
        _ => None,
    }
}

/// Those who may, to choose from.
pub fn people(r: &Rooms) -> Option<Chooser> {
    let Some(Layer::Second(s)) = r.layers.last() else { return None };
    let lang = r.shared.lang;
    let one =
        |p: &&Staff| Entry::new(p.code.clone(), p.name.clone(), format!("{} {}", p.role.label().get(lang), p.code));
    let entries = vouchers(r, s.action).iter().map(one).collect();
    Some(Chooser::new(r.shared.say(t("谁来授权", "Who vouches")), entries, Then::Field))
}

/// Types pasted text. Both fields have one line, so a line break is Enter: card readers and links that mark no paste type it so.
pub fn paste(r: &mut Rooms, text: &str) {
    for (n, line) in lines(text).enumerate() {
        if n > 0 {
            submit(r);
        }
        match top(r) {
            Some(s) if s.asked.is_none() => s.paste(line),
            _ => return,
        }
    }
}

/// Takes what is typed: the number first, then the password where they have one.
pub fn submit(r: &mut Rooms) {
    let Some(Layer::Second(s)) = r.layers.last() else { return };
    if s.asked.is_some() {
        return;
    }
    let (action, typed, at_password) = (s.action, s.number.text().trim().to_owned(), s.at_password);
    if typed.is_empty() {
        say(r, t("请输入授权人的工号，或按 F4 选", "Type the number of who vouches, or choose with F4"));
        return;
    }
    let Some(eyes) = eyes(&r.shared) else { return };
    let person = match vouch::voucher(&eyes, action, &typed) {
        Ok(person) => (person.id, person.code.clone()),
        Err(words) => {
            let words = words.get(r.shared.lang).to_owned();
            if let Some(s) = top(r) {
                s.password.clear();
                s.at_password = false;
                s.said = Some(Said::Trouble(words));
            }
            return;
        }
    };
    let (now, free) = (r.shared.now, r.shared.wants(person.0) == Wants::Nothing);
    let op = r.shared.op();
    let Some(s) = top(r) else { return };
    s.number.set(person.1.clone());
    if !free && (!at_password || s.password.is_empty()) {
        s.at_password = true;
        if at_password {
            say(r, t("请授权人输入密码", "Let them type their password"));
        }
        return;
    }
    if let Some(left) = s.until.map(|until| (until - now).num_seconds()).filter(|left| *left > 0) {
        s.said = Some(Said::Refused(SignInError::Wait(left)));
        return;
    }
    s.asked = Some(op);
    s.said = None;
    let effect = Effect::Vouch { op, staff: person.1, password: s.password.password(), to: action.code() };
    r.out.effects.push(effect);
}

/// The password was looked at. What nobody waits for any more is dropped.
pub fn heard(r: &mut Rooms, op: OpId, done: Result<StaffId, SignInError>) {
    let (now, writing) = (r.shared.now, r.out.writing());
    let mut found = r.layers.iter_mut().rev();
    let Some(s) = found.find_map(|l| match l {
        Layer::Second(s) if s.asked == Some(op) => Some(s),
        _ => None,
    }) else {
        return;
    };
    s.asked = None;
    match done {
        Ok(_) if writing => {
            let words = t("前一项还在保存，请稍等再按 Enter", "A save is under way; press Enter again in a moment");
            s.said = Some(Said::Note(words.get(r.shared.lang).to_owned()));
        }
        Ok(second) => {
            let then = s.then.clone();
            r.forget_word();
            let stamp = Stamp { second: Some(second), ..r.shared.stamp() };
            r.go(Go::Granted(then, Box::new(stamp)));
        }
        Err(error) => {
            s.password.clear();
            s.at_password = true;
            if let SignInError::Wrong { wait, .. } | SignInError::Wait(wait) = &error {
                s.until = Some(now + chrono::TimeDelta::seconds(*wait)).filter(|until| *until > now);
            }
            s.said = Some(Said::Refused(error));
        }
    }
}

/// The name that belongs to the number typed, if they may vouch.
pub fn named(r: &Rooms, s: &Second) -> Option<(StaffId, String)> {
    let typed = s.number.text().trim();
    let may = vouchers(r, s.action);
    may.iter().find(|p| p.code.eq_ignore_ascii_case(typed)).map(|p| (p.id, p.name.clone()))
}

fn say(r: &mut Rooms, words: Text) {
    let words = r.shared.say(words).to_owned();
    if let Some(s) = top(r) {
        s.said = Some(Said::Note(words));
    }
}

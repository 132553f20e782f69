//! Signing in, out and over: who is asked for a password and when, the lock, another colleague at the same PC, new passwords. Whether a password
//! is right is found out in `store::secret`; what stands on the screen is `layers::door`.

use super::aside;
use super::cx::{Go, Wait};
use super::event::Effect;
use super::input::lines;
use super::key::{Code, Key};
use super::layers::Layer;
use super::layers::chooser::Chooser;
use super::layers::door::{Cause, Change, Door, Said, Slot, Wish};
use super::layers::sheet::Record;
use super::layers::then::Then;
use super::rooms::Rooms;
use super::{sitting, words};
use crate::domain::access::Action;
use crate::domain::ids::StaffId;
use crate::domain::staff::Staff;
use crate::domain::text::{Text, t};
use crate::store::request::Ask;
use crate::store::secret::{SignInError, Wants, Why};
use crate::store::workbench;
use chrono::NaiveDateTime;

/// Whether anybody is asked for a password here.
fn guarded(r: &Rooms) -> bool {
    let open = r.shared.opened.as_ref();
    open.is_none_or(|o| o.encrypted || o.settings.sign_in.required || !o.secrets.is_empty())
}

/// An encrypted file is not opened before somebody signed in.
pub fn begin(r: &mut Rooms) {
    let code = r.shared.start.staff.clone().unwrap_or_default();
    r.door = Some(Box::new(Door { shut: true, ..Door::new(Cause::Start, &code) }));
}

/// The branch is open and nobody works here: `me` is who was named, if that is somebody.
pub fn arrive(r: &mut Rooms, me: Option<&Staff>) {
    if let Some(staff) = r.entering.take() {
        r.door = None;
        sitting::be(r, staff);
        return;
    }
    match me {
        Some(person) if r.shared.wants(person.id) == Wants::Nothing => sitting::be(r, person.id),
        Some(person) => {
            r.door = Some(Box::new(Door::new(Cause::Start, &person.code)));
            if r.shared.wants(person.id) == Wants::Setting {
                ask_first(r, person.id);
            }
        }
        None if guarded(r) => r.door = Some(Box::new(Door::new(Cause::Start, ""))),
        None => choose(r),
    }
}

/// A line for the log. Who has no password proves nothing by being named, so nothing is written of it.
pub fn note(r: &mut Rooms, action: Action, to: &str) {
    if r.shared.me.is_some_and(|me| r.shared.wants(me) == Wants::Password) {
        r.shared.look(|line| line.to(to), action);
    }
}

/// The list of colleagues, where nobody has a password.
fn choose(r: &mut Rooms) {
    let title = r.shared.say(t("谁在用这台机器", "Who works here"));
    let entries = words::people(&r.shared);
    r.layers.push(Layer::Chooser(Chooser::new(title, entries, Then::Me)));
}

/// A colleague was chosen from the list.
pub fn chosen(r: &mut Rooms, staff: StaffId) {
    if r.shared.wants(staff) == Wants::Nothing {
        take_over(r, staff);
        return;
    }
    let cause = if r.shared.me.is_some() { Cause::Switch } else { Cause::Start };
    r.door = Some(Box::new(Door::new(cause, &code_of(r, staff))));
    if r.shared.wants(staff) == Wants::Setting {
        ask_first(r, staff);
    }
}

/// Another colleague comes.
pub fn switch(r: &mut Rooms) {
    if guarded(r) {
        r.door = Some(Box::new(Door::new(Cause::Switch, "")));
    } else {
        choose(r);
    }
}

/// The customer sees the screen, or no longer does: what is not about them is covered.
pub fn cover(r: &mut Rooms) {
    r.shared.hidden = !r.shared.hidden;
    r.shared.present = r.archive.opened().map(|o| o.customer.id);
}

/// Locks the screen.
pub fn lock(r: &mut Rooms) {
    let Some(who) = r.shared.me.filter(|_| r.door.is_none()) else { return };
    let mut door = Door::new(Cause::Lock { who, since: r.shared.now }, &code_of(r, who));
    if r.shared.wants(who) == Wants::Nothing {
        door.focus = None;
    }
    r.door = Some(Box::new(door));
    r.forget_word();
    note(r, Action::Lock, "workbench");
    r.go(Go::Drafts);
    close(r);
}

/// Whether the file is closed behind the door, so that nothing can be asked of it.
pub fn shut(r: &Rooms) -> bool {
    r.door.as_deref().is_some_and(|d| d.shut)
}

/// Closes an encrypted file behind the lock, unless an import is still writing: then as soon as that is over.
fn close(r: &mut Rooms) {
    let encrypted = r.shared.opened.as_ref().is_some_and(|o| o.encrypted) && !r.imports.writing();
    let Some(door) = r.door.as_deref_mut().filter(|d| encrypted && !d.shut && !d.busy && d.change.is_none()) else {
        return;
    };
    if matches!(door.cause, Cause::Lock { .. }) || (door.cause == Cause::Start && r.shared.me.is_none()) {
        door.shut = true;
        r.out.effects.push(Effect::Lock);
    }
}

/// One's own password is to be changed.
pub fn own(r: &mut Rooms) {
    let Some(me) = r.shared.me else { return };
    let mut door = Door::new(Cause::Own, &code_of(r, me));
    door.ask_new(Change { staff: me, why: None, old: r.shared.wants(me) == Wants::Password });
    r.door = Some(Box::new(door));
}

/// Whoever works here is not on the staff any more.
pub fn dismissed(r: &mut Rooms) {
    aside::put(r);
    r.shared.me = None;
    let mut door = Door::new(Cause::Start, "");
    door.said = Some(Said::Note(
        r.shared
            .say(t("这位同事已离岗，请其他同事登录", "This colleague has left the branch; somebody else may sign in"))
            .to_owned(),
    ));
    r.door = Some(Box::new(door));
    r.go(Go::Drafts);
    close(r);
}

/// Time passes: after the minutes set without a key the screen locks. Only who has a password is locked out by it.
pub fn tick(r: &mut Rooms, last_key: NaiveDateTime) {
    let minutes = i64::from(r.shared.settings().sign_in.lock_minutes);
    let idle = (r.shared.now - last_key).num_minutes() >= minutes;
    if r.door.is_some() {
        close(r);
        return;
    }
    let Some(me) = r.shared.me else { return };
    if minutes > 0 && idle && r.shared.wants(me) == Wants::Password {
        lock(r);
    }
}

/// Takes a key, while the door stands before everything.
pub fn key(r: &mut Rooms, key: Key) {
    if key == Key::ctrl('q') {
        leave(r);
        return;
    }
    let Some(door) = r.door.as_deref_mut() else { return };
    if key == Key::ctrl('z') && door.cause == Cause::Start {
        r.out.effects.push(Effect::Suspend);
        return;
    }
    if matches!(door.said, Some(Said::Note(_) | Said::Trouble(_))) && !door.busy {
        door.said = None;
    }
    let before = door.number.text().to_owned();
    match door.key(key) {
        Wish::Stay => {
            if door.number.text() != before {
                door.password.clear();
            }
        }
        Wish::Back => back(r),
        Wish::People => {
            if r.shared.staff().is_empty() {
                say(r, t("登录后才有名单，请输入工号", "The list comes after signing in; type the number"));
                return;
            }
            let title = r.shared.say(t("谁在用这台机器", "Who works here"));
            let people = Chooser::new(title, words::people(&r.shared), Then::Nothing);
            if let Some(door) = r.door.as_deref_mut() {
                door.people = Some(people);
            }
        }
        Wish::Chosen(staff) => {
            let code = code_of(r, staff);
            if let Some(door) = r.door.as_deref_mut() {
                door.people = None;
                door.password.clear();
                door.number.set(code);
                door.focus = Some(Slot::Number);
            }
            submit(r);
        }
        Wish::Submit => submit(r),
    }
}

/// Types pasted text. Every field here has one line, so a line break is Enter: card readers and links that mark no paste type it so. What follows
/// a password that is being looked at is not taken.
pub fn paste(r: &mut Rooms, text: &str) {
    for (n, line) in lines(text).enumerate() {
        if n > 0 {
            key(r, Key::plain(Code::Enter));
        }
        match r.door.as_deref_mut() {
            Some(door) if !door.busy => door.paste(line),
            _ => return,
        }
    }
}

fn back(r: &mut Rooms) {
    let code = r.shared.me.map(|me| code_of(r, me)).unwrap_or_default();
    let Some(door) = r.door.as_deref_mut() else { return };
    door.forget();
    match (&door.cause, door.change.take()) {
        (Cause::Own, _) | (Cause::Switch, None) => r.door = None,
        (_, Some(_)) => door.focus = Some(Slot::Number),
        (Cause::Lock { who, .. }, None) => {
            let who = *who;
            door.number.set(code);
            let free = r.shared.wants(who) == Wants::Nothing;
            if let Some(door) = r.door.as_deref_mut() {
                door.focus = if free { None } else { Some(Slot::Password) };
            }
        }
        (Cause::Start, None) => say(r, t("请登录；Ctrl+Q 退出", "Please sign in; Ctrl+Q leaves")),
    }
}

/// Out of the program from behind the door. What is typed is on the disk; a sheet that would be lost holds one here.
fn leave(r: &mut Rooms) {
    let eyes = r.shared.eyes();
    let lost = |l: &Layer| match l {
        Layer::Sheet(s) => !matches!(s.record, Record::New(_)) && s.dirty(eyes),
        Layer::Call(c) => !c.note.is_empty(),
        _ => false,
    };
    if r.layers.iter().any(lost) {
        say(
            r,
            t(
                "锁屏前还有没存的内容，请先登录回去存好",
                "Something behind the lock is not saved; sign in and save it first",
            ),
        );
        return;
    }
    aside::park(r);
    let drafts = sitting::to_keep(r).text();
    r.out.effects.push(Effect::KeepDrafts(drafts));
    r.out.effects.push(Effect::Quit);
}

/// Takes what is typed.
fn submit(r: &mut Rooms) {
    let Some(door) = r.door.as_deref() else { return };
    if let Some(change) = door.change {
        set(r, change);
        return;
    }
    let (typed, focus) = (door.number.text().trim().to_owned(), door.focus);
    let person = r.shared.staff().iter().find(|s| s.active && (s.code.eq_ignore_ascii_case(&typed) || s.name == typed));
    let (staff, code) = (person.map(|s| s.id), person.map_or(typed, |s| s.code.clone()));
    if code.is_empty() {
        say(r, t("请输入工号，或按 F4 选人", "Type your number, or choose with F4"));
        return;
    }
    match staff.map(|id| (id, r.shared.wants(id))) {
        Some((id, Wants::Nothing)) => enter(r, id),
        Some((id, Wants::Setting)) => ask_first(r, id),
        _ if focus == Some(Slot::Number) => {
            if let Some(door) = r.door.as_deref_mut() {
                door.number.set(code);
                door.focus = Some(Slot::Password);
            }
        }
        _ => try_it(r, code),
    }
}

/// Has the password looked at, unless it is too early.
fn try_it(r: &mut Rooms, staff: String) {
    let now = r.shared.now;
    let Some(door) = r.door.as_deref_mut() else { return };
    if door.password.is_empty() {
        say(r, t("请输入密码", "Type the password"));
        return;
    }
    if let Some(left) = door.until.map(|until| (until - now).num_seconds()).filter(|left| *left > 0) {
        door.said = Some(Said::Refused(SignInError::Wait(left)));
        return;
    }
    let to = match door.cause {
        Cause::Start => "workbench",
        Cause::Switch => "switch",
        Cause::Lock { .. } => "unlock",
        Cause::Own => "password",
    };
    door.busy = true;
    door.said = None;
    let password = door.password.password();
    r.out.effects.push(Effect::SignIn { staff, password, to });
}

/// Somebody was let in, or was not.
pub fn signed_in(r: &mut Rooms, signed: Result<(StaffId, Option<Why>), SignInError>) {
    let now = r.shared.now;
    let Some(door) = r.door.as_deref_mut() else { return };
    door.busy = false;
    door.shut &= signed.is_err();
    match signed {
        Ok((staff, Some(why))) => door.ask_new(Change { staff, why: Some(why), old: true }),
        Ok((staff, None)) => {
            door.until = None;
            enter(r, staff);
        }
        Err(error) => {
            door.password.clear();
            door.focus = Some(Slot::Password);
            if let SignInError::Wrong { wait, .. } | SignInError::Wait(wait) = &error {
                door.until = Some(now + chrono::TimeDelta::seconds(*wait)).filter(|until| *until > now);
            }
            door.said = Some(Said::Refused(error));
        }
    }
}

/// A password of one's own is asked for, where there is none yet.
fn ask_first(r: &mut Rooms, staff: StaffId) {
    let code = code_of(r, staff);
    if let Some(door) = r.door.as_deref_mut() {
        door.number.set(code);
        door.ask_new(Change { staff, why: None, old: false });
    }
}

/// Has the new password set.
fn set(r: &mut Rooms, change: Change) {
    let Some(door) = r.door.as_deref() else { return };
    let code = r.shared.person(change.staff).map_or_else(|| door.number.text().to_owned(), |s| s.code.clone());
    let sealed = r.shared.start.sealed || r.shared.opened.as_ref().is_some_and(|o| o.encrypted);
    let (new, old) = (door.new.password(), door.password.password());
    let wrong = if change.old && door.password.is_empty() {
        Some((Slot::Password, r.shared.say(t("请输入原密码", "Type the old password")).to_owned()))
    } else if let Err(words) = r.shared.settings().sign_in.admits(&new, &code, sealed) {
        Some((Slot::New, words.get(r.shared.lang).to_owned()))
    } else if door.new != door.again {
        let words = t("两次输入的新密码不一样，请再输一遍", "The two are not the same; type the new one again");
        Some((Slot::Again, r.shared.say(words).to_owned()))
    } else {
        None
    };
    let Some(door) = r.door.as_deref_mut() else { return };
    if let Some((slot, words)) = wrong {
        match slot {
            Slot::New => (door.new.clear(), door.again.clear()),
            _ => (door.again.clear(), ()),
        };
        door.focus = Some(slot);
        door.said = Some(Said::Trouble(words));
        return;
    }
    door.busy = true;
    door.said = None;
    let old = change.old.then_some(old);
    r.out.effects.push(Effect::SetPassword { staff: change.staff, code, old, new });
}

/// A new password was set, or was not.
pub fn password_set(r: &mut Rooms, done: Result<(), SignInError>) {
    let now = r.shared.now;
    let Some(door) = r.door.as_deref_mut() else { return };
    door.busy = false;
    let Some(change) = door.change else { return };
    match done {
        Ok(()) => {
            door.forget();
            if let Some(opened) = &mut r.shared.opened
                && !opened.secrets.contains(&change.staff)
            {
                opened.secrets.push(change.staff);
            }
            if door.cause == Cause::Own {
                r.door = None;
            } else {
                enter(r, change.staff);
            }
            r.with(|cx| cx.done(cx.shared.say(t("密码已改", "The password is changed"))));
        }
        Err(error) => {
            if let SignInError::Wrong { wait, .. } | SignInError::Wait(wait) = &error {
                door.until = Some(now + chrono::TimeDelta::seconds(*wait)).filter(|until| *until > now);
                door.password.clear();
                door.focus = Some(Slot::Password);
            } else {
                door.new.clear();
                door.again.clear();
                door.focus = Some(Slot::New);
            }
            door.said = Some(Said::Refused(error));
        }
    }
}

/// Somebody may go in; who gave a password is in the log by now.
fn enter(r: &mut Rooms, staff: StaffId) {
    let Some(door) = r.door.as_deref_mut() else { return };
    let cause = door.cause.clone();
    match cause {
        Cause::Start if r.shared.opened.is_none() => {
            r.entering = Some(staff);
            door.busy = true;
            door.forget();
            r.out.ask(Wait::Workbench, Ask::Workbench(workbench::Ask::Open));
        }
        Cause::Lock { who, .. } if who == staff && r.shared.me == Some(staff) => {
            r.door = None;
            let since = r.shared.seq;
            r.out.ask(Wait::News, Ask::Workbench(workbench::Ask::News { since }));
        }
        _ => take_over(r, staff),
    }
}

/// This colleague works here from now on; what the one before had on the screen goes with them.
fn take_over(r: &mut Rooms, staff: StaffId) {
    if r.shared.me == Some(staff) {
        r.door = None;
        return;
    }
    if r.out.writing() {
        let words =
            t("前一位的保存还没完成，请稍等再试", "A save of the one before is under way; try again in a moment");
        say(r, words);
        r.with(|cx| cx.note(words));
        return;
    }
    r.door = None;
    if r.shared.me.is_some() {
        note(r, Action::SignOut, "switch");
        aside::put(r);
    }
    r.shared.theme = r.shared.start.theme.clone().unwrap_or_else(|| "dark".to_owned());
    r.shared.me = Some(staff);
    aside::take(r);
    sitting::be(r, staff);
    r.go(Go::Drafts);
}

fn code_of(r: &Rooms, staff: StaffId) -> String {
    r.shared.person(staff).map(|s| s.code.clone()).unwrap_or_default()
}

fn say(r: &mut Rooms, words: Text) {
    let words = r.shared.say(words).to_owned();
    if let Some(door) = r.door.as_deref_mut() {
        door.said = Some(Said::Note(words));
    }
}

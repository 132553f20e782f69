//! How the door looks: a plain screen with the branch, who is asked, and the fields. Nothing of a customer is ever drawn on it.

use super::chooser;
use super::middle;
use crate::app::layers::door::{Cause, Change, Door, Said, Slot};
use crate::app::rooms::Rooms;
use crate::app::words::door as words;
use crate::domain::text::{Lang, t};
use crate::store::secret::Why;
use crate::ui::kit::field;
use crate::ui::kit::pen::{Pen, cells, wrap};
use crate::ui::theme::Tone;

/// Cells it is wide.
const WIDTH: u16 = 66;
/// Where the fields begin.
const FIELDS: u16 = 12;

/// Draws it.
pub fn draw(pen: &mut Pen<'_>, d: &Door, rooms: &Rooms) {
    pen.clear();
    let screen = pen.place;
    {
        let mut pen = pen.at(middle(screen, WIDTH, 14));
        plain(&mut pen, d, rooms);
    }
    if let Some(people) = &d.people {
        let h = u16::try_from(people.height).unwrap_or(12) + 4;
        let mut pen = pen.at(middle(screen, screen.w.saturating_sub(8).min(60), h));
        pen.clear();
        chooser::draw(&mut pen, people, true, false);
    }
}

fn plain(pen: &mut Pen<'_>, d: &Door, rooms: &Rooms) {
    let s = &rooms.shared;
    let w = pen.place.w;
    let branch = s.opened.as_ref().map_or("", |o| o.branch.as_str());
    let clock = s.now.format("%m-%d %H:%M").to_string();
    pen.text(1, 0, &format!("{}  {branch}", pen.word(t("柜台", "guitai"))), Tone::Strong, w);
    pen.right(w - 1, 0, &clock, Tone::Label);
    pen.rule(1);
    let (title, tone) = title(pen, d, rooms);
    pen.text(1, 2, &title, tone, w - 2);
    if let Some(change) = d.change {
        let policy = &s.settings().sign_in;
        let sealed = s.start.sealed || s.opened.as_ref().is_some_and(|o| o.encrypted);
        let rules = rules(pen, policy.fewest(sealed), policy.history);
        pen.text(1, 3, &rules, Tone::Label, w - 2);
        for (y, slot) in (5..).zip(d.slots()) {
            hidden(pen, y, label(pen, *slot, Some(change)), d, *slot);
        }
    } else if d.focus.is_some() {
        let name = s.staff().iter().find(|p| p.active && p.code == d.number.text()).map_or("", |p| p.name.as_str());
        pen.text(1, 5, label(pen, Slot::Number, None), Tone::Label, w);
        field::line(pen, FIELDS, 5, 24, &d.number, d.focus == Some(Slot::Number) && !d.busy);
        pen.text(FIELDS + 26, 5, name, Tone::Text, w.saturating_sub(FIELDS + 27));
        hidden(pen, 6, label(pen, Slot::Password, None), d, Slot::Password);
    } else {
        pen.put_cursor(1, 5);
    }
    said(pen, d, rooms);
    let keys = keys(pen, d);
    pen.text(1, 12, keys, Tone::Label, w - 2);
}

fn title(pen: &Pen<'_>, d: &Door, rooms: &Rooms) -> (String, Tone) {
    let why = d.change.and_then(|c| c.why);
    match (&d.cause, d.change, why) {
        (_, Some(_), Some(Why::First)) => (
            pen.word(t("密码是别人设的，请先改成自己的", "Somebody else set this password; make it your own"))
                .to_owned(),
            Tone::Due,
        ),
        (_, Some(_), Some(Why::Aged)) => {
            (pen.word(t("密码用得太久了，请换一个", "This password is too old; choose another")).to_owned(), Tone::Due)
        }
        (_, Some(Change { old: false, .. }), None) => {
            (pen.word(t("还没有密码，请设一个", "There is no password yet; choose one")).to_owned(), Tone::Due)
        }
        (_, Some(_), None) => (pen.word(t("改密码", "Change the password")).to_owned(), Tone::Accent),
        (Cause::Lock { who, since }, None, _) => {
            let name = rooms.shared.name_of(Some(*who));
            let at = since.format("%H:%M");
            let (locked, from) = (pen.word(t("已锁屏", "Locked")), pen.word(t("起", "since")));
            let words = match pen.lang {
                Lang::Zh => format!("{locked}  {name} {at} {from}"),
                Lang::En => format!("{locked}  {name} {from} {at}"),
            };
            (words, Tone::Accent)
        }
        (Cause::Switch, None, _) => {
            (pen.word(t("换人：请输入工号和密码", "Another colleague: number and password")).to_owned(), Tone::Accent)
        }
        (_, None, _) => {
            (pen.word(t("登录：请输入工号和密码", "Sign in: number and password")).to_owned(), Tone::Accent)
        }
    }
}

fn rules(pen: &Pen<'_>, fewest: usize, history: u16) -> String {
    match pen.lang {
        Lang::Zh => {
            format!("至少 {fewest} 位，字母、数字、符号至少两种，不含工号，和最近 {history} 个不同")
        }
        Lang::En => {
            format!("{fewest} or more, two of letters, digits, signs; no code; none of the last {history}")
        }
    }
}

fn label(pen: &Pen<'_>, slot: Slot, change: Option<Change>) -> &'static str {
    pen.word(match (slot, change) {
        (Slot::Number, _) => t("工号", "Number"),
        (Slot::Password, None) => t("密码", "Password"),
        (Slot::Password, Some(_)) => t("原密码", "Old"),
        (Slot::New, _) => t("新密码", "New"),
        (Slot::Again, _) => t("再输一遍", "Again"),
    })
}

/// A field of which only the length is shown.
fn hidden(pen: &mut Pen<'_>, y: u16, label: &str, d: &Door, slot: Slot) {
    let w = pen.place.w;
    pen.text(1, y, label, Tone::Label, w);
    field::hidden(pen, FIELDS, y, 24, d.hidden(slot).len(), d.focus == Some(slot) && !d.busy && d.people.is_none());
}

fn said(pen: &mut Pen<'_>, d: &Door, rooms: &Rooms) {
    let w = pen.place.w - 2;
    let (text, tone) = match &d.said {
        _ if d.busy && rooms.entering.is_some() => (pen.word(t("正在打开..", "Opening..")).to_owned(), Tone::Label),
        _ if d.busy => (pen.word(t("正在核对密码..", "Looking at the password..")).to_owned(), Tone::Label),
        None => return,
        Some(Said::Note(words)) => (words.clone(), Tone::Text),
        Some(Said::Trouble(words)) => (format!("! {words}"), Tone::Error),
        Some(Said::Refused(error)) => (format!("! {}", words::refused(&rooms.shared, d.until, error)), Tone::Error),
    };
    for (y, line) in (9..12).zip(wrap(&text, w)) {
        let used = cells(&line);
        pen.text(1, y, &line, tone, used.max(1));
    }
}

fn keys(pen: &Pen<'_>, d: &Door) -> &'static str {
    pen.word(match (&d.cause, d.change, d.focus) {
        (Cause::Own, ..) => t("Enter 下一项、最后一项存  Esc 不改了", "Enter next, saves on the last  Esc gives up"),
        (_, Some(_), _) => t("Enter 下一项、最后一项存  Esc 返回", "Enter next, saves on the last  Esc back"),
        (Cause::Lock { .. }, _, None) => {
            t("按 Enter 返回  Tab 换一位同事  Ctrl+Q 退出", "Enter comes back  Tab another colleague  Ctrl+Q leaves")
        }
        (Cause::Switch, ..) => t("Enter 登录  F4 选人  Esc 不换了", "Enter signs in  F4 chooses  Esc gives up"),
        _ => t("Enter 登录  Tab 换项  F4 选人  Ctrl+Q 退出", "Enter signs in  Tab moves  F4 chooses  Ctrl+Q leaves"),
    })
}

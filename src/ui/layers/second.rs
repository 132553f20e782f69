//! How asking for the second person's word looks: what it is for, who may give it, a number and a password.

use crate::app::layers::door::Said;
use crate::app::layers::second::Second;
use crate::app::rooms::Rooms;
use crate::app::second;
use crate::app::words::door as words;
use crate::domain::text::{Lang, t};
use crate::domain::vouch;
use crate::store::secret::Wants;
use crate::ui::kit::field;
use crate::ui::kit::pen::{Pen, cells, wrap};
use crate::ui::theme::Tone;

/// Rows it takes with its border.
pub const HEIGHT: u16 = 12;
/// Where the fields begin.
const FIELDS: u16 = 12;

/// Draws it.
pub fn draw(pen: &mut Pen<'_>, s: &Second, rooms: &Rooms, top: bool) {
    let keys = pen.word(t("Enter 授权  F4 选人  Esc 不办了", "Enter vouches  F4 chooses  Esc gives up"));
    pen.border(pen.word(t("另一人授权", "A second person's word")), keys, true);
    let mut pen = pen.at(pen.place.inside());
    let w = pen.place.w;
    let room = w.saturating_sub(4);
    for (y, line) in wrap(&s.what, room).iter().take(2).enumerate() {
        pen.text(2, u16::try_from(y).unwrap_or(0), line, Tone::Strong, room);
    }
    let may = vouch::names(&second::vouchers(rooms, s.action), pen.lang);
    let may = match pen.lang {
        Lang::Zh => format!("可授权：{may}"),
        Lang::En => format!("Who may: {may}"),
    };
    pen.column(2, 2, &may, Tone::Label, room);
    let typing = top && s.asked.is_none();
    pen.text(2, 4, pen.word(t("工号", "Number")), Tone::Label, w);
    field::line(&mut pen, FIELDS, 4, 24, &s.number, typing && !s.at_password);
    let named = second::named(rooms, s);
    let name = named.as_ref().map_or("", |(_, name)| name.as_str());
    pen.text(FIELDS + 26, 4, name, Tone::Text, w.saturating_sub(FIELDS + 27));
    pen.text(2, 5, pen.word(t("密码", "Password")), Tone::Label, w);
    field::hidden(&mut pen, FIELDS, 5, 24, s.password.len(), typing && s.at_password);
    if named.is_some_and(|(id, _)| rooms.shared.wants(id) == Wants::Nothing) {
        let words = pen.word(t("没有密码，按 Enter 只记名", "no password, only named"));
        pen.text(FIELDS + 26, 5, words, Tone::Label, w.saturating_sub(FIELDS + 27));
    }
    let (text, tone) = match &s.said {
        _ if s.asked.is_some() => (pen.word(t("正在核对密码..", "Looking at the password..")).to_owned(), Tone::Label),
        None => return,
        Some(Said::Note(words)) => (words.clone(), Tone::Text),
        Some(Said::Trouble(words)) => (format!("! {words}"), Tone::Error),
        Some(Said::Refused(error)) => (format!("! {}", words::refused(&rooms.shared, s.until, error)), Tone::Error),
    };
    for (y, line) in (7..10).zip(wrap(&text, room)) {
        pen.text(2, y, &line, tone, cells(&line).max(1));
    }
}

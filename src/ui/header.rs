//! The line on top: branch, person, day, what is to be done, and the drive under the branch file. Counting is done elsewhere.

use super::kit::pen::{Pen, cells};
use super::theme::Tone;
use crate::app::rooms::Rooms;
use crate::app::words::drive as words;
use crate::domain::calendar::{dates, lunar::Lunar};
use crate::domain::text::t;

/// Draws it.
pub fn draw(pen: &mut Pen<'_>, rooms: &Rooms) {
    let s = &rooms.shared;
    let w = pen.place.w;
    pen.fill(0, Tone::Bar);
    let wide = w >= 120;
    let today = s.today();
    let branch = s.opened.as_ref().map_or("", |o| o.branch.as_str());
    let mut left = format!(" {}  {branch}", pen.word(t("柜台", "guitai")));
    if let Some(me) = s.myself() {
        left.push_str(&format!("  {}", me.name));
        if wide {
            left.push_str(&format!(" {}", me.role.label().get(s.lang)));
        }
    }
    let lunar = Lunar::of(today).map(Lunar::day_text).unwrap_or_default();
    let day = if wide { today.format("%Y-%m-%d").to_string() } else { today.format("%m-%d").to_string() };
    let lunar_word = if wide { pen.word(t("农历", "lunar ")) } else { "" };
    left.push_str(&format!("  {day} {} {lunar_word}{lunar}", dates::weekday(today, s.lang)));
    if let Some(name) = s.holidays().name_on(today) {
        left.push_str(&format!(" {name}"));
    } else if s.holidays().is_made_up(today) {
        left.push_str(pen.word(t(" 调休上班", " make-up day")));
    }
    let used = pen.text(0, 0, &left, Tone::Bar, w);
    let counts = rooms.agenda.counts();
    let mut right = Vec::new();
    for (label, n) in [
        (t("待办", "Open"), counts.open),
        (if wide { t("生日", "Birthdays") } else { t("生日", "Bday") }, counts.birthdays),
        (if wide { t("逾期", "Overdue") } else { t("逾期", "Late") }, counts.overdue),
    ] {
        right.push(format!("{} {n}", label.get(s.lang)));
    }
    let mut state = String::new();
    if s.hidden {
        state.push_str(pen.word(t("已遮挡 ", "covered ")));
    }
    if s.start.demo {
        state.push_str(pen.word(t("演示 ", "demo ")));
    }
    let cipher = match &s.opened {
        Some(opened) if opened.encrypted => pen.word(t("已加密 ", "encrypted ")),
        Some(_) => pen.word(t("未加密 ", "plain ")),
        None => "",
    };
    // Where there is no room, that is said by `doctor` only.
    let brief = state.clone();
    state.push_str(cipher);
    let mut rest = String::new();
    if s.read_only() {
        rest.push_str(pen.word(t("只读 ", "read-only ")));
    }
    if rooms.out.writing() {
        rest.push_str(pen.word(t("正在保存 ", "saving ")));
    }
    let states = [state + &rest, brief + &rest];
    let alarm = words::alarm(&s.drive, s.now, wide, s.lang);
    let standing = words::standing(&s.drive, s.now, s.lang);
    let place = s.say(s.start.place);
    // The drive gives way first, word by word; an alarm never does.
    let sign = words::sign(s.drive.proof);
    let drive = [format!("{place} {standing}"), format!("{place}{sign}"), sign.to_owned()];
    let counts = right.join("  ");
    let whole = |state: &str, drive: &str| {
        let parts = [counts.as_str(), state.trim_end(), drive.trim_end()];
        parts.into_iter().filter(|p| !p.is_empty()).collect::<Vec<_>>().join("  ")
    };
    let alarmed = if alarm.is_empty() { 0 } else { cells(&alarm) + 2 };
    let room = w.saturating_sub(used + alarmed + 2);
    let words = states.iter().flat_map(|state| drive.iter().map(move |drive| (state, drive)));
    let fits = words.map(|(state, drive)| whole(state, drive)).find(|right| cells(right) <= room);
    // That the screen is covered is said whatever has to give way.
    let covered =
        || states.iter().map(|state| state.trim_end().to_owned()).find(|state| s.hidden && cells(state) <= room);
    let fits = fits.or_else(covered);
    if let Some(right) = fits {
        pen.right(w - alarmed - 1, 0, &right, Tone::Bar);
    }
    if !alarm.is_empty() {
        pen.right(w - 1, 0, &alarm, Tone::Error);
    }
}

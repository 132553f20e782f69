//! The ten-second card (feature 199): who, keeper, assets with their date, what is due, what was said last, what not to say.

use super::dealings::tone_of;
use crate::app::form::Form;
use crate::app::rooms::Rooms;
use crate::app::shared::Shared;
use crate::app::words::{
    agenda as lines, consent, customer as words, dealings as told, entitle, field_label, keepers, tier,
};
use crate::domain::agenda::Detail;
use crate::domain::archive;
use crate::domain::calendar::dates;
use crate::domain::calendar::lunar::LunarDay;
use crate::domain::customer::{Customer, Keeps};
use crate::domain::dealings::history;
use crate::domain::entitlement::foremost;
use crate::domain::family::Part;
use crate::domain::field::Kind;
use crate::domain::text::{Lang, t};
use crate::domain::values::money::Fen;
use crate::domain::values::plain;
use crate::store::customers::Opened;
use crate::ui::kit::pen::{self, Pen, cells};
use crate::ui::theme::Tone;

/// Draws the card in five rows.
pub fn draw(pen: &mut Pen<'_>, rooms: &Rooms, o: &Opened) {
    let s = &rooms.shared;
    let (lang, today) = (s.lang, s.today());
    let w = pen.place.w;
    who(pen, s, o);
    let end = assets(pen, s, o);
    let owner = s.name_of(o.customer.owner);
    let owner = if owner.is_empty() { pen.word(t("无", "none")) } else { owner };
    let keeper = pen.word(t("责任人 ", "Keeper "));
    let mut x =
        1 + pen.text(1, 1, keeper, Tone::Label, end) + pen.text(1 + cells(keeper), 1, owner, Tone::Text, end) + 2;
    let assistant = o.customer.assistant.map_or("", |a| s.name_of(Some(a)));
    let with = if assistant.is_empty() { "" } else { pen.word(t("协管 ", "with ")) };
    let stage = o.standing.stage.map_or("", |stage| stage.label().get(lang));
    let area = o.customer.area.as_str();
    let loans = rooms.archive.books().map_or(&[][..], |b| &b.loans);
    let history = history::of(o.customer.opened, loans, today);
    let (history, years) = (told::history_brief(&history, lang), told::years(&history, lang).unwrap_or_default());
    let more = [
        (with, assistant, Tone::Text),
        ("", area, Tone::Text),
        ("", stage, Tone::Label),
        ("", history.as_str(), Tone::Label),
        ("", years.as_str(), Tone::Label),
    ];
    let mut told_history = false;
    // What does not fit beside the assets is left out whole; it stands in the form below.
    for (label, text, tone) in more {
        let again = told_history && text == years;
        if !text.is_empty() && !again && x + cells(label) + cells(text) < end {
            told_history |= text == history;
            x += pen.text(x, 1, label, Tone::Label, w);
            x += pen.text(x, 1, text, tone, w) + 2;
        }
    }
    due(pen, s, o);
    last(pen, s, o);
    let missing = archive::missing(&o.customer, o.standing.tier);
    let mut x = pen.text(1, 4, pen.word(t("完整度 ", "Complete ")), Tone::Label, w) + 1;
    x += pen.text(x, 4, &format!("{}%", o.standing.completeness), Tone::Text, w) + 2;
    for text in words::reviews(&o.customer, &o.standing, s.settings(), lang, today) {
        x += pen.text(x, 4, &text, Tone::Warning, w) + 2;
    }
    if let Some(house) = &o.household {
        let family = tier::household(house, today, s.hidden, lang);
        let shown = pen::words(&family, w.saturating_sub(x));
        if !shown.is_empty() {
            x += pen.text(x, 4, shown, Tone::Text, w) + 2;
        }
    }
    let entitled = o.parts.iter().filter_map(|row| if let Part::Entitlement(e) = &row.part { Some(e) } else { None });
    if let Some(e) = foremost(entitled, today).filter(|_| !s.hidden) {
        let brief = entitle::brief(e, today, lang);
        if x + cells(&brief) <= w {
            x += pen.text(x, 4, &brief, Tone::Accent, w) + 2;
        }
    }
    if !missing.is_empty() {
        let names: Vec<String> = missing.iter().map(|c| field_label(lang, c)).collect();
        x += pen.text(x, 4, pen.word(t("缺 ", "lacks ")), Tone::Label, w);
        pen.text(x, 4, &pen::fit_words(&names.join(" "), w.saturating_sub(x)), Tone::Due, w);
    } else if let Some(on) = o.customer.verified {
        let text = format!("{} {}", pen.word(t("核对于", "verified")), dates::short(on, today));
        pen.text(x, 4, &text, Tone::Label, w);
    }
}

/// Draws what is enough to greet somebody whose archive is another's: who, tier, keeper, masked numbers, and whom to ask.
pub fn greet(pen: &mut Pen<'_>, rooms: &Rooms, o: &Opened, ask: &str) {
    let s = &rooms.shared;
    let w = pen.place.w;
    who(pen, s, o);
    let name = |id| Some(s.name_of(id)).filter(|n| !n.is_empty());
    let mut x = 1;
    let told = [
        (t("责任人 ", "Keeper "), name(o.customer.owner)),
        (t("协管 ", "with "), o.customer.assistant.and_then(|a| name(Some(a)))),
        (t("电话 ", "Phone "), Some(o.customer.phone.as_str())),
        (t("证件 ", "ID "), Some(o.customer.document_number())),
    ];
    for (label, text) in told {
        if let Some(text) = text.filter(|text| !text.is_empty()) {
            x += pen.text(x, 1, pen.word(label), Tone::Label, w);
            let shown = if s.hidden && label.zh != "责任人 " && label.zh != "协管 " { "****" } else { text };
            x += pen.text(x, 1, shown, Tone::Text, w) + 2;
        }
    }
    let lines = pen::wrap(ask, w.saturating_sub(2));
    for (y, line) in (3..pen.place.h).zip(lines) {
        pen.text(1, y, &line, Tone::Due, w);
    }
}

fn who(pen: &mut Pen<'_>, s: &Shared, o: &Opened) {
    let w = pen.place.w;
    let mut x = 1 + pen.text(1, 0, &o.customer.name, Tone::Strong, w) + 1;
    let greeting = words::greeting(&o.customer, s.lang);
    x += pen.text(x, 0, &greeting, Tone::Accent, w) + 2;
    let badge = words::badge(o.standing.tier, s.lang);
    let badge_tone = Tone::Badge(o.standing.tier);
    let next = words::to_next(&o.standing, s.settings(), s.today(), s.lang).filter(|_| !s.hidden).unwrap_or_default();
    let right = cells(badge) + cells(&next) + 3;
    let person = words::person(&o.customer, s.lang, s.today());
    pen.text(x, 0, &pen::fit_words(&person, w.saturating_sub(x + right)), Tone::Text, w);
    let at = w.saturating_sub(right);
    let used = pen.text(at, 0, badge, badge_tone, w);
    let tone = if o.standing.held.is_some() { Tone::Warning } else { Tone::Label };
    pen.text(at + used + 2, 0, &next, tone, w);
}

/// The assets at the right edge, whole whatever else has to give way; where they begin.
fn assets(pen: &mut Pen<'_>, s: &Shared, o: &Opened) -> u16 {
    let w = pen.place.w;
    let label = pen.word(t("资产 ", "Assets "));
    let (text, date, tone) = match (&o.standing.figures, o.customer.estimate) {
        (Some(f), _) => {
            let (date, age) = told::dated(f.as_of, s.today(), s.holidays());
            (words::amount(Some(f.aum(s.settings().basis)), s.hidden), format!(" ({date})"), tone_of(Some(age)))
        }
        (None, Some(e)) => {
            (words::amount(Some(e), s.hidden), pen.word(t(" (估)", " (estimate)")).to_owned(), Tone::Due)
        }
        (None, None) => (pen.word(t("无数据", "no data")).to_owned(), String::new(), Tone::Label),
    };
    let width = cells(label) + cells(&text) + cells(&date) + 1;
    let begin = w.saturating_sub(width);
    let mut at = begin;
    at += pen.text(at, 1, label, Tone::Label, w);
    at += pen.text(at, 1, &text, Tone::Strong, w);
    pen.text(at, 1, &date, tone, w);
    begin
}

/// What is due, then what not to say: both must be seen before the first word.
fn due(pen: &mut Pen<'_>, s: &Shared, o: &Opened) {
    let w = pen.place.w;
    let mut x = 1;
    let taboo = o.customer.notes.get("taboo").filter(|v| !v.is_empty() && !s.hidden);
    let keep = taboo.map_or(0, |v| cells(v) + 8);
    let shut = consent::on_card(&o.privacy.withdrawn(), s.lang);
    if !shut.is_empty() && !s.hidden {
        x += pen.text(x, 2, &shut, Tone::Overdue, w.saturating_sub(keep + x)) + 2;
    }
    let alert = o.customer.notes.get("alert").filter(|v| !v.is_empty() && !s.hidden);
    if let Some(alert) = alert {
        x += pen.text(x, 2, &format!("! {}", plain::masked(alert)), Tone::Overdue, w.saturating_sub(keep + x)) + 2;
    }
    for (first, item) in o.due.iter().take(3).enumerate().map(|(n, item)| (n == 0, item)) {
        let sign = lines::sign(item, s.today());
        let tone = if sign == '!' { Tone::Overdue } else { Tone::Due };
        let (source, due) = (lines::source(item, s.lang), lines::due(item, s.lang, s.today()));
        let told = match &item.detail {
            Detail::Visit { .. } | Detail::Missing(_) => String::new(),
            Detail::Transfer(x) => keepers::transfer(x, Some(item.due), s.staff(), s.lang, s.today()),
            _ => lines::in_short(item, s),
        };
        // A day that the words name already is not said twice.
        let due = if told.contains(&due) { "" } else { due.as_str() };
        let words: Vec<&str> = [source, due, told.as_str()].into_iter().filter(|w| !w.is_empty()).collect();
        let text = format!("{sign} {}", words.join(" "));
        let room = w.saturating_sub(keep + x);
        // Less than this of a further line says nothing.
        if room < if first { 8 } else { 20 }.min(cells(&text)) {
            break;
        }
        x += pen.text(x, 2, &pen::fit_whole(&text, room), tone, room) + 2;
    }
    if o.due.is_empty() && alert.is_none() {
        x += pen.text(x, 2, pen.word(t("没有到期的事", "nothing due")), Tone::Label, w) + 2;
    }
    if let Some(taboo) = taboo {
        let taboo = plain::masked(taboo);
        // Noted as a prohibition it needs no other word in front.
        let whole = taboo.contains(['勿', '不', '别', '忌', '莫', '避']);
        let text = match s.lang {
            _ if whole => format!("x {taboo}"),
            Lang::Zh => format!("x 勿提{taboo}"),
            Lang::En => format!("x don't mention: {taboo}"),
        };
        let at = x.min(w.saturating_sub(cells(&text)));
        pen.text(at, 2, &text, Tone::Overdue, w);
    }
}

/// What was said last: the newest note of the ledger, or the news noted in the archive.
fn last(pen: &mut Pen<'_>, s: &Shared, o: &Opened) {
    let w = pen.place.w;
    let x = 1 + pen.text(1, 3, pen.word(t("近况 ", "Last ")), Tone::Label, w);
    let text = last_words(s, o);
    let tone = if text.is_empty() { Tone::Label } else { Tone::Text };
    let words = if text.is_empty() { pen.word(t("还没有联络过", "never contacted")).to_owned() } else { text };
    pen.column(x, 3, &words, tone, w.saturating_sub(x + 1));
}

fn last_words(s: &Shared, o: &Opened) -> String {
    if s.hidden {
        // Said about them, not to them.
        return words::COVERED.to_owned();
    }
    let noted = o.contacts.iter().find(|c| !c.note.is_empty()).or_else(|| o.contacts.first());
    if let Some(c) = noted {
        let how = c.channel.label().get(s.lang);
        let what = if c.note.is_empty() { c.outcome.label().get(s.lang) } else { c.note.as_str() };
        let day = dates::short(c.at.date(), s.today());
        return format!("{day} {how}: {}", plain::masked(what));
    }
    o.customer.notes.get("news").map(|n| plain::masked(&n.replace('\n', " "))).unwrap_or_default()
}

/// What a field in focus may want to know: what an ID says, where a lunar birthday falls, which list it has.
pub fn field_hint(lang: Lang, form: &Form<Customer>, s: &Shared) -> String {
    let Some(f) = form.focused() else { return String::new() };
    let c = form.draft();
    let words = match (f.code, f.kind) {
        ("id_no", _) => c.document.as_ref().map(|d| {
            let region = d.region().map(|r| r.get(lang)).unwrap_or_default();
            let birth = d.birth().map(|b| b.to_string()).unwrap_or_default();
            let sex = d.sex().map(|x| x.label().get(lang)).unwrap_or_default();
            format!("{} {region} {birth} {sex}", d.kind.label().get(lang))
        }),
        ("birth" | "lunar" | "keeps", _) => Some(birthday(c, s)),
        ("estimate", _) => c.estimate.map(Fen::wan),
        (_, Kind::Pick(_) | Kind::Staff) => {
            Some(t("F4 列出可选值，也可直接输入", "F4 lists the choices; typing works too").get(lang).into())
        }
        (_, Kind::Fixed) => Some(t("系统给出，不能改", "Set by the system").get(lang).into()),
        _ => None,
    };
    words.unwrap_or_else(|| {
        t("Enter 下一项  F8 保存  Esc 回到卡片", "Enter next  F8 saves  Esc to the card").get(lang).into()
    })
}

/// Both calendars, and where the one kept falls next.
fn birthday(c: &Customer, s: &Shared) -> String {
    let solar = c.birth.map(|b| b.to_string()).unwrap_or_default();
    let lunar = c.lunar.or_else(|| c.birth.and_then(LunarDay::of));
    let text = lunar.map(LunarDay::text).unwrap_or_default();
    let kept = match (c.keeps, lunar, c.birth) {
        (Keeps::Lunar, Some(day), _) => Some(crate::domain::calendar::yearly::Yearly::Lunar(day)),
        (Keeps::Solar, _, Some(b)) => Some(crate::domain::calendar::yearly::Yearly::solar(b)),
        _ => None,
    };
    let next = kept.and_then(|k| k.on_or_after(s.today(), s.settings().leap));
    let next = next.map(|d| format!(" > {d}")).unwrap_or_default();
    // A birthday kept by another day than the ID's is common and right; one mistyped is not: both are seen here.
    let on_id = c.document.as_ref().and_then(|d| d.birth()).filter(|b| c.birth.is_some_and(|own| own != *b));
    let of_birth = c.birth.and_then(LunarDay::of).filter(|day| c.lunar.is_some_and(|own| own != *day));
    let other = match (on_id, of_birth.map(LunarDay::text), s.lang) {
        (Some(b), _, Lang::Zh) => format!("  与证件上的 {b} 不同，请核对"),
        (Some(b), _, Lang::En) => format!("  the ID says {b}; please check"),
        (None, Some(day), Lang::Zh) => format!("  公历生日是农历{day}，请核对"),
        (None, Some(day), Lang::En) => format!("  the solar birthday is lunar {day}; please check"),
        (None, None, _) => String::new(),
    };
    format!("{solar} {text}{next}{other}")
}

/// The customer under the cursor in two rows, where the archive is not shown.
pub fn strip(pen: &mut Pen<'_>, rooms: &Rooms) {
    let s = &rooms.shared;
    let under = rooms.current();
    let opened = rooms.archive.opened().filter(|o| under.as_ref().is_none_or(|(id, ..)| *id == o.customer.id));
    let row = under.as_ref().and_then(|(id, ..)| s.index.as_ref().and_then(|i| i.row(*id)));
    let title = match (opened, &row) {
        (Some(o), _) => words::name(s, o.customer.id, &o.customer.name).to_owned(),
        (None, Some(row)) => words::name(s, row.id, &row.name).to_owned(),
        (None, None) => String::new(),
    };
    let note = opened.and_then(|o| words::to_next(&o.standing, s.settings(), s.today(), s.lang)).filter(|_| !s.hidden);
    pen.border(&title, &note.unwrap_or_default(), false);
    let mut pen = pen.at(pen.place.inside());
    let w = pen.place.w;
    match (opened, row) {
        (Some(o), _) if s.covers(o.customer.id) => {
            pen.text(1, 0, pen.word(t("已遮挡，F12 打开", "covered; F12 uncovers")), Tone::Label, w);
        }
        (Some(o), _) => {
            let badge = words::badge(o.standing.tier, s.lang);
            let mut x = 1 + pen.text(1, 0, badge, Tone::Badge(o.standing.tier), w) + 1;
            x += pen.text(x, 0, s.name_of(o.customer.owner), Tone::Label, w) + 2;
            let _ = x;
            let mut rest = pen.at(crate::app::place::Place { x: pen.place.x + x, w: w - x, ..pen.place });
            due_strip(&mut rest, s, o);
            let x = 1 + pen.text(1, 1, pen.word(t("近况 ", "Last ")), Tone::Label, w);
            pen.column(x, 1, &last_words(s, o), Tone::Text, w.saturating_sub(x + 1));
        }
        (None, Some(row)) => {
            let badge = words::badge(row.tier, s.lang);
            let x = 1 + pen.text(1, 0, badge, Tone::Badge(row.tier), w) + 1;
            pen.text(x, 0, &words::amount(row.aum, s.hidden), Tone::Text, w);
        }
        (None, None) => {
            pen.text(
                1,
                0,
                pen.word(t("光标处的客户会显示在这里", "The customer under the cursor shows here")),
                Tone::Label,
                w,
            );
        }
    }
}

/// What is due and what not to say, on the strip's first row.
fn due_strip(pen: &mut Pen<'_>, s: &Shared, o: &Opened) {
    let mut up = pen.at(crate::app::place::Place { y: pen.place.y.saturating_sub(2), h: pen.place.h + 2, ..pen.place });
    due(&mut up, s, o);
}

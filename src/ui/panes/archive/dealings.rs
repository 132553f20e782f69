//! The tabs of what the core system's extracts say: holdings, loans, services and ratings, transactions. Each says of which day it is.

use crate::app::panes::archive::dealings::{CALENDAR, MONTHS};
use crate::app::rooms::Rooms;
use crate::app::shared::Shared;
use crate::app::words::{customer, dealings as words};
use crate::domain::calendar::dates;
use crate::domain::dealings::age::Age;
use crate::domain::dealings::books::{Books, Listed, Month};
use crate::domain::dealings::history;
use crate::domain::dealings::holding::Holding;
use crate::domain::dealings::loan::{Class, Loan};
use crate::domain::text::{Lang, Text, t};
use crate::domain::values::plain;
use crate::store::customers::Opened;
use crate::ui::kit::field;
use crate::ui::kit::pen::{Pen, cells};
use crate::ui::kit::table::{self, Column, left, right};
use crate::ui::theme::Tone;
use chrono::{Datelike, NaiveDate};
use ratatui::symbols::bar;

/// Days before its end from which a contract is bright.
const SOON: i64 = 30;

/// The tone of a data date.
pub fn tone_of(age: Option<Age>) -> Tone {
    match age {
        None | Some(Age::Fresh) => Tone::Label,
        Some(Age::Old) => Tone::Due,
        Some(Age::Stale) => Tone::Overdue,
    }
}

/// The data date at the right of a row; where it begins.
pub fn dated(pen: &mut Pen<'_>, y: u16, on: Option<NaiveDate>, s: &Shared) -> u16 {
    let (text, age) = words::data_date(on, s.today(), s.holidays(), pen.lang);
    let end = pen.place.w.saturating_sub(1);
    pen.right(end, y, &text, tone_of(age));
    end.saturating_sub(cells(&text) + 2)
}

/// What was read of the customer shown; says what is the matter where nothing was.
fn read<'a>(pen: &mut Pen<'_>, rooms: &'a Rooms) -> Option<&'a Books> {
    let books = rooms.archive.books();
    if books.is_none() {
        let w = pen.place.w;
        pen.text(1, 0, words::unread(rooms.shared.drive.unread.is_some(), pen.lang), Tone::Label, w);
    }
    books
}

/// Says that a tab is empty, and what fills it.
fn nothing(pen: &mut Pen<'_>, s: &Shared, layout: Text, on: Option<NaiveDate>) {
    let w = pen.place.w.saturating_sub(2);
    let y = pen.place.h.min(3).saturating_sub(1);
    pen.column(1, y, &words::nothing(layout, on, s.today(), pen.lang), Tone::Label, w);
}

/// The words in the last row.
fn foot(pen: &mut Pen<'_>, words: Text) {
    let (w, y) = (pen.place.w.saturating_sub(2), pen.place.h.saturating_sub(1));
    pen.column(1, y, words.get(pen.lang), Tone::Label, w);
}

/// Rows of the list that are seen: where, which, and its tone when the cursor is on it.
fn rows(rooms: &Rooms, len: usize, focused: bool) -> impl Iterator<Item = (u16, usize, Option<Tone>)> {
    let a = &rooms.archive;
    let (top, at) = (a.cursor.top, a.cursor.at);
    let above = a.above();
    (top..len.min(top + a.visible()))
        .map(move |n| (u16::try_from(n - top + above).unwrap_or(u16::MAX), n, Pen::row_tone(n == at, focused)))
}

fn short(on: Option<NaiveDate>, s: &Shared) -> String {
    on.map_or_else(String::new, |d| dates::short(d, s.today()))
}

const HOLDINGS: [Column; 9] = [
    left(t("产品", "Product"), 11, 0),
    left(t("合同号", "Contract"), 12, 4),
    right(t("金额", "Amount"), 13, 0),
    left(t("起息", "Begins"), 10, 5),
    left(t("到期", "Ends"), 11, 0),
    right(t("还有", "Left"), 9, 0),
    right(t("利率", "Rate"), 6, 3),
    left(t("状态", "State"), 8, 2),
    left(t("备注", "Note"), 16, 6),
];

/// Products held, by when they end.
pub fn holdings(pen: &mut Pen<'_>, rooms: &Rooms, focused: bool) {
    let s = &rooms.shared;
    let Some(books) = read(pen, rooms) else { return };
    let end = dated(pen, 0, books.dates.holdings, s);
    if books.holdings.is_empty() {
        nothing(pen, s, words::HOLDINGS, books.dates.holdings);
        return;
    }
    let (sum, n) = books.held();
    let sum = words::sum(sum, s.hidden);
    let head = match pen.lang {
        Lang::Zh => format!("持有 {n} 个 合计 {sum}"),
        Lang::En => format!("{n} held, {sum} in all"),
    };
    pen.column(1, 0, &head, Tone::Strong, end);
    let placed = table::place(&HOLDINGS, pen.place.w);
    let has_note = placed.iter().any(|p| p.column == 8);
    table::heads(pen, 1, &HOLDINGS, &placed);
    for (y, n, over) in rows(rooms, books.holdings.len(), focused) {
        let Some(listed) = books.holdings.get(n) else { continue };
        let h = &listed.fact;
        let stands = listed.stands() && h.runs();
        let plain = if stands { Tone::Text } else { Tone::Label };
        let days = h.ends.filter(|_| stands).map(|e| (e - s.today()).num_days());
        let due = match days {
            Some(..=-1) => Tone::Overdue,
            Some(0..=SOON) => Tone::Due,
            _ => Tone::Label,
        };
        let note = note(listed, s);
        let state = if listed.stands() { h.state.clone() } else { pen.word(t("已结束", "ended")).to_owned() };
        let left = if listed.stands() { words::left(h, s.today(), pen.lang) } else { String::new() };
        let left = if days.is_some_and(|d| d < 0) { format!("!{left}") } else { left };
        // Without the column for it, a free day is told by a sign beside the end.
        let mark = if stands && note.is_some() && !has_note { "*" } else { "" };
        let texts = [
            (s.settings().product(&h.product).to_owned(), if stands { Tone::Strong } else { Tone::Label }),
            (s.text(&format!("holding.{n}"), &h.contract), plain),
            (words::sum(h.amount, s.hidden), plain),
            (short(h.begins, s), Tone::Label),
            (short(h.ends, s) + mark, if stands { Tone::Text } else { Tone::Label }),
            (left, due),
            (words::rate(h.rate), plain),
            (state, if stands { Tone::Text } else { Tone::Label }),
            (note.unwrap_or_default(), Tone::Due),
        ];
        table::row(pen, y, &placed, &texts, over);
    }
    let at = books.holdings.get(rooms.archive.cursor.at);
    match at.and_then(|h| note(h, s)).filter(|_| !has_note) {
        Some(words) => {
            let (w, y) = (pen.place.w.saturating_sub(2), pen.place.h.saturating_sub(1));
            pen.column(1, y, &format!("* {words}"), Tone::Due, w);
        }
        None => foot(pen, t("到期日是文件里的；p 客户价值报告", "Days are the file's; p value report")),
    }
}

/// What is to be noted of a holding: since when no list has it, or that it ends on a day nobody works.
fn note(listed: &Listed<Holding>, s: &Shared) -> Option<String> {
    let h = &listed.fact;
    match listed.gone {
        Some(on) => Some(words::gone(on, s.today(), s.lang)),
        None => h.ends.filter(|_| h.runs()).and_then(|e| words::free_day(e, s.today(), s.holidays(), s.lang)),
    }
}

const LOANS: [Column; 8] = [
    left(t("产品", "Product"), 12, 0),
    left(t("借据号", "Note"), 10, 5),
    right(t("发放额", "Lent"), 13, 3),
    right(t("余额", "Balance"), 13, 0),
    left(t("五级", "Class"), 6, 0),
    left(t("下次还款", "Next due"), 10, 0),
    right(t("应还", "Instalment"), 11, 2),
    left(t("到期", "Ends"), 10, 4),
];

/// Loans, what was seen of them, the calendar of the one under the cursor.
pub fn loans(pen: &mut Pen<'_>, rooms: &Rooms, o: &Opened, focused: bool) {
    let s = &rooms.shared;
    let Some(books) = read(pen, rooms) else { return };
    let end = dated(pen, 0, books.dates.loans, s);
    let h = history::of(o.customer.opened, &books.loans, s.today());
    let head = words::history(&h, s.hidden, s.today(), pen.lang);
    let mut x = 1;
    for text in &head {
        let tone = if text.starts_with('!') { Tone::Overdue } else { Tone::Strong };
        // What does not fit whole is left out.
        if x + cells(text) <= end {
            x += pen.text(x, 0, text, tone, end) + 1;
        }
    }
    if books.loans.is_empty() {
        nothing(pen, s, words::LOANS, books.dates.loans);
        return;
    }
    let placed = table::place(&LOANS, pen.place.w);
    table::heads(pen, 1, &LOANS, &placed);
    for (y, n, over) in rows(rooms, books.loans.len(), focused) {
        let Some((listed, _)) = books.loans.get(n) else { continue };
        let l = &listed.fact;
        let stands = listed.stands() && !l.is_paid();
        let plain = if stands { Tone::Text } else { Tone::Label };
        let late = l.overdue > 0 && stands;
        let next = match (stands, late) {
            (false, _) => pen.word(t("已结清", "paid off")).to_owned(),
            (true, true) => match pen.lang {
                Lang::Zh => format!("!逾期{}天", l.overdue),
                Lang::En => format!("!{}d late", l.overdue),
            },
            (true, false) => short(l.next_due, s),
        };
        let class = match l.class {
            Class::Normal => plain,
            Class::Watch => Tone::Due,
            _ => Tone::Overdue,
        };
        let texts = [
            (l.product.clone(), if stands { Tone::Strong } else { Tone::Label }),
            (s.text(&format!("loan.{n}"), &l.no), plain),
            (words::sum(l.lent, s.hidden), plain),
            (words::sum(l.balance, s.hidden), plain),
            (l.class.label().get(pen.lang).to_owned(), class),
            (next, if late { Tone::Overdue } else { plain }),
            (l.instalment.filter(|_| stands).map_or_else(String::new, |i| words::sum(i, s.hidden)), plain),
            (short(l.ends, s), Tone::Label),
        ];
        table::row(pen, y, &placed, &texts, over);
    }
    if let Some(l) = rooms.archive.loan() {
        calendar(pen, s, rooms.archive.cursor.at, l);
    }
}

/// What is to be repaid when, below the list: days the method tells, sums the file gives.
fn calendar(pen: &mut Pen<'_>, s: &Shared, at: usize, l: &Loan) {
    let (w, h) = (pen.place.w, pen.place.h);
    let height = u16::try_from(CALENDAR).unwrap_or(h);
    if h < height + 3 {
        return;
    }
    let top = h - height;
    pen.heading(
        top,
        &format!(" {} {} ", pen.word(t("还款日历", "Repayments")), s.text(&format!("loan.{at}"), &l.no)),
        Tone::Label,
    );
    let mut x = 1;
    let (repays, purpose) = (s.account(&format!("loan.{at}"), &l.repays), plain::masked(&l.purpose));
    let told = [
        (t("用途 ", "For "), purpose.as_str()),
        (t("还款方式 ", "Method "), l.method.as_str()),
        (t("还款账户 ", "From "), repays.as_str()),
    ];
    for (label, text) in told {
        let label = pen.word(label);
        if !text.is_empty() && x + cells(label) + cells(text) < w {
            x += pen.text(x, top + 1, label, Tone::Label, w);
            x += pen.text(x, top + 1, text, Tone::Text, w) + 2;
        }
    }
    let days = l.calendar(6);
    if days.is_empty() {
        pen.text(1, top + 2, pen.word(t("文件没有给出下次还款日", "The file names no next day")), Tone::Label, w);
        return;
    }
    let step = 24;
    let across = (w.saturating_sub(1) / step).clamp(1, 3);
    for (n, (day, sum)) in (0_u16..).zip(&days) {
        let (x, y) = (1 + n % across * step, top + 2 + n / across);
        let free = if s.holidays().is_working_day(*day) { "" } else { "*" };
        let tone = if *day < s.today() {
            Tone::Overdue
        } else if (*day - s.today()).num_days() <= 7 {
            Tone::Due
        } else {
            Tone::Text
        };
        let date = format!("{}{free}", dates::short(*day, s.today()));
        pen.column(x, y, &date, tone, 11);
        let sum = sum.map_or_else(|| "-".to_owned(), |f| words::sum(f, s.hidden));
        pen.right(x + step - 2, y, &sum, if n == 0 { Tone::Strong } else { Tone::Label });
    }
    let used = u16::try_from(days.len()).unwrap_or(0).div_ceil(across);
    if used < 3 && days.iter().any(|(d, _)| !s.holidays().is_working_day(*d)) {
        let words = t("* 遇非工作日；没有金额的以核心系统为准", "* nobody works; sums not told are the core system's");
        pen.column(1, h - 1, words.get(pen.lang), Tone::Label, w.saturating_sub(2));
    }
}

const SERVICES: [Column; 3] =
    [left(t("服务", "Service"), 20, 0), left(t("状态", "State"), 12, 0), left(t("日期", "Date"), 12, 0)];

/// Services, then ratings.
pub fn services(pen: &mut Pen<'_>, rooms: &Rooms, focused: bool) {
    let s = &rooms.shared;
    let Some(books) = read(pen, rooms) else { return };
    let end = dated(pen, 0, books.dates.services, s);
    if books.services.is_empty() && books.ratings.is_empty() {
        nothing(pen, s, words::SERVICES, books.dates.services);
        return;
    }
    let n = books.services.iter().filter(|x| x.stands()).count();
    let mut head = match pen.lang {
        Lang::Zh => format!("签约 {n} 项"),
        Lang::En => format!("{n} services"),
    };
    if let Some(r) = books.ratings.first() {
        let credit = r.credit.map(|c| customer::amount(Some(c), s.hidden)).unwrap_or_default();
        head.push_str(&match pen.lang {
            Lang::Zh => format!("  评级 {} 授信 {credit} ({})", r.grade, dates::short(r.day, s.today())),
            Lang::En => format!("  rated {}, credit {credit} ({})", r.grade, dates::short(r.day, s.today())),
        });
    }
    pen.column(1, 0, &head, Tone::Strong, end);
    let placed = table::place(&SERVICES, pen.place.w);
    table::heads(pen, 1, &SERVICES, &placed);
    let len = books.services.len() + books.ratings.len();
    for (y, n, over) in rows(rooms, len, focused) {
        let texts = match (books.services.get(n), books.ratings.get(n.saturating_sub(books.services.len()))) {
            (Some(x), _) => {
                let plain = if x.stands() { Tone::Text } else { Tone::Label };
                let state =
                    if x.stands() { x.fact.state.clone() } else { pen.word(t("已结束", "ended")).to_owned() };
                let day = short(x.gone.or(x.fact.day), s);
                [(x.fact.name.clone(), plain), (state, plain), (day, Tone::Label)]
            }
            (None, Some(r)) => {
                let credit = r.credit.map_or_else(String::new, |c| words::sum(c, s.hidden));
                let name = format!("{} {}", pen.word(t("评级", "Rating")), r.grade);
                [(name, Tone::Accent), (credit, Tone::Text), (short(Some(r.day), s), Tone::Label)]
            }
            (None, None) => continue,
        };
        table::row(pen, y, &placed, &texts, over);
    }
    foot(pen, t("签约和评级以核心系统为准", "Services and ratings are the core system's"));
}

const TXNS: [Column; 6] = [
    left(t("日期", "Date"), 10, 0),
    right(t("流入", "In"), 13, 0),
    right(t("流出", "Out"), 13, 0),
    left(t("渠道", "By"), 8, 2),
    left(t("对手行", "Bank"), 12, 1),
    left(t("摘要", "Note"), 10, 0),
];

/// Transactions, months above them.
pub fn txns(pen: &mut Pen<'_>, rooms: &Rooms, o: &Opened, focused: bool) {
    let (s, a) = (&rooms.shared, &rooms.archive);
    let Some(books) = read(pen, rooms) else { return };
    let end = dated(pen, 0, books.dates.txns, s);
    if books.txns_total == 0 {
        nothing(pen, s, words::TXNS, books.dates.txns);
        return;
    }
    let (list, found) = a.shelf.txns(o.customer.id);
    let partial = a.shelf.partial(o.customer.id);
    let told = |brief| words::found(found, partial, books.txns_total, s.hidden, brief, pen.lang);
    let (whole, brief) = (told(false), told(true));
    let mut x = 1;
    if a.shelf.typing || !a.shelf.line.is_empty() {
        x += pen.text(x, 0, "/ ", Tone::Accent, 2);
        field::line(pen, x, 0, 20, &a.shelf.line, focused && a.shelf.typing);
        x += 22;
    }
    let room = end.saturating_sub(x);
    pen.column(x, 0, if cells(&whole) <= room { &whole } else { &brief }, Tone::Strong, room);
    let mut y = 1;
    if a.height >= MONTHS.0 {
        months(&mut *pen, y, &books.months, s);
        y += u16::try_from(MONTHS.1).unwrap_or(0);
    }
    let placed = table::place(&TXNS, pen.place.w);
    table::heads(pen, y, &TXNS, &placed);
    for (y, n, over) in rows(rooms, list.len(), focused) {
        let Some(txn) = list.get(n) else { continue };
        let sum = words::sum(crate::domain::values::money::Fen(txn.amount.0.abs()), s.hidden);
        let (came, went) = if txn.amount.0 >= 0 { (sum, String::new()) } else { (String::new(), sum) };
        let texts = [
            (dates::short(txn.day, s.today()), Tone::Label),
            (came, Tone::Ok),
            (went, Tone::Text),
            (txn.channel.clone(), Tone::Label),
            (plain::masked(&txn.bank), Tone::Text),
            (plain::masked(&txn.note), Tone::Text),
        ];
        table::row(pen, y, &placed, &texts, over);
    }
    if list.is_empty() {
        let y = u16::try_from(a.above()).unwrap_or(y);
        pen.text(1, y, pen.word(t("没有找到，Esc 清除", "Nothing found; Esc clears")), Tone::Label, pen.place.w);
    }
    foot(
        pen,
        t(
            "/ 查找：摘要、银行、金额、10月、2026-10-05、>5万  Esc 清除",
            "/ searches note, bank, sum, 2026-10, 10-05, >50000; Esc clears",
        ),
    );
}

/// Eighths of a block.
const BLOCKS: [&str; 8] = [
    bar::ONE_EIGHTH,
    bar::ONE_QUARTER,
    bar::THREE_EIGHTHS,
    bar::HALF,
    bar::FIVE_EIGHTHS,
    bar::THREE_QUARTERS,
    bar::SEVEN_EIGHTHS,
    bar::FULL,
];

/// The block of a value beside the greatest one; blank for none.
pub fn block(value: i64, most: i64) -> &'static str {
    if value <= 0 {
        return " ";
    }
    let eighth = (i128::from(value) * 8 / i128::from(most.max(1)) - 1).clamp(0, 7);
    usize::try_from(eighth).ok().and_then(|n| BLOCKS.get(n)).copied().unwrap_or(" ")
}

/// What came in and went out month by month, as bars over the months' numbers.
fn months(pen: &mut Pen<'_>, y: u16, months: &[Month], s: &Shared) {
    let w = pen.place.w;
    if s.hidden {
        pen.text(1, y, pen.word(t("已遮数，F12 显示", "hidden; F12 shows")), Tone::Label, w);
        return;
    }
    let step = 4;
    let room = usize::from(w.saturating_sub(8) / step);
    let shown = months.iter().skip(months.len().saturating_sub(room));
    let most = months.iter().flat_map(|m| [m.came.0, m.went.0]).max().unwrap_or(0);
    for (row, label) in (0..).zip([t("入", "in"), t("出", "out")]) {
        pen.text(1, y + row, pen.word(label), Tone::Label, 4);
    }
    pen.text(1, y + 2, pen.word(t("月", "mon.")), Tone::Label, 5);
    let mut x = 6;
    for m in shown.clone() {
        pen.text(x, y, &block(m.came.0, most).repeat(3), Tone::Ok, 3);
        pen.text(x, y + 1, &block(m.went.0, most).repeat(3), Tone::Accent, 3);
        pen.text(x, y + 2, &format!("{:>2}", m.first.month()), Tone::Label, 3);
        x += step;
    }
    // The greatest gives the scale.
    let scale = format!("{} {}", pen.word(t("最高", "top")), crate::domain::values::money::Fen(most).wan());
    if x + cells(&scale) + 1 < w {
        pen.text(x + 1, y, &scale, Tone::Label, w);
    }
    if let Some(m) = months.last() {
        let this = match pen.lang {
            Lang::Zh => format!("本月 +{} -{}", m.came.wan(), m.went.wan()),
            Lang::En => format!("this month +{} -{}", m.came.wan(), m.went.wan()),
        };
        if x + cells(&this) + 1 < w {
            pen.text(x + 1, y + 1, &this, Tone::Text, w);
        }
    }
}

//! How logging a contact looks: two lines above the bar that say which digit is next.

use crate::app::layers::call::Call;
use crate::app::shared::Shared;
use crate::app::words::customer;
use crate::domain::consent::{Channel as Way, Purpose};
use crate::domain::contact::{Channel, Outcome};
use crate::domain::text::t;
use crate::ui::kit::field;
use crate::ui::kit::pen::Pen;
use crate::ui::theme::Tone;

/// Draws it.
pub fn draw(pen: &mut Pen<'_>, c: &Call, s: &Shared) {
    let shut = s.shut.get(&c.customer);
    let title = format!("{} {}", pen.word(t("记联络", "Log a contact with")), customer::name(s, c.customer, &c.name));
    let note = pen.word(t("Enter 记下  Esc 不记", "Enter logs  Esc gives up"));
    pen.border(&title, note, true);
    let mut pen = pen.at(pen.place.inside());
    let w = pen.place.w;
    let mut x = 1;
    for (n, channel) in Channel::ALL.into_iter().enumerate() {
        let tone = tone(c.channel.is_none(), c.channel == Some(channel));
        // What the customer does not want is crossed out; what was done all the same is still logged.
        let crossed = shut.zip(way(channel)).is_some_and(|(shut, way)| shut.contains(&(Purpose::Contact, way)));
        let (mark, tone) = if crossed { ("×", Tone::Overdue) } else { ("", tone) };
        x += pen.text(x, 0, &format!("{}{mark}{}", n + 1, channel.label().get(pen.lang)), tone, w) + 1;
    }
    x += pen.text(x, 0, "│ ", Tone::Border, w);
    for (n, outcome) in Outcome::ALL.into_iter().enumerate() {
        let tone = tone(c.channel.is_some() && c.outcome.is_none(), c.outcome == Some(outcome));
        x += pen.text(x, 0, &format!("{}{}", n + 1, outcome.label().get(pen.lang)), tone, w) + 1;
    }
    let label = pen.word(t("备注", "Note"));
    let used = pen.text(1, 1, label, Tone::Label, w) + 2;
    if c.outcome.is_some() {
        field::line(&mut pen, used, 1, w.saturating_sub(used + 1), &c.note, true);
    } else {
        let words = match c.channel {
            None => pen.word(t("按数字选渠道", "A digit chooses the channel")),
            Some(_) => pen.word(t("再按数字选结果", "Another digit chooses the outcome")),
        };
        pen.text(used, 1, words, Tone::Label, w);
        pen.put_cursor(used, 1);
    }
}

/// The way of a consent that a channel of the ledger is.
const fn way(channel: Channel) -> Option<Way> {
    match channel {
        Channel::Phone => Some(Way::Phone),
        Channel::Sms => Some(Way::Sms),
        Channel::Wechat => Some(Way::Wechat),
        Channel::Visit | Channel::Home => Some(Way::Visit),
        // Who comes to the counter speaks for themselves; nobody is asked about letters or gifts.
        Channel::Counter | Channel::Email | Channel::Gift => None,
    }
}

/// The digits asked for now are bright, what was chosen is marked, the rest is dim.
fn tone(asked: bool, chosen: bool) -> Tone {
    match (asked, chosen) {
        (_, true) => Tone::Selected,
        (true, false) => Tone::Accent,
        (false, false) => Tone::Label,
    }
}

//! A year of contacts of the demo (联络): who called whom, what came of it, what was said. The words are in `talk`.

use super::customers::Life;
use super::people;
use super::rng::Rng;
use super::talk;
use crate::domain::contact::{Channel, Contact, Outcome};
use crate::domain::customer::Sort;
use crate::domain::ids::{ContactId, StaffId};
use crate::domain::staff::Role;
use crate::domain::tier::Tier;
use chrono::{Datelike, Days, NaiveDate, NaiveDateTime, Weekday};

/// How the ledger of a tier looks: days of its visit rhythm, contacts in a year at most, and of a hundred customers how many
/// were seen within the rhythm, how many were not; the rest never were: of the small ones their archives were begun of late.
const fn habit(tier: Option<Tier>) -> (i64, i64, i64, i64) {
    match tier {
        Some(Tier::Big) => (30, 4, 84, 16),
        Some(Tier::Vip) => (30, 3, 80, 19),
        Some(Tier::Potential) => (30, 2, 78, 20),
        Some(Tier::Ordinary) => (90, 1, 88, 9),
        Some(Tier::Small) => (180, 1, 40, 3),
        Some(Tier::Untiered) | None => (300, 1, 12, 0),
    }
}

/// Writes the ledgers of all.
pub fn write(seed: u64, day: NaiveDate, lives: &mut [Life]) {
    let mut rng = Rng::new(seed, "ledger");
    for life in lives {
        life.contacts = year(&mut rng, day, life);
    }
}

fn year(rng: &mut Rng, day: NaiveDate, life: &Life) -> Vec<Contact> {
    let (rhythm, most, seen, late) = habit(life.tier);
    let draw = rng.of(0..100);
    let age = day.year() - life.born();
    let mut back = if draw < seen {
        rng.of(1..rhythm * 9 / 10)
    } else if draw < seen + late {
        rhythm + rng.of(3..rhythm / 2 + 4)
    } else {
        return vec![];
    };
    let mut all: Vec<Contact> = vec![];
    let count = rng.of(1..most + 1);
    for n in 0..count {
        let Some(at) = moment(rng, day, back).filter(|at| life.customer.opened.is_none_or(|o| at.date() > o)) else {
            break;
        };
        let channel = channel(rng, life);
        // The last one was real, or the visit would be overdue whatever the draw above said.
        let outcome = if n == 0 { real(rng, life) } else { outcome(rng) };
        // Nobody rings in vain at a counter.
        let channel = if outcome == Outcome::NoAnswer { Channel::Phone } else { channel };
        let note = talk::note(rng, life.tier, age, channel, outcome).to_owned();
        all.push(Contact {
            id: ContactId(0),
            customer: life.customer.id,
            at,
            by: by(rng, life, channel),
            channel,
            outcome,
            note,
            next: None,
            task: None,
        });
        back += rhythm * rng.of(60..130) / 100;
        if back > 360 {
            break;
        }
    }
    all.reverse();
    if draw >= seen && all.len() > 1 && rng.chance(60) {
        // Somebody tried, and nobody answered.
        let tried = moment(rng, day, rng.clone().of(1..5));
        if let (Some(at), Some(last)) = (tried, all.last().cloned()) {
            let note = talk::note(rng, life.tier, age, Channel::Phone, Outcome::NoAnswer).to_owned();
            all.push(Contact { at, channel: Channel::Phone, outcome: Outcome::NoAnswer, note, ..last });
        }
    }
    all
}

/// A moment of opening hours so many days back; the counter is closed on Sundays.
fn moment(rng: &mut Rng, day: NaiveDate, back: i64) -> Option<NaiveDateTime> {
    let mut on = day.checked_sub_days(Days::new(u64::try_from(back).ok()?))?;
    if on.weekday() == Weekday::Sun {
        on = on.pred_opt()?;
    }
    let minute = u32::try_from(rng.of(8 * 60 + 40..17 * 60 + 20)).ok()?;
    on.and_hms_opt(minute / 60, minute % 60, u32::try_from(rng.of(0..60)).ok()?)
}

fn channel(rng: &mut Rng, life: &Life) -> Channel {
    let upper = life.is_upper();
    match rng.of(0..100) {
        0..38 if !upper => Channel::Counter,
        0..44 => Channel::Phone,
        44..58 => Channel::Wechat,
        58..70 => Channel::Visit,
        70..78 if upper => Channel::Home,
        70..88 => Channel::Phone,
        88..93 => Channel::Sms,
        93..97 if upper => Channel::Gift,
        _ => Channel::Phone,
    }
}

fn real(rng: &mut Rng, life: &Life) -> Outcome {
    match rng.of(0..100) {
        0..4 => Outcome::Refused,
        4..7 if life.is_upper() => Outcome::Referred,
        _ => Outcome::Reached,
    }
}

fn outcome(rng: &mut Rng) -> Outcome {
    match rng.of(0..100) {
        0..14 => Outcome::NoAnswer,
        14..19 => Outcome::Refused,
        19..21 => Outcome::Referred,
        _ => Outcome::Reached,
    }
}

fn by(rng: &mut Rng, life: &Life, channel: Channel) -> StaffId {
    let counter = [people::of_role(Role::HighCounter), people::of_role(Role::LowCounter)].concat();
    let teller = rng.pick(&counter).copied().unwrap_or_default();
    match life.customer.owner {
        Some(_) if channel == Channel::Counter || life.customer.sort == Sort::Prospect => teller,
        Some(owner) => owner,
        None => teller,
    }
}

//! Row ids made by the workstation: 42 bits of milliseconds since 2020, 10 of station, 11 of counter. New rows need no round trip
//! and the files of two branches can be merged. Which table an id belongs to is said by `domain::ids`.

use chrono::{DateTime, NaiveDateTime};

/// Milliseconds from 1970 to 2020-01-01.
const EPOCH: i64 = 1_577_836_800_000;
/// The largest count of milliseconds that 42 bits hold: until the year 2159.
const MILLIS: i64 = (1 << 42) - 1;
/// The largest counter.
const COUNTER: i64 = (1 << 11) - 1;

/// Makes the ids of one workstation; they rise.
#[derive(Debug, Clone)]
pub struct Maker {
    station: i64,
    millis: i64,
    counter: i64,
}

impl Maker {
    /// For the station of this number; its lowest ten bits count.
    pub fn new(station: u16) -> Self {
        Maker { station: i64::from(station) & 0x3ff, millis: -1, counter: 0 }
    }

    /// From now on only ids above this one: a clock that stands still or was put back never meets an id that is in the file.
    pub fn rise_above(&mut self, id: i64) {
        if id >> 21 >= self.millis {
            (self.millis, self.counter) = (id >> 21, COUNTER);
        }
    }

    /// The next id at this time. A clock that is put back, or more than 2,048 ids in a millisecond, run ahead of the clock.
    pub fn next(&mut self, at: NaiveDateTime) -> i64 {
        let now = (at.and_utc().timestamp_millis() - EPOCH).clamp(0, MILLIS);
        if now > self.millis {
            (self.millis, self.counter) = (now, 0);
        } else if self.counter < COUNTER {
            self.counter += 1;
        } else {
            (self.millis, self.counter) = (self.millis + 1, 0);
        }
        (self.millis << 21) | (self.station << 11) | self.counter
    }
}

/// No id made at this time or later is below it.
pub fn earliest(at: NaiveDateTime) -> i64 {
    (at.and_utc().timestamp_millis() - EPOCH).clamp(0, MILLIS) << 21
}

/// When an id was made, to the millisecond.
pub fn made_at(id: i64) -> Option<NaiveDateTime> {
    DateTime::from_timestamp_millis((id >> 21) + EPOCH).map(|t| t.naive_utc())
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::NaiveDate;

    #[test]
    fn ids_rise_and_never_meet_another_stations() {
        let at = NaiveDate::from_ymd_opt(2026, 11, 21).unwrap().and_hms_opt(9, 0, 0).unwrap();
        let (mut one, mut two) = (Maker::new(1), Maker::new(2));
        let mut seen = std::collections::BTreeSet::new();
        let mut last = 0;
        for _ in 0..5_000 {
            let id = one.next(at);
            assert!(id > last);
            last = id;
            assert!(seen.insert(id) && seen.insert(two.next(at)));
        }
        assert_eq!(made_at(Maker::new(7).next(at)), Some(at));
        assert!(
            earliest(at) <= Maker::new(0).next(at)
                && earliest(at) > Maker::new(1023).next(at - chrono::TimeDelta::milliseconds(1))
        );
    }

    #[test]
    fn a_clock_put_back_never_repeats_an_id() {
        let at = NaiveDate::from_ymd_opt(2026, 11, 21).unwrap().and_hms_opt(9, 0, 0).unwrap();
        let mut maker = Maker::new(1);
        let first = maker.next(at);
        assert!(maker.next(at - chrono::Days::new(400)) > first);
        let mut again = Maker::new(1);
        again.rise_above(first);
        assert!(again.next(at) > first);
        assert!(Maker::new(1023).next(NaiveDate::MAX.and_hms_opt(0, 0, 0).unwrap()) > 0);
    }
}

//! 到期 and 还款: on which days one is reminded of them, never after a holiday that swallows the day; what became of what matured, and
//! what share of it stayed. Where the contracts come from does not live here.

use crate::domain::calendar::holidays::Holidays;
use crate::domain::text::{Text, t};
use crate::domain::values::money::Fen;
use chrono::{Days, NaiveDate};

/// Days after its maturity that a contract is asked about, and that the retained share looks back.
pub const LOOK_BACK: u64 = 30;
/// Days around a maturity within which a newer holding counts as what it went into: some renew a little early, some come when they
/// have time.
pub const NEWER: (u64, u64) = (3, 10);
/// Per cent of a matured sum in newer holdings from which nobody is asked where it went.
const KEPT_PERCENT: i64 = 90;

/// The days of reminders, first to last.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reminders(Vec<NaiveDate>);

impl Reminders {
    /// So many days ahead each; one that falls on a day off comes on the last working day before it.
    pub fn ahead(day: NaiveDate, ahead: &[u16], holidays: &Holidays) -> Reminders {
        let at = |n: &u16| day.checked_sub_days(Days::new((*n).into())).map(|d| holidays.working_day_back(d));
        Reminders::of(ahead.iter().filter_map(at).collect())
    }

    /// So many days after each, as of an instalment that was missed.
    pub fn after(day: NaiveDate, after: &[u16]) -> Reminders {
        Reminders::of(after.iter().filter_map(|n| day.checked_add_days(Days::new((*n).into()))).collect())
    }

    /// One more, on the first working day after.
    pub fn and_after(mut self, day: NaiveDate, holidays: &Holidays) -> Reminders {
        self.0.extend(day.succ_opt().map(|d| holidays.working_day_from(d)));
        Reminders::of(self.0)
    }

    fn of(mut days: Vec<NaiveDate>) -> Reminders {
        days.sort_unstable();
        days.dedup();
        Reminders(days)
    }

    /// All of them.
    pub fn days(&self) -> &[NaiveDate] {
        &self.0
    }

    /// The reminder that a line stands for: the last one that has come, unless it was dealt with since (`done`), or else the next one
    /// until `until`.
    pub fn standing(&self, today: NaiveDate, until: NaiveDate, done: Option<NaiveDate>) -> Option<NaiveDate> {
        let (past, coming) = self.0.split_at(self.0.partition_point(|d| *d <= today));
        let last = past.last().filter(|last| done.is_none_or(|done| done < **last));
        last.or_else(|| coming.first().filter(|next| **next <= until)).copied()
    }

    /// When that line is due. Before the `day` itself nobody is late: a reminder that has come is due today, every day. Past the day, it is
    /// overdue by the days since.
    pub fn due(
        &self,
        day: NaiveDate,
        today: NaiveDate,
        until: NaiveDate,
        done: Option<NaiveDate>,
    ) -> Option<NaiveDate> {
        let standing = self.standing(today, until, done)?;
        Some(if day < today && standing <= today { day } else { standing.max(today) })
    }
}

/// What becomes of a matured contract, as it is recorded by hand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Stay {
    /// 续存
    Renewed,
    /// 转理财: into another product of the bank.
    Converted,
    /// 部分留存
    Partly,
    /// 流出
    Left,
}

impl Stay {
    /// All, in the order of the list to choose from.
    pub const ALL: [Stay; 4] = [Stay::Renewed, Stay::Converted, Stay::Partly, Stay::Left];

    /// The word, which is also what is kept as the reason of the mark.
    pub const fn label(self) -> Text {
        match self {
            Stay::Renewed => t("续存", "Renewed"),
            Stay::Converted => t("转理财", "Converted"),
            Stay::Partly => t("部分留存", "Partly kept"),
            Stay::Left => t("流出", "Left"),
        }
    }

    /// The result that a mark's reason begins with: the word alone, or with what was written behind it.
    pub fn of_reason(reason: &str) -> Option<Stay> {
        let word = reason.split(['：', ':']).next().unwrap_or(reason).trim();
        Stay::ALL.into_iter().find(|s| s.label().zh == word)
    }
}

/// What the newer holdings of a customer say of what matured: at most as much as matured.
pub fn in_newer(matured: Fen, newer: Fen) -> Fen {
    newer.max(Fen::ZERO).min(matured)
}

/// Whether newer holdings say clearly enough that a matured sum stayed.
pub fn clearly_kept(matured: Fen, newer: Fen) -> bool {
    i128::from(newer.0) * 100 >= i128::from(matured.0) * i128::from(KEPT_PERCENT)
}

/// What matured in the days looked back on, and where it went (续存率).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Kept {
    /// Contracts.
    pub contracts: u32,
    /// All that matured.
    pub matured: Fen,
    /// Of it by recorded result: 续存 and 转理财.
    pub stayed: Fen,
    /// 部分留存, the whole sums: how much stayed is not recorded.
    pub partly: Fen,
    /// 流出
    pub left: Fen,
    /// Without a result.
    pub unknown: Fen,
    /// In holdings that began around the maturity, whatever was recorded.
    pub newer: Fen,
}

impl Kept {
    /// Adds a contract.
    pub fn add(&mut self, amount: Fen, result: Option<Stay>) {
        self.contracts += 1;
        self.matured += amount;
        *match result {
            Some(Stay::Renewed | Stay::Converted) => &mut self.stayed,
            Some(Stay::Partly) => &mut self.partly,
            Some(Stay::Left) => &mut self.left,
            None => &mut self.unknown,
        } += amount;
    }

    /// This and another put together.
    #[must_use]
    pub fn with(&self, other: &Kept) -> Kept {
        Kept {
            contracts: self.contracts + other.contracts,
            matured: self.matured + other.matured,
            stayed: self.stayed + other.stayed,
            partly: self.partly + other.partly,
            left: self.left + other.left,
            unknown: self.unknown + other.unknown,
            newer: self.newer + other.newer,
        }
    }

    /// Tenths of a per cent of all that matured.
    pub fn share(&self, part: Fen) -> Option<u32> {
        let all = i128::from(self.matured.0);
        (all > 0).then(|| u32::try_from(i128::from(part.0).max(0) * 1_000 / all).unwrap_or(u32::MAX))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn reminders_come_before_a_holiday_and_never_after_it() {
        let holidays = Holidays::shipped();
        for (ends, ahead, days) in [
            // An ordinary Friday: a Wednesday of the month before, the Friday before, Thursday.
            ("2026-11-20", &[30, 7, 1][..], &["2026-10-21", "2026-11-13", "2026-11-19"][..]),
            // In the Spring Festival of 2026 (02-15 to 02-23; Saturday 02-14 is worked).
            ("2026-02-18", &[30, 7, 1], &["2026-01-19", "2026-02-11", "2026-02-14"]),
            // On the first working day after it: the day ahead lies in the holiday.
            ("2026-02-24", &[7, 1], &["2026-02-14"]),
            // On the national day of 2026: the last working day is a Wednesday.
            ("2026-10-01", &[7, 1], &["2026-09-24", "2026-09-30"]),
            // A repayment on a Sunday is spoken of on Friday.
            ("2026-11-22", &[7, 3, 0], &["2026-11-13", "2026-11-19", "2026-11-20"]),
            // In a year without a table only weekends count.
            ("2027-10-03", &[0], &["2027-10-01"]),
        ] {
            let got = Reminders::ahead(day(ends), ahead, &holidays);
            let days: Vec<NaiveDate> = days.iter().map(|d| day(d)).collect();
            assert_eq!(got.days(), days, "{ends}");
        }
        let after = Reminders::ahead(day("2026-02-18"), &[1], &holidays).and_after(day("2026-02-18"), &holidays);
        assert_eq!(after.days(), [day("2026-02-14"), day("2026-02-24")]);
    }

    #[test]
    fn no_reminder_of_any_day_of_three_years_is_later_than_the_working_day_before() {
        let holidays = Holidays::shipped();
        for ends in day("2024-01-01").iter_days().take_while(|d| *d <= day("2026-12-31")) {
            for r in Reminders::ahead(ends, &[30, 7, 1, 0], &holidays).days() {
                assert!(*r <= ends && holidays.is_working_day(*r), "{ends}: {r}");
            }
        }
    }

    #[test]
    fn a_line_is_due_by_its_last_reminder_and_comes_back_with_the_next_one() {
        let r = Reminders::ahead(day("2026-11-20"), &[30, 7, 1], &Holidays::shipped());
        let due = |today: &str, until: &str, done: Option<&str>| {
            r.due(day("2026-11-20"), day(today), day(until), done.map(day)).map(|d| d.to_string())
        };
        for (today, until, done, expected) in [
            ("2026-10-20", "2026-10-20", None, None),
            ("2026-10-20", "2026-10-21", None, Some("2026-10-21")),
            ("2026-10-21", "2026-10-21", None, Some("2026-10-21")),
            ("2026-11-01", "2026-11-01", None, Some("2026-11-01")),
            ("2026-11-01", "2026-11-01", Some("2026-10-30"), None),
            ("2026-11-01", "2026-11-30", Some("2026-10-30"), Some("2026-11-13")),
            ("2026-11-13", "2026-11-13", Some("2026-10-30"), Some("2026-11-13")),
            ("2026-11-13", "2026-11-13", Some("2026-11-13"), None),
            ("2026-11-20", "2026-11-20", None, Some("2026-11-20")),
            ("2026-11-25", "2026-11-25", None, Some("2026-11-20")),
        ] {
            assert_eq!(due(today, until, done).as_deref(), expected, "{today} {until} {done:?}");
        }
    }

    #[test]
    fn the_result_is_the_word_before_the_colon() {
        for (reason, result) in [
            ("续存", Some(Stay::Renewed)),
            ("部分留存：留 5 万", Some(Stay::Partly)),
            ("流出: 工商银行", Some(Stay::Left)),
            ("客户说续存", None),
            ("", None),
        ] {
            assert_eq!(Stay::of_reason(reason), result, "{reason}");
        }
    }

    #[test]
    fn shares_are_of_all_that_matured() {
        let mut kept = Kept::default();
        assert_eq!(kept.share(Fen(1)), None);
        for (amount, result) in
            [(600, Some(Stay::Renewed)), (100, Some(Stay::Left)), (200, Some(Stay::Partly)), (100, None)]
        {
            kept.add(Fen(amount), result);
        }
        assert_eq!((kept.contracts, kept.matured), (4, Fen(1_000)));
        assert_eq!(
            [kept.stayed, kept.partly, kept.left, kept.unknown].map(|p| kept.share(p)),
            [600, 200, 100, 100].map(Some)
        );
        assert!(clearly_kept(Fen(1_000), Fen(900)) && !clearly_kept(Fen(1_000), Fen(899)));
        assert_eq!(in_newer(Fen(10), Fen(25)), Fen(10));
    }
}

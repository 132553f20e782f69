//! Two people changed the same part of an archive: what one side alone changed is taken over, what both changed is listed. Archives
//! themselves are merged where they are saved; who was first is not known here.

use super::parts::{ENTITLEMENT, LINK, MEMBER, OCCASION, REMARK};
use crate::domain::family::Part;
use crate::domain::field::{Ctx, Field, Kind};
use crate::domain::text::Text;

/// A field that both changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Both {
    /// The field's code.
    pub field: &'static str,
    /// What it was.
    pub before: String,
    /// What they made of it.
    pub theirs: String,
    /// What I made of it.
    pub mine: String,
}

/// What I made of a part on top of what they made of it meanwhile; where both changed a field, mine, and what is to be decided. None
/// when they are not of one sort.
pub fn parts(was: &Part, theirs: &Part, mine: &Part, ctx: Ctx<'_>) -> Option<(Part, Vec<Both>)> {
    Some(match (was, theirs, mine) {
        (Part::Member(w), Part::Member(t), Part::Member(m)) => {
            let (record, both) = records(MEMBER, w, t, m, ctx);
            (Part::Member(record), both)
        }
        (Part::Occasion(w), Part::Occasion(t), Part::Occasion(m)) => {
            let (record, both) = records(OCCASION, w, t, m, ctx);
            (Part::Occasion(record), both)
        }
        (Part::Link(w), Part::Link(t), Part::Link(m)) => {
            let (record, both) = records(LINK, w, t, m, ctx);
            (Part::Link(record), both)
        }
        (Part::Remark(w), Part::Remark(t), Part::Remark(m)) => {
            let (record, both) = records(REMARK, w, t, m, ctx);
            (Part::Remark(record), both)
        }
        (Part::Entitlement(w), Part::Entitlement(t), Part::Entitlement(m)) => {
            let (record, both) = records(ENTITLEMENT, w, t, m, ctx);
            (Part::Entitlement(record), both)
        }
        _ => return None,
    })
}

fn records<T: Clone>(fields: &'static [Field<T>], was: &T, theirs: &T, mine: &T, ctx: Ctx<'_>) -> (T, Vec<Both>) {
    let mut merged = mine.clone();
    let mut both = Vec::new();
    for f in fields {
        let (w, t, m) = (f.get(was), f.get(theirs), f.get(mine));
        if t != w && m == w {
            // Canonical text of a value that was valid when they saved it; were it refused now, mine would stay.
            let _ = f.set(&mut merged, &t, ctx);
        } else if t != w && t != m {
            both.push(Both { field: f.code, before: w, theirs: t, mine: m });
        }
    }
    // A field may follow another (the lunar birthday the solar one); what I typed stands all the same.
    for f in fields.iter().filter(|f| f.get(mine) != f.get(was)) {
        let _ = f.set(&mut merged, &f.get(mine), ctx);
    }
    (merged, both)
}

/// Puts canonical text into a field of a part; what cannot be put leaves it as it is.
pub fn put(part: &mut Part, code: &str, text: &str, ctx: Ctx<'_>) {
    fn set<T>(fields: &'static [Field<T>], record: &mut T, code: &str, text: &str, ctx: Ctx<'_>) {
        if let Some(f) = fields.iter().find(|f| f.code == code) {
            let _ = f.set(record, text, ctx);
        }
    }
    match part {
        Part::Member(record) => set(MEMBER, record, code, text, ctx),
        Part::Occasion(record) => set(OCCASION, record, code, text, ctx),
        Part::Link(record) => set(LINK, record, code, text, ctx),
        Part::Remark(record) => set(REMARK, record, code, text, ctx),
        Part::Entitlement(record) => set(ENTITLEMENT, record, code, text, ctx),
    }
}

/// The label and kind of a field of a part.
pub fn field(part: &Part, code: &str) -> Option<(Text, Kind)> {
    fn of<T>(fields: &'static [Field<T>], code: &str) -> Option<(Text, Kind)> {
        fields.iter().find(|f| f.code == code).map(|f| (f.label, f.kind))
    }
    match part {
        Part::Member(_) => of(MEMBER, code),
        Part::Occasion(_) => of(OCCASION, code),
        Part::Link(_) => of(LINK, code),
        Part::Remark(_) => of(REMARK, code),
        Part::Entitlement(_) => of(ENTITLEMENT, code),
    }
}

/// The fields of a part that hold something: label and canonical text.
pub fn filled(part: &Part) -> Vec<(Text, Kind, String)> {
    fn of<T>(fields: &'static [Field<T>], record: &T) -> Vec<(Text, Kind, String)> {
        fields.iter().map(|f| (f.label, f.kind, f.get(record))).filter(|(.., text)| !text.is_empty()).collect()
    }
    match part {
        Part::Member(record) => of(MEMBER, record),
        Part::Occasion(record) => of(OCCASION, record),
        Part::Link(record) => of(LINK, record),
        Part::Remark(record) => of(REMARK, record),
        Part::Entitlement(record) => of(ENTITLEMENT, record),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::family::{Member, Remark};
    use chrono::NaiveDate;

    fn ctx() -> Ctx<'static> {
        Ctx { today: NaiveDate::from_ymd_opt(2026, 11, 21).unwrap(), staff: &[] }
    }

    fn child(name: &str, school: &str, note: &str) -> Part {
        Part::Member(Member { name: name.into(), school: school.into(), note: note.into(), ..Member::default() })
    }

    #[test]
    fn what_one_side_changed_is_taken_over_and_what_both_did_is_listed() {
        let was = child("张月", "一小", "");
        let (merged, both) = parts(&was, &child("张月", "二小", "好"), &child("张悦", "一小", ""), ctx()).unwrap();
        assert_eq!((merged, both), (child("张悦", "二小", "好"), vec![]));
        let (merged, both) = parts(&was, &child("张月", "二小", ""), &child("张悦", "三小", ""), ctx()).unwrap();
        assert_eq!(merged, child("张悦", "三小", ""));
        let sides = both.iter().map(|b| (b.field, b.before.as_str(), b.theirs.as_str(), b.mine.as_str()));
        assert_eq!(sides.collect::<Vec<_>>(), [("school", "一小", "二小", "三小")]);
    }

    #[test]
    fn a_lunar_day_typed_here_stands_although_a_colleague_gave_the_solar_one() {
        let with = |birth: Option<&str>, lunar: &str| {
            let mut part = Part::Member(Member { name: "张月".into(), ..Member::default() });
            put(&mut part, "birth", birth.unwrap_or_default(), ctx());
            put(&mut part, "lunar", lunar, ctx());
            part
        };
        let (merged, both) =
            parts(&with(None, ""), &with(Some("2008-06-01"), ""), &with(None, "腊月二十"), ctx()).unwrap();
        assert_eq!((merged, both), (with(Some("2008-06-01"), "腊月二十"), vec![]));
    }

    #[test]
    fn parts_of_different_sorts_do_not_merge() {
        assert_eq!(
            parts(&child("张月", "", ""), &Part::Remark(Remark::default()), &child("张月", "", ""), ctx()),
            None
        );
    }
}

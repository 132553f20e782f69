//! Looking through the change log: which lines are wanted, what each was, and its values as they may be shown. How the log is kept is in
//! `store::chain`.

use super::archive;
use super::change::{Change, Entity, IMAGE, REWOUND_BY, SECOND};
use super::field::{Edit, Kind};
use super::ids::{CustomerId, StaffId};
use super::text::{Text, t};
use super::values::plain;
use chrono::NaiveDate;

/// Which lines are wanted; what is not said fits all.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Filter {
    /// Of this customer.
    pub customer: Option<CustomerId>,
    /// By this member of staff.
    pub staff: Option<StaffId>,
    /// Not before this day.
    pub from: Option<NaiveDate>,
    /// Not after this day.
    pub to: Option<NaiveDate>,
    /// Of this kind: a code of [`DOINGS`].
    pub doing: Option<&'static str>,
}

/// A line with whose archive it is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// The change, or the look.
    pub change: Change,
    /// The customer number; empty when it is about nobody.
    pub no: String,
    /// The name.
    pub name: String,
}

/// The kinds of lines: looks by what was done, changes by what was changed.
pub const DOINGS: [(&str, Text); 19] = [
    ("view", t("查看", "Viewed")),
    ("reveal", t("显示全号", "Revealed")),
    ("export", t("导出", "Exported")),
    ("print", t("打印", "Printed")),
    ("copy", t("复制", "Copied")),
    ("sign_in", t("签到", "Signed in")),
    ("sign_out", t("签退", "Signed out")),
    ("lock", t("锁屏", "Locked")),
    ("refused", t("被拒", "Refused")),
    ("branch", t("网点", "Branch")),
    ("staff", t("员工", "Staff")),
    ("customer", t("档案", "Archive")),
    ("part", t("附页", "Part")),
    ("contact", t("联络", "Contact")),
    ("mark", t("任务", "Queue")),
    ("task", t("自办", "Own task")),
    ("batch", t("导入", "Import")),
    ("consent", t("同意", "Consent")),
    ("request", t("信息请求", "Data request")),
];

/// Fields of the log beside the archive's that hold the id of a colleague, or their number.
const PEOPLE: [&str; 8] = [SECOND, REWOUND_BY, "hand_over", "delegate", "for", "proposer", "decider", "ender"];

/// Whether a field of the log holds the id of a colleague, or their number.
pub fn names_colleague(code: &str) -> bool {
    PEOPLE.contains(&code) || archive::FIELDS.iter().any(|f| f.code == code && matches!(f.kind, Kind::Staff))
}

/// What a line was: a code of [`DOINGS`], or one of a newer program.
pub fn doing(change: &Change) -> &str {
    match change.entity {
        Entity::Access => change.after("action").unwrap_or(Entity::Access.code()),
        entity => entity.code(),
    }
}

/// The word for a kind.
pub fn label(code: &str) -> Option<Text> {
    DOINGS.iter().find(|(known, _)| *known == code).map(|(_, label)| *label)
}

/// The kind that is meant by a code or a word.
pub fn parse(text: &str) -> Option<&'static str> {
    let fits = |(code, label): &&(&str, Text)| *code == text || label.zh == text || label.en.eq_ignore_ascii_case(text);
    DOINGS.iter().find(fits).map(|(code, _)| *code)
}

/// What of a change is for people to read, values masked: the field's label where it has one, before, after.
pub fn edits(change: &Change) -> impl Iterator<Item = (Option<Text>, Edit)> {
    change.edits.iter().filter(|e| e.field != IMAGE && e.field != "action").map(|e| {
        let field = archive::FIELDS.iter().find(|f| f.code == e.field);
        // The log holds every value a customer ever had, also of fields this program no longer knows: those are masked by their digits.
        // Colleagues stand there by their ids and numbers, also in what became of a line.
        let open = e.field == "mark" || names_colleague(&e.field);
        let shown =
            |text: &str| if open { text.to_owned() } else { plain::masked(&archive::masked_value(&e.field, text)) };
        let edit = Edit { field: e.field.clone(), before: shown(&e.before), after: shown(&e.after) };
        (field.map(|f| f.label), edit)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::access::Action;

    fn change(entity: Entity, edits: &[(&str, &str, &str)]) -> Change {
        let edit = |(field, before, after): &(&str, &str, &str)| Edit {
            field: (*field).to_owned(),
            before: (*before).to_owned(),
            after: (*after).to_owned(),
        };
        Change {
            seq: 1,
            at: NaiveDate::default().and_hms_opt(0, 0, 0).unwrap(),
            by: StaffId(1),
            station: String::new(),
            entity,
            row: 0,
            customer: None,
            edits: edits.iter().map(edit).collect(),
            reason: String::new(),
            batch: None,
        }
    }

    #[test]
    fn a_look_is_named_by_what_was_done_and_a_change_by_what_was_changed() {
        assert_eq!(doing(&change(Entity::Access, &[("action", "", "reveal")])), "reveal");
        assert_eq!(doing(&change(Entity::Access, &[])), "access");
        assert_eq!(doing(&change(Entity::Contact, &[("action", "", "x")])), "contact");
        for (code, label) in DOINGS {
            assert_eq!((parse(code), parse(label.zh), parse(label.en)), (Some(code), Some(code), Some(code)));
        }
        assert!(Action::ALL.iter().all(|a| label(a.code()) == Some(a.label())));
        assert!(
            Entity::ALL.iter().all(|e| *e == Entity::Access || label(e.code()).map(|l| l.zh) == Some(e.label().zh))
        );
        assert_eq!(parse("nothing"), None);
    }

    #[test]
    fn no_number_and_no_address_leaves_the_log_whole_whatever_its_field_is_called() {
        let secrets = ["520325196611212452", "13985210001", "6222021234567890123", "贵州省遵义市道真县玉溪镇解放路1号"];
        for field in ["id_no", "phone", "phone2", "account", "value", "note", "address"] {
            for secret in secrets.iter().filter(|s| s.is_ascii() || field == "address") {
                let c = change(Entity::Customer, &[(field, secret, &format!("电话{secret}，新"))]);
                let (_, shown) = edits(&c).next().unwrap();
                assert!(!shown.before.contains(secret) && !shown.after.contains(secret), "{field}: {shown:?}");
            }
        }
        let c = change(Entity::Mark, &[(IMAGE, "{}", "{}"), ("mark", "", "done")]);
        assert_eq!(edits(&c).map(|(_, e)| e.field).collect::<Vec<_>>(), ["mark"]);
    }
}

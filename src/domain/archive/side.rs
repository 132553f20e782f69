//! Two archives of one person, field by field: which fields differ, and whose value is kept if nobody says otherwise. How they are merged
//! lives in the store.

use super::FIELDS;
use crate::domain::customer::Customer;
use crate::domain::field::Field;

/// The fields in which two archives differ and between which one may choose, in the order of the archive.
pub fn differing(keep: &Customer, other: &Customer) -> Vec<&'static Field<Customer>> {
    FIELDS.iter().filter(|f| !["no", "id_kind"].contains(&f.code) && f.get(keep) != f.get(other)).collect()
}

/// Whether a field is better taken from the archive that goes: what is there beats what is empty, what was written by hand beats an
/// extract, what is newer beats what is older.
pub fn from_other(field: &Field<Customer>, keep: &Customer, other: &Customer, other_is_newer: bool) -> bool {
    let (mine, theirs) = (field.get(keep), field.get(other));
    if theirs.is_empty() || mine.is_empty() {
        return !theirs.is_empty();
    }
    let hand = |c: &Customer| c.hand.contains(field.code);
    match (hand(keep), hand(other)) {
        (true, false) => false,
        (false, true) => true,
        _ => other_is_newer,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one(name: &str, phone: &str, hand: &[&str]) -> Customer {
        let hand = hand.iter().map(|h| (*h).to_owned()).collect();
        Customer { name: name.into(), phone: phone.into(), hand, ..Customer::default() }
    }

    #[test]
    fn what_is_there_beats_empty_then_hand_beats_extract_then_newer_beats_older() {
        let phone = FIELDS.iter().find(|f| f.code == "phone").unwrap();
        let (a, b, empty) = (one("张胜", "13800000001", &[]), one("张胜", "13800000002", &[]), one("张胜", "", &[]));
        assert!(!from_other(phone, &a, &empty, true));
        assert!(from_other(phone, &empty, &a, false));
        assert!(from_other(phone, &a, &b, true));
        assert!(!from_other(phone, &a, &b, false));
        let hand = one("张胜", "13800000003", &["phone"]);
        assert!(!from_other(phone, &hand, &b, true));
        assert!(from_other(phone, &a, &hand, false));
        let codes: Vec<&str> = differing(&a, &b).iter().map(|f| f.code).collect();
        assert_eq!(codes, ["phone"]);
    }
}

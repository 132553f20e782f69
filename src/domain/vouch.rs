//! Who is meant to give the second person's word (授权) by what was typed. Who may give it, and to what, is said in `rights`; whether it was they
//! who typed, by their password, in `store::secret`.

use super::rights::{Action, Eyes};
use super::staff::Staff;
use super::text::{Complaint, Lang};

/// The one of this number or name, if they may give it.
///
/// # Errors
/// They may not, or it is the one who asks; who may is named.
pub fn voucher<'a>(eyes: &Eyes<'a>, action: Action, typed: &str) -> Result<&'a Staff, Complaint> {
    let may = eyes.granters(action);
    let is = |s: &Staff| s.code.eq_ignore_ascii_case(typed) || s.name == typed;
    if let Some(found) = may.iter().find(|s| is(s)) {
        return Ok(found);
    }
    let (what, zh, en) = (action.label(), names(&may, Lang::Zh), names(&may, Lang::En));
    if eyes.staff.iter().any(|s| s.id == eyes.by && is(s)) {
        return Err(Complaint::new(
            format!("自己不能授权「{}」，可请：{zh}。", what.zh),
            format!("Nobody vouches for themselves; ask: {en}."),
        ));
    }
    Err(Complaint::new(
        format!("「{typed}」不能授权「{}」，可请：{zh}。", what.zh),
        format!("'{typed}' cannot grant this ({}); ask: {en}.", what.en),
    ))
}

/// Their numbers and names in one line.
pub fn names(people: &[&Staff], lang: Lang) -> String {
    let all: Vec<String> = people.iter().map(|s| format!("{} {}", s.code, s.name)).collect();
    all.join(if lang == Lang::Zh { "、" } else { ", " })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::ids::StaffId;
    use crate::domain::staff::Role;
    use chrono::NaiveDate;

    fn people(roles: &[Role]) -> Vec<Staff> {
        let one = |(n, role): (usize, &Role)| Staff {
            id: StaffId(i64::try_from(n).unwrap() + 1),
            ..Staff::new(format!("s{n}"), format!("员{n}"), *role)
        };
        roles.iter().enumerate().map(one).collect()
    }

    fn eyes(staff: &[Staff], by: usize) -> Eyes<'_> {
        Eyes { staff, delegates: &[], by: staff[by].id, today: NaiveDate::default() }
    }

    #[test]
    fn who_may_is_found_by_number_or_name_and_nobody_vouches_for_themselves() {
        let staff =
            people(&[Role::BranchManager, Role::Compliance, Role::AmSupervisor, Role::HeadOffice, Role::LowCounter]);
        let e = eyes(&staff, 0);
        assert_eq!(voucher(&e, Action::Erase, "S1").map(|s| s.id), Ok(staff[1].id));
        assert_eq!(voucher(&e, Action::Erase, "员1").map(|s| s.id), Ok(staff[1].id));
        assert!(voucher(&e, Action::Erase, "s0").unwrap_err().zh.contains("自己"));
        for other in ["s2", "s3", "s4", "nobody", ""] {
            let said = voucher(&e, Action::Erase, other).unwrap_err().zh;
            assert!(said.contains("不能授权") && said.contains("s1 员1"), "{said}");
        }
    }
}

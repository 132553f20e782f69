//! The twelve of the demo's branch, over the eight posts of domain.md. 王敏 is the one whose screen the demo opens.

use crate::domain::ids::StaffId;
use crate::domain::staff::{Prefs, Role, Staff};

/// The staff code whose workbench `guitai demo` opens.
pub const DEFAULT_USER: &str = "wangmin";

/// Code, name, post, area, line, leader, mentor.
type Person = (&'static str, &'static str, Role, &'static str, &'static str, &'static str, &'static str);

const PEOPLE: [Person; 12] = [
    ("heping", "何平", Role::BranchManager, "", "", "", ""),
    ("zhoujianguo", "周建国", Role::AmSupervisor, "玉溪镇", "零售", "heping", ""),
    ("wangmin", "王敏", Role::AccountManager, "玉溪镇", "零售", "zhoujianguo", "zhoujianguo"),
    ("yangyong", "杨勇", Role::AccountManager, "阳溪镇", "零售", "zhoujianguo", ""),
    ("luoxia", "骆霞", Role::AccountManager, "旧城镇", "小微", "zhoujianguo", "wangmin"),
    ("chenbo", "陈波", Role::LobbyManager, "玉溪镇", "零售", "zhoujianguo", ""),
    ("liulan", "刘兰", Role::LowCounter, "玉溪镇", "", "heping", ""),
    ("zhengjie", "郑洁", Role::LowCounter, "平模镇", "", "heping", "liulan"),
    ("liqiang", "李强", Role::HighCounter, "河口镇", "", "heping", ""),
    ("zhangli", "张丽", Role::HighCounter, "忠信镇", "", "heping", "liqiang"),
    ("fengxue", "冯雪", Role::HeadOffice, "", "财富", "", ""),
    ("wugang", "吴刚", Role::Compliance, "", "", "heping", ""),
];

/// The id of the one with this code.
pub fn id_of(code: &str) -> Option<StaffId> {
    let at = PEOPLE.iter().position(|p| p.0 == code)?;
    i64::try_from(at).ok().map(|n| StaffId(n + 1))
}

/// Everybody.
pub fn staff() -> Vec<Staff> {
    PEOPLE
        .iter()
        .filter_map(|(code, name, role, area, line, leader, mentor)| {
            Some(Staff {
                id: id_of(code)?,
                code: (*code).to_owned(),
                name: (*name).to_owned(),
                role: *role,
                area: (*area).to_owned(),
                line: (*line).to_owned(),
                mentor: id_of(mentor),
                leader: id_of(leader),
                active: true,
                prefs: Prefs::default(),
            })
        })
        .collect()
}

/// The ids of a post.
pub fn of_role(role: Role) -> Vec<StaffId> {
    PEOPLE.iter().filter(|p| p.2 == role).filter_map(|p| id_of(p.0)).collect()
}

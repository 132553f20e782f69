//! The branch's people: roles (岗位, domain.md "Roles") and who is in whose team. What a role may see or do
//! is not decided here yet; passwords never will be.

use super::ids::StaffId;
use super::text::{Lang, Text, t};
use super::tier::Tier;
use serde::{Deserialize, Serialize};

/// A post of the branch (domain.md "Roles").
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// 高柜柜员: small customers.
    HighCounter,
    /// 低柜柜员 / VIP柜员: ordinary customers.
    LowCounter,
    /// 大堂经理: potential customers, with the account managers.
    LobbyManager,
    /// 客户经理: potential and VIP customers.
    AccountManager,
    /// 客户经理主管: VIP customers with the managers, big ones with the branch manager.
    AmSupervisor,
    /// 网点经理: big customers, the board, approvals.
    BranchManager,
    /// 个人金融部: assists with big customers, reads across branches.
    HeadOffice,
    /// 合规/管理员: staff, rules, audit, subject requests, backups.
    Compliance,
}

impl Role {
    /// All roles, counter first.
    pub const ALL: [Role; 8] = [
        Role::HighCounter,
        Role::LowCounter,
        Role::LobbyManager,
        Role::AccountManager,
        Role::AmSupervisor,
        Role::BranchManager,
        Role::HeadOffice,
        Role::Compliance,
    ];

    /// The code of domain.md, as stored and typed.
    pub const fn code(self) -> &'static str {
        match self {
            Role::HighCounter => "high_counter",
            Role::LowCounter => "low_counter",
            Role::LobbyManager => "lobby_manager",
            Role::AccountManager => "account_manager",
            Role::AmSupervisor => "am_supervisor",
            Role::BranchManager => "branch_manager",
            Role::HeadOffice => "head_office",
            Role::Compliance => "compliance",
        }
    }

    /// The role with this code or label in either language.
    pub fn parse(s: &str) -> Option<Role> {
        Role::ALL
            .into_iter()
            .find(|r| r.code() == s || r.label().zh == s || r.label().en.eq_ignore_ascii_case(s) || r.short().zh == s)
    }

    /// The full name of the post.
    pub const fn label(self) -> Text {
        match self {
            Role::HighCounter => t("高柜柜员", "High-counter teller"),
            Role::LowCounter => t("低柜柜员", "Low-counter teller"),
            Role::LobbyManager => t("大堂经理", "Lobby manager"),
            Role::AccountManager => t("客户经理", "Account manager"),
            Role::AmSupervisor => t("客户经理主管", "AM supervisor"),
            Role::BranchManager => t("网点经理", "Branch manager"),
            Role::HeadOffice => t("个人金融部", "Head office"),
            Role::Compliance => t("合规管理员", "Compliance"),
        }
    }

    /// A short name for narrow columns.
    pub const fn short(self) -> Text {
        match self {
            Role::HighCounter => t("高柜", "High c."),
            Role::LowCounter => t("低柜", "Low c."),
            Role::LobbyManager => t("大堂", "Lobby"),
            Role::AccountManager => t("经理", "AM"),
            Role::AmSupervisor => t("主管", "Superv."),
            Role::BranchManager => t("网点", "Branch"),
            Role::HeadOffice => t("个金部", "Head o."),
            Role::Compliance => t("合规", "Compl."),
        }
    }

    /// The roles that keep customers of a tier, owner first (domain.md "Tiers", features 42–46).
    pub const fn keepers(tier: Tier) -> &'static [Role] {
        match tier {
            Tier::Untiered => &[],
            Tier::Small => &[Role::HighCounter],
            Tier::Ordinary => &[Role::LowCounter],
            Tier::Potential => &[Role::AccountManager, Role::LobbyManager],
            Tier::Vip => &[Role::AccountManager, Role::AmSupervisor],
            Tier::Big => &[Role::BranchManager, Role::AmSupervisor, Role::HeadOffice],
        }
    }

    /// The role that must collect what an archive of this tier lacks (domain.md "Roles"; features 70–72): low counter
    /// for 5–20万, account manager from 20万, high counter below.
    pub const fn collector(tier: Option<Tier>) -> Role {
        match tier {
            None | Some(Tier::Untiered | Tier::Small) => Role::HighCounter,
            Some(Tier::Ordinary) => Role::LowCounter,
            Some(Tier::Potential | Tier::Vip | Tier::Big) => Role::AccountManager,
        }
    }

    /// Whether the role works over the whole branch rather than over customers of its own.
    pub const fn sees_branch(self) -> bool {
        matches!(self, Role::BranchManager | Role::HeadOffice | Role::Compliance)
    }
}

/// What a member of staff has chosen for the screen, kept in the file so that it follows them to any workstation.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Prefs {
    /// Language of the screen, if chosen.
    pub lang: Option<Lang>,
    /// Name of the colour theme, if chosen.
    pub theme: Option<String>,
    /// Saved filters: name and query, in the order they were kept.
    pub filters: Vec<(String, String)>,
    /// Customers followed (feature 96), newest first.
    pub followed: Vec<super::ids::CustomerId>,
}

/// A member of staff.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Staff {
    /// Row id.
    pub id: StaffId,
    /// Staff number or short name, typed at sign-in, `owner:` filters and the command line; ASCII.
    pub code: String,
    /// Name.
    pub name: String,
    /// Post.
    pub role: Role,
    /// Area (片区) worked in; empty when none.
    pub area: String,
    /// Business line (条线); empty when none.
    pub line: String,
    /// Mentor (导师).
    pub mentor: Option<StaffId>,
    /// The one this person reports to; a team is a leader and those who report to them.
    pub leader: Option<StaffId>,
    /// Still working here.
    pub active: bool,
    /// Choices for the screen.
    pub prefs: Prefs,
}

impl Staff {
    /// Somebody who starts to work here, so far without area, line, mentor or leader; the file gives the id.
    pub fn new(code: impl Into<String>, name: impl Into<String>, role: Role) -> Staff {
        Staff {
            id: StaffId::default(),
            code: code.into(),
            name: name.into(),
            role,
            area: String::new(),
            line: String::new(),
            mentor: None,
            leader: None,
            active: true,
            prefs: Prefs::default(),
        }
    }
}

/// Those above somebody: their leader, the leader's leader and so on.
pub fn above(staff: &[Staff], of: StaffId) -> Vec<StaffId> {
    let mut found = Vec::new();
    let mut at = Some(of);
    while let Some(lead) = at.and_then(|id| staff.iter().find(|s| s.id == id)).and_then(|s| s.leader) {
        if lead == of || found.contains(&lead) {
            break;
        }
        found.push(lead);
        at = Some(lead);
    }
    found
}

/// Whether `by` looks after what `of` does: the one themselves, those above them, and who works over the whole branch.
pub fn may_decide_for(staff: &[Staff], by: StaffId, of: StaffId) -> bool {
    by == of || above(staff, of).contains(&by) || staff.iter().any(|s| s.id == by && s.role.sees_branch())
}

/// Who is asked for the second person's word after `first`: their leader, else the supervisor, else who looks after the branch.
pub fn second(staff: &[Staff], first: Option<StaffId>) -> Option<StaffId> {
    let of = |id: StaffId| staff.iter().find(|s| s.id == id && s.active && Some(id) != first);
    let leader = first.and_then(|f| staff.iter().find(|s| s.id == f)).and_then(|s| s.leader).and_then(of);
    let leader = leader.filter(|l| l.role == Role::AmSupervisor || l.role.sees_branch());
    let role = |role: Role| staff.iter().find(|s| s.active && s.role == role && Some(s.id) != first);
    leader.or_else(|| role(Role::AmSupervisor)).or_else(|| role(Role::BranchManager)).map(|s| s.id)
}

/// The ids of everybody in the team of `of`: those who report to them, directly or not, and themselves; for one whom nobody
/// reports to, the colleagues under the same leader.
pub fn team(staff: &[Staff], of: StaffId) -> Vec<StaffId> {
    let below = |lead: StaffId| {
        let mut found = vec![lead];
        let mut next = 0;
        while let Some(&l) = found.get(next) {
            for s in staff.iter().filter(|s| s.leader == Some(l)) {
                if !found.contains(&s.id) {
                    found.push(s.id);
                }
            }
            next += 1;
        }
        found
    };
    let own = below(of);
    if own.len() > 1 {
        return own;
    }
    match staff.iter().find(|s| s.id == of).and_then(|s| s.leader) {
        Some(lead) => staff.iter().filter(|s| s.leader == Some(lead)).map(|s| s.id).collect(),
        None => own,
    }
}

//! Who may do what, and about whom (岗位 × 动作 × 范围): the one table. Whether it is asked is seen to by the store for writes, by the
//! workbench and the commands for reads; no other table says who may.

use super::ids::StaffId;
use super::keepers::{Delegation, acts_for};
use super::staff::{Role, Staff, above};
use super::text::{Complaint, Lang, Text, t};
use super::tier::Tier;
use chrono::NaiveDate;

/// How far a right reaches. A wider one holds the narrower ones.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Reach {
    /// Customers one keeps, helps with, stands in for, is handed, or collects the archive of; and those that nobody keeps.
    Own,
    /// Those of everybody who reports to one.
    Team,
    /// Everybody of the branch.
    Branch,
}

impl Reach {
    /// The word for it.
    pub const fn label(self) -> Text {
        match self {
            Reach::Own => t("本人", "own"),
            Reach::Team => t("团队", "team"),
            Reach::Branch => t("全网点", "branch"),
        }
    }
}

/// Declares the actions with code, words and, in the order of [`Role::ALL`], who may how far.
macro_rules! table {
    ($($(#[doc = $doc:literal])+ $name:ident $code:literal $zh:literal $en:literal [$($cell:ident)+],)+) => {
        /// Something that only some may do.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Action { $($(#[doc = $doc])+ $name,)+ }

        impl Action {
            /// All of them, as the table lists them.
            pub const ALL: &[Action] = &[$(Action::$name,)+];

            /// The name for scripts and the log.
            pub const fn code(self) -> &'static str {
                match self { $(Action::$name => $code,)+ }
            }

            /// What it is called.
            pub const fn label(self) -> Text {
                match self { $(Action::$name => t($zh, $en),)+ }
            }

            const fn row(self) -> [Option<Reach>; 8] {
                match self { $(Action::$name => [$($cell,)+],)+ }
            }
        }
    };
}

const N: Option<Reach> = None;
const O: Option<Reach> = Some(Reach::Own);
const T: Option<Reach> = Some(Reach::Team);
const B: Option<Reach> = Some(Reach::Branch);

// Columns: high counter, low counter, lobby, account manager | supervisor | branch manager, head office, compliance.
table! {
    /// What search needs to greet anybody: name, tier, keeper, masked numbers.
    Greet "greet" "查找、迎客（姓名、等级、脱敏号码）" "find and greet (name, tier, masked numbers)" [B B B B B B B B],
    /// A contact in the ledger, a matter handed to a colleague, a task of one's own.
    Contact "contact" "记联络、转事项、自办" "log a contact, pass on a matter, own tasks" [B B B B B B B N],
    /// A new archive.
    Create "create" "新建档案" "open a new archive" [B B B B B B N N],
    /// An archive as a whole, with figures and ledger.
    Open "open" "看完整档案" "open an archive in full" [O O O O T B B B],
    /// Fields and parts of an archive.
    Edit "edit" "改档案" "edit an archive" [O O O O T B O N],
    /// Lines of the queue: done, put off, handed on, cancelled, accepted.
    Line "line" "办理待办" "deal with lines of the queue" [O O O O T B B B],
    /// Queues of colleagues.
    Queues "queues" "看同事的待办" "see colleagues' queues" [B B B B B B B B],
    /// A customer offered to another keeper, who accepts or refuses.
    Propose "propose" "移交客户（对方接受）" "offer a customer to a colleague" [O O O O T B O N],
    /// A customer given to a keeper without being asked.
    Assign "assign" "直接指派责任人" "assign a keeper" [O O O O T B N N],
    /// A tier held by hand.
    Hold "hold" "人工定级" "hold a tier" [N O O O T B N N],
    /// A better rate or higher limit approved, refused, taken back; what one proposed oneself never. Proposing it is [`Action::Edit`].
    Entitle "entitle" "批准优惠与额度" "approve better rates and limits" [N N N N T B N N],
    /// Two archives made one, or parted.
    Merge "merge" "合并、拆开重复档案" "merge and part duplicates" [N O O O T B N N],
    /// One number shown in full for a moment.
    Reveal "reveal" "显示一项全号" "reveal one number" [O O O O T B B B],
    /// Lists on paper.
    Print "print" "打印" "print" [O O O O T B B B],
    /// Customers into a file.
    Export "export" "导出名单" "export lists" [N N N O T B B B],
    /// Numbers in full, many at once.
    Unmask "unmask" "批量显示全号" "unmask in bulk" [N N N N N B N B],
    /// Extracts of the core system.
    Import "import" "导入核心数据" "import extracts" [N N N B B B B B],
    /// An import taken back.
    Undo "undo" "撤销导入" "undo an import" [N N N N B B N B],
    /// The lines between the tiers and how they are applied.
    Rules "rules" "改分级规则" "change tier rules" [N N N N N B N B],
    /// Any other setting of the branch.
    Settings "settings" "改网点设置" "change settings" [N N N N N B N B],
    /// Holidays and make-up days.
    Holidays "holidays" "维护节假日" "keep holidays" [N N N N N B N B],
    /// Who works here, and their passwords.
    Staff "staff" "员工、密码" "staff and passwords" [N N N N N B N B],
    /// A customer's request about their own data, answered or refused. Taking one down is everybody's.
    Requests "requests" "个人信息请求" "subject requests" [N N N N N B N B],
    /// An archive erased.
    Erase "erase" "删除档案" "erase an archive" [N N N N N B N B],
    /// The log of changes and looks.
    Log "log" "看变更日志" "see the log" [N N N N N B B B],
    /// Whether the log is whole.
    Verify "verify" "核对日志" "verify the log" [B B B B B B B B],
    /// A copy of the branch file.
    Backup "backup" "备份" "back up" [N N N N B B N B],
    /// A backup put back.
    Restore "restore" "从备份恢复" "restore a backup" [N N N N N B N B],
    /// The branch file under a key, another key, or none.
    Encrypt "encrypt" "加密、换密钥、解密" "encrypt, rekey, decrypt" [N N N N N B N B],
}

impl Action {
    /// Whether somebody else's word is needed beside it, always. For an export it depends on how many rows leave, see [`Eyes::export`]; and of
    /// what [`Action::Encrypt`] stands for, only making the file plain takes it.
    pub const fn takes_two(self) -> bool {
        matches!(self, Action::Unmask | Action::Rules | Action::Erase | Action::Restore)
    }

    /// What somebody must be able to do to give their word for it: the same, but for a restored backup. That is needed when the file is broken and
    /// the branch stands still, so whoever looks after backups is enough.
    const fn vouched_by(self) -> Action {
        match self {
            Action::Restore => Action::Backup,
            other => other,
        }
    }

    /// The action of a code.
    pub fn parse(code: &str) -> Option<Action> {
        Action::ALL.iter().copied().find(|a| a.code() == code)
    }
}

/// How far a post may do something; not at all without one.
pub fn reach(role: Role, action: Action) -> Option<Reach> {
    let at = Role::ALL.iter().position(|r| *r == role)?;
    action.row().get(at).copied().flatten()
}

/// Where a customer stands: who keeps them, who helps, whose hands a matter of theirs lies in.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct About {
    /// 责任人
    pub owner: Option<StaffId>,
    /// 协管人
    pub assistant: Option<StaffId>,
    /// The tier in force.
    pub tier: Option<Tier>,
    /// Who gives or takes the customer or a matter of theirs at this moment.
    pub hands: Vec<StaffId>,
}

/// The branch as rights see it, and who asks.
#[derive(Debug, Clone, Copy)]
pub struct Eyes<'a> {
    /// Everybody.
    pub staff: &'a [Staff],
    /// Who stands in for whom.
    pub delegates: &'a [Delegation],
    /// Who asks.
    pub by: StaffId,
    /// The business day.
    pub today: NaiveDate,
}

impl<'a> Eyes<'a> {
    fn person(&self, id: StaffId) -> Option<&'a Staff> {
        self.staff.iter().find(|s| s.id == id && s.active)
    }

    /// How far the one who asks may do something. Where nobody of the branch may do it for the whole of it, everybody may: a right that
    /// nobody holds would be a door without a key.
    pub fn reach(&self, action: Action) -> Option<Reach> {
        let whole = |s: &Staff| s.active && reach(s.role, action) == Some(Reach::Branch);
        if !self.staff.iter().any(whole) {
            return Some(Reach::Branch);
        }
        self.person(self.by).and_then(|s| reach(s.role, action))
    }

    /// How far one must reach for this customer.
    pub fn needs(&self, about: &About) -> Reach {
        let whose = [about.owner, about.assistant];
        let mine = |id: StaffId| id == self.by || acts_for(self.delegates, self.by, id, self.today);
        if whose.iter().flatten().chain(&about.hands).any(|id| mine(*id)) {
            return Reach::Own;
        }
        let keeper = about.owner.and_then(|id| self.person(id));
        if keeper.is_none() {
            // Whom nobody keeps is whoever's greets them.
            return Reach::Own;
        }
        let collector = Role::collector(about.tier);
        let mine = self.person(self.by).is_some_and(|s| s.role == collector);
        if mine && keeper.is_none_or(|k| k.role != collector) {
            return Reach::Own;
        }
        let leads = |id: StaffId| above(self.staff, id).contains(&self.by);
        if whose.into_iter().flatten().any(leads) { Reach::Team } else { Reach::Branch }
    }

    /// Whether the one who asks may do this with this customer.
    pub fn may(&self, action: Action, about: &About) -> bool {
        self.reach(action).is_some_and(|r| r >= self.needs(about))
    }

    /// Whether the one who asks may do this with everybody of the branch.
    pub fn may_all(&self, action: Action) -> bool {
        self.reach(action) == Some(Reach::Branch)
    }

    /// Whether the one who asks may do this with somebody.
    pub fn may_some(&self, action: Action) -> bool {
        self.reach(action).is_some()
    }

    /// Nothing where the one who asks may; else who may, and whom to ask.
    ///
    /// # Errors
    /// They may not.
    pub fn allow(&self, action: Action, about: Option<&About>) -> Result<(), Complaint> {
        let may = about.map_or_else(|| self.may_all(action), |about| self.may(action, about));
        if may { Ok(()) } else { Err(self.refusal(action, about)) }
    }

    /// Who may instead.
    pub fn refusal(&self, action: Action, about: Option<&About>) -> Complaint {
        let ask = self.ask(action, about);
        let (zh, en) = (posts(action, Lang::Zh), posts(action, Lang::En));
        let what = action.label();
        let (who_zh, who_en) = match about {
            Some(_) if reaches(action, Reach::Own) => {
                (format!("责任人、协管人及其主管，或{zh}"), format!("the keeper, who helps or leads them, or {en}"))
            }
            Some(_) if reaches(action, Reach::Team) => {
                (format!("责任人的主管，或{zh}"), format!("who leads the keeper, or {en}"))
            }
            _ => (zh, en),
        };
        let (please_zh, please_en) = if ask.is_empty() {
            (String::new(), String::new())
        } else {
            (format!("，可请{}办理", ask.join("、")), format!("; ask {}", ask.join(", ")))
        };
        Complaint::new(
            format!("「{}」只有{who_zh}可以{please_zh}。", what.zh),
            format!("Only {who_en} may do this ({}){please_en}.", what.en),
        )
    }

    /// Names of those to ask, the nearest first, at most two: the keeper, then who leads the one who asks, then who may for the branch.
    pub fn ask(&self, action: Action, about: Option<&About>) -> Vec<&'a str> {
        let mut names: Vec<&str> = Vec::new();
        for s in self.others(action, about) {
            if !names.contains(&s.name.as_str()) {
                names.push(&s.name);
            }
        }
        names.truncate(2);
        names
    }

    /// All others who may, in that order; somebody who is near in two ways comes twice.
    pub fn others(&self, action: Action, about: Option<&About>) -> Vec<&'a Staff> {
        let none = About::default();
        let needed = about.unwrap_or(&none);
        let keeper = about.and_then(|a| a.owner);
        let mut people: Vec<&'a Staff> =
            keeper.into_iter().chain(above(self.staff, self.by)).filter_map(|id| self.person(id)).collect();
        people.extend(self.staff.iter().filter(|s| s.active && reach(s.role, action) == Some(Reach::Branch)));
        let able = |s: &&Staff| {
            let eyes = Eyes { by: s.id, ..*self };
            s.id != self.by && if about.is_some() { eyes.may(action, needed) } else { eyes.may_all(action) }
        };
        people.into_iter().filter(able).collect()
    }

    /// Those who may do something for the whole branch.
    pub fn able(&self, action: Action) -> Vec<&'a Staff> {
        self.staff.iter().filter(|s| s.active && Eyes { by: s.id, ..*self }.may_all(action)).collect()
    }

    /// Whether somebody may give the second person's word (授权) for what the one who asks does: who may do it themselves for the whole branch;
    /// where the one who asks is the only one, any colleague.
    pub fn grants(&self, action: Action, who: StaffId) -> bool {
        let holds = |s: &Staff| s.active && reach(s.role, action.vouched_by()) == Some(Reach::Branch);
        let others = self.staff.iter().any(|s| s.id != self.by && holds(s));
        let only = !others && self.person(self.by).is_some_and(holds);
        who != self.by && self.person(who).is_some_and(|s| only || holds(s))
    }

    /// Whether the one who asks may confirm what `first` found (复核): another one, who leads; anybody else where nobody else leads.
    pub fn confirms(&self, first: StaffId) -> bool {
        let leads =
            |s: &Staff| s.active && s.id != first && reach(s.role, Action::Line).is_some_and(|r| r >= Reach::Team);
        self.by != first && (self.person(self.by).is_some_and(leads) || !self.staff.iter().any(leads))
    }

    /// Those who may give it.
    pub fn granters(&self, action: Action) -> Vec<&'a Staff> {
        self.staff.iter().filter(|s| self.grants(action, s.id)).collect()
    }

    /// Nothing where the word given is enough, or nobody else could give one.
    ///
    /// # Errors
    /// Nobody gave a word, or somebody who may not.
    pub fn second(&self, action: Action, word: Option<StaffId>) -> Result<(), Complaint> {
        if self.lacks_word(action, word) { Err(self.word_needed(action)) } else { Ok(()) }
    }

    /// Nothing where so many rows may leave the program in one export: `alone` is how many one person may take out, and more take the word of
    /// somebody else who may export the whole branch.
    ///
    /// # Errors
    /// Nobody gave a word, or somebody who may not; who may is named.
    pub fn export(&self, rows: usize, alone: u32, word: Option<StaffId>) -> Result<(), Complaint> {
        if u32::try_from(rows).is_ok_and(|rows| rows <= alone) || !self.lacks_word(Action::Export, word) {
            return Ok(());
        }
        let ask = self.word_needed(Action::Export);
        Err(Complaint::new(
            format!("这次导出 {rows} 行，一个人最多导出 {alone} 行。{}", ask.zh),
            format!("This export has {rows} rows; one person alone may take out {alone}. {}", ask.en),
        ))
    }

    /// Whether a word is missing that somebody could give.
    fn lacks_word(&self, action: Action, word: Option<StaffId>) -> bool {
        !self.granters(action).is_empty() && !word.is_some_and(|who| self.grants(action, who))
    }

    fn word_needed(&self, action: Action) -> Complaint {
        let names: Vec<&str> = self.granters(action).iter().map(|s| s.name.as_str()).collect();
        let what = action.label();
        Complaint::new(
            format!("「{}」要第二个人授权：可请{}。", what.zh, names.join("、")),
            format!("A second person's word is needed ({}): ask {}.", what.en, names.join(", ")),
        )
    }
}

/// Whether some post may it just so far.
fn reaches(action: Action, far: Reach) -> bool {
    Role::ALL.iter().any(|r| reach(*r, action) == Some(far))
}

/// The posts that may for the whole branch.
fn posts(action: Action, lang: Lang) -> String {
    let all = Role::ALL.iter().filter(|r| reach(**r, action) == Some(Reach::Branch));
    let names: Vec<&str> = all.map(|r| r.label().get(lang)).collect();
    names.join(if lang == Lang::Zh { "、" } else { ", " })
}

/// What one post may, a line each: the action and how far.
pub fn of(role: Role) -> impl Iterator<Item = (Action, Option<Reach>)> {
    Action::ALL.iter().map(move |a| (*a, reach(role, *a)))
}

/// The table of the README, as Markdown.
pub fn table() -> String {
    let mut text = String::from("| 动作 action |");
    for role in Role::ALL {
        text.push_str(&format!(" {} {} |", role.short().zh, role.short().en));
    }
    text.push_str("\n|---|");
    text.push_str(&"---|".repeat(Role::ALL.len()));
    text.push('\n');
    for action in Action::ALL {
        let label = action.label();
        text.push_str(&format!("| {}<br>{} |", label.zh, label.en));
        for role in Role::ALL {
            match reach(role, *action) {
                Some(r) => text.push_str(&format!(" {} {} |", r.label().zh, r.label().en)),
                None => text.push_str(" - |"),
            }
        }
        text.push('\n');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn people() -> Vec<Staff> {
        let mut all: Vec<Staff> = Role::ALL
            .iter()
            .map(|r| Staff::new(r.code(), r.label().zh, *r))
            .chain([Staff::new("am2", "二号经理", Role::AccountManager)])
            .collect();
        for (i, s) in all.iter_mut().enumerate() {
            s.id = StaffId(i64::try_from(i).unwrap() + 1);
        }
        let lead = all[4].id;
        all[3].leader = Some(lead);
        all
    }

    fn eyes(staff: &[Staff], role: Role) -> Eyes<'_> {
        let by = staff.iter().find(|s| s.role == role).unwrap().id;
        Eyes { staff, delegates: &[], by, today: NaiveDate::default() }
    }

    fn kept(staff: &[Staff], at: usize) -> About {
        About { owner: Some(staff[at].id), tier: Some(Tier::Vip), ..About::default() }
    }

    #[test]
    fn an_account_manager_opens_their_own_and_greets_the_rest() {
        let staff = people();
        let e = eyes(&staff, Role::AccountManager);
        assert!(e.may(Action::Open, &kept(&staff, 3)));
        assert!(!e.may(Action::Open, &kept(&staff, 8)));
        assert!(e.may(Action::Greet, &kept(&staff, 8)));
        let said = e.allow(Action::Open, Some(&kept(&staff, 8))).unwrap_err().zh;
        assert!(said.contains("可请二号经理、客户经理主管") || said.contains("可请二号经理、网点经理"), "{said}");
    }

    #[test]
    fn a_supervisor_reaches_those_who_report_to_them_and_those_nobody_keeps() {
        let staff = people();
        let e = eyes(&staff, Role::AmSupervisor);
        assert!(e.may(Action::Edit, &kept(&staff, 3)));
        assert!(!e.may(Action::Edit, &kept(&staff, 8)));
        assert!(e.may(Action::Edit, &About::default()));
    }

    #[test]
    fn whom_nobody_of_the_collecting_post_keeps_is_anybodys_who_collects() {
        let staff = people();
        let teller = eyes(&staff, Role::LowCounter);
        let ordinary = About { tier: Some(Tier::Ordinary), owner: Some(staff[5].id), ..About::default() };
        assert!(teller.may(Action::Edit, &ordinary));
        assert!(!eyes(&staff, Role::HighCounter).may(Action::Edit, &ordinary));
        assert!(!teller.may(Action::Edit, &About { tier: Some(Tier::Vip), ..ordinary }));
        assert!(teller.may(Action::Edit, &About { tier: Some(Tier::Vip), ..About::default() }));
    }

    #[test]
    fn compliance_keeps_rules_and_log_and_edits_no_archive() {
        let staff = people();
        let e = eyes(&staff, Role::Compliance);
        assert!(e.may_all(Action::Rules) && e.may_all(Action::Log) && e.may_all(Action::Requests));
        assert!(!e.may(Action::Edit, &About::default()) && !e.may_some(Action::Edit));
    }

    #[test]
    fn who_may_say_whose_a_customer_is_may_edit_the_archive_as_far() {
        assert!(Role::ALL.iter().all(|r| reach(*r, Action::Assign) <= reach(*r, Action::Edit)));
    }

    #[test]
    fn nobody_gives_their_own_second_word() {
        let staff = people();
        let e = eyes(&staff, Role::BranchManager);
        assert!(e.second(Action::Rules, None).is_err());
        assert!(e.second(Action::Rules, Some(e.by)).is_err());
        assert!(e.second(Action::Rules, Some(staff[3].id)).is_err());
        assert!(e.second(Action::Rules, Some(staff[7].id)).is_ok());
    }

    #[test]
    fn where_one_alone_may_any_colleague_gives_the_second_word() {
        let staff: Vec<Staff> = people().into_iter().filter(|s| s.role != Role::Compliance).collect();
        let e = eyes(&staff, Role::BranchManager);
        assert!(e.second(Action::Erase, None).is_err() && e.second(Action::Erase, Some(e.by)).is_err());
        assert!(e.second(Action::Erase, Some(staff[0].id)).is_ok());
        let alone: Vec<Staff> = staff.iter().filter(|s| s.id == e.by).cloned().collect();
        assert!(Eyes { staff: &alone, ..e }.second(Action::Erase, None).is_ok(), "nobody is there to give one");
    }

    #[test]
    fn who_looks_after_backups_gives_the_word_for_restoring_one_and_for_nothing_else() {
        let staff = people();
        let e = eyes(&staff, Role::BranchManager);
        let lead = staff[4].id;
        assert!(e.grants(Action::Restore, lead) && !e.grants(Action::Encrypt, lead) && !e.grants(Action::Erase, lead));
    }

    #[test]
    fn what_one_found_another_one_who_leads_confirms() {
        let staff = people();
        let confirms = |role, first: usize| eyes(&staff, role).confirms(staff[first].id);
        assert!(confirms(Role::AmSupervisor, 3) && confirms(Role::Compliance, 3) && !confirms(Role::AmSupervisor, 4));
        assert!(!confirms(Role::LowCounter, 3));
        let tellers = &staff[..2];
        assert!(Eyes { staff: tellers, ..eyes(&staff, Role::LowCounter) }.confirms(tellers[0].id), "nobody leads");
    }

    #[test]
    fn an_export_of_more_rows_than_one_may_take_out_alone_takes_a_second_word() {
        let staff = people();
        let e = eyes(&staff, Role::HeadOffice);
        assert!(e.export(200, 200, None).is_ok() && e.export(0, 0, None).is_ok());
        let said = e.export(201, 200, None).unwrap_err().zh;
        assert!(said.contains("201 行") && said.contains("网点经理") && !said.contains("个人金融部"), "{said}");
        assert!(e.export(1, 0, None).is_err(), "with 0 each export takes one");
        assert!(e.export(201, 200, Some(e.by)).is_err() && e.export(201, 200, Some(staff[4].id)).is_err());
        assert!(e.export(201, 200, Some(staff[5].id)).is_ok());
    }

    #[test]
    fn a_right_that_nobody_holds_for_the_branch_is_everybodys() {
        let staff: Vec<Staff> = people().into_iter().filter(|s| s.role == Role::AccountManager).collect();
        let e = eyes(&staff, Role::AccountManager);
        assert!(Action::ALL.iter().all(|a| e.may_all(*a)));
    }
}

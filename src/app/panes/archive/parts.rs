//! What hangs on the archive: adding, changing, removing family members, occasions, links, remarks, entitlements.

use super::tabs::Tab;
use super::{Archive, Line};
use crate::app::cx::{Cx, Go};
use crate::app::layers::Layer;
use crate::app::layers::chooser::{Chooser, Entry};
use crate::app::layers::confirm::Confirm;
use crate::app::layers::reading::Reading;
use crate::app::layers::sheet::Sheet;
use crate::app::layers::then::Then;
use crate::app::words::{self, entitle};
use crate::domain::entitlement::Entitlement;
use crate::domain::family::{Link, Member, Occasion, Part, PartRow, Remark};
use crate::domain::field::Group;
use crate::domain::ids::CustomerId;
use crate::domain::text::t;

impl Archive {
    fn part_under_cursor(&self) -> Option<PartRow> {
        match self.lines().get(self.cursor.at) {
            Some(Line::Part(row)) => Some((*row).clone()),
            _ => None,
        }
    }

    /// Offers what can be added to the archive.
    pub fn add_part(&mut self, cx: &mut Cx<'_>) {
        if self.opened.is_none() {
            return Archive::nothing(cx);
        }
        let kin = matches!(self.tab, Tab::Kin) || self.group() == Some(Group::Family);
        let mut kinds = vec![
            ("member", t("家庭成员", "Family member")),
            ("occasion", t("每年的日子", "Yearly occasion")),
            ("link", t("人脉", "Link")),
            ("remark", t("需求、反馈、问题、近况", "Need, feedback, problem, news")),
        ];
        if !kin && matches!(self.tab, Tab::Links) {
            kinds.rotate_left(2);
        }
        kinds.push(("entitlement", t("优惠与额度，报批", "Better rate or higher limit, to be approved")));
        let entries = kinds.into_iter().map(|(code, label)| Entry::new(code, label.get(cx.shared.lang), "")).collect();
        let title = cx.shared.say(t("添加", "Add"));
        cx.layer(Layer::Chooser(Chooser::new(title, entries, Then::AddPart)));
    }

    /// Opens the sheet of a new part of this kind.
    pub fn new_part(&mut self, kind: &str, cx: &mut Cx<'_>) {
        let Some(customer) = self.opened.as_ref().map(|o| o.customer.id) else { return };
        let part = match kind {
            "member" => Part::Member(Member::default()),
            "occasion" => Part::Occasion(Occasion::default()),
            "link" => Part::Link(Link::default()),
            "entitlement" => Part::Entitlement(Entitlement::new(cx.shared.today())),
            _ => Part::Remark(Remark {
                kind: "news".into(),
                state: "open".into(),
                on: Some(cx.shared.today()),
                ..Remark::default()
            }),
        };
        self.tab = if matches!(part, Part::Member(_) | Part::Occasion(_)) { Tab::Kin } else { Tab::Links };
        let title = words::part_title(&part).get(cx.shared.lang);
        cx.layer(Layer::Sheet(Box::new(Sheet::part(title, customer, None, part))));
    }

    /// Opens the sheet of the part under the cursor.
    pub fn edit_part(&mut self, cx: &mut Cx<'_>) {
        match self.part_under_cursor() {
            Some(row) if matches!(row.part, Part::Entitlement(_)) => self.entitled(row, cx),
            Some(row) => {
                let title = words::part_title(&row.part).get(cx.shared.lang);
                let sheet = Sheet::part(title, row.customer, Some(Box::new(row.clone())), row.part);
                cx.layer(Layer::Sheet(Box::new(sheet)));
            }
            None => self.add_part(cx),
        }
    }

    /// Offers what can be done with an entitlement; one that is over and done with is read.
    pub fn entitled(&mut self, row: PartRow, cx: &mut Cx<'_>) {
        let Part::Entitlement(e) = &row.part else { return };
        let (lang, today) = (cx.shared.lang, cx.shared.today());
        let doings = entitle::doings(e, cx.shared.me, today, lang);
        if doings.len() == 1 {
            let lines = entitle::lines(e, cx.shared.staff(), today, lang);
            let title = entitle::NAME.get(lang).to_owned();
            cx.layer(Layer::Reading(Reading { title, lines, top: 0, print: None }));
            return;
        }
        let title = entitle::title(e, lang);
        cx.layer(Layer::Chooser(Chooser::new(title, doings, Then::Entitled(Box::new(row)))));
    }

    /// Asks whether the part under the cursor is to be removed.
    pub fn remove_part(&mut self, cx: &mut Cx<'_>) {
        let Some(row) = self.part_under_cursor() else {
            cx.note(t("先在家人或人脉页选一行", "Choose a row on the kin or links tab first"));
            return;
        };
        let question = words::remove_part(cx.shared.lang, &row.part);
        let yes = cx.shared.say(t("删除", "Remove")).to_owned();
        let then = Then::RemovePart { row: Box::new(row) };
        cx.layer(Layer::Confirm(Confirm::new(question, yes, then)));
    }

    /// Opens the archive that the part under the cursor is linked to.
    pub fn open_linked(&mut self, cx: &mut Cx<'_>) {
        let linked: Option<CustomerId> = self.part_under_cursor().and_then(|row| match row.part {
            Part::Member(m) => m.linked,
            Part::Link(l) => l.linked,
            Part::Occasion(_) | Part::Remark(_) | Part::Entitlement(_) => None,
        });
        match linked {
            Some(id) => cx.go(Go::Open(id, true)),
            None => cx.note(t("这一行没有关联的客户", "This row is not linked to an archive")),
        }
    }
}

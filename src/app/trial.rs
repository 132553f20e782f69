//! 试算: other lines or another basis typed on the board, and who would move. What would happen is the store's to tell; nothing is saved.

use super::cx::{Cx, Wait};
use super::form::Form;
use super::layers::Layer;
use super::layers::chooser::{Chooser, Entry};
use super::layers::sheet::{Record, Sheet};
use super::layers::then::Then;
use super::words::{self, tier as said};
use crate::domain::archive::typed::pick;
use crate::domain::field::{Choice, Ctx, Field, Kind};
use crate::domain::settings::Settings;
use crate::domain::text::{Complaint, t};
use crate::domain::tier::what_if::WhatIf;
use crate::domain::tier::{Basis, Lines, Tier};
use crate::domain::values::money::Fen;
use crate::store::board;
use crate::store::request::Ask;
use chrono::NaiveDate;

/// The lines and the basis as the sheet holds them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TrialDraft {
    /// Which figure.
    pub basis: Basis,
    /// Which lines.
    pub lines: Lines,
}

/// What the figure may be.
static BASES: &[Choice] = &[
    Choice { code: "monthly_average", label: t("月日均", "monthly average") },
    Choice { code: "balance", label: t("时点余额", "balance") },
];

/// The field of the lower line of a tier.
const fn line(code: &'static str, tier: Tier) -> Field<TrialDraft> {
    Field::new(code, tier.label(), Kind::Line(16), read, write)
}

fn read(d: &TrialDraft, code: &'static str) -> String {
    Tier::parse(code).and_then(|x| d.lines.lower(x)).map(Lines::text).unwrap_or_default()
}

fn write(d: &mut TrialDraft, code: &'static str, text: &str, _: Ctx<'_>) -> Result<(), Complaint> {
    let typed: Fen = Lines::typed(text)?;
    if let Some(line) = Tier::parse(code).and_then(|x| d.lines.0.get_mut(x.rank().checked_sub(1)?)) {
        *line = typed;
    }
    Ok(())
}

/// The fields.
static TRIAL: [Field<TrialDraft>; 6] = [
    line("small", Tier::Small),
    line("ordinary", Tier::Ordinary),
    line("potential", Tier::Potential),
    line("vip", Tier::Vip),
    line("big", Tier::Big),
    Field::new(
        "basis",
        t("口径", "Basis"),
        Kind::Pick(BASES),
        |d, _| if d.basis == Basis::Balance { "balance".to_owned() } else { "monthly_average".to_owned() },
        |d, _, s, _| {
            d.basis = if pick(BASES, s)? == "balance" { Basis::Balance } else { Basis::MonthlyAverage };
            Ok(())
        },
    ),
];

/// The last trial of this sitting.
#[derive(Debug, Default)]
pub struct Trial {
    /// What was typed.
    draft: Option<TrialDraft>,
    /// What came of it.
    found: Option<WhatIf>,
}

impl Trial {
    /// Opens the sheet, with what was tried last or with the lines that hold.
    pub fn sheet(&self, as_of: Option<NaiveDate>, cx: &mut Cx<'_>) {
        let settings = cx.shared.settings();
        let now = || TrialDraft { basis: settings.basis, lines: settings.lines_on(as_of).clone() };
        let draft = self.draft.clone().unwrap_or_else(now);
        let title = cx.shared.say(t("试算：分级线改成这样，谁会变动", "Trial: who would move if the lines were these"));
        let mut sheet = Sheet::new(title, Record::Trial(Form::new(draft, TRIAL.iter().collect())), Then::Nothing);
        sheet.advice = cx
            .shared
            .say(t("单位万，写到万或元也行；只是试算，不保存", "In 万; 万 or 元 may be written; nothing is saved"))
            .to_owned();
        cx.layer(Layer::Sheet(Box::new(sheet)));
    }

    /// Asks what would happen; says whether it was asked.
    pub fn ask(&mut self, draft: TrialDraft, as_of: Option<NaiveDate>, cx: &mut Cx<'_>) -> bool {
        let mut settings: Settings = cx.shared.settings().clone();
        settings.basis = draft.basis;
        settings.put_lines(as_of, draft.lines.clone());
        if let Err(wrong) = settings.check() {
            let words = wrong.get(cx.shared.lang).to_owned();
            cx.refuse(words);
            return false;
        }
        self.draft = Some(draft);
        let today = cx.shared.today();
        cx.ask(Wait::Trial, Ask::Board(board::Ask::WhatIf { settings: Box::new(settings), today }));
        cx.note(t("正在试算", "Trying"));
        true
    }

    /// What would happen came; it is listed if the one who asked is still looking.
    pub fn show(&mut self, found: WhatIf, looking: bool, cx: &mut Cx<'_>) {
        let words = said::tried(&found, cx.shared.lang);
        let some = looking && !found.flows.is_empty();
        self.found = Some(found);
        if some {
            self.flows(None, cx);
        }
        cx.done(words);
    }

    /// Lists who would move from where to where.
    fn flows(&self, at: Option<&str>, cx: &mut Cx<'_>) {
        let Some(found) = &self.found else { return };
        let (lang, hidden) = (cx.shared.lang, cx.shared.hidden);
        let each = found.flows.iter().map(|f| {
            let (moved, hint) = said::flow(f, hidden, lang);
            Entry::new(format!("{}>{}", f.from.code(), f.to.code()), moved, hint)
        });
        let chooser = Chooser::new(said::tried(found, lang), each.collect(), Then::Flow);
        cx.layer(Layer::Chooser(at.map_or(chooser.clone(), |code| chooser.at(code))));
    }

    /// Lists the customers of a kind of move, over the list it was chosen from.
    pub fn customers(&self, code: &str, cx: &mut Cx<'_>) {
        let Some(found) = &self.found else { return };
        self.flows(Some(code), cx);
        let Some(f) = found.flows.iter().find(|f| code == format!("{}>{}", f.from.code(), f.to.code())) else { return };
        let (lang, hidden) = (cx.shared.lang, cx.shared.hidden);
        let each = f.top.iter().map(|m| {
            let hint = format!("{}  {}", words::customer::amount(Some(m.aum), hidden), cx.shared.name_of(m.owner));
            Entry::new(m.id.0.to_string(), format!("{} {}", m.name, m.no), hint.trim_end())
        });
        let (moved, sums) = said::flow(f, hidden, lang);
        let chooser = Chooser::new(format!("{moved}  {sums}"), each.collect(), Then::OpenCustomer);
        cx.layer(Layer::Chooser(chooser));
    }
}

//! 试算: other lines or another basis typed on the board, and who would move. What would happen is the store's to tell; nothing is saved.

use super::cx::{Cx, Wait};
use super::drafts::trial::{TRIAL, TrialDraft};
use super::form::Form;
use super::layers::Layer;
use super::layers::chooser::{Chooser, Entry};
use super::layers::sheet::{Record, Sheet};
use super::layers::then::Then;
use super::words::{self, tier as said};
use crate::domain::settings::Settings;
use crate::domain::text::t;
use crate::domain::tier::what_if::WhatIf;
use crate::store::board;
use crate::store::request::Ask;
use chrono::NaiveDate;

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

//! Keys while columns are matched: layouts and choices are turned, headers chosen, fixed values typed. What is matched is held by
//! `mapper`.

use super::errands::{may_write, send};
use super::mapper::{Mapper, Row};
use super::{Errand, View};
use crate::app::key::{Code, Key};
use crate::app::layers::Layer;
use crate::app::layers::chooser::{Chooser, Entry};
use crate::app::layers::confirm::Confirm;
use crate::app::layers::then::{Reaction, Then};
use crate::app::rooms::Rooms;
use crate::app::words::imports as said;
use crate::domain::dealings::batch::DAY_OF_IMPORT;
use crate::domain::text::{Lang, t};

/// Takes a key while columns are matched.
pub fn key(r: &mut Rooms, key: Key) -> Reaction {
    let height = r.imports.height;
    let Some(mapper) = &mut r.imports.mapper else {
        r.imports.view = View::Files;
        return Reaction::Stay;
    };
    let len = mapper.rows().len();
    let row = mapper.row();
    match key.code {
        Code::Esc if mapper.dirty => {
            let question = r.shared.say(t("放弃改过的栏目对照？", "Discard the columns matched so far?"));
            let yes = r.shared.say(t("放弃", "Discard"));
            r.layers.push(Layer::Confirm(Confirm::new(question, yes, Then::DropMapping)));
        }
        Code::Esc => drop_mapping(r),
        Code::Up | Code::Down | Code::PageUp | Code::PageDown => {
            mapper.cursor.key(key, len, height);
        }
        Code::F(8) => keep(r),
        Code::F(6) => {
            if complete(r)
                && let Some(mapper) = &r.imports.mapper
            {
                let mapping = mapper.mapping();
                send(r, Errand::Export(mapping));
            }
        }
        _ => match row {
            Some(Row::Name) => match key.code {
                Code::Enter => mapper.cursor.step(1, len, height),
                _ => mapper.dirty |= mapper.name.key(key),
            },
            Some(Row::Column(_)) => column_key(r, key),
            _ => {
                if matches!(key.code, Code::Left | Code::Right | Code::Enter | Code::F(4))
                    && mapper.turn(key.code != Code::Left)
                {
                    try_it(r);
                }
            }
        },
    }
    if let Some(mapper) = &mut r.imports.mapper {
        let len = mapper.rows().len();
        mapper.cursor.fit(len, height);
    }
    Reaction::Stay
}

/// On a column a header is chosen; what is typed stands for it in every row.
fn column_key(r: &mut Rooms, key: Key) {
    let lang = r.shared.lang;
    let Some(mapper) = &mut r.imports.mapper else { return };
    match key.code {
        Code::Enter | Code::F(4 | 5) => {
            mapper.more = key.code == Code::F(5);
            let chooser = headers(mapper, lang);
            r.layers.push(Layer::Chooser(chooser));
        }
        Code::Delete => {
            mapper.more = false;
            mapper.put(None);
            try_it(r);
        }
        _ => {
            let Some(source) = mapper.source() else { return };
            if key.code == Code::Backspace && source.constant.is_empty() {
                source.headers.pop();
            } else if source.constant.key(key) && !source.constant.is_empty() {
                source.headers.clear();
            }
            mapper.dirty = true;
            try_it(r);
        }
    }
}

/// The headers of the file to choose from for a column, each with the first value below it.
fn headers(mapper: &Mapper, lang: Lang) -> Chooser {
    let first = |at: usize| {
        let found = mapper.strange.sample.iter().filter_map(|row| row.get(at)).find(|cell| !cell.is_empty());
        let short: String = found.map_or("", String::as_str).chars().take(20).collect();
        short
    };
    let none = Entry::new("", t("不读这一栏", "Not read").get(lang), "");
    let headers = mapper.strange.headers.iter().enumerate().filter(|(_, h)| !h.is_empty());
    let column = mapper.column().and_then(|at| mapper.fields().get(at)).map_or("", |c| c.name.as_str());
    let by_import = (column == said::DATA_DATE).then(|| Entry::new(BY_IMPORT, DAY_OF_IMPORT.get(lang), ""));
    let headers = headers.map(|(at, h)| Entry::new(at.to_string(), h.clone(), first(at)));
    let entries = headers.chain(by_import).chain([none]).collect();
    let source = mapper.column().and_then(|at| mapper.columns.get(at));
    let at = match source {
        Some(s) if s.constant.text() == DAY_OF_IMPORT.zh => BY_IMPORT.to_owned(),
        source => source.and_then(|s| s.headers.first()).map(ToString::to_string).unwrap_or_default(),
    };
    Chooser::new(said::which_header(lang, column), entries, Then::Column).at(&at)
}

/// The code of the choice that the data date is that of the import.
const BY_IMPORT: &str = "import";

/// A header was chosen for the column under the cursor.
pub fn column(r: &mut Rooms, code: &str) {
    if let Some(mapper) = &mut r.imports.mapper {
        match code {
            BY_IMPORT => mapper.fix(DAY_OF_IMPORT.zh),
            code => mapper.put(code.parse().ok()),
        }
        let (len, height) = (mapper.rows().len(), r.imports.height);
        mapper.cursor.fit(len, height);
        try_it(r);
    }
}

/// Has the first rows read by what is matched so far.
pub fn try_it(r: &mut Rooms) {
    if let Some(mapper) = &mut r.imports.mapper {
        if !mapper.lacking().is_empty() {
            mapper.tried.clear();
            return;
        }
        let errand = Errand::Try(mapper.strange.found.path.clone(), mapper.mapping());
        send(r, errand);
    }
}

/// Whether the mapping has a name and all it needs; if not, that is said.
fn complete(r: &mut Rooms) -> bool {
    let Some(mapper) = &r.imports.mapper else { return false };
    let words = match (mapper.lacking(), mapper.name.text().trim()) {
        (lacking, _) if !lacking.is_empty() => said::lacking(r.shared.lang, &lacking),
        (_, "") => r.shared.say(t("请给这个栏目对照起个名字", "Give it a name")).to_owned(),
        _ => return true,
    };
    r.with(|cx| cx.refuse(words));
    false
}

fn keep(r: &mut Rooms) {
    if !complete(r) || !may_write(r) {
        return;
    }
    if let Some(mapper) = &r.imports.mapper {
        let errand = Errand::Keep(mapper.mapping(), r.shared.stamp());
        send(r, errand);
    }
}

/// Forgets what was matched.
pub fn drop_mapping(r: &mut Rooms) {
    r.imports.mapper = None;
    r.imports.view = View::Files;
}

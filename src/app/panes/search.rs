//! 客户查找: the box, the hits, filters completed as one types. Finding itself lives in `index`.

use crate::app::cx::{Cx, Go, Wait};
use crate::app::input::Line;
use crate::app::key::{Code, Key};
use crate::app::layers::Layer;
use crate::app::layers::chooser::{Chooser, Entry};
use crate::app::layers::then::Then;
use crate::app::list::Cursor;
use crate::app::reach;
use crate::app::shared::Shared;
use crate::domain::text::t;
use crate::index::query::{self, Completion};
use crate::index::row::Row;
use crate::index::{Hits, Index, Scope, Sort};
use crate::store::{customers, request};

/// Hits fetched at once: more than a screen, little enough to rank.
const LIMIT: usize = 200;

/// The search pane.
#[derive(Debug, Default)]
pub struct Search {
    /// What is typed.
    pub line: Line,
    /// What was found.
    pub hits: Option<Hits>,
    /// The hit under the cursor.
    pub cursor: Cursor,
    /// Whether the hits have the focus rather than the box; digits open then.
    pub in_list: bool,
    /// The order of the hits.
    pub sort: Sort,
    /// What the word being typed may become.
    pub completions: Vec<Completion>,
    /// The text is of the last search: the next letter begins a new one, an editing key goes on with it.
    pub fresh: bool,
    /// Rows visible when last told.
    pub height: usize,
    /// More may be found than `hits` counts: they come from the file, and the index is still being built.
    pub more: bool,
    /// What the file was last asked for.
    asked: Option<String>,
}

impl Search {
    /// The customer under the cursor.
    pub fn current(&self) -> Option<&Row> {
        self.hits.as_ref().and_then(|h| h.list.get(self.cursor.at)).map(|h| &h.row)
    }

    /// Whether letters go into the box.
    pub fn typing(&self) -> bool {
        true
    }

    /// Searches anew: the text, the index or the day changed.
    pub fn refresh(&mut self, shared: &Shared) {
        let scope = self.scope(shared);
        (self.more, self.asked) = (false, None);
        self.hits = shared.index.as_ref().map(|i| i.search(self.line.text(), &scope));
        let len = self.hits.as_ref().map_or(0, |h| h.list.len());
        self.cursor.fit(len, self.height.max(1));
        self.in_list &= len > 0;
        let areas = shared.opened.as_ref().map_or(&[] as &[String], |o| o.areas.as_slice());
        self.completions = query::complete(self.line.text(), self.line.cursor(), shared.staff(), areas);
    }

    fn scope(&self, shared: &Shared) -> Scope {
        Scope { today: shared.today(), me: shared.me, sort: self.sort, limit: LIMIT, leap: shared.settings().leap }
    }

    /// While the index is being built the file is asked instead, once for each text.
    pub fn ask_the_file(&mut self, cx: &mut Cx<'_>) {
        if cx.shared.index.is_some() || cx.shared.opened.is_none() || self.line.is_empty() {
            return;
        }
        let text = self.line.text();
        if self.asked.as_deref() != Some(text) {
            self.asked = Some(text.to_owned());
            let ask = customers::Ask::Likely { text: text.to_owned(), limit: LIMIT };
            cx.ask(Wait::Likely, request::Ask::Customers(ask));
        }
    }

    /// The file's answer to what was asked last. Where it cannot tell, the index will.
    pub fn likely(&mut self, likely: Option<customers::Likely>, shared: &Shared) {
        if shared.index.is_some() || self.asked.as_deref() != Some(self.line.text()) {
            return;
        }
        let Some(likely) = likely else { return };
        let mut index = Index::build(likely.rows, shared.staff());
        index.look(reach::sight(shared));
        let hits = index.search(self.line.text(), &self.scope(shared));
        // Whom only a guess may find, the index will tell.
        self.more = !likely.all || !hits.sure();
        self.cursor.fit(hits.list.len(), self.height.max(1));
        self.hits = Some(hits);
    }

    fn typed(&mut self, shared: &Shared) {
        self.cursor = Cursor::default();
        self.in_list = false;
        self.refresh(shared);
    }

    /// The box gets the focus again: what is typed now begins anew.
    pub fn again(&mut self) {
        self.in_list = false;
        self.fresh = !self.line.is_empty();
    }

    /// Searches for this text.
    pub fn search_for(&mut self, text: &str, shared: &Shared) {
        self.line.set(text);
        self.fresh = false;
        self.typed(shared);
    }

    /// Pastes into the box.
    pub fn paste(&mut self, text: &str, cx: &mut Cx<'_>) {
        if std::mem::take(&mut self.fresh) {
            self.line.set("");
        }
        self.line.paste(text);
        self.typed(cx.shared);
    }

    /// Opens the hit on row `at` of the screen, or the one under the cursor.
    pub fn open(&mut self, at: Option<usize>, cx: &mut Cx<'_>) {
        if let Some(n) = at {
            let row = self.cursor.top + n;
            if self.hits.as_ref().is_none_or(|h| row >= h.list.len()) {
                return;
            }
            self.cursor.at = row;
        }
        match self.current() {
            Some(row) => cx.go(Go::Open(row.id, true)),
            None if self.line.is_empty() => {
                cx.note(t("输入姓名、拼音首字母、手机或证件号查找", "Type a name, pinyin initials, phone or ID"))
            }
            None => cx.note(t("没有找到；F9 菜单或 Ctrl+N 可新建客户", "Nobody found; Ctrl+N makes a new customer")),
        }
    }

    /// Takes the first completion.
    pub fn complete(&mut self, cx: &mut Cx<'_>) {
        if let Some(c) = self.completions.first() {
            let text = c.text.clone();
            self.search_for(&text, cx.shared);
        }
    }

    /// Offers the saved filters.
    pub fn filters(&mut self, cx: &mut Cx<'_>) {
        let saved = cx.shared.myself().map(|m| m.prefs.filters.clone()).unwrap_or_default();
        let zh = cx.shared.lang == crate::domain::text::Lang::Zh;
        let shipped: [(&str, &str, &str); 7] = [
            ("我的贵宾以上", "My VIP and big", "owner:me #贵宾"),
            ("七天内生日", "Birthdays in 7 days", "birthday:7d"),
            ("拜访逾期", "Visits overdue", "owner:me due:overdue"),
            ("缺手机", "Phone missing", "missing:phone"),
            ("缺生日", "Birthday missing", "missing:birthday"),
            ("无责任人 5万以上", "No keeper, from 50k", "owner:none aum:>=5w"),
            ("流失客户", "Lapsed", "stage:lapsed"),
        ];
        let entries = saved
            .iter()
            .map(|(name, q)| Entry::new(q.clone(), name.clone(), q.clone()))
            .chain(shipped.iter().map(|(z, e, q)| Entry::new(*q, if zh { *z } else { *e }, *q)))
            .collect();
        let title = cx.shared.say(t("筛选", "Filters"));
        cx.layer(Layer::Chooser(Chooser::new(title, entries, Then::Search)));
    }

    /// Keeps what is typed as a filter of one's own, under its own text.
    pub fn keep_filter(&mut self, cx: &mut Cx<'_>) {
        if self.line.is_empty() {
            cx.note(t("先输入要保存的筛选", "Type the filter to keep first"));
            return;
        }
        if self.hits.as_ref().is_some_and(|h| h.total == 0 && h.filters.is_empty()) {
            // Left-over keystrokes, most likely: what one keeps finds somebody, or is a filter that will.
            cx.note(t("这样查不到人，没有存成筛选", "Nobody is found by this; it was not kept"));
            return;
        }
        let text = self.line.text().trim().to_owned();
        cx.go(Go::KeepFilter(text));
    }

    /// Offers the orders.
    pub fn sorts(&mut self, cx: &mut Cx<'_>) {
        let entries = Sort::ALL.iter().map(|s| Entry::new(s.code(), s.label().get(cx.shared.lang), "")).collect();
        let title = cx.shared.say(t("排序", "Order"));
        cx.layer(Layer::Chooser(Chooser::new(title, entries, Then::SortHits).at(self.sort.code())));
    }

    /// A click on row `y` of the pane: on a hit opens it, above gives the box the focus.
    pub fn click(&mut self, y: u16, cx: &mut Cx<'_>) {
        match y.checked_sub(3) {
            Some(row) => {
                self.in_list = true;
                self.open(Some(usize::from(row)), cx);
            }
            None => self.in_list = false,
        }
    }

    /// Takes a key the keymap did not want.
    pub fn key(&mut self, key: Key, cx: &mut Cx<'_>) {
        let len = self.hits.as_ref().map_or(0, |h| h.list.len());
        match key.code {
            Code::Enter => self.open(None, cx),
            Code::Esc if self.in_list => self.in_list = false,
            Code::Esc if !self.line.is_empty() => self.search_for("", cx.shared),
            Code::Tab if !self.completions.is_empty() => self.complete(cx),
            Code::Up if self.in_list && self.cursor.at == 0 => self.in_list = false,
            Code::Up | Code::Down | Code::PageUp | Code::PageDown => {
                if self.in_list {
                    self.cursor.key(key, len, self.height.max(1));
                } else if len > 0 && key.code == Code::Down {
                    self.in_list = true;
                }
                self.look(cx);
            }
            Code::Char(c @ '1'..='9') if key.alt || (self.in_list && !key.ctrl) => {
                self.open(Some(c as usize - '1' as usize), cx);
            }
            _ => {
                let before = self.line.text().to_owned();
                if std::mem::take(&mut self.fresh) && key.text().is_some_and(|c| c != ' ' && c != '#') {
                    self.line.set("");
                }
                if self.line.key(key) && self.line.text() != before {
                    self.typed(cx.shared);
                    self.look(cx);
                }
            }
        }
    }

    /// Lets the archive show whom the cursor stands on, once they are looked at deliberately.
    fn look(&self, cx: &mut Cx<'_>) {
        if self.in_list
            && let Some(row) = self.current()
        {
            cx.go(Go::Open(row.id, false));
        }
    }
}

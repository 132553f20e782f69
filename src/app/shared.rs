//! What every pane may look at and none may change: language, day, people, settings, the index. It changes only in the machine.

use super::drive::Drive;
use super::form::Eyes;
use super::message::Messages;
use crate::domain::access::{Action, Line};
use crate::domain::calendar::holidays::Holidays;
use crate::domain::consent::Withdrawn;
use crate::domain::field::{Ctx, Mask};
use crate::domain::ids::{CustomerId, OpId, StaffId};
use crate::domain::keepers::{Delegation, acts_for};
use crate::domain::settings::Settings;
use crate::domain::staff::Staff;
use crate::domain::text::{Lang, Text};
use crate::domain::values::plain;
use crate::index::Index;
use crate::index::row::Row;
use crate::store::drive::Footing;
use crate::store::ids::Maker;
use crate::store::request::Stamp;
use crate::store::secret::Wants;
use crate::store::workbench::Opened;
use chrono::{NaiveDate, NaiveDateTime};
use std::collections::BTreeMap;

/// What is known from the start.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Start {
    /// The language asked for on the command line or in the config; the person's own choice comes after it.
    pub lang: Option<Lang>,
    /// The business day, if not the day of the clock (`--today`).
    pub today: Option<NaiveDate>,
    /// The time.
    pub now: NaiveDateTime,
    /// Columns and rows.
    pub size: (u16, u16),
    /// Code of the member of staff who works here, if known.
    pub staff: Option<String>,
    /// Number of this workstation, 0 to 1023, for new row ids.
    pub station: u16,
    /// Theme asked for in the config.
    pub theme: Option<String>,
    /// Short words on where the branch file lies, for the header.
    pub place: Text,
    /// Whether the file may be written where it lies.
    pub footing: Footing,
    /// A demonstration: said in the header.
    pub demo: bool,
    /// The folder that slips are written to, to be told.
    pub slips: String,
    /// The branch file is encrypted: nothing of it can be read before somebody signs in.
    pub sealed: bool,
    /// Tells this sitting from every other one, on any workstation: operations are named after it.
    pub sitting: u128,
}

/// A value that is shown in full for a moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Revealed {
    /// Whose.
    pub customer: CustomerId,
    /// Which: the code of a field of the archive, or a kind of row and its number, such as `contact.7`.
    pub field: String,
    /// Until when.
    pub until: NaiveDateTime,
    /// It is of the archive shown; else of what two people saved of it.
    pub archive: bool,
}

/// What all panes share.
#[derive(Debug)]
pub struct Shared {
    /// How it began.
    pub start: Start,
    /// The language of the screen.
    pub lang: Lang,
    /// The name of the theme.
    pub theme: String,
    /// The time.
    pub now: NaiveDateTime,
    /// Columns and rows.
    pub size: (u16, u16),
    /// The branch, once it is open.
    pub opened: Option<Opened>,
    /// Who works here.
    pub me: Option<StaffId>,
    /// The search index, once it is built.
    pub index: Option<Index>,
    /// An index is being built: what changes meanwhile is kept for it.
    pub indexing: bool,
    unindexed: (Vec<Row>, Vec<CustomerId>),
    /// The newest change known.
    pub seq: i64,
    /// The drive under the branch file.
    pub drive: Drive,
    /// Figures, notes and everybody else's names are hidden while the customer looks at the screen (F12).
    pub hidden: bool,
    /// The customer who looks at it: the one whose archive was open, or was opened since.
    pub present: Option<CustomerId>,
    /// Names of archives that fields on screen are linked to, by row id.
    pub names: Vec<(i64, String)>,
    /// The field of the archive shown that is revealed for a moment.
    pub revealed: Option<Revealed>,
    /// Looks that the log has not been told of yet.
    pub accesses: Vec<(StaffId, Line)>,
    /// What customers withdrew, of those who withdrew anything, as the queue was read last.
    pub shut: BTreeMap<CustomerId, Withdrawn>,
    /// What was said.
    pub messages: Messages,
    /// Makes row ids and operation ids.
    pub ids: Maker,
    ops: u64,
    holidays: Holidays,
    settings: Settings,
}

impl Shared {
    /// What is shared at the start.
    pub fn new(start: Start) -> Shared {
        Shared {
            lang: start.lang.unwrap_or_default(),
            theme: start.theme.clone().unwrap_or_else(|| "dark".to_owned()),
            now: start.now,
            size: start.size,
            opened: None,
            me: None,
            index: None,
            indexing: false,
            unindexed: (Vec::new(), Vec::new()),
            seq: 0,
            drive: Drive::default(),
            hidden: false,
            present: None,
            names: Vec::new(),
            revealed: None,
            accesses: Vec::new(),
            shut: BTreeMap::new(),
            messages: Messages::default(),
            ids: Maker::new(start.station),
            ops: 0,
            holidays: Holidays::shipped(),
            settings: Settings::default(),
            start,
        }
    }

    /// Today: the business day asked for, else the day of the clock.
    pub fn today(&self) -> NaiveDate {
        self.start.today.unwrap_or_else(|| self.now.date())
    }

    /// The word in the language of the screen.
    pub fn say(&self, text: Text) -> &'static str {
        text.get(self.lang)
    }

    /// Everybody.
    pub fn staff(&self) -> &[Staff] {
        self.opened.as_ref().map_or(&[], |o| o.staff.as_slice())
    }

    /// The one with this id.
    pub fn person(&self, id: StaffId) -> Option<&Staff> {
        self.staff().iter().find(|s| s.id == id)
    }

    /// The name of the one with this id; empty when unknown.
    pub fn name_of(&self, id: Option<StaffId>) -> &str {
        id.and_then(|i| self.person(i)).map_or("", |s| s.name.as_str())
    }

    /// Who works here.
    pub fn myself(&self) -> Option<&Staff> {
        self.me.and_then(|m| self.person(m))
    }

    /// The settings of the branch.
    pub fn settings(&self) -> &Settings {
        self.opened.as_ref().map_or(&self.settings, |o| &o.settings)
    }

    /// What a colleague must give here to be let in, or to give their word.
    pub fn wants(&self, staff: StaffId) -> Wants {
        let Some(opened) = &self.opened else { return Wants::Password };
        match () {
            () if opened.encrypted || opened.secrets.contains(&staff) => Wants::Password,
            () if opened.settings.sign_in.required => Wants::Setting,
            () => Wants::Nothing,
        }
    }

    /// Who stands in for whom.
    pub fn delegates(&self) -> &[Delegation] {
        self.opened.as_ref().map_or(&[], |o| o.delegates.as_slice())
    }

    /// Whether the one who works here stands in for this colleague today.
    pub fn acts_for(&self, whose: StaffId) -> bool {
        self.me.is_some_and(|me| acts_for(self.delegates(), me, whose, self.today()))
    }

    /// Holidays and make-up days.
    pub fn holidays(&self) -> &Holidays {
        self.opened.as_ref().map_or(&self.holidays, |o| &o.holidays)
    }

    /// Who writes, when.
    pub fn stamp(&self) -> Stamp {
        Stamp::new(self.me.unwrap_or_default(), self.today().and_time(self.now.time()), self.today())
    }

    /// What a form needs to read and show values.
    pub fn eyes(&self) -> Eyes<'_> {
        Eyes {
            ctx: Ctx { today: self.today(), staff: self.staff() },
            lang: self.lang,
            names: &self.names,
            open: self.open_field(),
        }
    }

    /// A new operation. The store takes one it has seen for done, so none may ever come twice: not when the clock stands still
    /// (`--today`), not after a restart.
    pub fn op(&mut self) -> OpId {
        self.ops += 1;
        let mut hash = blake3::Hasher::new();
        hash.update(&self.start.sitting.to_le_bytes()).update(&self.ops.to_le_bytes());
        let mut first = [0; 8];
        first.iter_mut().zip(hash.finalize().as_bytes()).for_each(|(to, from)| *to = *from);
        OpId(i64::from_le_bytes(first) & i64::MAX)
    }

    /// Rows of the index changed, or are gone.
    pub fn reindex(&mut self, rows: Vec<Row>, gone: &[CustomerId]) {
        if self.indexing {
            self.unindexed.0.extend(rows.iter().cloned());
            self.unindexed.1.extend(gone);
        }
        if let Some(index) = &mut self.index {
            for row in rows {
                index.upsert(row);
            }
            for id in gone {
                index.remove(*id);
            }
        }
    }

    /// The index is built: what changed meanwhile comes on top.
    pub fn indexed(&mut self, index: Index) {
        self.index = Some(index);
        self.indexing = false;
        let (rows, gone) = std::mem::take(&mut self.unindexed);
        self.reindex(rows, &gone);
    }

    /// From now on fields linked to this archive show this name.
    pub fn name_archive(&mut self, id: CustomerId, name: String) {
        self.names.retain(|(known, _)| *known != id.0);
        self.names.push((id.0, name));
    }

    /// Whether this customer is somebody else's business while another looks at the screen.
    pub fn covers(&self, id: CustomerId) -> bool {
        self.hidden && self.present != Some(id)
    }

    /// What is revealed now.
    pub fn open(&self) -> Option<&Revealed> {
        self.revealed.as_ref().filter(|r| !self.hidden && r.until > self.now)
    }

    /// The code of the field of the archive shown that is revealed now; empty for none.
    pub fn open_field(&self) -> &str {
        self.open().filter(|r| r.archive).map_or("", |r| r.field.as_str())
    }

    /// A text of a row as it may lie about: long numbers masked, unless this very row is revealed.
    pub fn text(&self, row: &str, text: &str) -> String {
        if self.open_field() == row { text.to_owned() } else { plain::masked(text) }
    }

    /// The number of an account or contract of a row as it may lie about.
    pub fn account(&self, row: &str, number: &str) -> String {
        if self.open_field() == row { number.to_owned() } else { Mask::Account.hide(number) }
    }

    /// A line for the log of looks; the machine hands it on.
    pub fn look(&mut self, line: impl FnOnce(Line) -> Line, action: Action) {
        let at = self.stamp().at;
        self.accesses.extend(self.me.map(|me| (me, line(Line::new(action, at)))));
    }

    /// A new row id.
    pub fn row_id(&mut self) -> i64 {
        self.ids.next(self.now)
    }

    /// Whether nothing can be saved, because the file is read-only.
    pub fn read_only(&self) -> bool {
        self.opened.as_ref().is_some_and(|o| o.read_only)
    }
}

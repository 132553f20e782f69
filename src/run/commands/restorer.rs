//! Who restores a backup, and who vouches for it: by staff and passwords of the file in use, or of the backup where that file cannot be read
//! or is moved away; by a recovery code where nobody's password opens the backup. How a backup comes back is in `restore`.

use super::door;
use super::session::{Session, say_who, unexpected};
use super::word::{self, Asked};
use crate::domain::change::{REWOUND_BY, SECOND, UNPROVED};
use crate::domain::field::Edit;
use crate::domain::ids::StaffId;
use crate::domain::password::Password;
use crate::domain::rights::{Action, Eyes};
use crate::domain::staff::Staff;
use crate::domain::text::{Complaint, t};
use crate::run::fault::Fault;
use crate::run::memory;
use crate::run::setting::Setting;
use crate::run::typed::{self, missing};
use crate::store::key::Key;
use crate::store::open::{File, Mode, Station};
use crate::store::request::{Answer, Ask, Stamp};
use crate::store::secret;
use crate::store::slots::{self, SlotError, disk};
use crate::store::workbench;
use chrono::NaiveDate;
use std::path::Path;

/// What the log of sign-ins says it was for.
const TO: &str = "restore";

/// One of the two.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Person {
    id: StaffId,
    code: String,
    name: String,
    /// They gave a password; who has none in a plain file only says who they are.
    proved: bool,
}

impl Person {
    fn of(staff: &[Staff], id: StaffId, proved: bool) -> Option<Person> {
        let s = staff.iter().find(|s| s.id == id)?;
        Some(Person { id, code: s.code.clone(), name: s.name.clone(), proved })
    }

    /// Whether they are in the staff of a file.
    fn is_in(&self, staff: &[Staff]) -> bool {
        staff.iter().any(|s| s.id == self.id && s.code == self.code)
    }

    fn words(&self) -> String {
        format!("{} {}{}", self.code, self.name, if self.proved { "" } else { "（未验密码）" })
    }
}

/// Who restores.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Restorer {
    /// The one who does it; nobody where the recovery code did and nobody was named.
    by: Option<Person>,
    second: Option<Person>,
    /// A recovery code took the place of both words.
    recovery: bool,
}

impl Restorer {
    /// Who the log of the restored file says it was: somebody in its staff, or nobody.
    pub fn id(&self, staff: &[Staff]) -> StaffId {
        self.by.as_ref().filter(|p| p.is_in(staff)).map_or(StaffId(0), |p| p.id)
    }

    /// What the line of the log says beside it: also of those who came after the backup was made.
    pub fn edits(&self, staff: &[Staff]) -> Vec<Edit> {
        let edit = |field: &str, after: String| Edit { field: field.to_owned(), before: String::new(), after };
        let who = self.by.iter().map(Person::words);
        let how = self.recovery.then(|| "恢复码".to_owned());
        let mut edits = vec![edit(REWOUND_BY, who.chain(how).collect::<Vec<_>>().join(" "))];
        if let Some(p) = &self.second {
            let known = p.is_in(staff);
            edits.push(edit(SECOND, if known { p.id.0.to_string() } else { format!("{} {}", p.code, p.name) }));
            edits.extend((!p.proved).then(|| edit(UNPROVED, "no password".to_owned())));
        }
        edits
    }

    /// The number of the one who does it.
    pub fn code(&self) -> Option<&str> {
        self.by.as_ref().map(|p| p.code.as_str())
    }
}

/// Who restores, by the staff of the file in use: where that is another one than is to be made, can be read, and is the one the backup is of. With
/// what opens the backup.
///
/// # Errors
/// They may not, a word is missing, or a password is wrong: then nothing else is asked.
pub fn in_use(
    setting: &Setting,
    (source, target): (&Path, &Path),
    second: Option<&str>,
) -> Result<Option<(Restorer, Station)>, Fault> {
    let Some(path) = setting.db.as_deref().filter(|p| *p != target && p.exists()) else { return Ok(None) };
    if slots::path(source).exists() && !secret::sealed(path, &setting.station()) {
        // A plain file has no key of an encrypted backup: the backup's own staff is asked, and nobody twice.
        return Ok(None);
    }
    let mut session = match Session::visit(setting) {
        Ok(session) => session,
        Err(Fault::File(why)) => {
            tracing::warn!(%why, path = %path.display(), "the file in use is not read; the backup's own staff are asked");
            return Ok(None);
        }
        Err(other) => return Err(other),
    };
    let keys = session.file.keys()?;
    // Of another branch, or under a key that this one never had: its own staff knows.
    let Some((station, mut backup)) = opens(setting, source, &keys) else { return Ok(None) };
    if backup.origin()? != session.file.origin()? {
        return Ok(None);
    }
    session.say_who();
    session.allow(Action::Restore)?;
    let word = second.map(|code| word::proved(&mut session, Action::Restore, code)).transpose()?;
    session.eyes().second(Action::Restore, word.map(|(who, _)| who)).map_err(say_second)?;
    let (staff, me) = (&session.branch.staff, session.me.id);
    let by = Person::of(staff, me, setting.signed.get().is_some());
    let second = word.and_then(|(who, proved)| Person::of(staff, who, proved));
    Ok(Some((Restorer { by, second, recovery: false }, station)))
}

/// What opens a backup of a file whose keys are known, and the backup: a key that file has or had, or none.
pub fn opens(setting: &Setting, source: &Path, keys: &Key) -> Option<(Station, File)> {
    std::iter::once(keys.clone())
        .chain(keys.older().iter().cloned())
        .chain([Key::default()])
        .map(|key| Station { key, ..setting.station() })
        .find_map(|s| File::open(source, Mode::Read, &s).ok().map(|file| (s, file)))
}

/// What opens a backup, and who said so by which password; nobody for a plain one.
pub type Opener = (Station, Option<(String, Password)>);

/// What opens a backup: nothing for a plain one; for an encrypted one somebody gives number and password as of when it was made.
///
/// # Errors
/// Nobody gives them, or they are wrong.
pub fn opener(setting: &Setting, source: &Path) -> Result<Opener, Fault> {
    let keys = slots::path(source);
    if !keys.exists() {
        return Ok((Station { key: Key::default(), ..setting.station() }, None));
    }
    let code = setting.staff.clone().map_or_else(|| door::number(setting), Ok)?;
    let whom = typed::whom(&code, false, Some(source));
    let password = setting.typed.password(&typed::question(&whom, setting.tongue()))?;
    let opened = disk::read(&keys).and_then(|slots| slots.open(&code, &password));
    let key = opened.map_err(|e| refused(e).about(&whom))?;
    memory::shut();
    Ok((Station { key, ..setting.station() }, Some((code, password))))
}

/// What opens an encrypted backup by the code from the safe.
///
/// # Errors
/// The backup is plain, or the code is wrong.
pub fn recovered(setting: &Setting, source: &Path) -> Result<Station, Fault> {
    let keys = slots::path(source);
    if !keys.exists() {
        return Err(Fault::usage(
            "这份备份没有加密，没有恢复码。请去掉 --recovery，写明 --staff 和 --second。",
            "This backup is not encrypted and has no recovery code. Leave --recovery out and give --staff and --second.",
        ));
    }
    let question = t("恢复码（五组）：", "Recovery code (five groups): ");
    let paper = setting.typed.line(question.get(setting.tongue()))?.filter(|l| !l.is_empty()).ok_or_else(missing)?;
    let key = disk::read(&keys).and_then(|slots| slots.recover(&paper)).map_err(refused)?;
    memory::shut();
    Ok(Station { key, ..setting.station() })
}

/// The staff of an open copy of a backup.
///
/// # Errors
/// The store fails.
pub fn staff(file: &mut File) -> Result<workbench::Opened, Fault> {
    match file.answer(&Ask::Workbench(workbench::Ask::Open)) {
        Answer::Workbench(workbench::Answer::Opened(opened)) => Ok(*opened),
        Answer::Failed(failure) => Err(failure.into()),
        other => Err(unexpected(&other)),
    }
}

/// Who restores by the recovery code: whoever is named, if anybody is.
pub fn by_code(setting: &Setting, staff: &[Staff]) -> Restorer {
    let named = setting.staff.as_deref().and_then(|code| staff.iter().find(|s| s.code == code || s.name == code));
    Restorer { by: named.and_then(|s| Person::of(staff, s.id, false)), second: None, recovery: true }
}

/// Who restores, by the staff and passwords of the backup itself; `file` is its copy, and gets the lines of their signing in. A password that was
/// good on the day of the backup is good enough: its owner cannot change it there.
///
/// # Errors
/// They may not, a word is missing, or a password is wrong.
pub fn of_backup(
    setting: &Setting,
    (file, source): (&mut File, &Path),
    opened: &workbench::Opened,
    (given, second): (Option<&(String, Password)>, Option<&str>),
    day: NaiveDate,
) -> Result<Restorer, Fault> {
    let people = &opened.staff;
    let code = given.map(|(code, _)| code.as_str()).or(setting.staff.as_deref());
    let me = door::person(people, code)?.clone();
    if code.is_none() {
        say_who(people, &me.name, setting.tongue());
    }
    let (at, today) = (setting.clock.now(), setting.clock.today());
    let stamp = Stamp::new(me.id, at, day.min(today));
    let keys = slots::path(source);
    let whom = typed::whom(&me.code, false, Some(source));
    let mut asked = Asked { keys: &keys, typed: &setting.typed, lang: setting.tongue(), stamp: &stamp, to: TO, whom };
    // Where nobody has a password yet, though the branch asks for them, the backup is no less theirs.
    let named_only = given.is_none() && opened.secrets.is_empty();
    let proved = match given {
        Some((_, password)) => {
            let key = file.key().clone();
            word::signs(file, &asked, &me.code, password, &key)?;
            true
        }
        None if named_only => false,
        None => word::gives(file, &asked, (me.id, &me.code))?,
    };
    let eyes = Eyes { staff: people, delegates: &opened.delegates, by: me.id, today };
    eyes.allow(Action::Restore, None)?;
    let who = second.map(|code| word::granter(&eyes, Action::Restore, code)).transpose()?;
    eyes.second(Action::Restore, who.as_ref().map(|(id, _)| *id)).map_err(say_second)?;
    if let Some((_, code)) = &who {
        asked.whom = typed::whom(code, true, Some(source));
    }
    let second = match who {
        Some((id, _)) if named_only => Person::of(people, id, false),
        Some((id, code)) => Person::of(people, id, word::gives(file, &asked, (id, &code))?),
        None => None,
    };
    Ok(Restorer { by: Person::of(people, me.id, proved), second, recovery: false })
}

fn refused(e: SlotError) -> Fault {
    Fault::Refused(e.complaint())
}

fn say_second(c: Complaint) -> Fault {
    Fault::refused(
        format!("{}请加 --second 工号；加了密而没有人输得对密码，用 --recovery。", c.zh),
        format!("{} Name them with --second CODE; encrypted, and nobody's password is right: --recovery.", c.en),
    )
}

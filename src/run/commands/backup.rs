//! `backup`: a verified copy of the branch file, made by hand or by the workstation that was elected. How it is made is in
//! `run::backups`.

use super::session::Session;
use super::{output, restore};
use crate::domain::text::Lang;
use crate::run::anchors;
use crate::run::backups::{self, Maker};
use crate::run::fault::Fault;
use crate::run::setting::Setting;
use crate::run::{handed, memory, targets, typed};
use crate::store::backup::Head;
use crate::store::drive::lookout;
use crate::store::rotation::BY_HAND;
use std::path::Path;

/// `backup`: a copy in `to`, or beside the branch file.
///
/// # Errors
/// The copy could not be made, or is not whole; then it is kept under a name that says so.
pub fn backup(session: &mut Session, setting: &Setting, to: Option<&Path>) -> Result<(), Fault> {
    let folder = match to {
        Some(named) => targets::beside(session.file.path(), named)?,
        None => backups::folder(session.file.path()),
    };
    let maker = Maker { by_hand: true, ..maker(session, setting) };
    let stem = backups::stem(session.file.path());
    let (target, manifest) = backups::make(&mut session.file, &folder, &stem, &maker)?;
    let gone = backups::rotate(&folder, &manifest);
    sealed(session, setting);
    let (path, held) = (target.display(), restore::holds(&manifest.survey, session.lang));
    let bytes = manifest.bytes;
    output::print(&match session.lang {
        Lang::Zh => format!(
            "已备份并核对：{path}\n{held}，{bytes} 字节；按规则删去旧备份 {gone} 份，这一份至少保留 {BY_HAND} 天\n"
        ),
        Lang::En => {
            format!(
                "Backed up and verified: {path}\n{held}, {bytes} bytes; {gone} old backups removed by rotation, this one stays for {BY_HAND} days at least\n"
            )
        }
    })
}

/// Lays the head of the log into the folder of seals, where the file lacks nothing this PC remembers.
fn sealed(session: &mut Session, setting: &Setting) {
    let now = session.stamp().at;
    let held = anchors::look(&setting.places, &mut session.file, now);
    if held.is_ok_and(|(standing, known)| anchors::refusal(&standing, known.as_ref()).is_none())
        && let Err(fault) = anchors::seal(setting, &mut session.file, now)
    {
        tracing::error!(%fault, "the head of the log was not sealed");
        eprintln!("{}", fault.words().get(session.lang));
    }
}

/// Who makes a backup now, by itself.
pub fn maker(session: &Session, setting: &Setting) -> Maker {
    Maker { by: session.me.code.clone(), station: setting.station(), at: session.stamp().at, by_hand: false }
}

/// Takes over who signed in at the workbench, which started this process.
///
/// # Errors
/// It handed on nothing.
pub fn handed(setting: &Setting, handed: bool) -> Result<(), Fault> {
    if !handed {
        return Ok(());
    }
    memory::shut();
    let signed = handed::take(std::io::stdin().lock()).ok_or_else(typed::missing)?;
    let _ = setting.signed.set(signed);
    Ok(())
}

/// What the workstation does that finds a backup due: if it is elected, it makes one, or confirms the newest where nothing was changed
/// since; once a week it tries the newest first. Then the second place gets what it lacks.
///
/// # Errors
/// What was not done; the log has it, nobody is at the screen.
pub fn elected(setting: &Setting) -> Result<(), Fault> {
    let mut session = Session::visit(setting)?;
    let folder = backups::folder(session.file.path());
    let origin = session.file.origin()?;
    let stamp = session.stamp();
    let due = |session: &Session| {
        let newest = backups::newest(&folder, &origin);
        backups::due(newest.as_ref().map(|(_, m)| m), session.branch.settings.backup_hours, stamp.at)
    };
    let who = format!("{} {}", setting.station().name, std::process::id());
    // Due is asked again once elected: somebody may have finished just before.
    if due(&session) && !session.file.read_only() && elect(&mut session, setting, &who)? && due(&session) {
        let swept = backups::sweep(&folder);
        if swept > 0 {
            tracing::info!(swept, "what dead copies left is removed");
        }
        // Tried first, so that what the log says of it is in the backup.
        if restore::weekly(&mut session)?
            && let Some((path, _)) = backups::newest(&folder, &origin)
            && let Err(fault) = restore::tried(&mut session, setting, &path)
        {
            tracing::error!(%fault, ?path, "a backup that was tried cannot be restored");
        }
        renew(&mut session, setting, &folder, &origin)?;
    }
    match (setting.config.backup.as_deref(), backups::newest(&folder, &origin)) {
        (Some(second), Some((path, manifest))) if backups::lacks(second, &manifest) => {
            backups::second(&path, &manifest, second)
        }
        _ => Ok(()),
    }
}

/// Writes the lease, if the locks of the drive let anybody write.
fn elect(session: &mut Session, setting: &Setting, who: &str) -> Result<bool, Fault> {
    let path = session.file.path().to_owned();
    let (ground, ..) = setting.ground(&path);
    let proof = lookout::prove_once(&path, &setting.desk(&setting.station(), &ground, false));
    proof.complaint().map_or(Ok(()), |why| Err(Fault::File(why)))?;
    let stamp = session.stamp();
    Ok(session.file.elect(who, &stamp)?)
}

/// Confirms the newest backup where the file is as it was, else makes a new one.
fn renew(session: &mut Session, setting: &Setting, folder: &Path, origin: &Head) -> Result<(), Fault> {
    let maker = maker(session, setting);
    if let Some((path, manifest)) = backups::newest(folder, origin)
        && session.file.behind(&manifest.survey.head)? == Some(0)
    {
        match backups::confirm(&path, &manifest, maker.at) {
            Ok(true) => return Ok(()),
            Ok(false) => tracing::error!(?path, "a backup is not what it was; another is made"),
            Err(error) => tracing::warn!(%error, "a backup was not read; another is made"),
        }
    }
    let stem = backups::stem(session.file.path());
    let (path, manifest) = backups::make(&mut session.file, folder, &stem, &maker)?;
    let gone = backups::rotate(folder, &manifest);
    sealed(session, setting);
    tracing::info!(?path, seq = manifest.survey.head.seq, gone, "backed up");
    Ok(())
}

//! Bringing a branch file of an older program up to date: never before a verified backup of it lies in the folder of backups. The steps
//! themselves live in `store::migrate`.

use super::backups::{self, Maker};
use super::fault::Fault;
use super::setting::Setting;
use crate::domain::text::Lang;
use crate::store::drive::lookout;
use crate::store::open::{File, Mode};
use crate::store::refuse::OpenError;
use std::path::Path;

/// Backs up a file of version `found` and brings it up to date; colleagues go on meanwhile, and are told that their program is too old.
///
/// # Errors
/// Locks cannot be trusted now, or no verified backup could be made: the file is as it was then. Or its tables could not be changed.
pub fn lift(setting: &Setting, path: &Path, found: i64) -> Result<(), Fault> {
    let refused = |e: OpenError| Fault::File(e.complaint());
    let station = setting.station();
    let (ground, ..) = setting.ground(path);
    let proof = lookout::prove_once(path, &setting.desk(&station, &ground, true));
    proof.complaint().map_or(Ok(()), |why| Err(Fault::File(why)))?;
    let key = station.key.clone();
    let mut file = File::open(path, Mode::Read, &station).map_err(refused)?;
    let maker =
        Maker { by: setting.staff.clone().unwrap_or_default(), station, at: setting.clock.now(), by_hand: false };
    let (backup, _) = backups::before_migration(&mut file, found, &maker)?;
    drop(file);
    File::migrate(path, &key).map_err(refused)?;
    tracing::info!(found, ?backup, "the branch file is brought up to date");
    let backup = backup.display();
    eprintln!(
        "{}",
        match setting.tongue() {
            Lang::Zh => format!("网点文件已升级；升级前的备份：{backup}"),
            Lang::En => format!("The branch file is brought up to date; the backup from before: {backup}"),
        }
    );
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::exchange::demo;
    use crate::run::args::Shared;
    use crate::run::places::Places;

    #[test]
    fn no_table_is_changed_before_a_backup_is_verified() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("branch.db");
        demo::demo(1, &path).unwrap();
        let places = Places { config: folder.path().join("config.toml"), state: folder.path().join("state") };
        let setting = Setting::new(&Shared::default(), places).unwrap();
        // The second process of a backup is this program, which a test is not: the copy fails, and so does all that follows.
        let before = std::fs::read(&path).unwrap();
        assert_eq!(lift(&setting, &path, 1).unwrap_err().code(), 3);
        assert!(std::fs::read(&path).unwrap() == before);
    }
}

//! The paper that lies beside a backup: what it is a copy of, when and by whom it was made, what it must hold. Only a copy that was
//! verified has one. How names are made and read stands here; reading and writing files does not.

use super::backup::Survey;
use chrono::NaiveDateTime;
use serde::{Deserialize, Serialize};

/// Says that a JSON file is a manifest of ours.
pub const FORMAT: &str = "guitai-backup-1";

/// The ending of a manifest, behind the name of its backup.
pub const ENDING: &str = ".json";

/// How the time stands in a name.
const STAMP: &str = "%Y%m%d-%H%M%S";

/// What is written beside a backup.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// [`FORMAT`]
    pub format: String,
    /// The name of the backup.
    pub file: String,
    /// When it was begun, to the second.
    pub at: NaiveDateTime,
    /// Code of the colleague who made it.
    pub by: String,
    /// The workstation.
    pub station: String,
    /// Somebody made it by a command, not the workstation by itself.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub by_hand: bool,
    /// Its length in bytes.
    pub bytes: u64,
    /// BLAKE3 of all of it, in hexadecimal digits.
    pub blake3: String,
    /// When it was last read from end to end and the file had not changed since.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub confirmed: Option<NaiveDateTime>,
    /// What it holds.
    pub survey: Survey,
}

impl Manifest {
    /// The manifest in this text, if it is one of ours and speaks of the backup of this name; a renamed pair is somebody's own
    /// keeping, and never removed.
    pub fn parse(text: &str, file: &str) -> Option<Manifest> {
        let manifest: Manifest = serde_json::from_str(text).ok()?;
        let (_, at) = parts(file)?;
        (manifest.format == FORMAT && manifest.file == file && manifest.at == at).then_some(manifest)
    }

    /// Up to when everything is in it.
    pub fn good_until(&self) -> NaiveDateTime {
        self.confirmed.map_or(self.at, |confirmed| confirmed.max(self.at))
    }

    /// The text to write.
    ///
    /// # Errors
    /// Never for what is in a manifest.
    pub fn text(&self) -> serde_json::Result<String> {
        Ok(serde_json::to_string_pretty(self)? + "\n")
    }
}

/// The name of a backup of the branch file `stem`.db begun at this time.
pub fn name(stem: &str, at: NaiveDateTime) -> String {
    format!("{stem}-{}.db", at.format(STAMP))
}

/// The branch file's stem and the time in the name of a backup; `None` for every other name.
pub fn parts(file: &str) -> Option<(String, NaiveDateTime)> {
    let bare = file.strip_suffix(".db")?;
    let (rest, clock) = bare.rsplit_once('-')?;
    let (stem, day) = rest.rsplit_once('-')?;
    let at = NaiveDateTime::parse_from_str(&format!("{day}-{clock}"), STAMP).ok()?;
    // What chrono reads more widely than we write (blanks, signs, years of five digits) is not ours.
    (name(stem, at) == file).then(|| (stem.to_owned(), at))
}

//! The config file of this PC: where the branch file is, who works here, how the screen looks. What the branch decides is in its file and
//! never here. A flag goes before the environment, the environment before the file.

use super::fault::Fault;
use super::terminal::Ambiguous;
use crate::domain::text::Lang;
use crate::ui::theme::Theme;
use serde::Deserialize;
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

/// Everything that can be set.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    /// The branch file.
    pub db: Option<PathBuf>,
    /// Code of the member of staff who works here.
    pub staff: Option<String>,
    /// Language.
    pub lang: Option<Lang>,
    /// Name of this workstation in the change log.
    pub station: Option<String>,
    /// The drive.
    pub drive: Drive,
    /// A second folder for verified backups, off the drive that the branch file lies on.
    pub backup: Option<PathBuf>,
    /// Extracts of the core system.
    pub import: Import,
    /// The change log.
    pub audit: Audit,
    /// The screen.
    pub ui: Ui,
}

/// What is kept of the change log outside the branch file.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Audit {
    /// The folder into which the head of each day is laid: one to which counter staff may add, and in which they may change nothing.
    pub seal: Option<PathBuf>,
}

/// Where extracts come from.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Import {
    /// The folder in which they are laid down; new files in it are offered.
    pub folder: Option<PathBuf>,
}

/// What this PC does about the drive of the branch file.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Drive {
    /// Writes also where the mount says that locks cannot be trusted; the change log says so.
    pub overrule: bool,
}

/// How the screen looks.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Ui {
    /// Name of the theme.
    pub theme: Option<String>,
    /// How wide ambiguous characters are.
    pub ambiguous: Ambiguous,
    /// Whether the mouse is used; without it the terminal selects text by itself.
    pub mouse: bool,
}

impl Default for Ui {
    fn default() -> Self {
        Ui { theme: None, ambiguous: Ambiguous::Auto, mouse: true }
    }
}

impl Config {
    /// Reads the file; one that is not there sets nothing.
    ///
    /// # Errors
    /// The file cannot be read, or says something unknown; the words name file and line.
    pub fn read(path: &Path) -> Result<Config, Fault> {
        match fs::read_to_string(path) {
            Ok(text) => Config::parse(&text, path),
            Err(e) if e.kind() == ErrorKind::NotFound => Ok(Config::default()),
            Err(e) => Err(Fault::usage(
                format!("配置文件读不了：{}：{e}", path.display()),
                format!("The config file cannot be read: {}: {e}", path.display()),
            )),
        }
    }

    /// Reads its text.
    ///
    /// # Errors
    /// It says something unknown; the words name file and line.
    pub fn parse(text: &str, path: &Path) -> Result<Config, Fault> {
        let wrong = |line: usize, what: &str| {
            let place = format!("{}:{line}", path.display());
            Fault::usage(
                format!("配置文件第 {line} 行有误：{place}：{what}"),
                format!("The config file is wrong at line {line}: {place}: {what}"),
            )
        };
        let config: Config = toml::from_str(text).map_err(|e| {
            let start = e.span().map_or(0, |s| s.start);
            wrong(line_of(text, start), e.message())
        })?;
        if let Some(name) = &config.ui.theme
            && Theme::named(name).is_none()
        {
            let names = Theme::ALL.map(|x| x.name).join(", ");
            let line = text.lines().position(|l| l.trim_start().starts_with("theme")).map_or(1, |n| n + 1);
            return Err(wrong(line, &format!("unknown theme `{name}`, expected one of {names}")));
        }
        Ok(config)
    }
}

/// The line, from 1, that byte `at` of `text` is on.
fn line_of(text: &str, at: usize) -> usize {
    text.bytes().take(at).filter(|b| *b == b'\n').count() + 1
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Result<Config, Fault> {
        Config::parse(text, Path::new("config.toml"))
    }

    #[test]
    fn a_full_file_is_read() {
        let config = parse(
            "db = '/share/daozhen.db'\nstaff = 'wangmin'\nlang = 'en'\nstation = 'C03'\n[ui]\ntheme = 'green'\nambiguous = 'wide'\nmouse = false\n[drive]\noverrule = true\n[import]\nfolder = '/share/extracts'\n[audit]\nseal = '/seal'\n",
        )
        .unwrap();
        assert_eq!(config.db, Some(PathBuf::from("/share/daozhen.db")));
        assert_eq!(config.lang, Some(Lang::En));
        assert_eq!(config.import.folder, Some(PathBuf::from("/share/extracts")));
        assert_eq!(config.audit.seal, Some(PathBuf::from("/seal")));
        assert!(config.drive.overrule && !Config::default().drive.overrule);
        assert_eq!(config.ui, Ui { theme: Some("green".into()), ambiguous: Ambiguous::Wide, mouse: false });
    }

    #[test]
    fn what_is_wrong_is_named_with_file_and_line() {
        for (text, line, said) in [
            ("staff = 'a'\ncolour = 'red'\n", 2, "colour"),
            ("[ui]\nmouse = 'yes'\n", 2, "boolean"),
            ("\n\n[ui]\nambiguous = 'broad'\n", 4, "broad"),
            ("[ui]\n\ntheme = 'sepia'\n", 3, "sepia"),
            ("lang = zh\n", 1, ""),
        ] {
            let fault = parse(text).unwrap_err();
            assert_eq!(fault.code(), 2);
            let words = fault.words();
            assert!(words.zh.contains(&format!("config.toml:{line}")), "{text:?}: {}", words.zh);
            assert!(words.en.contains(said), "{text:?}: {}", words.en);
        }
    }

    #[test]
    fn a_file_that_is_not_there_sets_nothing() {
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(Config::read(&folder.path().join("none.toml")), Ok(Config::default()));
        assert_eq!(Config::read(folder.path()).unwrap_err().code(), 2);
    }
}

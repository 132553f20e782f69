//! Where this PC keeps what is its own: config file, drafts, log, crash files. The branch file's place is not decided here.

use super::fault::Fault;
use etcetera::app_strategy::{AppStrategy, AppStrategyArgs, choose_app_strategy};
use std::env;
use std::path::{Path, PathBuf};

/// The folders of this PC.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Places {
    /// The config file.
    pub config: PathBuf,
    /// Drafts, log, crash files.
    pub state: PathBuf,
}

impl Places {
    /// The usual places of the system; `GUITAI_CONFIG` names another config file.
    ///
    /// # Errors
    /// The system does not say where the user's folders are.
    pub fn find() -> Result<Places, Fault> {
        let args =
            AppStrategyArgs { top_level_domain: String::new(), author: String::new(), app_name: "guitai".into() };
        let usual = choose_app_strategy(args).map_err(|e| {
            Fault::refused(
                format!("找不到用户文件夹（{e}），请设置环境变量 HOME。"),
                format!("The user's folder is not known ({e}); set HOME."),
            )
        })?;
        let config = env::var_os("GUITAI_CONFIG").map_or_else(|| usual.config_dir().join("config.toml"), PathBuf::from);
        // Windows has no place for state; the local data folder does not travel with the user, which is what we want.
        let state = usual.state_dir().unwrap_or_else(|| usual.cache_dir());
        Ok(Places { config, state })
    }

    /// The folder in which the drafts of a branch file are kept: named by the file, so that two branches never mix.
    pub fn drafts(&self, file: &Path) -> PathBuf {
        let whole = std::path::absolute(file).unwrap_or_else(|_| file.to_owned());
        let name = blake3::hash(whole.to_string_lossy().as_bytes()).to_hex();
        let short: String = name.chars().take(16).collect();
        self.state.join("drafts").join(short)
    }

    /// The log.
    pub fn log(&self) -> PathBuf {
        self.state.join("guitai.log")
    }

    /// Where slips go that are printed without a printer.
    pub fn slips(&self) -> PathBuf {
        self.state.join("slips")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_files_never_share_their_drafts_and_one_file_keeps_its_place() {
        let places = Places { config: "c".into(), state: "s".into() };
        assert_ne!(places.drafts(Path::new("/a/branch.db")), places.drafts(Path::new("/b/branch.db")));
        assert_eq!(places.drafts(Path::new("/a/branch.db")), places.drafts(Path::new("/a/branch.db")));
    }
}

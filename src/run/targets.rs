//! Where a command may write what somebody names: the place without links and `..`, never the branch file or what belongs to it. What is
//! written does not live here.

use super::fault::Fault;
use crate::store::drive::ground;
use std::path::{Path, PathBuf};

/// What belongs to a branch file lies beside it, under its name with one of these behind it: its journal, its keys, its workstations.
const ENDINGS: [&str; 3] = ["-", ".keys", ".ws"];

/// The whole path of what is to be written, as it is shown; refused where the branch file lies, or what belongs to it.
///
/// # Errors
/// Something of the branch file is meant.
pub fn beside(branch: &Path, named: &Path) -> Result<PathBuf, Fault> {
    let (target, branch) = (ground::whole(named), ground::whole(branch));
    let name = |path: &Path| path.file_name().map(|n| n.to_string_lossy().to_lowercase()).unwrap_or_default();
    // Windows takes letters of either case for the same name, and so may a share.
    let (new, own) = (name(&target), name(&branch));
    let belongs = |rest: &str| rest.is_empty() || ENDINGS.iter().any(|ending| rest.starts_with(ending));
    if target.parent() == branch.parent() && new.strip_prefix(&own).is_some_and(belongs) {
        let (shown, file) = (target.display(), branch.display());
        return Err(Fault::refused(
            format!("{shown} 是网点文件 {file}，或属于它，不能写在那里。请另取一个名字。"),
            format!(
                "{shown} is the branch file {file} or belongs to it; nothing is written there. Choose another name."
            ),
        ));
    }
    Ok(target)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_written_over_the_branch_file_or_what_belongs_to_it_however_it_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        std::fs::create_dir(at("sub")).unwrap();
        let whole = std::fs::canonicalize(folder.path()).unwrap();
        let branch = at("branch.db");
        std::fs::write(&branch, "x").unwrap();
        for bad in [
            "branch.db",
            "branch.db-journal",
            "branch.db.keys",
            "BRANCH.DB.keys.next",
            "sub/../branch.db",
            "branch.db.ws",
        ] {
            assert!(beside(&branch, &at(bad)).is_err(), "{bad}");
        }
        for (good, shown) in [
            ("out.csv", "out.csv"),
            ("sub/../out.csv", "out.csv"),
            ("sub/branch.db", "sub/branch.db"),
            ("branch.db.csv", "branch.db.csv"),
        ] {
            assert_eq!(beside(&branch, &at(good)).unwrap(), whole.join(shown), "{good}");
        }
    }

    #[cfg(unix)]
    #[test]
    fn a_link_to_the_branch_file_is_the_branch_file() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        std::fs::write(at("branch.db"), "x").unwrap();
        std::os::unix::fs::symlink(at("branch.db"), at("out.csv")).unwrap();
        std::os::unix::fs::symlink(folder.path(), at("here")).unwrap();
        for bad in ["out.csv", "here/branch.db-journal", "here/here/out.csv"] {
            assert!(beside(&at("branch.db"), &at(bad)).is_err(), "{bad}");
        }
    }
}

//! The README says what is: its key table and pictures come from the program.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::Command;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

#[test]
fn the_key_table_is_the_keymaps() {
    let readme = fs::read_to_string(root().join("README.md")).unwrap();
    let (_, after) = readme.split_once("<!-- keys -->\n").expect("a mark before the table");
    let (table, _) = after.split_once("<!-- /keys -->").expect("a mark after the table");
    assert_eq!(table.trim(), guitai::app::keymap::table().trim(), "put the output of `guitai keys` between the marks");
}

#[test]
fn the_table_of_rights_is_the_programs() {
    let readme = fs::read_to_string(root().join("README.md")).unwrap();
    let (_, after) = readme.split_once("<!-- rights -->\n").expect("a mark before the table");
    let (table, _) = after.split_once("<!-- /rights -->").expect("a mark after the table");
    assert_eq!(
        table.trim(),
        guitai::domain::rights::table().trim(),
        "put the output of `guitai rights` between the marks"
    );
}

#[test]
fn every_command_has_a_code_of_its_own_and_every_key_a_name() {
    let mut codes = BTreeSet::new();
    for c in guitai::app::keymap::all() {
        assert!(codes.insert(c.code), "{} has the code of another", c.name);
        for k in c.keys {
            assert!(guitai::app::key::Key::named(k).is_some(), "{}: no key is called {k}", c.name);
        }
    }
    assert!(codes.len() > 40);
}

#[test]
fn the_pictures_are_what_the_program_draws() {
    let folder = tempfile::tempdir().unwrap();
    let done = Command::new(env!("CARGO_BIN_EXE_guitai")).arg("pictures").arg(folder.path()).status().unwrap();
    assert!(done.success());
    let names = |p: &Path| -> BTreeSet<String> {
        fs::read_dir(p).unwrap().map(|e| e.unwrap().file_name().into_string().unwrap()).collect()
    };
    let kept = root().join("docs/pictures");
    assert_eq!(names(folder.path()), names(&kept));
    let readme = fs::read_to_string(root().join("README.md")).unwrap();
    for name in names(&kept) {
        let same = fs::read(kept.join(&name)).unwrap() == fs::read(folder.path().join(&name)).unwrap();
        assert!(same, "{name} is not what the program draws; run `guitai pictures docs/pictures`");
        assert!(readme.contains(&format!("docs/pictures/{name}")), "{name} is not in the README");
    }
}

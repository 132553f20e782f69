//! What commands leave behind that are killed in the middle of their work on an encrypted branch file: hot journals, scratch folders, copies in
//! the making. None of it tells of a customer, but what `encrypt` and `decrypt` cannot do without; that is overwritten by who comes next.

use crate::crypt::{FIRST, SECOND, as_manager, desk, files, fine, telling};
use crate::desk::Desk;
use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};

/// So many customers that a command is at it for a while.
const CROWD: usize = 3_000;

/// The journal of the branch file.
const JOURNAL: &str = "branch.db-journal";

/// An encrypted branch, a folder for what is temporary, and an extract of a crowd outside of both.
fn crowded() -> (Desk, tempfile::NamedTempFile) {
    let (desk, _) = desk();
    fs::create_dir(desk.path("tmp")).unwrap();
    let mut text = "客户号,姓名,手机,地址\n".to_owned();
    for n in 0..CROWD {
        let (no, phone) = (6_100_000_000 + n, 13_985_210_001 + n);
        text.push_str(&format!("{no},张胜,{phone},贵州省遵义市道真县玉溪镇解放路1号\n"));
    }
    let extract = tempfile::NamedTempFile::with_suffix(".csv").unwrap();
    fs::write(extract.path(), text).unwrap();
    (desk, extract)
}

/// The first file below a folder whose path has this in it and that holds something; a journal, something to be rolled back: until then its head
/// is zero.
fn filled(folder: &Path, what: &str) -> Option<PathBuf> {
    let hot = |p: &PathBuf| {
        let mut head = [0];
        fs::File::open(p).and_then(|mut f| f.read_exact(&mut head)).is_ok() && head != [0]
    };
    let filled = |p: &PathBuf| if what == JOURNAL { hot(p) } else { fs::metadata(p).is_ok_and(|m| m.len() > 0) };
    let holds = |p: &PathBuf| p.to_string_lossy().contains(what) && filled(p);
    files(folder).into_iter().find(holds)
}

/// Kills a command as soon as a file of that name holds something, and gives that file.
fn killed(desk: &Desk, command: &[&str], lines: &[&str], what: &str) -> PathBuf {
    let folder = desk.folder.path();
    // It may have been quicker than we are.
    for _ in 0..20 {
        let mut child = desk.begin(&[command, &["--staff", "wangmin"]].concat(), lines);
        while filled(folder, what).is_none() && child.try_wait().unwrap().is_none() {
            std::thread::yield_now();
        }
        child.kill().unwrap();
        child.wait().unwrap();
        if let Some(left) = filled(folder, what) {
            return left;
        }
    }
    panic!("{command:?} was never killed while there was {what}");
}

/// What `doctor` says of what killed runs left.
fn swept(desk: &Desk, password: &str) -> String {
    let said = fine(desk.say(&["doctor", "--staff", "wangmin", "--json"], &[password])).json();
    let found = said.as_array().unwrap().iter().find(|f| f["check"] == "scratch").unwrap();
    found["text"].as_str().unwrap().to_owned()
}

#[test]
fn nothing_a_killed_command_leaves_tells_of_a_customer_of_an_encrypted_file() {
    let (desk, extract) = crowded();
    let extract = extract.path().to_str().unwrap();
    let before = fine(as_manager(&desk, &["find", "6000000001"])).out;
    let left = killed(&desk, &["import", extract], &[FIRST], JOURNAL);
    assert!(fs::metadata(left).unwrap().len() > 4_096, "the journal holds pages");
    assert_eq!(telling(&desk), Vec::<PathBuf>::new(), "a save cut off");
    fine(as_manager(&desk, &["import", extract]));
    for (command, lines, what) in [
        (&["backup"][..], &[FIRST][..], "guitai-backup-"),
        (&["backup"], &[FIRST], ".db.part"),
        (&["rekey"], &[FIRST, FIRST], "is.db"),
        (&["restore", "--drill"], &[FIRST], "drill.db"),
    ] {
        if what == "drill.db" {
            fine(as_manager(&desk, &["backup"]));
        }
        let left = killed(&desk, command, lines, what);
        assert_eq!(telling(&desk), Vec::<PathBuf>::new(), "{command:?}, {}", left.display());
    }
    assert!(swept(&desk, FIRST).contains("已用零覆盖"));
    assert_eq!(swept(&desk, FIRST), "没有");
    assert_eq!(fs::read_dir(desk.path("tmp")).unwrap().count(), 0);
    assert_eq!(fine(as_manager(&desk, &["find", "6000000001"])).out, before);
}

#[test]
fn the_plain_copies_of_a_killed_encrypt_or_decrypt_are_overwritten_by_who_comes_next() {
    let (desk, extract) = crowded();
    fine(as_manager(&desk, &["import", extract.path().to_str().unwrap()]));
    let decrypt = ["decrypt", "--second", "hegui"];
    let zeroed = |mut held: fs::File| {
        let mut bytes = Vec::new();
        held.read_to_end(&mut bytes).unwrap();
        !bytes.is_empty() && bytes.iter().all(|b| *b == 0)
    };
    // By doctor.
    let left = killed(&desk, &decrypt, &[FIRST, SECOND], "is.db");
    let held = fs::File::open(left).unwrap();
    assert!(swept(&desk, FIRST).contains("已用零覆盖"));
    assert!(zeroed(held));
    assert_eq!(telling(&desk), Vec::<PathBuf>::new());
    // By the next command that needs such a folder.
    let left = killed(&desk, &decrypt, &[FIRST, SECOND], "is.db");
    let held = fs::File::open(left).unwrap();
    fine(as_manager(&desk, &["backup"]));
    assert!(zeroed(held));
    assert_eq!(telling(&desk), Vec::<PathBuf>::new());
    // And one that comes to its end leaves nothing.
    fine(desk.say(&[&decrypt[..], &["--staff", "wangmin"]].concat(), &[FIRST, SECOND]));
    assert_eq!(fs::read_dir(desk.path("tmp")).unwrap().count(), 0);
    let again = ["encrypt"];
    let left = killed(&desk, &again, &[FIRST, "Hong-ri-2028-1"], "was.db");
    let held = fs::File::open(left).unwrap();
    // The process that copies may live a moment longer; nobody takes its file from under it.
    while filled(&desk.path("tmp"), "was.db").is_some() {
        fine(as_manager(&desk, &["doctor"]));
    }
    assert!(zeroed(held));
    assert_eq!(fs::read_dir(desk.path("tmp")).unwrap().count(), 0);
}

//! A place to run the binary in: its own config and state folders, its own branch file.

use serde_json::Value;
use std::fs;
use std::io::Write;
use std::path::PathBuf;
use std::process::{Child, Command, Output, Stdio};
use tempfile::TempDir;

pub struct Desk {
    pub folder: TempDir,
}

/// How a run ended.
pub struct Run {
    pub code: i32,
    pub out: String,
    pub err: String,
}

/// It did what it was told.
pub fn done(run: &Run) {
    assert_eq!(run.code, 0, "{}{}", run.out, run.err);
}

impl Run {
    pub fn json(&self) -> Value {
        assert_eq!(self.code, 0, "{}{}", self.out, self.err);
        serde_json::from_str(&self.out).unwrap_or_else(|e| panic!("{e}: {}", self.out))
    }
}

impl From<Output> for Run {
    fn from(o: Output) -> Run {
        Run {
            code: o.status.code().unwrap(),
            out: String::from_utf8(o.stdout).unwrap(),
            err: String::from_utf8(o.stderr).unwrap(),
        }
    }
}

/// An extract of two customers: a birthday on the day of the tests, a surname of two readings.
pub const CUSTOMERS: &str = "客户号,姓名,证件类型,证件号,手机,地址,开户日,开户机构\n\
    6000000001,张胜,居民身份证,520325196611212452,13985210001,贵州省遵义市道真县玉溪镇解放路1号,20190301,道真农商银行营业部\n\
    6000000002,单雄,居民身份证,11010519491231002X,13985210002,贵州省遵义市道真县旧城镇河滨路2号,2020/05/06,道真农商银行营业部\n";

impl Desk {
    /// A desk without a branch file.
    pub fn bare() -> Desk {
        Desk { folder: tempfile::tempdir().unwrap() }
    }

    /// A desk with an empty branch file of one member of staff.
    pub fn new() -> Desk {
        let desk = Desk::bare();
        let made = desk.run(&[
            "init",
            "branch.db",
            "--plain",
            "--branch",
            "道真支行",
            "--staff",
            "wangmin:王敏:branch_manager",
        ]);
        assert_eq!(made.code, 0, "{}", made.err);
        desk
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub fn write(&self, name: &str, bytes: impl AsRef<[u8]>) {
        fs::write(self.path(name), bytes).unwrap();
    }

    fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_guitai"));
        command
            .args(args)
            .current_dir(self.folder.path())
            .env_remove("GUITAI_DB")
            .env_remove("GUITAI_CONFIG")
            .env("HOME", self.folder.path())
            .env("XDG_CONFIG_HOME", self.path("config"))
            .env("XDG_STATE_HOME", self.path("state"))
            .stdin(Stdio::null());
        if self.path("tmp").is_dir() {
            command.env("TMPDIR", self.path("tmp"));
        }
        command
    }

    /// Starts a command without a branch file named, and says nothing of it.
    pub fn start(&self, args: &[&str]) -> Child {
        self.command(args).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap()
    }

    /// Runs a command without a branch file named.
    pub fn run(&self, args: &[&str]) -> Run {
        self.command(args).output().unwrap().into()
    }

    /// Runs a command on the desk's branch file, with the business day of the tests.
    pub fn on(&self, args: &[&str]) -> Run {
        self.command(args).args(["--db", "branch.db", "--today", "2026-11-21"]).output().unwrap().into()
    }

    /// Runs a command on the desk's branch file with passwords, one a line, on standard input.
    pub fn say(&self, args: &[&str], lines: &[&str]) -> Run {
        self.begin(args, lines).wait_with_output().unwrap().into()
    }

    /// Starts such a command.
    pub fn begin(&self, args: &[&str], lines: &[&str]) -> Child {
        let mut command = self.command(args);
        if !args.contains(&"init") && !args.contains(&"--db") {
            command.args(["--db", "branch.db", "--today", "2026-11-21"]);
        }
        command.args(["--password-fd", "0"]).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let mut stdin = child.stdin.take().unwrap();
        // One that is refused before it reads leaves a closed pipe.
        let _ = lines.iter().try_for_each(|line| writeln!(stdin, "{line}"));
        drop(stdin);
        child
    }
}

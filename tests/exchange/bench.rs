//! A branch file to import into, and a look at what is in it.

use chrono::NaiveDate;
use guitai::domain::ids::{CustomerId, StaffId};
use guitai::domain::staff::{Role, Staff};
use guitai::exchange::extract::import::{ImportError, Options, import};
use guitai::exchange::extract::report::Report;
use guitai::index::row::Row;
use guitai::store::customers::{self, Opened};
use guitai::store::open::{File, Mode, Station};
use guitai::store::request::{Answer, Ask, Stamp};
use guitai::store::workbench;
use std::path::{Path, PathBuf};
use tempfile::TempDir;

pub const CUSTOMERS: &str = "客户号,姓名,证件类型,证件号,手机,地址,开户日,开户机构";
pub const FIGURES: &str = "客户号,数据日期,活期,定期,理财,基金,保险,国债,AUM时点,AUM月日均";

pub struct Bench {
    pub dir: TempDir,
    pub file: File,
}

pub fn today() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 11, 21).unwrap()
}

pub fn stamp() -> Stamp {
    Stamp::new(StaffId(0), today().and_hms_opt(9, 0, 0).unwrap(), today())
}

pub fn data(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/exchange/data").join(name)
}

impl Bench {
    pub fn new() -> Bench {
        let dir = tempfile::tempdir().unwrap();
        let first = Staff::new("wangmin", "王敏", Role::AccountManager);
        let station = Station::new("test", 1);
        let file = File::create(&dir.path().join("a.db"), "道真支行", &first, &stamp(), &station).unwrap();
        Bench { dir, file }
    }

    pub fn path(&self) -> PathBuf {
        self.dir.path().join("a.db")
    }

    /// Opens the file anew, as another workstation would.
    pub fn again(&mut self) {
        self.file = File::open(&self.path(), Mode::Write, &Station::new("test", 2)).unwrap();
    }

    /// Copies a sample, so that its rejects file does not land among the sources.
    pub fn sample(&self, name: &str) -> PathBuf {
        let to = self.dir.path().join(name);
        std::fs::copy(data(name), &to).unwrap();
        to
    }

    pub fn put(&self, name: &str, text: impl AsRef<[u8]>) -> PathBuf {
        let to = self.dir.path().join(name);
        std::fs::write(&to, text).unwrap();
        to
    }

    pub fn try_import(&mut self, paths: &[PathBuf], dry_run: bool) -> Result<Vec<Report>, ImportError> {
        let stamp = Stamp { by: self.staff(), ..stamp() };
        import(&mut self.file, paths, &Options { stamp, dry_run }, &mut |_| {})
    }

    pub fn import(&mut self, paths: &[PathBuf]) -> Vec<Report> {
        self.try_import(paths, false).unwrap()
    }

    /// Imports the text of one file.
    pub fn import_text(&mut self, text: impl AsRef<[u8]>) -> Report {
        let path = self.put("in.csv", text);
        self.import(&[path]).remove(0)
    }

    pub fn workbench(&mut self) -> workbench::Opened {
        match self.file.answer(&Ask::Workbench(workbench::Ask::Open)) {
            Answer::Workbench(workbench::Answer::Opened(o)) => *o,
            other => panic!("{other:?}"),
        }
    }

    pub fn staff(&mut self) -> StaffId {
        self.workbench().staff[0].id
    }

    pub fn rows(&mut self) -> Vec<Row> {
        match self.file.answer(&Ask::Workbench(workbench::Ask::Rows)) {
            Answer::Workbench(workbench::Answer::Rows(rows)) => rows,
            other => panic!("{other:?}"),
        }
    }

    pub fn open(&mut self, id: CustomerId) -> Opened {
        match self.file.answer(&Ask::Customers(customers::Ask::Open { id, today: today() })) {
            Answer::Customers(customers::Answer::Opened(o)) => *o,
            other => panic!("{other:?}"),
        }
    }

    pub fn by_no(&mut self, no: &str) -> Opened {
        let id = self.rows().into_iter().find(|r| r.no == no).unwrap_or_else(|| panic!("no customer {no}")).id;
        self.open(id)
    }

    /// Everything a reader can see of the customers, to compare before and after.
    pub fn everything(&mut self) -> String {
        let mut rows = self.rows();
        rows.sort_by(|a, b| a.no.cmp(&b.no));
        let seq = self.workbench().seq;
        let opened: Vec<_> = rows.iter().map(|r| self.open(r.id)).collect();
        format!("{seq} {opened:#?}")
    }
}

/// Counts as (rows, new, changed, unchanged, rejected).
pub fn counts(r: &Report) -> (u64, u64, u64, u64, u64) {
    (r.rows, r.new, r.changed, r.unchanged, r.rejected)
}

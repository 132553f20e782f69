//! How the errors below become the failures that the seam knows.

use super::refuse::OpenError;
use super::request::Failure;
use crate::domain::text::Complaint;
use rusqlite::ErrorCode;
use rusqlite::ffi::{SQLITE_CONSTRAINT_FOREIGNKEY, SQLITE_READONLY_DBMOVED, SQLITE_READONLY_ROLLBACK};

impl Failure {
    /// A rule says no.
    pub fn refused(zh: impl Into<String>, en: impl Into<String>) -> Failure {
        Failure::Refused(Complaint::new(zh, en))
    }
}

impl From<Complaint> for Failure {
    fn from(complaint: Complaint) -> Self {
        Failure::Refused(complaint)
    }
}

impl From<rusqlite::Error> for Failure {
    fn from(e: rusqlite::Error) -> Self {
        match e.sqlite_error_code() {
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => Failure::Busy,
            Some(ErrorCode::OperationInterrupted) => Failure::GaveWay,
            Some(ErrorCode::DiskFull) => Failure::Full,
            // SQLite says read-only when it could not see whether the file is still in its place (drive.md 4.1).
            Some(ErrorCode::ReadOnly) if e.sqlite_extended_error_code() == Some(SQLITE_READONLY_DBMOVED) => {
                Failure::Drive(e.to_string())
            }
            // A colleague's save looks cut off to who only reads, until it is done.
            Some(ErrorCode::ReadOnly) if e.sqlite_extended_error_code() == Some(SQLITE_READONLY_ROLLBACK) => {
                Failure::Busy
            }
            Some(ErrorCode::ReadOnly | ErrorCode::PermissionDenied) => Failure::ReadOnly,
            Some(ErrorCode::ConstraintViolation) => match e.sqlite_extended_error_code() {
                Some(SQLITE_CONSTRAINT_FOREIGNKEY) => Failure::Gone,
                _ => Failure::refused(
                    "已经有同样编号的一条，没有再写。",
                    "There is one of the same number already; nothing was written.",
                ),
            },
            Some(ErrorCode::DatabaseCorrupt) => Failure::Torn(e.to_string()),
            _ => Failure::Drive(e.to_string()),
        }
    }
}

impl From<serde_json::Error> for Failure {
    fn from(e: serde_json::Error) -> Self {
        Failure::Drive(e.to_string())
    }
}

impl From<OpenError> for Failure {
    fn from(e: OpenError) -> Self {
        match e {
            OpenError::Busy => Failure::Busy,
            OpenError::NoRoom => Failure::Full,
            OpenError::Foreign(_) | OpenError::Locked(_) | OpenError::WrongKey(_) => Failure::Replaced,
            OpenError::Newer { .. } => Failure::Newer,
            OpenError::Unfinished => Failure::Busy,
            OpenError::Damaged(what) => Failure::Torn(what),
            other => Failure::Drive(other.to_string()),
        }
    }
}

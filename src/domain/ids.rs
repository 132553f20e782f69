//! Row ids, a type a table, so that a customer's id is never taken for a colleague's. An id is 63
//! bits made by the workstation (`store::ids`): 42 bits of milliseconds since 2020, 10 of station,
//! 11 of counter. How they are made does not live here.

use serde::{Deserialize, Serialize};

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident)*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub i64);
    )*};
}

ids! {
    /// A customer's archive.
    CustomerId
    /// A member of staff.
    StaffId
    /// A contact in the ledger.
    ContactId
    /// A row that belongs to an archive: family member, occasion, link, remark.
    PartId
    /// A task of one's own.
    TaskId
    /// A batch (an import, a bulk change).
    BatchId
    /// An operation: one save, tried again or not, has one.
    OpId
}

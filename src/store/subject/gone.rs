//! Nothing is written any more about who was erased.

use super::rights::is_erased;
use crate::domain::ids::CustomerId;
use crate::store::request::{Ask, Failure};
use crate::store::{agenda, contacts, customers, keepers};
use rusqlite::Connection;

/// Refuses to write about somebody who was erased.
///
/// # Errors
/// It is about one of them.
pub fn guard(conn: &Connection, ask: &Ask) -> Result<(), Failure> {
    use {agenda::Ask as A, customers::Ask as C, keepers::Ask as K};
    let about: Vec<CustomerId> = match ask {
        Ask::Customers(C::Save { id, .. } | C::Part { customer: id, .. } | C::Hold { id, .. })
        | Ask::Contacts(contacts::Ask::Log { customer: id, .. })
        | Ask::Agenda(A::HandOver { customer: id, .. })
        | Ask::Keepers(K::Propose { customer: id, .. }) => vec![*id],
        Ask::Customers(C::Keeper { ids, .. }) | Ask::Keepers(K::ProposeByRules { ids, .. }) => ids.clone(),
        Ask::Keepers(K::Assign { given, .. }) => given.iter().map(|g| g.customer).collect(),
        Ask::Agenda(A::Keep { task, .. }) => task.customer.into_iter().collect(),
        Ask::Subject(super::Ask::Consent { customer, .. } | super::Ask::Take { customer, .. }) => vec![*customer],
        _ => Vec::new(),
    };
    for customer in about {
        if is_erased(conn, customer)? {
            return Err(Failure::refused(
                "这位客户的个人信息已按本人请求删除，不能再登记。",
                "The personal data of this customer was erased at their own request; nothing is written down any more.",
            ));
        }
    }
    Ok(())
}

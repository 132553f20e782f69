//! What is left of an archive for one who may only greet the customer: name, form of address, tier, keeper, masked numbers. Nothing else of
//! it leaves the store for them.

use super::Opened;
use crate::domain::consent::Consent;
use crate::domain::customer::{Customer, Standing};
use crate::domain::subject::Privacy;
use crate::domain::values::document::Document;
use crate::domain::values::phone;

/// The archive without what is not shown.
pub fn only(o: &Opened) -> Opened {
    let c = &o.customer;
    let customer = Customer {
        id: c.id,
        rev: c.rev,
        no: c.no.clone(),
        name: c.name.clone(),
        sex: c.sex,
        sort: c.sort,
        owner: c.owner,
        assistant: c.assistant,
        phone: if c.phone.is_empty() { String::new() } else { phone::mask(&c.phone) },
        document: c.document.as_ref().map(|d| Document { kind: d.kind, number: d.masked() }),
        notes: c
            .notes
            .iter()
            .filter(|(key, _)| key.as_str() == "salutation")
            .map(|(k, v)| (k.clone(), v.clone()))
            .collect(),
        ..Customer::default()
    };
    let standing = Standing { tier: o.standing.tier, ..Standing::default() };
    Opened {
        customer,
        standing,
        parts: Vec::new(),
        household: None,
        linked: Vec::new(),
        contacts: Vec::new(),
        contacts_total: 0,
        figures: Vec::new(),
        changes: Vec::new(),
        due: Vec::new(),
        // Who greets must know what the customer does not want.
        privacy: Privacy {
            said: o.privacy.said.iter().map(|s| Consent { evidence: String::new(), ..s.clone() }).collect(),
            ..Privacy::default()
        },
    }
}

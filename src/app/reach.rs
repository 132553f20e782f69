//! How far the one who works here reaches: whom they may open in full, and who may instead. Which command takes which right is in `rights`.

use super::shared::Shared;
use crate::domain::rights::{About, Action, Eyes};
use crate::store::customers::Opened;

/// The branch as the one who works here sees it; nothing before somebody does.
pub fn eyes(s: &Shared) -> Option<Eyes<'_>> {
    Some(Eyes { staff: s.staff(), delegates: s.delegates(), by: s.me?, today: s.today() })
}

/// Where the customer of an archive stands: who keeps them, and whose hands a line about them lies in.
pub fn about(o: &Opened) -> About {
    About {
        owner: o.customer.owner,
        assistant: o.customer.assistant,
        tier: o.standing.tier,
        hands: o.due.iter().filter_map(|i| i.owner).collect(),
    }
}

/// Who may instead, where the one who works here may not open this archive in full.
pub fn kept_from(s: &Shared, o: &Opened) -> Option<String> {
    let refused = eyes(s)?.allow(Action::Open, Some(&about(o))).err()?;
    Some(refused.get(s.lang).to_owned())
}

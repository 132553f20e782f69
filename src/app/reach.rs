//! How far the one who works here reaches: whom they may open in full, and who may instead. Which command takes which right is in `rights`.

use super::shared::Shared;
use crate::domain::rights::{Action, Eyes};
use crate::domain::sight::Sight;
use crate::store::customers::Opened;

/// The branch as the one who works here sees it; nothing before somebody does.
pub fn eyes(s: &Shared) -> Option<Eyes<'_>> {
    Some(Eyes { staff: s.staff(), delegates: s.delegates(), by: s.me?, today: s.today() })
}

/// Whose figures the one who works here sees; nobody's before somebody does.
pub fn sight(s: &Shared) -> Sight {
    eyes(s).map_or_else(Sight::none, |eyes| Sight::of(&eyes, Action::Open))
}

/// Lets the index tell what the one who works here sees, and says whether that is another sight than before.
pub fn look(s: &mut Shared) -> bool {
    let sight = sight(s);
    s.index.as_mut().is_some_and(|index| index.look(sight))
}

/// Who may instead, where the one who works here may not open this archive in full.
pub fn kept_from(s: &Shared, o: &Opened) -> Option<String> {
    let refused = eyes(s)?.allow(Action::Open, Some(&o.about())).err()?;
    Some(refused.get(s.lang).to_owned())
}

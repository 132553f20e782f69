//! Words at the door and for the second person's word: why a password was not taken.

use crate::app::shared::Shared;
use crate::domain::text::t;
use crate::store::secret::SignInError;
use chrono::NaiveDateTime;

/// What was refused, with the time that is left of a wait.
pub fn refused(s: &Shared, until: Option<NaiveDateTime>, error: &SignInError) -> String {
    let left = until.map_or(0, |until| (until - s.now).num_seconds().max(0));
    let error = match error {
        SignInError::Wait(_) if left == 0 => {
            return s.say(t("现在可以再试了", "You may try again now")).to_owned();
        }
        SignInError::Wrong { staff, .. } => SignInError::Wrong { staff: staff.clone(), wait: left },
        SignInError::Wait(_) => SignInError::Wait(left),
        other => other.clone(),
    };
    match (error.complaint(), &error) {
        (Some(words), _) => words.get(s.lang).to_owned(),
        (None, SignInError::Failed(failure)) => super::failure(s.lang, failure),
        (None, _) => s.say(t("不能登录，请再试", "Not signed in; try again")).to_owned(),
    }
}

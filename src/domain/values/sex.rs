//! 性别, as an ID card says it. Whose it is does not live here.

use crate::domain::text::{Text, t};
use serde::{Deserialize, Serialize};

/// 性别
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Sex {
    /// 男
    Male,
    /// 女
    Female,
}

impl Sex {
    /// The code stored and given out.
    pub const fn code(self) -> &'static str {
        match self {
            Sex::Male => "male",
            Sex::Female => "female",
        }
    }

    /// The word on screen.
    pub const fn label(self) -> Text {
        match self {
            Sex::Male => t("男", "Male"),
            Sex::Female => t("女", "Female"),
        }
    }
}

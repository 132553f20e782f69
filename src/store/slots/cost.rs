//! How long a password is stretched before it opens anything: Argon2id and its parameters.

use super::error::SlotError;
use argon2::{Algorithm, Argon2, Params, Version};
use zeroize::Zeroizing;

/// The most memory a file may ask for, in KiB: 1 GiB.
const MOST_MEMORY: u32 = 1 << 20;
/// The most passes and lanes a file may ask for.
const MOST_PASSES: u32 = 16;

/// The parameters of Argon2id.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cost {
    memory: u32,
    passes: u32,
    lanes: u32,
}

impl Cost {
    /// For a password of staff: 64 MiB, three passes; some 150 ms (drive.md 5.1).
    pub const STAFF: Cost = Cost { memory: 64 << 10, passes: 3, lanes: 1 };
    /// For a recovery code, typed once in years: 256 MiB, three passes.
    pub const RECOVERY: Cost = Cost { memory: 256 << 10, passes: 3, lanes: 1 };
    /// The least there is, for trials: no protection at all.
    pub const TRIAL: Cost = Cost { memory: 8, passes: 1, lanes: 1 };

    /// Of this many KiB, passes and lanes; `None` beyond what a workstation can bear, so that a file put there by somebody cannot ask for more.
    pub fn new(memory: u32, passes: u32, lanes: u32) -> Option<Cost> {
        let bearable = (8..=MOST_MEMORY).contains(&memory)
            && (1..=MOST_PASSES).contains(&passes)
            && (1..=MOST_PASSES).contains(&lanes)
            && memory >= 8 * lanes;
        bearable.then_some(Cost { memory, passes, lanes })
    }

    /// Memory in KiB, passes, lanes.
    pub fn numbers(self) -> [u32; 3] {
        [self.memory, self.passes, self.lanes]
    }

    /// The secret, stretched to a key.
    ///
    /// # Errors
    /// The memory is not there.
    pub fn stretch(self, secret: &[u8], salt: &[u8; 16]) -> Result<Zeroizing<[u8; 32]>, SlotError> {
        let params = Params::new(self.memory, self.passes, self.lanes, Some(32)).map_err(|_| SlotError::Damaged)?;
        let mut out = Zeroizing::new([0; 32]);
        Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
            .hash_password_into(secret, salt, out.as_mut())
            .map_err(|_| SlotError::Damaged)?;
        Ok(out)
    }
}

/// The two costs of a slot file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Costs {
    /// Of a password of staff.
    pub staff: Cost,
    /// Of a recovery code.
    pub recovery: Cost,
}

impl Costs {
    /// Those of a real file.
    pub const REAL: Costs = Costs { staff: Cost::STAFF, recovery: Cost::RECOVERY };
    /// Those of trials.
    pub const TRIAL: Costs = Costs { staff: Cost::TRIAL, recovery: Cost::TRIAL };
}

//! Lines and a basis to try, as their sheet holds them, and their fields.

use crate::domain::archive::typed::pick;
use crate::domain::field::{Choice, Ctx, Field, Kind};
use crate::domain::text::{Complaint, t};
use crate::domain::tier::{Basis, Lines, Tier};
use crate::domain::values::money::Fen;

/// The lines and the basis as the sheet holds them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TrialDraft {
    /// Which figure.
    pub basis: Basis,
    /// Which lines.
    pub lines: Lines,
}

/// What the figure may be.
static BASES: &[Choice] = &[
    Choice { code: "monthly_average", label: t("月日均", "monthly average") },
    Choice { code: "balance", label: t("时点余额", "balance") },
];

/// The field of the lower line of a tier.
const fn line(code: &'static str, tier: Tier) -> Field<TrialDraft> {
    Field::new(code, tier.label(), Kind::Line(16), read, write)
}

fn read(d: &TrialDraft, code: &'static str) -> String {
    Tier::parse(code).and_then(|x| d.lines.lower(x)).map(Lines::text).unwrap_or_default()
}

fn write(d: &mut TrialDraft, code: &'static str, text: &str, _: Ctx<'_>) -> Result<(), Complaint> {
    let typed: Fen = Lines::typed(text)?;
    if let Some(line) = Tier::parse(code).and_then(|x| d.lines.0.get_mut(x.rank().checked_sub(1)?)) {
        *line = typed;
    }
    Ok(())
}

/// The fields.
pub static TRIAL: [Field<TrialDraft>; 6] = [
    line("small", Tier::Small),
    line("ordinary", Tier::Ordinary),
    line("potential", Tier::Potential),
    line("vip", Tier::Vip),
    line("big", Tier::Big),
    Field::new(
        "basis",
        t("口径", "Basis"),
        Kind::Pick(BASES),
        |d, _| if d.basis == Basis::Balance { "balance".to_owned() } else { "monthly_average".to_owned() },
        |d, _, s, _| {
            d.basis = if pick(BASES, s)? == "balance" { Basis::Balance } else { Basis::MonthlyAverage };
            Ok(())
        },
    ),
];

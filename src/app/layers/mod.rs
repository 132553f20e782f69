//! Layers stand on top of the panes, a stack of them; the top one gets the keys. A layer answers with data
//! ([`then::Reaction`]); what becomes of it is decided by [`then::Then`], in the machine.

pub mod audit;
pub mod call;
pub mod chooser;
pub mod clash;
pub mod confirm;
pub mod door;
pub mod merging;
pub mod orphans;
pub mod planned;
pub mod reading;
pub mod results;
pub mod second;
pub mod sheet;
pub mod then;
pub mod twins;

pub use reading::Reading;

/// A layer.
#[derive(Debug, Clone, PartialEq)]
pub enum Layer {
    /// A list to choose from: pick lists, palette, menu, help, parked forms.
    Chooser(chooser::Chooser),
    /// Yes or no.
    Confirm(confirm::Confirm),
    /// A small form.
    Sheet(Box<sheet::Sheet>),
    /// Logging a contact in four keystrokes.
    Call(call::Call),
    /// A colleague was first.
    Clash(Box<clash::Clashing>),
    /// Text to read: messages, print preview.
    Reading(reading::Reading),
    /// Customers without the right keeper.
    Orphans(Box<orphans::Orphans>),
    /// Archives that may be one person's.
    Twins(Box<twins::Twins>),
    /// The change log.
    Audit(Box<audit::Audit>),
    /// What the branch's facts come to.
    Results(Box<results::Results>),
    /// Two archives side by side.
    Merging(Box<merging::Merging>),
    /// What a batch would do.
    Planned(Box<planned::Planned>),
    /// The second person's word.
    Second(Box<second::Second>),
    /// Taking in extracts; what it holds outlives the layer (`app::imports`).
    Imports,
}

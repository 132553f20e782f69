//! What a layer says to a key, and what is to be done with what it gives. Who does it is the machine.

use crate::domain::agenda::{Item, Mark};
use crate::domain::consent::{Channel, Purpose};
use crate::domain::entitlement::Verdict;
use crate::domain::family::PartRow;
use crate::domain::ids::{CustomerId, StaffId};
use crate::store::keepers::Given;
use chrono::NaiveDate;

/// Where one goes when unsaved edits are forgotten.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Next {
    /// To another archive.
    Open(CustomerId),
    /// Nowhere: the archive stays, as it was read.
    Stay,
    /// The sheet on top is closed.
    CloseSheet,
    /// Out of the program.
    Quit,
}

/// What the change log is narrowed by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Narrow {
    /// By whom.
    Staff,
    /// Days.
    Days,
    /// What was done.
    Doing,
}

/// What is to be done with what a layer gives.
#[derive(Debug, Clone, PartialEq)]
pub enum Then {
    /// Nothing.
    Nothing,
    /// Put the chosen value into the field in focus, of the form below.
    Field,
    /// Run the command with this name (the chosen code).
    Run,
    /// Search for the chosen text.
    Search,
    /// Sort the hits by the chosen order.
    SortHits,
    /// List the customers of the chosen move of a trial.
    Flow,
    /// Open the archive of the chosen customer.
    OpenCustomer,
    /// Make the columns of the board what was chosen.
    GroupBy,
    /// Forget unsaved edits and go on.
    DropEdits(Next),
    /// Leave the program.
    Quit,
    /// Work as the chosen colleague.
    Me,
    /// Use the chosen theme.
    Theme,
    /// Take the chosen parked form up again.
    Unpark,
    /// Give these customers to the chosen colleague.
    Keeper(Vec<CustomerId>),
    /// Hold a customer at a tier.
    Hold(CustomerId),
    /// Mark a line of the queue; the sheet says until when, to whom, why.
    Mark {
        /// The line.
        key: String,
        /// About whom.
        customer: Option<CustomerId>,
        /// The mark, its date or person filled from the sheet.
        mark: Mark,
    },
    /// Record the chosen result of a contract that matures.
    Stay {
        /// Its line.
        key: String,
        /// Whose.
        customer: CustomerId,
        /// Their name.
        name: String,
    },
    /// Hand a customer's matter to a colleague.
    HandOver(CustomerId),
    /// Do what was chosen with a customer changing hands.
    Transfer(Box<Item>),
    /// Propose that a customer goes to a colleague.
    Propose(CustomerId),
    /// Refuse a hand-over.
    Refuse(i64, CustomerId),
    /// Take a hand-over back, or keep the customer.
    Withdraw(i64, CustomerId),
    /// Open the chosen archive.
    Open,
    /// Show who would get these by the rules.
    Plan(Vec<CustomerId>),
    /// Show who would get all those without the right keeper by the rules.
    PlanAll,
    /// Propose hand-overs by the rules for these.
    ProposeByRules(Vec<CustomerId>),
    /// Give each of these to its keeper.
    Assign(Vec<Given>),
    /// The chosen colleague leaves; ask who takes over.
    Leaver,
    /// The chosen colleague takes over from this one; none chosen, the rules say who.
    Heir(StaffId),
    /// This one leaves; all goes to that one, or by the rules.
    Leave(StaffId, Option<StaffId>),
    /// End the chosen delegation, or begin a new one.
    Delegation,
    /// Somebody stands in, as the sheet says.
    Delegate,
    /// Put a field back to what it was before a change.
    PutBack {
        /// The change.
        seq: i64,
        /// The field.
        field: String,
    },
    /// Save the sheet below although somebody like them is known.
    CreateAnyway,
    /// Add a part of the chosen kind to the archive shown.
    AddPart,
    /// Remove a part of an archive.
    RemovePart {
        /// The row as it was read.
        row: Box<PartRow>,
    },
    /// Keep a text as a remark on a customer; the sheet it was typed in is done with.
    KeepNote {
        /// On whom.
        customer: CustomerId,
        /// What was typed.
        text: String,
    },
    /// Take in the files looked into.
    TakeIn,
    /// Stop the import under way.
    StopImport,
    /// Take an import back.
    UndoImport(i64),
    /// Read the chosen header for the column under the cursor.
    Column,
    /// Forget the columns matched so far.
    DropMapping,
    /// Show these two side by side, the one that stays first.
    Compare(CustomerId, CustomerId),
    /// Merge the two side by side below.
    Merge,
    /// Merge them although their documents differ.
    MergeAnyway,
    /// Part a merged archive.
    Unmerge(CustomerId),
    /// These are two people.
    Apart(CustomerId, CustomerId),
    /// These may be one person again.
    Together(CustomerId, CustomerId),
    /// Ask why the chosen field of this customer is to be shown in full.
    Unmask(CustomerId),
    /// Show this field of a customer in full, for the chosen reason.
    Reveal(CustomerId, String),
    /// Propose an entitlement of this customer, or go to the chosen one.
    Entitle(CustomerId),
    /// Do what was chosen with this entitlement.
    Entitled(Box<PartRow>),
    /// Say this to an entitlement; the sheet says why.
    Decide(Box<PartRow>, Verdict),
    /// Do what was chosen about the rights of this customer.
    Subject(CustomerId),
    /// The customer agreed to this; the sheet says by what evidence.
    Agree(CustomerId, Purpose, Channel),
    /// The customer withdraws this.
    Withdraws(CustomerId, Purpose, Channel),
    /// Erase this customer, who asked for it.
    Erase(CustomerId),
    /// Print the access report of this customer with numbers in full.
    Bare(CustomerId),
    /// Print the page below, which has more lines than one person may take out alone.
    Print,
    /// Narrow the change log by what was chosen.
    Audit(Narrow),
    /// Lay down the targets on the sheet: whose, the branch's without anybody, and in which month.
    Goals(Option<StaffId>, NaiveDate),
    /// Save the sheet: what it holds says what.
    Save,
}

/// What a layer says to a key.
#[derive(Debug, Clone, PartialEq)]
pub enum Reaction {
    /// It stays.
    Stay,
    /// It goes, nothing else happens.
    Close,
    /// It goes and gives something, for its [`Then`].
    Chosen(Then, String),
    /// It goes; yes was said.
    Yes(Then),
    /// It is to be saved; it stays until it is.
    Submit,
    /// A pick list for the field in focus is wanted.
    PickList,
}

//! What changes from one set of rules and facts to another: decisions and levels, each with its cause, a short reason, and
//! the facts and rules that differ.
//!
//! `translation` says what the values of one side are on the other; `corner` is rules with facts, ready to be asked; `asked`
//! lists whom and what to ask about, of which `reach` and `narrow` leave what may change; `comparison` asks both sides and finds causes, `standings` compares levels, and `trace`
//! follows a change down to what differs. `text` and `json` tell it.

mod asked;
mod comparison;
mod corner;
pub mod json;
mod narrow;
mod reach;
mod standings;
pub mod text;
mod trace;
mod translation;

pub use asked::{Asked, Kinds, NamedRequest, Scope};
pub use comparison::{Comparing, Comparison, Varied};
pub use corner::Corner;
pub use reach::requests as reached;
pub use standings::{Incomparable, LevelKeys};
pub use translation::carried;

/// A decision or a level that changes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// The id of the user.
    pub user: String,
    /// Their display name.
    pub name: Option<String>,
    /// What changes.
    pub subject: Subject,
    /// Whether something is gained: allowed, or a higher level. Else it is lost.
    pub gained: bool,
    /// What it comes from.
    pub cause: Cause,
    /// The rule that gives what is gained, or takes or gave what is lost, and what it says.
    pub reason: Option<Reason>,
    /// What the reason rests on that one side has and the other has not; some, where there is much.
    pub changed: Vec<Changed>,
}

/// What changes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Subject {
    /// A decision.
    Decision {
        /// What the user wants to do.
        action: String,
        /// What to, with its entity: `chat:c17`.
        resource: String,
        /// The display name of that.
        resource_name: Option<String>,
        /// The id of the rule that decides before: `default` where none does.
        before: String,
        /// The same after.
        after: String,
    },
    /// A level.
    Level {
        /// What the level is about: fields with their values.
        key: Vec<(String, String)>,
        /// How high it is before, and why.
        before: Stand,
        /// The same after.
        after: Stand,
    },
}

impl Subject {
    /// Whether it is a level.
    pub fn is_level(&self) -> bool {
        matches!(self, Subject::Level { .. })
    }
}

/// How high a level is, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stand {
    /// The level.
    pub level: String,
    /// The id of the rule that gives it, or takes every level away: `default` where none does.
    pub rule: String,
    /// The role that gives it.
    pub role: Option<String>,
    /// The rule or relation by which the user holds the role.
    pub held: Option<String>,
}

/// What a change comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Cause {
    /// The new data alone bring it about, the new rules alone do not.
    Data,
    /// The new rules alone bring it about, the new data alone do not.
    Rules,
    /// Each alone brings it about.
    Either,
    /// Neither alone brings it about.
    Both,
}

impl Cause {
    /// All of them.
    pub const ALL: [Cause; 4] = [Cause::Data, Cause::Rules, Cause::Either, Cause::Both];

    /// As it is written.
    pub fn name(self) -> &'static str {
        match self {
            Cause::Data => "data",
            Cause::Rules => "rules",
            Cause::Either => "either",
            Cause::Both => "both",
        }
    }
}

/// How many changes there are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Of decisions and levels, lost and gained, by cause.
    counts: [[[u64; Cause::ALL.len()]; 2]; 2],
}

impl Tally {
    /// Counts a change.
    pub fn add(&mut self, change: &Change) {
        let kind = usize::from(change.subject.is_level());
        self.counts[kind][usize::from(change.gained)][change.cause as usize] += 1;
    }

    /// Of decisions or levels those gained or lost, by cause.
    pub fn of(&self, levels: bool, gained: bool) -> [u64; Cause::ALL.len()] {
        self.counts[usize::from(levels)][usize::from(gained)]
    }

    /// Whether anything is gained, or lost.
    pub fn any(&self, gained: bool) -> bool {
        [false, true].iter().any(|levels| self.of(*levels, gained).iter().any(|count| *count > 0))
    }
}

/// What a rule says about a change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reason {
    /// The id of the rule.
    pub rule: String,
    /// Its explanation, or what it concludes.
    pub sentence: String,
    /// Where it stands.
    pub place: String,
    /// Whether it holds after the change; else it held before.
    pub after: bool,
}

/// A fact or a rule that one side has and the other has not.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Changed {
    /// Whether the new side has it; else the old one had.
    pub added: bool,
    /// Whether it is a rule.
    pub is_rule: bool,
    /// A fact as it is written in rules, or the id of a rule.
    pub what: String,
    /// Where it stands.
    pub place: String,
}

//! What must be known before facts are told: who is no person, which departments and groups are inactive, where departments
//! stand, which types roles name, and which chats an activity belongs to.

use std::collections::{BTreeMap, BTreeSet};

use rustc_hash::FxHashMap;

use crate::bitrix24::catalog::Set;
use crate::bitrix24::reason::Reason;

/// The entities whose things may be left out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum LeftOut {
    User,
    Department,
    UserGroup,
}

impl LeftOut {
    /// The entity of that name, if its things may be left out.
    pub fn named(entity: &str) -> Option<LeftOut> {
        match entity {
            "user" => Some(LeftOut::User),
            "department" => Some(LeftOut::Department),
            "user_group" => Some(LeftOut::UserGroup),
            _ => None,
        }
    }
}

/// What was learned. An entry for each thing left out, and sixteen bytes for each session with an activity.
#[derive(Default)]
pub(super) struct Learned {
    left_out: FxHashMap<(LeftOut, u64), Reason>,
    sets: BTreeMap<Set, BTreeSet<String>>,
    /// Activities and their chats.
    activities: Vec<(u64, u64)>,
    /// So many of them are sorted.
    sorted: usize,
    /// Whether the values of user fields are there, and nothing tells which of them are departments.
    pub field_is_unknown: bool,
}

impl Learned {
    /// The thing does not exist for the policy.
    pub fn leave_out(&mut self, entity: LeftOut, id: &str, reason: Reason) {
        if let Ok(id) = id.parse() {
            self.left_out.insert((entity, id), reason);
        }
    }

    /// The text belongs to the set.
    pub fn remember(&mut self, set: Set, text: String) {
        self.sets.entry(set).or_default().insert(text);
    }

    /// A session of the chat has the activity.
    pub fn activity(&mut self, activity: &str, chat: &str) {
        if let (Ok(activity), Ok(chat)) = (activity.parse::<u64>(), chat.parse::<u64>())
            && activity > 0
        {
            self.activities.push((activity, chat));
        }
    }

    /// Everything was read that teaches.
    pub fn finish(&mut self) {
        if self.set(Set::DepartmentField).is_none() {
            // Where users have one field with several values, it is that of their departments.
            match self.set(Set::UserFields) {
                Some(fields) if fields.len() == 1 => {
                    let field = fields.clone();
                    self.sets.insert(Set::DepartmentField, field);
                }
                fields => self.field_is_unknown = fields.is_some(),
            }
        }
    }

    /// Why facts about the thing are left out, if they are.
    #[inline]
    pub fn why_left_out(&self, entity: LeftOut, id: &str) -> Option<Reason> {
        if self.left_out.is_empty() {
            return None;
        }
        self.left_out.get(&(entity, id.parse().ok()?)).copied()
    }

    /// Whether the set has the text.
    pub fn has(&self, set: Set, text: &str) -> bool {
        self.set(set).is_some_and(|set| set.contains(text))
    }

    /// The texts of a set; `None` where there are none.
    pub fn set(&self, set: Set) -> Option<&BTreeSet<String>> {
        self.sets.get(&set)
    }

    /// The chats whose sessions have the activity, of those that are known by now.
    pub fn chats(&mut self, activity: &str) -> impl Iterator<Item = u64> {
        if self.sorted < self.activities.len() {
            self.activities.sort_unstable();
            self.activities.dedup();
            self.activities.shrink_to_fit();
            self.sorted = self.activities.len();
        }
        let activity = activity.parse().unwrap_or(0);
        let from = self.activities.partition_point(|(other, _)| *other < activity);
        self.activities[from..].iter().take_while(move |(other, _)| *other == activity).map(|(_, chat)| *chat)
    }
}

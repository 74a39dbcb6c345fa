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
    /// The place of the last one that was asked for.
    last: usize,
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
        if let Ok(activity @ 1..) = activity.parse()
            && let Ok(chat) = chat.parse()
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

    /// The activity with each chat whose sessions have it, of those that are known by now. Costs the logarithm of how far
    /// it lies behind the last activity that was asked for, and of all where it lies before.
    pub fn chats(&mut self, activity: &str) -> &[(u64, u64)] {
        if self.sorted < self.activities.len() {
            self.activities.sort_unstable();
            self.activities.dedup();
            self.activities.shrink_to_fit();
            self.sorted = self.activities.len();
            self.last = 0;
        }
        let activity = activity.parse().unwrap_or(0);
        let is_before = |(other, _): &(u64, u64)| *other < activity;
        let (before, behind) = self.activities.split_at(self.last);
        // Bindings mostly stand in the order of their activities.
        let from = if behind.first().is_some_and(is_before) {
            let mut reach = 1;
            while behind.get(reach).is_some_and(is_before) {
                reach *= 2;
            }
            let near = &behind[reach / 2..behind.len().min(reach)];
            self.last + reach / 2 + near.partition_point(is_before)
        } else if before.last().is_none_or(is_before) {
            self.last
        } else {
            before.partition_point(is_before)
        };
        self.last = from;
        let found = &self.activities[from..];
        &found[..found.iter().take_while(|(other, _)| *other == activity).count()]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chats_of_activities_are_found_in_whatever_order_they_are_asked_for() {
        let mut learned = Learned::default();
        for (activity, chat) in [("7", "1"), ("3", "2"), ("7", "0"), ("0", "4"), ("9", "5"), ("x", "6"), ("3", "2")] {
            learned.activity(activity, chat);
        }
        let mut chats =
            |activity: &str| -> Vec<u64> { learned.chats(activity).iter().map(|(_, chat)| *chat).collect() };
        assert_eq!(chats("9"), [5]);
        assert_eq!(chats("7"), [0, 1]);
        assert_eq!(chats("7"), [0, 1]);
        assert_eq!(chats("3"), [2]);
        assert_eq!(chats("8"), [0; 0]);
        assert_eq!(chats("10"), [0; 0]);
        assert_eq!(chats("7"), [0, 1]);
        assert_eq!(chats(""), [0; 0]);
        assert_eq!(chats("9"), [5]);
        learned.activity("8", "10");
        for number in 100..1_000 {
            learned.activity(&(2 * number).to_string(), &number.to_string());
        }
        let mut chats = |activity: u64| learned.chats(&activity.to_string()).to_vec();
        assert_eq!([chats(8), chats(9), chats(3)].concat(), [(8, 10), (9, 5), (3, 2)]);
        let asked = (0..3_000).map(|number| number * 1_103 % 2_100);
        for number in asked.filter(|number| *number >= 10) {
            let expected =
                if (200..2_000).contains(&number) && number % 2 == 0 { Some((number, number / 2)) } else { None };
            assert_eq!(chats(number), expected.into_iter().collect::<Vec<_>>(), "{number}");
        }
    }
}

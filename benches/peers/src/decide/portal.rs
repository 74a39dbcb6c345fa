//! The facts about channels, chats and calls, with what was computed beforehand, by names.

use std::collections::{BTreeMap, BTreeSet};

use rolecall::compiler::program::{Program, RelationId, Type};
use rolecall::data::{Database, Tag, Value};

use crate::dense::{Action, Dense};
use crate::measure::Outcome;

/// The actions whose level the policies ask for.
pub const LEVELS: [(&str, Action); 12] = [
    ("channel.view", Action::ChannelView),
    ("channel.edit", Action::ChannelEdit),
    ("channel.connect", Action::ChannelConnect),
    ("access.edit", Action::AccessEdit),
    ("canned_response.use", Action::CannedResponseUse),
    ("statistics.view", Action::StatisticsView),
    ("history.view", Action::HistoryView),
    ("chat.join", Action::ChatJoin),
    ("chat.rate", Action::ChatRate),
    ("call.view", Action::CallView),
    ("recording.listen", Action::RecordingListen),
    ("recording.delete", Action::RecordingDelete),
];

/// Names of things.
pub type Names = BTreeSet<String>;

/// The portal.
pub struct Portal {
    pub users: BTreeMap<String, User>,
    /// Department to the departments directly above.
    pub departments: BTreeMap<String, Names>,
    pub channels: BTreeMap<String, Thing>,
    pub chats: BTreeMap<String, Thing>,
    pub calls: BTreeMap<String, Thing>,
}

/// Someone who may ask.
pub struct User {
    pub active: bool,
    pub administrator: bool,
    pub works_in: Names,
    pub belongs_to: Names,
    /// In the order of [`LEVELS`].
    pub levels: [u8; LEVELS.len()],
}

/// A channel, chat or call.
pub struct Thing {
    /// The users of each relation to it, by the name that the policies use.
    pub people: BTreeMap<&'static str, Names>,
    /// Where those people work, directly, through whom the level department covers it; the inactive left out.
    pub departments: Names,
}

impl Portal {
    /// Reads the facts, and computes the levels.
    pub fn read(program: &Program, database: &Database) -> Outcome<Portal> {
        let reader = Reader { program, database };
        let dense = Dense::derive(program, database)?;
        let users = reader.users(&dense)?;
        let departments = reader.groups("department", "department_parent", 0, 1)?;
        let things = |entity: &'static str, through: &'static str, people: &[(&'static str, &str, usize)]| {
            reader.things(entity, through, people, &users)
        };
        let channels = things("channel", "queue", &[("queue", "channel_queue", 0), ("editors", "channel_editor", 0)])?;
        let chats = things("chat", "agents", &[("agents", "chat_agent", 0), ("members", "chat_member", 0)])?;
        let calls = things("call", "agents", &[("agents", "call_agent", 0), ("drive", "drive_access", 1)])?;
        Ok(Portal { users, departments, channels, chats, calls })
    }

    /// The department and all above it.
    pub fn above<'p>(&'p self, department: &'p str, above: &mut BTreeSet<&'p str>) {
        if above.insert(department) {
            let parents = self.departments.get(department).into_iter().flatten();
            parents.for_each(|parent| self.above(parent, above));
        }
    }
}

struct Reader<'d> {
    program: &'d Program,
    database: &'d Database,
}

impl Reader<'_> {
    fn relation(&self, name: &str) -> Outcome<RelationId> {
        Ok(self.program.relation_named(name).ok_or_else(|| format!("no input is called `{name}`"))?)
    }

    fn name(&self, value: Value) -> String {
        self.database.symbols.text(value).to_owned()
    }

    fn column(&self, relation: &str, column: usize) -> Outcome<Names> {
        let relation = self.relation(relation)?;
        debug_assert!(matches!(self.program.relation(relation).fields[column].ty, Type::Entity(_)));
        Ok(self.database.table(relation).rows().map(|row| self.name(row[column])).collect())
    }

    /// For each thing of an entity with its fact, what stands beside it in a relation.
    fn groups(&self, entity: &str, relation: &str, key: usize, value: usize) -> Outcome<BTreeMap<String, Names>> {
        let names = self.column(entity, 0)?;
        let mut groups: BTreeMap<String, Names> = names.into_iter().map(|name| (name, Names::new())).collect();
        for row in self.database.table(self.relation(relation)?).rows() {
            if let Some(group) = groups.get_mut(&self.name(row[key])) {
                group.insert(self.name(row[value]));
            }
        }
        Ok(groups)
    }

    fn users(&self, dense: &Dense) -> Outcome<BTreeMap<String, User>> {
        let user = self.program.entity_named("user").ok_or("no entity is called `user`")?;
        let (inactive, administrators) = (self.column("inactive", 0)?, self.column("administrator", 0)?);
        let mut works = self.groups("user", "works_in", 0, 1)?;
        let heads = self.groups("user", "department_head", 1, 0)?;
        let mut users = BTreeMap::new();
        for (name, headed) in heads {
            let value = self.database.symbols.find(Tag::thing(user), &name).ok_or("a user without a symbol")?;
            let works_in = works.remove(&name).unwrap_or_default();
            let belongs_to = works_in.union(&headed).cloned().collect();
            let levels = LEVELS.map(|(_, action)| dense.effective_level(value, action));
            let (active, administrator) = (!inactive.contains(&name), administrators.contains(&name));
            users.insert(name, User { active, administrator, works_in, belongs_to, levels });
        }
        Ok(users)
    }

    fn things(
        &self,
        entity: &str,
        through: &'static str,
        people: &[(&'static str, &str, usize)],
        users: &BTreeMap<String, User>,
    ) -> Outcome<BTreeMap<String, Thing>> {
        let names = self.column(entity, 0)?.into_iter();
        let mut things: BTreeMap<String, Thing> =
            names.map(|name| (name, Thing { people: BTreeMap::new(), departments: Names::new() })).collect();
        for (called, relation, key) in people {
            for (name, group) in self.groups(entity, relation, *key, 1 - key)? {
                let Some(thing) = things.get_mut(&name) else { continue };
                if *called == through {
                    let active = group.iter().filter_map(|user| users.get(user)).filter(|user| user.active);
                    thing.departments = active.flat_map(|user| user.works_in.iter().cloned()).collect();
                }
                thing.people.insert(called, group);
            }
        }
        Ok(things)
    }
}

//! The names that data may use, ready to be looked up, and the checks on whole facts.

use rustc_hash::FxHashMap;

use crate::compiler::program::{EntityId, EnumId, Program, RelationId, RelationKind, Type};
use crate::compiler::source::Sources;
use crate::facts::levels::Levels;

/// The names of a program. Built once for all files.
pub(super) struct Words<'p> {
    pub program: &'p Program,
    pub levels: Levels,
    relations: FxHashMap<&'p str, RelationId>,
    entities: FxHashMap<&'p str, EntityId>,
    actions: FxHashMap<&'p str, u32>,
    members: Vec<FxHashMap<&'p str, u32>>,
}

impl<'p> Words<'p> {
    pub fn new(program: &'p Program, sources: &Sources) -> Words<'p> {
        Words {
            program,
            levels: Levels::new(program, sources),
            relations: numbered(program.relations.iter().map(|relation| &relation.name), RelationId),
            entities: numbered(program.entities.iter().map(|entity| &entity.name), EntityId),
            actions: numbered(program.actions.iter().map(|action| &action.name), |number| number),
            members: program.enums.iter().map(|declared| numbered(declared.members.iter(), |place| place)).collect(),
        }
    }

    pub fn relation(&self, name: &str) -> Option<RelationId> {
        self.relations.get(name).copied()
    }

    pub fn entity(&self, name: &str) -> Option<EntityId> {
        self.entities.get(name).copied()
    }

    pub fn action(&self, name: &str) -> Option<u32> {
        self.actions.get(name).copied()
    }

    pub fn member(&self, declared: EnumId, name: &str) -> Option<u32> {
        self.members[declared.index()].get(name).copied()
    }

    pub fn input_names(&self) -> impl Iterator<Item = &'p str> {
        let inputs = self.program.relations.iter().filter(|relation| relation.kind == RelationKind::Input);
        inputs.map(|relation| relation.name.as_str())
    }

    pub fn entity_names(&self) -> impl Iterator<Item = &'p str> {
        self.program.entities.iter().map(|entity| entity.name.as_str())
    }

    pub fn action_names(&self) -> impl Iterator<Item = &'p str> {
        self.program.actions.iter().map(|action| action.name.as_str())
    }

    pub fn member_names(&self, declared: EnumId) -> impl Iterator<Item = &'p str> {
        self.program.enums[declared.index()].members.iter().map(String::as_str)
    }

    /// What a value of that type looks like in data.
    pub fn describe(&self, ty: Type) -> String {
        match ty {
            Type::Text => "a text".to_owned(),
            Type::Int => "an integer".to_owned(),
            Type::Action => "the name of an action".to_owned(),
            Type::Resource => "a thing, as \"user:anna\" or {\"type\": \"user\", \"id\": \"anna\"}".to_owned(),
            Type::Entity(_) => format!("the id of a {}", self.program.type_name(ty)),
            Type::Enum(_) => format!("a member of `{}`", self.program.type_name(ty)),
        }
    }
}

fn numbered<'p, N>(names: impl Iterator<Item = &'p String>, number: impl Fn(u32) -> N) -> FxHashMap<&'p str, N> {
    names.enumerate().map(|(place, name)| (name.as_str(), number(place as u32))).collect()
}

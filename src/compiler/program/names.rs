//! Every declared name by what it stands for, so that a rule is checked without a look at other rules.
//! A name in dispute (declared twice, differently) is known, but nothing is concluded from it.

use rustc_hash::FxHashMap;

use super::vocabulary;
use super::{ActionId, EntityId, EnumId, Program, Relation, RelationId, RelationKind, Type};

/// What an action is done to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Target {
    /// Any entity.
    Any,
    /// One.
    Entity(EntityId),
    /// A mistake in its declaration hides it.
    Unknown,
}

/// The place of an action in a relation, and the place of the thing it is done to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Pair {
    /// Of type `action`.
    pub action: usize,
    /// Of type `resource`; in `allow` and its like also of one entity.
    pub thing: usize,
}

/// What a rule needs to know about a relation.
#[derive(Debug)]
pub(super) struct Places {
    /// The type of each; none where a mistake in the declaration hides it.
    pub types: Vec<Option<Type>>,
    /// The action and its thing.
    pub pair: Option<Pair>,
    /// Declared twice, differently.
    pub disputed: bool,
}

impl Places {
    /// The places of a relation whose declaration is without mistake.
    pub fn of(relation: &Relation) -> Places {
        let types: Vec<_> = relation.fields.iter().map(|field| Some(field.ty)).collect();
        Places { pair: pair(&types, vocabulary::is_about_requests(relation)), types, disputed: false }
    }
}

/// The first action and the first resource behind it, else before it. In `allow` and its like the
/// thing may be of one entity; elsewhere an entity beside an action can mean anything.
pub(super) fn pair(types: &[Option<Type>], about_requests: bool) -> Option<Pair> {
    let action = types.iter().position(|ty| *ty == Some(Type::Action))?;
    let is_resource = |ty: &Option<Type>| *ty == Some(Type::Resource);
    let behind = types[action..].iter().position(is_resource).map(|at| at + action);
    let thing = behind.or_else(|| types.iter().position(is_resource)).or(about_requests.then_some(2))?;
    Some(Pair { action, thing })
}

/// All names of a program.
#[derive(Debug, Default)]
pub(super) struct Names {
    /// Types by name; none for one in dispute.
    pub types: FxHashMap<String, Option<Type>>,
    /// Actions by name.
    pub actions: FxHashMap<String, ActionId>,
    /// Relations by name.
    pub relations: FxHashMap<String, RelationId>,
    /// By [`EnumId`]: the places of its members.
    pub members: Vec<FxHashMap<String, u32>>,
    /// By [`ActionId`].
    pub targets: Vec<Target>,
    /// By [`RelationId`].
    pub places: Vec<Places>,
}

impl Names {
    /// Only what the language itself names.
    pub fn built_in() -> Names {
        let built_in =
            [("text", Type::Text), ("int", Type::Int), ("action", Type::Action), ("resource", Type::Resource)];
        let types = built_in.into_iter().map(|(name, ty)| (name.to_string(), Some(ty))).collect();
        Names { types, ..Names::default() }
    }

    /// The names of a checked program.
    pub fn of(program: &Program) -> Names {
        let mut names = Names::built_in();
        for (number, entity) in program.entities.iter().enumerate() {
            names.types.insert(entity.name.clone(), Some(Type::Entity(EntityId(number as u32))));
        }
        for (number, declared) in program.enums.iter().enumerate() {
            names.types.insert(declared.name.clone(), Some(Type::Enum(EnumId(number as u32))));
            let members = declared.members.iter().enumerate();
            names.members.push(members.map(|(place, member)| (member.clone(), place as u32)).collect());
        }
        for (number, action) in program.actions.iter().enumerate() {
            names.actions.insert(action.name.clone(), ActionId(number as u32));
            names.targets.push(action.on.map_or(Target::Any, Target::Entity));
        }
        for (number, relation) in program.relations.iter().enumerate() {
            names.relations.insert(relation.name.clone(), RelationId(number as u32));
            names.places.push(Places::of(relation));
        }
        names
    }

    /// What a relation's places hold.
    pub fn places(&self, relation: RelationId) -> &Places {
        &self.places[relation.index()]
    }

    /// The entity of that name.
    pub fn entity(&self, name: &str) -> Option<EntityId> {
        match self.types.get(name) {
            Some(Some(Type::Entity(entity))) => Some(*entity),
            _ => None,
        }
    }

    /// The place of a member in its enum.
    pub fn member(&self, of: EnumId, name: &str) -> Option<u32> {
        self.members[of.index()].get(name).copied()
    }

    /// Every type in which a bare name is a value: `action`, and enums with that member.
    pub fn types_of_value(&self, name: &str) -> Vec<Type> {
        let action = self.actions.contains_key(name).then_some(Type::Action);
        let enums = self.members.iter().enumerate().filter(|(_, members)| members.contains_key(name));
        action.into_iter().chain(enums.map(|(number, _)| Type::Enum(EnumId(number as u32)))).collect()
    }
}

/// Whether facts of it are kept, so that a literal of it gives variables their values.
pub(super) fn is_stored(kind: RelationKind) -> bool {
    match kind {
        RelationKind::Input | RelationKind::Relation => true,
        RelationKind::Decision => false,
    }
}

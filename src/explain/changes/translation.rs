//! What the values of one program and its facts are to another program and its facts: the same names and texts. The numbers
//! of two databases have nothing to do with each other.

use rustc_hash::FxHashMap;

use crate::compiler::program::{ActionId, EntityId, Program, RelationId, RelationKind, Type};
use crate::data::{Database, FactOrigin, Symbols, Tag, Value};

/// The names of one program as numbers of another; none where that does not have them.
#[derive(Debug)]
pub struct Translation {
    entities: Vec<Option<EntityId>>,
    actions: Vec<Option<ActionId>>,
    /// By enum and member.
    members: Vec<Vec<Option<Value>>>,
    /// Those whose fields mean the same.
    relations: Vec<Option<RelationId>>,
}

impl Translation {
    /// Compares the names of two programs.
    pub fn between(from: &Program, to: &Program) -> Translation {
        let entities: Vec<_> = from.entities.iter().map(|entity| to.entity_named(&entity.name)).collect();
        let members = |of: &crate::compiler::program::Enum| {
            let other = to.enums.iter().find(|other| other.name == of.name);
            let place = |member: &String| other?.members.iter().position(|other| other == member);
            of.members.iter().map(|member| place(member).map(|place| Value(place as u32))).collect()
        };
        let same = |left: Type, right: Type| match (left, right) {
            (Type::Entity(left), Type::Entity(right)) => entities[left.index()] == Some(right),
            (Type::Enum(left), Type::Enum(right)) => from.enums[left.index()].name == to.enums[right.index()].name,
            (left, right) => left == right,
        };
        let relations = from.relations.iter().map(|relation| {
            to.relation_named(&relation.name).filter(|other| {
                let others = &to.relation(*other).fields;
                let mut fields = relation.fields.iter().zip(others);
                relation.fields.len() == others.len() && fields.all(|(left, right)| same(left.ty, right.ty))
            })
        });
        Translation {
            relations: relations.collect(),
            actions: from.actions.iter().map(|action| to.action_named(&action.name)).collect(),
            members: from.enums.iter().map(members).collect(),
            entities,
        }
    }

    /// The relation of that name, if its fields mean the same.
    pub fn relation(&self, relation: RelationId) -> Option<RelationId> {
        self.relations[relation.index()]
    }

    fn tag(&self, tag: Tag) -> Option<Tag> {
        match tag.entity() {
            None => Some(Tag::TEXT),
            Some(entity) => self.entities[entity.index()].map(Tag::thing),
        }
    }

    /// A value of that type, where the other facts or rules name it.
    pub fn value(&self, ty: Type, value: Value, from: &Symbols, to: &Symbols) -> Option<Value> {
        match ty {
            Type::Action => self.actions[value.index()].map(|action| Value(action.0)),
            Type::Enum(id) => self.members[id.index()][value.index()],
            Type::Int => to.find_integer(from.known_integer(value)?),
            Type::Text | Type::Resource | Type::Entity(_) => to.find(self.tag(from.tag(value))?, from.text(value)),
        }
    }
}

/// The facts of data, without those of rule files, as facts of another program, beside those that its rule files state.
///
/// What the other program has no name for is left out: its rules can't ask for it. Costs a pass over the facts.
pub fn carried(from: &Program, facts: &Database, to: &Program) -> Database {
    let translation = Translation::between(from, to);
    let mut carried = Database::new(to);
    let files: Vec<_> = facts.files().map(|name| carried.begin_file(name)).collect();
    let mut known: FxHashMap<Value, Option<Value>> = FxHashMap::default();
    for (number, relation) in from.relations.iter().enumerate() {
        let id = RelationId(number as u32);
        let input = |other: &RelationId| to.relation(*other).kind == RelationKind::Input;
        let Some(other) = translation.relation(id).filter(input) else { continue };
        for (row_number, row) in (0..).zip(facts.given_rows(id)) {
            let FactOrigin::Record(file, record) = facts.origin(id, row_number) else { continue };
            let mut carry = |(value, ty): (&Value, Type)| match ty {
                Type::Action | Type::Enum(_) => translation.value(ty, *value, &facts.symbols, &carried.symbols),
                Type::Int => Some(carried.symbols.intern_integer(facts.symbols.integer(*value))),
                Type::Text | Type::Resource | Type::Entity(_) => *known.entry(*value).or_insert_with(|| {
                    let tag = translation.tag(facts.symbols.tag(*value))?;
                    Some(carried.symbols.intern(tag, facts.symbols.text(*value)))
                }),
            };
            let types = relation.fields.iter().map(|field| field.ty);
            let values: Option<Vec<Value>> = row.iter().zip(types).map(&mut carry).collect();
            if let Some(values) = values {
                carried.add(other, &values, files[file.0 as usize], record);
            }
        }
    }
    carried
}

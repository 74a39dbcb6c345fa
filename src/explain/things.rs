//! The things that a question about everybody or everything goes over.

use rustc_hash::FxHashSet;

use crate::compiler::program::{EntityId, Program, RelationId, RelationKind, Type};
use crate::data::{Database, Guests, Tag, Value};
use crate::engine::Model;

/// The relation that administrators of the portal are named by.
const ADMINISTRATOR: &str = "administrator";

/// The relation that says which things of an entity exist: it has the name of the entity, and its first field is one.
pub fn own_relation(program: &Program, entity: EntityId) -> Option<RelationId> {
    let name = &program.entities[entity.index()].name;
    program.relation_named(name).filter(|relation| {
        let relation = program.relation(*relation);
        let first = relation.fields.first().map(|field| field.ty);
        relation.kind != RelationKind::Decision && first == Some(Type::Entity(entity))
    })
}

/// The things of an entity, sorted by id: those that have their own fact; where the policy has no such fact, those that
/// any fact mentions; of an entity with a single thing that one.
///
/// A pass over its facts, or over all facts of relations that may mention one, and a sort.
pub fn things(model: &Model, guests: &mut Guests, entity: EntityId) -> Vec<Value> {
    let (program, symbols) = (model.program, &model.database.symbols);
    let declared = &program.entities[entity.index()];
    if declared.single {
        return vec![guests.resolve(symbols, Tag::thing(entity), &declared.name)];
    }
    let found = match own_relation(program, entity) {
        Some(relation) => Distinct::of(model, model.rows(relation).map(|row| row[0])),
        None => mentioned(program, &model.database, entity),
    };
    found.sorted(&model.database)
}

/// The things of every entity, one entity after the other by name.
pub fn all_things(model: &Model, guests: &mut Guests) -> Vec<Value> {
    let mut entities: Vec<EntityId> = (0..model.program.entities.len() as u32).map(EntityId).collect();
    entities.sort_by_key(|entity| &model.program.entities[entity.index()].name);
    entities.into_iter().flat_map(|entity| things(model, guests, entity)).collect()
}

fn mentioned(program: &Program, database: &Database, entity: EntityId) -> Distinct {
    let mut found = Distinct::new(database);
    for (number, relation) in program.relations.iter().enumerate() {
        let columns = |(column, ty)| match ty {
            Type::Entity(other) => (other == entity).then_some(column),
            Type::Resource => Some(column),
            Type::Text | Type::Int | Type::Action | Type::Enum(_) => None,
        };
        let fields = relation.fields.iter().map(|field| field.ty).enumerate();
        let columns: Vec<usize> = fields.filter_map(columns).collect();
        if columns.is_empty() || relation.kind == RelationKind::Decision {
            continue;
        }
        for row in database.given_rows(RelationId(number as u32)) {
            for column in &columns {
                if database.symbols.tag(row[*column]) == Tag::thing(entity) {
                    found.add(row[*column]);
                }
            }
        }
    }
    found
}

/// A set of symbols, with a bit for each.
struct Distinct {
    bits: Vec<u64>,
}

impl Distinct {
    fn new(database: &Database) -> Distinct {
        Distinct { bits: vec![0; database.symbols.end().div_ceil(64)] }
    }

    fn of(model: &Model, values: impl Iterator<Item = Value>) -> Distinct {
        let mut found = Distinct::new(&model.database);
        values.for_each(|value| found.add(value));
        found
    }

    fn add(&mut self, value: Value) {
        self.bits[value.index() / 64] |= 1 << (value.index() % 64);
    }

    /// By id.
    fn sorted(&self, database: &Database) -> Vec<Value> {
        let places = self.bits.iter().enumerate();
        let values = places.flat_map(|(word, bits)| {
            (0..64).filter(move |bit| bits >> bit & 1 == 1).map(move |bit| Value((word * 64 + bit) as u32))
        });
        let mut texts: Vec<(&str, Value)> = values.map(|value| (database.symbols.text(value), value)).collect();
        texts.sort_unstable();
        texts.into_iter().map(|(_, value)| value).collect()
    }
}

/// The relation `administrator` of one field, which is of that entity.
pub fn administrator_relation(program: &Program, subject: EntityId) -> Option<RelationId> {
    program.relation_named(ADMINISTRATOR).filter(|relation| {
        let relation = program.relation(*relation);
        let [field] = &relation.fields[..] else { return false };
        relation.kind != RelationKind::Decision && field.ty == Type::Entity(subject)
    })
}

/// Whom that relation names.
pub fn administrators(model: &Model, relation: RelationId) -> FxHashSet<Value> {
    model.rows(relation).map(|row| row[0]).collect()
}

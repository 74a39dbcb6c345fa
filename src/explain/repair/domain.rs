//! The facts that may be added: their values are those that the data or the question knows, their levels legal.

use std::cell::RefCell;
use std::rc::Rc;

use rustc_hash::{FxHashMap, FxHashSet};

use crate::compiler::program::{RelationId, RelationKind, Type};
use crate::data::{Tag, Value};
use crate::decision::Request;
use crate::explain::repair::edit::Edit;
use crate::explain::repair::grade_place;
use crate::explain::world::{Fact, Ground, Pattern, Row, World};
use crate::facts::Levels;

/// What may stand at a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Kind {
    /// Things, or a text or integer of the fields of that name.
    Column(RelationId, usize),
    Of(Type),
}

/// The values that facts may be made of.
pub struct Domain<'d, 'm> {
    ground: &'d Ground<'m>,
    levels: &'d Levels,
    /// What rule files state, which is no data.
    stated: FxHashSet<Fact>,
    asked: [Value; 2],
    known: RefCell<FxHashMap<Kind, Rc<Vec<Value>>>>,
}

impl<'d, 'm> Domain<'d, 'm> {
    /// The values that the facts of the model and a request know.
    pub fn new(ground: &'d Ground<'m>, levels: &'d Levels, request: &Request) -> Domain<'d, 'm> {
        let (program, database) = (ground.program(), &ground.model.database);
        let mut stated = FxHashSet::default();
        for (number, facts) in program.facts.iter().enumerate() {
            let arity = program.relations[number].arity().max(1);
            let rows = facts.values.chunks_exact(arity).take(facts.spans.len());
            stated.extend(rows.map(|row| Fact {
                relation: RelationId(number as u32),
                row: row.iter().map(|constant| database.constant(*constant)).collect(),
            }));
        }
        Domain { ground, levels, stated, asked: [request.subject, request.resource], known: RefCell::default() }
    }

    /// Whether a fact can be taken away: not where a rule file states it.
    pub fn is_data(&self, fact: &Fact) -> bool {
        !self.stated.contains(fact)
    }

    /// The edits that add a fact of a pattern, which is not there. At most so many facts are tried; whether these are all.
    pub fn additions(
        &self,
        world: &World,
        relation: RelationId,
        pattern: &Pattern,
        most: usize,
        mut take: impl FnMut(&Row, Edit),
    ) -> bool {
        let mut rows: Vec<Row> = vec![Row::new()];
        for place in 0..pattern.len() {
            let values = match pattern[place] {
                Some(value) => Rc::new(vec![value]),
                None => self.values(relation, place),
            };
            let longer = rows.iter().flat_map(|row| {
                values.iter().map(move |value| {
                    let mut row = row.clone();
                    row.push(*value);
                    row
                })
            });
            rows = longer.take(most + 1).collect();
        }
        let whole = rows.len() <= most;
        let program = self.ground.program();
        for row in rows.into_iter().take(most) {
            let exact: Pattern = row.iter().copied().map(Some).collect();
            if self.levels.allow(program, relation, &row) && !world.has_fact(relation, &exact) {
                let edit = self.addition(world, relation, &row);
                take(&row, edit);
            }
        }
        whole
    }

    /// The edit that adds a fact: where one fact differs from it in the level alone, it takes its place.
    fn addition(&self, world: &World, relation: RelationId, row: &Row) -> Edit {
        let new = Fact { relation, row: row.clone() };
        let Some(place) = grade_place(self.ground.program(), relation) else { return Edit::Add(new) };
        let mut beside: Pattern = row.iter().copied().map(Some).collect();
        beside[place] = None;
        let mut rows = world.facts(relation, &beside);
        match (rows.pop(), rows.pop()) {
            (Some(row), None) if self.is_data(&Fact { relation, row: row.clone() }) => {
                Edit::Replace { old: Fact { relation, row }, new }
            }
            _ => Edit::Add(new),
        }
    }

    /// The edits that put another level in the place of that of a fact.
    pub fn replacements(&self, world: &World, old: &Fact) -> Vec<Edit> {
        let program = self.ground.program();
        let Some(place) = grade_place(program, old.relation) else { return Vec::new() };
        let Type::Enum(members) = program.relation(old.relation).fields[place].ty else { return Vec::new() };
        let levels = (0..program.enums[members.index()].members.len() as u32).map(Value);
        let other = |level: Value| {
            let mut row = old.row.clone();
            row[place] = level;
            row
        };
        let mut rows: Vec<Row> = levels.map(other).collect();
        rows.retain(|row| {
            let exact: Pattern = row.iter().copied().map(Some).collect();
            self.levels.allow(program, old.relation, row) && !world.has_fact(old.relation, &exact)
        });
        let replace = |row| Edit::Replace { old: old.clone(), new: Fact { relation: old.relation, row } };
        // Where several facts differ in the level alone, each stands for itself.
        let mut beside: Pattern = old.row.iter().copied().map(Some).collect();
        beside[place] = None;
        match world.facts(old.relation, &beside).len() {
            1 => rows.into_iter().map(replace).collect(),
            _ => Vec::new(),
        }
    }

    fn values(&self, relation: RelationId, place: usize) -> Rc<Vec<Value>> {
        let ty = self.ground.program().relation(relation).fields[place].ty;
        let kind = match ty {
            Type::Text | Type::Int => Kind::Column(relation, place),
            _ => Kind::Of(ty),
        };
        if let Some(known) = self.known.borrow().get(&kind) {
            return Rc::clone(known);
        }
        let values = Rc::new(self.collect(relation, place, ty));
        self.known.borrow_mut().insert(kind, Rc::clone(&values));
        values
    }

    fn collect(&self, relation: RelationId, place: usize, ty: Type) -> Vec<Value> {
        let program = self.ground.program();
        let mut values = match ty {
            Type::Enum(id) => (0..program.enums[id.index()].members.len() as u32).map(Value).collect(),
            Type::Action => (0..program.actions.len() as u32).map(Value).collect(),
            Type::Text | Type::Int => {
                let name = &program.relation(relation).fields[place].name;
                self.in_columns(|field, other| field == name && other == ty, |_| true)
            }
            Type::Entity(entity) => {
                let symbols = &self.ground.model.database.symbols;
                let fits = |value: Value| symbols.tag(value) == Tag::thing(entity);
                let mut values = self.in_columns(|_, other| matches!(other, Type::Entity(_) | Type::Resource), fits);
                values.extend(self.asked.into_iter().filter(|value| fits(*value)));
                values
            }
            Type::Resource => {
                let mut values =
                    self.in_columns(|_, other| matches!(other, Type::Entity(_) | Type::Resource), |_| true);
                values.extend(self.asked);
                values
            }
        };
        values.sort_unstable();
        values.dedup();
        values
    }

    /// The values in the columns of facts of inputs whose name and type fit.
    fn in_columns(&self, column: impl Fn(&String, Type) -> bool, fits: impl Fn(Value) -> bool) -> Vec<Value> {
        let (program, database) = (self.ground.program(), &self.ground.model.database);
        let mut values = Vec::new();
        for (number, relation) in program.relations.iter().enumerate() {
            if relation.kind != RelationKind::Input {
                continue;
            }
            let fitting = relation.fields.iter().enumerate().filter(|(_, field)| column(&field.name, field.ty));
            let places: Vec<usize> = fitting.map(|(place, _)| place).collect();
            if places.is_empty() {
                continue;
            }
            for row in database.given_rows(RelationId(number as u32)) {
                values.extend(places.iter().map(|place| row[*place]).filter(|value| fits(*value)));
            }
        }
        values
    }
}

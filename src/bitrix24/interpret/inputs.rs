//! The inputs that facts are told for, by number: how many facts each has got, and which of its places name something that may
//! not exist for the policy.

use crate::bitrix24::learned::{Learned, LeftOut};
use crate::bitrix24::reason::Reason;
use crate::compiler::program::{Program, RelationKind, Type};

/// The inputs met so far.
#[derive(Default)]
pub(in crate::bitrix24) struct Inputs(Vec<Input>);

struct Input {
    relation: &'static str,
    /// The places whose things may be left out.
    filtered: Vec<(usize, LeftOut)>,
    facts: u64,
}

impl Inputs {
    /// The number of an input.
    pub fn number(&mut self, program: &Program, relation: &'static str) -> usize {
        if let Some(number) = self.0.iter().position(|input| input.relation == relation) {
            return number;
        }
        self.0.push(Input { relation, filtered: filtered(program, relation), facts: 0 });
        self.0.len() - 1
    }

    /// Why a fact is left out, if it is: it is about something that does not exist for the policy.
    #[inline]
    pub fn why_left_out(&self, input: usize, row: &[&str], learned: &Learned) -> Option<Reason> {
        let mut places = self.0[input].filtered.iter();
        places.find_map(|(place, entity)| learned.why_left_out(*entity, row.get(*place)?))
    }

    /// An input got a fact; its name.
    #[inline]
    pub fn count(&mut self, input: usize) -> &'static str {
        let input = &mut self.0[input];
        input.facts += 1;
        input.relation
    }

    /// How many facts each input got that got any, by name.
    pub fn facts(&self) -> impl Iterator<Item = (&'static str, u64)> {
        self.0.iter().filter(|input| input.facts > 0).map(|input| (input.relation, input.facts))
    }
}

/// The places of a relation whose things may be left out. Who is assigned a role stands as it is stored: nobody belongs to
/// a department that is left out.
fn filtered(program: &Program, relation: &str) -> Vec<(usize, LeftOut)> {
    let Some(id) = program.relation_named(relation) else { return Vec::new() };
    let declared = program.relation(id);
    let left_out = |ty: Type| match ty {
        Type::Entity(entity) => LeftOut::named(&program.entities[entity.index()].name)
            .filter(|entity| *entity == LeftOut::User || !relation.starts_with("assigned_to_")),
        _ => None,
    };
    match declared.kind {
        RelationKind::Input => {
            let places = declared.fields.iter().enumerate();
            places.filter_map(|(place, field)| Some((place, left_out(field.ty)?))).collect()
        }
        RelationKind::Relation | RelationKind::Decision => Vec::new(),
    }
}

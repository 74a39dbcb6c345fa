//! Answers that a solver remembers: a fixed table in which a new answer takes the place of an old one.

use crate::compiler::program::RelationId;
use crate::data::Value;

/// How many answers are kept.
const PLACES: usize = 1 << 14;

/// Questions of more arguments are not remembered.
const LONGEST: usize = 4;

/// Decisions by their arguments. The model never changes, so an answer stays right as long as its arguments
/// mean the same.
#[derive(Debug)]
pub struct Memory {
    places: Vec<Remembered>,
    /// What was remembered in another generation is forgotten.
    generation: u32,
}

#[derive(Clone, Copy, Debug)]
struct Remembered {
    generation: u32,
    relation: u32,
    arguments: [Value; LONGEST],
    holds: bool,
}

const EMPTY: Remembered = Remembered { generation: 0, relation: 0, arguments: [Value(0); LONGEST], holds: false };

impl Memory {
    /// Nothing remembered yet.
    pub fn new() -> Memory {
        Memory { places: Vec::new(), generation: 1 }
    }

    /// Whether the decision holds, if that is remembered.
    #[inline]
    pub fn recall(&self, relation: RelationId, arguments: &[Value]) -> Option<bool> {
        let remembered = self.places.get(place(relation, arguments)?)?;
        let same = remembered.generation == self.generation
            && remembered.relation == relation.0
            && remembered.arguments[..arguments.len()] == *arguments;
        same.then_some(remembered.holds)
    }

    /// Remembers an answer.
    #[inline]
    pub fn remember(&mut self, relation: RelationId, arguments: &[Value], holds: bool) {
        let Some(place) = place(relation, arguments) else { return };
        if self.places.is_empty() {
            self.places = vec![EMPTY; PLACES];
        }
        let mut remembered = Remembered { generation: self.generation, relation: relation.0, holds, ..EMPTY };
        remembered.arguments[..arguments.len()].copy_from_slice(arguments);
        self.places[place] = remembered;
    }

    /// Forgets everything.
    pub fn forget(&mut self) {
        match self.generation.checked_add(1) {
            Some(generation) => self.generation = generation,
            None => *self = Memory::new(),
        }
    }
}

/// Where a question is kept, unless it is too long.
#[inline]
fn place(relation: RelationId, arguments: &[Value]) -> Option<usize> {
    if arguments.len() > LONGEST {
        return None;
    }
    let mix = |hash: u64, value: u32| (hash ^ u64::from(value)).wrapping_mul(0x9e37_79b9_7f4a_7c15).rotate_left(23);
    let hash = arguments.iter().fold(mix(0, relation.0), |hash, value| mix(hash, value.0));
    Some(hash as usize % PLACES)
}

//! Answers that a solver remembers: a fixed table in which a new answer takes the place of an old one.

use crate::data::Value;

/// How many answers are kept: so few that they stay in the nearest cache, and enough for the questions that one
/// request asks again, or the next about the same person.
const PLACES: usize = 1 << 9;

/// Questions of more arguments are not remembered.
const LONGEST: usize = 3;

/// Answers to goals by their arguments. The model never changes, so an answer stays right as long as its arguments
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
    goal: u32,
    arguments: [Value; LONGEST],
    answer: u32,
}

const EMPTY: Remembered = Remembered { generation: 0, goal: 0, arguments: [Value(0); LONGEST], answer: 0 };

impl Memory {
    /// Nothing remembered yet.
    pub fn new() -> Memory {
        Memory { places: vec![EMPTY; PLACES], generation: 1 }
    }

    /// The answer to a goal, if that is remembered.
    #[inline]
    pub fn recall(&self, goal: u32, arguments: &[Value]) -> Option<u32> {
        let remembered = self.places.get(place(goal, arguments)?)?;
        let same = remembered.generation == self.generation
            && remembered.goal == goal
            && remembered.arguments[..arguments.len()] == *arguments;
        same.then_some(remembered.answer)
    }

    /// Remembers an answer.
    #[inline]
    pub fn remember(&mut self, goal: u32, arguments: &[Value], answer: u32) {
        let Some(place) = place(goal, arguments) else { return };
        let mut remembered = Remembered { generation: self.generation, goal, answer, ..EMPTY };
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
fn place(goal: u32, arguments: &[Value]) -> Option<usize> {
    if arguments.len() > LONGEST {
        return None;
    }
    let mix = |hash: u64, value: u32| (hash ^ u64::from(value)).wrapping_mul(0x9e37_79b9_7f4a_7c15).rotate_left(23);
    let hash = arguments.iter().fold(mix(0, goal), |hash, value| mix(hash, value.0));
    Some(hash as usize % PLACES)
}

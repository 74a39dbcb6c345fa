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
    question: Question,
    answer: u32,
}

/// A goal and its arguments; where there are fewer, zeros follow.
type Question = [u32; 1 + LONGEST];

const EMPTY: Remembered = Remembered { generation: 0, question: [0; 1 + LONGEST], answer: 0 };

impl Memory {
    /// Nothing remembered yet.
    pub fn new() -> Memory {
        Memory { places: vec![EMPTY; PLACES], generation: 1 }
    }

    /// The answer to a goal, if that is remembered.
    #[inline]
    pub fn recall(&self, goal: u32, arguments: &[Value]) -> Option<u32> {
        let question = question(goal, arguments)?;
        let remembered = self.places.get(place(question))?;
        let same = remembered.generation == self.generation && remembered.question == question;
        same.then_some(remembered.answer)
    }

    /// Remembers an answer.
    #[inline]
    pub fn remember(&mut self, goal: u32, arguments: &[Value], answer: u32) {
        if let Some(question) = question(goal, arguments) {
            self.places[place(question)] = Remembered { generation: self.generation, question, answer };
        }
    }

    /// Forgets everything.
    pub fn forget(&mut self) {
        match self.generation.checked_add(1) {
            Some(generation) => self.generation = generation,
            None => *self = Memory::new(),
        }
    }
}

/// A question, unless it is too long. How many arguments a goal has is always the same.
#[inline]
fn question(goal: u32, arguments: &[Value]) -> Option<Question> {
    match *arguments {
        [] => Some([goal, 0, 0, 0]),
        [one] => Some([goal, one.0, 0, 0]),
        [one, two] => Some([goal, one.0, two.0, 0]),
        [one, two, three] => Some([goal, one.0, two.0, three.0]),
        _ => None,
    }
}

/// Where a question is kept.
#[inline]
fn place([goal, one, two, three]: Question) -> usize {
    let pair = |one: u32, two: u32| u64::from(one) << 32 | u64::from(two);
    let mix = |bits: u64| bits.wrapping_mul(0x9e37_79b9_7f4a_7c15).rotate_left(23);
    mix(mix(pair(goal, one)) ^ pair(two, three)) as usize % PLACES
}

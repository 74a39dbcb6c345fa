//! The values that a program names, each kept once.

use std::hash::BuildHasher;

use hashbrown::HashTable;
use rustc_hash::FxBuildHasher;

use super::{ActionId, EntityId, EnumId};

/// A value named in a program.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Constant {
    /// A text.
    Text(String),
    /// An integer.
    Int(i64),
    /// An action.
    Action(ActionId),
    /// A thing: its entity and id.
    Thing(EntityId, String),
    /// A member of an enum, by its place there.
    Member(EnumId, u32),
}

/// The number of a constant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ConstantId(pub u32);

/// Constants by number, each once.
#[derive(Debug, Default)]
pub struct Constants {
    values: Vec<Constant>,
    numbers: HashTable<u32>,
}

impl Constants {
    /// The number of a value, new or known.
    pub fn intern(&mut self, value: Constant) -> ConstantId {
        let hash = FxBuildHasher.hash_one(&value);
        if let Some(number) = self.numbers.find(hash, |number| self.values[*number as usize] == value) {
            return ConstantId(*number);
        }
        let number = self.values.len() as u32;
        let values = &self.values;
        self.numbers.insert_unique(hash, number, |number| FxBuildHasher.hash_one(&values[*number as usize]));
        self.values.push(value);
        ConstantId(number)
    }

    /// The value of a number.
    pub fn get(&self, id: ConstantId) -> &Constant {
        &self.values[id.0 as usize]
    }

    /// All values in the order of their numbers.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = &Constant> {
        self.values.iter()
    }
}

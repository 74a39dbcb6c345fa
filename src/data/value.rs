//! A value of any type in four bytes. The static type of its place says how to read it.

/// One value. By the type of its place: the number of a symbol (text, thing), of an integer in the pool,
/// of an action, or the place of a member in its enum.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Value(pub u32);

impl Value {
    /// No value: the number that none has, where one is still to be found.
    pub const NONE: Value = Value(u32::MAX);

    /// As an index.
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

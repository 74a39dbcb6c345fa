//! A value of any type in four bytes. The static type of its place says how to read it.

/// One value. By the type of its place: the number of a symbol (text, thing), of an integer in the pool,
/// of an action, or the place of a member in its enum.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Value(pub u32);

impl Value {
    /// As an index.
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

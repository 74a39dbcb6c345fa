//! Entries of hash tables that number what is stored elsewhere.

/// A number with the hash of what it stands for, so that a table grows without a look at the things themselves.
#[derive(Clone, Copy, Debug)]
pub struct Numbered {
    /// Of the thing.
    pub hash: u32,
    /// Where it is stored.
    pub number: u32,
}

impl Numbered {
    /// The hash as the table wants it: buckets from the low bits, tags from the high ones.
    pub fn spread(hash: u32) -> u64 {
        u64::from(hash).wrapping_mul(0x9e37_79b9_7f4a_7c15)
    }
}

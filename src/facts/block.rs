//! Sixty-four bytes side by side: where those of a kind stand, as the bits of a number.

use wide::{CmpEq, i8x16};

/// So many bytes are in a block.
pub(crate) const BLOCK: usize = 64;

/// Bytes that are looked at at once.
pub(crate) type Lanes = i8x16;

/// The bytes of a block.
pub(crate) struct Block([Lanes; 4]);

impl Block {
    /// The bytes from a place on. What lies behind the end is no ASCII.
    #[inline(always)]
    pub fn at(bytes: &[u8], place: usize) -> Block {
        let mut padded = [u8::MAX; BLOCK];
        let rest = bytes.get(place..).unwrap_or_default();
        let bytes = rest.first_chunk().unwrap_or_else(|| {
            padded[..rest.len()].copy_from_slice(rest);
            &padded
        });
        Block(bytemuck::cast(*bytes))
    }

    /// A bit for each byte that is meant, the first one being the lowest.
    #[inline(always)]
    pub fn places(&self, is_meant: impl Fn(Lanes) -> Lanes) -> u64 {
        self.0.iter().rev().fold(0, |places, lanes| places << 16 | u64::from(is_meant(*lanes).move_mask() as u16))
    }
}

/// Which bytes are this one.
#[inline]
pub(crate) fn are(lanes: Lanes, byte: u8) -> Lanes {
    lanes.cmp_eq(Lanes::splat(byte.cast_signed()))
}

/// Of the places of quotes, those from an opening one to before its closing one. `inside` says whether a quote is open where
/// the block begins, and is told whether one is where it ends.
#[inline]
pub(crate) fn quoted(quotes: u64, inside: &mut bool) -> u64 {
    // Each bit becomes the parity of the quotes up to it.
    let mut quoted = quotes;
    for distance in [1, 2, 4, 8, 16, 32] {
        quoted ^= quoted << distance;
    }
    if *inside {
        quoted = !quoted;
    }
    *inside = quoted >> (BLOCK - 1) == 1;
    quoted
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bits_tell_where_bytes_stand() {
        let text = [b"a,b".as_slice(), &[b'x'; 60], b",,"].concat();
        assert_eq!(Block::at(&text, 0).places(|lanes| are(lanes, b',')), 1 << 63 | 1 << 1);
        assert_eq!(Block::at(&text, 60).places(|lanes| are(lanes, b',') | are(lanes, b'x')), 0b11111);
        assert_eq!(Block::at(&text, 70).places(|lanes| are(lanes, b',')), 0);
    }

    #[test]
    fn what_is_quoted_goes_on_in_the_next_block() {
        let mut inside = false;
        assert_eq!(quoted(0b10_0100_0010, &mut inside), !0 << 9 | 0b11_1110);
        assert!(inside);
        assert_eq!(quoted(0b100, &mut inside), 0b11);
        assert!(!inside);
    }
}

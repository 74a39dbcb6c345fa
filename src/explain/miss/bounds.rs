//! How far a search goes. It begins narrow, which finds what is near on a portal of any size; where that leaves something
//! out that could be nearer, it begins again wider, as long as there is work left. So a small portal is looked at whole.

/// How many rows of a literal are tried, by how many derived literals it is below what was asked.
const ROWS: [usize; 6] = [200, 60, 30, 15, 8, 4];

/// How many instances of a rule are weighed, in the same way.
const INSTANCES: [usize; 6] = [128, 32, 16, 8, 4, 4];

/// How many derived literals may rest on each other, narrow and wide.
const DEPTHS: [usize; 2] = [6, 24];

/// A wider search is so many times as wide as the one before.
const WIDER: usize = 8;

/// None is wider.
const WIDEST: usize = 4096;

/// How many rows and literals may be looked at: by the narrow search, which its width holds back, and by the wider ones
/// together.
const WORK: [u64; 2] = [400_000, 100_000];

/// How far one search goes.
#[derive(Clone, Copy, Debug)]
pub struct Bounds {
    width: usize,
    /// How many derived literals may rest on each other.
    pub depth: usize,
    /// How many rows and literals may be looked at.
    pub work: u64,
}

impl Bounds {
    /// Those of the first search.
    pub fn narrow() -> Bounds {
        Bounds { width: 1, depth: DEPTHS[0], work: WORK[0] }
    }

    /// Those of the next search, where so much work is left to this one. The first wider one has all that is for them.
    pub fn wider(self, left: u64) -> Option<Bounds> {
        let work = if self.width == 1 { WORK[1] } else { left };
        let width = self.width * WIDER;
        (width <= WIDEST).then_some(Bounds { width, depth: DEPTHS[1], work })
    }

    /// How many rows of a literal are tried that is below so many derived ones.
    pub fn rows(&self, depth: usize) -> usize {
        ROWS[depth.min(ROWS.len() - 1)] * self.width
    }

    /// How many instances of a rule are weighed that is below so many derived literals.
    pub fn instances(&self, depth: usize) -> usize {
        INSTANCES[depth.min(INSTANCES.len() - 1)] * self.width
    }
}

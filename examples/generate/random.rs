//! SplitMix64 (Steele, Lea and Flood, 2014): small, fast, and the same on every machine.

/// A stream of random numbers.
#[derive(Clone, Debug)]
pub struct Random {
    state: u64,
}

impl Random {
    /// A stream of its own for each part of the portal: more chats do not change the people.
    pub fn stream(seed: u64, part: &str) -> Random {
        // FNV-1a, so that parts are told apart by their whole name.
        let hash = part
            .bytes()
            .fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3));
        let mut random = Random { state: seed ^ hash };
        random.state = random.next();
        random
    }

    fn next(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.state;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number below `limit`; 0 when the limit is 0.
    pub fn below(&mut self, limit: u32) -> u32 {
        // The high half of a product keeps the bias under 2^-32.
        (((self.next() >> 32) * u64::from(limit)) >> 32) as u32
    }

    /// A number from `low` to `high`, both included.
    pub fn between(&mut self, low: u32, high: u32) -> u32 {
        low + self.below(high - low + 1)
    }

    /// True in `percent` of 100 cases.
    pub fn chance(&mut self, percent: u32) -> bool {
        self.below(100) < percent
    }

    /// One of the items; nothing when there is none.
    pub fn pick<T: Copy>(&mut self, items: &[T]) -> Option<T> {
        items.get(self.below(items.len() as u32) as usize).copied()
    }

    /// One of the weighted items, of which there is at least one.
    pub fn weighted<T: Copy>(&mut self, items: &[(T, u32)]) -> T {
        let total = items.iter().map(|&(_, weight)| weight).sum();
        let mut rest = self.below(total);
        for &(item, weight) in items {
            if rest < weight {
                return item;
            }
            rest -= weight;
        }
        items[0].0
    }

    /// Up to `count` different numbers, each drawn by `draw`; fewer when draws repeat too often.
    pub fn distinct(&mut self, count: u32, mut draw: impl FnMut(&mut Random) -> Option<u32>) -> Vec<u32> {
        let mut drawn = Vec::with_capacity(count as usize);
        for _ in 0..count * 4 {
            if drawn.len() == count as usize {
                break;
            }
            if let Some(number) = draw(self)
                && !drawn.contains(&number)
            {
                drawn.push(number);
            }
        }
        drawn
    }
}

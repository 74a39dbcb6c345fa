//! The rows of a growing relation that have the same key, from the newest to the oldest: of each the columns that
//! rules ask, side by side in blocks, so that a key with many rows is read with few jumps. `growing` adds to them, and
//! `join` takes them block by block.

use crate::data::{Table, Value};

/// How many rows the largest block has.
const LARGEST_BLOCK: u32 = 16;

/// Which rows of a growing relation belong together, and what is handed out of them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ChainLayout {
    /// The columns of the key.
    pub key: Vec<usize>,
    /// The columns that are handed out, in this order.
    pub rest: Vec<usize>,
}

/// The rows of each key, by its number.
#[derive(Debug)]
pub struct Chains {
    columns: Vec<usize>,
    keys: Vec<Chain>,
    /// Blocks, each filled from its end. The row behind a block begins with the place of the next older block.
    rows: Table,
}

/// The rows of one key as they are at some time. What is added later does not show.
#[derive(Clone, Copy, Debug, Default)]
pub struct Chain {
    /// The place of the newest row.
    newest: u32,
    len: u32,
}

impl Chains {
    /// No rows yet; these columns of them will be handed out.
    pub fn new(columns: Vec<usize>) -> Chains {
        Chains { rows: Table::new(columns.len()), columns, keys: Vec::new() }
    }

    /// Adds a row to those of its key, which are there or the next.
    #[inline]
    pub fn add(&mut self, key: u32, row: &[Value]) {
        if self.keys.len() <= key as usize {
            self.keys.push(Chain::default());
        }
        let chain = &mut self.keys[key as usize];
        chain.len += 1;
        if self.columns.is_empty() {
            // Only whether there are rows is asked.
            return;
        }
        if chain.len == older(chain.len) + 1 {
            chain.newest = begin_block(&mut self.rows, *chain);
        }
        chain.newest -= 1;
        for (place, column) in self.columns.iter().enumerate() {
            self.rows.set(chain.newest, place, row[*column]);
        }
    }

    /// How many values of a row are handed out.
    pub fn width(&self) -> usize {
        self.columns.len()
    }

    /// The rows of a key that is there.
    #[inline]
    pub fn of(&self, key: u32) -> Chain {
        self.keys[key as usize]
    }

    /// Takes the newest rows of a chain, side by side.
    #[inline]
    pub fn take_block(&self, chain: &mut Chain) -> &[Value] {
        let left = older(chain.len);
        let end = chain.newest + chain.len - left;
        let block = self.rows.range(chain.newest..end);
        *chain = Chain { newest: if left > 0 { self.rows.value(end, 0).0 } else { end }, len: left };
        block
    }
}

impl Chain {
    /// Whether it has no rows.
    pub fn is_empty(self) -> bool {
        self.len == 0
    }
}

/// Of so many rows of one key, one at least, those that are in older blocks than the newest. A block is as large as all
/// before it, up to the largest.
#[inline]
fn older(rows: u32) -> u32 {
    match rows <= LARGEST_BLOCK {
        true => rows.next_power_of_two() / 2,
        false => (rows - 1) / LARGEST_BLOCK * LARGEST_BLOCK,
    }
}

/// Where a block ends that has room for the newest row of a chain, which is counted already.
fn begin_block(rows: &mut Table, chain: Chain) -> u32 {
    let older = chain.len - 1;
    let end = rows.len() as u32 + older.clamp(1, LARGEST_BLOCK);
    rows.resize(end + u32::from(older > 0));
    if older > 0 {
        rows.set(end, 0, Value(chain.newest));
    }
    end
}

//! Compressed rows: for each key its values, all in one array.

/// The values of key `k` are `values[starts[k]..starts[k + 1]]`.
#[derive(Debug, Default)]
pub struct Rows {
    starts: Vec<u32>,
    values: Vec<u32>,
}

impl Rows {
    /// Groups pairs of key and value by key, in two passes. Keys are below `keys`.
    pub fn of_pairs(keys: usize, pairs: impl Iterator<Item = (u32, u32)> + Clone) -> Rows {
        let mut starts = vec![0u32; keys + 1];
        for (key, _) in pairs.clone() {
            starts[key as usize + 1] += 1;
        }
        for key in 0..keys {
            starts[key + 1] += starts[key];
        }
        let mut values = vec![0; starts[keys] as usize];
        let mut next = starts.clone();
        for (key, value) in pairs {
            let place = &mut next[key as usize];
            values[*place as usize] = value;
            *place += 1;
        }
        Rows { starts, values }
    }

    /// No key yet, to be filled with [`Rows::push`].
    pub fn new() -> Rows {
        Rows { starts: vec![0], values: Vec::new() }
    }

    /// Adds the values of the next key.
    pub fn push(&mut self, values: &[u32]) {
        self.values.extend_from_slice(values);
        self.starts.push(self.values.len() as u32);
    }

    /// The values of a key.
    #[inline]
    pub fn of(&self, key: u32) -> &[u32] {
        &self.values[self.starts[key as usize] as usize..self.starts[key as usize + 1] as usize]
    }

    /// Whether the key has the value.
    #[inline]
    pub fn has(&self, key: u32, value: u32) -> bool {
        self.of(key).contains(&value)
    }

    /// How many pairs there are.
    pub fn len(&self) -> usize {
        self.values.len()
    }
}

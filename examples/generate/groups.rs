//! Many short lists in two arrays: the departments of each user, the staff of each department.

/// List `index` is `members[starts[index]..starts[index + 1]]`.
#[derive(Debug)]
pub struct Groups {
    starts: Vec<usize>,
    members: Vec<u32>,
}

impl Groups {
    /// No list yet.
    pub fn new() -> Groups {
        Groups { starts: vec![0], members: Vec::new() }
    }

    /// Adds the next list.
    pub fn push(&mut self, list: &[u32]) {
        self.members.extend_from_slice(list);
        self.starts.push(self.members.len());
    }

    /// The list with this number.
    pub fn list(&self, index: u32) -> &[u32] {
        &self.members[self.starts[index as usize]..self.starts[index as usize + 1]]
    }

    /// How many lists there are.
    pub fn len(&self) -> u32 {
        (self.starts.len() - 1) as u32
    }

    /// How many members all lists have together.
    pub fn total(&self) -> usize {
        self.members.len()
    }

    /// For each member below `count`, the numbers of the lists it is in, ascending.
    pub fn inverse(&self, count: u32) -> Groups {
        let mut starts = vec![0_usize; count as usize + 1];
        for &member in &self.members {
            starts[member as usize + 1] += 1;
        }
        for index in 1..starts.len() {
            starts[index] += starts[index - 1];
        }
        let mut next = starts.clone();
        let mut members = vec![0; self.members.len()];
        for list in 0..self.starts.len() - 1 {
            for &member in &self.members[self.starts[list]..self.starts[list + 1]] {
                members[next[member as usize]] = list as u32;
                next[member as usize] += 1;
            }
        }
        Groups { starts, members }
    }
}

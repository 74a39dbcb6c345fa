//! One change of data: a fact that is added, taken away, or put in the place of one that differs in its level alone.

use std::collections::BTreeMap;

use crate::compiler::program::{Program, RelationId};
use crate::data::Value;
use crate::explain::repair::grade_place;
use crate::explain::world::{Change, Fact, Row};

/// One change of data.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Edit {
    /// A fact that is added.
    Add(Fact),
    /// A fact that takes the place of another, which differs in its level alone: the role gives another level.
    Replace {
        /// The fact that goes.
        old: Fact,
        /// The fact that comes.
        new: Fact,
    },
    /// A fact that is taken away.
    Remove(Fact),
}

impl Edit {
    /// The relation of its fact.
    pub fn relation(&self) -> RelationId {
        match self {
            Edit::Add(fact) | Edit::Remove(fact) | Edit::Replace { new: fact, .. } => fact.relation,
        }
    }

    /// Whether its fact names a thing.
    pub fn names(&self, thing: Value) -> bool {
        match self {
            Edit::Add(fact) | Edit::Remove(fact) | Edit::Replace { new: fact, .. } => fact.row.contains(&thing),
        }
    }

    /// The things and values that its facts name.
    pub fn values(&self) -> &[Value] {
        match self {
            Edit::Add(fact) | Edit::Remove(fact) | Edit::Replace { new: fact, .. } => &fact.row,
        }
    }

    fn changes(&self) -> Vec<Change> {
        match self {
            Edit::Add(fact) => vec![Change { fact: fact.clone(), adds: true }],
            Edit::Remove(fact) => vec![Change { fact: fact.clone(), adds: false }],
            Edit::Replace { old, new } => {
                vec![Change { fact: old.clone(), adds: false }, Change { fact: new.clone(), adds: true }]
            }
        }
    }
}

/// The facts that edits add and take away.
pub fn changes(edits: &[Edit]) -> Vec<Change> {
    edits.iter().flat_map(Edit::changes).collect()
}

/// Of repairs that differ in levels alone, those whose levels are nearest to the old ones: where there was none, the
/// lowest, else the fewest steps away.
pub fn nearest_levels(program: &Program, found: Vec<Vec<Edit>>) -> Vec<Vec<Edit>> {
    let mut nearest: BTreeMap<Vec<Edit>, (Vec<u32>, Vec<Edit>)> = BTreeMap::new();
    for edits in found {
        let steps: Vec<u32> = edits.iter().map(|edit| steps(program, edit)).collect();
        let key = edits.iter().map(|edit| leveled(program, edit)).collect();
        let best = nearest.entry(key).or_insert_with(|| (steps.clone(), edits.clone()));
        if steps.iter().sum::<u32>() < best.0.iter().sum() {
            *best = (steps, edits);
        }
    }
    nearest.into_values().map(|(_, edits)| edits).collect()
}

fn steps(program: &Program, edit: &Edit) -> u32 {
    let level = |fact: &Fact| grade_place(program, fact.relation).map_or(0, |place| fact.row[place].0);
    match edit {
        Edit::Add(fact) => level(fact),
        Edit::Remove(_) => 0,
        Edit::Replace { old, new } => level(old).abs_diff(level(new)),
    }
}

/// An edit without the level that it gives.
fn leveled(program: &Program, edit: &Edit) -> Edit {
    let without = |fact: &Fact| {
        let mut row: Row = fact.row.clone();
        if let Some(place) = grade_place(program, fact.relation) {
            row[place] = Value(0);
        }
        Fact { relation: fact.relation, row }
    };
    match edit {
        Edit::Add(fact) => Edit::Add(without(fact)),
        Edit::Remove(fact) => Edit::Remove(fact.clone()),
        Edit::Replace { old, new } => Edit::Replace { old: old.clone(), new: without(new) },
    }
}

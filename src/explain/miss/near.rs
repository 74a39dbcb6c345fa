//! The facts that come near one that is not there: all but one of their values are its own.

use std::ops::ControlFlow;

use crate::compiler::program::RelationId;
use crate::data::FactOrigin;
use crate::explain::miss::search::Search;
use crate::explain::world::{Pattern, Row};

/// How many are shown.
const SHOWN: usize = 3;

/// How many are counted.
const COUNTED: usize = 1_000;

impl Search<'_, '_, '_> {
    /// Of the ways to let one value go, the facts of the one that leaves the fewest; and how many more there are.
    pub(super) fn near(&self, relation: RelationId, arguments: &Pattern) -> (Vec<(Row, FactOrigin)>, usize) {
        let bound: Vec<usize> = (0..arguments.len()).filter(|place| arguments[*place].is_some()).collect();
        let mut patterns: Vec<Pattern> = Vec::new();
        if bound.len() < arguments.len() {
            patterns.push(arguments.clone());
        }
        if bound.len() > 1 {
            patterns.extend(bound.iter().map(|place| {
                let mut pattern = arguments.clone();
                pattern[*place] = None;
                pattern
            }));
        }
        let found = patterns.iter().map(|pattern| self.facts(relation, pattern)).filter(|rows| !rows.is_empty());
        let mut rows = found.min_by_key(Vec::len).unwrap_or_default();
        let more = rows.len().saturating_sub(SHOWN);
        rows.truncate(SHOWN);
        let near = rows.into_iter().map(|row| {
            let origin = self.origin(relation, &row).unwrap_or(FactOrigin::Derived);
            (row, origin)
        });
        (near.collect(), more)
    }

    fn facts(&self, relation: RelationId, pattern: &Pattern) -> Vec<Row> {
        let mut rows: Vec<Row> = Vec::new();
        let _ = self.world.each(relation, pattern, &mut |row| {
            rows.push(Row::from_slice(row));
            if rows.len() < COUNTED { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
        });
        rows.sort_unstable();
        rows.dedup();
        rows
    }
}

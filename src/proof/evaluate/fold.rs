//! Folding groups of an aggregated relation, once everything that is to be folded is known.

use std::collections::BTreeMap;

use super::row_set::Row;
use super::terms::Values;
use crate::compiler::program::{Aggregate, AggregateFunction, Type};

/// A row for each group: `contributions` are rows with the value to fold in its place, each with the numbering of that
/// value behind it; each stands once. `ty` is the type of the place.
pub(super) fn fold(values: &mut Values, aggregate: Aggregate, ty: Type, contributions: &[Row]) -> Vec<Row> {
    let mut groups: BTreeMap<Row, Vec<Row>> = BTreeMap::new();
    for contribution in contributions {
        let mut group = contribution.clone();
        group.pop();
        group.remove(aggregate.place);
        groups.entry(group).or_default().push(contribution.clone());
    }
    let folded = groups.into_iter().filter_map(|(mut group, rows)| {
        let contributed = rows.iter().filter_map(|row| row.get(aggregate.place).copied());
        let value = match aggregate.function {
            AggregateFunction::Count => values.count(rows.len()),
            AggregateFunction::Max => contributed.max_by(|one, other| values.order(ty, *one, *other))?,
            AggregateFunction::Min => contributed.min_by(|one, other| values.order(ty, *one, *other))?,
        };
        group.insert(aggregate.place, value);
        Some(group)
    });
    folded.collect()
}

//! The problems in crepe 0.2, with the Fx hasher and the recursive atom first, which is its fastest way.

use std::time::{Duration, Instant};

use rustc_hash::FxBuildHasher;

use super::problems::{Facts, Program};

/// How long deriving takes, and how many tuples there are.
pub fn derive(facts: Facts) -> (Duration, usize) {
    match facts {
        Facts::Edges(edges) => closure::derive(edges),
        Facts::Parents(parents) => same_generation::derive(parents),
        Facts::Program(program) => points_to::derive(program),
    }
}

mod closure {
    use super::{Duration, FxBuildHasher, Instant};

    crepe::crepe! {
        @input
        struct Edge(u32, u32);
        @output
        struct Path(u32, u32);

        Path(x, y) <- Edge(x, y);
        Path(x, z) <- Path(x, y), Edge(y, z);
    }

    pub fn derive(edges: Vec<(u32, u32)>) -> (Duration, usize) {
        let started = Instant::now();
        let mut program = Crepe::new();
        program.extend(edges.into_iter().map(|(from, to)| Edge(from, to)));
        let (paths,) = program.run_with_hasher::<FxBuildHasher>();
        (started.elapsed(), paths.len())
    }
}

mod same_generation {
    use super::{Duration, FxBuildHasher, Instant};

    crepe::crepe! {
        @input
        struct Parent(u32, u32);
        @output
        struct Same(u32, u32);

        Same(x, x) <- Parent(_, x);
        Same(x, y) <- Same(p, q), Parent(x, p), Parent(y, q);
    }

    pub fn derive(parents: Vec<(u32, u32)>) -> (Duration, usize) {
        let started = Instant::now();
        let mut program = Crepe::new();
        program.extend(parents.into_iter().map(|(child, parent)| Parent(child, parent)));
        let (same,) = program.run_with_hasher::<FxBuildHasher>();
        (started.elapsed(), same.len())
    }
}

mod points_to {
    use super::{Duration, FxBuildHasher, Instant, Program};

    crepe::crepe! {
        @input
        struct Allocated(u32, u32);
        @input
        struct Copied(u32, u32);
        @input
        struct Stored(u32, u32, u32);
        @input
        struct Loaded(u32, u32, u32);
        @output
        struct PointsTo(u32, u32);
        @output
        struct FieldPointsTo(u32, u32, u32);

        PointsTo(v, o) <- Allocated(v, o);
        PointsTo(to, o) <- PointsTo(from, o), Copied(to, from);
        FieldPointsTo(o, f, c) <- PointsTo(base, o), Stored(base, f, v), PointsTo(v, c);
        PointsTo(to, c) <- PointsTo(base, o), Loaded(to, base, f), FieldPointsTo(o, f, c);
    }

    pub fn derive(facts: Program) -> (Duration, usize) {
        let started = Instant::now();
        let mut program = Crepe::new();
        program.extend(facts.allocated.into_iter().map(|(variable, object)| Allocated(variable, object)));
        program.extend(facts.copied.into_iter().map(|(to, from)| Copied(to, from)));
        program.extend(facts.stored.into_iter().map(|(base, field, value)| Stored(base, field, value)));
        program.extend(facts.loaded.into_iter().map(|(to, base, field)| Loaded(to, base, field)));
        let (points_to, fields) = program.run_with_hasher::<FxBuildHasher>();
        (started.elapsed(), points_to.len() + fields.len())
    }
}

//! The problems in Ascent, on one thread, with its usual data structures.

use std::time::{Duration, Instant};

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
    use super::{Duration, Instant};

    ascent::ascent! {
        struct Closure;
        relation edge(u32, u32);
        relation path(u32, u32);

        path(x, y) <-- edge(x, y);
        path(x, z) <-- path(x, y), edge(y, z);
    }

    pub fn derive(edges: Vec<(u32, u32)>) -> (Duration, usize) {
        let started = Instant::now();
        let mut program = Closure { edge: edges, ..Closure::default() };
        program.run();
        (started.elapsed(), program.path.len())
    }
}

mod same_generation {
    use super::{Duration, Instant};

    ascent::ascent! {
        struct SameGeneration;
        relation parent(u32, u32);
        relation same(u32, u32);

        same(x, x) <-- parent(_, x);
        same(x, y) <-- same(p, q), parent(x, p), parent(y, q);
    }

    pub fn derive(parents: Vec<(u32, u32)>) -> (Duration, usize) {
        let started = Instant::now();
        let mut program = SameGeneration { parent: parents, ..SameGeneration::default() };
        program.run();
        (started.elapsed(), program.same.len())
    }
}

mod points_to {
    use super::{Duration, Instant, Program};

    ascent::ascent! {
        struct PointsTo;
        relation allocated(u32, u32);
        relation copied(u32, u32);
        relation stored(u32, u32, u32);
        relation loaded(u32, u32, u32);
        relation points_to(u32, u32);
        relation field_points_to(u32, u32, u32);

        points_to(v, o) <-- allocated(v, o);
        points_to(to, o) <-- points_to(from, o), copied(to, from);
        field_points_to(o, f, c) <-- points_to(base, o), stored(base, f, v), points_to(v, c);
        points_to(to, c) <-- points_to(base, o), loaded(to, base, f), field_points_to(o, f, c);
    }

    pub fn derive(facts: Program) -> (Duration, usize) {
        let started = Instant::now();
        let Program { allocated, copied, stored, loaded } = facts;
        let mut program = PointsTo { allocated, copied, stored, loaded, ..PointsTo::default() };
        program.run();
        (started.elapsed(), program.points_to.len() + program.field_points_to.len())
    }
}

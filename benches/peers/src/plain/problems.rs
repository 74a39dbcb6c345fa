//! The problems, and the facts of each, the same in every run.

/// Facts over numbers.
#[derive(Clone, Debug)]
pub enum Facts {
    /// Edges, for the closure.
    Edges(Vec<(u32, u32)>),
    /// Child and parent, for same generation.
    Parents(Vec<(u32, u32)>),
    /// A program, for Andersen's points-to analysis with fields.
    Program(Program),
}

/// The statements of a program over numbered variables, objects and fields.
#[derive(Clone, Debug, Default)]
pub struct Program {
    /// `variable = new object`
    pub allocated: Vec<(u32, u32)>,
    /// `to = from`
    pub copied: Vec<(u32, u32)>,
    /// `base.field = value`
    pub stored: Vec<(u32, u32, u32)>,
    /// `to = base.field`
    pub loaded: Vec<(u32, u32, u32)>,
}

/// A problem by its name.
#[derive(Debug)]
pub struct Problem {
    pub name: &'static str,
    pub facts: fn() -> Facts,
}

/// All of them; the sizes give one to five million tuples each.
pub const PROBLEMS: &[Problem] = &[
    Problem { name: "closure of a chain", facts: chain },
    Problem { name: "closure of a grid", facts: grid },
    Problem { name: "closure of a sparse random graph", facts: sparse },
    Problem { name: "closure of a dense random graph", facts: dense },
    Problem { name: "same generation", facts: tree },
    Problem { name: "points-to", facts: program },
];

fn chain() -> Facts {
    Facts::Edges((0..2_000).map(|node| (node, node + 1)).collect())
}

/// To the right and downward.
fn grid() -> Facts {
    const SIDE: u32 = 60;
    let nodes = (0..SIDE).flat_map(|row| (0..SIDE).map(move |column| (row, column)));
    let edges = nodes.flat_map(|(row, column)| {
        let right = (column + 1 < SIDE).then_some((row * SIDE + column, row * SIDE + column + 1));
        let down = (row + 1 < SIDE).then_some((row * SIDE + column, (row + 1) * SIDE + column));
        right.into_iter().chain(down)
    });
    Facts::Edges(edges.collect())
}

fn sparse() -> Facts {
    random_edges(3_000, 4_500)
}

fn dense() -> Facts {
    random_edges(1_000, 12_000)
}

fn random_edges(nodes: u32, count: usize) -> Facts {
    let mut random = Random(7);
    let mut edges: Vec<_> = (0..count).map(|_| (random.below(nodes), random.below(nodes))).collect();
    edges.sort_unstable();
    edges.dedup();
    Facts::Edges(edges)
}

/// A full tree of three children each.
fn tree() -> Facts {
    Facts::Parents((1..3_000).map(|child| (child, (child - 1) / 3)).collect())
}

/// Functions of a hundred variables each, with most copies, stores and loads inside a function.
fn program() -> Facts {
    const VARIABLES: u32 = 10_000;
    const OBJECTS: u32 = 250;
    const FIELDS: u32 = 300;
    let mut random = Random(11);
    let mut program = Program::default();
    for object in 0..OBJECTS {
        program.allocated.push((random.below(VARIABLES), object));
    }
    for _ in 0..16_000 {
        program.copied.push(random.near(VARIABLES));
    }
    for _ in 0..200 {
        let (base, value) = random.near(VARIABLES);
        program.stored.push((base, random.below(FIELDS), value));
        let (to, base) = random.near(VARIABLES);
        program.loaded.push((to, base, random.below(FIELDS)));
    }
    program.copied.sort_unstable();
    program.copied.dedup();
    Facts::Program(program)
}

/// SplitMix64.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: u32) -> u32 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((((mixed ^ (mixed >> 31)) >> 32) * u64::from(limit)) >> 32) as u32
    }

    /// Two numbers, nearly always of the same hundred.
    fn near(&mut self, limit: u32) -> (u32, u32) {
        let one = self.below(limit);
        let other = if self.below(100) < 97 { one / 100 * 100 + self.below(100) } else { self.below(limit) };
        (one, other)
    }
}

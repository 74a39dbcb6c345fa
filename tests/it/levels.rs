//! Decisions that ask for a level: the answers are those of the rules as they are written, whether or not the
//! solver may find the highest level once for all questions.

use rolecall::compiler::{self, source::Origin, source::Sources};
use rolecall::data::{Database, Tag, Value};
use rolecall::decision::{Decider, Goal, Solver};
use rolecall::engine::{Derivation, derive};

const DECLARED: &str = "entity user; entity role; enum level { none < low < middle < high };
    input holds(user: user, role: role); input gives(role: role, level: level); input chief(user: user);
    input limit(level: level);
    holds(\"anna\", \"reader\"); holds(\"anna\", \"writer\"); holds(\"boris\", \"reader\"); chief(\"vera\");
    gives(\"reader\", low); gives(\"writer\", middle); gives(\"writer\", none); limit(low); limit(high);
    decision can(user: user, level: level); decision other(user: user, level: level);\n";

/// For each user the members of the level for which `can` holds, as letters: n, l, m, h.
fn answers(rules: &str) -> [String; 3] {
    let mut sources = Sources::default();
    let id = sources.add("levels.rules".to_owned(), format!("{DECLARED}{rules}"), Origin::Policy);
    let (program, mistakes) = compiler::compile(&sources, &[id]);
    let program = program.unwrap_or_else(|| panic!("{mistakes:?}"));
    let model = derive(&program, Database::new(&program), &Derivation::default(), None).unwrap();
    let relation = program.relation_named("can").unwrap();
    let mut decider = Decider::new(model);
    decider.prepare(Goal { relation, action: None });
    let mut solver = Solver::new(&decider);
    let entity = program.entity_named("user").unwrap();
    ["anna", "boris", "vera"].map(|user| {
        let user = decider.model().database.symbols.find(Tag::thing(entity), user).unwrap();
        // Twice, so that what is remembered is asked too.
        let mut ask = || {
            let levels = "nlmh".chars().zip(0..);
            levels
                .filter(|(_, level)| solver.holds(relation, &[user, Value(*level)]))
                .map(|(letter, _)| letter)
                .collect()
        };
        let first: String = ask();
        assert_eq!(first, ask());
        first
    })
}

fn assert_answers(rules: &str, expected: [&str; 3]) {
    assert_eq!(answers(rules), expected.map(str::to_owned), "{rules}");
}

const AT_LEAST: &str = "can(U, L) if holds(U, R), gives(R, G), G >= L;";

#[test]
fn the_highest_of_several_roles_counts_for_all_levels_below() {
    assert_answers(AT_LEAST, ["nlm", "nl", ""]);
    assert_answers("can(U, L) if L <= G, gives(R, G), holds(U, R);", ["nlm", "nl", ""]);
}

#[test]
fn whoever_has_every_level_has_the_highest() {
    assert_answers(&format!("{AT_LEAST} can(U, _) if chief(U);"), ["nlm", "nl", "nlmh"]);
    assert_answers(&format!("can(U, _) if chief(U); {AT_LEAST}"), ["nlm", "nl", "nlmh"]);
}

#[test]
fn the_lowest_of_several_bounds_counts() {
    assert_answers("can(U, L) if holds(U, R), gives(R, G), G >= L, low >= L;", ["nl", "nl", ""]);
    let both = "other(U, L) if holds(U, R), gives(R, G), G >= L; other(U, _) if chief(U);";
    assert_answers(&format!("{both} can(U, L) if other(U, L), L <= middle;"), ["nlm", "nl", "nlm"]);
    assert_answers(&format!("{both} can(U, L) if other(U, L), limit(G), G >= L, G != high;"), ["nl", "nl", "nl"]);
}

/// A rule that asks for the level in another way is answered as it is written, and so is what rests on it.
#[test]
fn other_comparisons_are_taken_as_they_are_written() {
    assert_answers("can(U, L) if holds(U, R), gives(R, L);", ["nlm", "l", ""]);
    assert_answers("can(U, L) if holds(U, R), gives(R, G), G > L;", ["nl", "n", ""]);
    assert_answers("can(U, L) if holds(U, R), gives(R, G), G <= L;", ["nlmh", "lmh", ""]);
    assert_answers("can(U, L) if holds(U, R), gives(R, G), G >= L, L != low;", ["nm", "n", ""]);
    assert_answers("can(U, L) if holds(U, R), gives(R, G), G >= L, not limit(L);", ["nm", "n", ""]);
    assert_answers("can(U, high) if chief(U);", ["", "", "h"]);
    assert_answers(&format!("{AT_LEAST} can(U, high) if chief(U);"), ["nlm", "nl", "h"]);
    assert_answers("other(U, L) if holds(U, R), gives(R, L); can(U, L) if other(U, L);", ["nlm", "l", ""]);
    assert_answers(
        "other(U, L) if holds(U, R), gives(R, G), G >= L; can(U, L) if chief(U), not other(U, L);",
        ["", "", "nlmh"],
    );
}

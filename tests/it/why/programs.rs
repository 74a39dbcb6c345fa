//! Derivations of small programs, with the answers written by hand.

use rolecall::compiler;
use rolecall::compiler::program::Program;
use rolecall::compiler::source::{Origin, Sources};
use rolecall::data::Database;

const DECLARED: &str =
    "entity user; entity place; entity door; action open on door; enum level { low < middle < high };
decision allow(user: user, action: action, resource: resource);
decision deny(user: user, action: action, resource: resource);
input lives(user: user, place: place); input next(from: place, to: place); input door(door: door, place: place);
input key(user: user, door: door); input thief(user: user); input pardoned(user: user);
input badge(user: user, level: level); input asks(door: door, level: level); input visits(user: user, place: place);\n";

fn compile(text: &str) -> (Program, Sources) {
    let mut sources = Sources::default();
    let id = sources.add("doors.rules", format!("{DECLARED}{text}"), Origin::Policy);
    let (program, mistakes) = compiler::compile(&sources, &[id]);
    (program.unwrap_or_else(|| panic!("{mistakes:?}")), sources)
}

fn why(text: &str) -> String {
    let (program, sources) = compile(text);
    super::why(&program, &sources, Database::new(&program), ["anna", "open", "d"]).1
}

fn all(text: &str, limit: usize) -> (Vec<String>, bool) {
    let (program, sources) = compile(text);
    super::all(&program, &sources, Database::new(&program), ["anna", "open", "d"], limit)
}

/// What is added begins in line 7.
fn assert_why(text: &str, expected: &str) {
    assert_eq!(why(text), expected, "{text}");
}

const REACHES: &str = "relation reaches(user: user, place: place);
reaches(U, P) if lives(U, P);
reaches(U, Q) if reaches(U, P), next(P, Q);
/// {U} reaches {P}, where {D} is.
@id(\"by-foot\")
allow(U, open, D) if door(D, P), reaches(U, P);\n";

#[test]
fn the_shortest_way_is_told_as_a_list() {
    assert_why(
        &format!(
            "{REACHES}lives(\"anna\", \"a\"); next(\"a\", \"b\"); next(\"b\", \"c\"); next(\"c\", \"e\");\n\
             next(\"a\", \"e\"); next(\"e\", \"a\"); door(\"d\", \"e\");"
        ),
        "anna reaches e, where d is.  doors.rules:12  by-foot\n\
         ├─ door(d, e).               doors.rules:14\n\
         └─ reaches(anna, e).         doors.rules:9\n\
         \u{20}  ├─ lives(anna, a).        doors.rules:13\n\
         \u{20}  └─ next(a, e).            doors.rules:14\n",
    );
}

#[test]
fn of_two_derivations_the_smaller_is_told() {
    let rules = "relation enters(user: user, door: door);
enters(U, D) if lives(U, P), next(P, Q), door(D, Q);
enters(U, D) if key(U, D);
allow(U, open, D) if enters(U, D);\n";
    let facts = "lives(\"anna\", \"a\"); next(\"a\", \"b\"); door(\"d\", \"b\");";
    assert_why(
        &format!("{rules}{facts} key(\"anna\", \"d\");"),
        "allow(anna, open, door:d).  doors.rules:10\n\
         └─ enters(anna, d).         doors.rules:11\n",
    );
}

/// `decide` names the first rule, and so does `why`, though another derivation is smaller.
#[test]
fn the_rule_that_decides_is_the_first_that_holds() {
    let rules = "@id(\"walk\")
allow(U, open, D) if lives(U, P), door(D, P);
@id(\"key\")
allow(U, open, D) if key(U, D);\n";
    let told = why(&format!("{rules}lives(\"anna\", \"a\"); door(\"d\", \"a\"); key(\"anna\", \"d\");"));
    assert!(told.contains("  walk\n") && !told.contains("  key"), "{told}");
}

#[test]
fn of_several_levels_the_highest_is_told_and_the_others_are_named() {
    let rules = "decision has(user: user, level: level);
/// {U} has a badge for {G}.
has(U, L) if badge(U, G), G >= L;
/// {U} has {L}, as {D} asks.
allow(U, open, D) if asks(D, L), has(U, L);\n";
    assert_why(
        &format!("{rules}badge(\"anna\", low); badge(\"anna\", high); badge(\"anna\", middle); asks(\"d\", low);"),
        "anna has low, as d asks.                  doors.rules:11\n\
         ├─ asks(d, low).                          doors.rules:12\n\
         └─ anna has a badge for high.             doors.rules:9\n\
         \u{20}  ├─ badge(anna, high).                  doors.rules:12\n\
         \u{20}  ├─ high is at least low.\n\
         \u{20}  ├─ also: anna has a badge for low.\n\
         \u{20}  └─ also: anna has a badge for middle.\n",
    );
}

#[test]
fn a_maximum_names_what_it_is_the_highest_of() {
    let rules = "relation best(user: user, level: level);
/// {U} has a badge for {L}.
best(U, max(L)) if badge(U, L);
allow(U, open, D) if asks(D, L), best(U, L);\n";
    assert_why(
        &format!("{rules}badge(\"anna\", low); badge(\"anna\", high); asks(\"d\", high);"),
        "allow(anna, open, door:d).             doors.rules:10\n\
         ├─ asks(d, high).                      doors.rules:11\n\
         └─ anna has a badge for high.          doors.rules:9\n\
         \u{20}  ├─ badge(anna, high).               doors.rules:11\n\
         \u{20}  └─ also: anna has a badge for low.\n",
    );
}

#[test]
fn a_count_rests_on_each_thing_counted() {
    let rules = "relation homes(user: user, places: int);
homes(U, count(P)) if visits(U, P);
allow(U, open, D) if door(D, _), homes(U, N), N > 1;\n";
    assert_why(
        &format!("{rules}visits(\"anna\", \"b\"); visits(\"anna\", \"a\");\ndoor(\"d\", \"a\");"),
        "allow(anna, open, door:d).  doors.rules:9\n\
         ├─ door(d, a).              doors.rules:11\n\
         ├─ homes(anna, 2).          doors.rules:8\n\
         │  ├─ visits(anna, a).      doors.rules:10\n\
         │  └─ visits(anna, b).      doors.rules:10\n\
         └─ 2 is above 1.\n",
    );
}

#[test]
fn a_not_tells_what_it_rests_on() {
    let rules = "relation wanted(user: user);
wanted(U) if thief(U), not pardoned(U);
/// {U} has a key, and is not wanted.
allow(U, open, D) if key(U, D), not wanted(U);\n";
    assert_why(
        &format!("{rules}key(\"anna\", \"d\"); thief(\"anna\"); pardoned(\"anna\");"),
        "anna has a key, and is not wanted.   doors.rules:10\n\
         ├─ key(anna, d).                     doors.rules:11\n\
         └─ nothing shows that wanted(anna).\n\
         \u{20}  └─ pardoned(anna).                doors.rules:11\n",
    );
}

#[test]
fn what_denies_is_told_where_it_decides() {
    let rules = "allow(U, open, D) if key(U, D);
/// {U} is a thief.
@id(\"no-thieves\")
deny(U, open, _) if thief(U);\n";
    assert_why(
        &format!("{rules}key(\"anna\", \"d\"); thief(\"anna\");"),
        "anna is a thief.  doors.rules:10  no-thieves\n└─ thief(anna).   doors.rules:11\n",
    );
}

const DOORS: &str = "@id(\"key\")
allow(U, open, D) if key(U, D);
@id(\"near\")
allow(U, open, D) if door(D, P), lives(U, P);
@id(\"near-with-key\")
allow(U, open, D) if door(D, P), lives(U, P), key(U, D);\n";

#[test]
fn derivations_that_need_more_than_another_are_left_out() {
    let (trees, complete) =
        all(&format!("{DOORS}key(\"anna\", \"d\"); door(\"d\", \"a\"); lives(\"anna\", \"a\");"), 9);
    assert_eq!(
        trees,
        [
            "allow(anna, open, door:d).  doors.rules:8  key\n└─ key(anna, d).            doors.rules:13\n",
            "allow(anna, open, door:d).  doors.rules:10  near\n\
             ├─ door(d, a).              doors.rules:13\n\
             └─ lives(anna, a).          doors.rules:13\n",
        ]
    );
    assert!(complete);
}

#[test]
fn each_way_through_a_circle_is_one_derivation() {
    let places =
        "lives(\"anna\", \"a\"); next(\"a\", \"b\"); next(\"b\", \"a\"); next(\"b\", \"c\"); next(\"a\", \"c\");";
    let (trees, complete) = all(&format!("{REACHES}{places} door(\"d\", \"c\");"), 9);
    // Straight from a, or through b; never round and round.
    assert_eq!(trees.len(), 2, "{trees:#?}");
    assert!(trees[0].contains("next(a, c)") && !trees[0].contains("next(a, b)"), "{}", trees[0]);
    assert!(trees[1].contains("next(a, b)") && trees[1].contains("next(b, c)"), "{}", trees[1]);
    assert!(!trees[1].contains("next(b, a)"), "{}", trees[1]);
    assert!(complete);
}

#[test]
fn a_limit_of_derivations_is_told() {
    let (trees, complete) =
        all(&format!("{DOORS}key(\"anna\", \"d\"); door(\"d\", \"a\"); lives(\"anna\", \"a\");"), 1);
    assert_eq!((trees.len(), complete), (1, false));
}

#[test]
fn nothing_decides_and_there_is_no_tree() {
    assert_why(&format!("{DOORS}key(\"boris\", \"d\");"), "");
    assert_eq!(all(DOORS, 9), (Vec::new(), true));
}

/// As deep as the chain is long, but for the stack.
#[test]
fn a_long_chain_is_followed_to_its_end() {
    let mut text = format!("{REACHES}lives(\"anna\", \"p0\"); door(\"d\", \"p5000\");\n");
    for place in 0..5_000 {
        text.push_str(&format!("next(\"p{place}\", \"p{}\"); ", place + 1));
    }
    let told = why(&text);
    assert_eq!(told.lines().count(), 3 + 1 + 5_000, "{}", told.lines().take(5).collect::<String>());
}

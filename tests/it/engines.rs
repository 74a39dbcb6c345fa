//! Programs with the rows that must follow, worked out by hand: what the language promises, and what is easily
//! got wrong. Also what the compiled engine is made of, and where every engine stops.

use rolecall::engine::Engine;

use crate::evaluation::{self, model};

/// The rows of a relation of a program, with the facts that the program states.
fn rows(text: &str, relation: &str) -> Vec<String> {
    let program = evaluation::program(text);
    let database = evaluation::database(&program, "{}");
    evaluation::rows(&model(&program, database, Engine::Interpreted), relation)
}

macro_rules! derives {
    ($($(#[doc = $doc:literal])* $name:ident: $relation:literal of $text:literal is $rows:tt)+) => {
        $($(#[doc = $doc])* #[test] fn $name() { assert_eq!(rows($text, $relation), Vec::<String>::from($rows.map(String::from))); })+
    };
}

derives! {
    /// A value alone does not tell its type: the first person and the first color have the same number.
    values_of_two_types_count_apart: "marks" of
        r#"entity person; enum color { red, green };
           input likes(person: person, color: color); input knows(person: person, other: person);
           relation marks(person: person, marks: int);
           marks(P, count(C)) if likes(P, C);
           marks(P, count(O)) if knows(P, O);
           likes("anna", red); likes("anna", green); knows("anna", "anna"); knows("anna", "boris");"#
        is ["anna, 4"]
}

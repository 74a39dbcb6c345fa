//! What someone may have meant by an id that no fact names: the thing of that name, an id that is written nearly so, or
//! one that says more, as `lead:15` does where `15` was typed.

use rolecall::compiler::program::{EntityId, Program};
use rolecall::compiler::suggest;
use rolecall::data::{Database, Tag};
use rolecall::proof::Words;

/// So many are offered.
const MOST: usize = 3;

/// A part of a name has at least so many characters.
const SHORTEST_PART: usize = 3;

/// What to type instead, or how such ids look; nothing where neither can be told.
pub fn advice(program: &Program, database: &Database, entity: EntityId, id: &str) -> String {
    let ids = || database.symbols.ids(entity);
    let named = Named::find(program, database, entity, id);
    if !named.whole.is_empty() {
        return meant(named.whole);
    }
    let near = suggest::nearest(id, ids());
    if !near.is_empty() {
        return format!("; {}", suggest::did_you_mean(&near));
    }
    if !named.part.is_empty() {
        return meant(named.part);
    }
    let ends =
        |other: &&str| other.strip_suffix(id).is_some_and(|before| before.ends_with(|c: char| !c.is_alphanumeric()));
    let longer: Vec<String> = ids().filter(ends).map(|other| format!("`{other}`")).collect();
    if !longer.is_empty() {
        return meant(longer);
    }
    match ids().next() {
        Some(example) if !ids().any(|other| shape(other).eq(shape(id))) => format!("; such ids look like `{example}`"),
        _ => String::new(),
    }
}

/// Things by their display names, each as `` `anna` (Anna Kowalska) ``.
#[derive(Default)]
struct Named {
    /// Those of exactly that name; where there are none, those whose name differs in case alone.
    whole: Vec<String>,
    /// Those with a word in their name that begins so.
    part: Vec<String>,
}

impl Named {
    fn find(program: &Program, database: &Database, entity: EntityId, text: &str) -> Named {
        let (words, symbols) = (Words::new(program, database), &database.symbols);
        let lowered = text.to_lowercase();
        let mut exact = Vec::new();
        let mut named = Named::default();
        for (thing, name) in words.names().filter(|(thing, _)| symbols.tag(*thing) == Tag::thing(entity)) {
            let shown = || format!("`{}` ({name})", symbols.text(thing));
            if name == text {
                exact.push(shown());
            } else if name.to_lowercase() == lowered {
                named.whole.push(shown());
            } else if text.chars().count() >= SHORTEST_PART && begins_a_word(&name.to_lowercase(), &lowered) {
                named.part.push(shown());
            }
        }
        if !exact.is_empty() {
            named.whole = exact;
        }
        named
    }
}

fn begins_a_word(name: &str, part: &str) -> bool {
    name.match_indices(part).any(|(at, _)| !name[..at].ends_with(char::is_alphanumeric))
}

/// The question to ask about these, which are not in order yet.
fn meant(mut offers: Vec<String>) -> String {
    offers.sort();
    let more = offers.len().saturating_sub(MOST);
    offers.truncate(MOST);
    if more > 0 {
        offers.push(format!("one of {more} more"));
    }
    match offers.split_last() {
        Some((last, others)) if !others.is_empty() => format!("; did you mean {} or {last}?", others.join(", ")),
        _ => format!("; did you mean {}?", offers.concat()),
    }
}

/// The kinds of characters of an id in turn, as `a:0` of `lead:15`.
fn shape(id: &str) -> impl Iterator<Item = char> + '_ {
    let kind = |character: char| match character {
        _ if character.is_alphabetic() => 'a',
        _ if character.is_numeric() => '0',
        other => other,
    };
    let mut last = None;
    id.chars().map(kind).filter(move |kind| last.replace(*kind) != Some(*kind))
}

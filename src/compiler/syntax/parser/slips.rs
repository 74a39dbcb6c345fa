//! What the parser says to people who come from Prolog, Soufflé, SQL or Rego, or from general programming: a word or
//! form of theirs, and what is written here. Each constructor takes the places and words of one slip.

use super::super::token::{Token, is_name};
use super::Parser;
use super::messages::{shortened, syntax_error};
use super::names::Named;
use crate::compiler::diagnostic::Diagnostic;
use crate::compiler::source::Span;
use crate::compiler::suggest::type_known_elsewhere;

impl Parser<'_> {
    /// Reports a word of another language, and what it is called here. Only what also has another meaning there is not
    /// certain: an implication, an assignment, a question of time or place.
    pub(super) fn report_slip(&mut self, token: Token, right: &str) {
        let (span, word) = (self.span_of(token), self.text_of(token));
        let advice = format!("write `{right}`");
        let typed = self.kept_apart(token, right);
        let diagnostic = slip(span, word, right);
        // Where something follows a dot at once, it may have been no end.
        let is_end = word != "." || self.text[token.end as usize..].chars().next().is_none_or(char::is_whitespace);
        let is_certain = is_end && (matches!(word, ":-" | "<-" | "IF" | "If") || right != "if" && word != "=>");
        self.report(match is_certain {
            true => diagnostic.fix(advice, span, typed),
            false => diagnostic.replace(advice, span, typed),
        });
    }

    /// A word with blanks where none stand around the token that it replaces; a sign needs none.
    fn kept_apart(&self, token: Token, right: &str) -> String {
        if !matches!(right, "if" | "not") {
            return right.to_owned();
        }
        let blank = |is_there: bool| if is_there { "" } else { " " };
        let before = self.text[..token.start as usize].ends_with(char::is_whitespace);
        let after = self.text[token.end as usize..].starts_with(char::is_whitespace);
        format!("{}{right}{}", blank(before), blank(after))
    }
}

fn slip(span: Span, word: &str, right: &str) -> Diagnostic {
    let why = match right {
        "if" => "between a head and its conditions stands `if`",
        ";" => "a statement ends with `;`",
        "," => "all conditions of a rule must hold, and `,` stands between them",
        "not" => "absence is written `not`",
        "=" => "equality is written with one `=`",
        "!=" => "inequality is written `!=`",
        "<=" => "at most is written `<=`",
        _ => "at least is written `>=`",
    };
    syntax_error(format!("expected `{right}`, found `{}`", shortened(word))).at(span, why)
}

pub(super) fn needless_dot(span: Span) -> Diagnostic {
    syntax_error("a query ends without a dot").at(span, "not needed").replace("delete the dot", span, "")
}

/// `doubled` tells that another quote follows at once, which in SQL stands for one inside.
pub(super) fn single_quoted(span: Span, quoted: &str, doubled: bool) -> Diagnostic {
    let inside = quoted.trim_matches('\'').replace('\\', "\\\\").replace('"', "\\\"");
    let right = format!("\"{inside}\"");
    let mistake = syntax_error(format!("expected a string in double quotes, found {}", shortened(quoted)))
        .at(span, "single quotes make no string");
    let advice = format!("write `{}`", shortened(&right));
    if doubled { mistake.replace(advice, span, right) } else { mistake.fix(advice, span, right) }
}

/// A word whose letters make it neither a name nor a variable, or a variable in the place of a name.
pub(super) fn misnamed(span: Span, word: &str, named: Option<Named>) -> Diagnostic {
    let shown = shortened(word);
    let diagnostic = match named {
        Some(named) => syntax_error(format!("expected {}, found `{shown}`", named.words()))
            .at(span, "a name begins with a lower-case letter and has only a-z, 0-9 and `_`"),
        None => syntax_error(format!("`{shown}` is neither a name nor a variable"))
            .at(span, "names are all lower case, variables begin with a capital letter"),
    };
    if named.is_none() && word.starts_with('_') {
        return diagnostic.note("`_` alone matches anything; a variable begins with a capital letter");
    }
    let ty = Some(word).filter(|_| named == Some(Named::Type)).and_then(type_known_elsewhere);
    match ty.map_or_else(|| snake_case(word), |ty| Some(ty.to_owned())) {
        Some(name) if ty.is_some() => diagnostic.replace(format!("write `{name}`"), span, name),
        Some(name) => diagnostic.replace(format!("as a name it is `{name}`"), span, name),
        None => diagnostic,
    }
}

/// `worksIn`, `Works_In` and `WORKSIn` as `works_in`; none where that is no name either.
fn snake_case(word: &str) -> Option<String> {
    let characters: Vec<char> = word.trim_matches('_').chars().collect();
    let mut name = String::new();
    for (at, character) in characters.iter().enumerate() {
        let before = at.checked_sub(1).map(|before| characters[before]);
        let ends_lower = before.is_some_and(|before| before.is_ascii_lowercase() || before.is_ascii_digit());
        let begins_word = before.is_some_and(|before| before.is_ascii_uppercase())
            && characters.get(at + 1).is_some_and(|next| next.is_ascii_lowercase());
        if character.is_ascii_uppercase() && (ends_lower || begins_word) {
            name.push('_');
        }
        name.push(character.to_ascii_lowercase());
    }
    Some(name).filter(|name| is_name(name))
}

pub(super) fn variable_as_entity(span: Span, word: &str) -> Diagnostic {
    misnamed(span, word, Some(Named::Entity)).note("the entity before `:` is a name of the program, never a variable")
}

pub(super) fn directive(span: Span) -> Diagnostic {
    syntax_error("expected a statement, found `.`")
        .at(span, "no statement begins with a dot")
        .help("declarations begin with a word: `input p(user: user);` or `relation p(user: user);`")
}

pub(super) fn no_or(span: Span, word: &str) -> Diagnostic {
    syntax_error(format!("expected `,` or `;`, found `{word}`"))
        .at(span, "a rule has no alternatives")
        .help("write two rules with the same head, one for each case")
}

pub(super) fn braces(span: Span) -> Diagnostic {
    syntax_error("expected a literal, found `{`")
        .at(span, "the conditions stand without braces")
        .help("write `head if literal, literal;`")
}

pub(super) fn group(span: Span) -> Diagnostic {
    syntax_error("expected a literal, found `(`")
        .at(span, "literals can't be grouped")
        .help("give the group a relation of its own, and use that")
}

pub(super) fn double_not(span: Span) -> Diagnostic {
    syntax_error("expected a relation after `not`, found another `not`")
        .at(span, "only a relation can be absent")
        .help("leave out both")
}

pub(super) fn not_before_comparison(span: Span) -> Diagnostic {
    syntax_error("`not` stands before a relation, not before a comparison")
        .at(span, "what follows is no relation")
        .help("write the opposite comparison: `!=` for `=`, `>=` for `<`, `>` for `<=`")
}

pub(super) fn aggregate_in_body(span: Span) -> Diagnostic {
    syntax_error("an aggregate stands in the head of a rule, not among its conditions")
        .at(span, "not here")
        .help("give the aggregate a relation of its own, as `highest(U, max(L)) if granted(U, L);`, and compare that")
}

pub(super) fn nested_aggregate(span: Span) -> Diagnostic {
    syntax_error("an aggregate folds a variable, not another aggregate")
        .at(span, "expected a variable")
        .help("give the inner aggregate a relation of its own")
}

pub(super) fn lone_word(span: Span, word: &str) -> Diagnostic {
    let shown = shortened(word);
    let diagnostic = syntax_error(format!("expected `(` or a comparison after `{shown}`"))
        .at(span, "a literal is `relation(…)`, `not relation(…)` or a comparison");
    match word {
        "true" => diagnostic.help("a rule without conditions is written without `if`"),
        "false" => diagnostic.help("leave the rule out"),
        _ => diagnostic,
    }
}

pub(super) fn nested(span: Span, word: &str) -> Diagnostic {
    let shown = shortened(word);
    syntax_error(format!("`{shown}(…)` can't be a value"))
        .at(span, "expected a variable, a string, a number or a name")
        .help(format!("make `{shown}(…)` a literal of its own, and share a variable with it"))
}

pub(super) fn decimal(span: Span, word: &str) -> Diagnostic {
    syntax_error(format!("expected an integer, found `{}`", shortened(word)))
        .at(span, "numbers are whole")
        .help("count in a smaller unit, or write it as a string")
}

pub(super) fn unquoted_id(span: Span, entity: &str, word: &str) -> Diagnostic {
    syntax_error(format!("expected an id in quotes after `{entity}:`, found `{}`", shortened(word)))
        .at(span, "an id is a string")
        .replace(format!("write `\"{}\"`", shortened(word)), span, format!("\"{word}\""))
}

pub(super) fn unquoted_subject(span: Span, word: &str) -> Diagnostic {
    syntax_error(format!("expected an id in quotes, found `{}`", shortened(word)))
        .at(span, "an id is a string")
        .replace(format!("write `\"{}\"`", shortened(word)), span, format!("\"{word}\""))
}

pub(super) fn second_if(span: Span) -> Diagnostic {
    syntax_error("a rule has one `if`")
        .at(span, "expected `,` or `;`")
        .help("if another rule begins before this `if`, end the one above it with `;` in place of `,`")
}

pub(super) fn if_in_query(span: Span) -> Diagnostic {
    syntax_error("a query has literals, but no head")
        .at(span, "nothing can follow from a query")
        .help("put the rule into a file and give it with `--rules`, then query its head")
}

pub(super) fn several_entities(span: Span) -> Diagnostic {
    syntax_error("expected `;`, found `,`")
        .at(span, "expected `;`")
        .help("declare each entity by itself, as `entity a; entity b;`")
}

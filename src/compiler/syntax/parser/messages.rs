//! What the parser says. Each constructor takes the places and words of one mistake and returns its report.

use super::super::token::{Token, TokenKind, is_name};
use super::names::Named;
use super::{Parser, Reported};
use crate::compiler::codes::Code;
use crate::compiler::diagnostic::Diagnostic;
use crate::compiler::source::Span;
use crate::compiler::suggest;

/// Longer words are cut in messages.
const SHOWN_CHARACTERS: usize = 32;

/// What may stand at the top of a file.
pub(super) const STATEMENTS: &str = "a statement is a declaration (`entity`, `enum`, `action`, `input`, `relation`, \
                                     `decision`), a rule, a fact or a `test`";

const DECLARING_WORDS: [&str; 7] = ["entity", "enum", "action", "input", "relation", "decision", "test"];

impl Parser<'_> {
    /// Reports that something else should stand here.
    pub(super) fn unexpected(&mut self, wanted: &str) -> Reported {
        let diagnostic = self.unexpected_diagnostic(wanted);
        self.fail(diagnostic)
    }

    pub(super) fn unexpected_diagnostic(&self, wanted: &str) -> Diagnostic {
        if self.begins_statement_on_its_line() {
            return syntax_error(format!("expected {wanted}, found the next statement"))
                .at(self.behind_previous(), format!("expected {wanted} here"))
                .label(self.span_of(self.current), "the next statement begins here");
        }
        let diagnostic = syntax_error(format!("expected {wanted}, found {}", self.describe_current()));
        if self.at(TokenKind::End) {
            return diagnostic.at(self.behind_previous(), format!("expected {wanted} here"));
        }
        let diagnostic = diagnostic.at(self.span_of(self.current), format!("expected {wanted}"));
        match self.current.kind {
            TokenKind::DocComment => diagnostic.help("`///` explains the rule below it; a remark begins with `//`"),
            TokenKind::At => diagnostic.help("`@id(\"…\")` names the rule below it"),
            _ => diagnostic,
        }
    }

    pub(super) fn describe_current(&self) -> String {
        self.describe(self.current)
    }

    /// The token in words, as the variable `X`.
    pub(super) fn describe(&self, token: Token) -> String {
        let word = shortened(self.text_of(token));
        match token.kind {
            TokenKind::Variable => format!("the variable `{word}`"),
            TokenKind::Name => format!("the name `{word}`"),
            TokenKind::Text | TokenKind::SingleQuoted => format!("the string `{word}`"),
            TokenKind::Integer | TokenKind::Decimal => format!("the number `{word}`"),
            TokenKind::DocComment => "an explanation (`///`)".to_string(),
            TokenKind::End if self.is_query() => "the end of the query".to_string(),
            TokenKind::End => "the end of the file".to_string(),
            kind if kind.is_reserved() => format!("the reserved word `{word}`"),
            _ => format!("`{word}`"),
        }
    }

    /// A parenthesis or brace without its partner, which should stand here.
    pub(super) fn unclosed(&self, open: Token, partner: &str) -> Diagnostic {
        let bracket = self.text_of(open);
        let at = self.behind_previous();
        syntax_error(format!("this `{bracket}` is never closed"))
            .at(at, format!("expected `{partner}` here"))
            .label(self.span_of(open), format!("opened by this `{bracket}`"))
    }
}

fn syntax_error(message: impl Into<String>) -> Diagnostic {
    Diagnostic::error(Code::SyntaxError, message)
}

fn shortened(word: &str) -> String {
    match word.char_indices().nth(SHOWN_CHARACTERS) {
        Some((end, _)) => format!("{}…", &word[..end]),
        None => word.to_string(),
    }
}

/// A word of another language, and what it is called here.
pub(super) fn slip(span: Span, word: &str, right: &str) -> Diagnostic {
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
    let typed = match right {
        "not" => "not ",
        _ => right,
    };
    syntax_error(format!("expected `{right}`, found `{}`", shortened(word))).at(span, why).replace(
        format!("write `{right}`"),
        span,
        typed,
    )
}

pub(super) fn needless_dot(span: Span) -> Diagnostic {
    syntax_error("a query ends without a dot").at(span, "not needed").replace("delete the dot", span, "")
}

pub(super) fn missing_semicolon(at: Span, next: Option<Span>) -> Diagnostic {
    let diagnostic = syntax_error("`;` is missing at the end of this statement").at(at, "expected `;` here");
    let diagnostic = match next {
        Some(next) => diagnostic.label(next, "the next one begins here"),
        None => diagnostic,
    };
    diagnostic.replace("end the statement with `;`", at, ";")
}

pub(super) fn missing_comma(at: Span, next: Span) -> Diagnostic {
    syntax_error("`,` is missing between two literals")
        .at(at, "expected `,` or `;` here")
        .label(next, "the next literal begins here")
        .replace("put `,` between them", at, ",")
}

pub(super) fn missing_comma_between_arguments(at: Span, next: Span) -> Diagnostic {
    syntax_error("`,` is missing between two arguments")
        .at(at, "expected `,` or `)` here")
        .label(next, "the next argument")
        .replace("put `,` between them", at, ",")
}

pub(super) fn missing(at: Span, wanted: &str, after: &str, next: Span) -> Diagnostic {
    syntax_error(format!("{wanted} is missing after {after}"))
        .at(at, format!("expected {wanted} here"))
        .label(next, "this can't follow the head")
}

pub(super) fn single_quoted(span: Span, quoted: &str) -> Diagnostic {
    let inside = quoted.trim_matches('\'').replace('\\', "\\\\").replace('"', "\\\"");
    let right = format!("\"{inside}\"");
    syntax_error(format!("expected a string in double quotes, found {}", shortened(quoted)))
        .at(span, "single quotes make no string")
        .replace(format!("write `{}`", shortened(&right)), span, right)
}

pub(super) fn reserved(span: Span, word: &str, wanted: &str) -> Diagnostic {
    syntax_error(format!("expected {wanted}, found the reserved word `{word}`"))
        .at(span, format!("`{word}` can't be a name"))
        .help(format!("choose another name; `{word}` may be a part of it, as `{word}_1` or `my.{word}`"))
}

pub(super) fn dotted(span: Span, word: &str, named: Named) -> Diagnostic {
    let diagnostic = syntax_error(format!("expected {}, found the dotted name `{word}`", named.words()))
        .at(span, "this name may have no dots");
    match named {
        Named::Field => diagnostic.help(format!("a field is a name and its type, as `it: {word}`")),
        _ => diagnostic.note("dots are for entities, relations, actions and members of enums"),
    }
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
    match snake_case(word) {
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

pub(super) fn mixed_enum(first: Span, other: Span) -> Diagnostic {
    syntax_error("this enum mixes `<` and `,`")
        .at(other, "here the other one")
        .label(first, "its members were separated so")
        .note("with `<` all members have an order, with `,` none has")
}

pub(super) fn closes_nothing(span: Span, bracket: &str) -> Diagnostic {
    syntax_error(format!("this `{bracket}` closes nothing")).at(span, "nothing is open here").replace(
        "delete it",
        span,
        "",
    )
}

pub(super) fn empty_statement(span: Span) -> Diagnostic {
    syntax_error("this `;` ends no statement").at(span, "nothing stands before it").replace("delete it", span, "")
}

pub(super) fn semicolon_after_test(span: Span) -> Diagnostic {
    syntax_error("a test ends without `;`").at(span, "its `}` is its end").replace("delete it", span, "")
}

pub(super) fn semicolon_after_id(span: Span) -> Diagnostic {
    syntax_error("`@id` ends without `;`").at(span, "the rule follows here").replace("delete it", span, "")
}

pub(super) fn expect_outside(span: Span) -> Diagnostic {
    syntax_error("`expect` outside of a test").at(span, "nothing is tested here").help("put it into `test \"…\" { … }`")
}

pub(super) fn directive(span: Span) -> Diagnostic {
    syntax_error("expected a statement, found `.`")
        .at(span, "no statement begins with a dot")
        .help("declarations begin with a word: `input p(user: user);` or `relation p(user: user);`")
}

/// A statement that begins with a name but is no rule or fact.
pub(super) fn no_statement_word(span: Span, word: &str, next: &str) -> Diagnostic {
    if let Some(right) = suggest::nearest(word, DECLARING_WORDS.into_iter()).first() {
        return syntax_error(format!("expected a statement, found the name `{}`", shortened(word)))
            .at(span, "no statement begins so")
            .replace(suggest::did_you_mean(&[right]), span, *right);
    }
    let shown = shortened(word);
    let diagnostic = syntax_error(format!("expected `(` after `{shown}`, found {next}"))
        .at(span, "a rule or fact begins with a relation and its arguments in parentheses");
    match word {
        "default" => diagnostic.note("nothing said is denied: a default needs no rule"),
        "package" | "import" => diagnostic.note("files have no packages; all rule files make one policy"),
        _ => diagnostic.note(STATEMENTS),
    }
}

pub(super) fn misplaced_annotation((span, what): (Span, &str), below: Span, found: &str) -> Diagnostic {
    let diagnostic =
        syntax_error(format!("{what} stands above a rule or fact, found {found}")).at(span, "above no rule");
    let diagnostic = if below.start == below.end { diagnostic } else { diagnostic.label(below, "this is no rule") };
    if what.contains("///") { diagnostic.help("a remark begins with `//`") } else { diagnostic }
}

pub(super) fn explanation_behind(span: Span) -> Diagnostic {
    syntax_error("a `///` explanation stands on a line of its own, above its rule")
        .at(span, "it would explain the rule below")
        .help("move it above the rule, or begin a remark with `//`")
}

pub(super) fn second_id(span: Span, first: Span) -> Diagnostic {
    syntax_error("a rule has one `@id`").at(span, "a second one").label(first, "the first is here")
}

pub(super) fn explanation_in_test(span: Span) -> Diagnostic {
    syntax_error("a test holds no rules, and so nothing to explain")
        .at(span, "not in a test")
        .help("a remark begins with `//`")
}

pub(super) fn id_in_test(span: Span) -> Diagnostic {
    syntax_error("a test holds no rules, and so nothing to name").at(span, "not in a test")
}

pub(super) fn statement_in_test(span: Span, word: &str) -> Diagnostic {
    syntax_error(format!("expected a fact, `expect` or `}}`, found the reserved word `{word}`"))
        .at(span, "not in a test")
        .note("a test holds facts and expectations; everything else stands outside")
}

pub(super) fn rule_in_test(span: Span) -> Diagnostic {
    syntax_error("a test holds facts and expectations, but no rules")
        .at(span, "this makes it a rule")
        .help("put the rule outside of the test")
}

pub(super) fn if_in_query(span: Span) -> Diagnostic {
    syntax_error("a query has literals, but no head")
        .at(span, "nothing can follow from a query")
        .help("put the rule into a file and give it with `--rules`, then query its head")
}

pub(super) fn second_if(span: Span) -> Diagnostic {
    syntax_error("a rule has one `if`")
        .at(span, "expected `,` or `;`")
        .help("if another rule begins before this `if`, end the one above it with `;` in place of `,`")
}

pub(super) fn variable_as_entity(span: Span, word: &str) -> Diagnostic {
    misnamed(span, word, Some(Named::Entity)).note("the entity before `:` is a name of the program, never a variable")
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

pub(super) fn several_entities(span: Span) -> Diagnostic {
    syntax_error("expected `;`, found `,`")
        .at(span, "expected `;`")
        .help("declare each entity by itself, as `entity a; entity b;`")
}

pub(super) fn unquoted_id(span: Span, entity: &str, word: &str) -> Diagnostic {
    syntax_error(format!("expected an id in quotes after `{entity}:`, found `{}`", shortened(word)))
        .at(span, "an id is a string")
        .replace(format!("write `\"{}\"`", shortened(word)), span, format!("\"{word}\""))
}

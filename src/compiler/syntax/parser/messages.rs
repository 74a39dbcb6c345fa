//! What the parser says; `slips` has the rest. Each constructor takes the places and words of one mistake and returns its report.

use super::super::token::{Token, TokenKind};
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

pub(super) fn syntax_error(message: impl Into<String>) -> Diagnostic {
    Diagnostic::error(Code::SyntaxError, message)
}

pub(super) fn shortened(word: &str) -> String {
    match word.char_indices().nth(SHOWN_CHARACTERS) {
        Some((end, _)) => format!("{}…", &word[..end]),
        None => word.to_string(),
    }
}

pub(super) fn missing_semicolon(at: Span, next: Option<Span>) -> Diagnostic {
    no_semicolon(at, next).replace(END_STATEMENT, at, ";")
}

/// As [`missing_semicolon`], before something that can't be more of the statement.
pub(super) fn missing_semicolon_for_sure(at: Span, next: Span) -> Diagnostic {
    no_semicolon(at, Some(next)).fix(END_STATEMENT, at, ";")
}

const END_STATEMENT: &str = "end the statement with `;`";

fn no_semicolon(at: Span, next: Option<Span>) -> Diagnostic {
    let diagnostic = syntax_error("`;` is missing at the end of this statement").at(at, "expected `;` here");
    match next {
        Some(next) => diagnostic.label(next, "the next one begins here"),
        None => diagnostic,
    }
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

pub(super) fn mixed_enum(first: Span, other: Span) -> Diagnostic {
    syntax_error("this enum mixes `<` and `,`")
        .at(other, "here the other one")
        .label(first, "its members were separated so")
        .note("with `<` all members have an order, with `,` none has")
}

pub(super) fn closes_nothing(span: Span, bracket: &str) -> Diagnostic {
    unopened(span, bracket).replace("delete it", span, "")
}

/// The first of `all` the closing parentheses before the end of a statement, where no group can have been meant.
pub(super) fn needless_brackets(first: Span, bracket: &str, all: Span) -> Diagnostic {
    unopened(first, bracket).fix("delete it", all, "")
}

fn unopened(span: Span, bracket: &str) -> Diagnostic {
    syntax_error(format!("this `{bracket}` closes nothing")).at(span, "nothing is open here")
}

pub(super) fn empty_statement(span: Span) -> Diagnostic {
    nothing_to_end(span).replace("delete it", span, "")
}

/// The first of `all` the semicolons side by side.
pub(super) fn needless_semicolons(first: Span, all: Span) -> Diagnostic {
    nothing_to_end(first).fix("delete it", all, "")
}

fn nothing_to_end(span: Span) -> Diagnostic {
    syntax_error("this `;` ends no statement").at(span, "nothing stands before it")
}

pub(super) fn semicolon_after_test(span: Span) -> Diagnostic {
    syntax_error("a test ends without `;`").at(span, "its `}` is its end").fix("delete it", span, "")
}

pub(super) fn semicolon_after_table(span: Span) -> Diagnostic {
    syntax_error("a table ends without `;`").at(span, "its `}` is its end").replace("delete it", span, "")
}

pub(super) fn semicolon_after_id(span: Span) -> Diagnostic {
    syntax_error("`@id` ends without `;`").at(span, "the rule follows here").fix("delete it", span, "")
}

pub(super) fn expect_outside(span: Span) -> Diagnostic {
    syntax_error("`expect` outside of a test").at(span, "nothing is tested here").help("put it into `test \"…\" { … }`")
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
        "allow" | "deny" | "permit" | "forbid" => {
            let head = if matches!(word, "allow" | "permit") { "allow" } else { "deny" };
            diagnostic.help(format!("a rule about an action is written `{head}(User, action, Resource) if …;`"))
        }
        "default" => diagnostic.note("nothing said is denied: a default needs no rule"),
        "package" | "import" => diagnostic.note("files have no packages; all rule files make one policy"),
        _ => diagnostic.note(STATEMENTS),
    }
}

pub(super) fn id_above_no_rule(span: Span, below: Span, found: &str) -> Diagnostic {
    let diagnostic = syntax_error(format!("an `@id` stands above a rule or fact, found {found}"));
    above(diagnostic.at(span, "above no rule"), below)
}

pub(super) fn explanation_above_no_rule(span: Span, below: Span, found: &str) -> Diagnostic {
    let message = format!("a `///` explanation stands above a rule, fact or relation, found {found}");
    above(Diagnostic::warning(Code::MisplacedExplanation, message).at(span, "explains nothing"), below)
        .help("a remark begins with `//`")
}

/// Marks what stands below, unless the file ends there.
fn above(diagnostic: Diagnostic, below: Span) -> Diagnostic {
    if below.start == below.end { diagnostic } else { diagnostic.label(below, "this is no rule") }
}

pub(super) fn explanation_behind(span: Span) -> Diagnostic {
    let message = "a `///` explanation stands on a line of its own, above its rule";
    Diagnostic::warning(Code::MisplacedExplanation, message)
        .at(span, "it explains the rule below")
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

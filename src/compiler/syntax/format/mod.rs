//! A rule file in its canonical form, as docs/language.md describes it.
//!
//! `words` reads the text as words with the comments before each; `statements` says where lines may be broken;
//! `lines` breaks them; `sameness` holds the outcome against the text it came from, before anybody may use it.

mod lines;
mod sameness;
mod statements;
mod words;

use super::parser::parse;
use super::token::{Lexer, Token, TokenKind};
use crate::compiler::diagnostic::{Diagnostic, any_error};
use crate::compiler::source::{Origin, SourceId, Sources};

/// Why a text has no canonical form.
#[derive(Debug)]
pub enum Refusal {
    /// It has syntax errors: all mistakes of its syntax.
    Mistakes(Vec<Diagnostic>),
    /// What came out would not say the same, which is a mistake of this program; the sentence says what differs.
    Unfaithful(String),
}

/// The canonical form of a rule file: the same words and comments in the same order, and a text that is its own
/// canonical form.
///
/// # Errors
/// Where the text has a syntax error; warnings do not matter.
pub fn format(sources: &Sources, source: SourceId) -> Result<String, Refusal> {
    let mistakes = parse(sources, source).1;
    if any_error(&mistakes) {
        return Err(Refusal::Mistakes(mistakes));
    }
    let text = sources.get(source).text.as_str();
    let formatted = lines::lines(&statements::pieces(words::words(text)));
    sameness::check(text, &formatted).map_err(Refusal::Unfaithful)?;
    match is_sound(&formatted) {
        true => Ok(formatted),
        false => Err(Refusal::Unfaithful("the formatted text would have syntax errors".to_owned())),
    }
}

fn is_sound(text: &str) -> bool {
    let mut sources = Sources::default();
    let source = sources.add("formatted", text, Origin::Rules);
    !any_error(&parse(&sources, source).1)
}

/// All tokens of a text, comments included, without its end.
fn tokens(text: &str) -> impl Iterator<Item = Token> {
    let mut lexer = Lexer::new(SourceId(0), text);
    std::iter::from_fn(move || Some(lexer.next_token()).filter(|token| token.kind != TokenKind::End))
}

fn text_of(text: &str, token: Token) -> &str {
    &text[token.start as usize..token.end as usize]
}

//! Text to tokens, one at a time; the only file that knows logos.
//! A token is a kind and a stretch of the text: values are read from the text when the parser wants them.
//! What can't be a token is reported here and handed on as [`TokenKind::Broken`], on which the parser stays silent.

use logos::Logos;

use super::lexical;
use crate::compiler::diagnostic::Diagnostic;
use crate::compiler::source::{SourceId, Span};

/// What a token is. The kinds from `ColonDash` on are words of other languages, read so that messages can say
/// what to write instead.
#[derive(Logos, Clone, Copy, Debug, PartialEq, Eq)]
#[logos(skip r"[ \t\r\n]+")]
#[logos(skip r"[\u{61c}\u{200e}\u{200f}\u{202a}-\u{202e}\u{2066}-\u{2069}]+")] // `lexical` reports them
pub enum TokenKind {
    /// `history.view`. The lexer takes every word for a name first and sorts it out then.
    #[regex(r"[A-Za-z_][A-Za-z0-9_]*(\.[A-Za-z_][A-Za-z0-9_]*)*")]
    Name,
    /// `Head`
    Variable,
    /// `_`
    Wildcard,
    /// A word that is neither name nor variable, as `worksIn` or `_x`.
    Misnamed,
    /// `"…"`, escapes unread.
    #[regex(r#""([^"\\\r\n]|\\[^\r\n])*""#)]
    Text,
    /// A string without its closing quote; never leaves the lexer.
    #[regex(r#""([^"\\\r\n]|\\[^\r\n])*\\?"#)]
    UnclosedText,
    /// `-12`
    #[regex(r"-?[0-9]+")]
    Integer,
    /// `/// …` without its line end; never four slashes.
    DocComment,
    /// `// …` or `//// …`, without its line end.
    #[token("//")]
    LineComment,
    /// `/* … */`
    #[token("/*")]
    BlockComment,

    /// `entity`
    Entity,
    /// `enum`
    Enum,
    /// `action`
    Action,
    /// `on`
    On,
    /// `input`
    Input,
    /// `relation`
    Relation,
    /// `decision`
    Decision,
    /// `if`
    If,
    /// `not`
    Not,
    /// `test`
    Test,
    /// `expect`
    Expect,
    /// `max`
    Max,
    /// `min`
    Min,
    /// `count`
    Count,

    /// `(`
    #[token("(")]
    LeftParenthesis,
    /// `)`
    #[token(")")]
    RightParenthesis,
    /// `{`
    #[token("{")]
    LeftBrace,
    /// `}`
    #[token("}")]
    RightBrace,
    /// `,`
    #[token(",")]
    Comma,
    /// `;`
    #[token(";")]
    Semicolon,
    /// `:`
    #[token(":")]
    Colon,
    /// `@`
    #[token("@")]
    At,
    /// `=`
    #[token("=")]
    Equal,
    /// `!=`
    #[token("!=")]
    NotEqual,
    /// `<`
    #[token("<")]
    Less,
    /// `<=`
    #[token("<=")]
    LessOrEqual,
    /// `>`
    #[token(">")]
    Greater,
    /// `>=`
    #[token(">=")]
    GreaterOrEqual,

    /// `:-`, `<-`, `:=`: elsewhere what `if` is here.
    #[token(":-")]
    #[token("<-")]
    #[token(":=")]
    ColonDash,
    /// `.`
    #[token(".")]
    Dot,
    /// `==`, `===`
    #[token("==")]
    #[token("===")]
    DoubleEqual,
    /// `<>`, `!==`, `\=`, `=\=`, `~=`
    #[token("<>")]
    #[token("!==")]
    #[token("\\=")]
    #[token("=\\=")]
    #[token("~=")]
    Unequal,
    /// `=<`
    #[token("=<")]
    EqualLess,
    /// `=>`
    #[token("=>")]
    EqualGreater,
    /// `!`, `\+`, `~`
    #[token("!")]
    #[token("\\+")]
    #[token("~")]
    Negation,
    /// `&&`, `&`
    #[token("&&")]
    #[token("&")]
    And,
    /// `||`, `|`
    #[token("||")]
    #[token("|")]
    Or,
    /// `'anna'`
    #[regex(r"'[^'\r\n]*'")]
    SingleQuoted,
    /// `1.5`
    #[regex(r"-?[0-9]+\.[0-9]+")]
    Decimal,

    /// Something that is already reported.
    Broken,
    /// The end of the text.
    End,
}

impl TokenKind {
    /// Whether the word is reserved.
    pub fn is_reserved(self) -> bool {
        use TokenKind::{Action, Count, Decision, Entity, Enum, Expect, If, Input, Max, Min, Not, On, Relation, Test};
        matches!(
            self,
            Entity | Enum | Action | On | Input | Relation | Decision | If | Not | Test | Expect | Max | Min | Count
        )
    }

    /// Whether the word begins a declaration or a test.
    pub fn begins_statement(self) -> bool {
        use TokenKind::{Action, Decision, Entity, Enum, Input, Relation, Test};
        matches!(self, Entity | Enum | Action | Input | Relation | Decision | Test)
    }
}

/// A kind and its place in the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Token {
    /// What it is.
    pub kind: TokenKind,
    /// Offset of its first byte.
    pub start: u32,
    /// Offset behind its last byte.
    pub end: u32,
}

/// Reads a text token by token, comments included.
pub struct Lexer<'a> {
    words: logos::Lexer<'a, TokenKind>,
    source: SourceId,
    /// What is wrong with the words so far, and from the start with the bidirectional characters of all the text.
    pub diagnostics: Vec<Diagnostic>,
}

impl<'a> Lexer<'a> {
    /// Begins at the start of `text`, which is the text of `source`.
    pub fn new(source: SourceId, text: &'a str) -> Lexer<'a> {
        Lexer { words: TokenKind::lexer(text), source, diagnostics: lexical::bidirectional_controls(source, text) }
    }

    /// The next token; [`TokenKind::End`] from the end of the text on.
    pub fn next_token(&mut self) -> Token {
        let kind = match self.words.next() {
            None => TokenKind::End,
            Some(Err(())) => self.bad_characters(),
            Some(Ok(TokenKind::Name)) => word(self.words.slice()),
            Some(Ok(TokenKind::Text)) => self.text(),
            Some(Ok(TokenKind::UnclosedText)) => self.unclosed_text(),
            Some(Ok(TokenKind::Integer)) => self.integer(),
            Some(Ok(TokenKind::LineComment)) => self.line_comment(),
            Some(Ok(TokenKind::BlockComment)) => self.block_comment(),
            Some(Ok(kind)) => kind,
        };
        let place = self.words.span();
        Token { kind, start: place.start as u32, end: place.end as u32 }
    }

    fn report(&mut self, mistake: impl FnOnce(Span, &str) -> Diagnostic) -> TokenKind {
        let place = self.words.span();
        let span = Span { source: self.source, start: place.start as u32, end: place.end as u32 };
        self.diagnostics.push(mistake(span, self.words.slice()));
        TokenKind::Broken
    }

    /// Takes the characters that follow and begin no word either, so that a run of them is one report.
    fn bad_characters(&mut self) -> TokenKind {
        let rest = self.words.remainder();
        let run = rest.find(begins_word).unwrap_or(rest.len());
        self.words.bump(run);
        self.report(lexical::bad_characters)
    }

    /// A string with a bad escape is reported, but stays a string: nothing else is wrong with the statement.
    fn text(&mut self) -> TokenKind {
        let quoted = self.words.slice();
        if quoted.contains('\\') {
            let start = self.words.span().start as u32;
            self.diagnostics.extend(lexical::bad_escapes(self.source, start, quoted));
        }
        TokenKind::Text
    }

    /// A string that goes on in the next lines is one mistake: up to its closing quote all is part of it.
    fn unclosed_text(&mut self) -> TokenKind {
        let kind = self.report(lexical::unclosed_string);
        if let Some(rest) = lexical::rest_of_string(self.words.remainder()) {
            self.words.bump(rest);
        }
        kind
    }

    fn integer(&mut self) -> TokenKind {
        if self.words.slice().parse::<i64>().is_err() {
            self.report(lexical::integer_out_of_range);
        }
        TokenKind::Integer
    }

    fn line_comment(&mut self) -> TokenKind {
        let rest = self.words.remainder();
        let line = rest.find('\n').unwrap_or(rest.len());
        let line = rest[..line].strip_suffix('\r').map_or(line, str::len);
        self.words.bump(line);
        match self.words.slice().as_bytes() {
            [_, _, b'/', b'/', ..] => TokenKind::LineComment,
            [_, _, b'/', ..] => TokenKind::DocComment,
            _ => TokenKind::LineComment,
        }
    }

    fn block_comment(&mut self) -> TokenKind {
        let rest = self.words.remainder();
        match rest.find("*/") {
            Some(end) => {
                self.words.bump(end + 2);
                TokenKind::BlockComment
            }
            None => {
                // The mistake is where the comment begins; it reaches to the end of the text.
                self.report(lexical::unclosed_comment);
                self.words.bump(rest.len());
                TokenKind::Broken
            }
        }
    }
}

fn begins_word(character: char) -> bool {
    character.is_ascii_alphanumeric()
        || matches!(character, ' ' | '\t' | '\r' | '\n' | '_' | '"' | '\'')
        || matches!(character, '(' | ')' | '{' | '}' | ',' | ';' | ':' | '@' | '=' | '!' | '<' | '>' | '.' | '&' | '|')
        || lexical::is_bidirectional_control(character)
}

/// Which kind of word it is.
fn word(text: &str) -> TokenKind {
    match text {
        "_" => TokenKind::Wildcard,
        "entity" => TokenKind::Entity,
        "enum" => TokenKind::Enum,
        "action" => TokenKind::Action,
        "on" => TokenKind::On,
        "input" => TokenKind::Input,
        "relation" => TokenKind::Relation,
        "decision" => TokenKind::Decision,
        "if" => TokenKind::If,
        "not" => TokenKind::Not,
        "test" => TokenKind::Test,
        "expect" => TokenKind::Expect,
        "max" => TokenKind::Max,
        "min" => TokenKind::Min,
        "count" => TokenKind::Count,
        _ if text.starts_with(|first: char| first.is_ascii_uppercase()) && !text.contains('.') => TokenKind::Variable,
        _ if has_letters_of_name(text) => TokenKind::Name,
        _ => TokenKind::Misnamed,
    }
}

/// Whether the text is a name, and no reserved word.
pub(super) fn is_name(text: &str) -> bool {
    has_letters_of_name(text) && !word(text).is_reserved()
}

/// Whether each of the words between the dots begins with a letter and goes on with letters, digits and `_`.
fn has_letters_of_name(text: &str) -> bool {
    let mut at_start = true;
    let fits = text.bytes().all(|byte| {
        let fits = byte.is_ascii_lowercase() || !at_start && matches!(byte, b'0'..=b'9' | b'_' | b'.');
        at_start = byte == b'.';
        fits
    });
    fits && !at_start
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kinds(text: &str) -> Vec<TokenKind> {
        let mut lexer = Lexer::new(SourceId(0), text);
        std::iter::from_fn(|| Some(lexer.next_token().kind).filter(|kind| *kind != TokenKind::End)).collect()
    }

    #[test]
    fn only_the_whole_word_is_reserved() {
        assert_eq!(
            kinds("on history.on on_call counts"),
            [TokenKind::On, TokenKind::Name, TokenKind::Name, TokenKind::Name]
        );
    }

    #[test]
    fn three_slashes_explain_and_four_do_not() {
        assert_eq!(
            kinds("/// a\r\n//// b\n// c\n///"),
            [TokenKind::DocComment, TokenKind::LineComment, TokenKind::LineComment, TokenKind::DocComment]
        );
    }

    #[test]
    fn block_comments_do_not_nest() {
        assert_eq!(kinds("/* /* **/ x"), [TokenKind::BlockComment, TokenKind::Name]);
    }

    #[test]
    fn a_run_of_bad_characters_is_one_token() {
        assert_eq!(kinds("p §§€ q"), [TokenKind::Name, TokenKind::Broken, TokenKind::Name]);
    }

    #[test]
    fn words_that_are_neither_name_nor_variable_are_told_apart() {
        assert_eq!(
            kinds("worksIn _x a.B X.y a_b2.c Abc _"),
            [
                TokenKind::Misnamed,
                TokenKind::Misnamed,
                TokenKind::Misnamed,
                TokenKind::Misnamed,
                TokenKind::Name,
                TokenKind::Variable,
                TokenKind::Wildcard
            ]
        );
    }

    #[test]
    fn a_dot_behind_a_word_is_no_part_of_it() {
        assert_eq!(kinds("p. q"), [TokenKind::Name, TokenKind::Dot, TokenKind::Name]);
    }
}

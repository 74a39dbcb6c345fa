//! Tokens to tree: recursive descent, a function for each rule of docs/grammar.ebnf.
//! A function that meets a mistake reports it and returns `Err(Reported)`; `recovery` then finds the next statement.
//! Where the mistake is a known slip, as `:-` for `if`, it is reported and parsing goes on as if it were right.

mod echo;
mod explanation;
mod literals;
mod messages;
mod names;
mod recovery;
mod slips;
mod statements;
mod table;
mod tests_block;

#[cfg(test)]
mod tests;

use std::ops::Range;

use super::ast::{File, Literal};
use super::token::{Lexer, Token, TokenKind};
use crate::compiler::diagnostic::Diagnostic;
use crate::compiler::source::{Origin, SourceId, Sources, Span};

/// The statements of a rule file. Those with a mistake are left out; every mistake is reported, in source order.
pub fn parse<'a>(sources: &'a Sources, source: SourceId) -> (File<'a>, Vec<Diagnostic>) {
    let mut parser = Parser::new(sources, source);
    let file = parser.file();
    (file, parser.finish())
}

/// The literals of a query; none where it has a mistake.
pub fn parse_body<'a>(sources: &'a Sources, source: SourceId) -> (Vec<Literal<'a>>, Vec<Diagnostic>) {
    let mut parser = Parser::new(sources, source);
    let literals = parser.query().unwrap_or_default();
    (literals, parser.finish())
}

/// A mistake has been met, and its report is written.
struct Reported;

type Parsed<T> = Result<T, Reported>;

struct Parser<'a> {
    sources: &'a Sources,
    source: SourceId,
    text: &'a str,
    lexer: Lexer<'a>,
    previous: Token,
    current: Token,
    next: Token,
    /// How far the statement being parsed is indented; what begins a line further left is not part of it.
    indent: u32,
    /// Where the last needless semicolons stand.
    needless: Range<u32>,
    diagnostics: Vec<Diagnostic>,
}

impl<'a> Parser<'a> {
    fn new(sources: &'a Sources, source: SourceId) -> Parser<'a> {
        let text = sources.get(source).text.as_str();
        let start = Token { kind: TokenKind::Semicolon, start: 0, end: 0 };
        let lexer = Lexer::new(source, text);
        let mut parser = Parser {
            sources,
            source,
            text,
            lexer,
            previous: start,
            current: start,
            next: start,
            indent: 0,
            needless: 0..0,
            diagnostics: Vec::new(),
        };
        parser.advance();
        parser.advance();
        parser.previous = start;
        parser
    }

    fn file(&mut self) -> File<'a> {
        let mut file = File::default();
        let mut is_read = true;
        while self.current.kind != TokenKind::End {
            if self.at(TokenKind::Semicolon) {
                self.drop_semicolons(is_read);
                continue;
            }
            let (start, reported) = (self.current, self.diagnostics.len());
            match self.statement() {
                Ok(Some(statement)) => {
                    file.statements.push(statement);
                    continue;
                }
                Ok(None) => {}
                Err(Reported) => {
                    self.skip_to_next_statement(start);
                    self.lose(start, &mut file.lost);
                }
            }
            // In what could not be read nothing is certain.
            self.diagnostics[reported..].iter_mut().for_each(Diagnostic::doubt);
            is_read = false;
        }
        self.lose_comment(&mut file.lost);
        file
    }

    fn finish(self) -> Vec<Diagnostic> {
        echo::without_echoes(self.text, self.lexer.diagnostics, self.diagnostics)
    }

    /// Steps over the current token and gives it back.
    fn advance(&mut self) -> Token {
        self.previous = self.current;
        self.current = self.next;
        self.next = loop {
            let token = self.lexer.next_token();
            if !matches!(token.kind, TokenKind::LineComment | TokenKind::BlockComment) {
                break token;
            }
        };
        self.previous
    }

    fn at(&self, kind: TokenKind) -> bool {
        self.current.kind == kind
    }

    /// Steps over the current token if it is of that kind.
    fn take(&mut self, kind: TokenKind) -> bool {
        let found = self.at(kind);
        if found {
            self.advance();
        }
        found
    }

    /// Steps over a token that must be here.
    fn expect(&mut self, kind: TokenKind, wanted: &str) -> Parsed<Token> {
        if self.at(kind) { Ok(self.advance()) } else { Err(self.unexpected(wanted)) }
    }

    fn text_of(&self, token: Token) -> &'a str {
        &self.text[token.start as usize..token.end as usize]
    }

    fn span_of(&self, token: Token) -> Span {
        Span { source: self.source, start: token.start, end: token.end }
    }

    fn span_from(&self, start: Token) -> Span {
        Span { source: self.source, start: start.start, end: self.previous.end.max(start.start) }
    }

    /// The empty place just behind the last token, where something is missing.
    fn behind_previous(&self) -> Span {
        Span { source: self.source, start: self.previous.end, end: self.previous.end }
    }

    fn report(&mut self, diagnostic: Diagnostic) {
        self.diagnostics.push(diagnostic);
    }

    /// Reports and gives up on the statement. Silent where the lexer has reported the token already.
    fn fail(&mut self, diagnostic: Diagnostic) -> Reported {
        if self.current.kind != TokenKind::Broken && self.previous.kind != TokenKind::Broken {
            self.report(diagnostic);
        }
        Reported
    }

    /// Whether the last report is about this very place, so that another one would be its echo.
    fn has_reported_at(&self, place: Span) -> bool {
        self.diagnostics.last().is_some_and(|last| last.labels.iter().any(|label| label.primary && label.span == place))
    }

    fn is_query(&self) -> bool {
        self.sources.get(self.source).origin == Origin::Query
    }
}

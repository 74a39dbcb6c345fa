//! Where a statement ends when something in it is wrong or missing.

use super::super::ast::Lost;
use super::super::token::{Lexer, Token, TokenKind};
use super::Parser;
use crate::compiler::codes::Code;

impl<'a> Parser<'a> {
    /// Notes what a statement that could not be read, from `start` to here, may declare.
    pub(super) fn lose(&self, start: Token, lost: &mut Lost<'a>) {
        let text = &self.text[start.start as usize..self.previous.end.max(start.end) as usize];
        self.lose_text(text, lost);
    }

    /// Notes what a comment that is never closed may declare.
    pub(super) fn lose_comment(&self, lost: &mut Lost<'a>) {
        let unclosed = self.lexer.diagnostics.iter().find(|mistake| mistake.code == Code::UnclosedComment);
        if let Some(label) = unclosed.and_then(|mistake| mistake.labels.first()) {
            let inside = &self.text[label.span.start as usize..];
            self.lose_text(inside.trim_start_matches("/*"), lost);
        }
    }

    /// Notes what may be declared: a name behind the word of a declaration, or behind a name, which may be such a
    /// word misspelled.
    fn lose_text(&self, text: &'a str, lost: &mut Lost<'a>) {
        let mut lexer = Lexer::new(self.source, text);
        let mut tokens = std::iter::from_fn(|| Some(lexer.next_token()).filter(|token| token.kind != TokenKind::End));
        let is_declaration = |kind: TokenKind| kind.begins_statement() && kind != TokenKind::Test;
        let Some(mut previous) = tokens.next() else { return };
        let begins_declaration = is_declaration(previous.kind);
        let known = lost.names.len();
        for token in tokens {
            if token.kind == TokenKind::Name && (previous.kind == TokenKind::Name || is_declaration(previous.kind)) {
                lost.names.push(&text[token.start as usize..token.end as usize]);
            }
            previous = token;
        }
        lost.is_unknown |= begins_declaration && lost.names.len() == known;
    }

    /// Goes on after a mistake: behind the statement's `;` or `}`, or before a line that begins another statement.
    /// Always goes on by a token at least.
    pub(super) fn skip_to_next_statement(&mut self, start: Token) {
        if self.current == start {
            self.advance();
        }
        let mut open_braces = 0u32;
        while !self.at(TokenKind::End) && !self.begins_statement_on_its_line() {
            match self.advance().kind {
                TokenKind::LeftBrace => open_braces += 1,
                TokenKind::Semicolon if open_braces == 0 => return,
                TokenKind::RightBrace if open_braces <= 1 => {
                    self.take(TokenKind::Semicolon);
                    return;
                }
                TokenKind::RightBrace => open_braces -= 1,
                _ => {}
            }
        }
    }

    /// Goes on after a mistake in a test: behind the step's `;`, or before the test's end or the next step's line.
    pub(super) fn skip_to_next_step(&mut self, start: Token) {
        if self.current == start && !self.at(TokenKind::RightBrace) {
            self.advance();
        }
        // A table that could not be begun is skipped with its rows.
        let mut in_table = false;
        loop {
            match self.current.kind {
                TokenKind::End => return,
                TokenKind::RightBrace if !in_table => return,
                TokenKind::Expect if self.is_first_on_line() => return,
                _ if self.begins_statement_on_its_line() => return,
                _ => {}
            }
            match self.advance().kind {
                TokenKind::LeftBrace => in_table = true,
                TokenKind::RightBrace => return,
                TokenKind::Semicolon if !in_table => return,
                _ => {}
            }
        }
    }

    /// Whether the current token begins a line that does not belong to the statement being parsed: by its word, or
    /// because it is an atom that stands no further right than the statement and nothing before it asks for more.
    pub(super) fn begins_statement_on_its_line(&self) -> bool {
        let begins = match self.current.kind {
            TokenKind::DocComment | TokenKind::At => true,
            TokenKind::Name => self.next.kind == TokenKind::LeftParenthesis && !self.previous_asks_for_more(),
            kind => kind.begins_statement(),
        };
        begins && self.is_first_on_line() && self.indent_of(self.current) <= self.indent
    }

    fn previous_asks_for_more(&self) -> bool {
        use TokenKind::{Comma, Equal, If, LeftBrace, LeftParenthesis, Not};
        matches!(self.previous.kind, Comma | If | Not | Equal | LeftParenthesis | LeftBrace)
    }

    /// Whether only blanks stand before the current token on its line, and needless semicolons, which are told already.
    pub(super) fn is_first_on_line(&self) -> bool {
        let before = |place: u32| self.text[..place as usize].trim_end_matches([' ', '\t']);
        let needless = before(self.current.start).len() == self.needless.end as usize;
        let before = before(if needless { self.needless.start } else { self.current.start });
        before.is_empty() || before.ends_with('\n')
    }

    /// How many blanks stand before the token.
    pub(super) fn indent_of(&self, token: Token) -> u32 {
        let before = &self.text[..token.start as usize];
        (before.len() - before.trim_end_matches([' ', '\t']).len()) as u32
    }

    /// Whether the current token stands on a later line than the one before it.
    pub(super) fn is_on_new_line(&self) -> bool {
        self.text[self.previous.end as usize..self.current.start as usize].contains('\n') || self.at(TokenKind::End)
    }
}

//! `test "name" { … }`: facts and expectations.

use super::super::ast::{Test, TestStep};
use super::super::token::{Token, TokenKind};
use super::{Parsed, Parser, Reported, messages, slips};
use crate::compiler::diagnostic::Diagnostic;

impl<'a> Parser<'a> {
    /// A test without the steps that have a mistake; `None` where its own frame has one.
    pub(super) fn test(&mut self) -> Parsed<Option<Test<'a>>> {
        let start = self.advance();
        let outer_indent = self.indent;
        let name = self.string("the name of the test, in quotes");
        if name.is_err() && !self.at(TokenKind::LeftBrace) {
            return Err(Reported);
        }
        let open = self.expect(TokenKind::LeftBrace, "`{` and the steps of the test")?;
        let (steps, whole) = self.steps(open);
        self.indent = outer_indent;
        self.take_needless_semicolon();
        let span = self.span_from(start);
        // A test that lost a step would be judged by what is left of it.
        Ok(name.ok().filter(|_| whole).map(|name| Test { name, steps, span }))
    }

    /// The steps up to the closing brace, and whether none is lost.
    fn steps(&mut self, open: Token) -> (Vec<TestStep<'a>>, bool) {
        let mut steps = Vec::new();
        let mut whole = true;
        let outer_indent = self.indent;
        loop {
            self.indent = outer_indent;
            if self.take(TokenKind::RightBrace) {
                return (steps, whole);
            }
            if self.at(TokenKind::End) || self.is_first_on_line() && self.begins_outside(outer_indent) {
                let diagnostic = self.unclosed(open, "}");
                // A table that is left open has taken the brace of its test.
                let same = |last: &Diagnostic| last.message == diagnostic.message;
                if !(self.diagnostics.last().is_some_and(same) && self.has_reported_at(self.behind_previous())) {
                    self.report(diagnostic);
                }
                return (steps, false);
            }
            let start = self.current;
            self.indent = if self.is_first_on_line() { self.indent_of(start) } else { outer_indent };
            match self.step() {
                Ok(Some(step)) => steps.push(step),
                Ok(None) => whole = false,
                Err(Reported) => {
                    whole = false;
                    self.skip_to_next_step(start);
                }
            }
        }
    }

    /// Whether the current token begins a statement that can't stand in a test and is not indented as a step.
    fn begins_outside(&self, test_indent: u32) -> bool {
        let begins =
            self.current.kind.begins_statement() || matches!(self.current.kind, TokenKind::DocComment | TokenKind::At);
        begins && self.indent_of(self.current) <= test_indent
    }

    /// A step; `None` where it is lost, and the parser stands behind it.
    fn step(&mut self) -> Parsed<Option<TestStep<'a>>> {
        let start = self.current;
        let step = match start.kind {
            TokenKind::Expect if self.is_followed_by("only") => return self.table(),
            TokenKind::Expect if self.is_followed_by("none") => {
                self.advance();
                self.advance();
                let body = self.body()?;
                TestStep::ExpectNone(body, self.span_from(start))
            }
            TokenKind::Expect => {
                self.advance();
                let literal = self.literal()?;
                TestStep::Expect(literal, self.span_from(start))
            }
            TokenKind::Name if self.next.kind == TokenKind::LeftParenthesis => TestStep::Fact(self.atom()?),
            kind => return Err(self.no_step(kind)),
        };
        self.end_of_step(&step)?;
        Ok(Some(step))
    }

    fn end_of_step(&mut self, step: &TestStep<'a>) -> Parsed<()> {
        match (self.current.kind, step) {
            (TokenKind::If | TokenKind::ColonDash, _) => {
                Err(self.fail(messages::rule_in_test(self.span_of(self.current))))
            }
            (TokenKind::Comma, TestStep::Expect(..)) => {
                let diagnostic = self.unexpected_diagnostic("`;`");
                Err(self.fail(diagnostic.help("write an `expect` for each literal")))
            }
            // The next step on the line tells that only the semicolon is missing.
            (TokenKind::Expect, _) => self.miss_semicolon(),
            (TokenKind::Name, _) if self.next.kind == TokenKind::LeftParenthesis => self.miss_semicolon(),
            _ => self.end_of_statement(),
        }
    }

    fn miss_semicolon(&mut self) -> Parsed<()> {
        let at = self.behind_previous();
        let found = self.span_of(self.current);
        self.report(messages::missing_semicolon(at, Some(found)));
        Ok(())
    }

    fn no_step(&mut self, kind: TokenKind) -> Reported {
        let span = self.span_of(self.current);
        let word = self.text_of(self.current);
        match kind {
            TokenKind::DocComment => self.fail(messages::explanation_in_test(span)),
            TokenKind::At => self.fail(messages::id_in_test(span)),
            _ if kind.begins_statement() => self.fail(messages::statement_in_test(span, word)),
            TokenKind::Semicolon => self.fail(messages::empty_statement(span)),
            TokenKind::Variable | TokenKind::Misnamed if self.next.kind == TokenKind::LeftParenthesis => {
                self.fail(slips::misnamed(span, word, Some(super::names::Named::Relation)))
            }
            TokenKind::Not => {
                let diagnostic = self.unexpected_diagnostic("a fact, `expect` or `}`");
                self.fail(
                    diagnostic.help("a fact that is not stated does not hold; to test that, write `expect not …`"),
                )
            }
            _ => {
                let diagnostic = self.unexpected_diagnostic("a fact, `expect` or `}`");
                self.fail(diagnostic.note("a test holds facts and expectations; everything else stands outside"))
            }
        }
    }

    fn take_needless_semicolon(&mut self) {
        if self.at(TokenKind::Semicolon) && self.previous.kind == TokenKind::RightBrace {
            let token = self.advance();
            self.report(messages::semicolon_after_test(self.span_of(token)));
        }
    }
}

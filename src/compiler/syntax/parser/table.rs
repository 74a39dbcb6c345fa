//! `expect only action, … { "anna": "c1", "c2"; }`, and the words `only` and `none`, which are no reserved words:
//! behind `expect` they say something where no relation of that name can be meant.

use super::super::ast::{Table, TableRow, Term, TestStep};
use super::super::token::TokenKind;
use super::names::Named;
use super::{Parsed, Parser, Reported, messages, slips};

impl<'a> Parser<'a> {
    /// Whether the word behind the current one is this, and neither a relation nor a value that is compared.
    pub(super) fn is_followed_by(&self, word: &str) -> bool {
        if self.next.kind != TokenKind::Name || self.text_of(self.next) != word {
            return false;
        }
        let follows = behind_comments(&self.text[self.next.end as usize..]);
        !["(", ":", "=", "!=", "<", ">"].iter().any(|other| follows.starts_with(other))
    }

    /// The whole table; `None` where a row is lost.
    pub(super) fn table(&mut self) -> Parsed<Option<TestStep<'a>>> {
        let start = self.advance();
        self.advance();
        let mut actions = vec![self.name(Named::Action)?];
        while self.take(TokenKind::Comma) {
            actions.push(self.name(Named::Action)?);
        }
        let open = self.expect(TokenKind::LeftBrace, "`,` or `{` and the rows of the table")?;
        let (mut rows, mut whole) = (Vec::new(), true);
        while !self.take(TokenKind::RightBrace) {
            if self.is_table_left_open() {
                let mistake = self.unclosed(open, "}");
                self.report(mistake);
                return Ok(None);
            }
            match self.row() {
                Ok(row) => rows.push(row),
                Err(Reported) => {
                    whole = false;
                    self.skip_row();
                }
            }
        }
        let span = self.span_from(start);
        if self.at(TokenKind::Semicolon) {
            let token = self.advance();
            self.report(messages::semicolon_after_table(self.span_of(token)));
        }
        Ok(whole.then_some(TestStep::ExpectOnly(Table { actions, rows, span })))
    }

    fn is_table_left_open(&self) -> bool {
        matches!(self.current.kind, TokenKind::End | TokenKind::Expect) || self.begins_statement_on_its_line()
    }

    /// `"anna", "boris": "c1", "c2";`
    fn row(&mut self) -> Parsed<TableRow<'a>> {
        let mut subjects = vec![self.subject()?];
        while self.take(TokenKind::Comma) {
            subjects.push(self.subject()?);
        }
        if !self.take(TokenKind::Colon) {
            return Err(match subjects.last() {
                // `anna: "c1"` reads as a thing of the entity `anna`.
                Some(Term::Qualified(name, ..)) if self.at(TokenKind::Semicolon) || self.at(TokenKind::Comma) => {
                    self.fail(slips::unquoted_subject(name.span, name.text))
                }
                _ => self.unexpected("`:` and what they may do it to"),
            });
        }
        let mut things = vec![self.term("an id in quotes, or `_`")?];
        while self.take(TokenKind::Comma) {
            if self.at(TokenKind::Semicolon) {
                break;
            }
            things.push(self.term("an id in quotes, or `_`")?);
        }
        match self.current.kind {
            TokenKind::Text | TokenKind::Name | TokenKind::Wildcard if !self.is_on_new_line() => {
                Err(self.unexpected("`,` or `;`"))
            }
            _ => self.end_of_statement().map(|()| TableRow { subjects, things }),
        }
    }

    fn subject(&mut self) -> Parsed<Term<'a>> {
        if self.at(TokenKind::Variable) && self.next.kind == TokenKind::Colon {
            let (span, word) = (self.span_of(self.current), self.text_of(self.current));
            return Err(self.fail(slips::unquoted_subject(span, word)));
        }
        self.term("who may, in quotes, or `_`")
    }

    /// Goes on behind the `;` of a row that has a mistake, or before what ends the table.
    fn skip_row(&mut self) {
        while !self.at(TokenKind::RightBrace) && !self.is_table_left_open() {
            if self.advance().kind == TokenKind::Semicolon {
                return;
            }
        }
    }
}

/// What follows blanks and comments.
fn behind_comments(mut text: &str) -> &str {
    loop {
        text = text.trim_start();
        let comment = match text.as_bytes() {
            [b'/', b'/', ..] => text.find('\n'),
            [b'/', b'*', ..] => text.find("*/").map(|end| end + 2),
            _ => return text,
        };
        text = comment.map_or("", |end| &text[end..]);
    }
}

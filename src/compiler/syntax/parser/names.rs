//! Names of declared things and of fields, and what people write in their place.

use super::super::ast::{Name, Text};
use super::super::lexical::text_value;
use super::super::token::{Token, TokenKind};
use super::{Parsed, Parser};
use super::{messages, slips};

/// What a name stands for, which decides whether it may have dots or be the word `action`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Named {
    Entity,
    Enum,
    Member,
    Action,
    Relation,
    Field,
    Type,
}

impl Named {
    /// With its article.
    pub(super) fn words(self) -> &'static str {
        match self {
            Named::Entity => "the name of an entity",
            Named::Enum => "the name of an enum",
            Named::Member => "a member of the enum",
            Named::Action => "the name of an action",
            Named::Relation => "the name of a relation",
            Named::Field => "the name of a field",
            Named::Type => "a type",
        }
    }

    fn may_have_dots(self) -> bool {
        !matches!(self, Named::Enum | Named::Field)
    }
}

impl<'a> Parser<'a> {
    pub(super) fn name(&mut self, named: Named) -> Parsed<Name<'a>> {
        let word = self.text_of(self.current);
        match self.current.kind {
            TokenKind::Name if named.may_have_dots() || !word.contains('.') => Ok(self.take_name()),
            TokenKind::Name => Err(self.fail(messages::dotted(self.span_of(self.current), word, named))),
            // `action` is a type, and so also a field that is called by its type.
            TokenKind::Action if matches!(named, Named::Field | Named::Type) => Ok(self.take_name()),
            _ => Err(self.not_a_name(named)),
        }
    }

    fn not_a_name(&mut self, named: Named) -> super::Reported {
        let span = self.span_of(self.current);
        let word = self.text_of(self.current);
        match self.current.kind {
            TokenKind::Variable | TokenKind::Misnamed => self.fail(slips::misnamed(span, word, Some(named))),
            kind if kind.is_reserved() && !self.begins_statement_on_its_line() => {
                self.fail(messages::reserved(span, word, named.words()))
            }
            _ => self.unexpected(named.words()),
        }
    }

    pub(super) fn take_name(&mut self) -> Name<'a> {
        let token = self.advance();
        Name { text: self.text_of(token), span: self.span_of(token) }
    }

    /// A string; one in single quotes is reported and taken for it.
    pub(super) fn string(&mut self, wanted: &str) -> Parsed<Text<'a>> {
        match self.current.kind {
            TokenKind::Text => {
                let token = self.advance();
                Ok(self.text_value_of(token))
            }
            TokenKind::SingleQuoted => {
                let token = self.advance();
                let (span, quoted) = (self.span_of(token), self.text_of(token));
                let (before, after) = (&self.text[..token.start as usize], &self.text[token.end as usize..]);
                let doubled = before.ends_with('\'') || after.starts_with('\'');
                self.report(slips::single_quoted(span, quoted, doubled));
                Ok(Text { value: quoted.trim_matches('\'').into(), span })
            }
            _ => Err(self.unexpected(wanted)),
        }
    }

    fn text_value_of(&self, token: Token) -> Text<'a> {
        Text { value: text_value(self.text_of(token)), span: self.span_of(token) }
    }
}

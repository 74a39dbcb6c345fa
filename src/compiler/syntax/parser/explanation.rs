//! What stands above a rule: `///` lines, which are one sentence, and `@id("…")`.

use std::borrow::Cow;

use super::super::ast::{Explanation, ExplanationPart, Name, Text};
use super::super::token::{Token, TokenKind};
use super::{Parsed, Parser, messages};
use crate::compiler::source::{SourceId, Span};

/// The explanation and the id of the rule below.
#[derive(Default)]
pub(super) struct Annotations<'a> {
    pub(super) explanation: Option<Explanation<'a>>,
    pub(super) id: Option<Text<'a>>,
    /// The first `///` line, even an empty one.
    pub(super) first_line: Option<Span>,
    /// `@id`
    pub(super) first_id: Option<Span>,
}

impl<'a> Parser<'a> {
    /// All `///` lines and ids before the current statement.
    pub(super) fn annotations(&mut self) -> Parsed<Annotations<'a>> {
        let mut annotations = Annotations::default();
        let mut sentence = Sentence::default();
        loop {
            match self.current.kind {
                TokenKind::DocComment => {
                    self.refuse_comment_behind_statement();
                    let line = self.advance();
                    annotations.first_line.get_or_insert(self.span_of(line));
                    sentence.add_line(self.source, line, self.text_of(line));
                }
                TokenKind::At => self.id(&mut annotations)?,
                _ => break,
            }
        }
        annotations.explanation = sentence.finish();
        Ok(annotations)
    }

    /// `p("a"); /// why` looks as if it explained the fact before it.
    fn refuse_comment_behind_statement(&mut self) {
        if !self.is_first_on_line() {
            self.report(messages::explanation_behind(self.span_of(self.current)));
        }
    }

    fn id(&mut self, annotations: &mut Annotations<'a>) -> Parsed<()> {
        let at = self.advance();
        if !(self.at(TokenKind::Name) && self.text_of(self.current) == "id") {
            let diagnostic = self.unexpected_diagnostic("`id` after `@`");
            return Err(self.fail(diagnostic.help("a rule is named with `@id(\"…\")`")));
        }
        self.advance();
        let open = self.expect(TokenKind::LeftParenthesis, "`(` and the id, as `@id(\"…\")`")?;
        let text = self.string("the id, in quotes")?;
        if self.at(TokenKind::End) || self.is_on_new_line() {
            let diagnostic = self.unclosed(open, ")");
            self.report(diagnostic);
        } else {
            self.expect(TokenKind::RightParenthesis, "`)`")?;
        }
        let span = self.span_from(at);
        self.refuse_semicolon_behind_id();
        match annotations.first_id {
            Some(first) => self.report(messages::second_id(span, first)),
            None => {
                annotations.first_id = Some(span);
                annotations.id = Some(text);
            }
        }
        Ok(())
    }

    fn refuse_semicolon_behind_id(&mut self) {
        if self.at(TokenKind::Semicolon) {
            let token = self.advance();
            self.report(messages::semicolon_after_id(self.span_of(token)));
        }
    }
}

/// The parts of the explanation so far.
#[derive(Default)]
struct Sentence<'a> {
    parts: Vec<ExplanationPart<'a>>,
    words: Cow<'a, str>,
    span: Option<Span>,
}

impl<'a> Sentence<'a> {
    /// Adds one `///` line.
    fn add_line(&mut self, source: SourceId, token: Token, line: &'a str) {
        let place = Span { source, start: token.start, end: token.end };
        self.span = Some(self.span.map_or(place, |span| span.to(place)));
        let text = line.trim_start_matches('/').trim();
        if text.is_empty() {
            return;
        }
        if !(self.parts.is_empty() && self.words.is_empty()) {
            self.add_words(" ");
        }
        let indent = line.len() - line.trim_start_matches('/').trim_start().len();
        self.add_text(Place { source, start: token.start + indent as u32 }, text);
    }

    fn add_text(&mut self, place: Place, text: &'a str) {
        let mut rest = text;
        while let Some(at) = rest.find(['{', '}']) {
            self.add_words(&rest[..at]);
            let brace = &rest[at..];
            let offset = text.len() - brace.len();
            let length = if brace.starts_with("{{") || brace.starts_with("}}") {
                self.add_words(&brace[..1]);
                2
            } else if let Some(name) = braced(brace) {
                let span = place.span(offset, offset + name.len() + 2);
                self.add_variable(Name { text: name.trim(), span });
                name.len() + 2
            } else {
                self.add_words(&brace[..1]);
                1
            };
            rest = &brace[length..];
        }
        self.add_words(rest);
    }

    fn add_words(&mut self, words: &'a str) {
        if self.words.is_empty() {
            self.words = Cow::Borrowed(words);
        } else if !words.is_empty() {
            self.words.to_mut().push_str(words);
        }
    }

    fn add_variable(&mut self, name: Name<'a>) {
        self.end_words();
        self.parts.push(ExplanationPart::Variable(name));
    }

    fn end_words(&mut self) {
        let words = std::mem::take(&mut self.words);
        if !words.is_empty() {
            self.parts.push(ExplanationPart::Words(words));
        }
    }

    fn finish(mut self) -> Option<Explanation<'a>> {
        self.end_words();
        let span = self.span?;
        (!self.parts.is_empty()).then_some(Explanation { parts: self.parts, span })
    }
}

/// Where a line's text begins.
#[derive(Clone, Copy)]
struct Place {
    source: SourceId,
    start: u32,
}

impl Place {
    fn span(self, from: usize, to: usize) -> Span {
        Span { source: self.source, start: self.start + from as u32, end: self.start + to as u32 }
    }
}

/// What stands in the braces at the start, if they are closed and hold something.
fn braced(text: &str) -> Option<&str> {
    let inside = text.strip_prefix('{')?;
    let inside = &inside[..inside.find(['{', '}'])?];
    let closed = text[1 + inside.len()..].starts_with('}');
    (closed && !inside.trim().is_empty()).then_some(inside)
}

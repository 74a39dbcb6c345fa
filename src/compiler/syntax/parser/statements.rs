//! Statements: declarations, rules and facts.

use super::super::ast::{
    ActionDeclaration, Clause, EnumDeclaration, FieldDeclaration, Literal, Name, RelationDeclaration, RelationKind,
    Statement,
};
use super::super::token::{Token, TokenKind};
use super::explanation::Annotations;
use super::names::Named;
use super::{Parsed, Parser, Reported, messages, slips};
use crate::compiler::source::Span;

impl<'a> Parser<'a> {
    /// One statement; `None` where a mistake is reported and nothing is left to skip.
    pub(super) fn statement(&mut self) -> Parsed<Option<Statement<'a>>> {
        self.indent = if self.is_first_on_line() { self.indent_of(self.current) } else { 0 };
        let annotations = self.annotations()?;
        if !self.at(TokenKind::Name) {
            self.refuse(&annotations)?;
        }
        let start = self.current;
        let statement = match start.kind {
            TokenKind::Entity => self.entity()?,
            TokenKind::Enum => self.enumeration()?,
            TokenKind::Action => self.action()?,
            TokenKind::Input => self.relation(RelationKind::Input, annotations)?,
            TokenKind::Relation => self.relation(RelationKind::Relation, annotations)?,
            TokenKind::Decision => self.relation(RelationKind::Decision, annotations)?,
            TokenKind::Test => return Ok(self.test()?.map(Statement::Test)),
            TokenKind::Name => Statement::Clause(self.clause(annotations)?),
            _ => return Err(self.no_statement()),
        };
        self.end_of_statement()?;
        Ok(Some(self.with_semicolon(statement, start)))
    }

    /// The span of a rule holds its semicolon.
    fn with_semicolon(&self, mut statement: Statement<'a>, start: Token) -> Statement<'a> {
        if let Statement::Clause(clause) = &mut statement {
            clause.span = self.span_from(start);
            clause.span.start = clause.head.span.start;
        }
        statement
    }

    /// Ids belong to rules and facts, explanations also to relations. The statement below them is parsed all the same.
    fn refuse(&mut self, annotations: &Annotations<'a>) -> Parsed<()> {
        let (below, found) = (self.span_of(self.current), self.describe_current());
        let relation = matches!(self.current.kind, TokenKind::Input | TokenKind::Relation | TokenKind::Decision);
        let is_statement = self.at(TokenKind::End) || self.current.kind.begins_statement();
        let diagnostic = match (annotations.first_id, annotations.first_line) {
            (Some(id), _) => messages::id_above_no_rule(id, below, &found),
            // What is skipped is more than a warning.
            (None, Some(_)) if !is_statement => return Err(self.no_statement()),
            (None, Some(line)) if !relation => messages::explanation_above_no_rule(line, below, &found),
            (None, _) => return Ok(()),
        };
        if self.at(TokenKind::End) || !self.current.kind.begins_statement() {
            return Err(self.fail(diagnostic));
        }
        self.report(diagnostic);
        Ok(())
    }

    fn entity(&mut self) -> Parsed<Statement<'a>> {
        self.advance();
        let name = self.name(Named::Entity)?;
        if self.at(TokenKind::Comma) {
            return Err(self.fail(slips::several_entities(self.span_of(self.current))));
        }
        Ok(Statement::Entity(name))
    }

    fn action(&mut self) -> Parsed<Statement<'a>> {
        self.advance();
        let name = self.name(Named::Action)?;
        self.expect(TokenKind::On, "`on` and the entity that it is done to")?;
        let on = self.name(Named::Entity)?;
        Ok(Statement::Action(ActionDeclaration { name, on }))
    }

    fn enumeration(&mut self) -> Parsed<Statement<'a>> {
        self.advance();
        let name = self.name(Named::Enum)?;
        let open = self.expect(TokenKind::LeftBrace, "`{` and the members")?;
        let mut members = vec![self.name(Named::Member)?];
        let mut separator: Option<Token> = None;
        while !self.at(TokenKind::RightBrace) {
            let between = self.member_separator(open)?;
            if between.kind == TokenKind::Comma && self.at(TokenKind::RightBrace) {
                break;
            }
            match separator {
                Some(first) if first.kind != between.kind => {
                    return Err(self.fail(messages::mixed_enum(self.span_of(first), self.span_of(between))));
                }
                _ => separator = Some(between),
            }
            members.push(self.name(Named::Member)?);
        }
        self.advance();
        let ordered = separator.is_some_and(|token| token.kind == TokenKind::Less);
        Ok(Statement::Enum(EnumDeclaration { name, members, ordered }))
    }

    fn member_separator(&mut self, open: Token) -> Parsed<Token> {
        match self.current.kind {
            TokenKind::Comma | TokenKind::Less => Ok(self.advance()),
            TokenKind::Semicolon | TokenKind::End => Err(self.fail(self.unclosed(open, "}"))),
            _ => Err(self.unexpected("`<`, `,` or `}`")),
        }
    }

    fn relation(&mut self, kind: RelationKind, annotations: Annotations<'a>) -> Parsed<Statement<'a>> {
        self.advance();
        let name = self.name(Named::Relation)?;
        let open = self.expect(TokenKind::LeftParenthesis, "`(` and the fields")?;
        let fields = self.list(open, Parser::field, Parser::no_field)?;
        Ok(Statement::Relation(RelationDeclaration { explanation: annotations.explanation, kind, name, fields }))
    }

    /// `user: user`, or `user` for short.
    fn field(&mut self) -> Parsed<FieldDeclaration<'a>> {
        let name = self.name(Named::Field)?;
        let type_name = if self.take(TokenKind::Colon) { self.name(Named::Type)? } else { name };
        Ok(FieldDeclaration { name, type_name })
    }

    fn no_field<T>(&mut self) -> Parsed<T> {
        let diagnostic = self.unexpected_diagnostic("`:`, `,` or `)`");
        Err(self.fail(match self.current.kind {
            TokenKind::Name if self.next.kind == TokenKind::Colon => diagnostic.help("`,` stands between two fields"),
            TokenKind::Variable | TokenKind::Name => {
                diagnostic.help("a field is a name and its type, as `owner: user`")
            }
            _ => diagnostic,
        }))
    }

    /// A rule or a fact, without its semicolon.
    fn clause(&mut self, annotations: Annotations<'a>) -> Parsed<Clause<'a>> {
        match self.next.kind {
            TokenKind::LeftParenthesis => {}
            TokenKind::Broken => return Err(Reported),
            _ => return Err(self.no_statement()),
        }
        let head = self.atom()?;
        let body = self.condition(head.relation)?;
        let span = head.span;
        Ok(Clause { explanation: annotations.explanation, id: annotations.id, head, body, span })
    }

    /// `if` and the body, where there is one.
    fn condition(&mut self, head: Name<'a>) -> Parsed<Vec<Literal<'a>>> {
        match self.current.kind {
            TokenKind::If => {
                self.advance();
            }
            TokenKind::Semicolon | TokenKind::Dot => return Ok(Vec::new()),
            TokenKind::RightParenthesis => {
                self.drop_brackets();
                return self.condition(head);
            }
            _ if self.is_other_word_for_if() => {
                let token = self.advance();
                self.report_slip(token, "if");
            }
            _ if self.begins_statement_on_its_line() || self.at(TokenKind::End) => return Ok(Vec::new()),
            _ => return Err(self.no_condition(head)),
        }
        self.body()
    }

    /// Steps over all the closing parentheses here, with one report.
    fn drop_brackets(&mut self) {
        let (first, all) = self.drop_all(TokenKind::RightParenthesis);
        let (span, bracket) = (self.span_of(first), self.text_of(first));
        self.report(match self.at(TokenKind::Semicolon) {
            true => messages::needless_brackets(span, bracket, all),
            false => messages::closes_nothing(span, bracket),
        });
    }

    /// Steps over all the semicolons here, with one report. Where a statement above could not be read, one may be its end.
    pub(super) fn drop_semicolons(&mut self, is_read: bool) {
        let (first, all) = self.drop_all(TokenKind::Semicolon);
        self.needless = all.start..all.end;
        let first = self.span_of(first);
        // What can't be read behind it may have been the statement.
        self.report(match is_read && !self.at(TokenKind::Broken) {
            true => messages::needless_semicolons(first, all),
            false => messages::empty_statement(first),
        });
    }

    /// Steps over the tokens of a kind that stand here without a comment between them: the first, and the span of all.
    fn drop_all(&mut self, kind: TokenKind) -> (Token, Span) {
        let first = self.advance();
        while self.at(kind) && self.text[self.previous.end as usize..self.current.start as usize].trim().is_empty() {
            self.advance();
        }
        (first, self.span_from(first))
    }

    fn is_other_word_for_if(&self) -> bool {
        self.at(TokenKind::ColonDash)
            || matches!(self.current.kind, TokenKind::Name | TokenKind::Variable)
                && matches!(self.text_of(self.current), "where" | "when" | "IF" | "If" | "WHERE" | "WHEN")
    }

    fn no_condition(&mut self, head: Name<'a>) -> Reported {
        match self.current.kind {
            TokenKind::Comma => {
                let diagnostic = self.unexpected_diagnostic("`if` or `;`");
                self.fail(diagnostic.note(format!("a rule has one head: nothing is said beside `{}`", head.text)))
            }
            _ if self.is_on_new_line() => {
                let (at, found) = (self.behind_previous(), self.span_of(self.current));
                self.fail(messages::missing(at, "`if` or `;`", "the head", found))
            }
            _ => self.unexpected("`if` or `;`"),
        }
    }

    /// The `;` of a statement. Where it is missing before a new line, that is reported and nothing is lost.
    pub(super) fn end_of_statement(&mut self) -> Parsed<()> {
        match self.current.kind {
            TokenKind::Semicolon => {
                self.advance();
                Ok(())
            }
            TokenKind::Broken => Err(Reported),
            TokenKind::Dot => {
                let token = self.advance();
                self.report_slip(token, ";");
                Ok(())
            }
            TokenKind::RightParenthesis => {
                self.drop_brackets();
                self.end_of_statement()
            }
            kind if self.is_on_new_line() || kind.begins_statement() || kind == TokenKind::RightBrace => {
                let (at, found) = (self.behind_previous(), self.span_of(self.current));
                let end = kind == TokenKind::End;
                if !self.has_reported_at(at) {
                    self.report(match self.is_surely_no_more_of_it(kind) {
                        true => messages::missing_semicolon_for_sure(at, found),
                        false => messages::missing_semicolon(at, (!end).then_some(found)),
                    });
                }
                Ok(())
            }
            _ => Err(self.unexpected("`;`")),
        }
    }

    /// Whether nothing of the statement can be missing but its end. A relation on the next line may be a condition
    /// without its comma, and at the end of the file more may have been cut off: then the rule would say too much.
    fn is_surely_no_more_of_it(&self, next: TokenKind) -> bool {
        next.begins_statement() || matches!(next, TokenKind::DocComment | TokenKind::At | TokenKind::RightBrace)
    }

    fn no_statement(&mut self) -> Reported {
        let span = self.span_of(self.current);
        let word = self.text_of(self.current);
        match self.current.kind {
            TokenKind::Name => {
                let diagnostic = messages::no_statement_word(span, word, &self.describe(self.next));
                self.fail(diagnostic)
            }
            TokenKind::Variable | TokenKind::Misnamed if self.next.kind == TokenKind::LeftParenthesis => {
                self.fail(slips::misnamed(span, word, Some(Named::Relation)))
            }
            TokenKind::RightBrace | TokenKind::RightParenthesis => self.fail(messages::closes_nothing(span, word)),
            TokenKind::Semicolon => self.fail(messages::empty_statement(span)),
            TokenKind::Expect => self.fail(messages::expect_outside(span)),
            TokenKind::Dot => self.fail(slips::directive(span)),
            _ => {
                let diagnostic = self.unexpected_diagnostic("a statement").note(messages::STATEMENTS);
                self.fail(diagnostic)
            }
        }
    }
}

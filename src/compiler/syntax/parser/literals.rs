//! Bodies, literals, atoms and terms.

use super::super::ast::{AggregateFunction, Atom, Literal, Operator, Term};
use super::super::token::{Token, TokenKind};
use super::names::Named;
use super::{Parsed, Parser, Reported, messages, slips};

impl<'a> Parser<'a> {
    /// A whole query: literals, and a `;` at the end if one likes.
    pub(super) fn query(&mut self) -> Parsed<Vec<Literal<'a>>> {
        let body = self.body()?;
        match self.current.kind {
            TokenKind::Semicolon => {
                self.advance();
            }
            TokenKind::Dot => {
                let token = self.advance();
                self.report(slips::needless_dot(self.span_of(token)));
            }
            _ => {}
        }
        match self.current.kind {
            TokenKind::End => Ok(body),
            TokenKind::If => Err(self.fail(slips::if_in_query(self.span_of(self.current)))),
            _ => Err(self.unexpected("`,` or the end of the query")),
        }
    }

    /// Literals with `,` between them; the semicolon is left to the caller.
    pub(super) fn body(&mut self) -> Parsed<Vec<Literal<'a>>> {
        let mut literals = vec![self.literal()?];
        while self.another_literal()? {
            literals.push(self.literal()?);
        }
        Ok(literals)
    }

    /// Steps over what stands between two literals; false at the end of the body.
    fn another_literal(&mut self) -> Parsed<bool> {
        match self.current.kind {
            TokenKind::Comma => {
                self.advance();
                Ok(!matches!(self.current.kind, TokenKind::Semicolon | TokenKind::End))
            }
            TokenKind::Semicolon | TokenKind::Dot | TokenKind::Expect | TokenKind::End => Ok(false),
            TokenKind::Broken => Err(Reported),
            TokenKind::If if !self.is_query() => Err(self.fail(slips::second_if(self.span_of(self.current)))),
            _ if self.is_word_for_and() => {
                let token = self.advance();
                self.report_slip(token, ",");
                Ok(true)
            }
            _ if self.is_word_for_or() => {
                let word = self.text_of(self.current);
                Err(self.fail(slips::no_or(self.span_of(self.current), word)))
            }
            _ if self.begins_statement_on_its_line() || self.at(TokenKind::RightParenthesis) => Ok(false),
            _ if self.begins_literal() => {
                let (at, found) = (self.behind_previous(), self.span_of(self.current));
                if !self.has_reported_at(at) {
                    self.report(messages::missing_comma(at, found));
                }
                Ok(true)
            }
            _ if self.is_query() => Ok(false),
            _ => Err(self.unexpected("`,` or `;`")),
        }
    }

    fn is_word_for_and(&self) -> bool {
        self.at(TokenKind::And)
            || matches!(self.current.kind, TokenKind::Name | TokenKind::Variable)
                && self.next.kind != TokenKind::LeftParenthesis
                && self.text_of(self.current).eq_ignore_ascii_case("and")
    }

    fn is_word_for_or(&self) -> bool {
        self.at(TokenKind::Or)
            || matches!(self.current.kind, TokenKind::Name | TokenKind::Variable)
                && self.next.kind != TokenKind::LeftParenthesis
                && self.text_of(self.current).eq_ignore_ascii_case("or")
    }

    /// Whether what follows is surely another literal.
    fn begins_literal(&self) -> bool {
        use TokenKind::{Equal, Greater, GreaterOrEqual, LeftParenthesis, Less, LessOrEqual, NotEqual};
        match self.current.kind {
            TokenKind::Name => self.next.kind == LeftParenthesis,
            TokenKind::Variable => {
                matches!(self.next.kind, Equal | NotEqual | Less | LessOrEqual | Greater | GreaterOrEqual)
            }
            TokenKind::Not | TokenKind::Negation => true,
            _ => false,
        }
    }

    pub(super) fn literal(&mut self) -> Parsed<Literal<'a>> {
        let start = self.current;
        match start.kind {
            TokenKind::Not => {
                self.advance();
            }
            TokenKind::Negation => {
                self.advance();
                // Where no relation follows, that is the mistake.
                let atom = self.negated_atom()?;
                self.report_slip(start, "not");
                return Ok(Literal::Negative(atom, self.span_from(start)));
            }
            TokenKind::Name | TokenKind::Variable | TokenKind::Misnamed
                if self.next.kind == TokenKind::LeftParenthesis =>
            {
                return Ok(Literal::Positive(self.atom()?));
            }
            TokenKind::LeftBrace => return Err(self.fail(slips::braces(self.span_of(start)))),
            TokenKind::LeftParenthesis => return Err(self.fail(slips::group(self.span_of(start)))),
            _ => return self.comparison(),
        }
        let atom = self.negated_atom()?;
        Ok(Literal::Negative(atom, self.span_from(start)))
    }

    fn negated_atom(&mut self) -> Parsed<Atom<'a>> {
        match self.current.kind {
            TokenKind::LeftParenthesis => Err(self.fail(slips::group(self.span_of(self.current)))),
            TokenKind::Not | TokenKind::Negation => Err(self.fail(slips::double_not(self.span_of(self.current)))),
            TokenKind::Variable | TokenKind::Text | TokenKind::Integer
                if self.next.kind != TokenKind::LeftParenthesis =>
            {
                Err(self.fail(slips::not_before_comparison(self.span_of(self.previous))))
            }
            _ => self.atom(),
        }
    }

    fn comparison(&mut self) -> Parsed<Literal<'a>> {
        let start = self.current;
        let left = self.side("a literal")?;
        let operator = self.operator(&left)?;
        let right = self.side("a value to compare with")?;
        Ok(Literal::Comparison { left, operator, right, span: self.span_from(start) })
    }

    /// One side of a comparison.
    fn side(&mut self, wanted: &str) -> Parsed<Term<'a>> {
        if aggregate_function(self.current.kind).is_some() && self.next.kind == TokenKind::LeftParenthesis {
            return Err(self.fail(slips::aggregate_in_body(self.span_of(self.current))));
        }
        self.term(wanted)
    }

    fn operator(&mut self, left: &Term<'a>) -> Parsed<Operator> {
        let (operator, right_spelling) = match self.current.kind {
            TokenKind::Equal => (Operator::Equal, None),
            TokenKind::NotEqual => (Operator::NotEqual, None),
            TokenKind::Less => (Operator::Less, None),
            TokenKind::LessOrEqual => (Operator::LessOrEqual, None),
            TokenKind::Greater => (Operator::Greater, None),
            TokenKind::GreaterOrEqual => (Operator::GreaterOrEqual, None),
            TokenKind::DoubleEqual => (Operator::Equal, Some("=")),
            TokenKind::Name if self.text_of(self.current) == "is" => (Operator::Equal, Some("=")),
            TokenKind::Unequal => (Operator::NotEqual, Some("!=")),
            TokenKind::EqualLess => (Operator::LessOrEqual, Some("<=")),
            TokenKind::EqualGreater => (Operator::GreaterOrEqual, Some(">=")),
            _ => return Err(self.no_operator(left)),
        };
        let token = self.advance();
        if let Some(spelling) = right_spelling {
            self.report_slip(token, spelling);
        }
        Ok(operator)
    }

    fn no_operator(&mut self, left: &Term<'a>) -> Reported {
        let diagnostic = match left {
            Term::Name(name) => slips::lone_word(name.span, name.text),
            _ => self.unexpected_diagnostic("a comparison: `=`, `!=`, `<`, `<=`, `>` or `>=`"),
        };
        self.fail(diagnostic)
    }

    /// `relation(argument, …)`
    pub(super) fn atom(&mut self) -> Parsed<Atom<'a>> {
        let start = self.current;
        let relation = self.name(Named::Relation)?;
        let wanted = format!("`(` and the arguments of `{}`", relation.text);
        let open = self.expect(TokenKind::LeftParenthesis, &wanted)?;
        let arguments = self.list(open, Parser::argument, Parser::between_arguments)?;
        Ok(Atom { relation, arguments, span: self.span_from(start) })
    }

    /// Items up to the closing parenthesis, with `,` between them and, if one likes, behind the last. `between`
    /// decides what to do where something else follows an item.
    pub(super) fn list<T>(
        &mut self,
        open: Token,
        item: impl Fn(&mut Self) -> Parsed<T>,
        between: impl Fn(&mut Self) -> Parsed<()>,
    ) -> Parsed<Vec<T>> {
        let mut items = Vec::new();
        while !self.take(TokenKind::RightParenthesis) {
            if self.is_list_left_open() {
                return self.leave_open(open, items);
            }
            items.push(item(self)?);
            match self.current.kind {
                TokenKind::RightParenthesis => {}
                TokenKind::Comma => {
                    self.advance();
                }
                _ if self.is_list_left_open() => return self.leave_open(open, items),
                _ => between(self)?,
            }
        }
        Ok(items)
    }

    /// Whether the current token can't stand in a list but well behind it.
    fn is_list_left_open(&self) -> bool {
        let is_argument = matches!(self.next.kind, TokenKind::Comma | TokenKind::RightParenthesis);
        self.at(TokenKind::If) && !is_argument
            || matches!(self.current.kind, TokenKind::Semicolon | TokenKind::ColonDash | TokenKind::End)
            || matches!(self.current.kind, TokenKind::LeftBrace | TokenKind::RightBrace)
            || self.begins_statement_on_its_line() && !self.at(TokenKind::Action)
            || self.at(TokenKind::Name) && self.next.kind == TokenKind::LeftParenthesis && self.is_on_new_line()
    }

    /// Reports the open parenthesis and goes on as if it were closed here.
    fn leave_open<T>(&mut self, open: Token, items: Vec<T>) -> Parsed<Vec<T>> {
        if self.previous.kind == TokenKind::Broken {
            return Err(Reported);
        }
        let diagnostic = self.unclosed(open, ")");
        self.report(diagnostic);
        Ok(items)
    }

    /// Where the next argument follows behind a blank, only the comma is missing. Without one, as in `deal-7`, it is a
    /// part of the argument before it.
    fn between_arguments(&mut self) -> Parsed<()> {
        use TokenKind::{Integer, SingleQuoted, Text, Variable, Wildcard};
        let is_apart = self.previous.end < self.current.start;
        if !(is_apart && matches!(self.current.kind, Text | SingleQuoted | Variable | Integer | Wildcard)) {
            return Err(self.unexpected("`,` or `)`"));
        }
        let (at, found) = (self.behind_previous(), self.span_of(self.current));
        self.report(messages::missing_comma_between_arguments(at, found));
        Ok(())
    }

    fn argument(&mut self) -> Parsed<Term<'a>> {
        match aggregate_function(self.current.kind) {
            Some(function) if self.next.kind == TokenKind::LeftParenthesis => self.aggregate(function),
            _ => self.term("an argument"),
        }
    }

    fn aggregate(&mut self, function: AggregateFunction) -> Parsed<Term<'a>> {
        let start = self.advance();
        let open = self.advance();
        if aggregate_function(self.current.kind).is_some() {
            return Err(self.fail(slips::nested_aggregate(self.span_of(self.current))));
        }
        let folded = self.term("the variable to fold")?;
        if !self.take(TokenKind::RightParenthesis) {
            if !self.is_list_left_open() {
                return Err(self.unexpected("`)`"));
            }
            let diagnostic = self.unclosed(open, ")");
            return Err(self.fail(diagnostic));
        }
        Ok(Term::Aggregate(function, Box::new(folded), self.span_from(start)))
    }

    /// A value or a variable.
    pub(super) fn term(&mut self, wanted: &str) -> Parsed<Term<'a>> {
        let span = self.span_of(self.current);
        let word = self.text_of(self.current);
        match self.current.kind {
            TokenKind::Variable if self.next.kind == TokenKind::Colon => {
                Err(self.fail(slips::variable_as_entity(span, word)))
            }
            TokenKind::Variable if self.next.kind != TokenKind::LeftParenthesis => Ok(Term::Variable(self.take_name())),
            TokenKind::Name if self.next.kind == TokenKind::Colon => self.qualified(),
            TokenKind::Name if self.next.kind != TokenKind::LeftParenthesis => Ok(Term::Name(self.take_name())),
            TokenKind::Text | TokenKind::SingleQuoted => Ok(Term::Text(self.string(wanted)?)),
            TokenKind::Wildcard => {
                self.advance();
                Ok(Term::Wildcard(span))
            }
            TokenKind::Integer => {
                self.advance();
                Ok(Term::Integer(word.parse().ok(), span))
            }
            TokenKind::Name | TokenKind::Variable => Err(self.fail(slips::nested(span, word))),
            TokenKind::Misnamed => Err(self.fail(slips::misnamed(span, word, None))),
            TokenKind::Decimal => Err(self.fail(slips::decimal(span, word))),
            kind if kind.is_reserved() && !self.begins_statement_on_its_line() => {
                Err(self.fail(messages::reserved(span, word, wanted)))
            }
            _ => Err(self.unexpected(wanted)),
        }
    }

    /// `user:"anna"`
    fn qualified(&mut self) -> Parsed<Term<'a>> {
        let start = self.current;
        let entity = self.name(Named::Entity)?;
        self.advance();
        if matches!(self.current.kind, TokenKind::Name | TokenKind::Integer | TokenKind::Variable) {
            let (span, word) = (self.span_of(self.current), self.text_of(self.current));
            return Err(self.fail(slips::unquoted_id(span, entity.text, word)));
        }
        let text = self.string(&format!("an id in quotes, as `{}:\"…\"`", entity.text))?;
        Ok(Term::Qualified(entity, text, self.span_from(start)))
    }
}

fn aggregate_function(kind: TokenKind) -> Option<AggregateFunction> {
    match kind {
        TokenKind::Max => Some(AggregateFunction::Max),
        TokenKind::Min => Some(AggregateFunction::Min),
        TokenKind::Count => Some(AggregateFunction::Count),
        _ => None,
    }
}

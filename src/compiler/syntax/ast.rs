//! The syntax tree: what was written, with its places, and nothing decided yet.
//! It borrows from the source text, so that a file of many facts costs little more than itself.

use std::borrow::Cow;

use crate::compiler::source::Span;

/// A word and its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Name<'a> {
    /// As written.
    pub text: &'a str,
    /// Where.
    pub span: Span,
}

/// One parsed file: its statements in source order, without those that had a syntax error.
#[derive(Debug, Default)]
pub struct File<'a> {
    /// In source order.
    pub statements: Vec<Statement<'a>>,
    /// What statements with a syntax error may have declared.
    pub lost: Lost<'a>,
}

/// What statements that could not be read may have declared: nothing is to be said about its absence.
#[derive(Debug, Default)]
pub struct Lost<'a> {
    /// The names that stand where a declaration has its name.
    pub names: Vec<&'a str>,
    /// Whether a declaration is lost with its name, so that every unknown name may be declared there.
    pub is_unknown: bool,
}

/// A statement of the language.
#[derive(Debug)]
pub enum Statement<'a> {
    /// `entity chat;`
    Entity(Name<'a>),
    /// `enum level { denied < own };`
    Enum(EnumDeclaration<'a>),
    /// `action history.view on chat;`
    Action(ActionDeclaration<'a>),
    /// `input`, `relation` or `decision`.
    Relation(RelationDeclaration<'a>),
    /// A rule or a fact.
    Clause(Clause<'a>),
    /// `test "…" { … }`
    Test(Test<'a>),
}

/// `enum level { denied < own };` or `enum edition { cloud, on_premise };`
#[derive(Debug)]
pub struct EnumDeclaration<'a> {
    /// The enum's name.
    pub name: Name<'a>,
    /// In the order written; with `<` the lowest first.
    pub members: Vec<Name<'a>>,
    /// Whether the members are separated by `<`. An enum of one member is unordered.
    pub ordered: bool,
}

/// `action history.view on chat;`
#[derive(Debug)]
pub struct ActionDeclaration<'a> {
    /// The action's name.
    pub name: Name<'a>,
    /// The entity it is done to; `resource` means any.
    pub on: Name<'a>,
}

/// Which of the three kinds a relation is declared as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RelationKind {
    /// Facts come from data.
    Input,
    /// Derived and stored.
    Relation,
    /// Derived for one question at a time.
    Decision,
}

/// `input works_in(user: user, department: department);`
#[derive(Debug)]
pub struct RelationDeclaration<'a> {
    /// The `///` lines above it, joined into one sentence.
    pub explanation: Option<Explanation<'a>>,
    /// The word it began with.
    pub kind: RelationKind,
    /// The relation's name.
    pub name: Name<'a>,
    /// One or more fields; none only where the list is empty, which the grammar allows.
    pub fields: Vec<FieldDeclaration<'a>>,
}

/// `user: user`; `user` alone is short for it.
#[derive(Debug)]
pub struct FieldDeclaration<'a> {
    /// The field.
    pub name: Name<'a>,
    /// Its type; the same word as `name` when none was written.
    pub type_name: Name<'a>,
}

/// A rule, or a fact when the body is empty.
#[derive(Debug)]
pub struct Clause<'a> {
    /// The `///` lines above it, joined into one sentence.
    pub explanation: Option<Explanation<'a>>,
    /// The string of `@id("…")`.
    pub id: Option<Text<'a>>,
    /// What follows.
    pub head: Atom<'a>,
    /// From what; empty for a fact.
    pub body: Vec<Literal<'a>>,
    /// From the first word of the head (not the comment or the id) to the semicolon.
    pub span: Span,
}

/// A string after its escapes, with its place (the quotes included).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Text<'a> {
    /// The value.
    pub value: Cow<'a, str>,
    /// Where.
    pub span: Span,
}

/// The sentence of `///` lines, cut at its `{Variables}`; above a relation they are its fields.
#[derive(Debug)]
pub struct Explanation<'a> {
    /// In order; several lines are joined with a space.
    pub parts: Vec<ExplanationPart<'a>>,
    /// All its lines.
    pub span: Span,
}

/// A piece of an explanation.
#[derive(Debug)]
pub enum ExplanationPart<'a> {
    /// Words.
    Words(Cow<'a, str>),
    /// `{Var}` or `{field}`: the name without its braces, the span with them.
    Variable(Name<'a>),
}

/// `relation(argument, …)`
#[derive(Debug)]
pub struct Atom<'a> {
    /// The relation.
    pub relation: Name<'a>,
    /// The arguments.
    pub arguments: Vec<Term<'a>>,
    /// From the name to the closing parenthesis.
    pub span: Span,
}

/// A part of a body.
#[derive(Debug)]
pub enum Literal<'a> {
    /// `p(…)`
    Positive(Atom<'a>),
    /// `not p(…)`; the span begins at `not`.
    Negative(Atom<'a>, Span),
    /// `left operator right`
    Comparison {
        /// Left of the operator.
        left: Term<'a>,
        /// The operator.
        operator: Operator,
        /// Right of it.
        right: Term<'a>,
        /// All of it.
        span: Span,
    },
}

impl Literal<'_> {
    /// Where it stands.
    pub fn span(&self) -> Span {
        match self {
            Literal::Positive(atom) => atom.span,
            Literal::Negative(_, span) | Literal::Comparison { span, .. } => *span,
        }
    }
}

/// A comparison.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Operator {
    /// `=`
    Equal,
    /// `!=`
    NotEqual,
    /// `<`
    Less,
    /// `<=`
    LessOrEqual,
    /// `>`
    Greater,
    /// `>=`
    GreaterOrEqual,
}

/// What folds a group.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum AggregateFunction {
    /// The highest.
    Max,
    /// The lowest.
    Min,
    /// How many distinct.
    Count,
}

/// An argument.
#[derive(Debug)]
pub enum Term<'a> {
    /// `Var`
    Variable(Name<'a>),
    /// `_`
    Wildcard(Span),
    /// `"anna"`
    Text(Text<'a>),
    /// `user:"anna"`; the span holds both.
    Qualified(Name<'a>, Text<'a>, Span),
    /// `42`; no value where it does not fit into 64 bits, which the lexer reports.
    Integer(Option<i64>, Span),
    /// `history.view`, `own`: an action or an enum member.
    Name(Name<'a>),
    /// `max(L)`: only a head takes it.
    Aggregate(AggregateFunction, Box<Term<'a>>, Span),
}

impl Term<'_> {
    /// Where it stands.
    pub fn span(&self) -> Span {
        match self {
            Term::Variable(name) | Term::Name(name) => name.span,
            Term::Text(text) => text.span,
            Term::Wildcard(span)
            | Term::Qualified(_, _, span)
            | Term::Integer(_, span)
            | Term::Aggregate(_, _, span) => *span,
        }
    }
}

/// `test "name" { facts and expectations }`
#[derive(Debug)]
pub struct Test<'a> {
    /// Its name.
    pub name: Text<'a>,
    /// Facts and expectations in source order.
    pub steps: Vec<TestStep<'a>>,
    /// From `test` to the closing brace.
    pub span: Span,
}

/// A statement inside a test.
#[derive(Debug)]
pub enum TestStep<'a> {
    /// A fact.
    Fact(Atom<'a>),
    /// `expect literal;`
    Expect(Literal<'a>, Span),
    /// `expect none literal, …;`
    ExpectNone(Vec<Literal<'a>>, Span),
    /// `expect only action, … { rows }`
    ExpectOnly(Table<'a>),
}

/// `expect only history.view { "anna": "c1", "c2"; }`: who may do these actions to what, and nobody else to anything.
#[derive(Debug)]
pub struct Table<'a> {
    /// The actions.
    pub actions: Vec<Name<'a>>,
    /// In source order.
    pub rows: Vec<TableRow<'a>>,
    /// From `expect` to the closing brace.
    pub span: Span,
}

/// `"anna", "boris": "c1", "c2";`
#[derive(Debug)]
pub struct TableRow<'a> {
    /// Before the colon.
    pub subjects: Vec<Term<'a>>,
    /// Behind it.
    pub things: Vec<Term<'a>>,
}

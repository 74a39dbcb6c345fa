//! A checked program: every name resolved, every place typed, every rule safe, every relation in a stratum.
//! `check` builds it from the trees of all files; the engines, decisions and explanations only read it.

mod aggregates;
mod check;
mod clauses;
mod comparisons;
mod constants;
mod decisions;
mod explanations;
mod graph;
mod lint;
mod names;
mod outcome;
mod resolve;
mod rule_ids;
mod safety;
mod scope;
mod strata;
mod suite;
mod terms;
#[cfg(test)]
mod tests;
mod types;
pub mod vocabulary;

pub(super) use check::check;
pub use check::check_query;
pub use constants::{Constant, ConstantId, Constants};
pub use lint::lint;
pub use outcome::missing_allow;

use crate::compiler::source::{Origin, Span};
pub use crate::compiler::syntax::ast::{AggregateFunction, Operator, RelationKind};

macro_rules! numbers {
    ($($(#[$doc:meta])* $name:ident,)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub u32);

        impl $name {
            /// As an index into the table of the program.
            pub fn index(self) -> usize {
                self.0 as usize
            }
        }
    )*};
}

numbers! {
    /// An entity of the program.
    EntityId,
    /// An enum of the program.
    EnumId,
    /// An action of the program.
    ActionId,
    /// A relation of the program: input, relation or decision.
    RelationId,
    /// A rule of the program; their order is the order in which they decide.
    RuleId,
    /// A variable of one rule.
    VariableId,
}

/// A type of thing.
#[derive(Debug)]
pub struct Entity {
    /// Its name.
    pub name: String,
    /// Where it is declared.
    pub span: Span,
    /// Whether every id stands for the same one thing, as for the built-in `portal`.
    pub single: bool,
}

/// A closed set of names.
#[derive(Debug)]
pub struct Enum {
    /// Its name.
    pub name: String,
    /// The members; of an ordered one the lowest first. A member's value is its place here.
    pub members: Vec<String>,
    /// Whether `<` means something.
    pub ordered: bool,
    /// Where it is declared.
    pub span: Span,
}

/// Something that may be done.
#[derive(Debug)]
pub struct Action {
    /// Its name.
    pub name: String,
    /// What it is done to; `None` for any entity (`on resource`).
    pub on: Option<EntityId>,
    /// Where it is declared.
    pub span: Span,
}

/// The type of a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Type {
    /// A text.
    Text,
    /// A 64 bit integer.
    Int,
    /// An action.
    Action,
    /// A thing of any entity.
    Resource,
    /// A thing of one entity.
    Entity(EntityId),
    /// A member of an enum.
    Enum(EnumId),
}

/// An argument place of a relation.
#[derive(Debug)]
pub struct Field {
    /// Its name.
    pub name: String,
    /// What it holds.
    pub ty: Type,
}

/// A declared relation.
#[derive(Debug)]
pub struct Relation {
    /// Its name.
    pub name: String,
    /// Input, relation or decision.
    pub kind: RelationKind,
    /// Its places.
    pub fields: Vec<Field>,
    /// What a fact of it says, where that is written: the words of a sentence, and the places whose values stand between.
    pub sentence: Vec<SentencePart>,
    /// What its rules fold and in which place, where they do.
    pub aggregate: Option<Aggregate>,
    /// Where it is declared.
    pub span: Span,
}

impl Relation {
    /// The number of its places.
    pub fn arity(&self) -> usize {
        self.fields.len()
    }

    /// The first place of type `action`, by which a decision is told apart.
    pub fn action_place(&self) -> Option<usize> {
        self.fields.iter().position(|field| field.ty == Type::Action)
    }
}

/// A piece of the sentence of a relation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SentencePart {
    /// Words.
    Words(String),
    /// The value at that place.
    Place(usize),
}

/// The fold of an aggregated relation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Aggregate {
    /// What it computes.
    pub function: AggregateFunction,
    /// The place of the head it stands in; the other places are the group.
    pub place: usize,
}

/// A variable of a rule.
#[derive(Clone, Debug)]
pub struct Variable {
    /// Its name.
    pub name: String,
    /// The one type it has. Narrower than a place's (`resource`) where another place narrows it: then it
    /// takes from that place the values of its own entity only.
    pub ty: Type,
}

/// An argument after checking.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Term {
    /// A variable of the rule.
    Variable(VariableId),
    /// A value.
    Constant(ConstantId),
    /// Anything. In a positive literal or a `not`: there is one, there is none. In the head of a decision: whatever is asked.
    Wildcard,
}

/// A relation and its arguments. In the head of an aggregated relation the place of the aggregate holds the folded variable.
#[derive(Clone, Debug)]
pub struct Atom {
    /// Of what.
    pub relation: RelationId,
    /// One for each place.
    pub terms: Vec<Term>,
    /// Where it is written.
    pub span: Span,
}

/// A part of a body after checking.
#[derive(Clone, Debug)]
pub enum Literal {
    /// It holds. Of an input, a relation or a decision.
    Positive(Atom),
    /// It does not hold for any value of the wildcards. Of an input, a relation or a decision. The span begins at `not`.
    Negative(Atom),
    /// The values compare so.
    Comparison(Comparison),
}

/// A comparison after checking. Both sides have one type; the ordered operators stand only on integers and ordered enums.
#[derive(Clone, Debug)]
pub struct Comparison {
    /// Left of the operator.
    pub left: Term,
    /// The operator. `=` binds the side that nothing else binds.
    pub operator: Operator,
    /// Right of it.
    pub right: Term,
    /// The type of both sides.
    pub ty: Type,
    /// Where it is written.
    pub span: Span,
}

/// A rule; in a decision also a fact, which is a rule with an empty body.
#[derive(Debug)]
pub struct Rule {
    /// The `@id`, else `file:line`.
    pub id: String,
    /// Whether the id was written.
    pub named: bool,
    /// Its sentence.
    pub explanation: Vec<ExplanationPart>,
    /// What follows.
    pub head: Atom,
    /// From what, in the order written.
    pub body: Vec<Literal>,
    /// All its variables.
    pub variables: Vec<Variable>,
    /// Where it is written.
    pub span: Span,
    /// Whose rule it is.
    pub origin: Origin,
}

/// A piece of a checked explanation.
#[derive(Debug)]
pub enum ExplanationPart {
    /// Words.
    Words(String),
    /// The value of a variable, by its display name.
    Variable(VariableId),
}

/// The facts that the rule files state for one input or relation, row after row.
#[derive(Debug, Default)]
pub struct StatedFacts {
    /// `arity` values a row.
    pub values: Vec<ConstantId>,
    /// Where each row is written.
    pub spans: Vec<Span>,
}

/// A checked `test` block.
#[derive(Debug)]
pub struct Test {
    /// Its name.
    pub name: String,
    /// Its facts.
    pub facts: Vec<(RelationId, Vec<ConstantId>, Span)>,
    /// What must hold, in source order.
    pub expectations: Vec<Expectation>,
    /// Where the test is written.
    pub span: Span,
}

/// What a test expects, and where it says so.
#[derive(Debug)]
pub struct Expectation {
    /// What.
    pub expected: Expected,
    /// From `expect` to its end.
    pub span: Span,
}

/// What must be so.
#[derive(Debug)]
pub enum Expected {
    /// The literal holds. It has no variables.
    Holds(Literal),
    /// The literals together hold for no values of their variables.
    None(Query),
    /// These requests are allowed, and no others that the table is about.
    Only(Table),
}

impl Expectation {
    /// The atoms that it names.
    pub fn atoms(&self) -> impl Iterator<Item = &Atom> {
        let literals = match &self.expected {
            Expected::Holds(literal) => std::slice::from_ref(literal),
            Expected::None(query) => &query.body,
            Expected::Only(_) => &[],
        };
        literals.iter().filter_map(|literal| match literal {
            Literal::Positive(atom) | Literal::Negative(atom) => Some(atom),
            Literal::Comparison(_) => None,
        })
    }
}

/// Who may do some actions to what, and nobody else to anything.
#[derive(Debug)]
pub struct Table {
    /// The actions, which are all done to the same entity.
    pub actions: Vec<ActionId>,
    /// What the actions are done to; `None` for any entity.
    pub on: Option<EntityId>,
    /// The cells that must be allowed, for each of the actions.
    pub rows: Vec<TableRow>,
}

/// Whoever stands before the colon may do the actions to whatever stands behind it. `None` is `_`: all there are.
#[derive(Debug)]
pub struct TableRow {
    /// Before the colon.
    pub subjects: Vec<(Option<ConstantId>, Span)>,
    /// Behind it.
    pub things: Vec<(Option<ConstantId>, Span)>,
}

/// Relations that are derived together: one, or several that depend on each other. Inputs with rules are among
/// them; decisions and inputs without rules are not.
#[derive(Clone, Debug)]
pub struct Component {
    /// In the order of their numbers.
    pub relations: Vec<RelationId>,
    /// The rules with these heads, in the order of the program.
    pub rules: Vec<RuleId>,
    /// Whether a rule uses a relation of its own component.
    pub recursive: bool,
}

/// A checked program.
#[derive(Debug, Default)]
pub struct Program {
    /// By [`EntityId`].
    pub entities: Vec<Entity>,
    /// By [`EnumId`].
    pub enums: Vec<Enum>,
    /// By [`ActionId`].
    pub actions: Vec<Action>,
    /// By [`RelationId`].
    pub relations: Vec<Relation>,
    /// By [`RuleId`], in the order in which they decide: by source, then by line.
    pub rules: Vec<Rule>,
    /// By [`RelationId`]; empty for decisions, whose facts are rules.
    pub facts: Vec<StatedFacts>,
    /// In source order.
    pub tests: Vec<Test>,
    /// The values that rules, facts and tests name.
    pub constants: Constants,
    /// What is derived, each component after those it uses.
    pub components: Vec<Component>,
}

/// A checked question: the body of a rule without a head.
#[derive(Debug)]
pub struct Query {
    /// The literals in the order written.
    pub body: Vec<Literal>,
    /// Its variables in the order of first appearance; an answer has a value for each.
    pub variables: Vec<Variable>,
}

impl Program {
    /// The relation of that name.
    pub fn relation_named(&self, name: &str) -> Option<RelationId> {
        self.relations.iter().position(|relation| relation.name == name).map(|at| RelationId(at as u32))
    }

    /// The action of that name.
    pub fn action_named(&self, name: &str) -> Option<ActionId> {
        self.actions.iter().position(|action| action.name == name).map(|at| ActionId(at as u32))
    }

    /// The entity of that name.
    pub fn entity_named(&self, name: &str) -> Option<EntityId> {
        self.entities.iter().position(|entity| entity.name == name).map(|at| EntityId(at as u32))
    }

    /// A relation by its number.
    pub fn relation(&self, id: RelationId) -> &Relation {
        &self.relations[id.index()]
    }

    /// A rule by its number.
    pub fn rule(&self, id: RuleId) -> &Rule {
        &self.rules[id.index()]
    }

    /// Whether an action is done to things of an entity.
    pub fn is_done_to(&self, action: ActionId, entity: Option<EntityId>) -> bool {
        self.actions[action.index()].on.is_none_or(|on| entity == Some(on))
    }

    /// The name of a type as it is written.
    pub fn type_name(&self, ty: Type) -> &str {
        match ty {
            Type::Text => "text",
            Type::Int => "int",
            Type::Action => "action",
            Type::Resource => "resource",
            Type::Entity(id) => &self.entities[id.index()].name,
            Type::Enum(id) => &self.enums[id.index()].name,
        }
    }
}

//! What is said about an argument that its place does not take.

use super::{Checker, Standing, Target, Told, Wanted, WantedBy};
use crate::compiler::codes::Code;
use crate::compiler::diagnostic::Diagnostic;
use crate::compiler::program::resolve::suggested;
use crate::compiler::program::scope::Scope;
use crate::compiler::program::vocabulary::WHO_AND_WHAT;
use crate::compiler::program::{EntityId, EnumId, Type};
use crate::compiler::source::Span;
use crate::compiler::suggest;
use crate::compiler::syntax::ast::{self, Name, Operator};

/// How many members of an enum a note lists.
const LISTED_MEMBERS: usize = 12;

impl Checker<'_> {
    /// A value of another type than wanted.
    fn mismatch(&self, found: &str, span: Span, wanted: Wanted) -> Diagnostic {
        let expected = self.describe(wanted.ty);
        let mistake = Diagnostic::error(Code::TypeConflict, format!("{found} stands where {expected} is wanted"))
            .at(span, format!("expected {expected}"));
        match wanted.by {
            WantedBy::Field(relation, place) => {
                let relation = self.program.relation(relation);
                let field = &relation.fields[place].name;
                mistake.label(relation.span, format!("the field `{field}` of `{}` holds {expected}", relation.name))
            }
            WantedBy::OtherSide(other) => mistake.label(other, format!("compared with {expected}")),
        }
    }

    pub(in crate::compiler::program) fn misplaced_integer(&self, value: i64, span: Span, wanted: Wanted) -> Diagnostic {
        let mistake = self.mismatch(&format!("the integer `{value}`"), span, wanted);
        let quoted = format!("\"{value}\"");
        let advice = format!("write it as a string: `{quoted}`");
        let takes_string = match wanted.ty {
            Type::Text | Type::Entity(_) => true,
            Type::Resource => tells_entity(wanted.told),
            Type::Action | Type::Int | Type::Enum(_) => false,
        };
        match wanted.ty {
            // An id with zeros before it is another id.
            _ if takes_string && self.sources.text(span) == value.to_string() => mistake.fix(advice, span, quoted),
            _ if takes_string => mistake.replace(advice, span, quoted),
            Type::Resource => {
                mistake.help(format!("name the entity and quote the id, as in `{}:{quoted}`", self.example_entity()))
            }
            Type::Text | Type::Entity(_) | Type::Action | Type::Int | Type::Enum(_) => mistake,
        }
    }

    pub(in crate::compiler::program) fn misplaced_text(&self, text: &ast::Text<'_>, wanted: Wanted) -> Diagnostic {
        let written = self.sources.text(text.span);
        let mistake = self.mismatch(&format!("the string {written}"), text.span, wanted);
        let value = text.value.as_ref();
        match wanted.ty {
            Type::Int if value.parse::<i64>().is_ok_and(|integer| integer.to_string() == value) => {
                mistake.fix(format!("write the integer without quotes: `{value}`"), text.span, value)
            }
            Type::Action if self.names.actions.contains_key(value) => {
                mistake.fix(format!("an action is written without quotes: `{value}`"), text.span, value)
            }
            Type::Action => {
                let nearest = suggest::nearest(value, self.action_names());
                suggested(mistake, text.span, value, &nearest).note("an action is written without quotes")
            }
            Type::Enum(of) if self.names.member(of, value).is_some() => {
                mistake.fix(format!("a member of an enum is written without quotes: `{value}`"), text.span, value)
            }
            Type::Enum(of) => {
                let nearest = suggest::nearest(value, self.member_names(of));
                let mistake = suggested(mistake, text.span, value, &nearest);
                mistake.note(format!("a member of an enum is written without quotes; {}", self.listed_members(of)))
            }
            Type::Int | Type::Text | Type::Resource | Type::Entity(_) => mistake,
        }
    }

    pub(in crate::compiler::program) fn misplaced_thing(
        &self,
        entity: EntityId,
        text: &ast::Text<'_>,
        span: Span,
        wanted: Wanted,
    ) -> Diagnostic {
        let mistake = self.mismatch(&self.describe(Type::Entity(entity)), span, wanted);
        match wanted.ty {
            Type::Text => {
                let written = self.sources.text(text.span);
                mistake.replace(format!("a text has no entity: `{written}`"), span, written)
            }
            Type::Entity(_) => mistake.note("ids are typed: the same id of two entities names two different things"),
            Type::Int | Type::Action | Type::Resource | Type::Enum(_) => mistake,
        }
    }

    /// A bare name where an id, a text or an integer is wanted.
    pub(in crate::compiler::program) fn misplaced_name(
        &self,
        name: Name<'_>,
        wanted: Wanted,
        scope: &Scope<'_>,
    ) -> Diagnostic {
        let mistake = self.mismatch(&format!("the name `{}`", name.text), name.span, wanted);
        let mistake = meant_variable(mistake, name, scope);
        let quoted = format!("\"{}\"", name.text);
        match wanted.ty {
            Type::Text => mistake.replace(format!("a text stands in quotes: `{quoted}`"), name.span, quoted),
            Type::Entity(_) => mistake.replace(format!("an id stands in quotes: `{quoted}`"), name.span, quoted),
            Type::Resource if tells_entity(wanted.told) => {
                mistake.replace(format!("an id stands in quotes: `{quoted}`"), name.span, quoted)
            }
            Type::Resource => {
                let entity = self.example_entity();
                mistake.help(format!("name the entity and quote the id, as in `{entity}:{quoted}`"))
            }
            Type::Int | Type::Action | Type::Enum(_) => mistake,
        }
    }

    pub(in crate::compiler::program) fn untyped_resource(&self, text: &ast::Text<'_>, wanted: Wanted) -> Diagnostic {
        let written = self.sources.text(text.span);
        let mistake = Diagnostic::error(Code::UntypedResource, format!("nothing tells what {written} is"))
            .at(text.span, "an id of which entity?");
        let mistake = match (wanted.by, wanted.told) {
            (WantedBy::Field(..), Told::Action(told)) => {
                let action = &self.program.actions[told.action.index()];
                mistake.label(told.span, format!("`{}` is done to any entity", action.name))
            }
            (WantedBy::Field(relation, place), Told::Nothing | Told::Mistaken) => {
                let relation = self.program.relation(relation);
                let field = &relation.fields[place].name;
                mistake.label(
                    relation.span,
                    format!("the field `{field}` of `{}` holds a thing of any entity", relation.name),
                )
            }
            (WantedBy::OtherSide(other), _) => mistake.label(other, "compared with a thing of any entity"),
        };
        mistake
            .note("a place of type `resource` takes things of all entities; the action beside it can tell which")
            .help(format!("write the entity before the id, as in `{}:{written}`", self.example_entity()))
    }

    /// Of an entity to show how a thing is written.
    fn example_entity(&self) -> &str {
        let chat = self.program.entities.iter().find(|entity| entity.name == "chat");
        chat.or(self.program.entities.first()).map_or("chat", |entity| &entity.name)
    }

    pub(in crate::compiler::program) fn empty_id(&self, entity: EntityId, span: Span) -> Diagnostic {
        Diagnostic::error(Code::EmptyId, format!("the id of {} is empty", self.describe(Type::Entity(entity))))
            .at(span, "no character between the quotes")
            .note("an id names a thing, so it has at least one character")
    }

    pub(in crate::compiler::program) fn unknown_action(&self, name: Name<'_>, scope: &Scope<'_>) -> Diagnostic {
        let mistake = Diagnostic::error(Code::UnknownAction, format!("unknown action `{}`", name.text))
            .at(name.span, "not declared");
        let mistake = meant_variable(mistake, name, scope);
        suggested(mistake, name.span, name.text, &suggest::nearest(name.text, self.action_names()))
    }

    pub(in crate::compiler::program) fn unknown_member(
        &self,
        name: Name<'_>,
        of: EnumId,
        scope: &Scope<'_>,
    ) -> Diagnostic {
        let declared = &self.program.enums[of.index()];
        let mistake = Diagnostic::error(
            Code::UnknownEnumMember,
            format!("the enum `{}` has no member `{}`", declared.name, name.text),
        )
        .at(name.span, self.other_meaning(name, &declared.name))
        .label(declared.span, format!("`{}` is declared here", declared.name));
        let mistake = meant_variable(mistake, name, scope);
        suggested(mistake, name.span, name.text, &suggest::nearest(name.text, self.member_names(of)))
            .note(self.listed_members(of))
    }

    /// What a name is that is no member of the enum.
    fn other_meaning(&self, name: Name<'_>, wanted: &str) -> String {
        match self.names.types_of_value(name.text).first() {
            Some(Type::Enum(other)) => {
                format!("a member of `{}`, not of `{wanted}`", self.program.enums[other.index()].name)
            }
            Some(Type::Action) => format!("an action, not a member of `{wanted}`"),
            _ => format!("not a member of `{wanted}`"),
        }
    }

    /// A name that is a value of no type at all.
    pub(in crate::compiler::program) fn unknown_value(&self, name: Name<'_>, scope: &Scope<'_>) -> Diagnostic {
        let mistake = Diagnostic::error(
            Code::UnknownEnumMember,
            format!("`{}` is neither an action nor a member of an enum", name.text),
        )
        .at(name.span, "not declared");
        let mistake = meant_variable(mistake, name, scope);
        let members = self.program.enums.iter().flat_map(|declared| declared.members.iter().map(String::as_str));
        suggested(mistake, name.span, name.text, &suggest::nearest(name.text, members.chain(self.action_names())))
    }

    /// A name of several types; `variable` is what it is compared with, none for another name.
    pub(in crate::compiler::program) fn ambiguous_name(
        &self,
        name: Name<'_>,
        types: &[Type],
        variable: Option<Name<'_>>,
    ) -> Diagnostic {
        let types: Vec<String> = types.iter().map(|ty| self.describe(*ty)).collect();
        let mistake =
            Diagnostic::error(Code::AmbiguousName, format!("`{}` could be {}", name.text, types.join(" or ")))
                .at(name.span, "nothing tells which")
                .note("a name takes its type from its place, or from what it is compared with");
        match variable {
            Some(variable) => {
                mistake.help(format!("use `{}` in the head or in a literal too: its place there tells", variable.text))
            }
            None => mistake,
        }
    }

    pub(in crate::compiler::program) fn different_values(
        &self,
        left: &ast::Term<'_>,
        right: &ast::Term<'_>,
    ) -> Diagnostic {
        let (left_text, right_text) = (self.sources.quoted(left.span()), self.sources.quoted(right.span()));
        Diagnostic::error(Code::TypeConflict, format!("`{left_text}` and `{right_text}` are of different types"))
            .at(right.span(), self.describe_value(right))
            .label(left.span(), self.describe_value(left))
    }

    fn describe_value(&self, term: &ast::Term<'_>) -> String {
        match term {
            ast::Term::Integer(..) => "an integer".to_string(),
            ast::Term::Text(_) => "a string".to_string(),
            ast::Term::Qualified(entity, ..) => match self.names.entity(entity.text) {
                Some(entity) => self.describe(Type::Entity(entity)),
                None => "a thing".to_string(),
            },
            ast::Term::Name(name) => {
                let types = self.names.types_of_value(name.text);
                let types: Vec<String> = types.iter().map(|ty| self.describe(*ty)).collect();
                types.join(" or ")
            }
            ast::Term::Variable(_) | ast::Term::Wildcard(_) | ast::Term::Aggregate(..) => "a value".to_string(),
        }
    }

    pub(in crate::compiler::program) fn unordered(&self, operator: Operator, ty: Type, span: Span) -> Diagnostic {
        let sign = sign(operator);
        let mistake = Diagnostic::error(
            Code::UnorderedComparison,
            format!("`{sign}` needs an order, and {} has none", self.describe(ty)),
        )
        .at(span, "no order to compare by")
        .note("`<`, `<=`, `>` and `>=` compare integers and members of ordered enums; anything has `=` and `!=`");
        match ty {
            Type::Enum(of) => {
                let declared = &self.program.enums[of.index()];
                mistake.label(declared.span, "declared without an order").help(format!(
                    "to give `{}` an order, separate its members by `<` where it is declared",
                    declared.name
                ))
            }
            _ => mistake,
        }
    }

    fn action_names(&self) -> impl Iterator<Item = &str> {
        self.program.actions.iter().map(|action| action.name.as_str())
    }

    fn member_names(&self, of: EnumId) -> impl Iterator<Item = &str> {
        self.program.enums[of.index()].members.iter().map(String::as_str)
    }

    fn listed_members(&self, of: EnumId) -> String {
        let members = &self.program.enums[of.index()].members;
        let listed: Vec<String> = members.iter().take(LISTED_MEMBERS).map(|member| format!("`{member}`")).collect();
        let rest = if members.len() > LISTED_MEMBERS { ", …" } else { "" };
        format!("the members of `{}` are {}{rest}", self.program.enums[of.index()].name, listed.join(", "))
    }
}

/// Where a lower-case name looks like a variable: certain if the rule has it in capitals.
fn meant_variable(mistake: Diagnostic, name: Name<'_>, scope: &Scope<'_>) -> Diagnostic {
    let mut capital = name.text.to_string();
    capital[..1].make_ascii_uppercase();
    if scope.find(&capital).is_some() {
        return mistake.replace(format!("a variable begins with a capital letter: `{capital}`"), name.span, capital);
    }
    // In facts and tests, where no variable can stand, the scope is empty.
    if name.text.len() <= 2 && !scope.variables.is_empty() {
        return mistake.note(format!("a variable begins with a capital letter: `{capital}`"));
    }
    mistake
}

/// Whether the action beside a place says of which entity a bare id is.
fn tells_entity(told: Told) -> bool {
    matches!(told, Told::Action(told) if matches!(told.target, Target::Entity(_)))
}

fn sign(operator: Operator) -> &'static str {
    match operator {
        Operator::Equal => "=",
        Operator::NotEqual => "!=",
        Operator::Less => "<",
        Operator::LessOrEqual => "<=",
        Operator::Greater => ">",
        Operator::GreaterOrEqual => ">=",
    }
}

pub(super) fn wildcard_in(standing: Standing, span: Span) -> Diagnostic {
    let mistake = |message: &str, label: &str| Diagnostic::error(Code::MisplacedWildcard, message).at(span, label);
    match standing {
        Standing::StoredHead => mistake("`_` can't be derived", "a value is needed here")
            .note("what follows is stored, so each of its places has a value; only heads of decisions take `_`")
            .help("use a variable that the body binds"),
        Standing::Fact => {
            mistake("`_` can't stand in a fact", "a value is needed here").note("a fact is about named things")
        }
        Standing::Decision => mistake("`_` can't stand in a literal of a decision", "a value is needed here")
            .note("a decision answers only when all its arguments are known")
            .help("use a variable that a literal of an input or a relation binds"),
        Standing::ExpectedDecision => {
            mistake("`_` can't stand in what is expected of a decision", "a value is needed here")
                .note("a decision answers only when all its arguments are known")
        }
        Standing::DecisionHead | Standing::Stored | Standing::ExpectedStored => {
            mistake("`_` can't stand here", "a value is needed")
        }
    }
}

pub(super) fn wildcard_in_question(span: Span) -> Diagnostic {
    Diagnostic::error(Code::FreeDecisionVariable, "`_` leaves an argument of a decision open")
        .at(span, "left open")
        .note("a decision answers only when all its arguments are known")
        .help(WHO_AND_WHAT)
}

pub(in crate::compiler::program) fn wildcard_in_comparison(span: Span) -> Diagnostic {
    Diagnostic::error(Code::MisplacedWildcard, "`_` can't be compared")
        .at(span, "a value is needed here")
        .note("`_` matches anything and stands for no value")
}

pub(super) fn aggregate_in_fact(span: Span) -> Diagnostic {
    Diagnostic::error(Code::BadAggregate, "an aggregate can only stand in the head of a rule")
        .at(span, "a value is needed here")
}

pub(in crate::compiler::program) fn aggregate_in_body(span: Span) -> Diagnostic {
    Diagnostic::error(Code::BadAggregate, "an aggregate can only stand in the head of a rule")
        .at(span, "not the head of a rule")
        .help("derive a relation of its own by it, and use that one here")
}

//! The role in a rule of a level, and the premise that joins it with the user, to be derived once more.

use crate::compiler::program::{Atom, Constant, EntityId, Literal, RelationId, RelationKind, Rule, RuleId, Term, Type};
use crate::engine::Model;
use crate::engine::plan::{Binding, Operand, Plan};
use crate::explain::levels::plan::{Match, Planned, head, operand, planned};

/// The entity whose things give levels.
const ROLE: &str = "role";

/// The role in a rule.
#[derive(Clone, Debug)]
pub struct RoleOf {
    pub role: Operand,
    /// The number of the premise that joins it with the user, and its arguments; none where no single one does.
    pub premise: Option<(usize, Vec<Option<Operand>>)>,
}

/// A stored relation, and the rules that derive it for these of its places.
#[derive(Debug)]
pub struct Premise {
    pub relation: RelationId,
    known: Vec<usize>,
    pub rules: Vec<DerivingRule>,
}

/// A rule of a stored relation.
#[derive(Debug)]
pub struct DerivingRule {
    pub rule: RuleId,
    /// What the known places must be.
    pub head: Vec<Match>,
    pub plan: Plan,
    /// The same relation in the body: a fact is no reason for itself.
    pub own: Vec<Vec<Option<Operand>>>,
}

impl Planned {
    /// The role that a rule speaks of: in the premise that joins it with the user, else anywhere in the body.
    pub(super) fn role(
        &mut self,
        model: &mut Model,
        subject: EntityId,
        rule: &Rule,
        bound: &[Binding],
    ) -> Option<RoleOf> {
        let program = model.program;
        let role = program.entity_named(ROLE)?;
        let is_role = |term: &Term| match term {
            Term::Variable(variable) => rule.variables[variable.index()].ty == Type::Entity(role),
            Term::Constant(constant) => {
                matches!(program.constants.get(*constant), Constant::Thing(entity, _) if *entity == role)
            }
            Term::Wildcard => false,
        };
        let of_subject = |(place, _): &(usize, &Term)| {
            program.relation(rule.head.relation).fields[*place].ty == Type::Entity(subject)
        };
        let user = rule.head.terms.iter().enumerate().find(of_subject).map(|(_, term)| *term);
        let user = user.filter(|term| matches!(term, Term::Variable(_)));
        let stored = |literal: &'_ Literal| match literal {
            Literal::Positive(atom) if program.relation(atom.relation).kind != RelationKind::Decision => {
                Some(atom.clone())
            }
            _ => None,
        };
        let premises: Vec<Atom> = rule.body.iter().filter_map(stored).collect();
        let joins =
            |atom: &&Atom| user.is_some_and(|user| atom.terms.contains(&user)) && atom.terms.iter().any(is_role);
        let joining = premises.iter().find(joins);
        let term =
            joining.into_iter().chain(&premises).find_map(|atom| atom.terms.iter().find(|term| is_role(term)))?;
        let role = operand(model, bound, term);
        let premise = joining.map(|atom| {
            let argument = |term: &Term| (*term != Term::Wildcard).then(|| operand(model, bound, term));
            let arguments = atom.terms.iter().map(argument).collect();
            (self.premise(model, atom), arguments)
        });
        Some(RoleOf { role, premise })
    }

    /// The number of the ways to derive a relation for the places that an atom fixes.
    fn premise(&mut self, model: &mut Model, atom: &Atom) -> usize {
        let known: Vec<usize> = (0..atom.terms.len()).filter(|place| atom.terms[*place] != Term::Wildcard).collect();
        let same = |premise: &Premise| premise.relation == atom.relation && premise.known == known;
        if let Some(number) = self.premises.iter().position(same) {
            return number;
        }
        let program = model.program;
        // What an aggregate gives is the value of no one rule.
        let folded = program.relation(atom.relation).aggregate.map(|aggregate| aggregate.place);
        let fixed = || known.iter().copied().enumerate().filter(|(_, place)| Some(*place) != folded);
        let rules = program.rules.iter().zip(0..).filter(|(rule, _)| rule.head.relation == atom.relation);
        let rules = rules.map(|(rule, number)| {
            let mut bound = vec![Binding::Free; rule.variables.len()];
            let head = head(model, rule, fixed(), &mut bound);
            let own =
                rule.body.iter().filter_map(|literal| own_premise(model, &bound, literal, atom.relation)).collect();
            let plan = planned(model, &rule.body, &rule.variables, bound);
            DerivingRule { rule: RuleId(number), head, plan, own }
        });
        let rules = rules.collect();
        let premise = Premise { relation: atom.relation, rules, known };
        self.premises.push(premise);
        self.premises.len() - 1
    }
}

fn own_premise(
    model: &Model,
    bound: &[Binding],
    literal: &Literal,
    relation: RelationId,
) -> Option<Vec<Option<Operand>>> {
    match literal {
        Literal::Positive(atom) if atom.relation == relation => {
            let argument = |term: &Term| (*term != Term::Wildcard).then(|| operand(model, bound, term));
            Some(atom.terms.iter().map(argument).collect())
        }
        _ => None,
    }
}

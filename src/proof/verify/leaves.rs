//! That the facts of a proof give its answer without all others: whoever has them needs no other data.

use super::Verifier;
use crate::compiler::program::{Atom, Literal, Program, RelationId, RelationKind, Rule, Term};
use crate::proof::evaluate::{Evaluator, Facts, Given, Limit, Outcome};
use crate::proof::request::Authority;
use crate::proof::{Proof, Verdict};

/// Whether the facts that a proof rests on, with those that rule files state and no others of the data, give its answer.
///
/// # Errors
/// [`Limit`] where the answer takes too much work.
pub fn is_answer_of_leaves(program: &Program, given: &Given, proof: &Proof) -> Result<bool, Limit> {
    let facts = Facts::stated(given, program).with(proof.leaves());
    let outcome = Evaluator::new(program, facts).outcome(proof.subject, proof.action, proof.resource)?;
    Ok(matches!(
        (&proof.verdict, outcome),
        (Verdict::Allowed { .. }, Outcome::Allowed(_))
            | (Verdict::Forbidden { .. }, Outcome::Forbidden(_))
            | (Verdict::NotPermitted { .. }, Outcome::NotPermitted)
    ))
}

impl Verifier<'_, '_> {
    /// That the leaves give the answer, in programs where absences can be told to rest on single facts.
    pub(super) fn check_leaves(&mut self, authority: &Authority) -> Result<(), Limit> {
        let relations = [Some(authority.allow), authority.deny];
        if self.faults.is_empty()
            && Dependence::of(self.program).can_name_supports(self.program, relations.into_iter().flatten())
            && !is_answer_of_leaves(self.program, self.given, self.proof)?
        {
            self.fault(
                None,
                "the facts of the proof do not give the answer by themselves: one that it rests on is left out",
            );
        }
        Ok(())
    }
}

/// What the rules of a program use.
struct Dependence {
    /// By relation: its rules.
    rules: Vec<Vec<usize>>,
    /// By relation: whether more facts may mean less of it, because a rule says `not` or folds.
    is_shaky: Vec<bool>,
}

impl Dependence {
    /// Costs a visit of each literal.
    fn of(program: &Program) -> Dependence {
        let mut rules = vec![Vec::new(); program.relations.len()];
        let mut users: Vec<Vec<RelationId>> = vec![Vec::new(); program.relations.len()];
        let mut open = Vec::new();
        for (number, rule) in program.rules.iter().enumerate() {
            let head = rule.head.relation;
            rules[head.index()].push(number);
            for literal in &rule.body {
                match literal {
                    Literal::Positive(atom) => users[atom.relation.index()].push(head),
                    Literal::Negative(_) => open.push(head),
                    Literal::Comparison(_) => {}
                }
            }
            if program.relation(head).aggregate.is_some() {
                open.push(head);
            }
        }
        let mut is_shaky = vec![false; program.relations.len()];
        while let Some(relation) = open.pop() {
            if !std::mem::replace(&mut is_shaky[relation.index()], true) {
                open.extend(&users[relation.index()]);
            }
        }
        Dependence { rules, is_shaky }
    }

    /// Whether what these relations rest on can be named fact by fact: they use no fold, no `not` with `_` of what
    /// depends on a `not` in turn, and no such literal with a variable that only others of the kind give a value.
    fn can_name_supports(&self, program: &Program, relations: impl Iterator<Item = RelationId>) -> bool {
        let mut seen = vec![false; program.relations.len()];
        let mut open: Vec<RelationId> = relations.collect();
        while let Some(relation) = open.pop() {
            if std::mem::replace(&mut seen[relation.index()], true) {
                continue;
            }
            if program.relation(relation).aggregate.is_some() {
                return false;
            }
            for rule in self.rules[relation.index()].iter().map(|rule| &program.rules[*rule]) {
                if rule.body.iter().any(|literal| self.is_hidden(program, rule, literal)) {
                    return false;
                }
                open.extend(rule.body.iter().filter_map(atom_of).map(|atom| atom.relation));
            }
        }
        true
    }

    /// Whether a literal may turn round with other facts in ways that no single one tells.
    fn is_hidden(&self, program: &Program, rule: &Rule, literal: &Literal) -> bool {
        let Some(atom) = atom_of(literal).filter(|_| !self.is_firm(program, literal)) else { return false };
        let wildcard = matches!(literal, Literal::Negative(_)) && atom.terms.contains(&Term::Wildcard);
        let firm = rule.body.iter().filter(|literal| self.is_firm(program, literal)).filter_map(atom_of);
        let known: Vec<&Term> = std::iter::once(&rule.head).chain(firm).flat_map(|atom| &atom.terms).collect();
        let open = |term: &Term| matches!(term, Term::Variable(_)) && !known.contains(&term);
        wildcard && self.is_shaky[atom.relation.index()] || atom.terms.iter().any(open)
    }

    /// Whether fewer facts never make it hold, and its rows can be looked through.
    fn is_firm(&self, program: &Program, literal: &Literal) -> bool {
        match literal {
            Literal::Positive(atom) => {
                !self.is_shaky[atom.relation.index()] && program.relation(atom.relation).kind != RelationKind::Decision
            }
            Literal::Negative(_) | Literal::Comparison(_) => false,
        }
    }
}

fn atom_of(literal: &Literal) -> Option<&Atom> {
    match literal {
        Literal::Positive(atom) | Literal::Negative(atom) => Some(atom),
        Literal::Comparison(_) => None,
    }
}

//! Rules that add nothing, since another rule asks less for the same: its head and body, with values in place of
//! variables, are the head and a part of the body of this one. An index by the rarest thing that a rule asks finds
//! the few others that it may make idle; a budget bounds the search in programs made to defeat it.

use rustc_hash::FxHashMap;

use super::super::vocabulary::{DOUBTFUL, EXPOSED, REPORTED};
use super::super::{Constant, ConstantId, RelationId, Rule, Term, Type};
use super::Lint;
use super::firing::Firing;
use super::normal::{NormalRule, Part, Says};
use crate::compiler::codes::Code;
use crate::compiler::diagnostic::Diagnostic;

/// How many others a rule is compared with.
const MOST_OTHERS: usize = 100;
/// How many literals are compared for one rule.
const MOST_STEPS: usize = 4_000;

/// Something that every rule asks which is made idle by a rule that asks it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Feature {
    /// Nothing: a head of variables without a body.
    Nothing,
    /// A constant in its place of the head.
    Head(usize, ConstantId),
    /// A literal.
    Part(Says),
    /// A constant in its place of a literal.
    Argument(Says, usize, ConstantId),
}

impl<'p> Lint<'p> {
    /// A warning for each rule that another one makes idle. Duplicates, and what never fires, are told of by themselves.
    pub fn subsumed_rules(
        &self,
        rules: &[NormalRule],
        duplicates: &[Option<usize>],
        firing: &Firing<'_>,
    ) -> Vec<Diagnostic> {
        let told = [REPORTED, DOUBTFUL, EXPOSED].map(|name| self.program.relation_named(name));
        let index = Index::of(rules, duplicates);
        let mut warnings = Vec::new();
        for (place, rule) in self.program.rules.iter().enumerate() {
            // The sentence of such a rule is an answer of its own.
            let has_answers = told.contains(&Some(rule.head.relation));
            if duplicates[place].is_some() || has_answers || !self.is_told_about(rule.span) {
                continue;
            }
            if let Some(other) = self.subsuming(place, rules, &index)
                && firing.can_fire(place, rule)
            {
                warnings.push(self.subsumed(rule, &self.program.rules[other]));
            }
        }
        warnings
    }

    /// The first rule that makes the one of that place idle. Of two that do so to each other the shorter one stays,
    /// else the first. Nothing is said where the steps run out.
    fn subsuming(&self, place: usize, rules: &[NormalRule], index: &Index) -> Option<usize> {
        let rule = &rules[place];
        let mut steps = MOST_STEPS;
        let stays = |other: usize| (rules[other].body.len(), other) < (rule.body.len(), place);
        let makes_idle = |other: &usize| {
            self.subsumes(&rules[*other], rule, &mut steps)
                && (stays(*other) || !self.subsumes(rule, &rules[*other], &mut steps))
                && steps > 0
        };
        index.candidates(rule, place).into_iter().find(makes_idle)
    }

    /// Whether the general rule gives every answer of the special one; `false` where the steps run out.
    fn subsumes(&self, general: &NormalRule, special: &NormalRule, steps: &mut usize) -> bool {
        let values = vec![None; general.types.len()];
        let mut search = Search { lint: self, general, special, values, bound: Vec::new(), steps };
        search.fit_terms(&general.head_terms, &special.head_terms, Says::Holds(general.head)) && search.fit_from(0)
    }

    fn subsumed(&self, rule: &Rule, other: &Rule) -> Diagnostic {
        Diagnostic::warning(Code::SubsumedRule, format!("this rule adds nothing to {}", self.name(other)))
            .at(rule.head.span, "every answer of this rule")
            .label(other.head.span, "is an answer of this one, which asks less")
            .note("rules add to each other: a narrower one takes nothing from a wider one")
            .help("leave this rule out, or narrow the other one")
    }

    fn type_of(&self, term: Term, of: &NormalRule) -> Option<Type> {
        match term {
            Term::Variable(variable) => Some(of.types[variable.index()]),
            Term::Constant(id) => Some(match self.program.constants.get(id) {
                Constant::Text(_) => Type::Text,
                Constant::Int(_) => Type::Int,
                Constant::Action(_) => Type::Action,
                Constant::Thing(entity, _) => Type::Entity(*entity),
                Constant::Member(of, _) => Type::Enum(*of),
            }),
            Term::Wildcard => None,
        }
    }
}

/// Rules by head and by the rarest thing they ask.
struct Index {
    rules: FxHashMap<(RelationId, Feature), Vec<usize>>,
}

impl Index {
    fn of(rules: &[NormalRule], duplicates: &[Option<usize>]) -> Index {
        let first = || rules.iter().enumerate().filter(|(place, _)| duplicates[*place].is_none());
        let mut frequencies: FxHashMap<(RelationId, Feature), usize> = FxHashMap::default();
        for (_, rule) in first() {
            features(rule).for_each(|feature| *frequencies.entry((rule.head, feature)).or_default() += 1);
        }
        let mut index = Index { rules: FxHashMap::default() };
        for (place, rule) in first() {
            let rarest = features(rule).min_by_key(|feature| frequencies[&(rule.head, *feature)]);
            index.rules.entry((rule.head, rarest.unwrap_or(Feature::Nothing))).or_default().push(place);
        }
        index
    }

    /// Rules that may make the one of that place idle, in the order of the program.
    fn candidates(&self, rule: &NormalRule, place: usize) -> Vec<usize> {
        let asked = std::iter::once(Feature::Nothing).chain(features(rule));
        let mut lists: Vec<&Vec<usize>> = asked.filter_map(|feature| self.rules.get(&(rule.head, feature))).collect();
        // What few ask comes first, so that a list of all does not use the budget up.
        lists.sort_by_key(|list| list.len());
        let others = lists.into_iter().flatten().copied().filter(|other| *other != place);
        let mut places: Vec<usize> = others.take(MOST_OTHERS).collect();
        places.sort_unstable();
        places.dedup();
        places
    }
}

/// What a rule asks. A `not` of `_` says the same of every value, and so its constants are left out.
fn features(rule: &NormalRule) -> impl Iterator<Item = Feature> {
    let constants = |terms: &[Term]| -> Vec<(usize, ConstantId)> {
        let constant = |(place, term): (usize, &Term)| match term {
            Term::Constant(id) => Some((place, *id)),
            Term::Variable(_) | Term::Wildcard => None,
        };
        terms.iter().enumerate().filter_map(constant).collect()
    };
    let head = constants(&rule.head_terms).into_iter().map(|(place, id)| Feature::Head(place, id));
    let body = rule.body.iter().flat_map(move |part| {
        let arguments = match part.says {
            Says::Holds(_) => constants(&part.terms),
            Says::HoldsNot(_) | Says::Compares(_) => Vec::new(),
        };
        let arguments = arguments.into_iter().map(|(place, id)| Feature::Argument(part.says, place, id));
        std::iter::once(Feature::Part(part.says)).chain(arguments)
    });
    head.chain(body)
}

/// The search for terms of the special rule in place of the variables of the general one.
struct Search<'s, 'p> {
    lint: &'s Lint<'p>,
    general: &'s NormalRule,
    special: &'s NormalRule,
    values: Vec<Option<Term>>,
    /// The variables with values, in the order they got them.
    bound: Vec<usize>,
    steps: &'s mut usize,
}

impl Search<'_, '_> {
    /// Finds each literal of the general rule from that one on among those of the special rule.
    fn fit_from(&mut self, at: usize) -> bool {
        let (general, special) = (self.general, self.special);
        let Some(part) = general.body.get(at) else { return true };
        for other in &special.body {
            if *self.steps == 0 {
                return false;
            }
            *self.steps -= 1;
            if other.says != part.says {
                continue;
            }
            let before = self.bound.len();
            if self.fit_terms(&part.terms, &other.terms, part.says) && self.fit_from(at + 1) {
                return true;
            }
            self.forget(before);
            if part.is_symmetric() && self.fit_turned(part, other) && self.fit_from(at + 1) {
                return true;
            }
            self.forget(before);
        }
        false
    }

    fn fit_turned(&mut self, part: &Part, other: &Part) -> bool {
        let turned: Vec<Term> = other.terms.iter().rev().copied().collect();
        self.fit_terms(&part.terms, &turned, part.says)
    }

    fn fit_terms(&mut self, general: &[Term], special: &[Term], says: Says) -> bool {
        general.iter().zip(special).all(|(general, special)| self.fits(*general, *special, says))
    }

    fn fits(&mut self, general: Term, special: Term, says: Says) -> bool {
        match (general, special) {
            // Where nothing is there for any value, nothing is there for one.
            (_, Term::Wildcard) if matches!(says, Says::HoldsNot(_)) => true,
            (Term::Wildcard, _) => special == Term::Wildcard || !matches!(says, Says::HoldsNot(_)),
            (Term::Constant(_), _) => general == special,
            (Term::Variable(_), Term::Wildcard) => false,
            (Term::Variable(variable), _) => match self.values[variable.index()] {
                Some(value) => value == special,
                None => {
                    let wanted = self.general.types[variable.index()];
                    let given = self.lint.type_of(special, self.special);
                    let fits = wanted == Type::Resource || given == Some(wanted);
                    if fits {
                        self.values[variable.index()] = Some(special);
                        self.bound.push(variable.index());
                    }
                    fits
                }
            },
        }
    }

    fn forget(&mut self, before: usize) {
        for variable in self.bound.drain(before..) {
            self.values[variable] = None;
        }
    }
}

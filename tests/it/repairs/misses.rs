//! What a miss says holds does, and what it says fails does not: asked of an evaluator that shares no code with the search.

use rolecall::compiler::program::{Literal, RelationId, RelationKind};
use rolecall::data::Value;
use rolecall::explain::miss::{Because, Failed, Miss, Missing, Present, misses};
use rolecall::proof::evaluate::{Evaluator, Facts, Given};

use super::asking::asked;
use crate::evaluation::policy_with;
use crate::portal::oracle::Oracle;
use crate::portal::random::{random_portal, random_requests};

const PORTALS: u64 = 150;

/// Looks through a miss and what is below it.
struct Check<'c, 'p> {
    evaluator: Evaluator<'c, 'p>,
    program: &'p rolecall::compiler::program::Program,
    held: usize,
    failed: usize,
    context: String,
}

impl Check<'_, '_> {
    fn holds(&mut self, relation: RelationId, arguments: &[Option<Value>]) -> Option<bool> {
        let decision = self.program.relation(relation).kind == RelationKind::Decision;
        let known = arguments.iter().all(Option::is_some);
        (known || !decision).then(|| self.evaluator.holds(relation, arguments).unwrap())
    }

    fn expect(&mut self, relation: RelationId, arguments: &[Option<Value>], expected: bool) {
        if let Some(holds) = self.holds(relation, arguments) {
            let name = &self.program.relation(relation).name;
            assert_eq!(holds, expected, "{}: {name}{arguments:?}", self.context);
            if expected { self.held += 1 } else { self.failed += 1 }
        }
    }

    fn miss(&mut self, miss: &Miss) {
        assert!(!miss.failed.is_empty(), "{}: {miss:?} misses nothing", self.context);
        for held in &miss.held {
            let negated = matches!(held.because, Because::Absent);
            self.expect(held.relation, &held.arguments, !negated);
        }
        for failed in &miss.failed {
            match failed {
                Failed::Missing(missing) => self.missing(missing),
                Failed::Present(present) => self.present(present),
                Failed::Compared { literal, left, right } => {
                    let rule = self.program.rule(miss.rule);
                    assert!(matches!(rule.body[*literal], Literal::Comparison(_)));
                    assert!(left.is_some() && right.is_some(), "{}: {miss:?}", self.context);
                }
            }
        }
    }

    fn missing(&mut self, missing: &Missing) {
        self.expect(missing.relation, &missing.arguments, false);
        for (row, _) in &missing.near {
            let row: Vec<_> = row.iter().copied().map(Some).collect();
            self.expect(missing.relation, &row, true);
        }
        if let Some(level) = &missing.level
            && let Some((highest, _)) = level.highest
        {
            let mut arguments = missing.arguments.to_vec();
            arguments[level.place] = Some(highest);
            self.expect(missing.relation, &arguments, true);
            arguments[level.place] = Some(Value(highest.0 + 1));
            self.expect(missing.relation, &arguments, false);
        }
        missing.nearest.iter().for_each(|miss| self.miss(miss));
    }

    fn present(&mut self, present: &Present) {
        self.expect(present.relation, &present.row, true);
        present.lacking.iter().for_each(|missing| self.missing(missing));
    }
}

#[test]
fn what_holds_in_a_miss_holds_and_what_fails_does_not() {
    let policy = policy_with::<&str>(&[]);
    let (mut held, mut failed, mut told) = (0, 0, 0);
    for seed in 0..PORTALS {
        let portal = random_portal(seed);
        for request in random_requests(&portal, seed, 20) {
            let (user, action, id) = &request;
            if Oracle::new(&portal).allowed(user, action, id)
                || portal.inactive.iter().any(|(inactive,)| inactive == user)
            {
                continue;
            }
            let (model, asked) = asked(&policy, &portal, &request);
            let given = Given::new(&model.database);
            let evaluator = Evaluator::new(&policy.program, Facts::all(&given));
            let context = format!("portal {seed}, {request:?}");
            let mut check = Check { evaluator, program: &policy.program, held: 0, failed: 0, context };
            let misses = misses(&model, &asked, usize::MAX);
            assert!(!misses.nearest.is_empty(), "{}: nothing comes near", check.context);
            assert!(!misses.cut, "{}: a small portal is not looked at whole", check.context);
            let distances: Vec<_> = misses.nearest.iter().map(|miss| miss.distance).collect();
            assert!(distances.is_sorted(), "{}: {distances:?}", check.context);
            misses.nearest.iter().for_each(|miss| check.miss(miss));
            (held, failed, told) = (held + check.held, failed + check.failed, told + misses.nearest.len());
        }
    }
    println!("{told} misses; {held} times something holds, {failed} times it does not");
    assert!(told > 2_000 && held > 10_000 && failed > 10_000, "{told} misses, {held} held, {failed} failed");
}

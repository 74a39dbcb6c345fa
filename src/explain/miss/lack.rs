//! What the literals of a miss say: the held ones with their reason, the failing ones with what they lack.

use std::rc::Rc;

use crate::compiler::program::{Literal, RelationId, RelationKind};
use crate::data::Value;
use crate::decision::level_places;
use crate::explain::miss::search::Search;
use crate::explain::miss::{Because, Failed, Held, Level, Missing, Present};
use crate::explain::world::{Bindings, Pattern, Row};

impl Search<'_, '_, '_> {
    /// A literal that holds, unless it tells nothing: comparisons, and what the policy states for an action.
    pub(super) fn held(&self, at: usize, literal: &Literal, bindings: &Bindings) -> Option<Held> {
        let (atom, negated) = match literal {
            Literal::Comparison(_) => return None,
            Literal::Positive(atom) => (atom, false),
            Literal::Negative(atom) => (atom, true),
        };
        if self.world.ground.is_fixed(atom.relation) {
            return None;
        }
        let mut arguments = self.world.ground.pattern(&atom.terms, bindings);
        let because = if negated {
            Because::Absent
        } else {
            arguments = self.highest_level(atom.relation, &arguments).unwrap_or(arguments);
            let because = self.because(atom.relation, &arguments)?;
            arguments = self.holding(atom.relation, &arguments)?.0;
            because
        };
        Some(Held { literal: at, relation: atom.relation, arguments, because })
    }

    /// A literal that fails.
    pub(super) fn failed(&self, at: usize, literal: &Literal, bindings: &Bindings) -> Failed {
        match literal {
            Literal::Comparison(comparison) => Failed::Compared {
                literal: at,
                left: self.world.ground.value(&comparison.left, bindings),
                right: self.world.ground.value(&comparison.right, bindings),
            },
            Literal::Positive(atom) => {
                Failed::Missing(self.missing(atom.relation, &self.world.ground.pattern(&atom.terms, bindings)))
            }
            Literal::Negative(atom) => {
                Failed::Present(self.present(atom.relation, &self.world.ground.pattern(&atom.terms, bindings)))
            }
        }
    }

    /// What does not hold and no rule comes near to.
    pub fn bare(&self, relation: RelationId, arguments: &Pattern) -> Rc<Missing> {
        let (near, more_near) = match self.world.ground.program().relation(relation).kind {
            RelationKind::Input | RelationKind::Relation => self.near(relation, arguments),
            RelationKind::Decision => Default::default(),
        };
        let (arguments, level) = (arguments.clone(), self.level(relation, arguments));
        Rc::new(Missing { relation, arguments, level, near, more_near, nearest: None })
    }

    fn missing(&self, relation: RelationId, arguments: &Pattern) -> Rc<Missing> {
        let declared = self.world.ground.program().relation(relation);
        let (near, more_near) = match declared.kind {
            RelationKind::Input => self.near(relation, arguments),
            RelationKind::Relation | RelationKind::Decision => Default::default(),
        };
        Rc::new(Missing {
            relation,
            arguments: arguments.clone(),
            level: self.level(relation, arguments),
            near,
            more_near,
            nearest: self.nearest(relation, arguments),
        })
    }

    fn present(&self, relation: RelationId, arguments: &Pattern) -> Rc<Present> {
        let held = self.holding(relation, arguments);
        let (row, instance) = held.unwrap_or_else(|| (arguments.clone(), None));
        let because = self.because(relation, &row).unwrap_or(Because::Absent);
        let lacking = instance.and_then(|(rule, bindings)| {
            let body = &self.world.ground.program().rule(rule).body;
            let negated = body.iter().filter_map(|literal| match literal {
                Literal::Negative(atom) => Some((atom.relation, self.world.ground.pattern(&atom.terms, &bindings))),
                Literal::Positive(_) | Literal::Comparison(_) => None,
            });
            let priced =
                negated.filter_map(|(relation, pattern)| Some((self.price(relation, &pattern)?, relation, pattern)));
            let (price, relation, pattern) = priced.min_by_key(|(price, ..)| *price)?;
            let all = self.price_of_undoing(self.world.ground.program().rule(rule).head.relation, &row);
            (all == Some(price)).then(|| self.missing(relation, &pattern))
        });
        Rc::new(Present { relation, arguments: arguments.clone(), row, because, lacking })
    }

    /// What of a pattern holds, and the rule that derives it, unless it is a fact.
    pub(super) fn holding(
        &self,
        relation: RelationId,
        pattern: &[Option<Value>],
    ) -> Option<(Pattern, Option<(crate::compiler::program::RuleId, Bindings)>)> {
        use std::ops::ControlFlow::Break;
        let mut found = None;
        if self.world.ground.program().relation(relation).kind == RelationKind::Decision {
            let _ = self.world.each_open(relation, pattern, &mut |row| {
                found = Some(Pattern::from_slice(row));
                Break(())
            });
        } else {
            let _ = self.world.each(relation, pattern, &mut |row| {
                found = Some(row.iter().copied().map(Some).collect());
                Break(())
            });
        }
        let row: Pattern = found?;
        let Some(values) = row.iter().copied().collect::<Option<Row>>() else { return Some((row, None)) };
        if self.world.ground.rules_of(relation).is_empty() || self.origin(relation, &values).is_some() {
            return Some((row, None));
        }
        let instance = self.world.first_instance(relation, &values);
        Some((row, instance))
    }

    /// How high a decision goes that asks for a level.
    fn level(&self, relation: RelationId, arguments: &Pattern) -> Option<Level> {
        let place = level_places(self.world.ground.program())[relation.index()]?;
        arguments[place]?;
        let highest = self.highest_level(relation, arguments);
        let highest = highest.and_then(|row| Some((row[place]?, self.because(relation, &row)?)));
        Some(Level { place, highest })
    }

    /// The arguments with the highest level for which a decision holds that asks for one "at least".
    fn highest_level(&self, relation: RelationId, arguments: &Pattern) -> Option<Pattern> {
        use crate::compiler::program::Type;
        let program = self.world.ground.program();
        let place = level_places(program)[relation.index()]?;
        let Type::Enum(members) = program.relation(relation).fields[place].ty else { return None };
        let count = program.enums[members.index()].members.len() as u32;
        (0..count).rev().find_map(|level| {
            let mut asked = arguments.clone();
            asked[place] = Some(Value(level));
            self.world.holds(relation, &asked).then_some(asked)
        })
    }
}

//! Misses as JSON: the tree that the text tells, with the literals as rules write them.

use serde_json::{Value as Json, json};

use crate::compiler::program::{Literal, Operator, RelationId, RuleId};
use crate::data::{FactOrigin, Value};
use crate::explain::miss::{Because, Failed, Held, Level, Miss, Misses, Missing, Present};
use crate::explain::telling::full_stop;
use crate::explain::world::Bindings;
use crate::proof::View;

/// The misses, nearest first.
pub fn json(misses: &Misses, view: &View) -> Json {
    let nearest: Vec<Json> = misses.nearest.iter().map(|miss| view.miss(miss)).collect();
    json!({ "misses": nearest, "more": misses.more, "complete": !misses.cut })
}

/// Why statements hold.
pub fn held_json(held: &[Held], view: &View) -> Json {
    held.iter().map(|held| view.held(held)).collect()
}

/// What does not hold.
pub fn missing_json(missing: &Missing, view: &View) -> Json {
    view.missing(missing)
}

impl View<'_> {
    fn miss(&self, miss: &Miss) -> Json {
        let held: Vec<Json> = miss.held.iter().map(|held| self.held(held)).collect();
        let failed: Vec<Json> = miss.failed.iter().map(|failed| self.failed(miss, failed)).collect();
        json!({
            "rule": self.program.rule(miss.rule).id,
            "place": self.rule_place(miss.rule),
            "changes": miss.distance.facts,
            "held": held,
            "failed": failed,
        })
    }

    fn held(&self, held: &Held) -> Json {
        let negated = matches!(held.because, Because::Absent);
        let mut object = self.said(held.relation, &held.arguments, negated);
        object["because"] = self.because(held.relation, &held.because);
        object
    }

    /// A literal, as it is written and as a sentence.
    fn said(&self, relation: RelationId, arguments: &[Option<Value>], negated: bool) -> Json {
        let not = if negated { "not " } else { "" };
        let literal = format!("{not}{}", self.literal(relation, arguments));
        json!({ "literal": literal, "sentence": self.says(relation, arguments), "negated": negated })
    }

    fn because(&self, relation: RelationId, because: &Because) -> Json {
        match because {
            Because::Fact(origin) => json!([{ "place": self.place(relation, *origin) }]),
            Because::Rules(rules) => rules.iter().map(|(rule, bindings)| self.reason(*rule, bindings)).collect(),
            Because::Absent => json!([]),
        }
    }

    fn reason(&self, rule: RuleId, bindings: &Bindings) -> Json {
        json!({
            "rule": self.program.rule(rule).id,
            "place": self.rule_place(rule),
            "sentence": full_stop(&self.sentence(rule, bindings)),
        })
    }

    fn failed(&self, miss: &Miss, failed: &Failed) -> Json {
        match failed {
            Failed::Missing(missing) => self.missing(missing),
            Failed::Present(present) => self.present(present),
            Failed::Compared { literal, left, right } => {
                let Literal::Comparison(comparison) = &self.program.rule(miss.rule).body[*literal] else {
                    return Json::Null;
                };
                let show =
                    |value: &Option<Value>| value.map(|value| self.database.show(self.program, comparison.ty, value));
                json!({
                    "kind": "compared",
                    "left": show(left),
                    "operator": written(comparison.operator),
                    "right": show(right),
                })
            }
        }
    }

    fn missing(&self, missing: &Missing) -> Json {
        let mut object = self.said(missing.relation, &missing.arguments, false);
        object["kind"] = json!("missing");
        if let Some(level) = &missing.level {
            object["level"] = self.level(missing, level);
        }
        let near = missing.near.iter().map(|(row, origin)| self.near(missing.relation, row, *origin));
        object["near"] = near.collect();
        if let Some(nearest) = &missing.nearest {
            object["nearest"] = self.miss(nearest);
        }
        object
    }

    fn near(&self, relation: RelationId, row: &[Value], origin: FactOrigin) -> Json {
        let row: Vec<Option<Value>> = row.iter().copied().map(Some).collect();
        json!({
            "literal": self.literal(relation, &row),
            "sentence": self.says(relation, &row),
            "place": self.place(relation, origin),
        })
    }

    fn level(&self, missing: &Missing, level: &Level) -> Json {
        let ty = self.program.relation(missing.relation).fields[level.place].ty;
        let show = |value| self.database.show(self.program, ty, value);
        let highest = level.highest.as_ref();
        json!({
            "needed": missing.arguments[level.place].map(show),
            "highest": highest.map(|(highest, _)| show(*highest)),
            "because": highest.map(|(_, because)| self.because(missing.relation, because)),
        })
    }

    fn present(&self, present: &Present) -> Json {
        let mut object = self.said(present.relation, &present.row, true);
        object["kind"] = json!("present");
        object["because"] = self.because(present.relation, &present.because);
        if let Some(lacking) = &present.lacking {
            object["unless"] = self.missing(lacking);
        }
        object
    }
}

fn written(operator: Operator) -> &'static str {
    match operator {
        Operator::Equal => "=",
        Operator::NotEqual => "!=",
        Operator::Less => "<",
        Operator::LessOrEqual => "<=",
        Operator::Greater => ">",
        Operator::GreaterOrEqual => ">=",
    }
}

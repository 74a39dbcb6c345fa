//! Misses as a tree, for graphs: below each rule what holds, and what fails with what it lacks, as the text tells it.

use crate::compiler::program::RelationId;
use crate::data::{FactOrigin, Value};
use crate::explain::miss::text::{DEEPEST, handed_on, has_body};
use crate::explain::miss::{Because, Failed, Held, Miss, Misses, Missing, Present};
use crate::proof::{Node, NodeKind, View};

/// The misses below a headline, nearest first.
pub fn outline(misses: &Misses, headline: String, view: &View) -> Node {
    let mut root = node(NodeKind::Missed, headline, None);
    root.children = misses.nearest.iter().map(|miss| view.drawn_miss(miss)).collect();
    if misses.cut {
        let warning = "not everything was looked at: something nearer may be left out".to_owned();
        root.children.push(node(NodeKind::Absent, warning, None));
    }
    root
}

fn node(kind: NodeKind, sentence: String, place: Option<String>) -> Node {
    Node { kind, sentence, place, rule: None, children: Vec::new() }
}

impl View<'_> {
    fn drawn_miss(&self, miss: &Miss) -> Node {
        let rule = self.program.rule(miss.rule);
        let title = if rule.named { rule.id.clone() } else { "a rule without an id".to_owned() };
        let mut drawn = node(NodeKind::Missed, title, Some(self.rule_place(miss.rule)));
        drawn.children = self.drawn_body(miss, 0);
        drawn
    }

    fn drawn_body(&self, miss: &Miss, depth: usize) -> Vec<Node> {
        let mut nodes: Vec<Node> = Vec::new();
        for held in miss.held.iter().filter(|held| self.is_news(held)) {
            let drawn = self.drawn_held(held);
            if !nodes.contains(&drawn) {
                nodes.push(drawn);
            }
        }
        nodes.extend(miss.failed.iter().map(|failed| match failed {
            Failed::Compared { literal, left, right } => {
                let sentence = self.compared(miss.rule, *literal, [*left, *right]);
                node(NodeKind::Missing, sentence, Some(self.rule_place(miss.rule)))
            }
            Failed::Missing(missing) => self.drawn_missing(missing, depth),
            Failed::Present(present) => self.drawn_present(present, depth),
        }));
        nodes
    }

    /// What holds, with the first rule that says why.
    fn drawn_held(&self, held: &Held) -> Node {
        let statement = self.says(held.relation, &held.arguments);
        match &held.because {
            Because::Fact(origin) => node(NodeKind::Fact, statement, Some(self.place(held.relation, *origin))),
            Because::Rules(rules) => {
                let mut reasons = self.reasons(rules).into_iter();
                let place = reasons.next().map(|(_, place)| place);
                node(NodeKind::Derived, statement, place)
            }
            Because::Absent => node(NodeKind::Absent, statement, None),
        }
    }

    fn drawn_missing(&self, missing: &Missing, depth: usize) -> Node {
        let nearest = missing.nearest.as_deref().map(handed_on);
        let place = nearest.map(|miss| self.rule_place(miss.rule));
        let mut drawn = node(NodeKind::Missing, self.says(missing.relation, &missing.arguments), place);
        let near = missing.near.iter().map(|(row, origin)| self.drawn_near(missing.relation, row, *origin));
        drawn.children.extend(near);
        if missing.more_near > 0 {
            drawn.children.push(node(NodeKind::Absent, format!("and {} more like that", missing.more_near), None));
        }
        if let Some(level) = &missing.level {
            let (sentence, place) = self.highest(missing.relation, level).remove(0);
            drawn.children.push(node(NodeKind::Absent, sentence, (!place.is_empty()).then_some(place)));
        }
        if let Some(nearest) = nearest.filter(|nearest| depth < DEEPEST && has_body(missing, nearest)) {
            drawn.children.extend(self.drawn_body(nearest, depth + 1));
        }
        drawn
    }

    /// A fact that comes near to one that is missing.
    fn drawn_near(&self, relation: RelationId, row: &[Value], origin: FactOrigin) -> Node {
        let row: Vec<Option<Value>> = row.iter().copied().map(Some).collect();
        let sentence = format!("but {}", self.says_within(relation, &row));
        node(NodeKind::Fact, sentence, Some(self.place(relation, origin)))
    }

    fn drawn_present(&self, present: &Present, depth: usize) -> Node {
        let (sentence, place) = self.present_because(present).remove(0);
        let mut drawn = node(NodeKind::Blocking, sentence, (!place.is_empty()).then_some(place));
        drawn.children.extend(present.lacking.iter().map(|lacking| self.drawn_missing(lacking, depth + 1)));
        drawn
    }
}

//! Which requests changed facts may reach: they are followed up the rules, as far as something really changes.

use rustc_hash::FxHashSet;
use std::collections::BTreeSet;

use crate::compiler::program::{Literal, RelationId, Rule, Type};
use crate::data::Value;
use crate::decision::Request;
use crate::explain::world::{Bindings, Pattern, World};

/// So many heads of a rule are told apart; where there are more, what they have in common is followed.
const HEADS: usize = 4_000;

/// How many changed statements are followed.
const FOLLOWED: usize = 50_000;

/// What changed facts may reach.
pub struct Following<'f, 'g, 'm> {
    before: &'f World<'g, 'm>,
    after: &'f World<'g, 'm>,
    request: &'f Request,
    seen: FxHashSet<(RelationId, Pattern)>,
    open: Vec<(RelationId, Pattern)>,
    /// The requests that may be answered otherwise; `None` stands for any value.
    pub requests: BTreeSet<Pattern>,
    /// Whether not everything was followed.
    pub cut: bool,
}

impl<'f, 'g, 'm> Following<'f, 'g, 'm> {
    /// Follows the changes of a world.
    pub fn of(before: &'f World<'g, 'm>, after: &'f World<'g, 'm>, request: &'f Request) -> Following<'f, 'g, 'm> {
        let mut following = Following {
            before,
            after,
            request,
            seen: FxHashSet::default(),
            open: Vec::new(),
            requests: BTreeSet::new(),
            cut: false,
        };
        for change in &after.changes {
            let pattern = change.fact.row.iter().copied().map(Some).collect();
            following.reach(change.fact.relation, pattern);
        }
        while let Some((relation, pattern)) = following.open.pop() {
            if following.seen.len() > FOLLOWED {
                following.cut = true;
                break;
            }
            for (rule, at) in before.ground.users_of(relation) {
                following.through(before.ground.program().rule(*rule), *at, &pattern);
            }
        }
        following
    }

    /// Follows a statement that may have changed, where it has.
    fn reach(&mut self, relation: RelationId, pattern: Pattern) {
        let program = self.before.ground.program();
        let fields = &program.relation(relation).fields;
        let open = (0..pattern.len()).find_map(|place| match (pattern[place], fields[place].ty) {
            (None, Type::Enum(members)) => Some((place, program.enums[members.index()].members.len() as u32)),
            _ => None,
        });
        if let Some((place, members)) = open {
            for member in 0..members {
                let mut pattern = pattern.clone();
                pattern[place] = Some(Value(member));
                self.reach(relation, pattern);
            }
            return;
        }
        if !self.seen.insert((relation, pattern.clone())) {
            return;
        }
        let known = pattern.iter().all(Option::is_some);
        if known && self.before.holds(relation, &pattern) == self.after.holds(relation, &pattern) {
            return;
        }
        if self.request.authorization.relations().any(|decides| decides == relation) {
            self.requests.insert(pattern.clone());
        }
        self.open.push((relation, pattern));
    }

    /// What a rule concludes of a changed literal.
    fn through(&mut self, rule: &Rule, at: usize, pattern: &Pattern) {
        let ground = self.before.ground;
        let (Literal::Positive(atom) | Literal::Negative(atom)) = &rule.body[at] else { return };
        let mut bindings: Bindings = std::iter::repeat_n(None, rule.variables.len()).collect();
        if !self.before.bind(rule, atom, pattern, &mut bindings) {
            return;
        }
        let mut heads: FxHashSet<Pattern> = FxHashSet::default();
        let mut whole = true;
        for world in [self.before, self.after] {
            whole &= world.heads(rule, Some(at), &bindings, &mut heads, HEADS).is_continue();
        }
        if !whole {
            heads = FxHashSet::from_iter([ground.pattern(&rule.head.terms, &bindings)]);
        }
        let heads: BTreeSet<Pattern> = heads.into_iter().collect();
        for head in heads {
            self.reach(rule.head.relation, head);
        }
    }
}

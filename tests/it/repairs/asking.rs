//! A request to a portal, its repairs, and the portal after them.

use rolecall::compiler::program::{Program, RelationId, Type};
use rolecall::compiler::source::Sources;
use rolecall::data::{Database, Tag, Value};
use rolecall::decision::{Authorization, Request};
use rolecall::engine::{Derivation, Model, derive};
use rolecall::explain::changeable::Changeable;
use rolecall::explain::repair::{Bounds, Edit, Repairs, repairs};
use rolecall::facts::Levels;
use rolecall::policy;

use crate::evaluation::Compiled;
use crate::portal::model::Portal;
use crate::portals::{Asked, single_id};

/// The model of a portal, and a request whose names it knows.
pub fn asked<'p>(policy: &'p Compiled, portal: &Portal, (user, action, id): &Asked) -> (Model<'p>, Request) {
    let program = &policy.program;
    let mut database = policy.database(&portal.to_json());
    let authorization = Authorization::of(program).unwrap();
    let action = program.action_named(action).unwrap();
    let on = program.actions[action.index()].on.unwrap();
    let subject = database.symbols.intern(Tag::thing(authorization.subject), user);
    let resource = database.symbols.intern(Tag::thing(on), &single_id(program, on, id));
    let model = derive(program, database, &Derivation::default(), None).unwrap();
    (model, Request { authorization, subject, action, resource })
}

/// The levels that the built-in policy lets data give.
pub fn levels(program: &Program) -> Levels {
    let mut sources = Sources::default();
    policy::add_to(&mut sources);
    Levels::new(program, &sources)
}

/// The inputs of these names; without names those that change by default.
pub fn changeable(program: &Program, names: &[&str]) -> Changeable {
    match names {
        [] => Changeable::by_default(program, Authorization::of(program).unwrap()),
        _ => Changeable::of(program, names.iter().map(|name| program.relation_named(name).unwrap())),
    }
}

/// The repairs of a request.
pub fn repaired(model: &Model, request: &Request, names: &[&str], most: usize, limit: usize) -> Repairs {
    let (changeable, levels) = (changeable(model.program, names), levels(model.program));
    let may_add = !names.is_empty();
    repairs(model, request, &Bounds { changeable: &changeable, may_add, levels: &levels, most, limit })
}

/// A fact as the portal writes it.
pub fn line(program: &Program, database: &Database, relation: RelationId, row: &[Value]) -> String {
    let relation = program.relation(relation);
    let term = |(field, value): (&rolecall::compiler::program::Field, &Value)| {
        assert_ne!(field.ty, Type::Resource, "no repair names a thing of any entity");
        database.show(program, field.ty, *value)
    };
    let terms: Vec<String> = relation.fields.iter().zip(row).map(term).collect();
    let mut portal = Portal::default();
    portal.add(&relation.name, &terms);
    portal.to_rules_facts()
}

/// The lines that an edit takes away, and those that it adds.
pub fn lines(model: &Model, edit: &Edit) -> (Vec<String>, Vec<String>) {
    let line = |relation, row: &[Value]| line(model.program, &model.database, relation, row);
    match edit {
        Edit::Add(fact) => (vec![], vec![line(fact.relation, &fact.row)]),
        Edit::Remove(fact) => (vec![line(fact.relation, &fact.row)], vec![]),
        Edit::Replace { old, new } => (vec![line(old.relation, &old.row)], vec![line(new.relation, &new.row)]),
    }
}

/// A portal after edits; each must change something.
pub fn edited(portal: &Portal, edits: &[(Vec<String>, Vec<String>)]) -> Portal {
    let mut facts: Vec<String> = portal.to_rules_facts().lines().map(|line| format!("{line}\n")).collect();
    for (gone, come) in edits {
        for line in gone {
            let before = facts.len();
            facts.retain(|fact| fact != line);
            assert_eq!(facts.len() + 1, before, "{line} is not there to be taken away");
        }
        for line in come {
            assert!(!facts.contains(line), "{line} is there already");
            facts.push(line.clone());
        }
    }
    Portal::read(&facts.concat())
}

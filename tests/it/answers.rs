//! Who, what and levels on random portals: complete, sorted, and those of the portal oracle.

use std::collections::BTreeSet;

use rolecall::compiler::program::{ActionId, Program, RuleId};
use rolecall::data::{Guests, Value};
use rolecall::decision::{Authorization, Decider, Request, Solver};
use rolecall::engine::{Engine, Model};
use rolecall::explain::{self, Asking, Deciding, Held, Levels};

use crate::evaluation::policy_with;
use crate::portal::model::{ACTIONS, Portal};
use crate::portal::oracle::{Oracle, Standing};
use crate::portal::random::random_portal;

const PORTALS: u64 = 200;

/// The ids of the things that an action may be done to: those with a fact of their own; of numbers and types all that any
/// fact mentions; the one portal.
pub fn things(portal: &Portal, entity: &str) -> Vec<String> {
    let ids: BTreeSet<&String> = match entity {
        "user" => portal.user.iter().map(|(id,)| id).collect(),
        "channel" => portal.channel.iter().map(|(id,)| id).collect(),
        "chat" => portal.chat.iter().map(|(id, _)| id).collect(),
        "call" => portal.call.iter().map(|(id,)| id).collect(),
        "crm_item" => portal.crm_item.iter().map(|(id, _)| id).collect(),
        "app" => portal.app.iter().map(|(id,)| id).collect(),
        "number" => {
            let users = portal.user_phone.iter().map(|(id, _)| id);
            users.chain(portal.crm_phone.iter().map(|(id, _)| id)).collect()
        }
        "crm_type" => {
            let items = portal.crm_item.iter().map(|(_, of)| of);
            let levels = portal.crm_role_permission.iter().map(|(_, of, _, _)| of);
            items.chain(levels).chain(portal.crm_role_stage_permission.iter().map(|(_, of, _, _, _)| of)).collect()
        }
        "portal" => return vec!["portal".to_owned()],
        other => panic!("no action is done to a {other}"),
    };
    ids.into_iter().cloned().collect()
}

fn texts(model: &Model, guests: &Guests, values: &[Value]) -> Vec<String> {
    values.iter().map(|value| guests.text(&model.database.symbols, *value).to_owned()).collect()
}

#[test]
fn everyone_who_may_and_everything_they_may_are_the_oracles() {
    let policy = policy_with::<&str>(&[]);
    let mut allowed = 0;
    for seed in 0..PORTALS {
        let portal = random_portal(seed);
        let oracle = Oracle::new(&portal);
        let mut decider = Decider::new(policy.model(&portal.to_json(), Engine::Auto));
        let authorization = Authorization::of(&policy.program).unwrap();
        (0..policy.program.actions.len() as u32)
            .for_each(|action| decider.prepare_requests(authorization, ActionId(action)));
        let (model, mut guests) = (decider.model(), Guests::default());
        let users = explain::things(model, &mut guests, authorization.subject);
        assert_eq!(texts(model, &guests, &users), things(&portal, "user"), "portal {seed}");
        for row in ACTIONS {
            let action = policy.program.action_named(row.name).unwrap();
            let of_action = explain::things(model, &mut guests, policy.program.actions[action.index()].on.unwrap());
            let ids = things(&portal, row.entity);
            assert_eq!(texts(model, &guests, &of_action), ids, "portal {seed}, {}", row.entity);
            let mut solver = Solver::new(&decider);
            *solver.guests() = guests.clone();
            for (resource, id) in of_action.iter().zip(&ids) {
                let request = |subject| Request { authorization, subject, action, resource: *resource };
                let mut found = Vec::new();
                explain::allowed(&mut solver, &users, request, |user, _| found.push(user));
                let expected = things(&portal, "user").into_iter().filter(|user| oracle.allowed(user, row.name, id));
                let expected: Vec<String> = expected.collect();
                assert_eq!(texts(model, &guests, &found), expected, "portal {seed}, who {} {id}", row.name);
                allowed += found.len();
            }
        }
    }
    assert!(allowed > 10_000, "{allowed}");
}

/// A row as the oracle says it.
fn standings(policy: &Program, model: &Model, levels: &Levels, asking: &mut Asking, user: Value) -> Vec<Standing> {
    let text = |value: Value| model.database.symbols.text(value).to_owned();
    let rule = |rule: RuleId| policy.rule(rule).id.as_str();
    let known = |id: &str| NAMES.iter().find(|name| **name == id).copied().unwrap_or("another rule");
    let mut rows = Vec::new();
    asking.standings(user, |relation, key, standing| {
        let table = levels.tables().iter().find(|table| table.relation == relation).unwrap();
        let fields = &policy.relation(relation).fields;
        let key = fields[1..].iter().zip(&table.keys[key]);
        let key = key.map(|(field, value)| model.database.show(policy, field.ty, *value)).collect();
        let level = model.database.show(policy, fields[fields.len() - 1].ty, standing.level);
        let id = |deciding: &Deciding| known(rule(deciding.rule));
        rows.push(Standing {
            user: text(user),
            key,
            level: known(&level),
            rule: standing.deciding.as_ref().map_or("default", id),
            role: standing.role.map(text),
            held: standing.held.as_ref().map(|held| match held {
                Held::Rule(deciding) => id(deciding),
                Held::Fact(_) => "a fact",
            }),
        });
    });
    rows
}

/// The names that rows have: rules, and levels.
const NAMES: &[&str] = &[
    "administrator-level",
    "role-level",
    "plan-level",
    "plan-replaces-roles",
    "plan-shuts-access",
    "view-needs-connect",
    "edit-needs-view",
    "connect-needs-view",
    "default-level",
    "stage-level",
    "role-of-user",
    "role-of-department",
    "role-of-department-tree",
    "role-of-employee",
    "role-of-superior",
    "role-of-user-group",
    "role-of-workgroup",
    "denied",
    "own",
    "crm_customers",
    "department",
    "subdepartments",
    "crm_and_coworkers",
    "open",
    "any",
];

#[test]
fn levels_and_what_gives_them_are_the_oracles() {
    let policy = policy_with::<&str>(&[]);
    let mut seen = BTreeSet::new();
    for seed in 0..PORTALS {
        let portal = random_portal(seed);
        let oracle = Oracle::new(&portal);
        let mut decider = Decider::new(policy.model(&portal.to_json(), Engine::Auto));
        let levels = Levels::prepare(&mut decider).unwrap();
        let (model, mut guests) = (decider.model(), Guests::default());
        let users = explain::things(model, &mut guests, levels.subject());
        let mut asking = Asking::new(&levels, &decider, &guests);
        for user in users {
            let id = model.database.symbols.text(user).to_owned();
            let administrator = portal.administrator.iter().any(|(other,)| *other == id);
            let mut found = standings(&policy.program, model, &levels, &mut asking, user);
            // Whoever shows them leaves these out.
            found.retain(|row| !administrator || row.key.len() == 1);
            let mut expected = oracle.standings(&id);
            found.sort();
            expected.sort();
            assert_eq!(found, expected, "portal {seed}\n{}", portal.to_rules_facts());
            seen.extend(found.into_iter().flat_map(|row| [Some(row.rule), row.held, Some(row.level)]).flatten());
        }
    }
    let unseen: Vec<&&str> = NAMES.iter().filter(|name| !seen.contains(**name)).collect();
    assert!(unseen.is_empty(), "no row has {unseen:?}");
}

/// What stands in a row is found in another way than what decides: both have to agree.
#[test]
fn the_highest_level_is_the_highest_that_holds() {
    let policy = policy_with::<&str>(&[]);
    for seed in 0..50 {
        let mut decider = Decider::new(policy.model(&random_portal(seed).to_json(), Engine::Auto));
        let levels = Levels::prepare(&mut decider).unwrap();
        let guests = Guests::default();
        let users = explain::things(decider.model(), &mut guests.clone(), levels.subject());
        let (mut solver, mut asking) = (Solver::new(&decider), Asking::new(&levels, &decider, &guests));
        for user in users {
            asking.standings(user, |relation, key, standing| {
                let table = levels.tables().iter().find(|table| table.relation == relation).unwrap();
                let mut arguments = vec![user];
                arguments.extend(&table.keys[key]);
                arguments.push(Value(0));
                let highest = solver.highest_level(relation, &arguments).map_or(Value(0), |(_, level)| level);
                assert_eq!(highest, standing.level, "portal {seed}");
            });
        }
    }
}

//! Where no repair is told there is none, and where some are, none of the same size is left out: all sets of edits are
//! tried.

use std::collections::BTreeSet;

use rolecall::compiler::program::{RelationId, RelationKind, Type};
use rolecall::data::Value;
use rolecall::decision::Request;
use rolecall::engine::Model;

use super::asking::{asked, changeable, edited, levels, line, lines, repaired};
use crate::evaluation::policy_with;
use crate::portal::model::Portal;
use crate::portal::oracle::Oracle;
use crate::portal::random::{random_portal, random_requests};

const PORTALS: u64 = 72;

/// Inputs that may change: grants and links, and what does not change by default.
const CHANGES: &[&[&str]] = &[
    &["assigned_to_user", "role_permission"],
    &["chat_agent", "chat_crm", "call_crm"],
    &["crm_access", "crm_role_stage_permission"],
    &["inactive", "assigned_to_department"],
    &["department_parent", "department_head"],
    &["setting", "channel_queue", "channel_editor"],
    &["chat_member", "crm_responsible", "plan_lacks"],
    &["works_in", "assigned_to_department_tree"],
    &["crm_role_permission", "crm_observer"],
    &["assigned_to_workgroup", "in_workgroup", "edition"],
    &["crm_stage", "chat"],
    &["app_assigned_to_user", "card_tab", "drive_access"],
];

/// So many sets are tried for one request.
const SETS: usize = 1_200;

type Lines = (Vec<String>, Vec<String>);

#[test]
fn where_no_repair_is_told_an_exhaustive_search_finds_none() {
    let policy = policy_with::<&str>(&[]);
    let (mut none, mut complete, mut cut) = (0, 0, 0);
    for seed in 0..PORTALS {
        let portal = random_portal(seed);
        let names = CHANGES[seed as usize % CHANGES.len()];
        for request in random_requests(&portal, seed, 3) {
            let (user, action, id) = &request;
            let (model, asked) = asked(&policy, &portal, &request);
            let before = Oracle::new(&portal).allowed(user, action, id);
            let edits = every_edit(&model, &asked, &portal, names);
            let pairs = edits.len() * edits.len().saturating_sub(1) / 2;
            let most = if edits.len() + pairs <= SETS { 2 } else { 1 };
            let repairs = repaired(&model, &asked, names, most, usize::MAX);
            let told: BTreeSet<Vec<Lines>> = repairs
                .repairs
                .iter()
                .map(|repair| sorted(repair.edits.iter().map(|edit| lines(&model, edit)).collect()))
                .collect();
            let turns = |set: &[&Lines]| {
                let set: Vec<Lines> = set.iter().map(|edit| (*edit).clone()).collect();
                Oracle::new(&edited(&portal, &set)).allowed(user, action, id) != before
            };
            let mut expected: Vec<Vec<&Lines>> = edits.iter().map(|edit| vec![edit]).filter(|set| turns(set)).collect();
            if expected.is_empty() && most == 2 {
                for (at, one) in edits.iter().enumerate() {
                    let others = edits[at + 1..].iter().filter(|other| !about_the_same(one, other));
                    expected.extend(others.map(|other| vec![one, other]).filter(|set| turns(set)));
                }
            }
            if repairs.cut {
                cut += 1;
                continue;
            }
            let context = || format!("portal {seed}, {request:?} by {names:?}");
            assert_eq!(told.is_empty(), expected.is_empty(), "{}: {told:#?} or {expected:#?}", context());
            none += usize::from(expected.is_empty());
            complete += expected.len();
            // Of sets that differ in a level alone, one is told.
            let keys: BTreeSet<Vec<String>> = told.iter().map(|set| key(&set.iter().collect::<Vec<_>>())).collect();
            for set in &expected {
                assert!(keys.contains(&key(set)), "{}: {set:?} is not among {told:#?}", context());
            }
        }
    }
    println!("{complete} repairs, all told; {none} requests have none; {cut} searches were cut");
    assert!(none > 40 && complete > 100 && cut < 10, "{none} none, {complete} complete, {cut} cut");
}

fn sorted(mut set: Vec<Lines>) -> Vec<Lines> {
    set.sort();
    set
}

/// What a set is about, whatever level it gives.
fn key(set: &[&Lines]) -> Vec<String> {
    let graded = [
        "role_permission(",
        "crm_role_permission(",
        "crm_role_stage_permission(",
        "assigned_to_workgroup(",
        "in_workgroup(",
    ];
    let mut key: Vec<String> = set
        .iter()
        .map(|(gone, come)| {
            let ungraded = |line: &String| match graded.iter().any(|name| line.starts_with(name)) {
                true => line.rsplit_once(", ").unwrap().0.to_owned(),
                false => line.clone(),
            };
            format!("{:?} {:?}", gone, come.iter().map(ungraded).collect::<Vec<_>>())
        })
        .collect();
    key.sort();
    key
}

fn about_the_same(one: &Lines, other: &Lines) -> bool {
    let mut lines = one.0.iter().chain(&one.1);
    lines.any(|line| other.0.contains(line) || other.1.contains(line))
}

/// Every fact that may be added, replaced or taken away.
fn every_edit(model: &Model, request: &Request, portal: &Portal, names: &[&str]) -> Vec<Lines> {
    let program = model.program;
    let legal = levels(program);
    let present: BTreeSet<String> = portal.to_rules_facts().lines().map(|line| format!("{line}\n")).collect();
    let mut edits = Vec::new();
    for relation in changeable(program, names).iter() {
        let prefix = format!("{}(", program.relation(relation).name);
        edits.extend(present.iter().filter(|line| line.starts_with(&prefix)).map(|line| (vec![line.clone()], vec![])));
        let stated: BTreeSet<String> = model
            .database
            .given_rows(relation)
            .map(|row| line(program, &model.database, relation, row))
            .filter(|line| !present.contains(line))
            .collect();
        for row in rows(model, request, relation) {
            let new = line(program, &model.database, relation, &row);
            if present.contains(&new) || stated.contains(&new) || !legal.allow(program, relation, &row) {
                continue;
            }
            let beside = |line: &&String| is_graded(model, relation) && same_but_last(line, &new);
            let others: Vec<&String> = present.iter().filter(beside).collect();
            let fixed = stated.iter().filter(beside).count();
            match others[..] {
                [other] if fixed == 0 => edits.push((vec![other.clone()], vec![new])),
                _ => edits.push((vec![], vec![new])),
            }
        }
    }
    edits
}

fn is_graded(model: &Model, relation: RelationId) -> bool {
    let fields = &model.program.relation(relation).fields;
    let ordered = matches!(fields.last().unwrap().ty, Type::Enum(id) if model.program.enums[id.index()].ordered);
    fields.len() > 1 && ordered
}

fn same_but_last(one: &str, other: &str) -> bool {
    one.rsplit_once(", ").map(|(start, _)| start) == other.rsplit_once(", ").map(|(start, _)| start)
}

/// Every row of values that the data or the request names.
fn rows(model: &Model, request: &Request, relation: RelationId) -> Vec<Vec<Value>> {
    let mut rows = vec![Vec::new()];
    for field in &model.program.relation(relation).fields {
        let values = domain(model, request, &field.name, field.ty);
        rows = rows.iter().flat_map(|row| values.iter().map(move |value| [&row[..], &[*value]].concat())).collect();
    }
    rows
}

fn domain(model: &Model, request: &Request, name: &str, ty: Type) -> BTreeSet<Value> {
    let program = model.program;
    let entity = match ty {
        Type::Enum(id) => return (0..program.enums[id.index()].members.len() as u32).map(Value).collect(),
        Type::Action => return (0..program.actions.len() as u32).map(Value).collect(),
        Type::Entity(entity) => Some(entity),
        Type::Text => None,
        other => panic!("no input has a field of {other:?}"),
    };
    let mut values = BTreeSet::new();
    for (number, declared) in program.relations.iter().enumerate() {
        if declared.kind != RelationKind::Input {
            continue;
        }
        for row in model.database.given_rows(RelationId(number as u32)) {
            for (field, value) in declared.fields.iter().zip(row) {
                let fits = match (entity, field.ty) {
                    (Some(_), Type::Entity(_) | Type::Resource) => {
                        model.database.symbols.tag(*value).entity() == entity
                    }
                    (None, Type::Text) => field.name == name,
                    _ => false,
                };
                if fits {
                    values.insert(*value);
                }
            }
        }
    }
    let asked = [request.subject, request.resource];
    values.extend(
        asked.into_iter().filter(|value| entity.is_some() && model.database.symbols.tag(*value).entity() == entity),
    );
    values
}

//! `docs/proof.schema.json` describes what `why --format json` writes: proofs fit it, and texts that `verify` takes for
//! no proof do not.

use serde_json::{Value, json};

use super::command::{ACME_REQUESTS, why};
use crate::prose::root;

/// The schema that is published.
fn schema() -> Value {
    let text = std::fs::read_to_string(root().join("docs/proof.schema.json")).unwrap();
    serde_json::from_str(&text).unwrap()
}

/// Where a value does not fit a schema of draft 2020-12, of which this knows what the published one uses.
fn misfits(schema: &Value, value: &Value, path: &str, root: &Value) -> Vec<String> {
    let mut found = Vec::new();
    for (keyword, expected) in schema.as_object().expect("a schema is an object") {
        let fits = match keyword.as_str() {
            "$schema" | "$defs" | "title" | "description" => true,
            "$ref" => {
                let pointer = expected.as_str().unwrap().strip_prefix('#').unwrap();
                found.extend(misfits(root.pointer(pointer).unwrap(), value, path, root));
                true
            }
            "const" => value == expected,
            "enum" => expected.as_array().unwrap().contains(value),
            "type" => types(expected).iter().any(|name| is_of(name, value)),
            "minimum" => value.as_i64().is_none_or(|number| number >= expected.as_i64().unwrap()),
            "minLength" => value.as_str().is_none_or(|text| text.chars().count() as u64 >= expected.as_u64().unwrap()),
            "minItems" => value.as_array().is_none_or(|items| items.len() as u64 >= expected.as_u64().unwrap()),
            "maxItems" => value.as_array().is_none_or(|items| items.len() as u64 <= expected.as_u64().unwrap()),
            "required" => value.as_object().is_none_or(|members| {
                expected.as_array().unwrap().iter().all(|name| members.contains_key(name.as_str().unwrap()))
            }),
            "oneOf" => {
                let fitting =
                    expected.as_array().unwrap().iter().filter(|one| misfits(one, value, path, root).is_empty());
                fitting.count() == 1
            }
            "items" => {
                for (place, item) in value.as_array().into_iter().flatten().enumerate() {
                    found.extend(misfits(expected, item, &format!("{path}/{place}"), root));
                }
                true
            }
            "properties" => {
                for (name, of) in expected.as_object().unwrap() {
                    let member = value.get(name).into_iter();
                    found.extend(member.flat_map(|member| misfits(of, member, &format!("{path}/{name}"), root)));
                }
                true
            }
            "additionalProperties" => {
                let known = |name: &String| schema.get("properties").is_some_and(|known| known.get(name).is_some());
                let others = value.as_object().into_iter().flatten().filter(|(name, _)| !known(name));
                for (name, member) in others {
                    match expected {
                        Value::Bool(false) => found.push(format!("{path}/{name} is not described")),
                        of => found.extend(misfits(of, member, &format!("{path}/{name}"), root)),
                    }
                }
                true
            }
            unknown => panic!("this test does not know the keyword {unknown}"),
        };
        if !fits {
            found.push(format!("{path}: {keyword} {expected}, but {value}"));
        }
    }
    found
}

fn types(expected: &Value) -> Vec<&str> {
    expected.as_array().map_or_else(
        || vec![expected.as_str().unwrap()],
        |names| names.iter().map(|name| name.as_str().unwrap()).collect(),
    )
}

fn is_of(name: &str, value: &Value) -> bool {
    match name {
        "object" => value.is_object(),
        "array" => value.is_array(),
        "string" => value.is_string(),
        "integer" => value.is_i64(),
        "boolean" => value.is_boolean(),
        "null" => value.is_null(),
        other => panic!("no type {other}"),
    }
}

#[test]
fn proofs_fit_the_published_schema() {
    let schema = schema();
    for (user, action, resource) in ACME_REQUESTS {
        let proof: Value = serde_json::from_str(&why(user, action, resource)).unwrap();
        assert_eq!(misfits(&schema, &proof, "", &schema), [""; 0], "{user} {action} {resource}");
    }
}

#[test]
fn the_schema_and_the_reader_refuse_the_same_members() {
    let schema = schema();
    let proof: Value = serde_json::from_str(&why("anna", "history.view", "c17")).unwrap();
    let changes: &[(&str, Option<Value>)] = &[
        ("/format", Some(json!("another"))),
        ("/version", Some(json!(2))),
        ("/version", None),
        ("/decision", Some(json!("yes"))),
        ("/outcome", Some(json!("granted"))),
        ("/request/subject/type", None),
        ("/request/action", Some(json!("history.view"))),
        ("/request/resource/id", Some(json!(17))),
        ("/steps", Some(json!({}))),
        ("/steps", None),
        ("/steps/0/step", Some(json!(-1))),
        ("/steps/0/arguments/0", Some(json!(null))),
        ("/steps/0/arguments/0", Some(json!(1.5))),
        ("/steps/0/note", Some(json!("an extra member"))),
        ("/steps/3/rule/bindings", Some(json!([]))),
        ("/steps/3/rule/premises/0/literal", None),
    ];
    for (path, change) in changes {
        let mut forged = proof.clone();
        let (parent, name) = path.rsplit_once('/').unwrap();
        let parent = forged.pointer_mut(parent).unwrap();
        match (parent, change) {
            (Value::Object(members), Some(value)) => {
                members.insert(name.to_owned(), value.clone());
            }
            (Value::Object(members), None) => {
                members.remove(name);
            }
            (Value::Array(items), Some(value)) => items[name.parse::<usize>().unwrap()] = value.clone(),
            (parent, _) => panic!("{parent}"),
        }
        assert_ne!(misfits(&schema, &forged, "", &schema), [""; 0], "{path}");
        assert!(rolecall::proof::json::read(&forged.to_string()).is_err(), "{path}");
    }
}

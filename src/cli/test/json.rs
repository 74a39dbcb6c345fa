//! The tests as an array with an object for each, as docs/tests.md describes it.

use serde::Serialize;
use serde_json::{Map, Value as Json, json};

use crate::cli::request::rule_id;
use crate::cli::test::Ran;
use crate::cli::test::told::{message, query_of};
use rolecall::compiler::program::{self, Query, Type};
use rolecall::compiler::source::{Sources, Span};
use rolecall::data::Value;
use rolecall::engine::Model;
use rolecall::explain::miss;
use rolecall::proof::{View, Words, json as proofs};
use rolecall::report::escape::escape_json;
use rolecall::suite::{Answers, Asked, Failed, Reason, Unmet, Why};

/// All tests; an object a line.
pub(super) fn document(ran: &[Ran]) -> String {
    let objects: Vec<&str> = ran.iter().filter_map(|ran| ran.json.as_deref()).collect();
    format!("[{}]\n", objects.join(",\n "))
}

#[derive(Serialize)]
struct Object<'t> {
    name: &'t str,
    file: &'t str,
    line: u32,
    passed: bool,
    failures: Vec<Json>,
}

/// A test that ran, on a line.
pub(super) fn test(sources: &Sources, test: &program::Test, model: &Model, failed: &[Failed]) -> String {
    let failures: Vec<Json> = match failed {
        [] => Vec::new(),
        failed => {
            let (program, database) = (model.program, &model.database);
            let words = Words::new(program, database);
            let view = View { program, database, sources, words: &words };
            failed.iter().map(|failed| failure(&view, test, failed)).collect()
        }
    };
    let (file, line, _) = place(sources, test.span);
    let object = Object { name: &test.name, file, line, passed: failed.is_empty(), failures };
    // What has text for its keys can be written.
    escape_json(&serde_json::to_string(&object).unwrap_or_default()).into_owned()
}

fn failure(view: &View, test: &program::Test, failed: &Failed) -> Json {
    let (file, line, column) = place(view.sources, failed.expectation);
    let mut object = json!({
        "file": file,
        "line": line,
        "column": column,
        "expectation": view.sources.text(failed.expectation),
        "message": message(failed),
        "requests": failed.requests.iter().map(|asked| request(view, asked)).collect::<Vec<Json>>(),
    });
    match &failed.how {
        Unmet::Literal { why: None, .. } => {}
        Unmet::Literal { why: Some(Why::Derivation(steps)), .. } => object["derivation"] = proofs::steps(steps, view),
        Unmet::Literal { why: Some(Why::Near(misses)), .. } => {
            object["misses"] = miss::json(misses, view)["misses"].take();
        }
        Unmet::Literal { why: Some(Why::Missing(missing)), .. } => {
            object["missing"] = miss::missing_json(missing, view)
        }
        Unmet::Cells(count) => object["count"] = json!(count),
        Unmet::Answers(answers) => {
            object["count"] = json!(answers.count);
            if let Some(query) = query_of(test, failed) {
                object["answers"] = rows(view, query, answers);
            }
            object["held"] = miss::held_json(&answers.held, view);
        }
    }
    object
}

/// Answers as those of `query`.
fn rows(view: &View, query: &Query, answers: &Answers) -> Json {
    let value = |ty: Type, value: Value| match ty {
        Type::Int => json!(view.database.symbols.integer(value)),
        _ => json!(view.database.show(view.program, ty, value)),
    };
    let row = |row: &Vec<Value>| {
        let members = query.variables.iter().zip(row);
        let members = members.map(|(variable, found)| (variable.name.clone(), value(variable.ty, *found)));
        Json::Object(members.collect::<Map<String, Json>>())
    };
    answers.first.iter().map(row).collect()
}

fn request(view: &View, asked: &Asked) -> Json {
    let action = &view.program.actions[asked.request.action.index()];
    let id = |value: Value| view.database.symbols.text(value);
    let entity = |value: Value| {
        let entity = view.database.symbols.tag(value).entity();
        entity.map(|entity| view.program.entities[entity.index()].name.as_str())
    };
    let thing = |value: Value| json!({ "type": entity(value), "id": id(value) });
    let mut object = json!({
        "subject": thing(asked.request.subject),
        "action": { "name": action.name },
        "resource": thing(asked.request.resource),
        "decision": asked.outcome.is_allowed(),
        "rule": rule_id(view.program, view.database, view.sources, asked.outcome),
    });
    match &asked.reason {
        Some(Reason::Derived(proof, _)) => {
            object["proof"] = serde_json::from_str(&proofs::write(proof, view)).unwrap_or_default();
        }
        Some(Reason::Near(misses)) => object["misses"] = miss::json(misses, view)["misses"].take(),
        None => {}
    }
    object
}

/// File, line and column.
fn place(sources: &Sources, span: Span) -> (&str, u32, u32) {
    let source = sources.get(span.source);
    let at = source.line_column(span.start);
    (&source.name, at.line, at.column)
}

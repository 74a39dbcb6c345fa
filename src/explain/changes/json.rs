//! Changes as JSON: an object for each, and the summary.

use serde_json::{Value as Json, json};

use crate::explain::changes::{Cause, Change, Changed, Kinds, Reason, Stand, Subject, Tally};
use crate::report::escape::escape_json;

/// A change on one line.
pub fn change(change: &Change) -> String {
    let mut object = json!({
        "change": word(change.gained),
        "cause": change.cause.name(),
        "user": change.user,
        "changed": change.changed.iter().map(changed).collect::<Vec<Json>>(),
    });
    if let Some(name) = &change.name {
        object["name"] = json!(name);
    }
    if let Some(of) = &change.reason {
        object["reason"] = reason(of);
    }
    match &change.subject {
        Subject::Decision { action, resource, resource_name, before, after } => {
            object["kind"] = json!("decision");
            object["action"] = json!(action);
            object["resource"] = json!(resource);
            if let Some(name) = resource_name {
                object["resource_name"] = json!(name);
            }
            object["before"] = json!({ "decision": !change.gained, "rule": before });
            object["after"] = json!({ "decision": change.gained, "rule": after });
        }
        Subject::Level { key, before, after } => {
            object["kind"] = json!("level");
            for (field, value) in key {
                object[field] = json!(value);
            }
            object["before"] = stand(before);
            object["after"] = stand(after);
        }
    }
    escape_json(&object.to_string()).into_owned()
}

/// How many changes there are of each kind that was compared.
pub fn summary(tally: &Tally, kinds: Kinds) -> String {
    let counts = |levels: bool, gained: bool| {
        let counts = tally.of(levels, gained);
        let mut object = json!({ "total": counts.iter().sum::<u64>() });
        for (cause, count) in Cause::ALL.iter().zip(counts) {
            object[cause.name()] = json!(count);
        }
        object
    };
    let kind = |levels: bool| json!({ "gained": counts(levels, true), "lost": counts(levels, false) });
    let mut summary = json!({});
    for (name, compared, levels) in [("decisions", kinds.decisions, false), ("levels", kinds.levels, true)] {
        if compared {
            summary[name] = kind(levels);
        }
    }
    summary.to_string()
}

/// `gained` or `lost`.
pub fn word(gained: bool) -> &'static str {
    if gained { "gained" } else { "lost" }
}

fn reason(reason: &Reason) -> Json {
    json!({
        "rule": reason.rule,
        "sentence": reason.sentence,
        "place": reason.place,
        "holds": if reason.after { "after" } else { "before" },
    })
}

fn changed(changed: &Changed) -> Json {
    let what = if changed.is_rule { "rule" } else { "fact" };
    json!({ "is": if changed.added { "new" } else { "gone" }, what: changed.what, "place": changed.place })
}

fn stand(stand: &Stand) -> Json {
    let mut object = json!({ "level": stand.level, "rule": stand.rule });
    for (member, value) in [("role", &stand.role), ("held", &stand.held)] {
        if let Some(value) = value {
            object[member] = json!(value);
        }
    }
    object
}

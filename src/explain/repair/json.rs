//! Repairs as JSON.

use serde_json::{Value as Json, json};

use crate::compiler::program::RelationId;
use crate::data::Value;
use crate::explain::repair::text::place;
use crate::explain::repair::{Edit, Flip, Repair, Repairs};
use crate::explain::world::Fact;
use crate::proof::View;

/// The repairs, those first that turn least else.
pub fn json(repairs: &Repairs, changeable: &[RelationId], view: &View) -> Json {
    let inputs: Vec<&str> = changeable.iter().map(|input| view.program.relation(*input).name.as_str()).collect();
    let told: Vec<Json> = repairs.repairs.iter().map(|repair| of(repair, view)).collect();
    json!({
        "to": if repairs.allowing { "allow" } else { "deny" },
        "change": inputs,
        "most": repairs.most,
        "repairs": told,
        "more": repairs.more,
        "ranked": repairs.ranked,
        "complete": !repairs.cut,
    })
}

fn of(repair: &Repair, view: &View) -> Json {
    let edits: Vec<Json> = repair.edits.iter().map(|edit| edited(edit, view)).collect();
    let sample: Vec<Json> = repair.effect.sample.iter().map(|flip| flipped(flip, view)).collect();
    json!({
        "changes": edits,
        "reported": repair.effect.reported,
        "flips": { "count": repair.effect.turned, "exact": !repair.effect.more, "sample": sample },
    })
}

fn edited(edit: &Edit, view: &View) -> Json {
    match edit {
        Edit::Add(fact) => json!({ "add": fact_of(fact, view) }),
        Edit::Remove(fact) => json!({ "remove": fact_of(fact, view), "place": place(view, fact) }),
        Edit::Replace { old, new } => {
            json!({ "replace": fact_of(old, view), "place": place(view, old), "by": fact_of(new, view) })
        }
    }
}

/// A fact as data files state it, and as a sentence.
fn fact_of(fact: &Fact, view: &View) -> Json {
    let relation = view.program.relation(fact.relation);
    let values = relation.fields.iter().zip(&fact.row);
    let row: Vec<String> = values.map(|(field, value)| view.database.show(view.program, field.ty, *value)).collect();
    let arguments: Vec<Option<Value>> = fact.row.iter().copied().map(Some).collect();
    json!({ "relation": relation.name, "row": row, "sentence": view.says(fact.relation, &arguments) })
}

fn flipped(flip: &Flip, view: &View) -> Json {
    let symbols = &view.database.symbols;
    json!({
        "subject": symbols.text(flip.subject),
        "action": view.program.actions[flip.action.index()].name,
        "resource": symbols.text(flip.resource),
        "decision": flip.allowed,
    })
}

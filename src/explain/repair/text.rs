//! Repairs as text: what to change, what that turns besides, and that there is none where there is none.

use crate::compiler::program::RelationId;
use crate::data::{FactOrigin, Value};
use crate::explain::repair::{Edit, Effect, Flip, Repair, Repairs};
use crate::explain::world::{Fact, Row};
use crate::proof::View;
use crate::report::escape::escape;

/// The repairs as lines that end; with `color`, places are dim.
pub fn text(repairs: &Repairs, changeable: &[RelationId], view: &View, color: bool) -> String {
    let goal = if repairs.allowing { "allow it" } else { "end it" };
    let mut text = String::new();
    if repairs.repairs.is_empty() {
        text.push_str(&none(repairs, changeable, view, goal));
    } else {
        let size = repairs.repairs[0].edits.len();
        let each = match (repairs.repairs.len(), size) {
            (1, 1) => "one change does".to_owned(),
            (1, _) => format!("it takes {size} changes together"),
            (_, 1) => "each of these changes does alone; the first turns least else".to_owned(),
            (_, _) => format!("it takes {size} changes together; the first of these sets turns least else"),
        };
        text.push_str(&format!("To {goal}, {each}.\n"));
        for (number, repair) in repairs.repairs.iter().enumerate() {
            text.push('\n');
            text.push_str(&told(number + 1, repair, view, color));
        }
        if repairs.more > 0 {
            let others = if repairs.more == 1 { "1 other does" } else { &format!("{} others do", repairs.more) };
            text.push_str(&format!("\n{others} as well; `--limit` shows more.\n"));
        }
    }
    let total = repairs.repairs.len() + repairs.more;
    if repairs.ranked < total {
        text.push_str(&format!("{} of {total} were compared by what else they turn.\n", repairs.ranked));
    }
    if repairs.cut {
        text.push_str("\nNot everything was looked at, so there may be others.\n");
    }
    text
}

fn none(repairs: &Repairs, changeable: &[RelationId], view: &View, goal: &str) -> String {
    let names = |inputs: &[RelationId]| {
        let names: Vec<&str> = inputs.iter().map(|input| view.program.relation(*input).name.as_str()).collect();
        names.join(",")
    };
    let most = match repairs.most {
        1 => "No single change".to_owned(),
        most => format!("No set of up to {most} changes"),
    };
    let found = if repairs.cut { "was found to" } else { "would" };
    let of = if repairs.named { names(changeable) } else { "assignments, grants and links".to_owned() };
    let mut text = format!("{most} of {of} {found} {goal}.\n");
    if !repairs.forbidding.is_empty() {
        text.push_str(&format!("`--change {}` lets change what forbids it.\n", names(&repairs.forbidding)));
    } else if !repairs.named {
        text.push_str("`--change` names other inputs that may change.\n");
    }
    text
}

fn told(number: usize, repair: &Repair, view: &View, color: bool) -> String {
    let mut lines: Vec<(String, String)> = Vec::new();
    for edit in &repair.edits {
        match edit {
            Edit::Add(fact) => lines.push((format!("add      {}", sentence(view, fact)), input(view, fact))),
            Edit::Remove(fact) => lines.push((format!("remove   {}", sentence(view, fact)), place(view, fact))),
            Edit::Replace { old, new } => {
                lines.push((format!("replace  {}", sentence(view, old)), place(view, old)));
                lines.push((format!("by       {}", sentence(view, new)), String::new()));
            }
        }
    }
    let width = lines.iter().map(|(line, _)| line.chars().count()).max().unwrap_or(0);
    let mut text = String::new();
    for (at, (line, place)) in lines.iter().enumerate() {
        let number = if at == 0 { format!("{number}. ") } else { "   ".to_owned() };
        let (dim, plain) = if color { ("\x1b[2m", "\x1b[0m") } else { ("", "") };
        let line = match place.is_empty() {
            true => format!("{number}{line}"),
            false => format!("{number}{line:<width$}  {dim}{place}{plain}"),
        };
        text.push_str(&format!("{line}\n"));
    }
    text.push_str(&effect(&repair.effect, view));
    if repair.effect.reported {
        text.push_str("   `check --data` would report it\n");
    }
    text
}

fn effect(effect: &Effect, view: &View) -> String {
    let decisions = if effect.turned == 1 { "decision" } else { "decisions" };
    let count = match (effect.turned, effect.more) {
        (0, false) => return "   turns no other decision\n".to_owned(),
        (0, true) => return "   turns no other decision among those that were asked; not all were\n".to_owned(),
        (turned, false) => format!("{turned} other {decisions}"),
        (turned, true) => format!("{turned} other {decisions} or more"),
    };
    let such = if effect.turned > effect.sample.len() { ", such as" } else { "" };
    let mut text = format!("   turns {count}{such}:\n");
    for flip in &effect.sample {
        text.push_str(&format!("     {}\n", escape(&flipped(flip, view))));
    }
    text
}

/// `anna history.view c17: deny -> allow`
fn flipped(flip: &Flip, view: &View) -> String {
    let symbols = &view.database.symbols;
    let turn = if flip.allowed { "deny -> allow" } else { "allow -> deny" };
    let action = &view.program.actions[flip.action.index()].name;
    format!("{} {action} {}: {turn}", symbols.text(flip.subject), symbols.text(flip.resource))
}

fn sentence(view: &View, fact: &Fact) -> String {
    let arguments: Row = fact.row.clone();
    let arguments: Vec<Option<Value>> = arguments.into_iter().map(Some).collect();
    escape(&view.says(fact.relation, &arguments)).into_owned()
}

/// Where a fact stands that goes.
pub(super) fn place(view: &View, fact: &Fact) -> String {
    let row = view.database.given(fact.relation, &fact.row);
    let origin = row.map_or(FactOrigin::Derived, |row| view.database.origin(fact.relation, row));
    escape(&view.place(fact.relation, origin)).into_owned()
}

/// Where a fact belongs that comes.
fn input(view: &View, fact: &Fact) -> String {
    view.program.relation(fact.relation).name.clone()
}

//! `what`: everything that someone may do, and the rule that allows it.

use std::ops::ControlFlow;

use rustc_hash::FxHashMap;

use crate::cli::arguments::{Global, What};
use crate::cli::notes;
use crate::cli::output::Console;
use crate::cli::people::longest;
use crate::cli::question::{Named, Names};
use crate::cli::request;
use crate::cli::sheet::{Form, Sheet};
use crate::cli::workspace::{Failure, Workspace};
use rolecall::compiler::program::{ActionId, EntityId, Program};
use rolecall::data::{Guests, Value};
use rolecall::decision::{Outcome, Request, Solver};
use rolecall::engine::Model;
use rolecall::explain;
use rolecall::proof::Words;

/// So many things are asked about at once.
const PIECE: usize = 1 << 12;

/// Answers; whether there is anything.
pub fn run(command: &What, global: &Global, console: &Console) -> Result<bool, Failure> {
    let mut workspace = Workspace::new(global, console);
    let program = workspace.program(&[])?;
    let names = Names::of(&program).map_err(|mistake| workspace.failure(&[*mistake]))?;
    let actions = match &command.action {
        Some(action) => vec![names.action_in("what", &[&command.user, action], 1)?],
        None => by_name(&program),
    };
    let authorization = names.authorization();
    let facts = entities(&program, &actions).into_iter().filter_map(|entity| explain::own_relation(&program, entity));
    let mut decider = workspace.decider(&program, authorization.relations().chain(facts).collect())?;
    for action in &actions {
        decider.prepare_requests(authorization, *action);
    }
    decider.model().build_indexes(workspace.jobs());
    let database = &decider.model().database;
    let mut guests = Guests::default();
    let named = Named::Shorthand(&command.user);
    let subject = names.subject(&database.symbols, &mut guests, named).map_err(Failure::unanswerable)?;
    let things = Things::of(decider.model(), &mut guests, &actions);
    let words = Words::new(&program, database);
    workspace.time("prepare", || format!("{} things", things.count()));

    let name = |action: &ActionId| program.actions[action.index()].name.as_str();
    let names_of_things = things.all().filter_map(|thing| words.name(thing));
    let shown = |thing: Value| shown(&program, &guests, decider.model(), thing);
    let form = Form::new(command.format)
        .column("action", longest(actions.iter().map(name)))
        .column("resource", longest(things.all().map(shown)))
        .column_if_any("name", longest(names_of_things))
        .column("rule", 0);
    let mut sheet = Sheet::open(&form, true)?;
    let worker = || {
        let mut solver = Solver::new(&decider);
        *solver.guests() = guests.clone();
        solver
    };
    for action in actions.iter().copied() {
        let pieces: Vec<_> = things.of_action(&program, action).chunks(PIECE).collect();
        let request = |resource| Request { authorization, subject, action, resource };
        let work = |solver: &mut Solver, piece: usize| {
            let mut rows = String::new();
            explain::allowed(solver, pieces[piece], request, |thing, reason| {
                let rule = request::rule_id(&program, database, &workspace.sources, Outcome::Allowed(reason));
                form.write(&mut rows, &[Some(name(&action)), Some(&shown(thing)), words.name(thing), Some(&rule)]);
            });
            rows
        };
        let put = |rows: String| if sheet.put(&rows) { ControlFlow::Continue(()) } else { ControlFlow::Break(()) };
        explain::in_order(pieces.len(), workspace.jobs(), worker, work, put);
    }
    let any = sheet.finish()?;
    workspace.time("decide", String::new);
    if !any {
        notes::nothing_found(&workspace, &program, database, &[(subject, Some(authorization.subject), &command.user)]);
    }
    Ok(any)
}

fn by_name(program: &Program) -> Vec<ActionId> {
    let mut actions: Vec<ActionId> = (0..program.actions.len() as u32).map(ActionId).collect();
    actions.sort_by_key(|action| &program.actions[action.index()].name);
    actions
}

/// The entities to whose things the actions may be done; all where one may be done to anything.
fn entities(program: &Program, actions: &[ActionId]) -> Vec<EntityId> {
    let on = |action: &ActionId| program.actions[action.index()].on;
    let all = || (0..program.entities.len() as u32).map(EntityId).collect();
    actions.iter().map(on).collect::<Option<Vec<EntityId>>>().unwrap_or_else(all)
}

/// `chat:c17`, as the commands take it; `portal` for the only thing of its kind.
fn shown(program: &Program, guests: &Guests, model: &Model, thing: Value) -> String {
    let symbols = &model.database.symbols;
    let entity = guests.tag(symbols, thing).entity().map(|entity| &program.entities[entity.index()]);
    let id = guests.text(symbols, thing);
    match entity {
        Some(entity) if !entity.single => format!("{}:{id}", entity.name),
        _ => id.to_owned(),
    }
}

/// The things that actions may be done to, sorted, each list once.
struct Things {
    by_entity: FxHashMap<Option<EntityId>, Vec<Value>>,
}

impl Things {
    fn of(model: &Model, guests: &mut Guests, actions: &[ActionId]) -> Things {
        let mut by_entity = FxHashMap::default();
        for action in actions {
            let on = model.program.actions[action.index()].on;
            by_entity.entry(on).or_insert_with(|| match on {
                Some(entity) => explain::things(model, guests, entity),
                None => explain::all_things(model, guests),
            });
        }
        Things { by_entity }
    }

    fn of_action(&self, program: &Program, action: ActionId) -> &[Value] {
        self.by_entity.get(&program.actions[action.index()].on).map_or(&[], Vec::as_slice)
    }

    fn all(&self) -> impl Iterator<Item = Value> {
        self.by_entity.values().flatten().copied()
    }

    fn count(&self) -> usize {
        self.by_entity.values().map(Vec::len).sum()
    }
}

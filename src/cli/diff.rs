//! `diff`: the decisions and levels that change from one set of data and rules to another, each with cause and reason.
//!
//! Both sides are loaded with all their checks. Where data and rules change, each new half is combined with the other old one
//! too, to find causes. `requests` reads what is asked, `page` writes what changes.

mod page;
mod requests;

use std::collections::BTreeSet;
use std::ops::ControlFlow;
use std::path::Path;

use crate::cli::arguments::{Diff, DiffKind, FailOn, Global, MessageFormat};
use crate::cli::notes;
use crate::cli::output::{self, Console, Output};
use crate::cli::progress;
use crate::cli::question::{Names, without_type};
use crate::cli::workspace::{Failure, Workspace};
use page::Page;
use rolecall::compiler::program::{EntityId, Program};
use rolecall::compiler::source::Sources;
use rolecall::data::{Database, Guests, Tag};
use rolecall::engine::{Model, derive};
use rolecall::explain;
use rolecall::explain::changes::{
    Asked, Change, Comparing, Comparison, Corner, Incomparable, Kinds, LevelKeys, Scope, Tally, Varied, carried,
};

/// Compares; whether nothing changes that fails.
pub fn run(command: &Diff, global: &Global, console: &Console) -> Result<bool, Failure> {
    let to = to(command, global);
    let [mut old, mut new] = [Side::of(global, console, "old", "--"), Side::of(&to, console, "new", "--to-")];
    let programs = [old.program()?, new.program()?];
    let names = [old.names(&programs[0])?, new.names(&programs[1])?];
    same_subject(&programs, &names)?;
    let databases = [old.database(&programs[0])?, new.database(&programs[1])?];
    note_missing_data(&[&old, &new], &programs);
    let scope = scope(command, &programs, &names, &databases)?;
    let varied = match (command.to_data.is_empty(), command.to_rules.is_empty()) {
        (true, _) => Varied::Rules,
        (_, true) => Varied::Data,
        (false, false) => Varied::Both,
    };
    let mut models = models(&programs, &names, databases, varied, [&old, &new])?;
    let kinds =
        Kinds { decisions: command.only != Some(DiffKind::Levels), levels: command.only != Some(DiffKind::Decisions) };
    let asked = Asked::of(&mut models, names[0].authorization(), &scope, kinds);
    old.workspace.time("derive", || format!("{} times", models.len()));
    let sources = [std::mem::take(&mut old.workspace.sources), std::mem::take(&mut new.workspace.sources)];
    let corners = corners(models, &names, &sources, kinds);
    let asked = match explain::changes::reached(&corners) {
        Some(requests) => asked.narrowed(&requests),
        None => asked,
    };
    few_enough(&asked, command.max_questions)?;
    let levels = if kinds.levels { level_keys(&corners, command)? } else { None };
    let comparison = Comparison::new(&corners, &asked, levels.as_ref(), varied);
    old.workspace.time("prepare", || format!("{} questions", asked.questions()));
    let mut page = Page::of(command.format, kinds.decisions, levels.as_ref());
    let tally = compare(&comparison, &asked, old.workspace.jobs(), &mut page)?;
    old.workspace.time("compare", String::new);
    Ok(match command.fail_on {
        None => true,
        Some(FailOn::Gained) => !tally.any(true),
        Some(FailOn::Lost) => !tally.any(false),
        Some(FailOn::Any) => !tally.any(true) && !tally.any(false),
    })
}

/// The options of the new side.
fn to(command: &Diff, global: &Global) -> Global {
    let mut to = global.clone();
    if !command.to_data.is_empty() {
        to.data.clone_from(&command.to_data);
    }
    if !command.to_rules.is_empty() {
        to.rules.clone_from(&command.to_rules);
    }
    to
}

/// One of the sides, which its failures name.
struct Side<'g> {
    workspace: Workspace<'g>,
    /// `old side (--data, --rules)`
    name: String,
    is_json: bool,
}

impl<'g> Side<'g> {
    fn of(global: &'g Global, console: &Console, name: &str, prefix: &str) -> Side<'g> {
        Side {
            workspace: Workspace::new(global, console),
            name: format!("{name} side ({prefix}data, {prefix}rules)"),
            is_json: matches!(global.message_format, MessageFormat::Json),
        }
    }

    fn program(&mut self) -> Result<Program, Failure> {
        let program = self.workspace.program(&[]);
        program.map_err(|failure| self.named(failure))
    }

    fn names<'p>(&self, program: &'p Program) -> Result<Names<'p>, Failure> {
        Names::of(program).map_err(|mistake| self.named(self.workspace.failure(&[*mistake])))
    }

    fn database(&mut self, program: &Program) -> Result<Database, Failure> {
        let database = self.workspace.database(program);
        database.map_err(|failure| self.named(failure))
    }

    /// A failure that says which side it is about; objects that a program reads name their files.
    fn named(&self, failure: Failure) -> Failure {
        match failure {
            Failure::Message(message) => Failure::Message(format!("{}: {message}", self.name)),
            Failure::Report(report) if !self.is_json => {
                Failure::Report(format!("{}\nnote: this is about the {}", report.trim_end(), self.name))
            }
            other => other,
        }
    }
}

fn same_subject(programs: &[Program; 2], names: &[Names; 2]) -> Result<(), Failure> {
    let subject = |side: usize| &programs[side].entities[names[side].authorization().subject.index()].name;
    match subject(0) == subject(1) {
        true => Ok(()),
        false => Err(Failure::unanswerable(format!(
            "the sides can't be compared: the old one decides for each `{}`, the new one for each `{}`",
            subject(0),
            subject(1)
        ))),
    }
}

/// Says which side has no data.
fn note_missing_data(sides: &[&Side; 2], programs: &[Program; 2]) {
    let lacks = |side: usize| sides[side].workspace.lacks_facts(&programs[side]);
    match (lacks(0), lacks(1)) {
        (true, true) => output::stderr_line(notes::NO_DATA),
        (true, false) => output::stderr_line("note: the old side has no data; `--data PATH` names it"),
        (false, true) => output::stderr_line("note: the new side has no data; `--to-data PATH` names it"),
        (false, false) => {}
    }
}

/// What to compare, as the arguments say.
fn scope(
    command: &Diff,
    programs: &[Program; 2],
    names: &[Names; 2],
    databases: &[Database; 2],
) -> Result<Scope, Failure> {
    if let Some(path) = &command.requests {
        return requests::read(path, programs, names, databases, command.max_questions).map(Scope::Requests);
    }
    for action in &command.action {
        if names[0].action(action).is_err() {
            names[1].action_in("diff", &[action], 0)?;
        }
    }
    let subject = names[1].authorization().subject;
    let ids: BTreeSet<&str> = command.user.iter().map(|user| without_type(&programs[1], subject, user)).collect();
    if ids.contains("") {
        return Err(Failure::unanswerable("the id of a user is empty".to_owned()));
    }
    for id in &ids {
        note_unknown(programs, names, databases, id);
    }
    let some = |texts: BTreeSet<String>| (!texts.is_empty()).then_some(texts);
    let users = some(ids.into_iter().map(str::to_owned).collect());
    Ok(Scope::Everything { users, actions: some(command.action.iter().cloned().collect()) })
}

/// Says that neither side knows a user.
fn note_unknown(programs: &[Program; 2], names: &[Names; 2], databases: &[Database; 2], id: &str) {
    let subject = |side: usize| names[side].authorization().subject;
    if databases[0].symbols.find(Tag::thing(subject(0)), id).is_none() {
        let user = Guests::default().resolve(&databases[1].symbols, Tag::thing(subject(1)), id);
        let asked = [(user, Some(subject(1)), id)];
        notes::unknown(&programs[1], &databases[1], &asked).iter().for_each(|note| output::stderr_line(note));
    }
}

/// The old side, the new one, and where data and rules change, the new data with the old rules, and the new rules with the
/// old data.
fn models<'p>(
    programs: &'p [Program; 2],
    names: &[Names; 2],
    databases: [Database; 2],
    varied: Varied,
    sides: [&Side; 2],
) -> Result<Vec<Model<'p>>, Failure> {
    let mut crossed = Vec::new();
    if varied == Varied::Both {
        crossed.push((0, carried(&programs[1], &databases[1], &programs[0])));
        crossed.push((1, carried(&programs[0], &databases[0], &programs[1])));
    }
    let mut models = Vec::new();
    for (rules, database) in (0..).zip(databases).chain(crossed) {
        let program = &programs[rules];
        let entities = (0..program.entities.len() as u32).map(EntityId);
        let own = entities.filter_map(|entity| explain::own_relation(program, entity));
        let wanted = Corner::relations(program, names[rules].authorization()).into_iter().chain(own).collect();
        let side = sides[rules];
        let mut how = side.workspace.derivation(program, Some(wanted));
        if models.len() >= sides.len() {
            // What only the crossing of both sides brings about is nobody's mistake.
            how.levels = None;
        }
        let model = derive(program, database, &how, None);
        models.push(model.map_err(|error| side.named(side.workspace.underivable(&error)))?);
    }
    Ok(models)
}

/// The models, ready to be asked.
fn corners<'c>(models: Vec<Model<'c>>, names: &[Names; 2], sources: &'c [Sources; 2], kinds: Kinds) -> Vec<Corner<'c>> {
    // The old side and the new one; then the old rules and the new ones.
    let rules = [0, 1, 0, 1];
    let corners = models.into_iter().zip(rules);
    let prepare = |(model, rules): (Model<'c>, usize)| {
        Corner::prepare(model, names[rules].authorization(), &sources[rules], kinds.levels)
    };
    corners.map(prepare).collect()
}

fn few_enough(asked: &Asked, limit: u64) -> Result<(), Failure> {
    let questions = asked.questions();
    match questions > limit {
        false => Ok(()),
        true => Err(Failure::Message(format!(
            "what differs may change {questions} decisions, and `--max-questions` is {limit}: name some with `--requests`, \
             `--user` or `--action`, compare `--only levels`, or raise it"
        ))),
    }
}

/// What levels are asked about; nothing where a policy has none and they were not asked for.
fn level_keys(corners: &[Corner], command: &Diff) -> Result<Option<LevelKeys>, Failure> {
    match LevelKeys::of(corners) {
        Ok(levels) => Ok(Some(levels)),
        Err(Incomparable::Missing) if command.only.is_none() => {
            output::stderr_line("note: levels are not compared: a side has none");
            Ok(None)
        }
        Err(error) => Err(Failure::Message(error.to_string())),
    }
}

/// Compares piece by piece, and writes the changes as they are found.
fn compare(comparison: &Comparison, asked: &Asked, jobs: usize, page: &mut Page) -> Result<Tally, Failure> {
    let bar = progress::questions("comparing", Some(asked.questions()));
    let mut out = Output::open(Path::new("-"), false)?;
    out.write(page.begin().as_bytes())?;
    let mut tally = Tally::default();
    let mut failure = None;
    let put = |(changes, questions): (Vec<Change>, u64)| {
        bar.add(questions);
        for change in &changes {
            tally.add(change);
            page.add(change);
        }
        match out.write(page.take().as_bytes()) {
            Ok(()) => ControlFlow::Continue(()),
            Err(error) => {
                failure = Some(error);
                ControlFlow::Break(())
            }
        }
    };
    let work = |comparing: &mut Comparing, piece: usize| (comparing.changes(piece), asked.piece(piece).questions());
    explain::in_order(asked.pieces(), jobs, || Comparing::new(comparison), work, put);
    if let Some(failure) = failure {
        return Err(failure);
    }
    out.write(page.end(&tally).as_bytes())?;
    out.finish()?;
    Ok(tally)
}

//! All that the benches use of the library: compile, load, derive, prepare, ask.

use std::fs::{self, File};
use std::io::{self, BufRead, BufReader, Read};
use std::path::{Path, PathBuf};

use rolecall::compiler::diagnostic::any_error;
use rolecall::compiler::program::{ActionId, Program};
use rolecall::compiler::source::{Origin, Sources};
use rolecall::compiler::{self};
use rolecall::data::{Database, Tag};
use rolecall::decision::{Authorization, Decider, Request, Solver};
use rolecall::engine::{Derivation, Engine, Model, derive};
use rolecall::facts::{self, Files, Kind};
use rolecall::policy;
use serde::Deserialize;

use super::Outcome;

/// A compiled policy with its texts.
pub struct Policy {
    pub sources: Sources,
    pub program: Program,
}

/// The built-in policy, with the rules of an administrator.
pub fn policy_with(rules: &[PathBuf]) -> Outcome<Policy> {
    let mut sources = Sources::default();
    let mut ids = policy::add_to(&mut sources);
    for path in rules {
        ids.push(sources.add(path.display().to_string(), fs::read_to_string(path)?, Origin::Rules));
    }
    let (program, diagnostics) = compiler::compile(&sources, &ids);
    let program = program.ok_or_else(|| format!("{} mistakes in the rules", diagnostics.len()))?;
    Ok(Policy { sources, program })
}

/// A program of the language that stands alone.
pub fn program_alone(name: &str, text: &str) -> Outcome<Policy> {
    let mut sources = Sources::default();
    let id = sources.add(name, text, Origin::Policy);
    let (program, diagnostics) = compiler::compile(&sources, &[id]);
    let program = program.ok_or_else(|| format!("{name}: {} mistakes", diagnostics.len()))?;
    Ok(Policy { sources, program })
}

/// Loads data files or folders of them, on as many threads as a command would.
pub fn load(policy: &mut Policy, paths: &[PathBuf]) -> Outcome<Database> {
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let mut database = Database::new(&policy.program);
    let diagnostics =
        facts::load(&policy.program, &mut database, &mut policy.sources, paths, &Disk, threads, &mut |_| {});
    match any_error(&diagnostics) {
        true => Err(format!("{} mistakes in the data", diagnostics.len()).into()),
        false => Ok(database),
    }
}

/// Derives what requests depend on, and prepares the decisions of every action with all that they look up.
pub fn ready(program: &Program, database: Database, engine: Engine) -> Outcome<Decider<'_>> {
    let authorization = Authorization::of(program).ok_or("the policy has no `allow`")?;
    let wanted = Some(authorization.relations().collect());
    let mut decider = Decider::new(model(program, database, engine, wanted)?);
    for action in 0..program.actions.len() as u32 {
        decider.prepare_requests(authorization, ActionId(action));
    }
    decider.model().build_indexes(1);
    Ok(decider)
}

/// Derives what is wanted, or everything.
pub fn model(
    program: &Program,
    database: Database,
    engine: Engine,
    wanted: Option<Vec<rolecall::compiler::program::RelationId>>,
) -> Outcome<Model<'_>> {
    Ok(derive(program, database, &Derivation { engine, wanted, ..Derivation::default() }, None)?)
}

/// A request as it stands in a file.
#[derive(Debug, Deserialize)]
pub struct Evaluation<'r> {
    #[serde(borrow)]
    pub subject: Thing<'r>,
    #[serde(borrow)]
    pub action: Name<'r>,
    #[serde(borrow)]
    pub resource: Thing<'r>,
    #[serde(borrow)]
    pub context: Option<Context<'r>>,
}

/// Its subject or resource.
#[derive(Debug, Deserialize)]
pub struct Thing<'r> {
    pub r#type: &'r str,
    pub id: &'r str,
}

/// Its action.
#[derive(Debug, Deserialize)]
pub struct Name<'r> {
    pub name: &'r str,
}

/// What is echoed.
#[derive(Debug, Deserialize)]
pub struct Context<'r> {
    pub id: &'r str,
}

/// Calls with each request of a file.
pub fn each_request(path: &Path, mut take: impl FnMut(&Evaluation) -> Outcome<()>) -> Outcome<()> {
    let mut reader = BufReader::with_capacity(1 << 20, File::open(path)?);
    let mut line = String::new();
    while reader.read_line(&mut line)? > 0 {
        take(&serde_json::from_str(line.trim_end())?)?;
        line.clear();
    }
    Ok(())
}

/// The requests of a file, resolved. What no fact names is a guest of this solver from then on.
pub fn requests(decider: &Decider, solver: &mut Solver, path: &Path) -> Outcome<Vec<Request>> {
    let program = decider.model().program;
    let symbols = &decider.model().database.symbols;
    let authorization = Authorization::of(program).ok_or("the policy has no `allow`")?;
    let mut requests = Vec::new();
    each_request(path, |request| {
        let action = program.action_named(request.action.name).ok_or_else(|| request.action.name.to_owned())?;
        let entity = program.actions[action.index()].on.ok_or("an action on anything")?;
        let id = if program.entities[entity.index()].single { "portal" } else { request.resource.id };
        let subject = solver.guests().resolve(symbols, Tag::thing(authorization.subject), request.subject.id);
        let resource = solver.guests().resolve(symbols, Tag::thing(entity), id);
        requests.push(Request { authorization, subject, action, resource });
        Ok(())
    })?;
    Ok(requests)
}

/// The files of this machine.
struct Disk;

impl Files for Disk {
    fn kind(&self, path: &Path) -> io::Result<Kind> {
        fs::metadata(path).map(|metadata| if metadata.is_dir() { Kind::Folder } else { Kind::File })
    }

    fn list(&self, folder: &Path) -> io::Result<Vec<(String, Kind)>> {
        let entry = |entry: io::Result<fs::DirEntry>| {
            let entry = entry?;
            Ok((entry.file_name().to_string_lossy().into_owned(), self.kind(&entry.path())?))
        };
        fs::read_dir(folder)?.map(entry).collect()
    }

    fn open(&self, path: &Path) -> io::Result<Box<dyn Read + Send>> {
        Ok(Box::new(File::open(path)?))
    }
}

//! What the commands share: rule files to a program, data to a database, both to a decider; and how they fail.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Instant;

use crate::cli::arguments::{Global, MessageFormat};
use crate::cli::output::{self, Console, Output};
use crate::cli::rule_files::{RuleFiles, rule_text};
use crate::cli::{data, log, progress};
use rolecall::compiler;
use rolecall::compiler::codes::Code;
use rolecall::compiler::diagnostic::{Diagnostic, Severity, any_error};
use rolecall::compiler::program::{Program, RelationId};
use rolecall::compiler::source::{Origin, SourceId, Sources, Span};
use rolecall::data::Database;
use rolecall::decision::Decider;
use rolecall::engine::{Derivation, EngineError, Limits, Model, derive};
use rolecall::facts;
use rolecall::policy;
use rolecall::report::{self, Style, escape::escape};

/// Why a command could not answer.
#[derive(Debug)]
pub enum Failure {
    /// A sentence for standard error.
    Message(String),
    /// Mistakes in rules, data or arguments, rendered.
    Report(String),
    /// It has been said already.
    Said,
    /// Whoever reads the output stopped reading.
    ClosedPipe,
}

impl Failure {
    /// A question that can't be answered as it was asked.
    pub fn unanswerable(message: String) -> Failure {
        Failure::Message(escape(&message).into_owned())
    }

    /// An output that could not be written.
    pub fn writing(name: &str, error: &io::Error) -> Failure {
        match error.kind() {
            io::ErrorKind::BrokenPipe => Failure::ClosedPipe,
            _ => Failure::Message(format!("can't write {}: {error}", escape(name))),
        }
    }

    /// Prints it to standard error.
    pub fn print(&self) {
        match self {
            Failure::Message(message) => output::stderr_line(&format!("error: {message}")),
            Failure::Report(report) => print_report(report),
            Failure::Said | Failure::ClosedPipe => {}
        }
    }
}

/// Prints diagnostics to standard error, if there are any.
fn print_report(report: &str) {
    if !report.is_empty() {
        output::stderr_line(report.trim_end_matches('\n'));
    }
}

/// The texts of a run, and how its mistakes are shown.
pub struct Workspace<'a> {
    global: &'a Global,
    console: Console,
    /// Rule files, queries, and excerpts of data.
    pub sources: Sources,
    /// Where the rule files lie that are not those of the program.
    rule_files: Vec<(SourceId, PathBuf)>,
    /// Why rule files could not be read.
    unread: Vec<Diagnostic>,
    started: Instant,
}

impl<'a> Workspace<'a> {
    /// A workspace that has read nothing yet.
    pub fn new(global: &'a Global, console: &Console) -> Workspace<'a> {
        let (sources, rule_files, unread) = (Sources::default(), Vec::new(), Vec::new());
        Workspace { global, console: *console, sources, rule_files, unread, started: Instant::now() }
    }

    /// Reads the policy, the files of `--rules`, and `more` rule files, in the order in which they decide, each once.
    ///
    /// A file that can't be read is a mistake of the program that is compiled of the others.
    pub fn read_rules(&mut self, more: &[PathBuf]) -> Vec<SourceId> {
        let global = self.global;
        let mut ids = match &global.policy {
            None => policy::add_to(&mut self.sources),
            Some(_) => Vec::new(),
        };
        let mut files = RuleFiles::default();
        let policy = global.policy.iter().map(|path| (path, Origin::Policy));
        for (path, origin) in policy.chain(global.rules.iter().chain(more).map(|path| (path, Origin::Rules))) {
            let (found, mistakes) = files.at(path);
            self.unread.extend(mistakes);
            ids.extend(found.into_iter().filter_map(|file| self.read_rule_file(file, origin)));
        }
        ids
    }

    fn read_rule_file(&mut self, file: PathBuf, origin: Origin) -> Option<SourceId> {
        let text = rule_text(&mut self.sources, &file).map_err(|mistake| self.unread.push(*mistake)).ok()?;
        let id = self.sources.add(file.display().to_string(), text, origin);
        self.rule_files.push((id, file));
        Some(id)
    }

    /// Whether a rule file could not be read.
    pub fn has_unread_rules(&self) -> bool {
        !self.unread.is_empty()
    }

    /// Where a rule file lies; nothing for those that the program carries.
    pub fn rule_file(&self, id: SourceId) -> Option<&Path> {
        let found = self.rule_files.iter().find(|(file, _)| *file == id);
        found.map(|(_, path)| path.as_path())
    }

    /// Reads and compiles the rules; mistakes are a failure. Warnings about rules are for their author, who runs
    /// `check`: beside answers they would only be in the way.
    pub fn program(&mut self, more: &[PathBuf]) -> Result<Program, Failure> {
        let ids = self.read_rules(more);
        let (program, diagnostics) = self.compile_by(&ids, false);
        program.ok_or_else(|| {
            let errors: Vec<_> = diagnostics.into_iter().filter(|found| found.severity == Severity::Error).collect();
            self.failure(&errors)
        })
    }

    /// Compiles sources for `check`: a program where there is no error, and all mistakes and warnings.
    pub fn compile(&self, ids: &[SourceId]) -> (Option<Program>, Vec<Diagnostic>) {
        self.compile_by(ids, true)
    }

    /// Compiles sources, and checks the levels that their facts give, as those of data are checked.
    fn compile_by(&self, ids: &[SourceId], warn: bool) -> (Option<Program>, Vec<Diagnostic>) {
        if self.has_unread_rules() {
            let mut diagnostics = compiler::mistakes_of_some(&self.sources, ids);
            diagnostics.extend_from_slice(&self.unread);
            return (None, diagnostics);
        }
        let levels = |program: &Program| facts::check_levels(program, &self.sources);
        compiler::compile_and_judge(&self.sources, ids, warn, levels)
    }

    /// Loads the data into a database with the facts of the program; mistakes are a failure.
    pub fn database(&mut self, program: &Program) -> Result<Database, Failure> {
        let mut database = Database::new(program);
        let diagnostics = self.load(program, &mut database);
        if any_error(&diagnostics) {
            return Err(self.failure(&diagnostics));
        }
        self.warn(&diagnostics);
        self.time("load", || format!("{} facts", database.loaded()));
        Ok(database)
    }

    /// Loads the data, and says what is wrong with it.
    pub fn load(&mut self, program: &Program, database: &mut Database) -> Vec<Diagnostic> {
        let bar = progress::bytes("loading", data::size(&self.global.data));
        let (data, threads) = (&self.global.data, self.jobs());
        data::load(program, database, &mut self.sources, data, threads, &mut |bytes| bar.add(bytes))
    }

    /// Loads the data, derives what is asked, and gives the model to a decider.
    pub fn decider<'p>(&mut self, program: &'p Program, asked: Vec<RelationId>) -> Result<Decider<'p>, Failure> {
        self.model(program, asked).map(Decider::new)
    }

    /// Derives what is asked from data that is loaded, and gives the model to a decider.
    pub fn decider_of<'p>(
        &mut self,
        program: &'p Program,
        database: Database,
        asked: Vec<RelationId>,
    ) -> Result<Decider<'p>, Failure> {
        self.model_of(program, database, asked).map(Decider::new)
    }

    /// Loads the data and derives what is asked.
    pub fn model<'p>(&mut self, program: &'p Program, asked: Vec<RelationId>) -> Result<Model<'p>, Failure> {
        let database = self.database(program)?;
        self.model_of(program, database, asked)
    }

    fn model_of<'p>(
        &mut self,
        program: &'p Program,
        database: Database,
        asked: Vec<RelationId>,
    ) -> Result<Model<'p>, Failure> {
        self.derive(program, database, asked).map_err(|error| self.underivable(&error))
    }

    /// Derives what is asked from data that is loaded.
    pub fn derive<'p>(
        &mut self,
        program: &'p Program,
        database: Database,
        asked: Vec<RelationId>,
    ) -> Result<Model<'p>, EngineError> {
        let how = self.derivation(program, Some(asked));
        let bar = progress::phase("deriving");
        let model = derive(program, database, &how, None)?;
        drop(bar);
        self.time("derive", String::new);
        Ok(model)
    }

    /// Whether there is nothing to ask about: no data was given, and no rule file but those of the program states a fact.
    pub fn lacks_facts(&self, program: &Program) -> bool {
        let is_given = |span: &Span| self.sources.get(span.source).origin != Origin::BuiltIn;
        self.global.data.is_empty() && !program.facts.iter().flat_map(|facts| &facts.spans).any(is_given)
    }

    /// How to derive what is asked from the rules of this workspace.
    pub fn derivation(&self, program: &Program, wanted: Option<Vec<RelationId>>) -> Derivation {
        let limits = Limits { derived_facts: self.global.max_derived };
        let levels = facts::Levels::of_rules(program, &self.sources).map(Arc::new);
        Derivation { engine: self.global.engine.into(), limits, wanted, levels }
    }

    /// How many threads answer.
    pub fn jobs(&self) -> usize {
        let all = || std::thread::available_parallelism().map_or(1, usize::from);
        self.global.jobs.map_or_else(all, |jobs| jobs as usize).clamp(1, 256)
    }

    /// With `--timings`, prints how long it took since the last call.
    pub fn time(&mut self, what: &str, detail: impl FnOnce() -> String) {
        let seconds = self.started.elapsed().as_secs_f64();
        self.started = Instant::now();
        if self.global.timings {
            output::stderr_line(&format!("{what:>8}  {seconds:8.3} s  {}", detail()));
        }
    }

    /// The failure that a list of mistakes is.
    pub fn failure(&self, diagnostics: &[Diagnostic]) -> Failure {
        Failure::Report(self.render(diagnostics, self.console.colored_stderr()))
    }

    /// The failure to derive.
    pub fn underivable(&self, error: &EngineError) -> Failure {
        let (relation, limit) = match error {
            EngineError::LimitReached { relation, limit } => (relation, limit),
            EngineError::IllegalLevels(mistakes) => return self.failure(mistakes),
        };
        let mistake =
            Diagnostic::error(Code::LimitReached, format!("deriving `{relation}` gives more than {limit} facts"))
                .note("a rule that combines everything with everything is the usual cause")
                .help("join the literals of its body by a shared variable, or raise `--max-derived`");
        self.failure(&[mistake])
    }

    /// Prints mistakes that do not stop the answer.
    pub fn warn(&self, diagnostics: &[Diagnostic]) {
        print_report(&self.render(diagnostics, self.console.colored_stderr()));
    }

    /// Whether mistakes are drawn on the source, with room for what is behind them.
    pub fn draws(&self) -> bool {
        matches!(self.global.message_format, MessageFormat::Human)
    }

    /// Whether `--message-format` is one that people read.
    pub fn is_for_people(&self) -> bool {
        report::Format::from(self.global.message_format).is_for_people()
    }

    /// Mistakes as `--message-format` wants them, for a stream that is colored or not; nothing where they go into the
    /// one document of the run.
    pub fn render(&self, diagnostics: &[Diagnostic], color: bool) -> String {
        if log::collect(diagnostics, &self.sources) {
            return String::new();
        }
        let style = Style { color, ..Style::default() };
        report::render(diagnostics, &self.sources, self.global.message_format.into(), style, Some(20))
    }
}

/// Puts a text in the place of a file, whole or not at all.
pub fn replace(file: &Path, text: &str) -> Result<(), Failure> {
    let mut output = Output::open(file, false)?;
    output.write(text.as_bytes())?;
    output.finish()
}

//! An import from start to end: files are listed, read to learn and to tell, and what is missing is found.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Read as _};
use std::path::Path;

use crate::bitrix24::catalog::{Set, Source};
use crate::bitrix24::holders::Holders;
use crate::bitrix24::interpret::Interpreter;
use crate::bitrix24::listing::{self, Holds, Input, inputs, table};
use crate::bitrix24::methods::rivals;
use crate::bitrix24::missing::missing;
use crate::bitrix24::read::{Give, Piece, Reading, Totals, aside, read_dump, read_responses, read_table};
use crate::bitrix24::reason::Reason;
use crate::bitrix24::report::Report;
use crate::bitrix24::rows::Rows;
use crate::bitrix24::turn::{Task, Turn};
use crate::bitrix24::{Options, Sink};
use crate::compiler::diagnostic::Diagnostic;
use crate::compiler::program::{Constant, Program};
use crate::compiler::source::Sources;
use crate::facts::ahead::load_ahead;
use crate::facts::window::{Source as Bytes, Window};
use crate::facts::{Compression, Files, Kind, Levels, finding};

/// What came of an import.
pub struct Imported {
    /// What was read, and what became of it.
    pub report: Report,
    /// What is wrong with the export. Where there is anything, the facts are not to be used.
    pub mistakes: Vec<Diagnostic>,
    /// Who holds which access code by the portal's own table.
    pub holders: Holders,
}

/// Imports the export in a folder, whose facts go to the sink.
///
/// Every file is read once or twice, and once more where it binds activities. In memory are small tables, an entry for
/// each thing that is left out, and sixteen bytes for each session with an activity. The error is that of the sink.
pub fn import(
    program: &Program,
    folder: &Path,
    files: &dyn Files,
    options: &Options,
    sources: &mut Sources,
    sink: &mut dyn Sink,
) -> io::Result<Imported> {
    let levels = Levels::new(program, sources);
    let interpreter = Interpreter::new(program, &levels, options, sink);
    let (inputs, tables) = (Vec::new(), BTreeSet::new());
    let mut import = Import {
        interpreter,
        files,
        folder,
        sources,
        inputs,
        tables,
        turn: Turn::Learn,
        broken: BTreeSet::new(),
        waiting: BTreeMap::new(),
        mistakes: Vec::new(),
    };
    import.list();
    import.learn();
    import.tell();
    import.tell_what_waits();
    import.finish()
}

struct Import<'i, 's> {
    interpreter: Interpreter<'i>,
    files: &'i dyn Files,
    folder: &'i Path,
    sources: &'s mut Sources,
    inputs: Vec<Input>,
    /// The tables that are there.
    tables: BTreeSet<&'static str>,
    turn: Turn,
    /// The files that could not be read to learn, and are told already.
    broken: BTreeSet<String>,
    /// The files with something that is told last, and the line where the last of it begins.
    waiting: BTreeMap<String, u32>,
    mistakes: Vec<Diagnostic>,
}

impl Import<'_, '_> {
    fn list(&mut self) {
        let entries = match self.files.list(self.folder) {
            Ok(entries) => entries,
            Err(error) => return self.mistakes.push(finding::unreadable(&self.folder.display().to_string(), &error)),
        };
        let (files, folders): (Vec<_>, Vec<_>) = entries.into_iter().partition(|(_, kind)| *kind == Kind::File);
        let (inputs, mut unknown) = inputs(files.into_iter().map(|(name, _)| name).collect());
        unknown.extend(folders.into_iter().map(|(name, _)| format!("{name}/")));
        unknown.sort();
        for name in unknown.into_iter().filter(|name| !name.starts_with('.')) {
            let read = self.read(&name, "");
            self.interpreter.report.skip(Reason::UnknownFile, read, None, || name);
        }
        self.mistakes.extend(listing::gaps(&inputs));
        self.inputs = inputs;
        for input in &self.inputs {
            if let Holds::Table { source, .. } = &input.holds {
                self.tables.insert(source.name);
            }
        }
    }

    fn learn(&mut self) {
        for constant in self.interpreter.program.constants.iter() {
            if let Constant::Thing(entity, id) = constant
                && self.interpreter.program.entities[entity.index()].name == "crm_type"
            {
                self.interpreter.learned.remember(Set::CrmTypes, id.clone());
            }
        }
        for input in self.inputs.clone() {
            if self.file(&input).is_none() {
                self.broken.insert(input.name);
            }
        }
        self.interpreter.learned.finish();
    }

    fn tell(&mut self) {
        self.turn = Turn::Tell;
        let mut totals: BTreeMap<String, Totals> = BTreeMap::new();
        for input in self.inputs.clone() {
            if self.interpreter.failed.is_some() {
                return;
            }
            if self.broken.contains(&input.name) {
                continue;
            }
            let Some(told) = self.file(&input) else { continue };
            if let Holds::Responses { source, object, .. } = &input.holds {
                let sum = totals.entry(listing::shown(source.name, object)).or_default();
                *sum =
                    Totals { records: sum.records + told.records, total: sum.total.max(told.total), next: told.next };
            }
        }
        for (method, totals) in totals {
            let goes_on = totals.total.is_none() && totals.next.is_some();
            if goes_on || totals.total.is_some_and(|total| totals.records < total) {
                self.mistakes.push(listing::short(&method, totals.records, totals.total));
            }
        }
    }

    fn tell_what_waits(&mut self) {
        self.turn = Turn::TellWhatWaits;
        for input in self.inputs.clone() {
            if self.interpreter.failed.is_some() {
                return;
            }
            if self.waiting.contains_key(&input.name) {
                // What is wrong with it is among the mistakes.
                let _ = self.file(&input);
            }
        }
    }

    /// Reads a file, if this turn needs it; `None`, and a mistake, where it can't be read to its end.
    fn file(&mut self, input: &Input) -> Option<Totals> {
        let task = match &input.holds {
            Holds::Table { source, .. } => self.turn.task(source),
            Holds::Responses { source, .. } => self.turn.task(source),
            // Only its rows tell.
            Holds::Dump => Some(Task::Tell),
        };
        let Some(task) = task else {
            if let Holds::Table { source, .. } = &input.holds
                && self.turn.delays(source)
            {
                let source = source.name;
                self.read(&input.name, source);
                self.waiting.insert(input.name.clone(), u32::MAX);
            }
            return Some(Totals::default());
        };
        let path = self.folder.join(&input.name);
        let shown = path.display().to_string();
        let opened = self.files.open(&path);
        let reader = opened.map_err(|error| self.mistakes.push(finding::unreadable(&shown, &error))).ok()?;
        let mut reader = input.compression.decode(reader);
        if let Some(encoding) = self.interpreter.options.encoding {
            reader = encoding.decode(reader);
        }
        let read = match &input.holds {
            Holds::Responses { source, object, .. } => {
                self.responses(&input.name, (source, object, task), &shown, &mut reader)
            }
            Holds::Table { .. } | Holds::Dump => {
                self.rows(input, task, &shown, &mut reader).map(|()| Totals::default())
            }
        };
        read.map_err(|mistake| self.mistakes.push(*mistake)).ok()
    }

    /// Reads the responses of a method about an object.
    fn responses(
        &mut self,
        file: &str,
        (source, object, task): (&'static Source, &str, Task),
        shown: &str,
        reader: &mut Box<dyn io::Read + Send>,
    ) -> Result<Totals, Box<Diagnostic>> {
        let read = if task == Task::Learn { 0 } else { self.read(file, source.name) };
        let Import { interpreter, sources, tables, .. } = self;
        let method = listing::shown(source.name, object);
        let is_told = |relation: &str| {
            !rivals(&method).iter().any(|(table, relations)| tables.contains(table) && relations.contains(&relation))
        };
        let plan = interpreter.plan(source);
        let window = Window::new(Bytes::Straight(reader.by_ref()));
        let reading = Reading { window, name: shown, sources, decoded: interpreter.options.encoding.is_some() };
        read_responses(reading, source, &mut |record| match task {
            Task::Learn => interpreter.learn(&plan, object, record),
            Task::Tell | Task::LearnAndTell => interpreter.tell(&plan, object, record, read, &is_told),
        })
    }

    /// Reads the rows of a table, or of the tables of a dump.
    fn rows(
        &mut self,
        input: &Input,
        task: Task,
        shown: &str,
        reader: &mut Box<dyn io::Read + Send>,
    ) -> Result<(), Box<Diagnostic>> {
        let Import { interpreter, sources, tables, waiting, turn, .. } = self;
        let Options { encoding, threads, .. } = *interpreter.options;
        let mut rows = Rows::new(&input.name, *turn, interpreter);
        if let Holds::Table { source, object, .. } = &input.holds {
            rows.begin(source.name, source, object, task);
        }
        // What lies behind all that waits was told before.
        let end = if *turn == Turn::TellWhatWaits { waiting.get(&input.name).copied() } else { None };
        let mut read = |bytes: Bytes<'_>, give: &mut Give<Piece>| {
            let window = Window::new(bytes);
            let reading = Reading { window, name: shown, sources, decoded: encoding.is_some() };
            if let Holds::Table { source, delimiter, .. } = &input.holds {
                return read_table(reading, *delimiter, (source, task), give);
            }
            let mut wanted = |name: &str| {
                let (source, _) = table(name)?;
                tables.insert(source.name);
                Some((source, turn.task(source)?))
            };
            read_dump(reading, end, &mut wanted, give)
        };
        // Reading alone is too little for a thread of its own, unless there is little else to do.
        let is_decoded = input.compression != Compression::None || encoding.is_some();
        let is_ahead = threads > 1 && (is_decoded || *turn == Turn::Learn);
        let read = |give: &mut Give<Piece>| match is_ahead {
            true => load_ahead(reader, None, &mut |bytes| read(bytes, give)),
            false => read(Bytes::Straight(reader), give),
        };
        aside(threads, read, &mut |piece| rows.take(piece))?;
        waiting.extend(rows.last_waiting.map(|line| (input.name.clone(), line)));
        Ok(())
    }

    /// The number of a source in the report.
    fn read(&mut self, file: &str, source: &str) -> usize {
        self.interpreter.report.begin(file, source)
    }

    fn finish(mut self) -> io::Result<Imported> {
        if !self.tables.is_empty() {
            // Only a portal of one's own has tables to export.
            self.interpreter.state("edition", &["on_premise"]);
        }
        let mut sources: BTreeSet<&'static str> = self.tables;
        let methods = self.inputs.iter().filter_map(|input| match &input.holds {
            Holds::Responses { source, .. } => Some(source.name),
            Holds::Table { .. } | Holds::Dump => None,
        });
        sources.extend(methods);
        if sources.is_empty() && self.mistakes.is_empty() {
            self.mistakes.push(listing::nothing(&self.folder.display().to_string()));
        }
        let program = self.interpreter.program;
        let (mut report, holders) = self.interpreter.finish()?;
        report.missing = missing(program, self.sources, &sources);
        Ok(Imported { report, mistakes: self.mistakes, holders })
    }
}

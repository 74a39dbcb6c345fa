//! An import from start to end: files are listed, read once to learn and once to tell, and what is missing is found.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Read as _};
use std::path::Path;

use crate::bitrix24::catalog::{Set, Source};
use crate::bitrix24::holders::Holders;
use crate::bitrix24::interpret::Interpreter;
use crate::bitrix24::listing::{self, Holds, Input, inputs, table};
use crate::bitrix24::methods::rivals;
use crate::bitrix24::missing::missing;
use crate::bitrix24::read::{Dump, Place, Reading, Record, Totals, read_dump, read_responses, read_table};
use crate::bitrix24::reason::Reason;
use crate::bitrix24::report::{Read, Report};
use crate::bitrix24::{Options, Sink};
use crate::compiler::diagnostic::Diagnostic;
use crate::compiler::program::{Constant, Program};
use crate::compiler::source::Sources;
use crate::facts::window::{Source as Bytes, Window};
use crate::facts::{Files, Kind, Levels, finding};

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
/// Every file is read once or twice. In memory are small tables, an entry for each thing that is left out, and sixteen
/// bytes for each session with an activity. The error is that of the sink.
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
        learning: true,
        broken: BTreeSet::new(),
        mistakes: Vec::new(),
    };
    import.list();
    import.learn();
    import.tell();
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
    /// Whether the files are read to learn.
    learning: bool,
    /// The files that could not be read to learn, and are told already.
    broken: BTreeSet<String>,
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
            let teaches = match &input.holds {
                Holds::Dump => true,
                Holds::Table { source, .. } | Holds::Responses { source, .. } => !source.lessons.is_empty(),
            };
            if teaches && self.file(&input).is_none() {
                self.broken.insert(input.name);
            }
        }
        self.interpreter.learned.finish();
        self.learning = false;
    }

    fn tell(&mut self) {
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

    /// Reads a file; `None`, and a mistake, where it can't be read to its end.
    fn file(&mut self, input: &Input) -> Option<Totals> {
        let path = self.folder.join(&input.name);
        let shown = path.display().to_string();
        let opened = self.files.open(&path);
        let reader = opened.map_err(|error| self.mistakes.push(finding::unreadable(&shown, &error))).ok()?;
        let mut reader = input.compression.decode(reader);
        let encoding = self.interpreter.options.encoding;
        if let Some(encoding) = encoding {
            reader = encoding.decode(reader);
        }
        let read = match &input.holds {
            Holds::Responses { source, .. } | Holds::Table { source, .. } if !self.learning => {
                self.read(&input.name, source.name)
            }
            _ => 0,
        };
        let told = |method: &str, relation: &str| {
            !rivals(method)
                .iter()
                .any(|(table, relations)| self.tables.contains(table) && relations.contains(&relation))
        };
        let window = Window::new(Bytes::Straight(reader.by_ref()));
        let reading = Reading { window, name: &shown, sources: self.sources, decoded: encoding.is_some() };
        let interpreter = &mut self.interpreter;
        let learning = self.learning;
        let mut take =
            |source: &'static Source, object: &str, record: &Record, told: &dyn Fn(&str) -> bool| match learning {
                true => interpreter.learn(source, object, record),
                false => interpreter.tell(source, object, record, read, told),
            };
        let outcome = match &input.holds {
            Holds::Responses { source, object, .. } => {
                let method = listing::shown(source.name, object);
                read_responses(reading, source, &mut |record| {
                    take(source, object, record, &|relation| told(&method, relation));
                })
            }
            Holds::Table { source, object, delimiter } => {
                let rows =
                    read_table(reading, *delimiter, source, &mut |record| take(source, object, record, &|_| true));
                rows.map(|records| Totals { records, ..Totals::default() })
            }
            Holds::Dump => {
                let mut tables = Tables {
                    file: &input.name,
                    learning,
                    interpreter,
                    tables: &mut self.tables,
                    reads: BTreeMap::new(),
                };
                read_dump(reading, &mut tables).map(|()| Totals::default())
            }
        };
        outcome.map_err(|mistake| self.mistakes.push(*mistake)).ok()
    }

    /// The number of a source in the report.
    fn read(&mut self, file: &str, source: &str) -> usize {
        add_read(&mut self.interpreter.report, file, source)
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

fn add_read(report: &mut Report, file: &str, source: &str) -> usize {
    report.read.push(Read { file: file.to_owned(), source: source.to_owned(), records: 0, facts: 0 });
    report.read.len() - 1
}

/// The tables of a dump.
struct Tables<'d, 'i> {
    file: &'d str,
    learning: bool,
    interpreter: &'d mut Interpreter<'i>,
    tables: &'d mut BTreeSet<&'static str>,
    /// The numbers of the tables in the report.
    reads: BTreeMap<String, usize>,
}

impl Tables<'_, '_> {
    fn number(&mut self, table: &str) -> usize {
        if let Some(number) = self.reads.get(table) {
            return *number;
        }
        let number = add_read(&mut self.interpreter.report, self.file, table);
        self.reads.insert(table.to_owned(), number);
        number
    }
}

impl Dump for Tables<'_, '_> {
    fn wanted(&mut self, name: &str) -> Option<&'static Source> {
        let (source, _) = table(name)?;
        self.tables.insert(source.name);
        (!self.learning || !source.lessons.is_empty()).then_some(source)
    }

    fn row(&mut self, name: &str, source: &'static Source, record: &Record) {
        let object = source.matches(name).unwrap_or_default().to_owned();
        if self.learning {
            return self.interpreter.learn(source, &object, record);
        }
        let number = self.number(name);
        self.interpreter.tell(source, &object, record, number, &|_| true);
    }

    fn passed(&mut self, name: &str, line: u32) {
        if !self.learning {
            let number = self.number("");
            let place = Place { line, record: None };
            self.interpreter.report.skip(Reason::OtherTable, number, Some(place), || name.to_owned());
        }
    }
}

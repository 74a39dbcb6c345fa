//! SQL dumps, statement by statement and row by row, in memory for one row: quotes and comments tell where a statement
//! ends, its head goes to the parser, and its rows are cut at their commas.

use std::ops::Range;

use memchr::{memchr, memchr2};
use rustc_hash::FxHashMap;

use crate::bitrix24::catalog::{Source, is_number};
use crate::bitrix24::read::aside::Give;
use crate::bitrix24::read::pieces::{Piece, Pieces, Rows};
use crate::bitrix24::read::statement::{Head, created, inserted};
use crate::bitrix24::read::table::missing_columns;
use crate::bitrix24::read::tuples;
use crate::bitrix24::read::unquoted::plain;
use crate::bitrix24::read::values::{self, Tuple, constant, quoted};
use crate::bitrix24::read::{Header, Reading, valid_text};
use crate::bitrix24::turn::Task;
use crate::compiler::codes::Code;
use crate::compiler::diagnostic::Diagnostic;
use crate::facts::finding::{self, Finding};

type Outcome<T> = Result<T, Box<Diagnostic>>;

/// Rows in so many bytes are cut at once.
const AT_ONCE: usize = 32 << 10;

/// Says what is done with the rows of a table, if anything.
pub(in crate::bitrix24) type Wanted<'w> = dyn FnMut(&str) -> Option<(&'static Source, Task)> + 'w;

/// Reads a dump, as far as statements begin up to the line `end`, where that is given.
pub(in crate::bitrix24) fn read(
    reading: Reading,
    end: Option<u32>,
    wanted: &mut Wanted,
    give: &mut Give<Piece>,
) -> Outcome<()> {
    let mut script = Script {
        reading,
        wanted,
        pieces: Pieces::new(give),
        tables: FxHashMap::default(),
        delimiter: vec![b';'],
        last: None,
        values: Vec::new(),
    };
    let read = script.statements(end);
    script.pieces.hand_over();
    read
}

struct Script<'r, 's, 'd> {
    reading: Reading<'r, 's>,
    wanted: &'d mut Wanted<'d>,
    pieces: Pieces<'d>,
    /// The columns of the tables that `CREATE TABLE` told of.
    tables: FxHashMap<String, Vec<String>>,
    /// What ends a statement: `;`, unless a `DELIMITER` line says otherwise.
    delimiter: Vec<u8>,
    /// The head of the last `INSERT`, which is mostly that of the next one too, and where its rows go.
    last: Option<(String, Target)>,
    /// Where the values of a row stand.
    values: Vec<Range<usize>>,
}

/// Where rows go.
enum Target {
    Nobody(String),
    Table { name: String, source: &'static Source, task: Task, header: Header },
}

impl Script<'_, '_, '_> {
    fn statements(&mut self, end: Option<u32>) -> Outcome<()> {
        self.reading.begin()?;
        while self.skip_blank()? && end.is_none_or(|end| self.reading.window.line() <= end) {
            self.statement()?;
        }
        Ok(())
    }

    fn statement(&mut self) -> Outcome<()> {
        self.fill(16)?;
        let word: Vec<u8> = self.rest().iter().take_while(|byte| byte.is_ascii_alphabetic()).copied().collect();
        match word.to_ascii_uppercase().as_slice() {
            b"INSERT" | b"REPLACE" if self.delimiter == b";" => self.insert(),
            b"CREATE" => self.create(),
            b"DELIMITER" => self.set_delimiter(),
            _ => self.skip_statement(),
        }
    }

    fn create(&mut self) -> Outcome<()> {
        let length = self.length(|_| false)?.0;
        let text = self.reading.text(length)?;
        let is_table = text.split_whitespace().nth(1).is_some_and(|word| word.eq_ignore_ascii_case("TABLE"));
        if is_table {
            // What the parser can't read is told where rows need it.
            if let Ok(Some(head)) = created(text) {
                self.tables.insert(head.table.to_ascii_lowercase(), head.columns);
                self.last = None;
            }
        }
        self.reading.window.pass(length);
        self.skip_statement()
    }

    fn insert(&mut self) -> Outcome<()> {
        let (length, found) = self.length(|word| word.eq_ignore_ascii_case(b"VALUES"))?;
        let head = self.reading.text(length)?.to_owned();
        if !found {
            self.no_values(&head, length)?;
            return self.skip_statement();
        }
        if self.last.as_ref().is_none_or(|(last, _)| *last != head) {
            let target = self.target(&head, length)?;
            self.last = Some((head, target));
        }
        self.reading.window.pass(length);
        let Some((head, target)) = self.last.take() else { return Ok(()) };
        let done = match &target {
            Target::Nobody(table) => {
                self.pieces.passed(table, self.reading.window.line());
                self.skip_statement()
            }
            Target::Table { name, source, task, header } => {
                self.pieces.table(name, source, *task);
                self.rows(header)
            }
        };
        self.last = Some((head, target));
        done
    }

    fn target(&mut self, head: &str, length: usize) -> Outcome<Target> {
        let parsed = inserted(head).map_err(|error| self.reading.fail(0..length, malformed(&error)))?;
        let Some(Head { table, columns }) = parsed else { return Ok(Target::Nobody(String::new())) };
        let table = table.to_ascii_lowercase();
        let Some((source, task)) = (self.wanted)(&table) else { return Ok(Target::Nobody(table)) };
        let names = if columns.is_empty() { self.tables.get(&table) } else { Some(&columns) };
        let Some(names) = names else {
            return Err(self.reading.fail(0..length, no_columns(&table)));
        };
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        match Header::of(source, &names) {
            Ok(header) => Ok(Target::Table { name: table, source, task, header: header.for_task(source, task) }),
            // Other information blocks have such a table too, without departments.
            Err(_) if source.name.contains('#') => Ok(Target::Nobody(table)),
            Err(missing) => Err(self.reading.fail(0..length, missing_columns(source, &missing))),
        }
    }

    /// An `INSERT` without `VALUES` is no matter where it concerns nobody.
    fn no_values(&mut self, head: &str, length: usize) -> Outcome<()> {
        let name = head.split(|c: char| c.is_whitespace() || "`(.".contains(c)).find(|word| word.starts_with("b_"));
        match name {
            Some(name) if (self.wanted)(name).is_some() => {
                Err(self.reading.fail(0..length, malformed("an `INSERT` whose rows are not listed")))
            }
            Some(name) => {
                self.pieces.passed(name, self.reading.window.line());
                Ok(())
            }
            None => Ok(()),
        }
    }

    fn rows(&mut self, header: &Header) -> Outcome<()> {
        loop {
            if !self.skip_blank()? {
                return Err(self.cut_short());
            }
            if self.rest()[0] != b'(' {
                return Err(self.reading.fail(0..1, malformed("expected a row in brackets")));
            }
            self.fill(AT_ONCE)?;
            if !self.rows_in_memory(header) {
                self.row(header)?;
            }
            match self.skip_blank()?.then(|| self.rest()[0]) {
                Some(b',') => self.reading.window.advance(1, 0),
                Some(b';') => {
                    self.reading.window.advance(1, 0);
                    return Ok(());
                }
                // `ON DUPLICATE KEY UPDATE …`
                Some(byte) if byte.is_ascii_alphabetic() => return self.skip_statement(),
                Some(_) => return Err(self.reading.fail(0..1, malformed("expected `,` or `;` behind a row"))),
                None => return Err(self.cut_short()),
            }
        }
    }

    /// Takes the rows that lie in memory, up to one that needs a closer look; whether there was any.
    fn rows_in_memory(&mut self, header: &Header) -> bool {
        let Script { reading, pieces, values, .. } = self;
        let (rest, line) = (reading.window.rest(), reading.window.line());
        let text = valid_text(&rest[..rest.len().min(AT_ONCE)]);
        let taken = tuples::rows(text, values, |row, values, lines| {
            push(pieces.rows(), header, values, row, line.saturating_add(lines)).is_ok()
        });
        reading.window.advance(taken.bytes, taken.lines);
        taken.bytes > 0
    }

    /// Takes the row that starts here, read whole into memory.
    fn row(&mut self, header: &Header) -> Outcome<()> {
        let length = loop {
            if let Tuple::Whole(length) = values::cut(self.reading.window.rest(), &mut self.values) {
                break length;
            }
            if !self.more()? {
                return Err(self.cut_short());
            }
        };
        let Ok(row) = std::str::from_utf8(&self.reading.window.rest()[..length]) else {
            let fits = self.values.len() == header.width;
            return Err(if fits { self.reading.no_text(length) } else { self.ragged(header, length) });
        };
        let pushed = push(self.pieces.rows(), header, &self.values, row, self.reading.window.line());
        match pushed {
            Ok(()) => {
                self.reading.window.pass(length);
                Ok(())
            }
            Err(Unusable::Width) => Err(self.ragged(header, length)),
            Err(Unusable::Value(value)) => Err(self.reading.fail(value, malformed("a value that is no constant"))),
        }
    }

    fn ragged(&mut self, header: &Header, length: usize) -> Box<Diagnostic> {
        let message = format!("a row of {} values for {} columns", self.values.len(), header.width);
        self.reading.fail(0..length, malformed(&message))
    }

    fn set_delimiter(&mut self) -> Outcome<()> {
        loop {
            if let Some(end) = self.rest().iter().position(|byte| *byte == b'\n') {
                let word = self.rest()[b"DELIMITER".len()..end].trim_ascii().to_vec();
                self.delimiter = if word.is_empty() { vec![b';'] } else { word };
                self.reading.window.advance(end + 1, 1);
                return Ok(());
            }
            if !self.more()? {
                let length = self.rest().len();
                self.reading.window.pass(length);
                return Ok(());
            }
        }
    }

    /// The length of what starts here, up to its delimiter or behind the first word outside of brackets that is meant;
    /// whether there was that word. It is read whole into memory.
    fn length(&mut self, is_meant: fn(&[u8]) -> bool) -> Outcome<(usize, bool)> {
        let (mut at, mut depth) = (0, 0_usize);
        loop {
            self.fill(at + 2)?;
            let rest = self.rest();
            let Some(byte) = rest.get(at) else { return Err(self.cut_short()) };
            if rest[at..].starts_with(&self.delimiter) {
                return Ok((at, false));
            }
            let word = rest[at..].iter().take_while(|byte| byte.is_ascii_alphanumeric() || **byte == b'_').count();
            let piece = match byte {
                b'\'' | b'"' | b'`' => quoted(&rest[at..]),
                _ if word > 0 && at + word == rest.len() => None,
                _ if word > 0 && depth == 0 && is_meant(&rest[at..at + word]) => return Ok((at + word, true)),
                _ => Some(word.max(1)),
            };
            match (byte, piece) {
                (b'(', _) => depth += 1,
                (b')', _) => depth = depth.saturating_sub(1),
                _ => {}
            }
            match piece {
                Some(length) => at += length,
                None if !self.more()? => return Err(self.cut_short()),
                None => {}
            }
        }
    }

    /// Goes behind the delimiter of the statement that starts here, however long it is.
    fn skip_statement(&mut self) -> Outcome<()> {
        loop {
            let rest = self.rest();
            let plain = plain(&rest[..rest.len().min(AT_ONCE)], self.delimiter[0]);
            self.reading.window.advance(plain.bytes, plain.lines);
            self.fill(self.delimiter.len().max(3))?;
            if self.rest().starts_with(&self.delimiter) {
                self.reading.window.advance(self.delimiter.len(), 0);
                return Ok(());
            }
            match self.rest().first().copied() {
                // The last statement of a script may do without.
                None => return Ok(()),
                Some(b'\'' | b'"' | b'`') => self.skip_quoted()?,
                Some(_) if self.skip_comment()? => {}
                Some(_) => self.reading.window.pass(1),
            }
        }
    }

    fn skip_quoted(&mut self) -> Outcome<()> {
        let quote = self.rest()[0];
        self.reading.window.advance(1, 0);
        loop {
            let rest = self.rest();
            let found = if quote == b'`' { memchr(quote, rest) } else { memchr2(quote, b'\\', rest) };
            let Some(at) = found else {
                let length = rest.len();
                self.reading.window.pass(length);
                if !self.more()? {
                    return Err(self.cut_short());
                }
                continue;
            };
            let is_end = rest[at] == quote;
            self.fill(at + 2)?;
            let length = (at + if is_end { 1 } else { 2 }).min(self.rest().len());
            self.reading.window.pass(length);
            if is_end {
                return Ok(());
            }
        }
    }

    /// Goes behind space, comments and delimiters; false at the end of the file.
    fn skip_blank(&mut self) -> Outcome<bool> {
        loop {
            let space = self.rest().iter().position(|byte| !byte.is_ascii_whitespace()).unwrap_or(self.rest().len());
            self.reading.window.pass(space);
            self.fill(3)?;
            if self.rest().is_empty() {
                return Ok(false);
            }
            if !self.rest()[0].is_ascii_whitespace() && !self.skip_comment()? {
                return Ok(true);
            }
        }
    }

    /// Goes behind the comment that starts here, if one does. What MySQL alone is to run, `/*! … */`, counts as one.
    fn skip_comment(&mut self) -> Outcome<bool> {
        let end: &[u8] = match self.rest() {
            [b'/', b'*', ..] => b"*/",
            [b'-', b'-', next, ..] if next.is_ascii_whitespace() => b"\n",
            [b'-', b'-'] | [b'#', ..] => b"\n",
            _ => return Ok(false),
        };
        loop {
            let found = self.rest().windows(end.len()).position(|window| window == end);
            let length = found.map_or(self.rest().len().saturating_sub(1), |at| at + end.len());
            self.reading.window.pass(length);
            if found.is_some() {
                return Ok(true);
            }
            if !self.more()? {
                let rest = self.rest().len();
                self.reading.window.pass(rest);
                return Ok(true);
            }
        }
    }

    fn rest(&self) -> &[u8] {
        self.reading.window.rest()
    }

    fn more(&mut self) -> Outcome<bool> {
        let more = self.reading.window.more();
        self.reading.take(more)
    }

    /// Reads on until so many bytes are in memory, or all there are.
    fn fill(&mut self, bytes: usize) -> Outcome<()> {
        while self.rest().len() < bytes {
            if !self.more()? {
                return Ok(());
            }
        }
        Ok(())
    }

    fn cut_short(&mut self) -> Box<Diagnostic> {
        let length = self.rest().len();
        self.reading.fail(0..length, finding::truncated("the dump ends before its statement does", "not finished"))
    }
}

/// Why a row can't be taken.
enum Unusable {
    Width,
    Value(Range<usize>),
}

/// Adds a row, whose values stand there in its text.
#[inline]
fn push(rows: &mut Rows, header: &Header, values: &[Range<usize>], row: &str, line: u32) -> Result<(), Unusable> {
    if values.len() != header.width {
        return Err(Unusable::Width);
    }
    for column in &header.columns {
        let Some(column) = column else {
            rows.push("");
            continue;
        };
        let range = &values[*column];
        let value = row.get(range.clone()).unwrap_or_default();
        // Most are ids.
        if is_number(value) {
            rows.push(value);
            continue;
        }
        let Some(text) = constant(value) else {
            rows.take_back();
            return Err(Unusable::Value(range.clone()));
        };
        rows.push(&text);
    }
    rows.end(line);
    Ok(())
}

fn malformed(what: &str) -> Finding {
    Finding::new(Code::MalformedSql, format!("not a dump of rows: {what}"), "can't be read")
        .help("write the dump with `mysqldump`, or export the table as TSV with `mysql --batch`")
}

fn no_columns(table: &str) -> Finding {
    let message = format!("nothing tells the columns of `{table}`");
    Finding::new(Code::MalformedSql, message, "the columns are not named here")
        .note("they stand in the `CREATE TABLE` above the rows, or behind the name of the table")
        .help("dump the table without `--no-create-info`, or with `--complete-insert`")
}

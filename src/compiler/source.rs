//! Texts and places in them: every diagnostic, rule and fact of a rule file points here.
//! A `Source` is a rule file, a query, or the excerpt of a data file around a mistake.

use std::fmt;

/// The number of a source in its [`Sources`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SourceId(pub u32);

/// A stretch of one source, in bytes of its text; both ends lie on character boundaries.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    /// The source it lies in.
    pub source: SourceId,
    /// Offset of the first byte.
    pub start: u32,
    /// Offset behind the last byte.
    pub end: u32,
}

impl Span {
    /// The smallest span that holds both; `other` lies in the same source.
    pub fn to(self, other: Span) -> Span {
        Span { source: self.source, start: self.start.min(other.start), end: self.end.max(other.end) }
    }
}

/// Where a text comes from, which decides its standing: the policy, what is added to it, or neither.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Origin {
    /// A file of the built-in policy.
    BuiltIn,
    /// A file given with `--policy`, in place of the built-in policy.
    Policy,
    /// A file given with `--rules`, added to the policy.
    Rules,
    /// The text of a query.
    Query,
    /// An excerpt of a data file.
    Data,
}

/// One text with the name a person knows it by.
#[derive(Debug)]
pub struct Source {
    /// The path as given, or `<query>`.
    pub name: String,
    /// The text; for data, the excerpt that holds the mistake.
    pub text: String,
    /// What the text is part of.
    pub origin: Origin,
    /// The line number, from 1, of the first line of `text` in the file: 1 but for excerpts.
    pub first_line: u32,
    /// The column, from 1, of its first character: 1 but for excerpts.
    pub first_column: u32,
    /// The offset of `text` in the file, in bytes: 0 but for excerpts.
    pub first_byte: u64,
    line_starts: Vec<u32>,
}

/// A place as people and editors count it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LineColumn {
    /// From 1.
    pub line: u32,
    /// From 1, in characters.
    pub column: u32,
}

/// Where a record of data or a statement stands. Its file need not be among the sources.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Site {
    /// The path of the file as given.
    pub file: String,
    /// What the file is part of.
    pub origin: Origin,
    /// Where in the file.
    pub at: Spot,
}

/// A place in a file, or all of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Spot {
    /// The file as such.
    Whole,
    /// A line, from 1.
    Line(u32),
    /// A JSON path, as `works_in[3]`.
    Path(String),
}

/// `works_in.csv`, `works_in.csv:7`, `portal.json works_in[3]`
impl fmt::Display for Site {
    fn fmt(&self, formatter: &mut fmt::Formatter) -> fmt::Result {
        match &self.at {
            Spot::Whole => formatter.write_str(&self.file),
            Spot::Line(line) => write!(formatter, "{}:{line}", self.file),
            Spot::Path(path) => write!(formatter, "{} {path}", self.file),
        }
    }
}

impl Source {
    /// Text longer than 4 GiB is cut by the caller, who reports it; offsets are 32 bits wide.
    fn new(name: String, text: String, origin: Origin) -> Source {
        let line_starts = std::iter::once(0)
            .chain(text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n').map(|(at, _)| at as u32 + 1))
            .collect();
        Source { name, text, origin, first_line: 1, first_column: 1, first_byte: 0, line_starts }
    }

    /// Line and column of a byte offset, in the numbers of the whole file.
    pub fn line_column(&self, offset: u32) -> LineColumn {
        let line = self.line_starts.partition_point(|start| *start <= offset) - 1;
        let start = self.line_starts[line] as usize;
        let before = self.text.get(start..offset as usize).unwrap_or("");
        let first_column = if line == 0 { self.first_column } else { 1 };
        LineColumn { line: self.first_line + line as u32, column: first_column + before.chars().count() as u32 }
    }
}

/// All the texts of one run, by number.
#[derive(Debug, Default)]
pub struct Sources {
    sources: Vec<Source>,
}

impl Sources {
    /// Adds a whole text, and drops a byte order mark at its start.
    pub fn add(&mut self, name: impl Into<String>, text: impl Into<String>, origin: Origin) -> SourceId {
        let mut text = text.into();
        let mut first_byte = 0;
        if text.starts_with('\u{feff}') {
            text.drain(..'\u{feff}'.len_utf8());
            first_byte = '\u{feff}'.len_utf8() as u64;
        }
        self.push(Source { first_byte, ..Source::new(name.into(), text, origin) })
    }

    /// Adds the part of a data file that a diagnostic shows, which begins at that place and byte of the file.
    pub fn add_excerpt(
        &mut self,
        name: impl Into<String>,
        text: impl Into<String>,
        first: LineColumn,
        first_byte: u64,
    ) -> SourceId {
        let (first_line, first_column) = (first.line, first.column);
        let source = Source::new(name.into(), text.into(), Origin::Data);
        self.push(Source { first_line, first_column, first_byte, ..source })
    }

    /// Gives a whole text that was added another content, and returns the one it had. Spans in it say nothing any more.
    pub fn replace(&mut self, id: SourceId, text: String) -> String {
        let old = &mut self.sources[id.0 as usize];
        let (name, first_byte) = (std::mem::take(&mut old.name), old.first_byte);
        let new = Source { first_byte, ..Source::new(name, text, old.origin) };
        std::mem::replace(old, new).text
    }

    fn push(&mut self, source: Source) -> SourceId {
        self.sources.push(source);
        SourceId(self.sources.len() as u32 - 1)
    }

    /// The source of that number.
    pub fn get(&self, id: SourceId) -> &Source {
        &self.sources[id.0 as usize]
    }

    /// Every source with its number, in the order they were added.
    pub fn iter(&self) -> impl Iterator<Item = (SourceId, &Source)> {
        self.sources.iter().enumerate().map(|(number, source)| (SourceId(number as u32), source))
    }

    /// A span of that source, widened to character boundaries and cut to the text.
    pub fn span(&self, source: SourceId, start: usize, end: usize) -> Span {
        let text = &self.get(source).text;
        let start = floor_boundary(text, start.min(text.len()));
        let mut end = end.clamp(start, text.len());
        while !text.is_char_boundary(end) {
            end += 1;
        }
        Span { source, start: start as u32, end: end as u32 }
    }

    /// The text under a span.
    pub fn text(&self, span: Span) -> &str {
        self.get(span.source).text.get(span.start as usize..span.end as usize).unwrap_or("")
    }

    /// The text under a span on one line.
    pub fn quoted(&self, span: Span) -> String {
        on_one_line(self.text(span))
    }

    /// The line on which a span begins.
    pub fn site(&self, span: Span) -> Site {
        let source = self.get(span.source);
        let line = source.line_column(span.start).line;
        Site { file: source.name.clone(), origin: source.origin, at: Spot::Line(line) }
    }

    /// `file:line`, the way a rule without an `@id` is called.
    pub fn file_and_line(&self, span: Span) -> String {
        self.site(span).to_string()
    }
}

/// A piece of a rule as a message quotes it, where it may stand on several lines; no string does.
pub fn on_one_line(text: &str) -> String {
    let mut line = String::with_capacity(text.len());
    for piece in text.lines().map(str::trim).filter(|piece| !piece.is_empty()) {
        if !(line.is_empty() || line.ends_with('(') || piece.starts_with(')')) {
            line.push(' ');
        }
        line.push_str(piece);
    }
    line
}

fn floor_boundary(text: &str, mut at: usize) -> usize {
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

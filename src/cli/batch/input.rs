//! Requests in stretches of whole records, numbered in order.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use memchr::{memchr, memchr_iter, memrchr};

use crate::cli::request::shortened;
use crate::cli::workspace::Failure;
use rolecall::facts::{Compression, csv_records};
use rolecall::report::escape::escape;

/// A stretch is at least this long, in bytes, where the input has as much.
const STRETCH: usize = 1 << 18;
/// A record may be this long.
const LONGEST_RECORD: usize = 16 << 20;

/// The form of the requests.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// An AuthZEN object a line.
    Lines,
    /// CSV; the columns of subject, action and resource.
    Csv([usize; 3]),
}

/// Some whole records.
pub struct Stretch {
    /// Its place in the order, from 0.
    pub number: u64,
    /// The number of its first line, from 1.
    pub first_line: u64,
    /// The bytes, up to and with the end of the last line.
    pub bytes: Vec<u8>,
    /// Whether this is one record alone, which is too long to be read.
    pub is_too_long: bool,
}

/// What is said of a record that is too long.
pub fn too_long() -> String {
    format!("the request is longer than {} MiB", LONGEST_RECORD >> 20)
}

impl Stretch {
    /// The lines that are not blank, with their numbers.
    pub fn lines(&self) -> impl Iterator<Item = (&[u8], u64)> {
        let mut start = 0;
        let ends = memchr_iter(b'\n', &self.bytes).chain([self.bytes.len()]);
        let trimmed = ends.zip(self.first_line..).map(move |(end, number)| {
            let line = self.bytes[start..end].trim_ascii();
            start = end + 1;
            let line = if number == 1 { line.strip_prefix(b"\xef\xbb\xbf").unwrap_or(line) } else { line };
            (line, number)
        });
        trimmed.filter(|(line, _)| !line.is_empty())
    }

    /// The records of CSV, as subject, action and resource, with the numbers of their lines.
    pub fn records(&self, columns: [usize; 3]) -> impl Iterator<Item = (Result<[String; 3], String>, u64)> {
        let in_order = move |fields: Vec<String>| match fields.len() == columns.len() {
            true => Ok(columns.map(|column| fields[column].clone())),
            false => Err(format!("{} fields, but the header has {}", fields.len(), columns.len())),
        };
        csv_records(&self.bytes, self.first_line).map(move |(record, number)| (record.and_then(in_order), number))
    }
}

/// The stream of requests.
pub struct Input {
    name: String,
    reader: Box<dyn Read + Send>,
    form: Form,
    rest: Vec<u8>,
    /// How much of the rest has been looked through for ends of records.
    searched: usize,
    /// Whether a quote is open there.
    quoted: bool,
    /// The last end of a record that was found.
    end: Option<usize>,
    ended: bool,
    stretches: u64,
    lines: u64,
}

impl Input {
    /// Opens a file, or standard input for `-`. A name that ends in `.csv` is CSV; `.gz` or `.zst` behind it is
    /// decoded.
    pub fn open(path: &Path) -> Result<Input, Failure> {
        let name = escape(&path.display().to_string()).into_owned();
        let file_name = path.file_name().unwrap_or_default().to_string_lossy().to_ascii_lowercase();
        let (file_name, compression) = Compression::of(&file_name);
        let reader: Box<dyn Read + Send> = match path.as_os_str() == "-" {
            true => Box::new(io::stdin()),
            false => {
                let file = File::open(path).and_then(|file| match file.metadata()?.is_dir() {
                    true => Err(io::Error::from(io::ErrorKind::IsADirectory)),
                    false => Ok(file),
                });
                compression.decode(file.map_err(|error| Failure::Message(format!("can't read {name}: {error}")))?)
            }
        };
        let csv = file_name.ends_with(".csv");
        let (form, rest) = (Form::Lines, Vec::new());
        let (searched, quoted, end, ended, stretches, lines) = (0, false, None, false, 0, 0);
        let mut input = Input { name, reader, form, rest, searched, quoted, end, ended, stretches, lines };
        if csv {
            input.read_header()?;
        }
        Ok(input)
    }

    /// Takes the header of CSV off, and finds the columns.
    fn read_header(&mut self) -> Result<(), Failure> {
        self.read_more()?;
        let end = memchr(b'\n', &self.rest).map_or(self.rest.len(), |at| at + 1);
        let header: Vec<u8> = self.rest.drain(..end).collect();
        self.lines = 1;
        let header = header.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&header);
        let names = csv_records(header, 1).next().and_then(|(names, _)| names.ok()).unwrap_or_default();
        let column = |wanted: &str| names.iter().position(|name| name == wanted);
        match (column("subject"), column("action"), column("resource")) {
            (Some(subject), Some(action), Some(resource)) if names.len() == 3 => {
                self.form = Form::Csv([subject, action, resource]);
                Ok(())
            }
            _ => Err(Failure::Message(format!(
                "{}: the header of the requests is `{}`, but `subject,action,resource` is expected",
                self.name,
                shortened(&escape(&names.join(",")))
            ))),
        }
    }

    /// The form of the requests.
    pub fn form(&self) -> Form {
        self.form
    }

    /// The next records; `None` at the end.
    pub fn next(&mut self) -> Result<Option<Stretch>, Failure> {
        loop {
            if let Some(end) = self.last_record_end() {
                let rest = self.rest.split_off(end);
                self.searched = self.searched.saturating_sub(end);
                let bytes = std::mem::replace(&mut self.rest, rest);
                let lines = line_ends(&bytes);
                return Ok(Some(self.stretch(bytes, lines, false)));
            }
            if self.ended {
                return Ok(None);
            }
            if self.rest.len() > STRETCH + LONGEST_RECORD {
                let lines = self.pass_record()?;
                return Ok(Some(self.stretch(Vec::new(), lines, true)));
            }
            self.read_more()?;
        }
    }

    fn stretch(&mut self, bytes: Vec<u8>, lines: u64, is_too_long: bool) -> Stretch {
        let stretch = Stretch { number: self.stretches, first_line: self.lines + 1, bytes, is_too_long };
        self.stretches += 1;
        self.lines += lines;
        stretch
    }

    /// Passes over a record without keeping it; how many lines it ends. All of the rest is its beginning.
    fn pass_record(&mut self) -> Result<u64, Failure> {
        let mut lines = 0;
        loop {
            lines += line_ends(&self.rest);
            self.rest.clear();
            self.searched = 0;
            if self.ended {
                return Ok(lines);
            }
            self.read_more()?;
            let end = match self.form {
                Form::Lines => memchr(b'\n', &self.rest).map(|at| at + 1),
                Form::Csv(_) => ends_outside_quotes(&self.rest, &mut self.quoted).next(),
            };
            if let Some(end) = end {
                self.rest.drain(..end).for_each(|byte| lines += u64::from(byte == b'\n'));
                return Ok(lines);
            }
        }
    }

    /// The end of the last whole record, once there is enough of them or nothing follows.
    fn last_record_end(&mut self) -> Option<usize> {
        if self.ended {
            return (!self.rest.is_empty()).then_some(self.rest.len());
        }
        self.search();
        if self.rest.len() < STRETCH { None } else { self.end.take() }
    }

    /// Looks through what was read since the last time.
    fn search(&mut self) {
        let new = &self.rest[self.searched..];
        let found = match self.form {
            Form::Lines => memrchr(b'\n', new).map(|at| at + 1),
            Form::Csv(_) => ends_outside_quotes(new, &mut self.quoted).last(),
        };
        self.end = found.map(|end| self.searched + end).or(self.end);
        self.searched = self.rest.len();
    }

    fn read_more(&mut self) -> Result<(), Failure> {
        let start = self.rest.len();
        let read = self.reader.by_ref().take(STRETCH as u64).read_to_end(&mut self.rest);
        read.map_err(|error| Failure::Message(format!("can't read {}: {error}", self.name)))?;
        self.ended = self.rest.len() - start < STRETCH;
        Ok(())
    }
}

/// The ends of records of CSV. Quotes open and close in turn, doubled ones too, so a line ends a record after an even
/// number of them.
fn ends_outside_quotes<'b>(bytes: &'b [u8], quoted: &'b mut bool) -> impl Iterator<Item = usize> + 'b {
    bytes.iter().enumerate().filter_map(|(at, byte)| {
        *quoted ^= *byte == b'"';
        (*byte == b'\n' && !*quoted).then_some(at + 1)
    })
}

fn line_ends(bytes: &[u8]) -> u64 {
    memchr_iter(b'\n', bytes).count() as u64
}

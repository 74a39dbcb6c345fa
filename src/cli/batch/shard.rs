//! `--shard K/N`: the part of the requests that one of several runs decides. The parts follow each other, so that
//! the outputs of all runs, one after the other, are the output of a single run.

use std::ops::Range;
use std::path::Path;
use std::str::FromStr;

use crate::cli::batch::input::{Form, Input, Stretch};
use crate::cli::workspace::Failure;

/// Part `number` (from 1) of `of`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shard {
    number: u64,
    of: u64,
}

impl FromStr for Shard {
    type Err = String;

    fn from_str(text: &str) -> Result<Shard, String> {
        let numbers = text.split_once('/').and_then(|(number, of)| Some((number.parse().ok()?, of.parse().ok()?)));
        match numbers {
            Some((number, of)) if (1..=of).contains(&number) => Ok(Shard { number, of }),
            _ => Err("write the number of the part and of all parts, as in `2/8`".to_owned()),
        }
    }
}

impl Shard {
    /// The records of the part, of so many in all. Parts differ by at most one record.
    fn range(self, records: u64) -> Range<u64> {
        let start = |part: u64| (u128::from(records) * u128::from(part) / u128::from(self.of)) as u64;
        start(self.number - 1)..start(self.number)
    }
}

/// The stream of the requests that one run decides.
pub struct Requests {
    input: Input,
    /// The records to decide, counted from 0; `None` for all.
    wanted: Option<Range<u64>>,
    records: u64,
    stretches: u64,
}

impl Requests {
    /// Opens the requests. For a shard they are read twice: once to count them.
    pub fn open(path: &Path, shard: Option<Shard>) -> Result<Requests, Failure> {
        let wanted = match shard {
            None => None,
            Some(_) if path.as_os_str() == "-" => {
                let why = "a shard has to count the requests first, so it can't read them from standard input";
                return Err(Failure::Message(why.to_owned()));
            }
            Some(shard) => Some(shard.range(count(Input::open(path)?)?)),
        };
        Ok(Requests { input: Input::open(path)?, wanted, records: 0, stretches: 0 })
    }

    /// The form of the requests.
    pub fn form(&self) -> Form {
        self.input.form()
    }

    /// The next records to decide; `None` at the end. The stretches are numbered without a gap.
    pub fn next(&mut self) -> Result<Option<Stretch>, Failure> {
        let Some(wanted) = self.wanted.clone() else { return self.input.next() };
        while self.records < wanted.end
            && let Some(mut stretch) = self.input.next()?
        {
            let ends = record_ends(self.input.form(), &stretch);
            let first = self.records;
            self.records += ends.len() as u64;
            if self.records <= wanted.start {
                continue;
            }
            // The end of the last record that belongs to another part, on either side.
            let end_of = |record: u64| match record.checked_sub(first) {
                None | Some(0) => 0,
                Some(before) => ends.get(before as usize - 1).copied().unwrap_or(stretch.bytes.len()),
            };
            let (start, end) = (end_of(wanted.start), end_of(wanted.end));
            stretch.first_line += stretch.bytes[..start].iter().filter(|byte| **byte == b'\n').count() as u64;
            stretch.bytes.truncate(end);
            stretch.bytes.drain(..start);
            stretch.number = self.stretches;
            self.stretches += 1;
            return Ok(Some(stretch));
        }
        Ok(None)
    }
}

fn count(mut input: Input) -> Result<u64, Failure> {
    let mut records = 0;
    while let Some(stretch) = input.next()? {
        records += record_ends(input.form(), &stretch).len() as u64;
    }
    Ok(records)
}

/// Where each record of a stretch ends. Quotes open and close in turn, doubled ones too, so a line of CSV ends a
/// record after an even number of them.
fn record_ends(form: Form, stretch: &Stretch) -> Vec<usize> {
    let bytes = &stretch.bytes;
    if stretch.is_too_long {
        return vec![bytes.len()];
    }
    let mut quoted = false;
    let mut ends = Vec::new();
    for (at, byte) in bytes.iter().enumerate() {
        match byte {
            b'"' => quoted = !quoted && form != Form::Lines,
            b'\n' if !quoted => ends.push(at + 1),
            _ => {}
        }
    }
    if ends.last().copied().unwrap_or(0) < bytes.len() {
        ends.push(bytes.len());
    }
    ends
}

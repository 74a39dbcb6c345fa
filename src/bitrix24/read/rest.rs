//! Responses of REST methods: one, or several one after the other; each an envelope with `result`, or a bare array.
//! Records are read one by one, so that a file may be larger than memory.

use crate::bitrix24::catalog::Source;
use crate::bitrix24::read::cell::{Place, Record, Values};
use crate::bitrix24::read::json::{Json, TWICE};
use crate::bitrix24::read::{Reading, Take};
use crate::compiler::codes::Code;
use crate::compiler::diagnostic::Diagnostic;
use crate::facts::finding::{self, Finding};
use crate::facts::json_record::error_offset;
use crate::facts::json_scan::{is_space, value_length};

/// What the envelopes of a file say of the whole.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(in crate::bitrix24) struct Totals {
    /// Records that were read.
    pub records: u64,
    /// The highest `total`.
    pub total: Option<u64>,
    /// The `next` of the last envelope: there are more pages.
    pub next: Option<u64>,
}

type Outcome<T> = Result<T, Box<Diagnostic>>;

/// Reads a file of responses to its end.
pub(in crate::bitrix24) fn read(reading: Reading, source: &'static Source, take: &mut Take) -> Outcome<Totals> {
    let mut responses = Responses { reading, source, take, totals: Totals::default(), seen: Vec::new() };
    responses.reading.begin()?;
    if responses.next()?.is_none() {
        return Err(responses.fail(0, finding::truncated("the file is empty", "no response here")));
    }
    while let Some(byte) = responses.next()? {
        responses.response(byte)?;
    }
    Ok(responses.totals)
}

struct Responses<'f, 'r, 's, 't> {
    reading: Reading<'r, 's>,
    source: &'static Source,
    take: &'f mut Take<'t>,
    totals: Totals,
    /// The members of the envelope so far.
    seen: Vec<String>,
}

impl Responses<'_, '_, '_, '_> {
    fn response(&mut self, first: u8) -> Outcome<()> {
        match first {
            b'[' => self.array(),
            b'{' => self.envelope(),
            _ => Err(self.fail(1, finding::expected("a response, `{\"result\": …}` or an array"))),
        }
    }

    fn envelope(&mut self) -> Outcome<()> {
        self.reading.window.advance(1, 0);
        self.totals.next = None;
        self.seen.clear();
        if self.next()? != Some(b'}') {
            loop {
                self.member()?;
                if self.expect(b",}", "`,` or `}`")? == b'}' {
                    break;
                }
            }
        } else {
            self.reading.window.advance(1, 0);
        }
        match self.seen.iter().any(|name| name == "result") {
            true => Ok(()),
            false => Err(self.fail(0, no_result())),
        }
    }

    fn member(&mut self) -> Outcome<()> {
        self.next()?;
        let length = self.value("the name of a member")?;
        let name = match self.parse(length)? {
            Json::Text(name) if self.reading.window.rest()[0] == b'"' => name,
            _ => return Err(self.fail(length, finding::expected("the name of a member, in double quotes"))),
        };
        if self.seen.contains(&name) {
            return Err(self.fail(length, finding::duplicate_key(&name)));
        }
        self.reading.window.pass(length);
        self.expect(b":", "`:`")?;
        let first = self.next()?;
        if name == "result" && first == Some(b'[') {
            self.array()?;
        } else {
            let length = self.value("a value")?;
            let value = self.parse(length)?;
            self.named(&name, &value, length)?;
            self.reading.window.pass(length);
        }
        self.seen.push(name);
        Ok(())
    }

    fn named(&mut self, name: &str, value: &Json, length: usize) -> Outcome<()> {
        let number = match value {
            Json::Text(text) => text.parse().ok(),
            _ => None,
        };
        match name {
            "error" => return Err(self.fail(length, failed_response(value))),
            "total" => self.totals.total = self.totals.total.max(number),
            "next" => self.totals.next = number,
            "result" => self.result(value, length)?,
            _ => {}
        }
        Ok(())
    }

    /// A `result` that is no array: a record, or an object whose `items` are records.
    fn result(&mut self, value: &Json, length: usize) -> Outcome<()> {
        match (value, value.member("items")) {
            (_, Some(Json::List(items))) => {
                for (number, item) in items.iter().enumerate() {
                    self.record(item, number as u32, length)?;
                }
                Ok(())
            }
            (Json::Object(members), _) if !members.is_empty() => self.record(value, 0, length),
            (Json::Object(_) | Json::Null, _) => Ok(()),
            _ => Err(self.fail(length, finding::expected("an array of records"))),
        }
    }

    /// The records up to the closing bracket.
    fn array(&mut self) -> Outcome<()> {
        self.reading.window.advance(1, 0);
        if self.next()? == Some(b']') {
            self.reading.window.advance(1, 0);
            return Ok(());
        }
        for number in 0.. {
            self.next()?;
            let length = self.value("a record")?;
            let record = self.parse(length)?;
            self.record(&record, number, length)?;
            self.reading.window.pass(length);
            if self.expect(b",]", "`,` or `]`")? == b']' {
                break;
            }
        }
        Ok(())
    }

    fn record(&mut self, record: &Json, number: u32, length: usize) -> Outcome<()> {
        if !matches!(record, Json::Object(_)) {
            return Err(self.fail(length, finding::expected("a record, `{\"ID\": \"5\", …}`")));
        }
        self.totals.records += 1;
        let place = Place { line: self.reading.window.line(), record: Some(number) };
        (self.take)(&Record { values: Values::Cells(&record.cells(self.source.columns)), place });
        Ok(())
    }

    /// The next byte that is no space.
    fn next(&mut self) -> Outcome<Option<u8>> {
        loop {
            let rest = self.reading.window.rest();
            let space = rest.iter().position(|byte| !is_space(*byte)).unwrap_or(rest.len());
            self.reading.window.pass(space);
            if let Some(byte) = self.reading.window.rest().first() {
                return Ok(Some(*byte));
            }
            let more = self.reading.window.more();
            if !self.reading.take(more)? {
                return Ok(None);
            }
        }
    }

    /// The length of the value that starts here.
    fn value(&mut self, expected: &str) -> Outcome<usize> {
        let length = value_length(&mut self.reading.window);
        match self.reading.take(length)? {
            Some(0) => Err(self.fail(1, finding::expected(expected))),
            Some(length) => Ok(length),
            None => Err(self.cut()),
        }
    }

    fn parse(&mut self, length: usize) -> Outcome<Json> {
        let text = self.reading.text(length)?;
        let error = match serde_json::from_str(text) {
            Ok(value) => return Ok(value),
            Err(error) => error,
        };
        let at = error_offset(text.as_bytes(), &error);
        let said = error.to_string();
        let key = said.strip_prefix(TWICE).map(|rest| rest.rsplit_once(" at line ").map_or(rest, |(key, _)| key));
        let finding = key.map_or_else(|| finding::malformed_json(&error), finding::duplicate_key);
        Err(self.reading.fail(at..at + 1, finding))
    }

    /// Passes one of these bytes.
    fn expect(&mut self, bytes: &[u8], expected: &str) -> Outcome<u8> {
        match self.next()? {
            Some(byte) if bytes.contains(&byte) => {
                self.reading.window.advance(1, 0);
                Ok(byte)
            }
            Some(_) => Err(self.fail(1, finding::expected(expected))),
            None => Err(self.cut()),
        }
    }

    fn cut(&mut self) -> Box<Diagnostic> {
        let length = self.reading.window.rest().len();
        self.fail(length, finding::truncated("the file ends before its JSON does", "not finished"))
    }

    fn fail(&mut self, length: usize, finding: Finding) -> Box<Diagnostic> {
        self.reading.fail(0..length, finding)
    }
}

/// An answer of the portal that is an error.
fn failed_response(error: &Json) -> Finding {
    let said = match error {
        Json::Text(text) => text.as_str(),
        _ => "an error",
    };
    Finding::new(Code::FailedResponse, format!("the portal answered with an error, `{said}`"), "no records here")
        .note("what is missing here would be denied without a word")
        .help("call the method again; `QUERY_LIMIT_EXCEEDED` asks for fewer calls a second")
}

fn no_result() -> Finding {
    Finding::new(Code::FailedResponse, "a response without `result`", "the response ends here")
        .note("a response is `{\"result\": […], \"total\": 120, \"next\": 50}`; a bare array of records will do")
}

//! A sliding window over a stream: the record being read stands whole in memory, the file never does.
//! It counts lines and bytes, and cuts the excerpt that a diagnostic shows.

use std::io::{self, ErrorKind, Read};
use std::ops::Range;

use memchr::{memchr_iter, memrchr};

use crate::facts::ahead::Ahead;
use crate::facts::cut::{Field, Record};
use crate::facts::cuts::Cuts;
use crate::facts::delimited::Delimiter;

/// The longest record that is read, in bytes.
pub(crate) const RECORD_LIMIT: usize = 16 << 20;

const CHUNK: usize = 64 << 10;
/// Bytes kept before the record and read behind it, so that an excerpt shows the same whatever the chunks.
const AROUND: usize = 1_024;
/// So many records are cut before the first of them is used, so that they are still in the cache.
const CUT_AT_ONCE: usize = 1_024;
/// Most lines are shown from their start.
const EXCERPT_BEFORE: usize = 1_000;
const EXCERPT_AFTER: usize = 120;

/// Why a file is not read to its end.
#[derive(Debug)]
pub(crate) enum Stop {
    /// What was found is reported already.
    Reported,
    /// The reader failed.
    Unreadable(io::Error),
    /// The record is longer than [`RECORD_LIMIT`].
    TooLong,
}

/// Part of a line around a mistake, and where the mistake lies in it.
pub(crate) struct Excerpt {
    pub text: String,
    pub first_line: u32,
    pub first_column: u32,
    pub first_byte: u64,
    pub mark: Range<usize>,
}

/// Where the bytes of a file come from.
pub(crate) enum Source<'r> {
    /// The file is read when bytes are wanted.
    Straight(&'r mut dyn Read),
    /// A thread has read it.
    Ahead(Ahead),
}

impl Source<'_> {
    fn read(&mut self, buffer: &mut [u8], cuts: &mut Cuts) -> io::Result<usize> {
        match self {
            Source::Straight(reader) => reader.read(buffer),
            Source::Ahead(ahead) => ahead.read(buffer, cuts),
        }
    }
}

/// The window. Offsets that it takes and gives count from the start of the current record.
pub(crate) struct Window<'r> {
    source: Source<'r>,
    /// Records from the start on that were cut already.
    cuts: Cuts,
    buffer: Vec<u8>,
    start: usize,
    end: usize,
    buffer_offset: u64,
    /// The characters of the line at the start of the buffer that stood before it.
    characters_before: u32,
    line: u32,
    /// The line in which the buffer begins.
    first_line: u32,
    finished: bool,
}

impl<'r> Window<'r> {
    pub fn new(source: Source<'r>) -> Window<'r> {
        let (cuts, buffer) = (Cuts::default(), Vec::new());
        Window {
            source,
            cuts,
            buffer,
            start: 0,
            end: 0,
            buffer_offset: 0,
            characters_before: 0,
            line: 1,
            first_line: 1,
            finished: false,
        }
    }

    /// What is in memory from the start of the record on.
    #[inline]
    pub fn rest(&self) -> &[u8] {
        &self.buffer[self.start..self.end]
    }

    /// The number of the line, from 1, in which the record starts.
    #[inline]
    pub fn line(&self) -> u32 {
        self.line
    }

    /// Whether everything was read; then `rest` is all that is left.
    #[inline]
    pub fn finished(&self) -> bool {
        self.finished
    }

    /// Reads on; false at the end of the file.
    pub fn more(&mut self) -> Result<bool, Stop> {
        if self.finished {
            return Ok(false);
        }
        if self.end - self.start > RECORD_LIMIT {
            return Err(Stop::TooLong);
        }
        self.make_room();
        loop {
            match self.source.read(&mut self.buffer[self.end..], &mut self.cuts) {
                Ok(0) => {
                    self.finished = true;
                    return Ok(false);
                }
                Ok(read) => {
                    self.end += read;
                    return Ok(true);
                }
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) => return Err(Stop::Unreadable(error)),
            }
        }
    }

    /// What is in memory from the start of the record on, and the records that were cut there. Who takes some has to
    /// advance behind them.
    pub fn cut_records(&mut self, delimiter: Delimiter) -> (&[u8], &mut Cuts) {
        let rest = &self.buffer[self.start..self.end];
        if matches!(self.source, Source::Straight(_)) && self.cuts.is_empty() {
            self.cuts.clear();
            self.cuts.cut(rest, delimiter, CUT_AT_ONCE);
        }
        (rest, &mut self.cuts)
    }

    /// Takes the record here if it has been cut already. It is whole in memory then.
    pub fn take_cut(&mut self, fields: &mut Vec<Field>) -> Result<Option<Record>, Stop> {
        let Some((record, cut_fields)) = self.cuts.next() else { return Ok(None) };
        fields.clear();
        fields.extend_from_slice(cut_fields);
        self.cuts.take(1);
        while self.end - self.start < record.length {
            if !self.more()? {
                return Err(Stop::Unreadable(io::Error::other("a record was cut that the file does not have")));
            }
        }
        Ok(Some(record))
    }

    fn make_room(&mut self) {
        let dropped = self.start.saturating_sub(AROUND);
        if self.buffer.len() - self.end < CHUNK && dropped > 0 {
            self.characters_before = self.characters_to(dropped);
            self.first_line = self.line.saturating_sub(count_lines(&self.buffer[dropped..self.start]));
            self.buffer.copy_within(dropped..self.end, 0);
            self.start -= dropped;
            self.end -= dropped;
            self.buffer_offset += dropped as u64;
        }
        if self.buffer.len() - self.end < CHUNK {
            let mut larger = vec![0; (self.buffer.len() * 2).max(4 * CHUNK)];
            larger[..self.end].copy_from_slice(&self.buffer[..self.end]);
            self.buffer = larger;
        }
    }

    /// The byte at an offset, read if need be; `None` behind the end of the file.
    #[inline]
    pub fn byte(&mut self, offset: usize) -> Result<Option<u8>, Stop> {
        loop {
            if let Some(byte) = self.rest().get(offset) {
                return Ok(Some(*byte));
            }
            if !self.more()? {
                return Ok(None);
            }
        }
    }

    /// Goes behind `bytes` bytes in which `lines` lines end.
    #[inline]
    pub fn advance(&mut self, bytes: usize, lines: u32) {
        self.start += bytes;
        self.line = self.line.saturating_add(lines);
    }

    /// Goes back to where the record started before `advance` went `bytes` bytes on its line.
    pub fn retreat(&mut self, bytes: usize) {
        self.start -= bytes;
    }

    /// Goes behind `bytes` bytes and counts the lines that end in them.
    pub fn pass(&mut self, bytes: usize) {
        let lines = count_lines(&self.rest()[..bytes]);
        self.advance(bytes, lines);
    }

    /// Goes behind a byte order mark, if the file starts with one.
    pub fn skip_byte_order_mark(&mut self) -> Result<(), Stop> {
        self.byte(2)?;
        if self.rest().starts_with("\u{feff}".as_bytes()) {
            self.advance(3, 0);
        }
        Ok(())
    }

    /// Whether the file starts as UTF-16 does; asked before anything is passed.
    pub fn looks_like_utf16(&mut self) -> Result<bool, Stop> {
        self.byte(1)?;
        Ok(matches!(self.rest(), [0xff, 0xfe, ..] | [0xfe, 0xff, ..]))
    }

    /// The line around the first byte of `mark`, cut to what a screen shows.
    pub fn excerpt(&mut self, mark: Range<usize>) -> Excerpt {
        while self.end - self.start < mark.start + AROUND && matches!(self.more(), Ok(true)) {}
        let at = (self.start + mark.start).min(self.end);
        let begin = self.excerpt_begin(at);
        let end = self.excerpt_end(at);
        let mark_end = (self.start + mark.end).clamp(at, end.max(at));
        let piece = |range: Range<usize>| String::from_utf8_lossy(&self.buffer[range]).into_owned();
        let (before, marked, after) = (piece(begin..at), piece(at..mark_end), piece(mark_end..end.max(mark_end)));
        Excerpt {
            mark: before.len()..before.len() + marked.len(),
            text: before + &marked + &after,
            first_line: self.line.saturating_add(count_lines(&self.buffer[self.start..at])),
            first_column: self.characters_to(begin).saturating_add(1),
            first_byte: self.buffer_offset + begin as u64,
        }
    }

    /// How many characters stand on its line before a place of the buffer. A byte order mark is none.
    fn characters_to(&self, place: usize) -> u32 {
        let before = &self.buffer[..place];
        let searched = if self.line == self.first_line { place.min(self.start) } else { 0 };
        if let Some(newline) = memrchr(b'\n', &before[searched..]) {
            return count_characters(&before[searched + newline + 1..]);
        }
        let mark = self.buffer_offset == 0 && before.starts_with("\u{feff}".as_bytes());
        self.characters_before.saturating_add(count_characters(before)) - u32::from(mark)
    }

    fn excerpt_begin(&self, at: usize) -> usize {
        let lowest = at.saturating_sub(EXCERPT_BEFORE);
        if let Some(newline) = self.buffer[lowest..at].iter().rposition(|byte| *byte == b'\n') {
            return lowest + newline + 1;
        }
        if lowest == 0 && self.buffer_offset == 0 {
            return if self.buffer[..at].starts_with("\u{feff}".as_bytes()) { 3 } else { 0 };
        }
        (lowest..at).find(|at| is_boundary(self.buffer[*at])).unwrap_or(at)
    }

    fn excerpt_end(&self, at: usize) -> usize {
        let highest = self.end.min(at + EXCERPT_AFTER);
        if let Some(newline) = self.buffer[at..highest].iter().position(|byte| *byte == b'\n') {
            let end = at + newline;
            return if end > at && self.buffer[end - 1] == b'\r' { end - 1 } else { end };
        }
        if highest == self.end {
            return highest;
        }
        (at..=highest).rev().find(|at| is_boundary(self.buffer[*at])).unwrap_or(at)
    }
}

/// How many lines end in these bytes.
pub(crate) fn count_lines(bytes: &[u8]) -> u32 {
    memchr_iter(b'\n', bytes).count() as u32
}

/// How many characters begin in these bytes. Most are ASCII, and need no counting.
fn count_characters(bytes: &[u8]) -> u32 {
    /// Looked at side by side, and so few that a byte counts them.
    const AT_ONCE: usize = 240;
    let in_chunk = |chunk: &[u8]| match chunk.iter().fold(0, |all, byte| all | byte).is_ascii() {
        true => chunk.len() as u32,
        false => u32::from(chunk.iter().map(|byte| u8::from(is_boundary(*byte))).sum::<u8>()),
    };
    bytes.chunks(AT_ONCE).map(in_chunk).sum()
}

#[inline]
fn is_boundary(byte: u8) -> bool {
    byte & 0b1100_0000 != 0b1000_0000
}

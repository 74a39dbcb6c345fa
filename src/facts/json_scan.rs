//! Where JSON values begin and end, found without understanding them: by brackets and quotes alone.
//! What lies between is for serde_json to judge.

use std::ops::Range;

use crate::facts::window::{Stop, Window};

/// A search for the end of a value, which can be taken up again when more bytes are there.
#[derive(Debug, Default)]
struct ValueScan {
    at: usize,
    depth: usize,
    in_string: bool,
}

impl ValueScan {
    /// The length of the value that the bytes begin with; `None` if it does not end in them.
    fn run(&mut self, bytes: &[u8]) -> Option<usize> {
        while let Some(byte) = bytes.get(self.at) {
            if self.in_string {
                self.at += bytes[self.at..].iter().position(|byte| matches!(byte, b'"' | b'\\'))?;
                if bytes[self.at] == b'\\' {
                    bytes.get(self.at + 1)?;
                    self.at += 2;
                    continue;
                }
                self.in_string = false;
                self.at += 1;
            } else if self.depth == 0 && self.at > 0 && (is_space(*byte) || b",:]}[{\"".contains(byte)) {
                return Some(self.at);
            } else {
                self.at += 1;
                match byte {
                    b'"' => {
                        self.in_string = true;
                        continue;
                    }
                    b'[' | b'{' => {
                        self.depth += 1;
                        continue;
                    }
                    b']' | b'}' if self.depth == 0 => return Some(0),
                    b',' | b':' if self.depth == 0 => return Some(0),
                    b']' | b'}' => self.depth -= 1,
                    _ => continue,
                }
            }
            if self.depth == 0 {
                return Some(self.at);
            }
        }
        None
    }
}

/// The next byte that is no space; the record starts there. `None` at the end.
pub(super) fn next_byte(window: &mut Window) -> Result<Option<u8>, Stop> {
    loop {
        let rest = window.rest();
        let space = rest.iter().position(|byte| !is_space(*byte)).unwrap_or(rest.len());
        window.pass(space);
        if let Some(byte) = window.rest().first() {
            return Ok(Some(*byte));
        }
        if !window.more()? {
            return Ok(None);
        }
    }
}

/// The length of the value that the record starts with, read whole into memory; 0 where there is none,
/// `None` where the file ends before it does.
pub(crate) fn value_length(window: &mut Window) -> Result<Option<usize>, Stop> {
    let mut scan = ValueScan::default();
    loop {
        if let Some(length) = scan.run(window.rest()) {
            return Ok(Some(length));
        }
        if !window.more()? {
            let whole_word = scan.depth == 0 && !scan.in_string && scan.at > 0;
            return Ok(whole_word.then_some(scan.at));
        }
    }
}

/// A member of an object, or an element of an array, which has no key.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Member {
    /// With its quotes.
    pub key: Option<Range<usize>>,
    pub value: Range<usize>,
}

/// The members of the object or array that stands in that part of a JSON text. Of anything else, and behind
/// a syntax error, there are none.
pub(crate) fn members(text: &str, within: Range<usize>) -> Vec<Member> {
    let bytes = &text.as_bytes()[..within.end];
    let is_object = bytes.get(within.start) == Some(&b'{');
    let mut found = Vec::new();
    let mut at = within.start + 1;
    while let Some(first) = value(bytes, skip_space(bytes, at)) {
        let mut member = Member { key: None, value: first };
        at = skip_space(bytes, member.value.end);
        if is_object {
            let Some(second) = value(bytes, skip_space(bytes, at + 1)) else { break };
            at = skip_space(bytes, second.end);
            member = Member { key: Some(member.value), value: second };
        }
        found.push(member);
        at += 1;
    }
    found
}

fn value(bytes: &[u8], at: usize) -> Option<Range<usize>> {
    let length = ValueScan::default().run(bytes.get(at..)?)?;
    (length > 0).then_some(at..at + length)
}

/// Where the first byte from there on is that is no space.
pub(crate) fn skip_space(bytes: &[u8], at: usize) -> usize {
    let rest = bytes.get(at..).unwrap_or_default();
    at + rest.iter().position(|byte| !is_space(*byte)).unwrap_or(rest.len())
}

/// Whether JSON lets the byte stand between values.
pub(crate) fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\n' | b'\r')
}

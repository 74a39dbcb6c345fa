//! Requests as nearly all of them are written: the members that count and no others, and strings of printable ASCII
//! without escapes. Most are written as the one before them, with other words in their strings, and are cut by comparing
//! bytes. Everything that is not plain is left to serde, mistakes too.

use std::borrow::Cow;
use std::ops::Range;

use smallvec::SmallVec;

use crate::cli::request::{Action, Evaluation, Id, Object, Thing};

/// The strings of a request, by place.
const SUBJECT: usize = 0;
const ACTION: usize = 2;
const RESOURCE: usize = 3;
const ID: usize = 5;

/// Where in a line its strings stand, between their quotes. A thing has its type first, then its id.
type Strings = [Option<Range<usize>>; 6];

/// Reads plain requests, each as the last one was written, if it can.
#[derive(Debug, Default)]
pub struct PlainReader {
    /// The last line that was written in another way than those before it.
    example: String,
    /// Its strings, in their order.
    strings: SmallVec<[(usize, Range<usize>); 6]>,
}

impl PlainReader {
    /// A request and the text of its `context.id`, where it is plain.
    #[inline]
    pub fn read<'r>(&mut self, line: &'r str) -> Option<(Evaluation<'r>, Option<&'r str>)> {
        let strings = match self.cut(line.as_bytes()) {
            Some(strings) => strings,
            None => self.learn(line)?,
        };
        let text = |place: usize| strings[place].clone().map(|string| Cow::Borrowed(&line[string]));
        let thing = |place| Some(Object(Thing { ty: text(place)?, id: Id(text(place + 1)?) }));
        let action = Object(Action { name: text(ACTION)? });
        let (subject, resource) = (thing(SUBJECT)?, thing(RESOURCE)?);
        let id = strings[ID].clone().map(|string| &line[string.start - 1..=string.end]);
        Some((Evaluation { subject, action, resource, context: None }, id))
    }

    /// The strings of a line that is like the example but for what stands in them.
    fn cut(&self, line: &[u8]) -> Option<Strings> {
        let example = self.example.as_bytes();
        let (mut strings, mut at, mut behind) = (Strings::default(), 0, 0);
        for (place, string) in &self.strings {
            // Up to the opening quote, from the closing one of the last.
            let between = &example[behind..string.start];
            let start = at + between.len();
            let rest = line[at..].strip_prefix(between)?;
            at = start + rest.iter().position(|byte| !PLAIN[usize::from(*byte)])?;
            strings[*place] = Some(start..at);
            behind = string.end;
        }
        (!self.strings.is_empty() && line[at..] == example[behind..]).then_some(strings)
    }

    /// The strings of a line, which is the example from now on.
    #[cold]
    fn learn(&mut self, line: &str) -> Option<Strings> {
        let mut scanner = Scanner { line, at: 0, strings: Strings::default() };
        scanner.request()?;
        let strings = scanner.strings;
        line.clone_into(&mut self.example);
        self.strings =
            strings.iter().cloned().enumerate().filter_map(|(place, string)| Some((place, string?))).collect();
        self.strings.sort_unstable_by_key(|(_, string)| string.start);
        Some(strings)
    }
}

/// A line, how much of it is read, and the strings that were there.
struct Scanner<'r> {
    line: &'r str,
    at: usize,
    strings: Strings,
}

/// The bytes that stand for themselves in a string.
const PLAIN: [bool; 256] = {
    let mut plain = [false; 256];
    let mut byte = 0x20;
    while byte < 0x7f {
        plain[byte] = byte as u8 != b'"' && byte as u8 != b'\\';
        byte += 1;
    }
    plain
};

impl<'r> Scanner<'r> {
    /// All of the line.
    fn request(&mut self) -> Option<()> {
        self.members(|scanner, name| match name {
            "subject" => scanner.thing(SUBJECT),
            "action" => scanner.only_member("name", ACTION),
            "resource" => scanner.thing(RESOURCE),
            "context" => scanner.only_member("id", ID),
            _ => None,
        })?;
        self.next().is_none().then_some(())
    }

    /// The members of an object: calls with the name of each, to have its value read.
    fn members(&mut self, mut value: impl FnMut(&mut Self, &'r str) -> Option<()>) -> Option<()> {
        self.expect(b'{')?;
        loop {
            let name = self.string()?;
            self.expect(b':')?;
            value(self, &self.line[name])?;
            if self.expect(b',').is_none() {
                return self.expect(b'}');
            }
        }
    }

    fn thing(&mut self, place: usize) -> Option<()> {
        self.members(|scanner, name| match name {
            "type" => scanner.value(place),
            "id" => scanner.value(place + 1),
            _ => None,
        })
    }

    /// An object with that one member.
    fn only_member(&mut self, wanted: &str, place: usize) -> Option<()> {
        self.members(|scanner, name| if name == wanted { scanner.value(place) } else { None })
    }

    /// The value of a member, which has none so far.
    fn value(&mut self, place: usize) -> Option<()> {
        let string = self.string()?;
        self.strings[place].replace(string).is_none().then_some(())
    }

    /// Where a string stands, between its quotes.
    fn string(&mut self) -> Option<Range<usize>> {
        self.expect(b'"')?;
        let (bytes, start) = (self.line.as_bytes(), self.at);
        let end = start + bytes[start..].iter().position(|byte| !PLAIN[usize::from(*byte)])?;
        self.at = end + 1;
        (bytes[end] == b'"').then_some(start..end)
    }

    /// Goes behind blanks and a mark, if it comes next.
    fn expect(&mut self, mark: u8) -> Option<()> {
        (self.next()? == mark).then(|| self.at += 1)
    }

    /// The next byte that is no blank.
    fn next(&mut self) -> Option<u8> {
        let bytes = self.line.as_bytes();
        loop {
            match *bytes.get(self.at)? {
                b' ' | b'\t' | b'\r' | b'\n' => self.at += 1,
                byte => return Some(byte),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    /// Subject, action and resource as words, and the id of the context.
    fn words<'e>(evaluation: &'e Evaluation, id: Option<&'e str>) -> Vec<&'e str> {
        let (subject, resource) = (&evaluation.subject.0, &evaluation.resource.0);
        let words = [&subject.ty, &subject.id.0, &evaluation.action.0.name, &resource.ty, &resource.id.0];
        words.into_iter().map(AsRef::as_ref).chain(id).collect()
    }

    /// What is plain reads as serde reads it; whether it is plain.
    fn is_plain(line: &str) -> bool {
        is_plain_after(&mut PlainReader::default(), line)
    }

    fn is_plain_after(reader: &mut PlainReader, line: &str) -> bool {
        let Some((plain, id)) = reader.read(line) else { return false };
        let Object(general) = serde_json::from_str::<Object<Evaluation>>(line).unwrap();
        assert_eq!(words(&plain, id), words(&general, general.id()), "{line}");
        true
    }

    const WHO: &str = r#""subject":{"type":"user","id":"anna"}"#;
    const DOES: &str = r#""action":{"name":"chat.rate"}"#;
    const WHAT: &str = r#""resource":{"type":"chat","id":"c1"}"#;
    const CONTEXT: &str = r#""context":{"id":"q1"}"#;

    #[test]
    fn what_is_plain_reads_as_serde_reads_it() {
        for members in [
            format!("{WHO},{DOES},{WHAT}"),
            format!("{WHO},{DOES},{WHAT},{CONTEXT}"),
            format!("{CONTEXT} , {WHAT}\t,{DOES}\r,{WHO} "),
            format!(r#"{DOES},{WHAT}, "subject" : {{ "id" : "" , "type" : "a b" }} "#),
        ] {
            assert!(is_plain(&format!("{{{members}}}")), "{members}");
            assert!(is_plain(&format!(" {{ {members} }} ")), "{members}");
        }
    }

    #[test]
    fn what_is_not_plain_is_left_to_serde() {
        for members in [
            String::new(),
            format!("{WHO},{DOES}"),
            format!("{WHO},{DOES},{WHAT},{WHO}"),
            format!("{WHO},{DOES},{WHAT},"),
            format!("{WHO},{DOES},{WHAT},\"more\":1"),
            format!(r#"{WHO},{DOES},{WHAT},"context":null"#),
            format!(r#"{WHO},{DOES},{WHAT},"context":{{"id":7}}"#),
            format!(r#"{WHO},{DOES},{WHAT},"context":{{"id":"q1","more":[]}}"#),
            format!(r#"{WHO},{DOES},"resource":{{"type":"chat","id":7}}"#),
            format!(r#"{WHO},{DOES},"resource":{{"type":"chat","id":"a\"b"}}"#),
            format!(r#"{WHO},{DOES},"resource":{{"type":"chat","id":"é"}}"#),
            format!(r#"{WHO},{DOES},"resource":["chat","c1"]"#),
            format!("{WHO},{DOES},{WHAT},{CONTEXT},{CONTEXT}"),
        ] {
            assert!(!is_plain(&format!("{{{members}}}")), "{members}");
        }
        assert!(!is_plain(&format!("{{{WHO},{DOES},{WHAT}}}}}")));
        assert!(!is_plain(&format!("{{{WHO},{DOES},{WHAT}")));
        assert!(!is_plain(&format!("[{{{WHO},{DOES},{WHAT}}}]")));
    }

    #[test]
    fn a_request_is_read_whatever_was_read_before() {
        let line = |members: &[&str]| format!("{{{}}}", members.join(","));
        let other = |id| format!(r#""resource":{{"type":"call","id":"{id}"}}"#);
        let plain = [
            line(&[WHO, DOES, WHAT]),
            line(&[WHO, DOES, &other("")]),
            line(&[WHO, DOES, &other("call17, and \u{7d}, too")]),
            line(&[WHO, DOES, WHAT, CONTEXT]),
            line(&[CONTEXT, WHAT, DOES, WHO]),
            line(&[CONTEXT, &other("1"), DOES, WHO]) + " ",
        ];
        let others = [
            line(&[WHO, DOES, &other("a\\u0062")]),
            line(&[WHO, DOES, &other("é")]),
            line(&[WHO, DOES, &other("1")]) + "}",
            line(&[WHO, DOES, &other(r#"1","id":"2"#)]),
            line(&[WHO, DOES]),
            line(&[CONTEXT, &other("1"), DOES, WHO]).replace('}', "} "),
        ];
        for first in plain.iter().chain(&others) {
            for second in &plain {
                let mut reader = PlainReader::default();
                is_plain_after(&mut reader, first);
                assert!(is_plain_after(&mut reader, second), "{second} after {first}");
            }
            for second in &others[..5] {
                let mut reader = PlainReader::default();
                is_plain_after(&mut reader, first);
                assert!(!is_plain_after(&mut reader, second), "{second} after {first}");
            }
        }
    }

    #[test]
    fn every_beginning_of_a_request_is_left_to_serde() {
        let line = format!("{{{WHO},{DOES},{WHAT},{CONTEXT}}}");
        let mut reader = PlainReader::default();
        assert!(is_plain_after(&mut reader, &line));
        for end in 0..line.len() {
            assert!(!is_plain(&line[..end]), "{end}");
            assert!(!is_plain_after(&mut reader, &line[..end]), "{end}");
        }
    }
}

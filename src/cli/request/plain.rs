//! Requests as nearly all of them are written: the members that count and no others, and strings of printable ASCII
//! without escapes. Reading them takes half of what serde takes; everything else is left to it,
//! mistakes too.

use std::borrow::Cow;

use crate::cli::request::{Action, Evaluation, Id, Object, Thing};

/// A request and the text of its `context.id`, where it is plain.
pub fn plain_request(line: &str) -> Option<(Evaluation<'_>, Option<&str>)> {
    let mut scanner = Scanner { line, at: 0 };
    let (mut subject, mut action, mut resource, mut id) = (None, None, None, None);
    scanner.members(|scanner, name| match name {
        "subject" => once(&mut subject, scanner.thing()?),
        "action" => once(&mut action, scanner.only_member("name")?),
        "resource" => once(&mut resource, scanner.thing()?),
        "context" => once(&mut id, scanner.only_member("id")?),
        _ => None,
    })?;
    let action = Action { name: Cow::Borrowed(unquoted(action?)) };
    let (subject, action, resource) = (Object(subject?), Object(action), Object(resource?));
    scanner.next().is_none().then_some((Evaluation { subject, action, resource, context: None }, id))
}

/// Takes the value of a member, which has none so far.
#[inline]
fn once<T>(place: &mut Option<T>, value: T) -> Option<()> {
    place.replace(value).is_none().then_some(())
}

/// The text in quotes.
#[inline]
fn unquoted(string: &str) -> &str {
    &string[1..string.len() - 1]
}

/// A line, and how much of it is read.
struct Scanner<'r> {
    line: &'r str,
    at: usize,
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
    /// The members of an object: calls with the name of each, to have its value read.
    #[inline]
    fn members(&mut self, mut value: impl FnMut(&mut Self, &'r str) -> Option<()>) -> Option<()> {
        self.expect(b'{')?;
        loop {
            let name = unquoted(self.string()?);
            self.expect(b':')?;
            value(self, name)?;
            if self.expect(b',').is_none() {
                return self.expect(b'}');
            }
        }
    }

    fn thing(&mut self) -> Option<Thing<'r>> {
        let (mut ty, mut id) = (None, None);
        self.members(|scanner, name| match name {
            "type" => once(&mut ty, scanner.string()?),
            "id" => once(&mut id, scanner.string()?),
            _ => None,
        })?;
        let text = |string| Cow::Borrowed(unquoted(string));
        Some(Thing { ty: text(ty?), id: Id(text(id?)) })
    }

    /// The string of an object with that one member.
    fn only_member(&mut self, wanted: &str) -> Option<&'r str> {
        let mut string = None;
        self.members(|scanner, name| match name == wanted {
            true => once(&mut string, scanner.string()?),
            false => None,
        })?;
        string
    }

    /// A string with its quotes.
    #[inline]
    fn string(&mut self) -> Option<&'r str> {
        self.expect(b'"')?;
        let (bytes, start) = (self.line.as_bytes(), self.at);
        let mut end = start;
        while PLAIN[usize::from(*bytes.get(end)?)] {
            end += 1;
        }
        self.at = end + 1;
        (bytes[end] == b'"').then(|| &self.line[start - 1..=end])
    }

    /// Goes behind blanks and a mark, if it comes next.
    #[inline]
    fn expect(&mut self, mark: u8) -> Option<()> {
        (self.next()? == mark).then(|| self.at += 1)
    }

    /// The next byte that is no blank.
    #[inline]
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
        let Some((plain, id)) = plain_request(line) else { return false };
        let Object(general) = serde_json::from_str::<Object<Evaluation>>(line).unwrap();
        assert_eq!(words(&plain, id), words(&general, general.id()), "{line}");
        true
    }

    const SUBJECT: &str = r#""subject":{"type":"user","id":"anna"}"#;
    const ACTION: &str = r#""action":{"name":"chat.rate"}"#;
    const RESOURCE: &str = r#""resource":{"type":"chat","id":"c1"}"#;
    const CONTEXT: &str = r#""context":{"id":"q1"}"#;

    #[test]
    fn what_is_plain_reads_as_serde_reads_it() {
        for members in [
            format!("{SUBJECT},{ACTION},{RESOURCE}"),
            format!("{SUBJECT},{ACTION},{RESOURCE},{CONTEXT}"),
            format!("{CONTEXT} , {RESOURCE}\t,{ACTION}\r,{SUBJECT} "),
            format!(r#"{ACTION},{RESOURCE}, "subject" : {{ "id" : "" , "type" : "a b" }} "#),
        ] {
            assert!(is_plain(&format!("{{{members}}}")), "{members}");
            assert!(is_plain(&format!(" {{ {members} }} ")), "{members}");
        }
    }

    #[test]
    fn what_is_not_plain_is_left_to_serde() {
        for members in [
            String::new(),
            format!("{SUBJECT},{ACTION}"),
            format!("{SUBJECT},{ACTION},{RESOURCE},{SUBJECT}"),
            format!("{SUBJECT},{ACTION},{RESOURCE},"),
            format!("{SUBJECT},{ACTION},{RESOURCE},\"more\":1"),
            format!(r#"{SUBJECT},{ACTION},{RESOURCE},"context":null"#),
            format!(r#"{SUBJECT},{ACTION},{RESOURCE},"context":{{"id":7}}"#),
            format!(r#"{SUBJECT},{ACTION},{RESOURCE},"context":{{"id":"q1","more":[]}}"#),
            format!(r#"{SUBJECT},{ACTION},"resource":{{"type":"chat","id":7}}"#),
            format!(r#"{SUBJECT},{ACTION},"resource":{{"type":"chat","id":"a\"b"}}"#),
            format!(r#"{SUBJECT},{ACTION},"resource":{{"type":"chat","id":"é"}}"#),
            format!(r#"{SUBJECT},{ACTION},"resource":["chat","c1"]"#),
            format!("{SUBJECT},{ACTION},{RESOURCE},{CONTEXT},{CONTEXT}"),
        ] {
            assert!(!is_plain(&format!("{{{members}}}")), "{members}");
        }
        assert!(!is_plain(&format!("{{{SUBJECT},{ACTION},{RESOURCE}}}}}")));
        assert!(!is_plain(&format!("{{{SUBJECT},{ACTION},{RESOURCE}")));
        assert!(!is_plain(&format!("[{{{SUBJECT},{ACTION},{RESOURCE}}}]")));
    }

    #[test]
    fn every_beginning_of_a_request_is_left_to_serde() {
        let line = format!("{{{SUBJECT},{ACTION},{RESOURCE},{CONTEXT}}}");
        for end in 0..line.len() {
            assert!(!is_plain(&line[..end]), "{end}");
        }
    }
}

//! The text forms of a portal: JSON for `--data`, and facts of the rule language for rule files and `test` blocks.
//!
//! [`Portal::read`] is the inverse of [`Portal::to_rules_facts`]; the oracle's own cases are written that way.

use super::model::{Portal, Term};
use std::fmt::Write;

impl Portal {
    /// The portal in the object form of SPEC.md section 2, one relation a line.
    pub fn to_json(&self) -> String {
        let mut json = String::from("{");
        let mut last_relation = "";
        for fact in self.facts() {
            if fact.relation == last_relation {
                json.push_str(", ");
            } else {
                json.push_str(if last_relation.is_empty() { "\n" } else { "],\n" });
                write!(json, "\"{}\": [", fact.relation).unwrap();
                last_relation = fact.relation;
            }
            let fields = fact.fields.iter().map(|(name, term)| format!("\"{name}\": {}", json_term(term)));
            write!(json, "{{{}}}", fields.collect::<Vec<_>>().join(", ")).unwrap();
        }
        json.push_str(if last_relation.is_empty() { "}\n" } else { "]\n}\n" });
        json
    }

    /// The portal as facts of the rule language, one a line; a repeated fact is written once, unlike in JSON.
    pub fn to_rules_facts(&self) -> String {
        let mut lines = Vec::new();
        for fact in self.facts() {
            let terms = fact.fields.iter().map(|(_, term)| rule_term(term));
            let line = format!("{}({});\n", fact.relation, terms.collect::<Vec<_>>().join(", "));
            if !lines.contains(&line) {
                lines.push(line);
            }
        }
        lines.concat()
    }

    /// The portal whose facts a text in the rule language gives; panics on anything else.
    pub fn read(text: &str) -> Portal {
        let mut portal = Portal::default();
        let mut rest = text.trim_start();
        while !rest.is_empty() {
            let (relation, terms, after) = read_literal(rest);
            portal.add(relation, &terms);
            rest = after.strip_prefix(';').expect("a semicolon after a fact").trim_start();
        }
        portal
    }
}

fn json_term(term: &Term) -> String {
    match term {
        Term::Text(text) => quoted(text),
        Term::Name(name) => quoted(name),
        Term::Thing(entity, id) => format!("{{\"type\": \"{entity}\", \"id\": {}}}", quoted(id)),
    }
}

fn rule_term(term: &Term) -> String {
    match term {
        Term::Text(text) => quoted(text),
        Term::Name(name) => (*name).to_owned(),
        Term::Thing(entity, id) => format!("{entity}:{}", quoted(id)),
    }
}

/// A string literal; JSON and the rule language write these escapes alike, and no other control character is used here.
pub fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n").replace('\t', "\\t"))
}

/// Reads `name(term, …)`: the name, the terms as plain text, and what follows.
pub fn read_literal(text: &str) -> (&str, Vec<String>, &str) {
    let (name, mut rest) = text.split_once('(').expect("an opening parenthesis");
    let mut terms = vec![String::new()];
    loop {
        let mut characters = rest.chars();
        let next = characters.next().expect("a closing parenthesis");
        rest = characters.as_str();
        match next {
            ')' => return (name.trim(), terms, rest),
            ',' => terms.push(String::new()),
            '"' => rest = read_string(rest, terms.last_mut().unwrap()),
            space if space.is_whitespace() => {}
            other => terms.last_mut().unwrap().push(other),
        }
    }
}

/// Appends the string whose opening quote was just read; what follows its closing quote.
fn read_string<'t>(text: &'t str, into: &mut String) -> &'t str {
    let mut characters = text.chars();
    loop {
        match characters.next().expect("a closing quote") {
            '"' => return characters.as_str(),
            '\\' => into.push(match characters.next() {
                Some('n') => '\n',
                Some('t') => '\t',
                other => other.expect("an escape"),
            }),
            plain => into.push(plain),
        }
    }
}

//! Commands to be typed next, with the policy and the data of this one, as a shell takes them.

use std::borrow::Cow;
use std::path::Path;

use crate::cli::arguments::Global;

/// Writes commands that go on where this one ends.
pub struct Again<'a> {
    global: &'a Global,
}

impl<'a> Again<'a> {
    /// With the shared options of this command.
    pub fn of(global: &'a Global) -> Again<'a> {
        Again { global }
    }

    /// The command that says why a request has its answer: of a subject, an action and a resource.
    pub fn why(&self, request: &[String; 3]) -> String {
        let mut words = vec!["rolecall".to_owned(), "why".to_owned()];
        let global = self.global;
        words.extend(global.data.iter().map(|path| option("--data", path)));
        words.extend(global.rules.iter().map(|path| option("--rules", path)));
        words.extend(global.policy.iter().map(|path| option("--policy", path)));
        // An id that begins as an option does is none behind this.
        words.extend(request.iter().any(|text| text.starts_with('-')).then(|| "--".to_owned()));
        words.extend(request.iter().map(|text| quoted(text).into_owned()));
        words.join(" ")
    }
}

fn option(name: &str, path: &Path) -> String {
    let path = path.to_string_lossy();
    let between = if path.starts_with('-') { '=' } else { ' ' };
    format!("{name}{between}{}", quoted(&path))
}

/// A word of a command line, in quotes where a shell needs them.
pub fn quoted(text: &str) -> Cow<'_, str> {
    let is_plain = |character: char| character.is_alphanumeric() || "_-.:@/+".contains(character);
    match !text.is_empty() && text.chars().all(is_plain) {
        true => Cow::Borrowed(text),
        false => Cow::Owned(format!("'{}'", text.replace('\'', "'\\''"))),
    }
}

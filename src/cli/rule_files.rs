//! Rule files on disk: those that paths name, each once however it is named, and their texts. A folder is read as one of
//! data is: what could be a rule file and is not read is told, since it may hold the rule that denies.

use std::collections::HashSet;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use rolecall::compiler::codes::Code;
use rolecall::compiler::diagnostic::Diagnostic;
use rolecall::compiler::source::{Origin, Site, Sources, Spot};

/// The rule files that a run has come across.
#[derive(Debug, Default)]
pub struct RuleFiles {
    /// Where they really lie.
    seen: HashSet<PathBuf>,
}

impl RuleFiles {
    /// The rule file at a path, or those of the folder there by name, without those that were there before; and what
    /// can't be read, or is no rule file and looks like one.
    pub fn at(&mut self, path: &Path) -> (Vec<PathBuf>, Vec<Diagnostic>) {
        let mut found = Found::default();
        match fs::metadata(path) {
            Ok(metadata) if metadata.is_dir() => found.folder(path),
            Ok(_) => found.files.push(path.to_owned()),
            Err(error) => found.mistakes.push(unreadable(path, &error)),
        }
        // `team.rules`, `./team.rules` and a link to it are one file.
        found.files.retain(|file| self.seen.insert(fs::canonicalize(file).unwrap_or_else(|_| file.clone())));
        (found.files, found.mistakes)
    }
}

#[derive(Default)]
struct Found {
    files: Vec<PathBuf>,
    mistakes: Vec<Diagnostic>,
}

impl Found {
    fn folder(&mut self, folder: &Path) {
        let entries = fs::read_dir(folder).and_then(|entries| entries.collect::<io::Result<Vec<_>>>());
        let mut paths: Vec<PathBuf> = match entries {
            Ok(entries) => entries.iter().map(fs::DirEntry::path).collect(),
            Err(error) => return self.mistakes.push(unreadable(folder, &error)),
        };
        paths.sort();
        paths.iter().for_each(|path| self.entry(path));
        if self.files.is_empty() && self.mistakes.is_empty() {
            let error = io::Error::new(io::ErrorKind::NotFound, "the folder holds no .rules file");
            self.mistakes.push(unreadable(folder, &error));
        }
    }

    fn entry(&mut self, path: &Path) {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        if name.starts_with('.') {
            // The swap file of an editor, a folder of version control.
        } else if path.is_dir() {
            self.mistakes.push(unexpected_folder(path));
        } else if name.ends_with(".rules") {
            self.files.push(path.to_owned());
        } else if let Some(meant) = meant_name(&name) {
            self.mistakes.push(unexpected_file(path, &meant));
        }
    }
}

/// The name of the rule file that a file is probably meant to be, as `deny.RULES`, `deny.rule` and `deny.rules.txt` are.
fn meant_name(name: &str) -> Option<String> {
    let lowered = name.to_ascii_lowercase();
    let end = ["rules", "rule", "rules.txt", "rule.txt"].into_iter().find(|end| {
        let before = lowered.strip_suffix(end);
        before.is_some_and(|before| before.len() > 1 && before.ends_with('.'))
    })?;
    Some(format!("{}rules", &name[..name.len() - end.len()]))
}

/// The text of a rule file. One that is no text becomes a source to point into.
pub fn rule_text(sources: &mut Sources, path: &Path) -> Result<String, Box<Diagnostic>> {
    let bytes = fs::read(path).map_err(|error| unreadable(path, &error))?;
    text_of_rules(sources, bytes, &path.display().to_string())
}

/// The text that the bytes of a rule file are. Those of one that is no text become a source to point into.
pub fn text_of_rules(sources: &mut Sources, bytes: Vec<u8>, name: &str) -> Result<String, Box<Diagnostic>> {
    if bytes.len() >= u32::MAX as usize {
        let mistake = Diagnostic::error(Code::UnreadableFile, format!("{name} is larger than 4 GiB"));
        return Err(Box::new(mistake.found_in(whole(name))));
    }
    String::from_utf8(bytes).map_err(|error| {
        let at = error.utf8_error().valid_up_to();
        let source = sources.add(name, String::from_utf8_lossy(error.as_bytes()), Origin::Rules);
        let start = at - sources.get(source).first_byte as usize;
        let message = format!("{name} is not UTF-8 text: byte {at} begins no character");
        let mistake = Diagnostic::error(Code::BadUtf8, message).at(sources.span(source, start, start + 1), "not UTF-8");
        Box::new(mistake.help("save the file as UTF-8"))
    })
}

fn unreadable(path: &Path, error: &io::Error) -> Diagnostic {
    let name = path.display().to_string();
    Diagnostic::error(Code::UnreadableFile, format!("can't read {name}: {error}")).found_in(whole(&name))
}

fn unexpected_file(path: &Path, meant: &str) -> Diagnostic {
    let name = path.display().to_string();
    Diagnostic::error(Code::UnexpectedFile, format!("`{name}` looks like a rule file, but is not named as one"))
        .found_in(whole(&name))
        .note("of a folder of rules, the files that end in .rules are read")
        .help(format!("name it `{meant}`, or move it elsewhere"))
}

fn unexpected_folder(path: &Path) -> Diagnostic {
    let name = path.display().to_string();
    Diagnostic::error(Code::UnexpectedFile, format!("`{name}` is a folder inside a folder of rules"))
        .found_in(whole(&name))
        .note("the rule files of a folder lie side by side; folders inside it are not searched")
        .help("name it with a `--rules` of its own, or move it elsewhere")
}

fn whole(name: &str) -> Site {
    Site { file: name.to_owned(), origin: Origin::Rules, at: Spot::Whole }
}

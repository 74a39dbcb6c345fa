//! The command line from outside: what is typed, what is printed where, and how it ends.

mod audit;
mod bad_input;
mod batch;
mod batch_answers;
mod check;
mod decide;
mod derived_levels;
mod diff;
mod explain;
mod fix;
mod fmt;
mod health;
mod interrupt;
mod levels;
mod output;
mod progress;
mod query;
mod reports;
mod rule_files;
mod test_command;
mod test_formats;
mod test_forms;
mod what;
mod who;
mod why;

use std::fs;
use std::io::{Read, Write};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use tempfile::TempDir;

/// Nothing here may take longer, on a slow machine and without optimization.
const PATIENCE: Duration = Duration::from_secs(120);

/// A small portal: who works where, three chats of one channel, two items of CRM, a call, an app.
pub const PORTAL: &str = r#"{
"user": ["anna", "boris", "vera"], "inactive": ["vera"], "administrator": ["root"],
"works_in": [["anna", "sales"], ["boris", "sales"], ["vera", "sales"]], "department": ["sales"],
"role": [["reader", "open_channels"], ["caller", "telephony"], ["seller", "crm"]],
"role_permission": [["reader", "history.view", "own"], ["caller", "call.make", "crm_customers"]],
"assigned_to_user": [["reader", "anna"], ["reader", "vera"], ["caller", "anna"], ["seller", "anna"]],
"crm_role_permission": [["seller", "lead", "read", "own"], ["seller", "lead", "add", "own"]],
"channel": ["line"], "channel_queue": [["line", "anna"]],
"chat": [["c1", "line"], ["c2", "line"], ["7", "line"]],
"chat_agent": [["c1", "anna"], ["c1", "vera"], ["c2", "boris"], ["7", "anna"]],
"crm_item": [["lead:15", "lead"], ["lead:16", "lead"]], "crm_responsible": [["lead:15", "anna"], ["lead:16", "boris"]],
"crm_phone": [["+7 900", "lead:15"]], "call": ["k1"], "app": ["board"]
}"#;

/// A folder of its own with files, in which the program runs.
pub struct Place {
    folder: TempDir,
}

impl Place {
    /// An empty folder.
    pub fn new() -> Place {
        Place { folder: tempfile::tempdir().unwrap() }
    }

    /// With the small portal as `portal.json`.
    pub fn with_portal() -> Place {
        Place::new().file("portal.json", PORTAL)
    }

    /// With one file more.
    pub fn file(self, name: &str, content: impl AsRef<[u8]>) -> Place {
        let path = self.path(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
        self
    }

    /// The path of a file in it.
    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// The text of a file in it.
    pub fn text(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).unwrap()
    }

    /// The names of the files in it, sorted.
    pub fn names(&self) -> Vec<String> {
        let name = |entry: std::io::Result<fs::DirEntry>| entry.unwrap().file_name().into_string().unwrap();
        let mut names: Vec<String> = fs::read_dir(self.folder.path()).unwrap().map(name).collect();
        names.sort();
        names
    }

    /// The program with arguments, ready to be started in this folder.
    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_rolecall"));
        command.args(arguments).current_dir(self.folder.path());
        command.env_remove("NO_COLOR").env_remove("RUST_BACKTRACE");
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    }

    /// Runs the program with nothing on standard input.
    pub fn run(&self, arguments: &[&str]) -> Ran {
        self.run_on(arguments, b"")
    }

    /// Runs the program on some standard input.
    pub fn run_on(&self, arguments: &[&str], stdin: &[u8]) -> Ran {
        finish(self.command(arguments), stdin)
    }

    /// Runs `words` with the small portal as data.
    pub fn on_portal(&self, words: &[&str]) -> Ran {
        self.run(&[words, &["--data", "portal.json"]].concat())
    }
}

/// Runs a command to its end; it has to end by itself, with one of the statuses that are documented.
pub fn finish(mut command: Command, stdin: &[u8]) -> Ran {
    let mut child = command.spawn().unwrap();
    let mut input = child.stdin.take().unwrap();
    let (mut out, mut err) = (child.stdout.take().unwrap(), child.stderr.take().unwrap());
    let (status, out, err) = thread::scope(|scope| {
        // Who reads no further is free to do so.
        scope.spawn(move || input.write_all(stdin).is_ok());
        let out = scope.spawn(move || read_all(&mut out));
        let err = scope.spawn(move || read_all(&mut err));
        (wait(&mut child), out.join().unwrap(), err.join().unwrap())
    });
    let err = String::from_utf8(err).unwrap();
    assert!(!err.contains("panicked") && !err.contains("mistake of its own"), "{command:?}\n{err}");
    let status = status.unwrap_or_else(|| panic!("{command:?} has no exit status\n{err}"));
    assert!((0..=2).contains(&status), "{command:?} exits with {status}\n{err}");
    Ran { status, out, err }
}

fn read_all(stream: &mut impl Read) -> Vec<u8> {
    let mut bytes = Vec::new();
    stream.read_to_end(&mut bytes).unwrap();
    bytes
}

/// Waits for the end; the exit status, if it has one.
pub fn wait(child: &mut Child) -> Option<i32> {
    let started = Instant::now();
    loop {
        if let Some(status) = child.try_wait().unwrap() {
            return status.code();
        }
        if started.elapsed() > PATIENCE {
            child.kill().unwrap();
            panic!("does not end");
        }
        thread::sleep(Duration::from_millis(2));
    }
}

/// How a run ended.
pub struct Ran {
    pub status: i32,
    pub out: Vec<u8>,
    pub err: String,
}

impl Ran {
    /// Standard output.
    pub fn text(&self) -> &str {
        std::str::from_utf8(&self.out).unwrap()
    }

    /// Standard output and exit status; nothing stands on standard error.
    pub fn prints(&self, status: i32, text: &str) {
        assert_eq!((self.err.as_str(), self.text(), self.status), ("", text, status));
    }

    /// All three.
    pub fn ends(&self, status: i32, out: &str, err: &str) {
        assert_eq!((self.err.as_str(), self.text(), self.status), (err, out, status));
    }

    /// A question without an answer: status 2, nothing on standard output, and a message that holds these pieces.
    pub fn refuses(&self, pieces: &[&str]) {
        assert_eq!((self.text(), self.status), ("", 2), "{}", self.err);
        assert!(self.err.contains("error"), "{}", self.err);
        for piece in pieces {
            assert!(self.err.contains(piece), "`{piece}` is not in\n{}", self.err);
        }
    }

    /// The JSON objects on the lines of a text.
    pub fn json_lines(text: &str) -> Vec<serde_json::Value> {
        text.lines().map(|line| serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}"))).collect()
    }
}

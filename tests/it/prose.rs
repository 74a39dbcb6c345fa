//! Every fenced block of the README, of `docs/` and of the guides to the examples, run as it is printed.
//!
//! - `rules`: compiles with the built-in policy, and its tests pass. `policy`: stands alone. `error=CODE`: has
//!   exactly these errors (`failed-expectation`: a test that fails). `warning=CODE`: exactly these warnings.
//! - `json`: a data file. `jsonl R`, `csv R`, `tsv R`: the records of a relation. `error=CODE` as above;
//!   `rules=NAME`: the inputs are those of the policy and of the named `rules` block (`name=NAME`) of the page; `check=CODE`: see `pages`.
//! - `console`: `$ rolecall …` lines, each with what it prints (standard output, then standard error), `[exit N]`
//!   where the status is not 0, and `…` for lines that are left out.
//! - `sh`: every line `cargo run --release -- …` answers with status 0.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use rolecall::compiler::diagnostic::{Diagnostic, Severity};
use rolecall::compiler::program::{Program, Test};
use rolecall::compiler::source::{Origin, Sources};
use rolecall::data::Database;
use rolecall::engine::{Derivation, Engine};
use rolecall::facts::{Delimiter, Loader};
use rolecall::report::{Format, Style, render};
use rolecall::suite::{Bounds, Suite};
use rolecall::{compiler, facts, policy};

/// A fenced block of a page.
pub struct Block {
    /// What it is, and how it is to be taken.
    words: Vec<String>,
    /// The text between the fences.
    pub text: String,
    /// Where: `README.md:12`.
    pub place: String,
}

impl Block {
    /// What the block is written in.
    pub fn language(&self) -> &str {
        self.words.first().map_or("", String::as_str)
    }

    /// What it is of: the relation of its records.
    pub fn name(&self) -> Option<&str> {
        self.words.get(1).map(String::as_str)
    }

    pub fn has(&self, word: &str) -> bool {
        self.words.iter().any(|other| other == word)
    }

    /// The values of `key=value` words.
    fn values(&self, key: &str) -> Vec<&str> {
        self.words.iter().filter_map(|word| word.strip_prefix(key)?.strip_prefix('=')).collect()
    }
}

/// The root of the repository.
pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The pages whose blocks are run.
fn pages() -> Vec<PathBuf> {
    let mut pages = vec![root().join("README.md"), root().join("CONTRIBUTING.md"), root().join("ARCHITECTURE.md")];
    find_pages(&root().join("docs"), &mut pages);
    find_pages(&root().join("examples"), &mut pages);
    pages
}

fn find_pages(folder: &Path, pages: &mut Vec<PathBuf>) {
    let mut entries: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    entries.sort();
    for path in entries {
        if path.is_dir() {
            find_pages(&path, pages);
        } else if path.extension().is_some_and(|extension| extension == "md") {
            pages.push(path);
        }
    }
}

/// The fenced blocks of a page.
fn blocks(page: &Path) -> Vec<Block> {
    let text = fs::read_to_string(page).unwrap_or_else(|error| panic!("{}: {error}", page.display()));
    blocks_of(&page.strip_prefix(root()).unwrap().display().to_string(), &text)
}

/// The fenced blocks of a text.
pub fn blocks_of(name: &str, text: &str) -> Vec<Block> {
    let mut blocks = Vec::new();
    let mut open: Option<Block> = None;
    for (number, line) in text.lines().enumerate() {
        match (line.strip_prefix("```"), open.take()) {
            (Some(words), None) => {
                let words = words.split_whitespace().map(str::to_owned).collect();
                open = Some(Block { words, text: String::new(), place: format!("{name}:{}", number + 1) });
            }
            (Some(_), Some(block)) => blocks.push(block),
            (None, Some(mut block)) => {
                block.text.push_str(line);
                block.text.push('\n');
                open = Some(block);
            }
            (None, None) => {}
        }
    }
    assert!(open.is_none(), "{name}: a block without an end");
    blocks
}

/// The blocks of all pages in that language, in groups of a page.
fn blocks_in(languages: &[&str]) -> Vec<Vec<Block>> {
    let of_page = |page: &PathBuf| {
        blocks(page).into_iter().filter(|block| languages.contains(&block.language())).collect::<Vec<_>>()
    };
    pages().iter().map(of_page).collect()
}

/// The blocks of rules of all pages, each with its place.
pub fn rule_blocks() -> Vec<(String, String)> {
    blocks_in(&["rules"]).into_iter().flatten().map(|block| (block.place, block.text)).collect()
}

/// Fails with everything that went wrong.
fn conclude(ran: usize, failures: &[String]) {
    assert!(ran > 0, "no block was run");
    assert!(failures.is_empty(), "{} of {ran} blocks differ\n\n{}", failures.len(), failures.join("\n\n"));
}

#[test]
fn blocks_of_rules_compile_and_their_tests_pass() {
    let blocks: Vec<Block> = blocks_in(&["rules"]).into_iter().flatten().collect();
    let failures: Vec<String> = blocks.iter().filter_map(|block| check_rules(block).err()).collect();
    conclude(blocks.len(), &failures);
}

fn check_rules(block: &Block) -> Result<(), String> {
    let (sources, program, mut diagnostics) = compile(block);
    if let Some(program) = &program {
        diagnostics.extend(facts::check_levels(program, &sources));
    }
    let fails = block.has("error=failed-expectation");
    if let Some(program) = program.as_ref().filter(|_| fails && diagnostics.is_empty()) {
        let none_fails = format!("{}: no test fails", block.place);
        return run_tests(block, program).map_or(Ok(()), |()| Err(none_fails));
    }
    expect_codes(block, &sources, &diagnostics)?;
    match program {
        Some(program) if block.values("error").is_empty() => run_tests(block, &program),
        _ => Ok(()),
    }
}

fn compile(block: &Block) -> (Sources, Option<Program>, Vec<Diagnostic>) {
    let mut sources = Sources::default();
    let alone = block.has("policy");
    let mut ids = if alone { Vec::new() } else { policy::add_to(&mut sources) };
    let origin = if alone { Origin::Policy } else { Origin::Rules };
    ids.push(sources.add(block.place.clone(), block.text.clone(), origin));
    let (program, diagnostics) = compiler::compile_with_warnings(&sources, &ids);
    (sources, program, diagnostics)
}

/// Whether the errors are those that the block names, and the warnings too where it names any.
fn expect_codes(block: &Block, sources: &Sources, diagnostics: &[Diagnostic]) -> Result<(), String> {
    let codes = |severity: Severity| -> Vec<&str> {
        diagnostics.iter().filter(|found| found.severity == severity).map(|found| found.code.name()).collect()
    };
    let warnings = block.values("warning");
    let as_promised = codes(Severity::Error) == block.values("error")
        && (warnings.is_empty() || codes(Severity::Warning) == warnings);
    match as_promised {
        true => Ok(()),
        false => Err(format!(
            "{}: expected errors {:?} and warnings {warnings:?}, found\n{}",
            block.place,
            block.values("error"),
            render(diagnostics, sources, Format::Human, Style::default(), None)
        )),
    }
}

/// How the examples are derived.
fn derivation() -> Derivation {
    Derivation { engine: Engine::Auto, ..Derivation::default() }
}

fn run_tests(block: &Block, program: &Program) -> Result<(), String> {
    let bounds = Bounds { combinations: 1_000_000, told: 1 };
    let tests: Vec<&Test> = program.tests.iter().collect();
    let mut suite = Suite::new(program, &tests, Database::new(program), derivation(), bounds);
    for test in tests {
        let holds = suite.run(test, |_, failed| failed.is_empty());
        if !holds.unwrap() {
            return Err(format!("{}: the test \"{}\" fails", block.place, test.name));
        }
    }
    Ok(())
}

#[test]
fn blocks_of_data_load() {
    let mut ran = 0;
    let mut failures = Vec::new();
    for page in blocks_in(&["json", "jsonl", "csv", "tsv", "rules"]) {
        for block in page.iter().filter(|block| block.language() != "rules") {
            ran += 1;
            failures.extend(check_data(block, &page).err());
        }
    }
    conclude(ran, &failures);
}

fn check_data(block: &Block, page: &[Block]) -> Result<(), String> {
    let nothing = Block { words: Vec::new(), text: String::new(), place: block.place.clone() };
    let named = |name: &str| page.iter().find(|other| other.values("name") == [name]);
    let rules = block.values("rules").first().map_or(Some(&nothing), |name| named(name));
    let (mut sources, program, _) = compile(rules.ok_or_else(|| format!("{}: no such rules block", block.place))?);
    let program = program.ok_or_else(|| format!("{}: its rules do not compile", block.place))?;
    let mut database = Database::new(&program);
    let mut loader = Loader::new(&program, &mut database, &mut sources);
    let relation = block.name().unwrap_or("");
    match block.language() {
        "json" => loader.json(&block.place, block.text.as_bytes()),
        "jsonl" => loader.lines(relation, &block.place, block.text.as_bytes()),
        "csv" => loader.delimited(Delimiter::Comma, relation, &block.place, block.text.as_bytes()),
        _ => loader.delimited(Delimiter::Tab, relation, &block.place, block.text.as_bytes()),
    }
    let diagnostics = loader.finish();
    expect_codes(block, &sources, &diagnostics)
}

#[test]
fn commands_print_what_the_pages_show() {
    let blocks: Vec<Block> = blocks_in(&["console"]).into_iter().flatten().collect();
    let failures: Vec<String> = blocks.iter().flat_map(check_console).collect();
    conclude(blocks.len(), &failures);
}

fn check_console(block: &Block) -> Vec<String> {
    let mut commands: Vec<(&str, Vec<&str>)> = Vec::new();
    for line in block.text.lines() {
        match (line.strip_prefix("$ "), commands.last_mut()) {
            (Some(command), _) => commands.push((command, Vec::new())),
            (None, Some((_, expected))) => expected.push(line),
            (None, None) => return vec![format!("{}: text before the first command", block.place)],
        }
    }
    let check = |(command, expected): (&str, Vec<&str>)| {
        let (printed, status) = run(command);
        let mut found: Vec<String> = printed.lines().map(str::to_owned).collect();
        if status != 0 {
            found.push(format!("[exit {status}]"));
        }
        // Empty lines at the end would be lost to the eye.
        let shown = expected.iter().rposition(|line| !line.is_empty()).map_or(0, |last| last + 1);
        let same = matches(&expected[..shown], &found.iter().map(String::as_str).collect::<Vec<_>>());
        (!same).then(|| format!("{}: $ {command}\n{}", block.place, found.join("\n")))
    };
    commands.into_iter().filter_map(check).collect()
}

/// Whether the lines are those expected, where `…` stands for any number of them.
fn matches(expected: &[&str], found: &[&str]) -> bool {
    match expected.split_first() {
        None => found.is_empty(),
        Some((&"…", rest)) => (0..=found.len()).any(|skipped| matches(rest, &found[skipped..])),
        Some((line, rest)) => found.split_first().is_some_and(|(first, others)| first == line && matches(rest, others)),
    }
}

/// Runs a command line at the root of the repository: what it prints, and its status.
fn run(command: &str) -> (String, i32) {
    // Where commands write: it is there unless the program was built elsewhere.
    fs::create_dir_all(root().join("target")).unwrap();
    let program = Path::new(env!("CARGO_BIN_EXE_rolecall"));
    let mut path = vec![program.parent().unwrap().to_owned()];
    path.extend(std::env::split_paths(&std::env::var_os("PATH").unwrap_or_default()));
    let output = Command::new("sh")
        .args(["-c", command])
        .current_dir(root())
        .env("PATH", std::env::join_paths(path).unwrap())
        .env("NO_COLOR", "1")
        .output()
        .unwrap();
    let printed = [output.stdout, output.stderr].map(|bytes| String::from_utf8(bytes).unwrap()).concat();
    (printed, output.status.code().unwrap())
}

#[test]
fn commands_for_a_fresh_clone_answer() {
    let lines: Vec<String> = blocks_in(&["sh"])
        .iter()
        .flatten()
        .flat_map(|block| block.text.lines())
        .filter_map(|line| Some(format!("rolecall {}", line.strip_prefix("cargo run --release -- ")?)))
        .collect();
    let failed = |line: &String| {
        let (printed, status) = run(line);
        (status != 0).then(|| format!("{line}\n{printed}\n[exit {status}]"))
    };
    conclude(lines.len(), &lines.iter().filter_map(failed).collect::<Vec<_>>());
}

/// A block that no test looks at would be believed.
#[test]
fn every_block_is_of_a_kind_that_is_run() {
    let kinds = ["rules", "json", "jsonl", "csv", "tsv", "console", "sh", "text"];
    for block in pages().iter().flat_map(|page| blocks(page)) {
        assert!(kinds.contains(&block.language()), "{}: what is `{}`?", block.place, block.language());
    }
}

#[test]
fn links_lead_somewhere() {
    let mut broken = Vec::new();
    for page in pages() {
        let text = fs::read_to_string(&page).unwrap();
        for link in text.split("](").skip(1).filter_map(|rest| rest.split(')').next()) {
            if link.starts_with("https://") {
                continue;
            }
            let (path, anchor) = link.split_once('#').unwrap_or((link, ""));
            let target = if path.is_empty() { page.clone() } else { page.parent().unwrap().join(path) };
            let leads = match anchor {
                "" => target.exists(),
                anchor => target.is_file() && anchors(&target).iter().any(|other| other == anchor),
            };
            if !leads {
                broken.push(format!("{}: {link}", page.display()));
            }
        }
    }
    assert!(broken.is_empty(), "{}", broken.join("\n"));
}

/// What the headings of a page are linked by.
fn anchors(page: &Path) -> Vec<String> {
    let heading = |line: &str| {
        let words = line.trim_start_matches('#').strip_prefix(' ')?.to_lowercase().replace(' ', "-");
        line.starts_with('#').then(|| words.chars().filter(|c| c.is_alphanumeric() || "-_".contains(*c)).collect())
    };
    fs::read_to_string(page).unwrap().lines().filter_map(heading).collect()
}

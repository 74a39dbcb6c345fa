//! The words that options take: how answers and mistakes are shown, who derives, what is compared.

use clap::ValueEnum;

use rolecall::engine::Engine;
use rolecall::report;

/// What is compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum DiffKind {
    /// What is allowed
    Decisions,
    /// How high users go for actions, and in CRM
    Levels,
}

/// Which changes fail.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum FailOn {
    /// A decision is allowed that was not, or a level rises
    Gained,
    /// A decision is no longer allowed, or a level falls
    Lost,
    /// Any of them
    Any,
}

/// How the report of an import is shown.
#[derive(Clone, Copy, Debug, Default, ValueEnum)]
pub enum ImportFormat {
    /// In sections
    #[default]
    Text,
    /// An object
    Json,
}

/// How findings are shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum AuditFormat {
    /// A paragraph for each
    #[default]
    Text,
    /// An array with an object for each
    Json,
    /// A header and a line for each instance
    Csv,
    /// A SARIF 2.1.0 document with a result for each instance, as code scanning reads it
    Sarif,
}

/// Who derives.
#[derive(Clone, Copy, Debug, Default, ValueEnum)]
pub enum EngineName {
    /// The faster one
    #[default]
    Auto,
    /// The built-in rules as compiled by crepe; what they do not cover is interpreted
    Compiled,
    /// The interpreter for everything
    Interpreted,
}

impl From<EngineName> for Engine {
    fn from(name: EngineName) -> Engine {
        match name {
            EngineName::Auto => Engine::Auto,
            EngineName::Compiled => Engine::Compiled,
            EngineName::Interpreted => Engine::Interpreted,
        }
    }
}

/// How mistakes are shown.
#[derive(Clone, Copy, Debug, Default, ValueEnum)]
pub enum MessageFormat {
    /// Drawn on the source
    #[default]
    Human,
    /// One line each
    Short,
    /// One JSON object a line
    Json,
    /// One SARIF 2.1.0 document, as code scanning reads it
    Sarif,
    /// One workflow command a line, as GitHub shows beside the source
    Github,
}

impl From<MessageFormat> for report::Format {
    fn from(format: MessageFormat) -> report::Format {
        match format {
            MessageFormat::Human => report::Format::Human,
            MessageFormat::Short => report::Format::Short,
            MessageFormat::Json => report::Format::Json,
            MessageFormat::Sarif => report::Format::Sarif,
            MessageFormat::Github => report::Format::Github,
        }
    }
}

/// Whether to use color.
#[derive(Clone, Copy, Debug, Default, ValueEnum)]
pub enum Color {
    /// On a terminal
    #[default]
    Auto,
    /// Also into files and pipes
    Always,
    /// Nowhere
    Never,
}

/// How one answer is shown.
#[derive(Clone, Copy, Debug, Default, ValueEnum)]
pub enum AnswerFormat {
    /// `allow` or `deny`, and the rule
    #[default]
    Text,
    /// An AuthZEN decision
    Json,
}

/// How the outcome of checking a proof is shown.
#[derive(Clone, Copy, Debug, Default, ValueEnum)]
pub enum VerifyFormat {
    /// `valid` and the answer, or a line for each fault
    #[default]
    Text,
    /// An object
    Json,
}

/// How the outcome of tests is shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum TestFormat {
    /// What failed, drawn at its place, and a count
    #[default]
    Text,
    /// An array with an object for each test
    Json,
    /// JUnit XML, which CI systems read
    Junit,
}

/// Which rules coverage counts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum Counted {
    /// Those of the given files; where these have none, those of the built-in policy
    #[default]
    Given,
    /// Those of the built-in policy too
    All,
}

/// How a derivation is shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum ProofFormat {
    /// A tree of sentences
    #[default]
    Text,
    /// A proof that `verify` checks
    Json,
    /// A graph in the language of Graphviz
    Dot,
    /// A Mermaid flowchart
    Mermaid,
}

/// How a table of answers is shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum TableFormat {
    /// Columns
    #[default]
    Text,
    /// An array with an object for each answer
    Json,
    /// A header and a line for each answer
    Csv,
}

/// A number of at least one.
pub fn count(text: &str) -> Result<u32, String> {
    within(text, 1, u64::from(u32::MAX), "a whole number of 1 or more").map(|number| number as u32)
}

/// A number of at least one that may be large.
pub fn large_count(text: &str) -> Result<u64, String> {
    within(text, 1, u64::MAX, "a whole number of 1 or more")
}

/// How many there may be.
pub fn limit(text: &str) -> Result<u64, String> {
    within(text, 0, u64::MAX, "a whole number of 0 or more")
}

/// Of a hundred.
pub fn percent(text: &str) -> Result<u32, String> {
    within(text, 0, 100, "a whole number from 0 to 100").map(|number| number as u32)
}

fn within(text: &str, least: u64, most: u64, wanted: &str) -> Result<u64, String> {
    let number = text.parse().ok().filter(|number| (least..=most).contains(number));
    number.ok_or_else(|| format!("write {wanted}"))
}

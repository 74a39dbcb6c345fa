//! What may be typed: commands, their arguments, and the options they share. `choices` has the words that options take.

mod choices;

use std::ffi::OsStr;
use std::path::PathBuf;

use clap::builder::{PossibleValue, StringValueParser, TypedValueParser};
use clap::{Args, Parser, Subcommand};

use crate::cli::batch::Shard;
use crate::cli::import::Day;
use rolecall::bitrix24::{Country, Encoding};
use rolecall::compiler::codes::Code;

pub use choices::{
    AnswerFormat, AuditFormat, Color, Counted, DiffKind, EngineName, FailOn, ImportFormat, MessageFormat, ProofFormat,
    TableFormat, TestFormat, VerifyFormat,
};

/// Tells who may do what in a Bitrix24 portal, and why, from exported data and readable rules.
#[derive(Debug, Parser)]
#[command(name = "rolecall", version, propagate_version = true, max_term_width = 100)]
#[command(
    after_help = "Exit status: 0 yes or ok, 1 no (denied, errors found, a proof refused, a test failed, not formatted, \
                        no answers, what --fail-on names), 2 the question could not be answered."
)]
pub struct Arguments {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
    /// Options of every command.
    #[command(flatten)]
    pub global: Global,
}

/// Options of every command.
#[derive(Args, Clone, Debug)]
pub struct Global {
    /// A JSON, JSONL, CSV or TSV file of facts, or a folder of them
    #[arg(long, value_name = "PATH", global = true, help_heading = "Shared options")]
    pub data: Vec<PathBuf>,
    /// A rule file, or a folder of them, added to the policy
    #[arg(long, value_name = "PATH", global = true, help_heading = "Shared options")]
    pub rules: Vec<PathBuf>,
    /// A rule file, or a folder of them, in place of the built-in policy
    #[arg(long, value_name = "PATH", global = true, help_heading = "Shared options")]
    pub policy: Option<PathBuf>,
    /// Who derives: the answers are the same
    #[arg(long, value_enum, default_value_t, global = true, help_heading = "Shared options")]
    pub engine: EngineName,
    /// How many threads answer [default: all processors]
    #[arg(long, value_name = "N", value_parser = choices::count, global = true)]
    #[arg(help_heading = "Shared options")]
    pub jobs: Option<u32>,
    /// How many facts the rules may derive
    #[arg(long, value_name = "N", value_parser = choices::limit, default_value_t = 200_000_000, global = true, help_heading = "Shared options")]
    pub max_derived: u64,
    /// How mistakes are shown
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT", global = true, help_heading = "Shared options")]
    pub message_format: MessageFormat,
    /// Whether mistakes are shown in color (NO_COLOR turns it off too)
    #[arg(long, value_enum, default_value_t, value_name = "WHEN", global = true, help_heading = "Shared options")]
    pub color: Color,
    /// Print how long loading, deriving and deciding took
    #[arg(long, global = true, help_heading = "Shared options")]
    pub timings: bool,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Check rule files with the policy and, with --data, the data
    Check(Check),
    /// Decide one request: allow or deny, and the rule that decided
    Decide(Decide),
    /// Say why a request is allowed or denied: the derivation, or what came nearest
    Why(Why),
    /// Check a proof, as `why --format json` writes it, against rules and data
    Verify(Verify),
    /// List everyone who may do something, and the rule that allows it
    Who(Who),
    /// List everything that someone may do, and the rule that allows it
    What(What),
    /// List the level of each user for each action, the role that gives it, and how it is held
    Levels(Levels),
    /// Find what is worth a look: doubtful settings, and rights that few may know of
    Audit(Audit),
    /// Decide a file of requests, one answer a line, in request order
    Batch(Batch),
    /// List the decisions and levels that change with other data or rules, each with its cause and reason
    Diff(Diff),
    /// Answer a conjunction of literals, such as 'works_in(U, "sales"), not inactive(U)'
    Query(Query),
    /// Run the test blocks of rule files
    Test(Test),
    /// Explain a diagnostic code, such as unbound-variable: an example that fails, and its repair
    Explain(Explain),
    /// Write rule files in their canonical form
    Fmt(Fmt),
    /// Turn an export of a portal into facts
    Import(Import),
    /// Print the files of the built-in policy, or list the actions
    Rules(Rules),
    /// Print a completion script for a shell
    Completions(Completions),
}

/// Arguments of `check`.
#[derive(Args, Debug)]
pub struct Check {
    /// Rule files, or folders of them, checked together with --rules
    pub paths: Vec<PathBuf>,
    /// Status 1 also where there are only warnings
    #[arg(long)]
    pub deny_warnings: bool,
    /// Make the changes of rule files that are certain, and report what is left
    #[arg(long)]
    pub fix: bool,
    /// Only show what --fix would change; status 1 if anything would
    #[arg(long, requires = "fix")]
    pub diff: bool,
}

/// Arguments of `decide`.
#[derive(Args, Debug)]
pub struct Decide {
    /// Who asks
    pub user: String,
    /// What they want to do, such as history.view
    pub action: String,
    /// What to do it to: an id, or `chat:c17`
    pub resource: String,
    /// How the answer is shown
    #[arg(long, value_enum, default_value_t)]
    pub format: AnswerFormat,
}

/// Arguments of `why`.
#[derive(Args, Debug)]
pub struct Why {
    /// Who asks
    pub user: String,
    /// What they want to do, such as history.view
    pub action: String,
    /// What to do it to: an id, or `chat:c17`
    pub resource: String,
    /// How the answer is shown
    #[arg(long, value_enum, default_value_t)]
    pub format: ProofFormat,
    /// Say of each `not` in the derivation what came near to what it denies
    #[arg(long)]
    pub expand: bool,
    /// Every minimal derivation, the smallest first: what remains when one is taken away
    #[arg(long)]
    pub all: bool,
    /// The smallest changes of data that would turn the answer, those first that turn least else
    #[arg(long, conflicts_with = "all")]
    pub repair: bool,
    /// The inputs that a repair may change, separated by commas [default: what roles give, who holds them, and links]
    #[arg(long, value_name = "INPUTS", value_delimiter = ',', requires = "repair")]
    pub change: Option<Vec<String>>,
    /// How many are shown at most [default: 10 derivations, 3 rules that came near, 5 repairs]
    #[arg(long, value_name = "N", value_parser = choices::count)]
    pub limit: Option<u32>,
}

/// Arguments of `who`.
#[derive(Args, Debug)]
pub struct Who {
    /// What they want to do, such as history.view
    pub action: String,
    /// What to do it to: an id, or `chat:c17`
    pub resource: String,
    /// Leave out the administrators of the portal
    #[arg(long)]
    pub skip_administrators: bool,
    /// How the answers are shown
    #[arg(long, value_enum, default_value_t)]
    pub format: TableFormat,
}

/// Arguments of `what`.
#[derive(Args, Debug)]
pub struct What {
    /// Who asks
    pub user: String,
    /// What they want to do, such as history.view; every action when missing
    pub action: Option<String>,
    /// How the answers are shown
    #[arg(long, value_enum, default_value_t)]
    pub format: TableFormat,
}

/// Arguments of `levels`.
#[derive(Args, Debug)]
pub struct Levels {
    /// Whose levels; everybody's when missing
    pub users: Vec<String>,
    /// Leave out the administrators of the portal
    #[arg(long)]
    pub skip_administrators: bool,
    /// How the levels are shown
    #[arg(long, value_enum, default_value_t)]
    pub format: TableFormat,
}

/// Arguments of `audit`.
#[derive(Args, Debug)]
pub struct Audit {
    /// The ids of the rules that are asked, such as recording-open-on-drive; all when missing
    pub rules_asked: Vec<String>,
    /// How many instances of each finding are told [default: 3 as text, all otherwise]
    #[arg(long, value_name = "N", value_parser = choices::count)]
    pub limit: Option<u32>,
    /// Status 1 where there is a finding of this severity or above, such as high
    #[arg(long, value_name = "SEVERITY")]
    pub fail_on: Option<String>,
    /// How much of what a rule goes over is asked about
    #[arg(long, value_name = "N", default_value_t = crate::cli::findings::QUESTIONS)]
    #[arg(value_parser = choices::large_count)]
    pub max_questions: u64,
    /// How the findings are shown
    #[arg(long, value_enum, default_value_t)]
    pub format: AuditFormat,
}

/// Arguments of `batch`.
#[derive(Args, Debug)]
pub struct Batch {
    /// Requests as AuthZEN evaluation objects, one a line, or CSV by extension; `-` for stdin
    #[arg(long, value_name = "FILE")]
    pub requests: PathBuf,
    /// Where the answers go, whole or not at all; `-` for stdout
    #[arg(long, value_name = "FILE")]
    pub output: PathBuf,
    /// Add the role and the chain of reasons to each answer
    #[arg(long)]
    pub why: bool,
    /// Stop at the first malformed request, and leave no output
    #[arg(long)]
    pub fail_fast: bool,
    /// Decide only part K of N of the requests; the outputs of all parts, one after the other, are that of the whole
    #[arg(long, value_name = "K/N")]
    pub shard: Option<Shard>,
}

/// Arguments of `diff`.
#[derive(Args, Debug)]
pub struct Diff {
    /// Data of the new side, in place of --data [default: the same]
    #[arg(long, value_name = "PATH", required_unless_present = "to_rules")]
    pub to_data: Vec<PathBuf>,
    /// Rules of the new side, in place of --rules [default: the same]
    #[arg(long, value_name = "PATH")]
    pub to_rules: Vec<PathBuf>,
    /// Compare these decisions, in the form that `batch` takes, and the levels of their users [default: everything]
    #[arg(long, value_name = "FILE", conflicts_with_all = ["user", "action"])]
    pub requests: Option<PathBuf>,
    /// Compare what concerns this user alone (repeatable)
    #[arg(long, value_name = "USER")]
    pub user: Vec<String>,
    /// Compare what concerns this action alone (repeatable)
    #[arg(long, value_name = "ACTION")]
    pub action: Vec<String>,
    /// Compare decisions alone, or levels alone
    #[arg(long, value_enum, value_name = "WHAT")]
    pub only: Option<DiffKind>,
    /// Exit with status 1 where something is gained, lost, or either
    #[arg(long, value_enum, value_name = "CHANGE")]
    pub fail_on: Option<FailOn>,
    /// How many decisions may be asked of each side
    #[arg(long, value_name = "N", value_parser = choices::limit, default_value_t = 100_000_000)]
    pub max_questions: u64,
    /// How the changes are shown
    #[arg(long, value_enum, default_value_t)]
    pub format: TableFormat,
}

/// Arguments of `query`.
#[derive(Args, Debug)]
pub struct Query {
    /// Literals, separated by commas
    pub literals: String,
    /// How the answers are shown
    #[arg(long, value_enum, default_value_t)]
    pub format: TableFormat,
}

/// Arguments of `test`.
#[derive(Args, Debug)]
pub struct Test {
    /// Rule files with tests, or folders of them
    pub paths: Vec<PathBuf>,
    /// Run only the tests whose name contains this
    #[arg(long, value_name = "TEXT")]
    pub filter: Option<String>,
    /// How the outcome is shown
    #[arg(long, value_enum, default_value_t)]
    pub format: TestFormat,
    /// List the rules that no test fired, and their literals that no test needed: of the given files, or of `all`
    #[arg(long, value_enum, value_name = "RULES", num_args = 0..=1, require_equals = true, default_missing_value = "given")]
    pub coverage: Option<Counted>,
    /// Fail where the tests cover less of the rules and literals than this
    #[arg(long, value_name = "PERCENT", value_parser = choices::percent)]
    pub min_coverage: Option<u32>,
    /// How many combinations of values one `expect none` or `expect only` may look at
    #[arg(long, value_name = "N", value_parser = choices::limit, default_value_t = 100_000_000)]
    pub max_combinations: u64,
}

/// Arguments of `explain`.
#[derive(Args, Debug)]
pub struct Explain {
    /// A diagnostic code, such as unbound-variable; all of them, a line each, when missing
    #[arg(value_parser = AnyCode, hide_possible_values = true)]
    pub code: Option<String>,
}

/// Takes any word, so that one that is no code is answered with those that come near, and offers the codes to shells.
#[derive(Clone)]
struct AnyCode;

impl TypedValueParser for AnyCode {
    type Value = String;

    fn parse_ref(
        &self,
        command: &clap::Command,
        arg: Option<&clap::Arg>,
        value: &OsStr,
    ) -> Result<String, clap::Error> {
        StringValueParser::new().parse_ref(command, arg, value)
    }

    fn possible_values(&self) -> Option<Box<dyn Iterator<Item = PossibleValue> + '_>> {
        Some(Box::new(Code::ALL.iter().map(|code| PossibleValue::new(code.name()))))
    }
}

/// Arguments of `fmt`.
#[derive(Args, Debug)]
pub struct Fmt {
    /// Rule files, or folders of them; `-` alone reads stdin and writes stdout
    #[arg(value_name = "PATH", required = true)]
    pub paths: Vec<PathBuf>,
    /// Only list the files that are not formatted; status 1 if there are any
    #[arg(long)]
    pub check: bool,
    /// Only show what would change; status 1 if anything would
    #[arg(long)]
    pub diff: bool,
}

/// Arguments of `import`.
#[derive(Args, Debug)]
pub struct Import {
    /// What is imported.
    #[command(subcommand)]
    pub source: ImportSource,
}

/// What can be imported.
#[derive(Debug, Subcommand)]
pub enum ImportSource {
    /// REST dumps and tables of a Bitrix24 portal
    Bitrix24(Bitrix24),
}

/// Arguments of `import bitrix24`.
#[derive(Args, Debug)]
pub struct Bitrix24 {
    /// The folder of the export: user.get.1.json, b_user.csv, portal.sql and the like
    pub folder: PathBuf,
    /// The folder for the facts, which appears whole or not at all
    #[arg(long, value_name = "FOLDER")]
    pub output: PathBuf,
    /// Replace the output folder if it is there
    #[arg(long)]
    pub force: bool,
    /// The day on which memberships of user groups count, as 2026-11-22 [default: today]
    #[arg(long, value_name = "DATE")]
    pub at: Option<Day>,
    /// The country of phone numbers without one, as DE
    #[arg(long, value_name = "CC")]
    pub country: Option<Country>,
    /// What the export is written in, as windows-1251 [default: UTF-8]
    #[arg(long, value_name = "NAME")]
    pub encoding: Option<Encoding>,
    /// Replace names, phone numbers and mail addresses
    #[arg(long)]
    pub anonymise: bool,
    /// Compare who holds which access code with b_user_access
    #[arg(long)]
    pub check: bool,
    /// Write nothing unless everything was understood; status 1 if it was not
    #[arg(long)]
    pub strict: bool,
    /// How the report is shown
    #[arg(long, value_enum, default_value_t)]
    pub format: ImportFormat,
}

/// Arguments of `rules`.
#[derive(Args, Debug)]
pub struct Rules {
    /// A file of the policy, such as `crm`; all of them when missing
    pub name: Option<String>,
    /// List the actions instead, those of --rules or --policy too, each with the entity it is done to
    #[arg(long, conflicts_with = "name")]
    pub actions: bool,
}

/// Arguments of `completions`.
#[derive(Args, Debug)]
pub struct Completions {
    /// The shell
    pub shell: clap_complete::Shell,
}

/// Arguments of `verify`.
#[derive(Args, Debug)]
pub struct Verify {
    /// The proof; `-` for stdin
    pub proof: PathBuf,
    /// How what is wrong with it is shown
    #[arg(long, value_enum, default_value_t)]
    pub format: VerifyFormat,
}

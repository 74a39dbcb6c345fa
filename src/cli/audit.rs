//! `audit`: what is worth a look in a portal, as the rules of `reported`, `doubtful` and `exposed` find it.
//! `page` and `scan` write it, for people and for code scanning.

mod page;
mod scan;

use crate::cli::again::Again;
use crate::cli::arguments::{Audit, AuditFormat, Global};
use crate::cli::findings::{self, Asked, Told};
use crate::cli::output::{self, Console};
use crate::cli::question::advice;
use crate::cli::workspace::{Failure, Workspace};
use rolecall::compiler::program::{Program, Rule};
use rolecall::compiler::source::Sources;

/// How many instances of a finding text tells.
const SAMPLES: u32 = 3;

/// Finds; whether nothing is as grave as `--fail-on` says.
pub fn run(command: &Audit, global: &Global, console: &Console) -> Result<bool, Failure> {
    let mut workspace = Workspace::new(global, console);
    let program = workspace.program(&[])?;
    let relations = findings::audited(&program);
    if relations.is_empty() {
        return Err(Failure::Message(
            "the policy has no `exposed`, `doubtful` or `reported`, so it finds nothing".to_owned(),
        ));
    }
    if workspace.lacks_facts(&program) {
        let message = "no data was given, so there is nothing to audit; `--data PATH` names it";
        return Err(Failure::Message(message.to_owned()));
    }
    let codes: Vec<&Rule> = program.rules.iter().filter(|rule| relations.contains(&rule.head.relation)).collect();
    for wanted in &command.rules_asked {
        if !codes.iter().any(|rule| rule.id == *wanted) {
            let advice = advice(wanted, codes.iter().map(|rule| rule.id.as_str()));
            return Err(Failure::unanswerable(format!("no rule finds `{wanted}`{advice}")));
        }
    }
    let severities = Severities::of(&program);
    let fail_on = command.fail_on.as_deref().map(|name| severities.place(name)).transpose()?;
    let every = if command.format == AuditFormat::Text { SAMPLES } else { u32::MAX };
    let asked = Asked {
        relations: relations.clone(),
        only: &command.rules_asked,
        samples: command.limit.unwrap_or(every) as usize,
        questions: command.max_questions,
    };
    let mut decider = workspace.decider(&program, relations)?;
    let (found, mistakes) = findings::find(&mut workspace, &program, &mut decider, &asked);
    workspace.warn(&mistakes);
    let (sources, again) = (&workspace.sources, Again::of(global));
    let report = Report { program: &program, sources, severities: &severities, found: &found, again };
    output::stdout_text(&match command.format {
        AuditFormat::Text => report.text(),
        AuditFormat::Json => report.json(),
        AuditFormat::Csv => report.csv(),
        AuditFormat::Sarif => report.sarif(),
    })?;
    let is_grave = |told: &Told| fail_on.is_some_and(|least| told.severity.unwrap_or(0) >= least);
    Ok(!found.iter().any(is_grave))
}

/// The names of the severities, the least first.
struct Severities<'p> {
    names: &'p [String],
}

impl<'p> Severities<'p> {
    fn of(program: &'p Program) -> Severities<'p> {
        let declared = findings::severities(program);
        Severities { names: declared.map_or(&[], |id| &program.enums[id.index()].members) }
    }

    fn place(&self, name: &str) -> Result<u32, Failure> {
        let place = self.names.iter().position(|known| known == name);
        place.map(|place| place as u32).ok_or_else(|| {
            Failure::unanswerable(format!("unknown severity `{name}`; there are {}", self.names.join(", ")))
        })
    }

    /// The name of a severity; the least where a rule gives none.
    fn name(&self, severity: Option<u32>) -> &'p str {
        self.names.get(severity.unwrap_or(0) as usize).map_or("", String::as_str)
    }
}

/// Findings on their way out.
struct Report<'r> {
    program: &'r Program,
    sources: &'r Sources,
    severities: &'r Severities<'r>,
    found: &'r [Told],
    again: Again<'r>,
}

impl Report<'_> {
    /// The id of the rule, and where it is written.
    fn rule(&self, told: &Told) -> (&str, String) {
        let rule = self.program.rule(told.rule);
        (&rule.id, self.sources.file_and_line(rule.span))
    }
}

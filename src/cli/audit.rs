//! `audit`: what is worth a look in a portal, as the rules of `reported`, `doubtful` and `exposed` find it.

use crate::cli::arguments::{Audit, Global, TableFormat};
use crate::cli::findings::{self, Asked, Sample, Told};
use crate::cli::output::{self, Console};
use crate::cli::question::advice;
use crate::cli::request::json_string;
use crate::cli::sheet::csv_field;
use crate::cli::workspace::{Failure, Workspace};
use crate::compiler::program::{Program, Rule};
use crate::compiler::source::Sources;
use crate::report::escape::escape;

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
    let codes: Vec<&Rule> = program.rules.iter().filter(|rule| relations.contains(&rule.head.relation)).collect();
    for wanted in &command.rules_asked {
        if !codes.iter().any(|rule| rule.id == *wanted) {
            let advice = advice(wanted, codes.iter().map(|rule| rule.id.as_str()));
            return Err(Failure::unanswerable(format!("no rule finds `{wanted}`{advice}")));
        }
    }
    let severities = Severities::of(&program);
    let fail_on = command.fail_on.as_deref().map(|name| severities.place(name)).transpose()?;
    let every = if command.format == TableFormat::Text { SAMPLES } else { u32::MAX };
    let asked = Asked {
        relations: relations.clone(),
        only: &command.rules_asked,
        samples: command.limit.unwrap_or(every) as usize,
        questions: command.max_questions,
    };
    let mut decider = workspace.decider(&program, relations)?;
    let (found, mistakes) = findings::find(&mut workspace, &program, &mut decider, &asked);
    workspace.warn(&mistakes);
    let report = Report { program: &program, sources: &workspace.sources, severities: &severities, found: &found };
    output::stdout_text(&match command.format {
        TableFormat::Text => report.text(),
        TableFormat::Json => report.json(),
        TableFormat::Csv => report.csv(),
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
}

impl Report<'_> {
    fn rule(&self, told: &Told) -> (&str, String) {
        let rule = self.program.rule(told.rule);
        (&rule.id, self.sources.file_and_line(rule.span))
    }

    /// A paragraph for each finding, and how many there are.
    fn text(&self) -> String {
        let mut text = String::new();
        for told in self.found {
            let (id, place) = self.rule(told);
            let severity = self.severities.name(told.severity);
            let things = counted(told.things, told.more, "thing");
            text.push_str(&format!("{severity}: {}: {things}  {}\n", escape(id), escape(&place)));
            for sample in &told.samples {
                let place = sample.place.as_ref().map_or_else(String::new, |place| format!("  {place}"));
                text.push_str(&format!("  {}\n", escape(&format!("{}{place}", sample.sentence))));
                if let Some([subject, action, resource]) = &sample.why {
                    let question = format!("    rolecall why {} {action} {}", word(subject), word(resource));
                    text.push_str(&format!("{}\n", escape(&question)));
                }
            }
            let more = told.count - told.samples.len();
            if more > 0 || told.more {
                let even = if told.more { "; not everything was looked at" } else { "" };
                text.push_str(&format!("  and {more} more{even}\n"));
            }
            text.push('\n');
        }
        text.push_str(&self.tally());
        text
    }

    /// `4 findings: 1 high, 3 low`
    fn tally(&self) -> String {
        let count = |(place, name): (usize, &String)| {
            let count = self.found.iter().filter(|told| told.severity.unwrap_or(0) as usize == place).count();
            (count > 0).then(|| format!("{count} {name}"))
        };
        let counts: Vec<String> = self.severities.names.iter().enumerate().rev().filter_map(count).collect();
        match self.found.len() {
            0 => "no findings\n".to_owned(),
            all => format!("{}: {}\n", counted(all, false, "finding"), counts.join(", ")),
        }
    }

    /// An array with an object for each finding.
    fn json(&self) -> String {
        let finding = |told: &Told| {
            let (id, place) = self.rule(told);
            let instances: Vec<String> = told.samples.iter().map(instance).collect();
            format!(
                "{{\"code\":{},\"severity\":{},\"rule\":{},\"things\":{},\"count\":{},\"complete\":{},\"instances\":[{}]}}",
                json_string(id),
                json_string(self.severities.name(told.severity)),
                json_string(&place),
                told.things,
                told.count,
                !told.more,
                instances.join(",\n  ")
            )
        };
        format!("[{}]\n", self.found.iter().map(finding).collect::<Vec<_>>().join(",\n "))
    }

    /// A header and a line for each instance.
    fn csv(&self) -> String {
        let mut text = "severity,code,thing,sentence,place,subject,action,resource\n".to_owned();
        for told in self.found {
            for sample in &told.samples {
                let why = sample.why.as_ref().map_or(["", "", ""], |why| [&why[0], &why[1], &why[2]]);
                let place = sample.place.as_deref().unwrap_or_default();
                let first =
                    [self.severities.name(told.severity), self.rule(told).0, &sample.thing, &sample.sentence, place];
                let cells: Vec<String> = first.into_iter().chain(why).map(|cell| csv_field(cell).to_string()).collect();
                text.push_str(&cells.join(","));
                text.push('\n');
            }
        }
        text
    }
}

fn instance(sample: &Sample) -> String {
    let mut members = vec![
        format!("\"thing\":{}", json_string(&sample.thing)),
        format!("\"sentence\":{}", json_string(&sample.sentence)),
    ];
    members.extend(sample.place.as_ref().map(|place| format!("\"place\":{}", json_string(place))));
    members.extend(sample.why.as_ref().map(|[subject, action, resource]| {
        let [subject, action, resource] = [subject, action, resource].map(|text| json_string(text));
        format!("\"why\":{{\"subject\":{subject},\"action\":{action},\"resource\":{resource}}}")
    }));
    format!("{{{}}}", members.join(","))
}

fn counted(number: usize, more: bool, what: &str) -> String {
    let plural = if number == 1 { "" } else { "s" };
    let least = if more { " or more" } else { "" };
    format!("{number} {what}{plural}{least}")
}

/// A word of a command line, in quotes where a shell needs them.
fn word(text: &str) -> String {
    let plain = |character: char| character.is_alphanumeric() || "_-.:@/".contains(character);
    match !text.is_empty() && text.chars().all(plain) {
        true => text.to_owned(),
        false => format!("'{}'", text.replace('\'', "'\\''")),
    }
}

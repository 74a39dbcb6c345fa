//! `import bitrix24`: a real export to a folder of facts, with a report of what became of everything.

mod compare;
mod facts_folder;
mod page;
mod writer;

use std::fs;
use std::path::Path;
use std::time::{SystemTime, UNIX_EPOCH};

use crate::cli::arguments::{Bitrix24, Global, Import, ImportFormat, ImportSource};
use crate::cli::data::Watched;
use crate::cli::output::{self, Console};
use crate::cli::progress;
use crate::cli::workspace::{Failure, Workspace};
use facts_folder::FactsFolder;
use rolecall::bitrix24::{self, Imported, Options};
use rolecall::compiler::diagnostic::Diagnostic;
use rolecall::compiler::program::Program;

/// Imports; whether everything was understood, which only `--strict` asks.
pub fn run(command: &Import, global: &Global, console: &Console) -> Result<bool, Failure> {
    let ImportSource::Bitrix24(command) = &command.source;
    let mut workspace = Workspace::new(global, console);
    let program = workspace.program(&[])?;
    expect_apart(&command.folder, &command.output)?;
    let mut folder = FactsFolder::begin(&program, &command.output, command.force, workspace.jobs())?;
    let imported = read(command, &mut workspace, &program, &mut folder)?;
    if !imported.mistakes.is_empty() {
        return Err(workspace.failure(&imported.mistakes));
    }
    let mut warnings = imported.report.warnings(&mut workspace.sources);
    let written = folder.complete()?;
    if command.check {
        warnings.extend(compare::differences(&mut workspace, &program, written.path(), &imported)?);
    }
    workspace.warn(&warnings);
    let is_refused = command.strict && !warnings.is_empty();
    print(command, &imported, &warnings, is_refused)?;
    if is_refused {
        output::stderr_line("error: not everything was understood, so that with `--strict` nothing is written");
        return Ok(false);
    }
    written.publish()?;
    Ok(true)
}

/// A folder in the export would be part of the next one, and one around it would replace the export.
fn expect_apart(export: &Path, output: &Path) -> Result<(), Failure> {
    let real = |path: &Path| {
        let whole = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
        let known = whole.ancestors().find_map(|above| Some((fs::canonicalize(above).ok()?, above)));
        known.and_then(|(real, above)| Some(real.join(whole.strip_prefix(above).ok()?))).unwrap_or(whole)
    };
    let (exported, written) = (real(export), real(output));
    let [export, output] = [export, output].map(|path| path.display().to_string());
    let message = match (written.starts_with(&exported), exported.starts_with(&written)) {
        (false, false) => return Ok(()),
        (true, _) => format!("the output {output} lies in the export {export}: name a folder beside it"),
        (false, true) => format!("the export {export} lies in the output {output}: name a folder beside it"),
    };
    Err(Failure::unanswerable(message))
}

fn read(
    command: &Bitrix24,
    workspace: &mut Workspace,
    program: &Program,
    folder: &mut FactsFolder,
) -> Result<Imported, Failure> {
    let options = Options {
        at: command.at.as_ref().map_or_else(today, |day| day.0.clone()),
        country: command.country,
        encoding: command.encoding,
        anonymise: command.anonymise,
        threads: workspace.jobs(),
    };
    let files = Watched::new(progress::bytes("importing", None));
    let imported = bitrix24::import(program, &command.folder, &files, &options, &mut workspace.sources, folder);
    drop(files);
    workspace.time("import", String::new);
    imported.map_err(|error| Failure::writing(&command.output.display().to_string(), &error))
}

fn print(command: &Bitrix24, imported: &Imported, warnings: &[Diagnostic], is_refused: bool) -> Result<(), Failure> {
    let output: Option<&Path> = (!is_refused).then_some(&command.output);
    match command.format {
        ImportFormat::Text => output::stdout_text(&page::text(&imported.report, output)),
        ImportFormat::Json => output::stdout_line(&page::json(&imported.report, warnings, output)),
    }
}

/// A day, as 2026-11-22.
#[derive(Clone, Debug)]
pub struct Day(String);

impl std::str::FromStr for Day {
    type Err = String;

    fn from_str(text: &str) -> Result<Day, String> {
        let no_day = || format!("`{text}` is no day; 2026-11-22 is one");
        let parts: Vec<&str> = text.split('-').collect();
        let [year, month, day] = parts[..] else { return Err(no_day()) };
        let number = |part: &str, length: usize, most: u32| {
            let digits = part.len() == length && part.bytes().all(|byte| byte.is_ascii_digit());
            digits && part.parse::<u32>().is_ok_and(|number| (1..=most).contains(&number))
        };
        match number(year, 4, 9999) && number(month, 2, 12) && number(day, 2, 31) {
            true => Ok(Day(text.to_owned())),
            false => Err(no_day()),
        }
    }
}

/// Today, in universal time. The calendar is that of Howard Hinnant's `civil_from_days`.
fn today() -> String {
    let seconds = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs());
    civil(seconds / 86_400)
}

/// The day so many days behind the first of January 1970.
fn civil(days: u64) -> String {
    let shifted = days + 719_468;
    let (era, of_era) = (shifted / 146_097, shifted % 146_097);
    let year_of_era = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_from_march = (5 * of_year + 2) / 153;
    let day = of_year - (153 * month_from_march + 2) / 5 + 1;
    let month = if month_from_march < 10 { month_from_march + 3 } else { month_from_march - 9 };
    let year = year_of_era + era * 400 + u64::from(month <= 2);
    format!("{year:04}-{month:02}-{day:02}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_those_of_the_calendar() {
        let days = [(0, "1970-01-01"), (19_782, "2024-02-29"), (19_783, "2024-03-01"), (20_453, "2025-12-31")];
        for (number, day) in days {
            assert_eq!(civil(number), day);
            assert!(day.parse::<Day>().is_ok());
        }
    }

    #[test]
    fn other_texts_are_no_days() {
        for text in ["today", "22.11.2026", "2026-13-01", "2026-1-1", ""] {
            assert!(text.parse::<Day>().is_err(), "{text}");
        }
    }
}

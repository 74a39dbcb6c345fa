//! The command line of a bench program: sections by name, and how often both sides run.

use std::process::ExitCode;

use super::Outcome;
use super::child::CHILD;
use super::table::Table;

/// A part of the table.
pub struct Section {
    pub name: &'static str,
    /// Whether it is measured when no section is named.
    pub unasked: bool,
    /// Measures and prints, with so many pairs of runs.
    pub measure: fn(&mut Table, usize) -> Outcome<()>,
}

/// Prints the table that the arguments ask for; or is a child of itself, when the first of them says so.
pub fn run(sections: &[Section], child: fn(&[String]) -> Outcome<()>) -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let outcome = match arguments.split_first() {
        Some((first, rest)) if first == CHILD => child(rest),
        _ => table(sections, &arguments),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::from(2)
        }
    }
}

fn table(sections: &[Section], arguments: &[String]) -> Outcome<()> {
    let (mut pairs, mut wanted) = (5, Vec::new());
    // `cargo bench` adds `--bench`.
    let mut arguments = arguments.iter().filter(|argument| *argument != "--bench");
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            "--pairs" => pairs = arguments.next().ok_or("`--pairs` wants a number")?.parse::<usize>()?.max(1),
            name if sections.iter().any(|section| section.name == name) => wanted.push(name),
            other => return Err(format!("no section is called `{other}`: {}", names(sections)).into()),
        }
    }
    let mut table = Table::begin();
    for section in sections {
        if wanted.contains(&section.name) || wanted.is_empty() && section.unasked {
            (section.measure)(&mut table, pairs)?;
        }
    }
    table.end();
    Ok(())
}

fn names(sections: &[Section]) -> String {
    let names: Vec<_> = sections.iter().map(|section| section.name).collect();
    format!("there are {}", names.join(", "))
}

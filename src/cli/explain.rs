//! `explain`: the page of a diagnostic code, or all codes.

use crate::cli::arguments::Explain;
use crate::cli::output;
use crate::cli::workspace::Failure;
use rolecall::compiler::codes::Code;
use rolecall::compiler::suggest;
use rolecall::report::escape::escape;
use rolecall::report::pages::page;

/// Prints the page of a code, or without one the list of all codes.
pub fn run(command: &Explain) -> Result<bool, Failure> {
    let Some(name) = &command.code else { return output::stdout_text(&list()).map(|()| true) };
    match Code::ALL.iter().find(|code| code.name() == name) {
        Some(code) => output::stdout_text(page(*code)).map(|()| true),
        None => Err(unknown(name)),
    }
}

/// Each code with what it stands for, a line each.
fn list() -> String {
    let width = Code::ALL.iter().map(|code| code.name().len()).max().unwrap_or(0);
    Code::ALL.iter().map(|code| format!("{:width$}  {}\n", code.name(), code.summary())).collect()
}

fn unknown(name: &str) -> Failure {
    let nearest = suggest::nearest(name, Code::ALL.iter().map(|code| code.name()));
    let advice = match nearest.is_empty() {
        true => "`rolecall explain` lists all of them".to_owned(),
        false => suggest::did_you_mean(&nearest),
    };
    Failure::Message(format!("there is no diagnostic code `{}`; {advice}", escape(name)))
}

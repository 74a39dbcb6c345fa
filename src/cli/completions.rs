//! `completions`: a script that completes commands and options in a shell.

use clap::CommandFactory;

use crate::cli::arguments::{Arguments, Completions};
use crate::cli::output;
use crate::cli::workspace::Failure;

/// Prints the script.
pub fn run(command: &Completions) -> Result<bool, Failure> {
    let mut script = Vec::new();
    clap_complete::generate(command.shell, &mut Arguments::command(), "rolecall", &mut script);
    output::stdout_text(&String::from_utf8_lossy(&script)).map(|()| true)
}

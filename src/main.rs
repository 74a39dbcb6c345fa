//! The `rolecall` program: arguments in, exit status out.

use std::process::ExitCode;

fn main() -> ExitCode {
    rolecall::cli::run(std::env::args_os())
}

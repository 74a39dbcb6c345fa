//! The `rolecall` program: arguments in, exit status out. The command line stands here, above the library, and is
//! the only code that touches files, arguments and the terminal.

mod cli;

use std::process::ExitCode;

fn main() -> ExitCode {
    cli::run(std::env::args_os())
}

//! Writes a portal of any size as CSV files with a manifest, the same bytes for the same seed and options:
//! `cargo run --release --example generate -- --users 100000 --seed 1 --output portal`.
//!
//! It knows nothing of the rolecall library, so it cannot share its mistakes. One file for each part of the
//! data (`people`, `roles`, `crm`, `channels`, `telephony`, `apps`), `requests` to it, `rules` to add to the policy,
//! and below them `random`, `groups`, `output`.

mod apps;
mod channels;
mod crm;
mod groups;
mod options;
mod output;
mod people;
mod random;
mod requests;
mod roles;
mod rules;
mod telephony;

use std::io;
use std::process::ExitCode;

use clap::Parser;

use options::{Options, Sizes};
use output::Folder;
use requests::Portal;

fn main() -> ExitCode {
    match generate(&Options::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::from(2)
        }
    }
}

fn generate(options: &Options) -> io::Result<()> {
    options.check()?;
    let sizes = Sizes::of(options);
    let mut folder = Folder::beside(&options.output)?;

    let people = people::write(&mut folder, options, &sizes)?;
    roles::write(&mut folder, &people, &sizes)?;
    let items = crm::write(&mut folder, &people, &sizes)?;
    let chats = channels::write(&mut folder, &people, &items, &sizes)?;
    let calls = telephony::write(&mut folder, &people, &items, &sizes)?;
    apps::write(&mut folder, &people, &sizes)?;

    // The requests and rules come first: when they cannot be written, no portal appears either.
    if let Some(path) = &options.requests_output {
        let portal = Portal { people: &people, items: &items, chats: &chats, calls: &calls, sizes: &sizes };
        requests::write(path, options.requests, &portal)?;
    }
    if let Some(path) = &options.rules_output {
        rules::write(path, options.rules, &sizes)?;
    }
    let (files, rows, bytes) = folder.publish(&options.output)?;
    eprintln!("{}: {rows} facts in {files} files, {bytes} bytes", options.output.display());
    Ok(())
}

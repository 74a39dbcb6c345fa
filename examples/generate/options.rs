//! The command line, and the sizes that follow from it.

use std::io;
use std::path::PathBuf;

use clap::{Parser, ValueEnum};

/// Writes a seeded portal: one CSV file for each relation, and a manifest
#[derive(Parser, Debug)]
#[command(name = "generate")]
pub struct Options {
    /// People of the portal
    #[arg(long, value_parser = clap::value_parser!(u32).range(1..=20_000_000))]
    pub users: u32,
    /// Departments [default: a tenth of the users]
    #[arg(long, value_parser = clap::value_parser!(u32).range(1..=20_000_000))]
    pub departments: Option<u32>,
    /// Role assignments of all kinds [default: 0.6 for each user]
    #[arg(long)]
    pub assignments: Option<u32>,
    /// Custom roles [default: 400, fewer in a small portal]
    #[arg(long, value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    pub roles: Option<u32>,
    /// Chats of the open channels [default: 5 for each user]
    #[arg(long)]
    pub chats: Option<u32>,
    /// Calls [default: 5 for each user]
    #[arg(long)]
    pub calls: Option<u32>,
    /// Leads, deals, contacts and companies [default: 3 for each user]
    #[arg(long)]
    pub crm_items: Option<u32>,
    /// The same seed and options give the same bytes
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
    /// How the departments are built
    #[arg(long, value_enum, default_value_t = Shape::Balanced)]
    pub shape: Shape,
    /// The folder to write; it must be new or empty, and appears whole or not at all
    #[arg(long, value_name = "FOLDER")]
    pub output: PathBuf,
    /// How many requests to write
    #[arg(long, default_value_t = 0, value_name = "NUMBER", requires = "requests_output")]
    pub requests: u32,
    /// Where: AuthZEN objects, one a line, or CSV when the name ends in `.csv`
    #[arg(long, value_name = "FILE", requires = "requests")]
    pub requests_output: Option<PathBuf>,
    /// How many rules of an administrator to write
    #[arg(long, default_value_t = 0, value_name = "NUMBER", requires = "rules_output")]
    pub rules: u32,
    /// Where: a `.rules` file
    #[arg(long, value_name = "FILE", requires = "rules")]
    pub rules_output: Option<PathBuf>,
}

/// How the departments are built.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Shape {
    /// A tree of three to six branches, about nine levels for 10,000 departments
    Balanced,
    /// One chain; the pairs of department and ancestor grow with the square
    Deep,
    /// As balanced, and half of the users work in one department
    Wide,
}

impl Options {
    /// Finds what clap cannot: places that would be overwritten or taken for data.
    pub fn check(&self) -> io::Result<()> {
        if self.output.exists() {
            let is_empty_folder = self.output.is_dir() && self.output.read_dir()?.next().is_none();
            if !is_empty_folder {
                return Err(io::Error::other(format!("{} exists and is not empty", self.output.display())));
            }
        }
        let among_data = |path: &Option<PathBuf>| path.as_ref().is_some_and(|path| path.starts_with(&self.output));
        for (what, path) in [("requests", &self.requests_output), ("rules", &self.rules_output)] {
            if among_data(path) {
                return Err(io::Error::other(format!(
                    "the {what} cannot be written among the data: choose another folder"
                )));
            }
        }
        Ok(())
    }
}

/// How many of each thing.
#[derive(Clone, Copy, Debug)]
pub struct Sizes {
    /// Where every stream of random numbers begins.
    pub seed: u64,
    pub users: u32,
    pub departments: u32,
    pub assignments: u32,
    pub roles: u32,
    pub chats: u32,
    pub calls: u32,
    pub crm_items: u32,
    pub user_groups: u32,
    pub workgroups: u32,
    pub channels: u32,
    pub apps: u32,
}

impl Sizes {
    /// What was asked, and the usual proportions for the rest.
    pub fn of(options: &Options) -> Sizes {
        let users = options.users;
        let share = |percent: u64| u32::try_from(u64::from(users) * percent / 100).unwrap_or(u32::MAX);
        Sizes {
            seed: options.seed,
            users,
            departments: options.departments.unwrap_or(share(10)).max(1),
            assignments: options.assignments.unwrap_or(share(60)),
            roles: options.roles.unwrap_or((users / 25).clamp(12, 400)),
            chats: options.chats.unwrap_or(share(500)),
            calls: options.calls.unwrap_or(share(500)),
            crm_items: options.crm_items.unwrap_or(share(300)),
            user_groups: share(5).max(1),
            workgroups: share(5).max(1),
            channels: share(2).max(1),
            apps: 12,
        }
    }
}

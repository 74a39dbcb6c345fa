//! `rules`: prints the files of the built-in policy, or the actions of the policy.

use crate::cli::arguments::{Global, Rules};
use crate::cli::output::{self, Console};
use crate::cli::people::longest;
use crate::cli::workspace::{Failure, Workspace};
use rolecall::compiler::program::{Action, Program};
use rolecall::compiler::suggest;
use rolecall::policy;
use rolecall::report::escape::escape;

/// Prints one file of the policy, or all of them under their names; or the actions.
pub fn run(command: &Rules, global: &Global, console: &Console) -> Result<bool, Failure> {
    if command.actions {
        let program = Workspace::new(global, console).program(&[])?;
        return output::stdout_text(&actions(&program)).map(|()| true);
    }
    let Some(name) = &command.name else {
        let file = |(name, text): &(&str, &str)| format!("// ---- {name} ----\n\n{text}");
        let files: Vec<String> = policy::FILES.iter().map(file).collect();
        return output::stdout_text(&files.join("\n")).map(|()| true);
    };
    let short = |path: &'static str| path.trim_start_matches("rules/").trim_end_matches(".rules");
    match policy::FILES
        .iter()
        .find(|(path, _)| short(path) == name || path == name || path.ends_with(&format!("/{name}")))
    {
        Some((_, text)) => output::stdout_text(text).map(|()| true),
        None => {
            let names: Vec<&str> = policy::FILES.iter().map(|(path, _)| short(path)).collect();
            let nearest = suggest::nearest(name, names.iter().copied());
            let advice = match nearest.is_empty() {
                true => format!("the files are {}", names.join(", ")),
                false => suggest::did_you_mean(&nearest),
            };
            Err(Failure::Message(format!("the built-in policy has no file `{}`; {advice}", escape(name))))
        }
    }
}

/// Each action by name, with the entity it is done to.
fn actions(program: &Program) -> String {
    let mut actions: Vec<(&str, &str)> =
        program.actions.iter().map(|action| (&*action.name, on(program, action))).collect();
    actions.sort_unstable();
    let width = longest(actions.iter().map(|(name, _)| name));
    actions.iter().map(|(name, on)| format!("{name:width$}  {on}\n")).collect()
}

fn on<'p>(program: &'p Program, action: &Action) -> &'p str {
    action.on.map_or("resource", |entity| &program.entities[entity.index()].name)
}

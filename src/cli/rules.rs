//! `rules`: prints the files of the built-in policy.

use crate::cli::arguments::Rules;
use crate::cli::output;
use crate::cli::workspace::Failure;
use rolecall::compiler::suggest;
use rolecall::policy;
use rolecall::report::escape::escape;

/// Prints one file of the policy, or all of them under their names.
pub fn run(command: &Rules) -> Result<bool, Failure> {
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

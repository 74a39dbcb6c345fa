//! Text to checked program: pure, no files, no clock, no engine.
//! `syntax` turns text into a tree, `program` checks the trees of all files together into a `Program`.

pub mod closure;
pub mod codes;
pub mod crepe_source;
pub mod diagnostic;
pub mod fix;
pub mod program;
pub mod source;
pub mod suggest;
pub mod syntax;

use diagnostic::{Diagnostic, Label, Severity, any_error};
use program::Program;
use source::{Origin, SourceId, Sources};
use syntax::ast::File;
use syntax::parser;

/// Parses and checks these sources together; they come in decision order. A program where there is no error, and
/// all mistakes of all of them in source order. Names whose declaration may be what could not be read are no mistake.
pub fn compile(sources: &Sources, ids: &[SourceId]) -> (Option<Program>, Vec<Diagnostic>) {
    compile_and_judge(sources, ids, false, |_| Vec::new())
}

/// [`compile`] for the author of the rules: where there is no error, also warnings about what is hardly meant.
pub fn compile_with_warnings(sources: &Sources, ids: &[SourceId]) -> (Option<Program>, Vec<Diagnostic>) {
    compile_and_judge(sources, ids, true, |_| Vec::new())
}

/// The mistakes of sources beside which others could not be read: none about names, which may be declared there.
pub fn mistakes_of_some(sources: &Sources, ids: &[SourceId]) -> Vec<Diagnostic> {
    let (mut files, mut diagnostics) = parse(sources, ids);
    files.iter_mut().for_each(|(_, file)| file.lost.is_unknown = true);
    diagnostics.extend(program::check(sources, &files).1);
    in_source_order(diagnostics)
}

/// [`compile`], or [`compile_with_warnings`], for which `judge` finds more mistakes. It is asked about what was understood
/// of the files, also where some of their statements have mistakes; but for those of a policy, which leave nothing certain.
pub fn compile_and_judge(
    sources: &Sources,
    ids: &[SourceId],
    warn: bool,
    judge: impl FnOnce(&Program) -> Vec<Diagnostic>,
) -> (Option<Program>, Vec<Diagnostic>) {
    let (files, mut diagnostics) = parse(sources, ids);
    let (program, mistakes) = program::check(sources, &files);
    diagnostics.extend(mistakes);
    let is_beside = |label: &Label| sources.get(label.span.source).origin == Origin::Rules;
    let mut errors = diagnostics.iter().filter(|found| found.severity == Severity::Error);
    if errors.all(|error| error.labels.first().is_some_and(is_beside)) {
        diagnostics.extend(judge(&program));
    }
    let is_sound = !any_error(&diagnostics);
    if is_sound && warn {
        diagnostics.extend(program::lint(sources, &files, &program));
    }
    (is_sound.then_some(program), in_source_order(diagnostics))
}

fn parse<'s>(sources: &'s Sources, ids: &[SourceId]) -> (Vec<(SourceId, File<'s>)>, Vec<Diagnostic>) {
    let mut files = Vec::with_capacity(ids.len());
    let mut diagnostics = Vec::new();
    for id in ids {
        let (file, mistakes) = parser::parse(sources, *id);
        files.push((*id, file));
        diagnostics.extend(mistakes);
    }
    (files, diagnostics)
}

fn in_source_order(mut diagnostics: Vec<Diagnostic>) -> Vec<Diagnostic> {
    diagnostics.sort_by_key(|diagnostic| diagnostic.labels.first().map(|label| (label.span.source, label.span.start)));
    diagnostics
}

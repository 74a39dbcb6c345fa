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

use diagnostic::{Diagnostic, any_error};
use program::Program;
use source::{SourceId, Sources};
use syntax::ast::File;
use syntax::parser;

/// Parses and checks these sources together; they come in decision order. A program where there is no error, and
/// all mistakes of all of them in source order. Names whose declaration may be what could not be read are no mistake.
pub fn compile(sources: &Sources, ids: &[SourceId]) -> (Option<Program>, Vec<Diagnostic>) {
    compile_files(sources, ids, false)
}

/// [`compile`] for the author of the rules: where there is no error, also warnings about what is hardly meant.
pub fn compile_with_warnings(sources: &Sources, ids: &[SourceId]) -> (Option<Program>, Vec<Diagnostic>) {
    compile_files(sources, ids, true)
}

/// The mistakes of sources beside which others could not be read: none about names, which may be declared there.
pub fn mistakes_of_some(sources: &Sources, ids: &[SourceId]) -> Vec<Diagnostic> {
    let (mut files, mut diagnostics) = parse(sources, ids);
    files.iter_mut().for_each(|(_, file)| file.lost.is_unknown = true);
    diagnostics.extend(program::check_incomplete(sources, &files));
    in_source_order(diagnostics)
}

fn compile_files(sources: &Sources, ids: &[SourceId], warn: bool) -> (Option<Program>, Vec<Diagnostic>) {
    let (files, mut diagnostics) = parse(sources, ids);
    if any_error(&diagnostics) {
        diagnostics.extend(program::check_incomplete(sources, &files));
        return (None, in_source_order(diagnostics));
    }
    let (program, mistakes) = program::check(sources, &files);
    diagnostics.extend(mistakes);
    if let Some(program) = program.as_ref().filter(|_| warn) {
        diagnostics.extend(program::lint(sources, &files, program));
    }
    (program, in_source_order(diagnostics))
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

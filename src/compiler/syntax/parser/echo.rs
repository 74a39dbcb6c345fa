//! Mistakes that are only consequences of another one, and so are not told.

use std::ops::Range;

use crate::compiler::codes::Code;
use crate::compiler::diagnostic::Diagnostic;

/// All reports without echoes, in source order. `lexical` are those of the lexer, `syntactic` those of the parser.
pub(super) fn without_echoes(
    text: &str,
    mut lexical: Vec<Diagnostic>,
    mut syntactic: Vec<Diagnostic>,
) -> Vec<Diagnostic> {
    lexical.sort_by_key(start);
    keep_first_bad_character_of_a_line(text, &mut lexical);
    drop_words_turned_inside_out(text, &mut lexical, &mut syntactic);
    drop_rest_of_nested_comment(text, &mut lexical, &mut syntactic);
    drop_rest_of_word(text, &mut lexical, &syntactic);
    drop_second_gap(&mut syntactic);
    lexical.append(&mut syntactic);
    lexical.sort_by_key(start);
    lexical
}

fn start(diagnostic: &Diagnostic) -> usize {
    diagnostic.labels.first().map_or(0, |label| label.span.start as usize)
}

/// What is closed by a bad character was opened by one, as with typographic quotes.
fn keep_first_bad_character_of_a_line(text: &str, lexical: &mut Vec<Diagnostic>) {
    let mut line_end = 0;
    lexical.retain(|diagnostic| {
        let at = start(diagnostic);
        let echoes = diagnostic.code == Code::LexicalError && at < line_end;
        if diagnostic.code == Code::LexicalError && !echoes {
            line_end = text[at..].find('\n').map_or(text.len(), |length| at + length);
        }
        !echoes
    });
}

/// Where a quote is missing early on a line, its words are taken for strings and its strings for words, until the
/// last quote is left without a partner.
fn drop_words_turned_inside_out(text: &str, lexical: &mut [Diagnostic], syntactic: &mut Vec<Diagnostic>) {
    let mut unclosed: Vec<(Range<usize>, &mut Diagnostic)> = lexical
        .iter_mut()
        .filter(|diagnostic| diagnostic.code == Code::UnclosedString)
        .map(|diagnostic| (line_before(text, start(diagnostic)), diagnostic))
        .collect();
    syntactic.retain(|diagnostic| {
        let at = start(diagnostic);
        let next = unclosed.partition_point(|(line, _)| line.end <= at);
        let Some((line, cause)) = unclosed.get_mut(next) else { return true };
        if !line.contains(&at) {
            return true;
        }
        if cause.notes.is_empty() {
            cause.notes.push("perhaps a quote is missing earlier on this line".to_string());
        }
        false
    });
}

/// A word that can't stand in its place, as an id without quotes, may go on with characters that no word has.
fn drop_rest_of_word(text: &str, lexical: &mut Vec<Diagnostic>, syntactic: &[Diagnostic]) {
    let is_in_word = |at: u32| text[..at as usize].ends_with(|last: char| last.is_alphanumeric() || last == '_');
    let ends = syntactic.iter().filter_map(|diagnostic| Some(diagnostic.labels.first()?.span.end));
    let ends: Vec<u32> = ends.filter(|end| is_in_word(*end)).collect();
    let goes_on = |diagnostic: &Diagnostic| ends.contains(&(start(diagnostic) as u32));
    lexical.retain(|diagnostic| diagnostic.code != Code::LexicalError || !goes_on(diagnostic));
}

/// Where something is missing, what it would end is not missing its end, too.
fn drop_second_gap(syntactic: &mut Vec<Diagnostic>) {
    let gap = |diagnostic: &Diagnostic| {
        diagnostic.labels.first().map(|label| label.span).filter(|span| span.start == span.end)
    };
    let is_end = |diagnostic: &Diagnostic| {
        diagnostic.help.iter().any(|help| help.edit.as_ref().is_some_and(|edit| edit.text == ";"))
    };
    syntactic.dedup_by(|later, earlier| is_end(later) && gap(later).is_some() && gap(later) == gap(earlier));
}

fn line_before(text: &str, at: usize) -> Range<usize> {
    text[..at].rfind('\n').map_or(0, |line_feed| line_feed + 1)..at
}

/// Who writes a comment in a comment means the words behind the first `*/` to be a comment too.
fn drop_rest_of_nested_comment(text: &str, lexical: &mut Vec<Diagnostic>, syntactic: &mut Vec<Diagnostic>) {
    let is_stray =
        |diagnostic: &&Diagnostic| diagnostic.code == Code::LexicalError && text[start(diagnostic)..].starts_with("*/");
    let Some(stray) = lexical.iter().find(is_stray).map(start) else { return };
    let Some(rest) = rest_of_nested_comment(text, stray) else { return };
    lexical.retain(|diagnostic| !rest.contains(&start(diagnostic)));
    syntactic.retain(|diagnostic| !rest.contains(&start(diagnostic)));
}

/// What lies between the stray `*/` and the comment before it, if that had another one begin in it.
fn rest_of_nested_comment(text: &str, stray: usize) -> Option<Range<usize>> {
    let close = text[..stray].rfind("*/")?;
    let inner = text[..close].rfind("/*")?;
    let outer = text[..inner].rfind("/*")?;
    (!text[outer..inner].contains("*/")).then_some(close..stray)
}

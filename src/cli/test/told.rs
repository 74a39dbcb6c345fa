//! What failed, as text: each expectation drawn at its place, and why it does not hold.

use crate::cli::request::rule_id;
use crate::cli::workspace::Workspace;
use rolecall::compiler::codes::Code;
use rolecall::compiler::diagnostic::Diagnostic;
use rolecall::compiler::program::{self, Expected, Query, Type};
use rolecall::data::Value;
use rolecall::decision::Outcome;
use rolecall::engine::Model;
use rolecall::explain::miss;
use rolecall::proof::{View, Words, outline, outline_derivation, text};
use rolecall::report::escape::escape;
use rolecall::suite::{Answers, Asked, Failed, Reason, Unmet, Why};

/// Everything that failed in a test, in lines that end; as `--message-format` wants it.
pub(super) fn failures(
    workspace: &Workspace,
    test: &program::Test,
    model: &Model,
    failed: &[Failed],
    color: bool,
) -> String {
    if failed.is_empty() {
        return String::new();
    }
    let (program, database) = (model.program, &model.database);
    let words = Words::new(program, database);
    let view = View { program, database, sources: &workspace.sources, words: &words };
    let mut text = String::new();
    for failed in failed {
        text.push_str(&workspace.render(&[diagnostic(&view, test, failed)], color));
        if workspace.draws() {
            text.push_str(&why(&view, test, failed, color));
        }
    }
    text
}

/// A failed expectation, at its place.
fn diagnostic(view: &View, test: &program::Test, failed: &Failed) -> Diagnostic {
    let label = message(failed);
    let mut mistake = Diagnostic::error(Code::FailedExpectation, format!("test \"{}\" fails", test.name))
        .at(failed.expectation, label);
    match (&failed.how, &failed.requests[..]) {
        (Unmet::Literal { .. }, [Asked { outcome, .. }]) => {
            let rule = rule_id(view.program, view.database, view.sources, *outcome);
            mistake.note(match outcome {
                Outcome::Allowed(_) => format!("the request is allowed by `{rule}`"),
                Outcome::Forbidden(_) => format!("the request is forbidden by `{rule}`"),
                Outcome::NotPermitted => "no rule allows the request".to_owned(),
            })
        }
        (_, asked) => {
            let mut marked = Vec::new();
            for cell in asked.iter().filter_map(|asked| asked.cell) {
                if !marked.contains(&cell) {
                    mistake = mistake.label(cell, "listed, and not allowed");
                    marked.push(cell);
                }
            }
            mistake
        }
    }
}

/// How an expectation fails, in a few words.
pub(super) fn message(failed: &Failed) -> String {
    match &failed.how {
        Unmet::Literal { negated: false, .. } => "this is expected to hold, and does not".to_owned(),
        Unmet::Literal { negated: true, .. } => "this is expected not to hold, and does".to_owned(),
        Unmet::Cells(1) => "one request comes out otherwise".to_owned(),
        Unmet::Cells(count) => format!("{count} requests come out otherwise"),
        Unmet::Answers(answers) => match (answers.count, answers.more) {
            (1, false) => "this is expected of nothing, and holds once".to_owned(),
            (count, false) => format!("this is expected of nothing, and holds for {count} combinations"),
            (count, true) => format!("this is expected of nothing, and holds for more than {count} combinations"),
        },
    }
}

/// What is behind a failure.
fn why(view: &View, test: &program::Test, failed: &Failed, color: bool) -> String {
    let mut text = String::new();
    if let (Unmet::Answers(answers), Some(query)) = (&failed.how, query_of(test, failed)) {
        text.push_str(&answers_told(view, query, answers));
        if !answers.held.is_empty() {
            text.push_str(&format!("\n{}", miss::held_text(&answers.held, view, color)));
        }
    }
    if let Unmet::Literal { why: Some(why), .. } = &failed.how {
        text.push_str(&literal_told(view, why, color));
    }
    for asked in &failed.requests {
        let headline = match &failed.how {
            Unmet::Literal { .. } => headline_of_literal(asked),
            Unmet::Cells(_) => Some(format!("{}:", request(view, asked, true))),
            Unmet::Answers(_) => Some(format!("{}:", request(view, asked, false))),
        };
        let told = asked.reason.as_ref().and_then(|reason| reason_told(view, reason, color));
        match (headline, told) {
            (Some(headline), Some(told)) => text.push_str(&format!("\n{headline}\n\n{told}")),
            (Some(headline), None) => text.push_str(&format!("\n{}\n", headline.trim_end_matches(':'))),
            (None, _) => {}
        }
    }
    if let Unmet::Cells(count) = failed.how
        && count > failed.requests.len()
    {
        text.push_str(&format!("\nand {} more.\n", count - failed.requests.len()));
    }
    if !text.is_empty() {
        text.push('\n');
    }
    text
}

/// The query of an `expect none`.
pub(super) fn query_of<'t>(test: &'t program::Test, failed: &Failed) -> Option<&'t Query> {
    let mut expectations = test.expectations.iter();
    match &expectations.find(|expectation| expectation.span == failed.expectation)?.expected {
        Expected::None(query) => Some(query),
        Expected::Holds(_) | Expected::Only(_) => None,
    }
}

/// A line for each answer that is told.
fn answers_told(view: &View, query: &Query, answers: &Answers) -> String {
    if query.variables.is_empty() {
        return String::new();
    }
    let mut text = String::from("\n");
    for row in &answers.first {
        let values = query.variables.iter().zip(row);
        let values =
            values.map(|(variable, value)| format!("{} = {}", variable.name, named(view, variable.ty, *value)));
        text.push_str(&format!("  {}\n", escape(&values.collect::<Vec<_>>().join(", "))));
    }
    let more = answers.count - answers.first.len();
    match (more, answers.more) {
        (0, false) => {}
        (more, false) => text.push_str(&format!("  and {more} more\n")),
        (more, true) => text.push_str(&format!("  and more than {more} more\n")),
    }
    text
}

/// A value, with its display name where it has one: `Otto Brown (otto)`.
fn named(view: &View, ty: Type, value: Value) -> String {
    let shown = view.database.show(view.program, ty, value);
    let name = matches!(ty, Type::Resource | Type::Entity(_)).then(|| view.words.name(value)).flatten();
    name.map_or(shown.clone(), |name| format!("{name} ({shown})"))
}

/// Why a literal holds that should not, or what comes nearest to one that should.
fn literal_told(view: &View, why: &Why, color: bool) -> String {
    let near = |text: String| format!("\nWhat comes nearest:\n\n{text}");
    match why {
        Why::Derivation(steps) => outline_derivation(steps, view)
            .map_or_else(String::new, |tree| format!("\nIt holds because:\n\n{}", text::draw(&tree, color))),
        Why::Near(misses) => near(miss::text(misses, view, color)),
        Why::Missing(missing) => near(miss::missing_text(missing, view, color)),
    }
}

fn headline_of_literal(asked: &Asked) -> Option<String> {
    let words = match (asked.outcome, &asked.reason) {
        (Outcome::Allowed(_), _) => "It is allowed because:",
        (Outcome::Forbidden(_), _) => "It is forbidden because:",
        (Outcome::NotPermitted, Some(Reason::Near(misses))) if !misses.nearest.is_empty() => "What comes nearest:",
        (Outcome::NotPermitted, _) => return None,
    };
    asked.reason.as_ref().map(|_| words.to_owned())
}

/// `Otto Brown (otto) may recording.listen call-1, by `tel-own``, of a table with what that says.
fn request(view: &View, asked: &Asked, in_table: bool) -> String {
    let action = &view.program.actions[asked.request.action.index()];
    let subject = named(view, Type::Entity(asked.request.authorization.subject), asked.request.subject);
    let ty = action.on.map_or(Type::Resource, Type::Entity);
    let (action, thing) = (&action.name, named(view, ty, asked.request.resource));
    let rule = rule_id(view.program, view.database, view.sources, asked.outcome);
    let unlisted = if in_table { " and is not listed" } else { "" };
    let listed = if in_table { ", though listed" } else { "" };
    let told = match asked.outcome {
        Outcome::Allowed(_) => format!("{subject} may {action} {thing}{unlisted}, by `{rule}`"),
        Outcome::Forbidden(_) => format!("{subject} may not {action} {thing}{listed}, forbidden by `{rule}`"),
        Outcome::NotPermitted => format!("{subject} may not {action} {thing}{listed}: no rule allows it"),
    };
    escape(&told).into_owned()
}

fn reason_told(view: &View, reason: &Reason, color: bool) -> Option<String> {
    match reason {
        Reason::Derived(proof, beaten) => outline(proof, beaten, view).map(|tree| text::draw(&tree, color)),
        Reason::Near(misses) if misses.nearest.is_empty() => None,
        Reason::Near(misses) => Some(miss::text(misses, view, color)),
    }
}

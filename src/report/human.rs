//! A diagnostic drawn with labels on its sources; the only file that knows ariadne.
//! Ariadne gets excerpts, not whole sources, so that the cost of a drawing does not depend on the size of the file;
//! the numbers of the excerpt's lines are put right in what it draws.

use std::ops::Range;

use ariadne::{CharSet, Color, Config, IndexType, Label, Report, ReportKind};

use super::escape::escape;
use super::excerpt::Excerpt;
use super::{Style, severity_name};
use crate::compiler::diagnostic::{self, Diagnostic, Severity};
use crate::compiler::source::{SourceId, Sources, Span};

const DEFAULT_WIDTH: usize = 120;
/// Room for line numbers and the frame.
const MARGIN_WIDTH: usize = 10;
const LEAST_WIDTH: usize = 40;
/// Stands around the number of a source where ariadne prints its name; nothing that is printed holds it.
const MARKER: char = '\0';

/// The first line, and the drawing or, where there is nothing to draw on, notes and help as lines.
pub(super) fn render(diagnostic: &Diagnostic, sources: &Sources, style: Style) -> String {
    let mut text = first_line(diagnostic, style);
    if diagnostic.labels.is_empty() {
        text.push_str(&without_place(diagnostic));
    } else {
        text.push_str(&Drawing::new(diagnostic, sources, style).draw(diagnostic, style));
    }
    text
}

fn first_line(diagnostic: &Diagnostic, style: Style) -> String {
    let name = format!("{}[{}]", severity_name(diagnostic.severity), diagnostic.code);
    let message = escape(&diagnostic.message);
    match (style.color, diagnostic.severity) {
        (false, _) => format!("{name}: {message}\n"),
        (true, Severity::Error) => format!("\u{1b}[1;31m{name}\u{1b}[0m: \u{1b}[1m{message}\u{1b}[0m\n"),
        (true, Severity::Warning) => format!("\u{1b}[1;33m{name}\u{1b}[0m: \u{1b}[1m{message}\u{1b}[0m\n"),
        (true, Severity::Note) => format!("\u{1b}[1;34m{name}\u{1b}[0m: \u{1b}[1m{message}\u{1b}[0m\n"),
    }
}

fn without_place(diagnostic: &Diagnostic) -> String {
    let helps = diagnostic.help.iter().map(|help| format!("  Help: {}\n", escape(&help.message)));
    let notes = diagnostic.notes.iter().map(|note| format!("  Note: {}\n", escape(note)));
    helps.chain(notes).collect()
}

/// What is shown of one source.
struct Scene {
    /// `file:line:column` of the mistake, or of the first label in the other sources.
    location: String,
    excerpt: Excerpt,
}

/// All that one diagnostic shows. The source of the mistake comes first.
struct Drawing<'d> {
    scenes: Vec<Scene>,
    /// Scene, place in its excerpt, and the label, in the order in which ariadne wants them.
    labels: Vec<(usize, Range<usize>, &'d diagnostic::Label)>,
}

impl<'d> Drawing<'d> {
    fn new(diagnostic: &'d Diagnostic, sources: &Sources, style: Style) -> Drawing<'d> {
        let mut order: Vec<SourceId> = Vec::new();
        for label in &diagnostic.labels {
            if !order.contains(&label.span.source) {
                order.push(label.span.source);
            }
        }
        let mut drawing = Drawing { scenes: Vec::new(), labels: Vec::new() };
        for source in order {
            drawing.add_scene(source, &diagnostic.labels, sources, style);
        }
        drawing
    }

    fn add_scene(&mut self, id: SourceId, labels: &'d [diagnostic::Label], sources: &Sources, style: Style) {
        let source = sources.get(id);
        let mut labels: Vec<&diagnostic::Label> = labels.iter().filter(|label| label.span.source == id).collect();
        let location_label = labels.iter().find(|label| label.primary).or(labels.first());
        let place = source.line_column(location_label.map_or(0, |label| label.span.start));
        labels.sort_by_key(|label| (label.span.start, label.span.end));
        let spans: Vec<Span> = labels.iter().map(|label| label.span).collect();
        let width = style.width.unwrap_or(DEFAULT_WIDTH).saturating_sub(MARGIN_WIDTH).max(LEAST_WIDTH);
        let excerpt = Excerpt::new(source, &spans, width, if style.ascii { "..." } else { "…" });
        let scene = self.scenes.len();
        self.labels.extend(excerpt.marks.iter().cloned().zip(labels).map(|(mark, label)| (scene, mark, label)));
        let location = format!("{}:{}:{}", escape(&source.name), place.line, place.column);
        self.scenes.push(Scene { location, excerpt });
    }

    fn draw(&self, diagnostic: &Diagnostic, style: Style) -> String {
        let mistake = self.labels.iter().find(|(_, _, label)| label.primary).or(self.labels.first());
        let at = mistake.map_or((0, 0..0), |(scene, mark, _)| (*scene, mark.clone()));
        let mut report = Report::build(ReportKind::Error, at).with_config(config(style));
        for (scene, mark, label) in &self.labels {
            report.add_label(ariadne_label(*scene, mark.clone(), label, diagnostic.severity));
        }
        report.with_helps(diagnostic.help.iter().map(|help| escape(&help.message)));
        report.with_notes(diagnostic.notes.iter().map(|note| escape(note)));
        let mut drawn = Vec::new();
        // Writing to memory can't fail, and what could not be drawn is still told by the first line.
        let _ = report.finish().write(Cache::new(&self.scenes), &mut drawn);
        self.put_right(&String::from_utf8_lossy(&drawn), style)
    }

    /// Replaces the line numbers and locations of the excerpts by those of the files.
    fn put_right(&self, drawn: &str, style: Style) -> String {
        let numbers = self.scenes.iter().flat_map(|scene| &scene.excerpt.line_numbers);
        let width = numbers.max().map_or(1, |number| number.to_string().len());
        let horizontal = if style.ascii { "-" } else { "─" };
        let mut scene = 0;
        let mut extra = 0;
        let mut text = String::new();
        // The first line is ariadne's own heading.
        for line in drawn.lines().skip(1) {
            let line = if let Some(heading) = Heading::read(line) {
                scene = heading.scene;
                extra = (width + 2).saturating_sub(heading.indent);
                format!("{}{}{}{}", " ".repeat(extra), heading.before, self.location(scene), heading.after)
            } else if let Some(numbered) = NumberedLine::read(line) {
                let number = self.line_number(scene, numbered.number);
                format!(" {}{number:>width$}{}", numbered.color, numbered.after)
            } else {
                let (color, rest) = split_color(line);
                let fill = if rest.starts_with(horizontal) { horizontal } else { " " };
                format!("{color}{}{rest}", fill.repeat(extra))
            };
            text.push_str(line.trim_end());
            text.push('\n');
        }
        text
    }

    fn location(&self, scene: usize) -> &str {
        self.scenes.get(scene).map_or("", |scene| &scene.location)
    }

    fn line_number(&self, scene: usize, number: usize) -> u32 {
        let numbers = self.scenes.get(scene).map_or(&[][..], |scene| &scene.excerpt.line_numbers);
        numbers.get(number.wrapping_sub(1)).copied().unwrap_or_default()
    }
}

fn config(style: Style) -> Config {
    Config::default()
        .with_color(style.color)
        .with_char_set(if style.ascii { CharSet::Ascii } else { CharSet::Unicode })
        .with_index_type(IndexType::Byte)
}

fn ariadne_label(
    scene: usize,
    mark: Range<usize>,
    label: &diagnostic::Label,
    severity: Severity,
) -> Label<(usize, Range<usize>)> {
    let color = match (label.primary, severity) {
        (true, Severity::Error) => Color::Red,
        (true, Severity::Warning) => Color::Yellow,
        (true, Severity::Note) => Color::Blue,
        (false, _) => Color::Cyan,
    };
    // Ariadne does not mark what it has no message for, but an empty one is enough.
    Label::new((scene, mark)).with_color(color).with_message(escape(&label.text))
}

/// The excerpts as ariadne asks for them. A source's name is its number between markers.
struct Cache<'s> {
    sources: Vec<ariadne::Source<&'s str>>,
}

impl<'s> Cache<'s> {
    fn new(scenes: &'s [Scene]) -> Cache<'s> {
        Cache { sources: scenes.iter().map(|scene| ariadne::Source::from(scene.excerpt.text.as_str())).collect() }
    }
}

impl<'s> ariadne::Cache<usize> for Cache<'s> {
    type Storage = &'s str;

    fn fetch(&mut self, scene: &usize) -> Result<&ariadne::Source<&'s str>, impl std::fmt::Debug> {
        self.sources.get(*scene).ok_or("a label lies in one of the scenes")
    }

    fn display<'a>(&self, scene: &'a usize) -> Option<impl std::fmt::Display + 'a> {
        Some(format!("{MARKER}{scene}{MARKER}"))
    }
}

/// `  ╭─[ name:line:column ]`, as ariadne draws it above each source.
struct Heading<'l> {
    indent: usize,
    before: &'l str,
    scene: usize,
    after: &'l str,
}

impl<'l> Heading<'l> {
    fn read(line: &'l str) -> Option<Heading<'l>> {
        let (before, rest) = line.split_once(MARKER)?;
        let (scene, rest) = rest.split_once(MARKER)?;
        let after = rest.find(' ').map_or("", |at| &rest[at..]);
        let indent = before.len() - before.trim_start_matches(' ').len();
        Some(Heading { indent, before, scene: scene.parse().ok()?, after })
    }
}

/// ` 12 │ …`, as ariadne draws a line of a source.
struct NumberedLine<'l> {
    color: &'l str,
    number: usize,
    after: &'l str,
}

impl<'l> NumberedLine<'l> {
    fn read(line: &'l str) -> Option<NumberedLine<'l>> {
        let (color, rest) = split_color(line.trim_start_matches(' '));
        let rest = rest.trim_start_matches(' ');
        let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
        let number = rest[..digits].parse().ok()?;
        Some(NumberedLine { color, number, after: &rest[digits..] })
    }
}

/// The escape sequence at the start of a line, where there is one.
fn split_color(line: &str) -> (&str, &str) {
    match line.find('m') {
        Some(end) if line.starts_with('\u{1b}') => line.split_at(end + 1),
        _ => ("", line),
    }
}

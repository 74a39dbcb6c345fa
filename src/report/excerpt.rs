//! The lines of a source that a drawing needs, made fit for a screen: nothing hidden in them, long ones cut around
//! what is marked, lines without a mark left out. Keeps account of where the marks have moved.

use std::ops::Range;

use super::escape::push_escaped;
use crate::compiler::source::{Source, Span};

const TAB_WIDTH: usize = 4;
/// So much stands before the mark of a line that is cut.
const CONTEXT_CHARACTERS: usize = 24;

/// What is shown of one source.
pub(super) struct Excerpt {
    /// The lines, each with a line end; an empty one stands for lines left out.
    pub(super) text: String,
    /// The number of each line in the file.
    pub(super) line_numbers: Vec<u32>,
    /// Where the given spans lie in `text`, in bytes. None is empty, and none reaches beyond its first line.
    pub(super) marks: Vec<Range<usize>>,
}

impl Excerpt {
    /// The excerpt that shows all the spans, which belong to this source. Lines are cut to about `width` characters.
    pub(super) fn new(source: &Source, spans: &[Span], width: usize, ellipsis: &str) -> Excerpt {
        let mut order: Vec<usize> = (0..spans.len()).collect();
        order.sort_by_key(|at| spans[*at].start);
        let mut excerpt = Excerpt { text: String::new(), line_numbers: Vec::new(), marks: vec![0..0; spans.len()] };
        let mut rest = order.as_slice();
        while let Some(first) = rest.first() {
            let line = line_around(&source.text, spans[*first].start as usize);
            let count = rest.iter().take_while(|at| line.contains_start(spans[**at])).count().max(1);
            let number = source.line_column(spans[*first].start).line;
            excerpt.begin_line(number);
            let on_line: Vec<(usize, Range<usize>)> =
                rest[..count].iter().map(|at| (*at, line.mark(spans[*at]))).collect();
            excerpt.add_line(&source.text, &line, &on_line, width, ellipsis);
            rest = &rest[count..];
        }
        excerpt
    }

    fn begin_line(&mut self, number: u32) {
        if self.line_numbers.last().is_some_and(|last| last + 1 < number) {
            self.line_numbers.push(0);
            self.text.push('\n');
        }
        self.line_numbers.push(number);
    }

    fn add_line(&mut self, text: &str, line: &Line, marks: &[(usize, Range<usize>)], width: usize, ellipsis: &str) {
        let content = &text[line.start..line.end];
        let kept = if content.chars().nth(width).is_none() {
            std::iter::once(line.start..line.end).collect()
        } else {
            windows(text, line, marks, width)
        };
        let shown = ShownLine::new(text, line, &kept, ellipsis);
        for (at, mark) in marks {
            let start = shown.place(mark.start);
            let end = shown.place(mark.end);
            let end = if end > start { end } else { shown.behind(start) };
            self.marks[*at] = self.text.len() + start..self.text.len() + end;
        }
        self.text.push_str(&shown.text);
        self.text.push('\n');
    }
}

/// A line of a source.
struct Line {
    start: usize,
    /// Without the line end.
    end: usize,
    /// The offset of its line feed, or the end of the text.
    line_feed: usize,
}

impl Line {
    fn contains_start(&self, span: Span) -> bool {
        (self.start..=self.line_feed).contains(&(span.start as usize))
    }

    /// The part of the span on this line.
    fn mark(&self, span: Span) -> Range<usize> {
        let start = (span.start as usize).clamp(self.start, self.end);
        start..(span.end as usize).clamp(start, self.end)
    }
}

fn line_around(text: &str, offset: usize) -> Line {
    let start = text[..offset].rfind('\n').map_or(0, |at| at + 1);
    let line_feed = text[offset..].find('\n').map_or(text.len(), |at| offset + at);
    let end = if text[start..line_feed].ends_with('\r') { line_feed - 1 } else { line_feed };
    Line { start, end, line_feed }
}

/// The stretches of a long line that are shown: around each mark.
fn windows(text: &str, line: &Line, marks: &[(usize, Range<usize>)], width: usize) -> Vec<Range<usize>> {
    let mut windows: Vec<Range<usize>> = Vec::new();
    for (_, mark) in marks {
        let before = text[line.start..mark.start].char_indices().rev().nth(CONTEXT_CHARACTERS - 1);
        let start = before.map_or(line.start, |(at, _)| line.start + at);
        let after = text[mark.start..line.end].char_indices().nth(width.saturating_sub(CONTEXT_CHARACTERS).max(1));
        let limit = after.map_or(line.end, |(at, _)| mark.start + at);
        match windows.last_mut() {
            Some(last) if start <= last.end => last.end = last.end.max(limit),
            _ => windows.push(start..limit),
        }
    }
    windows
}

/// A line as it is shown.
struct ShownLine {
    text: String,
    /// For each character kept and the end of each stretch: its offset in the source, and in `text`.
    places: Vec<(usize, usize)>,
}

impl ShownLine {
    fn new(text: &str, line: &Line, kept: &[Range<usize>], ellipsis: &str) -> ShownLine {
        let mut shown = ShownLine { text: String::new(), places: Vec::new() };
        let mut column = 0;
        let mut last_end = line.start;
        for stretch in kept {
            if stretch.start > last_end {
                shown.text.push_str(ellipsis);
            }
            for (at, character) in text[stretch.clone()].char_indices() {
                shown.places.push((stretch.start + at, shown.text.len()));
                if character == '\t' {
                    let blanks = TAB_WIDTH - column % TAB_WIDTH;
                    shown.text.extend(std::iter::repeat_n(' ', blanks));
                    column += blanks;
                } else {
                    push_escaped(&mut shown.text, character);
                    column += 1;
                }
            }
            shown.places.push((stretch.end, shown.text.len()));
            last_end = stretch.end;
        }
        if last_end < line.end {
            shown.text.push_str(ellipsis);
        }
        shown
    }

    /// Where an offset of the source has come to lie.
    fn place(&self, offset: usize) -> usize {
        let next = self.places.partition_point(|(source, _)| *source < offset);
        self.places.get(next).or(self.places.last()).map_or(0, |(_, shown)| *shown)
    }

    /// The end of the character at this place of the shown text; the line end counts as one.
    fn behind(&self, place: usize) -> usize {
        self.text[place..].chars().next().map_or(place + 1, |character| place + character.len_utf8())
    }
}

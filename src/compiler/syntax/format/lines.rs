//! Pieces to lines: which groups are broken, and where the comments behind the lines stand.

use super::statements::Piece;
use super::words::CONTINUATION_COLUMN;

/// How many characters a line may have, where it can be broken. Comments may be longer.
const WIDTH: usize = 120;

/// How many blanks at least stand before a comment behind a line.
const DISTANCE: usize = 2;

/// The text of these pieces; with a line end behind each line.
pub(super) fn lines(pieces: &[Piece<'_>]) -> String {
    let mut layout = Layout {
        pieces,
        sizes: sizes(pieces),
        lines: Vec::new(),
        gap: Gap::Line,
        broken: Vec::new(),
        last_group_broken: false,
    };
    for at in 0..pieces.len() {
        layout.add(at);
    }
    text(&layout.lines)
}

/// What a group takes on one line.
#[derive(Clone, Copy, Default)]
struct Size {
    characters: usize,
    /// Whether it can't stand on one line.
    broken: bool,
}

/// The size of the group that begins at each place.
fn sizes(pieces: &[Piece<'_>]) -> Vec<Size> {
    let mut sizes = vec![Size::default(); pieces.len()];
    let mut open: Vec<usize> = Vec::new();
    for (at, piece) in pieces.iter().enumerate() {
        let inside = match piece {
            Piece::Text(text, _) => Size { characters: text.chars().count(), broken: false },
            Piece::Blank => Size { characters: 1, broken: false },
            Piece::Break => Size::default(),
            Piece::Join | Piece::LineEnd { .. } | Piece::Behind(_) | Piece::Own(..) => {
                Size { characters: 0, broken: true }
            }
            Piece::Begin { broken } => {
                open.push(at);
                sizes[at].broken = *broken;
                continue;
            }
            Piece::End => match open.pop() {
                Some(begin) => sizes[begin],
                None => continue,
            },
        };
        if let Some(begin) = open.last() {
            sizes[*begin].characters += inside.characters;
            sizes[*begin].broken |= inside.broken;
        }
    }
    sizes
}

/// A line without its end; a comment within it may span several.
struct Line {
    /// Whether a blank line stands above it.
    blank: bool,
    code: String,
    /// The comment behind it, and the lines that go on with it.
    behind: Vec<String>,
}

/// What stands between the last text and the next; of two the greater.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Gap {
    Nothing,
    Blank,
    Line,
    BlankLine,
}

struct Layout<'a> {
    pieces: &'a [Piece<'a>],
    sizes: Vec<Size>,
    lines: Vec<Line>,
    gap: Gap,
    /// For each open group, whether it is broken.
    broken: Vec<bool>,
    last_group_broken: bool,
}

impl Layout<'_> {
    fn add(&mut self, at: usize) {
        match &self.pieces[at] {
            Piece::Text(text, indent) => self.text(text, *indent),
            Piece::Blank => self.widen(Gap::Blank),
            Piece::Break if self.broken.last() == Some(&true) => self.widen(Gap::Line),
            Piece::Break => {}
            Piece::Join => self.join(at),
            Piece::LineEnd { blank } => self.widen(if *blank { Gap::BlankLine } else { Gap::Line }),
            Piece::Behind(comment) => {
                if let Some(line) = self.lines.last_mut() {
                    line.behind.extend_from_slice(comment);
                }
                self.widen(Gap::Line);
            }
            Piece::Own(comment, indent) => {
                self.widen(Gap::Line);
                self.text(comment, *indent);
                self.widen(Gap::Line);
            }
            Piece::Begin { .. } => {
                let is_whole = self.broken.last() == Some(&false) || self.fits(at);
                self.broken.push(!is_whole);
            }
            Piece::End => self.last_group_broken = self.broken.pop().unwrap_or_default(),
        }
    }

    fn widen(&mut self, gap: Gap) {
        self.gap = self.gap.max(gap);
    }

    fn text(&mut self, text: &str, indent: usize) {
        match (std::mem::replace(&mut self.gap, Gap::Nothing), self.lines.last_mut()) {
            (Gap::Nothing, Some(line)) => line.code.push_str(text),
            (Gap::Blank, Some(line)) => {
                line.code.push(' ');
                line.code.push_str(text);
            }
            (gap, last) => {
                let blank = gap == Gap::BlankLine && last.is_some();
                self.lines.push(Line { blank, code: " ".repeat(indent) + text, behind: Vec::new() });
            }
        }
    }

    /// Whether the group that begins here fits on its line.
    fn fits(&self, at: usize) -> bool {
        let indent = self.pieces[at..].iter().find_map(|piece| match piece {
            Piece::Text(_, indent) => Some(*indent),
            _ => None,
        });
        let column = || self.lines.last().map_or(0, |line| last_width(&line.code));
        let start = match self.gap {
            Gap::Nothing => column(),
            Gap::Blank => column() + 1,
            Gap::Line | Gap::BlankLine => indent.unwrap_or_default(),
        };
        !self.sizes[at].broken && start + self.sizes[at].characters <= WIDTH
    }

    fn join(&mut self, at: usize) {
        self.widen(Gap::Blank);
        let next = (at..self.pieces.len()).find(|at| matches!(self.pieces[*at], Piece::Begin { .. }));
        if self.last_group_broken || !next.is_some_and(|next| self.fits(next)) {
            self.widen(Gap::Line);
        }
    }
}

fn last_width(code: &str) -> usize {
    code.rsplit('\n').next().unwrap_or(code).chars().count()
}

/// Lines to text, with the comments behind neighbouring lines in one column.
fn text(lines: &[Line]) -> String {
    let mut text = String::new();
    let mut from = 0;
    while from < lines.len() {
        let more = lines[from + 1..].iter().take_while(|line| is_commented(line) && !line.blank).count();
        let run = &lines[from..from + 1 + if is_commented(&lines[from]) { more } else { 0 }];
        let column = common_column(run);
        for line in run {
            add_line(&mut text, line, column.unwrap_or_else(|| column_behind(line)));
        }
        from += run.len();
    }
    text
}

/// Whether a comment stands behind it that may be aligned with others.
fn is_commented(line: &Line) -> bool {
    !line.behind.is_empty() && !line.code.contains('\n') && !line.behind.iter().any(|comment| comment.contains('\n'))
}

/// The column of all comments behind these lines, where they are not too far apart.
fn common_column(lines: &[Line]) -> Option<usize> {
    let column = lines.iter().map(column_behind).max()?;
    let longest = lines.iter().flat_map(|line| &line.behind).map(|comment| comment.chars().count()).max()?;
    (column + longest <= WIDTH).then_some(column)
}

fn column_behind(line: &Line) -> usize {
    let column = last_width(&line.code) + DISTANCE;
    if line.behind.len() > 1 { column.max(CONTINUATION_COLUMN) } else { column }
}

fn add_line(text: &mut String, line: &Line, column: usize) {
    if line.blank {
        text.push('\n');
    }
    text.push_str(&line.code);
    let mut width = last_width(&line.code);
    for comment in &line.behind {
        text.extend(std::iter::repeat_n(' ', column.saturating_sub(width)));
        text.push_str(comment);
        text.push('\n');
        width = 0;
    }
    if line.behind.is_empty() {
        text.push('\n');
    }
}

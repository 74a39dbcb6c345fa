//! The words of a text, each with the comments and blank lines before it.

use std::borrow::Cow;

use super::super::token::{Token, TokenKind};
use super::{text_of, tokens};

/// A comment at this column or further right, below a comment behind a word and at its column, goes on with it.
/// Comments on lines of their own never stand so far right in the canonical form.
pub(super) const CONTINUATION_COLUMN: usize = 16;

/// A word of the language, and what stands before it.
pub(super) struct Word<'a> {
    pub(super) kind: TokenKind,
    /// As it is written in the canonical form.
    pub(super) text: Cow<'a, str>,
    pub(super) before: Gap,
}

/// What stands between two words.
#[derive(Debug, Default)]
pub(super) struct Gap {
    /// The comment behind the word before, on its line, and those of the next lines that go on with it.
    pub(super) behind: Vec<String>,
    /// The comments on lines of their own.
    pub(super) own: Vec<Remark>,
    /// The comment before the word, on its line.
    pub(super) inline: Option<String>,
    /// Whether the word stands on another line than what is before it.
    pub(super) new_line: bool,
    /// Whether a blank line stands before the word, or before the comment on its line.
    pub(super) blank: bool,
}

/// A comment on lines of its own.
#[derive(Debug)]
pub(super) struct Remark {
    pub(super) text: String,
    /// Whether a blank line stands before it.
    pub(super) blank: bool,
}

impl Gap {
    /// Whether there is no comment but one before the word on its line.
    pub(super) fn is_inline(&self) -> bool {
        self.behind.is_empty() && self.own.is_empty()
    }

    fn is_empty(&self) -> bool {
        self.is_inline() && self.inline.is_none()
    }

    /// This gap and the next one, when the separator between them goes.
    fn join(self, next: Gap) -> Gap {
        if next.is_empty() {
            return Gap { new_line: self.new_line || next.new_line, blank: next.blank, ..self };
        }
        if self.is_empty() {
            return next;
        }
        let Gap { mut behind, mut own, inline, new_line, .. } = self;
        match inline {
            Some(text) if own.is_empty() && behind.is_empty() && !new_line => behind.push(text),
            Some(text) => own.push(Remark { text, blank: false }),
            None => {}
        }
        own.extend(next.behind.into_iter().map(|text| Remark { text, blank: false }));
        own.extend(next.own);
        Gap { behind, own, inline: next.inline, new_line: true, blank: next.blank }
    }
}

/// The words of a text; the last one is its end. Commas at the ends of lists are dropped, and comments before a
/// separator stand behind it.
pub(super) fn words(text: &str) -> Vec<Word<'_>> {
    let mut words = Vec::new();
    let mut comments = Vec::new();
    let mut end_of_last = 0;
    let end = Token { kind: TokenKind::End, start: text.len() as u32, end: text.len() as u32 };
    for token in tokens(text).chain([end]) {
        if matches!(token.kind, TokenKind::LineComment | TokenKind::BlockComment) {
            comments.push(token);
            continue;
        }
        let before = gap(text, end_of_last, &comments, token);
        comments.clear();
        end_of_last = token.end as usize;
        words.push(Word { kind: token.kind, text: word_text(text, token), before });
    }
    settle_separators(words)
}

fn word_text(text: &str, token: Token) -> Cow<'_, str> {
    match token.kind {
        TokenKind::DocComment => Cow::Owned(comment_text(token.kind, text_of(text, token))),
        _ => Cow::Borrowed(text_of(text, token)),
    }
}

/// A comment as it is written in the canonical form: without blanks at the ends of its lines.
pub(super) fn comment_text(kind: TokenKind, text: &str) -> String {
    match kind {
        TokenKind::DocComment => match text.trim_start_matches('/').trim() {
            "" => "///".to_owned(),
            words => format!("/// {words}"),
        },
        _ => {
            let lines: Vec<&str> = text.split('\n').map(|line| line.trim_end_matches([' ', '\t', '\r'])).collect();
            lines.join("\n")
        }
    }
}

/// Comments on one line with nothing between them, which stay together.
struct Group {
    text: String,
    /// Whether a line ends before it, and whether one ends behind it.
    line_before: bool,
    line_behind: bool,
    blank: bool,
    column: usize,
    is_line_comment: bool,
    /// Whether its line is the one below the group before.
    follows: bool,
}

fn gap(text: &str, from: usize, comments: &[Token], word: Token) -> Gap {
    let groups = groups(text, from, comments, word);
    let last_end = comments.last().map_or(from, |comment| comment.end as usize);
    let line_ends = line_ends(&text[last_end..word.start as usize]);
    let mut gap = Gap { blank: line_ends > 1, new_line: line_ends > 0, ..Gap::default() };
    let mut behind_column = None;
    for group in groups {
        let goes_on = behind_column == Some(group.column) && group.is_line_comment && group.follows;
        if group.line_behind && (!group.line_before || goes_on && group.column >= CONTINUATION_COLUMN) {
            behind_column = Some(group.column);
            gap.behind.push(group.text);
        } else if group.line_behind {
            behind_column = None;
            gap.own.push(Remark { text: group.text, blank: group.blank });
        } else {
            gap.new_line = group.line_before;
            gap.blank = group.blank;
            gap.inline = Some(group.text);
        }
    }
    gap
}

fn groups(text: &str, from: usize, comments: &[Token], word: Token) -> Vec<Group> {
    let mut groups: Vec<Group> = Vec::new();
    let mut end = from;
    for (number, comment) in comments.iter().enumerate() {
        let (start, next) = (comment.start as usize, comments.get(number + 1).unwrap_or(&word));
        let line_ends = line_ends(&text[end..start]);
        end = comment.end as usize;
        let line_behind = text[end..next.start as usize].contains('\n') || next.kind == TokenKind::End;
        let own = comment_text(comment.kind, text_of(text, *comment));
        match groups.last_mut() {
            Some(group) if line_ends == 0 => {
                group.text = format!("{} {own}", group.text);
                group.line_behind = line_behind;
                group.is_line_comment = false;
            }
            _ => groups.push(Group {
                text: own,
                line_before: line_ends > 0 || from == 0,
                line_behind,
                blank: line_ends > 1,
                column: column(text, start),
                is_line_comment: comment.kind == TokenKind::LineComment,
                follows: line_ends == 1,
            }),
        }
    }
    groups
}

fn line_ends(blanks: &str) -> usize {
    blanks.bytes().filter(|byte| *byte == b'\n').count()
}

/// How many characters stand before this place on its line.
fn column(text: &str, at: usize) -> usize {
    text[..at].chars().rev().take_while(|character| *character != '\n').count()
}

fn settle_separators(words: Vec<Word<'_>>) -> Vec<Word<'_>> {
    let mut settled = Vec::with_capacity(words.len());
    let mut in_enum = false;
    let mut carried: Option<Gap> = None;
    let mut words = words.into_iter().peekable();
    while let Some(mut word) = words.next() {
        if let Some(gap) = carried.take() {
            word.before = gap.join(word.before);
        }
        let Some(next) = words.peek() else {
            settled.push(word);
            break;
        };
        match word.kind {
            TokenKind::Enum => in_enum = true,
            TokenKind::Semicolon => in_enum = false,
            _ => {}
        }
        match word.kind {
            TokenKind::Comma if ends_list(next.kind) => carried = Some(word.before),
            TokenKind::Comma => {
                carried = moved_behind(&mut word);
                settled.push(word);
            }
            TokenKind::Less if in_enum => {
                carried = moved_behind(&mut word);
                settled.push(word);
            }
            TokenKind::Semicolon if belongs_behind(&word.before) && next.before.behind.is_empty() => {
                carried = moved_behind(&mut word);
                settled.push(word);
            }
            _ => settled.push(word),
        }
    }
    settled
}

fn ends_list(kind: TokenKind) -> bool {
    matches!(kind, TokenKind::RightParenthesis | TokenKind::RightBrace | TokenKind::Semicolon)
}

/// The comments before a separator, if they are to stand behind it. One within the line stays.
fn moved_behind(separator: &mut Word<'_>) -> Option<Gap> {
    (!separator.before.is_inline()).then(|| std::mem::take(&mut separator.before))
}

/// Whether comments before a semicolon only follow the last word of the statement on its line.
fn belongs_behind(gap: &Gap) -> bool {
    !gap.behind.is_empty() && gap.own.is_empty() && gap.inline.is_none()
}

//! Words to pieces: which words stand together, and where a line may or must end. The text has no syntax error, but
//! what only a warning is about may have any form, so every loop goes on by a word and ends with the words.

use std::borrow::Cow;

use super::super::token::TokenKind;
use super::words::Word;

/// How far what belongs to a statement is indented below it.
const STEP: usize = 4;

/// A rule with more literals has each on a line of its own, even where all would fit on one.
const LITERALS_ON_A_LINE: usize = 3;

/// A part of the formatted text.
#[derive(Debug)]
pub(super) enum Piece<'a> {
    /// A word or a comment before one, and how far it is indented where it begins a line.
    Text(Cow<'a, str>, usize),
    /// A blank, unless a line ends here.
    Blank,
    /// A line end where the group around it is broken.
    Break,
    /// A line end, unless the next group fits whole behind a group that is whole too.
    Join,
    /// A line end, and perhaps a blank line.
    LineEnd { blank: bool },
    /// A comment behind the words of its line, with the lines that go on with it.
    Behind(Vec<String>),
    /// A comment on lines of its own, and how far it is indented.
    Own(String, usize),
    /// A group begins: it is broken where it must be, or where it does not fit on its line.
    Begin { broken: bool },
    /// The group that began last ends.
    End,
}

/// The pieces of a file.
pub(super) fn pieces(words: Vec<Word<'_>>) -> Vec<Piece<'_>> {
    let mut writer = Writer { words, at: 0, pieces: Vec::new(), last: TokenKind::End };
    while writer.kind() != TokenKind::End {
        writer.statement();
    }
    writer.lines_before(0, false);
    writer.pieces
}

struct Writer<'a> {
    words: Vec<Word<'a>>,
    /// The word that comes next. The last word is the end of the text, behind which nobody goes.
    at: usize,
    pieces: Vec<Piece<'a>>,
    /// The word before, which decides whether a blank follows it; the end where nothing is before.
    last: TokenKind,
}

impl<'a> Writer<'a> {
    fn statement(&mut self) {
        self.lines_before(0, false);
        while matches!(self.kind(), TokenKind::DocComment | TokenKind::At) {
            self.annotation();
        }
        match self.kind() {
            TokenKind::End => {}
            TokenKind::Test => self.test(),
            TokenKind::Enum => self.enumeration(),
            TokenKind::Input | TokenKind::Relation | TokenKind::Decision => self.phrase(&[], 0),
            _ => self.clause(),
        }
    }

    /// A `///` line or an `@id`, on a line of its own.
    fn annotation(&mut self) {
        let end = if self.kind() == TokenKind::At { TokenKind::RightParenthesis } else { TokenKind::DocComment };
        let mut indent = 0;
        while self.kind() != TokenKind::End && self.word(indent) != end {
            indent = STEP;
        }
        self.pieces.push(Piece::LineEnd { blank: false });
        self.comments_before(0);
    }

    fn clause(&mut self) {
        let broken = self.count_literals() > LITERALS_ON_A_LINE;
        self.group(broken, |writer| {
            writer.phrase(&[TokenKind::If], 0);
            while matches!(writer.last, TokenKind::If | TokenKind::Comma) && writer.kind() != TokenKind::End {
                writer.pieces.push(Piece::Break);
                writer.comments_before(STEP);
                writer.phrase(&[TokenKind::Comma], STEP);
            }
        });
    }

    /// How many literals stand in the body of the clause that begins here; 1 for a fact.
    fn count_literals(&self) -> usize {
        let (mut open, mut literals) = (0usize, 1);
        for word in &self.words[self.at..] {
            match word.kind {
                TokenKind::LeftParenthesis => open += 1,
                TokenKind::RightParenthesis => open = open.saturating_sub(1),
                TokenKind::Comma if open == 0 => literals += 1,
                TokenKind::Semicolon => break,
                _ => {}
            }
        }
        literals
    }

    fn enumeration(&mut self) {
        self.group(false, |writer| {
            writer.words_up_to(&[TokenKind::LeftBrace], 0);
            let ends = |kind| matches!(kind, TokenKind::RightBrace | TokenKind::Semicolon | TokenKind::End);
            while !ends(writer.kind()) {
                writer.pieces.push(Piece::Break);
                writer.comments_before(STEP);
                while !ends(writer.kind()) && !matches!(writer.word(STEP), TokenKind::Comma | TokenKind::Less) {}
            }
            writer.pieces.push(Piece::Break);
            writer.comments_before(STEP);
            writer.words_up_to(&[], 0);
        });
        self.late_semicolon(0);
    }

    fn test(&mut self) {
        self.phrase(&[TokenKind::LeftBrace], 0);
        let mut is_first = true;
        while !matches!(self.kind(), TokenKind::RightBrace | TokenKind::End) {
            self.step(is_first);
            is_first = false;
        }
        self.close_block(0, is_first);
    }

    /// The closing brace of a test or table, with the comments before it.
    fn close_block(&mut self, indent: usize, is_empty: bool) {
        if !(is_empty && self.words[self.at].before.is_inline()) {
            self.words[self.at].before.blank = false;
            self.lines_before(indent + STEP, is_empty);
        }
        self.word(indent);
    }

    /// A fact or an expectation. Those that stand on one line stay there as far as they fit.
    fn step(&mut self, is_first: bool) {
        let before = &self.words[self.at].before;
        let is_table = self.begins_table();
        let stays = before.is_inline() && !before.new_line && !is_first;
        match stays && !is_table && self.last != TokenKind::RightBrace {
            true => self.pieces.push(Piece::Join),
            false => self.lines_before(STEP, is_first),
        }
        match is_table {
            true => self.table(),
            false if self.begins_invariant() => self.invariant(),
            false => self.phrase(&[], STEP),
        }
    }

    /// Whether the step is `expect none`, and `none` no relation or value.
    fn begins_invariant(&self) -> bool {
        use TokenKind::{Colon, Equal, Greater, GreaterOrEqual, LeftParenthesis, Less, LessOrEqual, NotEqual};
        let words = &self.words[self.at..];
        let is_none = |word: &Word| word.kind == TokenKind::Name && word.text == "none";
        let follows = words.get(2).map(|word| word.kind);
        let compared = [Colon, Equal, Greater, GreaterOrEqual, LeftParenthesis, Less, LessOrEqual, NotEqual];
        self.kind() == TokenKind::Expect
            && words.get(1).is_some_and(is_none)
            && !follows.is_some_and(|kind| compared.contains(&kind))
    }

    /// `expect none`: where it does not fit on its line, each literal has one.
    fn invariant(&mut self) {
        self.group(false, |writer| {
            writer.word(STEP);
            writer.word(STEP);
            loop {
                writer.pieces.push(Piece::Break);
                writer.comments_before(2 * STEP);
                writer.phrase(&[TokenKind::Comma], 2 * STEP);
                if writer.last != TokenKind::Comma || writer.kind() == TokenKind::End {
                    break;
                }
            }
        });
    }

    /// Whether the step is `expect only` and a table: then a brace comes before its end.
    fn begins_table(&self) -> bool {
        let mut kinds = self.words[self.at..].iter().map(|word| word.kind);
        let ends =
            |kind: &TokenKind| matches!(kind, TokenKind::Semicolon | TokenKind::LeftBrace | TokenKind::RightBrace);
        kinds.find(ends) == Some(TokenKind::LeftBrace)
    }

    /// A table: each row on a line of its own.
    fn table(&mut self) {
        self.phrase(&[TokenKind::LeftBrace], STEP);
        let mut is_first = true;
        while !matches!(self.kind(), TokenKind::RightBrace | TokenKind::End) {
            self.lines_before(2 * STEP, is_first);
            self.row();
            is_first = false;
        }
        self.close_block(STEP, is_first);
    }

    /// A row, with as many of its things on a line as fit.
    fn row(&mut self) {
        let mut indent = 2 * STEP;
        while !matches!(self.kind(), TokenKind::RightBrace | TokenKind::End) {
            if indent > 2 * STEP {
                self.pieces.push(Piece::Join);
            }
            let mut last = TokenKind::End;
            self.group(false, |writer| {
                while !matches!(writer.kind(), TokenKind::Semicolon | TokenKind::RightBrace | TokenKind::End) {
                    let before = std::mem::replace(&mut last, writer.word(indent));
                    // The colon of a row, and not that of `user:"anna"`.
                    let ends_subjects = last == TokenKind::Colon && before != TokenKind::Name;
                    if last == TokenKind::Comma || ends_subjects {
                        return;
                    }
                }
                if writer.kind() == TokenKind::Semicolon && writer.words[writer.at].before.is_inline() {
                    last = writer.word(indent);
                }
            });
            indent = 3 * STEP;
            self.late_semicolon(indent);
            if last == TokenKind::Semicolon || self.last == TokenKind::Semicolon {
                return;
            }
        }
    }

    /// Words up to one of these kinds or a semicolon, as a group.
    fn phrase(&mut self, ends: &[TokenKind], indent: usize) {
        self.group(false, |writer| writer.words_up_to(ends, indent));
        self.late_semicolon(indent);
    }

    /// A semicolon below comments, which stands alone.
    fn late_semicolon(&mut self, indent: usize) {
        if self.kind() == TokenKind::Semicolon && self.last != TokenKind::Semicolon {
            self.word(indent);
        }
    }

    fn words_up_to(&mut self, ends: &[TokenKind], indent: usize) {
        let mut is_first = true;
        let is_declaration = matches!(self.kind(), TokenKind::Input | TokenKind::Relation | TokenKind::Decision);
        while self.kind() != TokenKind::End {
            if self.kind() == TokenKind::Semicolon && !self.words[self.at].before.is_inline() {
                return;
            }
            let kind = self.word(if is_first { indent } else { indent + STEP });
            is_first = false;
            match kind {
                TokenKind::LeftParenthesis => self.list(indent, is_declaration),
                TokenKind::Semicolon => return,
                _ if ends.contains(&kind) => return,
                _ => {}
            }
        }
    }

    /// What stands between parentheses, and the closing one.
    fn list(&mut self, indent: usize, is_declaration: bool) {
        let mut open = 0usize;
        if self.kind() != TokenKind::RightParenthesis {
            self.pieces.push(Piece::Break);
        }
        self.comments_before(indent + STEP);
        loop {
            match self.kind() {
                TokenKind::End | TokenKind::Semicolon => return,
                TokenKind::RightParenthesis if open == 0 => break,
                TokenKind::RightParenthesis => open -= 1,
                TokenKind::LeftParenthesis => open += 1,
                _ => {}
            }
            match self.word(indent + STEP) {
                TokenKind::Comma if open == 0 => {
                    self.pieces.push(Piece::Break);
                    self.comments_before(indent + STEP);
                }
                TokenKind::Colon if is_declaration => self.pieces.push(Piece::Blank),
                _ => {}
            }
        }
        if self.last != TokenKind::LeftParenthesis {
            self.pieces.push(Piece::Break);
        }
        self.comments_before(indent + STEP);
        self.word(indent);
    }

    fn group(&mut self, broken: bool, inside: impl FnOnce(&mut Self)) {
        self.blank_before_next();
        self.pieces.push(Piece::Begin { broken });
        inside(self);
        self.pieces.push(Piece::End);
    }

    /// The next word, with its comments; its kind.
    fn word(&mut self, indent: usize) -> TokenKind {
        let kind = self.kind();
        if kind == TokenKind::End {
            return kind;
        }
        self.comments_before(indent);
        if let Some(inline) = self.words[self.at].before.inline.take() {
            self.blank(TokenKind::BlockComment);
            self.pieces.push(Piece::Text(Cow::Owned(inline), indent));
            self.last = TokenKind::BlockComment;
        }
        self.blank(kind);
        let text = std::mem::take(&mut self.words[self.at].text);
        self.pieces.push(Piece::Text(text, indent));
        self.last = kind;
        self.at += 1;
        kind
    }

    /// A line end, and all comments before the next word but the one on its line; with blank lines, but not at the
    /// beginning of a block.
    fn lines_before(&mut self, indent: usize, begins_block: bool) {
        let gap = &mut self.words[self.at].before;
        let (behind, own) = (std::mem::take(&mut gap.behind), std::mem::take(&mut gap.own));
        let mut may_be_blank = !begins_block;
        let blank_before_word = gap.blank;
        if !behind.is_empty() {
            self.pieces.push(Piece::Behind(behind));
        }
        for remark in own {
            self.pieces.push(Piece::LineEnd { blank: remark.blank && may_be_blank });
            self.pieces.push(Piece::Own(remark.text, indent));
            may_be_blank = true;
        }
        self.pieces.push(Piece::LineEnd { blank: blank_before_word && may_be_blank });
        self.last = TokenKind::End;
    }

    /// The comments before the next word inside a statement, where blank lines go.
    fn comments_before(&mut self, indent: usize) {
        let gap = &mut self.words[self.at].before;
        let (behind, own) = (std::mem::take(&mut gap.behind), std::mem::take(&mut gap.own));
        if !behind.is_empty() {
            self.pieces.push(Piece::Behind(behind));
        }
        self.pieces.extend(own.into_iter().map(|remark| Piece::Own(remark.text, indent)));
    }

    /// The blank before the next word or the comment before it, which stands outside of the group that begins there.
    fn blank_before_next(&mut self) {
        match self.words[self.at].before.inline {
            Some(_) => self.blank(TokenKind::BlockComment),
            None => self.blank(self.kind()),
        }
        self.last = TokenKind::End;
    }

    fn blank(&mut self, next: TokenKind) {
        if needs_blank(self.last, next) {
            self.pieces.push(Piece::Blank);
        }
    }

    fn kind(&self) -> TokenKind {
        self.words[self.at].kind
    }
}

fn needs_blank(last: TokenKind, next: TokenKind) -> bool {
    use TokenKind::{At, Colon, Comma, End, LeftBrace, LeftParenthesis, RightBrace, RightParenthesis, Semicolon};
    let ends = matches!(next, Comma | Semicolon | Colon | LeftParenthesis | RightParenthesis);
    let begins = matches!(last, End | At | Colon | LeftParenthesis);
    !(ends || begins || last == LeftBrace && next == RightBrace)
}

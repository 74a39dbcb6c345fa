//! Whether two texts say the same: the check that stands between the formatter and a file.

use std::iter::Peekable;

use super::super::token::TokenKind;
use super::words::comment_text;
use super::{text_of, tokens};

/// Fails with what differs, where the second text has not the words and comments of the first in their order.
/// It may lack commas at the ends of lists, and a comment may stand on the other side of a comma, `<` or semicolon.
pub(super) fn check(before: &str, after: &str) -> Result<(), String> {
    same(words(before), words(after), "word")?;
    same(with_comments(before), with_comments(after), "word or comment")
}

fn same(
    before: impl Iterator<Item = String>,
    mut after: impl Iterator<Item = String>,
    what: &str,
) -> Result<(), String> {
    for expected in before {
        match after.next() {
            Some(found) if found == expected => {}
            Some(found) => return Err(format!("the {what} `{expected}` would become `{found}`")),
            None => return Err(format!("the {what} `{expected}` would be lost")),
        }
    }
    match after.next() {
        Some(found) => Err(format!("the {what} `{found}` would be added")),
        None => Ok(()),
    }
}

/// The words without comments, and without commas at the ends of lists.
fn words(text: &str) -> impl Iterator<Item = String> {
    let words = tokens(text).filter(|token| !is_comment(token.kind));
    let mut words = words.map(move |token| (token.kind, canonical(text, token))).peekable();
    std::iter::from_fn(move || next_word(&mut words))
}

fn next_word(words: &mut Peekable<impl Iterator<Item = (TokenKind, String)>>) -> Option<String> {
    use TokenKind::{Comma, RightBrace, RightParenthesis, Semicolon};
    let (kind, word) = words.next()?;
    let ends_list = |(kind, _): &(TokenKind, String)| matches!(kind, RightParenthesis | RightBrace | Semicolon);
    if kind == Comma && words.peek().is_some_and(ends_list) {
        return words.next().map(|(_, word)| word);
    }
    Some(word)
}

/// The words with the comments between them, without the separators that a comment may pass.
fn with_comments(text: &str) -> impl Iterator<Item = String> {
    use TokenKind::{Comma, Less, Semicolon};
    tokens(text)
        .filter(|token| !matches!(token.kind, Comma | Less | Semicolon))
        .map(move |token| canonical(text, token))
}

fn canonical(text: &str, token: super::Token) -> String {
    match token.kind {
        kind if is_comment(kind) || kind == TokenKind::DocComment => comment_text(kind, text_of(text, token)),
        _ => text_of(text, token).to_owned(),
    }
}

fn is_comment(kind: TokenKind) -> bool {
    matches!(kind, TokenKind::LineComment | TokenKind::BlockComment)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blanks_and_last_commas_do_not_matter() {
        assert_eq!(check("p(X , Y ,)if q( X ),\n;// c \r\n", "p(X, Y) if q(X); // c"), Ok(()));
    }

    #[test]
    fn a_comment_may_pass_a_separator_and_nothing_else() {
        assert_eq!(check("p(X) if a(X) // c\n, b(X);", "p(X) if a(X), // c\nb(X);"), Ok(()));
        assert!(check("p(X) if a(X), /* c */ b(X);", "p(X) if a(X), b /* c */ (X);").is_err());
    }

    #[test]
    fn what_is_lost_added_or_changed_is_told() {
        let lost = check("p(); // c", "p();");
        assert_eq!(lost, Err("the word or comment `// c` would be lost".to_owned()));
        assert_eq!(check("p();", "p(); q();"), Err("the word `q` would be added".to_owned()));
        assert_eq!(check("p(1, 2);", "p(1 2);"), Err("the word `,` would become `2`".to_owned()));
    }
}

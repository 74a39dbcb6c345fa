//! The tree of a proof as lines of text, with the places to click in a column of their own.

use crate::proof::outline::{Node, NodeKind};
use crate::report::escape::escape;

/// Places stand no farther right than this, in characters.
const WIDEST: usize = 110;

struct Line {
    /// The branches and the sentence.
    text: String,
    place: String,
}

/// Draws a tree. With `color`, places are dim.
pub fn draw(root: &Node, color: bool) -> String {
    let mut lines = vec![line(root, "")];
    children(root, "", &mut lines);
    let width = lines.iter().map(|line| line.text.chars().count()).filter(|width| *width <= WIDEST).max().unwrap_or(0);
    let mut text = String::new();
    for line in &lines {
        text.push_str(&match (line.place.is_empty(), color) {
            (true, _) => format!("{}\n", line.text),
            (false, false) => format!("{:<width$}  {}\n", line.text, line.place),
            (false, true) => format!("{:<width$}  \x1b[2m{}\x1b[0m\n", line.text, line.place),
        });
    }
    text
}

fn children(node: &Node, indent: &str, lines: &mut Vec<Line>) {
    for (at, child) in node.children.iter().enumerate() {
        let last = at + 1 == node.children.len();
        let (branch, below) = if last { ("└─ ", "   ") } else { ("├─ ", "│  ") };
        lines.push(line(child, &format!("{indent}{branch}")));
        children(child, &format!("{indent}{below}"), lines);
    }
}

fn line(node: &Node, indent: &str) -> Line {
    let before = if node.kind == NodeKind::Beaten { "also: " } else { "" };
    let sentence = escape(&node.sentence);
    if node.kind == NodeKind::Again {
        return Line { text: format!("{indent}{sentence} (as above)"), place: String::new() };
    }
    let rule = node.rule.as_deref().map(|rule| format!("  {}", escape(rule)));
    let place = node.place.as_deref().map(|place| format!("{}{}", escape(place), rule.unwrap_or_default()));
    Line { text: format!("{indent}{before}{sentence}"), place: place.unwrap_or_default() }
}

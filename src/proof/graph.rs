//! The tree of a proof as a graph: DOT for Graphviz, and Mermaid for pages that draw it.

use crate::proof::outline::{Node, NodeKind};
use crate::report::escape::escape;

/// The nodes of a tree by number, each with the number of the one that it stands below.
fn numbered(root: &Node) -> Vec<(Option<usize>, &Node)> {
    let mut nodes = Vec::new();
    let mut open = vec![(None, root)];
    while let Some((above, node)) = open.pop() {
        nodes.push((above, node));
        let number = nodes.len() - 1;
        open.extend(node.children.iter().rev().map(|child| (Some(number), child)));
    }
    nodes
}

/// The tree in the DOT language of Graphviz.
pub fn dot(root: &Node) -> String {
    let mut text =
        "digraph why {\n  rankdir=TB;\n  node [shape=box, style=rounded, fontname=\"sans-serif\"];\n".to_owned();
    for (number, (above, node)) in numbered(root).into_iter().enumerate() {
        let label: Vec<String> =
            label(node).iter().map(|line| line.replace('\\', "\\\\").replace('"', "\\\"")).collect();
        text.push_str(&format!("  n{number} [label=\"{}\"{}];\n", label.join("\\n"), dot_style(node.kind)));
        if let Some(above) = above {
            text.push_str(&format!("  n{above} -> n{number};\n"));
        }
    }
    text.push_str("}\n");
    text
}

fn dot_style(kind: NodeKind) -> &'static str {
    match kind {
        NodeKind::Derived => "",
        NodeKind::Fact => ", style=filled, fillcolor=lightgrey",
        NodeKind::Absent | NodeKind::Compared => ", style=dashed",
        NodeKind::Beaten | NodeKind::Again => ", style=dotted",
    }
}

/// The tree as a Mermaid flowchart.
pub fn mermaid(root: &Node) -> String {
    let mut text = "flowchart TD\n".to_owned();
    for (number, (above, node)) in numbered(root).into_iter().enumerate() {
        let label: Vec<String> = label(node).iter().map(|line| entities(line)).collect();
        let (open, close) = if node.kind == NodeKind::Fact { ("[", "]") } else { ("(", ")") };
        text.push_str(&format!("  n{number}{open}\"{}\"{close}\n", label.join("<br/>")));
        if let Some(above) = above {
            text.push_str(&format!("  n{above} --> n{number}\n"));
        }
    }
    text
}

/// Text without the characters that mean something to Mermaid or to HTML.
fn entities(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '"' | '#' | '<' | '>' | '&' | ';' | '`' | '\\' => safe.push_str(&format!("#{};", character as u32)),
            other => safe.push(other),
        }
    }
    safe
}

/// The sentence, and below it the place.
fn label(node: &Node) -> Vec<String> {
    let before = if node.kind == NodeKind::Beaten { "also: " } else { "" };
    let mut lines = vec![format!("{before}{}", escape(&node.sentence))];
    let rule = node.rule.as_deref().map(|rule| format!(" ({rule})")).unwrap_or_default();
    lines.extend(
        node.place
            .as_deref()
            .filter(|_| node.kind != NodeKind::Again)
            .map(|place| escape(&format!("{place}{rule}")).into_owned()),
    );
    lines
}

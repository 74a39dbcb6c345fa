//! Trees as a graph: DOT for Graphviz, and Mermaid for pages that draw it. Several trees are one graph, with a frame for each.

use crate::proof::outline::{Node, NodeKind};
use crate::report::escape::escape;

/// How what is missing is drawn in Mermaid.
const MISSING: &str = "  classDef missing stroke:#c00,stroke-dasharray:4\n";

/// The nodes of a tree, numbered from a first on, each with the number of the one that it stands below.
fn numbered(root: &Node, first: usize) -> Vec<(usize, Option<usize>, &Node)> {
    let mut nodes = Vec::new();
    let mut open = vec![(None, root)];
    while let Some((above, node)) = open.pop() {
        let number = first + nodes.len();
        nodes.push((number, above, node));
        open.extend(node.children.iter().rev().map(|child| (Some(number), child)));
    }
    nodes
}

/// A tree in the DOT language of Graphviz.
pub fn dot(root: &Node) -> String {
    dot_graph(&dot_tree(root, &mut 0, "  "))
}

/// Trees in the DOT language of Graphviz, each in a cluster with its number.
pub fn dot_all(roots: &[Node]) -> String {
    let mut count = 0;
    let clusters = (1..).zip(roots).map(|(number, root)| {
        let tree = dot_tree(root, &mut count, "    ");
        format!("  subgraph cluster_{number} {{\n    label=\"{number}\";\n{tree}  }}\n")
    });
    dot_graph(&clusters.collect::<String>())
}

fn dot_graph(body: &str) -> String {
    format!("digraph why {{\n  rankdir=TB;\n  node [shape=box, style=rounded, fontname=\"sans-serif\"];\n{body}}}\n")
}

fn dot_tree(root: &Node, count: &mut usize, indent: &str) -> String {
    let mut text = String::new();
    for (number, above, node) in numbered(root, *count) {
        let label: Vec<String> =
            label(node).iter().map(|line| line.replace('\\', "\\\\").replace('"', "\\\"")).collect();
        text.push_str(&format!("{indent}n{number} [label=\"{}\"{}];\n", label.join("\\n"), dot_style(node.kind)));
        if let Some(above) = above {
            text.push_str(&format!("{indent}n{above} -> n{number};\n"));
        }
        *count = number + 1;
    }
    text
}

fn dot_style(kind: NodeKind) -> &'static str {
    match kind {
        NodeKind::Derived | NodeKind::Missed => "",
        NodeKind::Fact => ", style=filled, fillcolor=lightgrey",
        NodeKind::Absent | NodeKind::Compared => ", style=dashed",
        NodeKind::Beaten | NodeKind::Again => ", style=dotted",
        NodeKind::Missing | NodeKind::Blocking => ", style=dashed, color=red",
    }
}

/// A tree as a Mermaid flowchart.
pub fn mermaid(root: &Node) -> String {
    mermaid_graph(&mermaid_tree(root, &mut 0, "  "))
}

/// Trees as a Mermaid flowchart, each in a subgraph with its number.
pub fn mermaid_all(roots: &[Node]) -> String {
    let mut count = 0;
    let subgraphs = (1..).zip(roots).map(|(number, root)| {
        let tree = mermaid_tree(root, &mut count, "    ");
        format!("  subgraph d{number}[\"{number}\"]\n{tree}  end\n")
    });
    mermaid_graph(&subgraphs.collect::<String>())
}

fn mermaid_graph(body: &str) -> String {
    // Labels stand on one line, so that none ends so.
    let missing = if body.contains(":::missing\n") { MISSING } else { "" };
    format!("flowchart TD\n{missing}{body}")
}

fn mermaid_tree(root: &Node, count: &mut usize, indent: &str) -> String {
    let mut text = String::new();
    for (number, above, node) in numbered(root, *count) {
        let label: Vec<String> = label(node).iter().map(|line| entities(line)).collect();
        let (open, close) = match node.kind {
            NodeKind::Fact => ("[", "]"),
            NodeKind::Missing | NodeKind::Blocking => ("(", "):::missing"),
            _ => ("(", ")"),
        };
        text.push_str(&format!("{indent}n{number}{open}\"{}\"{close}\n", label.join("<br/>")));
        if let Some(above) = above {
            text.push_str(&format!("{indent}n{above} --> n{number}\n"));
        }
        *count = number + 1;
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
    let before = match node.kind {
        NodeKind::Beaten => "also: ",
        NodeKind::Missing => "FAILS: ",
        NodeKind::Blocking => "BLOCKS: ",
        _ => "",
    };
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

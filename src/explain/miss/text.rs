//! Misses as text: what holds, what fails and what stands in the way, each line with its place. What was told once is
//! not told again.

use rustc_hash::FxHashSet;

use crate::compiler::program::{Literal, RelationId, RuleId};
use crate::data::Value;
use crate::explain::miss::{Because, Failed, Held, Level, Miss, Misses, Missing, Present};
use crate::explain::telling::{demand, full_stop};
use crate::explain::world::Bindings;
use crate::proof::View;
use crate::report::escape::escape;

/// Places stand no farther right than this, in characters.
const WIDEST: usize = 110;

/// Deeper than this nothing is told.
pub(super) const DEEPEST: usize = 6;

struct Line {
    text: String,
    place: String,
}

/// The misses as lines that end; with `color`, places are dim.
pub fn text(misses: &Misses, view: &View, color: bool) -> String {
    let mut teller = Teller { view, lines: Vec::new(), told: FxHashSet::default() };
    for (number, miss) in misses.nearest.iter().enumerate() {
        if number > 0 {
            teller.line(0, "", String::new());
        }
        teller.top(number + 1, miss);
    }
    let mut text = drawn(&teller.lines, color);
    if misses.more > 0 {
        let rules = if misses.more == 1 { "rule comes" } else { "rules come" };
        text.push_str(&format!("\n{} more {rules} less near; `--limit` shows them.\n", misses.more));
    }
    if misses.cut {
        text.push_str("\nNot everything was looked at: something nearer may be left out.\n");
    }
    text
}

/// Why statements hold, in lines that end.
pub fn held_text(held: &[Held], view: &View, color: bool) -> String {
    let mut teller = Teller { view, lines: Vec::new(), told: FxHashSet::default() };
    for held in held {
        let statement = view.says(held.relation, &held.arguments);
        teller.held(&statement, held, 0);
    }
    drawn(&teller.lines, color)
}

/// What does not hold, in lines that end.
pub fn missing_text(missing: &Missing, view: &View, color: bool) -> String {
    let mut teller = Teller { view, lines: Vec::new(), told: FxHashSet::default() };
    teller.missing("FAILS", missing, 0, 0);
    drawn(&teller.lines, color)
}

fn drawn(lines: &[Line], color: bool) -> String {
    let width = lines.iter().map(|line| line.text.chars().count()).filter(|width| *width <= WIDEST).max().unwrap_or(0);
    let draw = |line: &Line| match (line.place.is_empty(), color) {
        (true, _) => format!("{}\n", line.text.trim_end()),
        (false, false) => format!("{:<width$}  {}\n", line.text, line.place),
        (false, true) => format!("{:<width$}  \x1b[2m{}\x1b[0m\n", line.text, line.place),
    };
    lines.iter().map(draw).collect()
}

struct Teller<'t> {
    view: &'t View<'t>,
    lines: Vec<Line>,
    told: FxHashSet<String>,
}

impl Teller<'_> {
    fn line(&mut self, indent: usize, text: &str, place: String) {
        let text = format!("{:indent$}{}", "", escape(text));
        self.lines.push(Line { text, place: escape(&place).into_owned() });
    }

    fn top(&mut self, number: usize, miss: &Miss) {
        let rule = self.view.program.rule(miss.rule);
        let place = self.view.rule_place(miss.rule);
        let title = if rule.named { rule.id.clone() } else { "a rule without an id".to_owned() };
        self.line(0, &format!("{number}. {title}"), place);
        self.body(miss, 3, 0);
    }

    fn body(&mut self, miss: &Miss, indent: usize, depth: usize) {
        let mut again = 0;
        let mut here = FxHashSet::default();
        for held in &miss.held {
            if !self.view.is_news(held) {
                continue;
            }
            let statement = self.view.says(held.relation, &held.arguments);
            if !here.insert(statement.clone()) {
                continue;
            }
            if !self.told.insert(statement.clone()) {
                again += 1;
                continue;
            }
            self.held(&statement, held, indent);
        }
        match again {
            0 => {}
            1 => self.line(indent, "holds  one thing more, as above", String::new()),
            _ => self.line(indent, &format!("holds  {again} things more, as above"), String::new()),
        }
        for failed in &miss.failed {
            self.failed(miss, failed, indent, depth);
        }
    }

    fn held(&mut self, statement: &str, held: &Held, indent: usize) {
        match &held.because {
            Because::Fact(origin) => {
                let place = self.view.place(held.relation, *origin);
                self.line(indent, &format!("holds  {statement}"), place);
            }
            Because::Rules(rules) => {
                let sentences: Vec<(String, String)> = self.view.reasons(rules);
                let place = sentences.first().map(|(_, place)| place.clone()).unwrap_or_default();
                // A reason that begins as the statement says all of it.
                let same = |sentence: &str| sentence.starts_with(statement.trim_end_matches('.'));
                let first = sentences.first().map(|(sentence, _)| sentence.as_str()).filter(|first| same(first));
                let statement = first.unwrap_or(statement);
                self.line(indent, &format!("holds  {statement}"), place);
                for (sentence, place) in sentences.iter().filter(|(sentence, _)| sentence != statement).cloned() {
                    if self.told.insert(sentence.clone()) {
                        self.line(indent + 7, &sentence, place);
                    }
                }
            }
            Because::Absent => {}
        }
    }

    fn failed(&mut self, miss: &Miss, failed: &Failed, indent: usize, depth: usize) {
        match failed {
            Failed::Compared { literal, left, right } => {
                let sentence = self.view.compared(miss.rule, *literal, [*left, *right]);
                self.line(indent, &format!("FAILS  {sentence}"), self.view.rule_place(miss.rule));
            }
            Failed::Missing(missing) => self.missing("FAILS", missing, indent, depth),
            Failed::Present(present) => self.present(present, indent, depth),
        }
    }

    fn missing(&mut self, label: &str, missing: &Missing, indent: usize, depth: usize) {
        let says = self.view.says(missing.relation, &missing.arguments);
        let statement = match label {
            "unless" => self.view.says_within(missing.relation, &missing.arguments),
            _ => says.clone(),
        };
        let below = indent + label.len() + 2;
        if !self.told.insert(format!("FAILS {says}")) {
            self.line(indent, &format!("{label}  {statement} (as above)"), String::new());
            return;
        }
        let nearest = missing.nearest.as_deref().map(handed_on);
        let place = nearest.map(|miss| self.view.rule_place(miss.rule));
        self.line(indent, &format!("{label}  {statement}"), place.unwrap_or_default());
        for (row, origin) in &missing.near {
            let row: Vec<_> = row.iter().copied().map(Some).collect();
            let near = format!("but {}", self.view.says_within(missing.relation, &row));
            self.line(below, &near, self.view.place(missing.relation, *origin));
        }
        if missing.more_near > 0 {
            self.line(below, &format!("and {} more like that", missing.more_near), String::new());
        }
        if let Some(level) = &missing.level {
            self.level(missing, level, below);
        }
        if let Some(nearest) = nearest.filter(|nearest| depth < DEEPEST && has_body(missing, nearest)) {
            self.body(nearest, below, depth + 1);
        }
    }

    /// How high it goes.
    fn level(&mut self, missing: &Missing, level: &Level, indent: usize) {
        for (number, (sentence, place)) in self.view.highest(missing.relation, level).into_iter().enumerate() {
            if number == 0 || self.told.insert(sentence.clone()) {
                self.line(indent, &sentence, place);
            }
        }
    }

    fn present(&mut self, present: &Present, indent: usize, depth: usize) {
        let below = indent + 8;
        let mut reasons = self.view.present_because(present);
        let (first, place) = reasons.remove(0);
        if !self.told.insert(format!("BLOCKS {first}")) {
            self.line(indent, &format!("BLOCKS  {first} (as above)"), String::new());
            return;
        }
        self.line(indent, &format!("BLOCKS  {first}"), place);
        for (sentence, place) in reasons {
            if self.told.insert(sentence.clone()) {
                self.line(below, &sentence, place);
            }
        }
        if let Some(lacking) = &present.lacking {
            self.missing("unless", lacking, below, depth + 1);
        }
    }
}

impl View<'_> {
    /// Whether a literal is worth a line: not where it holds only because nothing contradicts it, or of nobody in
    /// particular.
    pub(super) fn is_news(&self, held: &Held) -> bool {
        let rests_on_something = |rule: RuleId| {
            let body = &self.program.rule(rule).body;
            body.is_empty() || body.iter().any(|literal| matches!(literal, Literal::Positive(_)))
        };
        let known = held.arguments.iter().all(Option::is_some);
        match &held.because {
            Because::Fact(_) => known,
            Because::Rules(rules) => known && rules.iter().all(|(rule, _)| rests_on_something(*rule)),
            Because::Absent => false,
        }
    }

    /// What rules say, each with its place.
    pub(super) fn reasons(&self, rules: &[(RuleId, Bindings)]) -> Vec<(String, String)> {
        let reason = |(rule, bindings): &(RuleId, Bindings)| {
            (full_stop(&self.sentence(*rule, bindings)), self.rule_place(*rule))
        };
        rules.iter().map(reason).collect()
    }

    /// Why something holds that should not, each with its place; never nothing.
    pub(super) fn present_because(&self, present: &Present) -> Vec<(String, String)> {
        let statement = || self.says(present.relation, &present.row);
        match &present.because {
            Because::Rules(rules) if !rules.is_empty() => self.reasons(rules),
            Because::Fact(origin) => vec![(statement(), self.place(present.relation, *origin))],
            Because::Rules(_) | Because::Absent => vec![(statement(), String::new())],
        }
    }

    /// How high a decision goes that asks for a level, and why, each with its place; never nothing.
    pub(super) fn highest(&self, relation: RelationId, level: &Level) -> Vec<(String, String)> {
        let ty = self.program.relation(relation).fields[level.place].ty;
        let Some((highest, because)) = &level.highest else {
            return vec![("there is none at all".to_owned(), String::new())];
        };
        let highest = self.words.value(ty, *highest);
        let mut reasons = if let Because::Rules(rules) = because { self.reasons(rules) } else { Vec::new() };
        match reasons.first_mut() {
            Some((first, _)) => *first = format!("the highest is {highest}: {first}"),
            None => reasons.push((format!("the highest is {highest}"), String::new())),
        }
        reasons
    }

    /// What a comparison of a rule asks of its sides.
    pub(super) fn compared(&self, rule: RuleId, literal: usize, [left, right]: [Option<Value>; 2]) -> String {
        let Literal::Comparison(comparison) = &self.program.rule(rule).body[literal] else { return String::new() };
        let words =
            |value: Option<Value>| value.map_or("it".to_owned(), |value| self.words.value(comparison.ty, value));
        format!("{} {} {}.", words(left), demand(comparison.operator), words(right))
    }
}

/// Whether what comes nearest to something missing is told: how high a level goes says enough, unless something is in
/// its way.
pub(super) fn has_body(missing: &Missing, nearest: &Miss) -> bool {
    missing.level.is_none() || nearest.failed.iter().any(|failed| matches!(failed, Failed::Present(_)))
}

/// The rule that a chain of rules hands on which have nothing to tell of their own.
pub(super) fn handed_on(miss: &Miss) -> &Miss {
    let mut miss = miss;
    while let [Failed::Missing(only)] = &miss.failed[..]
        && let Some(nearest) = only.nearest.as_deref()
        && only.level.is_none()
        && miss.held.iter().all(|held| matches!(held.because, Because::Absent))
    {
        miss = nearest;
    }
    miss
}

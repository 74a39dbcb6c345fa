//! Changes as an administrator reads them: a paragraph for each user, in which decisions about an action that change for the
//! same reason stand together; and the summary.

use crate::explain::changes::json::word;
use crate::explain::changes::{Cause, Change, Changed, Kinds, Reason, Stand, Subject, Tally};
use crate::report::escape::escape;

/// So many things of a group are named.
const NAMED: usize = 5;

/// So many groups wait until the action ends.
const WAITING: usize = 1_000;

/// Text that grows with the changes, which come sorted.
#[derive(Debug, Default)]
pub struct Page {
    text: String,
    /// The user of the paragraph.
    user: Option<String>,
    /// The action of the groups that wait.
    action: String,
    groups: Vec<Group>,
}

/// Decisions of one user about one action that change alike.
#[derive(Debug)]
struct Group {
    gained: bool,
    cause: Cause,
    reason: Option<Reason>,
    changed: Vec<Changed>,
    /// The first things, as they are shown.
    named: Vec<String>,
    count: usize,
}

impl Page {
    /// Adds a change.
    pub fn add(&mut self, change: &Change) {
        if self.user.as_ref() != Some(&change.user) {
            self.end_action();
            self.begin(change);
        }
        match &change.subject {
            Subject::Level { key, before, after } => {
                self.end_action();
                self.level(change, key, before, after);
            }
            Subject::Decision { action, resource, resource_name, .. } => {
                if self.action != *action || self.groups.len() >= WAITING {
                    self.end_action();
                    self.action.clone_from(action);
                }
                let shown = match resource_name {
                    Some(name) => format!("{resource} {name}"),
                    None => resource.clone(),
                };
                self.decision(change, shown);
            }
        }
    }

    /// The text so far, of which nothing is kept.
    pub fn take(&mut self) -> String {
        std::mem::take(&mut self.text)
    }

    /// Ends the last paragraph.
    pub fn end(&mut self) {
        self.end_action();
    }

    fn begin(&mut self, change: &Change) {
        if self.user.is_some() {
            self.text.push('\n');
        }
        self.text.push_str(&escape(&change.user));
        if let Some(name) = &change.name {
            self.text.push_str("  ");
            self.text.push_str(&escape(name));
        }
        self.text.push('\n');
        self.user = Some(change.user.clone());
    }

    fn level(&mut self, change: &Change, key: &[(String, String)], before: &Stand, after: &Stand) {
        let key: Vec<&str> = key.iter().map(|(_, value)| value.as_str()).collect();
        let what = format!("level of {}  {} → {}", key.join(" "), level(before), level(after));
        self.entry(change.gained, &what, change.cause, change.reason.as_ref(), &change.changed);
    }

    fn decision(&mut self, change: &Change, shown: String) {
        let rule = |reason: &Option<Reason>| reason.as_ref().map(|reason| (reason.rule.clone(), reason.after));
        let alike = |group: &&mut Group| {
            group.gained == change.gained
                && group.cause == change.cause
                && group.changed == change.changed
                && rule(&group.reason) == rule(&change.reason)
        };
        match self.groups.iter_mut().find(alike) {
            Some(group) => {
                group.count += 1;
                if group.named.len() < NAMED {
                    group.named.push(shown);
                }
            }
            None => self.groups.push(Group {
                gained: change.gained,
                cause: change.cause,
                reason: change.reason.clone(),
                changed: change.changed.clone(),
                named: vec![shown],
                count: 1,
            }),
        }
    }

    fn end_action(&mut self) {
        for group in std::mem::take(&mut self.groups) {
            let mut what = format!("{}  {}", self.action, group.named.join(", "));
            if group.count > group.named.len() {
                what.push_str(&format!(" and {} more", group.count - group.named.len()));
            }
            self.entry(group.gained, &what, group.cause, group.reason.as_ref(), &group.changed);
        }
        self.action.clear();
    }

    fn entry(&mut self, gained: bool, what: &str, cause: Cause, reason: Option<&Reason>, changed: &[Changed]) {
        let mut line = |indent: &str, text: &str| {
            self.text.push_str(indent);
            self.text.push_str(&escape(text));
            self.text.push('\n');
        };
        line("  ", &format!("{:<6}  {what}  ({})", word(gained), cause_words(cause)));
        if let Some(reason) = reason {
            let until = if reason.after { "" } else { "before: " };
            line("          ", &format!("{until}{}: {}", reason.rule, reason.sentence));
        }
        for changed in changed {
            let is = if changed.added { "new " } else { "gone" };
            let rule = if changed.is_rule { "rule " } else { "" };
            line("          ", &format!("{is}  {rule}{}  {}", changed.what, changed.place));
        }
    }
}

/// A level with the role that gives it.
fn level(stand: &Stand) -> String {
    match &stand.role {
        Some(role) => format!("{} by {role}", stand.level),
        None => stand.level.clone(),
    }
}

fn cause_words(cause: Cause) -> &'static str {
    match cause {
        Cause::Data => "by data",
        Cause::Rules => "by rules",
        Cause::Either => "by data or rules, each alone",
        Cause::Both => "by data and rules together",
    }
}

/// How many changes there are, a line for each kind that was compared.
pub fn summary(tally: &Tally, kinds: Kinds) -> String {
    let line = |levels: bool, what: &str| {
        let counts = [true, false].map(|gained| counted(tally.of(levels, gained), word(gained)));
        format!("{what}: {}.\n", counts.join(", "))
    };
    let decisions = kinds.decisions.then(|| line(false, "Decisions"));
    let levels = kinds.levels.then(|| line(true, "Levels"));
    decisions.into_iter().chain(levels).collect()
}

fn counted(counts: [u64; Cause::ALL.len()], word: &str) -> String {
    let total: u64 = counts.iter().sum();
    let by = |(cause, count): (&Cause, u64)| (count > 0).then(|| format!("{count} {}", cause_words(*cause)));
    let by: Vec<String> = Cause::ALL.iter().zip(counts).filter_map(by).collect();
    match by.is_empty() {
        true => format!("none {word}"),
        false => format!("{total} {word} ({})", by.join("; ")),
    }
}

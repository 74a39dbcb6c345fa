//! How changes look: as text a paragraph for each user, in CSV and JSON a row for each change; and at the end their number.

use crate::cli::arguments::TableFormat;
use crate::cli::sheet::Form;
use rolecall::explain::changes::{Change, Changed, Kinds, LevelKeys, Stand, Subject, Tally, json, text};

/// The column of what is done, which levels of actions share.
const ACTION: &str = "action";

/// Writes changes, which come sorted.
pub struct Page {
    format: TableFormat,
    kinds: Kinds,
    paragraphs: text::Page,
    form: Form,
    /// The columns of what levels are about, but for the action.
    fields: Vec<String>,
    rows: String,
    begun: bool,
}

impl Page {
    /// For changes of decisions, where they are compared, and of these levels.
    pub fn of(format: TableFormat, decisions: bool, levels: Option<&LevelKeys>) -> Page {
        let kinds = Kinds { decisions, levels: levels.is_some() };
        let fields = levels.map_or(Vec::new(), LevelKeys::fields);
        let fields: Vec<String> = fields.into_iter().filter(|field| *field != ACTION).map(str::to_owned).collect();
        let form = columns(&fields).into_iter().fold(Form::new(format), |form, column| form.column(column, 0));
        Page { format, kinds, paragraphs: text::Page::default(), form, fields, rows: String::new(), begun: false }
    }

    /// What stands above everything.
    pub fn begin(&mut self) -> String {
        match self.format {
            TableFormat::Text => String::new(),
            TableFormat::Json => "{\"changes\":[".to_owned(),
            TableFormat::Csv => {
                let mut header = String::new();
                let names: Vec<Option<&str>> = columns(&self.fields).into_iter().map(Some).collect();
                self.form.write(&mut header, &names);
                header
            }
        }
    }

    /// Adds a change.
    pub fn add(&mut self, change: &Change) {
        match self.format {
            TableFormat::Text => self.paragraphs.add(change),
            TableFormat::Json => {
                self.rows.push_str(if self.begun { ",\n " } else { "\n " });
                self.rows.push_str(&json::change(change));
            }
            TableFormat::Csv => self.row(change),
        }
        self.begun = true;
    }

    /// What was written since the last call.
    pub fn take(&mut self) -> String {
        match self.format {
            TableFormat::Text => self.paragraphs.take(),
            TableFormat::Json | TableFormat::Csv => std::mem::take(&mut self.rows),
        }
    }

    /// The rest, and how many changes there are.
    pub fn end(&mut self, tally: &Tally) -> String {
        match self.format {
            TableFormat::Text => {
                self.paragraphs.end();
                let between = if self.begun { "\n" } else { "" };
                format!("{}{between}{}", self.paragraphs.take(), text::summary(tally, self.kinds))
            }
            TableFormat::Json => format!("],\n\"summary\":{}}}\n", json::summary(tally, self.kinds)),
            TableFormat::Csv => String::new(),
        }
    }

    fn row(&mut self, change: &Change) {
        let reason = change.reason.as_ref();
        let changed: Vec<String> = change.changed.iter().map(words).collect();
        let places: Vec<&str> = change.changed.iter().map(|changed| changed.place.as_str()).collect();
        let (changed, places) = (changed.join("; "), places.join("; "));
        let kind = if change.subject.is_level() { "level" } else { "decision" };
        let (word, cause) = (json::word(change.gained), change.cause.name());
        let mut values = vec![Some(kind), Some(word), Some(cause), Some(change.user.as_str()), change.name.as_deref()];
        let answer = |allowed: bool| Some(if allowed { "allow" } else { "deny" });
        match &change.subject {
            Subject::Decision { action, resource, resource_name, before, after } => {
                values.extend([Some(action.as_str()), Some(resource), resource_name.as_deref()]);
                values.extend(self.fields.iter().map(|_| None));
                values.extend([answer(!change.gained), answer(change.gained)]);
                values.extend([Some(before.as_str()), Some(after), None, None]);
            }
            Subject::Level { key, before, after } => {
                let of = |field: &str| key.iter().find(|(other, _)| other == field).map(|(_, value)| value.as_str());
                values.extend([of(ACTION), None, None]);
                values.extend(self.fields.iter().map(|field| of(field)));
                values.extend([before, after].map(|stand: &Stand| Some(stand.level.as_str())));
                values.extend([before, after].map(|stand| Some(stand.rule.as_str())));
                values.extend([before, after].map(|stand| stand.role.as_deref()));
            }
        }
        values.push(reason.map(|reason| reason.sentence.as_str()));
        values.extend([&changed, &places].map(|text| Some(text.as_str()).filter(|text| !text.is_empty())));
        self.form.write(&mut self.rows, &values);
    }
}

fn columns(fields: &[String]) -> Vec<&str> {
    let mut columns = vec!["kind", "change", "cause", "user", "name", ACTION, "resource", "resource_name"];
    columns.extend(fields.iter().map(String::as_str));
    columns.extend(["before", "after", "rule_before", "rule_after", "role_before", "role_after"]);
    columns.extend(["reason", "changed", "place"]);
    columns
}

/// `new works_in(anna, sales)`
fn words(changed: &Changed) -> String {
    let is = if changed.added { "new" } else { "gone" };
    let rule = if changed.is_rule { "rule " } else { "" };
    format!("{is} {rule}{}", changed.what)
}

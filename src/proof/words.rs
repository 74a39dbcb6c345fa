//! Values and explanations as an administrator reads them: with the display names that the data gives.

use rustc_hash::FxHashMap;

use crate::compiler::program::{ExplanationPart, Program, RelationId, RuleId, SentencePart, Type};
use crate::data::{Database, Guests, Value};

/// The input that names things: `display_name(thing: resource, name: text)`.
const DISPLAY_NAME: &str = "display_name";

/// The words for the values of a model.
#[derive(Debug)]
pub struct Words<'m> {
    program: &'m Program,
    database: &'m Database,
    /// Of things that have one; of several names the first by letters.
    names: FxHashMap<Value, Value>,
}

impl<'m> Words<'m> {
    /// Reads the display names, in one pass over them.
    pub fn new(program: &'m Program, database: &'m Database) -> Words<'m> {
        let mut names: FxHashMap<Value, Value> = FxHashMap::default();
        let text = |value: Value| database.symbols.text(value);
        let types =
            |fields: &[crate::compiler::program::Field]| fields.iter().map(|field| field.ty).collect::<Vec<_>>();
        let relation = program.relation_named(DISPLAY_NAME);
        let fitting = relation.filter(|id| types(&program.relation(*id).fields) == [Type::Resource, Type::Text]);
        for row in fitting.iter().flat_map(|relation| database.table(*relation).rows()) {
            let name = names.entry(row[0]).or_insert(row[1]);
            if text(row[1]) < text(*name) {
                *name = row[1];
            }
        }
        Words { program, database, names }
    }

    /// The program whose values these are.
    pub fn program(&self) -> &'m Program {
        self.program
    }

    /// The id of a thing, a guest or not.
    pub fn id<'g>(&'g self, thing: Value, guests: &'g Guests) -> &'g str {
        guests.text(&self.database.symbols, thing)
    }

    /// The display name of a thing, where it has one.
    pub fn name(&self, thing: Value) -> Option<&'m str> {
        self.names.get(&thing).map(|name| self.database.symbols.text(*name))
    }

    /// The things that have a display name, with it, in any order.
    pub fn names(&self) -> impl Iterator<Item = (Value, &'m str)> {
        self.names.iter().map(|(thing, name)| (*thing, self.database.symbols.text(*name)))
    }

    /// A value of that type by its display name, where it has one, else as it is written.
    pub fn value(&self, ty: Type, value: Value) -> String {
        let mut text = String::new();
        self.write_value(&mut text, ty, value, &Guests::default());
        text
    }

    fn write_value(&self, text: &mut String, ty: Type, value: Value, guests: &Guests) {
        let symbols = &self.database.symbols;
        let thing = matches!(ty, Type::Resource | Type::Entity(_));
        match self.names.get(&value).filter(|_| thing) {
            Some(name) => text.push_str(symbols.text(*name)),
            None if matches!(ty, Type::Entity(_)) || thing && Guests::is_guest(symbols, value) => {
                text.push_str(guests.text(symbols, value));
            }
            None => text.push_str(&self.database.show(self.program, ty, value)),
        }
    }

    /// What a relation says of these arguments, of which `None` stands for any, without a full stop: its sentence, or
    /// where it has none, the relation with its arguments.
    pub fn statement(&self, relation: RelationId, arguments: &[Option<Value>]) -> String {
        self.statement_of(relation, arguments, "any")
    }

    /// As [`Words::statement`], with another word for `None`.
    pub fn statement_of(&self, relation: RelationId, arguments: &[Option<Value>], open: &str) -> String {
        let relation = self.program.relation(relation);
        let argument = |place: usize| match (arguments[place], &relation.fields[place]) {
            (Some(value), field) => self.value(field.ty, value),
            (None, field) => format!("{open} {}", field.name.replace(['_', '.'], " ")),
        };
        if relation.sentence.is_empty() {
            let arguments: Vec<String> = (0..arguments.len()).map(argument).collect();
            return format!("{}({})", relation.name, arguments.join(", "));
        }
        let part = |part: &SentencePart| match part {
            SentencePart::Words(words) => words.clone(),
            SentencePart::Place(place) => argument(*place),
        };
        let sentence: String = relation.sentence.iter().map(part).collect();
        sentence.trim_end_matches('.').to_owned()
    }

    /// [`Words::statement`] as the end of a longer sentence.
    pub fn clause(&self, relation: RelationId, arguments: &[Option<Value>]) -> String {
        self.clause_of(relation, arguments, "any")
    }

    /// As [`Words::clause`], with another word for `None`.
    pub fn clause_of(&self, relation: RelationId, arguments: &[Option<Value>], open: &str) -> String {
        let statement = self.statement_of(relation, arguments, open);
        // A sentence that begins with a value or an abbreviation keeps it as it is.
        let is_word = |words: &str| !words.chars().nth(1).is_some_and(char::is_uppercase);
        match self.program.relation(relation).sentence.first() {
            Some(SentencePart::Words(words)) if is_word(words) => {
                let mut letters = statement.chars();
                letters.next().map_or_else(String::new, |first| first.to_lowercase().chain(letters).collect())
            }
            _ => statement,
        }
    }

    /// The explanation of a rule, filled with the values of its variables; nothing where it has none.
    pub fn sentence(&self, rule: RuleId, bindings: &[Value]) -> Option<String> {
        let mut sentence = String::new();
        self.write_sentence(&mut sentence, rule, bindings, &Guests::default());
        (!sentence.is_empty()).then_some(sentence)
    }

    /// Appends [`Words::sentence`] about things that no fact names, too.
    pub fn write_sentence(&self, sentence: &mut String, rule: RuleId, bindings: &[Value], guests: &Guests) {
        self.fill(sentence, rule, |sentence, variable, ty| self.write_value(sentence, ty, bindings[variable], guests));
    }

    /// [`Words::sentence`] with a word for variables that have no value.
    pub fn sentence_of(&self, rule: RuleId, bindings: &[Option<Value>], open: &str) -> Option<String> {
        let mut sentence = String::new();
        self.fill(&mut sentence, rule, |sentence, variable, ty| match bindings[variable] {
            Some(value) => sentence.push_str(&self.value(ty, value)),
            None => sentence.push_str(&format!("{open} {}", self.program.type_name(ty).replace('_', " "))),
        });
        (!sentence.is_empty()).then_some(sentence)
    }

    fn fill(&self, sentence: &mut String, rule: RuleId, value: impl Fn(&mut String, usize, Type)) {
        let rule = self.program.rule(rule);
        for part in &rule.explanation {
            match part {
                ExplanationPart::Words(words) => sentence.push_str(words),
                ExplanationPart::Variable(variable) => {
                    value(sentence, variable.index(), rule.variables[variable.index()].ty);
                }
            }
        }
    }
}

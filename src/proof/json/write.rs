//! A proof to its document: numbers become names, and what a reader needs stands beside them.

use super::document::{
    self, ActionName, Bindings, Datum, Document, Fold, OutcomeName, Place, Request, SourceKind, Thing,
};
use super::{FORMAT, VERSION};
use crate::compiler::program::vocabulary::DEFAULT;
use crate::compiler::program::{AggregateFunction, Literal, Program, RelationId, Rule, Term, Type};
use crate::compiler::source::{Sources, Span};
use crate::data::{Database, FactOrigin, Value};
use crate::proof::{Absence, Application, Premise, Proof, Reason, Step, StepId, Verdict, View};

impl Document {
    /// Of a proof whose numbers are all those of the program and the database.
    pub fn of(proof: &Proof, view: &View) -> Document {
        let writer = Writer { view };
        let (outcome, step, absent) = match &proof.verdict {
            Verdict::Allowed { allow, deny } => (OutcomeName::Allowed, Some(*allow), vec![deny.as_ref()]),
            Verdict::Forbidden { deny } => (OutcomeName::Forbidden, Some(*deny), Vec::new()),
            Verdict::NotPermitted { allow, deny } => {
                (OutcomeName::NotPermitted, None, vec![Some(allow), deny.as_ref()])
            }
        };
        Document {
            format: FORMAT.to_owned(),
            version: VERSION,
            request: writer.request(proof),
            decision: outcome == OutcomeName::Allowed,
            outcome,
            rule: step
                .and_then(|step| proof.steps.get(step.index()))
                .map_or(DEFAULT.to_owned(), |it| writer.decides(it)),
            step: step.map(number),
            absences: absent.into_iter().flatten().map(|absence| writer.absence(absence)).collect(),
            steps: steps(&proof.steps, view),
            misses: None,
            repairs: None,
        }
    }
}

/// Steps, numbered from 1.
pub fn steps(steps: &[Step], view: &View) -> Vec<document::Step> {
    let writer = Writer { view };
    (1..).zip(steps).map(|(number, step)| writer.step(number, step)).collect()
}

struct Writer<'w> {
    view: &'w View<'w>,
}

impl Writer<'_> {
    fn request(&self, proof: &Proof) -> Request {
        let name = self.view.program.actions.get(proof.action.index()).map(|action| action.name.clone());
        Request {
            subject: self.thing(proof.subject),
            action: ActionName { name: name.unwrap_or_default() },
            resource: self.thing(proof.resource),
        }
    }

    fn thing(&self, value: Value) -> Thing {
        let symbols = &self.view.database.symbols;
        let entity = symbols.tag(value).entity().map(|entity| self.view.program.type_name(Type::Entity(entity)));
        Thing { ty: entity.unwrap_or_default().to_owned(), id: symbols.text(value).to_owned() }
    }

    /// The id of the rule, or the place of the fact, as answers to requests name it.
    fn decides(&self, step: &Step) -> String {
        let rule = |application: &Application| self.view.program.rule(application.rule).id.clone();
        match &step.reason {
            Reason::Rule(application) => rule(application),
            Reason::Fold(applications) => applications.first().map(rule).unwrap_or_default(),
            Reason::Fact(FactOrigin::Record(file, record)) => {
                format!("{}:{record}", self.view.database.file_name(*file))
            }
            Reason::Fact(FactOrigin::Stated(span)) => self.view.sources.file_and_line(*span),
            Reason::Fact(FactOrigin::Derived) => String::new(),
        }
    }

    fn step(&self, number: u32, step: &Step) -> document::Step {
        let View { program, database, sources, .. } = *self.view;
        let (mut fact, mut rule, mut fold) = (None, None, None);
        match &step.reason {
            Reason::Fact(origin) => fact = Some(place(program, database, sources, step.conclusion.relation, *origin)),
            Reason::Rule(application) => rule = Some(self.application(application)),
            Reason::Fold(applications) => {
                let contributions = applications.iter().map(|application| self.application(application)).collect();
                fold = Some(Fold { function: self.function(step.conclusion.relation).to_owned(), contributions });
            }
        }
        let relation = self.view.program.relation(step.conclusion.relation);
        let arguments = relation.fields.iter().zip(&step.conclusion.arguments);
        let arguments = arguments.map(|(field, value)| self.datum(field.ty, *value)).collect();
        document::Step { step: number, relation: relation.name.clone(), arguments, fact, rule, fold }
    }

    fn function(&self, relation: RelationId) -> &'static str {
        match self.view.program.relation(relation).aggregate.map(|aggregate| aggregate.function) {
            Some(AggregateFunction::Max) => "max",
            Some(AggregateFunction::Min) => "min",
            Some(AggregateFunction::Count) => "count",
            None => "none",
        }
    }

    fn application(&self, application: &Application) -> document::Application {
        let View { program, sources, words, .. } = self.view;
        let rule = program.rule(application.rule);
        let bindings = rule.variables.iter().zip(&application.bindings);
        let bindings = bindings.map(|(variable, value)| (variable.name.clone(), self.datum(variable.ty, *value)));
        let premises = rule.body.iter().zip(&application.premises);
        document::Application {
            id: rule.id.clone(),
            file: sources.get(rule.span.source).name.clone(),
            line: sources.get(rule.span.source).line_column(rule.span.start).line,
            text: sources.text(rule.span).to_owned(),
            sentence: words.sentence(application.rule, &application.bindings),
            bindings: Bindings(bindings.collect()),
            premises: premises.map(|(literal, premise)| self.premise(rule, application, literal, premise)).collect(),
        }
    }

    fn premise(&self, rule: &Rule, of: &Application, literal: &Literal, premise: &Premise) -> document::Premise {
        let (mut step, mut absent, mut compared) = (None, None, None);
        match premise {
            Premise::Step(id) => step = Some(number(*id)),
            Premise::Absent(absence) => absent = Some(self.absence(absence)),
            Premise::Compared => compared = self.compared(rule, of, literal),
        }
        document::Premise { literal: self.view.sources.text(span(literal)).to_owned(), step, absent, compared }
    }

    /// The values of both sides.
    fn compared(&self, rule: &Rule, of: &Application, literal: &Literal) -> Option<[Datum; 2]> {
        let Literal::Comparison(comparison) = literal else { return None };
        let value = |term: Term| match term {
            Term::Variable(variable) => of.bindings.get(variable.index()).copied(),
            Term::Constant(constant) => Some(self.view.database.constant(constant)),
            Term::Wildcard => None,
        };
        let ty = |term: Term| match term {
            Term::Variable(variable) => rule.variables.get(variable.index()).map_or(comparison.ty, |found| found.ty),
            Term::Constant(_) | Term::Wildcard => comparison.ty,
        };
        let side = |term| Some(self.datum(ty(term), value(term)?));
        Some([side(comparison.left)?, side(comparison.right)?])
    }

    fn absence(&self, absence: &Absence) -> document::Absence {
        let relation = self.view.program.relation(absence.relation);
        let arguments = relation.fields.iter().zip(&absence.arguments);
        document::Absence {
            relation: relation.name.clone(),
            arguments: arguments.map(|(field, value)| value.map(|value| self.datum(field.ty, value))).collect(),
            supports: absence.supports.iter().copied().map(number).collect(),
        }
    }

    fn datum(&self, ty: Type, value: Value) -> Datum {
        match ty {
            Type::Int => Datum::Integer(self.view.database.symbols.known_integer(value).unwrap_or_default()),
            _ => Datum::Text(self.view.database.show(self.view.program, ty, value)),
        }
    }
}

/// As documents count.
fn number(step: StepId) -> u32 {
    step.0.saturating_add(1)
}

fn span(literal: &Literal) -> Span {
    match literal {
        Literal::Positive(atom) | Literal::Negative(atom) => atom.span,
        Literal::Comparison(comparison) => comparison.span,
    }
}

/// Where a fact stands. What is not given stands nowhere, which is a file without a name.
pub(super) fn place(
    program: &Program,
    database: &Database,
    sources: &Sources,
    relation: RelationId,
    origin: FactOrigin,
) -> Place {
    match origin {
        FactOrigin::Record(file, record) => {
            let file = database.file_name(file).to_owned();
            let path = is_json(&file).then(|| format!("{}[{record}]", program.relation(relation).name));
            let line = path.is_none().then_some(record);
            Place { source: SourceKind::Data, file, line, path }
        }
        FactOrigin::Stated(span) => {
            let source = sources.get(span.source);
            let line = Some(source.line_column(span.start).line);
            Place { source: SourceKind::Rules, file: source.name.clone(), line, path: None }
        }
        FactOrigin::Derived => Place { source: SourceKind::Data, file: String::new(), line: None, path: None },
    }
}

/// Whether the records of a data file, compressed or not, have places in arrays, and not lines.
fn is_json(file: &str) -> bool {
    let plain = file.strip_suffix(".gz").or_else(|| file.strip_suffix(".zst")).unwrap_or(file);
    plain.ends_with(".json")
}

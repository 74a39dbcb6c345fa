//! A document to its proof: names become numbers. What names nothing is a fault.

use super::document::{self, Bindings, Datum, Document, OutcomeName, Place, Thing};
use super::write::place;
use crate::compiler::program::vocabulary::{ALLOW, DENY};
use crate::compiler::program::{ActionId, EntityId, Literal, Program, RelationId, RuleId, Type};
use crate::compiler::source::Sources;
use crate::data::{Database, FactOrigin, Tag, Value};
use crate::proof::evaluate::Given;
use crate::proof::verify::Fault;
use crate::proof::{Absence, Application, Premise, Proof, Reason, Statement, Step, StepId, Verdict};

/// The proof that a document is, or everything in it that names nothing.
pub(super) fn resolve(
    document: &Document,
    program: &Program,
    database: &mut Database,
    sources: &Sources,
) -> Result<Proof, Vec<Fault>> {
    let mut reader = Reader { program, database, sources, step: None, faults: Vec::new() };
    let proof = reader.proof(document);
    let Reader { faults, .. } = reader;
    let Some(mut proof) = proof.filter(|_| faults.is_empty()) else { return Err(faults) };
    let faults = find_origins(&mut proof, document, program, database, sources);
    if faults.is_empty() { Ok(proof) } else { Err(faults) }
}

/// Gives facts the origins that the document names. One that is not given anywhere is left to the verifier.
fn find_origins(
    proof: &mut Proof,
    document: &Document,
    program: &Program,
    database: &Database,
    sources: &Sources,
) -> Vec<Fault> {
    let given = Given::new(database);
    let mut faults = Vec::new();
    for ((number, step), claimed) in (0..).zip(&mut proof.steps).zip(&document.steps) {
        let (Reason::Fact(origin), Some(claimed)) = (&mut step.reason, &claimed.fact) else { continue };
        let Statement { relation, arguments } = &step.conclusion;
        let origins = given.origins(*relation, arguments);
        let at = |origin: &FactOrigin| place(program, database, sources, *relation, *origin);
        match origins.iter().find(|origin| is_same_place(&at(origin), claimed)) {
            Some(found) => *origin = *found,
            None if origins.is_empty() => {}
            None => {
                let real: Vec<String> = origins.iter().map(|origin| shown(&at(origin))).collect();
                let what = format!("the fact is not at {}, but at {}", shown(claimed), real.join(" and "));
                faults.push(Fault { step: Some(StepId(number)), what });
            }
        }
    }
    faults
}

/// Whether two places are one. Folders don't count: the same file may be reached by another path.
fn is_same_place(one: &Place, other: &Place) -> bool {
    fn name(file: &str) -> &str {
        file.rsplit(['/', '\\']).next().unwrap_or(file)
    }
    let same = |place: &Place| (place.source, place.line, place.path.clone());
    name(&one.file) == name(&other.file) && same(one) == same(other)
}

fn shown(place: &Place) -> String {
    match (&place.line, &place.path) {
        (Some(line), _) => format!("{}:{line}", place.file),
        (None, Some(path)) => format!("{} {path}", place.file),
        (None, None) => place.file.clone(),
    }
}

struct Reader<'r> {
    program: &'r Program,
    database: &'r mut Database,
    sources: &'r Sources,
    /// The step that is read.
    step: Option<StepId>,
    faults: Vec<Fault>,
}

impl Reader<'_> {
    fn fault<T>(&mut self, what: String) -> Option<T> {
        self.faults.push(Fault { step: self.step, what });
        None
    }

    fn proof(&mut self, document: &Document) -> Option<Proof> {
        let request = &document.request;
        let subject = self.thing("subject", &request.subject);
        let resource = self.thing("resource", &request.resource);
        let action = self.action(&request.action.name);
        let verdict = self.verdict(document);
        let steps: Vec<Option<Step>> = (0..).zip(&document.steps).map(|(place, step)| self.step(place, step)).collect();
        let steps = steps.into_iter().collect::<Option<Vec<Step>>>()?;
        Some(Proof { subject: subject?, action: action?, resource: resource?, verdict: verdict?, steps })
    }

    fn thing(&mut self, what: &str, thing: &Thing) -> Option<Value> {
        match self.program.entity_named(&thing.ty) {
            Some(entity) => self.id(entity, &thing.id),
            None => self.fault(format!("the {what} is of a type that the rules do not have: `{}`", thing.ty)),
        }
    }

    fn action(&mut self, name: &str) -> Option<ActionId> {
        let action = self.program.action_named(name);
        action.or_else(|| self.fault(format!("the rules have no action `{name}`")))
    }

    fn verdict(&mut self, document: &Document) -> Option<Verdict> {
        let mut absences = Vec::new();
        for absence in &document.absences {
            absences.push((absence.relation.as_str(), self.absence(absence)?));
        }
        let mut take = |name: &str| {
            let place = absences.iter().position(|(relation, _)| *relation == name)?;
            Some(absences.remove(place).1)
        };
        let step = document.step.map(step_id);
        let verdict = match (document.outcome, step) {
            (OutcomeName::Allowed, Some(allow)) => Some(Verdict::Allowed { allow, deny: take(DENY) }),
            (OutcomeName::Forbidden, Some(deny)) => Some(Verdict::Forbidden { deny }),
            (OutcomeName::NotPermitted, None) => {
                let allow = take(ALLOW);
                allow.map(|allow| Verdict::NotPermitted { allow, deny: take(DENY) })
            }
            (OutcomeName::Allowed | OutcomeName::Forbidden, None) | (OutcomeName::NotPermitted, Some(_)) => None,
        };
        match verdict {
            Some(verdict) if absences.is_empty() => Some(verdict),
            Some(_) => self.fault("the answer rests on absences that do not belong to it".to_owned()),
            None => self.fault("the answer does not say what it rests on".to_owned()),
        }
    }

    fn step(&mut self, place: u32, step: &document::Step) -> Option<Step> {
        self.step = Some(StepId(place));
        let read = self.read_step(place, step);
        self.step = None;
        read
    }

    fn read_step(&mut self, place: u32, step: &document::Step) -> Option<Step> {
        if step.step != place.saturating_add(1) {
            return self.fault(format!("it is numbered {}", step.step));
        }
        let relation = self.relation(&step.relation)?;
        let arguments = step.arguments.iter().cloned().map(Some).collect::<Vec<_>>();
        let arguments = self.arguments(relation, &arguments)?.into_iter().collect::<Option<Vec<Value>>>()?;
        let reason = match (&step.fact, &step.rule, &step.fold) {
            (Some(_), None, None) => Reason::Fact(FactOrigin::Derived),
            (None, Some(application), None) => Reason::Rule(self.application(application)?),
            (None, None, Some(fold)) => {
                let applications = fold.contributions.iter().map(|one| self.application(one)).collect::<Vec<_>>();
                Reason::Fold(applications.into_iter().collect::<Option<_>>()?)
            }
            _ => return self.fault("it has to be a fact, or by a rule, or a fold".to_owned()),
        };
        Some(Step { conclusion: Statement { relation, arguments }, reason })
    }

    fn relation(&mut self, name: &str) -> Option<RelationId> {
        let relation = self.program.relation_named(name);
        relation.or_else(|| self.fault(format!("the rules have no relation `{name}`")))
    }

    fn arguments(&mut self, relation: RelationId, arguments: &[Option<Datum>]) -> Option<Vec<Option<Value>>> {
        let program = self.program;
        let declared = program.relation(relation);
        if declared.arity() != arguments.len() {
            let (name, arity) = (&declared.name, declared.arity());
            return self.fault(format!("`{name}` has {arity} places, not {}", arguments.len()));
        }
        let places = declared.fields.iter().zip(arguments);
        let values = places.map(|(field, datum)| match datum {
            Some(datum) => self.value(field.ty, datum).map(Some),
            None => Some(None),
        });
        values.collect()
    }

    fn application(&mut self, application: &document::Application) -> Option<Application> {
        let id = self.rule(application)?;
        let rule = self.program.rule(id);
        let names = rule.variables.iter().map(|variable| variable.name.as_str());
        if let Some(unknown) = application.bindings.0.iter().find(|(name, _)| !names.clone().any(|it| it == name)) {
            return self.fault(format!("the rule {} has no variable `{}`", rule.id, unknown.0));
        }
        let Bindings(claimed) = &application.bindings;
        let mut bindings = Vec::with_capacity(rule.variables.len());
        for variable in &rule.variables {
            let Some((_, datum)) = claimed.iter().find(|(name, _)| *name == variable.name) else {
                return self.fault(format!("the variable `{}` of the rule {} has no value", variable.name, rule.id));
            };
            bindings.push(self.value(variable.ty, datum)?);
        }
        if application.premises.len() != rule.body.len() {
            let (literals, premises) = (rule.body.len(), application.premises.len());
            return self.fault(format!("the rule {} has {literals} literals, not {premises}", rule.id));
        }
        let premises = rule.body.iter().zip(&application.premises);
        let premises = premises.map(|(literal, premise)| self.premise(literal, premise)).collect::<Vec<_>>();
        Some(Application { rule: id, bindings, premises: premises.into_iter().collect::<Option<_>>()? })
    }

    /// The rule of that id; of several on one line the one with that text.
    fn rule(&mut self, application: &document::Application) -> Option<RuleId> {
        let program = self.program;
        let called = || (0u32..).zip(&program.rules).filter(|(_, rule)| rule.id == application.id);
        let told = called().find(|(_, rule)| self.sources.text(rule.span) == application.text);
        let found = told.or_else(|| called().next()).map(|(number, _)| RuleId(number));
        found.or_else(|| self.fault(format!("no rule has the id {}", application.id)))
    }

    fn premise(&mut self, literal: &Literal, premise: &document::Premise) -> Option<Premise> {
        match (premise.step, &premise.absent, &premise.compared, literal) {
            (Some(step), None, None, Literal::Positive(_)) => Some(Premise::Step(step_id(step))),
            (None, Some(absence), None, Literal::Negative(_)) => self.absence(absence).map(Premise::Absent),
            (None, None, Some(_), Literal::Comparison(_)) => Some(Premise::Compared),
            _ => self.fault(format!("the reason for `{}` is not one for such a literal", premise.literal)),
        }
    }

    fn absence(&mut self, absence: &document::Absence) -> Option<Absence> {
        let relation = self.relation(&absence.relation)?;
        let arguments = self.arguments(relation, &absence.arguments)?;
        Some(Absence { relation, arguments, supports: absence.supports.iter().copied().map(step_id).collect() })
    }

    /// The value of a place of that type. What the database does not have becomes known to it.
    fn value(&mut self, ty: Type, datum: &Datum) -> Option<Value> {
        let program = self.program;
        match (ty, datum) {
            (Type::Int, Datum::Integer(integer)) => Some(self.database.symbols.intern_integer(*integer)),
            (Type::Text, Datum::Text(text)) => Some(self.database.symbols.intern(Tag::TEXT, text)),
            (Type::Entity(entity), Datum::Text(id)) => self.id(entity, id),
            (Type::Resource, Datum::Text(text)) => {
                let (name, id) = text.split_once(':').unwrap_or_default();
                match program.entity_named(name) {
                    Some(entity) => self.id(entity, id),
                    None => self.fault(format!("`{text}` does not begin with a type that the rules have")),
                }
            }
            (Type::Action, Datum::Text(name)) => self.action(name).map(|action| Value(action.0)),
            (Type::Enum(id), Datum::Text(name)) => {
                let declared = program.enums.get(id.index())?;
                let member = (0..).zip(&declared.members).find(|(_, member)| *member == name);
                let value = member.map(|(number, _)| Value(number));
                value.or_else(|| self.fault(format!("`{name}` is no {}", declared.name)))
            }
            (_, Datum::Integer(integer)) => {
                self.fault(format!("{integer} stands where a {} belongs", program.type_name(ty)))
            }
            (_, Datum::Text(text)) => self.fault(format!("`{text}` stands where a {} belongs", program.type_name(ty))),
        }
    }

    fn id(&mut self, entity: EntityId, id: &str) -> Option<Value> {
        let program = self.program;
        let declared = program.entities.get(entity.index())?;
        match id {
            "" => self.fault(format!("the id of a {} is empty", declared.name)),
            _ if declared.single => Some(self.database.symbols.intern(Tag::thing(entity), &declared.name)),
            _ => Some(self.database.symbols.intern(Tag::thing(entity), id)),
        }
    }
}

/// The step that a document calls so. There is no step 0.
fn step_id(number: u32) -> StepId {
    StepId(number.wrapping_sub(1))
}

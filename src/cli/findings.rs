//! What rules find in the data: their instances in sentences, with the record that each begins at and the question that
//! `why` answers about it. `check` makes warnings of them, `audit` a report.

use rustc_hash::{FxHashMap, FxHashSet};

use crate::cli::progress;
use crate::cli::workspace::Workspace;
use rolecall::compiler::codes::Code;
use rolecall::compiler::diagnostic::Diagnostic;
use rolecall::compiler::program::vocabulary::{DOUBTFUL, EXPOSED, REPORTED, is_about_requests};
use rolecall::compiler::program::{
    EnumId, Literal, Program, RelationId, RelationKind, Rule, RuleId, Term, Type, Variable,
};
use rolecall::compiler::source::Site;
use rolecall::data::{Database, Value};
use rolecall::decision::Decider;
use rolecall::explain::findings::{self, Bounds, Finding, Instance};
use rolecall::proof::{View, Words};
use rolecall::report::escape::escape;

/// How many samples a warning of `check` shows.
const SAMPLES: usize = 3;

/// How many instances of one rule are kept.
const INSTANCES: usize = 200_000;

/// For how many answers of the stored literals of a rule its decisions are asked, unless the command line says otherwise.
pub const QUESTIONS: u64 = 20_000_000;

/// What one rule found.
pub struct Told {
    /// The rule.
    pub rule: RuleId,
    /// The place of its severity in the enum; none for `reported`, which has no severity.
    pub severity: Option<u32>,
    /// How many different things it is about.
    pub things: usize,
    /// How many instances it has.
    pub count: usize,
    /// Whether there may be more of both.
    pub more: bool,
    /// The first of them.
    pub samples: Vec<Sample>,
}

/// An instance of a rule in words.
pub struct Sample {
    /// What it is about, as `chat:c17`.
    pub thing: String,
    /// The explanation of the rule.
    pub sentence: String,
    /// The record of the data that it begins at.
    pub site: Option<Site>,
    /// A request whose answer is part of it: subject, action and resource, as `why` takes them.
    pub why: Option<[String; 3]>,
}

/// Which rules are asked, and how much is looked at and told.
pub struct Asked<'a> {
    /// The decisions and relations whose rules are asked.
    pub relations: Vec<RelationId>,
    /// The ids of the rules; all when empty.
    pub only: &'a [String],
    /// How many instances of each rule are told.
    pub samples: usize,
    /// For how many answers of the stored literals of a rule its decisions are asked.
    pub questions: u64,
}

impl Asked<'_> {
    /// What `check` asks. People are shown some samples, programs everything.
    pub fn by_check(program: &Program, for_people: bool) -> Asked<'static> {
        Asked {
            relations: relations(program, &[REPORTED, DOUBTFUL]),
            only: &[],
            samples: if for_people { SAMPLES } else { INSTANCES },
            questions: QUESTIONS,
        }
    }
}

/// What `audit` asks.
pub fn audited(program: &Program) -> Vec<RelationId> {
    relations(program, &[REPORTED, DOUBTFUL, EXPOSED])
}

/// Those of these relations that the program has, with places for a severity (not `reported`) and a thing.
fn relations(program: &Program, names: &[&str]) -> Vec<RelationId> {
    let fits = |id: &RelationId| {
        let types: Vec<Type> = program.relation(*id).fields.iter().map(|field| field.ty).collect();
        matches!(types[..], [Type::Resource | Type::Entity(_)])
            || matches!(types[..], [Type::Enum(severity), Type::Resource | Type::Entity(_)] if is_ordered(program, severity))
    };
    names.iter().filter_map(|name| program.relation_named(name)).filter(fits).collect()
}

fn is_ordered(program: &Program, id: EnumId) -> bool {
    program.enums[id.index()].ordered
}

/// The enum of severities.
pub fn severities(program: &Program) -> Option<EnumId> {
    let exposed = relations(program, &[EXPOSED, DOUBTFUL]);
    exposed.iter().find_map(|id| match program.relation(*id).fields[0].ty {
        Type::Enum(severity) => Some(severity),
        _ => None,
    })
}

/// Asks the rules; those that find something, the gravest first, then in the order of the rules.
/// With them, the mistakes of rules that can't be asked.
pub fn find(
    workspace: &mut Workspace,
    program: &Program,
    decider: &mut Decider,
    asked: &Asked,
) -> (Vec<Told>, Vec<Diagnostic>) {
    let bar = progress::questions("asking", None);
    let heard = |questions| bar.add(questions);
    let bounds = bounds(asked.questions, workspace.jobs(), &heard);
    let is_asked = |rule: &Rule| {
        asked.relations.contains(&rule.head.relation) && (asked.only.is_empty() || asked.only.contains(&rule.id))
    };
    let mut found: Vec<Finding> = Vec::new();
    let mut mistakes = Vec::new();
    for (number, rule) in program.rules.iter().enumerate().filter(|(_, rule)| is_asked(rule)) {
        bar.about(&rule.id);
        match findings::find(decider, RuleId(number as u32), &bounds) {
            Ok(finding) if finding.instances.is_empty() => {}
            Ok(finding) => found.push(finding),
            Err(open) => mistakes.push(unasked(rule, &rule.variables[open.0.index()])),
        }
    }
    let model = decider.model();
    let words = Words::new(program, &model.database);
    let view = View { program, database: &model.database, sources: &workspace.sources, words: &words };
    let places = Places::of(&view, &found, asked.samples);
    let mut told: Vec<Told> = found.iter().map(|finding| tell(&view, &places, finding, asked.samples)).collect();
    told.sort_by_key(|told| std::cmp::Reverse(told.severity));
    drop(bar);
    workspace.time("find", || format!("{} findings", told.len()));
    (told, mistakes)
}

/// How much of a rule is looked at. `asked` hears how many questions more were asked.
pub fn bounds(questions: u64, threads: usize, asked: &(dyn Fn(u64) + Sync)) -> Bounds<'_> {
    Bounds { questions, instances: INSTANCES, threads, asked }
}

fn unasked(rule: &Rule, open: &Variable) -> Diagnostic {
    Diagnostic::warning(Code::Reported, format!("`{}` is not asked: it leaves `{}` open", rule.id, open.name))
        .at(rule.span, format!("no input or relation in the body binds `{}`", open.name))
        .note("findings are what a rule lists by itself: its inputs and relations name what its decisions are asked about")
}

fn tell(view: &View, places: &Places, finding: &Finding, samples: usize) -> Told {
    let rule = view.program.rule(finding.rule);
    let severity = |instance: &Instance| match view.program.relation(rule.head.relation).fields[0].ty {
        Type::Enum(_) => Some(argument(view.database, &rule.head.terms[0], instance)?.0),
        _ => None,
    };
    Told {
        rule: finding.rule,
        severity: finding.instances.iter().filter_map(severity).max(),
        things: finding.things,
        count: finding.instances.len(),
        more: finding.more,
        samples: finding
            .instances
            .iter()
            .take(samples)
            .map(|instance| sample(view, places, finding.rule, instance))
            .collect(),
    }
}

fn sample(view: &View, places: &Places, id: RuleId, instance: &Instance) -> Sample {
    let rule = view.program.rule(id);
    let last = rule.head.terms.len() - 1;
    let thing = argument(view.database, &rule.head.terms[last], instance);
    Sample {
        thing: thing.map_or_else(String::new, |thing| view.database.show(view.program, Type::Resource, thing)),
        sentence: view.words.sentence(id, instance).unwrap_or_else(|| rule.id.clone()),
        site: record(view.program, view.database, rule, instance).and_then(|fact| places.site(view, &fact)),
        why: request(view, rule, instance),
    }
}

/// The request of the first literal that asks one, and holds.
fn request(view: &View, rule: &Rule, instance: &Instance) -> Option<[String; 3]> {
    let asked = rule.body.iter().rev().find_map(|literal| match literal {
        Literal::Positive(atom) if is_about_requests(view.program.relation(atom.relation)) => Some(atom),
        _ => None,
    })?;
    let shown = |place: usize| {
        let value = argument(view.database, &asked.terms[place], instance)?;
        let ty = if place == 1 { Type::Action } else { Type::Resource };
        Some(view.database.show(view.program, ty, value))
    };
    let subject = shown(0)?.split_once(':').map(|(_, id)| id.to_owned())?;
    Some([subject, shown(1)?, shown(2)?])
}

fn argument(database: &Database, term: &Term, instance: &Instance) -> Option<Value> {
    match term {
        Term::Variable(variable) => Some(instance[variable.index()]),
        Term::Constant(constant) => Some(database.constant(*constant)),
        Term::Wildcard => None,
    }
}

/// A fact of the data, of which some values are not known.
type Pattern = (RelationId, Vec<Option<Value>>);

/// The first input of a rule's body, as this instance has it.
fn record(program: &Program, database: &Database, rule: &Rule, instance: &Instance) -> Option<Pattern> {
    rule.body.iter().find_map(|literal| match literal {
        Literal::Positive(atom) if program.relation(atom.relation).kind == RelationKind::Input => {
            let values = atom.terms.iter().map(|term| argument(database, term, instance)).collect();
            Some((atom.relation, values))
        }
        _ => None,
    })
}

/// Where the facts of all samples stand: found in one pass over a relation for each set of places that are known.
struct Places {
    rows: FxHashMap<Pattern, u32>,
}

impl Places {
    fn of(view: &View, found: &[Finding], samples: usize) -> Places {
        let mut wanted: FxHashMap<(RelationId, Vec<bool>), FxHashSet<Pattern>> = FxHashMap::default();
        for finding in found {
            let rule = view.program.rule(finding.rule);
            for instance in finding.instances.iter().take(samples) {
                if let Some(fact) = record(view.program, view.database, rule, instance) {
                    let known = fact.1.iter().map(Option::is_some).collect();
                    wanted.entry((fact.0, known)).or_default().insert(fact);
                }
            }
        }
        let mut rows = FxHashMap::default();
        for ((relation, known), facts) in &wanted {
            for (row, values) in (0..).zip(view.database.given_rows(*relation)) {
                let seen = values.iter().zip(known).map(|(value, known)| known.then_some(*value)).collect();
                let fact = (*relation, seen);
                if facts.contains(&fact) {
                    rows.entry(fact).or_insert(row);
                }
            }
        }
        Places { rows }
    }

    fn site(&self, view: &View, fact: &Pattern) -> Option<Site> {
        let row = self.rows.get(fact)?;
        view.site(fact.0, view.database.origin(fact.0, *row))
    }
}

/// The warnings of `check` for what a rule found: one for people, one for each instance for programs.
pub fn warnings(program: &Program, told: &Told, for_people: bool) -> Vec<Diagnostic> {
    let at_once = if for_people { told.samples.len() } else { 1 };
    let mut warnings: Vec<Diagnostic> =
        told.samples.chunks(at_once.max(1)).filter_map(|samples| warning(program.rule(told.rule), samples)).collect();
    let more = match (told.count - told.samples.len(), told.more) {
        (0, false) => return warnings,
        (0, true) => "and maybe more: not everything was looked at".to_owned(),
        (more, false) => format!("and {more} more"),
        (more, true) => format!("and {more} more, or even more: not everything was looked at"),
    };
    if let Some(last) = warnings.pop() {
        warnings.push(last.note(more));
    }
    warnings
}

fn warning(rule: &Rule, samples: &[Sample]) -> Option<Diagnostic> {
    let (first, others) = samples.split_first()?;
    let at = |sample: &Sample| match &sample.site {
        Some(site) => format!("{} ({})", sample.sentence.trim_end_matches('.'), escape(&site.to_string())),
        None => sample.sentence.clone(),
    };
    let mut warning =
        Diagnostic::warning(Code::Reported, at(first)).at(rule.span, format!("reported by `{}`", rule.id));
    warning.record = first.site.clone();
    for sample in others {
        warning = warning.note(format!("also: {}", at(sample)));
    }
    Some(warning)
}

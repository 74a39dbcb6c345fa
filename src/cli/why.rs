//! `why`: the derivation of a decision, as a tree of sentences with their places.

use crate::cli::arguments::{Global, ProofFormat, Why};
use crate::cli::notes;
use crate::cli::output::{self, Console};
use crate::cli::question::{Named, Names, advice, without_type};
use crate::cli::request;
use crate::cli::workspace::{Failure, Workspace};
use rolecall::compiler::program::{Program, RelationId, RelationKind, RuleId};
use rolecall::data::{Database, Guests};
use rolecall::decision::{Authorization, Outcome, Request};
use rolecall::engine::{Model, derive};
use rolecall::explain::changeable::Changeable;
use rolecall::explain::miss::{self, Misses};
use rolecall::explain::repair::{self, Repairs};
use rolecall::explain::{Alternatives, Prover, Rulebook, Stuck};
use rolecall::facts;
use rolecall::proof::json::Beside;
use rolecall::proof::{Absence, Beaten, Node, Proof, Step, View, Words, graph, json, outline, text};
use rolecall::report::escape::escape;

/// Explains; whether the answer is allow.
pub fn run(command: &Why, global: &Global, console: &Console) -> Result<bool, Failure> {
    command.check()?;
    let mut workspace = Workspace::new(global, console);
    let program = workspace.program(&[])?;
    let names = Names::of(&program).map_err(|mistake| workspace.failure(&[*mistake]))?;
    names.action_in("why", &[&command.user, &command.action, &command.resource], 1)?;
    let changeable = changeable(&program, names.authorization(), command)?;
    let mut database = workspace.database(&program)?;
    let (request, unknown) = request(&names, &mut database, command)?;
    let authorization = names.authorization();
    let how = workspace.derivation(&program, Some(authorization.relations().collect()));
    let mut model = derive(&program, database, &how, None).map_err(|error| workspace.underivable(&error))?;
    workspace.time("derive", String::new);
    let rulebook = Rulebook::new(&mut model, authorization, &[request.action]);
    let mut prover = Prover::new(&model, &rulebook, authorization);
    let stuck = |stuck: Stuck| Failure::Message(stuck.to_string());
    let outcome = prover.outcome(&request).map_err(stuck)?;
    let derivations = derivations(command, &mut prover, &request).map_err(stuck)?;
    let others = prover.also(&request).map_err(stuck)?;
    workspace.time("why", String::new);
    let misses = (outcome == Outcome::NotPermitted).then(|| miss::misses(&model, &request, command.most(MISSES)));
    let repair = match &changeable {
        Some(changeable) => {
            let levels = facts::Levels::new(&program, &workspace.sources);
            let bounds = repair::Bounds {
                changeable,
                may_add: command.change.is_some(),
                levels: &levels,
                most: EDITS,
                limit: command.most(REPAIRS),
            };
            Some((repair::repairs(&model, &request, &bounds), changeable.iter().collect()))
        }
        None => None,
    };
    let expanded = match command.expand {
        true => expanded(&model, &derivations, command.most(MISSES)),
        false => Vec::new(),
    };
    workspace.time("explain", String::new);
    let database = &model.database;
    let words = Words::new(&program, database);
    let view = View { program: &program, database, sources: &workspace.sources, words: &words };
    let rule = request::rule_id(&program, database, &workspace.sources, outcome);
    let color = console.colored_stdout();
    let user = without_type(&program, authorization.subject, &command.user);
    let answer =
        Answer { command, user, outcome, rule: &rule, derivations, others, misses, repair, expanded, view, color };
    output::stdout_text(&answer.show())?;
    if !outcome.is_allowed() && !notes::no_data(&workspace, &program) {
        unknown.iter().for_each(|note| output::stderr_line(note));
    }
    Ok(outcome.is_allowed())
}

/// How many derivations, rules that came near, and repairs are shown, unless told otherwise.
const DERIVATIONS: u32 = 10;
const MISSES: u32 = 3;
const REPAIRS: u32 = 5;

/// How many changes a repair has at most.
const EDITS: usize = 3;

impl Why {
    /// Whether the form can show what is asked.
    fn check(&self) -> Result<(), Failure> {
        let drawn = match self.format {
            ProofFormat::Text | ProofFormat::Json => return Ok(()),
            ProofFormat::Dot => "dot",
            ProofFormat::Mermaid => "mermaid",
        };
        let (asked, forms) = match (self.repair, self.expand) {
            (true, _) => ("--repair", "`text` or `json`"),
            (false, true) => ("--expand", "`text`"),
            (false, false) => return Ok(()),
        };
        Err(Failure::Message(format!("`--format {drawn}` does not draw what `{asked}` finds; take {forms}")))
    }

    fn most(&self, unless_told: u32) -> usize {
        self.limit.unwrap_or(unless_told) as usize
    }
}

/// The inputs that a repair may change, where one is asked for.
fn changeable(program: &Program, authorization: Authorization, command: &Why) -> Result<Option<Changeable>, Failure> {
    let Some(named) = &command.change else {
        return Ok(command.repair.then(|| Changeable::by_default(program, authorization)));
    };
    let is_input = |id: &RelationId| program.relation(*id).kind == RelationKind::Input;
    let mut inputs = Vec::new();
    for name in named {
        let name = name.trim();
        let known = program.relation_named(name).filter(is_input);
        inputs.push(known.ok_or_else(|| {
            let inputs = program.relations.iter().filter(|relation| relation.kind == RelationKind::Input);
            let near = advice(name, inputs.map(|relation| relation.name.as_str()));
            Failure::Message(escape(&format!("there is no input `{name}`{near}")).into_owned())
        })?);
    }
    Ok(Some(Changeable::of(program, inputs)))
}

/// What is shown: proofs with the instances that gave less, and whether there are no others.
struct Derivations {
    shown: Vec<(Proof, Beaten)>,
    complete: bool,
}

fn derivations(command: &Why, prover: &mut Prover, request: &Request) -> Result<Derivations, Stuck> {
    if command.all {
        let Alternatives { proofs, complete } = prover.alternatives(request, command.most(DERIVATIONS))?;
        return Ok(Derivations { shown: proofs.into_iter().map(|proof| (proof, Beaten::new())).collect(), complete });
    }
    let proof = prover.prove(request)?;
    let beaten = prover.beaten(&proof)?;
    Ok(Derivations { shown: vec![(proof, beaten)], complete: true })
}

/// Of each `not` in the derivations that are shown: what rules come near to it, where there are rules.
fn expanded(model: &Model, derivations: &Derivations, limit: usize) -> Vec<(Absence, Misses)> {
    let mut expanded: Vec<(Absence, Misses)> = Vec::new();
    let steps = derivations.shown.iter().flat_map(|(proof, _)| &proof.steps);
    for absence in steps.flat_map(Step::absences) {
        let derived = model.program.rules.iter().any(|rule| rule.head.relation == absence.relation);
        let known = |(other, _): &(Absence, Misses)| {
            (other.relation, &other.arguments) == (absence.relation, &absence.arguments)
        };
        if derived && !expanded.iter().any(known) {
            let misses = miss::absent(model, absence.relation, &absence.arguments, limit);
            expanded.push((absence.clone(), misses));
        }
    }
    expanded
}

/// What was found, on its way out.
struct Answer<'a> {
    command: &'a Why,
    /// The id of who asks.
    user: &'a str,
    outcome: Outcome,
    rule: &'a str,
    derivations: Derivations,
    /// The other rules that decide the same.
    others: Vec<RuleId>,
    /// What came near, where nothing allows it.
    misses: Option<Misses>,
    /// What would turn the answer, and the inputs that may change.
    repair: Option<(Repairs, Vec<RelationId>)>,
    /// What came near to each `not`, where that was asked.
    expanded: Vec<(Absence, Misses)>,
    view: View<'a>,
    color: bool,
}

impl Answer<'_> {
    fn show(&self) -> String {
        let trees = self.derivations.shown.iter().filter_map(|(proof, beaten)| outline(proof, beaten, &self.view));
        let trees: Vec<Node> = trees.collect();
        match self.command.format {
            ProofFormat::Text => self.text(&trees),
            ProofFormat::Json => self.json(),
            ProofFormat::Dot => self.graph(&trees, graph::dot, graph::dot_all),
            ProofFormat::Mermaid => self.graph(&trees, graph::mermaid, graph::mermaid_all),
        }
    }

    /// Of all derivations one graph; of a denial by no rule what came near.
    fn graph(&self, trees: &[Node], one: fn(&Node) -> String, several: fn(&[Node]) -> String) -> String {
        match (&self.misses, trees) {
            (Some(misses), _) => one(&miss::outline(misses, self.headline(), &self.view)),
            (None, [tree]) if !self.command.all => one(tree),
            (None, trees) => several(trees),
        }
    }

    /// A proof; of all derivations an array.
    fn json(&self) -> String {
        let view = &self.view;
        let write = |(proof, _): &(Proof, Beaten)| {
            let misses = self.misses.as_ref().map(|misses| miss::json(misses, view));
            let repairs = self.repair.as_ref().map(|(repairs, inputs)| repair::json(repairs, inputs, view));
            json::write_beside(proof, view, Beside { misses, repairs })
        };
        let proofs: Vec<String> = self.derivations.shown.iter().map(write).collect();
        match self.command.all {
            true => format!("[{}]\n", proofs.join(",").trim_end()),
            false => proofs.concat(),
        }
    }

    fn text(&self, trees: &[Node]) -> String {
        let mut text = format!("{}\n", escape(&self.headline()));
        for (number, tree) in trees.iter().enumerate() {
            text.push('\n');
            if self.command.all {
                text.push_str(&format!("{}.\n", number + 1));
            }
            text.push_str(&text::draw(tree, self.color));
        }
        if let Some(misses) = self.misses.as_ref().filter(|misses| !misses.nearest.is_empty()) {
            text.push('\n');
            text.push_str(&miss::text(misses, &self.view, self.color));
        }
        if let Some((repairs, inputs)) = &self.repair {
            text.push('\n');
            text.push_str(&repair::text(repairs, inputs, &self.view, self.color));
        }
        for (absence, misses) in self.expanded.iter().filter(|(_, misses)| !misses.nearest.is_empty()) {
            let clause = self.view.words.clause(absence.relation, &absence.arguments);
            text.push_str(&format!("\nWhat would show that {}:\n\n", escape(&clause)));
            text.push_str(&miss::text(misses, &self.view, self.color));
        }
        let remarks = self.remarks();
        if !remarks.is_empty() {
            text.push_str(&format!("\n{}\n", remarks.join("\n")));
        }
        text
    }

    /// `anna may history.view c17: crm-precedence`
    fn headline(&self) -> String {
        let Why { action, resource, .. } = self.command;
        let user = self.user;
        match self.outcome {
            Outcome::Allowed(_) => format!("{user} may {action} {resource}: {}", self.rule),
            Outcome::Forbidden(_) => format!("{user} may not {action} {resource}: forbidden by {}", self.rule),
            Outcome::NotPermitted => format!("{user} may not {action} {resource}: no rule allows it{}", self.near()),
        }
    }

    fn near(&self) -> String {
        match self.misses.as_ref().map_or(0, |misses| misses.nearest.len()) {
            0 => String::new(),
            1 => ", and this one comes near".to_owned(),
            near => format!(", and these {near} come near"),
        }
    }

    fn remarks(&self) -> Vec<String> {
        let mut remarks = Vec::new();
        if self.command.all && !self.derivations.complete {
            remarks.push(format!("There are more; `--limit` is {}.", self.command.most(DERIVATIONS)));
        } else if self.command.all && self.derivations.shown.len() > 1 {
            remarks.push(format!("Each of these {} suffices, and there is no other.", self.derivations.shown.len()));
        }
        let others: Vec<&str> = self.others.iter().map(|rule| self.view.program.rule(*rule).id.as_str()).collect();
        if !self.command.all && !others.is_empty() {
            let verb = if self.outcome.is_allowed() { "Allowed" } else { "Forbidden" };
            remarks.push(escape(&format!("{verb} by {} too: see --all.", others.join(", "))).into_owned());
        }
        remarks
    }
}

/// The request that the arguments make, and notes about names in it that no fact knows. They become known, so that they
/// can be shown like all others.
fn request(names: &Names, database: &mut Database, command: &Why) -> Result<(Request, Vec<String>), Failure> {
    let ask = |database: &Database, guests: &mut Guests| {
        let (subject, resource) = (Named::Shorthand(&command.user), Named::Shorthand(&command.resource));
        let request = names.request(&database.symbols, guests, subject, &command.action, resource);
        request.map_err(|message| Failure::Message(escape(&message).into_owned()))
    };
    let mut guests = Guests::default();
    let asked = ask(database, &mut guests)?;
    let notes = names.unknown(database, &asked, [&command.user, &command.resource]);
    guests.move_into(&mut database.symbols);
    Ok((ask(database, &mut Guests::default())?, notes))
}

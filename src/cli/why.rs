//! `why`: the derivation of a decision, as a tree of sentences with their places.

use crate::cli::arguments::{Global, ProofFormat, Why};
use crate::cli::output::{self, Console};
use crate::cli::question::{Named, Names};
use crate::cli::request;
use crate::cli::workspace::{Failure, Workspace};
use crate::compiler::program::RuleId;
use crate::data::{Database, Guests};
use crate::decision::{Outcome, Request};
use crate::engine::derive;
use crate::explain::{Alternatives, Prover, Rulebook, Stuck};
use crate::proof::{Beaten, Node, Proof, View, Words, graph, json, outline, text};
use crate::report::escape::escape;

/// Explains; whether the answer is allow.
pub fn run(command: &Why, global: &Global, console: &Console) -> Result<bool, Failure> {
    let mut workspace = Workspace::new(global, console);
    let program = workspace.program(&[])?;
    let names = Names::of(&program).map_err(|mistake| workspace.failure(&[*mistake]))?;
    let mut database = workspace.database(&program)?;
    let (request, notes) = request(&names, &mut database, command)?;
    let authorization = names.authorization();
    let how = workspace.derivation(Some(authorization.relations().collect()));
    let mut model = derive(&program, database, &how, None).map_err(|error| workspace.limit(&error))?;
    workspace.time("derive", String::new);
    let rulebook = Rulebook::new(&mut model, authorization, &[request.action]);
    let mut prover = Prover::new(&model, &rulebook, authorization);
    let stuck = |stuck: Stuck| Failure::Message(stuck.to_string());
    let outcome = prover.outcome(&request).map_err(stuck)?;
    let derivations = derivations(command, &mut prover, &request).map_err(stuck)?;
    let others = prover.also(&request).map_err(stuck)?;
    workspace.time("why", String::new);
    let database = &model.database;
    let words = Words::new(&program, database);
    let view = View { program: &program, database, sources: &workspace.sources, words: &words };
    let rule = request::rule_id(&program, database, &workspace.sources, outcome);
    let answer = Answer { command, outcome, rule: &rule, derivations, others, view, color: console.colored_stdout() };
    output::stdout_text(&answer.show())?;
    if !outcome.is_allowed() {
        notes.iter().for_each(|note| output::stderr_line(note));
    }
    Ok(outcome.is_allowed())
}

/// What is shown: proofs with the instances that gave less, and whether there are no others.
struct Derivations {
    shown: Vec<(Proof, Beaten)>,
    complete: bool,
}

fn derivations(command: &Why, prover: &mut Prover, request: &Request) -> Result<Derivations, Stuck> {
    if command.all {
        let Alternatives { proofs, complete } = prover.alternatives(request, command.limit as usize)?;
        return Ok(Derivations { shown: proofs.into_iter().map(|proof| (proof, Beaten::new())).collect(), complete });
    }
    let proof = prover.prove(request)?;
    let beaten = prover.beaten(&proof)?;
    Ok(Derivations { shown: vec![(proof, beaten)], complete: true })
}

/// What was found, on its way out.
struct Answer<'a> {
    command: &'a Why,
    outcome: Outcome,
    rule: &'a str,
    derivations: Derivations,
    /// The other rules that decide the same.
    others: Vec<RuleId>,
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
            ProofFormat::Dot => trees.iter().map(graph::dot).collect(),
            ProofFormat::Mermaid => trees.iter().map(graph::mermaid).collect(),
        }
    }

    /// A proof; of all derivations an array.
    fn json(&self) -> String {
        let proofs: Vec<String> =
            self.derivations.shown.iter().map(|(proof, _)| json::write(proof, &self.view)).collect();
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
                text.push_str(&format!("{}. ", number + 1));
            }
            text.push_str(&text::draw(tree, self.color));
        }
        let remarks = self.remarks();
        if !remarks.is_empty() {
            text.push_str(&format!("\n{}\n", remarks.join("\n")));
        }
        text
    }

    /// `anna may history.view c17: crm-precedence`
    fn headline(&self) -> String {
        let Why { user, action, resource, .. } = self.command;
        match self.outcome {
            Outcome::Allowed(_) => format!("{user} may {action} {resource}: {}", self.rule),
            Outcome::Forbidden(_) => format!("{user} may not {action} {resource}: forbidden by {}", self.rule),
            Outcome::NotPermitted => format!("{user} may not {action} {resource}: no rule allows it"),
        }
    }

    fn remarks(&self) -> Vec<String> {
        let mut remarks = Vec::new();
        if self.command.all && !self.derivations.complete {
            remarks.push(format!("There are more; `--limit` is {}.", self.command.limit));
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
    let notes = names.unknown(&database.symbols, &asked, [&command.user, &command.resource]);
    guests.move_into(&mut database.symbols);
    Ok((ask(database, &mut Guests::default())?, notes))
}

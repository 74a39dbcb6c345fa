//! One thread that decides: takes a stretch of requests, answers each, hands the answers on.

use std::sync::Mutex;

use crate::cli::batch::input::{Form, Stretch, too_long};
use crate::cli::batch::outbox::{Answers, Outbox};
use crate::cli::batch::shard::Requests;
use crate::cli::question::{Named, Names};
use crate::cli::request::{self, Answer, Echo, Evaluation, Object, Why};
use rolecall::compiler::source::Sources;
use rolecall::data::Guests;
use rolecall::decision::{Decider, Outcome, Request, Solver};
use rolecall::explain::{Instance, Prover, Rulebook, Stuck};
use rolecall::proof::Words;

/// Decides on one thread.
pub struct Worker<'w> {
    decider: &'w Decider<'w>,
    names: &'w Names<'w>,
    sources: &'w Sources,
    solver: Solver<'w, 'w>,
    /// Who asks in place of the solver where reasons are wanted.
    reasons: Option<Reasons<'w>>,
}

/// Finds reasons, and tells them.
struct Reasons<'w> {
    prover: Prover<'w, 'w>,
    words: &'w Words<'w>,
    /// Of the last request: the rules of its derivation.
    chain: Vec<Instance>,
}

impl<'w> Worker<'w> {
    /// A worker with a solver of its own.
    pub fn new(decider: &'w Decider<'w>, names: &'w Names<'w>, sources: &'w Sources) -> Worker<'w> {
        Worker { decider, names, sources, solver: Solver::new(decider), reasons: None }
    }

    /// The same worker, which tells the reasons too.
    pub fn with_reasons(self, rulebook: &'w Rulebook, words: &'w Words<'w>) -> Worker<'w> {
        let prover = Prover::hasty(self.decider, rulebook, self.names.authorization());
        Worker { reasons: Some(Reasons { prover, words, chain: Vec::new() }), ..self }
    }

    /// Begins a new question, and gives the place for things that no fact names.
    fn begin(&mut self) -> &mut Guests {
        let Worker { solver, reasons, .. } = self;
        solver.begin();
        let prover = reasons.as_mut().map(|reasons| &mut reasons.prover);
        prover
            .and_then(|prover| {
                prover.begin();
                prover.guests()
            })
            .unwrap_or_else(|| solver.guests())
    }

    /// Works until the input ends or the outbox wants no more.
    pub fn run(mut self, input: &Mutex<Requests>, outbox: &Mutex<Outbox>) {
        loop {
            // A poisoned lock means that another worker ended early, which the caller finds out.
            let Ok(mut reading) = input.lock() else { return };
            let form = reading.form();
            let next = reading.next();
            drop(reading);
            match next {
                Ok(None) => return,
                Ok(Some(stretch)) => {
                    let answers = self.answer(&stretch, form);
                    let Ok(mut outbox) = outbox.lock() else { return };
                    if !outbox.take(stretch.number, answers) {
                        return;
                    }
                }
                Err(failure) => {
                    if let Ok(mut outbox) = outbox.lock() {
                        outbox.fail(failure);
                    }
                    return;
                }
            }
        }
    }

    fn answer(&mut self, stretch: &Stretch, form: Form) -> Answers {
        let mut answers = Answers::default();
        match form {
            _ if stretch.is_too_long => mistake(&mut answers, stretch.first_line, None, &too_long()),
            Form::Lines => {
                stretch.lines().for_each(|(line, number)| self.answer_json(line, number, &mut answers));
            }
            Form::Csv(columns) => self.answer_csv(stretch, columns, &mut answers),
        }
        answers
    }

    fn answer_json(&mut self, line: &[u8], number: u64, answers: &mut Answers) {
        let Some((evaluation, id)) = str::from_utf8(line).ok().and_then(request::plain_request) else {
            return self.answer_any_json(line, number, answers);
        };
        match self.resolve(&evaluation) {
            Ok(request) => self.decide(&request, id, answers),
            Err(message) => mistake(answers, number, id, &message),
        }
    }

    fn answer_any_json(&mut self, line: &[u8], number: u64, answers: &mut Answers) {
        let parsed = request::evaluation(line);
        let request = parsed.as_ref().map_err(String::clone).and_then(|evaluation| self.resolve(evaluation));
        match request {
            Ok(request) => self.decide(&request, parsed.as_ref().ok().and_then(Evaluation::id), answers),
            Err(message) => {
                let echo = serde_json::from_slice::<Object<Echo>>(line).map(|Object(echo)| echo).unwrap_or_default();
                mistake(answers, number, echo.id(), &message);
            }
        }
    }

    fn resolve(&mut self, request: &Evaluation) -> Result<Request, String> {
        let (names, symbols) = (self.names, &self.decider.model().database.symbols);
        let (subject, resource) = (&request.subject.0, &request.resource.0);
        names.request(
            symbols,
            self.begin(),
            Named::Typed(&subject.ty, &subject.id.0),
            &request.action.0.name,
            Named::Typed(&resource.ty, &resource.id.0),
        )
    }

    fn answer_csv(&mut self, stretch: &Stretch, columns: [usize; 3], answers: &mut Answers) {
        for (record, number) in stretch.records(columns) {
            let request = record.and_then(|[subject, action, resource]| {
                let (names, symbols) = (self.names, &self.decider.model().database.symbols);
                let (subject, resource) = (Named::Shorthand(&subject), Named::Shorthand(&resource));
                names.request(symbols, self.begin(), subject, &action, resource)
            });
            match request {
                Ok(request) => self.decide(&request, None, answers),
                Err(message) => mistake(answers, number, None, &message),
            }
        }
    }

    fn decide(&mut self, request: &Request, id: Option<&str>, answers: &mut Answers) {
        let none = Guests::default();
        let (outcome, why) = match &mut self.reasons {
            None => (self.solver.outcome(request), None),
            Some(reasons) => match reasons.find(request) {
                Ok(outcome) => (outcome, Some(reasons.told(&none))),
                // What keeps the reasons from being found keeps nothing from being decided.
                Err(_) => (reasons.prover.outcome(request).unwrap_or(Outcome::NotPermitted), None),
            },
        };
        let model = self.decider.model();
        let rule = request::rule_id(model.program, &model.database, self.sources, outcome);
        let answer = Answer { allowed: outcome.is_allowed(), rule, why };
        answer.write_json(&mut answers.text, id);
        answers.text.push('\n');
        answers.requests += 1;
        answers.allowed += u64::from(answer.allowed);
    }
}

impl<'w> Reasons<'w> {
    /// The outcome of a request. Keeps why.
    fn find(&mut self, request: &Request) -> Result<Outcome, Stuck> {
        self.chain.clear();
        self.prover.chain(request, &mut self.chain)
    }

    /// Why, of the last request.
    fn told<'r>(&'r mut self, none: &'r Guests) -> Why<'r> {
        let role = self.chain.iter().find_map(|instance| self.prover.role_of(instance));
        let guests = self.prover.guests().map_or(none, |guests| guests);
        Why { role, reasons: &self.chain, words: self.words, guests }
    }
}

fn mistake(answers: &mut Answers, number: u64, id: Option<&str>, message: &str) {
    let message = request::shortened(message);
    request::write_error(&mut answers.text, id, &message);
    answers.text.push('\n');
    answers.requests += 1;
    answers.mistakes += 1;
    answers.first_mistake.get_or_insert((number, message));
}

//! One thread that decides: takes a stretch of requests, answers each, hands the answers on.

use std::ops::Range;
use std::sync::Mutex;

use crate::cli::batch::input::{Form, Stretch, too_long};
use crate::cli::batch::outbox::{Answers, Outbox};
use crate::cli::batch::shard::Requests;
use crate::cli::question::{Named, Names};
use crate::cli::request::{self, Answer, Echo, Evaluation, Object, PlainReader, Why};
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
    plain: PlainReader,
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
        Worker { decider, names, sources, plain: PlainReader::default(), solver: Solver::new(decider), reasons: None }
    }

    /// The same worker, which tells the reasons too.
    pub fn with_reasons(self, rulebook: &'w Rulebook, words: &'w Words<'w>) -> Worker<'w> {
        let prover = Prover::hasty(self.decider, rulebook, self.names.authorization());
        Worker { reasons: Some(Reasons { prover, words, chain: Vec::new() }), ..self }
    }

    /// Begins a new question, and gives the place for things that no fact names.
    fn begin(&mut self) -> &mut Guests {
        self.solver.begin();
        if let Some(reasons) = &mut self.reasons {
            reasons.prover.begin();
        }
        self.guests()
    }

    /// The things of the question that no fact names.
    fn guests(&mut self) -> &mut Guests {
        let prover = self.reasons.as_mut().map(|reasons| &mut reasons.prover);
        prover.and_then(Prover::guests).unwrap_or_else(|| self.solver.guests())
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
        let mut draft = Draft::default();
        // An answer is about as long as its request.
        draft.answers.text.reserve(stretch.bytes.len());
        match form {
            _ if stretch.is_too_long => draft.mistake(stretch.first_line, None, &too_long()),
            Form::Lines => {
                stretch.lines().for_each(|(line, number)| self.answer_json(line, number, &mut draft));
            }
            Form::Csv(columns) => self.answer_csv(stretch, columns, &mut draft),
        }
        for waiting in std::mem::take(&mut draft.waiting).into_iter().flatten() {
            self.begin();
            self.decide(&waiting, &mut draft);
        }
        draft.finish()
    }

    fn answer_json<'s>(&mut self, line: &'s [u8], number: u64, draft: &mut Draft<'s>) {
        let Some((evaluation, id)) = str::from_utf8(line).ok().and_then(|line| self.plain.read(line)) else {
            return self.answer_any_json(line, number, draft);
        };
        match self.resolve(&evaluation) {
            Ok(request) => self.decide_soon(request, id, draft),
            Err(message) => draft.mistake(number, id, &message),
        }
    }

    fn answer_any_json(&mut self, line: &[u8], number: u64, draft: &mut Draft) {
        let parsed = request::evaluation(line);
        let request = parsed.as_ref().map_err(String::clone).and_then(|evaluation| self.resolve(evaluation));
        match request {
            Ok(request) => {
                let id = parsed.as_ref().ok().and_then(Evaluation::id);
                self.decide(&Waiting { request, id, place: draft.next_place() }, draft);
            }
            Err(message) => {
                let echo = serde_json::from_slice::<Object<Echo>>(line).map(|Object(echo)| echo).unwrap_or_default();
                draft.mistake(number, echo.id(), &message);
            }
        }
    }

    /// Decides together with the others, unless the request names things that no fact does: these are forgotten before the
    /// next question.
    fn decide_soon<'s>(&mut self, request: Request, id: Option<&'s str>, draft: &mut Draft<'s>) {
        let waiting = Waiting { request, id, place: draft.next_place() };
        match self.guests().is_empty() {
            true => draft.wait(waiting),
            false => self.decide(&waiting, draft),
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

    fn answer_csv(&mut self, stretch: &Stretch, columns: [usize; 3], draft: &mut Draft) {
        for (record, number) in stretch.records(columns) {
            let request = record.and_then(|[subject, action, resource]| {
                let (names, symbols) = (self.names, &self.decider.model().database.symbols);
                let (subject, resource) = (Named::Shorthand(&subject), Named::Shorthand(&resource));
                names.request(symbols, self.begin(), subject, &action, resource)
            });
            match request {
                Ok(request) => self.decide_soon(request, None, draft),
                Err(message) => draft.mistake(number, None, &message),
            }
        }
    }

    fn decide(&mut self, Waiting { request, id, place }: &Waiting, draft: &mut Draft) {
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
        draft.answers.allowed += u64::from(answer.allowed);
        draft.write(*place, |text| answer.write_json(text, *id));
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

/// A request that is understood.
struct Waiting<'s> {
    request: Request,
    id: Option<&'s str>,
    /// Its place among the requests of the stretch.
    place: usize,
}

/// Answers to a stretch, in the order in which they are found.
#[derive(Default)]
struct Draft<'s> {
    answers: Answers,
    /// By place: where in the text the answer stands.
    lines: Vec<Range<usize>>,
    /// By action: what goes through the same rules is decided side by side, so that a processor foresees its ways.
    waiting: Vec<Vec<Waiting<'s>>>,
}

impl<'s> Draft<'s> {
    /// The place of the next request.
    fn next_place(&mut self) -> usize {
        self.lines.push(0..0);
        self.lines.len() - 1
    }

    fn wait(&mut self, waiting: Waiting<'s>) {
        let action = waiting.request.action.index();
        if self.waiting.len() <= action {
            self.waiting.resize_with(action + 1, Vec::new);
        }
        self.waiting[action].push(waiting);
    }

    fn write(&mut self, place: usize, write: impl FnOnce(&mut String)) {
        let text = &mut self.answers.text;
        let start = text.len();
        write(text);
        text.push('\n');
        self.lines[place] = start..text.len();
    }

    fn mistake(&mut self, number: u64, id: Option<&str>, message: &str) {
        let message = request::shortened(message);
        let place = self.next_place();
        self.write(place, |text| request::write_error(text, id, &message));
        self.answers.mistakes += 1;
        self.answers.first_mistake.get_or_insert((number, message));
    }

    /// The answers in the order of their requests.
    fn finish(self) -> Answers {
        let Draft { answers, lines, .. } = self;
        let mut text = String::with_capacity(answers.text.len());
        lines.iter().for_each(|line| text.push_str(&answers.text[line.clone()]));
        Answers { text, requests: lines.len() as u64, ..answers }
    }
}

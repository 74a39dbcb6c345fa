//! Answers in request order: stretches that come early wait until those before them are written.

use std::collections::BTreeMap;

use crate::cli::output::Output;
use crate::cli::progress::Progress;
use crate::cli::workspace::Failure;

/// The answers to a stretch of requests.
#[derive(Default)]
pub struct Answers {
    /// The lines.
    pub text: String,
    /// How many there are.
    pub requests: u64,
    /// How many of them are allowed.
    pub allowed: u64,
    /// How many could not be decided.
    pub mistakes: u64,
    /// The first that could not: its line number, from 1, and why.
    pub first_mistake: Option<(u64, String)>,
}

/// Takes answers in any order and writes them in order.
pub struct Outbox {
    output: Output,
    progress: Progress,
    fail_fast: bool,
    waiting: BTreeMap<u64, Answers>,
    next: u64,
    tally: Answers,
    failure: Option<Failure>,
    stopped: bool,
}

impl Outbox {
    /// Nothing written yet.
    pub fn new(output: Output, progress: Progress, fail_fast: bool) -> Outbox {
        Outbox {
            output,
            progress,
            fail_fast,
            waiting: BTreeMap::new(),
            next: 0,
            tally: Answers::default(),
            failure: None,
            stopped: false,
        }
    }

    /// Takes the answers to a stretch; whether to go on.
    pub fn take(&mut self, number: u64, answers: Answers) -> bool {
        self.waiting.insert(number, answers);
        while !self.stopped
            && let Some(answers) = self.waiting.remove(&self.next)
        {
            self.next += 1;
            self.write(answers);
        }
        !self.stopped
    }

    /// Ends everything: the input can't be read on.
    pub fn fail(&mut self, failure: Failure) {
        self.failure.get_or_insert(failure);
        self.stopped = true;
    }

    fn write(&mut self, answers: Answers) {
        self.progress.add(answers.requests);
        self.tally.requests += answers.requests;
        self.tally.allowed += answers.allowed;
        self.tally.mistakes += answers.mistakes;
        if self.tally.first_mistake.is_none() {
            self.tally.first_mistake = answers.first_mistake;
        }
        if self.fail_fast && self.tally.first_mistake.is_some() {
            self.stopped = true;
        } else if let Err(failure) = self.output.write(answers.text.as_bytes()) {
            self.fail(failure);
        }
    }

    /// Completes the output, unless something ended it, and counts.
    pub fn finish(self) -> Result<Answers, Failure> {
        match self.failure {
            Some(failure) => Err(failure),
            None if self.stopped => Ok(self.tally),
            None => self.output.finish().map(|()| self.tally),
        }
    }
}

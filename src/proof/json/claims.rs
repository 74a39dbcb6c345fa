//! What a document says besides its proof, compared with what the proof comes to.

use serde::Serialize;

use super::document::{Application, Document, Fold, Premise, Step};
use crate::proof::StepId;
use crate::proof::verify::Fault;

/// Where a document tells something else than the document of its proof.
pub(super) fn differences(claimed: &Document, actual: &Document) -> Vec<Fault> {
    let mut differences = Differences { step: None, faults: Vec::new() };
    differences.compare("the decision", &claimed.decision, &actual.decision);
    differences.compare("what decides", &claimed.rule, &actual.rule);
    for ((number, claimed), actual) in (0..).zip(&claimed.steps).zip(&actual.steps) {
        differences.step = Some(StepId(number));
        differences.step(claimed, actual);
    }
    differences.faults
}

struct Differences {
    step: Option<StepId>,
    faults: Vec<Fault>,
}

impl Differences {
    fn compare<T: PartialEq + Serialize>(&mut self, what: &str, claimed: &T, actual: &T) {
        if claimed != actual {
            let json = |value| serde_json::to_string(value).unwrap_or_default();
            let what = format!("{what} differs: it is {}, and should be {}", json(claimed), json(actual));
            self.faults.push(Fault { step: self.step, what });
        }
    }

    fn step(&mut self, claimed: &Step, actual: &Step) {
        if let (Some(claimed), Some(actual)) = (&claimed.rule, &actual.rule) {
            self.application(claimed, actual);
        }
        if let (Some(claimed), Some(actual)) = (&claimed.fold, &actual.fold) {
            self.fold(claimed, actual);
        }
    }

    fn fold(&mut self, claimed: &Fold, actual: &Fold) {
        self.compare("the function of the fold", &claimed.function, &actual.function);
        for (claimed, actual) in claimed.contributions.iter().zip(&actual.contributions) {
            self.application(claimed, actual);
        }
    }

    fn application(&mut self, claimed: &Application, actual: &Application) {
        self.compare(&format!("the text of the rule {}", actual.id), &claimed.text, &actual.text);
        self.compare("the sentence", &claimed.sentence, &actual.sentence);
        for (claimed, actual) in claimed.premises.iter().zip(&actual.premises) {
            self.premise(claimed, actual);
        }
    }

    fn premise(&mut self, claimed: &Premise, actual: &Premise) {
        self.compare("the text of a literal", &claimed.literal, &actual.literal);
        self.compare("what is compared", &claimed.compared, &actual.compared);
    }
}

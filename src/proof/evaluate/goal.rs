//! Goals: what is asked of a relation, the answers so far, and who waits for more.

use std::hash::BuildHasher;

use hashbrown::HashTable;
use rustc_hash::{FxBuildHasher, FxHashSet};
use smallvec::SmallVec;

use super::row_set::{Row, RowSet};
use super::terms::{Bindings, Pattern};
use crate::compiler::program::{RelationId, RuleId};
use crate::data::Value;

/// The number of a goal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct GoalId(pub u32);

/// Which rows of a relation are asked for.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Question {
    pub relation: RelationId,
    pub of: Of,
    /// By place: the value it has, or any.
    pub pattern: Pattern,
}

/// What the rows of a goal are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Of {
    /// The rows of the relation.
    Relation,
    /// What one of its rules gives.
    Rule(RuleId),
    /// What the rules of an aggregated relation give to be folded; behind each row the numbering of the folded value.
    Contributions,
}

/// A question and what is known about its answers.
#[derive(Debug)]
pub(super) struct Goal {
    pub question: Question,
    pub answers: RowSet,
    /// Who goes on with each answer.
    pub consumers: Vec<Consumer>,
    /// The goals whose answers it uses, or whose absence.
    pub uses: Vec<GoalId>,
    /// How many of its frames wait for a goal to be complete.
    pub waiting: u32,
    /// The values of the bound places for which its rules were begun.
    pub entered: FxHashSet<Row>,
    /// Whether there will be no other answers.
    pub complete: bool,
    /// The last search that came here.
    pub visited: u32,
}

impl Goal {
    fn new(question: Question) -> Goal {
        Goal {
            question,
            answers: RowSet::default(),
            consumers: Vec::new(),
            uses: Vec::new(),
            waiting: 0,
            entered: FxHashSet::default(),
            complete: false,
            visited: 0,
        }
    }

    /// Whether no further answer matters, because there can be but one.
    pub fn is_settled(&self) -> bool {
        !self.answers.rows().is_empty()
            && self.question.of != Of::Contributions
            && self.question.pattern.iter().all(Option::is_some)
    }

    /// Whether an answer has these values.
    pub fn has(&self, pattern: &[Option<Value>]) -> bool {
        let known: Option<Row> = pattern.iter().copied().collect();
        match known {
            Some(row) => self.answers.contains(&row),
            None => self.answers.rows().iter().any(|row| fits(row, pattern)),
        }
    }
}

/// Whether a row has these values.
pub(super) fn fits(row: &[Value], pattern: &[Option<Value>]) -> bool {
    row.iter().zip(pattern).all(|(value, wanted)| wanted.is_none_or(|wanted| wanted == *value))
}

/// A rule on its way through its body, for a goal.
#[derive(Clone, Debug)]
pub(super) struct Frame {
    pub goal: GoalId,
    pub rule: RuleId,
    pub bindings: Bindings,
    /// The literals that are left.
    pub open: SmallVec<[u16; 8]>,
}

/// A frame that goes on with every answer that fits one of its literals, which is no longer open.
#[derive(Clone, Debug)]
pub(super) struct Consumer {
    pub frame: Frame,
    pub literal: u16,
}

/// What waits until a goal is complete.
#[derive(Clone, Debug)]
pub(super) enum Waiting {
    /// A frame whose `not` asks for these values; the literal is no longer open.
    Absence { frame: Frame, goal: GoalId, pattern: Pattern },
    /// The goal of an aggregated relation, for what is to be folded.
    Fold { into: GoalId, goal: GoalId },
}

impl Waiting {
    /// The goal to be complete, and the goal that waits.
    pub fn goals(&self) -> (GoalId, GoalId) {
        match self {
            Waiting::Absence { frame, goal, .. } => (*goal, frame.goal),
            Waiting::Fold { into, goal } => (*goal, *into),
        }
    }
}

/// All goals by number, each question once.
#[derive(Debug, Default)]
pub(super) struct Goals {
    goals: Vec<Goal>,
    numbers: HashTable<u32>,
    /// How many searches there were.
    search: u32,
    /// The goals below it are complete.
    finished: u32,
}

impl Goals {
    /// The goal of a question, and whether it is new.
    pub fn of(&mut self, question: Question) -> (GoalId, bool) {
        let hash = FxBuildHasher.hash_one(&question);
        let goals = &self.goals;
        let same = |number: &u32| goals.get(*number as usize).is_some_and(|goal| goal.question == question);
        if let Some(number) = self.numbers.find(hash, same) {
            return (GoalId(*number), false);
        }
        let number = goals.len() as u32;
        let rehash =
            |number: &u32| goals.get(*number as usize).map_or(0, |goal| FxBuildHasher.hash_one(&goal.question));
        self.numbers.insert_unique(hash, number, rehash);
        self.goals.push(Goal::new(question));
        (GoalId(number), true)
    }

    /// A goal by its number.
    pub fn get(&self, id: GoalId) -> &Goal {
        &self.goals[id.0 as usize]
    }

    /// A goal by its number.
    pub fn get_mut(&mut self, id: GoalId) -> &mut Goal {
        &mut self.goals[id.0 as usize]
    }

    /// Whether a goal is complete while no frame can go on: none of the goals that it uses, directly or through
    /// others, waits for anything. All of them are complete then.
    pub fn completes(&mut self, goal: GoalId) -> bool {
        self.search += 1;
        let mut reached = Vec::new();
        let mut open = vec![goal];
        while let Some(id) = open.pop() {
            let search = self.search;
            let goal = self.get_mut(id);
            if goal.complete || std::mem::replace(&mut goal.visited, search) == search {
                continue;
            }
            reached.push(id);
            if goal.is_settled() {
                continue;
            }
            if goal.waiting > 0 {
                return false;
            }
            open.extend_from_slice(&goal.uses);
        }
        for id in reached {
            self.finish(id);
        }
        true
    }

    /// Marks every goal as complete: nothing is left to do.
    pub fn finish_all(&mut self) {
        for number in self.finished..self.goals.len() as u32 {
            self.finish(GoalId(number));
        }
        self.finished = self.goals.len() as u32;
    }

    fn finish(&mut self, id: GoalId) {
        let goal = self.get_mut(id);
        goal.complete = true;
        (goal.consumers, goal.uses, goal.entered) = Default::default();
    }
}

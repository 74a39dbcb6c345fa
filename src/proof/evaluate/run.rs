//! Answering goals: frames go through the bodies of rules until none is left.

use smallvec::SmallVec;

use super::Limit;
use super::facts::Facts;
use super::fold::fold;
use super::goal::{Consumer, Frame, GoalId, Goals, Of, Question, Waiting, fits};
use super::row_set::Row;
use super::rules::Rules;
use super::terms::{Pattern, Values, conclusion, numbering};
use crate::compiler::program::{Atom, Comparison, Literal, Program, RelationId, RelationKind, Rule, RuleId, Term};
use crate::data::Value;
use crate::proof::request::may_state;

/// What is known and what is left to do.
#[derive(Debug)]
pub(super) struct Run<'f, 'p> {
    pub program: &'p Program,
    pub facts: Facts<'f>,
    pub rules: Rules,
    pub values: Values<'f>,
    goals: Goals,
    /// Frames that can go on. The last one is next.
    agenda: Vec<Frame>,
    waiting: Vec<Waiting>,
    /// What is left to the question, and what it was given.
    steps: u64,
    allowed: u64,
    /// The steps behind what is kept.
    kept: u64,
}

/// What became of a literal.
enum Progress {
    /// It holds.
    Holds,
    /// It does not hold, or others go on with its answers.
    Ends,
}

impl<'f, 'p> Run<'f, 'p> {
    pub fn new(program: &'p Program, facts: Facts<'f>) -> Run<'f, 'p> {
        let (rules, values) = (Rules::new(program), Values::new(facts.database()));
        let (goals, agenda, waiting) = (Goals::default(), Vec::new(), Vec::new());
        Run { program, facts, rules, values, goals, agenda, waiting, steps: 0, allowed: 0, kept: 0 }
    }

    /// All answers to a question, within so many steps.
    pub fn answer(&mut self, question: Question, steps: u64) -> Result<Vec<Vec<Value>>, Limit> {
        (self.steps, self.allowed) = (steps, steps);
        if self.kept > steps {
            self.forget();
        }
        let Question { relation, of, pattern } = question;
        let goal = match of {
            Of::Relation => self.goal(self.question(relation, &pattern)),
            Of::Rule(_) | Of::Contributions => self.goal(Question { relation, of, pattern: pattern.clone() }),
        };
        let answered = goal.and_then(|goal| self.go_on().map(|()| goal));
        self.kept += steps - self.steps;
        if answered.is_err() {
            // What was begun is not to be taken for complete.
            self.forget();
        }
        let rows = self.goals.get(answered?).answers.rows().iter();
        Ok(rows.filter(|row| fits(row, &pattern)).map(|row| row.to_vec()).collect())
    }

    fn forget(&mut self) {
        (self.goals, self.agenda, self.waiting, self.kept) = Default::default();
    }

    fn go_on(&mut self) -> Result<(), Limit> {
        loop {
            while let Some(frame) = self.agenda.pop() {
                if !self.goals.get(frame.goal).is_settled() {
                    self.advance(frame)?;
                }
            }
            if self.waiting.is_empty() {
                self.goals.finish_all();
                return Ok(());
            }
            self.end_wait()?;
        }
    }

    /// Takes one step off.
    fn spend(&mut self) -> Result<(), Limit> {
        self.steps = self.steps.checked_sub(1).ok_or(Limit::Steps(self.allowed))?;
        Ok(())
    }

    /// The goal of a question, which is begun if it is new.
    fn goal(&mut self, question: Question) -> Result<GoalId, Limit> {
        let (id, is_new) = self.goals.of(question);
        if is_new {
            let Question { relation, of, pattern } = self.goals.get(id).question.clone();
            match (of, self.program.relation(relation).aggregate) {
                (Of::Relation, Some(aggregate)) => {
                    let mut group = pattern;
                    group[aggregate.place] = None;
                    let goal = self.goal(Question { relation, of: Of::Contributions, pattern: group })?;
                    self.wait(Waiting::Fold { into: id, goal });
                }
                _ => self.enter(id, &pattern)?,
            }
        }
        Ok(id)
    }

    /// Begins the rules of a goal, and takes its facts, with the values of a pattern.
    fn enter(&mut self, id: GoalId, pattern: &Pattern) -> Result<(), Limit> {
        let values: Row = pattern.iter().copied().flatten().collect();
        if !self.goals.get_mut(id).entered.insert(values) {
            return Ok(());
        }
        let Question { relation, of, .. } = self.goals.get(id).question;
        let program = self.program;
        for rule in self.rules.of(relation).to_vec().into_iter().rev() {
            self.spend()?;
            if matches!(of, Of::Rule(only) if only != rule) {
                continue;
            }
            self.begin(id, rule, program.rule(rule), pattern);
        }
        if of == Of::Relation && program.relation(relation).kind != RelationKind::Decision {
            let facts = self.facts.rows(relation, pattern);
            for row in facts.rows() {
                self.add(id, row.clone())?;
            }
        }
        Ok(())
    }

    /// Puts a rule at its beginning on the agenda, if its head can have the values of the pattern.
    fn begin(&mut self, goal: GoalId, id: RuleId, rule: &Rule, pattern: &Pattern) {
        let mut bindings = SmallVec::from_elem(None, rule.variables.len());
        for (term, value) in rule.head.terms.iter().zip(pattern) {
            let (Some(value), known) = (*value, self.values.term(term, &bindings)) else { continue };
            let fits = match known {
                Some(known) => known == value,
                None => self.values.bind(rule, term, value, &mut bindings).is_some(),
            };
            if !fits {
                return;
            }
        }
        let open = (0..rule.body.len() as u16).collect();
        self.agenda.push(Frame { goal, rule: id, bindings, open });
    }

    /// Goes through the literals of a frame until it ends or others go on for it.
    fn advance(&mut self, mut frame: Frame) -> Result<(), Limit> {
        let program = self.program;
        let rule = program.rule(frame.rule);
        loop {
            self.spend()?;
            if frame.open.is_empty() {
                return self.conclude(rule, &frame);
            }
            let place = self.choose(rule, &frame).ok_or_else(|| Limit::Unchecked(rule.id.clone()))?;
            let number = frame.open.remove(place);
            let progress = match &rule.body[usize::from(number)] {
                Literal::Comparison(comparison) => self.compare(rule, comparison, &mut frame),
                Literal::Positive(atom) if self.is_given(atom) => self.find(rule, atom, &frame)?,
                Literal::Positive(atom) => self.consume(rule, atom, number, &frame)?,
                Literal::Negative(atom) => self.refute(atom, &frame)?,
            };
            if matches!(progress, Progress::Ends) {
                return Ok(());
            }
        }
    }

    /// Compares, or gives the other side of an `=` to the one that has no value.
    fn compare(&self, rule: &Rule, comparison: &Comparison, frame: &mut Frame) -> Progress {
        let Comparison { left, right, .. } = comparison;
        let side = |term| self.values.term(term, &frame.bindings);
        let holds = match (side(left), side(right)) {
            (Some(one), Some(other)) => self.values.compares(comparison, one, other),
            (None, Some(value)) => self.values.bind(rule, left, value, &mut frame.bindings).is_some(),
            (Some(value), None) => self.values.bind(rule, right, value, &mut frame.bindings).is_some(),
            (None, None) => false,
        };
        if holds { Progress::Holds } else { Progress::Ends }
    }

    fn is_given(&self, atom: &Atom) -> bool {
        let is_decision = self.program.relation(atom.relation).kind == RelationKind::Decision;
        !is_decision && !self.rules.is_derived(atom.relation)
    }

    /// Goes on with every fact that fits.
    fn find(&mut self, rule: &Rule, atom: &Atom, frame: &Frame) -> Result<Progress, Limit> {
        let pattern = self.values.pattern(atom, &frame.bindings);
        let binds = atom.terms.iter().zip(&pattern).any(|(term, value)| value.is_none() && *term != Term::Wildcard);
        if !binds {
            let holds = self.facts.any(atom.relation, &pattern);
            return Ok(if holds { Progress::Holds } else { Progress::Ends });
        }
        for row in self.facts.rows(atom.relation, &pattern).rows() {
            self.resume(rule, atom, frame, row)?;
        }
        Ok(Progress::Ends)
    }

    /// Goes on with a frame whose literal is that row, if it can be.
    fn resume(&mut self, rule: &Rule, atom: &Atom, frame: &Frame, row: &[Value]) -> Result<(), Limit> {
        self.spend()?;
        if let Some(bindings) = self.values.fit(rule, atom, &frame.bindings, row) {
            self.agenda.push(Frame { bindings, ..frame.clone() });
        }
        Ok(())
    }

    /// Goes on with every answer to the goal that a literal is, now and whenever another comes.
    fn consume(&mut self, rule: &Rule, atom: &Atom, literal: u16, frame: &Frame) -> Result<Progress, Limit> {
        let pattern = self.values.pattern(atom, &frame.bindings);
        if self.passes_answers_on(rule, atom, frame, &pattern) {
            self.enter(frame.goal, &pattern)?;
            return Ok(Progress::Ends);
        }
        let id = self.goal(self.question(atom.relation, &pattern))?;
        if pattern.iter().all(Option::is_some) && self.goals.get(id).has(&pattern) {
            return Ok(Progress::Holds);
        }
        let known = self.goals.get(id).answers.rows().len();
        for place in 0..known {
            let row = self.goals.get(id).answers.rows()[place].clone();
            self.resume(rule, atom, frame, &row)?;
        }
        if !self.goals.get(id).complete {
            self.goals.get_mut(frame.goal).uses.push(id);
            self.goals.get_mut(id).consumers.push(Consumer { frame: frame.clone(), literal });
        }
        Ok(Progress::Ends)
    }

    /// What to ask for the rows with these values. Of a recursive relation the last place is left open where all are
    /// known: from one thing there are few ways on, and the answers serve every question about it.
    fn question(&self, relation: RelationId, pattern: &Pattern) -> Question {
        let mut pattern = pattern.clone();
        if self.rules.is_recursive(relation)
            && pattern.len() > 1
            && pattern.iter().all(Option::is_some)
            && let Some(last) = pattern.last_mut()
        {
            *last = None;
        }
        Question { relation, of: Of::Relation, pattern }
    }

    /// Whether a literal is the last of a rule that concludes of its own relation, with the same places open, just what
    /// the literal says: `within(D, A) if department_parent(D, P), within(P, A)`, asked for every `A`. Its answers
    /// are answers to the goal of the frame then, and need not be kept for each `P` as well.
    fn passes_answers_on(&self, rule: &Rule, atom: &Atom, frame: &Frame, pattern: &Pattern) -> bool {
        let question = &self.goals.get(frame.goal).question;
        let declared = self.program.relation(atom.relation);
        if !frame.open.is_empty()
            || question.of != Of::Relation
            || question.relation != atom.relation
            || declared.kind == RelationKind::Decision
            || declared.aggregate.is_some()
        {
            return false;
        }
        let passes = |place: usize| match (question.pattern[place], pattern[place], atom.terms[place]) {
            (Some(_), Some(_), _) => true,
            (None, None, term @ Term::Variable(variable)) => {
                let once = rule.head.terms.iter().filter(|other| **other == term).count() == 1;
                let whole = rule.variables[variable.index()].ty == declared.fields[place].ty;
                rule.head.terms[place] == term && once && whole
            }
            _ => false,
        };
        (0..pattern.len()).all(passes)
    }

    /// Goes on where nothing has these values: at once where that is known, else when it is.
    fn refute(&mut self, atom: &Atom, frame: &Frame) -> Result<Progress, Limit> {
        let pattern = self.values.pattern(atom, &frame.bindings);
        if self.is_given(atom) {
            let holds = self.facts.any(atom.relation, &pattern);
            return Ok(if holds { Progress::Ends } else { Progress::Holds });
        }
        let goal = self.goal(self.question(atom.relation, &pattern))?;
        let known = self.goals.get(goal);
        if known.has(&pattern) {
            return Ok(Progress::Ends);
        }
        if known.complete {
            return Ok(Progress::Holds);
        }
        self.wait(Waiting::Absence { frame: frame.clone(), goal, pattern });
        Ok(Progress::Ends)
    }

    fn wait(&mut self, waiting: Waiting) {
        let (awaited, waits) = waiting.goals();
        let goal = self.goals.get_mut(waits);
        goal.waiting += 1;
        goal.uses.push(awaited);
        self.waiting.push(waiting);
    }

    /// Ends the last wait whose goal is complete, now that no frame can go on.
    fn end_wait(&mut self) -> Result<(), Limit> {
        let ready = (0..self.waiting.len()).rev().find(|place| self.goals.completes(self.waiting[*place].goals().0));
        let Some(place) = ready else { return Err(self.circle()) };
        let waiting = self.waiting.remove(place);
        let (awaited, waits) = waiting.goals();
        self.goals.get_mut(waits).waiting -= 1;
        match waiting {
            Waiting::Absence { frame, pattern, .. } => {
                if !self.goals.get(awaited).has(&pattern) {
                    self.agenda.push(frame);
                }
                Ok(())
            }
            Waiting::Fold { into, goal } => self.fold(into, goal),
        }
    }

    /// Every wait depends on another: no checked program has that.
    fn circle(&self) -> Limit {
        let rule = self.waiting.iter().find_map(|waiting| match waiting {
            Waiting::Absence { frame, .. } => Some(self.program.rule(frame.rule).id.clone()),
            Waiting::Fold { .. } => None,
        });
        Limit::Unchecked(rule.unwrap_or_default())
    }

    /// Answers the goal of an aggregated relation by what is to be folded.
    fn fold(&mut self, into: GoalId, from: GoalId) -> Result<(), Limit> {
        let Question { relation, pattern, .. } = self.goals.get(into).question.clone();
        let declared = self.program.relation(relation);
        let Some(aggregate) = declared.aggregate else { return Ok(()) };
        let ty = declared.fields[aggregate.place].ty;
        let rows = fold(&mut self.values, aggregate, ty, self.goals.get(from).answers.rows());
        for row in rows.into_iter().filter(|row| fits(row, &pattern)) {
            self.add(into, row)?;
        }
        Ok(())
    }

    /// Answers the goal of a frame by what its rule concludes.
    fn conclude(&mut self, rule: &Rule, frame: &Frame) -> Result<(), Limit> {
        let question = &self.goals.get(frame.goal).question;
        let conclusion = conclusion(&self.values, &rule.head, &frame.bindings, &question.pattern);
        let mut row = conclusion.ok_or_else(|| Limit::Unchecked(rule.id.clone()))?;
        if !may_state(self.program, self.facts.database(), question.relation, &row) {
            return Ok(());
        }
        if question.of == Of::Contributions
            && let Some(aggregate) = self.program.relation(question.relation).aggregate
        {
            row.push(numbering(rule, &rule.head.terms[aggregate.place]));
        }
        self.add(frame.goal, row)
    }

    /// Adds an answer to a goal, and goes on with everyone who waits for it. Where a rule passed the answers of its
    /// last literal on, the values of the bound places are those of that literal, and the goal's take their place.
    fn add(&mut self, id: GoalId, mut row: Row) -> Result<(), Limit> {
        self.spend()?;
        let goal = self.goals.get_mut(id);
        for (value, asked) in row.iter_mut().zip(&goal.question.pattern) {
            *value = asked.unwrap_or(*value);
        }
        if !goal.answers.insert(row.clone()) {
            return Ok(());
        }
        let consumers = std::mem::take(&mut goal.consumers);
        for Consumer { frame, literal } in &consumers {
            let rule = self.program.rule(frame.rule);
            if let Literal::Positive(atom) = &rule.body[usize::from(*literal)] {
                self.resume(rule, atom, frame, &row)?;
            }
        }
        self.goals.get_mut(id).consumers = consumers;
        Ok(())
    }
}

//! Plain Datalog: Rolecall interprets the rules, crepe and Ascent have them compiled. The same facts, the same number
//! of derived tuples; time from facts in memory to finished relations, and memory in a process for each.
//!
//! `problems` makes the facts; each engine is a file that derives and counts.

mod by_ascent;
mod by_crepe;
mod by_rolecall;
mod problems;

use std::time::Duration;

use crate::measure::Outcome;
use crate::measure::child::{again, peak_memory};
use crate::measure::paired::{Paired, paired};
use crate::measure::table::{Bar, Table};
use problems::{Facts, PROBLEMS, Problem};

/// Who derives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Engine {
    Rolecall,
    Crepe,
    Ascent,
}

const ENGINES: [(&str, Engine); 3] =
    [("rolecall", Engine::Rolecall), ("crepe", Engine::Crepe), ("ascent", Engine::Ascent)];

impl Engine {
    fn named(name: &str) -> Outcome<Engine> {
        let found = ENGINES.iter().find(|(other, _)| *other == name);
        Ok(found.ok_or_else(|| format!("no engine is called `{name}`"))?.1)
    }

    /// How long deriving takes, and how many tuples there are then.
    fn derive(self, facts: Facts) -> Outcome<(Duration, usize)> {
        match self {
            Engine::Rolecall => by_rolecall::derive(facts),
            Engine::Crepe => Ok(by_crepe::derive(facts)),
            Engine::Ascent => Ok(by_ascent::derive(facts)),
        }
    }
}

/// Every problem by every engine.
pub fn section(table: &mut Table, pairs: usize) -> Outcome<()> {
    for problem in PROBLEMS {
        let count = Engine::Rolecall.derive((problem.facts)())?.1;
        for (name, peer) in [("crepe", Engine::Crepe), ("ascent", Engine::Ascent)] {
            let run = |engine: Engine| derive_and_count(engine, problem, count);
            let both: Paired = paired(pairs, || run(Engine::Rolecall), || run(peer))?;
            table.times(&format!("plain: {}, {count} tuples", problem.name), name, &both, Bar::AtMost(1.0));
        }
        let ours = memory_of("rolecall", problem, count)?;
        for name in ["crepe", "ascent"] {
            let theirs = memory_of(name, problem, count)?;
            let what = format!("memory: {}", problem.name);
            table.amounts(&what, ours, name, theirs, "MiB", Bar::AtMost(1.0));
        }
    }
    Ok(())
}

fn derive_and_count(engine: Engine, problem: &Problem, expected: usize) -> Outcome<Duration> {
    let (time, count) = engine.derive((problem.facts)())?;
    match count == expected {
        true => Ok(time),
        false => Err(format!("{}: {engine:?} derives {count} tuples, and Rolecall {expected}", problem.name).into()),
    }
}

/// The peak of a process that solves one problem, in MiB.
fn memory_of(engine: &str, problem: &Problem, expected: usize) -> Outcome<f64> {
    let words = again(&["plain", engine, problem.name])?;
    let number = |place: usize| -> Outcome<usize> { Ok(words.get(place).ok_or("the child said nothing")?.parse()?) };
    match number(0)? == expected {
        true => Ok(number(1)? as f64 / f64::from(1 << 20)),
        false => {
            Err(format!("{}: {engine} derives {} tuples, and Rolecall {expected}", problem.name, number(0)?).into())
        }
    }
}

/// The child: solves one problem, and prints how many tuples there are and its peak in bytes.
pub fn child(arguments: &[String]) -> Outcome<()> {
    let [_, engine, problem] = arguments else { return Err("an engine and a problem are wanted".into()) };
    let problem = PROBLEMS.iter().find(|other| other.name == problem).ok_or("no such problem")?;
    let (_, count) = Engine::named(engine)?.derive((problem.facts)())?;
    println!("{count} {}", peak_memory()?);
    Ok(())
}

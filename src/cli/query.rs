//! `query`: every answer to a conjunction of literals, sorted.

use std::ops::ControlFlow;

use crate::cli::arguments::{Global, Query as Arguments, TableFormat};
use crate::cli::notes;
use crate::cli::output::{self, Console};
use crate::cli::request::json_string;
use crate::cli::sheet::csv_field;
use crate::cli::workspace::{Failure, Workspace};
use rolecall::compiler::program::{self, Literal, Program, Query, RelationId, Type};
use rolecall::compiler::source::Origin;
use rolecall::compiler::syntax::parser;
use rolecall::data::{Database, Value};
use rolecall::decision::{Decider, Solver};
use rolecall::report::escape::escape;

/// How many answers a query may have.
const MOST_ANSWERS: usize = 20_000_000;

/// Answers; whether there is an answer.
pub fn run(command: &Arguments, global: &Global, console: &Console) -> Result<bool, Failure> {
    let mut workspace = Workspace::new(global, console);
    let mut program = workspace.program(&[])?;
    let query = compile(&mut workspace, &mut program, &command.literals)?;
    let mut decider = workspace.decider(&program, relations(&query))?;
    let rows = answers(&mut decider, &query)?;
    workspace.time("query", || format!("{} answers", rows.len()));
    let table = Table { program: &program, database: &decider.model().database, query: &query, rows: &rows };
    output::stdout_text(&match command.format {
        TableFormat::Text => table.text(),
        TableFormat::Json => table.json(),
        TableFormat::Csv => table.csv(),
    })?;
    if rows.is_empty() {
        notes::no_data(&workspace, &program);
    }
    Ok(!rows.is_empty())
}

fn compile(workspace: &mut Workspace, program: &mut Program, literals: &str) -> Result<Query, Failure> {
    let id = workspace.sources.add("<query>", literals, Origin::Query);
    let (body, mistakes) = parser::parse_body(&workspace.sources, id);
    if !mistakes.is_empty() {
        return Err(workspace.failure(&mistakes));
    }
    let (query, mistakes) = program::check_query(program, &workspace.sources, &body);
    query.ok_or_else(|| workspace.failure(&mistakes))
}

fn relations(query: &Query) -> Vec<RelationId> {
    let relation = |literal: &Literal| match literal {
        Literal::Positive(atom) | Literal::Negative(atom) => Some(atom.relation),
        Literal::Comparison(_) => None,
    };
    query.body.iter().filter_map(relation).collect()
}

/// The distinct answers, sorted as people sort: names and texts by letters, integers by size, members by their order.
fn answers(decider: &mut Decider, query: &Query) -> Result<Vec<Vec<Value>>, Failure> {
    let plan = decider.prepare_query(query);
    let mut rows: Vec<Vec<Value>> = Vec::new();
    let mut full = false;
    Solver::new(decider).answers_to(&plan, |row| {
        rows.push(row.to_vec());
        full = rows.len() > MOST_ANSWERS;
        // Without a variable one answer says it all.
        if full || row.is_empty() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    });
    if full {
        return Err(Failure::Message(format!("the query has more than {MOST_ANSWERS} answers; ask for less at once")));
    }
    let model = decider.model();
    rows.sort_by(|a, b| model.database.compare_answers(model.program, query, a, b));
    rows.dedup();
    Ok(rows)
}

/// Answers on their way out.
struct Table<'t> {
    program: &'t Program,
    database: &'t Database,
    query: &'t Query,
    rows: &'t [Vec<Value>],
}

impl Table<'_> {
    fn names(&self) -> impl Iterator<Item = &str> {
        self.query.variables.iter().map(|variable| variable.name.as_str())
    }

    fn cells<'s>(&'s self, row: &'s [Value]) -> impl Iterator<Item = String> + 's {
        let show =
            |(variable, value): (&program::Variable, &Value)| self.database.show(self.program, variable.ty, *value);
        self.query.variables.iter().zip(row).map(show)
    }

    /// Columns under their variables; `yes` or `no` where there is no variable.
    fn text(&self) -> String {
        if self.query.variables.is_empty() {
            return if self.rows.is_empty() { "no\n".to_owned() } else { "yes\n".to_owned() };
        }
        let cells = |row: &Vec<Value>| self.cells(row).map(|cell| escape(&cell).into_owned()).collect::<Vec<_>>();
        let mut lines = vec![self.names().map(str::to_owned).collect::<Vec<_>>()];
        lines.extend(self.rows.iter().map(cells));
        if self.rows.is_empty() {
            return "no answers\n".to_owned();
        }
        let width = |column: usize| lines.iter().map(|line| line[column].chars().count()).max().unwrap_or(0);
        let widths: Vec<usize> = (0..self.query.variables.len()).map(width).collect();
        let mut text = String::new();
        for line in &lines {
            let padded = line.iter().zip(&widths).map(|(cell, width)| format!("{cell:<width$}"));
            text.push_str(padded.collect::<Vec<_>>().join("  ").trim_end());
            text.push('\n');
        }
        text
    }

    /// An array with an object for each answer.
    fn json(&self) -> String {
        let object = |row: &Vec<Value>| {
            let member = |((name, cell), variable): ((&str, String), &program::Variable)| {
                let value = match variable.ty {
                    Type::Int => cell,
                    _ => json_string(&cell),
                };
                format!("{}:{value}", serde_json::Value::from(name))
            };
            let members: Vec<String> =
                self.names().zip(self.cells(row)).zip(&self.query.variables).map(member).collect();
            format!("{{{}}}", members.join(","))
        };
        let objects: Vec<String> = self.rows.iter().map(object).collect();
        format!("[{}]\n", objects.join(",\n "))
    }

    /// A header and a line for each answer.
    fn csv(&self) -> String {
        let line = |cells: Vec<String>| cells.iter().map(|cell| csv_field(cell)).collect::<Vec<_>>().join(",") + "\n";
        let mut text = line(self.names().map(str::to_owned).collect());
        for row in self.rows {
            text.push_str(&line(self.cells(row).collect()));
        }
        text
    }
}

//! Checked program to the Rust text that crepe compiles: a module for each component that crepe can express.
//!
//! crepe takes tuples of `u32`, which is what values are. It hashes every row of an input several times, so each literal
//! about a finished relation is an input of its own (`reading`): `engine::compiled` gives it the columns that the rule
//! uses, of the rows that can matter. A relation that is derived is given facts by an input and a rule that copies it;
//! texts and things that rules name arrive as inputs of one row.

mod reading;

use std::fmt::Write;

use reading::{Reading, atoms, in_order, readings};

use super::closure::closures;
use super::program::{
    Atom, Comparison, Component, Constant, ConstantId, Literal, Operator, Program, RelationId, Rule, Term, Type,
    VariableId,
};
use super::source::Origin;

/// The source of one module for each component, and of a table `COMPONENTS` of all of them.
///
/// A component that aggregates, narrows a `resource`, or orders integers is left to the interpreter, and so is one of
/// which each rule reads one relation: there is nothing to join, and crepe would only copy. One that only follows steps
/// every engine keeps as reachability.
pub fn crepe_source(program: &Program) -> String {
    let mut text = String::from("// Made by the build script from the built-in rules.\n\n");
    let closures = closures(program);
    let components = program.components.iter().zip(&closures);
    let stored = components.filter(|(_, closure)| closure.is_none()).map(|(component, _)| component);
    let mut names = Vec::new();
    for component in stored.filter(|component| is_expressible(program, component)) {
        let name = format!("component_{}", program.relation(component.relations[0]).name.replace('.', "_"));
        module(&mut text, program, component, &name);
        names.push((name, component));
    }
    text.push_str("/// Every component, with the relations it derives and the number of its rules.\n");
    text.push_str("pub const COMPONENTS: &[Compiled] = &[\n");
    for (name, component) in names {
        let relations: Vec<String> =
            component.relations.iter().map(|relation| format!("{:?}", program.relation(*relation).name)).collect();
        let (relations, rules) = (relations.join(", "), component.rules.len());
        put(
            &mut text,
            format_args!("    Compiled {{ relations: &[{relations}], rules: {rules}, run: {name}::run }},\n"),
        );
    }
    text.push_str("];\n");
    text
}

/// Writing to a `String` does not fail.
fn put(text: &mut String, arguments: std::fmt::Arguments<'_>) {
    let _ = text.write_fmt(arguments);
}

/// Whether crepe can derive a component: built-in rules over rows of numbers, without folds.
fn is_expressible(program: &Program, component: &Component) -> bool {
    let plain = |relation: &RelationId| {
        let relation = program.relation(*relation);
        relation.aggregate.is_none() && relation.arity() > 0
    };
    component.relations.iter().all(plain)
        && component.rules.iter().any(|rule| joins(program.rule(*rule)))
        && component.rules.iter().all(|rule| rule_is_expressible(program, program.rule(*rule)))
}

/// Whether a rule reads more than one relation.
fn joins(rule: &Rule) -> bool {
    atoms(rule).count() > 1
}

fn rule_is_expressible(program: &Program, rule: &Rule) -> bool {
    let wide = |atom: &Atom| {
        let fields = &program.relation(atom.relation).fields;
        fields.is_empty()
            || atom.terms.iter().zip(fields).any(|(term, field)| match term {
                Term::Variable(variable) => {
                    field.ty == Type::Resource && rule.variables[variable.index()].ty != Type::Resource
                }
                Term::Constant(_) | Term::Wildcard => false,
            })
    };
    rule.origin == Origin::BuiltIn
        && all_bound_by_rows(rule)
        && rule.body.iter().all(|literal| match literal {
            Literal::Positive(atom) => !wide(atom),
            Literal::Negative(atom) => !program.relation(atom.relation).fields.is_empty(),
            Literal::Comparison(comparison) => comparison.ty != Type::Int,
        })
}

/// Whether every variable stands in a positive literal, so that no `=` has to bind one.
fn all_bound_by_rows(rule: &Rule) -> bool {
    let mut bound = vec![false; rule.variables.len()];
    for literal in &rule.body {
        if let Literal::Positive(atom) = literal {
            for term in &atom.terms {
                if let Term::Variable(variable) = term {
                    bound[variable.index()] = true;
                }
            }
        }
    }
    bound.into_iter().all(|bound| bound)
}

fn module(text: &mut String, program: &Program, component: &Component, name: &str) {
    let rules: Vec<&Rule> = component.rules.iter().map(|rule| program.rule(*rule)).collect();
    let readings: Vec<Vec<Reading>> =
        rules.iter().enumerate().map(|(number, rule)| readings(program, component, rule, number)).collect();
    let constants = named_constants(program, component);
    put(
        text,
        format_args!("mod {name} {{\n    use super::Exchange;\n    use super::Place::*;\n\n    crepe::crepe! {{\n"),
    );
    for reading in readings.iter().flatten() {
        declare(text, "@input", &reading.name, reading.width());
    }
    for relation in &component.relations {
        let (name, width) = (camel_case(program, *relation), program.relation(*relation).arity());
        declare(text, "@input", &format!("Given{name}"), width);
        declare(text, "@output", &name, width);
    }
    for constant in &constants {
        declare(text, "@input", &constant_name(*constant), 1);
    }
    text.push('\n');
    for relation in &component.relations {
        let (name, columns) = (camel_case(program, *relation), columns(program.relation(*relation).arity()));
        put(text, format_args!("        {name}({columns}) <- Given{name}({columns});\n"));
    }
    for (rule, readings) in rules.iter().zip(&readings) {
        crepe_rule(text, program, component, rule, readings);
    }
    text.push_str("    }\n\n");
    run_function(text, program, component, &readings, &constants);
    text.push_str("}\n\n");
}

fn declare(text: &mut String, kind: &str, name: &str, width: usize) {
    put(text, format_args!("        {kind}\n        struct {name}({});\n", vec!["u32"; width].join(", ")));
}

/// `c0, c1`: a name for each column.
fn columns(width: usize) -> String {
    (0..width).map(|column| format!("c{column}")).collect::<Vec<_>>().join(", ")
}

/// The texts, things and integers that the rules name elsewhere than in their readings; other constants are their own
/// numbers.
fn named_constants(program: &Program, component: &Component) -> Vec<ConstantId> {
    let mut constants = Vec::new();
    for rule in component.rules.iter().map(|rule| program.rule(*rule)) {
        let body = rule.body.iter().flat_map(|literal| match literal {
            Literal::Positive(atom) | Literal::Negative(atom) if component.relations.contains(&atom.relation) => {
                atom.terms.clone()
            }
            Literal::Positive(_) | Literal::Negative(_) => Vec::new(),
            Literal::Comparison(Comparison { left, right, .. }) => vec![*left, *right],
        });
        constants.extend(rule.head.terms.iter().copied().chain(body).filter_map(|term| match term {
            Term::Constant(constant) if number_of(program, constant).is_none() => Some(constant),
            _ => None,
        }));
    }
    constants.sort_unstable();
    constants.dedup();
    constants
}

/// The value of an action or enum member, which is the same in every run.
fn number_of(program: &Program, constant: ConstantId) -> Option<u32> {
    match program.constants.get(constant) {
        Constant::Action(action) => Some(action.0),
        Constant::Member(_, place) => Some(*place),
        Constant::Text(_) | Constant::Thing(..) | Constant::Int(_) => None,
    }
}

/// A rule: positive literals with the component's own first (crepe runs them in the order written, and only
/// the first is cheap to start from new rows), then readings in an order of theirs, then what all of these bind.
fn crepe_rule(text: &mut String, program: &Program, component: &Component, rule: &Rule, readings: &[Reading]) {
    let (mut body, mut others, mut constants) = (Vec::new(), Vec::new(), Vec::new());
    let mut bound = Vec::new();
    for (atom, _) in atoms(rule).filter(|(atom, _)| component.relations.contains(&atom.relation)) {
        body.push(crepe_atom(program, rule, atom, &mut constants));
        bound.extend(atom.terms.iter().copied());
    }
    let (absent, present): (Vec<&Reading>, Vec<&Reading>) = readings.iter().partition(|reading| reading.is_negative);
    body.extend(in_order(present, bound).iter().map(|reading| reading.crepe_atom(rule)));
    others.extend(absent.iter().map(|reading| reading.crepe_atom(rule)));
    for literal in &rule.body {
        if let Literal::Comparison(comparison) = literal {
            others.push(crepe_comparison(program, rule, comparison, &mut constants));
        }
    }
    let head = crepe_atom(program, rule, &rule.head, &mut constants);
    constants.sort_unstable();
    constants.dedup();
    let named = |constant: &ConstantId| format!("{}({})", constant_name(*constant), constant_variable(*constant));
    let mut whole: Vec<String> = constants.iter().map(named).collect();
    whole.append(&mut body);
    whole.append(&mut others);
    put(text, format_args!("        // {}\n        {head} <- {};\n", rule.id, whole.join(", ")));
}

fn crepe_atom(program: &Program, rule: &Rule, atom: &Atom, constants: &mut Vec<ConstantId>) -> String {
    let terms: Vec<String> = atom.terms.iter().map(|term| crepe_term(program, rule, term, constants)).collect();
    format!("{}({})", camel_case(program, atom.relation), terms.join(", "))
}

fn crepe_comparison(
    program: &Program,
    rule: &Rule,
    comparison: &Comparison,
    constants: &mut Vec<ConstantId>,
) -> String {
    let operator = match comparison.operator {
        Operator::Equal => "==",
        Operator::NotEqual => "!=",
        Operator::Less => "<",
        Operator::LessOrEqual => "<=",
        Operator::Greater => ">",
        Operator::GreaterOrEqual => ">=",
    };
    let left = crepe_term(program, rule, &comparison.left, constants);
    let right = crepe_term(program, rule, &comparison.right, constants);
    format!("({left} {operator} {right})")
}

fn crepe_term(program: &Program, rule: &Rule, term: &Term, constants: &mut Vec<ConstantId>) -> String {
    match term {
        Term::Wildcard => "_".to_owned(),
        Term::Variable(variable) => crepe_variable(rule, *variable),
        Term::Constant(constant) => number_of(program, *constant).map_or_else(
            || {
                constants.push(*constant);
                constant_variable(*constant)
            },
            |number| format!("{number}u32"),
        ),
    }
}

fn crepe_variable(rule: &Rule, variable: VariableId) -> String {
    format!("v{}_{}", variable.0, rule.variables[variable.index()].name.to_ascii_lowercase())
}

fn run_function(
    text: &mut String,
    program: &Program,
    component: &Component,
    readings: &[Vec<Reading>],
    constants: &[ConstantId],
) {
    text.push_str("    pub fn run(exchange: &mut Exchange<'_>) {\n        let mut runtime = Crepe::new();\n");
    for (rule, readings) in component.rules.iter().zip(readings).filter(|(_, readings)| !readings.is_empty()) {
        put(text, format_args!("        // {}\n        let body = exchange.body(&[\n", program.rule(*rule).id));
        for reading in readings {
            let (of, places) = (&program.relation(reading.atom.relation).name, reading.places(program));
            put(text, format_args!("            ({of:?}, {}, &[{places}]),\n", reading.is_negative));
        }
        text.push_str("        ]);\n");
        for (number, reading) in readings.iter().enumerate() {
            let (name, columns) = (&reading.name, columns(reading.width()));
            put(
                text,
                format_args!("        runtime.extend(body.rows({number}).map(|[{columns}]| {name}({columns})));\n"),
            );
        }
    }
    for relation in &component.relations {
        let (of, name) = (&program.relation(*relation).name, camel_case(program, *relation));
        let columns = columns(program.relation(*relation).arity());
        put(
            text,
            format_args!("        runtime.extend(exchange.given({of:?}).map(|[{columns}]| Given{name}({columns})));\n"),
        );
    }
    for constant in constants {
        let (name, value) = (constant_name(*constant), value_of(program, *constant));
        put(text, format_args!("        runtime.extend([{name}({value})]);\n"));
    }
    let outputs = columns_of(component, |place| format!("derived_{place}"));
    put(text, format_args!("        let ({outputs},) = runtime.run_with_hasher::<rustc_hash::FxBuildHasher>();\n"));
    for (place, relation) in component.relations.iter().enumerate() {
        let (of, name) = (&program.relation(*relation).name, camel_case(program, *relation));
        let bound = columns(program.relation(*relation).arity());
        put(
            text,
            format_args!(
                "        exchange.derived({of:?}, derived_{place}.into_iter().map(|{name}({bound})| [{bound}]));\n"
            ),
        );
    }
    text.push_str("    }\n");
}

/// The text of a constant's value.
fn value_of(program: &Program, constant: ConstantId) -> String {
    match program.constants.get(constant) {
        Constant::Text(value) => format!("exchange.text({value:?})"),
        Constant::Thing(entity, id) => format!("exchange.thing({}, {id:?})", entity.0),
        // Rules that name an integer are left to the interpreter.
        Constant::Int(_) => u32::MAX.to_string(),
        Constant::Action(action) => action.0.to_string(),
        Constant::Member(_, place) => place.to_string(),
    }
}

fn columns_of(component: &Component, each: impl Fn(usize) -> String) -> String {
    (0..component.relations.len()).map(each).collect::<Vec<_>>().join(", ")
}

/// `HoldsRole7`: the number keeps names apart that differ in case or underscores only.
fn camel_case(program: &Program, relation: RelationId) -> String {
    let mut name = String::new();
    for word in program.relation(relation).name.split(['_', '.']) {
        let mut letters = word.chars();
        name.extend(letters.next().map(|letter| letter.to_ascii_uppercase()));
        name.push_str(letters.as_str());
    }
    format!("{name}{}", relation.0)
}

fn constant_name(constant: ConstantId) -> String {
    format!("Constant{}", constant.0)
}

fn constant_variable(constant: ConstantId) -> String {
    format!("constant_{}", constant.0)
}

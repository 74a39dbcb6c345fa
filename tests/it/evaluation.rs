//! Texts and data to a finished model, for tests: what the command line does, without files, and the models in a
//! form that two of them can be compared in.

use std::cell::{Ref, RefCell};
use std::collections::{BTreeMap, BTreeSet};

use rolecall::compiler;
use rolecall::compiler::diagnostic::any_error;
use rolecall::compiler::program::{Program, RelationKind};
use rolecall::compiler::source::{Origin, SourceId, Sources};
use rolecall::data::{Database, Value};
use rolecall::engine::{Derivation, Engine, EngineError, Limits, Model, derive};
use rolecall::facts::Loader;
use rolecall::policy;

/// The rows of every input and relation, as people write them.
pub type Shown = BTreeMap<String, BTreeSet<Vec<String>>>;

/// A program, and the texts it was made of.
pub struct Compiled {
    /// The checked program.
    pub program: Program,
    /// The loader adds excerpts of the data to it where there is a mistake.
    sources: RefCell<Sources>,
}

/// The program that these texts make, each as `--policy` would take it; else what is wrong with them.
pub fn compile<T: AsRef<str>>(texts: &[T]) -> Result<Compiled, Vec<String>> {
    compile_after(Sources::default(), Vec::new(), texts, Origin::Policy)
}

/// As [`compile`], for texts without a mistake.
pub fn program(text: &str) -> Compiled {
    compile(&[text]).unwrap_or_else(|mistakes| panic!("{mistakes:#?}\n{text}"))
}

/// The built-in policy, with rule files of an administrator added to it.
pub fn policy_with<T: AsRef<str>>(texts: &[T]) -> Compiled {
    let mut sources = Sources::default();
    let ids = policy::add_to(&mut sources);
    compile_after(sources, ids, texts, Origin::Rules).unwrap_or_else(|mistakes| panic!("{mistakes:#?}"))
}

fn compile_after<T: AsRef<str>>(
    mut sources: Sources,
    mut ids: Vec<SourceId>,
    texts: &[T],
    origin: Origin,
) -> Result<Compiled, Vec<String>> {
    for (number, text) in texts.iter().enumerate() {
        ids.push(sources.add(format!("{number}.rules"), text.as_ref(), origin));
    }
    let (program, diagnostics) = compiler::compile(&sources, &ids);
    match program {
        Some(program) => Ok(Compiled { program, sources: RefCell::new(sources) }),
        None => Err(diagnostics.iter().map(|diagnostic| diagnostic.summary(&sources)).collect()),
    }
}

impl Compiled {
    /// The texts, and excerpts of data with mistakes.
    pub fn sources(&self) -> Ref<'_, Sources> {
        self.sources.borrow()
    }

    /// The facts of the program and of a JSON file without a mistake.
    pub fn database(&self, json: &str) -> Database {
        self.database_of(&[json])
    }

    /// The facts of the program and of JSON files without a mistake.
    pub fn database_of(&self, files: &[&str]) -> Database {
        let mut database = Database::new(&self.program);
        let mut sources = self.sources.borrow_mut();
        let mut loader = Loader::new(&self.program, &mut database, &mut sources);
        for json in files {
            loader.json("data.json", json.as_bytes());
        }
        let diagnostics = loader.finish();
        let mistakes: Vec<String> = diagnostics.iter().map(|diagnostic| diagnostic.summary(&sources)).collect();
        assert!(!any_error(&diagnostics), "{mistakes:#?}\n{files:#?}");
        database
    }

    /// Everything that follows from it and from a JSON file.
    pub fn model(&self, json: &str, engine: Engine) -> Model<'_> {
        model(&self.program, self.database(json), engine)
    }
}

/// Everything that follows.
pub fn model(program: &Program, database: Database, engine: Engine) -> Model<'_> {
    limited(program, database, engine, Limits::default().derived_facts).expect("no test comes near the limit")
}

/// Everything that follows, if that is no more than so many derived facts.
pub fn limited(
    program: &Program,
    database: Database,
    engine: Engine,
    derived_facts: u64,
) -> Result<Model<'_>, EngineError> {
    let how = Derivation { engine, limits: Limits { derived_facts }, ..Derivation::default() };
    derive(program, database, &how, None)
}

/// The rows of a model as people write them.
pub fn shown(model: &Model) -> Shown {
    let stored =
        model.program.relations.iter().enumerate().filter(|(_, relation)| relation.kind != RelationKind::Decision);
    stored.map(|(number, relation)| (relation.name.clone(), shown_rows(model, number))).collect()
}

/// The rows of one relation, sorted, each as `a, b`.
pub fn rows(model: &Model, relation: &str) -> Vec<String> {
    let relation = model.program.relation_named(relation).expect("a relation of that name");
    shown_rows(model, relation.index()).into_iter().map(|row| row.join(", ")).collect()
}

fn shown_rows(model: &Model, relation: usize) -> BTreeSet<Vec<String>> {
    let number = rolecall::compiler::program::RelationId(relation as u32);
    let fields = &model.program.relations[relation].fields;
    let show = |(value, field): (&Value, &rolecall::compiler::program::Field)| {
        model.database.show(model.program, field.ty, *value)
    };
    model.rows(number).map(|row| row.iter().zip(fields).map(show).collect()).collect()
}

/// The first relation, by name, that differs, and the rows that only one side has.
pub fn difference(left: &Shown, right: &Shown) -> Option<String> {
    let names: BTreeSet<&String> = left.keys().chain(right.keys()).collect();
    let none = BTreeSet::new();
    names.into_iter().find_map(|name| {
        let (left, right) = (left.get(name).unwrap_or(&none), right.get(name).unwrap_or(&none));
        let only_left: Vec<_> = left.difference(right).take(3).collect();
        let only_right: Vec<_> = right.difference(left).take(3).collect();
        (left != right).then(|| format!("`{name}`: only the first has {only_left:?}, only the second {only_right:?}"))
    })
}

/// Whether two models over the same loaded facts have the same rows, value by value; else the difference.
pub fn same_rows(left: &Model, right: &Model) -> Result<(), String> {
    for (number, relation) in left.program.relations.iter().enumerate() {
        let id = rolecall::compiler::program::RelationId(number as u32);
        let rows = |model: &Model| model.rows(id).map(|row| row.to_vec()).collect::<BTreeSet<Vec<Value>>>();
        if rows(left) != rows(right) {
            let difference = difference(&shown(left), &shown(right));
            return Err(difference.unwrap_or_else(|| format!("`{}` differs in values alone", relation.name)));
        }
    }
    Ok(())
}

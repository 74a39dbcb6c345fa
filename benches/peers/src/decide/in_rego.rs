//! The portal as data of regorus, with `policy.rego`: by its interpreter, parsed once and data set once, and by the
//! virtual machine for which it compiles.

use std::collections::{BTreeMap, BTreeSet};

use regorus::languages::rego::compiler::Compiler;
use regorus::rvm::vm::RegoVM;
use regorus::{Engine, Value};
use serde_json::{Map, json};

use super::Question;
use super::portal::{LEVELS, Names, Portal, Thing, User};
use crate::measure::Outcome;

const ALLOW: &str = "data.portal.allow";

/// The interpreter.
pub struct Interpreter {
    engine: Engine,
}

impl Interpreter {
    /// Parses the policy and sets the data.
    pub fn new(portal: &Portal) -> Outcome<Interpreter> {
        Ok(Interpreter { engine: engine(portal)? })
    }

    /// Whether a request is allowed.
    pub fn allows(&mut self, input: &Value) -> Outcome<bool> {
        self.engine.set_input(input.clone());
        Ok(self.engine.eval_rule(ALLOW.to_owned())? == Value::from(true))
    }
}

/// The virtual machine.
pub struct Machine {
    machine: RegoVM,
}

impl Machine {
    /// Compiles the policy and sets the data.
    pub fn new(portal: &Portal) -> Outcome<Machine> {
        let mut engine = engine(portal)?;
        let data = engine.get_data();
        let policy = engine.compile_with_entrypoint(&ALLOW.into())?;
        let program = Compiler::compile_from_policy(&policy, &[ALLOW])?;
        let mut machine = RegoVM::new();
        machine.load_program(program);
        machine.set_data(data)?;
        Ok(Machine { machine })
    }

    /// Whether a request is allowed.
    pub fn allows(&mut self, input: &Value) -> Outcome<bool> {
        self.machine.set_input(input.clone());
        Ok(self.machine.execute()? == Value::from(true))
    }
}

fn engine(portal: &Portal) -> Outcome<Engine> {
    let mut engine = Engine::new();
    engine.add_policy("policy.rego".to_owned(), include_str!("policy.rego").to_owned())?;
    engine.add_data(Value::from_json_str(&data(portal).to_string())?)?;
    Ok(engine)
}

/// The inputs of these questions, made beforehand as names are resolved beforehand for Rolecall.
pub fn inputs(questions: &[Question]) -> Outcome<Vec<Value>> {
    let input = |question: &Question| -> Outcome<Value> {
        let Question { user, action, entity, resource } = question;
        let object = json!({ "user": user, "action": action, "type": entity, "resource": resource });
        Ok(Value::from_json_str(&object.to_string())?)
    };
    questions.iter().map(input).collect()
}

fn data(portal: &Portal) -> serde_json::Value {
    let users: Map<_, _> = portal.users.iter().map(|(name, user)| (name.clone(), self::user(user))).collect();
    let things = |things: &BTreeMap<String, Thing>| -> Map<_, _> {
        things.iter().map(|(name, thing)| (name.clone(), self::thing(thing, portal))).collect()
    };
    json!({
        "users": users,
        "channels": things(&portal.channels),
        "chats": things(&portal.chats),
        "calls": things(&portal.calls),
    })
}

fn user(user: &User) -> serde_json::Value {
    let levels: Map<_, _> =
        LEVELS.iter().zip(&user.levels).map(|((action, _), level)| ((*action).to_owned(), json!(level))).collect();
    json!({
        "active": user.active,
        "administrator": user.administrator,
        "works_in": set(&user.works_in),
        "belongs_to": set(&user.belongs_to),
        "levels": levels,
    })
}

fn thing(thing: &Thing, portal: &Portal) -> serde_json::Value {
    let mut object: Map<_, _> = thing.people.iter().map(|(called, users)| ((*called).to_owned(), set(users))).collect();
    let mut above = BTreeSet::new();
    thing.departments.iter().for_each(|department| portal.above(department, &mut above));
    object.insert("above".to_owned(), above.into_iter().map(|name| (name.to_owned(), json!(true))).collect());
    object.into()
}

/// A set as an object, so that one look-up finds a member.
fn set(names: &Names) -> serde_json::Value {
    names.iter().map(|name| (name.clone(), json!(true))).collect::<Map<_, _>>().into()
}

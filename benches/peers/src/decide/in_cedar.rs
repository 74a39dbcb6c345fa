//! The portal as entities of Cedar, with `policy.cedar`.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::str::FromStr;

use cedar_policy::{
    Authorizer, Context, Decision, Entities, Entity, EntityId, EntityTypeName, EntityUid, PolicySet, Request,
    RestrictedExpression,
};

use super::Question;
use super::portal::{LEVELS, Names, Portal, Thing, User};
use crate::measure::Outcome;

/// Policies and entities, ready to authorize.
pub struct Cedar {
    authorizer: Authorizer,
    policies: PolicySet,
    entities: Entities,
}

impl Cedar {
    /// Parses the policies and loads the entities, whose ancestors Cedar computes now.
    pub fn new(portal: &Portal) -> Outcome<Cedar> {
        let policies = PolicySet::from_str(include_str!("policy.cedar"))?;
        let mut entities = Vec::new();
        for (name, above) in &portal.departments {
            entities.push(Entity::new(uid("Department", name)?, HashMap::new(), uids("Department", above)?)?);
        }
        for (name, user) in &portal.users {
            entities.push(Entity::new(uid("User", name)?, attributes(user)?, HashSet::new())?);
        }
        for (ty, things) in [("Channel", &portal.channels), ("Chat", &portal.chats), ("Call", &portal.calls)] {
            entities.extend(self::things(ty, things)?);
        }
        let entities = Entities::from_entities(entities, None)?;
        Ok(Cedar { authorizer: Authorizer::new(), policies, entities })
    }

    /// The requests of these questions, made beforehand as names are resolved beforehand for Rolecall.
    pub fn requests(&self, questions: &[Question]) -> Outcome<Vec<Request>> {
        let request = |question: &Question| -> Outcome<Request> {
            let ty = match question.entity.as_str() {
                "channel" => "Channel",
                "chat" => "Chat",
                _ => "Call",
            };
            let (principal, action) = (uid("User", &question.user)?, uid("Action", &question.action)?);
            Ok(Request::new(principal, action, uid(ty, &question.resource)?, Context::empty(), None)?)
        };
        questions.iter().map(request).collect()
    }

    /// Whether a request is allowed.
    pub fn allows(&self, request: &Request) -> bool {
        self.authorizer.is_authorized(request, &self.policies, &self.entities).decision() == Decision::Allow
    }
}

fn uid(ty: &str, name: &str) -> Outcome<EntityUid> {
    Ok(EntityUid::from_type_name_and_id(EntityTypeName::from_str(ty)?, EntityId::new(name)))
}

fn uids(ty: &str, names: &Names) -> Outcome<HashSet<EntityUid>> {
    names.iter().map(|name| uid(ty, name)).collect()
}

fn set(ty: &str, names: &Names) -> Outcome<RestrictedExpression> {
    let members: Outcome<Vec<EntityUid>> = names.iter().map(|name| uid(ty, name)).collect();
    Ok(RestrictedExpression::new_set(members?.into_iter().map(RestrictedExpression::new_entity_uid)))
}

fn attributes(user: &User) -> Outcome<HashMap<String, RestrictedExpression>> {
    let level = |((action, _), level): (&(&str, _), &u8)| {
        (action.replace('.', "_"), RestrictedExpression::new_long(i64::from(*level)))
    };
    let mut attributes: HashMap<_, _> = LEVELS.iter().zip(&user.levels).map(level).collect();
    attributes.insert("active".to_owned(), RestrictedExpression::new_bool(user.active));
    attributes.insert("administrator".to_owned(), RestrictedExpression::new_bool(user.administrator));
    attributes.insert("works_in".to_owned(), set("Department", &user.works_in)?);
    attributes.insert("belongs_to".to_owned(), set("Department", &user.belongs_to)?);
    Ok(attributes)
}

fn things(ty: &str, things: &BTreeMap<String, Thing>) -> Outcome<Vec<Entity>> {
    let entity = |(name, thing): (&String, &Thing)| -> Outcome<Entity> {
        let people = thing.people.iter().map(|(called, users)| Ok(((*called).to_owned(), set("User", users)?)));
        let attributes = people.collect::<Outcome<HashMap<_, _>>>()?;
        Ok(Entity::new(uid(ty, name)?, attributes, uids("Department", &thing.departments)?)?)
    };
    things.iter().map(entity).collect()
}

//! The facts of one portal: every input of SPEC.md section 2 as a list of typed tuples.
//!
//! The table at the end is the specification's own; the struct and [`Portal::facts`] come from it.
//! Text forms are in [`super::text`].

/// A value of one field, with what its text forms need to know about it.
#[derive(Clone, Debug, PartialEq)]
pub enum Term {
    /// An id or a text: a string in JSON and in rules.
    Text(String),
    /// An enum member or an action: a string in JSON, a bare name in rules.
    Name(&'static str),
    /// A `resource`: the entity and the id.
    Thing(&'static str, String),
}

/// What may stand in a field.
pub trait Field: Sized {
    /// The value as a term.
    fn term(&self) -> Term;
    /// The value that a string in a text stands for; panics on an unknown name.
    fn read(text: &str) -> Self;
}

impl Field for String {
    fn term(&self) -> Term {
        Term::Text(self.clone())
    }
    fn read(text: &str) -> Self {
        text.to_owned()
    }
}

/// A field of type `action`.
impl Field for &'static str {
    fn term(&self) -> Term {
        Term::Name(self)
    }
    fn read(text: &str) -> Self {
        ACTIONS.iter().find(|action| action.name == text).expect("a built-in action").name
    }
}

/// A field of type `resource`.
#[derive(Clone, Debug, PartialEq)]
pub struct Thing {
    /// The entity, such as `user`.
    pub entity: &'static str,
    /// The id within the entity.
    pub id: String,
}

impl Field for Thing {
    fn term(&self) -> Term {
        Term::Thing(self.entity, self.id.clone())
    }
    fn read(text: &str) -> Self {
        let (entity, id) = text.split_once(':').expect("an entity before the colon");
        let entity = ["user", "department", "role", "channel"].into_iter().find(|known| *known == entity);
        Thing { entity: entity.expect("a known entity"), id: id.to_owned() }
    }
}

/// One fact, ready to be written.
#[derive(Clone, Debug, PartialEq)]
pub struct Fact {
    /// The input it belongs to.
    pub relation: &'static str,
    /// Field names and values, in the order of the declaration.
    pub fields: Vec<(&'static str, Term)>,
}

macro_rules! names {
    ($($(#[$doc:meta])* $enum:ident { $($member:ident = $name:literal),+ })+) => { $(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub enum $enum { $(#[doc = $name] $member),+ }

        impl $enum {
            /// Every member, in the order of the declaration.
            pub const ALL: &'static [$enum] = &[$($enum::$member),+];

            /// The member's name in data and rules.
            pub fn name(self) -> &'static str {
                match self { $($enum::$member => $name),+ }
            }
        }

        impl Field for $enum {
            fn term(&self) -> Term {
                Term::Name(self.name())
            }
            fn read(text: &str) -> Self {
                *$enum::ALL.iter().find(|member| member.name() == text).expect("a member's name")
            }
        }
    )+ };
}

names! {
    /// How far a permission reaches; ordered.
    Level {
        Denied = "denied", Own = "own", CrmCustomers = "crm_customers", Department = "department",
        Subdepartments = "subdepartments", CrmAndCoworkers = "crm_and_coworkers", Open = "open", Any = "any"
    }
    /// A person's standing in a workgroup; ordered.
    Membership { Member = "member", Moderator = "moderator", Owner = "owner" }
    /// The part of the product that a role is for.
    Module { OpenChannels = "open_channels", Telephony = "telephony", Crm = "crm" }
    /// How the product is sold.
    Edition { Cloud = "cloud", OnPremise = "on_premise" }
    /// What a plan may lack.
    Feature { OpenChannelAccess = "open_channel_access", TelephonyAccess = "telephony_access" }
    /// Switches of the portal.
    Setting {
        UncoupledChannels = "uncoupled_channels", CrmOverrides = "crm_overrides",
        ChatsByChannel = "chats_by_channel", ListenersDownload = "listeners_download"
    }
    /// What is done to CRM items.
    Operation { Read = "read", Add = "add", Change = "change", Delete = "delete", Export = "export", Import = "import" }
}

macro_rules! inputs {
    ($($relation:ident ( $($field:ident : $type:ty),+ ))+) => {
        /// A portal's facts, a list for each input, in the order of SPEC.md section 2.
        #[derive(Clone, Debug, Default, PartialEq)]
        pub struct Portal { $(#[doc = stringify!($relation($($field),+))] pub $relation: Vec<($($type,)+)>),+ }

        impl Portal {
            /// Every fact, input by input.
            pub fn facts(&self) -> Vec<Fact> {
                let mut facts = Vec::new();
                $(for ($($field,)+) in &self.$relation {
                    let fields = vec![$((stringify!($field), $field.term())),+];
                    facts.push(Fact { relation: stringify!($relation), fields });
                })+
                facts
            }

            /// Adds the fact `relation(terms…)`; panics where there is no such input or a name is unknown.
            pub fn add(&mut self, relation: &str, terms: &[String]) {
                let mut terms = terms.iter();
                match relation {
                    $(stringify!($relation) => self.$relation.push(
                        ($(<$type as Field>::read(terms.next().expect(stringify!($field))),)+)
                    ),)+
                    unknown => panic!("no input is called {unknown}"),
                }
                assert_eq!(terms.next(), None, "too many terms for {relation}");
            }
        }
    };
}

type Action = &'static str;

inputs! {
    edition(edition: Edition)
    plan_lacks(feature: Feature)
    setting(setting: Setting)
    display_name(thing: Thing, name: String)

    user(user: String)
    inactive(user: String)
    administrator(user: String)
    works_in(user: String, department: String)
    department(department: String)
    department_parent(department: String, parent: String)
    department_head(department: String, user: String)
    in_user_group(user: String, user_group: String)
    in_workgroup(user: String, workgroup: String, membership: Membership)

    role(role: String, module: Module)
    role_permission(role: String, action: Action, level: Level)
    assigned_to_user(role: String, user: String)
    assigned_to_employee(role: String, user: String)
    assigned_to_department(role: String, department: String)
    assigned_to_department_tree(role: String, department: String)
    assigned_to_user_group(role: String, user_group: String)
    assigned_to_workgroup(role: String, workgroup: String, membership: Membership)

    channel(channel: String)
    channel_queue(channel: String, user: String)
    channel_editor(channel: String, user: String)
    chat(chat: String, channel: String)
    chat_agent(chat: String, user: String)
    chat_member(chat: String, user: String)
    chat_crm(chat: String, crm_item: String)

    call(call: String)
    call_agent(call: String, user: String)
    call_crm(call: String, crm_item: String)
    drive_access(user: String, call: String)
    user_phone(number: String, user: String)
    crm_phone(number: String, crm_item: String)

    crm_item(crm_item: String, crm_type: String)
    crm_responsible(crm_item: String, user: String)
    crm_stage(crm_item: String, stage: String)
    crm_open(crm_item: String)
    crm_observer(crm_item: String, user: String)
    crm_access(user: String, crm_item: String, operation: Operation)
    crm_role_permission(role: String, crm_type: String, operation: Operation, level: Level)
    crm_role_stage_permission(role: String, crm_type: String, operation: Operation, stage: String, level: Level)

    app(app: String)
    app_assigned_to_user(app: String, user: String)
    app_assigned_to_department(app: String, department: String)
    card_tab(app: String)
}

/// An action of SPEC.md 3.3.
#[derive(Debug)]
pub struct ActionRow {
    /// Its name.
    pub name: Action,
    /// The entity it is done to.
    pub entity: &'static str,
    /// Its module, for the actions of the table.
    pub module: Option<Module>,
    /// The levels that a role may give for it; none for the further actions.
    pub legal: &'static [Level],
}

const fn row(name: Action, entity: &'static str, module: Module, legal: &'static [Level]) -> ActionRow {
    ActionRow { name, entity, module: Some(module), legal }
}

const fn further(name: Action, entity: &'static str) -> ActionRow {
    ActionRow { name, entity, module: None, legal: &[] }
}

use Level::{Any, CrmAndCoworkers, CrmCustomers, Denied, Department, Open, Own, Subdepartments};
use Module::{OpenChannels, Telephony};

const FOUR: &[Level] = &[Denied, Own, Department, Any];
const ON_OFF: &[Level] = &[Denied, Any];

/// Levels that a CRM role may give (C4).
pub const CRM_LEVELS: &[Level] = &[Denied, Own, Department, Subdepartments, Open, Any];

/// Every action of SPEC.md 3.3: the table of L3, then the further ones.
pub const ACTIONS: &[ActionRow] = &[
    row("channel.view", "channel", OpenChannels, FOUR),
    row("channel.edit", "channel", OpenChannels, FOUR),
    row("channel.connect", "channel", OpenChannels, FOUR),
    row("statistics.view", "chat", OpenChannels, FOUR),
    row("history.view", "chat", OpenChannels, FOUR),
    row("chat.join", "chat", OpenChannels, &[Own, Department, Any]),
    row("chat.rate", "chat", OpenChannels, &[Denied, Department, Any]),
    row("access.edit", "portal", OpenChannels, ON_OFF),
    row("canned_response.use", "channel", OpenChannels, ON_OFF),
    row("call.view", "call", Telephony, FOUR),
    row("recording.listen", "call", Telephony, FOUR),
    row("recording.delete", "call", Telephony, FOUR),
    row("call.make", "number", Telephony, &[Denied, CrmCustomers, CrmAndCoworkers, Any]),
    row("phone.configure", "user", Telephony, FOUR),
    row("telephony.configure", "portal", Telephony, ON_OFF),
    row("number.manage", "portal", Telephony, ON_OFF),
    row("balance.manage", "portal", Telephony, ON_OFF),
    further("recording.download", "call"),
    further("recording.reach", "call"),
    further("channel.configure", "channel"),
    further("app.install", "app"),
    further("app.use", "app"),
    further("app_tab.open", "crm_item"),
    further("crm.read", "crm_item"),
    further("crm.change", "crm_item"),
    further("crm.delete", "crm_item"),
    further("crm.export", "crm_item"),
    further("crm.add", "crm_type"),
    further("crm.import", "crm_type"),
];

/// The row of an action; panics on an unknown one.
pub fn action(name: &str) -> &'static ActionRow {
    ACTIONS.iter().find(|action| action.name == name).unwrap_or_else(|| panic!("no action is called {name}"))
}

//! A hand-written evaluator of exactly the built-in policy: dense arrays, compressed rows, look-ups.
//!
//! It is what a program made for this one policy would do, and so the floor under deriving and deciding. It takes
//! the facts from a loaded database, and computes everything that does not depend on a question. `action` numbers
//! the actions, `facts` the things; the other files are the parts of the policy.

mod action;
mod apps;
mod channels;
mod crm;
mod facts;
mod people;
mod roles;
mod rows;
mod telephony;

use rolecall::compiler::program::Program;
use rolecall::data::{Database, Value};
use rolecall::decision::Request;

pub use action::Action;
use apps::Apps;
use channels::Channels;
use crm::{ADD, CHANGE, Crm, DELETE, EXPORT, IMPORT, READ};
use facts::Facts;
use people::People;
use roles::{ANY, Levels};
use telephony::Telephony;

/// The policy over the facts of one portal, ready to decide.
pub struct Dense {
    actions: Vec<Action>,
    places: Vec<u32>,
    /// By action: how many things its entity has.
    counts: Vec<u32>,
    people: People,
    levels: Vec<Levels>,
    crm: Crm,
    channels: Channels,
    telephony: Telephony,
    apps: Apps,
    user_count: u32,
}

/// A request in the numbers of the evaluator.
#[derive(Clone, Copy, Debug)]
pub struct Question {
    user: u32,
    action: Action,
    resource: u32,
}

impl Dense {
    /// Derives everything from loaded facts; the program is the built-in policy alone.
    pub fn derive(program: &Program, database: &Database) -> Result<Dense, String> {
        let actions = action::of_program(program)?;
        let places = facts::places(program, database);
        let facts = Facts::new(program, database, &places);
        let people = People::derive(&facts);
        let holds = roles::holds_role(&facts, &people);
        let levels = roles::levels(&facts, &people, &holds, &actions);
        let crm = Crm::derive(&facts, &holds);
        let (channels, telephony) = (Channels::derive(&facts), Telephony::derive(&facts));
        let apps = Apps::derive(&facts, &people, &crm);
        let on = |action: &rolecall::compiler::program::Action| action.on.map(|entity| database.symbols.count(entity));
        let counts = program.actions.iter().map(|action| on(action).unwrap_or(0) as u32).collect();
        let user_count = facts.count("user") as u32;
        Ok(Dense { actions, places, counts, people, levels, crm, channels, telephony, apps, user_count })
    }

    /// A request of the program in numbers; whoever no fact names becomes the unknown one.
    pub fn question(&self, request: &Request) -> Question {
        let place = |value: Value, unknown| self.places.get(value.index()).copied().unwrap_or(unknown);
        Question {
            user: place(request.subject, self.user_count),
            action: self.actions[request.action.index()],
            resource: place(request.resource, self.counts[request.action.index()]),
        }
    }

    /// The effective level of a user, as its place in the enum.
    #[allow(dead_code, reason = "what the entities of other engines carry")]
    pub fn effective_level(&self, user: Value, action: Action) -> u8 {
        self.places.get(user.index()).map_or(0, |user| self.level(*user, action))
    }

    /// The outcome of a request.
    pub fn allows(&self, question: Question) -> bool {
        let Question { user, action, resource } = question;
        if self.people.inactive[user as usize] {
            return false;
        }
        match action {
            Action::ChannelView | Action::ChannelEdit | Action::ChannelConnect => {
                self.may_channel(user, action, resource)
            }
            Action::StatisticsView | Action::HistoryView | Action::ChatJoin | Action::ChatRate => {
                self.may_chat(user, action, resource)
            }
            Action::AccessEdit | Action::TelephonyConfigure | Action::NumberManage | Action::BalanceManage => {
                self.level(user, action) == ANY
            }
            Action::CannedResponseUse => self.may_use_canned_responses(user, resource),
            Action::ChannelConfigure => self.may_configure_channel(user, resource),
            Action::CallView | Action::RecordingListen | Action::RecordingDelete => {
                self.may_call(user, action, resource)
            }
            Action::RecordingDownload => self.may_download(user, resource),
            Action::RecordingReach => self.may_reach(user, resource),
            Action::CallMake => self.may_phone(user, resource),
            Action::PhoneConfigure => self.may_configure_phone(user, resource),
            Action::AppInstall | Action::AppUse | Action::AppTabOpen => self.may_app(user, action, resource),
            Action::CrmRead => self.crm.may(user, READ, resource, &self.people),
            Action::CrmChange => self.crm.may(user, CHANGE, resource, &self.people),
            Action::CrmDelete => self.crm.may(user, DELETE, resource, &self.people),
            Action::CrmExport => self.crm.may(user, EXPORT, resource, &self.people),
            Action::CrmAdd => self.may_type(user, ADD, resource),
            Action::CrmImport => self.may_type(user, IMPORT, resource),
        }
    }

    /// L6: the effective level.
    #[inline]
    fn level(&self, user: u32, action: Action) -> u8 {
        self.levels[user as usize][action as usize]
    }

    /// C1, C3.
    fn may_type(&self, user: u32, operation: u32, ty: u32) -> bool {
        self.people.administrator[user as usize] || self.crm.gate(user, ty, operation)
    }

    /// A1 to A3.
    fn may_app(&self, user: u32, action: Action, resource: u32) -> bool {
        match action {
            Action::AppInstall => self.apps.exists[resource as usize] && self.people.administrator[user as usize],
            Action::AppUse => self.apps.may_use(user, resource, &self.people),
            _ => self.apps.opens_tabs[user as usize] && self.crm.may(user, READ, resource, &self.people),
        }
    }
}

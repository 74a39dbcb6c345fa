//! What is done with a source in which turn. The export is gone over twice, to learn and to tell; but which chats an activity
//! belongs to is learned while sessions are told, where no table that asks for it was told before.

use crate::bitrix24::catalog::{Expr, Lesson, Source};

/// A turn over the files of an export, in their order.
pub(super) struct Turn {
    learning: bool,
    /// Whether a table was met that asks for the chats of activities.
    asked: bool,
}

/// What is done with rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Task {
    Learn,
    Tell,
    LearnAndTell,
}

impl Turn {
    /// The first one.
    pub fn to_learn() -> Turn {
        Turn { learning: true, asked: false }
    }

    /// The second one.
    pub fn to_tell() -> Turn {
        Turn { learning: false, asked: false }
    }

    /// Whether it is the first one.
    pub fn is_to_learn(&self) -> bool {
        self.learning
    }

    /// What is done with the records of a source that are met now, if anything.
    pub fn task(&mut self, source: &Source) -> Option<Task> {
        self.asked |= source.facts().any(|fact| fact.places.iter().any(|expr| matches!(expr, Expr::ChatsOf(_))));
        let waits = !self.asked && source.lessons.iter().all(|lesson| matches!(lesson, Lesson::Activity { .. }));
        match (self.learning, source.lessons.is_empty(), waits) {
            (true, false, false) => Some(Task::Learn),
            (true, ..) => None,
            (false, false, true) => Some(Task::LearnAndTell),
            (false, ..) => Some(Task::Tell),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bitrix24::listing::table;

    fn tasks(mut turn: Turn, names: &[&str]) -> Vec<Option<Task>> {
        names.iter().filter_map(|name| table(name)).map(|(source, _)| turn.task(source)).collect()
    }

    #[test]
    fn sessions_are_learned_in_advance_only_where_their_activities_were_asked_for() {
        let names = ["b_user", "b_imopenlines_session", "b_crm_act_bind", "b_imopenlines_session", "b_user_group"];
        let learned = [Some(Task::Learn), None, None, Some(Task::Learn), None];
        assert_eq!(tasks(Turn::to_learn(), &names), learned);
        let tell = Some(Task::Tell);
        assert_eq!(tasks(Turn::to_tell(), &names), [tell, Some(Task::LearnAndTell), tell, tell, tell]);
    }
}

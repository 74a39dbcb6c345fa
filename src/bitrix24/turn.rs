//! What is done with a source in which turn. The export is gone over to learn, and then to tell. Which chats an activity belongs
//! to is learned while sessions are told, and tables that ask for it are told last.

use crate::bitrix24::catalog::{Expr, Lesson, Source};

/// A turn over the files of an export.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Turn {
    Learn,
    Tell,
    /// Over the files alone that have something that waits.
    TellWhatWaits,
}

/// What is done with rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Task {
    Learn,
    Tell,
    LearnAndTell,
}

impl Turn {
    /// What is done with the records of a source, if anything.
    pub fn task(self, source: &Source) -> Option<Task> {
        let is_activity = |lesson: &Lesson| matches!(lesson, Lesson::Activity { .. });
        match self {
            Turn::Learn => source.lessons.iter().any(|lesson| !is_activity(lesson)).then_some(Task::Learn),
            Turn::Tell if asks(source) => None,
            Turn::Tell if source.lessons.iter().all(is_activity) && !source.lessons.is_empty() => {
                Some(Task::LearnAndTell)
            }
            Turn::Tell => Some(Task::Tell),
            Turn::TellWhatWaits => asks(source).then_some(Task::Tell),
        }
    }

    /// Whether a source waits until all others are told.
    pub fn delays(self, source: &Source) -> bool {
        self == Turn::Tell && asks(source)
    }
}

/// Whether a source asks for the chats of activities.
fn asks(source: &Source) -> bool {
    source.facts().any(|fact| fact.places.iter().any(|expr| matches!(expr, Expr::ChatsOf(_))))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bitrix24::listing::table;

    #[test]
    fn bindings_wait_for_the_sessions_that_are_told() {
        let tasks = |turn: Turn| {
            let names = ["b_user", "b_crm_act_bind", "b_imopenlines_session", "b_user_group"];
            names.map(|name| table(name).and_then(|(source, _)| turn.task(source)))
        };
        let tell = Some(Task::Tell);
        assert_eq!(tasks(Turn::Learn), [Some(Task::Learn), None, None, None]);
        assert_eq!(tasks(Turn::Tell), [tell, None, Some(Task::LearnAndTell), tell]);
        assert_eq!(tasks(Turn::TellWhatWaits), [None, tell, None, None]);
    }
}

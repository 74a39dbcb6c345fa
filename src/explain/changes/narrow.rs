//! What is left to ask where it is known which requests may change.

use std::collections::BTreeSet;

use rustc_hash::FxHashMap;

use crate::compiler::program::ActionId;
use crate::data::Value;
use crate::explain::changes::asked::{About, Action, Asked, Listed, Piece, Pieces};
use crate::explain::changes::reach::Requests;

/// Where there would be more pieces, all is asked.
const MOST_PIECES: usize = 5_000_000;

impl Asked {
    /// The same without the requests that others than these make; those that are named stay.
    pub fn narrowed(mut self, requests: &Requests) -> Asked {
        if let Pieces::Each(about) = &self.pieces {
            let narrow = Narrow::of(&self, requests);
            let mut pieces = Vec::new();
            for user in 0..self.users.len {
                let kept = about.iter().flat_map(|about| narrow.about(user, about));
                pieces.extend(kept.map(|about| Piece { user, about }));
                if pieces.len() > MOST_PIECES {
                    return self;
                }
            }
            self.pieces = Pieces::These(pieces);
        }
        self
    }
}

/// The requests that are asked, by action.
struct Narrow {
    by_action: Vec<Wanted>,
}

/// What is asked about an action.
#[derive(Clone, Default)]
struct Wanted {
    everything: bool,
    /// Everything of these users.
    users: BTreeSet<usize>,
    /// These things, of every user; entity and number.
    things: BTreeSet<(usize, usize)>,
    /// These things of these users.
    pairs: BTreeSet<(usize, usize, usize)>,
}

impl Narrow {
    fn of(asked: &Asked, requests: &Requests) -> Narrow {
        let mut by_action = vec![Wanted::default(); asked.actions.len()];
        for (side, requests) in requests.iter().enumerate() {
            let users = numbers(&asked.users, side);
            let entities = asked.entities.iter().zip(0..);
            let things = entities.flat_map(|((_, listed), entity)| {
                numbers(listed, side).into_iter().map(move |(value, thing)| (value, (entity, thing)))
            });
            let things: FxHashMap<Value, (usize, usize)> = things.collect();
            for pattern in requests {
                // Whom and what nobody asks about is left out.
                let user = pattern[0].map(|user| users.get(&user).copied().ok_or(())).transpose();
                let thing = pattern[2].map(|thing| things.get(&thing).copied().ok_or(())).transpose();
                let (Ok(user), Ok(thing)) = (user, thing) else { continue };
                let about = |action: &Action| pattern[1].is_none_or(|id| action.ids[side] == Some(ActionId(id.0)));
                let wanted = by_action.iter_mut().zip(&asked.actions).filter(|(_, action)| about(action));
                wanted.for_each(|(wanted, _)| wanted.add(user, thing));
            }
        }
        Narrow { by_action }
    }

    /// What is left of what is asked about a user.
    fn about(&self, user: usize, about: &About) -> Vec<About> {
        let About::Things { action, entity, things } = about else { return vec![about.clone()] };
        let wanted = &self.by_action[*action];
        if wanted.everything || wanted.users.contains(&user) {
            return vec![about.clone()];
        }
        let of_all = wanted.things.range((*entity, things.start)..(*entity, things.end)).map(|(_, thing)| *thing);
        let of_user = wanted.pairs.range((user, *entity, things.start)..(user, *entity, things.end));
        let all: BTreeSet<usize> = of_all.chain(of_user.map(|(_, _, thing)| *thing)).collect();
        let piece = |thing: usize| About::Things { action: *action, entity: *entity, things: thing..thing + 1 };
        all.into_iter().map(piece).collect()
    }
}

impl Wanted {
    fn add(&mut self, user: Option<usize>, thing: Option<(usize, usize)>) {
        match (user, thing) {
            (None, None) => self.everything = true,
            (Some(user), None) => drop(self.users.insert(user)),
            (None, Some(thing)) => drop(self.things.insert(thing)),
            (Some(user), Some((entity, thing))) => drop(self.pairs.insert((user, entity, thing))),
        }
    }
}

/// Of values in a corner: their places in the list.
fn numbers(listed: &Listed, corner: usize) -> FxHashMap<Value, usize> {
    listed.by_corner[corner].iter().flatten().copied().zip(0..).collect()
}

//! P1 to P3, S1 and S2: who belongs where, who is above whom, whom one covers.

use super::facts::Facts;
use super::rows::Rows;

/// Users, departments, and what lies between them.
pub struct People {
    /// User to the departments they work in.
    pub works_in: Rows,
    /// User to the departments they work in or head; one may stand twice.
    pub belongs_to: Rows,
    /// Department to itself and all above it.
    pub within: Rows,
    /// Department to its heads.
    pub heads: Rows,
    /// Who has a `user` fact.
    pub exists: Vec<bool>,
    pub inactive: Vec<bool>,
    pub administrator: Vec<bool>,
}

impl People {
    /// Computes all of it.
    pub fn derive(facts: &Facts) -> People {
        let (users, departments) = (facts.count("user") + 1, facts.count("department") + 1);
        let works = facts.pairs("works_in", 0, 1);
        let belongs = works.clone().chain(facts.pairs("department_head", 1, 0));
        People {
            works_in: Rows::of_pairs(users, works),
            belongs_to: Rows::of_pairs(users, belongs),
            within: within(&Rows::of_pairs(departments, facts.pairs("department_parent", 0, 1)), departments),
            heads: Rows::of_pairs(departments, facts.pairs("department_head", 0, 1)),
            exists: facts.marks("user", "user", 0),
            inactive: facts.marks("user", "inactive", 0),
            administrator: facts.marks("user", "administrator", 0),
        }
    }

    /// S1: whether the user covers the colleague, downward from where the user works.
    #[inline]
    pub fn covers_colleague(&self, user: u32, colleague: u32) -> bool {
        self.covers(user, colleague, &self.works_in)
    }

    /// S2: the same, downward from where the user works or heads.
    #[inline]
    pub fn covers_employee(&self, user: u32, employee: u32) -> bool {
        self.covers(user, employee, &self.belongs_to)
    }

    #[inline]
    fn covers(&self, user: u32, other: u32, from: &Rows) -> bool {
        user == other || !self.inactive[other as usize] && self.is_below(self.works_in.of(other), from.of(user))
    }

    /// Whether one of the departments is within one of `above`.
    #[inline]
    pub fn is_below(&self, departments: &[u32], above: &[u32]) -> bool {
        let is_within = |department: &u32| self.within.of(*department).iter().any(|place| above.contains(place));
        !above.is_empty() && departments.iter().any(is_within)
    }

    /// P3: whether the user is a superior of the other.
    #[inline]
    pub fn is_superior(&self, user: u32, other: u32) -> bool {
        let heads_above =
            |department: &u32| self.within.of(*department).iter().any(|above| self.heads.has(*above, user));
        user != other && self.works_in.of(other).iter().any(heads_above)
    }
}

/// P2: each department with all that can be reached upward; circles end where they began.
fn within(parents: &Rows, departments: usize) -> Rows {
    let mut within = Rows::new();
    let mut seen_from = vec![u32::MAX; departments];
    let mut above = Vec::new();
    for department in 0..departments as u32 {
        above.clear();
        above.push(department);
        seen_from[department as usize] = department;
        let mut next = 0;
        while let Some(place) = above.get(next).copied() {
            next += 1;
            for parent in parents.of(place) {
                if std::mem::replace(&mut seen_from[*parent as usize], department) != department {
                    above.push(*parent);
                }
            }
        }
        within.push(&above);
    }
    within
}

//! SPEC.md 3.1 and 3.2: who belongs where, who is above whom, who holds which role.

use crate::portal::item::Item;
use crate::portal::model::{Edition, Portal};
use std::collections::BTreeSet;

type Pairs<'p> = BTreeSet<(&'p str, &'p str)>;

/// The relations between people, departments and roles, computed once for a portal.
pub struct People<'p> {
    portal: &'p Portal,
    misread: Option<Item>,
    /// (user, department), P1.
    belongs: Pairs<'p>,
    /// (department, another that it is within), P2.
    below: Pairs<'p>,
    /// (superior, inferior), P3.
    superiors: Pairs<'p>,
    /// (user, role), 3.2.
    holds: Pairs<'p>,
}

impl<'p> People<'p> {
    pub fn new(portal: &'p Portal, misread: Option<Item>) -> Self {
        let empty = BTreeSet::new;
        let mut people =
            People { portal, misread, belongs: empty(), below: empty(), superiors: empty(), holds: empty() };
        people.find_belongings();
        people.find_departments_below();
        people.find_superiors();
        people.find_holders();
        people
    }

    /// P1.
    pub fn belongs(&self, user: &str, department: &str) -> bool {
        self.belongs.contains(&(user, department))
    }

    pub fn belongs_somewhere(&self, user: &str) -> bool {
        self.departments_of(user).next().is_some()
    }

    /// P1: every department that the user belongs to.
    pub fn departments_of(&self, user: &str) -> impl Iterator<Item = &'p str> {
        self.belongs.iter().filter(move |(member, _)| *member == user).map(|(_, department)| *department)
    }

    /// The departments where the user works.
    pub fn workplaces_of(&self, user: &str) -> impl Iterator<Item = &'p str> {
        self.portal.works_in.iter().filter(move |(worker, _)| worker == user).map(|(_, department)| department.as_str())
    }

    /// P2.
    pub fn is_within(&self, department: &str, upper: &str) -> bool {
        (department == upper && self.reads(Item::P2Itself)) || self.below.contains(&(department, upper))
    }

    /// P3.
    pub fn is_superior(&self, superior: &str, of: &str) -> bool {
        self.superiors.contains(&(superior, of))
    }

    /// 3.2.
    pub fn holds(&self, user: &str, role: &str) -> bool {
        self.holds.contains(&(user, role))
    }

    fn reads(&self, item: Item) -> bool {
        self.misread != Some(item)
    }

    // P1: whoever works in a department or heads it.
    fn find_belongings(&mut self) {
        for (user, department) in &self.portal.works_in {
            self.belongs.insert((user, department));
        }
        for (department, head) in &self.portal.department_head {
            if self.reads(Item::P1Heads) {
                self.belongs.insert((head, department));
            }
        }
    }

    // P2: every department above, through any number of parents; a cycle ends when nothing new is found.
    fn find_departments_below(&mut self) {
        for (department, parent) in &self.portal.department_parent {
            self.below.insert((department, parent));
        }
        while self.reads(Item::P2Above) {
            let mut found = Vec::new();
            for (department, upper) in &self.below {
                for (child, parent) in &self.portal.department_parent {
                    if child == upper && !self.below.contains(&(*department, parent.as_str())) {
                        found.push((*department, parent.as_str()));
                    }
                }
            }
            if found.is_empty() {
                return;
            }
            self.below.extend(found);
        }
    }

    // P3: the heads of every department that one of the working departments is within, except oneself.
    fn find_superiors(&mut self) {
        let heads_belong = if self.reads(Item::P3WorkingDepartments) { &[] } else { &self.portal.department_head[..] };
        let works = self.portal.works_in.iter().map(|(user, department)| (user, department));
        for (user, department) in works.chain(heads_belong.iter().map(|(department, head)| (head, department))) {
            for (headed, head) in &self.portal.department_head {
                if self.is_within(department, headed) && head != user && self.reads(Item::P3Superiors) {
                    self.superiors.insert((head, user));
                }
            }
        }
    }

    fn find_holders(&mut self) {
        for user in self.everyone() {
            for role in self.assigned_roles(user) {
                self.holds.insert((user, role));
            }
        }
    }

    /// Everyone whom an assignment can reach.
    fn everyone(&self) -> BTreeSet<&'p str> {
        let portal = self.portal;
        let mut everyone: BTreeSet<&str> = self.belongs.iter().map(|(user, _)| *user).collect();
        everyone.extend(portal.department_head.iter().map(|(_, head)| head.as_str()));
        everyone.extend(portal.assigned_to_user.iter().map(|(_, user)| user.as_str()));
        everyone.extend(portal.assigned_to_employee.iter().map(|(_, user)| user.as_str()));
        everyone.extend(portal.in_user_group.iter().map(|(user, _)| user.as_str()));
        everyone.extend(portal.in_workgroup.iter().map(|(user, _, _)| user.as_str()));
        everyone
    }

    fn assigned_roles(&self, user: &str) -> Vec<&'p str> {
        let mut roles = Vec::new();
        // R1.
        for (role, assigned) in &self.portal.assigned_to_user {
            roles.extend((assigned == user && self.reads(Item::R1User)).then_some(role));
        }
        // R2: the department itself, not those below.
        for (role, department) in &self.portal.assigned_to_department {
            let below = !self.reads(Item::R2NotBelow) && self.belongs_within(user, department);
            roles.extend((self.belongs(user, department) && self.reads(Item::R2Department) || below).then_some(role));
        }
        // R3.
        for (role, department) in &self.portal.assigned_to_department_tree {
            roles.extend((self.belongs_within(user, department) && self.reads(Item::R3Tree)).then_some(role));
        }
        // R4.
        for (role, employee) in &self.portal.assigned_to_employee {
            roles.extend(self.is_employee_or_superior(user, employee).then_some(role));
        }
        roles.extend(self.group_roles(user));
        roles.into_iter().map(String::as_str).collect()
    }

    // R4: that user if they belong to any department, and every superior of theirs.
    fn is_employee_or_superior(&self, user: &str, employee: &str) -> bool {
        let somewhere = self.belongs_somewhere(user) || !self.reads(Item::R4Belonging);
        (user == employee && somewhere && self.reads(Item::R4Employee))
            || (self.is_superior(user, employee) && self.reads(Item::R4Superiors))
    }

    fn group_roles(&self, user: &str) -> Vec<&'p String> {
        let mut roles = Vec::new();
        // R5: only where the edition is a fact.
        let on_premise = self.portal.edition.contains(&(Edition::OnPremise,)) || !self.reads(Item::R5Edition);
        for (role, group) in &self.portal.assigned_to_user_group {
            let is_member = self.portal.in_user_group.iter().any(|(member, of)| member == user && of == group);
            roles.extend((is_member && on_premise && self.reads(Item::R5UserGroup)).then_some(role));
        }
        // R6: a membership that is at least the one named.
        for (role, workgroup, least) in &self.portal.assigned_to_workgroup {
            let is_member = self.portal.in_workgroup.iter().any(|(member, of, membership)| {
                let enough = if self.reads(Item::R6Higher) { membership >= least } else { membership == least };
                member == user && of == workgroup && (enough || !self.reads(Item::R6Least))
            });
            roles.extend((is_member && self.reads(Item::R6Workgroup)).then_some(role));
        }
        roles
    }

    /// Whether the user belongs to a department within `upper`.
    pub fn belongs_within(&self, user: &str, upper: &str) -> bool {
        self.departments_of(user).any(|department| self.is_within(department, upper))
    }
}

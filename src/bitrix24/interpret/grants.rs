//! Permissions and assignments, whose relation and level depend on what is stored.

use crate::bitrix24::catalog::{Grant, Module, is_number};
use crate::bitrix24::codes::{OPERATIONS, assignment, crm_type, named};
use crate::bitrix24::interpret::{Interpreter, Told};
use crate::bitrix24::learned::LeftOut;
use crate::bitrix24::reason::Reason;

impl Interpreter<'_> {
    pub(super) fn grant(&mut self, told: &Told, grant: &Grant) {
        match grant {
            Grant::Holders => self.holder(told),
            Grant::Permission(module) => self.with_role(told, module, Self::permission),
            Grant::CrmPermission(module) => self.with_role(told, module, Self::crm_permission),
            Grant::Access(module, column) => {
                self.with_role(told, module, |interpreter, told, _, role| interpreter.access(told, column, role));
            }
        }
    }

    fn with_role(
        &mut self,
        told: &Told,
        module: &'static Module,
        give: impl FnOnce(&mut Self, &Told, &'static Module, &str),
    ) {
        match told.text("ROLE_ID") {
            id if is_number(id) => give(self, told, module, &format!("{}_{id}", module.name)),
            _ => self.skip(told, Reason::Unusable),
        }
    }

    fn permission(&mut self, told: &Told, module: &'static Module, role: &str) {
        let (entity, action) = (told.text("ENTITY"), told.text("ACTION"));
        let action = module.actions.iter().find(|(of, what, _)| *of == entity && *what == action);
        let level = named(module.letters, told.text("PERMISSION").trim());
        let (Some((_, _, action)), Some(level)) = (action, level) else {
            return self.skip(told, Reason::Permission);
        };
        let legal = self.levels.highest_up_to(self.program, action, level);
        if legal != Some(level) && level != "denied" {
            self.skip(told, Reason::Lowered);
        }
        // Where not even "denied" is legal, a stored nothing is nothing.
        if let Some(legal) = legal {
            self.put_named(told, "role_permission", &[role, action, legal]);
        }
    }

    fn crm_permission(&mut self, told: &Told, module: &'static Module, role: &str) {
        let of_type = crm_type(told.text("ENTITY").trim());
        let Some(operation) = named(OPERATIONS, told.text("PERM_TYPE").trim()) else {
            return self.skip(told, Reason::OtherOperation);
        };
        let level = named(module.letters, told.text("ATTR").trim());
        let (field, stage) = (told.text("FIELD").trim(), told.text("FIELD_VALUE").trim());
        match (of_type, level, field) {
            (Some(of_type), Some(level), "-" | "") => {
                self.put_named(told, "crm_role_permission", &[role, &of_type, operation, level]);
            }
            (Some(of_type), Some(level), "STAGE_ID" | "STATUS_ID") if !stage.is_empty() => {
                self.put_named(told, "crm_role_stage_permission", &[role, &of_type, operation, stage, level]);
            }
            _ => self.skip(told, Reason::Permission),
        }
    }

    fn access(&mut self, told: &Told, column: &str, role: &str) {
        let code = told.text(column).trim();
        match assignment(code) {
            Some((relation, id, None)) => self.put_named(told, relation, &[role, id]),
            Some((relation, id, Some(membership))) => self.put_named(told, relation, &[role, id, membership]),
            None => self.skip(told, Reason::AccessCode),
        }
    }

    fn holder(&mut self, told: &Told) {
        let (user, code) = (told.text("USER_ID"), told.text("ACCESS_CODE").trim());
        if is_number(user) && self.learned.why_left_out(LeftOut::User, user).is_none() {
            self.holders.stored(user, code, told.text("PROVIDER_ID"));
        }
    }
}

//! The inputs of the policy as typed rows, borrowed from the text: what serde makes of a portal in JSON.

use serde::Deserialize;

macro_rules! portal {
    ($($relation:ident $row:ident { $($field:ident),* })*) => {
        /// A portal in one JSON object.
        #[derive(Debug, Default, Deserialize)]
        #[serde(default)]
        pub struct Portal<'p> {
            $(#[serde(borrow)] pub $relation: Vec<$row<'p>>,)*
            #[serde(borrow)]
            pub display_name: Vec<DisplayName<'p>>,
        }

        impl Portal<'_> {
            /// How many rows there are.
            pub fn rows(&self) -> usize {
                self.display_name.len() $(+ self.$relation.len())*
            }
        }

        $(
            #[derive(Debug, Deserialize)]
            #[allow(dead_code, reason = "read for the sake of reading")]
            pub struct $row<'p> {
                $(pub $field: &'p str,)*
            }
        )*
    };
}

portal! {
    administrator Administrator { user }
    app App { app }
    app_assigned_to_department AppAssignedToDepartment { app, department }
    app_assigned_to_user AppAssignedToUser { app, user }
    assigned_to_department AssignedToDepartment { role, department }
    assigned_to_department_tree AssignedToDepartmentTree { role, department }
    assigned_to_employee AssignedToEmployee { role, user }
    assigned_to_user AssignedToUser { role, user }
    assigned_to_user_group AssignedToUserGroup { role, user_group }
    assigned_to_workgroup AssignedToWorkgroup { role, workgroup, membership }
    call Call { call }
    call_agent CallAgent { call, user }
    call_crm CallCrm { call, crm_item }
    card_tab CardTab { app }
    channel Channel { channel }
    channel_editor ChannelEditor { channel, user }
    channel_queue ChannelQueue { channel, user }
    chat Chat { chat, channel }
    chat_agent ChatAgent { chat, user }
    chat_crm ChatCrm { chat, crm_item }
    chat_member ChatMember { chat, user }
    crm_access CrmAccess { user, crm_item, operation }
    crm_item CrmItem { crm_item, crm_type }
    crm_observer CrmObserver { crm_item, user }
    crm_open CrmOpen { crm_item }
    crm_phone CrmPhone { number, crm_item }
    crm_responsible CrmResponsible { crm_item, user }
    crm_role_permission CrmRolePermission { role, crm_type, operation, level }
    crm_role_stage_permission CrmRoleStagePermission { role, crm_type, operation, stage, level }
    crm_stage CrmStage { crm_item, stage }
    department Department { department }
    department_head DepartmentHead { department, user }
    department_parent DepartmentParent { department, parent }
    drive_access DriveAccess { user, call }
    edition Edition { edition }
    in_user_group InUserGroup { user, user_group }
    in_workgroup InWorkgroup { user, workgroup, membership }
    inactive Inactive { user }
    role Role { role, module }
    role_permission RolePermission { role, action, level }
    user User { user }
    user_phone UserPhone { number, user }
    works_in WorksIn { user, department }
}

/// A display name may hold escapes, and then it is no piece of the text.
#[derive(Debug, Deserialize)]
#[allow(dead_code, reason = "read for the sake of reading")]
pub struct DisplayName<'p> {
    pub thing: &'p str,
    #[serde(borrow)]
    pub name: std::borrow::Cow<'p, str>,
}

// Made by the build script from the built-in rules.

mod component_names_user {
    use super::Exchange;

    crepe::crepe! {
        @input
        struct CrmResponsible22(u32, u32);
        @input
        struct CrmObserver25(u32, u32);
        @input
        struct CrmAccess26(u32, u32, u32);
        @input
        struct GivenNamesUser20(u32, u32);
        @output
        struct NamesUser20(u32, u32);

        NamesUser20(c0, c1) <- GivenNamesUser20(c0, c1);
        // item-names-responsible
        NamesUser20(v0_item, v1_user) <- CrmResponsible22(v0_item, v1_user);
        // item-names-observer
        NamesUser20(v0_item, v1_user) <- CrmObserver25(v0_item, v1_user);
        // item-names-user-with-access
        NamesUser20(v0_item, v1_user) <- CrmAccess26(v1_user, v0_item, _);
    }

    pub fn run(exchange: &mut Exchange<'_>) {
        let mut runtime = Crepe::new();
        runtime.extend(exchange.rows("crm_responsible").map(|row| CrmResponsible22(row[0].0, row[1].0)));
        runtime.extend(exchange.rows("crm_observer").map(|row| CrmObserver25(row[0].0, row[1].0)));
        runtime.extend(exchange.rows("crm_access").map(|row| CrmAccess26(row[0].0, row[1].0, row[2].0)));
        runtime.extend(exchange.rows("names_user").map(|row| GivenNamesUser20(row[0].0, row[1].0)));
        let (derived_0,) = runtime.run_with_hasher::<rustc_hash::FxBuildHasher>();
        exchange.derived("names_user", derived_0.into_iter().map(|NamesUser20(c0, c1)| [c0, c1]));
    }
}

mod component_belongs_to {
    use super::Exchange;

    crepe::crepe! {
        @input
        struct WorksIn59(u32, u32);
        @input
        struct DepartmentHead62(u32, u32);
        @input
        struct GivenBelongsTo68(u32, u32);
        @output
        struct BelongsTo68(u32, u32);

        BelongsTo68(c0, c1) <- GivenBelongsTo68(c0, c1);
        // belongs-by-work
        BelongsTo68(v0_user, v1_dept) <- WorksIn59(v0_user, v1_dept);
        // belongs-by-heading
        BelongsTo68(v0_user, v1_dept) <- DepartmentHead62(v1_dept, v0_user);
    }

    pub fn run(exchange: &mut Exchange<'_>) {
        let mut runtime = Crepe::new();
        runtime.extend(exchange.rows("works_in").map(|row| WorksIn59(row[0].0, row[1].0)));
        runtime.extend(exchange.rows("department_head").map(|row| DepartmentHead62(row[0].0, row[1].0)));
        runtime.extend(exchange.rows("belongs_to").map(|row| GivenBelongsTo68(row[0].0, row[1].0)));
        let (derived_0,) = runtime.run_with_hasher::<rustc_hash::FxBuildHasher>();
        exchange.derived("belongs_to", derived_0.into_iter().map(|BelongsTo68(c0, c1)| [c0, c1]));
    }
}

mod component_reported {
    use super::Exchange;

    crepe::crepe! {
        @input
        struct DepartmentParent61(u32, u32);
        @input
        struct Within69(u32, u32);
        @input
        struct Role72(u32, u32);
        @input
        struct RolePermission73(u32, u32, u32);
        @input
        struct LevelAction81(u32, u32);
        @input
        struct GivenReported71(u32);
        @output
        struct Reported71(u32);

        Reported71(c0) <- GivenReported71(c0);
        // department-cycle
        Reported71(v0_dept) <- DepartmentParent61(v0_dept, v1_parent), Within69(v1_parent, v0_dept);
        // undeclared-role
        Reported71(v0_role) <- RolePermission73(v0_role, v1_action, v2_given), !Role72(v0_role, _);
        // role-of-other-module
        Reported71(v0_role) <- RolePermission73(v0_role, v1_action, v2_given), LevelAction81(v1_action, v3_other), Role72(v0_role, v4_module), !Role72(v0_role, v3_other);
    }

    pub fn run(exchange: &mut Exchange<'_>) {
        let mut runtime = Crepe::new();
        runtime.extend(exchange.rows("department_parent").map(|row| DepartmentParent61(row[0].0, row[1].0)));
        runtime.extend(exchange.rows("within").map(|row| Within69(row[0].0, row[1].0)));
        runtime.extend(exchange.rows("role").map(|row| Role72(row[0].0, row[1].0)));
        runtime.extend(exchange.rows("role_permission").map(|row| RolePermission73(row[0].0, row[1].0, row[2].0)));
        runtime.extend(exchange.rows("level_action").map(|row| LevelAction81(row[0].0, row[1].0)));
        runtime.extend(exchange.rows("reported").map(|row| GivenReported71(row[0].0)));
        let (derived_0,) = runtime.run_with_hasher::<rustc_hash::FxBuildHasher>();
        exchange.derived("reported", derived_0.into_iter().map(|Reported71(c0)| [c0]));
    }
}

mod component_holds_role {
    use super::Exchange;

    crepe::crepe! {
        @input
        struct Edition52(u32);
        @input
        struct WorksIn59(u32, u32);
        @input
        struct DepartmentHead62(u32, u32);
        @input
        struct InUserGroup63(u32, u32);
        @input
        struct InWorkgroup64(u32, u32, u32);
        @input
        struct BelongsTo68(u32, u32);
        @input
        struct Within69(u32, u32);
        @input
        struct AssignedToUser74(u32, u32);
        @input
        struct AssignedToEmployee75(u32, u32);
        @input
        struct AssignedToDepartment76(u32, u32);
        @input
        struct AssignedToDepartmentTree77(u32, u32);
        @input
        struct AssignedToUserGroup78(u32, u32);
        @input
        struct AssignedToWorkgroup79(u32, u32, u32);
        @input
        struct GivenHoldsRole80(u32, u32);
        @output
        struct HoldsRole80(u32, u32);

        HoldsRole80(c0, c1) <- GivenHoldsRole80(c0, c1);
        // role-of-user
        HoldsRole80(v0_user, v1_role) <- AssignedToUser74(v1_role, v0_user);
        // role-of-department
        HoldsRole80(v0_user, v1_role) <- AssignedToDepartment76(v1_role, v2_dept), BelongsTo68(v0_user, v2_dept);
        // role-of-department-tree
        HoldsRole80(v0_user, v1_role) <- AssignedToDepartmentTree77(v1_role, v2_above), Within69(v3_dept, v2_above), BelongsTo68(v0_user, v3_dept);
        // role-of-employee
        HoldsRole80(v0_user, v1_role) <- AssignedToEmployee75(v1_role, v0_user), BelongsTo68(v0_user, v2_dept);
        // role-of-superior
        HoldsRole80(v0_head, v1_role) <- AssignedToEmployee75(v1_role, v2_user), WorksIn59(v2_user, v3_dept), Within69(v3_dept, v4_above), DepartmentHead62(v4_above, v0_head), (v0_head != v2_user);
        // role-of-user-group
        HoldsRole80(v0_user, v1_role) <- Edition52(1u32), AssignedToUserGroup78(v1_role, v2_group), InUserGroup63(v0_user, v2_group);
        // role-of-workgroup
        HoldsRole80(v0_user, v1_role) <- AssignedToWorkgroup79(v1_role, v2_group, v3_least), InWorkgroup64(v0_user, v2_group, v4_membership), (v4_membership >= v3_least);
    }

    pub fn run(exchange: &mut Exchange<'_>) {
        let mut runtime = Crepe::new();
        runtime.extend(exchange.rows("edition").map(|row| Edition52(row[0].0)));
        runtime.extend(exchange.rows("works_in").map(|row| WorksIn59(row[0].0, row[1].0)));
        runtime.extend(exchange.rows("department_head").map(|row| DepartmentHead62(row[0].0, row[1].0)));
        runtime.extend(exchange.rows("in_user_group").map(|row| InUserGroup63(row[0].0, row[1].0)));
        runtime.extend(exchange.rows("in_workgroup").map(|row| InWorkgroup64(row[0].0, row[1].0, row[2].0)));
        runtime.extend(exchange.rows("belongs_to").map(|row| BelongsTo68(row[0].0, row[1].0)));
        runtime.extend(exchange.rows("within").map(|row| Within69(row[0].0, row[1].0)));
        runtime.extend(exchange.rows("assigned_to_user").map(|row| AssignedToUser74(row[0].0, row[1].0)));
        runtime.extend(exchange.rows("assigned_to_employee").map(|row| AssignedToEmployee75(row[0].0, row[1].0)));
        runtime.extend(exchange.rows("assigned_to_department").map(|row| AssignedToDepartment76(row[0].0, row[1].0)));
        runtime.extend(exchange.rows("assigned_to_department_tree").map(|row| AssignedToDepartmentTree77(row[0].0, row[1].0)));
        runtime.extend(exchange.rows("assigned_to_user_group").map(|row| AssignedToUserGroup78(row[0].0, row[1].0)));
        runtime.extend(exchange.rows("assigned_to_workgroup").map(|row| AssignedToWorkgroup79(row[0].0, row[1].0, row[2].0)));
        runtime.extend(exchange.rows("holds_role").map(|row| GivenHoldsRole80(row[0].0, row[1].0)));
        let (derived_0,) = runtime.run_with_hasher::<rustc_hash::FxBuildHasher>();
        exchange.derived("holds_role", derived_0.into_iter().map(|HoldsRole80(c0, c1)| [c0, c1]));
    }
}

/// Every component, with the relations it derives and the number of its rules.
pub const COMPONENTS: &[Compiled] = &[
    Compiled { relations: &["names_user"], rules: 3, run: component_names_user::run },
    Compiled { relations: &["belongs_to"], rules: 2, run: component_belongs_to::run },
    Compiled { relations: &["reported"], rules: 3, run: component_reported::run },
    Compiled { relations: &["holds_role"], rules: 7, run: component_holds_role::run },
];

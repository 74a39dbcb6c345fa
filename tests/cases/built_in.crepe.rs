// Made by the build script from the built-in rules.

mod component_names_user {
    use super::Exchange;

    crepe::crepe! {
        @input
        struct CrmResponsible23(u32, u32);
        @input
        struct CrmObserver26(u32, u32);
        @input
        struct CrmAccess27(u32, u32, u32);
        @input
        struct GivenNamesUser20(u32, u32);
        @output
        struct NamesUser20(u32, u32);

        NamesUser20(c0, c1) <- GivenNamesUser20(c0, c1);
        // item-names-responsible
        NamesUser20(v0_item, v1_user) <- CrmResponsible23(v0_item, v1_user);
        // item-names-observer
        NamesUser20(v0_item, v1_user) <- CrmObserver26(v0_item, v1_user);
        // item-names-user-with-access
        NamesUser20(v0_item, v1_user) <- CrmAccess27(v1_user, v0_item, _);
    }

    pub fn run(exchange: &mut Exchange<'_>) {
        let mut runtime = Crepe::new();
        runtime.extend(exchange.rows("crm_responsible").map(|row| CrmResponsible23(row[0].0, row[1].0)));
        runtime.extend(exchange.rows("crm_observer").map(|row| CrmObserver26(row[0].0, row[1].0)));
        runtime.extend(exchange.rows("crm_access").map(|row| CrmAccess27(row[0].0, row[1].0, row[2].0)));
        runtime.extend(exchange.rows("names_user").map(|row| GivenNamesUser20(row[0].0, row[1].0)));
        let (derived_0,) = runtime.run_with_hasher::<rustc_hash::FxBuildHasher>();
        exchange.derived("names_user", derived_0.into_iter().map(|NamesUser20(c0, c1)| [c0, c1]));
    }
}

mod component_belongs_to {
    use super::Exchange;

    crepe::crepe! {
        @input
        struct WorksIn60(u32, u32);
        @input
        struct DepartmentHead63(u32, u32);
        @input
        struct GivenBelongsTo69(u32, u32);
        @output
        struct BelongsTo69(u32, u32);

        BelongsTo69(c0, c1) <- GivenBelongsTo69(c0, c1);
        // belongs-by-work
        BelongsTo69(v0_user, v1_dept) <- WorksIn60(v0_user, v1_dept);
        // belongs-by-heading
        BelongsTo69(v0_user, v1_dept) <- DepartmentHead63(v1_dept, v0_user);
    }

    pub fn run(exchange: &mut Exchange<'_>) {
        let mut runtime = Crepe::new();
        runtime.extend(exchange.rows("works_in").map(|row| WorksIn60(row[0].0, row[1].0)));
        runtime.extend(exchange.rows("department_head").map(|row| DepartmentHead63(row[0].0, row[1].0)));
        runtime.extend(exchange.rows("belongs_to").map(|row| GivenBelongsTo69(row[0].0, row[1].0)));
        let (derived_0,) = runtime.run_with_hasher::<rustc_hash::FxBuildHasher>();
        exchange.derived("belongs_to", derived_0.into_iter().map(|BelongsTo69(c0, c1)| [c0, c1]));
    }
}

mod component_reported {
    use super::Exchange;

    crepe::crepe! {
        @input
        struct DepartmentParent62(u32, u32);
        @input
        struct Within70(u32, u32);
        @input
        struct Role73(u32, u32);
        @input
        struct RolePermission74(u32, u32, u32);
        @input
        struct LevelAction82(u32, u32);
        @input
        struct GivenReported72(u32);
        @output
        struct Reported72(u32);

        Reported72(c0) <- GivenReported72(c0);
        // department-cycle
        Reported72(v0_dept) <- DepartmentParent62(v0_dept, v1_parent), Within70(v1_parent, v0_dept);
        // undeclared-role
        Reported72(v0_role) <- RolePermission74(v0_role, v1_action, v2_given), !Role73(v0_role, _);
        // role-of-other-module
        Reported72(v0_role) <- RolePermission74(v0_role, v1_action, v2_given), LevelAction82(v1_action, v3_other), Role73(v0_role, v4_module), !Role73(v0_role, v3_other);
    }

    pub fn run(exchange: &mut Exchange<'_>) {
        let mut runtime = Crepe::new();
        runtime.extend(exchange.rows("department_parent").map(|row| DepartmentParent62(row[0].0, row[1].0)));
        runtime.extend(exchange.rows("within").map(|row| Within70(row[0].0, row[1].0)));
        runtime.extend(exchange.rows("role").map(|row| Role73(row[0].0, row[1].0)));
        runtime.extend(exchange.rows("role_permission").map(|row| RolePermission74(row[0].0, row[1].0, row[2].0)));
        runtime.extend(exchange.rows("level_action").map(|row| LevelAction82(row[0].0, row[1].0)));
        runtime.extend(exchange.rows("reported").map(|row| GivenReported72(row[0].0)));
        let (derived_0,) = runtime.run_with_hasher::<rustc_hash::FxBuildHasher>();
        exchange.derived("reported", derived_0.into_iter().map(|Reported72(c0)| [c0]));
    }
}

mod component_holds_role {
    use super::Exchange;

    crepe::crepe! {
        @input
        struct Edition53(u32);
        @input
        struct WorksIn60(u32, u32);
        @input
        struct DepartmentHead63(u32, u32);
        @input
        struct InUserGroup64(u32, u32);
        @input
        struct InWorkgroup65(u32, u32, u32);
        @input
        struct BelongsTo69(u32, u32);
        @input
        struct Within70(u32, u32);
        @input
        struct AssignedToUser75(u32, u32);
        @input
        struct AssignedToEmployee76(u32, u32);
        @input
        struct AssignedToDepartment77(u32, u32);
        @input
        struct AssignedToDepartmentTree78(u32, u32);
        @input
        struct AssignedToUserGroup79(u32, u32);
        @input
        struct AssignedToWorkgroup80(u32, u32, u32);
        @input
        struct GivenHoldsRole81(u32, u32);
        @output
        struct HoldsRole81(u32, u32);

        HoldsRole81(c0, c1) <- GivenHoldsRole81(c0, c1);
        // role-of-user
        HoldsRole81(v0_user, v1_role) <- AssignedToUser75(v1_role, v0_user);
        // role-of-department
        HoldsRole81(v0_user, v1_role) <- AssignedToDepartment77(v1_role, v2_dept), BelongsTo69(v0_user, v2_dept);
        // role-of-department-tree
        HoldsRole81(v0_user, v1_role) <- AssignedToDepartmentTree78(v1_role, v2_above), Within70(v3_dept, v2_above), BelongsTo69(v0_user, v3_dept);
        // role-of-employee
        HoldsRole81(v0_user, v1_role) <- AssignedToEmployee76(v1_role, v0_user), BelongsTo69(v0_user, v2_dept);
        // role-of-superior
        HoldsRole81(v0_head, v1_role) <- AssignedToEmployee76(v1_role, v2_user), WorksIn60(v2_user, v3_dept), Within70(v3_dept, v4_above), DepartmentHead63(v4_above, v0_head), (v0_head != v2_user);
        // role-of-user-group
        HoldsRole81(v0_user, v1_role) <- Edition53(1u32), AssignedToUserGroup79(v1_role, v2_group), InUserGroup64(v0_user, v2_group);
        // role-of-workgroup
        HoldsRole81(v0_user, v1_role) <- AssignedToWorkgroup80(v1_role, v2_group, v3_least), InWorkgroup65(v0_user, v2_group, v4_membership), (v4_membership >= v3_least);
    }

    pub fn run(exchange: &mut Exchange<'_>) {
        let mut runtime = Crepe::new();
        runtime.extend(exchange.rows("edition").map(|row| Edition53(row[0].0)));
        runtime.extend(exchange.rows("works_in").map(|row| WorksIn60(row[0].0, row[1].0)));
        runtime.extend(exchange.rows("department_head").map(|row| DepartmentHead63(row[0].0, row[1].0)));
        runtime.extend(exchange.rows("in_user_group").map(|row| InUserGroup64(row[0].0, row[1].0)));
        runtime.extend(exchange.rows("in_workgroup").map(|row| InWorkgroup65(row[0].0, row[1].0, row[2].0)));
        runtime.extend(exchange.rows("belongs_to").map(|row| BelongsTo69(row[0].0, row[1].0)));
        runtime.extend(exchange.rows("within").map(|row| Within70(row[0].0, row[1].0)));
        runtime.extend(exchange.rows("assigned_to_user").map(|row| AssignedToUser75(row[0].0, row[1].0)));
        runtime.extend(exchange.rows("assigned_to_employee").map(|row| AssignedToEmployee76(row[0].0, row[1].0)));
        runtime.extend(exchange.rows("assigned_to_department").map(|row| AssignedToDepartment77(row[0].0, row[1].0)));
        runtime.extend(exchange.rows("assigned_to_department_tree").map(|row| AssignedToDepartmentTree78(row[0].0, row[1].0)));
        runtime.extend(exchange.rows("assigned_to_user_group").map(|row| AssignedToUserGroup79(row[0].0, row[1].0)));
        runtime.extend(exchange.rows("assigned_to_workgroup").map(|row| AssignedToWorkgroup80(row[0].0, row[1].0, row[2].0)));
        runtime.extend(exchange.rows("holds_role").map(|row| GivenHoldsRole81(row[0].0, row[1].0)));
        let (derived_0,) = runtime.run_with_hasher::<rustc_hash::FxBuildHasher>();
        exchange.derived("holds_role", derived_0.into_iter().map(|HoldsRole81(c0, c1)| [c0, c1]));
    }
}

/// Every component, with the relations it derives and the number of its rules.
pub const COMPONENTS: &[Compiled] = &[
    Compiled { relations: &["names_user"], rules: 3, run: component_names_user::run },
    Compiled { relations: &["belongs_to"], rules: 2, run: component_belongs_to::run },
    Compiled { relations: &["reported"], rules: 3, run: component_reported::run },
    Compiled { relations: &["holds_role"], rules: 7, run: component_holds_role::run },
];

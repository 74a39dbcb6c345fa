// Made by the build script from the built-in rules.

mod component_belongs_to {
    use super::Exchange;

    crepe::crepe! {
        @input
        struct WorksIn43(u32, u32);
        @input
        struct DepartmentHead46(u32, u32);
        @input
        struct GivenBelongsTo52(u32, u32);
        @output
        struct BelongsTo52(u32, u32);

        BelongsTo52(c0, c1) <- GivenBelongsTo52(c0, c1);
        // belongs-by-work
        BelongsTo52(v0_user, v1_dept) <- WorksIn43(v0_user, v1_dept);
        // belongs-by-heading
        BelongsTo52(v0_user, v1_dept) <- DepartmentHead46(v1_dept, v0_user);
    }

    pub fn run(exchange: &mut Exchange<'_>) {
        let mut runtime = Crepe::new();
        runtime.extend(exchange.rows("works_in").map(|row| WorksIn43(row[0].0, row[1].0)));
        runtime.extend(exchange.rows("department_head").map(|row| DepartmentHead46(row[0].0, row[1].0)));
        runtime.extend(exchange.rows("belongs_to").map(|row| GivenBelongsTo52(row[0].0, row[1].0)));
        let (derived_0,) = runtime.run_with_hasher::<rustc_hash::FxBuildHasher>();
        exchange.derived("belongs_to", derived_0.into_iter().map(|BelongsTo52(c0, c1)| [c0, c1]));
    }
}

mod component_reported {
    use super::Exchange;

    crepe::crepe! {
        @input
        struct DepartmentParent45(u32, u32);
        @input
        struct Within53(u32, u32);
        @input
        struct Role56(u32, u32);
        @input
        struct RolePermission57(u32, u32, u32);
        @input
        struct LevelAction65(u32, u32);
        @input
        struct GivenReported55(u32);
        @output
        struct Reported55(u32);

        Reported55(c0) <- GivenReported55(c0);
        // department-cycle
        Reported55(v0_dept) <- DepartmentParent45(v0_dept, v1_parent), Within53(v1_parent, v0_dept);
        // undeclared-role
        Reported55(v0_role) <- RolePermission57(v0_role, v1_action, v2_given), !Role56(v0_role, _);
        // role-of-other-module
        Reported55(v0_role) <- RolePermission57(v0_role, v1_action, v2_given), LevelAction65(v1_action, v3_other), Role56(v0_role, v4_module), !Role56(v0_role, v3_other);
    }

    pub fn run(exchange: &mut Exchange<'_>) {
        let mut runtime = Crepe::new();
        runtime.extend(exchange.rows("department_parent").map(|row| DepartmentParent45(row[0].0, row[1].0)));
        runtime.extend(exchange.rows("within").map(|row| Within53(row[0].0, row[1].0)));
        runtime.extend(exchange.rows("role").map(|row| Role56(row[0].0, row[1].0)));
        runtime.extend(exchange.rows("role_permission").map(|row| RolePermission57(row[0].0, row[1].0, row[2].0)));
        runtime.extend(exchange.rows("level_action").map(|row| LevelAction65(row[0].0, row[1].0)));
        runtime.extend(exchange.rows("reported").map(|row| GivenReported55(row[0].0)));
        let (derived_0,) = runtime.run_with_hasher::<rustc_hash::FxBuildHasher>();
        exchange.derived("reported", derived_0.into_iter().map(|Reported55(c0)| [c0]));
    }
}

mod component_holds_role {
    use super::Exchange;

    crepe::crepe! {
        @input
        struct Edition36(u32);
        @input
        struct WorksIn43(u32, u32);
        @input
        struct DepartmentHead46(u32, u32);
        @input
        struct InUserGroup47(u32, u32);
        @input
        struct InWorkgroup48(u32, u32, u32);
        @input
        struct BelongsTo52(u32, u32);
        @input
        struct Within53(u32, u32);
        @input
        struct AssignedToUser58(u32, u32);
        @input
        struct AssignedToEmployee59(u32, u32);
        @input
        struct AssignedToDepartment60(u32, u32);
        @input
        struct AssignedToDepartmentTree61(u32, u32);
        @input
        struct AssignedToUserGroup62(u32, u32);
        @input
        struct AssignedToWorkgroup63(u32, u32, u32);
        @input
        struct GivenHoldsRole64(u32, u32);
        @output
        struct HoldsRole64(u32, u32);

        HoldsRole64(c0, c1) <- GivenHoldsRole64(c0, c1);
        // role-of-user
        HoldsRole64(v0_user, v1_role) <- AssignedToUser58(v1_role, v0_user);
        // role-of-department
        HoldsRole64(v0_user, v1_role) <- AssignedToDepartment60(v1_role, v2_dept), BelongsTo52(v0_user, v2_dept);
        // role-of-department-tree
        HoldsRole64(v0_user, v1_role) <- AssignedToDepartmentTree61(v1_role, v2_above), Within53(v3_dept, v2_above), BelongsTo52(v0_user, v3_dept);
        // role-of-employee
        HoldsRole64(v0_user, v1_role) <- AssignedToEmployee59(v1_role, v0_user), BelongsTo52(v0_user, v2_dept);
        // role-of-superior
        HoldsRole64(v0_head, v1_role) <- AssignedToEmployee59(v1_role, v2_user), WorksIn43(v2_user, v3_dept), Within53(v3_dept, v4_above), DepartmentHead46(v4_above, v0_head), (v0_head != v2_user);
        // role-of-user-group
        HoldsRole64(v0_user, v1_role) <- Edition36(1u32), AssignedToUserGroup62(v1_role, v2_group), InUserGroup47(v0_user, v2_group);
        // role-of-workgroup
        HoldsRole64(v0_user, v1_role) <- AssignedToWorkgroup63(v1_role, v2_group, v3_least), InWorkgroup48(v0_user, v2_group, v4_membership), (v4_membership >= v3_least);
    }

    pub fn run(exchange: &mut Exchange<'_>) {
        let mut runtime = Crepe::new();
        runtime.extend(exchange.rows("edition").map(|row| Edition36(row[0].0)));
        runtime.extend(exchange.rows("works_in").map(|row| WorksIn43(row[0].0, row[1].0)));
        runtime.extend(exchange.rows("department_head").map(|row| DepartmentHead46(row[0].0, row[1].0)));
        runtime.extend(exchange.rows("in_user_group").map(|row| InUserGroup47(row[0].0, row[1].0)));
        runtime.extend(exchange.rows("in_workgroup").map(|row| InWorkgroup48(row[0].0, row[1].0, row[2].0)));
        runtime.extend(exchange.rows("belongs_to").map(|row| BelongsTo52(row[0].0, row[1].0)));
        runtime.extend(exchange.rows("within").map(|row| Within53(row[0].0, row[1].0)));
        runtime.extend(exchange.rows("assigned_to_user").map(|row| AssignedToUser58(row[0].0, row[1].0)));
        runtime.extend(exchange.rows("assigned_to_employee").map(|row| AssignedToEmployee59(row[0].0, row[1].0)));
        runtime.extend(exchange.rows("assigned_to_department").map(|row| AssignedToDepartment60(row[0].0, row[1].0)));
        runtime.extend(exchange.rows("assigned_to_department_tree").map(|row| AssignedToDepartmentTree61(row[0].0, row[1].0)));
        runtime.extend(exchange.rows("assigned_to_user_group").map(|row| AssignedToUserGroup62(row[0].0, row[1].0)));
        runtime.extend(exchange.rows("assigned_to_workgroup").map(|row| AssignedToWorkgroup63(row[0].0, row[1].0, row[2].0)));
        runtime.extend(exchange.rows("holds_role").map(|row| GivenHoldsRole64(row[0].0, row[1].0)));
        let (derived_0,) = runtime.run_with_hasher::<rustc_hash::FxBuildHasher>();
        exchange.derived("holds_role", derived_0.into_iter().map(|HoldsRole64(c0, c1)| [c0, c1]));
    }
}

/// Every component, with the relations it derives and the number of its rules.
pub const COMPONENTS: &[Compiled] = &[
    Compiled { relations: &["belongs_to"], rules: 2, run: component_belongs_to::run },
    Compiled { relations: &["reported"], rules: 3, run: component_reported::run },
    Compiled { relations: &["holds_role"], rules: 7, run: component_holds_role::run },
];

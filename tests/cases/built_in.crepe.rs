// Made by the build script from the built-in rules.

mod component_belongs_to {
    use super::Exchange;

    crepe::crepe! {
        @input
        struct WorksIn41(u32, u32);
        @input
        struct DepartmentHead44(u32, u32);
        @input
        struct GivenBelongsTo50(u32, u32);
        @output
        struct BelongsTo50(u32, u32);

        BelongsTo50(c0, c1) <- GivenBelongsTo50(c0, c1);
        // belongs-by-work
        BelongsTo50(v0_user, v1_dept) <- WorksIn41(v0_user, v1_dept);
        // belongs-by-heading
        BelongsTo50(v0_user, v1_dept) <- DepartmentHead44(v1_dept, v0_user);
    }

    pub fn run(exchange: &mut Exchange<'_>) {
        let mut runtime = Crepe::new();
        runtime.extend(exchange.rows("works_in").map(|row| WorksIn41(row[0].0, row[1].0)));
        runtime.extend(exchange.rows("department_head").map(|row| DepartmentHead44(row[0].0, row[1].0)));
        runtime.extend(exchange.rows("belongs_to").map(|row| GivenBelongsTo50(row[0].0, row[1].0)));
        let (derived_0,) = runtime.run_with_hasher::<rustc_hash::FxBuildHasher>();
        exchange.derived("belongs_to", derived_0.into_iter().map(|BelongsTo50(c0, c1)| [c0, c1]));
    }
}

mod component_reported {
    use super::Exchange;

    crepe::crepe! {
        @input
        struct DepartmentParent43(u32, u32);
        @input
        struct Within51(u32, u32);
        @input
        struct Role54(u32, u32);
        @input
        struct RolePermission55(u32, u32, u32);
        @input
        struct LevelAction63(u32, u32);
        @input
        struct GivenReported53(u32);
        @output
        struct Reported53(u32);

        Reported53(c0) <- GivenReported53(c0);
        // department-cycle
        Reported53(v0_dept) <- DepartmentParent43(v0_dept, v1_parent), Within51(v1_parent, v0_dept);
        // undeclared-role
        Reported53(v0_role) <- RolePermission55(v0_role, v1_action, v2_given), !Role54(v0_role, _);
        // role-of-other-module
        Reported53(v0_role) <- RolePermission55(v0_role, v1_action, v2_given), LevelAction63(v1_action, v3_other), Role54(v0_role, v4_module), !Role54(v0_role, v3_other);
    }

    pub fn run(exchange: &mut Exchange<'_>) {
        let mut runtime = Crepe::new();
        runtime.extend(exchange.rows("department_parent").map(|row| DepartmentParent43(row[0].0, row[1].0)));
        runtime.extend(exchange.rows("within").map(|row| Within51(row[0].0, row[1].0)));
        runtime.extend(exchange.rows("role").map(|row| Role54(row[0].0, row[1].0)));
        runtime.extend(exchange.rows("role_permission").map(|row| RolePermission55(row[0].0, row[1].0, row[2].0)));
        runtime.extend(exchange.rows("level_action").map(|row| LevelAction63(row[0].0, row[1].0)));
        runtime.extend(exchange.rows("reported").map(|row| GivenReported53(row[0].0)));
        let (derived_0,) = runtime.run_with_hasher::<rustc_hash::FxBuildHasher>();
        exchange.derived("reported", derived_0.into_iter().map(|Reported53(c0)| [c0]));
    }
}

mod component_holds_role {
    use super::Exchange;

    crepe::crepe! {
        @input
        struct Edition34(u32);
        @input
        struct WorksIn41(u32, u32);
        @input
        struct DepartmentHead44(u32, u32);
        @input
        struct InUserGroup45(u32, u32);
        @input
        struct InWorkgroup46(u32, u32, u32);
        @input
        struct BelongsTo50(u32, u32);
        @input
        struct Within51(u32, u32);
        @input
        struct AssignedToUser56(u32, u32);
        @input
        struct AssignedToEmployee57(u32, u32);
        @input
        struct AssignedToDepartment58(u32, u32);
        @input
        struct AssignedToDepartmentTree59(u32, u32);
        @input
        struct AssignedToUserGroup60(u32, u32);
        @input
        struct AssignedToWorkgroup61(u32, u32, u32);
        @input
        struct GivenHoldsRole62(u32, u32);
        @output
        struct HoldsRole62(u32, u32);

        HoldsRole62(c0, c1) <- GivenHoldsRole62(c0, c1);
        // role-of-user
        HoldsRole62(v0_user, v1_role) <- AssignedToUser56(v1_role, v0_user);
        // role-of-department
        HoldsRole62(v0_user, v1_role) <- AssignedToDepartment58(v1_role, v2_dept), BelongsTo50(v0_user, v2_dept);
        // role-of-department-tree
        HoldsRole62(v0_user, v1_role) <- AssignedToDepartmentTree59(v1_role, v2_above), Within51(v3_dept, v2_above), BelongsTo50(v0_user, v3_dept);
        // role-of-employee
        HoldsRole62(v0_user, v1_role) <- AssignedToEmployee57(v1_role, v0_user), BelongsTo50(v0_user, v2_dept);
        // role-of-superior
        HoldsRole62(v0_head, v1_role) <- AssignedToEmployee57(v1_role, v2_user), WorksIn41(v2_user, v3_dept), Within51(v3_dept, v4_above), DepartmentHead44(v4_above, v0_head), (v0_head != v2_user);
        // role-of-user-group
        HoldsRole62(v0_user, v1_role) <- Edition34(1u32), AssignedToUserGroup60(v1_role, v2_group), InUserGroup45(v0_user, v2_group);
        // role-of-workgroup
        HoldsRole62(v0_user, v1_role) <- AssignedToWorkgroup61(v1_role, v2_group, v3_least), InWorkgroup46(v0_user, v2_group, v4_membership), (v4_membership >= v3_least);
    }

    pub fn run(exchange: &mut Exchange<'_>) {
        let mut runtime = Crepe::new();
        runtime.extend(exchange.rows("edition").map(|row| Edition34(row[0].0)));
        runtime.extend(exchange.rows("works_in").map(|row| WorksIn41(row[0].0, row[1].0)));
        runtime.extend(exchange.rows("department_head").map(|row| DepartmentHead44(row[0].0, row[1].0)));
        runtime.extend(exchange.rows("in_user_group").map(|row| InUserGroup45(row[0].0, row[1].0)));
        runtime.extend(exchange.rows("in_workgroup").map(|row| InWorkgroup46(row[0].0, row[1].0, row[2].0)));
        runtime.extend(exchange.rows("belongs_to").map(|row| BelongsTo50(row[0].0, row[1].0)));
        runtime.extend(exchange.rows("within").map(|row| Within51(row[0].0, row[1].0)));
        runtime.extend(exchange.rows("assigned_to_user").map(|row| AssignedToUser56(row[0].0, row[1].0)));
        runtime.extend(exchange.rows("assigned_to_employee").map(|row| AssignedToEmployee57(row[0].0, row[1].0)));
        runtime.extend(exchange.rows("assigned_to_department").map(|row| AssignedToDepartment58(row[0].0, row[1].0)));
        runtime.extend(exchange.rows("assigned_to_department_tree").map(|row| AssignedToDepartmentTree59(row[0].0, row[1].0)));
        runtime.extend(exchange.rows("assigned_to_user_group").map(|row| AssignedToUserGroup60(row[0].0, row[1].0)));
        runtime.extend(exchange.rows("assigned_to_workgroup").map(|row| AssignedToWorkgroup61(row[0].0, row[1].0, row[2].0)));
        runtime.extend(exchange.rows("holds_role").map(|row| GivenHoldsRole62(row[0].0, row[1].0)));
        let (derived_0,) = runtime.run_with_hasher::<rustc_hash::FxBuildHasher>();
        exchange.derived("holds_role", derived_0.into_iter().map(|HoldsRole62(c0, c1)| [c0, c1]));
    }
}

/// Every component, with the relations it derives and the number of its rules.
pub const COMPONENTS: &[Compiled] = &[
    Compiled { relations: &["belongs_to"], rules: 2, run: component_belongs_to::run },
    Compiled { relations: &["reported"], rules: 3, run: component_reported::run },
    Compiled { relations: &["holds_role"], rules: 7, run: component_holds_role::run },
];

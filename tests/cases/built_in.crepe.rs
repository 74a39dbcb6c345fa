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

mod component_within {
    use super::Exchange;

    crepe::crepe! {
        @input
        struct Department42(u32);
        @input
        struct DepartmentParent43(u32, u32);
        @input
        struct BelongsTo50(u32, u32);
        @input
        struct GivenWithin51(u32, u32);
        @output
        struct Within51(u32, u32);

        Within51(c0, c1) <- GivenWithin51(c0, c1);
        // within-itself
        Within51(v0_dept, v0_dept) <- Department42(v0_dept);
        // within-itself-with-people
        Within51(v0_dept, v0_dept) <- BelongsTo50(_, v0_dept);
        // within-itself-below
        Within51(v0_dept, v0_dept) <- DepartmentParent43(v0_dept, _);
        // within-itself-above
        Within51(v0_dept, v0_dept) <- DepartmentParent43(_, v0_dept);
        // within-parent
        Within51(v0_dept, v1_above) <- Within51(v0_dept, v2_middle), DepartmentParent43(v2_middle, v1_above);
    }

    pub fn run(exchange: &mut Exchange<'_>) {
        let mut runtime = Crepe::new();
        runtime.extend(exchange.rows("department").map(|row| Department42(row[0].0)));
        runtime.extend(exchange.rows("department_parent").map(|row| DepartmentParent43(row[0].0, row[1].0)));
        runtime.extend(exchange.rows("belongs_to").map(|row| BelongsTo50(row[0].0, row[1].0)));
        runtime.extend(exchange.rows("within").map(|row| GivenWithin51(row[0].0, row[1].0)));
        let (derived_0,) = runtime.run_with_hasher::<rustc_hash::FxBuildHasher>();
        exchange.derived("within", derived_0.into_iter().map(|Within51(c0, c1)| [c0, c1]));
    }
}

mod component_heads_above {
    use super::Exchange;

    crepe::crepe! {
        @input
        struct DepartmentHead44(u32, u32);
        @input
        struct Within51(u32, u32);
        @input
        struct GivenHeadsAbove52(u32, u32);
        @output
        struct HeadsAbove52(u32, u32);

        HeadsAbove52(c0, c1) <- GivenHeadsAbove52(c0, c1);
        // heads-above
        HeadsAbove52(v0_head, v1_dept) <- Within51(v1_dept, v2_above), DepartmentHead44(v2_above, v0_head);
    }

    pub fn run(exchange: &mut Exchange<'_>) {
        let mut runtime = Crepe::new();
        runtime.extend(exchange.rows("department_head").map(|row| DepartmentHead44(row[0].0, row[1].0)));
        runtime.extend(exchange.rows("within").map(|row| Within51(row[0].0, row[1].0)));
        runtime.extend(exchange.rows("heads_above").map(|row| GivenHeadsAbove52(row[0].0, row[1].0)));
        let (derived_0,) = runtime.run_with_hasher::<rustc_hash::FxBuildHasher>();
        exchange.derived("heads_above", derived_0.into_iter().map(|HeadsAbove52(c0, c1)| [c0, c1]));
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
        struct Role55(u32, u32);
        @input
        struct RolePermission56(u32, u32, u32);
        @input
        struct LevelAction64(u32, u32);
        @input
        struct GivenReported54(u32);
        @output
        struct Reported54(u32);

        Reported54(c0) <- GivenReported54(c0);
        // department-cycle
        Reported54(v0_dept) <- DepartmentParent43(v0_dept, v1_parent), Within51(v1_parent, v0_dept);
        // undeclared-role
        Reported54(v0_role) <- RolePermission56(v0_role, v1_action, v2_given), !Role55(v0_role, _);
        // role-of-other-module
        Reported54(v0_role) <- RolePermission56(v0_role, v1_action, v2_given), LevelAction64(v1_action, v3_other), Role55(v0_role, v4_module), !Role55(v0_role, v3_other);
    }

    pub fn run(exchange: &mut Exchange<'_>) {
        let mut runtime = Crepe::new();
        runtime.extend(exchange.rows("department_parent").map(|row| DepartmentParent43(row[0].0, row[1].0)));
        runtime.extend(exchange.rows("within").map(|row| Within51(row[0].0, row[1].0)));
        runtime.extend(exchange.rows("role").map(|row| Role55(row[0].0, row[1].0)));
        runtime.extend(exchange.rows("role_permission").map(|row| RolePermission56(row[0].0, row[1].0, row[2].0)));
        runtime.extend(exchange.rows("level_action").map(|row| LevelAction64(row[0].0, row[1].0)));
        runtime.extend(exchange.rows("reported").map(|row| GivenReported54(row[0].0)));
        let (derived_0,) = runtime.run_with_hasher::<rustc_hash::FxBuildHasher>();
        exchange.derived("reported", derived_0.into_iter().map(|Reported54(c0)| [c0]));
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
        struct InUserGroup45(u32, u32);
        @input
        struct InWorkgroup46(u32, u32, u32);
        @input
        struct BelongsTo50(u32, u32);
        @input
        struct Within51(u32, u32);
        @input
        struct HeadsAbove52(u32, u32);
        @input
        struct AssignedToUser57(u32, u32);
        @input
        struct AssignedToEmployee58(u32, u32);
        @input
        struct AssignedToDepartment59(u32, u32);
        @input
        struct AssignedToDepartmentTree60(u32, u32);
        @input
        struct AssignedToUserGroup61(u32, u32);
        @input
        struct AssignedToWorkgroup62(u32, u32, u32);
        @input
        struct GivenHoldsRole63(u32, u32);
        @output
        struct HoldsRole63(u32, u32);

        HoldsRole63(c0, c1) <- GivenHoldsRole63(c0, c1);
        // role-of-user
        HoldsRole63(v0_user, v1_role) <- AssignedToUser57(v1_role, v0_user);
        // role-of-department
        HoldsRole63(v0_user, v1_role) <- AssignedToDepartment59(v1_role, v2_dept), BelongsTo50(v0_user, v2_dept);
        // role-of-department-tree
        HoldsRole63(v0_user, v1_role) <- AssignedToDepartmentTree60(v1_role, v2_above), Within51(v3_dept, v2_above), BelongsTo50(v0_user, v3_dept);
        // role-of-employee
        HoldsRole63(v0_user, v1_role) <- AssignedToEmployee58(v1_role, v0_user), BelongsTo50(v0_user, v2_dept);
        // role-of-superior
        HoldsRole63(v0_head, v1_role) <- AssignedToEmployee58(v1_role, v2_user), WorksIn41(v2_user, v3_dept), HeadsAbove52(v0_head, v3_dept), (v0_head != v2_user);
        // role-of-user-group
        HoldsRole63(v0_user, v1_role) <- Edition34(1u32), AssignedToUserGroup61(v1_role, v2_group), InUserGroup45(v0_user, v2_group);
        // role-of-workgroup
        HoldsRole63(v0_user, v1_role) <- AssignedToWorkgroup62(v1_role, v2_group, v3_least), InWorkgroup46(v0_user, v2_group, v4_membership), (v4_membership >= v3_least);
    }

    pub fn run(exchange: &mut Exchange<'_>) {
        let mut runtime = Crepe::new();
        runtime.extend(exchange.rows("edition").map(|row| Edition34(row[0].0)));
        runtime.extend(exchange.rows("works_in").map(|row| WorksIn41(row[0].0, row[1].0)));
        runtime.extend(exchange.rows("in_user_group").map(|row| InUserGroup45(row[0].0, row[1].0)));
        runtime.extend(exchange.rows("in_workgroup").map(|row| InWorkgroup46(row[0].0, row[1].0, row[2].0)));
        runtime.extend(exchange.rows("belongs_to").map(|row| BelongsTo50(row[0].0, row[1].0)));
        runtime.extend(exchange.rows("within").map(|row| Within51(row[0].0, row[1].0)));
        runtime.extend(exchange.rows("heads_above").map(|row| HeadsAbove52(row[0].0, row[1].0)));
        runtime.extend(exchange.rows("assigned_to_user").map(|row| AssignedToUser57(row[0].0, row[1].0)));
        runtime.extend(exchange.rows("assigned_to_employee").map(|row| AssignedToEmployee58(row[0].0, row[1].0)));
        runtime.extend(exchange.rows("assigned_to_department").map(|row| AssignedToDepartment59(row[0].0, row[1].0)));
        runtime.extend(exchange.rows("assigned_to_department_tree").map(|row| AssignedToDepartmentTree60(row[0].0, row[1].0)));
        runtime.extend(exchange.rows("assigned_to_user_group").map(|row| AssignedToUserGroup61(row[0].0, row[1].0)));
        runtime.extend(exchange.rows("assigned_to_workgroup").map(|row| AssignedToWorkgroup62(row[0].0, row[1].0, row[2].0)));
        runtime.extend(exchange.rows("holds_role").map(|row| GivenHoldsRole63(row[0].0, row[1].0)));
        let (derived_0,) = runtime.run_with_hasher::<rustc_hash::FxBuildHasher>();
        exchange.derived("holds_role", derived_0.into_iter().map(|HoldsRole63(c0, c1)| [c0, c1]));
    }
}

/// Every component, with the relations it derives and the number of its rules.
pub const COMPONENTS: &[Compiled] = &[
    Compiled { relations: &["belongs_to"], rules: 2, run: component_belongs_to::run },
    Compiled { relations: &["within"], rules: 5, run: component_within::run },
    Compiled { relations: &["heads_above"], rules: 1, run: component_heads_above::run },
    Compiled { relations: &["reported"], rules: 3, run: component_reported::run },
    Compiled { relations: &["holds_role"], rules: 7, run: component_holds_role::run },
];

// Made by the build script from the built-in rules.

mod component_reported {
    use super::Exchange;
    use super::Place::*;

    crepe::crepe! {
        @input
        struct DepartmentParent62In0At0(u32, u32);
        @input
        struct Within70In0At1(u32, u32);
        @input
        struct RolePermission74In1At0(u32);
        @input
        struct Role73In1At1(u32);
        @input
        struct RolePermission74In2At0(u32, u32);
        @input
        struct LevelAction82In2At1(u32, u32);
        @input
        struct Role73In2At2(u32);
        @input
        struct Role73In2At3(u32, u32);
        @input
        struct GivenReported72(u32);
        @output
        struct Reported72(u32);

        Reported72(c0) <- GivenReported72(c0);
        // department-cycle
        Reported72(v0_dept) <- Within70In0At1(v1_parent, v0_dept), DepartmentParent62In0At0(v0_dept, v1_parent);
        // undeclared-role
        Reported72(v0_role) <- RolePermission74In1At0(v0_role), !Role73In1At1(v0_role);
        // role-of-other-module
        Reported72(v0_role) <- Role73In2At2(v0_role), RolePermission74In2At0(v0_role, v1_action), LevelAction82In2At1(v1_action, v3_other), !Role73In2At3(v0_role, v3_other);
    }

    pub fn run(exchange: &mut Exchange<'_>) {
        let mut runtime = Crepe::new();
        // department-cycle
        let body = exchange.body(&[
            ("department_parent", false, &[Variable(0), Variable(1)]),
            ("within", false, &[Variable(1), Variable(0)]),
        ]);
        runtime.extend(body.rows(0).map(|[c0, c1]| DepartmentParent62In0At0(c0, c1)));
        runtime.extend(body.rows(1).map(|[c0, c1]| Within70In0At1(c0, c1)));
        // undeclared-role
        let body = exchange.body(&[
            ("role_permission", false, &[Variable(0), Any, Any]),
            ("role", true, &[Variable(0), Any]),
        ]);
        runtime.extend(body.rows(0).map(|[c0]| RolePermission74In1At0(c0)));
        runtime.extend(body.rows(1).map(|[c0]| Role73In1At1(c0)));
        // role-of-other-module
        let body = exchange.body(&[
            ("role_permission", false, &[Variable(0), Variable(1), Any]),
            ("level_action", false, &[Variable(1), Variable(3)]),
            ("role", false, &[Variable(0), Any]),
            ("role", true, &[Variable(0), Variable(3)]),
        ]);
        runtime.extend(body.rows(0).map(|[c0, c1]| RolePermission74In2At0(c0, c1)));
        runtime.extend(body.rows(1).map(|[c0, c1]| LevelAction82In2At1(c0, c1)));
        runtime.extend(body.rows(2).map(|[c0]| Role73In2At2(c0)));
        runtime.extend(body.rows(3).map(|[c0, c1]| Role73In2At3(c0, c1)));
        runtime.extend(exchange.given("reported").map(|[c0]| GivenReported72(c0)));
        let (derived_0,) = runtime.run_with_hasher::<rustc_hash::FxBuildHasher>();
        exchange.derived("reported", derived_0.into_iter().map(|Reported72(c0)| [c0]));
    }
}

mod component_holds_role {
    use super::Exchange;
    use super::Place::*;

    crepe::crepe! {
        @input
        struct AssignedToUser75In0At0(u32, u32);
        @input
        struct AssignedToDepartment77In1At0(u32, u32);
        @input
        struct BelongsTo69In1At1(u32, u32);
        @input
        struct AssignedToDepartmentTree78In2At0(u32, u32);
        @input
        struct Within70In2At1(u32, u32);
        @input
        struct BelongsTo69In2At2(u32, u32);
        @input
        struct AssignedToEmployee76In3At0(u32, u32);
        @input
        struct BelongsTo69In3At1(u32);
        @input
        struct AssignedToEmployee76In4At0(u32, u32);
        @input
        struct WorksIn60In4At1(u32, u32);
        @input
        struct Within70In4At2(u32, u32);
        @input
        struct DepartmentHead63In4At3(u32, u32);
        @input
        struct Edition53In5At0(u32);
        @input
        struct AssignedToUserGroup79In5At1(u32, u32);
        @input
        struct InUserGroup64In5At2(u32, u32);
        @input
        struct AssignedToWorkgroup80In6At0(u32, u32, u32);
        @input
        struct InWorkgroup65In6At1(u32, u32, u32);
        @input
        struct GivenHoldsRole81(u32, u32);
        @output
        struct HoldsRole81(u32, u32);

        HoldsRole81(c0, c1) <- GivenHoldsRole81(c0, c1);
        // role-of-user
        HoldsRole81(v0_user, v1_role) <- AssignedToUser75In0At0(v1_role, v0_user);
        // role-of-department
        HoldsRole81(v0_user, v1_role) <- BelongsTo69In1At1(v0_user, v2_dept), AssignedToDepartment77In1At0(v1_role, v2_dept);
        // role-of-department-tree
        HoldsRole81(v0_user, v1_role) <- BelongsTo69In2At2(v0_user, v3_dept), Within70In2At1(v3_dept, v2_above), AssignedToDepartmentTree78In2At0(v1_role, v2_above);
        // role-of-employee
        HoldsRole81(v0_user, v1_role) <- BelongsTo69In3At1(v0_user), AssignedToEmployee76In3At0(v1_role, v0_user);
        // role-of-superior
        HoldsRole81(v0_head, v1_role) <- DepartmentHead63In4At3(v4_above, v0_head), Within70In4At2(v3_dept, v4_above), WorksIn60In4At1(v2_user, v3_dept), AssignedToEmployee76In4At0(v1_role, v2_user), (v0_head != v2_user);
        // role-of-user-group
        HoldsRole81(v0_user, v1_role) <- InUserGroup64In5At2(v0_user, v2_group), AssignedToUserGroup79In5At1(v1_role, v2_group), Edition53In5At0(_);
        // role-of-workgroup
        HoldsRole81(v0_user, v1_role) <- InWorkgroup65In6At1(v0_user, v2_group, v4_membership), AssignedToWorkgroup80In6At0(v1_role, v2_group, v3_least), (v4_membership >= v3_least);
    }

    pub fn run(exchange: &mut Exchange<'_>) {
        let mut runtime = Crepe::new();
        // role-of-user
        let body = exchange.body(&[
            ("assigned_to_user", false, &[Variable(1), Variable(0)]),
        ]);
        runtime.extend(body.rows(0).map(|[c0, c1]| AssignedToUser75In0At0(c0, c1)));
        // role-of-department
        let body = exchange.body(&[
            ("assigned_to_department", false, &[Variable(1), Variable(2)]),
            ("belongs_to", false, &[Variable(0), Variable(2)]),
        ]);
        runtime.extend(body.rows(0).map(|[c0, c1]| AssignedToDepartment77In1At0(c0, c1)));
        runtime.extend(body.rows(1).map(|[c0, c1]| BelongsTo69In1At1(c0, c1)));
        // role-of-department-tree
        let body = exchange.body(&[
            ("assigned_to_department_tree", false, &[Variable(1), Variable(2)]),
            ("within", false, &[Variable(3), Variable(2)]),
            ("belongs_to", false, &[Variable(0), Variable(3)]),
        ]);
        runtime.extend(body.rows(0).map(|[c0, c1]| AssignedToDepartmentTree78In2At0(c0, c1)));
        runtime.extend(body.rows(1).map(|[c0, c1]| Within70In2At1(c0, c1)));
        runtime.extend(body.rows(2).map(|[c0, c1]| BelongsTo69In2At2(c0, c1)));
        // role-of-employee
        let body = exchange.body(&[
            ("assigned_to_employee", false, &[Variable(1), Variable(0)]),
            ("belongs_to", false, &[Variable(0), Any]),
        ]);
        runtime.extend(body.rows(0).map(|[c0, c1]| AssignedToEmployee76In3At0(c0, c1)));
        runtime.extend(body.rows(1).map(|[c0]| BelongsTo69In3At1(c0)));
        // role-of-superior
        let body = exchange.body(&[
            ("assigned_to_employee", false, &[Variable(1), Variable(2)]),
            ("works_in", false, &[Variable(2), Variable(3)]),
            ("within", false, &[Variable(3), Variable(4)]),
            ("department_head", false, &[Variable(4), Variable(0)]),
        ]);
        runtime.extend(body.rows(0).map(|[c0, c1]| AssignedToEmployee76In4At0(c0, c1)));
        runtime.extend(body.rows(1).map(|[c0, c1]| WorksIn60In4At1(c0, c1)));
        runtime.extend(body.rows(2).map(|[c0, c1]| Within70In4At2(c0, c1)));
        runtime.extend(body.rows(3).map(|[c0, c1]| DepartmentHead63In4At3(c0, c1)));
        // role-of-user-group
        let body = exchange.body(&[
            ("edition", false, &[Is(1)]),
            ("assigned_to_user_group", false, &[Variable(1), Variable(2)]),
            ("in_user_group", false, &[Variable(0), Variable(2)]),
        ]);
        runtime.extend(body.rows(0).map(|[c0]| Edition53In5At0(c0)));
        runtime.extend(body.rows(1).map(|[c0, c1]| AssignedToUserGroup79In5At1(c0, c1)));
        runtime.extend(body.rows(2).map(|[c0, c1]| InUserGroup64In5At2(c0, c1)));
        // role-of-workgroup
        let body = exchange.body(&[
            ("assigned_to_workgroup", false, &[Variable(1), Variable(2), Variable(3)]),
            ("in_workgroup", false, &[Variable(0), Variable(2), Variable(4)]),
        ]);
        runtime.extend(body.rows(0).map(|[c0, c1, c2]| AssignedToWorkgroup80In6At0(c0, c1, c2)));
        runtime.extend(body.rows(1).map(|[c0, c1, c2]| InWorkgroup65In6At1(c0, c1, c2)));
        runtime.extend(exchange.given("holds_role").map(|[c0, c1]| GivenHoldsRole81(c0, c1)));
        let (derived_0,) = runtime.run_with_hasher::<rustc_hash::FxBuildHasher>();
        exchange.derived("holds_role", derived_0.into_iter().map(|HoldsRole81(c0, c1)| [c0, c1]));
    }
}

/// Every component, with the relations it derives and the number of its rules.
pub const COMPONENTS: &[Compiled] = &[
    Compiled { relations: &["reported"], rules: 3, run: component_reported::run },
    Compiled { relations: &["holds_role"], rules: 7, run: component_holds_role::run },
];

//! Why something of an export is no fact.

use crate::compiler::codes::Code;

/// Why something was left out, or imported otherwise than stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Reason {
    /// A record without its id, or with one that is no number.
    Unusable,
    /// An access code that matches nobody.
    AccessCode,
    /// A permission, or a letter, that the policy does not know.
    Permission,
    /// A permission that is not legal.
    Lowered,
    /// A phone number that can't be read.
    Phone,
    /// A date that can't be read.
    Date,
    /// Departments of users in a field that nothing tells.
    DepartmentField,
    /// A file that is no source.
    UnknownFile,
    /// A letter of a membership that is none of the known.
    Membership,
    /// What is in a queue and no person: a department.
    QueueEntry,
    /// Users that are no people.
    NotPeople,
    /// Departments that are globally inactive.
    InactiveDepartment,
    /// Sections that are no departments.
    OtherSection,
    /// Values of other user fields.
    OtherField,
    /// User groups that are inactive.
    InactiveGroup,
    /// Memberships on other days.
    OtherDays,
    /// Whoever was banned from a workgroup, or asks to join.
    NoMember,
    /// Operations that no rule asks about.
    OtherOperation,
    /// What a table tells as well.
    TableWins,
    /// Tables of a dump that are no source.
    OtherTable,
}

impl Reason {
    /// The code under which it is told; none for what the export is to hold beyond facts.
    pub fn code(self) -> Option<Code> {
        match self {
            Reason::Unusable | Reason::Date | Reason::DepartmentField | Reason::Membership | Reason::QueueEntry => {
                Some(Code::UnusableRecord)
            }
            Reason::AccessCode => Some(Code::UnmatchedAccess),
            Reason::Permission => Some(Code::UnknownPermission),
            Reason::Lowered => Some(Code::LoweredLevel),
            Reason::Phone => Some(Code::UnparsedPhone),
            Reason::UnknownFile => Some(Code::UnexpectedFile),
            Reason::NotPeople
            | Reason::InactiveDepartment
            | Reason::OtherSection
            | Reason::OtherField
            | Reason::InactiveGroup
            | Reason::OtherDays
            | Reason::NoMember
            | Reason::OtherOperation
            | Reason::TableWins
            | Reason::OtherTable => None,
        }
    }

    /// What it is about, in the plural.
    pub fn words(self) -> &'static str {
        match self {
            Reason::Unusable => "records without an id, or with one that is no number",
            Reason::AccessCode => "access codes that match nobody in these modules",
            Reason::Permission => "permissions that the policy does not know",
            Reason::Lowered => "permissions that are not legal, imported as the next lower level",
            Reason::Phone => "phone numbers that can't be read, left as they are",
            Reason::Date => "memberships with a date that can't be read",
            Reason::DepartmentField => "values of user fields, of which b_user_field would tell the departments",
            Reason::UnknownFile => "files that are no export of a known method or table",
            Reason::Membership => "memberships that are neither owner, moderator nor member",
            Reason::QueueEntry => "departments in queues, whose people are not looked up",
            Reason::NotPeople => "facts about bots, connectors and other users that are no people",
            Reason::InactiveDepartment => "facts about departments that are globally inactive",
            Reason::OtherSection => "sections that are no departments",
            Reason::OtherField => "values of other user fields",
            Reason::InactiveGroup => "memberships of inactive user groups",
            Reason::OtherDays => "memberships that are not valid on that day",
            Reason::NoMember => "people who are banned from a workgroup, or ask to join",
            Reason::OtherOperation => "permissions for what no rule asks about",
            Reason::TableWins => "facts that a table tells as well, which wins",
            Reason::OtherTable => "statements about other tables",
        }
    }
}

//! Rules that administrators might add: relations of their own, some of them recursive or folded, grants and
//! denials that use them, assignments of roles. They compile without warnings beside the built-in policy.

use std::io::{self, BufWriter, Write};
use std::path::Path;

use crate::options::Sizes;
use crate::output::whole_file;
use crate::random::Random;

/// The actions that the rules are about.
const CHAT_ACTIONS: [&str; 4] = ["statistics.view", "history.view", "chat.join", "chat.rate"];
const CALL_ACTIONS: [&str; 3] = ["call.view", "recording.listen", "recording.delete"];
const ITEM_ACTIONS: [&str; 3] = ["crm.read", "crm.change", "crm.export"];

/// Writes that many rules, in groups that belong together.
pub fn write(path: &Path, count: u32, sizes: &Sizes) -> io::Result<()> {
    let mut random = Random::stream(sizes.seed, "rules");
    whole_file(path, |file| {
        let mut written = 0;
        while written < count {
            let group = Group { number: written + 1, room: count - written };
            written += group.write(file, &mut random, sizes)?;
        }
        Ok(())
    })
}

/// Some rules that use each other.
struct Group {
    /// The number of its first rule, which its names carry.
    number: u32,
    /// How many rules it may have.
    room: u32,
}

impl Group {
    /// Writes the group; how many rules it has.
    fn write(&self, file: &mut BufWriter<impl Write>, random: &mut Random, sizes: &Sizes) -> io::Result<u32> {
        match random.below(6) {
            0 if self.room >= 3 => self.chain_of_heads(file, random, sizes),
            1 if self.room >= 2 => self.busy_agents(file, random),
            2 if self.room >= 2 => self.near_colleagues(file, random, sizes),
            3 => self.closed_channel(file, random, sizes),
            4 => self.assignment(file, random, sizes),
            _ => self.grant(file, random, sizes),
        }
    }

    /// A recursive relation: who is above whom through heads, from some department upward.
    fn chain_of_heads(&self, file: &mut impl Write, random: &mut Random, sizes: &Sizes) -> io::Result<u32> {
        let number = self.number;
        let start = random.below(sizes.departments) + 1;
        let action = random.pick(&CHAT_ACTIONS).unwrap_or("chat.join");
        writeln!(
            file,
            "relation leads_{number}(head: user, department: department);\n\
             /// {{Head}} heads {{Dept}}, where the chain begins.\n\
             @id(\"leads-{number}-start\")\n\
             leads_{number}(Head, Dept) if department_head(Dept, Head), within(Dept, \"d{start}\");\n\
             /// {{Head}} leads a department that {{Dept}} is directly below.\n\
             @id(\"leads-{number}-below\")\n\
             leads_{number}(Head, Dept) if leads_{number}(Head, Above), department_parent(Dept, Above);\n\
             /// {{Head}} leads {{Dept}}, where {{Agent}} works, and {{Agent}} is an agent of the chat.\n\
             @id(\"leads-{number}-allow\")\n\
             allow(Head, {action}, Chat) if\n    chat(Chat, \"line{}\"),\n    chat_agent(Chat, Agent),\n    \
             works_in(Agent, Dept),\n    leads_{number}(Head, Dept);\n",
            random.below(sizes.channels) + 1
        )?;
        Ok(3)
    }

    /// A folded relation, and what it grants.
    fn busy_agents(&self, file: &mut impl Write, random: &mut Random) -> io::Result<u32> {
        let number = self.number;
        let action = random.pick(&CALL_ACTIONS).unwrap_or("call.view");
        writeln!(
            file,
            "relation calls_{number}(user: user, calls: int);\n\
             /// {{Agent}} has {{Call}}.\n\
             @id(\"calls-{number}\")\n\
             calls_{number}(Agent, count(Call)) if call_agent(Call, Agent);\n\
             /// {{User}} heads a department of {{Agent}}, who has {{Calls}} calls.\n\
             @id(\"calls-{number}-allow\")\n\
             allow(User, {action}, Call) if\n    call_agent(Call, Agent),\n    calls_{number}(Agent, Calls),\n    \
             Calls > {},\n    works_in(Agent, Dept),\n    department_head(Dept, User);\n",
            random.between(2, 40)
        )?;
        Ok(2)
    }

    /// A plain relation, and what it grants.
    fn near_colleagues(&self, file: &mut impl Write, random: &mut Random, sizes: &Sizes) -> io::Result<u32> {
        let number = self.number;
        let action = random.pick(&ITEM_ACTIONS).unwrap_or("crm.read");
        writeln!(
            file,
            "relation near_{number}(user: user, colleague: user);\n\
             /// {{User}} and {{Colleague}} are in the workgroup, and {{User}} moderates it at least.\n\
             @id(\"near-{number}\")\n\
             near_{number}(User, Colleague) if\n    in_workgroup(User, \"w{group}\", Membership),\n    \
             Membership >= moderator,\n    in_workgroup(Colleague, \"w{group}\", _),\n    User != Colleague;\n\
             /// {{Responsible}} is responsible for {{Item}}, and near {{User}}.\n\
             @id(\"near-{number}-allow\")\n\
             allow(User, {action}, Item) if crm_responsible(Item, Responsible), near_{number}(User, Responsible), \
             not inactive(Responsible);\n",
            group = random.below(sizes.workgroups) + 1
        )?;
        Ok(2)
    }

    /// A denial.
    fn closed_channel(&self, file: &mut impl Write, random: &mut Random, sizes: &Sizes) -> io::Result<u32> {
        let number = self.number;
        let action = random.pick(&CHAT_ACTIONS).unwrap_or("chat.join");
        writeln!(
            file,
            "/// The channel of {{Chat}} is closed to those who do not work in the department.\n\
             @id(\"closed-{number}\")\n\
             deny(User, {action}, Chat) if\n    chat(Chat, \"line{}\"),\n    in_user_group(User, \"g{}\"),\n    \
             not works_in(User, \"d{}\");\n",
            random.below(sizes.channels) + 1,
            number,
            random.below(sizes.departments) + 1
        )?;
        Ok(1)
    }

    /// A rule for an input of the policy.
    fn assignment(&self, file: &mut impl Write, random: &mut Random, sizes: &Sizes) -> io::Result<u32> {
        let number = self.number;
        writeln!(
            file,
            "/// {{Head}} heads the department, and so gets the role.\n\
             @id(\"assignment-{number}\")\n\
             assigned_to_user(\"r{}\", Head) if\n    department_head(\"d{}\", Head),\n    \
             not in_user_group(Head, \"g{}\");\n",
            random.below(sizes.roles) + 1,
            random.below(sizes.departments) + 1,
            number
        )?;
        Ok(1)
    }

    /// A grant to one user.
    fn grant(&self, file: &mut impl Write, random: &mut Random, sizes: &Sizes) -> io::Result<u32> {
        let number = self.number;
        let action = random.pick(&CALL_ACTIONS).unwrap_or("call.view");
        writeln!(
            file,
            "/// The call is about {{Item}}, for which the colleague is responsible.\n\
             @id(\"grant-{number}\")\n\
             allow(\"u{}\", {action}, Call) if call_crm(Call, Item), crm_responsible(Item, \"u{}\"), \
             not plan_lacks(telephony_access);\n",
            random.below(sizes.users) + 1,
            number
        )?;
        Ok(1)
    }
}

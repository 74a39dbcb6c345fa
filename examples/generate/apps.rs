//! Apps: some for everyone, some assigned, some with a tab in the CRM card.

use std::io;

use crate::options::Sizes;
use crate::output::{Field, Folder};
use crate::people::People;
use crate::random::Random;

/// Writes the apps. Every third has a card tab, every fourth is assigned to nobody and so open to all.
pub fn write(folder: &mut Folder, people: &People, sizes: &Sizes) -> io::Result<()> {
    let mut random = Random::stream(sizes.seed, "apps");
    let mut apps = folder.table("app", &["app"])?;
    let mut users = folder.table("app_assigned_to_user", &["app", "user"])?;
    let mut departments = folder.table("app_assigned_to_department", &["app", "department"])?;
    let mut tabs = folder.table("card_tab", &["app"])?;
    for number in 0..sizes.apps {
        let app = Field::Id("app", number);
        apps.row(&[app])?;
        if number % 3 == 0 {
            tabs.row(&[app])?;
        }
        if number % 4 == 3 {
            continue;
        }
        for user in random.distinct(sizes.users.min(20), |random| Some(people.anyone(random))) {
            users.row(&[app, Field::Id("u", user)])?;
        }
        for department in random.distinct(sizes.departments.min(5), |random| Some(random.below(sizes.departments))) {
            departments.row(&[app, Field::Id("d", department)])?;
        }
    }
    for table in [apps, users, departments, tabs] {
        folder.close(table)?;
    }
    Ok(())
}

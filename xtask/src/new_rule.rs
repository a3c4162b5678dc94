//! `cargo xtask new-rule <group> <rule-id>`: starts a rule.

use crate::Result;
use crate::registry::{self, RULES};
use crate::repository::Repository;

/// Where the cases live: `<CASES>/<group>/<rule-id>/*.md`.
const CASES: &str = "crates/djsec_rules/cases";

/// Creates the rule's file and its first case, and enters the rule into the lists.
/// Returns what it wrote.
pub(crate) fn create(repository: &Repository, group: &str, id: &str) -> Result<Vec<String>> {
    if !registry::is_snake_case(group) {
        return Err(format!("the group `{group}` must be snake_case, such as `settings`"));
    }
    check_id(id)?;
    let module = id.replace('-', "_");
    let rule = format!("{RULES}/{group}/{module}.rs");
    let case = format!("{CASES}/{group}/{id}/basic.md");
    for path in [&rule, &case] {
        if repository.read(path)?.is_some() {
            return Err(format!("{path} exists already"));
        }
    }
    if let Some(other) = group_of(repository, &module)? {
        return Err(format!("the group `{other}` has a rule `{id}` already; ids are unique"));
    }
    repository.write(&rule, &fill(RULE, group, id))?;
    repository.write(&case, &fill(CASE, group, id))?;
    let mut written = vec![rule, case];
    written.extend(registry::write(repository)?);
    Ok(written)
}

/// An id names the defect and reads well after "ignore": `debug-enabled`, not `no-debug`.
fn check_id(id: &str) -> Result<()> {
    let kebab = !id.contains('_') && registry::is_snake_case(&id.replace('-', "_"));
    if !kebab {
        return Err(format!("the id `{id}` must be kebab-case, such as `debug-enabled`"));
    }
    if id.starts_with("no-") || id.starts_with("use-") {
        return Err(format!("the id `{id}` names the cure; name the defect: `debug-enabled`"));
    }
    Ok(())
}

fn group_of(repository: &Repository, module: &str) -> Result<Option<String>> {
    let file = format!("{module}.rs");
    for folder in repository.list(RULES)? {
        let Some(group) = folder.strip_suffix('/') else { continue };
        if repository.list(&format!("{RULES}/{group}"))?.contains(&file) {
            return Ok(Some(group.to_owned()));
        }
    }
    Ok(None)
}

fn fill(template: &str, group: &str, id: &str) -> String {
    let words = id.replace('-', " ");
    template.replace("RULE-ID", id).replace("GROUP", group).replace("WORDS", &words)
}

const RULE: &str = include_str!("new_rule/rule.rs.txt");
const CASE: &str = include_str!("new_rule/case.md");

#[cfg(test)]
mod tests;

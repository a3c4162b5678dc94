//! What the rules on object ownership say of an exposure.

use djsec_django::models::OwnerPath;
use djsec_django::views::objects::{ObjectAccess, Operation};

use super::ownership::Exposure;
use crate::words::listed;
use crate::{Endpoint, Findings, Rule};

impl Exposure<'_> {
    /// What anybody can do: `read, change and delete`.
    pub(super) fn verbs(&self) -> String {
        let mut verbs: Vec<&str> = Vec::new();
        for operation in &self.operations {
            let verb = match operation {
                Operation::Fetch | Operation::List => "read",
                Operation::Create => "make",
                Operation::Update => "change",
                Operation::Delete => "delete",
            };
            if !verbs.contains(&verb) {
                verbs.push(verb);
            }
        }
        listed(&verbs)
    }

    /// What stays the same when code moves.
    pub(super) fn subject(&self, endpoint: &Endpoint<'_>) -> String {
        match &self.resolver {
            Some(field) => format!("{field} {}", self.name),
            None => format!("{} {}", endpoint.subject(), self.name),
        }
    }

    /// The way to whose the rows are: `customer`, or `order__customer`; empty where the row is a group
    /// of users itself.
    fn way(&self) -> String {
        self.owner.map(OwnerPath::lookup).unwrap_or_default()
    }

    /// What should be done.
    fn help(&self) -> String {
        let owner = self.way();
        let user = if self.resolver.is_some() { "info.context.user" } else { "request.user" };
        let filter = if self.owner.is_none() {
            format!("give who asks only their own row (`{user}`)")
        } else if owner.is_empty() {
            "look for it among those that the user is a member of".to_owned()
        } else {
            format!("filter by who asks (`{owner}={user}`, or what that means here)")
        };
        format!("{filter}, or check the row before it is used")
    }

    /// What is wrong, in words.
    fn message(&self, endpoint: &Endpoint<'_>) -> String {
        let who = if self.anybody { "anybody" } else { "any user" };
        let owner = match self.way() {
            _ if self.owner.is_none() => "who asks".to_owned(),
            none if none.is_empty() => "its members".to_owned(),
            owner => format!("its owner (`{owner}`)"),
        };
        let by = self.resolver.as_ref().map(|field| format!(" by `{field}`")).unwrap_or_default();
        format!(
            "{who} can {} any `{}`{by} at {}: it is looked up by an id from the request, and nothing ties \
             it to {owner}",
            self.verbs(),
            self.name,
            endpoint.address(),
        )
    }
}

/// What the rules on ownership report of an exposure.
pub(super) fn report(
    rule: &'static Rule,
    endpoint: &Endpoint<'_>,
    exposure: &Exposure<'_>,
    out: &mut Findings,
) {
    let scoped = exposure.scoped_at.filter(|scoped| *scoped != exposure.place);
    out.found(rule, exposure.place, exposure.subject(endpoint), exposure.message(endpoint))
        .confidence(exposure.confidence)
        .help(exposure.help())
        .related(scoped, "the same model is tied to who asks here")
        .done();
}

/// Whether all that whoever asks chooses are names (`slug`), not ids.
pub(super) fn is_by_name(access: &ObjectAccess) -> bool {
    access.keys.iter().filter(|key| key.origin.is_chosen()).all(|key| {
        let last = key.lookup.rsplit("__").next().unwrap_or(&key.lookup);
        matches!(last, "slug" | "name" | "username" | "iexact" | "domain" | "title")
    })
}

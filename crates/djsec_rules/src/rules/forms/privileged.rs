//! The fields of a model that are not for those who send a form to fill in.

use djsec_base::{Confidence, Severity, Span};
use djsec_django::models::{Sensitive, Strength, Why};
use djsec_python::QualifiedName;

use super::fields::{self, Said};
use super::sent::{Listed, Sent};
use crate::Cx;

/// The fields that are not for those who send a form to fill in, each with its place. Where the list
/// takes every field, that is another rule's finding for what it names.
pub(super) fn privileged(
    cx: &Cx<'_>,
    listed: &Listed<'_>,
    model: &QualifiedName,
    named_elsewhere: &[Why],
) -> Vec<(Sensitive, Span)> {
    let mut found = fields::sensitive(cx, model, &[], true);
    let account = cx.models().is_account(model);
    found.retain(|field| match field.why {
        Why::Secret => false,
        // What a member may do in a team is for the team to say.
        Why::Privilege => account && !is_occupation(cx, model, &field.name),
        Why::Owner => is_owner(cx, model, &field.name),
        Why::Worth | Why::State | Why::Price => true,
    });
    let place = |field: &Sensitive| match &listed.said {
        Said::These(all) => {
            let (_, place) = all.iter().find(|(name, _)| **name == *field.name)?;
            Some(listed.at.expr_span(*place))
        }
        Said::All => (!named_elsewhere.contains(&field.why)).then_some(listed.place),
        Said::Except(names) => {
            let left = !names.contains(&&*field.name) && !named_elsewhere.contains(&field.why);
            left.then_some(listed.place)
        }
        Said::Unknown => None,
    };
    found.into_iter().filter_map(|field| place(&field).map(|place| (field, place))).collect()
}

/// Whether a role is a text that people write about themselves, rather than one of a few.
fn is_occupation(cx: &Cx<'_>, model: &QualifiedName, field: &str) -> bool {
    matches!(field, "role" | "user_role")
        && cx
            .models()
            .field(model, field)
            .is_some_and(|field| field.relation.is_none() && !field.has_choices)
}

/// Whether a relation to a user says whose the row is, rather than whom it is about: who makes a
/// membership or an invitation chooses the other.
fn is_owner(cx: &Cx<'_>, model: &QualifiedName, field: &str) -> bool {
    const NAMES: &[&str] = &[
        "account", "author", "buyer", "client", "customer", "owner", "patient", "profile",
        "seller", "sender", "user",
    ];
    const BETWEEN: &[&str] = &[
        "access",
        "assign",
        "collab",
        "follow",
        "grant",
        "invit",
        "member",
        "participa",
        "permission",
        "role",
        "share",
        "staff",
    ];
    let Some(model) = cx.models().get(model) else { return false };
    let name = model.name.to_lowercase();
    let direct = model.owners.iter().any(|path| {
        path.strength == Strength::Owner && path.steps.iter().map(|step| &**step).eq([field])
    });
    direct && NAMES.contains(&field) && !BETWEEN.iter().any(|word| name.contains(word))
}

/// That whoever sends a form can do something with a field: `write`, `fill in`.
pub(super) fn message(sent: &Sent<'_, '_>, can: &str, field: &Sensitive) -> String {
    let (who, address) = (sent.who(), sent.endpoint.address());
    format!("{who} can {can} `{}` at {address}: {}", field.name, meaning(field.why))
}

/// What a field says, in words.
fn meaning(why: Why) -> &'static str {
    match why {
        Why::Privilege => "it says what somebody may do",
        Why::Owner => "it says whose the row is",
        Why::Worth => "it is worth money",
        Why::State => "it says what the site has found out or agreed to",
        Why::Price => "it says what is to be paid",
        Why::Secret => "it opens something",
    }
}

/// How grave it is that users fill in a field, and how sure. `scoped`: whether the project ties the
/// model to who asks elsewhere.
pub(super) fn rated(why: Why, scoped: bool) -> (Severity, Confidence) {
    match why {
        Why::Privilege => (Severity::High, Confidence::High),
        Why::Worth => (Severity::High, Confidence::Medium),
        Why::Owner if scoped => (Severity::Medium, Confidence::High),
        // Where nothing else depends on it, it may only be a note on the row.
        Why::Owner => (Severity::Medium, Confidence::Low),
        Why::State | Why::Price | Why::Secret => (Severity::Medium, Confidence::Medium),
    }
}

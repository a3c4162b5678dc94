//! The fields of a model that are not for those who send a form to fill in.

use djsec_base::Span;
use djsec_django::models::{Sensitive, Why};
use djsec_python::QualifiedName;

use super::fields::{self, Said};
use super::sent::{Listed, Sent};
use crate::{Cx, privileges};

/// The fields that are not for those who send a form to fill in, each with its place. Where the list
/// takes every field, that is another rule's finding for what it names.
pub(super) fn privileged(
    cx: &Cx<'_>,
    listed: &Listed<'_>,
    model: &QualifiedName,
    named_elsewhere: &[Why],
) -> Vec<(Sensitive, Span)> {
    let mut found = fields::sensitive(cx, model, &[], true);
    found.retain(|field| privileges::is_one(cx, model, field));
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

/// That whoever sends a form can do something with a field: `write`, `fill in`.
pub(super) fn message(sent: &Sent<'_, '_>, can: &str, field: &Sensitive) -> String {
    let (who, address) = (sent.who(), sent.endpoint.address());
    format!("{who} can {can} `{}` at {address}: {}", field.name, privileges::meaning(field.why))
}

//! Where on a page a flow ends.

use djsec_flow::Flow;
use djsec_templates::html::{Place, Role};

use crate::Cx;

/// What runs untrusted data as code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Code {
    /// A `<script>`.
    Script,
    /// An attribute that browsers run.
    Handler,
    /// An attribute that a script library runs.
    Library,
}

/// What stands without quotes, or where no escaping is made for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Bare {
    /// A tag: its attributes.
    Tag,
    /// A style, a document in an attribute, a tag's name.
    Other,
}

/// What runs the data of a flow.
pub(super) fn code(cx: &Cx<'_>, flow: &Flow) -> Option<Code> {
    cx.places_of(flow.place).iter().find_map(|place| match place {
        Place::Script(..) => Some(Code::Script),
        Place::Attribute(attribute) => match attribute.role {
            Role::Handler(_) | Role::JavascriptUrl(_) => Some(Code::Handler),
            Role::Client(_) => Some(Code::Library),
            _ => None,
        },
        _ => None,
    })
}

/// In what the data of a flow stands bare.
pub(super) fn bare(cx: &Cx<'_>, flow: &Flow) -> Option<Bare> {
    cx.places_of(flow.place).iter().find_map(|place| match place {
        Place::AttributeName(_) => Some(Bare::Tag),
        Place::Style(_) | Place::TagName { .. } => Some(Bare::Other),
        Place::Attribute(attribute) => match attribute.role {
            Role::Srcdoc | Role::Style(_) => Some(Bare::Other),
            _ => Some(Bare::Tag),
        },
        _ => None,
    })
}

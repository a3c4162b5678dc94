//! What a GraphQL endpoint lacks.

use djsec_base::{Confidence, Severity, Span};
use djsec_django::views::graphql::{GraphQl, Library, Mutation};
use djsec_django::views::{Csrf, Level};

use crate::Endpoint;

/// Mutations that are there for people who are not logged in.
const PUBLIC: &[&str] = &[
    "activat",
    "auth",
    "confirm",
    "contact",
    "forgot",
    "login",
    "log_in",
    "logout",
    "log_out",
    "recover",
    "refresh",
    "register",
    "reset",
    "sign",
    "subscribe",
    "token",
    "verif",
];

/// Something that an endpoint lacks.
pub(super) struct Lack {
    pub(super) severity: Severity,
    pub(super) confidence: Confidence,
    /// To follow the name of the endpoint.
    pub(super) words: String,
    pub(super) help: &'static str,
    pub(super) place: Option<(Span, &'static str)>,
}

/// A session from other sites.
pub(super) fn csrf(endpoint: &Endpoint<'_>, facts: &GraphQl) -> Option<Lack> {
    let Csrf::Exempt(_, place) = &endpoint.view.csrf else { return None };
    let session = endpoint.view.authentication.iter().any(|how| how == "session");
    let none = facts.mutations.as_ref().is_some_and(Vec::is_empty);
    if !session || none || !facts.reads_forms {
        return None;
    }
    let known = facts.mutations.is_some();
    Some(Lack {
        severity: Severity::High,
        confidence: if known { Confidence::Medium } else { Confidence::Low },
        words: "takes mutations with a visitor's session from any site: CSRF checks are off".into(),
        help: match facts.library {
            Library::Ariadne => "wrap ariadne's view, which is exempt by itself, in `csrf_protect`",
            _ => "remove `csrf_exempt` and send the token in the header `X-CSRFToken`",
        },
        place: place.map(|place| (place, "the checks are switched off here")),
    })
}

/// A mutation without a check, on an endpoint without one.
pub(super) fn open_mutation(endpoint: &Endpoint<'_>, facts: &GraphQl) -> Option<Lack> {
    if facts.hooked || !endpoint.weakest().is_some_and(Level::is_public) {
        return None;
    }
    let open = |mutation: &&Mutation| {
        mutation.asks == Some(false) && !PUBLIC.iter().any(|word| mutation.name.contains(word))
    };
    let open: Vec<&Mutation> = facts.mutations.iter().flatten().filter(open).collect();
    let first = open.first()?;
    let more = match open.len() {
        1 => String::new(),
        count => format!(" (and {} more)", count - 1),
    };
    Some(Lack {
        severity: Severity::High,
        confidence: Confidence::Medium,
        words: format!("lets anybody call the mutation `{}`{more}, which asks nobody", first.name),
        help: "check `info.context.user` in the mutation, or put a login around the view",
        place: first.place.map(|place| (place, "nothing here looks at who asks")),
    })
}

/// Tools of development, and limits.
pub(super) fn tools(endpoint: &Endpoint<'_>, facts: &GraphQl) -> Vec<Lack> {
    let mut lacks = Vec::new();
    let Some(level) = endpoint.weakest().filter(|level| !level.needs_more_than_login()) else {
        return lacks;
    };
    let reads = facts.mutations.as_ref().is_some_and(Vec::is_empty);
    let severity = if reads { Severity::Info } else { Severity::Low };
    let confidence = Confidence::Medium;
    if facts.ide.on == Some(true) && level.is_public() {
        lacks.push(Lack {
            severity,
            confidence,
            words: "shows its explorer (GraphiQL) to everybody".into(),
            help: match facts.library {
                Library::Graphene => "write `graphiql=settings.DEBUG`",
                Library::Strawberry => {
                    "write `graphql_ide=\"graphiql\" if settings.DEBUG else None`"
                }
                Library::Ariadne => "write `introspection=settings.DEBUG`",
            },
            place: facts.ide.place.map(|place| (place, "it is on here")),
        });
    }
    if facts.batching.on == Some(true) {
        lacks.push(Lack {
            severity,
            confidence,
            words: "runs any number of operations in one request".into(),
            help: "leave `batch` off",
            place: facts.batching.place.map(|place| (place, "batches are on here")),
        });
    }
    if facts.limited == Some(false) && !level.is_unknown() {
        lacks.push(Lack {
            severity: Severity::Info,
            confidence,
            words: "runs queries of any depth".into(),
            help: match facts.library {
                Library::Strawberry => "add `QueryDepthLimiter` to the extensions of the schema",
                _ => "limit the depth of queries in `validation_rules`",
            },
            place: None,
        });
    }
    lacks
}

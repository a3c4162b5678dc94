//! Which views answer what pages and scripts ask for.

use djsec_django::views::Csrf;

use crate::{Cx, Endpoint};

/// Whether a request without the token is refused.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Answer {
    /// Every view that may answer checks the token.
    Refused,
    /// It is not known which view answers.
    Unknown,
    /// A view may answer that does not check it, or of which that is not known.
    Taken,
}

/// What becomes of a request to the route of this name, with its namespaces: `shop:cart`.
pub(super) fn by_name(cx: &Cx<'_>, name: &str) -> Answer {
    all(cx.endpoints().filter(|endpoint| endpoint.is_called(name)))
}

/// What becomes of a request to this path.
pub(super) fn by_path(cx: &Cx<'_>, path: &str) -> Answer {
    let path = path.split(['?', '#']).next().unwrap_or_default();
    all(cx
        .endpoints()
        .filter(|endpoint| endpoint.routes.iter().any(|route| answers(&route.address(), path))))
}

fn all<'a>(endpoints: impl Iterator<Item = Endpoint<'a>>) -> Answer {
    let mut answer = Answer::Unknown;
    for endpoint in endpoints {
        match endpoint.view.csrf {
            Csrf::Enforced | Csrf::EnforcedForSessions => answer = Answer::Refused,
            _ => return Answer::Taken,
        }
    }
    answer
}

/// Whether a route such as `/orders/<int:pk>/` may answer a path. A parameter is one part of it.
fn answers(route: &str, path: &str) -> bool {
    let (mut parts, mut asked) = (route.split('/'), path.split('/'));
    loop {
        match (parts.next(), asked.next()) {
            (None, None) => return true,
            (Some(part), Some(asked)) if part == asked => {}
            (Some(part), Some(asked)) if part.contains('<') && !asked.is_empty() => {}
            _ => return false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::answers;

    #[test]
    fn a_route_answers_paths_of_its_shape() {
        assert!(answers("/orders/<int:pk>/", "/orders/5/"));
        assert!(answers("/orders/", "/orders/"));
        assert!(!answers("/orders/<int:pk>/", "/orders/"));
        assert!(!answers("/orders/<int:pk>/", "/orders//"));
        assert!(!answers("/orders/", "/orders"));
    }
}

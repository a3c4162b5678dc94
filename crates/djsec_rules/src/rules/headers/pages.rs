//! Which views show pages of HTML.

use djsec_base::Severity;
use djsec_django::views::{Purpose, ViewKind};
use djsec_python::code::{Expr, ExprId};

use crate::own::Site;
use crate::{Cx, Endpoint};

/// What a page shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Page {
    /// The description of an API, or the same for everybody: little that a stranger could put a script into.
    Fixed,
    /// A page of the site.
    Own,
}

impl Page {
    /// How bad it is if a script is injected there.
    pub(super) fn severity(self) -> Severity {
        match self {
            Self::Fixed => Severity::Low,
            Self::Own => Severity::Medium,
        }
    }
}

/// What a view shows, where that is a page of HTML.
pub(super) fn page(cx: &Cx<'_>, endpoint: &Endpoint<'_>) -> Option<Page> {
    let view = endpoint.view;
    let purpose = endpoint.purpose();
    if purpose == Some(Purpose::Schema) {
        let name = endpoint.name().to_ascii_lowercase();
        let shows = ["swagger", "redoc", "openapi_view", "docs"].iter().any(|it| name.contains(it));
        return shows.then_some(Page::Fixed);
    }
    let other =
        [".txt", ".xml", ".json", ".js", ".css", ".csv", ".md", ".svg", ".ics", ".webmanifest"];
    let html = view.templates.iter().any(|name| !other.iter().any(|end| name.ends_with(end)));
    let shown = html || view.kind == ViewKind::Admin || writes_html(cx, endpoint);
    let fixed = purpose == Some(Purpose::StaticPage);
    shown.then_some(if fixed { Page::Fixed } else { Page::Own })
}

/// Whether its code makes a page without a template: `HttpResponse("<p>…")`, or of rendered text.
fn writes_html(cx: &Cx<'_>, endpoint: &Endpoint<'_>) -> bool {
    const PAGES: &[&str] = &["django.http.response.HttpResponse", "django.http.HttpResponse"];
    cx.functions_of(endpoint.view).any(|(at, function)| {
        let renders = at.mentions(function, &["render_to_string"]);
        at.calls_in(function).into_iter().any(|call| {
            let Some((callee, arguments)) = at.code.call(call) else { return false };
            let typed = at.code.argument(arguments, 1, "content_type").is_some();
            let content = at.code.argument(arguments, 0, "content");
            !typed
                && cx.names(at, callee, PAGES)
                && content.is_some_and(|content| renders || has_tag(at, content))
        })
    })
}

fn has_tag(at: Site<'_>, content: ExprId) -> bool {
    let mut found = false;
    at.code.each_inner(content, &mut |_, expr| {
        found |= matches!(expr, Expr::Str(text) if at.code.text(text).contains('<'));
    });
    found
}

/// Whether its code sends a policy by itself.
pub(super) fn writes_policy(cx: &Cx<'_>, endpoint: &Endpoint<'_>) -> bool {
    cx.functions_of(endpoint.view).any(|(at, function)| {
        let mut found = false;
        at.code.each_expr(function.body, &mut |_, expr| {
            let Expr::Str(text) = expr else { return };
            found |= at.code.text(text).eq_ignore_ascii_case("Content-Security-Policy");
        });
        found
    })
}

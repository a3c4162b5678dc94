use std::cell::LazyCell;
use std::collections::BTreeSet;

use djsec_base::{Confidence, Finding, Span};
use djsec_django::views::Csrf;
use djsec_templates::page::{Element, Form, Part};

use super::programs::static_scripts;
use crate::{Check, Cx, Endpoint, Findings, declare_rule};

declare_rule! {
    /// ## What it does
    /// Finds forms that post to this site and have no `{% csrf_token %}` in them. Forms are looked at on the pages as
    /// they are written out, with what they extend and include.
    ///
    /// ## Why it matters
    /// With `CsrfViewMiddleware` such a form is refused. Where it works, the view is exempt from the check, and any other
    /// site can send the form in the name of its visitors.
    ///
    /// ## Flagged
    /// ```html templates/order.html
    /// <form method="post" action="/order/"> {# finding #}
    ///   <button>Order</button>
    /// </form>
    /// ```
    /// ```python views.py
    /// from django.shortcuts import render
    ///
    ///
    /// def order(request):
    ///     return render(request, "order.html")
    /// ```
    ///
    /// ## Not flagged
    /// ```html templates/order.html
    /// <form method="post">{% csrf_token %}<button>Order</button></form>
    /// <form method="get" action="/search/"><input name="q"></form>
    /// <form method="post" action="https://pay.example.net/"><button>Pay</button></form>
    /// <form method="post">{% include "token.html" %}<button>Order</button></form>
    /// <form method="post">{% crispy form %}</form>
    /// ```
    /// ```html templates/token.html
    /// {% csrf_token %}
    /// ```
    ///
    /// A view that takes the form without the token is judged by itself:
    /// ```html templates/leave.html
    /// <form method="post"><button>Leave the list</button></form>
    /// ```
    /// ```python views.py
    /// from django.shortcuts import render
    /// from django.views.decorators.csrf import csrf_exempt
    ///
    ///
    /// @csrf_exempt
    /// def leave(request, signed_name):
    ///     return render(request, "leave.html")
    /// ```
    /// ```python urls.py
    /// from django.urls import path
    ///
    /// from . import views
    ///
    /// urlpatterns = [path("leave/<str:signed_name>/", views.leave)]
    /// ```
    ///
    /// ## How to fix
    /// Write `{% csrf_token %}` into the form.
    ///
    /// ## Limits
    /// A form into which something is written of which djsec does not know what it is (a tag of a package, a template
    /// that is computed) may hold the token, and is not reported. Neither is a form that htmx sends (`hx-post`), or
    /// that the browser is kept from sending (`@submit.prevent`). A form that a script of the project names by its `id`
    /// may be sent by that: it is reported with low confidence, and what the script sends is another rule's.
    ///
    /// ## References
    /// - [Django: how to use its CSRF protection](https://docs.djangoproject.com/en/stable/howto/csrf/)
    RULE {
        id: "csrf-token-missing-in-form",
        group: "csrf",
        summary: "a form posts to this site without the token against forged requests",
        severity: Medium,
        cwe: [352],
        owasp: ["2025:A01"],
        asvs: ["5.0:3.5.1"],
        checklist: ["csrf-in-forms"],
        since: "next",
        checks: [Check::Project(check)],
    }
}

fn check(cx: &Cx<'_>, out: &mut Findings) {
    let scripts = LazyCell::new(|| scripts(cx));
    for (page, form) in cx.templates().forms() {
        if !is_bare(form) || is_exempt(cx, page, form) {
            continue;
        }
        let message = "a form posts to this site without `{% csrf_token %}`";
        let subject = form.tag.text("action").unwrap_or_default();
        let finding =
            Finding::new(&RULE.meta, form.tag.span.into(), subject, message.to_owned()).confidence(
                if is_named(form, &scripts) { Confidence::Low } else { Confidence::Medium },
            );
        out.report(finding).help("write `{% csrf_token %}` into the form").done();
    }
}

/// The texts of the project's own scripts: those in its pages, and its static files.
fn scripts<'a>(cx: &Cx<'a>) -> Vec<&'a str> {
    let inline: BTreeSet<Span> = cx
        .templates()
        .pages()
        .flat_map(|(_, page)| &page.scripts)
        .flat_map(|script| script.pieces.iter().map(|(span, _)| *span))
        .collect();
    let own = static_scripts(cx).map(|(_, file)| file.text());
    inline.into_iter().map(|span| cx.source(span)).chain(own).collect()
}

/// Whether a script names a form by its `id`: `$("#order")`, `getElementById("order")`.
fn is_named(form: &Form, scripts: &[&str]) -> bool {
    let Some(id) = form.tag.text("id").filter(|id| !id.is_empty()) else { return false };
    let ends =
        |rest: &str| !rest.starts_with(|c: char| c.is_alphanumeric() || matches!(c, '-' | '_'));
    let begins = |before: &str| before.ends_with(['#', '"', '\'', '`']);
    scripts.iter().any(|script| {
        script.match_indices(&*id).any(|(at, _)| {
            script.get(..at).is_some_and(begins) && script.get(at + id.len()..).is_some_and(ends)
        })
    })
}

/// Whether a form is surely posted to this site, and nothing in it can be the token.
fn is_bare(form: &Form) -> bool {
    let posts = form.method().is_some_and(|method| method == "post");
    posts
        && form.closed
        && form.token.is_none()
        && !form.controls.iter().any(is_of_token)
        && !form.opaque
        && !form.tag.open
        && form.elsewhere().is_none()
        && !is_computed(form)
        && !is_sent_by_library(&form.tag)
        // Nobody sends a form without anything to press or to fill in.
        && !form.controls.is_empty()
}

/// Whether a control is the one that Django reads the token from: where the page leaves it empty, a script fills it in.
fn is_of_token(control: &Element) -> bool {
    control.text("name").is_some_and(|name| name == "csrfmiddlewaretoken")
}

/// Whether a library sends the form, and the browser does not: htmx, which sends the token as it is told once for
/// all requests of a page, or what listens for `submit` and prevents the rest (Alpine, Vue).
fn is_sent_by_library(tag: &Element) -> bool {
    tag.attributes.iter().any(|attribute| {
        let name = attribute.name.strip_prefix("data-").unwrap_or(&attribute.name);
        let method = name.strip_prefix("hx-").unwrap_or_default();
        let listens = ["@submit", "x-on:submit", "v-on:submit"]
            .iter()
            .find_map(|event| name.strip_prefix(event));
        ["get", "post", "put", "patch", "delete"].contains(&method)
            || listens.is_some_and(|modifiers| modifiers.split('.').any(|one| one == "prevent"))
    })
}

/// Whether it goes back to views that take it without the token: those are judged by themselves.
fn is_exempt(cx: &Cx<'_>, page: &str, form: &Form) -> bool {
    if form.action().is_some_and(|action| !action.is_empty()) {
        return false;
    }
    let mut renders = cx
        .endpoints()
        .filter(|endpoint| endpoint.view.templates.iter().any(|name| **name == *page));
    let exempt = |endpoint: Endpoint<'_>| matches!(endpoint.view.csrf, Csrf::Exempt(..));
    let first = renders.next();
    first.is_some_and(exempt) && renders.all(exempt)
}

/// Whether where it is sent to is not known: it may be another site.
fn is_computed(form: &Form) -> bool {
    matches!(form.action(), Some([Part::Value(_), ..]))
}

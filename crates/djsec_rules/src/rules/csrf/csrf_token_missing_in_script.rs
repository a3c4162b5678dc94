use std::cell::LazyCell;

use djsec_base::{Confidence, Finding, Span};
use djsec_templates::page::{Element, Page, Part};

use super::answers::{self, Answer};
use super::programs::Programs;
use super::scripts::{Address, Request, Sender};
use crate::{Check, Cx, Findings, declare_rule};

declare_rule! {
    /// ## What it does
    /// Finds requests that scripts send to this site to change something (`POST`, `PUT`, `PATCH`, `DELETE`), and
    /// that surely carry no token against forged requests: `fetch`, `XMLHttpRequest`, jQuery, axios and htmx, in pages
    /// and in the project's own static JavaScript.
    ///
    /// ## Why it matters
    /// With `CsrfViewMiddleware` such a request is refused. Where that was noticed, the view is often made exempt
    /// instead, and then any other site can send the request in the name of its visitors.
    ///
    /// ## Flagged
    /// ```html templates/cart.html
    /// <button id="add">Add</button>
    /// <script>
    ///   document.getElementById("add").onclick = () => {
    ///     fetch("/cart/add/", { {# finding #}
    ///       method: "POST",
    ///       headers: { "Content-Type": "application/json" },
    ///       body: JSON.stringify({ amount: 1 }),
    ///     });
    ///   };
    /// </script>
    /// ```
    /// ```python views.py
    /// from django.http import HttpResponse
    ///
    ///
    /// def add(request):
    ///     return HttpResponse()
    /// ```
    /// ```python urls.py
    /// from django.urls import path
    ///
    /// from . import views
    ///
    /// urlpatterns = [path("cart/add/", views.add)]
    /// ```
    ///
    /// ## Not flagged
    /// ```html templates/cart.html
    /// <script>
    ///   fetch("/cart/add/", {
    ///     method: "POST",
    ///     headers: { "X-CSRFToken": document.querySelector("[name=csrfmiddlewaretoken]").value },
    ///   });
    ///   fetch("/cart/", { method: "POST", body: new FormData(form) });
    ///   fetch("https://api.example.net/", { method: "POST" });
    ///   fetch(address, { method: "POST", headers: headers() });
    ///   fetch("/cart/");
    /// </script>
    /// ```
    ///
    /// ## How to fix
    /// Send the token in the header `X-CSRFToken`, or in the body as a form sends it. Do not make the view exempt.
    ///
    /// ## Limits
    /// Only what is written out is reported: an address that begins with `/` or is `{% url %}`, options that are an
    /// object with all of its headers. jQuery, axios and htmx can be told once for all requests to send the token; they
    /// are looked at only where all scripts of the project are known and none of them names the token. Scripts that a
    /// program put together (bundles, minified files) are not read.
    ///
    /// ## References
    /// - [Django: using CSRF protection with AJAX](https://docs.djangoproject.com/en/stable/howto/csrf/#using-csrf-protection-with-ajax)
    RULE {
        id: "csrf-token-missing-in-script",
        group: "csrf",
        summary: "a script changes something on this site without the token against forged requests",
        severity: Medium,
        cwe: [352],
        owasp: ["2025:A01"],
        asvs: ["5.0:3.5.1"],
        checklist: ["csrf-in-scripts"],
        since: "next",
        checks: [Check::Project(check)],
    }
}

fn check(cx: &Cx<'_>, out: &mut Findings) {
    let headers = headers(cx);
    let programs = Programs::new(cx, &headers);
    let everywhere_known = LazyCell::new(|| {
        cx.templates().pages().all(|(_, page)| !page.whole || programs.all_known(cx, page))
    });
    for (place, request, part) in &programs.requests {
        let library = matches!(request.sender, Sender::JQuery | Sender::Axios);
        if library && (programs.told_once || !*everywhere_known) {
            continue;
        }
        let Some(answer) = answer(cx, request, part.as_ref()) else { continue };
        let sure = answer == Answer::Refused && !library;
        let confidence = if sure { Confidence::Medium } else { Confidence::Low };
        let who = match request.sender {
            Sender::Fetch => "`fetch`",
            Sender::Xhr => "an `XMLHttpRequest`",
            Sender::JQuery => "jQuery",
            Sender::Axios => "axios",
        };
        report(*place, (who, &request.method), confidence, out);
    }
    if !programs.told_once {
        htmx(cx, &programs, out);
    }
}

fn report(place: Span, (who, method): (&str, &str), confidence: Confidence, out: &mut Findings) {
    let message = format!("{who} sends a `{method}` request to this site without the CSRF token");
    let finding = Finding::new(&RULE.meta, place.into(), method, message).confidence(confidence);
    out.report(finding).help("send the token in the header `X-CSRFToken`").done();
}

/// The headers in which Django may look for the token, in lower case.
fn headers(cx: &Cx<'_>) -> Vec<String> {
    let setting = cx.setting("CSRF_HEADER_NAME");
    let names = setting.alternatives();
    let names = names.iter().filter_map(|part| part.data.as_str());
    let headers = names.map(|name| {
        name.strip_prefix("HTTP_").unwrap_or(name).replace('_', "-").to_ascii_lowercase()
    });
    headers.filter(|header| !header.is_empty()).collect()
}

/// What becomes of a request; none if it is no matter of the token.
fn answer(cx: &Cx<'_>, request: &Request, part: Option<&Part>) -> Option<Answer> {
    let answer = match (&request.address, part) {
        (Address::Path { text, whole: true }, _) => answers::by_path(cx, text),
        (Address::Path { .. }, _) | (Address::Piece(_), Some(Part::Url(None))) => Answer::Unknown,
        (Address::Piece(_), Some(Part::Url(Some(name)))) => answers::by_name(cx, name),
        (Address::Piece(_), _) => return None,
    };
    (answer != Answer::Taken).then_some(answer)
}

/// Attributes of htmx with which an element sends something that changes state.
const SENDING: [(&str, &str); 4] =
    [("hx-post", "POST"), ("hx-put", "PUT"), ("hx-patch", "PATCH"), ("hx-delete", "DELETE")];

/// Elements of whole pages that send something by htmx, outside of forms with the token.
fn htmx(cx: &Cx<'_>, programs: &Programs, out: &mut Findings) {
    let pages = || cx.templates().pages().map(|(_, page)| page);
    // What one page is told may be swapped into another.
    if pages().flat_map(tags).any(may_send_token) {
        return;
    }
    for page in pages().filter(|page| page.whole) {
        for element in tags(page).filter(|element| !element.open) {
            if let Some(method) = refused(cx, element)
                && !is_with_token(page, element)
                && programs.all_known(cx, page)
            {
                report(element.span, ("htmx", method), Confidence::Low, out);
            }
        }
    }
}

/// The tags of a page by which something may be sent.
fn tags(page: &Page) -> impl Iterator<Item = &Element> {
    page.elements.iter().chain(page.forms.iter().map(|form| &form.tag))
}

/// The method by which an element sends something that is refused without the token.
fn refused(cx: &Cx<'_>, element: &Element) -> Option<&'static str> {
    SENDING.iter().find_map(|(name, method)| {
        let answer = match attribute(element, name)? {
            [Part::Text(path)] if path.starts_with('/') => answers::by_path(cx, path),
            [Part::Url(Some(route))] => answers::by_name(cx, route),
            _ => return None,
        };
        (answer == Answer::Refused).then_some(*method)
    })
}

/// Whether an element stands in a form that may hold the token, or is one.
fn is_with_token(page: &Page, element: &Element) -> bool {
    page.forms.iter().any(|form| {
        let own = form.tag.span == element.span || form.senders.contains(&element.span);
        own && (form.token.is_some() || form.opaque)
    })
}

/// The value of an attribute of htmx: `hx-post`, or `data-hx-post`.
fn attribute<'e>(element: &'e Element, name: &str) -> Option<&'e [Part]> {
    let long = || element.attributes.iter().find(|it| it.name.strip_prefix("data-") == Some(name));
    element.attribute(name).or_else(long)?.value.as_deref()
}

/// Whether an element tells htmx to send more than is seen: headers, values, other elements.
fn may_send_token(element: &Element) -> bool {
    ["hx-headers", "hx-vals", "hx-vars", "hx-include", "hx-ext"]
        .iter()
        .any(|name| attribute(element, name).is_some())
}

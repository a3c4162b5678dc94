use djsec_base::{Confidence, Severity, Span};
use djsec_django::models::{Sensitive, Why};
use djsec_django::views::objects::{Decision, KeyOrigin, ObjectAccess, Objects, Operation};
use djsec_django::views::{Level, Purpose};

use super::{claimed_identity, claims};
use crate::{Check, Cx, Endpoint, Findings, declare_rule, privileges};

declare_rule! {
    /// ## What it does
    /// Finds views that take a client's word for who it is, what it may do, or what something costs: a role
    /// or flag in a cookie, header or form that decides what happens, an id in a cookie or header by which
    /// the acting user is fetched, and a price, balance, role or owner that is stored as it was sent.
    ///
    /// ## Why it matters
    /// Whoever sends the request writes all of it. `is_admin=1` in a cookie makes an administrator, and
    /// `price=0` in a form makes a gift.
    ///
    /// ## Flagged
    /// ```python views.py
    /// from django.core.exceptions import PermissionDenied
    /// from django.shortcuts import render
    ///
    ///
    /// def reports(request):
    ///     if request.COOKIES.get("role") != "admin":  # finding
    ///         raise PermissionDenied
    ///     return render(request, "reports.html")
    /// ```
    /// ```python urls.py
    /// from django.urls import path
    ///
    /// from . import views
    ///
    /// urlpatterns = [path("reports/", views.reports)]
    /// ```
    ///
    /// ## Not flagged
    /// ```python views.py
    /// from django.core.exceptions import PermissionDenied
    /// from django.shortcuts import render
    ///
    ///
    /// def reports(request):
    ///     if request.user.role != "admin":
    ///         raise PermissionDenied
    ///     if request.COOKIES.get("layout") != "wide":
    ///         return render(request, "narrow.html")
    ///     return render(request, "reports.html")
    /// ```
    /// ```python urls.py
    /// from django.urls import path
    ///
    /// from . import views
    ///
    /// urlpatterns = [path("reports/", views.reports)]
    /// ```
    ///
    /// ## How to fix
    /// Ask `request.user`, the session, or a signed cookie (`get_signed_cookie`). Compute prices from what
    /// is bought, and set owners from who asks.
    ///
    /// ## Limits
    /// Only views that need no more than a login count, and only what happens in them for everybody: under
    /// a condition on the user a role in a form is meant for staff. What a form or serializer has looked at
    /// is left to the rules on forms, and rows that are named by an id are `idor-unscoped-lookup`. A header
    /// may be set by a proxy in front: its confidence is medium, and nothing is said where the repository
    /// has that proxy.
    ///
    /// ## References
    /// - [CWE-807: reliance on untrusted inputs in a security decision](https://cwe.mitre.org/data/definitions/807.html)
    RULE {
        id: "client-controlled-privilege",
        group: "access",
        summary: "the client says itself what it may do, who it is, or what something costs",
        severity: High,
        cwe: [807, 639],
        owasp: ["2025:A01"],
        asvs: ["5.0:8.3.1", "5.0:8.2.1"],
        checklist: ["permissions-checked", "object-ownership"],
        since: "next",
        checks: [Check::Project(check)],
    }
}

fn check(cx: &Cx<'_>, out: &mut Findings) {
    let mut told: Vec<Span> = Vec::new();
    for (endpoint, objects) in cx.open_endpoints() {
        for decision in &objects.decisions {
            if lets_in(&endpoint, decision) && !told.contains(&decision.place) {
                told.extend(decides(cx, &endpoint, objects, decision, out));
            }
        }
        for access in objects.accesses.iter().filter(|one| is_open(&endpoint, &one.handler)) {
            if !told.contains(&access.place) {
                told.extend(stores(cx, &endpoint, access, out));
            }
        }
    }
    claimed_identity::check(cx, &RULE, out);
}

/// Whether no more than a login is needed.
pub(super) fn is_open(endpoint: &Endpoint<'_>, handler: &str) -> bool {
    matches!(endpoint.level_for(handler), Some(Level::Public | Level::Authenticated))
}

/// Whether nothing but a login and the condition itself, which is a check, too, stands before what a
/// condition decides.
fn lets_in(endpoint: &Endpoint<'_>, decision: &Decision) -> bool {
    let custom = |level: &Level| matches!(level, Level::Custom(_));
    let guards = endpoint.view.guards.iter();
    let own = guards.filter(|guard| guard.without_effect.is_none() && custom(&guard.level)).count();
    is_open(endpoint, &decision.handler)
        || decision.refuses && own <= 1 && endpoint.level_for(&decision.handler).is_some_and(custom)
}

/// Whether a proxy of the repository writes a header.
pub(super) fn is_of_proxy(cx: &Cx<'_>, origin: &KeyOrigin) -> bool {
    matches!(origin, KeyOrigin::Header(Some(name)) if cx.proxy_sends(name))
}

/// A condition on what the client says of itself, which keeps others out or opens rows; its place.
fn decides(
    cx: &Cx<'_>,
    endpoint: &Endpoint<'_>,
    objects: &Objects,
    decision: &Decision,
    out: &mut Findings,
) -> Option<Span> {
    let origin = &claims::privilege(decision)?.origin;
    let mut opened = decision.opens.iter().filter_map(|at| objects.accesses.get(*at));
    // At a login, who comes in is asked after.
    let opens = endpoint.purpose().is_none() && opened.any(|one| is_power(cx, one));
    if is_of_proxy(cx, origin) || !(decision.refuses || opens) {
        return None;
    }
    let confidence = match origin {
        KeyOrigin::Header(_) => Confidence::Medium,
        _ if decision.refuses || origin.is_ambient() => Confidence::High,
        _ => Confidence::Medium,
    };
    let said = claims::said(origin);
    let message = format!(
        "{said} decides what is allowed at {}, and whoever sends the request writes it",
        endpoint.address()
    );
    out.found(&RULE, decision.place, format!("{} {said}", endpoint.subject()), message)
        .confidence(confidence)
        .help("ask `request.user`, or keep it in the session or a signed cookie")
        .done();
    Some(decision.place)
}

/// Whether it is not for everybody: rows are changed that are not tied to who asks, or rows are read
/// that belong to somebody.
fn is_power(cx: &Cx<'_>, access: &ObjectAccess) -> bool {
    // Rows that the source chooses are meant for whoever asks so.
    let chosen_here = access.keys.iter().any(|key| key.origin == KeyOrigin::Constant);
    match access.operation {
        Operation::Create => cx.models().is_account(&access.model),
        Operation::Update | Operation::Delete => !access.is_protected(),
        Operation::Fetch | Operation::List => {
            let owned = cx.models().get(&access.model).is_some_and(|model| model.owner().is_some());
            !access.is_protected() && !chosen_here && (owned || cx.models().is_user(&access.model))
        }
    }
}

/// A field that is not for the client to decide is stored as it was sent; its place.
fn stores(
    cx: &Cx<'_>,
    endpoint: &Endpoint<'_>,
    access: &ObjectAccess,
    out: &mut Findings,
) -> Option<Span> {
    let (field, origin) = stored(cx, access)?;
    let public = endpoint.level_for(&access.handler).is_some_and(Level::is_public);
    // Who is not logged in has to say for whom it is, and another service says what was paid.
    let said = public && field.why == Why::Owner || endpoint.purpose() == Some(Purpose::Webhook);
    let money = matches!(field.why, Why::Price | Why::Worth);
    if said || (money && !claims::names_money(origin)) || is_of_proxy(cx, origin) {
        return None;
    }
    let scoped = cx.customs().get(&access.model).and_then(|custom| custom.scoped);
    let (severity, confidence) = match field.why {
        // Nobody else looks at it before the row is there.
        Why::Price => (Severity::High, Confidence::High),
        why => privileges::rated(why, scoped.is_some()),
    };
    let who = if public { "anybody" } else { "any user" };
    let model = cx.short_name(&access.model);
    let message = format!(
        "{who} can choose `{}` of `{model}` at {}: it is taken from {} as it came, and {}",
        field.name,
        endpoint.address(),
        claims::said(origin),
        privileges::meaning(field.why).replacen("it ", "", 1),
    );
    out.found(
        &RULE,
        access.place,
        format!("{} {model}.{}", endpoint.subject(), field.name),
        message,
    )
    .severity(severity)
    .confidence(confidence)
    .help(format!("work `{}` out on the server, from who asks and what the site knows", field.name))
    .done();
    Some(access.place)
}

/// The first such field, and where its value comes from.
fn stored<'o>(cx: &Cx<'_>, access: &'o ObjectAccess) -> Option<(Sensitive, &'o KeyOrigin)> {
    let sensitive = cx.models().sensitive(&access.model);
    access.given.iter().filter(|given| given.sent.form.is_none()).find_map(|given| {
        let name = &*given.field;
        let is = |field: &&Sensitive| {
            *field.name == *name || name.strip_suffix("_id") == Some(&*field.name)
        };
        let field = sensitive.iter().find(is)?;
        let counts = privileges::is_one(cx, &access.model, field)
            && !privileges::worked_out(cx, &access.model, &field.name);
        counts.then(|| (field.clone(), &given.sent.origin))
    })
}

//! Why a view is meant to be public: argued from what it does, never from its address alone.

use djsec_base::Span;
use djsec_python::code::{Expr, ExprId};

use super::site::{Cx, Site, last};
use super::{Csrf, Methods, PublicReason, Purpose, View};

/// Calls that say what a view is for, by canonical name.
const CALLS: &[(&str, Purpose)] = &[
    ("django.contrib.auth.authenticate", Purpose::Login),
    ("django.contrib.auth.login", Purpose::Login),
    ("django.contrib.auth.logout", Purpose::Logout),
    ("django.contrib.auth.forms.AuthenticationForm", Purpose::Login),
    ("django.contrib.auth.forms.PasswordResetForm", Purpose::PasswordReset),
    ("django.contrib.auth.forms.SetPasswordForm", Purpose::PasswordReset),
    ("django.contrib.auth.tokens.default_token_generator.check_token", Purpose::PasswordReset),
    ("django.contrib.auth.forms.UserCreationForm", Purpose::Signup),
    ("hmac.compare_digest", Purpose::Webhook),
    ("django.utils.crypto.constant_time_compare", Purpose::Webhook),
    ("stripe.Webhook.construct_event", Purpose::Webhook),
    ("django.core.signing.loads", Purpose::SecretLink),
];

/// Methods by which a view says what it is for, whatever they are called on.
const METHODS: &[(&str, Purpose)] = &[
    ("create_user", Purpose::Signup),
    ("construct_event", Purpose::Webhook),
    ("compare_digest", Purpose::Webhook),
    ("unsign", Purpose::SecretLink),
    ("unsign_object", Purpose::SecretLink),
    ("check_token", Purpose::SecretLink),
    ("fetch_token", Purpose::OauthCallback),
    ("authorize_access_token", Purpose::OauthCallback),
];

/// Calls of a page that is the same for everybody.
const PLAIN: &[&str] = &[
    "render",
    "HttpResponse",
    "JsonResponse",
    "TemplateResponse",
    "Response",
    "redirect",
    "reverse",
    "gettext",
    "_",
    "dict",
    "str",
    "now",
    "super",
    "get_context_data",
    "update",
];

/// Why a view is meant to be public, as far as its code says.
pub(super) fn of(cx: &Cx<'_>, view: &View) -> Option<PublicReason> {
    let mut found: Option<PublicReason> = None;
    let mut plain = !view.bodies.is_empty();
    for body in &view.bodies {
        let (Some(site), Some(function)) = (
            cx.site(body.module),
            cx.program.code(body.module).and_then(|c| c.function(body.function)),
        ) else {
            plain = false;
            continue;
        };
        site.code.each_expr(function.body, &mut |id, expr| {
            let Expr::Call(callee, _) = expr else {
                plain &= !reads_data(site, expr);
                return;
            };
            let written = site.code.dotted(callee).unwrap_or_default();
            plain &= PLAIN.contains(&last(&written));
            let Some((purpose, name)) = called(site, callee) else { return };
            if purpose == Purpose::Webhook && !is_for_machines(view) {
                return;
            }
            let better = found.as_ref().is_none_or(|known| purpose < known.purpose);
            if better {
                found = Some(reason(purpose, format!("calls {name}"), site.span(id)));
            }
        });
        for (purpose, name, place) in form(site, body, cx) {
            found = found.or_else(|| Some(reason(purpose, format!("uses {name}"), place)));
        }
    }
    // Who is logged in may sign others up; only a visitor who also gets logged in signs up.
    found.or_else(|| plain.then(|| still(view)))
}

fn reason(purpose: Purpose, words: String, place: Option<Span>) -> PublicReason {
    PublicReason { purpose, words, place }
}

fn called(site: Site<'_>, callee: ExprId) -> Option<(Purpose, String)> {
    let dotted = site.dotted(callee);
    if let Some((name, purpose)) = CALLS.iter().find(|(name, _)| *name == dotted) {
        return Some((*purpose, (*name).to_owned()));
    }
    let Expr::Attribute(_, name) = site.code.expr(callee) else { return None };
    let name = site.code.text(name);
    METHODS.iter().find(|(known, _)| *known == name).map(|(known, p)| (*p, (*known).to_owned()))
}

/// The form class of a class-based view.
fn form(site: Site<'_>, body: &super::Body, cx: &Cx<'_>) -> Vec<(Purpose, String, Option<Span>)> {
    let Some(class) = &body.receiver else { return Vec::new() };
    let Some(found) = cx.hierarchy.attribute(class, "form_class") else { return Vec::new() };
    let crate::hierarchy::AttributeValue::Assigned(module, _, value) = found.value else {
        return Vec::new();
    };
    let Some(at) = cx.site(module) else { return Vec::new() };
    let form = at.resolve(value);
    let _ = site;
    CALLS
        .iter()
        .filter(|(name, _)| cx.hierarchy.derives_from(&form, &[name]) == Some(true))
        .map(|(name, purpose)| (*purpose, (*name).to_owned(), at.span(value)))
        .collect()
}

/// Whether a view answers programs rather than people: only `POST`, or without CSRF checks.
fn is_for_machines(view: &View) -> bool {
    let post = matches!(&view.methods, Methods::Only(all) if all.iter().all(|m| &**m == "POST"));
    post || matches!(view.csrf, Csrf::Exempt(..) | Csrf::NotNeeded(_))
}

/// Whether an expression reaches for rows or for what the visitor sends.
fn reads_data(site: Site<'_>, expr: Expr) -> bool {
    let Expr::Attribute(_, name) = expr else { return false };
    matches!(
        site.code.text(name),
        "objects" | "POST" | "FILES" | "body" | "data" | "session" | "cursor"
    )
}

/// A page that only renders.
fn still(view: &View) -> PublicReason {
    let name = last(&view.dotted).to_ascii_lowercase();
    let health = ["health", "ping", "alive", "live", "ready", "status", "heartbeat"];
    let purpose = if health.iter().any(|word| name.contains(word)) {
        Purpose::Health
    } else {
        Purpose::StaticPage
    };
    reason(purpose, "only renders, and reads no rows".into(), view.place)
}

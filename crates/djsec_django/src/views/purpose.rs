//! Why a view is meant to be public: argued from what it does, never from its address alone.

use djsec_base::Span;
use djsec_python::code::{Expr, ExprId};

use super::site::{Cx, Def, Site, last};
use super::{Csrf, Methods, PublicReason, Purpose, View, ViewKind};

/// Calls that say what a view is for, by canonical name.
const CALLS: &[(&str, Purpose)] = &[
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
    ("set_unusable_password", Purpose::Signup),
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
    let mut look = Look { view, found: None, plain: !view.bodies.is_empty(), quiet: true };
    for body in &view.bodies {
        let Some(def) = cx.site(body.module).and_then(|site| site.def(body.function)) else {
            look.plain = false;
            continue;
        };
        look.function(def, 0);
        for (purpose, name, place) in form(body, cx) {
            look.note(purpose, format!("uses {name}"), place);
        }
    }
    let health = look.plain || look.quiet && is_health(view);
    look.found.or_else(|| health.then(|| still(view)))
}

/// A look at the functions that run for a view.
struct Look<'v> {
    view: &'v View,
    found: Option<PublicReason>,
    /// Whether they only render.
    plain: bool,
    /// Whether they do not touch what the visitor sends, nor rows.
    quiet: bool,
}

impl Look<'_> {
    fn note(&mut self, purpose: Purpose, words: String, place: Option<Span>) {
        // Logging somebody out is what many flows do on their way.
        let rank = |purpose: Purpose| (purpose == Purpose::Logout, purpose);
        if self.found.as_ref().is_none_or(|known| rank(purpose) < rank(known.purpose)) {
            self.found = Some(reason(purpose, words, place));
        }
    }

    /// A function, and the functions of the project that it calls.
    fn function(&mut self, def: Def<'_>, depth: u8) {
        let site = def.site;
        let mut calls = Vec::new();
        site.code.each_expr(def.function.body, &mut |id, expr| match expr {
            Expr::Call(callee, _) => calls.push((id, callee)),
            other => {
                let reads = reads_data(site, other);
                self.plain &= !reads;
                self.quiet &= !reads;
            }
        });
        for (id, callee) in calls {
            let written = site.code.dotted(callee).unwrap_or_default();
            self.plain &= PLAIN.contains(&last(&written));
            let gives_token = matches!(self.view.kind, ViewKind::ApiClass | ViewKind::ApiFunction)
                && site.dotted(callee) == "django.contrib.auth.authenticate";
            if gives_token {
                let words = "calls django.contrib.auth.authenticate".to_owned();
                self.note(Purpose::Token, words, site.span(id));
            } else if let Some((purpose, name)) = called(site, callee) {
                if purpose != Purpose::Webhook || is_for_machines(self.view) {
                    self.note(purpose, format!("calls {name}"), site.span(id));
                }
            } else if depth == 0
                && let Some(inner) = site.cx.def(&site.resolve(callee))
            {
                self.function(inner, 1);
            }
        }
    }
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
fn form(body: &super::Body, cx: &Cx<'_>) -> Vec<(Purpose, String, Option<Span>)> {
    let Some(class) = &body.receiver else { return Vec::new() };
    let Some(found) = cx.hierarchy.attribute(class, "form_class") else { return Vec::new() };
    let crate::hierarchy::AttributeValue::Assigned(module, _, value) = found.value else {
        return Vec::new();
    };
    let Some(at) = cx.site(module) else { return Vec::new() };
    let form = at.resolve(value);
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
        "objects"
            | "GET"
            | "POST"
            | "FILES"
            | "META"
            | "COOKIES"
            | "body"
            | "data"
            | "session"
            | "user"
            | "environ"
    )
}

/// Whether a view says by its name that it is there for monitors; what it does has to agree.
fn is_health(view: &View) -> bool {
    let name = last(&view.dotted).to_ascii_lowercase();
    ["health", "ping", "alive", "live", "ready", "status", "heartbeat"]
        .iter()
        .any(|word| name.contains(word))
}

/// A page that only renders.
fn still(view: &View) -> PublicReason {
    let health = is_health(view);
    let purpose = if health { Purpose::Health } else { Purpose::StaticPage };
    reason(purpose, "reads no rows, and nothing of what the visitor sends".into(), view.place)
}

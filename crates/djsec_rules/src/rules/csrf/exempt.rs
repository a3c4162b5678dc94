//! What a view does that takes requests without a CSRF token.

use djsec_base::Location;
use djsec_django::views::effects::{Effect, EffectKind, Effects, Verbs};
use djsec_django::views::{Csrf, GuardSource, Guarding, ViewKind};
use djsec_python::code::{Expr, Function, Stmt};

use crate::own::{Kind, OwnClass, Site};
use crate::{Cx, Endpoint};

/// Where a view of the project is exempt from CSRF checks, if it is. What a class does for all views that
/// use it is one finding, at the class: `csrf-bypass-in-code`.
pub(super) fn exemption(cx: &Cx<'_>, endpoint: &Endpoint<'_>) -> Option<Location> {
    let place = exempt_at(endpoint)?;
    let of_class = |(class, method): (OwnClass<'_>, &Function)| {
        Location::Span(class.at.span(method.name_range)) == place
    };
    let reported = emptied(cx).any(of_class);
    (!reported).then_some(place)
}

/// Who can make a visitor's browser call what has these words. `by_session`: whether it takes the visitor's.
pub(super) fn callers(cx: &Cx<'_>, words: &str, by_session: bool) -> String {
    if by_session && cx.session_crosses_sites().is_never() {
        format!(
            "only the `SameSite` of the session's cookie keeps other sites from making a visitor's browser call {words}"
        )
    } else {
        format!("any site can make a visitor's browser call {words}")
    }
}

/// What exempts a view of the project from CSRF checks, if anything does.
pub(super) fn exempt_at(endpoint: &Endpoint<'_>) -> Option<Location> {
    match &endpoint.view.csrf {
        // GraphQL has a rule of its own: what it does is decided by its resolvers.
        Csrf::Exempt(_, place) if endpoint.is_own() && endpoint.view.kind != ViewKind::GraphQl => {
            Some(place.map_or_else(|| endpoint.place(), Location::Span))
        }
        _ => None,
    }
}

/// Classes of the project that should check CSRF tokens, with the method that checks nothing.
pub(super) fn emptied<'a>(cx: &'a Cx<'_>) -> impl Iterator<Item = (OwnClass<'a>, &'a Function)> {
    cx.own_classes().filter_map(|class| {
        let name = if class.is(Kind::SessionAuthentication) {
            "enforce_csrf"
        } else if class.is(Kind::CsrfMiddleware) {
            "process_view"
        } else {
            return None;
        };
        let method = class.method(name).filter(|method| does_nothing(class.at, method))?;
        Some((class, method))
    })
}

/// Whether a method only ends.
fn does_nothing(at: Site<'_>, function: &Function) -> bool {
    at.code.stmts(function.body).iter().all(|id| match at.code.stmt(*id) {
        Stmt::Pass => true,
        Stmt::Expr(e) => matches!(at.code.expr(e), Expr::Str(_) | Expr::Ellipsis),
        Stmt::Return(value) => value.is_none_or(|value| matches!(at.code.expr(value), Expr::None)),
        _ => false,
    })
}

/// What says that a view knows its visitors by a cookie that browsers send along by themselves.
pub(super) fn cookie<'e>(
    endpoint: &Endpoint<'_>,
    effects: &'e Effects,
    verbs: Verbs,
) -> Option<Cookie<'e>> {
    let token = endpoint.view.guards.iter().any(by_token) || endpoint.has_secret_parameter();
    let proofs = [EffectKind::Verifies, EffectKind::ComparesSecret, EffectKind::ChecksToken];
    if token || effects.first(&proofs, verbs).is_some() {
        return None;
    }
    let session = endpoint.view.authentication.iter().any(|how| how == "session");
    let asks = |guard: &Guarding| {
        guard.level.needs_user() && asks_this_view(guard) && verbs.names().any(|v| guard.covers(v))
    };
    if session && endpoint.view.guards.iter().any(asks) {
        return Some(Cookie::Required);
    }
    let used = effects.first(&[EffectKind::UsesUser, EffectKind::UsesSession], verbs)?;
    Some(Cookie::Used(used))
}

/// How a view uses the cookie of a session.
pub(super) enum Cookie<'e> {
    /// It asks for a login.
    Required,
    /// It reads who asks, or the session.
    Used(&'e Effect),
}

/// What a view changes that a forged request would change for its victim.
pub(super) fn change(effects: &Effects, verbs: Verbs) -> Option<&Effect> {
    let kinds = [
        EffectKind::Deletes,
        EffectKind::SetsPassword,
        EffectKind::Writes,
        EffectKind::SendsMail,
        EffectKind::Enqueues,
        EffectKind::Runs,
    ];
    kinds.iter().find_map(|kind| effects.first(&[*kind], verbs))
}

/// The change in words that follow the name of a view: "writes `Order`".
pub(crate) fn words(effect: &Effect) -> String {
    let what = &effect.words;
    match effect.kind {
        EffectKind::Writes => format!("writes rows of `{what}`"),
        EffectKind::Deletes => format!("deletes rows of `{what}`"),
        EffectKind::SetsPassword => "sets a password".to_owned(),
        EffectKind::SendsMail => "sends mail".to_owned(),
        EffectKind::Enqueues => format!("starts work in the background (`{what}`)"),
        EffectKind::LogsIn => "logs its visitor in".to_owned(),
        EffectKind::LogsOut => "logs its visitor out".to_owned(),
        EffectKind::Runs => format!("runs `{what}`"),
        _ => format!("calls `{what}`"),
    }
}

/// Whether a check is meant for this view: middleware of a project makes exceptions that are hard to
/// see, and views that are exempt from CSRF checks are among them.
fn asks_this_view(guard: &Guarding) -> bool {
    guard.source != GuardSource::Middleware
        || guard.what == "django.contrib.auth.middleware.LoginRequiredMiddleware"
}

/// Whether a check goes by something that browsers do not send along by themselves.
fn by_token(guard: &Guarding) -> bool {
    let what = guard.what.to_ascii_lowercase();
    let words = ["token", "key", "basic", "oauth", "jwt", "bearer", "hmac", "signature", "secret"];
    !matches!(guard.source, GuardSource::Middleware) && words.iter().any(|word| what.contains(word))
}

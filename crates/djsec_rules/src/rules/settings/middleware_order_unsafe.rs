use djsec_base::Severity;
use djsec_django::settings::SettingRef;
use djsec_python::value::Data;

use crate::{Check, Cx, Findings, declare_rule};

declare_rule! {
    /// ## What it does
    /// Finds middleware that stand in an order in which one of them cannot protect anything. Only
    /// pairs with a constraint that their documentation states are looked at.
    ///
    /// ## Why it matters
    /// A request passes `MIDDLEWARE` from first to last, and the answer goes back from last to first. A
    /// middleware that answers by itself keeps the request, and its answer, from all that stand after it.
    ///
    /// ## Flagged
    /// ```python settings.py
    /// MIDDLEWARE = [
    ///     "whitenoise.middleware.WhiteNoiseMiddleware",
    ///     "django.middleware.security.SecurityMiddleware",  # finding
    ///     "django.contrib.sessions.middleware.SessionMiddleware",
    ///     "django.contrib.auth.middleware.AuthenticationMiddleware",
    /// ]
    /// ```
    /// ```python settings.py
    /// MIDDLEWARE = [
    ///     "django.middleware.security.SecurityMiddleware",
    ///     "django.contrib.sessions.middleware.SessionMiddleware",
    ///     "django.middleware.cache.UpdateCacheMiddleware",  # finding
    ///     "django.middleware.common.CommonMiddleware",
    ///     "django.middleware.cache.FetchFromCacheMiddleware",
    /// ]
    /// ```
    ///
    /// ## Not flagged
    /// ```python settings.py
    /// MIDDLEWARE = [
    ///     "django.middleware.security.SecurityMiddleware",
    ///     "whitenoise.middleware.WhiteNoiseMiddleware",
    ///     "django.middleware.cache.UpdateCacheMiddleware",
    ///     "django.contrib.sessions.middleware.SessionMiddleware",
    ///     "django.middleware.common.CommonMiddleware",
    ///     "django.middleware.cache.FetchFromCacheMiddleware",
    /// ]
    /// ```
    /// Nothing is claimed of middleware that djsec does not know:
    /// ```python settings.py
    /// MIDDLEWARE = [
    ///     "shop.middleware.Timing",
    ///     "corsheaders.middleware.CorsMiddleware",
    ///     "django.middleware.security.SecurityMiddleware",
    /// ]
    /// ```
    /// ```python settings.py
    /// MIDDLEWARE = ["django.contrib.sessions.middleware.SessionMiddleware"]
    /// MIDDLEWARE.insert(0, "django.middleware.security.SecurityMiddleware")
    /// MIDDLEWARE.insert(1, "django.middleware.cache.UpdateCacheMiddleware")
    /// ```
    ///
    /// ## How to fix
    /// Move the middleware to the place that its documentation gives; Django's list of orderings is
    /// short.
    ///
    /// ## Limits
    /// That `LoginRequiredMiddleware` lacks `AuthenticationMiddleware` altogether is reported here, too.
    ///
    /// ## References
    /// - [Django: middleware ordering](https://docs.djangoproject.com/en/stable/ref/middleware/#middleware-ordering)
    /// - [WhiteNoise: enable WhiteNoise](https://whitenoise.readthedocs.io/en/stable/django.html)
    RULE {
        id: "middleware-order-unsafe",
        group: "settings",
        summary: "the order of the middleware takes the effect from one of them",
        severity: Medium,
        cwe: [696],
        owasp: ["2025:A02"],
        checklist: ["security-middleware-order"],
        django: ["auth.E013"],
        since: "next",
        checks: [Check::Setting(&["MIDDLEWARE"], check)],
    }
}

/// `first` must stand before `then`; `misplaced` is the one to report and to move.
struct Order {
    first: &'static str,
    then: &'static str,
    misplaced: &'static str,
    message: &'static str,
    django: Option<&'static str>,
}

const SECURITY: &str = "django.middleware.security.SecurityMiddleware";
const SESSIONS: &str = "django.contrib.sessions.middleware.SessionMiddleware";
const AUTH: &str = "django.contrib.auth.middleware.AuthenticationMiddleware";
const LOGIN: &str = "django.contrib.auth.middleware.LoginRequiredMiddleware";
const UPDATE: &str = "django.middleware.cache.UpdateCacheMiddleware";
const FETCH: &str = "django.middleware.cache.FetchFromCacheMiddleware";
const COMMON: &str = "django.middleware.common.CommonMiddleware";
const WHITENOISE: &str = "whitenoise.middleware.WhiteNoiseMiddleware";
const LOCALE: &str = "django.middleware.locale.LocaleMiddleware";
const OTP: &str = "django_otp.middleware.OTPMiddleware";

const ORDERS: &[Order] = &[
    Order {
        first: SECURITY,
        then: WHITENOISE,
        misplaced: SECURITY,
        message: "static files go out over plain HTTP and without HSTS, because WhiteNoise answers before `SecurityMiddleware`",
        django: None,
    },
    Order {
        first: SECURITY,
        then: FETCH,
        misplaced: SECURITY,
        message: "cached pages go out before `SecurityMiddleware` sees the request: no HTTPS redirect, no HSTS",
        django: None,
    },
    Order {
        first: UPDATE,
        then: SESSIONS,
        misplaced: UPDATE,
        message: "pages are cached before `SessionMiddleware` adds `Vary: Cookie`: one user's page may be served to another",
        django: None,
    },
    Order {
        first: UPDATE,
        then: LOCALE,
        misplaced: UPDATE,
        message: "pages are cached before `LocaleMiddleware` adds `Vary: Accept-Language`: visitors get pages of others",
        django: None,
    },
    Order {
        first: SESSIONS,
        then: AUTH,
        misplaced: AUTH,
        message: "`AuthenticationMiddleware` runs before there is a session, and fails for every request",
        django: None,
    },
    Order {
        first: AUTH,
        then: LOGIN,
        misplaced: LOGIN,
        message: "`LoginRequiredMiddleware` runs before the user is known",
        django: Some("auth.E013"),
    },
    Order {
        first: AUTH,
        then: OTP,
        misplaced: OTP,
        message: "`OTPMiddleware` runs before the user is known, so no second factor is ever seen as verified",
        django: None,
    },
];

fn check(cx: &Cx<'_>, setting: &SettingRef<'_>, out: &mut Findings) {
    let is = |path: &'static str| move |data: &Data| cx.project.is_middleware(data, path);
    // Django knows `LoginRequiredMiddleware` since 5.1; before, the module does not load.
    let login = cx.django_at_least(5, 1);
    for order in ORDERS.iter().filter(|order| login || order.then != LOGIN) {
        let wrong = setting.before(is(order.then), is(order.first))
            & !setting.before(is(order.first), is(order.then));
        let misplaced = |data: &Data| cx.project.is_middleware(data, order.misplaced) == Some(true);
        let report = out
            .judge(cx, &RULE, setting, wrong.surely(), order.message)
            .help(format!("put `{}` before `{}`", order.first, order.then))
            .at(setting.element_span(wrong, misplaced));
        match order.django {
            Some(id) => report.severity(Severity::High).django_check(id).done(),
            None => report.done(),
        }
    }
    common(cx, setting, out);
    if !login {
        return;
    }
    let alone = cx.has_middleware(LOGIN) & !cx.has_middleware(AUTH);
    out.judge(
        cx,
        &RULE,
        setting,
        alone,
        "`LoginRequiredMiddleware` needs `AuthenticationMiddleware`, which is not active",
    )
    .severity(Severity::High)
    .help(format!("put `{AUTH}` before it"))
    .django_check("auth.E013")
    .at(setting.element_span(alone, |data| cx.project.is_middleware(data, LOGIN) == Some(true)))
    .done();
}

/// `CommonMiddleware` before `SecurityMiddleware`: what it redirects before it hands a request on is
/// never redirected to HTTPS. Since 4.2 that is only what `PREPEND_WWW` asks for; slashes are added
/// on the way back, when `SecurityMiddleware` has already seen the answer.
fn common(cx: &Cx<'_>, setting: &SettingRef<'_>, out: &mut Findings) {
    let is = |path: &'static str| move |data: &Data| cx.project.is_middleware(data, path);
    let wrong = setting.before(is(COMMON), is(SECURITY)).surely()
        & !setting.before(is(SECURITY), is(COMMON)).possibly();
    let slash = cx.setting("APPEND_SLASH").truthy().surely();
    let mut early = cx.setting("PREPEND_WWW").truthy().surely();
    if !cx.django_at_least(4, 2) {
        early = early | slash;
    }
    let hsts = cx.setting("SECURE_HSTS_SECONDS").truthy();
    let late = if hsts.is_never() { cx.settings().never() } else { slash & !early };
    let place =
        setting.element_span(wrong, |data| cx.project.is_middleware(data, SECURITY) == Some(true));
    // It may be a class of the project's own.
    let parts = setting.elements();
    let listed = parts.iter().find(|part| is(COMMON)(&part.data) == Some(true));
    let listed = listed.and_then(|part| part.data.as_str()).unwrap_or(COMMON);
    let help = format!("put `{SECURITY}` before `{listed}`");
    out.judge(
        cx,
        &RULE,
        setting,
        wrong & early,
        "redirects of `CommonMiddleware` go out before `SecurityMiddleware` sees the request: no \
         HTTPS redirect, no HSTS",
    )
    .help(help.as_str())
    .at(place)
    .done();
    out.judge(
        cx,
        &RULE,
        setting,
        wrong & late,
        "redirects that add a slash go out without HSTS: `CommonMiddleware` makes them after \
         `SecurityMiddleware` has seen the answer",
    )
    .rated(Severity::Low)
    .help(help)
    .at(place)
    .done();
}

use djsec_base::{Confidence, Severity};
use djsec_django::settings::{Cond, SettingRef};
use djsec_python::value::Data;

use crate::{Check, Cx, Findings, declare_rule};

declare_rule! {
    /// ## What it does
    /// Finds limits that count by something the client chooses: the first address of
    /// `X-Forwarded-For`, the whole header, or the user agent.
    ///
    /// ## Why it matters
    /// A client that sends another `X-Forwarded-For` or user agent with each request is a new client
    /// each time, and has no limit. Anonymous throttles of Django REST framework do so by default: with
    /// `NUM_PROXIES` unset the header is the client's name, proxy or not. A lock by user name alone
    /// lets anybody lock out anybody.
    ///
    /// ## Flagged
    /// ```python settings.py
    /// INSTALLED_APPS += ["rest_framework"]
    /// REST_FRAMEWORK = {
    ///     "DEFAULT_THROTTLE_CLASSES": ["rest_framework.throttling.AnonRateThrottle"],  # finding
    ///     "DEFAULT_THROTTLE_RATES": {"anon": "60/min"},
    /// }
    /// ```
    /// ```python settings.py
    /// INSTALLED_APPS += ["axes"]
    /// AXES_LOCKOUT_PARAMETERS = [["username", "user_agent"]]  # finding
    /// ```
    ///
    /// ## Not flagged
    /// ```python settings.py
    /// INSTALLED_APPS += ["rest_framework", "axes"]
    /// REST_FRAMEWORK = {
    ///     "DEFAULT_THROTTLE_CLASSES": ["rest_framework.throttling.AnonRateThrottle"],
    ///     "DEFAULT_THROTTLE_RATES": {"anon": "60/min"},
    ///     "NUM_PROXIES": 1,
    /// }
    /// AXES_LOCKOUT_PARAMETERS = ["ip_address", ["username", "user_agent"]]
    /// AXES_IPWARE_META_PRECEDENCE_ORDER = ["HTTP_X_FORWARDED_FOR", "REMOTE_ADDR"]
    /// AXES_IPWARE_PROXY_COUNT = 1
    /// ```
    ///
    /// ## How to fix
    /// Say how many proxies stand in front of Django: `NUM_PROXIES` for Django REST framework (0 for
    /// none), `AXES_IPWARE_PROXY_COUNT` for django-axes. Keep `ip_address` among
    /// `AXES_LOCKOUT_PARAMETERS`.
    ///
    /// ## Limits
    /// A proxy that replaces `X-Forwarded-For` makes the header sound. An nginx in the repository that
    /// does is noticed; other proxies are not, so the confidence is medium.
    ///
    /// ## References
    /// - [DRF: how clients are identified](https://www.django-rest-framework.org/api-guide/throttling/#how-clients-are-identified)
    /// - [django-axes: configuration](https://django-axes.readthedocs.io/en/latest/4_configuration.html)
    RULE {
        id: "rate-limit-key-spoofable",
        group: "auth",
        summary: "a limit counts by what the client chooses",
        severity: Medium,
        cwe: [348, 307],
        owasp: ["2025:A07"],
        asvs: ["5.0:6.3.1"],
        checklist: ["login-throttled"],
        django: ["axes.W006"],
        since: "next",
        checks: [
            Check::Setting(&["REST_FRAMEWORK"], throttles),
            Check::Setting(&["AXES_LOCKOUT_PARAMETERS"], lockout),
            Check::Setting(
                &["AXES_IPWARE_META_PRECEDENCE_ORDER", "AXES_META_PRECEDENCE_ORDER"],
                addresses,
            ),
        ],
    }
}

const ANONYMOUS: &[&str] = &["rest_framework.throttling.AnonRateThrottle"];

fn throttles(cx: &Cx<'_>, setting: &SettingRef<'_>, out: &mut Findings) {
    let classes = setting.entry("DEFAULT_THROTTLE_CLASSES");
    let listed = classes.any(|data| cx.is_class(data, ANONYMOUS)).surely();
    let when = listed & setting.entry("NUM_PROXIES").is_none() & cx.uses_app("rest_framework");
    if header_is_replaced(cx) {
        return;
    }
    let message = "clients escape this limit by sending another `X-Forwarded-For` each time";
    out.judge(cx, &RULE, &classes, when, message)
        .confidence(Confidence::Medium)
        .at(classes.element_span(when, |data| cx.is_class(data, ANONYMOUS) == Some(true)))
        .help("set `NUM_PROXIES` to the number of proxies in front of Django")
        .done();
}

/// Whether a proxy of the repository writes `X-Forwarded-For` anew instead of adding to it.
fn header_is_replaced(cx: &Cx<'_>) -> bool {
    cx.edges().any(|edge| {
        cx.files.text(edge.location.file).lines().any(|line| {
            let line = line.trim_start().to_ascii_lowercase();
            line.starts_with("proxy_set_header") && line.contains("x-forwarded-for $remote_addr")
        })
    })
}

fn lockout(cx: &Cx<'_>, setting: &SettingRef<'_>, out: &mut Findings) {
    let listed = setting.is(|data| Some(matches!(data, Data::List(_) | Data::Tuple(_))));
    let installed = cx.uses_app("axes");
    let bare = listed & !setting.any(|data| mentions(data, "ip_address")) & installed;
    let agent = !setting.any(|data| mentions(data, "user_agent")).surely().is_never();
    report(cx, setting, bare, agent, out);
    // Older settings that mean the same.
    let users_only = cx.setting("AXES_ONLY_USER_FAILURES");
    let agent = !cx.setting("AXES_USE_USER_AGENT").truthy().surely().is_never();
    let bare = users_only.truthy() & setting.is_absent() & installed;
    report(cx, &users_only, bare, agent, out);
}

fn report(cx: &Cx<'_>, setting: &SettingRef<'_>, when: Cond<'_>, agent: bool, out: &mut Findings) {
    let (severity, message) = if agent {
        (Severity::Medium, "a client that sends another user agent each time is never locked out")
    } else {
        (
            Severity::Low,
            "failed logins are not counted by address: anybody can lock out any user, \
                         and try one password on all of them",
        )
    };
    out.judge(cx, &RULE, setting, when, message)
        .rated(severity)
        .django_check("axes.W006")
        .help("add `\"ip_address\"` to `AXES_LOCKOUT_PARAMETERS`")
        .done();
}

/// Whether a parameter, or a combination of them, has this name.
fn mentions(data: &Data, name: &str) -> Option<bool> {
    match data {
        Data::Sym(_) => None,
        Data::Str(text) => Some(&**text == name),
        other => {
            let Some(seq) = other.as_seq() else { return Some(false) };
            let has = |value: &djsec_python::value::Value| {
                value.single().is_some_and(|alt| alt.data.as_str() == Some(name))
            };
            Some(seq.items.iter().any(|item| has(&item.value)))
        }
    }
}

fn addresses(cx: &Cx<'_>, setting: &SettingRef<'_>, out: &mut Findings) {
    let first = setting.index(0);
    let forwarded = first.is(|data| {
        let name = data.as_str().unwrap_or_default();
        Some(matches!(name, "HTTP_X_FORWARDED_FOR" | "X_FORWARDED_FOR"))
    });
    let unset = |name: &str| cx.setting(name).is_none();
    let any_proxy = unset("AXES_IPWARE_PROXY_COUNT")
        & unset("AXES_PROXY_COUNT")
        & unset("AXES_IPWARE_PROXY_TRUSTED_IPS")
        & unset("AXES_PROXY_TRUSTED_IPS");
    let order = cx.setting("AXES_IPWARE_PROXY_ORDER");
    let left = order.is_absent() | order.equals("left-most");
    if header_is_replaced(cx) {
        return;
    }
    let message = "clients escape the lock by sending another `X-Forwarded-For` each time";
    let when = forwarded & any_proxy & left & cx.uses_app("axes");
    out.judge(cx, &RULE, setting, when, message)
        .confidence(Confidence::Medium)
        .help("set `AXES_IPWARE_PROXY_COUNT` to the number of proxies in front of Django")
        .done();
}

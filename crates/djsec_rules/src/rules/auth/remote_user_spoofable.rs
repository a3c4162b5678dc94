use djsec_base::Confidence;
use djsec_django::settings::SettingRef;
use djsec_python::{BindingKind, QualifiedName};

use crate::classes::dotted;
use crate::{Check, Cx, Findings, declare_rule};

declare_rule! {
    /// ## What it does
    /// Finds a middleware derived from `RemoteUserMiddleware` that takes the user's name from a header
    /// of the request (`header = "HTTP_…"`), where no proxy configuration of the repository sets that
    /// header.
    ///
    /// ## Why it matters
    /// Whoever reaches Django with that header is the user it names, without a password. That is right
    /// only behind a proxy that sets the header on every request, and removes what the client sent, in
    /// every spelling that ends up under the same name (`X-Remote-User`, `X_Remote_User`).
    ///
    /// ## Flagged
    /// ```python settings.py
    /// MIDDLEWARE += ["shop.middleware.HeaderLogin"]  # finding
    /// AUTHENTICATION_BACKENDS = ["django.contrib.auth.backends.RemoteUserBackend"]
    /// ```
    /// ```python middleware.py
    /// from django.contrib.auth.middleware import RemoteUserMiddleware
    ///
    ///
    /// class HeaderLogin(RemoteUserMiddleware):
    ///     header = "HTTP_X_REMOTE_USER"
    /// ```
    ///
    /// ## Not flagged
    /// ```python settings.py
    /// # `REMOTE_USER` comes from the server that runs Django; clients cannot set it.
    /// MIDDLEWARE += ["django.contrib.auth.middleware.RemoteUserMiddleware"]
    /// AUTHENTICATION_BACKENDS = ["django.contrib.auth.backends.RemoteUserBackend"]
    /// ```
    ///
    /// ## How to fix
    /// Let the proxy set the header on every location that it passes on, and let Django be reachable
    /// through that proxy only.
    ///
    /// ## Limits
    /// Proxies outside of the repository are not seen, so the confidence is medium. Middleware of
    /// other kinds that read a header are not looked at here.
    ///
    /// ## References
    /// - [Django: authentication using REMOTE_USER](https://docs.djangoproject.com/en/stable/howto/auth-remote-user/#configuration)
    RULE {
        id: "remote-user-spoofable",
        group: "auth",
        summary: "a request header says who the user is",
        severity: Critical,
        cwe: [290],
        owasp: ["2025:A07"],
        asvs: ["5.0:6.3.4"],
        checklist: ["auth-backends-sound"],
        since: "next",
        checks: [Check::Setting(&["MIDDLEWARE"], check)],
    }
}

const MIDDLEWARE: &[&str] = &[
    "django.contrib.auth.middleware.RemoteUserMiddleware",
    "django.contrib.auth.middleware.PersistentRemoteUserMiddleware",
];
const BACKENDS: &[&str] = &[
    "django.contrib.auth.backends.RemoteUserBackend",
    "django.contrib.auth.backends.AllowAllUsersRemoteUserBackend",
];

fn check(cx: &Cx<'_>, setting: &SettingRef<'_>, out: &mut Findings) {
    let backend = cx.setting("AUTHENTICATION_BACKENDS").any(|data| cx.is_class(data, BACKENDS));
    for part in setting.elements() {
        let Some(header) = dotted(&part.data).and_then(|path| header(cx, path)) else { continue };
        if cx.proxy_sends(&header) {
            continue;
        }
        let message = format!("who sends the header `{header}` is the user it names");
        out.judge(cx, &RULE, setting, part.when & backend, message)
            .confidence(Confidence::Medium)
            .at(part.span)
            .help("let the proxy set it on every request, and nobody else reach Django")
            .done();
    }
}

/// The request header that a middleware of the project takes the user from.
fn header(cx: &Cx<'_>, path: &str) -> Option<String> {
    let order = cx.hierarchy(path)?;
    let remote = |base: &QualifiedName| match base {
        QualifiedName::External(name) => MIDDLEWARE.contains(&&**name),
        _ => false,
    };
    if !order.iter().any(remote) {
        return None;
    }
    let binding = order.iter().find_map(|base| {
        let class = cx.program.class(base)?;
        class.attributes.iter().rfind(|found| &*found.name == "header")
    })?;
    let BindingKind::Text(name) = &binding.kind else { return None };
    let words: Vec<String> = name.strip_prefix("HTTP_")?.split('_').map(capitalized).collect();
    Some(words.join("-"))
}

/// `FORWARDED` as people write it in a header: `Forwarded`.
fn capitalized(word: &str) -> String {
    let mut chars = word.chars();
    let first = chars.next().map(|c| c.to_ascii_uppercase());
    first.into_iter().chain(chars.map(|c| c.to_ascii_lowercase())).collect()
}

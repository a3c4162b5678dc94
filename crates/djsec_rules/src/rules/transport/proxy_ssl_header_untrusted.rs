use djsec_base::{Confidence, Span};
use djsec_django::evidence::edge::{Edge, EdgeKind};
use djsec_django::settings::SettingRef;
use djsec_python::value::Data;

use crate::{Check, Cx, Findings, declare_rule};

declare_rule! {
    /// ## What it does
    /// Finds a `SECURE_PROXY_SSL_HEADER` that the client decides: the web server in the repository ends
    /// TLS itself and passes `X-Forwarded-Proto` on as the client sent it.
    ///
    /// ## Why it matters
    /// Django then believes whoever asks. A request over plain HTTP that says
    /// `X-Forwarded-Proto: https` counts as secure: it is not redirected, and the checks that
    /// hold for HTTPS only, the strict referer check against CSRF among them, work on a lie.
    ///
    /// ## Flagged
    /// ```python settings.py
    /// SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    /// ```
    /// ```nginx deploy/nginx.conf
    /// server {
    ///     listen 443 ssl;
    ///     location / {
    ///         proxy_pass http://app:8000;
    ///         proxy_set_header X-Forwarded-Proto $http_x_forwarded_proto;  # finding
    ///     }
    /// }
    /// ```
    ///
    /// ## Not flagged
    /// ```python settings.py
    /// SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    /// ```
    /// ```nginx deploy/nginx.conf
    /// server {
    ///     listen 443 ssl;
    ///     location / {
    ///         proxy_pass http://app:8000;
    ///         proxy_set_header X-Forwarded-Proto $scheme;
    ///     }
    /// }
    /// ```
    ///
    /// ## How to fix
    /// Let the server overwrite the header: `proxy_set_header X-Forwarded-Proto $scheme;` in nginx,
    /// in each `location` that has `proxy_set_header` lines of its own.
    ///
    /// ## Limits
    /// Without a server's configuration in the repository nothing is said. A server that does not end
    /// TLS itself stands behind one that does, and passes its word on. Heroku, Fly, Caddy,
    /// Traefik and ingresses set the header by themselves.
    ///
    /// ## References
    /// - [Django: SECURE_PROXY_SSL_HEADER](https://docs.djangoproject.com/en/stable/ref/settings/#secure-proxy-ssl-header)
    RULE {
        id: "proxy-ssl-header-untrusted",
        group: "transport",
        summary: "clients can say that their request was secure",
        severity: High,
        cwe: [290, 348],
        owasp: ["2025:A02"],
        asvs: ["5.0:4.1.3"],
        checklist: ["proxy-ssl-header"],
        since: "next",
        checks: [Check::Setting(&["SECURE_PROXY_SSL_HEADER"], check)],
    }
}

fn check(cx: &Cx<'_>, setting: &SettingRef<'_>, out: &mut Findings) {
    let trusted = setting.index(0).is(|data| {
        Some(matches!(data, Data::Str(name) if name.eq_ignore_ascii_case("HTTP_X_FORWARDED_PROTO")))
    });
    let in_front = |edge: &Edge| {
        !matches!(edge.kind, EdgeKind::Nginx | EdgeKind::Apache)
            && edge.forwarded_proto.as_ref().is_none_or(|header| header.overwrites)
    };
    if cx.edges().any(in_front) {
        return;
    }
    for edge in cx.edges().filter(|edge| edge.tls.is_some()) {
        let Some(passes) = edge.proxies else { continue };
        let (span, message): (Span, &str) = match &edge.forwarded_proto {
            Some(header) if header.overwrites => continue,
            Some(header) => (
                header.span,
                "`X-Forwarded-Proto` is passed on as the client sent it, and Django trusts it: any client \
                 can say that its request was secure",
            ),
            None => (
                passes,
                "nothing here sets `X-Forwarded-Proto`, which Django trusts: any client can say that its \
                 request was secure",
            ),
        };
        out.judge(cx, &RULE, setting, trusted, message)
            .related(setting.span_when(trusted), "Django trusts the header here")
            .at(Some(span))
            .confidence(Confidence::Medium)
            .help("nginx: `proxy_set_header X-Forwarded-Proto $scheme;`")
            .done();
    }
}

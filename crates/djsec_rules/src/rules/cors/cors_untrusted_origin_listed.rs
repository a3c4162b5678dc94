use djsec_base::Severity;
use djsec_python::value::Data;

use super::policy;
use crate::{Check, Cx, Findings, declare_rule};

declare_rule! {
    /// ## What it does
    /// Finds allowed origins that anybody can be, or that belong to development: `null`, `file://`,
    /// plain `http://`, `localhost` and bare addresses.
    ///
    /// ## Why it matters
    /// Every page can make itself the origin `null` with a sandboxed frame. What is served over plain
    /// HTTP can be changed by anyone on the way, who may then use this site as the page they changed
    /// may. A `localhost` origin lets whatever runs on a visitor's machine do so.
    ///
    /// ## Flagged
    /// ```python settings.py
    /// from .base_settings import *
    ///
    /// MIDDLEWARE = ["corsheaders.middleware.CorsMiddleware", *MIDDLEWARE]
    /// CORS_ALLOWED_ORIGINS = [
    ///     "https://app.example.com",
    ///     "http://app.example.com",  # finding
    ///     "http://localhost:3000",  # finding
    ///     "null",  # finding
    /// ]
    /// ```
    ///
    /// ## Not flagged
    /// ```python settings.py
    /// from .base_settings import *
    /// import os
    ///
    /// DEBUG = os.environ.get("DEBUG") == "1"
    /// MIDDLEWARE = ["corsheaders.middleware.CorsMiddleware", *MIDDLEWARE]
    /// CORS_ALLOWED_ORIGINS = ["https://app.example.com", "https://shop-front.vercel.app"]
    /// if DEBUG:
    ///     CORS_ALLOWED_ORIGINS += ["http://localhost:3000"]
    /// ```
    ///
    /// ## How to fix
    /// Take the entry out of what production loads; put it into the development settings, or under
    /// `if DEBUG:`.
    ///
    /// ## Limits
    /// Medium with `CORS_ALLOW_CREDENTIALS`, low without (`null` and `file://` are medium then).
    ///
    /// ## References
    /// - [django-cors-headers: CORS_ALLOWED_ORIGINS](https://github.com/adamchainz/django-cors-headers#cors_allowed_origins-sequencestr)
    /// - [PortSwigger: the null origin](https://portswigger.net/web-security/cors#whitelisted-null-origin-value)
    RULE {
        id: "cors-untrusted-origin-listed",
        group: "cors",
        summary: "an allowed origin can be anybody, or belongs to development",
        severity: Medium,
        cwe: [346, 942],
        owasp: ["2025:A02"],
        asvs: ["5.0:3.4.2"],
        checklist: ["cors-restricted"],
        since: "next",
        checks: [Check::Settings(check)],
    }
}

fn check(cx: &Cx<'_>, out: &mut Findings) {
    let setting = policy::origins(cx);
    let lists_count = policy::lists_count(cx);
    let credentials = policy::credentials(cx);
    for part in setting.elements() {
        let Data::Str(origin) = &part.data else { continue };
        let Some(trust) = doubt(origin) else { continue };
        let when = part.when & lists_count;
        let cookies = !(credentials & when).is_never();
        let severity = match (trust, cookies) {
            (Doubt::Anybody, true) => Severity::High,
            (Doubt::Anybody, false) | (_, true) => Severity::Medium,
            (_, false) => Severity::Low,
        };
        let message = format!("`{origin}` may call this site: {}", trust.consequence());
        out.judge(cx, &RULE, &setting, when, message)
            .rated(severity)
            .at(part.span)
            .help(trust.advice())
            .done();
    }
}

/// Why an origin deserves no trust.
#[derive(Clone, Copy, PartialEq)]
enum Doubt {
    Anybody,
    File,
    Machine,
    Address,
    Plain,
}

impl Doubt {
    const fn consequence(self) -> &'static str {
        match self {
            Self::Anybody => "every page can make that its origin",
            Self::File => "so may every file that a visitor opens",
            Self::Machine => "that is whatever runs on the visitor's own machine",
            Self::Address => {
                "the address may belong to another machine tomorrow, or in another network"
            }
            Self::Plain => "anyone on the way can put a page there",
        }
    }

    const fn advice(self) -> &'static str {
        match self {
            Self::Anybody | Self::File => "take it out of the list",
            Self::Machine => "keep it in the development settings, or under `if DEBUG:`",
            Self::Address => "use a name, over HTTPS",
            Self::Plain => "use `https://`",
        }
    }
}

fn doubt(origin: &str) -> Option<Doubt> {
    let origin = origin.trim().to_ascii_lowercase();
    if origin == "null" {
        return Some(Doubt::Anybody);
    }
    if origin.starts_with("file:") {
        return Some(Doubt::File);
    }
    let (scheme, rest) = origin.split_once("://")?;
    let authority = rest.split('/').next()?;
    let host = match authority.strip_prefix('[') {
        Some(v6) => v6.split(']').next()?,
        None => authority.split(':').next()?,
    };
    let address: Option<std::net::IpAddr> = host.parse().ok();
    let own = host == "localhost" || host.ends_with(".localhost");
    if own || address.is_some_and(|ip| ip.is_loopback() || ip.is_unspecified()) {
        // Apps in a web view (Capacitor, Ionic) come from these; they are no development servers.
        let app = ["capacitor", "ionic", "https"].contains(&scheme) && !authority.contains(':');
        (!app).then_some(Doubt::Machine)
    } else if address.is_some() {
        Some(Doubt::Address)
    } else {
        (scheme == "http").then_some(Doubt::Plain)
    }
}

#[cfg(test)]
mod tests {
    use super::{Doubt, doubt};

    #[test]
    fn origins_of_others_are_doubted() {
        assert!(doubt("null") == Some(Doubt::Anybody));
        assert!(doubt("file://") == Some(Doubt::File));
        assert!(doubt("http://127.0.0.1:8080") == Some(Doubt::Machine));
        assert!(doubt("http://[::1]:8080") == Some(Doubt::Machine));
        assert!(doubt("https://10.0.0.5") == Some(Doubt::Address));
        assert!(doubt("HTTP://Example.com") == Some(Doubt::Plain));
    }

    #[test]
    fn sites_over_https_and_app_shells_are_not() {
        for origin in [
            "https://app.example.com",
            "capacitor://localhost",
            "https://localhost",
            "app.example",
            "",
        ] {
            assert!(doubt(origin).is_none(), "{origin}");
        }
    }
}

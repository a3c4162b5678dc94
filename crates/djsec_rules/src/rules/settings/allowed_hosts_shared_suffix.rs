use djsec_django::settings::SettingRef;
use djsec_python::value::Data;

use crate::{Check, Cx, Findings, declare_rule};

/// Domains that hand out names to anybody, and are missing from the public suffix list.
const SHARED: [&str; 12] = [
    "amazonaws.com",
    "azurewebsites.net",
    "cloudapp.azure.com",
    "elasticbeanstalk.com",
    "fly.dev",
    "herokuapp.com",
    "loca.lt",
    "ngrok-free.app",
    "ngrok.io",
    "onrender.com",
    "railway.app",
    "vercel.app",
];

declare_rule! {
    /// ## What it does
    /// Finds an entry of `ALLOWED_HOSTS` that begins with a dot and covers a domain under which
    /// anybody can get a name: `.herokuapp.com`, `.vercel.app`, `.co.uk`.
    ///
    /// ## Why it matters
    /// Such an entry allows the attacker's own host as much as yours. It is nearly `"*"`: reset mails
    /// and absolute links can be made to point to a site that the attacker registered for nothing.
    ///
    /// ## Flagged
    /// ```python settings.py
    /// ALLOWED_HOSTS = ["shop.example.com", ".herokuapp.com"]  # finding
    /// ```
    ///
    /// ## Not flagged
    /// A full name under such a domain is yours alone:
    /// ```python settings.py
    /// ALLOWED_HOSTS = ["my-shop.herokuapp.com"]
    /// ```
    /// So are the names below one that you registered:
    /// ```python settings.py
    /// ALLOWED_HOSTS = [".example.com", ".example.co.uk", ".my-shop.fly.dev"]
    /// ```
    /// ```python settings.py
    /// ALLOWED_HOSTS = [".localhost", "127.0.0.1", ".internal", ".svc.cluster.local"]
    /// ```
    ///
    /// ## How to fix
    /// Name the host itself: `"my-shop.herokuapp.com"`.
    ///
    /// ## References
    /// - [Django: ALLOWED_HOSTS](https://docs.djangoproject.com/en/stable/ref/settings/#allowed-hosts)
    /// - [The public suffix list](https://publicsuffix.org/)
    RULE {
        id: "allowed-hosts-shared-suffix",
        group: "settings",
        summary: "an allowed host covers a domain that strangers share",
        severity: Medium,
        cwe: [644],
        owasp: ["2025:A02"],
        checklist: ["allowed-hosts-explicit"],
        since: "next",
        checks: [Check::Setting(&["ALLOWED_HOSTS"], check)],
    }
}

fn check(cx: &Cx<'_>, setting: &SettingRef<'_>, out: &mut Findings) {
    for part in setting.elements() {
        let Data::Str(host) = &part.data else { continue };
        if !is_shared(host) {
            continue;
        }
        let message = format!(
            "`ALLOWED_HOSTS` allows every name under `{host}`, where anybody can register one"
        );
        out.judge(cx, &RULE, setting, part.when, message)
            .help("name the host itself, without the leading dot")
            .at(part.span)
            .done();
    }
}

/// Whether an entry covers a whole domain of strangers.
fn is_shared(host: &str) -> bool {
    let host = host.trim().to_ascii_lowercase();
    let Some(domain) = host.strip_prefix('.') else { return false };
    if SHARED.contains(&domain) || domain.ends_with(".amazonaws.com") {
        return true;
    }
    let suffix = psl::suffix(domain.as_bytes()).filter(psl::Suffix::is_known);
    suffix.is_some_and(|suffix| suffix.as_bytes() == domain.as_bytes())
}

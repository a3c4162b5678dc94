use djsec_base::Severity;
use djsec_django::csp::hosts::{self, Weakness};
use djsec_django::csp::{Host, Token};

use crate::{Check, Cx, Findings, declare_rule};

declare_rule! {
    /// ## What it does
    /// Finds enforced content security policies that allow scripts from a host where an attacker can
    /// find, or put, a script of their own: public package CDNs, storage and hosting that anybody can
    /// rent, hosts with JSONP endpoints, the project's own `MEDIA_URL` host, and bare IP addresses.
    ///
    /// ## Why it matters
    /// `script-src https://cdn.jsdelivr.net` allows every file of every npm package, and among them
    /// are old versions of `AngularJS` that run what the page's HTML says, and whatever the attacker
    /// publishes. An injected `<script src>` then runs within the policy.
    ///
    /// ## Flagged
    /// ```python settings.py
    /// MIDDLEWARE = ["csp.middleware.CSPMiddleware"]
    /// CONTENT_SECURITY_POLICY = {
    ///     "DIRECTIVES": {
    ///         "script-src": [
    ///             "'self'",
    ///             "https://cdn.jsdelivr.net",  # finding
    ///         ],
    ///     },
    /// }
    /// ```
    ///
    /// ## Not flagged
    /// ```python settings.py
    /// # One package in one version; the host of fonts is no source of scripts.
    /// MIDDLEWARE = ["csp.middleware.CSPMiddleware"]
    /// CONTENT_SECURITY_POLICY = {
    ///     "DIRECTIVES": {
    ///         "script-src": ["'self'", "https://cdn.jsdelivr.net/npm/htmx.org@2.0.4/"],
    ///         "font-src": ["https://cdn.jsdelivr.net"],
    ///     },
    /// }
    /// ```
    ///
    /// ## How to fix
    /// Serve the few scripts yourself, or name them with their path, or use a nonce with
    /// `'strict-dynamic'`, which makes browsers ignore the list of hosts.
    ///
    /// ## Limits
    /// The list of hosts is djsec's own and short: those that scripts are often loaded from and that are
    /// known to carry a way around. A source with a path is not reported.
    ///
    /// ## References
    /// - [CSP Is Dead, Long Live CSP (Weichselbaum et al.)](https://research.google/pubs/csp-is-dead-long-live-csp-on-the-insecurity-of-whitelists-and-the-future-of-content-security-policy/)
    /// - [MDN: strict-dynamic](https://developer.mozilla.org/en-US/docs/Web/HTTP/Reference/Headers/Content-Security-Policy#strict-dynamic)
    RULE {
        id: "csp-allowlist-bypassable",
        group: "headers",
        summary: "the content security policy allows scripts that attackers can choose",
        severity: Medium,
        cwe: [79],
        owasp: ["2025:A02", "2025:A05"],
        asvs: ["5.0:3.4.3"],
        checklist: ["content-security-policy"],
        since: "next",
        checks: [Check::Settings(check)],
    }
}

fn check(cx: &Cx<'_>, out: &mut Findings) {
    let media = cx.media_host();
    for policy in cx.project.policies().iter().filter(|policy| policy.enforced) {
        for (directive, decides) in policy.script_directives() {
            let strict = directive.lists(|token| token.is_keyword("strict-dynamic"));
            for source in &directive.sources {
                let Token::Host(host) = &source.token else { continue };
                let Some((severity, consequence)) = weakness(host, media.as_deref()) else {
                    continue;
                };
                let name = &directive.name;
                out.judge(
                    cx,
                    &RULE,
                    &directive.setting,
                    policy.sent() & decides & source.when & !strict,
                    format!("`{}` in `{name}` {consequence}", source.text),
                )
                .rated(severity)
                .at(source.span)
                .help("serve the scripts yourself, name them with their path, or use a nonce")
                .done();
            }
        }
    }
}

fn weakness(host: &Host, media: Option<&str>) -> Option<(Severity, &'static str)> {
    if host.path.len() > 1 {
        return None;
    }
    let name = &*host.name;
    let covers = |known: &str| {
        name == known
            || (host.wildcard && known.strip_suffix(name).is_some_and(|r| r.ends_with('.')))
    };
    match hosts::weakness(name, host.wildcard) {
        Some(Weakness::Public) => {
            return Some((
                Severity::Medium,
                "lets an attacker run any script published there, and anybody can publish",
            ));
        }
        Some(Weakness::Gadgets) => {
            return Some((
                Severity::Medium,
                "lets an attacker run a script whose text the address decides",
            ));
        }
        None => {}
    }
    if media.is_some_and(covers) {
        return Some((
            Severity::Medium,
            "lets an uploaded file run as a script: it is the host of `MEDIA_URL`",
        ));
    }
    let address = name.split('.').count() == 4
        && name
            .split('.')
            .all(|part| !part.is_empty() && part.len() < 4 && part.parse::<u8>().is_ok());
    if address && !name.starts_with("127.") {
        return Some((
            Severity::Low,
            "trusts whoever holds this address, without a certificate's name",
        ));
    }
    None
}

use djsec_flow::{Flow, Kind};

use super::report::report;
use crate::{Check, Cx, Findings, declare_rule};

declare_rule! {
    /// ## What it does
    /// Finds data of the address, of headers and of cookies that is kept in Django's cache under a key of the
    /// source, so that what one visitor sent is shown to all others.
    ///
    /// ## Why it matters
    /// One request is enough: until the entry ends, every visitor gets what the attacker wrote into it, be it a link
    /// to another site (`X-Forwarded-Host`), a text, or, where HTML is kept, a script.
    ///
    /// ## Flagged
    /// ```python views.py
    /// from django.core.cache import cache
    /// from django.http import HttpResponse
    ///
    ///
    /// def head(request):
    ///     html = cache.get("head")
    ///     if html is None:
    ///         html = f"<base href='//{request.headers['X-Forwarded-Host']}/'>"
    ///         cache.set("head", html, 600)  # finding
    ///     return HttpResponse(html)
    /// ```
    ///
    /// ## Not flagged
    /// A key with what it depends on, a value that nobody sends, and what somebody posts to be kept:
    /// ```python views.py
    /// from django.core.cache import cache
    /// from django.http import HttpResponse
    ///
    ///
    /// def found(request):
    ///     q = request.GET["q"]
    ///     cache.set(f"found:{q}", f"You looked for {q}", 600)
    ///     cache.set("page", int(request.GET["page"]), 600)
    ///     return HttpResponse(cache.get("head"))
    ///
    ///
    /// def announce(request):
    ///     cache.set("announcement", request.POST["text"])
    ///     return HttpResponse()
    /// ```
    ///
    /// ## How to fix
    /// Put what the value depends on into the key, or keep only what depends on nothing that a visitor sends.
    ///
    /// ## Limits
    /// Only `django.core.cache.cache` is looked at, and keys that are a text of the source. What a body brings is taken
    /// as meant to be kept. `cache_page` keeps answers by their address.
    ///
    /// ## References
    /// - [PortSwigger: web cache poisoning](https://portswigger.net/web-security/web-cache-poisoning)
    RULE {
        id: "cache-poisoning",
        group: "injection",
        summary: "what one visitor sends is kept and shown to all others",
        severity: Medium,
        cwe: [349],
        owasp: ["2025:A05"],
        asvs: ["5.0:14.2.5"],
        checklist: ["input-validated"],
        since: "next",
        checks: [Check::Flow(&[Kind::Cached], check)],
    }
}

fn check(_cx: &Cx<'_>, flow: &Flow, out: &mut Findings) {
    if is_in_passing(flow) {
        report(&RULE, flow, "becomes part of", out)
            .help("put what the value depends on into the key")
            .done();
    }
}

/// Whether data comes with a request that asks for something, rather than to be kept.
fn is_in_passing(flow: &Flow) -> bool {
    const PARTS: &[&str] = &["COOKIES", "GET", "META", "headers", "query_params"];
    let words = &flow.source.words;
    PARTS.iter().any(|part| words.split(['.', '[', '(']).any(|word| word == *part))
}

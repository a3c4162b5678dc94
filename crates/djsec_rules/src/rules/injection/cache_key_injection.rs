use std::collections::BTreeMap;

use djsec_flow::{Flow, Kind, Source};

use super::report::report;
use crate::{Check, Cx, Findings, declare_rule};

declare_rule! {
    /// ## What it does
    /// Finds data of a request that is the whole key of an entry in Django's cache.
    ///
    /// ## Why it matters
    /// A cache is one table for everything: what is computed for other users, sessions and rate limits, where
    /// they are kept there, and entries of other features. Whoever chooses the whole key reads, overwrites or
    /// deletes any of them. And keys of more than 250 letters or with a space are errors with memcached.
    ///
    /// ## Flagged
    /// ```python views.py
    /// from django.core.cache import cache
    /// from django.http import JsonResponse
    ///
    ///
    /// def progress(request):
    ///     return JsonResponse({"progress": cache.get(request.GET["job"])})  # finding
    /// ```
    ///
    /// ## Not flagged
    /// A key with a fixed part, which leads to entries of one sort, and a hash:
    /// ```python views.py
    /// import hashlib
    ///
    /// from django.core.cache import cache
    /// from django.http import JsonResponse
    ///
    ///
    /// def progress(request):
    ///     return JsonResponse({"progress": cache.get(f"progress:{request.GET['job']}")})
    ///
    ///
    /// def found(request):
    ///     key = hashlib.sha256(request.GET["q"].encode()).hexdigest()
    ///     return JsonResponse({"found": cache.get(key)})
    /// ```
    ///
    /// ## How to fix
    /// Put the name of what is kept in front (`f"progress:{job}"`), and a hash of what is long or may have any
    /// letter in it.
    ///
    /// ## Limits
    /// What is done with one key is reported once. Only `django.core.cache.cache` is looked at, and one fixed part anywhere in the key is enough. Numbers
    /// and UUIDs do no harm.
    ///
    /// ## References
    /// - [Django: cache key warnings](https://docs.djangoproject.com/en/stable/topics/cache/#cache-key-warnings)
    RULE {
        id: "cache-key-injection",
        group: "injection",
        summary: "data of a request is the whole key of a cache entry",
        severity: Low,
        cwe: [20, 639],
        owasp: ["2025:A05"],
        asvs: ["5.0:2.2.1"],
        checklist: ["input-validated"],
        since: "next",
        checks: [Check::Project(check)],
    }
}

fn check(cx: &Cx<'_>, out: &mut Findings) {
    if !cx.mentions(&["cache"]) {
        return;
    }
    // A key is read, counted up and written again: that is one mistake.
    let mut keys: BTreeMap<&Source, Vec<&Flow>> = BTreeMap::new();
    for flow in cx.flows().of(Kind::CacheKey) {
        keys.entry(&flow.source).or_default().push(flow);
    }
    for flows in keys.values() {
        let [first, others @ ..] = flows.as_slice() else { continue };
        let mut found = report(&RULE, first, "is", out);
        for other in others.iter().take(3) {
            found = found.related(Some(other.place), "and the key here");
        }
        found.help("put the name of what is kept in front: `f\"progress:{job}\"`").done();
    }
}

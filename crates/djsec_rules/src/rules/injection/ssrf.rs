use djsec_flow::{Flow, Grade, Kind};

use super::report::report;
use crate::html::Html;
use crate::{Check, Cx, Findings, declare_rule};

declare_rule! {
    /// ## What it does
    /// Finds data of a request that decides which host the server calls: with requests, httpx, urllib,
    /// aiohttp and others, or by HTML that is rendered to a PDF.
    ///
    /// ## Why it matters
    /// The server stands inside: it reaches the database's host, the admin pages of other services, and
    /// the metadata of the cloud with its credentials. Whoever sends the request makes it call those, and
    /// often reads the answer.
    ///
    /// ## Flagged
    /// ```python views.py
    /// import requests
    /// from django.http import HttpResponse
    ///
    ///
    /// def preview(request):
    ///     answer = requests.get(request.GET["url"], timeout=5)  # finding
    ///     return HttpResponse(answer.content, content_type="image/png")
    /// ```
    ///
    /// ## Not flagged
    /// A fixed host, and a host that was looked up among those that are allowed:
    /// ```python views.py
    /// from urllib.parse import quote, urlsplit
    ///
    /// import requests
    /// from django.http import HttpResponseBadRequest, JsonResponse
    ///
    /// HOSTS = {"images.example.com", "static.example.com"}
    ///
    ///
    /// def weather(request):
    ///     city = quote(request.GET["city"])
    ///     return JsonResponse(requests.get(f"https://weather.example.com/{city}", timeout=5).json())
    ///
    ///
    /// def preview(request):
    ///     url = request.GET["url"]
    ///     if urlsplit(url).hostname not in HOSTS:
    ///         return HttpResponseBadRequest()
    ///     return JsonResponse({"size": len(requests.get(url, timeout=5).content)})
    /// ```
    ///
    /// ## How to fix
    /// Write the scheme and the host in the source, or look the host up in a set of allowed ones, and do
    /// not follow redirects. Where any address must be possible (webhooks, previews), call it through a
    /// proxy that reaches nothing inside.
    ///
    /// ## Limits
    /// Where the host is fixed and only the path is chosen, nothing is reported. A check by the project
    /// is believed, also a weak one, but not one that does not say what the host is:
    /// `url.startswith("https://example.com")`, `"example.com" in url`. Addresses that were stored before are
    /// reported by `ssrf-stored`.
    ///
    /// ## References
    /// - [OWASP: server-side request forgery prevention](https://cheatsheetseries.owasp.org/cheatsheets/Server_Side_Request_Forgery_Prevention_Cheat_Sheet.html)
    RULE {
        id: "ssrf",
        group: "injection",
        summary: "data of a request chooses an address that the server calls",
        severity: High,
        cwe: [918],
        owasp: ["2025:A01"],
        asvs: ["5.0:1.3.6"],
        checklist: ["no-ssrf"],
        since: "next",
        checks: [Check::Flow(&[Kind::Ssrf, Kind::Html], check)],
    }
}

fn check(cx: &Cx<'_>, flow: &Flow, out: &mut Findings) {
    // What was stored before is `ssrf-stored`.
    if flow.source.grade == Grade::Stored {
        return;
    }
    if flow.kind == Kind::Html {
        if cx.html_of(flow) == Some(&Html::Document) {
            let help = "escape what is put into the HTML, or render a template";
            report(&RULE, flow, "becomes part of", out).help(help).done();
        }
        return;
    }
    let help =
        "write scheme and host in the source, or look the host up among those that are allowed";
    report(&RULE, flow, "decides", out).help(help).done();
}

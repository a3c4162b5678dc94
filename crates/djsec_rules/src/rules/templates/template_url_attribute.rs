use djsec_flow::{Flow, Kind};

use crate::writers::tell_html;
use crate::{Check, Cx, Findings, declare_rule};

declare_rule! {
    /// ## What it does
    /// Finds data of a request, or of the database, that a template, or the format of `format_html`, makes the
    /// whole address of a link, a form, a frame or a script, or one that a script has the browser follow
    /// (`window.open("{{ next }}")`, `location.href = "{{ next }}"`): with nothing in front of it that says where
    /// it leads.
    ///
    /// ## Why it matters
    /// `javascript:` is an address, too. Escaping leaves it as it is, and the script runs when the link is followed.
    ///
    /// ## Flagged
    /// ```python views.py
    /// from django.shortcuts import render
    ///
    ///
    /// def show(request):
    ///     return render(request, "show.html", {"next": request.GET["next"]})
    /// ```
    /// ```html templates/show.html
    /// <a href="{{ next }}">Back</a> {# finding #}
    /// <iframe src="{{ next }}"></iframe> {# finding #}
    /// <script>window.open("{{ next|escapejs }}");</script> {# finding #}
    /// ```
    ///
    /// ## Not flagged
    /// What stands behind a scheme or a path, addresses of the site, and checked ones:
    /// ```python views.py
    /// from django.shortcuts import render
    /// from django.utils.http import url_has_allowed_host_and_scheme
    ///
    ///
    /// def show(request):
    ///     back = request.GET.get("next", "")
    ///     if not url_has_allowed_host_and_scheme(back, allowed_hosts=None):
    ///         back = "/"
    ///     return render(request, "show.html", {"back": back, "q": request.GET["q"]})
    /// ```
    /// ```html templates/show.html
    /// <a href="{{ back }}">Back</a>
    /// <a href="/search/?q={{ q }}">Again</a>
    /// <a href="https://www.example.com/{{ q|urlencode }}">There</a>
    /// <img src="{{ q }}">
    /// ```
    ///
    /// ## How to fix
    /// Check it with `url_has_allowed_host_and_scheme`, or make sure that it begins with `https://`.
    ///
    /// ## Limits
    /// Follows data of requests; with `--confidence low` also data that was stored before. Fields that only take
    /// addresses (`URLField`) have no other schemes in them.
    ///
    /// ## References
    /// - [OWASP: cross-site scripting prevention](https://cheatsheetseries.owasp.org/cheatsheets/Cross_Site_Scripting_Prevention_Cheat_Sheet.html)
    RULE {
        id: "template-url-attribute",
        group: "templates",
        summary: "untrusted data becomes a whole address in a page",
        severity: Medium,
        cwe: [79],
        owasp: ["2025:A05"],
        asvs: ["5.0:1.2.1"],
        checklist: ["output-escaped"],
        since: "next",
        checks: [Check::Flow(&[Kind::Link], check)],
    }
}

fn check(cx: &Cx<'_>, flow: &Flow, out: &mut Findings) {
    tell_html(&RULE, cx, flow, "becomes", out)
        .help("check it with `url_has_allowed_host_and_scheme`, or that it begins with `https://`")
        .done();
}

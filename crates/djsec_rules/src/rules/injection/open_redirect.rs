use djsec_flow::{Flow, Kind};

use super::report::report;
use crate::{Check, Cx, Findings, declare_rule};

declare_rule! {
    /// ## What it does
    /// Finds data of a request that decides which site a redirect leads to: `redirect()`,
    /// `HttpResponseRedirect`, a `Location` header, or what `get_success_url()` and `get_redirect_url()`
    /// give back.
    ///
    /// ## Why it matters
    /// A link to your site, with your name and your certificate, ends on a site of somebody else that
    /// asks for the password. Where the redirect carries a code or a token, they get that as well.
    ///
    /// ## Flagged
    /// ```python views.py
    /// from django.contrib.auth import authenticate, login
    /// from django.shortcuts import redirect
    ///
    ///
    /// def sign_in(request):
    ///     user = authenticate(request, username=request.POST["name"], password=request.POST["password"])
    ///     if user is not None:
    ///         login(request, user)
    ///     return redirect(request.POST.get("next", "/"))  # finding
    /// ```
    ///
    /// ## Not flagged
    /// A target that was checked, one of the project, and a path that begins in the source:
    /// ```python views.py
    /// from django.shortcuts import redirect
    /// from django.urls import reverse
    /// from django.utils.http import url_has_allowed_host_and_scheme
    ///
    ///
    /// def sign_in(request):
    ///     target = request.POST.get("next", "/")
    ///     if not url_has_allowed_host_and_scheme(target, allowed_hosts={request.get_host()}):
    ///         target = reverse("home")
    ///     return redirect(target)
    ///
    ///
    /// def search(request):
    ///     return redirect("/search/?q=" + request.GET["q"])
    /// ```
    ///
    /// ## How to fix
    /// Check the target with `url_has_allowed_host_and_scheme(url, allowed_hosts={request.get_host()},
    /// require_https=request.is_secure())`, and use a page of your own where it says no.
    ///
    /// ## Limits
    /// The page that a visitor came from (the `Referer` header) is not counted: nobody else can set it to
    /// more than their own site. Headers and the request's own path are not counted either.
    ///
    /// ## References
    /// - [OWASP: unvalidated redirects](https://cheatsheetseries.owasp.org/cheatsheets/Unvalidated_Redirects_and_Forwards_Cheat_Sheet.html)
    /// - [Django: url_has_allowed_host_and_scheme (source)](https://github.com/django/django/blob/main/django/utils/http.py)
    RULE {
        id: "open-redirect",
        group: "injection",
        summary: "data of a request chooses where the visitor is sent",
        severity: Medium,
        cwe: [601],
        owasp: ["2025:A01"],
        asvs: ["5.0:3.7.2"],
        checklist: ["no-open-redirect"],
        since: "next",
        checks: [Check::Flow(&[Kind::Redirect], check)],
    }
}

fn check(_cx: &Cx<'_>, flow: &Flow, out: &mut Findings) {
    report(&RULE, flow, "decides", out)
        .help("check it with `url_has_allowed_host_and_scheme`")
        .done();
}

use djsec_base::{Confidence, Severity};
use djsec_flow::{Flow, Kind};

use super::report::weighed;
use crate::passed::{is_closed, passed};
use crate::{Check, Cx, Findings, declare_rule};

declare_rule! {
    /// ## What it does
    /// Finds secrets of the project that are sent to whoever asks: settings like `SECRET_KEY` and
    /// `AWS_SECRET_ACCESS_KEY`, `DATABASES`, variables of the environment that are called so, or all of them. It
    /// looks at responses, at what templates write of their context and of that of context processors, at
    /// cookies, addresses and messages.
    ///
    /// ## Why it matters
    /// What a browser was sent belongs to whoever sits in front of it, and to everything that stores or copies the
    /// page. With `SECRET_KEY` anybody signs sessions and reset links; with the key of a service they act as your
    /// site, on your account.
    ///
    /// ## Flagged
    /// ```python views.py
    /// from django.conf import settings
    /// from django.http import JsonResponse
    /// from django.shortcuts import render
    ///
    ///
    /// def config(request):
    ///     return JsonResponse({"stripe": settings.STRIPE_SECRET_KEY})  # finding
    ///
    ///
    /// def upload(request):
    ///     return render(request, "upload.html", {"key": settings.AWS_SECRET_ACCESS_KEY})
    /// ```
    /// ```html templates/upload.html
    /// <script>const key = "{{ key }}";  // {# finding #}
    /// </script>
    /// ```
    ///
    /// ## Not flagged
    /// Keys that are made for browsers, and what is signed or made with a secret:
    /// ```python views.py
    /// import hashlib
    /// import hmac
    ///
    /// from django.conf import settings
    /// from django.http import JsonResponse
    ///
    ///
    /// def config(request):
    ///     signed = hmac.new(settings.CHAT_SECRET.encode(), request.user.username.encode(), hashlib.sha256)
    ///     return JsonResponse(
    ///         {
    ///             "stripe": settings.STRIPE_PUBLISHABLE_KEY,
    ///             "map": settings.MAPBOX_ACCESS_TOKEN,
    ///             "chat": signed.hexdigest(),
    ///             "paid": bool(settings.STRIPE_SECRET_KEY),
    ///         }
    ///     )
    /// ```
    ///
    /// ## How to fix
    /// Keep the secret on the server: have a view call the service, or sign what the browser may do (a presigned
    /// upload, a token for one user). Change the secret that was sent.
    ///
    /// ## Limits
    /// What is a secret is told by its name. Keys and tokens of services that have keys for browsers (maps, captchas,
    /// analytics, search) are taken for those; of other names that do not say `SECRET`, `PRIVATE` or
    /// `PASSWORD`, the confidence is medium. What stored rows hold is looked at by other rules.
    ///
    /// ## References
    /// - [Django: SECRET_KEY](https://docs.djangoproject.com/en/stable/ref/settings/#secret-key)
    /// - [OWASP: secrets management](https://cheatsheetseries.owasp.org/cheatsheets/Secrets_Management_Cheat_Sheet.html)
    RULE {
        id: "secret-reaches-client",
        group: "injection",
        summary: "a secret of the project is sent to whoever asks",
        severity: High,
        cwe: [200, 497],
        owasp: ["2025:A02"],
        asvs: ["5.0:13.3.1", "5.0:15.3.1"],
        checklist: [],
        since: "next",
        checks: [Check::Flow(&[Kind::Revealed], check)],
    }
}

fn check(cx: &Cx<'_>, flow: &Flow, out: &mut Findings) {
    let passed = passed(cx, flow);
    let closed = is_closed(cx, &passed) || passed.iter().any(|function| function.is_of_admin(cx));
    let words = &flow.source.words;
    let whole = matches!(&**words, "os.environ" | "settings.DATABASES" | "django.conf.settings");
    let what = if whole { "with the secrets in it" } else { "a secret" };
    let message = format!("`{words}`, {what}, is sent to {}", flow.words);
    weighed(&RULE, flow, weight(flow, closed), message, out)
        .help("keep it on the server, and change it: whoever was sent it has it")
        .done();
}

fn weight(flow: &Flow, closed: bool) -> (Severity, Confidence) {
    let severity = if closed { RULE.meta.severity.lower() } else { RULE.meta.severity };
    let confidence = match (flow.doubt, is_plain(&flow.source.words)) {
        (0, true) => Confidence::High,
        (0, false) | (1, true) => Confidence::Medium,
        _ => Confidence::Low,
    };
    (severity, confidence)
}

/// Whether a name says that nobody else may have it, rather than that it is some key.
fn is_plain(words: &str) -> bool {
    let words = words.to_ascii_uppercase();
    ["SECRET", "PRIVATE", "PASSW", "DATABASES", "ENVIRON", "SIGNING", "ENCRYPTION"]
        .iter()
        .any(|word| words.contains(word))
}

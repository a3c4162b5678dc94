use djsec_base::{Confidence, Finding, Location, Severity};
use djsec_flow::{Flow, Grade, Kind};

use crate::{Check, Cx, Findings, declare_rule};

declare_rule! {
    /// ## What it does
    /// Finds secrets that are written to a log, printed by a view, or sent to an error tracker: passwords,
    /// tokens and cards that are sent, headers and cookies that let somebody in, keys of sessions, columns that
    /// hold secrets, settings like `SECRET_KEY`, and what holds all of them, as `request.POST` and
    /// `request.META` do.
    ///
    /// ## Why it matters
    /// Logs are copied to other machines and companies, kept for years, and read by people who may not log in as
    /// somebody else. Django stores a password as a hash; the log stores it as it is, for whoever
    /// finds the log.
    ///
    /// ## Flagged
    /// ```python views.py
    /// import logging
    ///
    /// from django.contrib.auth import authenticate
    /// from django.http import JsonResponse
    ///
    /// logger = logging.getLogger(__name__)
    ///
    ///
    /// def login(request):
    ///     username, password = request.POST["username"], request.POST["password"]
    ///     user = authenticate(request, username=username, password=password)
    ///     if user is None:
    ///         logger.warning("login of %s failed with %s", username, password)  # finding
    ///     return JsonResponse({"ok": user is not None})
    ///
    ///
    /// def changed(request):
    ///     print("request", request.META)  # finding
    ///     return JsonResponse({})
    /// ```
    ///
    /// ## Not flagged
    /// Who it was, that something was given, and what is left when a secret is masked or hashed:
    /// ```python views.py
    /// import hashlib
    /// import logging
    ///
    /// from django.http import JsonResponse
    ///
    /// logger = logging.getLogger(__name__)
    ///
    ///
    /// def login(request):
    ///     password, token = request.POST["password"], request.headers["Authorization"]
    ///     logger.warning("login of %s failed", request.POST["username"])
    ///     logger.info("password given: %s, token %s…", bool(password), token[:4])
    ///     logger.info("token %s", hashlib.sha256(token.encode()).hexdigest())
    ///     return JsonResponse({})
    /// ```
    ///
    /// ## How to fix
    /// Log who and what happened, not what was sent. Where a secret must be told from others, log its first
    /// letters or a hash of it. Delete the logs in which it stands, and change the secret.
    ///
    /// ## Limits
    /// What is a secret is told by the model's fields and by the names of what is sent. What goes through
    /// code that djsec does not know counts as harmless, and so does what runs under `if settings.DEBUG:`,
    /// in tests and in management commands. Of whole requests (`request.POST`) djsec does not know whether
    /// a secret was sent this time: they are reported with less confidence.
    ///
    /// ## References
    /// - [Django: filtering sensitive information](https://docs.djangoproject.com/en/stable/howto/error-reporting/#filtering-sensitive-information)
    /// - [OWASP: logging, data to exclude](https://cheatsheetseries.owasp.org/cheatsheets/Logging_Cheat_Sheet.html#data-to-exclude)
    RULE {
        id: "sensitive-data-logged",
        group: "injection",
        summary: "a password, token or whole request is written to a log",
        severity: High,
        cwe: [532],
        owasp: ["2025:A09"],
        asvs: ["5.0:16.2.5"],
        checklist: ["logs-free-of-secrets"],
        since: "next",
        checks: [Check::Flow(&[Kind::Secret], check)],
    }
}

fn check(cx: &Cx<'_>, flow: &Flow, out: &mut Findings) {
    if is_for_a_terminal(cx, flow) || names_a_file(cx, flow) {
        return;
    }
    let whole = held(flow);
    let (severity, confidence) = weight(flow, whole.is_some());
    let words = &flow.source.words;
    let message = match whole {
        Some(held) => format!("`{words}` is written to {}, with {held}", flow.words),
        None => format!("`{words}`, a secret, is written to {}", flow.words),
    };
    let help = match whole {
        Some(_) => "write only the fields that are needed",
        None => "leave it out, or write its first letters or a hash of it",
    };
    let subject = format!("{} <- {words}", flow.callee);
    let mut finding = Finding::new(&RULE.meta, Location::Span(flow.place), subject, message)
        .severity(severity)
        .confidence(confidence);
    for step in &flow.steps {
        finding = finding.step(Location::Span(step.place), step.words.to_string());
    }
    out.report(finding).help(help).done();
}

/// Whether what is written is read by who runs a command, and nobody else.
fn is_for_a_terminal(cx: &Cx<'_>, flow: &Flow) -> bool {
    let printed = matches!(&*flow.callee, "print" | "pprint" | "pp" | "write");
    let path = cx.files.file(flow.place.file).map(|file| file.path.as_str());
    let command = path.is_some_and(|path| path.contains("/management/commands/"));
    command || (printed && flow.source.grade != Grade::Remote)
}

/// Whether a setting says where the secret lies (`/etc/app/database.key`): who knows that cannot read it.
fn names_a_file(cx: &Cx<'_>, flow: &Flow) -> bool {
    let Some(name) = flow.source.words.strip_prefix("settings.") else { return false };
    let setting = cx.setting(name);
    let texts = setting.value().alts.iter().filter_map(|alt| alt.data.as_str());
    let mut files = texts
        .filter(|text| !text.is_empty())
        .map(|text| text.starts_with('/') && text.matches('/').count() > 1 && !text.contains(' '));
    files.next().is_some_and(|first| first && files.all(|file| file))
}

/// What a whole holds that others may not read; nothing for a secret itself.
fn held(flow: &Flow) -> Option<&'static str> {
    let (_, attribute) = flow.source.words.rsplit_once('.')?;
    match attribute {
        "META" | "headers" | "COOKIES" => Some("the cookie that is a session"),
        "POST" | "body" | "data" => Some("whatever secret is sent in it"),
        "cleaned_data" | "validated_data" => Some("the secrets among its fields"),
        "DATABASES" => Some("the passwords of the databases"),
        "environ" => Some("the secrets of the process"),
        _ => None,
    }
}

/// Who logs what was sent may know that no secret is among it; what is written for debugging is rarely
/// kept.
fn weight(flow: &Flow, whole: bool) -> (Severity, Confidence) {
    // Many bodies come from other machines, and hold no secret.
    let certain = flow.doubt == 0 && !flow.source.words.ends_with(".body");
    let severity = if whole { RULE.meta.severity.lower() } else { RULE.meta.severity };
    let (severity, certain) = match &*flow.callee {
        "debug" => (severity.lower(), certain && !whole),
        _ => (severity, certain),
    };
    let confidence = match (certain, whole) {
        (true, false) => Confidence::High,
        (true, true) | (false, false) => Confidence::Medium,
        (false, true) => Confidence::Low,
    };
    (severity, confidence)
}

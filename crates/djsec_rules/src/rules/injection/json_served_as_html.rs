use std::collections::BTreeMap;

use djsec_base::{Applicability, Confidence, Edit, Fix, Severity, Span, TextRange, TextSize};
use djsec_flow::{Flow, Grade, Kind};
use djsec_python::code::Expr;

use crate::json_pages::{JsonPage, json_pages};
use crate::{Check, Cx, Findings, declare_rule};

declare_rule! {
    /// ## What it does
    /// Finds `HttpResponse(json.dumps(…))`, and the same with `serializers.serialize("json", …)`, that does
    /// not say that it is JSON.
    ///
    /// ## Why it matters
    /// Django calls it `text/html`, and JSON does not escape `<`: who follows a link to such an address sees
    /// every text in it as HTML, and a script in one of them runs with their session.
    ///
    /// ## Flagged
    /// ```python views.py
    /// import json
    ///
    /// from django.http import HttpResponse
    ///
    ///
    /// def profile(request):
    ///     return HttpResponse(json.dumps({"name": request.user.first_name}))  # finding
    /// ```
    ///
    /// ## Not flagged
    /// JSON that is called so, and answers that hold no text from elsewhere:
    /// ```python views.py
    /// import json
    ///
    /// from django.http import HttpResponse, JsonResponse
    ///
    ///
    /// def profile(request):
    ///     return JsonResponse({"name": request.user.first_name})
    ///
    ///
    /// def feed(request):
    ///     text = json.dumps({"name": request.user.first_name})
    ///     return HttpResponse(text, content_type="application/json")
    ///
    ///
    /// def ping(request):
    ///     return HttpResponse(json.dumps({"status": "ok", "user": request.user.pk}))
    /// ```
    ///
    /// ## How to fix
    /// Return a `JsonResponse`, or add `content_type="application/json"`.
    ///
    /// ## Limits
    /// What a decorator or a middleware makes of the response is not looked at. Where it is not known that
    /// a stored text is in it, the confidence is low. Where a request decides what is in it,
    /// `httpresponse-reflected` says so instead.
    ///
    /// ## References
    /// - [Django: JsonResponse](https://docs.djangoproject.com/en/stable/ref/request-response/#jsonresponse-objects)
    RULE {
        id: "json-served-as-html",
        group: "injection",
        summary: "JSON is sent as HTML",
        severity: Medium,
        cwe: [79],
        owasp: ["2025:A05"],
        asvs: ["5.0:4.1.1"],
        checklist: ["output-escaped"],
        since: "next",
        checks: [Check::Project(check)],
    }
}

fn check(cx: &Cx<'_>, out: &mut Findings) {
    let pages: Vec<JsonPage<'_>> = json_pages(cx).collect();
    if pages.is_empty() {
        return;
    }
    let flows: BTreeMap<Span, &Flow> =
        cx.flows().of(Kind::Html).map(|flow| (flow.place, flow)).collect();
    for page in pages {
        let flow = flows.get(&page.place);
        if flow.is_some_and(|flow| flow.source.grade == Grade::Remote) {
            continue;
        }
        // Of a row it is known that people write it; of other texts it is not.
        let stored = match (flow, &page.rows) {
            (Some(flow), _) => Some(format!(" with the stored `{}` in it", flow.source.words)),
            (None, Some(model)) => Some(format!(" with rows of `{}` in it", cx.short_name(model))),
            (None, None) => None,
        };
        let (severity, confidence) = match (&stored, flow) {
            (Some(_), Some(flow)) if flow.doubt > 0 => (Severity::Medium, Confidence::Medium),
            (Some(_), _) => (Severity::Medium, Confidence::High),
            (None, _) => (Severity::Low, Confidence::Low),
        };
        let what = stored.unwrap_or_default();
        let message = format!("JSON{what} is sent as HTML");
        let subject = page.call.path_around();
        out.found(&RULE, page.place, subject, message)
            .severity(severity)
            .confidence(confidence)
            .help("return a `JsonResponse`, or add `content_type=\"application/json\"`")
            .fix(fix(cx, &page))
            .done();
    }
}

/// Says what it is, after the content.
fn fix(cx: &Cx<'_>, page: &JsonPage<'_>) -> Option<Fix> {
    let at = page.call.at;
    let Expr::Call(callee, _) = at.code.expr(page.call.id) else { return None };
    let between = TextRange::new(at.code.expr_range(callee).end(), page.place.range.start());
    // Parentheses of its own end after the content does.
    if cx.source(at.span(between)).trim_end() != "(" {
        return None;
    }
    let end = page.place.range.end();
    let place = Span::new(page.place.file, TextRange::at(end, TextSize::new(0)));
    let text = ", content_type=\"application/json\"".to_owned();
    let edits = vec![Edit { span: place, text }];
    Some(Fix { title: "Say that it is JSON".into(), applicability: Applicability::Unsafe, edits })
}

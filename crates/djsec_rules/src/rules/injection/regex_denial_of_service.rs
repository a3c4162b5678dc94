use djsec_flow::{Flow, Grade, Kind};
use djsec_python::code::{Expr, ExprId};

use super::report::{report, say, source};
use crate::backtracking::{Slow, slow};
use crate::calls::Called;
use crate::own::Site;
use crate::{Check, Cx, Findings, declare_rule};

declare_rule! {
    /// ## What it does
    /// Finds data of a request that becomes part of a regular expression: of Python's `re`, or of a
    /// look-up that the database runs (`name__regex`). And patterns of the source that take exponential time on
    /// certain texts, where they are tried on data of a request: with `re`, in validators and fields, and
    /// in addresses. The message shows such a text.
    ///
    /// ## Why it matters
    /// Some patterns take time that doubles with every letter they are tried on. Whoever may choose the
    /// pattern stops a worker with a single short request, and some more stop all.
    ///
    /// ## Flagged
    /// ```python views.py
    /// import re
    ///
    /// from django.http import JsonResponse
    ///
    ///
    /// def filtered(request):
    ///     pattern = re.compile(request.GET["pattern"])
    ///     found = [line for line in open("/srv/log") if pattern.search(line)]  # finding
    ///     return JsonResponse({"lines": found})
    /// ```
    ///
    /// ```python forms.py
    /// from django import forms
    ///
    ///
    /// class Search(forms.Form):
    ///     tags = forms.RegexField(r"^(\w+\s?)*$", max_length=200)  # finding
    /// ```
    ///
    /// ## Not flagged
    /// An escaped text, and a look-up for a text:
    /// ```python views.py
    /// import re
    ///
    /// from django.contrib.auth.models import User
    /// from django.http import JsonResponse
    ///
    ///
    /// def filtered(request):
    ///     pattern = re.compile(re.escape(request.GET["text"]), re.IGNORECASE)
    ///     users = User.objects.filter(username__icontains=request.GET["text"])
    ///     found = [line for line in open("/srv/log") if pattern.search(line)]
    ///     return JsonResponse({"lines": found, "users": users.count()})
    /// ```
    ///
    /// A loop that can take a text in one way only:
    /// ```python forms.py
    /// from django import forms
    ///
    ///
    /// class Search(forms.Form):
    ///     tags = forms.RegexField(r"^\w+(\s\w+)*$", max_length=200)
    /// ```
    ///
    /// ## How to fix
    /// Write patterns whose loops begin or end with what the rest of the loop does not take:
    /// `\w+(\s\w+)*` instead of `(\w+\s?)*`. Escape the text with `re.escape`, or use `in` and `__icontains`. Where users must write patterns,
    /// run them with an engine that takes linear time (`google-re2`).
    ///
    /// ## Limits
    /// Patterns that come from outside are reported where they are run: to compile one is no harm. Of patterns
    /// of the source only those are that take exponential time; polynomial time is not looked for, nor are
    /// patterns with look-arounds, back-references or more than 64 places read. `max_length` does not
    /// help: Django runs all validators, whatever the length.
    ///
    /// ## References
    /// - [OWASP: regular expression denial of service](https://owasp.org/www-community/attacks/Regular_expression_Denial_of_Service_-_ReDoS)
    RULE {
        id: "regex-denial-of-service",
        group: "injection",
        summary: "a regular expression takes very long on what a request sends, or comes with it",
        severity: Medium,
        cwe: [1333, 730],
        owasp: ["2025:A05"],
        asvs: ["5.0:1.3.12"],
        checklist: ["no-regex-dos"],
        since: "next",
        checks: [Check::Flow(&[Kind::Regex], check), Check::Project(check_written)],
    }
}

fn check(_cx: &Cx<'_>, flow: &Flow, out: &mut Findings) {
    report(&RULE, flow, "becomes part of", out)
        .help("escape it with `re.escape`, or look for the text itself")
        .done();
}

/// What tries a pattern on what is sent, by its own name: which argument is the pattern.
const TAKES: &[&str] = &[
    "django.conf.urls.url",
    "django.core.validators.RegexValidator",
    "django.forms.RegexField",
    "django.forms.fields.RegexField",
    "django.urls.conf.re_path",
    "django.urls.re_path",
    "rest_framework.fields.RegexField",
    "rest_framework.serializers.RegexField",
];

const RUNS: &[&str] = &[
    "re.compile",
    "re.findall",
    "re.finditer",
    "re.fullmatch",
    "re.match",
    "re.search",
    "re.split",
    "re.sub",
    "re.subn",
];

fn check_written(cx: &Cx<'_>, out: &mut Findings) {
    for call in cx.calls_to(TAKES) {
        let Some(pattern) = call.argument(0, "regex") else { continue };
        let Some(found) = slow_at(call.at, pattern, false) else { continue };
        let subject = format!("{} {}", call.name, call.at.code.string(pattern).unwrap_or_default());
        out.found(&RULE, call.at.expr_span(pattern), subject, message(&found)).help(HELP).done();
    }
    let slow: Vec<(Called<'_>, Slow)> = cx
        .calls_to(RUNS)
        .into_iter()
        .filter_map(|call| {
            let pattern = call.argument(0, "pattern")?;
            let found = slow_at(call.at, pattern, call.name == "re.fullmatch")?;
            Some((call, found))
        })
        .collect();
    // The way of data is only worked out for projects that have such a pattern.
    if slow.is_empty() {
        return;
    }
    for flow in cx.flows().of(Kind::Matched).filter(|flow| flow.source.grade == Grade::Remote) {
        let found = slow.iter().find(|(call, _)| is_tried(call, flow));
        let Some((_, found)) = found else { continue };
        let message = format!("{} is tried on a pattern: {}", source(flow), message(found));
        say(&RULE, flow, message, out).help(HELP).done();
    }
}

const HELP: &str = "let each loop of the pattern take a text in one way only";

/// What is slow for a pattern that stands in the code.
fn slow_at(at: Site<'_>, pattern: ExprId, whole: bool) -> Option<Slow> {
    let written = match at.code.string(pattern) {
        Some(text) => text,
        // `PATTERN = r"…"`, once.
        None => match at.given(pattern)?.as_slice() {
            [one] => at.code.string(*one)?,
            _ => return None,
        },
    };
    slow(written, whole)
}

/// Whether data is tried on the pattern of a call: it is an argument of the call, or of a method of what the
/// call has compiled.
fn is_tried(call: &Called<'_>, flow: &Flow) -> bool {
    let (at, code) = (call.at, call.at.code);
    if at.file != flow.place.file {
        return false;
    }
    if code.expr_range(call.id).contains_range(flow.place.range) {
        return true;
    }
    code.all_exprs().any(|(_, expr)| {
        let Expr::Call(callee, arguments) = expr else { return false };
        let Expr::Attribute(on, _) = code.expr(callee) else { return false };
        let here = |value: ExprId| code.expr_range(value) == flow.place.range;
        code.arguments(arguments).iter().any(|argument| here(argument.value))
            && (on == call.id || at.given(on).is_some_and(|values| values == [call.id]))
    })
}

fn message(found: &Slow) -> String {
    let Slow { begin, turn, end } = found;
    let text = format!("{begin}{}{end}", turn.repeat(3));
    format!("every further {turn:?} in {text:?} doubles the time that this pattern takes")
}

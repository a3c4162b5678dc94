use djsec_flow::{Flow, Kind};

use crate::flows::{say, source};
use crate::html::Html;
use crate::{Check, Cx, Findings, declare_rule};

declare_rule! {
    /// ## What it does
    /// Finds data that becomes HTML after nothing but a pattern, `replace` or `strip_tags` has taken tags
    /// out of it.
    ///
    /// ## Why it matters
    /// Browsers read tags that such filters do not see: `<scr<script>ipt>`, `<img src=x onerror=…` without
    /// its end, `<svg/onload=…>`. The page looks as if it had been cleaned. Django says of its own
    /// `strip_tags` that what it gives must be escaped.
    ///
    /// ## Flagged
    /// ```python views.py
    /// import re
    ///
    /// from django.http import HttpResponse
    /// from django.utils.html import strip_tags
    /// from django.utils.safestring import mark_safe
    ///
    ///
    /// def preview(request):
    ///     text = re.sub(r"<script.*?</script>", "", request.POST["text"])
    ///     return HttpResponse(f"<p>{text}</p>")  # finding
    ///
    ///
    /// def title(request):
    ///     return mark_safe("<h1>" + strip_tags(request.GET["title"]) + "</h1>")  # finding
    /// ```
    ///
    /// ## Not flagged
    /// ```python views.py
    /// import re
    ///
    /// import nh3
    /// from django.http import HttpResponse
    /// from django.utils.html import escape, strip_tags
    ///
    ///
    /// def preview(request):
    ///     text = nh3.clean(re.sub(r"<br ?/?>", "\n", request.POST["text"]))
    ///     return HttpResponse(f"<p>{text}</p>")
    ///
    ///
    /// def title(request):
    ///     return HttpResponse("<h1>" + escape(strip_tags(request.GET["title"])) + "</h1>")
    ///
    ///
    /// def text(request):
    ///     return HttpResponse(strip_tags(request.GET["title"]), content_type="text/plain")
    /// ```
    ///
    /// ## How to fix
    /// Escape what is no HTML (`escape`, `format_html`), and clean what is with nh3.
    ///
    /// ## Limits
    /// Follows data of requests, and with `--confidence low` also data that was stored before, and what a
    /// template hands to a filter. Filters whose result only a template prints are not found.
    ///
    /// ## References
    /// - [Django: strip_tags](https://docs.djangoproject.com/en/stable/ref/utils/#django.utils.html.strip_tags)
    RULE {
        id: "html-filter-regex",
        group: "injection",
        summary: "tags are taken out of HTML by a pattern",
        severity: High,
        cwe: [79, 116],
        owasp: ["2025:A05"],
        asvs: ["5.0:1.3.1"],
        checklist: ["output-escaped"],
        since: "next",
        checks: [Check::Flow(&[Kind::Html], check)],
    }
}

fn check(cx: &Cx<'_>, flow: &Flow, out: &mut Findings) {
    if cx.html_of(flow) != Some(&Html::Stripped) {
        return;
    }
    let message = format!(
        "{} becomes part of {} after tags were only cut out of it",
        source(flow),
        flow.words
    );
    say(&RULE, flow, message, out)
        .help("escape it, or clean it with nh3: browsers read tags that patterns do not see")
        .done();
}

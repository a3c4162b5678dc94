use djsec_base::{Confidence, Finding};
use djsec_templates::html::Place;
use djsec_templates::page::{Access, Insertion};

use super::raw::{defence, filters, unknown, words};
use crate::{Check, Cx, Findings, declare_rule};

declare_rule! {
    /// ## What it does
    /// Finds `|safe` and `|safeseq` on values of which djsec can tell neither that somebody else writes them nor that they
    /// are harmless. It is a list of places to look at, so it only appears with `--confidence low`.
    ///
    /// ## Why it matters
    /// The filter says "this is HTML, and I vouch for it". A template is a bad place for that promise: whoever changes what
    /// the view hands over does not see it.
    ///
    /// ## Flagged
    /// ```html templates/note.html
    /// <div>{{ note.html|safe }}</div> {# finding #}
    /// <ul>{{ notes|safeseq|join:", " }}</ul> {# finding #}
    /// <script>const note = {{ note.json|safe }};</script> {# finding #}
    /// ```
    /// ```toml djsec.toml
    /// confidence = "low"
    /// ```
    ///
    /// ## Not flagged
    /// Texts of the project, what Django makes of forms, what escapes itself, and values that are seen to be clean where
    /// the view hands them over:
    /// ```html templates/note.html
    /// {% load notes %}
    /// <p>{{ "<b>Note</b>"|safe }} {{ form.title.help_text|safe }} {{ form.media|safe }}</p>
    /// <p>{{ notes|length|safe }} {{ note.text|linebreaks|safe }} {{ note.text|shout|safe }}</p>
    /// <div>{{ text|safe }} {{ greeting|safe }}</div>
    /// ```
    /// ```python templatetags/notes.py
    /// from django import template
    /// from django.utils.html import escape
    ///
    /// register = template.Library()
    ///
    ///
    /// @register.filter
    /// def shout(text):
    ///     return "<b>" + escape(text) + "</b>"
    /// ```
    /// ```python views.py
    /// import nh3
    /// from django.shortcuts import render
    ///
    ///
    /// def note(request):
    ///     text = nh3.clean(request.POST["text"])
    ///     return render(request, "note.html", {"text": text, "greeting": "<b>Welcome</b>"})
    /// ```
    /// ```toml djsec.toml
    /// confidence = "low"
    /// ```
    ///
    /// ## How to fix
    /// Leave the filter out where the value is text. Where it is HTML, make it in Python with `format_html`, which marks it
    /// there, or clean it (nh3). Data for scripts goes through `json_script`.
    ///
    /// ## Limits
    /// Where data of a request, or of the database, is followed to the value, `template-safe-tainted` and its neighbours
    /// report it with its way. What packages hand to templates is not known.
    ///
    /// ## References
    /// - [Django: the safe filter](https://docs.djangoproject.com/en/stable/ref/templates/builtins/#safe)
    /// - [Django: json_script](https://docs.djangoproject.com/en/stable/ref/templates/builtins/#json-script)
    RULE {
        id: "template-safe-filter",
        group: "templates",
        summary: "a template vouches for a value of which nothing is known",
        severity: Low,
        cwe: [79],
        owasp: ["2025:A05"],
        asvs: ["5.0:1.2.1"],
        checklist: ["output-escaped"],
        since: "next",
        checks: [Check::Project(check)],
    }
}

fn check(cx: &Cx<'_>, out: &mut Findings) {
    // What is called safe after a filter that does not make it so is another rule's.
    let vouches = |access: &Access| filters(access).any(|name| matches!(name, "safe" | "safeseq"));
    let marked = |insertion: &Insertion| {
        !insertion.escaped
            && insertion.off.is_none()
            && insertion.accesses.iter().any(vouches)
            && defence(insertion).is_none()
    };
    for (span, insertions) in unknown(cx, marked) {
        let words = words(&insertions);
        let in_script =
            insertions.iter().any(|insertion| matches!(insertion.place, Place::Script(..)));
        let (place, help) = if in_script {
            ("a script", "hand it over with `json_script`")
        } else {
            ("the page", "leave the filter out, or mark the value where it is made")
        };
        let message = format!(
            "`{words}` becomes part of {place} without being escaped, and nothing says who writes it"
        );
        let finding = Finding::new(&RULE.meta, span.into(), words, message);
        out.report(finding.confidence(Confidence::Low)).help(help).done();
    }
}

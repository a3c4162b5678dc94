use std::collections::{BTreeMap, BTreeSet};

use djsec_base::{Confidence, Finding, Span};
use djsec_templates::page::Insertion;

use super::raw::{unknown, words};
use crate::{Check, Cx, Findings, declare_rule};

declare_rule! {
    /// ## What it does
    /// Finds `{% autoescape off %}` around values of which djsec cannot tell that they are harmless.
    ///
    /// ## Why it matters
    /// In such a block every value becomes part of the page as it is: those that are there today, and those that somebody
    /// adds later without looking up which block the line stands in. One text that a visitor writes, and a script in it
    /// runs in the browser of whoever sees the page.
    ///
    /// ## Flagged
    /// ```html templates/note.html
    /// <h1>Note</h1>
    /// {% autoescape off %} {# finding #}
    ///   <p>{{ note.text }}</p>
    ///   <p>{{ note.author }}</p>
    /// {% endautoescape %}
    /// ```
    ///
    /// ## Not flagged
    /// Mails in plain text, which no browser shows, and blocks in which nothing but what the project itself says is written
    /// out, or what escapes itself:
    /// ```html templates/mail/reminder.html
    /// {% autoescape off %}
    /// Dear {{ user.first_name }}, your booking {{ booking.title }} begins tomorrow.
    /// {% endautoescape %}
    /// ```
    /// ```html templates/note.html
    /// <h1>Note</h1>
    /// {% autoescape off %}
    ///   <p>{{ note.text|escape }}</p>
    ///   <p>{{ notes|length }} notes, {{ form.title.help_text }}</p>
    ///   <p>{{ greeting }}</p>
    ///   <a href="{% url 'note' %}">Note</a>
    /// {% endautoescape %}
    /// ```
    /// ```python views.py
    /// from django.shortcuts import render
    ///
    ///
    /// def note(request):
    ///     return render(request, "note.html", {"greeting": "<b>Welcome</b>"})
    /// ```
    ///
    /// ## How to fix
    /// Take the block away. Where one value is HTML that your code makes, mark that one, best where it is made
    /// (`format_html`); HTML that others write has to be cleaned (nh3) first.
    ///
    /// ## Limits
    /// One finding a block. Where the data of a request, or of the database, is followed to a value in the block,
    /// `template-safe-tainted` reports that value with its way instead.
    ///
    /// ## References
    /// - [Django: the autoescape tag](https://docs.djangoproject.com/en/stable/ref/templates/builtins/#autoescape)
    /// - [OWASP: cross-site scripting prevention](https://cheatsheetseries.owasp.org/cheatsheets/Cross_Site_Scripting_Prevention_Cheat_Sheet.html)
    RULE {
        id: "template-autoescape-off",
        group: "templates",
        summary: "escaping is turned off for a part of a template",
        severity: Medium,
        cwe: [116, 79],
        owasp: ["2025:A05"],
        asvs: ["5.0:1.2.1"],
        checklist: ["output-escaped"],
        since: "next",
        checks: [Check::Project(check)],
    }
}

fn check(cx: &Cx<'_>, out: &mut Findings) {
    let mut blocks: BTreeMap<Span, Vec<&Insertion>> = BTreeMap::new();
    for insertions in unknown(cx, |insertion| insertion.off.is_some()).into_values() {
        let Some(first) = insertions.first() else { continue };
        let offs = insertions.iter().filter_map(|insertion| insertion.off);
        for off in offs.collect::<BTreeSet<Span>>() {
            blocks.entry(off).or_default().push(first);
        }
    }
    for (off, insertions) in blocks {
        let first = words(&insertions);
        let become_part = match insertions.len() {
            0 | 1 => "becomes".to_owned(),
            2 => "and one more value become".to_owned(),
            more => format!("and {} more values become", more - 1),
        };
        let message = format!("`{first}` {become_part} part of the page without being escaped");
        let mut finding =
            Finding::new(&RULE.meta, off.into(), first, message).confidence(Confidence::Medium);
        for insertion in insertions.iter().take(3) {
            finding = finding.related(insertion.span.into(), "is written out here");
        }
        out.report(finding)
            .help("take the block away, and mark single values as safe where they are made")
            .done();
    }
}

use djsec_base::{Finding, Severity, Span};
use djsec_templates::page::Source;
use djsec_templates::tree::Tag;

use crate::{Check, Cx, Findings, declare_rule};

declare_rule! {
    /// ## What it does
    /// Finds `{% debug %}` in templates.
    ///
    /// ## Why it matters
    /// It writes out the whole context and the modules that are loaded. Since Django 4.0.2 (3.2.12) it writes nothing
    /// while `DEBUG` is off; before, it does so for every visitor, unescaped.
    ///
    /// ## Flagged
    /// ```html templates/order.html
    /// {% debug %} {# finding #}
    /// ```
    ///
    /// ## Not flagged
    /// ```html templates/order.html
    /// {% if debug %}{% debug %}{% endif %}
    /// {% comment %}{% debug %}{% endcomment %}
    /// ```
    ///
    /// ## How to fix
    /// Remove the tag.
    ///
    /// ## References
    /// - [Django: the debug tag](https://docs.djangoproject.com/en/stable/ref/templates/builtins/#debug)
    /// - [Django 4.0.2: CVE-2022-22818](https://docs.djangoproject.com/en/stable/releases/4.0.2/)
    RULE {
        id: "template-debug-tag",
        group: "templates",
        summary: "a template writes out everything that it knows",
        severity: Medium,
        cwe: [489],
        owasp: ["2025:A02"],
        asvs: ["5.0:13.4.2"],
        checklist: ["debug-off"],
        since: "next",
        checks: [Check::Project(check)],
    }
}

fn check(cx: &Cx<'_>, out: &mut Findings) {
    // The releases that write nothing while `DEBUG` is off have one from this series on.
    let severity = if cx.django_at_least(4, 1) { Severity::Info } else { RULE.meta.severity };
    for (source, tag) in cx.templates().sources.tags("debug") {
        if is_asked(source, tag) {
            continue;
        }
        let span = Span::new(source.file, tag.head);
        let message = "`{% debug %}` writes out the whole context".to_owned();
        let finding =
            Finding::new(&RULE.meta, span.into(), "debug".to_owned(), message).severity(severity);
        out.report(finding).help("remove the tag").done();
    }
}

/// Whether a tag only counts where the context has `debug`, which Django sets for the developer's own
/// machine while `DEBUG` is on.
fn is_asked(source: &Source, tag: &Tag) -> bool {
    let conditions = source.tree.walk().filter_map(|node| node.tag());
    conditions.flat_map(|tag| &tag.branches).any(|branch| {
        let values = branch.condition.iter().flat_map(|condition| condition.values());
        let mut names = values.filter_map(|value| value.value.value.lookups().next());
        names.any(|name| name == "debug")
            && branch.nodes.iter().any(|node| node.span.contains_range(tag.head))
    })
}

use djsec_base::{Confidence, Severity};
use djsec_flow::{Flow, Kind};

use crate::flows::{source, weighed};
use crate::html::Html;
use crate::{Check, Cx, Findings, declare_rule};

declare_rule! {
    /// ## What it does
    /// Finds widgets of the project whose `render` writes the value of their field into HTML without
    /// escaping it, marked as safe or not: a form prints what a widget gives as it is.
    ///
    /// ## Why it matters
    /// A form shows again what was sent, and shows what is stored. A quote in it ends the attribute that it
    /// stands in, and a script after it runs with the session of whoever edits the row.
    ///
    /// ## Flagged
    /// ```python widgets.py
    /// from django import forms
    /// from django.utils.safestring import mark_safe
    ///
    ///
    /// class Preview(forms.Widget):
    ///     def render(self, name, value, attrs=None, renderer=None):
    ///         return mark_safe(f'<input name="{name}" value="{value}">')  # finding
    ///
    ///
    /// class Line(forms.TextInput):
    ///     def render(self, name, value, attrs=None, renderer=None):
    ///         return '<input name="%s" value="%s">' % (name, value)  # finding
    /// ```
    ///
    /// ## Not flagged
    /// What `format_html`, `flatatt` and Django's own widgets write, and widgets with a template:
    /// ```python widgets.py
    /// from django import forms
    /// from django.forms.utils import flatatt
    /// from django.utils.html import format_html
    /// from django.utils.safestring import mark_safe
    ///
    ///
    /// class Preview(forms.Widget):
    ///     def render(self, name, value, attrs=None, renderer=None):
    ///         final = self.build_attrs(attrs, {"name": name, "value": value})
    ///         return format_html("<input{}>", flatatt(final))
    ///
    ///
    /// class Marked(forms.TextInput):
    ///     def render(self, name, value, attrs=None, renderer=None):
    ///         html = super().render(name, value, attrs, renderer)
    ///         return mark_safe("<span>" + html + "</span>")
    ///
    ///
    /// class Map(forms.Textarea):
    ///     template_name = "widgets/map.html"
    /// ```
    ///
    /// ## How to fix
    /// Give the widget a template (`template_name`), or write its HTML as the format of `format_html`.
    ///
    /// ## Limits
    /// Looks at the value of the field: what else a widget writes is its author's.
    ///
    /// ## References
    /// - [Django: customizing widgets](https://docs.djangoproject.com/en/stable/ref/forms/widgets/#django.forms.Widget.render)
    RULE {
        id: "widget-render-unsafe",
        group: "injection",
        summary: "a widget writes its value into HTML without escaping it",
        severity: Medium,
        cwe: [79],
        owasp: ["2025:A05"],
        asvs: ["5.0:1.2.1"],
        checklist: ["output-escaped"],
        since: "next",
        checks: [Check::Flow(&[Kind::Html], check)],
    }
}

fn check(cx: &Cx<'_>, flow: &Flow, out: &mut Findings) {
    // The address of a file, and what unknown code makes of a value, may be harmless.
    if cx.html_of(flow) != Some(&Html::Widget) || flow.doubt > 0 {
        return;
    }
    let message =
        format!("{} becomes part of the HTML of a form without being escaped", source(flow));
    weighed(&RULE, flow, (Severity::Medium, Confidence::High), message, out)
        .help("give the widget a template, or write its HTML as the format of `format_html`")
        .done();
}

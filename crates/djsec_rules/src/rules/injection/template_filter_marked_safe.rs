use djsec_base::{Confidence, Severity};
use djsec_flow::{Flow, Kind};

use crate::flows::{source, weighed};
use crate::html::Html;
use crate::{Check, Cx, Findings, declare_rule};

declare_rule! {
    /// ## What it does
    /// Finds filters of templates that mark what they are handed as safe HTML without having escaped it.
    ///
    /// ## Why it matters
    /// A template escapes what people wrote, but not what a filter has marked. Who writes
    /// `{{ comment|shout }}` does not see that it is as dangerous as `{{ comment|safe }}`.
    ///
    /// ## Flagged
    /// ```python templatetags/shop.py
    /// from django import template
    /// from django.utils.safestring import mark_safe
    ///
    /// register = template.Library()
    ///
    ///
    /// @register.filter
    /// def shout(text):
    ///     return mark_safe("<b>" + text.upper() + "</b>")  # finding
    /// ```
    ///
    /// ## Not flagged
    /// Filters that escape, that leave it to Django, or that mark what holds no text:
    /// ```python templatetags/shop.py
    /// from django import template
    /// from django.utils.html import conditional_escape, format_html
    /// from django.utils.safestring import mark_safe
    ///
    /// register = template.Library()
    ///
    ///
    /// @register.filter
    /// def shout(text):
    ///     return format_html("<b>{}</b>", text.upper())
    ///
    ///
    /// @register.filter(is_safe=True)
    /// def first_word(text):
    ///     return text.split()[0]
    ///
    ///
    /// @register.filter
    /// def price(amount):
    ///     return mark_safe("<b>%.2f</b>" % amount)
    ///
    ///
    /// @register.filter(needs_autoescape=True)
    /// def initial(text, autoescape=True):
    ///     escape = conditional_escape if autoescape else str
    ///     return mark_safe("<b>%s</b>" % escape(text[0]))
    /// ```
    ///
    /// ## How to fix
    /// Write the HTML as the format of `format_html`. A filter that may be handed HTML passes it through
    /// `conditional_escape` first.
    ///
    /// ## Limits
    /// Which values templates hand over is not looked at: what is escaped by another filter before is
    /// reported, too. Attributes and items of what is handed over are not followed, as they need not be
    /// texts, nor is what tags are handed, as it often stands in the template.
    ///
    /// ## References
    /// - [Django: filters and auto-escaping](https://docs.djangoproject.com/en/stable/howto/custom-template-tags/#filters-and-auto-escaping)
    RULE {
        id: "template-filter-marked-safe",
        group: "injection",
        summary: "a filter of templates marks what it is handed as safe HTML",
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
    // What went through something unknown need not be a text any more: a date, a name of a table.
    if cx.html_of(flow) != Some(&Html::Filter) || flow.doubt > 0 {
        return;
    }
    let message =
        format!("{} becomes part of {}, whatever hands it to the filter", source(flow), flow.words);
    weighed(&RULE, flow, (Severity::Medium, Confidence::Medium), message, out)
        .help("write the HTML as the format of `format_html`, or escape the value with `conditional_escape`")
        .done();
}

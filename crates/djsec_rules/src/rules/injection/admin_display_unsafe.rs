use djsec_base::{Confidence, Severity, Span};
use djsec_flow::{Flow, Kind};
use djsec_python::QualifiedName;

use crate::flows::{source, weighed};
use crate::html::Html;
use crate::{Check, Cx, Findings, declare_rule};

declare_rule! {
    /// ## What it does
    /// Finds columns of admin lists, and fields that admin pages only show, that put what a row holds into
    /// HTML without escaping it: methods of the admin's class, methods and properties of the model.
    ///
    /// ## Why it matters
    /// A script in the row runs in the browser of whoever looks at the list. They are staff: it makes its
    /// author an administrator.
    ///
    /// ## Flagged
    /// ```python models.py
    /// from django.db import models
    ///
    ///
    /// class Ticket(models.Model):
    ///     subject = models.CharField(max_length=200)
    /// ```
    /// ```python admin.py
    /// from django.contrib import admin
    /// from django.utils.safestring import mark_safe
    ///
    /// from shop.models import Ticket
    ///
    ///
    /// @admin.register(Ticket)
    /// class TicketAdmin(admin.ModelAdmin):
    ///     list_display = ["bold_subject"]
    ///
    ///     def bold_subject(self, ticket):
    ///         return mark_safe(f"<b>{ticket.subject}</b>")  # finding
    /// ```
    ///
    /// ## Not flagged
    /// What `format_html` escapes, and what holds no text of people:
    /// ```python models.py
    /// from django.db import models
    ///
    ///
    /// class Ticket(models.Model):
    ///     subject = models.CharField(max_length=200)
    ///     weight = models.IntegerField()
    /// ```
    /// ```python admin.py
    /// from django.contrib import admin
    /// from django.utils.html import format_html
    /// from django.utils.safestring import mark_safe
    ///
    /// from shop.models import Ticket
    ///
    ///
    /// @admin.register(Ticket)
    /// class TicketAdmin(admin.ModelAdmin):
    ///     list_display = ["bold_subject", "bar"]
    ///
    ///     def bold_subject(self, ticket):
    ///         return format_html("<b>{}</b>", ticket.subject)
    ///
    ///     def bar(self, ticket):
    ///         return mark_safe(f"<meter value={ticket.weight}></meter>")
    /// ```
    ///
    /// ## How to fix
    /// Write the HTML as the format of `format_html` and pass what the row holds as its arguments.
    ///
    /// ## Limits
    /// The severity is high where a view of the project lets people who are not of the staff write such
    /// rows, and medium else: whoever may edit them in the admin is at least some staff. What functions
    /// outside of classes give as columns is not looked at.
    ///
    /// ## References
    /// - [Django: list_display](https://docs.djangoproject.com/en/stable/ref/contrib/admin/#django.contrib.admin.ModelAdmin.list_display)
    RULE {
        id: "admin-display-unsafe",
        group: "injection",
        summary: "the admin shows what a row holds as HTML",
        severity: High,
        cwe: [79],
        owasp: ["2025:A05"],
        asvs: ["5.0:1.2.1"],
        checklist: ["output-escaped", "admin-restricted"],
        since: "next",
        checks: [Check::Flow(&[Kind::Html], check)],
    }
}

fn check(cx: &Cx<'_>, flow: &Flow, out: &mut Findings) {
    let Some(Html::Column(model)) = cx.html_of(flow) else { return };
    let message = format!("{} becomes part of HTML that the admin shows", source(flow));
    let (weight, place) = weight(cx, flow, model);
    weighed(&RULE, flow, weight, message, out)
        .related(place, "people who are not of the staff write such rows here")
        .help("write the HTML as the format of `format_html` and pass the value as an argument")
        .done();
}

fn weight(
    cx: &Cx<'_>,
    flow: &Flow,
    model: &QualifiedName,
) -> ((Severity, Confidence), Option<Span>) {
    // What a row leads to is written elsewhere.
    let of_row = match flow.source.words.split_once('.') {
        Some((_, field)) => cx.models().field(model, field).is_some(),
        None => false,
    };
    let place = if of_row { cx.written_by_visitors(model) } else { None };
    let severity = if place.is_some() { Severity::High } else { Severity::Medium };
    let confidence = match (flow.doubt, place) {
        (0, Some(_)) => Confidence::High,
        (0, None) | (1, Some(_)) => Confidence::Medium,
        _ => Confidence::Low,
    };
    ((severity, confidence), place)
}

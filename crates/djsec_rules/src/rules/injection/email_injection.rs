use djsec_flow::{Flow, Kind};

use super::report::report;
use crate::{Check, Cx, Findings, declare_rule};

declare_rule! {
    /// ## What it does
    /// Finds data of a request that becomes part of the HTML of a mail (`html_message`,
    /// `attach_alternative`) without having been escaped, or of a whole message that goes to `smtplib`.
    ///
    /// ## Why it matters
    /// The mail comes from your domain, and says what somebody else wrote: links and forms that look like
    /// yours. A message that is put together by hand takes further recipients and headers as well.
    ///
    /// ## Flagged
    /// ```python views.py
    /// from django.core.mail import send_mail
    /// from django.http import JsonResponse
    ///
    ///
    /// def invite(request):
    ///     html = f"<p>{request.POST['text']}</p>"
    ///     send_mail("Join us", "", None, ["a@example.com"], html_message=html)  # finding
    ///     return JsonResponse({})
    /// ```
    ///
    /// ## Not flagged
    /// A rendered template, an escaped text, and the text of the mail, which is no HTML:
    /// ```python views.py
    /// from django.core.mail import send_mail
    /// from django.http import JsonResponse
    /// from django.template.loader import render_to_string
    ///
    ///
    /// def invite(request):
    ///     text = request.POST["text"]
    ///     html = render_to_string("invite.html", {"text": text})
    ///     send_mail("Join us", text, None, ["a@example.com"], html_message=html)
    ///     return JsonResponse({})
    /// ```
    ///
    /// ## How to fix
    /// Render the HTML from a template, which escapes what is put in, or pass the values through
    /// `format_html`.
    ///
    /// ## Limits
    /// Subjects and addresses are not counted: Django refuses line breaks in them. That a view sends mail
    /// to an address of the request is not reported. An `EmailMessage` with `content_subtype = "html"` is
    /// not looked at.
    ///
    /// ## References
    /// - [Django: preventing header injection](https://docs.djangoproject.com/en/stable/topics/email/#preventing-header-injection)
    RULE {
        id: "email-injection",
        group: "injection",
        summary: "data of a request becomes part of the HTML of a mail",
        severity: Medium,
        cwe: [74, 93],
        owasp: ["2025:A05"],
        asvs: ["5.0:1.3.11"],
        checklist: ["no-header-or-mail-injection"],
        since: "next",
        checks: [Check::Flow(&[Kind::Mail], check)],
    }
}

fn check(_cx: &Cx<'_>, flow: &Flow, out: &mut Findings) {
    report(&RULE, flow, "becomes part of", out)
        .help("render the HTML from a template, or escape the value")
        .done();
}

use djsec_base::{Confidence, Finding, Span};
use djsec_templates::page::Form;

use crate::network::host_of;
use crate::{Check, Cx, Findings, declare_rule};

declare_rule! {
    /// ## What it does
    /// Finds `{% csrf_token %}` in forms that are sent to another site, in forms that are sent with `GET`, and in parts of
    /// pages that are cached.
    ///
    /// ## Why it matters
    /// Who has a visitor's token can send forms in their name. Another site gets it with the form; with `GET` it stands in
    /// the address, and so in the browser's history, in logs and in the `Referer` header. A cached part hands the token of
    /// one visitor to all others, whose forms are then refused.
    ///
    /// ## Flagged
    /// ```html templates/pay.html
    /// <form method="post" action="https://pay.example.net/checkout">
    ///   {% csrf_token %} {# finding #}
    /// </form>
    /// <form method="get" action="/search/">
    ///   {% csrf_token %} {# finding #}
    /// </form>
    /// ```
    /// ```html templates/side.html
    /// {% load cache %}
    /// {% cache 500 sidebar %}
    ///   <form method="post">
    ///     {% csrf_token %} {# finding #}
    ///   </form>
    /// {% endcache %}
    /// ```
    ///
    /// ## Not flagged
    /// Sites of the project itself are none of these:
    /// ```html templates/pay.html
    /// <form method="post" action="https://www.shop.example/checkout">{% csrf_token %}</form>
    /// <form method="post">{% csrf_token %}</form>
    /// <form hx-post="/order/">{% csrf_token %}</form>
    /// ```
    /// ```python settings.py
    /// ALLOWED_HOSTS = [".shop.example"]
    /// ```
    ///
    /// ## How to fix
    /// Leave the token out of forms that go elsewhere and of forms with `GET`. Keep forms out of what is cached.
    ///
    /// ## References
    /// - [Django: how to use its CSRF protection](https://docs.djangoproject.com/en/stable/howto/csrf/)
    RULE {
        id: "csrf-token-leak",
        group: "csrf",
        summary: "the token against forged requests is given away",
        severity: Medium,
        cwe: [352, 201],
        owasp: ["2025:A01"],
        asvs: ["5.0:3.5.1"],
        checklist: ["csrf-in-forms"],
        since: "next",
        checks: [Check::Project(check)],
    }
}

fn check(cx: &Cx<'_>, out: &mut Findings) {
    for (_, form) in cx.templates().forms() {
        let Some(token) = form.token else { continue };
        let Some((message, help, confidence)) = leak(cx, form) else { continue };
        report(token, message, help, confidence, out);
    }
}

fn report(token: Span, message: String, help: &str, confidence: Confidence, out: &mut Findings) {
    let subject = message.clone();
    let finding = Finding::new(&RULE.meta, token.into(), subject, message).confidence(confidence);
    out.report(finding).help(help).done();
}

/// To whom a form gives its token away.
fn leak(cx: &Cx<'_>, form: &Form) -> Option<(String, &'static str, Confidence)> {
    if let Some(address) = form.elsewhere() {
        let host = host_of(address);
        if cx.is_own_host(host) {
            return None;
        }
        let message = format!("the form sends this site's CSRF token to {host}");
        return Some((message, "leave the token out of this form", Confidence::High));
    }
    if form.cached {
        let message = "a cached part of a page holds the CSRF token of the visitor it was made for";
        return Some((message.to_owned(), "keep the form out of what is cached", Confidence::High));
    }
    if form.method()? != "get" {
        return None;
    }
    // Without a method it may well be a script that sends it.
    let said = form.tag.attribute("method").is_some();
    let scripted = form.tag.attributes.iter().any(|attribute| is_of_script(&attribute.name));
    let confidence = match (said, scripted) {
        (true, false) => Confidence::High,
        (false, false) => Confidence::Low,
        (_, true) => return None,
    };
    let message = "the form puts the CSRF token into the address, and so into logs and history";
    Some((message.to_owned(), "leave the token out: `GET` needs none", confidence))
}

/// Whether an attribute hands a form to a script.
fn is_of_script(name: &str) -> bool {
    name.starts_with("on") || name.contains(['@', ':', '-'])
}

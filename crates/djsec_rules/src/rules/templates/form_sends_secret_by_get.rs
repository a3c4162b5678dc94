use djsec_base::{Confidence, Finding};
use djsec_templates::page::{Element, Form};

use crate::{Check, Cx, Findings, declare_rule};

/// Names of fields that hold a secret, whatever their type.
const SECRETS: [&str; 18] = [
    "access_token",
    "api_key",
    "apikey",
    "card_number",
    "client_secret",
    "credit_card",
    "cvc",
    "cvv",
    "new_password",
    "old_password",
    "passphrase",
    "passwd",
    "password",
    "password1",
    "password2",
    "private_key",
    "secret_key",
    "ssn",
];

declare_rule! {
    /// ## What it does
    /// Finds forms that are sent with `GET` and have a field for a password or another secret. Forms without a method are
    /// sent so, and those with one that browsers do not know (`put`).
    ///
    /// ## Why it matters
    /// What such a form holds becomes part of the address. The secret then stands in the browser's history, in the logs of
    /// the server and of every proxy on the way, and in what a visitor copies to a colleague.
    ///
    /// ## Flagged
    /// ```html templates/login.html
    /// <form method="get" action="/login/">
    ///   <input name="user">
    ///   <input name="pass" type="password"> {# finding #}
    /// </form>
    /// <form method="get" action="/report/">
    ///   <input type="hidden" name="api_key" value="{{ key }}"> {# finding #}
    /// </form>
    /// ```
    ///
    /// ## Not flagged
    /// ```html templates/login.html
    /// <form method="post"><input name="pass" type="password"></form>
    /// <form method="get"><input name="q"><input name="page_token" type="hidden"></form>
    /// <form method="get"><input type="checkbox" name="password" value="expired"></form>
    /// <form hx-post="/login/"><input name="pass" type="password"></form>
    /// <form onsubmit="return send(this)"><input name="pass" type="password"></form>
    /// <form><input name="pass" type="password"><button formmethod="post">Log in</button></form>
    /// ```
    ///
    /// ## How to fix
    /// Write `method="post"`, with `{% csrf_token %}`.
    ///
    /// ## Limits
    /// A form without a method may be sent by a script: it is reported with less confidence, most of all where it has no
    /// `action` either, or the token against forged requests, which only `POST` needs. Fields that `{{ form }}` writes are not known. Tokens against forged requests in such forms are what
    /// `csrf-token-leak` reports.
    ///
    /// ## References
    /// - [OWASP ASVS 5.0, V14.2.1](https://github.com/OWASP/ASVS)
    /// - [Django: `GET` and `POST` in forms](https://docs.djangoproject.com/en/stable/topics/forms/#get-and-post)
    RULE {
        id: "form-sends-secret-by-get",
        group: "templates",
        summary: "a form puts a secret into the address",
        severity: Medium,
        cwe: [598],
        owasp: ["2025:A06"],
        asvs: ["5.0:14.2.1"],
        checklist: ["logs-free-of-secrets"],
        since: "next",
        checks: [Check::Project(check)],
    }
}

fn check(cx: &Cx<'_>, out: &mut Findings) {
    for (_, form) in cx.templates().forms() {
        // What browsers do not know they send with `GET`, too.
        let Some(method) = form.method() else { continue };
        if matches!(method.as_str(), "post" | "dialog") || is_sent_otherwise(form) {
            continue;
        }
        let confidence = match (form.tag.attribute("method"), form.action()) {
            (Some(_), _) if method == "get" => Confidence::High,
            // Who puts the token in means `POST`, and would have seen that the form does nothing: a script sends it.
            (None, _) if form.token.is_some() => Confidence::Low,
            (Some(_), _) | (None, Some(_)) => Confidence::Medium,
            (None, None) => Confidence::Low,
        };
        let Some((control, what)) = form.controls.iter().find_map(|one| Some((one, secret(one)?)))
        else {
            continue;
        };
        let message =
            format!("the form puts {what} into the address, and so into logs and history");
        let finding = Finding::new(&RULE.meta, control.span.into(), what, message)
            .confidence(confidence)
            .related(form.tag.span.into(), "the form is sent with `GET`");
        out.report(finding).help("write `method=\"post\"`, with `{% csrf_token %}`").done();
    }
}

/// Whether a script sends the form, or a button with another method.
fn is_sent_otherwise(form: &Form) -> bool {
    let of_script = |name: &str| {
        name.starts_with("on")
            || name.contains(['@', ':'])
            || name.contains("hx-")
            || name.starts_with("ng-")
    };
    let posts = |control: &Element| {
        control.text("formmethod").is_some_and(|method| method.trim().eq_ignore_ascii_case("post"))
    };
    !form.senders.is_empty()
        || form.tag.attributes.iter().any(|attribute| of_script(&attribute.name))
        || form
            .tag
            .attribute("action")
            .is_some_and(|action| action.prefix().trim().starts_with("javascript:"))
        || form.controls.iter().any(posts)
}

/// The secret that a control holds.
fn secret(control: &Element) -> Option<String> {
    let kind = control.text("type").unwrap_or_default().trim().to_ascii_lowercase();
    if matches!(&*control.name, "button" | "select") {
        return None;
    }
    if kind == "password" {
        return Some("a password".to_owned());
    }
    if matches!(
        kind.as_str(),
        "checkbox" | "radio" | "submit" | "button" | "reset" | "image" | "file"
    ) {
        return None;
    }
    let name = control.text("name")?;
    let plain = name.trim().to_ascii_lowercase().replace('-', "_");
    SECRETS.contains(&plain.as_str()).then(|| format!("`{name}`"))
}
